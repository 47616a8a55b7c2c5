// What PostgreSQL itself does where the sheets of drop-cascade, truncate, rename-table and
// update-without-where say something that surprises.

#include "support/postgres_server.hpp"

#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

namespace ordain::test {
namespace {

constexpr const char* schema =
    "CREATE TABLE p (id int PRIMARY KEY);"
    "CREATE TABLE c (id int, pid int REFERENCES p ON DELETE RESTRICT);"
    "CREATE TABLE h () INHERITS (p);"
    "CREATE TABLE part (id int) PARTITION BY RANGE (id);"
    "CREATE TABLE part1 PARTITION OF part FOR VALUES FROM (0) TO (100);"
    "CREATE TYPE mood AS ENUM ('fine');"
    "CREATE TABLE people (id int PRIMARY KEY, name text DEFAULT 'x', mood mood);"
    "CREATE TABLE visits (id int);"
    "CREATE VIEW moods AS SELECT mood FROM people;"
    "INSERT INTO p VALUES (1); INSERT INTO h VALUES (2); INSERT INTO part VALUES (1);"
    "INSERT INTO c VALUES (1, 1), (2, NULL); INSERT INTO people VALUES (1, 'a', 'fine');";

struct Case {
    std::string name;
    std::string statement;
    std::string sqlstate = "00000";
    std::string question = "SELECT NULL";
    std::optional<std::string> answer = std::nullopt;
};

TEST(DataLoss, AsTheSheetsSay) {
    const std::vector<Case> cases = {
        {.name = "TRUNCATE empties the partitions",
         .statement = "TRUNCATE part",
         .question = "SELECT count(*)::text FROM part1",
         .answer = "0"},
        {.name = "and what inherits",
         .statement = "TRUNCATE p CASCADE",
         .question = "SELECT count(*)::text FROM h",
         .answer = "0"},
        {.name = "unless it says ONLY",
         .statement = "TRUNCATE ONLY p CASCADE",
         .question = "SELECT count(*)::text FROM h",
         .answer = "1"},
        {.name = "which a partitioned table refuses",
         .statement = "TRUNCATE ONLY part",
         .sqlstate = "42809"},
        {.name = "CASCADE empties the whole table, whatever ON DELETE says",
         .statement = "TRUNCATE p CASCADE",
         .question = "SELECT count(*)::text FROM c",
         .answer = "0"},
        {.name = "without it a foreign key refuses",
         .statement = "TRUNCATE p",
         .sqlstate = "0A000"},
        {.name = "TRUNCATE leaves nothing that a scan would read",
         .statement = "TRUNCATE p CASCADE",
         .question = "SELECT pg_relation_size('p')::text",
         .answer = "0"},
        {.name = "DELETE leaves the pages",
         .statement = "DELETE FROM people",
         .question = "SELECT (pg_relation_size('people') > 0)::text",
         .answer = "true"},
        {.name = "a type takes the columns along",
         .statement = "DROP TYPE mood CASCADE",
         .question = "SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute"
                     " WHERE attrelid = 'people'::regclass AND attnum > 0 AND NOT attisdropped",
         .answer = "id,name"},
        {.name = "a table takes along those that inherit",
         .statement = "DROP TABLE p CASCADE",
         .question = "SELECT to_regclass('h')::text"},
        {.name = "ALTER INDEX renames a table",
         .statement = "ALTER INDEX visits RENAME TO stays",
         .question = "SELECT to_regclass('stays')::text",
         .answer = "stays"},
        {.name = "ALTER TABLE renames a view",
         .statement = "ALTER TABLE moods RENAME TO tempers",
         .question = "SELECT to_regclass('tempers')::text",
         .answer = "tempers"},
        {.name = "a view of the old name is written to like the table",
         .statement = "ALTER TABLE people RENAME TO persons;"
                      "CREATE VIEW people WITH (security_invoker = true) AS SELECT * FROM persons;"
                      "INSERT INTO people (id) VALUES (1), (2) ON CONFLICT (id) DO NOTHING;"
                      "UPDATE people SET name = 'b' WHERE id = 1; DELETE FROM people WHERE id = 2",
         .question = "SELECT string_agg(id || name, ',') FROM persons",
         .answer = "1b"},
        {.name = "except by COPY",
         .statement = "ALTER TABLE people RENAME TO persons;"
                      "CREATE VIEW people AS SELECT * FROM persons; COPY people FROM '/dev/null'",
         .sqlstate = "42809"},
    };
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_EQ(session->run(schema).message, "");
    for (const Case& each : cases) {
        SCOPED_TRACE(each.name);
        ASSERT_TRUE(session->run("BEGIN").ok());
        const Answer done = session->run(each.statement);
        EXPECT_EQ(done.sqlstate, each.sqlstate) << done.message;
        if (done.ok()) {
            const Answer answer = session->run(each.question);
            ASSERT_TRUE(answer.ok()) << answer.message;
            EXPECT_EQ(answer.rows.front().front(), each.answer);
        }
        ASSERT_TRUE(session->run("ROLLBACK").ok());
    }
}

} // namespace
} // namespace ordain::test
