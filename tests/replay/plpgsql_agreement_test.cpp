// Bodies whose course a server shows by the columns that it leaves behind.

#include "replay/agreement.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace ordain::test {
namespace {

// clang-format off
constexpr auto scripts = std::to_array<Script>({
    // ---- statements
    {"static_sql", "DO $$ BEGIN CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b text; END $$"},
    {"static_sql_refused", "DO $$ BEGIN CREATE TABLE t (a int); CREATE TABLE t (b int); END $$"},
    {"refused_block_leaves_nothing", "CREATE TABLE t (a int); DO $$ BEGIN ALTER TABLE t ADD COLUMN b int; ALTER TABLE t ADD COLUMN b int; END $$"},
    {"sql_syntax_error_is_seen_first", "DO $$ BEGIN CREATE TABLE t (a int); SELEC 1; END $$"},
    {"expression_syntax_error", "DO $$ DECLARE x int := 1 + ; BEGIN NULL; END $$"},
    {"assignment", "DO $$ DECLARE a int := 1; b int; BEGIN b := a + 1; IF b = 2 THEN CREATE TABLE t (a int); END IF; END $$"},
    {"assignment_by_equals", "DO $$ DECLARE b text = 'x'; BEGIN b = b || 'y'; IF b = 'xy' THEN CREATE TABLE t (a int); END IF; END $$"},
    {"default_null", "DO $$ DECLARE b text; BEGIN IF b IS NULL THEN CREATE TABLE t (a int); END IF; END $$"},
    {"constant_and_not_null", "DO $$ DECLARE b CONSTANT text NOT NULL DEFAULT 'x'; BEGIN IF b = 'x' THEN CREATE TABLE t (a int); END IF; END $$"},
    {"unknown_variable_type", "DO $$ DECLARE b nosuch; BEGIN NULL; END $$"},
    {"unknown_column_in_condition", "DO $$ BEGIN IF nosuch = 1 THEN NULL; END IF; END $$"},
    {"unknown_relation_in_condition", "DO $$ BEGIN IF EXISTS (SELECT 1 FROM nosuch) THEN NULL; END IF; END $$"},
    {"return_ends_it", "DO $$ BEGIN CREATE TABLE t (a int); RETURN; CREATE TABLE u (a int); END $$"},
    {"nested_block_shadows", "DO $$ DECLARE a int := 1; BEGIN DECLARE a int := 2; BEGIN a := 3; END; IF a = 1 THEN CREATE TABLE t (a int); END IF; END $$"},
    {"nested_block_assigns_outer", "DO $$ DECLARE a int := 1; BEGIN BEGIN a := 3; END; IF a = 3 THEN CREATE TABLE t (b int); END IF; END $$"},
    {"concurrently", "CREATE TABLE t (a int); DO $$ BEGIN CREATE INDEX CONCURRENTLY i ON t (a); END $$"},
    // ---- branches
    {"if_else", "DO $$ BEGIN IF 1 = 2 THEN CREATE TABLE t (a int); ELSIF NULL THEN CREATE TABLE u (a int); ELSE CREATE TABLE v (a int); END IF; END $$"},
    {"if_null_is_false", "DO $$ BEGIN IF NULL::boolean THEN CREATE TABLE t (a int); END IF; END $$"},
    {"case_with_subject", "DO $$ DECLARE x text := 'b'; BEGIN CASE x WHEN 'a' THEN CREATE TABLE t (a int); WHEN 'c', 'b' THEN CREATE TABLE u (a int); END CASE; END $$"},
    {"case_without_match", "DO $$ BEGIN CASE 1 WHEN 2 THEN NULL; END CASE; END $$"},
    {"case_else", "DO $$ BEGIN CASE WHEN false THEN NULL; ELSE CREATE TABLE t (a int); END CASE; END $$"},
    // ---- loops
    {"range_loop", "DO $$ BEGIN FOR i IN 1..3 LOOP EXECUTE format('CREATE TABLE t%s (a int)', i); END LOOP; END $$"},
    {"reverse_range_by", "DO $$ BEGIN FOR i IN REVERSE 5..1 BY 2 LOOP EXECUTE 'CREATE TABLE t' || i || ' (a int)'; END LOOP; END $$"},
    {"empty_range", "DO $$ BEGIN FOR i IN 3..1 LOOP CREATE TABLE t (a int); END LOOP; END $$"},
    {"while_loop", "DO $$ DECLARE i int := 0; BEGIN WHILE i < 2 LOOP i := i + 1; EXECUTE 'CREATE TABLE t' || i || ' (a int)'; END LOOP; END $$"},
    {"exit_when", "DO $$ DECLARE i int := 0; BEGIN LOOP i := i + 1; EXIT WHEN i > 2; EXECUTE 'CREATE TABLE t' || i || ' (a int)'; END LOOP; END $$"},
    {"continue_when", "DO $$ BEGIN FOR i IN 1..3 LOOP CONTINUE WHEN i = 2; EXECUTE 'CREATE TABLE t' || i || ' (a int)'; END LOOP; END $$"},
    {"exit_outer_loop", "DO $$ BEGIN <<outer>> FOR i IN 1..3 LOOP FOR j IN 1..3 LOOP EXIT outer WHEN i = 2; EXECUTE format('CREATE TABLE t%s_%s (a int)', i, j); END LOOP; END LOOP; END $$"},
    {"exit_block", "DO $$ BEGIN <<b>> BEGIN EXIT b; CREATE TABLE t (a int); END; CREATE TABLE u (a int); END $$"},
    {"foreach_array", "DO $$ DECLARE n text; BEGIN FOREACH n IN ARRAY ARRAY['x', 'y'] LOOP EXECUTE format('CREATE TABLE %I (a int)', n); END LOOP; END $$"},
    {"foreach_null", "DO $$ DECLARE n text; m text[]; BEGIN FOREACH n IN ARRAY m LOOP NULL; END LOOP; END $$"},
    {"values_loop", "DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM (VALUES ('x', 1), ('y', 2)) AS v (name, n) LOOP EXECUTE format('CREATE TABLE %I (a int)', r.name || r.n); END LOOP; END $$"},
    {"unnest_loop", "DO $$ DECLARE n text; BEGIN FOR n IN SELECT unnest(ARRAY['x', 'y']) LOOP EXECUTE format('CREATE TABLE %I (a int)', n); END LOOP; END $$"},
    {"unnest_from_loop", "DO $$ DECLARE n text; BEGIN FOR n IN SELECT u FROM unnest(ARRAY['x', 'y']) AS u LOOP EXECUTE format('CREATE TABLE %I (a int)', n); END LOOP; END $$"},
    {"catalog_loop", "CREATE TABLE p1 (a int); CREATE TABLE p2 (a int); CREATE TABLE q (a int); DO $$ DECLARE r record; BEGIN FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'p_' LOOP EXECUTE 'ALTER TABLE ' || quote_ident(r.tablename) || ' ADD COLUMN b int'; END LOOP; END $$"},
    {"catalog_loop_drops", "CREATE TABLE p1 (a int); CREATE TABLE p2 (a int); DO $$ DECLARE r record; BEGIN FOR r IN (SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace) LOOP EXECUTE format('DROP TABLE %I', r.relname); END LOOP; END $$"},
    // ---- EXECUTE
    {"execute_concatenated", "DO $$ DECLARE r text := 'x'; BEGIN EXECUTE 'CREATE TABLE ' || r || ' (a int)'; END $$"},
    {"execute_quoted_names", "DO $$ BEGIN EXECUTE format('CREATE TABLE %I (a text DEFAULT %L)', 'Odd Name', 'it''s'); END $$"},
    {"execute_positions", "DO $$ BEGIN EXECUTE format('CREATE TABLE %2$I (%1$I int)', 'a', 't'); END $$"},
    {"execute_null", "DO $$ DECLARE n text; BEGIN EXECUTE 'DROP TABLE ' || n; END $$"},
    {"execute_syntax_error", "DO $$ BEGIN EXECUTE 'CREATE TABL t (a int)'; END $$"},
    {"execute_refused", "DO $$ BEGIN EXECUTE 'ALTER TABLE nosuch ADD COLUMN a int'; END $$"},
    {"execute_several", "DO $$ BEGIN EXECUTE 'CREATE TABLE t (a int); CREATE TABLE u (a int)'; END $$"},
    {"execute_transaction_control", "DO $$ BEGIN EXECUTE 'COMMIT'; END $$"},
    {"execute_into", "DO $$ DECLARE n int; BEGIN EXECUTE 'SELECT count(*) FROM pg_tables WHERE schemaname = $1' INTO n USING 'public'; IF n = 0 THEN CREATE TABLE t (a int); END IF; END $$"},
    {"nested_do", "DO $o$ BEGIN DO $i$ BEGIN CREATE TABLE t (a int); END $i$; END $o$"},
    // ---- SELECT INTO, PERFORM, FOUND
    {"select_into", "DO $$ DECLARE n int; m text; BEGIN SELECT count(*), 'x' INTO n, m FROM pg_namespace WHERE nspname = 'public'; IF n = 1 AND m = 'x' THEN CREATE TABLE t (a int); END IF; END $$"},
    {"select_into_no_row", "DO $$ DECLARE n text := 'x'; BEGIN SELECT nspname INTO n FROM pg_namespace WHERE nspname = 'nosuch'; IF n IS NULL AND NOT FOUND THEN CREATE TABLE t (a int); END IF; END $$"},
    {"select_into_strict_no_row", "DO $$ DECLARE n text; BEGIN SELECT nspname INTO STRICT n FROM pg_namespace WHERE nspname = 'nosuch'; END $$"},
    {"select_into_strict_rows", "DO $$ DECLARE n text; BEGIN SELECT nspname INTO STRICT n FROM pg_namespace; END $$"},
    {"select_into_record", "DO $$ DECLARE r record; BEGIN SELECT nspname AS name, 7 AS seven INTO r FROM pg_namespace WHERE nspname = 'public'; IF r.seven = 7 THEN EXECUTE 'CREATE TABLE ' || r.name || '.t (a int)'; END IF; END $$"},
    {"perform_found", "DO $$ BEGIN PERFORM 1 FROM pg_type WHERE typname = 'mood'; IF NOT FOUND THEN CREATE TYPE mood AS ENUM ('ok'); END IF; PERFORM 1 FROM pg_type WHERE typname = 'mood'; IF FOUND THEN CREATE TABLE t (a mood); END IF; END $$"},
    {"perform_set_config", "CREATE SCHEMA s; DO $$ BEGIN PERFORM set_config('search_path', 's', true); CREATE TABLE t (a int); END $$"},
    // ---- conditions over the catalog
    {"schema_missing", "DO $$ BEGIN IF NOT EXISTS (SELECT schema_name FROM information_schema.schemata WHERE schema_name = 's') THEN CREATE SCHEMA s; END IF; CREATE TABLE s.t (a int); END $$"},
    {"schema_present", "CREATE SCHEMA s; DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 's') THEN CREATE SCHEMA s; END IF; END $$; CREATE TABLE s.t (a int)"},
    {"column_missing", "CREATE TABLE t (a int); DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 't' AND column_name = 'b') THEN ALTER TABLE t ADD COLUMN b int; END IF; END $$"},
    {"column_present", "CREATE TABLE t (a int, b text); DO $$ BEGIN IF NOT EXISTS (SELECT FROM information_schema.columns c WHERE c.table_name = 't' AND c.column_name = 'b') THEN ALTER TABLE t ADD COLUMN b int; END IF; END $$"},
    {"column_type", "CREATE TABLE t (a int, b varchar(9), c text[], d timestamptz); DO $$ BEGIN IF (SELECT data_type FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a') = 'integer' THEN ALTER TABLE t ALTER a TYPE bigint; END IF; IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'b' AND data_type = 'character varying' AND character_maximum_length = 9) THEN ALTER TABLE t ADD e int; END IF; IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND data_type = 'ARRAY' AND udt_name = '_text') THEN ALTER TABLE t ADD f int; END IF; IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND data_type = 'timestamp with time zone' AND is_nullable = 'YES') THEN ALTER TABLE t ADD g int; END IF; END $$"},
    {"rename_column_when_there", "CREATE TABLE t (old int); DO $$ BEGIN IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name='t' AND column_name='old') THEN ALTER TABLE t RENAME COLUMN old TO new; END IF; END $$"},
    {"attribute_by_regclass", "CREATE TABLE t (a int); DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'b' AND NOT attisdropped) THEN ALTER TABLE t ADD b int; END IF; END $$"},
    {"regclass_missing", "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'nosuch'::regclass) THEN NULL; END IF; END $$"},
    {"to_regclass_null", "DO $$ BEGIN IF to_regclass('public.t') IS NULL THEN CREATE TABLE t (a int); END IF; IF to_regclass('t') IS NOT NULL THEN ALTER TABLE t ADD b int; END IF; END $$"},
    {"enum_type_missing", "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN CREATE TYPE mood AS ENUM ('ok'); END IF; END $$; CREATE TABLE t (a mood)"},
    {"enum_type_in_schema", "CREATE SCHEMA s; CREATE TYPE s.mood AS ENUM ('ok'); DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = 'mood' AND n.nspname = 'public') THEN CREATE TYPE mood AS ENUM ('ok'); END IF; END $$; CREATE TABLE t (a mood, b s.mood)"},
    {"enum_label", "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (a mood); DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_enum WHERE enumlabel = 'bad' AND enumtypid = (SELECT oid FROM pg_type WHERE typname = 'mood')) THEN ALTER TYPE mood ADD VALUE 'bad'; ALTER TABLE t ADD b int; END IF; END $$"},
    {"constraint_missing", "CREATE TABLE t (a int); DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 't_a_check') THEN ALTER TABLE t ADD CONSTRAINT t_a_check CHECK (a > 0); END IF; IF EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 't_a_check' AND conrelid = 't'::regclass AND contype = 'c') THEN ALTER TABLE t ADD b int; END IF; END $$"},
    {"table_constraint", "CREATE TABLE t (a int PRIMARY KEY); DO $$ BEGIN IF EXISTS (SELECT 1 FROM information_schema.table_constraints WHERE table_name = 't' AND constraint_type = 'PRIMARY KEY') THEN ALTER TABLE t DROP CONSTRAINT t_pkey; END IF; END $$"},
    {"key_columns", "CREATE TABLE t (a int, b int, UNIQUE (a, b)); DO $$ BEGIN IF (SELECT count(*) FROM information_schema.key_column_usage WHERE constraint_name = 't_a_b_key') = 2 THEN ALTER TABLE t ADD c int; END IF; END $$"},
    {"index_missing", "CREATE TABLE t (a int); DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_indexes WHERE schemaname = 'public' AND indexname = 'i') THEN CREATE INDEX i ON t (a); ALTER TABLE t ADD b int; END IF; END $$"},
    {"index_join", "CREATE TABLE t (a int); CREATE INDEX i ON t (a); DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_class c JOIN pg_index x ON x.indexrelid = c.oid JOIN pg_class p ON p.oid = x.indrelid WHERE c.relname = 'i' AND p.relname = 't' AND NOT x.indisunique) THEN ALTER TABLE t ADD b int; END IF; END $$"},
    {"function_missing", "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_proc WHERE proname = 'nosuch') THEN CREATE TABLE t (a int); END IF; IF EXISTS (SELECT 1 FROM pg_proc p JOIN pg_namespace n ON p.pronamespace = n.oid WHERE proname = 'lower' AND nspname = 'pg_catalog') THEN ALTER TABLE t ADD b int; END IF; END $$"},
    {"trigger_missing", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'g' AND NOT tgisinternal) THEN CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE t ADD b int; END IF; IF EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'g' AND tgrelid = 't'::regclass) THEN ALTER TABLE t ADD c int; END IF; END $$"},
    {"policy_missing", "CREATE TABLE t (a int); DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE schemaname = 'public' AND tablename = 't' AND policyname = 'p') THEN CREATE POLICY p ON t USING (true); ALTER TABLE t ADD b int; END IF; END $$"},
    {"extension_missing", "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citext') THEN CREATE EXTENSION citext; END IF; CREATE TABLE t (a citext); END $$"},
    {"role_present", "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'postgres') THEN CREATE TABLE t (a int); END IF; END $$"},
    {"view_listed", "CREATE VIEW v AS SELECT 1 AS a; DO $$ BEGIN IF EXISTS (SELECT 1 FROM information_schema.views WHERE table_name = 'v') AND EXISTS (SELECT 1 FROM information_schema.tables WHERE table_name = 'v' AND table_type = 'VIEW') THEN DROP VIEW v; END IF; END $$"},
    {"table_listed", "CREATE TABLE t (a int); DO $$ BEGIN IF EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 't' AND table_type = 'BASE TABLE') THEN ALTER TABLE t ADD b int; END IF; END $$"},
    {"identity_listed", "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int GENERATED ALWAYS AS (1) STORED); DO $$ BEGIN IF (SELECT is_identity FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a') = 'YES' AND (SELECT attgenerated FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'b') = 's' THEN ALTER TABLE t ADD c int; END IF; END $$"},
    {"row_security_listed", "CREATE TABLE t (a int); ALTER TABLE t ENABLE ROW LEVEL SECURITY; DO $$ BEGIN IF (SELECT relrowsecurity FROM pg_class WHERE relname = 't' AND relnamespace = 'public'::regnamespace) THEN ALTER TABLE t ADD b int; END IF; END $$"},
    {"empty_user_table", "CREATE TABLE t (a int); DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM t) THEN ALTER TABLE t ADD b int NOT NULL; END IF; IF (SELECT count(*) FROM t) = 0 THEN ALTER TABLE t ADD c int; END IF; END $$"},
    {"custom_setting_missing", "DO $$ DECLARE s text := coalesce(current_setting('app.role', true), 'anon'); BEGIN EXECUTE 'CREATE TABLE ' || s || ' (a int)'; END $$"},
    {"custom_setting_required", "DO $$ BEGIN IF current_setting('app.role') = 'x' THEN NULL; END IF; END $$"},
    {"custom_setting_set", "SET app.role = 'x'; DO $$ BEGIN IF current_setting('app.role') = 'x' THEN CREATE TABLE t (a int); END IF; END $$"},
    {"in_and_any", "DO $$ BEGIN IF 'b' IN ('a', 'b') AND 'b' = ANY (ARRAY['a', 'b']) AND 3 NOT IN (1, 2) AND 'x' <> ALL (ARRAY['y']) THEN CREATE TABLE t (a int); END IF; END $$"},
    {"in_subquery", "DO $$ BEGIN IF 'public' IN (SELECT nspname FROM pg_namespace) AND 'nosuch' NOT IN (SELECT schema_name FROM information_schema.schemata) THEN CREATE TABLE t (a int); END IF; END $$"},
    {"between_and_like", "DO $$ BEGIN IF 2 BETWEEN 1 AND 3 AND 'abc' LIKE 'a_c' AND 'abc' NOT LIKE 'b%' AND 'a%' LIKE 'a\\%' THEN CREATE TABLE t (a int); END IF; END $$"},
    {"text_functions", "DO $$ DECLARE s text := lower('ABC') || upper('d') || replace('xyx', 'x', 'z') || concat('q', NULL, 1) || concat_ws('-', 'r', 's') || length('four'); BEGIN EXECUTE format('CREATE TABLE %I (a int)', s); END $$"},
    // ---- errors
    {"raise_exception", "CREATE TABLE t (a int); DO $$ BEGIN RAISE EXCEPTION 'no % and %%', 'x'; END $$"},
    {"raise_condition", "DO $$ BEGIN RAISE unique_violation; END $$"},
    {"raise_sqlstate", "DO $$ BEGIN RAISE SQLSTATE 'AB123'; END $$"},
    {"raise_notice_goes_on", "DO $$ BEGIN RAISE NOTICE 'x % y', 1; CREATE TABLE t (a int); END $$"},
    {"assert_false", "DO $$ BEGIN ASSERT 1 = 2, 'told'; END $$"},
    {"assert_true", "DO $$ BEGIN ASSERT 1 = 1; CREATE TABLE t (a int); END $$"},
    {"handler_by_name", "CREATE TABLE t (a int); DO $$ BEGIN CREATE TABLE t (b int); EXCEPTION WHEN duplicate_table THEN ALTER TABLE t ADD c int; END $$"},
    {"handler_undoes_block", "CREATE TABLE t (a int); DO $$ BEGIN BEGIN ALTER TABLE t ADD b int; CREATE TABLE t (b int); EXCEPTION WHEN others THEN NULL; END; ALTER TABLE t ADD c int; END $$"},
    {"handler_of_other_condition", "CREATE TABLE t (a int); DO $$ BEGIN CREATE TABLE t (b int); EXCEPTION WHEN duplicate_object THEN NULL; END $$"},
    {"handler_duplicate_object", "CREATE TYPE mood AS ENUM ('ok'); DO $$ BEGIN CREATE TYPE mood AS ENUM ('ok'); EXCEPTION WHEN duplicate_object THEN null; END $$; CREATE TABLE t (a mood)"},
    {"handler_by_class", "DO $$ BEGIN ALTER TABLE nosuch ADD a int; EXCEPTION WHEN syntax_error_or_access_rule_violation THEN CREATE TABLE t (a int); END $$"},
    {"handler_by_sqlstate", "DO $$ BEGIN ALTER TABLE nosuch ADD a int; EXCEPTION WHEN SQLSTATE '42P01' OR division_by_zero THEN CREATE TABLE t (a int); END $$"},
    {"handler_reraises", "DO $$ BEGIN ALTER TABLE nosuch ADD a int; EXCEPTION WHEN others THEN RAISE; END $$"},
    {"handler_reads_sqlerrm", "DO $$ BEGIN RAISE EXCEPTION 'first'; EXCEPTION WHEN others THEN RAISE EXCEPTION 'second after %', SQLERRM; END $$"},
    {"handler_keeps_variables", "DO $$ DECLARE a int := 1; BEGIN BEGIN a := 2; RAISE EXCEPTION 'x'; EXCEPTION WHEN raise_exception THEN NULL; END; IF a = 2 THEN CREATE TABLE t (b int); END IF; END $$"},
    {"assert_is_not_others", "DO $$ BEGIN ASSERT false; EXCEPTION WHEN others THEN NULL; END $$"},
    // ---- what the catalogs show
    {"attributes_of_an_index", "CREATE TABLE t (id int PRIMARY KEY); DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 't_pkey'::regclass AND attname = 'id') THEN RAISE EXCEPTION 'x'; END IF; END $$"},
    {"attributes_of_a_sequence", "CREATE SEQUENCE s; DO $$ BEGIN IF (SELECT count(*) FROM pg_attribute WHERE attrelid = 's'::regclass AND attnum > 0) <> 3 THEN RAISE EXCEPTION 'x'; END IF; END $$"},
    {"a_view_has_no_system_columns", "CREATE VIEW v AS SELECT 1 AS a; DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'v'::regclass AND attnum < 0) THEN RAISE EXCEPTION 'x'; END IF; END $$"},
    {"triggers_of_a_foreign_key", "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p); DO $$ BEGIN IF (SELECT count(*) FROM pg_trigger WHERE tgrelid = 'c'::regclass AND tgname LIKE 'RI_ConstraintTrigger_c_%') <> 2 THEN RAISE EXCEPTION 'x'; END IF; END $$"},
    {"trigger_of_two_events", "CREATE TABLE t (a int); CREATE TRIGGER g BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger(); DO $$ BEGIN IF (SELECT count(*) FROM information_schema.triggers WHERE trigger_name = 'g' AND event_manipulation IN ('INSERT', 'UPDATE') AND action_timing = 'BEFORE') <> 2 THEN RAISE EXCEPTION 'x'; END IF; END $$"},
    {"multirange_of_a_range", "CREATE TYPE span AS RANGE (subtype = int); CREATE TYPE a_range_b AS RANGE (subtype = int); DO $$ BEGIN IF (SELECT count(*) FROM pg_type WHERE typtype = 'm' AND typname IN ('span_multirange', 'a_multirange_b')) <> 2 THEN RAISE EXCEPTION 'x'; END IF; END $$"},
    {"order_does_not_matter", "CREATE TABLE a (id int); CREATE TABLE b (id int); DO $$ DECLARE r record; some boolean := false; BEGIN FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename LOOP EXECUTE 'ALTER TABLE ' || r.tablename || ' ADD c int'; some := true; END LOOP; IF some THEN CREATE TABLE d (a int); END IF; END $$"},
    {"execute_into_strict", "DO $$ DECLARE n int; BEGIN EXECUTE 'SELECT 1 WHERE false' INTO STRICT n; END $$"},
    {"execute_leaves_found", "DO $$ DECLARE n int; BEGIN EXECUTE 'SELECT 1' INTO n; IF FOUND THEN CREATE TABLE t (a int); END IF; END $$"},
    {"on_commit_drop_in_a_body", "DO $$ BEGIN CREATE TEMP TABLE t (a int) ON COMMIT DROP; ALTER TABLE t ADD b int; END $$; SELECT * FROM t"},
    {"row_has_no_such_field", "CREATE TABLE s (id int); DO $$ DECLARE r s%ROWTYPE; BEGIN r.nope := 5; END $$"},
    {"row_field_assigned", "CREATE TABLE s (id int); DO $$ DECLARE r s%ROWTYPE; BEGIN r.id := 5; CREATE TABLE t (a int); END $$"},
    {"type_of_a_column", "CREATE TABLE s (id int, n varchar(30)); DO $$ DECLARE i s.id%TYPE := 2; n public.s.n%TYPE := 'u'; BEGIN EXECUTE format('CREATE TABLE %I (a int)', n || i); END $$"},
    {"name_variable", "DO $$ DECLARE n name := 'u'; BEGIN EXECUTE format('CREATE TABLE %I (a int)', n); END $$"},
    // ---- spelling
    {"label_and_options", "DO $$ <<main>> DECLARE a int; BEGIN CREATE TABLE t (a int); END main $$"},
    {"quoted_variable", R"(DO $$ DECLARE "A b" int := 1; BEGIN IF "A b" = 1 THEN CREATE TABLE t (a int); END IF; END $$)"},
    {"language_first", "DO LANGUAGE plpgsql $$ BEGIN CREATE TABLE t (a int); END $$"},
    {"comments", "DO $$ /* a ; b */ BEGIN -- END\n CREATE TABLE t (a int); /* IF */ END $$"},
    {"case_expression_in_condition", "DO $$ DECLARE x int := 2; BEGIN IF (CASE WHEN x = 2 THEN true ELSE false END) THEN CREATE TABLE t (a int); END IF; END $$"},
});
// clang-format on

INSTANTIATE_TEST_SUITE_P(Bodies, Agreement, testing::ValuesIn(scripts), name_of_script);

} // namespace
} // namespace ordain::test
