#include "catalog/resolve.hpp"
#include "parse/parser.hpp"
#include "replay/script.hpp"
#include "support/postgres_server.hpp"

#include <gtest/gtest.h>
#include <map>
#include <ordain/catalog.hpp>
#include <string>
#include <string_view>
#include <vector>

/// Each script is run by Ordain and by a server, statement by statement: the first refusal must be
/// the same, word for word, and where none is raised so must every column and its type.
namespace ordain {
namespace {

struct Case {
    std::string_view name;
    std::string_view sql;
};

// clang-format off
constexpr Case cases[] = {
    // ---- tables and columns
    {"table_exists", "CREATE TABLE t (a int); CREATE TABLE t (b int)"},
    {"table_exists_guarded", "CREATE TABLE t (a int); CREATE TABLE IF NOT EXISTS t (b int); ALTER TABLE t ADD COLUMN a text"},
    {"table_in_missing_schema", "CREATE TABLE nowhere.t (a int)"},
    {"table_named_like_index", "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE TABLE i (a int)"},
    {"table_named_like_type", "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE mood (a int)"},
    {"type_named_like_table", "CREATE TABLE mood (a int); CREATE TYPE mood AS ENUM ('ok')"},
    {"type_named_like_view", "CREATE VIEW v AS SELECT 1 AS a; CREATE TYPE v AS ENUM ('ok')"},
    {"unknown_type", "CREATE TABLE t (a nosuch)"},
    {"unknown_type_before_taken_name", "CREATE TABLE t (a int); CREATE TABLE t (a nosuch)"},
    {"column_twice", "CREATE TABLE t (a int, b int, a text)"},
    {"column_exists", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN a int"},
    {"column_exists_guarded", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN IF NOT EXISTS a text"},
    {"system_column_name", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN xmin int"},
    {"add_to_missing_table", "ALTER TABLE t ADD COLUMN a int"},
    {"add_to_missing_table_guarded", "ALTER TABLE IF EXISTS t ADD COLUMN a int"},
    {"drop_missing_column", "CREATE TABLE t (a int); ALTER TABLE t DROP COLUMN b"},
    {"drop_missing_column_guarded", "CREATE TABLE t (a int); ALTER TABLE t DROP COLUMN IF EXISTS b"},
    {"subcommand_order", "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN a text, DROP COLUMN a"},
    {"drop_column_used_by_view", "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; ALTER TABLE t DROP COLUMN a"},
    {"drop_column_not_used_by_view", "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; ALTER TABLE t DROP COLUMN b"},
    {"drop_column_cascades_to_view", "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; ALTER TABLE t DROP COLUMN a CASCADE; SELECT * FROM v"},
    {"drop_column_takes_index", "CREATE TABLE t (a int); CREATE INDEX i ON t (a); ALTER TABLE t DROP COLUMN a; DROP INDEX i"},
    {"drop_column_takes_multi_column_check", "CREATE TABLE t (a int, b int, CONSTRAINT c CHECK (a < b)); ALTER TABLE t DROP COLUMN a; ALTER TABLE t DROP CONSTRAINT c"},
    {"drop_referenced_column", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int REFERENCES t); ALTER TABLE t DROP COLUMN a"},
    {"add_reference_to_rows", "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (b int); INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN c int REFERENCES p"},
    {"add_null_reference_to_rows", "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (b int); INSERT INTO t VALUES (1); ALTER TABLE t ADD COLUMN c int DEFAULT NULL REFERENCES p"},
    {"add_unique_to_rows", "CREATE TABLE t (b int); INSERT INTO t VALUES (1), (2); ALTER TABLE t ADD COLUMN c int UNIQUE"},
    {"default_null", "CREATE DOMAIN d AS int; CREATE TABLE t (a varchar(3) DEFAULT NULL, b text DEFAULT NULL, c numeric(5,2) DEFAULT NULL, e d DEFAULT NULL, f text DEFAULT NULL::text, g interval(3) DEFAULT NULL, h bit(3) DEFAULT NULL, i varchar(3)[] DEFAULT NULL, j text DEFAULT NULL::varchar(3), k int DEFAULT NULL::bigint)"},
    {"set_default_null", "CREATE TABLE t (a varchar(3), b text DEFAULT 'x'); ALTER TABLE t ALTER a SET DEFAULT NULL, ALTER b SET DEFAULT NULL"},
    {"bit_types", "CREATE TABLE t (a bit, b bit(3), c \"bit\", d bit[], e \"bit\"[], f bpchar, g char, h char(3)[])"},
    {"bit_in_messages", "CREATE TABLE t (a bit(3)); CREATE INDEX i ON t USING gin (a)"},
    {"char_in_messages", "CREATE TABLE t (a char(3)); CREATE INDEX i ON t USING gin (a)"},
    {"drop_function_of_bit", "CREATE FUNCTION f(a bit, b char) RETURNS bit LANGUAGE sql AS 'SELECT $1'; CREATE TABLE t (a \"bit\" DEFAULT f(B'1', 'x')); DROP FUNCTION f"},
    {"serial_sequence_name", "CREATE TABLE t (a serial); DROP SEQUENCE t_a_seq"},
    {"serial_sequence_name_taken", "CREATE SEQUENCE t_a_seq; CREATE TABLE t (a serial); DROP TABLE t; DROP SEQUENCE t_a_seq; DROP SEQUENCE t_a_seq1"},
    {"serial_with_default", "CREATE TABLE t (a serial DEFAULT 5)"},
    {"identity_with_default", "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY DEFAULT 5)"},
    {"null_and_not_null", "CREATE TABLE t (a int NULL NOT NULL)"},
    {"default_of_wrong_type", "CREATE TABLE t (a int DEFAULT true)"},
    {"default_that_is_no_number", "CREATE TABLE t (a int DEFAULT 'abc')"},
    {"default_with_column", "CREATE TABLE t (a int, b int DEFAULT a)"},
    {"generated_from_later_column", "CREATE TABLE t (b int GENERATED ALWAYS AS (a + 1) STORED, a int)"},
    {"generated_not_immutable", "CREATE TABLE t (a int, b timestamptz GENERATED ALWAYS AS (now()) STORED)"},
    {"like_copies_columns", "CREATE TABLE t (a int NOT NULL, b text DEFAULT 'x'); CREATE TABLE u (LIKE t, c int)"},
    {"long_name_is_truncated", "CREATE TABLE abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnop (a int); CREATE TABLE abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk (a int)"},
    {"unicode_name", "CREATE TABLE \"Größe\" (\"Spalte 1\" int); ALTER TABLE \"größe\" ADD COLUMN b int"},
    // ---- renames
    {"renamed_table_is_gone", "CREATE TABLE t (a int); ALTER TABLE t RENAME TO u; INSERT INTO t VALUES (1)"},
    {"rename_to_taken_name", "CREATE TABLE t (a int); CREATE TABLE u (a int); ALTER TABLE t RENAME TO u"},
    {"rename_column", "CREATE TABLE t (a int); ALTER TABLE t RENAME COLUMN a TO b; ALTER TABLE t DROP COLUMN a"},
    {"rename_column_to_taken_name", "CREATE TABLE t (a int, b int); ALTER TABLE t RENAME COLUMN a TO b"},
    {"rename_missing_column", "CREATE TABLE t (a int); ALTER TABLE t RENAME COLUMN b TO c"},
    {"view_follows_rename", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; ALTER TABLE t RENAME COLUMN a TO b; ALTER TABLE t RENAME TO u; SELECT a FROM v; DROP TABLE u"},
    {"rename_constraint_renames_index", "CREATE TABLE t (a int CONSTRAINT k PRIMARY KEY); ALTER TABLE t RENAME CONSTRAINT k TO l; DROP INDEX k"},
    {"rename_index_renames_constraint", "CREATE TABLE t (a int PRIMARY KEY); ALTER INDEX t_pkey RENAME TO k; ALTER TABLE t DROP CONSTRAINT t_pkey"},
    {"rename_missing_index_guarded", "ALTER INDEX IF EXISTS i RENAME TO j"},
    {"rename_type", "CREATE TYPE m AS ENUM ('a'); ALTER TYPE m RENAME TO n; CREATE TABLE t (c m)"},
    {"rename_schema", "CREATE SCHEMA s; CREATE TABLE s.t (a int); ALTER SCHEMA s RENAME TO r; INSERT INTO r.t VALUES (1); INSERT INTO s.t VALUES (1)"},
    {"set_schema", "CREATE SCHEMA s; CREATE TABLE t (a serial PRIMARY KEY); ALTER TABLE t SET SCHEMA s; DROP INDEX s.t_pkey"},
    // ---- constraints
    {"check_default_name", "CREATE TABLE t (a int CHECK (a > 0)); ALTER TABLE t DROP CONSTRAINT t_a_check; ALTER TABLE t DROP CONSTRAINT t_a_check"},
    {"check_default_name_two_columns", "CREATE TABLE t (a int, b int, CHECK (a > b)); ALTER TABLE t DROP CONSTRAINT t_check"},
    {"check_default_names_numbered", "CREATE TABLE t (a int CHECK (a > 0) CHECK (a < 9)); ALTER TABLE t DROP CONSTRAINT t_a_check1"},
    {"check_unknown_column", "CREATE TABLE t (a int, CHECK (b > 0))"},
    {"check_not_boolean", "CREATE TABLE t (a int, CHECK (a + 1))"},
    {"check_with_subquery", "CREATE TABLE t (a int, CHECK (a IN (SELECT 1)))"},
    {"two_primary_keys", "CREATE TABLE t (a int PRIMARY KEY, b int PRIMARY KEY)"},
    {"second_primary_key", "CREATE TABLE t (a int PRIMARY KEY, b int); ALTER TABLE t ADD PRIMARY KEY (b)"},
    {"primary_key_of_missing_column", "CREATE TABLE t (a int); ALTER TABLE t ADD PRIMARY KEY (b)"},
    {"primary_key_column_twice", "CREATE TABLE t (a int, PRIMARY KEY (a, a))"},
    {"primary_key_is_not_null", "CREATE TABLE t (a int PRIMARY KEY); ALTER TABLE t ALTER COLUMN a DROP NOT NULL"},
    {"constraint_exists", "CREATE TABLE t (a int, CONSTRAINT c CHECK (a > 0)); ALTER TABLE t ADD CONSTRAINT c CHECK (a < 9)"},
    {"unique_name_taken_by_relation", "CREATE TABLE t (a int); CREATE TABLE c (a int); ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)"},
    {"unique_default_name", "CREATE TABLE t (a int, b int, UNIQUE (a, b)); DROP INDEX t_a_b_key"},
    {"drop_missing_constraint", "CREATE TABLE t (a int); ALTER TABLE t DROP CONSTRAINT c"},
    {"drop_missing_constraint_guarded", "CREATE TABLE t (a int); ALTER TABLE t DROP CONSTRAINT IF EXISTS c"},
    {"drop_key_that_is_referenced", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int REFERENCES t); ALTER TABLE t DROP CONSTRAINT t_pkey"},
    {"foreign_key_to_missing_table", "CREATE TABLE u (b int REFERENCES t)"},
    {"foreign_key_to_missing_column", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int REFERENCES t (c))"},
    {"foreign_key_of_missing_column", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int, FOREIGN KEY (c) REFERENCES t)"},
    {"foreign_key_without_primary_key", "CREATE TABLE t (a int); CREATE TABLE u (b int REFERENCES t)"},
    {"foreign_key_without_unique", "CREATE TABLE t (a int); CREATE TABLE u (b int REFERENCES t (a))"},
    {"foreign_key_to_partial_unique", "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a) WHERE a > 0; CREATE TABLE u (b int REFERENCES t (a))"},
    {"foreign_key_to_unique_index", "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a); CREATE TABLE u (b int REFERENCES t (a)); DROP INDEX i"},
    {"foreign_key_wrong_count", "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE u (b int REFERENCES t)"},
    {"foreign_key_wrong_type", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b text REFERENCES t)"},
    {"foreign_key_wider_type", "CREATE TABLE t (a bigint PRIMARY KEY); CREATE TABLE u (b int REFERENCES t)"},
    {"foreign_key_varchar_to_text", "CREATE TABLE t (a text PRIMARY KEY); CREATE TABLE u (b varchar(9) REFERENCES t)"},
    {"foreign_key_uuid_to_text", "CREATE TABLE t (a uuid PRIMARY KEY); CREATE TABLE u (b text REFERENCES t)"},
    {"foreign_key_default_name", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int REFERENCES t); ALTER TABLE u DROP CONSTRAINT u_b_fkey"},
    {"foreign_key_to_view", "CREATE VIEW v AS SELECT 1 AS a; CREATE TABLE u (b int REFERENCES v)"},
    {"foreign_key_to_itself", "CREATE TABLE t (a int PRIMARY KEY, p int REFERENCES t)"},
    {"using_index", "CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX i; DROP INDEX i"},
    {"using_index_not_unique", "CREATE TABLE t (a int); CREATE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i"},
    {"validate", "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID; ALTER TABLE t VALIDATE CONSTRAINT c; ALTER TABLE t VALIDATE CONSTRAINT d"},
    // ---- indexes
    {"index_exists", "CREATE TABLE t (a int); CREATE INDEX i ON t (a); CREATE INDEX i ON t (a)"},
    {"index_of_missing_column", "CREATE TABLE t (a int); CREATE INDEX i ON t (b)"},
    {"index_on_missing_table", "CREATE INDEX i ON t (a)"},
    {"index_on_view", "CREATE VIEW v AS SELECT 1 AS a; CREATE INDEX i ON v (a)"},
    {"index_default_names", "CREATE TABLE t (a text); CREATE INDEX ON t (a); CREATE INDEX ON t (a); CREATE INDEX ON t (lower(a)); CREATE INDEX ON t ((a || 'x')); DROP INDEX t_a_idx, t_a_idx1, t_lower_idx, t_expr_idx"},
    {"index_not_immutable", "CREATE TABLE t (a timestamptz); CREATE INDEX i ON t (date_trunc('day', a))"},
    {"index_predicate_not_immutable", "CREATE TABLE t (a timestamptz); CREATE INDEX i ON t (a) WHERE a > now()"},
    {"index_on_json", "CREATE TABLE t (a json); CREATE INDEX i ON t (a)"},
    {"index_gin_on_int", "CREATE TABLE t (a int); CREATE INDEX i ON t USING gin (a)"},
    {"index_unknown_method", "CREATE TABLE t (a int); CREATE INDEX i ON t USING nosuch (a)"},
    {"index_on_enum_and_array", "CREATE TYPE m AS ENUM ('x'); CREATE TABLE t (a m, b m[]); CREATE INDEX ON t (a); CREATE INDEX ON t (b); CREATE INDEX ON t USING gin (b)"},
    {"drop_index_of_constraint", "CREATE TABLE t (a int PRIMARY KEY); DROP INDEX t_pkey"},
    {"drop_missing_index", "DROP INDEX i"},
    {"drop_table_as_index", "CREATE TABLE t (a int); DROP INDEX t"},
    {"concurrently_in_block", "CREATE TABLE t (a int); BEGIN; CREATE INDEX CONCURRENTLY i ON t (a)"},
    // ---- views
    {"view_exists", "CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW v AS SELECT 2 AS a"},
    {"view_replaced", "CREATE VIEW v AS SELECT 1 AS a; CREATE OR REPLACE VIEW v AS SELECT 2 AS a, 3 AS b"},
    {"view_replaced_fewer_columns", "CREATE VIEW v AS SELECT 1 AS a, 2 AS b; CREATE OR REPLACE VIEW v AS SELECT 1 AS a"},
    {"view_replaced_other_name", "CREATE VIEW v AS SELECT 1 AS a; CREATE OR REPLACE VIEW v AS SELECT 1 AS b"},
    {"view_replaced_other_type", "CREATE VIEW v AS SELECT 1 AS a; CREATE OR REPLACE VIEW v AS SELECT 'x'::text AS a"},
    {"view_over_table", "CREATE TABLE v (a int); CREATE OR REPLACE VIEW v AS SELECT 1 AS a"},
    {"view_column_twice", "CREATE VIEW v AS SELECT 1 AS a, 2 AS a"},
    {"view_unknown_column", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT b FROM t"},
    {"view_star_expands_once", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT * FROM t; ALTER TABLE t ADD COLUMN b int; SELECT b FROM v"},
    {"view_column_types", "CREATE TABLE t (a int, b numeric(8,2), c text[], d timestamptz); CREATE VIEW v AS SELECT a + 1 AS e, b * 2 AS f, c[1] AS g, count(*) AS h, max(d) AS i, coalesce(a, 0) AS j, a::text || 'x' AS k, now() - d AS l FROM t GROUP BY a, b, c, d"},
    {"view_ambiguous_column", "CREATE TABLE t (a int); CREATE TABLE u (a int); CREATE VIEW v AS SELECT a FROM t, u"},
    {"drop_view_as_table", "CREATE VIEW v AS SELECT 1 AS a; DROP TABLE v"},
    {"drop_table_as_view", "CREATE TABLE t (a int); DROP VIEW t"},
    {"drop_view_used_by_view", "CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW w AS SELECT a FROM v; DROP VIEW v"},
    {"drop_both_views", "CREATE VIEW v AS SELECT 1 AS a; CREATE VIEW w AS SELECT a FROM v; DROP VIEW v, w"},
    {"refresh_plain_view", "CREATE VIEW v AS SELECT 1 AS a; REFRESH MATERIALIZED VIEW v"},
    {"alter_type_under_view", "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; ALTER TABLE t ALTER COLUMN a TYPE bigint"},
    // ---- types
    {"alter_type_uncastable", "CREATE TABLE t (a text); ALTER TABLE t ALTER COLUMN a TYPE int"},
    {"alter_type_using", "CREATE TABLE t (a text); ALTER TABLE t ALTER COLUMN a TYPE int USING a::int"},
    {"alter_type_default_uncastable", "CREATE TABLE t (a text DEFAULT 'x'); ALTER TABLE t ALTER COLUMN a TYPE int USING a::int"},
    {"alter_type_to_enum", "CREATE TYPE m AS ENUM ('x'); CREATE TABLE t (a text); ALTER TABLE t ALTER COLUMN a TYPE m"},
    {"enum_exists", "CREATE TYPE m AS ENUM ('x'); CREATE TYPE m AS ENUM ('y')"},
    {"enum_label_exists", "CREATE TYPE m AS ENUM ('x'); ALTER TYPE m ADD VALUE 'x'"},
    {"enum_label_guarded", "CREATE TYPE m AS ENUM ('x'); ALTER TYPE m ADD VALUE IF NOT EXISTS 'x'"},
    {"enum_label_after_missing", "CREATE TYPE m AS ENUM ('x'); ALTER TYPE m ADD VALUE 'y' AFTER 'z'"},
    {"enum_rename_missing", "CREATE TYPE m AS ENUM ('x'); ALTER TYPE m RENAME VALUE 'y' TO 'z'"},
    {"enum_value_used_before_commit", "CREATE TYPE m AS ENUM ('x'); CREATE TABLE t (a m); BEGIN; ALTER TYPE m ADD VALUE 'y'; INSERT INTO t VALUES ('y')"},
    {"enum_bad_default", "CREATE TYPE m AS ENUM ('x'); CREATE TABLE t (a m DEFAULT 'y')"},
    {"drop_used_type", "CREATE TYPE m AS ENUM ('x'); CREATE TABLE t (a m); DROP TYPE m"},
    {"drop_used_type_cascade", "CREATE TYPE m AS ENUM ('x'); CREATE TABLE t (a m, b int); DROP TYPE m CASCADE; ALTER TABLE t DROP COLUMN a"},
    {"drop_missing_type", "DROP TYPE m"},
    {"domain_check", "CREATE DOMAIN d AS int CHECK (VALUE > 0); CREATE TABLE t (a d); DROP DOMAIN d"},
    {"composite", "CREATE TYPE c AS (x int, y text); CREATE TABLE t (a c, b c[]); DROP TYPE c"},
    // ---- functions and triggers
    {"function_exists", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(b int) RETURNS int LANGUAGE sql AS 'SELECT 2'"},
    {"function_overload", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION f(a text) RETURNS int LANGUAGE sql AS 'SELECT 2'; DROP FUNCTION f"},
    {"function_drop_by_signature", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION f(text)"},
    {"function_return_type_changed", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE OR REPLACE FUNCTION f() RETURNS text LANGUAGE sql AS $$SELECT 'x'$$"},
    {"function_parameter_renamed", "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE OR REPLACE FUNCTION f(b int) RETURNS int LANGUAGE sql AS 'SELECT 1'"},
    {"function_sql_body_checked", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT a FROM nosuch'"},
    {"function_sql_body_unchecked", "SET check_function_bodies = off; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT a FROM nosuch'"},
    {"function_plpgsql_body_not_bound", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT a FROM nosuch); END'"},
    {"function_body_leaves_no_dependency", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM t'; DROP TABLE t"},
    {"function_atomic_body_depends", "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t; END; DROP TABLE t"},
    {"function_of_row_type", "CREATE TABLE t (a int); CREATE FUNCTION f(t) RETURNS int LANGUAGE sql AS 'SELECT $1.a'; DROP TABLE t"},
    {"trigger_missing_function", "CREATE TABLE t (a int); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"},
    {"trigger_function_of_other_type", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE t (a int); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"},
    {"trigger_exists", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (a int); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"},
    {"trigger_holds_function", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TABLE t (a int); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); DROP FUNCTION f()"},
    {"drop_missing_trigger", "CREATE TABLE t (a int); DROP TRIGGER g ON t"},
    {"drop_trigger_of_missing_table_guarded", "DROP TRIGGER IF EXISTS g ON t"},
    // ---- policies, comments, grants, roles
    {"policy_exists", "CREATE TABLE t (a int); CREATE POLICY p ON t; CREATE POLICY p ON t"},
    {"policy_unknown_column", "CREATE TABLE t (a int); CREATE POLICY p ON t USING (b = 1)"},
    {"policy_on_view", "CREATE VIEW v AS SELECT 1 AS a; CREATE POLICY p ON v"},
    {"drop_missing_policy", "CREATE TABLE t (a int); DROP POLICY p ON t"},
    {"comment_on_missing_column", "CREATE TABLE t (a int); COMMENT ON COLUMN t.b IS 'x'"},
    {"comment_on_missing_table", "COMMENT ON TABLE t IS 'x'"},
    {"grant_on_missing_table", "GRANT SELECT ON t TO public"},
    {"row_security_on_view", "CREATE VIEW v AS SELECT 1 AS a; ALTER TABLE v ENABLE ROW LEVEL SECURITY"},
    // ---- schemas and drops
    {"schema_exists", "CREATE SCHEMA s; CREATE SCHEMA s"},
    {"schema_not_empty", "CREATE SCHEMA s; CREATE TABLE s.t (a int); DROP SCHEMA s"},
    {"schema_cascade", "CREATE SCHEMA s; CREATE TABLE s.t (a int); DROP SCHEMA s CASCADE; CREATE SCHEMA s; CREATE TABLE s.t (a int)"},
    {"drop_missing_schema", "DROP SCHEMA s"},
    {"reserved_schema_name", "CREATE SCHEMA pg_mine"},
    {"drop_missing_table", "DROP TABLE t"},
    {"drop_missing_table_in_missing_schema", "DROP TABLE s.t"},
    {"drop_one_of_two_missing", "CREATE TABLE t (a int); DROP TABLE t, u"},
    {"drop_referenced_table", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int REFERENCES t); DROP TABLE t"},
    {"drop_referenced_table_cascade", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int REFERENCES t); DROP TABLE t CASCADE; ALTER TABLE u DROP CONSTRAINT u_b_fkey"},
    {"drop_sequence_in_default", "CREATE SEQUENCE s; CREATE TABLE t (a int DEFAULT nextval('s')); DROP SEQUENCE s"},
    {"drop_sequence_in_default_cascade", "CREATE SEQUENCE s; CREATE TABLE t (a int DEFAULT nextval('s')); DROP SEQUENCE s CASCADE; DROP TABLE t"},
    {"drop_owned_sequence", "CREATE TABLE t (a int); CREATE SEQUENCE s OWNED BY t.a; DROP TABLE t; DROP SEQUENCE s"},
    {"drop_identity_sequence", "CREATE TABLE t (a int GENERATED BY DEFAULT AS IDENTITY); DROP SEQUENCE t_a_seq"},
    // ---- session and transactions
    {"search_path_creates", "CREATE SCHEMA s; SET search_path TO s; CREATE TABLE t (a int); SET search_path TO public; INSERT INTO t VALUES (1)"},
    {"search_path_nowhere", "SET search_path TO nosuch; CREATE TABLE t (a int)"},
    {"search_path_by_function", "SELECT pg_catalog.set_config('search_path', '', false); CREATE TABLE t (a int)"},
    {"set_local_ends", "CREATE SCHEMA s; BEGIN; SET LOCAL search_path TO s; CREATE TABLE t (a int); COMMIT; INSERT INTO t VALUES (1)"},
    {"unknown_setting", "SET nosuch_setting TO 1"},
    {"custom_setting", "SET app.user TO 'x'"},
    {"rollback_takes_back", "BEGIN; CREATE TABLE t (a int); ROLLBACK; INSERT INTO t VALUES (1)"},
    {"savepoint", "BEGIN; CREATE TABLE t (a int); SAVEPOINT p; DROP TABLE t; ROLLBACK TO p; INSERT INTO t VALUES (1); COMMIT"},
    {"savepoint_missing", "BEGIN; ROLLBACK TO p"},
    {"savepoint_outside", "SAVEPOINT p"},
    {"isolation_first", "BEGIN; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT"},
    {"isolation_late", "BEGIN; SELECT 1; SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"},
    {"vacuum_in_block", "CREATE TABLE t (a int); BEGIN; VACUUM t"},
    {"lock_outside", "CREATE TABLE t (a int); LOCK TABLE t"},
    // ---- rows
    {"insert_null", "CREATE TABLE t (a int NOT NULL, b int); INSERT INTO t (b) VALUES (1)"},
    {"insert_unknown_column", "CREATE TABLE t (a int); INSERT INTO t (b) VALUES (1)"},
    {"insert_too_many", "CREATE TABLE t (a int); INSERT INTO t VALUES (1, 2)"},
    {"insert_wrong_type", "CREATE TABLE t (a int); INSERT INTO t VALUES (true)"},
    {"insert_bad_literal", "CREATE TABLE t (a int); INSERT INTO t VALUES ('x')"},
    {"insert_reference_to_empty", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int REFERENCES t); INSERT INTO u VALUES (1)"},
    {"insert_expression_into_not_null", "CREATE TABLE t (a int NOT NULL, b text NOT NULL); INSERT INTO t VALUES (1, coalesce(NULL, 'x')), (2, lower('Y'))"},
    {"insert_null_expression", "CREATE TABLE t (a text NOT NULL); INSERT INTO t VALUES (NULL::text)"},
    {"insert_leaves_out_null_default", "CREATE TABLE t (a varchar(3) NOT NULL DEFAULT NULL, b int); INSERT INTO t (b) VALUES (1)"},
    {"insert_leaves_out_filled_domain", "CREATE DOMAIN d AS int DEFAULT 7; CREATE TABLE t (a d NOT NULL, b int); INSERT INTO t (b) VALUES (1)"},
    {"insert_null_reference", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int REFERENCES t); INSERT INTO u VALUES (NULL), (NULL)"},
    {"insert_null_and_missing_reference", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int, c int, FOREIGN KEY (b) REFERENCES t); INSERT INTO u VALUES (1, NULL)"},
    {"insert_distinct_keys", "CREATE TABLE t (a int PRIMARY KEY, b varchar(9) UNIQUE); INSERT INTO t VALUES (1, 'x'), (2, 'y')"},
    {"insert_null_before_trigger", "CREATE TABLE t (a int NOT NULL); CREATE TABLE u (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION f(); INSERT INTO t VALUES (NULL)"},
    {"update_to_value", "CREATE TABLE t (a text NOT NULL, b text); INSERT INTO t VALUES ('x', 'y'); UPDATE t SET a = lower(b) WHERE b > ''"},
    {"insert_generated", "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY); INSERT INTO t (a) VALUES (1)"},
    {"conflict_without_index", "CREATE TABLE t (a int); INSERT INTO t VALUES (1) ON CONFLICT (a) DO NOTHING"},
    {"update_unknown_column", "CREATE TABLE t (a int); UPDATE t SET b = 1"},
    {"delete_unknown_column", "CREATE TABLE t (a int); DELETE FROM t WHERE b = 1"},
    {"truncate_referenced", "CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int REFERENCES t); TRUNCATE t"},
    {"unknown_function", "SELECT nosuch(1)"},
    {"unknown_operator", "SELECT 1 || 2"},
    // ---- extensions
    {"extension_exists", "CREATE EXTENSION citext; CREATE EXTENSION citext"},
    {"extension_type", "CREATE EXTENSION citext; CREATE TABLE t (a citext); CREATE INDEX ON t (a)"},
    {"extension_type_missing", "CREATE TABLE t (a citext)"},
    {"extension_function", "CREATE EXTENSION pgcrypto; CREATE TABLE t (a text DEFAULT crypt('x', gen_salt('bf')))"},
    {"extension_dropped", "CREATE EXTENSION citext; DROP EXTENSION citext; CREATE TABLE t (a citext)"},
    {"extension_in_use", "CREATE EXTENSION citext; CREATE TABLE t (a citext); DROP EXTENSION citext"},
    // ---- grammar
    {"syntax_error", "CREATE TABLE t (a int); CREATE TABL u (a int)"},
    {"syntax_error_at_semicolon", "CREATE TABLE t (a int); ALTER TABLE t ADD ; CREATE TABLE u (a int)"},
    {"syntax_error_at_end", "CREATE TABLE t (a int); ALTER TABLE t ADD"},
};
// clang-format on

using Columns = std::map<std::string, std::string>;

struct Result {
    std::uint32_t statement = 0; ///< 0 when nothing was refused.
    std::string sqlstate;
    std::string message;
    Columns columns;
};

std::string show(const Result& result) {
    std::string text = result.statement == 0 ? "accepted\n"
                                             : std::to_string(result.statement) + ": " +
                                                   result.sqlstate + " " + result.message + "\n";
    if (result.statement != 0) return text;
    for (const auto& [column, type] : result.columns)
        text += "  " + column + " " + type + "\n";
    return text;
}

Columns server_columns(test::Session& session) {
    const test::Answer answer = session.run(
        "SELECT n.nspname || '.' || c.relname || '.' || a.attname, format_type(a.atttypid, "
        "a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END || CASE WHEN "
        "a.atthasdef THEN ' default' ELSE '' END FROM pg_attribute a JOIN pg_class c ON c.oid = "
        "a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attnum > 0 AND NOT "
        "a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'c') AND n.nspname !~ '^pg_' AND "
        "n.nspname <> 'information_schema'");
    Columns columns;
    for (const auto& row : answer.rows)
        columns[*row[0]] = *row[1];
    return columns;
}

/// A statement with the ';' behind it, as it is sent.
std::string_view sent_text(const Statement& statement, std::string_view sql) {
    const std::size_t next = sql.find_first_not_of(" \n", statement.span.end);
    const bool terminated = next != std::string_view::npos && sql[next] == ';';
    const std::size_t end = terminated ? next + 1 : statement.span.end;
    return sql.substr(statement.span.begin, end - statement.span.begin);
}

Result on_server(const std::vector<Statement>& statements, std::string_view sql) {
    test::PostgresServer& server = test::server();
    auto session = server.connect(server.create_database());
    Result result;
    for (const Statement& statement : statements) {
        const test::Answer answer = session->run(std::string(sent_text(statement, sql)));
        if (answer.ok()) continue;
        result.statement = statement.number;
        result.sqlstate = answer.sqlstate;
        result.message = answer.message;
        return result;
    }
    EXPECT_TRUE(session->run("RESET ALL").ok());
    result.columns = server_columns(*session);
    return result;
}

Columns catalog_columns(const Catalog& catalog) {
    const catalog::SearchPath path;
    const catalog::Resolver resolver(catalog, path, catalog::World::closed);
    Columns columns;
    for (const Object* object : catalog.objects()) {
        if (object->kind != ObjectKind::column) continue;
        const auto& details = object->as<ColumnDetails>();
        std::string text = format_type(resolver, details.type);
        if (details.not_null) text += " not null";
        if (details.has_default) text += " default";
        columns[catalog::qualified_name(catalog, object->parent) + "." + object->name] = text;
    }
    return columns;
}

class ServerAgreement : public testing::TestWithParam<Case> {};

TEST_P(ServerAgreement, FirstRefusalAndColumnsAreTheServers) {
    SourceSet sources;
    const FileId file = sources.add("script.sql", std::string(GetParam().sql));
    const Span whole{.begin = 0, .end = static_cast<std::uint32_t>(GetParam().sql.size())};
    const std::vector<Statement> statements =
        parse::parse_script(sources.file(file), whole).statements;
    Catalog catalog;
    replay::Database database{
        .catalog = catalog, .assumed = {}, .pending_drops = {}, .cleared = {}};
    Migration migration;
    migration.ordinal = 1;
    migration.up = {.file = file, .section = whole, .wrapping = Wrapping::script, .directive = {}};
    const replay::ScriptRun run = replay::run_script(database,
                                                     {.migration = migration,
                                                      .script = migration.up,
                                                      .statements = statements,
                                                      .sent_whole = false},
                                                     nullptr);
    ASSERT_NE(run.answer.verdict, Verdict::unknown) << run.answer.message;
    Result said;
    if (run.answer.verdict == Verdict::no) {
        said.statement = run.answer.statement;
        said.sqlstate = run.answer.sqlstate;
        said.message = run.answer.message;
    } else {
        said.columns = catalog_columns(catalog);
    }
    EXPECT_EQ(show(said), show(on_server(statements, GetParam().sql))) << GetParam().sql;
}

INSTANTIATE_TEST_SUITE_P(Scripts,
                         ServerAgreement,
                         testing::ValuesIn(cases),
                         [](const testing::TestParamInfo<Case>& script) {
                             return std::string(script.param.name);
                         });

} // namespace
} // namespace ordain
