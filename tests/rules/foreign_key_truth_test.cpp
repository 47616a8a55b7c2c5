// What PostgreSQL itself does while a foreign key is added: the facts that the sheet of
// foreign-key-validated-in-place states.

#include "support/postgres_server.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::test {
namespace {

constexpr const char* schema = "CREATE TABLE p (id int PRIMARY KEY);"
                               "CREATE TABLE c (id int, pid int);"
                               "CREATE TABLE part (id int, pid int) PARTITION BY RANGE (id);"
                               "CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (100);"
                               "INSERT INTO p VALUES (1);"
                               "INSERT INTO c SELECT g, 1 FROM generate_series(1, 10) AS g;"
                               "INSERT INTO part SELECT g, 1 FROM generate_series(1, 10) AS g;";

/// The strongest lock on a table that the transaction holds, weaker ones than a write's left out.
constexpr const char* locks =
    "SELECT string_agg(relname || ' ' || mode, ', ' ORDER BY relname) FROM ("
    "  SELECT c.relname, CASE max(CASE l.mode WHEN 'AccessExclusiveLock' THEN 3"
    "           WHEN 'ShareRowExclusiveLock' THEN 2 WHEN 'ShareUpdateExclusiveLock' THEN 1 END)"
    "         WHEN 3 THEN 'AccessExclusiveLock' WHEN 2 THEN 'ShareRowExclusiveLock'"
    "         ELSE 'ShareUpdateExclusiveLock' END AS mode"
    "  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
    "  WHERE l.pid = pg_backend_pid() AND c.relname IN ('p', 'c', 'n', 'part', 'part1')"
    "    AND l.mode IN ('AccessExclusiveLock', 'ShareRowExclusiveLock', 'ShareUpdateExclusiveLock')"
    "  GROUP BY c.relname) AS held";

/// Rows read by sequential scans of the referencing tables, within the transaction.
constexpr const char* rows_read =
    "SELECT coalesce(sum(seq_tup_read), 0)::text FROM pg_stat_xact_user_tables"
    " WHERE relname IN ('c', 'n', 'part1')";

std::string only_value(const Answer& answer) {
    if (!answer.ok()) return answer.sqlstate;
    return answer.rows.empty() ? "" : answer.rows.front().front().value_or("");
}

struct KeyCase {
    std::string name;
    std::string statement;
    std::string locks;
    std::string rows_read;
};

TEST(ForeignKey, LocksAndScans) {
    const std::vector<KeyCase> cases = {
        {.name = "both tables are there",
         .statement = "ALTER TABLE c ADD FOREIGN KEY (pid) REFERENCES p",
         .locks = "c ShareRowExclusiveLock, p ShareRowExclusiveLock",
         .rows_read = "10"},
        {.name = "not valid",
         .statement = "ALTER TABLE c ADD FOREIGN KEY (pid) REFERENCES p NOT VALID",
         .locks = "c ShareRowExclusiveLock, p ShareRowExclusiveLock",
         .rows_read = "0"},
        {.name = "new column without default",
         .statement = "ALTER TABLE c ADD COLUMN q int REFERENCES p",
         .locks = "c AccessExclusiveLock, p ShareRowExclusiveLock",
         .rows_read = "0"},
        {.name = "new column with default",
         .statement = "ALTER TABLE c ADD COLUMN q int DEFAULT 1 REFERENCES p",
         .locks = "c AccessExclusiveLock, p ShareRowExclusiveLock",
         .rows_read = "10"},
        {.name = "new column with the default null",
         .statement = "ALTER TABLE c ADD COLUMN q int DEFAULT NULL REFERENCES p",
         .locks = "c AccessExclusiveLock, p ShareRowExclusiveLock",
         .rows_read = "10"},
        {.name = "new table",
         .statement = "CREATE TABLE n (id int, pid int REFERENCES p)",
         .locks = "n AccessExclusiveLock, p ShareRowExclusiveLock",
         .rows_read = "0"},
        {.name = "partitioned table",
         .statement = "ALTER TABLE part ADD FOREIGN KEY (pid) REFERENCES p",
         .locks = "p ShareRowExclusiveLock, part ShareRowExclusiveLock, "
                  "part1 ShareRowExclusiveLock",
         .rows_read = "10"},
    };
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_TRUE(session->run(schema).ok());
    for (const KeyCase& each : cases) {
        SCOPED_TRACE(each.name);
        const std::string before = only_value(session->run(rows_read));
        ASSERT_TRUE(session->run("BEGIN").ok());
        ASSERT_EQ(session->run(each.statement).message, "");
        EXPECT_EQ(only_value(session->run(locks)), each.locks);
        const int read = std::stoi(only_value(session->run(rows_read))) - std::stoi(before);
        EXPECT_EQ(std::to_string(read), each.rows_read);
        ASSERT_TRUE(session->run("ROLLBACK").ok());
    }
}

TEST(ForeignKey, PartitionedTableRefusesNotValid) {
    const std::string database = server().empty_database();
    ASSERT_TRUE(server().run(schema, database).ok());
    const Answer answer =
        server().run("ALTER TABLE part ADD FOREIGN KEY (pid) REFERENCES p NOT VALID", database);
    EXPECT_EQ(answer.sqlstate, "42809");
}

TEST(ForeignKey, PartitionedTableTakesOverTheValidatedKeysOfItsPartitions) {
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_TRUE(session->run(schema).ok());
    ASSERT_TRUE(
        session->run("ALTER TABLE part1 ADD CONSTRAINT k FOREIGN KEY (pid) REFERENCES p NOT VALID")
            .ok());
    ASSERT_TRUE(session->run("ALTER TABLE part1 VALIDATE CONSTRAINT k").ok());
    ASSERT_TRUE(session->run("BEGIN").ok());
    const std::string before = only_value(session->run(rows_read));
    ASSERT_TRUE(session->run("ALTER TABLE part ADD FOREIGN KEY (pid) REFERENCES p").ok());
    EXPECT_EQ(only_value(session->run(rows_read)), before);
    EXPECT_EQ(only_value(session->run("SELECT count(*)::text FROM pg_constraint"
                                      " WHERE conrelid = 'part1'::regclass AND contype = 'f'")),
              "1");
    ASSERT_TRUE(session->run("ROLLBACK").ok());
}

TEST(ForeignKey, ValidationLetsWritesPass) {
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_TRUE(session->run(schema).ok());
    ASSERT_TRUE(
        session->run("ALTER TABLE c ADD CONSTRAINT k FOREIGN KEY (pid) REFERENCES p NOT VALID")
            .ok());
    ASSERT_TRUE(session->run("BEGIN").ok());
    ASSERT_TRUE(session->run("ALTER TABLE c VALIDATE CONSTRAINT k").ok());
    EXPECT_EQ(only_value(session->run(locks)), "c ShareUpdateExclusiveLock");
    ASSERT_TRUE(session->run("ROLLBACK").ok());
}

} // namespace
} // namespace ordain::test
