// What a down script leaves: each expectation is what Ordain says, and a server is asked the same.

#include "proof/judged_folder.hpp"
#include "proof/server_schema.hpp"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace ordain::test {
namespace {

struct Case {
    std::string_view name;
    std::string_view before;
    std::string_view up;
    std::string_view down;
    std::string_view rollback;
};

// clang-format off
constexpr auto cases = std::to_array<Case>({
    {.name = "dropped_again", .before = "", .up = "CREATE TABLE t (a serial PRIMARY KEY)", .down = "DROP TABLE t", .rollback = "restores"},
    {.name = "nothing_but_a_comment", .before = "", .up = "CREATE TABLE t (a int)", .down = "-- cannot be undone",
     .rollback = R"(differs, left table "public.t", column "a" of table "public.t")"},
    {.name = "type_left", .before = "", .up = "CREATE TYPE m AS ENUM ('x'); CREATE TABLE t (a m)", .down = "DROP TABLE t",
     .rollback = "differs, left enum \"public.m\""},
    {.name = "column_lost", .before = "CREATE TABLE t (a int, b int)", .up = "ALTER TABLE t DROP COLUMN b", .down = "SELECT 1",
     .rollback = R"(differs, lost column "b" of table "public.t")"},
    {.name = "index_lost_with_column", .before = "CREATE TABLE t (a int, b int); CREATE INDEX i ON t (b)",
     .up = "ALTER TABLE t DROP COLUMN b", .down = "ALTER TABLE t ADD COLUMN b int",
     .rollback = "differs, lost index \"public.i\""},
    {.name = "column_comes_back_last", .before = "CREATE TABLE t (a int, b int)", .up = "ALTER TABLE t DROP COLUMN a",
     .down = "ALTER TABLE t ADD COLUMN a int", .rollback = "restores, order of public.t"},
    {.name = "column_comes_back_otherwise", .before = "CREATE TABLE t (a int, b int NOT NULL)", .up = "ALTER TABLE t DROP COLUMN b",
     .down = "ALTER TABLE t ADD COLUMN b bigint", .rollback = R"(differs, changed column "b" of table "public.t")"},
    {.name = "not_null_forgotten", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t ALTER a SET NOT NULL, ADD COLUMN b int",
     .down = "ALTER TABLE t DROP COLUMN b", .rollback = R"(differs, changed column "a" of table "public.t")"},
    {.name = "primary_key_leaves_not_null", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (a)",
     .down = "ALTER TABLE t DROP CONSTRAINT k", .rollback = R"(differs, changed column "a" of table "public.t")"},
    {.name = "renamed_and_back", .before = "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t",
     .up = "ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME a TO b", .down = "ALTER TABLE u RENAME b TO a; ALTER TABLE u RENAME TO t",
     .rollback = "restores"},
    {.name = "default_of_a_length_in_other_words", .before = "CREATE TABLE t (a varchar(20) DEFAULT 'x'::character varying)",
     .up = "ALTER TABLE t ALTER a SET DEFAULT 'y'", .down = "ALTER TABLE t ALTER a SET DEFAULT 'x'", .rollback = "restores"},
    {.name = "default_cut_to_another_length", .before = "CREATE TABLE t (a text DEFAULT 'abc'::varchar(2))",
     .up = "ALTER TABLE t ALTER a DROP DEFAULT", .down = "ALTER TABLE t ALTER a SET DEFAULT 'abc'::varchar(3)",
     .rollback = R"(differs, changed column "a" of table "public.t")"},
    {.name = "null_default_of_a_length_is_a_default", .before = "CREATE TABLE t (a varchar(5))",
     .up = "ALTER TABLE t ALTER a SET DEFAULT 'x'", .down = "ALTER TABLE t ALTER a SET DEFAULT NULL",
     .rollback = R"(differs, changed column "a" of table "public.t")"},
    {.name = "null_default_is_none", .before = "CREATE TABLE t (a text)",
     .up = "ALTER TABLE t ALTER a SET DEFAULT 'x'", .down = "ALTER TABLE t ALTER a SET DEFAULT NULL", .rollback = "restores"},
    {.name = "bit_of_a_length_in_other_words", .before = "CREATE TABLE t (a bit(3) DEFAULT B'101')",
     .up = "ALTER TABLE t ALTER a DROP DEFAULT", .down = "ALTER TABLE t ALTER a SET DEFAULT '101'", .rollback = "restores"},
    {.name = "statistics_target_of_the_default", .before = "CREATE TABLE t (a int)",
     .up = "ALTER TABLE t ALTER a SET STATISTICS 500", .down = "ALTER TABLE t ALTER a SET STATISTICS -1", .rollback = "restores"},
    {.name = "storage_of_the_default", .before = "CREATE TABLE t (a text, b numeric)",
     .up = "ALTER TABLE t ALTER a SET STORAGE EXTERNAL, ALTER b SET STORAGE EXTERNAL",
     .down = "ALTER TABLE t ALTER a SET STORAGE EXTENDED, ALTER b SET STORAGE MAIN", .rollback = "restores"},
    {.name = "storage_left", .before = "CREATE TABLE t (a text)", .up = "ALTER TABLE t ALTER a SET STORAGE EXTERNAL",
     .down = "ALTER TABLE t ALTER a SET STORAGE MAIN", .rollback = R"(differs, changed column "a" of table "public.t")"},
    {.name = "replica_identity_of_the_default", .before = "CREATE TABLE t (a int)",
     .up = "ALTER TABLE t REPLICA IDENTITY FULL", .down = "ALTER TABLE t REPLICA IDENTITY DEFAULT", .rollback = "restores"},
    {.name = "sequence_type_there_and_back", .before = "CREATE TABLE t (a serial, b int GENERATED ALWAYS AS IDENTITY)",
     .up = "ALTER SEQUENCE t_a_seq AS bigint; ALTER SEQUENCE t_a_seq INCREMENT 5",
     .down = "ALTER SEQUENCE t_a_seq AS int; ALTER SEQUENCE t_a_seq INCREMENT 1", .rollback = "restores"},
    {.name = "owner_left", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t OWNER TO pg_monitor", .down = "SELECT 1",
     .rollback = R"(differs, annotations comment, owner or privileges of table "public.t")"},
    {.name = "owner_there_and_back", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t OWNER TO pg_monitor",
     .down = "ALTER TABLE t OWNER TO CURRENT_USER", .rollback = "restores"},
    {.name = "privileges_taken_back_one_by_one", .before = "CREATE TABLE t (a int)",
     .up = "GRANT SELECT, INSERT ON t TO pg_monitor",
     .down = "REVOKE INSERT ON t FROM pg_monitor; REVOKE SELECT ON t FROM pg_monitor", .rollback = "restores"},
    {.name = "all_privileges_taken_back_by_name", .before = "CREATE TABLE t (a int); CREATE SEQUENCE s",
     .up = "GRANT ALL ON ALL TABLES IN SCHEMA public TO pg_monitor; GRANT ALL ON SEQUENCE s TO pg_monitor",
     .down = "REVOKE SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON t FROM pg_monitor; "
             "REVOKE USAGE, SELECT, UPDATE ON SEQUENCE s FROM pg_monitor", .rollback = "restores"},
    {.name = "privilege_of_columns_goes_with_that_of_the_table", .before = "CREATE TABLE t (a int, b int)",
     .up = "GRANT SELECT (a, b) ON t TO pg_monitor", .down = "REVOKE SELECT ON t FROM pg_monitor", .rollback = "restores"},
    {.name = "privilege_of_a_column_left", .before = "CREATE TABLE t (a int, b int)",
     .up = "GRANT SELECT (a, b) ON t TO pg_monitor", .down = "REVOKE SELECT (b) ON t FROM pg_monitor",
     .rollback = R"(differs, annotations comment, owner or privileges of table "public.t")"},
    {.name = "grant_option_taken_back", .before = "CREATE TABLE t (a int); GRANT SELECT ON t TO pg_monitor",
     .up = "GRANT SELECT ON t TO pg_monitor WITH GRANT OPTION",
     .down = "REVOKE GRANT OPTION FOR SELECT ON t FROM pg_monitor", .rollback = "restores"},
    {.name = "privilege_taken_with_the_grant_option", .before = "CREATE TABLE t (a int); GRANT SELECT ON t TO pg_monitor",
     .up = "GRANT SELECT ON t TO pg_monitor WITH GRANT OPTION", .down = "REVOKE SELECT ON t FROM pg_monitor",
     .rollback = R"(differs, annotations comment, owner or privileges of table "public.t")"},
    {.name = "tables_of_a_schema_are_no_sequences", .before = "CREATE SEQUENCE s; CREATE TABLE t (a int)",
     .up = "GRANT SELECT ON ALL TABLES IN SCHEMA public TO pg_monitor", .down = "REVOKE SELECT ON t FROM pg_monitor",
     .rollback = "restores"},
    {.name = "role_with_privileges_stays", .before = "CREATE TABLE t (a int); CREATE ROLE held",
     .up = "GRANT SELECT ON t TO held", .down = "DROP ROLE held",
     .rollback = R"(fails 2BP01 in 1: role "held" cannot be dropped because some objects depend on it)"},
    {.name = "storage_parameter_reset", .before = "CREATE TABLE t (a int)",
     .up = "ALTER TABLE t SET (fillfactor = 70)", .down = "ALTER TABLE t RESET (fillfactor)", .rollback = "restores"},
    {.name = "type_there_and_back", .before = "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE INDEX j ON t ((a + 1))",
     .up = "ALTER TABLE t ALTER a TYPE bigint", .down = "ALTER TABLE t ALTER a TYPE int", .rollback = "restores"},
    {.name = "index_over_a_cast_that_a_type_change_ate",
     .before = "CREATE TABLE t (a timestamp); CREATE INDEX i ON t (date(a))",
     .up = "ALTER TABLE t ALTER a TYPE date", .down = "ALTER TABLE t ALTER a TYPE timestamp",
     .rollback = "differs, changed index \"public.i\""},
    {.name = "index_collation_in_other_words",
     .before = R"(CREATE TABLE t (a text, b text COLLATE "C"); CREATE INDEX i ON t (a COLLATE "C", b))",
     .up = "DROP INDEX i",
     .down = R"(CREATE INDEX i ON t ((a COLLATE "C"), (b COLLATE "C")))",
     .rollback = "restores"},
    {.name = "function_restored", .before = "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     .up = "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 2'",
     .down = "CREATE OR REPLACE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'", .rollback = "restores"},
    {.name = "function_setting_lost",
     .before = "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path FROM CURRENT AS 'SELECT 1'",
     .up = "DROP FUNCTION f()", .down = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
     .rollback = "differs, changed function \"public.f()\""},
    {.name = "function_setting_in_other_words",
     .before = "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path FROM CURRENT AS 'SELECT 1'",
     .up = "DROP FUNCTION f()",
     .down = "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET search_path TO \"$user\", public AS 'SELECT 1'", .rollback = "restores"},
    {.name = "function_default_changed", .before = "CREATE FUNCTION f(a int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     .up = "DROP FUNCTION f", .down = "CREATE FUNCTION f(a int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     .rollback = "differs, changed function \"public.f(integer)\""},
    {.name = "trigger_left_disabled",
     .before = "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
               "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
     .up = "ALTER TABLE t DISABLE TRIGGER g", .down = "SELECT 1", .rollback = R"(differs, changed trigger "g" of table "public.t")"},
    {.name = "enum_label_stays", .before = "CREATE TYPE m AS ENUM ('x')", .up = "ALTER TYPE m ADD VALUE 'y'", .down = "SELECT 1",
     .rollback = "differs, changed enum \"public.m\""},
    {.name = "constraint_not_validated", .before = "CREATE TABLE t (a int CONSTRAINT c CHECK (a > 0))", .up = "ALTER TABLE t DROP CONSTRAINT c",
     .down = "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID",
     .rollback = R"(differs, changed constraint "c" of table "public.t")"},
    {.name = "foreign_key_action_lost",
     .before = "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int CONSTRAINT c REFERENCES t ON DELETE CASCADE)",
     .up = "ALTER TABLE u DROP CONSTRAINT c", .down = "ALTER TABLE u ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES t",
     .rollback = R"(differs, changed constraint "c" of table "public.u")"},
    {.name = "sequence_not_owned", .before = "CREATE TABLE t (a int); CREATE SEQUENCE s OWNED BY t.a",
     .up = "ALTER SEQUENCE s OWNED BY NONE", .down = "SELECT 1", .rollback = "differs, changed sequence \"public.s\""},
    {.name = "row_security_left", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON t",
     .down = "DROP POLICY p ON t", .rollback = "differs, changed table \"public.t\""},
    {.name = "comment_lost", .before = "CREATE TABLE t (a int); COMMENT ON TABLE t IS 'x'", .up = "COMMENT ON TABLE t IS 'y'", .down = "SELECT 1",
     .rollback = "differs, annotations comment, owner or privileges of table \"public.t\""},
    {.name = "view_otherwise", .before = "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t",
     .up = "DROP VIEW v", .down = "CREATE VIEW v AS SELECT a FROM t WHERE b > 0", .rollback = "differs, changed view \"public.v\""},
    {.name = "down_names_another_table", .before = "", .up = "CREATE TABLE t (a int)", .down = "DROP TABLE u",
     .rollback = "fails 42P01 in 1: table \"u\" does not exist"},
    {.name = "down_forgets_a_view", .before = "CREATE TABLE t (a int)", .up = "ALTER TABLE t ADD COLUMN b int; CREATE VIEW v AS SELECT b FROM t",
     .down = "ALTER TABLE t DROP COLUMN b",
     .rollback = "fails 2BP01 in 1: cannot drop column b of table t because other objects depend on it"},
});
// clang-format on

std::string outcome_of(const RollbackAnswer& rollback) {
    std::string text(name_of(rollback.verdict));
    if (rollback.verdict == RollbackVerdict::unknown) return text + ": " + rollback.failure.message;
    if (rollback.verdict == RollbackVerdict::fails) return text + show(rollback.failure).substr(2);
    const Difference& difference = rollback.difference;
    if (!difference.created.empty()) text += ", left " + show(difference.created);
    if (!difference.dropped.empty()) text += ", lost " + show(difference.dropped);
    if (!difference.changed.empty()) text += ", changed " + show(difference.changed);
    if (!difference.order_changed.empty())
        text += fmt::format(", order of {}", fmt::join(difference.order_changed, ", "));
    if (!difference.annotations.empty())
        text += fmt::format(", annotations {}", fmt::join(difference.annotations, ", "));
    return text;
}

class Rollback : public testing::TestWithParam<Case> {};

TEST_P(Rollback, DownScriptIsJudged) {
    const Case& each = GetParam();
    const JudgedFolder folder(
        {{.up = each.before, .down = "SELECT 1"}, {.up = each.up, .down = each.down}});
    EXPECT_EQ(show(folder.judgement(1).applies), "yes");
    EXPECT_EQ(show(folder.judgement(2).applies), "yes");
    EXPECT_EQ(outcome_of(folder.judgement(2).rollback), each.rollback);
}

TEST_P(Rollback, ServerSaysTheSame) {
    const Case& each = GetParam();
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_EQ(run_in_transaction(*session, each.before).message, "");
    const std::vector<std::string> before = schema_of(*session);
    ASSERT_EQ(run_in_transaction(*session, each.up).message, "");
    const Answer down = run_in_transaction(*session, each.down);
    const std::vector<std::string> after = schema_of(*session);
    if (!down.ok()) {
        EXPECT_TRUE(each.rollback.starts_with("fails " + down.sqlstate)) << down.message;
        EXPECT_TRUE(each.rollback.ends_with(": " + down.message)) << down.message;
    } else if (each.rollback.starts_with("restores")) {
        EXPECT_EQ(after, before);
    } else {
        EXPECT_TRUE(each.rollback.starts_with("differs"));
        EXPECT_NE(after, before);
    }
}

INSTANTIATE_TEST_SUITE_P(Scripts,
                         Rollback,
                         testing::ValuesIn(cases),
                         [](const testing::TestParamInfo<Case>& each) {
                             return std::string(each.param.name);
                         });

TEST(RollbackOfNoScript, IsMissing) {
    const JudgedFolder folder({{.up = "CREATE TABLE t (a int)", .down = "DROP TABLE t"},
                               {.up = "CREATE TABLE u (a int)", .down = ""}});
    EXPECT_EQ(folder.judgement(2).rollback.verdict, RollbackVerdict::missing);
}

TEST(RollbackOfAnEmptyScript, IsMissing) {
    const JudgedFolder folder(
        std::vector<Scripts>{{.up = "CREATE TABLE t (a int)", .down = " \n"}});
    EXPECT_EQ(folder.judgement(1).rollback.verdict, RollbackVerdict::missing);
}

} // namespace
} // namespace ordain::test
