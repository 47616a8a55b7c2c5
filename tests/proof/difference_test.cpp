// How a difference reads: the definitions of every kind of object as SQL.

#include "proof/judged_folder.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::test {
namespace {

struct Case {
    std::string_view name;
    std::string_view before;
    std::string_view change;
    std::vector<std::string_view> how;
};

// clang-format off
const auto cases = std::to_array<Case>({
    {.name = "column", .before = "CREATE TABLE t (a int)",
     .change = "ALTER TABLE t ALTER a TYPE varchar(9), ALTER a SET DEFAULT 'x', ALTER a SET NOT NULL",
     .how = {"integer -> character varying(9) DEFAULT 'x'::character varying NOT NULL"}},
    {.name = "identity_column", .before = "CREATE TABLE t (a int NOT NULL)",
     .change = "ALTER TABLE t ALTER a ADD GENERATED ALWAYS AS IDENTITY",
     .how = {"integer NOT NULL -> integer GENERATED ALWAYS AS IDENTITY NOT NULL"}},
    {.name = "generated_column", .before = "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED)",
     .change = "ALTER TABLE t ALTER b DROP EXPRESSION",
     .how = {"integer GENERATED ALWAYS AS ((a * 2)) STORED -> integer"}},
    {.name = "check", .before = "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0))",
     .change = "ALTER TABLE t DROP CONSTRAINT c; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1) NOT VALID",
     .how = {"CHECK ((a > 0)) -> CHECK ((a > 1)) NOT VALID"}},
    {.name = "foreign_key", .before = "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int CONSTRAINT c REFERENCES t)",
     .change = "ALTER TABLE u DROP CONSTRAINT c; ALTER TABLE u ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES t "
               "ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED",
     .how = {"FOREIGN KEY (b) REFERENCES public.t(a) -> FOREIGN KEY (b) REFERENCES public.t(a) ON UPDATE CASCADE "
             "ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED"}},
    {.name = "unique", .before = "CREATE TABLE t (a int, b int, CONSTRAINT c UNIQUE (a))",
     .change = "ALTER TABLE t DROP CONSTRAINT c; ALTER TABLE t ADD CONSTRAINT c UNIQUE (b, a)",
     .how = {"UNIQUE (a) -> UNIQUE (b, a)",
             "UNIQUE INDEX ON public.t USING btree (a) -> UNIQUE INDEX ON public.t USING btree (b, a)"}},
    {.name = "index", .before = "CREATE TABLE t (a int, b text); CREATE INDEX i ON t (a)",
     .change = "DROP INDEX i; CREATE UNIQUE INDEX i ON t USING btree (a DESC NULLS LAST, lower(b)) INCLUDE (b) WITH (fillfactor = 70) WHERE a > 0",
     .how = {"INDEX ON public.t USING btree (a) -> UNIQUE INDEX ON public.t USING btree (a DESC NULLS LAST, (lower(b))) "
             "INCLUDE (b) WITH (fillfactor=70) WHERE ((a > 0))"}},
    {.name = "view", .before = "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t",
     .change = "CREATE OR REPLACE VIEW v AS SELECT a FROM t WHERE a > 0",
     .how = {"VIEW AS SELECT public.t.a AS a FROM public.t -> VIEW AS SELECT public.t.a AS a FROM public.t WHERE (public.t.a > 0)"}},
    {.name = "function", .before = "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT 1'",
     .change = "CREATE OR REPLACE FUNCTION f(a int, b text DEFAULT 'y') RETURNS int LANGUAGE sql IMMUTABLE STRICT SECURITY DEFINER "
               "SET search_path TO a, b COST 5 AS $$SELECT 'x'$$",
     .how = {"FUNCTION(a integer, b text DEFAULT 'x'::text) RETURNS integer LANGUAGE sql AS 'SELECT 1' -> "
             "FUNCTION(a integer, b text DEFAULT 'y'::text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT SECURITY DEFINER "
             "COST 5 SET search_path=a,b AS 'SELECT ''x'''"}},
    {.name = "function_of_unnamed", .before = "CREATE FUNCTION f(int, OUT text) LANGUAGE sql AS 'SELECT NULL::text'",
     .change = "ALTER FUNCTION f(int) STABLE",
     .how = {"FUNCTION(integer, OUT text) RETURNS text LANGUAGE sql AS 'SELECT NULL::text' -> "
             "FUNCTION(integer, OUT text) RETURNS text LANGUAGE sql STABLE AS 'SELECT NULL::text'"}},
    {.name = "trigger",
     .before = "CREATE TABLE t (a int, b int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
               "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
     .change = "CREATE OR REPLACE TRIGGER g AFTER INSERT OR UPDATE OF a, b ON t FOR EACH ROW WHEN (new.a > 0) EXECUTE FUNCTION f('x'); "
               "ALTER TABLE t DISABLE TRIGGER g",
     .how = {"TRIGGER BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.f() -> "
             "TRIGGER AFTER INSERT OR UPDATE OF (a, b) ON public.t FOR EACH ROW WHEN ((new.a > 0)) EXECUTE FUNCTION public.f('x') DISABLED"}},
    {.name = "policy", .before = "CREATE TABLE t (a int); CREATE POLICY p ON t FOR SELECT USING (a > 0)",
     .change = "DROP POLICY p ON t; CREATE POLICY p ON t AS RESTRICTIVE FOR UPDATE TO postgres USING (a > 0) WITH CHECK (a < 9)",
     .how = {"POLICY ON public.t FOR SELECT TO public USING ((a > 0)) -> "
             "POLICY ON public.t AS RESTRICTIVE FOR UPDATE TO postgres USING ((a > 0)) WITH CHECK ((a < 9))"}},
    {.name = "enum", .before = "CREATE TYPE m AS ENUM ('x')", .change = "ALTER TYPE m ADD VALUE 'it''s' BEFORE 'x'",
     .how = {"ENUM ('x') -> ENUM ('it''s', 'x')"}},
    {.name = "domain", .before = "CREATE DOMAIN d AS int NOT NULL", .change = "ALTER DOMAIN d SET DEFAULT 1; ALTER DOMAIN d DROP NOT NULL",
     .how = {"DOMAIN AS integer NOT NULL -> DOMAIN AS integer DEFAULT 1"}},
    {.name = "sequence", .before = "CREATE TABLE t (a int); CREATE SEQUENCE s", .change = "ALTER SEQUENCE s INCREMENT 2 OWNED BY t.a",
     .how = {"SEQUENCE -> SEQUENCE INCREMENT 2 OWNED BY public.t.a"}},
    {.name = "table", .before = "CREATE TABLE t (a int)",
     .change = "ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY; ALTER TABLE t SET (fillfactor = 70)",
     .how = {"TABLE -> TABLE WITH (fillfactor=70) ENABLE ROW LEVEL SECURITY FORCE ROW LEVEL SECURITY"}},
    {.name = "nothing", .before = "CREATE TABLE t (a int DEFAULT 1)", .change = "ALTER TABLE t ALTER a SET DEFAULT 1", .how = {}},
});
// clang-format on

class DifferenceText : public testing::TestWithParam<Case> {};

TEST_P(DifferenceText, IsSql) {
    const Case& each = GetParam();
    const JudgedFolder folder({{.up = each.before, .down = ""}, {.up = each.change, .down = ""}});
    const auto& effects = folder.judgement(2).effects;
    ASSERT_TRUE(effects) << show(folder.judgement(2).applies);
    const std::vector<std::string> expected(each.how.begin(), each.how.end());
    EXPECT_EQ(effects->how, expected);
}

INSTANTIATE_TEST_SUITE_P(Kinds,
                         DifferenceText,
                         testing::ValuesIn(cases),
                         [](const testing::TestParamInfo<Case>& each) {
                             return std::string(each.param.name);
                         });

TEST(DifferenceOfEffects, NamesWhatCameAndWent) {
    const JudgedFolder folder(
        {{.up = "CREATE TABLE t (a int, b int)", .down = ""},
         {.up = "ALTER TABLE t DROP COLUMN b; CREATE INDEX i ON t (a)", .down = ""}});
    const auto& effects = folder.judgement(2).effects;
    ASSERT_TRUE(effects);
    EXPECT_EQ(show(effects->created), "index \"public.i\"");
    EXPECT_EQ(show(effects->dropped), "column \"b\" of table \"public.t\"");
    EXPECT_EQ(show(effects->changed), "");
}

} // namespace
} // namespace ordain::test
