#include "statement_case.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace ordain::parse {
namespace {

const std::vector<StatementCase> function_cases{
    {.marked = "CREATE FUNCTION «f»() RETURNS «void» LANGUAGE sql AS 'select 1'",
     .actions = "<function> create_function f returns=<void> language=sql body='select 1' "
                "queries=[(select (integer 1))] volatile"},
    {.marked =
         R"(CREATE OR REPLACE FUNCTION «s».«f»(«a» «int», IN «"B"» «text» DEFAULT 'x', OUT «c» «int», INOUT «inout1» «s».«y», VARIADIC «variadic1» «text»[] = '{}') RETURNS SETOF «record» AS $body$ begin end $body$ LANGUAGE 'plpgsql' STABLE STRICT SECURITY DEFINER SET search_path = a, b COST 5.5 ROWS 3 PARALLEL safe LEAKPROOF SUPPORT sup WINDOW)",
     .actions =
         "<function> or_replace create_function s.f [(in a <`pg_catalog.int4>) (in B <text> "
         "default=(string x)) (out c <`pg_catalog.int4>) (inout inout1 <s.y>) (variadic variadic1 "
         "<text[]> default=(string {}))] returns=<setof record> language=plpgsql body=' begin end "
         "' stable security_definer strict window options=[set=search_path=a,b cost=5.5 rows=3 "
         "parallel=safe leakproof=true support=sup]"},
    {.marked = "CREATE FUNCTION «f»(«int», out «text») LANGUAGE c IMMUTABLE AS 'file', 'symbol'",
     .actions = "<function> create_function f [(in <`pg_catalog.int4>) (out <text>)] language=c "
                "body='file' immutable options=[link_symbol=symbol]"},
    {.marked =
         R"(CREATE FUNCTION «f»(«table1» «int») RETURNS «TABLE» («"a"» «int», «table2» «s».«y») LANGUAGE sql AS '')",
     .actions = "<function> create_function f [(in table1 <`pg_catalog.int4>) (table a "
                "<`pg_catalog.int4>) (table table2 <s.y>)] returns=<setof `pg_catalog.record> "
                "language=sql volatile"},
    {.marked = "CREATE FUNCTION «f»() RETURNS TABLE («a» «int») LANGUAGE sql AS ''",
     .actions = "<function> create_function f [(table a <`pg_catalog.int4>)] returns=<setof "
                "`pg_catalog.int4> language=sql volatile"},
    {.marked = "CREATE FUNCTION «f»(«a» «t».«c»%TYPE) RETURNS «int» RETURN «a» «+» 1",
     .actions = "<function> create_function f [(in a <t.c%type>)] returns=<`pg_catalog.int4> "
                "language=sql atomic (operator plain + (column a) (integer 1)) volatile"},
    {.marked = "CREATE PROCEDURE «p»(«a» «int») LANGUAGE sql BEGIN ATOMIC INSERT INTO «t» («a») "
               "VALUES («a»); SELECT 1; END",
     .actions = "<procedure> create_procedure p [(in a <`pg_catalog.int4>)] language=sql atomic "
                "[(insert target=t a rows=[[(column a)]]) (select (integer 1))] volatile"},
    {.marked =
         R"(CREATE FUNCTION «f»() RETURNS «int» LANGUAGE sql CALLED ON NULL INPUT EXTERNAL SECURITY INVOKER AS E'a
b' VOLATILE)",
     .actions = R"(<function> create_function f returns=<`pg_catalog.int4> language=sql body='a
b' volatile)"},
    {.marked =
         "ALTER FUNCTION «s».«f»(a «int») STRICT IMMUTABLE SECURITY DEFINER SET x = 1 RESET ALL",
     .actions = "<function> alter_function s.f[<`pg_catalog.int4>] [strict=true "
                "volatility=immutable security=true set=x=1 reset=all]"},
    {.marked = "ALTER PROCEDURE «p» RESET x", .actions = "<procedure> alter_procedure p [reset=x]"},
    {.marked = "DO $$ begin x; end $$", .actions = "do plpgsql ' begin x; end '"},
    {.marked = "DO LANGUAGE plpythonu 'x'", .actions = "do plpythonu 'x'"},
    {.marked = "CALL «s».«p»(1, «b» => 2)",
     .actions = "call (call s.p (integer 1) (named b (integer 2)))"},
};

const std::vector<StatementCase> trigger_and_policy_cases{
    {.marked =
         R"(CREATE TRIGGER «t» BEFORE INSERT OR DELETE OR UPDATE OF «a», «"B"» ON «s».«u» FOR EACH ROW WHEN («OLD».«a» «<>» «NEW».«a») EXECUTE FUNCTION «s».«f»('x', 1, y))",
     .actions = "create_trigger t before [insert update delete] of=[a B] on=s.u row when=(operator "
                "plain <> (column old.a) (column new.a)) execute=s.f [x 1 y]"},
    {.marked = "CREATE OR REPLACE TRIGGER «trigger» AFTER TRUNCATE ON «t» EXECUTE PROCEDURE «f»()",
     .actions = "or_replace create_trigger trigger after [truncate] on=t execute=f"},
    {.marked = "CREATE TRIGGER «update» INSTEAD OF UPDATE ON «v» FOR EACH ROW EXECUTE FUNCTION "
               "«execute1»()",
     .actions = "create_trigger update instead of [update] on=v row execute=execute1"},
    {.marked = "CREATE CONSTRAINT TRIGGER «constraint1» AFTER UPDATE ON «t» FROM «s».«r» "
               "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION «f»()",
     .actions = "create_trigger constraint constraint1 after [update] on=t from=s.r deferrable "
                "deferred row execute=f"},
    {.marked =
         R"(CREATE TRIGGER «t» AFTER UPDATE ON «u» REFERENCING OLD TABLE AS «old» NEW TABLE «"new"» FOR EACH STATEMENT EXECUTE FUNCTION «f»())",
     .actions = "create_trigger t after [update] on=u transitions=[old new] execute=f"},
    {.marked = "CREATE POLICY «p» ON «s».«t» AS RESTRICTIVE FOR UPDATE TO «joe», «PUBLIC», "
               "«CURRENT_USER» USING («a» «>» 0) WITH CHECK («b»)",
     .actions = "create_policy p on=s.t restrictive for=update to=[joe public current_user] "
                "using=(operator plain > (column a) (integer 0)) check=(column b)"},
    {.marked = "CREATE POLICY «policy» ON «t»",
     .actions = "create_policy policy on=t permissive for=all to=[public]"},
    {.marked = R"(ALTER POLICY «policy» ON «policy» TO «"X"», «y» USING («a») WITH CHECK («c»))",
     .actions = "alter_policy policy on=policy to=[X y] using=(column a) check=(column c)"},
    {.marked = "CREATE OR REPLACE RULE «rule» AS ON INSERT TO «s».«t» WHERE «NEW».«a» «>» 1 DO "
               "INSTEAD NOTHING",
     .actions = "or_replace create_rule rule on=s.t event=insert instead where=(operator plain > "
                "(column new.a) (integer 1))"},
    {.marked = R"(CREATE RULE «"_RETURN"» AS ON SELECT TO «t» DO INSTEAD SELECT * FROM «u»)",
     .actions =
         "create_rule _RETURN on=t event=select instead [(select (column *) from=[(relation u)])]"},
    {.marked = "CREATE RULE «r» AS ON UPDATE TO «t» DO ALSO (INSERT INTO «a» VALUES (1); DELETE "
               "FROM «b»)",
     .actions = "create_rule r on=t event=update [(insert target=a rows=[[(integer 1)]]) (delete "
                "target=b)]"},
};

const std::vector<StatementCase> type_cases{
    {.marked = "CREATE TYPE «s».«e» AS ENUM («'a'», «'B c'», '')",
     .actions = "<type> create_enum s.e [a B c ]"},
    {.marked = "CREATE TYPE «e» AS ENUM ()", .actions = "<type> create_enum e"},
    {.marked = "ALTER TYPE «e» ADD VALUE IF NOT EXISTS «'x'» BEFORE «'x'»",
     .actions = "if_not_exists alter_enum_add e 'x' before=x"},
    {.marked = R"(ALTER TYPE «s».«e» ADD VALUE «'value'» AFTER «E'it\'s'»)",
     .actions = "alter_enum_add s.e 'value' after=it's"},
    {.marked = "ALTER TYPE «e» ADD VALUE «'y'»", .actions = "alter_enum_add e 'y'"},
    {.marked = "ALTER TYPE «e» RENAME VALUE «'a'» TO «'b'»",
     .actions = "<type> alter_enum_rename e a to=b"},
    {.marked =
         R"(CREATE DOMAIN «s».«d» AS «numeric»(3, 1) COLLATE «"C"» DEFAULT 1 NOT NULL CONSTRAINT «c» CHECK («VALUE» «>» 0) NULL)",
     .actions = "<domain> create_domain s.d <`pg_catalog.numeric[(integer 3) (integer 1)]> "
                "collate=C [(default (integer 1)) (not_null) (check name=c (operator plain > "
                "(column value) (integer 0))) (null)]"},
    {.marked = "ALTER DOMAIN «d» SET DEFAULT 1",
     .actions = "<domain> alter_domain d 'set default' (integer 1)"},
    {.marked = "ALTER DOMAIN «d» DROP DEFAULT",
     .actions = "<domain> alter_domain d 'drop default'"},
    {.marked = "ALTER DOMAIN «d» SET NOT NULL",
     .actions = "<domain> alter_domain d 'set not null'"},
    {.marked = "ALTER DOMAIN «d» DROP NOT NULL",
     .actions = "<domain> alter_domain d 'drop not null'"},
    {.marked = "ALTER DOMAIN «s».«d» ADD CONSTRAINT «c» CHECK («VALUE» «>» 0) NOT VALID",
     .actions = "<domain> alter_domain s.d 'add constraint' (check name=c (operator plain > "
                "(column value) (integer 0)) not_valid)"},
    {.marked = "ALTER DOMAIN «d» ADD CHECK («VALUE» «>» 0)",
     .actions = "<domain> alter_domain d 'add constraint' (check (operator plain > (column value) "
                "(integer 0)))"},
    {.marked = "ALTER DOMAIN «d» DROP CONSTRAINT IF EXISTS «constraint1» CASCADE",
     .actions = "<domain> if_exists alter_domain d 'drop constraint' constraint1 cascade"},
    {.marked = "ALTER DOMAIN «d» VALIDATE CONSTRAINT «c»",
     .actions = "<domain> alter_domain d 'validate constraint' c"},
    {.marked = R"(CREATE TYPE «s».«c» AS («a» «int», «"B"» «text» COLLATE «"C"»))",
     .actions = "<type> create_composite_type s.c [(a <`pg_catalog.int4>) (B <text> collate=C)]"},
    {.marked = "CREATE TYPE «c» AS ()", .actions = "<type> create_composite_type c"},
    {.marked =
         R"(CREATE TYPE «s».«r» AS RANGE (SUBTYPE = «s».«x», COLLATION = "C", SUBTYPE_DIFF = f))",
     .actions =
         "<type> create_range s.r subtype=<s.x> options=[subtype=x collation=C subtype_diff=f]"},
    {.marked = "CREATE TYPE shell", .actions = "unmodelled CREATE TYPE"},
};

const std::vector<StatementCase> sequence_cases{
    {.marked =
         R"(CREATE TEMP SEQUENCE IF NOT EXISTS «s».«q» AS bigint INCREMENT BY -3 MINVALUE 1 NO MAXVALUE START WITH 5 CACHE 2 NO CYCLE OWNED BY «s».«owned».«"By"»)",
     .actions = "<sequence> if_not_exists create_sequence s.q temporary options=[as=int8 "
                "increment=-3 minvalue=1 maxvalue start=5 cache=2 cycle=false owned_by=s.owned.By] "
                "owned_by=s.owned By"},
    {.marked = "CREATE SEQUENCE «q» OWNED BY NONE",
     .actions = "<sequence> create_sequence q options=[owned_by=none]"},
    {.marked = "ALTER SEQUENCE IF EXISTS «s».«q» RESTART OWNED BY «t».«c» MAXVALUE 99999999999",
     .actions = "<sequence> if_exists alter_sequence s.q options=[restart owned_by=t.c "
                "maxvalue=99999999999] owned_by=t c"},
    {.marked = "ALTER SEQUENCE «q» OWNED BY NONE",
     .actions = "<sequence> alter_sequence q options=[owned_by=none] owned_by_none"},
    {.marked = "ALTER SEQUENCE «q» RESTART WITH 3 AS int",
     .actions = "<sequence> alter_sequence q options=[restart=3 as=int4]"},
};

const std::vector<StatementCase> role_and_extension_cases{
    {.marked =
         R"(CREATE EXTENSION IF NOT EXISTS «"uuid-ossp"» WITH SCHEMA «schema» VERSION '1.1' CASCADE)",
     .actions =
         "<extension> if_not_exists create_extension uuid-ossp schema=schema version=1.1 cascade"},
    {.marked = R"(CREATE EXTENSION «extension» VERSION "2")",
     .actions = "<extension> create_extension extension version=2"},
    {.marked =
         R"(CREATE ROLE «"R"» WITH SUPERUSER NOLOGIN CONNECTION LIMIT 5 PASSWORD 'x' VALID UNTIL '2030-01-01' IN ROLE a, b ROLE c)",
     .actions = "<role> create_role R [superuser=true canlogin=false connectionlimit=5 password=x "
                "validUntil=2030-01-01 addroleto=a,b rolemembers=c]"},
    {.marked = "CREATE USER «u»", .actions = "<role> create_role u [canlogin=true]"},
    {.marked = "CREATE USER «u» NOLOGIN", .actions = "<role> create_role u [canlogin=false]"},
    {.marked = "CREATE GROUP «g»", .actions = "<role> create_role g"},
    {.marked = "ALTER ROLE «r» NOSUPERUSER BYPASSRLS",
     .actions = "<role> alter_role r [superuser=false bypassrls=true]"},
    {.marked = "ALTER USER «CURRENT_USER» PASSWORD NULL",
     .actions = "<role> alter_role current_user [password]"},
    {.marked = "ALTER GROUP «g» ADD USER «a», «b»", .actions = "<role> grant_role [g] to=[a b]"},
    {.marked = "ALTER GROUP «g» DROP USER «a»", .actions = "<role> revoke_role [g] to=[a]"},
    {.marked = "CREATE STATISTICS IF NOT EXISTS «s».«x» (ndistinct, mcv) ON «a», «lower»(«b»), "
               "(«c» «+» 1) FROM «s».«t»",
     .actions = "<statistics> if_not_exists create_statistics s.x kinds=[ndistinct mcv] [a (call "
                "lower (column b)) (operator plain + (column c) (integer 1))] from=s.t"},
    {.marked = "CREATE STATISTICS «on1» ON «a», «b» FROM «t»",
     .actions = "<statistics> create_statistics on1 [a b] from=t"},
    {.marked = "CREATE PUBLICATION «p» FOR ALL TABLES WITH (publish = 'insert, update')",
     .actions = "<publication> create_publication p all_tables options=[publish=insert, update]"},
    {.marked = "CREATE PUBLICATION «p» FOR TABLE «s».«t», ONLY «u» (a, b) WHERE (a > 1)",
     .actions = "<publication> create_publication p [s.t u]"},
    {.marked = "CREATE PUBLICATION p FOR TABLES IN SCHEMA s",
     .actions = "unmodelled CREATE PUBLICATION"},
};

const std::vector<StatementCase> grant_cases{
    {.marked =
         R"(GRANT SELECT («a», «"B"»), UPDATE, REFERENCES («a») ON «t», «s».«u» TO «joe», «PUBLIC» WITH GRANT OPTION)",
     .actions = R"(grant grant_option [update] table t to=[joe public]
grant grant_option [update] table s.u to=[joe public]
grant grant_option [select] [a B] table t to=[joe public]
grant grant_option [select] [a B] table s.u to=[joe public]
grant grant_option [references] [a] table t to=[joe public]
grant grant_option [references] [a] table s.u to=[joe public])"},
    {.marked = "GRANT ALL PRIVILEGES («c») ON TABLE «t» TO «x»",
     .actions = "grant all [c] table t to=[x]"},
    {.marked = "GRANT ALL ON SCHEMA «schema», «s» TO «on1»",
     .actions = R"(grant all schema schema to=[on1]
grant all schema s to=[on1])"},
    {.marked = "REVOKE GRANT OPTION FOR INSERT, DELETE ON «t» FROM «joe» CASCADE",
     .actions = "revoke grant_option [insert delete] table t to=[joe] cascade"},
    {.marked = "REVOKE ALL ON ALL TABLES IN SCHEMA «s», «t» FROM «PUBLIC»",
     .actions = R"(revoke all all_in_schema table s to=[public]
revoke all all_in_schema table t to=[public])"},
    {.marked = "GRANT USAGE ON ALL SEQUENCES IN SCHEMA «sequences» TO «x»",
     .actions = "grant [usage] all_in_schema sequence sequences to=[x]"},
    {.marked = "GRANT EXECUTE ON FUNCTION «f»(«int»), «s».«g» TO «x»",
     .actions = R"(grant [execute] function f[<`pg_catalog.int4>] to=[x]
grant [execute] function s.g to=[x])"},
    {.marked = "GRANT EXECUTE ON ALL ROUTINES IN SCHEMA «s» TO «x»",
     .actions = "grant [execute] all_in_schema function s to=[x]"},
    {.marked = "GRANT USAGE ON SEQUENCE «s».«q» TO «x»",
     .actions = "grant [usage] sequence s.q to=[x]"},
    {.marked = "GRANT USAGE ON TYPE «s».«y» TO «x»", .actions = "grant [usage] type s.y to=[x]"},
    {.marked = "GRANT USAGE ON DOMAIN «d» TO «x»", .actions = "grant [usage] domain d to=[x]"},
    {.marked = "GRANT CONNECT ON DATABASE «d» TO «x»",
     .actions = "grant [connect] database d to=[x]"},
    {.marked = "GRANT USAGE ON LANGUAGE «l» TO «x»", .actions = "grant [usage] language l to=[x]"},
    {.marked = "GRANT USAGE ON FOREIGN SERVER «s» TO «x»",
     .actions = "grant [usage] server s to=[x]"},
    {.marked = "GRANT USAGE ON FOREIGN DATA WRAPPER «w» TO «x»",
     .actions = "grant [usage] foreign_data_wrapper w to=[x]"},
    {.marked = "GRANT CREATE ON TABLESPACE «t» TO «x»",
     .actions = "grant [create] tablespace t to=[x]"},
    {.marked = "GRANT SELECT ON LARGE OBJECT «1», «2» TO «x»",
     .actions = R"(grant [select] large_object 1 to=[x]
grant [select] large_object 2 to=[x])"},
    {.marked = "GRANT SET ON PARAMETER work_mem TO x", .actions = "unmodelled GRANT"},
    {.marked = R"(GRANT «a», «"B"» TO «c», «d» WITH ADMIN OPTION GRANTED BY q)",
     .actions = "<role> grant_role [a B] to=[c d] admin_option"},
    {.marked = "REVOKE ADMIN OPTION FOR «admin» FROM «x»",
     .actions = "<role> revoke_role [admin] to=[x] admin_option"},
    {.marked = "REVOKE «a» FROM «b» CASCADE", .actions = "<role> revoke_role [a] to=[b]"},
};

TEST(Statements, Function) {
    expect_statements(function_cases);
}

TEST(Statements, TriggerAndPolicy) {
    expect_statements(trigger_and_policy_cases);
}

TEST(Statements, Type) {
    expect_statements(type_cases);
}

TEST(Statements, Sequence) {
    expect_statements(sequence_cases);
}

TEST(Statements, RoleAndExtension) {
    expect_statements(role_and_extension_cases);
}

TEST(Statements, Grant) {
    expect_statements(grant_cases);
}

} // namespace
} // namespace ordain::parse
