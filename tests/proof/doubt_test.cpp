// What follows a statement that could not be followed: no verdict is built on what it may have
// done. On a server some of these apply and some do not, depending on rows, the clock or settings.

#include "proof/judged_folder.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace ordain::test {
namespace {

struct Case {
    std::string_view name;
    std::string_view first;
    std::string_view doubtful;
    std::string_view then;
};

// clang-format off
constexpr auto cases = std::to_array<Case>({
    // ---- a statement whose objects are named nowhere
    {"owned_by_a_role", "CREATE TABLE t (a int)", "DROP OWNED BY pg_monitor", "CREATE TABLE t (b int)"},
    {"foreign_schema", "CREATE TABLE t (a int)", "IMPORT FOREIGN SCHEMA x FROM SERVER s INTO public", "ALTER TABLE u ADD COLUMN b int"},
    // ---- a branch that may be taken
    {"branch_drops_table", "CREATE TABLE t (a int)", "DO $$ BEGIN IF now() > '2020-01-01' THEN DROP TABLE t; END IF; END $$", "CREATE TABLE t (b int)"},
    {"branch_drops_column", "CREATE TABLE t (a int, b int)", "DO $$ BEGIN IF now() > '2020-01-01' THEN ALTER TABLE t DROP COLUMN b; END IF; END $$", "ALTER TABLE t ADD COLUMN b int"},
    {"branch_drops_type", "CREATE TYPE m AS ENUM ('a')", "DO $$ BEGIN IF now() > '2020-01-01' THEN DROP TYPE m; END IF; END $$", "CREATE TYPE m AS ENUM ('b')"},
    {"branch_renames_table", "CREATE TABLE t (a int)", "DO $$ BEGIN IF now() > '2020-01-01' THEN ALTER TABLE t RENAME TO u; END IF; END $$", "CREATE TABLE t (a int)"},
    {"branch_makes_table", "CREATE TABLE t (a int)", "DO $$ BEGIN IF now() > '2020-01-01' THEN CREATE TABLE u (a int); END IF; END $$", "ALTER TABLE u ADD COLUMN b int"},
    {"branch_returns", "CREATE TABLE t (a int)", "DO $$ BEGIN IF now() > '2020-01-01' THEN RETURN; END IF; CREATE TABLE u (a int); END $$", "CREATE TABLE u (a int)"},
    {"branch_makes_dependent_view", "CREATE TABLE t (a int)", "DO $$ BEGIN IF now() > '2020-01-01' THEN CREATE VIEW v AS SELECT a FROM t; END IF; END $$", "DROP TABLE t"},
    {"branch_drops_dependent_view", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t", "DO $$ BEGIN IF now() > '2020-01-01' THEN DROP VIEW v; END IF; END $$", "DROP TABLE t"},
    {"branch_adds_key", "CREATE TABLE t (a int)", "DO $$ BEGIN IF now() > '2020-01-01' THEN ALTER TABLE t ADD PRIMARY KEY (a); END IF; END $$", "ALTER TABLE t ADD PRIMARY KEY (a)"},
    {"branch_makes_unique_index", "CREATE TABLE t (a int); CREATE TABLE u (a int)", "DO $$ BEGIN IF now() > '2020-01-01' THEN CREATE UNIQUE INDEX i ON t (a); END IF; END $$", "ALTER TABLE u ADD FOREIGN KEY (a) REFERENCES t (a)"},
    {"branch_adds_label", "CREATE TYPE m AS ENUM ('a')", "DO $$ BEGIN IF now() > '2020-01-01' THEN ALTER TYPE m ADD VALUE 'b'; END IF; END $$", "CREATE TABLE t (a m DEFAULT 'b')"},
    {"branch_drops_function", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'", "DO $$ BEGIN IF now() > '2020-01-01' THEN DROP FUNCTION f(int); END IF; END $$", "CREATE FUNCTION f(a int) RETURNS text LANGUAGE sql AS 'SELECT NULL'"},
    // ---- an order of rows that is not known
    {"order_of_drops", "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a)", "DO $$ DECLARE r record; BEGIN FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename LOOP EXECUTE 'DROP TABLE ' || r.tablename; END LOOP; END $$", "CREATE TABLE a (b int)"},
    {"last_row_wins", "CREATE TABLE a (id int); CREATE TABLE b (id int)", "DO $$ DECLARE r record; n text; BEGIN FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP n := r.tablename; END LOOP; EXECUTE 'DROP TABLE ' || n; END $$", "CREATE TABLE a (b int)"},
    // ---- a command that is put together from rows
    {"execute_of_rows_makes_table", "CREATE TABLE c (v text); INSERT INTO c VALUES ('u')", "DO $$ DECLARE r record; BEGIN FOR r IN SELECT v FROM c LOOP EXECUTE format('CREATE TABLE %I (a int)', r.v); END LOOP; END $$", "ALTER TABLE u ADD COLUMN b int"},
    {"execute_of_rows_drops_table", "CREATE TABLE t (a int); CREATE TABLE c (v text); INSERT INTO c VALUES ('t')", "DO $$ DECLARE r record; BEGIN FOR r IN SELECT v FROM c LOOP EXECUTE format('DROP TABLE %I', r.v); END LOOP; END $$", "CREATE TABLE t (b int)"},
    {"whole_command_of_rows", "CREATE TABLE t (a int); CREATE TABLE c (v text); INSERT INTO c VALUES ('x')", "DO $$ DECLARE r record; BEGIN FOR r IN SELECT v FROM c LOOP EXECUTE r.v; END LOOP; END $$", "CREATE TABLE t (b int)"},
    // ---- an error that may occur and is handled
    {"handled_error_takes_column_back", "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)", "DO $$ BEGIN ALTER TABLE t ADD k int; CREATE UNIQUE INDEX u ON t (a); EXCEPTION WHEN unique_violation THEN NULL; END $$", "ALTER TABLE t ADD k int"},
    {"handled_error_leaves_column_out", "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)", "DO $$ BEGIN ALTER TABLE t ADD k int; CREATE UNIQUE INDEX u ON t (a); EXCEPTION WHEN unique_violation THEN NULL; END $$", "ALTER TABLE t DROP COLUMN k"},
    // ---- a function whose body is not interpreted
    {"called_function_drops_table", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN DROP TABLE t; END $$", "SELECT f()", "CREATE TABLE t (b int)"},
    {"called_function_executes_anything", "CREATE TABLE t (a int); CREATE FUNCTION f(n text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DROP TABLE ' || n; END $$", "SELECT f('t')", "CREATE TABLE t (b int)"},
});
// clang-format on

class Doubt : public testing::TestWithParam<Case> {};

TEST_P(Doubt, IsPassedOn) {
    const Case& each = GetParam();
    const JudgedFolder folder({{.up = each.first, .down = ""},
                               {.up = each.doubtful, .down = ""},
                               {.up = each.then, .down = ""}});
    EXPECT_EQ(show(folder.judgement(1).applies), "yes");
    EXPECT_TRUE(show(folder.judgement(2).applies).starts_with("unknown: "))
        << show(folder.judgement(2).applies);
    EXPECT_TRUE(show(folder.judgement(3).applies).starts_with("unknown: "))
        << show(folder.judgement(3).applies);
}

INSTANTIATE_TEST_SUITE_P(Plans,
                         Doubt,
                         testing::ValuesIn(cases),
                         [](const testing::TestParamInfo<Case>& each) {
                             return std::string(each.param.name);
                         });

} // namespace
} // namespace ordain::test
