#include "report/inspect_json.hpp"
#include "report/inspect_text.hpp"
#include "report/sample.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ordain::report {
namespace {

using nlohmann::json;

const ObjectReference nickname{.kind = ObjectKind::column,
                               .schema = "public",
                               .table = "accounts",
                               .name = "nickname",
                               .arguments = {}};

/// Verdicts of every sort on the sample's migrations.
void judge(Sample& sample) {
    const Script& second = sample.checked.plan.migrations[1].up;
    MigrationJudgement& judgement = sample.judgement(2);
    judgement.rerun.answer = {.verdict = Verdict::no,
                              .sqlstate = "42703",
                              .message = "column \"nickname\" does not exist",
                              .statement = 1,
                              .where = sample.find(second, "nickname")};
    judgement.rollback.verdict = RollbackVerdict::differs;
    judgement.rollback.difference.dropped = {nickname};
    judgement.effects->dropped = {nickname};
    judgement.destroyed = {nickname};
    judgement.depends_on.push_back({.on = 1,
                                    .hard = true,
                                    .because = {{.object = nickname,
                                                 .statement = 1,
                                                 .where = sample.find(second, "nickname"),
                                                 .origin_statement = 1,
                                                 .kind = Dependence::Kind::exists}}});
    judgement.locks->push_back({.relation = "public.accounts",
                                .mode = LockMode::access_exclusive,
                                .statement = 1,
                                .where = sample.find(second, "ALTER")});
    MigrationJudgement& third = sample.judgement(3);
    third.applies.verdict = Verdict::unknown;
    third.applies.message = "not interpreted";
    third.effects.reset();
    third.locks.reset();
    third.rewrites.reset();
}

InspectReport report_of(const Sample& sample) {
    return {.sources = sample.sources,
            .settings = sample.settings,
            .plan = sample.checked.plan,
            .selected = sample.checked.selected,
            .judged = sample.checked.result.judged};
}

TEST(InspectJson, AMigrationWithAllAnswers) {
    Sample sample;
    judge(sample);
    const json written = json::parse(inspect_json(report_of(sample)));
    EXPECT_EQ(written["schema"], "ordain.inspect/1");
    EXPECT_EQ(written["world"], "closed");
    const std::string column =
        R"({"kind": "column", "schema": "public", "table": "accounts", "name": "nickname"})";
    EXPECT_EQ(written["migrations"][1], json::parse(R"({
        "id": "0002_drop", "file": "m/0002_drop.up.sql", "ordinal": 2, "transaction": "explicit",
        "applies": {"verdict": "yes", "sqlstate": null, "message": null, "statement": null,
                    "line": null},
        "rerun": {"verdict": "no", "sqlstate": "42703",
                  "message": "column \"nickname\" does not exist", "statement": 1, "line": 1,
                  "data": "none", "destroyed": [], "created": [], "dropped": [], "changed": []},
        "rollback": {"verdict": "differs", "sqlstate": null, "message": null, "statement": null,
                     "line": null, "left": [], "lost": [)" +
                                                    column + R"(], "changed": [],
                     "how": [], "order_changed": []},
        "creates": [], "drops": [)" + column + R"(], "changes": [],
        "destroyed": [)" + column + R"(],
        "depends_on": [{"id": "0001_accounts", "strength": "hard", "because": [
            {"object": )" + column + R"(, "statement": 1, "line": 1, "kind": "exists",
             "origin_statement": 1}]}],
        "locks": [{"relation": "public.accounts", "mode": "AccessExclusiveLock", "statement": 1,
                   "line": 1}],
        "rewrites": []})"));
}

TEST(InspectJson, WhatIsNotKnownIsNull) {
    Sample sample;
    judge(sample);
    const json written = json::parse(inspect_json(report_of(sample)));
    for (const char* question : {"creates", "drops", "changes", "locks", "rewrites"}) {
        EXPECT_TRUE(written["migrations"][2][question].is_null()) << question;
        EXPECT_TRUE(written["migrations"][0][question].is_array()) << question;
    }
}

TEST(InspectJson, OnlySelectedMigrationsAreListed) {
    Sample sample;
    sample.checked.selected = {2};
    const json written = json::parse(inspect_json(report_of(sample)));
    ASSERT_EQ(written["migrations"].size(), 1U);
    EXPECT_EQ(written["migrations"][0]["id"], "0003_do");
}

TEST(InspectText, ARowForEachMigrationAndTheProofsBelow) {
    Sample sample;
    judge(sample);
    sample.checked.result.judged.assumed = {"role \"app\""};
    EXPECT_EQ(inspect_text(report_of(sample), Color::off),
              R"(sqlx migrations of m (complete history, PostgreSQL 15)

#  migration      transaction  applies  rerun  rollback  needs
1  0001_accounts  explicit     yes      yes    missing   -
2  0002_drop      explicit     yes      no     differs   1
   does: drops column "nickname" of table "public.accounts"
   meets: locks public.accounts (AccessExclusiveLock)
   rerun: 42703 column "nickname" does not exist (m/0002_drop.up.sql:1:34)
   rollback: loses column "nickname" of table "public.accounts"
3  0003_do        explicit     unknown  yes    missing   -
   applies: not interpreted

needs: numbers of the migrations that must have run before; in parentheses where
nothing fails without them, but the result depends on them
assumed to exist: role "app"
)");
}

} // namespace
} // namespace ordain::report
