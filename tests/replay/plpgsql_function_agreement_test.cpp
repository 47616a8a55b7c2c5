// What a server says of a PL/pgSQL function when it is created, and what it lets through.

#include "replay/agreement.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace ordain::test {
namespace {

// clang-format off
constexpr auto refused = std::to_array<Script>({
    {"misspelt_begin", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGN RETURN 1; END $$"},
    {"empty_body", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS ''"},
    {"no_semicolon", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1 END $$"},
    {"no_end", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; $$"},
    {"no_end_if", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF true THEN RETURN 1; END; $$"},
    {"unknown_target", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN x := 1; RETURN 1; END $$"},
    {"unknown_parameter", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN $2 := 1; RETURN 1; END $$"},
    {"misspelt_select", "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SELCT 1; END $$"},
    {"misspelt_query", "CREATE FUNCTION f() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELEC 1; END $$"},
    {"syntax_error_of_value", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1 +; END $$"},
    {"body_in_replacement", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$; CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETUR 1; END $$"},
    {"body_in_quotes", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN x := 1; END'"},
    {"body_of_procedure", "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT WORK; END $$"},
    {"body_in_do_block", "DO $$ BEGIN CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1 END'; END $$"},
    {"field_of_scalar_parameter", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN a.b := 1; RETURN 1; END $$"},
    {"field_of_polymorphic_parameter", "CREATE FUNCTION f(a anyelement) RETURNS int LANGUAGE plpgsql AS $$ BEGIN a.b := 1; RETURN 1; END $$"},
    {"record_parameter_in_list", "CREATE FUNCTION f(r record) RETURNS int LANGUAGE plpgsql AS $$ DECLARE x int; BEGIN SELECT 1, 2 INTO x, r; RETURN 1; END $$"},
    {"parameter_of_two_modes", "CREATE FUNCTION f(a int, OUT a int) LANGUAGE plpgsql AS $$ BEGIN a := 1; END $$"},
    {"parameter_declared_as_cursor", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN CLOSE a; RETURN 1; END $$"},
    {"block_label_is_not_the_function", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END f $$"},
    {"label_of_do_block", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN inline_code_block.found := true; RETURN 1; END $$"},
    {"new_outside_trigger", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN NEW.a := 1; RETURN 1; END $$"},
    {"trigger_without_semicolon", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := 1 RETURN NEW; END $$"},
    {"trigger_returns_nothing", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$"},
    {"trigger_returns_rows", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEXT NEW; END $$"},
    {"trigger_knows_no_event", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN tg_event := 'x'; RETURN NEW; END $$"},
    {"event_trigger_returns_value", "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"},
    {"event_trigger_knows_no_row", "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := 1; END $$"},
    {"void_returns_value", "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$"},
    {"value_missing", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$"},
    {"set_returns_value", "CREATE FUNCTION f() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$"},
    {"set_of_outputs_returns_value", "CREATE FUNCTION f(OUT a int, OUT b int) RETURNS SETOF record LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$"},
    {"table_returns_value", "CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE plpgsql AS $$ BEGIN RETURN a; END $$"},
    {"table_returns_next_value", "CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE plpgsql AS $$ BEGIN RETURN NEXT a; END $$"},
    {"outputs_return_value", "CREATE FUNCTION f(OUT a int) LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$"},
    {"scalar_returns_next", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN NEXT 1; END $$"},
    {"scalar_returns_query", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT 1; END $$"},
    {"query_missing", "CREATE FUNCTION f() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY; END $$"},
    {"query_command_missing", "CREATE FUNCTION f() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE; END $$"},
    {"next_value_missing", "CREATE FUNCTION f() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RETURN NEXT; END $$"},
    {"procedure_returns_value", "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$"},
    {"procedure_with_output_returns_value", "CREATE PROCEDURE p(INOUT a int) LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$"},
    {"result_of_void_is_no_variable", "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN $0 := 1; END $$"},
    {"type_unknown", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x nosuch; BEGIN RETURN 1; END $$"},
    {"rows_of_unknown", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x nosuch%ROWTYPE; BEGIN RETURN 1; END $$"},
    {"type_of_unknown_column", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x t.b%TYPE; BEGIN RETURN 1; END $$"},
    {"type_unknown_before_fault", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x nosuch; BEGIN SELEC 1; END $$"},
    {"condition_unknown", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; EXCEPTION WHEN nosuch THEN RETURN 2; END $$"},
    {"fault_behind_hidden_parameter", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE a text; BEGIN f.a := 1; x := 1; RETURN 1; END $$"},
    {"fault_behind_doubled_quotes", "CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS 'DECLARE x text := ''y''; BEGIN RETUR x || ''z''; END'"},
    {"fault_behind_escapes", R"(CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS E'BEGIN\n  RETURN 1\nEND')"},
    {"type_beyond_own_path", "CREATE TYPE e AS ENUM ('a'); CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql SET search_path = '' AS $$ DECLARE x e; BEGIN RETURN 1; END $$"},
    {"table_beyond_own_path", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SET search_path = '' AS $$ SELECT count(*) FROM t $$"},
    {"path_is_the_sessions_again", "CREATE SCHEMA app; CREATE TYPE app.e AS ENUM ('a'); CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql SET search_path = app AS $$ DECLARE x e; BEGIN RETURN 1; END $$; CREATE TABLE t (a e)"},
    {"variable_is_polymorphic", "CREATE FUNCTION f(a anyelement) RETURNS int LANGUAGE plpgsql AS $$ DECLARE x anyelement; BEGIN RETURN 1; END $$"},
});

constexpr auto legal = std::to_array<Script>({
    {"scalar", "CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE plpgsql AS $$ BEGIN a := a + 1; b := b || 'y'; RETURN a; END $$"},
    {"parameters_by_place", "CREATE FUNCTION f(int, text, c int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN $1 := $1 + 1; $2 := 'y'; $3 := c; c := $1; SELECT 1, 2 INTO $1, $3; RETURN $1; END $$"},
    {"parameter_hidden", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE a text; BEGIN a := 'x'; f.a := 1; $1 := 2; RETURN f.a; END $$"},
    {"aliases", "CREATE FUNCTION f(int, b int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE x ALIAS FOR $1; y ALIAS FOR b; z ALIAS FOR $2; BEGIN x := 1; y := 2; z := 3; RETURN x + y; END $$"},
    {"label_is_the_function", "CREATE FUNCTION f(x int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN f.x := 1; f.found := true; RETURN f.x; END $$"},
    {"label_in_exit", "CREATE FUNCTION f(x int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN LOOP EXIT f; END LOOP; RETURN 1; END $$"},
    {"types_of_parameters", "CREATE TABLE t (a int); CREATE FUNCTION f(x int, y t.a%TYPE, z t, int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE a x%TYPE; b y%TYPE; c f.x%TYPE; d $4%TYPE; BEGIN a := 1; b := 2; c := 3; d := 4; z.a := 3; RETURN z.a; END $$"},
    {"outputs", "CREATE FUNCTION f(a int, OUT b int, INOUT c text, OUT d record) LANGUAGE plpgsql AS $$ BEGIN b := a; c := 'x'; SELECT 1 AS q INTO d; d.q := 2; RETURN; END $$"},
    {"single_output", "CREATE FUNCTION f(OUT b int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN b := 1; END $$"},
    {"set", "CREATE FUNCTION f() RETURNS SETOF int LANGUAGE plpgsql AS $$ BEGIN RETURN NEXT 1; RETURN QUERY SELECT 2; RETURN QUERY EXECUTE 'SELECT $1 + $2' USING 1, 2; RETURN QUERY EXECUTE 'SELECT 1'; RETURN; END $$"},
    {"set_of_rows", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS SETOF t LANGUAGE plpgsql AS $$ DECLARE r t%ROWTYPE; BEGIN FOR r IN SELECT * FROM t LOOP RETURN NEXT r; END LOOP; END $$"},
    {"set_of_changes", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS SETOF t LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY INSERT INTO t VALUES (1) RETURNING *; RETURN QUERY WITH q AS (SELECT 1) SELECT * FROM q; RETURN QUERY VALUES (1); END $$"},
    {"set_of_outputs", "CREATE FUNCTION f(OUT a int, OUT b text) RETURNS SETOF record LANGUAGE plpgsql AS $$ BEGIN a := 1; b := 'x'; RETURN NEXT; RETURN; END $$"},
    {"table", "CREATE FUNCTION f(n int) RETURNS TABLE (a int, b text) LANGUAGE plpgsql AS $$ BEGIN FOR i IN 1..n LOOP a := i; f.b := 'x'; RETURN NEXT; END LOOP; SELECT 1, 'x' INTO a, b; RETURN QUERY SELECT 1, 'x'; END $$"},
    {"polymorphic", "CREATE FUNCTION f(a anyelement, b anyarray) RETURNS anyelement LANGUAGE plpgsql AS $$ DECLARE r ALIAS FOR $0; x a%TYPE; y $0%TYPE; BEGIN r := a; $0 := b[1]; x := a; y := x; b[1] := a; RETURN $0; END $$"},
    {"polymorphic_set", "CREATE FUNCTION f(a anycompatible, b anycompatiblearray) RETURNS SETOF anycompatible LANGUAGE plpgsql AS $$ BEGIN RETURN NEXT a; END $$"},
    {"polymorphic_output", "CREATE FUNCTION f(a anyelement, OUT b anyarray) LANGUAGE plpgsql AS $$ BEGIN b := ARRAY[a]; END $$"},
    {"variadic", "CREATE FUNCTION f(VARIADIC list int[]) RETURNS int LANGUAGE plpgsql AS $$ DECLARE s int := 0; x int; BEGIN list[1] := 1; FOREACH x IN ARRAY list LOOP s := s + x; END LOOP; RETURN s; END $$"},
    {"records", "CREATE TABLE t (a int); CREATE FUNCTION f(r record, q t) RETURNS record LANGUAGE plpgsql AS $$ DECLARE s record; BEGIN s := r; q.a := 1; r.x := 2; SELECT * INTO q FROM t; RETURN q; END $$"},
    {"row_in_parentheses", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS t LANGUAGE plpgsql AS $$ BEGIN RETURN (1)::t; RETURN ROW(1); RETURN (SELECT t FROM t); END $$"},
    {"domain_parameter", "CREATE DOMAIN d AS int; CREATE FUNCTION f(x d) RETURNS d LANGUAGE plpgsql AS $$ BEGIN x := 1; SELECT 1, 2 INTO x, x; RETURN x; END $$"},
    {"enum_parameter", "CREATE TYPE e AS ENUM ('a'); CREATE FUNCTION f(x e) RETURNS e LANGUAGE plpgsql AS $$ BEGIN x := 'a'; CASE x WHEN 'a' THEN RETURN x; ELSE RETURN NULL; END CASE; END $$"},
    {"cursor_parameter", "CREATE FUNCTION f(c refcursor) RETURNS refcursor LANGUAGE plpgsql AS $$ BEGIN OPEN c FOR SELECT 1; RETURN c; END $$"},
    {"reserved_variable", "CREATE FUNCTION f(\"user\" int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE select int; BEGIN RETURN select; END $$"},
    {"found_as_parameter", "CREATE FUNCTION f(found int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN found := true; RETURN 1; END $$"},
    {"parameters_like_keywords", "CREATE FUNCTION f(type text, name text, query text, next int) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN type := name; next := 1; RETURN NEXT type; RETURN QUERY EXECUTE query; END $$"},
    {"trigger", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := 1; NEW.b = now(); OLD.a := NEW.a; IF TG_OP = 'INSERT' AND TG_ARGV[0] = 'x' THEN RETURN NULL; END IF; SELECT 1 INTO NEW.c; RETURN NEW; END $$"},
    {"trigger_changes_what_it_knows", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE n ALIAS FOR new; BEGIN tg_op := 'x'; tg_argv[0] := 'y'; n := old; f.new := n; SELECT * INTO NEW FROM pg_class; FOR old IN SELECT 1 LOOP NULL; END LOOP; RETURN COALESCE(NEW, OLD); END $$"},
    {"trigger_of_the_server", "CREATE FUNCTION f() RETURNS pg_catalog.trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := 1; RETURN NEW; END $$"},
    {"trigger_falls_off", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$"},
    {"trigger_with_table", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE t SET a = NEW.a WHERE a = OLD.a; DELETE FROM nosuch; PERFORM pg_notify('x', row_to_json(NEW)::text); RETURN NULL; END $$; CREATE TRIGGER g AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f()"},
    {"event_trigger", "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP RAISE NOTICE '% %', tg_event, tg_tag; END LOOP; RETURN; END $$"},
    {"procedure", "CREATE PROCEDURE p(a int, INOUT b int DEFAULT NULL) LANGUAGE plpgsql AS $$ BEGIN b := a; COMMIT; ROLLBACK AND CHAIN; IF a = 1 THEN RETURN; END IF; END $$"},
    {"procedure_without_outputs", "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN CALL p(); COMMIT; RETURN; END $$"},
    {"void", "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN; END $$"},
    {"conflict_option", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$\n#variable_conflict use_variable\n#print_strict_params off\nBEGIN RETURN a; END $$"},
    {"outer_label", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$ <<main>> DECLARE b int; BEGIN main.b := f.a; RETURN main.b; END main $$"},
    {"unknown_relations", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO nosuch VALUES (nosuch()); RETURN (SELECT count(*) FROM nosuch WHERE a = $9); END $$"},
    {"settings_of_the_function", "CREATE SCHEMA app; CREATE TYPE app.e AS ENUM ('a'); CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql SET search_path = app AS $$ DECLARE x e; BEGIN RETURN 1; END $$"},
    {"tables_in_own_path", "CREATE SCHEMA app; CREATE TABLE app.t (a int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SET search_path TO nosuch, app, pg_temp AS $$ SELECT count(a) FROM t $$"},
    {"unchecked", "SET check_function_bodies = off; CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGN $$"},
    {"unchecked_by_its_own_setting", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql SET check_function_bodies = off AS $$ BEGN $$"},
    {"unchecked_by_its_own_setting_in_short", "CREATE FUNCTION f() RETURNS int LANGUAGE sql SET check_function_bodies = 0 AS 'SELECT a FROM nosuch'"},
    {"own_setting_does_not_bring_the_check_back", "SET check_function_bodies = off; CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql SET check_function_bodies = yes AS $$ BEGN $$"},
    {"checked_by_its_own_setting", "SET check_function_bodies = off; CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql SET check_function_bodies = yes AS $$ BEGIN RETURN 1; END $$"},
    {"unchecked_in_short", "SET check_function_bodies = false; CREATE FUNCTION f(x int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE y nosuch; BEGIN RETURN 1; END $$"},
    {"doubled_quotes", "CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS 'DECLARE x text := ''y''; BEGIN RETURN x || ''z''; END'"},
    {"language_in_quotes", "CREATE FUNCTION f() RETURNS int AS $$ BEGIN RETURN 1; END; $$ LANGUAGE 'plpgsql' STABLE STRICT"},
    {"nested_bodies", "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $a$ BEGIN CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $b$ BEGN $b$; DO $b$ BEGN $b$; END $a$"},
});
// clang-format on

INSTANTIATE_TEST_SUITE_P(Refused, Agreement, testing::ValuesIn(refused), name_of_script);
INSTANTIATE_TEST_SUITE_P(Legal, Agreement, testing::ValuesIn(legal), name_of_script);

} // namespace
} // namespace ordain::test
