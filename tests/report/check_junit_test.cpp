#include "report/check_junit.hpp"
#include "report/sample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ordain::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(CheckJunit, ACaseForEachMigration) {
    Sample sample;
    sample.judgement(3).applies.verdict = Verdict::unknown;
    sample.judgement(3).applies.message = "a condition on \"rows\"";
    sample.report(2, "nickname", Severity::error, "m");
    sample.report(2, "ALTER", Severity::error, "second").rule = "syntax-error";
    sample.report(1, "accounts", Severity::warning, "w");
    EXPECT_EQ(check_junit(sample.take()), R"xml(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ordain" tests="3" failures="1" errors="0" skipped="1">
  <testsuite name="m" tests="3" failures="1" errors="0" skipped="1">
    <testcase classname="m" name="0001_accounts" file="m/0001_accounts.up.sql">
      <system-out>warning[drop-column]: w
  --&gt; m/0001_accounts.up.sql:1:14
   |
 1 | CREATE TABLE accounts (
   |              ^^^^^^^^
</system-out>
    </testcase>
    <testcase classname="m" name="0002_drop" file="m/0002_drop.up.sql">
      <failure type="syntax-error" message="second (and 1 more)">error[syntax-error]: second
  --&gt; m/0002_drop.up.sql:1:1
   |
 1 | ALTER TABLE accounts DROP COLUMN nickname;
   | ^^^^^

error[drop-column]: m
  --&gt; m/0002_drop.up.sql:1:34
   |
 1 | ALTER TABLE accounts DROP COLUMN nickname;
   |                                  ^^^^^^^^
</failure>
    </testcase>
    <testcase classname="m" name="0003_do" file="m/0003_do.up.sql">
      <skipped message="whether it applies is unknown: a condition on &quot;rows&quot;"/>
    </testcase>
  </testsuite>
</testsuites>
)xml");
}

TEST(CheckJunit, TheThresholdDecidesWhatFails) {
    Sample sample;
    sample.report(1, "accounts", Severity::warning, "w");
    EXPECT_THAT(check_junit(sample.take(Severity::warning)),
                HasSubstr(R"(<failure type="drop-column" message="w">warning[drop-column]: w)"));
}

TEST(CheckJunit, AnUnknownThatFailsIsAFailure) {
    Sample sample;
    sample.judgement(3).applies.verdict = Verdict::unknown;
    sample.report(3, "DO", Severity::error, "m");
    EXPECT_THAT(check_junit(sample.take()), Not(HasSubstr("<skipped")));
}

TEST(CheckJunit, WhatBelongsToNoMigrationIsOfTheFolder) {
    Sample sample;
    sample.checked.selected = {2};
    sample.checked.plan.notes.push_back(
        {.severity = LayoutNote::Severity::error, .path = "m/x.sql", .message = "left out"});
    sample.report(1, "accounts", Severity::note, "n");
    EXPECT_THAT(check_junit(sample.take()), HasSubstr(R"(
  <testsuite name="m" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="m" name="migration folder" file="m">
      <failure type="layout" message="left out">error[layout]: left out
  --&gt; m/x.sql
</failure>
      <system-out>note[drop-column]: n
)"));
}

TEST(CheckJunit, WhatXmlCannotHoldIsEscaped) {
    Sample sample;
    sample.report(2, "nickname", Severity::error, "<a> & \"b\"\n\tc\r\x01\x7f\xff\uFFFE\U0001F600");
    const std::string written = check_junit(sample.take());
    EXPECT_THAT(written,
                HasSubstr("message=\"&lt;a&gt; &amp; &quot;b&quot;&#10;&#9;c\\x0d\\x01\\x7f\\xff"
                          "\\u{fffe}\U0001F600\">"));
    EXPECT_THAT(written, HasSubstr("]: &lt;a&gt; &amp; &quot;b&quot;\n    &#9;c\\x0d\\x01"));
}

TEST(CheckJunit, PlacesCountCodePoints) {
    Sample sample;
    sample.add("0004_wide", "\xEF\xBB\xBFSELECT 1;\r\n\tSELECT 'ä\U0001F600', x;\r\n", {});
    sample.report(4, "x", Severity::error, "m");
    EXPECT_THAT(check_junit(sample.take()), HasSubstr("  --&gt; m/0004_wide.up.sql:2:15\n"
                                                      "   |\n"
                                                      " 2 |     SELECT 'ä\U0001F600', x;\n"
                                                      "   |                   ^\n</failure>"));
}

TEST(CheckJunit, NoCasesOfAHistory) {
    Sample sample;
    sample.report(2, "nickname", Severity::error, "m");
    sample.checked.scope = Scope::nothing_new;
    EXPECT_EQ(check_junit(sample.take()), R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="ordain" tests="0" failures="0" errors="0" skipped="0">
  <testsuite name="m" tests="0" failures="0" errors="0" skipped="0">
  </testsuite>
</testsuites>
)");
}

} // namespace
} // namespace ordain::report
