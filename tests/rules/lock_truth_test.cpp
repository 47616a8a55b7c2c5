// What PostgreSQL itself does: the facts about locks, lock_timeout and long names that the sheets
// of index-drop-without-concurrently, lock-timeout-missing, strong-lock-held-across-statements and
// identifier-truncated state.

#include "support/postgres_server.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::test {
namespace {

constexpr const char* schema = "CREATE TABLE t (a int, b text);"
                               "CREATE INDEX i ON t (a);"
                               "CREATE TABLE part (a int) PARTITION BY LIST (a);"
                               "CREATE TABLE part1 PARTITION OF part FOR VALUES IN (1);"
                               "CREATE INDEX part_i ON part (a);";

/// The strongest that the transaction holds on the tables, weaker ones than SHARE left out.
constexpr const char* strong_locks =
    "SELECT coalesce(string_agg(DISTINCT c.relname || ' ' || l.mode, ', '), 'none')"
    "  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
    "  WHERE l.pid = pg_backend_pid() AND c.relname IN ('t', 'part', 'part1')"
    "    AND l.mode IN ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', "
    "                   'ShareLock')";

std::string only_value(const Answer& answer) {
    if (!answer.ok()) return answer.sqlstate;
    return answer.rows.empty() ? "" : answer.rows.front().front().value_or("");
}

/// Statements one by one, and what a query says after them.
struct Trial {
    std::string name;
    std::vector<std::string> statements;
    std::string expected;
};

void try_each(const std::vector<Trial>& trials, const char* question) {
    for (const Trial& trial : trials) {
        SCOPED_TRACE(trial.name);
        Result<Session> session = server().connect(server().empty_database());
        ASSERT_TRUE(session);
        ASSERT_TRUE(session->run(schema).ok());
        for (const std::string& statement : trial.statements)
            ASSERT_EQ(session->run(statement).message, "") << statement;
        EXPECT_EQ(only_value(session->run(question)), trial.expected);
    }
}

TEST(Locks, AreHeldUntilTheTransactionEnds) {
    try_each(
        {
            {.name = "drop of an index",
             .statements = {"BEGIN", "DROP INDEX i"},
             .expected = "t AccessExclusiveLock"},
            {.name = "drop of a partitioned index",
             .statements = {"BEGIN", "DROP INDEX part_i"},
             .expected = "part AccessExclusiveLock, part1 AccessExclusiveLock"},
            {.name = "a later statement",
             .statements = {"BEGIN", "ALTER TABLE t ADD COLUMN c int", "SELECT 1"},
             .expected = "t AccessExclusiveLock"},
            {.name = "a guard that finds the column",
             .statements = {"BEGIN", "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int"},
             .expected = "t AccessExclusiveLock"},
            {.name = "a guard that finds the index",
             .statements = {"BEGIN", "CREATE INDEX IF NOT EXISTS i ON t (a)"},
             .expected = "t ShareLock"},
            {.name = "given back to a savepoint",
             .statements = {"BEGIN", "SAVEPOINT s", "ALTER TABLE t ADD COLUMN c int",
                            "ROLLBACK TO s"},
             .expected = "none"},
            {.name = "taken before the savepoint",
             .statements = {"BEGIN", "ALTER TABLE t ADD COLUMN c int", "SAVEPOINT s",
                            "ROLLBACK TO s"},
             .expected = "t AccessExclusiveLock"},
            {.name = "given back by a handler",
             .statements = {"BEGIN", "DO $$ BEGIN BEGIN ALTER TABLE t ADD COLUMN c int;"
                                     " ALTER TABLE t ADD COLUMN c int;"
                                     " EXCEPTION WHEN duplicate_column THEN NULL; END; END $$"},
             .expected = "none"},
            {.name = "chained",
             .statements = {"BEGIN", "ALTER TABLE t ADD COLUMN c int", "COMMIT AND CHAIN"},
             .expected = "none"},
        },
        strong_locks);
}

TEST(LockTimeout, IsWhatTheSessionSays) {
    try_each(
        {
            {.name = "by default", .statements = {}, .expected = "0"},
            {.name = "by function",
             .statements = {"SELECT set_config('LOCK_TIMEOUT', '7s', false)"},
             .expected = "7s"},
            {.name = "less than a millisecond",
             .statements = {"SET lock_timeout = '100us'"},
             .expected = "0"},
            {.name = "rolled back",
             .statements = {"BEGIN", "SET lock_timeout = '5s'", "ROLLBACK"},
             .expected = "0"},
            {.name = "rolled back to a savepoint",
             .statements = {"BEGIN", "SAVEPOINT s", "SET lock_timeout = '5s'", "ROLLBACK TO s"},
             .expected = "0"},
            {.name = "local, after the transaction",
             .statements = {"BEGIN", "SET LOCAL lock_timeout = '5s'", "COMMIT"},
             .expected = "0"},
            {.name = "reset with all others",
             .statements = {"SET lock_timeout = '5s'", "RESET ALL"},
             .expected = "0"},
        },
        "SHOW lock_timeout");
}

TEST(DropIndex, ConcurrentlyRefusesPartitionedIndexes) {
    const std::string database = server().empty_database();
    ASSERT_TRUE(server().run(schema, database).ok());
    EXPECT_EQ(server().run("DROP INDEX CONCURRENTLY part_i", database).sqlstate, "0A000");
    EXPECT_EQ(server().run("DROP INDEX part1_a_idx", database).sqlstate, "2BP01");
}

TEST(LongNames, AreOneWhenTheirFirst63BytesAre) {
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    const std::string common(63, 'x');
    ASSERT_TRUE(session->run(schema).ok());
    ASSERT_TRUE(session->run("CREATE INDEX " + common + "_a ON t (a)").ok());
    ASSERT_TRUE(session->run("CREATE INDEX IF NOT EXISTS " + common + "_b ON t (b)").ok());
    EXPECT_EQ(only_value(session->run("SELECT count(*)::text FROM pg_indexes"
                                      " WHERE indexname LIKE 'xxx%'")),
              "1");
    EXPECT_EQ(session->run("CREATE INDEX " + common + "_b ON t (b)").sqlstate, "42P07");
}

} // namespace
} // namespace ordain::test
