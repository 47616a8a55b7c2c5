// Locks on relations that no migration makes: an incomplete history takes them to exist, and the
// statements lock them all the same. A server is asked which locks those are.

#include "proof/judged_folder.hpp"
#include "proof/server_schema.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace ordain::test {
namespace {

struct Case {
    std::string_view name;
    std::string_view statement;
    std::string_view locks;
};

constexpr const char* schema =
    "CREATE TABLE t (a int PRIMARY KEY, b int); CREATE TABLE u (a int); CREATE VIEW v AS SELECT 1;"
    "CREATE MATERIALIZED VIEW m AS SELECT 1";

// clang-format off
constexpr auto cases = std::to_array<Case>({
    {"add_column", "ALTER TABLE t ADD COLUMN c int", "public.t AccessExclusiveLock"},
    {"add_column_guarded", "ALTER TABLE IF EXISTS t ADD COLUMN c int", "public.t AccessExclusiveLock"},
    {"index", "CREATE INDEX i ON t (b)", "public.t ShareLock"},
    {"reference", "ALTER TABLE u ADD FOREIGN KEY (a) REFERENCES t (a) NOT VALID", "public.t ShareRowExclusiveLock, public.u ShareRowExclusiveLock"},
    {"new_table_with_reference", "CREATE TABLE n (c int REFERENCES t (a))", "public.t ShareRowExclusiveLock"},
    {"policy", "CREATE POLICY p ON t", "public.t AccessExclusiveLock"},
    {"row_security", "ALTER TABLE t ENABLE ROW LEVEL SECURITY", "public.t AccessExclusiveLock"},
    {"storage_parameter", "ALTER TABLE t SET (fillfactor = 70)", "public.t ShareUpdateExclusiveLock"},
    {"storage_parameter_reset", "ALTER TABLE t RESET (autovacuum_enabled)", "public.t ShareUpdateExclusiveLock"},
    {"user_catalog_table", "ALTER TABLE t SET (user_catalog_table = true)", "public.t AccessExclusiveLock"},
    {"attribute_option", "ALTER TABLE t ALTER b SET (n_distinct = 4)", "public.t ShareUpdateExclusiveLock"},
    {"statistics_target", "ALTER TABLE t ALTER b SET STATISTICS 5", "public.t ShareUpdateExclusiveLock"},
    {"replica_identity", "ALTER TABLE t REPLICA IDENTITY FULL", "public.t AccessExclusiveLock"},
    {"rename", "ALTER TABLE t RENAME TO w", "public.t AccessExclusiveLock"},
    {"comment", "COMMENT ON TABLE t IS 'x'", "public.t ShareUpdateExclusiveLock"},
    {"refresh", "REFRESH MATERIALIZED VIEW m", "public.m AccessExclusiveLock"},
    {"truncate", "TRUNCATE u", "public.u AccessExclusiveLock"},
    {"lock", "LOCK TABLE t IN SHARE MODE", "public.t ShareLock"},
    {"drop", "DROP TABLE t", "public.t AccessExclusiveLock"},
    {"drop_view", "DROP VIEW v", "public.v AccessExclusiveLock"},
});
// clang-format on

class Locks : public testing::TestWithParam<Case> {};

TEST_P(Locks, OfWhatIsAssumedAreTaken) {
    Settings settings;
    settings.complete_history = false;
    const JudgedFolder folder({Scripts{.up = GetParam().statement, .down = ""}}, settings);
    const auto& locks = folder.judgement(1).locks;
    ASSERT_TRUE(locks) << show(folder.judgement(1).applies);
    std::string text;
    for (const LockReport& lock : *locks) {
        if (!text.empty()) text += ", ";
        text += lock.relation + " " + std::string(name_of(lock.mode));
    }
    EXPECT_EQ(text, GetParam().locks);
}

TEST_P(Locks, ServerTakesThem) {
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_EQ(session->run(schema).message, "");
    ASSERT_TRUE(session
                    ->run("CREATE TEMPORARY TABLE names AS SELECT oid, relname FROM pg_class "
                          "WHERE relname IN ('t', 'u', 'v', 'm')")
                    .ok());
    ASSERT_TRUE(session->run("BEGIN").ok());
    ASSERT_EQ(session->run(std::string(GetParam().statement)).message, "");
    const Answer held = session->run(
        "SELECT string_agg('public.' || relname || ' ' || mode, ', ' ORDER BY relname) FROM ("
        "SELECT DISTINCT ON (relname) relname, mode FROM pg_locks l JOIN names n ON n.oid = "
        "l.relation WHERE pid = pg_backend_pid() ORDER BY relname, array_position(ARRAY["
        "'AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock', "
        "'ShareUpdateExclusiveLock', 'RowExclusiveLock', 'RowShareLock', 'AccessShareLock'], "
        "mode)) AS strongest");
    ASSERT_TRUE(held.ok());
    EXPECT_EQ(held.rows.front().front().value_or(""), GetParam().locks);
}

INSTANTIATE_TEST_SUITE_P(Statements,
                         Locks,
                         testing::ValuesIn(cases),
                         [](const testing::TestParamInfo<Case>& each) {
                             return std::string(each.param.name);
                         });

TEST(LocksOfADropThatFindsNothing, AreGivenBack) {
    constexpr std::string_view table = "CREATE TABLE t (a int)";
    constexpr std::string_view drop = "DROP TRIGGER IF EXISTS g ON t";
    const JudgedFolder folder({{.up = table, .down = ""}, {.up = drop, .down = ""}});
    ASSERT_TRUE(folder.judgement(2).locks);
    EXPECT_TRUE(folder.judgement(2).locks->empty());
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_TRUE(session->run(std::string(table)).ok());
    ASSERT_TRUE(session->run("BEGIN").ok());
    ASSERT_TRUE(session->run(std::string(drop)).ok());
    const Answer held = session->run("SELECT mode FROM pg_locks WHERE relation = 't'::regclass");
    EXPECT_TRUE(held.rows.empty());
}

} // namespace
} // namespace ordain::test
