// Which UPDATE and DELETE certainly read their table from end to end: where Ordain says so, a
// server that is asked to avoid sequential scans has no other plan.

#include "replay/replayed.hpp"
#include "support/postgres_server.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace ordain {
namespace {

constexpr std::string_view schema =
    "CREATE TABLE t (a int PRIMARY KEY, b int, c text, d int, e int);"
    "CREATE INDEX ON t (lower(c)); CREATE INDEX ON t (a) WHERE d IS NULL; CREATE TABLE u (a int);"
    "CREATE TABLE part (a int, b int) PARTITION BY LIST (a);"
    "CREATE TABLE part1 PARTITION OF part FOR VALUES IN (1); CREATE INDEX ON part1 (b);";

struct Case {
    std::string_view name;
    std::string_view statement;
    bool scans = false;
};

// clang-format off
constexpr auto cases = std::to_array<Case>({
    {.name = "update", .statement = "UPDATE t SET b = 1", .scans = true},
    {.name = "delete_", .statement = "DELETE FROM t", .scans = true},
    {.name = "partitioned", .statement = "UPDATE part SET b = 1", .scans = true},
    {.name = "no_index", .statement = "UPDATE t SET b = 1 WHERE b IS NULL", .scans = true},
    {.name = "alias", .statement = "DELETE FROM t AS x WHERE x.b = 1 OR x.e < 3", .scans = true},
    {.name = "column_of_a_key", .statement = "UPDATE t SET b = 1 WHERE a = 1"},
    {.name = "one_of_two_columns", .statement = "DELETE FROM t WHERE b IS NULL AND a < 9"},
    {.name = "expression_of_an_index", .statement = "DELETE FROM t WHERE lower(c) = 'x'"},
    {.name = "predicate_of_an_index", .statement = "DELETE FROM t WHERE d IS NULL"},
    {.name = "index_of_a_partition", .statement = "DELETE FROM part WHERE b = 1"},
    {.name = "place_of_a_row", .statement = "DELETE FROM t WHERE ctid = '(0,1)'"},
    {.name = "subquery", .statement = "DELETE FROM t WHERE b IN (SELECT a FROM u)"},
    {.name = "other_table", .statement = "DELETE FROM t USING u WHERE t.b = u.a"},
    {.name = "insert", .statement = "INSERT INTO t (a) VALUES (1)"},
});
// clang-format on

class FullScan : public testing::TestWithParam<Case> {};

TEST_P(FullScan, IsSaid) {
    const std::string sql = std::string(schema) + std::string(GetParam().statement);
    const test::Replayed script(sql);
    ASSERT_EQ(script.run.statements.size(), script.statements.size());
    const std::vector<Work>& work = script.run.statements.back().outcomes.front().work;
    EXPECT_EQ(std::ranges::count(work, Work::Kind::scan, &Work::kind), GetParam().scans ? 1 : 0);
}

TEST_P(FullScan, ServerHasNoOtherPlan) {
    if (!GetParam().scans) return;
    auto session = test::server().connect(test::server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_EQ(session->run(std::string(schema)).message, "");
    ASSERT_TRUE(session->run("SET enable_seqscan = off").ok());
    const test::Answer plan =
        session->run("EXPLAIN (COSTS OFF) " + std::string(GetParam().statement));
    ASSERT_EQ(plan.message, "");
    const bool scans = std::ranges::any_of(plan.rows, [](const auto& row) {
        return row.front().value_or("").find("Seq Scan on") != std::string::npos;
    });
    EXPECT_TRUE(scans);
}

INSTANTIATE_TEST_SUITE_P(Statements,
                         FullScan,
                         testing::ValuesIn(cases),
                         [](const testing::TestParamInfo<Case>& each) {
                             return std::string(each.param.name);
                         });

} // namespace
} // namespace ordain
