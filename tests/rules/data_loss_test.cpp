// What rules about lost data and changed names say: severities, messages, notes and what to write
// instead, which fixtures do not show.

#include "rules/snippet.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::test {
namespace {

struct Case {
    std::string name;
    std::string history;
    std::string sql;
    std::vector<std::string> said; ///< "severity: message" with its notes, indented, behind it.
};

std::vector<std::string> lines_about(const Snippet& snippet) {
    std::vector<std::string> lines;
    for (const Finding& finding : snippet.findings()) {
        lines.push_back(fmt::format("{}: {}", name_of(finding.severity), finding.message));
        for (const FindingNote& note : finding.notes)
            lines.push_back("  " + note.message);
    }
    return lines;
}

constexpr const char* shop =
    "CREATE TYPE mood AS ENUM ('fine');"
    "CREATE TABLE people (id bigint PRIMARY KEY, name text UNIQUE, mood mood);"
    "CREATE TABLE orders (id bigint PRIMARY KEY, person_id bigint REFERENCES people "
    "ON DELETE CASCADE);"
    "CREATE INDEX orders_person_idx ON orders (person_id);"
    "CREATE VIEW names AS SELECT id, name FROM people;"
    "CREATE VIEW first_names AS SELECT name FROM names;"
    "CREATE TABLE events (at timestamptz PRIMARY KEY) PARTITION BY RANGE (at);"
    "CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');"
    "CREATE SCHEMA legacy;"
    "CREATE TABLE legacy.a (id bigint PRIMARY KEY); CREATE TABLE legacy.b (id bigint PRIMARY KEY);"
    "CREATE TABLE legacy.c (id bigint PRIMARY KEY); CREATE TABLE legacy.d (id bigint PRIMARY KEY);"
    "CREATE TABLE legacy.e (id bigint PRIMARY KEY);"
    "CREATE VIEW all_a AS SELECT id FROM legacy.a;";

void run(const std::vector<Case>& cases) {
    for (const Case& each : cases) {
        SCOPED_TRACE(each.name);
        const std::string text =
            each.history.empty()
                ? each.sql
                : fmt::format(
                      "-- layout: sqlx\n-- file: 1_shop.sql\n{}\n-- file: 2_change.sql\n{}\n",
                      each.history, each.sql);
        const Snippet snippet(text);
        ASSERT_EQ(snippet.failure(), "");
        EXPECT_EQ(lines_about(snippet), each.said);
    }
}

TEST(DataLoss, OfDrops) {
    run({
        {.name = "table",
         .history = shop,
         .sql = "DROP TABLE people CASCADE;",
         .said = {"error: dropping \"people\" destroys its rows for good, and deployed code that "
                  "still names it fails from that moment",
                  R"(  foreign key "orders_person_id_fkey" of "orders" goes with it)",
                  "  view \"names\" goes with it", "  view \"first_names\" goes with it"}},
        {.name = "partitioned table",
         .history = shop,
         .sql = "DROP TABLE events;",
         .said = {"error: dropping \"events\", with its partition, destroys its rows for good, and "
                  "deployed code that still names it fails from that moment",
                  "  table \"events_2025\" goes with it, and its rows"}},
        {.name = "table that may be there",
         .history = {},
         .sql = "DROP TABLE IF EXISTS people;",
         .said = {"warning: where there is a table \"people\", dropping it destroys its rows for "
                  "good"}},
        {.name = "table that must be there",
         .history = {},
         .sql = "DROP TABLE app.people;",
         .said = {"error: dropping \"app.people\" destroys its rows for good, and deployed code "
                  "that still names it fails from that moment"}},
        {.name = "schema",
         .history = shop,
         .sql = "DROP SCHEMA legacy CASCADE;",
         .said = {"error: dropping schema \"legacy\" destroys the rows of 5 tables for good: "
                  "\"legacy.a\", \"legacy.b\", \"legacy.c\" and 2 more",
                  "  view \"all_a\" goes with it"}},
        {.name = "schema of which nothing is known",
         .history = {},
         .sql = "DROP SCHEMA legacy CASCADE;",
         .said = {"warning: dropping schema \"legacy\" with CASCADE destroys every table in it for "
                  "good"}},
        {.name = "type of a column",
         .history = shop,
         .sql = "DROP TYPE mood CASCADE;",
         .said = {"error: CASCADE takes along column \"mood\" of \"people\", which the statement "
                  "does not name, and destroys its values for good",
                  R"(  column "mood" of "people" goes with it, and its values)"}},
        {.name = "view",
         .history = shop,
         .sql = "DROP VIEW names CASCADE;",
         .said = {"warning: CASCADE takes along view \"first_names\", which the statement does not "
                  "name: what still relies on that fails or goes unchecked from that moment",
                  "  view \"first_names\" goes with it"}},
    });
}

TEST(DataLoss, OfRows) {
    run({
        {.name = "truncate",
         .history = shop,
         .sql = "TRUNCATE people CASCADE;",
         .said = {"error: CASCADE also truncates \"orders\", which the statement does not name: "
                  "all rows there are destroyed for good, whether they refer to one or not",
                  "error: truncating \"people\" destroys all its rows for good, and every query of "
                  "it waits until the transaction ends (ACCESS EXCLUSIVE lock)"}},
        {.name = "partitions",
         .history = shop,
         .sql = "TRUNCATE events;",
         .said = {"error: truncating \"events\" destroys all its rows and those of \"events_2025\" "
                  "for good, and every query of it waits until the transaction ends (ACCESS "
                  "EXCLUSIVE lock)"}},
        {.name = "delete",
         .history = shop,
         .sql = "DELETE FROM people;",
         .said = {"error: every row of \"people\" is destroyed for good: there is no WHERE",
                  "  rows of \"orders\" that refer to them go too (foreign key "
                  "\"orders_person_id_fkey\", ON DELETE CASCADE)"}},
        {.name = "delete from a view",
         .history = shop,
         .sql = "DELETE FROM names WHERE true;",
         .said = {"error: every row that view \"names\" shows is destroyed for good: WHERE is true "
                  "of every row"}},
        {.name = "update",
         .history = shop,
         .sql = "UPDATE people SET name = '', mood = NULL;",
         .said = {"warning: what \"name\" and \"mood\" held in every row of \"people\" is "
                  "overwritten for good (there is no WHERE): the rows stay locked until the "
                  "transaction ends, and the table grows by a copy of them"}},
        {.name = "backfill",
         .history = shop,
         .sql = "ALTER TABLE people ADD COLUMN age bigint; UPDATE people SET age = 0;",
         .said =
             {"error: every query of \"people\" waits while this works on all rows of \"people\" "
              "(there is no WHERE): the ACCESS EXCLUSIVE lock is held until the transaction "
              "ends",
              "  the ACCESS EXCLUSIVE lock on \"people\" is taken here",
              "warning: filling \"age\" rewrites every row of \"people\" in one transaction "
              "(there is no WHERE): the rows stay locked until the transaction ends, and the "
              "table grows by a copy of them"}},
    });
}

// What a statement before copies elsewhere lives on; what the end of the migration brings back
// under the same name does not fail for want of the name.
TEST(DataLoss, AfterCopies) {
    const std::string note = "  this copies before: what it leaves out is gone";
    run({
        {.name = "column made anew from itself",
         .history = shop,
         .sql = "ALTER TABLE orders ADD COLUMN kind text;"
                "UPDATE orders SET kind = person_id::text WHERE id > 0;"
                "ALTER TABLE orders DROP COLUMN person_id;"
                "ALTER TABLE orders RENAME COLUMN kind TO person_id;",
         .said = {"note: dropping \"person_id\" destroys its values in \"orders\", but for what "
                  "was copied before; the column of that name afterwards is another one",
                  note, R"(  foreign key "orders_person_id_fkey" goes with it)",
                  "  index \"orders_person_idx\" goes with it"}},
        {.name = "column of the same name",
         .history = shop,
         .sql = "ALTER TABLE orders DROP COLUMN person_id, ADD COLUMN person_id text;",
         .said = {"error: dropping \"person_id\" destroys its values in \"orders\" for good; the "
                  "column of that name afterwards is another one",
                  R"(  foreign key "orders_person_id_fkey" goes with it)",
                  "  index \"orders_person_idx\" goes with it"}},
        {.name = "column that only an empty table gets",
         .history = shop,
         .sql = "ALTER TABLE orders DROP COLUMN person_id, ADD COLUMN person_id text NOT NULL;",
         .said = {"note: \"person_id\" comes back NOT NULL without a default, which fails where "
                  "\"orders\" holds a row (23502): no value can be lost",
                  R"(  foreign key "orders_person_id_fkey" goes with it)",
                  "  index \"orders_person_idx\" goes with it",
                  "warning: fails as soon as \"orders\" holds a row, which would have null in "
                  "\"person_id\" (23502); where it holds none, deployed INSERTs that leave the "
                  "column out fail"}},
        {.name = "column that is filled before it is made NOT NULL",
         .history = shop,
         .sql = "ALTER TABLE orders DROP COLUMN person_id, ADD COLUMN person_id text;"
                "UPDATE orders SET person_id = 'x' WHERE id > 0;"
                "ALTER TABLE orders ADD CONSTRAINT c CHECK (person_id IS NOT NULL);"
                "ALTER TABLE orders ALTER COLUMN person_id SET NOT NULL;",
         .said =
             {"error: dropping \"person_id\" destroys its values in \"orders\" for good; the "
              "column of that name afterwards is another one",
              R"(  foreign key "orders_person_id_fkey" goes with it)",
              "  index \"orders_person_idx\" goes with it",
              "error: every query of \"people\" waits while this works on all rows of \"orders\" "
              "(the CHECK is tried on every row): the ACCESS EXCLUSIVE lock is held until the "
              "transaction ends",
              "  the ACCESS EXCLUSIVE lock on \"people\" is taken here",
              "error: every query of \"orders\" waits while the CHECK is tried on all rows "
              "(ACCESS EXCLUSIVE lock)"}},
        {.name = "column that a condition alone reads",
         .history = shop,
         .sql = "UPDATE people SET name = '' WHERE mood = 'fine' AND id = 1;"
                "ALTER TABLE people DROP COLUMN mood;",
         .said = {"error: dropping \"mood\" destroys its values in \"people\" for good, and "
                  "deployed code that still names it fails from that moment"}},
        {.name = "column copied to another table by a join",
         .history = shop,
         .sql = "ALTER TABLE orders ADD COLUMN mood mood;"
                "UPDATE orders SET mood = p.mood FROM people p WHERE p.id = person_id;"
                "ALTER TABLE people DROP COLUMN mood;",
         .said =
             {"note: every query of \"orders\" waits while this waits for its lock on "
              "\"people\", and a transaction that takes the two in the other order can end in a "
              "deadlock",
              "  the ACCESS EXCLUSIVE lock on \"orders\" is taken here",
              "warning: dropping \"mood\" destroys its values in \"people\", but for what was "
              "copied before, and deployed code that still names it fails from that moment",
              note}},
        {.name = "table made anew from itself",
         .history = shop,
         .sql = "CREATE TABLE orders_new (id bigint PRIMARY KEY, person_id text);"
                "INSERT INTO orders_new SELECT id, person_id::text FROM orders;"
                "DROP TABLE orders; ALTER TABLE orders_new RENAME TO orders;",
         .said = {"warning: dropping \"orders\" destroys its rows, but for what was copied before; "
                  "the relation of that name afterwards is another one",
                  note}},
        {.name = "rows copied before they go",
         .history = shop,
         .sql = "CREATE TABLE kept (id bigint PRIMARY KEY, person_id bigint); INSERT INTO kept "
                "SELECT * FROM orders; DELETE FROM orders;",
         .said = {"warning: every row of \"orders\" is destroyed, but for what was copied before: "
                  "there is no WHERE",
                  note}},
        {.name = "a copy within the table keeps no row",
         .history = shop,
         .sql = "ALTER TABLE orders ADD COLUMN p bigint;"
                "UPDATE orders SET p = person_id WHERE id = 1; TRUNCATE orders;",
         .said = {"error: truncating \"orders\" destroys all its rows for good, and every query of "
                  "it waits until the transaction ends (ACCESS EXCLUSIVE lock)"}},
        {.name = "a copy that is taken back",
         .history = shop,
         .sql = "BEGIN; SAVEPOINT a; CREATE TABLE kept AS SELECT * FROM orders; ROLLBACK TO a;"
                "DELETE FROM orders; COMMIT;",
         .said = {"error: every row of \"orders\" is destroyed for good: there is no WHERE"}},
        {.name = "a copy that a handler takes back",
         .history = shop,
         .sql = "DO $$ BEGIN BEGIN CREATE TABLE kept AS SELECT * FROM orders;"
                " RAISE EXCEPTION 'x'; EXCEPTION WHEN OTHERS THEN NULL; END;"
                " DELETE FROM orders; END $$;",
         .said = {"error: every row of \"orders\" is destroyed for good: there is no WHERE"}},
        {.name = "a copy of an earlier migration",
         .history = std::string(shop) + "CREATE TABLE kept (id bigint PRIMARY KEY, person_id "
                                        "bigint); INSERT INTO kept SELECT * FROM orders;",
         .sql = "DELETE FROM orders;",
         .said = {"error: every row of \"orders\" is destroyed for good: there is no WHERE"}},
    });
}

TEST(DataLoss, AfterAStatementThatIsNotRead) {
    const Snippet snippet(
        "-- layout: sqlx\n-- postgres: 16\n-- only: drop-table\n-- file: 1_orders.sql\n"
        "CREATE TABLE orders (id bigint PRIMARY KEY);\n-- file: 2_kept.sql\n"
        "CREATE TABLE kept AS SELECT * FROM (SELECT id FROM orders) WHERE id > 0;\n"
        "DROP TABLE orders;\n");
    const std::vector<std::string> said = {
        "warning: dropping \"orders\" destroys its rows, unless a statement before that was not "
        "read "
        "copies them, and deployed code that still names it fails from that moment",
        "  this is not read, and names it"};
    EXPECT_EQ(lines_about(snippet), said);
}

TEST(DataLoss, NewColumnOfAnEmptiedTable) {
    run({
        {.name = "emptied before",
         .history = shop,
         .sql = "DELETE FROM orders; ALTER TABLE orders ADD COLUMN total bigint NOT NULL;",
         .said =
             {"error: every row of \"orders\" is destroyed for good: there is no WHERE",
              "warning: deployed INSERTs into \"orders\" that leave \"total\" out fail (23502); "
              "no row is in the way, for the table was emptied before",
              "  this empties it"}},
        {.name = "and filled again",
         .history = shop,
         .sql = "DELETE FROM orders; INSERT INTO orders VALUES (1);"
                "ALTER TABLE orders ADD COLUMN total bigint NOT NULL;",
         .said = {"error: every row of \"orders\" is destroyed for good: there is no WHERE",
                  "warning: fails as soon as \"orders\" holds a row, which would have null in "
                  "\"total\" (23502); where it holds none, deployed INSERTs that leave the column "
                  "out fail"}},
    });
}

TEST(KeysAnew, TheIndexGetsANameThatIsFree) {
    const std::string history =
        "-- layout: plain\n-- only: primary-key-builds-index-under-lock\n-- file: 1_a.sql\n"
        "CREATE TABLE votes (id bigint PRIMARY KEY, person bigint NOT NULL);\n-- file: 2_b.sql\n";
    const Snippet replaced(history +
                           "ALTER TABLE votes DROP COLUMN id, ADD PRIMARY KEY (person);\n");
    ASSERT_EQ(replaced.findings().size(), 1U);
    EXPECT_EQ(
        replaced.findings().front().instead,
        "CREATE UNIQUE INDEX CONCURRENTLY votes_pkey_new ON votes (person);\n"
        "-- then, with what frees the name, which the index then takes:\n"
        "ALTER TABLE votes ADD CONSTRAINT votes_pkey PRIMARY KEY USING INDEX votes_pkey_new;");
}

TEST(DataLoss, WaysOut) {
    const Snippet backfill("-- layout: sqlx\n-- only: update-without-where\n-- file: "
                           "1_people.sql\nCREATE TABLE people (\"Id\" bigint PRIMARY KEY);\n"
                           "-- file: 2_age.sql\nALTER TABLE people ADD COLUMN age bigint;\n"
                           "UPDATE people SET age = 0;\n");
    ASSERT_EQ(backfill.findings().size(), 1U);
    EXPECT_EQ(backfill.findings().front().instead,
              "UPDATE people SET age = 0\n"
              "WHERE \"Id\" IN (SELECT \"Id\" FROM people WHERE age IS NULL LIMIT 10000);\n"
              "as often as it finds rows, each time in a transaction of its own");
    const Snippet copy(
        "-- layout: sqlx\n-- only: update-without-where\n-- file: 1_people.sql\n"
        "CREATE TABLE people (id bigint PRIMARY KEY, name text);\n-- file: 2_full.sql\n"
        "ALTER TABLE people ADD COLUMN full_name text;\n"
        "UPDATE people SET full_name = upper(name);\n");
    ASSERT_EQ(copy.findings().size(), 1U);
    EXPECT_EQ(copy.findings().front().instead,
              "UPDATE people SET full_name = upper(name)\n"
              "WHERE id IN (SELECT id FROM people WHERE full_name IS DISTINCT FROM (upper(name)) "
              "LIMIT 10000);\n"
              "as often as it finds rows, each time in a transaction of its own");
    const Snippet rename("ALTER TABLE app.users RENAME TO \"Accounts\";\n");
    ASSERT_EQ(rename.findings().size(), 1U);
    EXPECT_EQ(rename.findings().front().instead,
              "ALTER TABLE app.users RENAME TO \"Accounts\";\n"
              "CREATE VIEW app.users WITH (security_invoker = true) AS SELECT * FROM "
              "app.\"Accounts\";\n"
              "in one transaction, with the privileges that the table has: deployed code reads and "
              "writes through the view; drop it in a later release");
}

} // namespace
} // namespace ordain::test
