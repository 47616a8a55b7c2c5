// What verdicts and findings of whole plans come to.

#include "assess/assess.hpp"
#include "layout/layout.hpp"
#include "layout/temp_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

namespace ordain::assess {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Migrations of a folder that sqlx would run; the first `applied` of them have run.
class Assessed {
public:
    explicit Assessed(const std::map<std::string, std::string>& files, std::size_t applied = 0) {
        for (const auto& [name, text] : files)
            folder_.write("m/" + name, text);
        Result<Plan> plan =
            layout::read_plan(folder_ / "m", sources_, {.layout = std::string("sqlx")});
        if (!plan) {
            ADD_FAILURE() << plan.error().message;
            return;
        }
        plan_ = std::move(*plan);
        if (applied > 0)
            plan_.base = Base{.name = "main", .commit = {}, .reason = {}, .rewrites = {}};
        for (std::size_t index = 0; index < plan_.migrations.size(); ++index) {
            plan_.migrations[index].applied = index < applied;
            if (index >= applied) selected_.push_back(index);
        }
        result_ = lint::lint(sources_, plan_, settings, selected_, all_rules());
        made = assess({.sources = sources_,
                       .settings = settings,
                       .plan = plan_,
                       .selected = selected_,
                       .result = result_});
    }

    /// "name: fulfilment (evidence)" of each criterion.
    [[nodiscard]] std::vector<std::string> criteria() const {
        std::vector<std::string> lines;
        lines.reserve(made.criteria.size());
        for (const Criterion& each : made.criteria)
            lines.push_back(
                fmt::format("{}: {} ({})", each.name, name_of(each.fulfilment), each.evidence));
        return lines;
    }

    Settings settings;
    Assessment made;

private:
    layout::TempFolder folder_;
    SourceSet sources_;
    Plan plan_;
    std::vector<std::size_t> selected_;
    lint::LintResult result_;
};

std::vector<std::string> texts(const std::vector<Remark>& remarks) {
    std::vector<std::string> lines;
    lines.reserve(remarks.size());
    for (const Remark& remark : remarks)
        lines.push_back(fmt::format("{}: {}", remark.migration, remark.text));
    return lines;
}

const std::string accounts = "CREATE TABLE accounts (id bigint PRIMARY KEY, email text);";

TEST(Assess, HarmlessMigrationIsGo) {
    const Assessed plan(
        {{"1_a.up.sql", accounts},
         {"1_a.down.sql", "DROP TABLE accounts;"},
         {"2_b.up.sql", "-- Purpose: a name\nALTER TABLE accounts ADD COLUMN name text;"},
         {"2_b.down.sql", "ALTER TABLE accounts DROP COLUMN name;"}},
        1);
    EXPECT_EQ(plan.made.decision, Decision::go);
    EXPECT_THAT(plan.criteria(),
                ElementsAre("Every migration applies in its order: met (1 of 1 migration)",
                            "Nothing is found that is an error: met (0 errors)",
                            "Production's data stays: met (nothing is dropped or removed that "
                            "holds data)",
                            "The way back restores what was there: met (1 of 1 migration)",
                            "A migration that fails half-way can be run again: met (1 of 1 "
                            "migration)"));
    ASSERT_EQ(plan.made.migrations.size(), 1U);
    EXPECT_EQ(plan.made.migrations[0].purpose, "a name");
    EXPECT_THAT(plan.made.migrations[0].changes, ElementsAre("creates 1 column: accounts.name"));
    EXPECT_EQ(plan.made.migrations[0].statements, 1U);
}

TEST(Assess, DroppedColumnIsNoGo) {
    const Assessed plan(
        {{"1_a.sql", accounts}, {"2_b.sql", "ALTER TABLE accounts DROP COLUMN email;"}}, 1);
    EXPECT_EQ(plan.made.decision, Decision::no_go);
    EXPECT_THAT(texts(plan.made.destroyed),
                ElementsAre("2: column \"email\" of table \"public.accounts\", with its data"));
    EXPECT_EQ(plan.made.migrations.at(0).risk, Risk::high);
    ASSERT_EQ(plan.made.waits.size(), 1U);
    EXPECT_EQ(plan.made.waits[0].lock.relation, "public.accounts");
}

TEST(Assess, WhatTheDeploymentItselfMadeIsNoLoss) {
    const Assessed plan({{"1_a.sql", accounts},
                         {"2_b.sql", "CREATE TABLE drafts (id bigint PRIMARY KEY);"},
                         {"3_c.sql", "DROP TABLE drafts;"}},
                        1);
    EXPECT_THAT(texts(plan.made.destroyed), IsEmpty());
    EXPECT_THAT(plan.made.waits, IsEmpty());
}

TEST(Assess, RenamedAndRecreatedColumnsAreToldApart) {
    const Assessed plan(
        {{"1_a.sql", "CREATE TABLE a (id bigint PRIMARY KEY, email text, kind text);"},
         {"2_b.sql", "ALTER TABLE a RENAME COLUMN email TO mail;\n"
                     "ALTER TABLE a DROP COLUMN kind;\n"
                     "ALTER TABLE a ADD COLUMN kind int;"}},
        1);
    ASSERT_EQ(plan.made.migrations.size(), 1U);
    EXPECT_THAT(plan.made.migrations[0].changes,
                ElementsAre("renames 1 column: a.email to a.mail",
                            "drops and makes anew 1 column: a.kind"));
    EXPECT_THAT(texts(plan.made.destroyed),
                ElementsAre("2: column \"kind\" of table \"public.a\", with its data"));
}

TEST(Assess, WhatBelongsToARenamedTableIsTheSame) {
    const Assessed plan(
        {{"1_a.sql", "CREATE TABLE accounts (id bigint, email text);"},
         {"2_b.sql", "ALTER TABLE accounts RENAME TO users; ALTER TABLE users ADD COLUMN a int;"}},
        1);
    ASSERT_EQ(plan.made.migrations.size(), 1U);
    EXPECT_THAT(plan.made.migrations[0].changes,
                ElementsAre("creates 1 column: users.a", "renames 1 table: accounts to users"));
    EXPECT_THAT(plan.made.destroyed, IsEmpty());
}

TEST(Assess, WhatChangesInATableThatChangesIsToldToo) {
    const Assessed plan({{"1_a.sql", accounts + "CREATE POLICY p ON accounts USING (true);"},
                         {"2_b.sql", "ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;\n"
                                     "DROP POLICY p ON accounts;\n"
                                     "CREATE POLICY p ON accounts USING (id > 0);"}},
                        1);
    ASSERT_EQ(plan.made.migrations.size(), 1U);
    EXPECT_THAT(plan.made.migrations[0].changes,
                ElementsAre("changes 1 table: accounts", "changes 1 policy: accounts.p"));
}

TEST(Assess, ASecondRunIsHarmlessToSchemaAndRowsOrIsNot) {
    const auto second_run = [](const std::string& script) {
        const Assessed plan({{"1_a.sql", accounts}, {"2_b.sql", script}}, 1);
        const Answer& answer = plan.made.migrations.at(0).second_run;
        return fmt::format("{}: {}", name_of(answer.verdict), answer.message);
    };
    EXPECT_EQ(second_run("ALTER TABLE accounts ADD COLUMN IF NOT EXISTS a int;"), "yes: ");
    EXPECT_EQ(second_run("ALTER TABLE accounts DROP COLUMN IF EXISTS email;\n"
                         "ALTER TABLE accounts ADD COLUMN email int;"),
              "no: it raises no error, and destroys what column \"email\" of table "
              "\"public.accounts\" holds by then");
    EXPECT_EQ(second_run("DROP TABLE IF EXISTS b, c;\n"
                         "CREATE TABLE b (id bigint PRIMARY KEY);\n"
                         "CREATE TABLE c (id bigint PRIMARY KEY);"),
              "no: it raises no error, and destroys what table \"public.b\" and 1 more hold by "
              "then");
    EXPECT_EQ(second_run("CREATE TABLE IF NOT EXISTS log (entry text); INSERT INTO log VALUES "
                         "('x');"),
              "no: it raises no error, and changes rows once more");
    EXPECT_EQ(second_run("UPDATE accounts SET email = lower(email);"),
              "unknown: it raises no error; what it does to rows is not known");
}

TEST(Assess, ABlockerSaysWhatGoesWithIt) {
    const Assessed plan({{"1_a.sql", accounts + "CREATE VIEW v AS SELECT email FROM accounts;"},
                         {"2_b.sql", "ALTER TABLE accounts DROP COLUMN email CASCADE;"}},
                        1);
    ASSERT_EQ(plan.made.blockers.size(), 1U);
    const std::vector<FindingNote>& notes = plan.made.blockers[0].notes;
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_EQ(notes[0].message, "view \"v\" goes with it");
    EXPECT_TRUE(notes[0].where);
}

TEST(Assess, UnknownIsUndecided) {
    const Assessed plan(
        {{"1_a.sql", accounts}, {"2_b.sql", "SECURITY LABEL ON TABLE accounts IS 'x';"}}, 1);
    EXPECT_EQ(plan.made.decision, Decision::undecided);
    EXPECT_EQ(plan.made.migrations.at(0).risk, Risk::unknown);
    EXPECT_FALSE(plan.made.migrations.at(0).changes_known);
    ASSERT_EQ(plan.made.unknowns.size(), 1U);
    EXPECT_EQ(plan.made.unknowns[0].text,
              "whether it applies: SECURITY LABEL is not modelled (statement 1)");
}

TEST(Assess, RollbackIsSaidInWords) {
    const Assessed plan({{"1_a.up.sql", accounts},
                         {"1_a.down.sql", "DROP TABLE accounts;"},
                         {"2_b.up.sql", "CREATE TYPE mood AS ENUM ('x'); CREATE TABLE moods (id "
                                        "bigint PRIMARY KEY, m mood);"},
                         {"2_b.down.sql", "DROP TABLE moods;"},
                         {"3_c.up.sql", "CREATE TABLE c (id bigint PRIMARY KEY);"},
                         {"3_c.down.sql", "DROP TABLE nosuch;"}},
                        1);
    EXPECT_THAT(texts(plan.made.undo),
                ElementsAre("2: leaves behind enum \"public.mood\"",
                            "3: fails at statement 1: table \"nosuch\" does not exist"));
    EXPECT_EQ(plan.made.decision, Decision::no_go);
    EXPECT_THAT(plan.made.undo_commands,
                ElementsAre(testing::StartsWith("sqlx migrate revert --source ")));
}

TEST(Assess, LockIsHeldToTheEndOfItsTransaction) {
    const std::string change = "ALTER TABLE accounts ADD COLUMN a text;\nSELECT 1;\nSELECT 2;";
    const Assessed wrapped({{"1_a.sql", accounts}, {"2_b.sql", change}}, 1);
    ASSERT_EQ(wrapped.made.waits.size(), 1U);
    EXPECT_EQ(wrapped.made.waits[0].lock.statement, 1U);
    EXPECT_EQ(wrapped.made.waits[0].until, 3U);
}

TEST(Assess, LockIsReleasedByTheScriptsOwnCommit) {
    const Assessed plan({{"1_a.sql", accounts},
                         {"2_b.sql", "SELECT 1;\nCOMMIT;\nALTER TABLE accounts ADD COLUMN a text;\n"
                                     "SELECT 2;"}},
                        1);
    ASSERT_EQ(plan.made.waits.size(), 1U);
    EXPECT_EQ(plan.made.waits[0].until, 3U);
}

TEST(Assess, WhatAFailureLeavesMustBeRepeatable) {
    const auto retry = [](const std::string& script) {
        return Assessed({{"1_a.sql", accounts}, {"2_b.sql", script}}, 1)
            .made.criteria.at(4)
            .fulfilment;
    };
    EXPECT_EQ(retry("CREATE TABLE b (id bigint PRIMARY KEY); SELECT 1;"), Fulfilment::met);
    EXPECT_EQ(retry("CREATE TABLE b (id bigint PRIMARY KEY); COMMIT; SELECT 1;"),
              Fulfilment::not_met);
    EXPECT_EQ(retry("-- no-transaction\nCREATE INDEX CONCURRENTLY i ON accounts (email);"),
              Fulfilment::not_met);
    EXPECT_EQ(retry("-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS i ON accounts "
                    "(email);"),
              Fulfilment::unknown);
}

TEST(Assess, WithoutDownScriptsTheWayBackIsForPeople) {
    const Assessed plan(
        {{"1_a.sql", accounts}, {"2_b.sql", "ALTER TABLE accounts ADD COLUMN a text;"}}, 1);
    EXPECT_EQ(plan.made.criteria.at(3).fulfilment, Fulfilment::manual);
    EXPECT_EQ(plan.made.decision, Decision::go);
    EXPECT_THAT(plan.made.undo_commands, IsEmpty());
}

} // namespace
} // namespace ordain::assess
