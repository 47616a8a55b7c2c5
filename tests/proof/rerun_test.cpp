// What a second run does: each expectation is what Ordain says, and a server is asked the same.

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
    std::string_view before;
    std::string_view up;
    std::string_view rerun;
    std::string_view data = "none";
};

// clang-format off
constexpr auto cases = std::to_array<Case>({
    {.name = "create_table", .before = "", .up = "CREATE TABLE t (a int)",
     .rerun = "no 42P07 in 1: relation \"t\" already exists"},
    {.name = "create_table_guarded", .before = "", .up = "CREATE TABLE IF NOT EXISTS t (a int)", .rerun = "yes"},
    {.name = "guard_hides_what_a_later_statement_needs", .before = "",
     .up = "CREATE TABLE IF NOT EXISTS t (a int, b int); ALTER TABLE t DROP COLUMN b",
     .rerun = R"(no 42703 in 2: column "b" of relation "t" does not exist)"},
    {.name = "dropped_and_made_again", .before = "",
     .up = "DROP TABLE IF EXISTS t; CREATE TABLE t (a int PRIMARY KEY, b text DEFAULT 'x')", .rerun = "yes", .data = "destroys"},
    {.name = "drop_table", .before = "CREATE TABLE t (a int)", .up = "DROP TABLE t",
     .rerun = "no 42P01 in 1: table \"t\" does not exist"},
    {.name = "drop_table_guarded", .before = "CREATE TABLE t (a int)", .up = "DROP TABLE IF EXISTS t", .rerun = "yes"},
    {.name = "add_column", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t ADD COLUMN b int",
     .rerun = R"(no 42701 in 1: column "b" of relation "t" already exists)"},
    {.name = "add_column_guarded", .before = "CREATE TABLE t (a int)",
     .up = "ALTER TABLE t ADD COLUMN IF NOT EXISTS b int", .rerun = "yes"},
    {.name = "drop_and_add_column", .before = "CREATE TABLE t (a int)",
     .up = "ALTER TABLE t DROP COLUMN IF EXISTS b; ALTER TABLE t ADD COLUMN b int", .rerun = "yes", .data = "destroys"},
    {.name = "view_dropped_and_made_again", .before = "CREATE TABLE t (a int)",
     .up = "DROP VIEW IF EXISTS v; CREATE VIEW v AS SELECT a FROM t", .rerun = "yes"},
    {.name = "block_that_writes_no_rows", .before = "CREATE TABLE t (a int)",
     .up = "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'm') THEN CREATE TYPE m AS ENUM ('x'); END IF; "
           "EXCEPTION WHEN duplicate_object THEN NULL; END $$", .rerun = "yes"},
    {.name = "block_that_may_write_rows", .before = "CREATE TABLE t (a int)",
     .up = "DO $$ BEGIN IF EXISTS (SELECT FROM pg_class WHERE relname = 't') THEN INSERT INTO t VALUES (1); END IF; END $$",
     .rerun = "yes", .data = "repeats"},
    {.name = "block_that_runs_what_it_computes", .before = "CREATE TABLE t (a int)",
     .up = "DO $$ BEGIN EXECUTE 'COMMENT ON TABLE t IS NULL'; END $$", .rerun = "yes", .data = "unknown"},
    {.name = "rename_column", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t RENAME COLUMN a TO b",
     .rerun = "no 42703 in 1: column \"a\" does not exist"},
    {.name = "columns_swap_names", .before = "CREATE TABLE t (a int, b text)",
     .up = "ALTER TABLE t RENAME a TO c; ALTER TABLE t RENAME b TO a; ALTER TABLE t RENAME c TO b",
     .rerun = R"(no: a second run changes column "a" of table "public.t")"},
    {.name = "set_default", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t ALTER a SET DEFAULT 1", .rerun = "yes"},
    {.name = "set_statistics", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t ALTER a SET STATISTICS 500", .rerun = "yes"},
    {.name = "set_not_null", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t ALTER a SET NOT NULL", .rerun = "yes"},
    {.name = "alter_type", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t ALTER a TYPE bigint", .rerun = "yes"},
    {.name = "index_without_a_name", .before = "CREATE TABLE t (a int)", .up = "CREATE INDEX ON t (a)",
     .rerun = "no: a second run adds index \"public.t_a_idx1\""},
    {.name = "check_without_a_name", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t ADD CHECK (a > 0)",
     .rerun = R"(no: a second run adds constraint "t_a_check1" of table "public.t")"},
    {.name = "foreign_key_without_a_name", .before = "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int)",
     .up = "ALTER TABLE u ADD FOREIGN KEY (b) REFERENCES t",
     .rerun = R"(no: a second run adds constraint "u_b_fkey1" of table "public.u")"},
    {.name = "second_primary_key", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t ADD PRIMARY KEY (a)",
     .rerun = "no 42P16 in 1: multiple primary keys for table \"t\" are not allowed"},
    {.name = "constraint_dropped_first", .before = "CREATE TABLE t (a int)",
     .up = "ALTER TABLE t DROP CONSTRAINT IF EXISTS c; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", .rerun = "yes"},
    {.name = "enum_label", .before = "CREATE TYPE m AS ENUM ('x')", .up = "ALTER TYPE m ADD VALUE 'y'",
     .rerun = "no 42710 in 1: enum label \"y\" already exists"},
    {.name = "enum_label_guarded", .before = "CREATE TYPE m AS ENUM ('x')", .up = "ALTER TYPE m ADD VALUE IF NOT EXISTS 'y'", .rerun = "yes"},
    {.name = "view_replaced", .before = "CREATE TABLE t (a int)", .up = "CREATE OR REPLACE VIEW v AS SELECT a FROM t", .rerun = "yes"},
    {.name = "function_replaced", .before = "",
     .up = "CREATE OR REPLACE FUNCTION f(a int DEFAULT 1) RETURNS int LANGUAGE sql SET search_path FROM CURRENT AS 'SELECT 1'", .rerun = "yes"},
    {.name = "function_option_set_twice", .before = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
     .up = "ALTER FUNCTION f() SET search_path TO public COST 5", .rerun = "yes"},
    {.name = "trigger", .before = "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
     .up = "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
     .rerun = R"(no 42710 in 1: trigger "g" for relation "t" already exists)"},
    {.name = "comment", .before = "CREATE TABLE t (a int)", .up = "COMMENT ON TABLE t IS 'x'", .rerun = "yes"},
    {.name = "grant", .before = "CREATE TABLE t (a int)", .up = "GRANT SELECT ON t TO PUBLIC", .rerun = "yes"},
    {.name = "null_default_of_a_length", .before = "CREATE TABLE t (a int)",
     .up = "ALTER TABLE t ADD COLUMN IF NOT EXISTS b varchar(5) DEFAULT NULL", .rerun = "yes"},
    {.name = "rows_again", .before = "CREATE TABLE t (a int)", .up = "INSERT INTO t VALUES (1)", .rerun = "yes", .data = "repeats"},
    {.name = "expressions_into_not_null", .before = "CREATE TABLE t (a text NOT NULL)",
     .up = "INSERT INTO t VALUES (coalesce(NULL, 'x')), (lower('Y'))", .rerun = "yes", .data = "repeats"},
});
// clang-format on

class Rerun : public testing::TestWithParam<Case> {};

TEST_P(Rerun, SecondRunIsJudged) {
    const Case& each = GetParam();
    const JudgedFolder folder({{.up = each.before, .down = ""}, {.up = each.up, .down = ""}});
    EXPECT_EQ(show(folder.judgement(1).applies), "yes");
    EXPECT_EQ(show(folder.judgement(2).applies), "yes");
    EXPECT_EQ(show(folder.judgement(2).rerun.answer), each.rerun);
    EXPECT_EQ(name_of(folder.judgement(2).rerun.data), each.data);
}

TEST_P(Rerun, ServerSaysTheSame) {
    const Case& each = GetParam();
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_EQ(run_in_transaction(*session, each.before).message, "");
    ASSERT_EQ(run_in_transaction(*session, each.up).message, "");
    const std::vector<std::string> first = schema_of(*session);
    const Answer second = run_in_transaction(*session, each.up);
    const std::vector<std::string> now = schema_of(*session);
    if (!second.ok()) {
        EXPECT_TRUE(each.rerun.starts_with("no " + second.sqlstate + " in ")) << second.message;
        EXPECT_TRUE(each.rerun.ends_with(": " + second.message)) << second.message;
    } else if (each.rerun == "yes") {
        EXPECT_EQ(now, first);
    } else {
        EXPECT_TRUE(each.rerun.starts_with("no: "));
        EXPECT_NE(now, first);
    }
}

INSTANTIATE_TEST_SUITE_P(Scripts,
                         Rerun,
                         testing::ValuesIn(cases),
                         [](const testing::TestParamInfo<Case>& each) {
                             return std::string(each.param.name);
                         });

TEST(RerunOfRows, ThatMayCollideIsUnknown) {
    const JudgedFolder folder({{.up = "CREATE TABLE t (a int PRIMARY KEY)", .down = ""},
                               {.up = "INSERT INTO t VALUES (1)", .down = ""}});
    EXPECT_EQ(show(folder.judgement(2).applies), "yes");
    EXPECT_EQ(show(folder.judgement(2).rerun.answer),
              "unknown: rows of \"t\" may collide in a unique index");
}

} // namespace
} // namespace ordain::test
