#include "report/check_text.hpp"
#include "report/sample.hpp"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordain::report {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST(CheckText, CleanPlanIsOneLine) {
    Sample sample;
    EXPECT_EQ(check_text(sample.take(), Color::off),
              "no findings in 3 migrations (sqlx, PostgreSQL 15); 3 replayed, nothing assumed\n");
}

TEST(CheckText, WhatIsAllowedIsCounted) {
    Sample sample;
    sample.checked.result.allowed = 2;
    EXPECT_EQ(check_text(sample.take(), Color::off),
              "no findings (2 allowed) in 3 migrations (sqlx, PostgreSQL 15); 3 replayed, nothing "
              "assumed\n");
    Sample with_finding;
    with_finding.checked.result.allowed = 1;
    with_finding.report(2, "nickname", Severity::error, "lost");
    EXPECT_THAT(check_text(with_finding.take(), Color::off),
                EndsWith("\n1 error, 1 allowed in 1 of 3 migrations (sqlx, PostgreSQL 15); 3 "
                         "replayed, nothing assumed\n"));
}

TEST(CheckText, OffersNoAllowanceOfRulesAboutAllowances) {
    Sample sample;
    sample.report(2, "nickname", Severity::warning, "hides nothing").rule = "unused-allowance";
    EXPECT_THAT(check_text(sample.take(), Color::off),
                testing::Not(HasSubstr("To accept a finding")));
}

TEST(CheckText, FindingWithNoteAndInstead) {
    Sample sample;
    Finding& finding =
        sample.report(2, "nickname", Severity::error, "dropping \"nickname\" loses it");
    finding.notes.push_back(
        {.message = "made here",
         .where = sample.find(sample.checked.plan.migrations[0].up, "nickname text")});
    finding.notes.push_back({.message = "it takes an ACCESS EXCLUSIVE lock", .where = {}});
    finding.instead = "first ship code that does not read it;\nthen drop it";
    EXPECT_EQ(check_text(sample.take(), Color::off),
              R"(error[drop-column]: dropping "nickname" loses it
  --> m/0002_drop.up.sql:1:34
   |
 1 | ALTER TABLE accounts DROP COLUMN nickname;
   |                                  ^^^^^^^^
note: made here
  --> m/0001_accounts.up.sql:3:5
   |
 3 |     nickname text
   |     ^^^^^^^^^^^^^
note: it takes an ACCESS EXCLUSIVE lock
help: first ship code that does not read it;
      then drop it

To accept a finding, say why in a line above its statement; `ordain explain RULE` tells more:
    -- ordain:allow drop-column: <reason>

1 error in 1 of 3 migrations (sqlx, PostgreSQL 15); 3 replayed, nothing assumed
)");
}

TEST(CheckText, FindingsStandInThePlansOrderAndTheLegendOnce) {
    Sample sample;
    sample.report(3, "DO", Severity::note, "third");
    sample.report(1, "nickname", Severity::warning, "second");
    sample.report(1, "accounts", Severity::error, "first");
    const std::string text = check_text(sample.take(), Color::off);
    EXPECT_LT(text.find("error[drop-column]: first"), text.find("warning[drop-column]: second"));
    EXPECT_LT(text.find("warning[drop-column]: second"), text.find("note[drop-column]: third"));
    EXPECT_EQ(text.find("ordain:allow"), text.rfind("ordain:allow"));
    EXPECT_THAT(text, EndsWith("1 error, 1 warning, 1 note in 2 of 3 migrations (sqlx, PostgreSQL "
                               "15); 3 replayed, nothing assumed\n"));
}

TEST(CheckText, UnknownVerdictsStandOutWithTheirReason) {
    Sample sample;
    Answer& applies = sample.judgement(3).applies;
    applies.verdict = Verdict::unknown;
    applies.message = "the DO block is not interpreted";
    applies.where = sample.find(sample.checked.plan.migrations[2].up, "DO");
    sample.judgement(3).rerun.answer.verdict = Verdict::unknown;
    sample.judgement(2).rerun.answer.verdict = Verdict::unknown;
    sample.judgement(1).applies.verdict = Verdict::no;
    sample.judgement(1).rollback.verdict = RollbackVerdict::unknown;
    EXPECT_EQ(check_text(sample.take(), Color::off), R"(unknown: whether this migration applies
  --> m/0003_do.up.sql:1:1
      the DO block is not interpreted

unknown: what a second run does of 1 migration; `ordain inspect` says why

no findings in 3 migrations (sqlx, PostgreSQL 15); 3 replayed, 1 unknown, nothing assumed
)");
}

TEST(CheckText, WhatWasAssumedIsListed) {
    Sample sample;
    for (int i = 10; i < 22; ++i) {
        sample.checked.result.judged.assumed.push_back("role \"r" + std::to_string(i) + "\"");
    }
    EXPECT_EQ(
        check_text(sample.take(), Color::off),
        R"(assumed to exist before the first migration: role "r10", role "r11", role "r12", role "r13", role "r14", role "r15", role "r16", role "r17", role "r18", role "r19" and 2 more

no findings in 3 migrations (sqlx, PostgreSQL 15); 3 replayed, 12 objects assumed
)");
}

TEST(CheckText, LayoutErrorIsAFinding) {
    Sample sample;
    sample.checked.plan.notes.push_back({.severity = LayoutNote::Severity::error,
                                         .path = "m/0001_again.up.sql",
                                         .message = "version 0001 is used twice"});
    const CheckReport report = sample.take();
    EXPECT_TRUE(fails(report));
    EXPECT_EQ(check_text(report, Color::off), R"(error[layout]: version 0001 is used twice
  --> m/0001_again.up.sql

1 error in 3 migrations (sqlx, PostgreSQL 15); 3 replayed, nothing assumed
)");
}

TEST(CheckText, WhatTheLayoutSaysOfSeveralFilesIsSaidOnce) {
    Sample sample;
    for (int i = 10; i < 22; ++i) {
        sample.checked.plan.notes.push_back({.severity = LayoutNote::Severity::note,
                                             .path = "m/" + std::to_string(i) + ".txt",
                                             .message = "left out"});
    }
    sample.checked.plan.notes.push_back(
        {.severity = LayoutNote::Severity::warning, .path = "m/x", .message = "left out"});
    EXPECT_EQ(check_text(sample.take(), Color::off), R"(note[layout]: left out
  --> m/10.txt
  --> m/11.txt
  --> m/12.txt
  --> m/13.txt
  --> m/14.txt
  --> m/15.txt
  --> m/16.txt
  --> m/17.txt
  --> m/18.txt
  --> m/19.txt
      and 2 more

warning[layout]: left out
  --> m/x

1 warning, 12 notes in 3 migrations (sqlx, PostgreSQL 15); 3 replayed, nothing assumed
)");
}

TEST(CheckText, SelectedMigrationsAreCounted) {
    Sample sample;
    sample.checked.selected = {1};
    sample.report(2, "nickname", Severity::error, "x");
    EXPECT_THAT(check_text(sample.take(), Color::off),
                EndsWith("1 error in 1 of 1 migration (sqlx, PostgreSQL 15); 3 replayed, nothing "
                         "assumed\n"));
}

TEST(CheckText, SeveralPlansAreToldApart) {
    Sample sample;
    CheckReport report = sample.take();
    CheckedPlan& other = report.plans.emplace_back();
    other.plan.layout = "plain";
    other.plan.root = "other";
    EXPECT_EQ(check_text(report, Color::off),
              "m: no findings in 3 migrations (sqlx, PostgreSQL 15); 3 replayed, nothing assumed\n"
              "other: no findings in 0 migrations (plain, PostgreSQL 15); 0 replayed, nothing "
              "assumed\n");
}

TEST(CheckText, NothingFromAFileReachesTheTerminalRaw) {
    Sample sample;
    Finding& finding = sample.report(1, "id", Severity::error, "a \x1b[2J b");
    finding.notes.push_back({.message = "c \x1b]0;d", .where = {}});
    finding.instead = "e \r f";
    sample.checked.result.judged.assumed = {"g \x07"};
    sample.checked.plan.root = "\x1b";
    const std::string text = check_text(sample.take(), Color::off);
    for (const char character : text) {
        EXPECT_TRUE(character == '\n' || static_cast<unsigned char>(character) >= 0x20) << text;
    }
    EXPECT_THAT(text, HasSubstr("a \\x1b[2J b"));
}

struct ThresholdCase {
    Severity found;
    Severity fail_on;
    bool fails;
};

TEST(CheckReport, ThresholdDecides) {
    const auto cases = std::to_array<ThresholdCase>({
        {.found = Severity::error, .fail_on = Severity::error, .fails = true},
        {.found = Severity::warning, .fail_on = Severity::error, .fails = false},
        {.found = Severity::warning, .fail_on = Severity::warning, .fails = true},
        {.found = Severity::note, .fail_on = Severity::warning, .fails = false},
        {.found = Severity::note, .fail_on = Severity::note, .fails = true},
    });
    for (const ThresholdCase& expected : cases) {
        SCOPED_TRACE(std::string(name_of(expected.found)) + " at " +
                     std::string(name_of(expected.fail_on)));
        Sample sample;
        sample.report(1, "id", expected.found, "x");
        EXPECT_EQ(fails(sample.take(expected.fail_on)), expected.fails);
    }
}

} // namespace
} // namespace ordain::report
