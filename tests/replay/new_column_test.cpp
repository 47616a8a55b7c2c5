// What ADD COLUMN does to the rows that are there: each expectation is what Ordain says, and a
// server is watched doing the same.

#include "replay/replayed.hpp"
#include "support/postgres_server.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <ordain/catalog.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain {
namespace {

constexpr std::string_view schema =
    "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (b int); INSERT INTO t VALUES (1), (2); "
    "CREATE DOMAIN plain AS int; CREATE DOMAIN filled AS int DEFAULT 7; "
    "CREATE DOMAIN checked AS int CHECK (VALUE > 0); CREATE DOMAIN set_ AS int NOT NULL; "
    "CREATE DOMAIN nested AS checked DEFAULT 3; CREATE DOMAIN random_ AS int DEFAULT random() * "
    "9; ";

struct Case {
    std::string_view name;
    std::string_view column;
    bool may_fail = false;
    bool rewrites = false;
    bool scans = false; ///< For a foreign key or CHECK.
    bool builds_index = false;
};

// clang-format off
constexpr auto cases = std::to_array<Case>({
    {.name = "nothing", .column = "c int"},
    {.name = "constant", .column = "c int DEFAULT 1 NOT NULL"},
    {.name = "stable", .column = "c timestamptz DEFAULT now()"},
    {.name = "volatile_", .column = "c float DEFAULT random()", .rewrites = true},
    {.name = "not_null", .column = "c int NOT NULL", .may_fail = true},
    {.name = "not_null_that_is_null", .column = "c varchar(3) DEFAULT NULL NOT NULL", .may_fail = true},
    {.name = "serial", .column = "c serial", .rewrites = true},
    {.name = "identity", .column = "c int GENERATED ALWAYS AS IDENTITY", .rewrites = true},
    {.name = "generated", .column = "c int GENERATED ALWAYS AS (b + 1) STORED", .rewrites = true},
    {.name = "reference", .column = "c int REFERENCES p"},
    {.name = "reference_null", .column = "c int DEFAULT NULL REFERENCES p", .scans = true},
    {.name = "reference_default", .column = "c int DEFAULT 1 REFERENCES p", .may_fail = true, .scans = true},
    {.name = "reference_serial", .column = "c serial REFERENCES p", .may_fail = true, .rewrites = true, .scans = true},
    {.name = "reference_generated", .column = "c int GENERATED ALWAYS AS (b) STORED REFERENCES p", .may_fail = true, .rewrites = true, .scans = true},
    {.name = "reference_identity", .column = "c int GENERATED ALWAYS AS IDENTITY REFERENCES p", .rewrites = true},
    {.name = "reference_filled_domain", .column = "c filled REFERENCES p"},
    {.name = "unique", .column = "c int UNIQUE", .builds_index = true},
    {.name = "unique_null", .column = "c int DEFAULT NULL UNIQUE", .builds_index = true},
    {.name = "unique_default", .column = "c int DEFAULT 1 UNIQUE", .may_fail = true, .builds_index = true},
    {.name = "unique_nulls_not_distinct", .column = "c int UNIQUE NULLS NOT DISTINCT", .may_fail = true, .builds_index = true},
    {.name = "unique_filled_domain", .column = "c filled UNIQUE", .may_fail = true, .builds_index = true},
    {.name = "domain_plain", .column = "c plain"},
    {.name = "domain_filled", .column = "c filled"},
    {.name = "domain_checked", .column = "c checked", .rewrites = true},
    {.name = "domain_set", .column = "c set_", .may_fail = true, .rewrites = true},
    {.name = "domain_set_with_default", .column = "c set_ DEFAULT 3", .rewrites = true},
    {.name = "domain_nested", .column = "c nested", .rewrites = true},
    {.name = "domain_random", .column = "c random_", .rewrites = true},
    {.name = "domain_array", .column = "c checked[]"},
});
// clang-format on

class NewColumn : public testing::TestWithParam<Case> {};

TEST_P(NewColumn, WorkIsSaid) {
    const Case& each = GetParam();
    const std::string sql =
        std::string(schema) + "ALTER TABLE t ADD COLUMN " + std::string(each.column);
    const test::Replayed script(sql);
    const replay::ScriptRun& run = script.run;
    EXPECT_EQ(run.answer.verdict, each.may_fail ? Verdict::unknown : Verdict::yes)
        << run.answer.message;
    ASSERT_EQ(run.statements.size(), script.statements.size());
    const std::vector<Work>& work = run.statements.back().outcomes.front().work;
    const auto does = [&](Work::Kind kind) {
        return std::ranges::count(work, kind, &Work::kind) > 0;
    };
    EXPECT_EQ(does(Work::Kind::rewrite), each.rewrites);
    EXPECT_EQ(does(Work::Kind::scan), each.scans);
    EXPECT_EQ(does(Work::Kind::index_build), each.builds_index);
}

std::string value_of(test::Session& session, const std::string& query) {
    const test::Answer answer = session.run(query);
    return answer.rows.empty() ? answer.message : answer.rows.front().front().value_or("null");
}

TEST_P(NewColumn, ServerDoesIt) {
    const Case& each = GetParam();
    auto session = test::server().connect(test::server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_EQ(session->run(std::string(schema)).message, "");
    const std::string file = "SELECT pg_relation_filenode('t')";
    const std::string read =
        "SELECT seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 't'";
    const std::string before = value_of(*session, file);
    ASSERT_TRUE(session->run("BEGIN").ok());
    const test::Answer answer =
        session->run("ALTER TABLE t ADD COLUMN " + std::string(each.column));
    if (each.may_fail) {
        EXPECT_FALSE(answer.ok());
        return;
    }
    ASSERT_EQ(answer.message, "");
    EXPECT_EQ(value_of(*session, file) != before, each.rewrites);
    // A rewrite and an index build read the table too.
    const bool reads = each.rewrites || each.scans || each.builds_index;
    EXPECT_EQ(value_of(*session, read) != "0", reads);
}

INSTANTIATE_TEST_SUITE_P(Columns,
                         NewColumn,
                         testing::ValuesIn(cases),
                         [](const testing::TestParamInfo<Case>& each) {
                             return std::string(each.param.name);
                         });

} // namespace
} // namespace ordain
