#include "expression_dump.hpp"
#include "parse/lower_expression.hpp"
#include "parse/syntax_tree.hpp"
#include "place_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ordain/expression.hpp>
#include <string>
#include <utility>
#include <vector>

namespace ordain::parse {
namespace {

using testing::IsEmpty;

/// An expression, what it is lowered to (see dump) and the text of each of its spans.
struct ExpressionCase {
    std::string sql;
    std::string tree;
    std::string places;
};

const std::vector<ExpressionCase> expression_cases{
    // constants
    {.sql = "1", .tree = "(integer 1)", .places = "1"},
    {.sql = "0", .tree = "(integer 0)", .places = "0"},
    {.sql = "-1", .tree = "(integer -1)", .places = "-1"},
    {.sql = "- (1)", .tree = "(integer -1)", .places = "- (1)"},
    {.sql = "- ( - 7 )", .tree = "(integer 7)", .places = "- ( - 7 )"},
    {.sql = "+ 1", .tree = "(operator plain + (integer 1))", .places = "+ 1 | 1"},
    {.sql = "3000000000", .tree = "(float 3000000000)", .places = "3000000000"},
    {.sql = "1.5", .tree = "(float 1.5)", .places = "1.5"},
    {.sql = "-2.5e3", .tree = "(float -2.5e3)", .places = "-2.5e3"},
    {.sql = "'it''s'", .tree = "(string it's)", .places = "'it''s'"},
    {.sql = R"(E'a\tb')", .tree = "(string a\tb)", .places = R"(E'a\tb')"},
    {.sql = "U&'d!0061t' UESCAPE '!'", .tree = "(string dat)", .places = "U&'d!0061t' UESCAPE '!'"},
    {.sql = "$tag$d$tag$", .tree = "(string d)", .places = "$tag$d$tag$"},
    {.sql = "b'101'", .tree = "(bit b101)", .places = "b'101'"},
    {.sql = "x'1F'", .tree = "(bit x1F)", .places = "x'1F'"},
    {.sql = "NULL", .tree = "(null)", .places = "NULL"},
    {.sql = "true", .tree = "(boolean true)", .places = "true"},
    {.sql = "FALSE", .tree = "(boolean false)", .places = "FALSE"},
    {.sql = "$1", .tree = "(parameter 1)", .places = "$1"},
    // columns
    {.sql = "a", .tree = "(column a)", .places = "a"},
    {.sql = "t.a", .tree = "(column t.a)", .places = "t.a"},
    {.sql = "s.t.a", .tree = "(column s.t.a)", .places = "s.t.a"},
    {.sql = "d.s.t.a", .tree = "(column d.s.t.a)", .places = "d.s.t.a"},
    {.sql = R"("Mixed"."Case")", .tree = "(column Mixed.Case)", .places = R"("Mixed"."Case")"},
    {.sql = "UPPER", .tree = "(column upper)", .places = "UPPER"},
    {.sql = R"(U&"d\0061t")", .tree = "(column dat)", .places = R"(U&"d\0061t")"},
    {.sql = R"(U&"d!0061t" UESCAPE '!')",
     .tree = "(column dat)",
     .places = R"(U&"d!0061t" UESCAPE '!')"},
    {.sql = "t.*", .tree = "(column t.*)", .places = "t.*"},
    {.sql = "s.t.*", .tree = "(column s.t.*)", .places = "s.t.*"},
    {.sql = "*", .tree = "(column *)", .places = "*"},
    {.sql = "t.select", .tree = "(column t.select)", .places = "t.select"},
    // calls
    {.sql = "f()", .tree = "(call f)", .places = "f()"},
    {.sql = "s.f(1, 'x')",
     .tree = "(call s.f (integer 1) (string x))",
     .places = "s.f(1, 'x') | 1 | 'x'"},
    {.sql = "count(*)", .tree = "(call count.*)", .places = "count(*)"},
    {.sql = "count(DISTINCT a)",
     .tree = "(call count DISTINCT (column a))",
     .places = "count(DISTINCT a) | a"},
    {.sql = "string_agg(a, ',' ORDER BY b DESC, c)",
     .tree = "(call string_agg (column a) (string ,) order=[(column b) desc (column c)])",
     .places = "string_agg(a, ',' ORDER BY b DESC, c) | a | ',' | b | c"},
    {.sql = "f(VARIADIC a)", .tree = "(call f VARIADIC (column a))", .places = "f(VARIADIC a) | a"},
    {.sql = "f(1, VARIADIC a)",
     .tree = "(call f VARIADIC (integer 1) (column a))",
     .places = "f(1, VARIADIC a) | 1 | a"},
    {.sql = "f(a => 1, b := (2))",
     .tree = "(call f (named a (integer 1)) (named b (integer 2)))",
     .places = "f(a => 1, b := (2)) | a => 1 | 1 | b := (2) | 2"},
    {.sql = "percentile_cont(0.5) WITHIN GROUP (ORDER BY x)",
     .tree = "(call percentile_cont (float 0.5) within=[(column x)])",
     .places = "percentile_cont(0.5) WITHIN GROUP (ORDER BY x) | 0.5 | x"},
    {.sql = "sum(a) FILTER (WHERE b)",
     .tree = "(call sum (column a) filter=(column b))",
     .places = "sum(a) FILTER (WHERE b) | a | b"},
    {.sql = "rank() OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING)",
     .tree = "(call rank OVER over=(window partition=[(column a)] order=[(column b)] frame='rows "
             "between offset preceding and offset following' offsets=[(integer 1) (integer 2)]))",
     .places = "rank() OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING) | "
               "a | b | 1 | 2"},
    {.sql = "f() OVER (w ORDER BY a DESC NULLS LAST GROUPS 1 PRECEDING EXCLUDE TIES)",
     .tree = "(call f OVER over=(window base=w order=[(column a) desc nulls last] frame='groups "
             "between offset preceding and current row exclude ties' offsets=[(integer 1)]))",
     .places = "f() OVER (w ORDER BY a DESC NULLS LAST GROUPS 1 PRECEDING EXCLUDE TIES) | a | 1"},
    {.sql = "f() OVER (RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
     .tree = "(call f OVER over=(window))",
     .places = "f() OVER (RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"},
    {.sql = "f() OVER (ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE GROUP)",
     .tree = "(call f OVER over=(window frame='rows between current row and unbounded following "
             "exclude group'))",
     .places = "f() OVER (ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE GROUP)"},
    {.sql = "f() OVER (RANGE BETWEEN a FOLLOWING AND b FOLLOWING EXCLUDE CURRENT ROW)",
     .tree = "(call f OVER over=(window frame='range between offset following and offset following "
             "exclude current row' offsets=[(column a) (column b)]))",
     .places = "f() OVER (RANGE BETWEEN a FOLLOWING AND b FOLLOWING EXCLUDE CURRENT ROW) | a | b"},
    {.sql = "lag(a) FILTER (WHERE b) OVER w",
     .tree = "(call lag OVER (column a) filter=(column b) over=(window name=w))",
     .places = "lag(a) FILTER (WHERE b) OVER w | a | b"},
    {.sql = "percentile_disc(a) WITHIN GROUP (ORDER BY b, c) FILTER (WHERE d)",
     .tree = "(call percentile_disc (column a) within=[(column b) (column c)] filter=(column d))",
     .places = "percentile_disc(a) WITHIN GROUP (ORDER BY b, c) FILTER (WHERE d) | a | b | c | d"},
    {.sql = "EXTRACT(year FROM a)",
     .tree = "(call `pg_catalog.extract (string year) (column a))",
     .places = "EXTRACT(year FROM a) | year | a"},
    {.sql = "EXTRACT('epoch' FROM a)",
     .tree = "(call `pg_catalog.extract (string epoch) (column a))",
     .places = "EXTRACT('epoch' FROM a) | 'epoch' | a"},
    {.sql = "a AT TIME ZONE 'x'",
     .tree = "(call `pg_catalog.`timezone (string x) (column a))",
     .places = "a AT TIME ZONE 'x' | 'x' | a"},
    {.sql = "(a) AT TIME ZONE (b)",
     .tree = "(call `pg_catalog.`timezone (column b) (column a))",
     .places = "(a) AT TIME ZONE (b) | b | a"},
    {.sql = "OVERLAY(a PLACING b FROM 1 FOR 2)",
     .tree = "(call `pg_catalog.overlay (column a) (column b) (integer 1) (integer 2))",
     .places = "OVERLAY(a PLACING b FROM 1 FOR 2) | a | b | 1 | 2"},
    {.sql = "POSITION(a IN b)",
     .tree = "(call `pg_catalog.position (column b) (column a))",
     .places = "POSITION(a IN b) | b | a"},
    {.sql = "SUBSTRING(a FROM 1 FOR 2)",
     .tree = "(call `pg_catalog.substring (column a) (integer 1) (integer 2))",
     .places = "SUBSTRING(a FROM 1 FOR 2) | a | 1 | 2"},
    {.sql = "SUBSTRING(a FOR 2)",
     .tree = "(call `pg_catalog.substring (column a) (integer 1) (cast (integer 2) "
             "<`pg_catalog.`int4>))",
     .places = "SUBSTRING(a FOR 2) | a | ? | 2 | 2 | T ?"},
    {.sql = "SUBSTRING(a SIMILAR b ESCAPE c)",
     .tree = "(call `pg_catalog.substring (column a) (column b) (column c))",
     .places = "SUBSTRING(a SIMILAR b ESCAPE c) | a | b | c"},
    {.sql = "substring(a, 1)",
     .tree = "(call substring (column a) (integer 1))",
     .places = "substring(a, 1) | a | 1"},
    {.sql = "TRIM(a)", .tree = "(call `pg_catalog.`btrim (column a))", .places = "TRIM(a) | a"},
    {.sql = "TRIM(LEADING 'x' FROM a)",
     .tree = "(call `pg_catalog.`ltrim (column a) (string x))",
     .places = "TRIM(LEADING 'x' FROM a) | a | 'x'"},
    {.sql = "TRIM(BOTH FROM a)",
     .tree = "(call `pg_catalog.`btrim (column a))",
     .places = "TRIM(BOTH FROM a) | a"},
    {.sql = "(a, b) OVERLAPS (c, d)",
     .tree = "(call `pg_catalog.overlaps (column a) (column b) (column c) (column d))",
     .places = "(a, b) OVERLAPS (c, d) | a | b | c | d"},
    {.sql = "ROW (a, b) OVERLAPS ROW (c, d)",
     .tree = "(call `pg_catalog.overlaps (column a) (column b) (column c) (column d))",
     .places = "ROW (a, b) OVERLAPS ROW (c, d) | a | b | c | d"},
    {.sql = "a IS NORMALIZED",
     .tree = "(call `pg_catalog.`is_normalized (column a))",
     .places = "a IS NORMALIZED | a"},
    {.sql = "a IS NOT NFC NORMALIZED",
     .tree = "(not (call `pg_catalog.`is_normalized (column a) (string NFC)))",
     .places = "a IS NOT NFC NORMALIZED | a IS NOT NFC NORMALIZED | a | NFC"},
    {.sql = "NORMALIZE(a, NFKC)",
     .tree = "(call `pg_catalog.normalize (column a) (string NFKC))",
     .places = "NORMALIZE(a, NFKC) | a | NFKC"},
    {.sql = "COLLATION FOR (a)",
     .tree = "(call `pg_catalog.`pg_collation_for (column a))",
     .places = "COLLATION FOR (a) | a"},
    {.sql = "TREAT(a AS s.t)",
     .tree = "(call `pg_catalog.`t (column a))",
     .places = "TREAT(a AS s.t) | a"},
    {.sql = "xmlexists('x' PASSING a)",
     .tree = "(call `pg_catalog.xmlexists (string x) (column a))",
     .places = "xmlexists('x' PASSING a) | 'x' | a"},
    // operators
    {.sql = "a + b", .tree = "(operator plain + (column a) (column b))", .places = "a + b | a | b"},
    {.sql = "a + b * c",
     .tree = "(operator plain + (column a) (operator plain * (column b) (column c)))",
     .places = "a + b * c | a | b * c | b | c"},
    {.sql = "(a + b) * c",
     .tree = "(operator plain * (operator plain + (column a) (column b)) (column c))",
     .places = "(a + b) * c | a + b | a | b | c"},
    {.sql = "((a)) + ((b))",
     .tree = "(operator plain + (column a) (column b))",
     .places = "((a)) + ((b)) | a | b"},
    {.sql = "a + b - c",
     .tree = "(operator plain - (operator plain + (column a) (column b)) (column c))",
     .places = "a + b - c | a + b | a | b | c"},
    {.sql = "- a", .tree = "(operator plain - (column a))", .places = "- a | a"},
    {.sql = "@ (a)", .tree = "(operator plain @ (column a))", .places = "@ (a) | a"},
    {.sql = "a || b",
     .tree = "(operator plain || (column a) (column b))",
     .places = "a || b | a | b"},
    {.sql = "a != b",
     .tree = "(operator plain <> (column a) (column b))",
     .places = "a != b | a | b"},
    {.sql = "a <> b",
     .tree = "(operator plain <> (column a) (column b))",
     .places = "a <> b | a | b"},
    {.sql = "a OPERATOR(pg_catalog.+) b",
     .tree = "(operator plain pg_catalog.+ (column a) (column b))",
     .places = "a OPERATOR(pg_catalog.+) b | a | b"},
    {.sql = "OPERATOR(s.@) a",
     .tree = "(operator plain s.@ (column a))",
     .places = "OPERATOR(s.@) a | a"},
    {.sql = "a -> 'b' ->> 'c'",
     .tree = "(operator plain ->> (operator plain -> (column a) (string b)) (string c))",
     .places = "a -> 'b' ->> 'c' | a -> 'b' | a | 'b' | 'c'"},
    {.sql = "a = ANY (b)",
     .tree = "(operator any = (column a) (column b))",
     .places = "a = ANY (b) | a | b"},
    {.sql = "a <> ALL (ARRAY[1])",
     .tree = "(operator all <> (column a) (array (integer 1)))",
     .places = "a <> ALL (ARRAY[1]) | a | ARRAY[1] | 1"},
    {.sql = "a LIKE ANY (b)",
     .tree = "(operator any `~~ (column a) (column b))",
     .places = "a LIKE ANY (b) | a | b"},
    {.sql = "a OPERATOR(pg_catalog.=) ANY (b)",
     .tree = "(operator any pg_catalog.= (column a) (column b))",
     .places = "a OPERATOR(pg_catalog.=) ANY (b) | a | b"},
    {.sql = "a IN (1, (2))",
     .tree = "(operator in `= (column a) (integer 1) (integer 2))",
     .places = "a IN (1, (2)) | a | 1 | 2"},
    {.sql = "(a) NOT IN (1)",
     .tree = "(operator not-in `<> (column a) (integer 1))",
     .places = "(a) NOT IN (1) | a | 1"},
    {.sql = "(a, b) IN ((1, 2))",
     .tree = "(operator in `= (row (column a) (column b)) (row (integer 1) (integer 2)))",
     .places = "(a, b) IN ((1, 2)) | (a, b) | a | b | (1, 2) | 1 | 2"},
    {.sql = "a LIKE 'x'",
     .tree = "(operator like `~~ (column a) (string x))",
     .places = "a LIKE 'x' | a | 'x'"},
    {.sql = "a NOT LIKE 'x'",
     .tree = "(operator like `!~~ (column a) (string x))",
     .places = "a NOT LIKE 'x' | a | 'x'"},
    {.sql = "a LIKE 'x' ESCAPE '!'",
     .tree = "(operator like `~~ (column a) (call `pg_catalog.`like_escape (string x) (string !)))",
     .places = "a LIKE 'x' ESCAPE '!' | a | 'x' ESCAPE '!' | 'x' | '!'"},
    {.sql = "a ILIKE b",
     .tree = "(operator ilike `~~* (column a) (column b))",
     .places = "a ILIKE b | a | b"},
    {.sql = "a NOT ILIKE b",
     .tree = "(operator ilike `!~~* (column a) (column b))",
     .places = "a NOT ILIKE b | a | b"},
    {.sql = "a SIMILAR TO b",
     .tree = "(operator similar `~ (column a) (call `pg_catalog.`similar_to_escape (column b)))",
     .places = "a SIMILAR TO b | a | b | b"},
    {.sql = "a NOT SIMILAR TO (b) ESCAPE ('c')",
     .tree = "(operator similar `!~ (column a) (call `pg_catalog.`similar_to_escape (column b) "
             "(string c)))",
     .places = "a NOT SIMILAR TO (b) ESCAPE ('c') | a | (b) ESCAPE ('c') | b | 'c'"},
    {.sql = "a BETWEEN 1 AND 2",
     .tree = "(operator between `BETWEEN (column a) (integer 1) (integer 2))",
     .places = "a BETWEEN 1 AND 2 | a | 1 | 2"},
    {.sql = "a NOT BETWEEN (1) AND (2)",
     .tree = "(operator not-between `NOT BETWEEN (column a) (integer 1) (integer 2))",
     .places = "a NOT BETWEEN (1) AND (2) | a | 1 | 2"},
    {.sql = "a BETWEEN SYMMETRIC b AND c",
     .tree = "(operator between-symmetric `BETWEEN SYMMETRIC (column a) (column b) (column c))",
     .places = "a BETWEEN SYMMETRIC b AND c | a | b | c"},
    {.sql = "a NOT BETWEEN SYMMETRIC b AND c",
     .tree =
         "(operator not-between-symmetric `NOT BETWEEN SYMMETRIC (column a) (column b) (column c))",
     .places = "a NOT BETWEEN SYMMETRIC b AND c | a | b | c"},
    {.sql = "a IS DISTINCT FROM b",
     .tree = "(operator distinct `= (column a) (column b))",
     .places = "a IS DISTINCT FROM b | a | b"},
    {.sql = "a IS NOT DISTINCT FROM (b)",
     .tree = "(operator not-distinct `= (column a) (column b))",
     .places = "a IS NOT DISTINCT FROM (b) | a | b"},
    {.sql = "NULLIF(a, (b))",
     .tree = "(nullif (column a) (column b))",
     .places = "NULLIF(a, (b)) | a | b"},
    // logic
    {.sql = "a AND b AND c",
     .tree = "(and (column a) (column b) (column c))",
     .places = "a AND b AND c | a | b | c"},
    {.sql = "a OR b OR c",
     .tree = "(or (column a) (column b) (column c))",
     .places = "a OR b OR c | a | b | c"},
    {.sql = "(a AND b) AND c",
     .tree = "(and (column a) (column b) (column c))",
     .places = "(a AND b) AND c | a | b | c"},
    {.sql = "((a AND b) AND c) AND d",
     .tree = "(and (column a) (column b) (column c) (column d))",
     .places = "((a AND b) AND c) AND d | a | b | c | d"},
    {.sql = "a AND (b AND c)",
     .tree = "(and (column a) (and (column b) (column c)))",
     .places = "a AND (b AND c) | a | b AND c | b | c"},
    {.sql = "NOT a", .tree = "(not (column a))", .places = "NOT a | a"},
    {.sql = "NOT (a OR b)",
     .tree = "(not (or (column a) (column b)))",
     .places = "NOT (a OR b) | a OR b | a | b"},
    {.sql = "(a OR b) AND NOT c",
     .tree = "(and (or (column a) (column b)) (not (column c)))",
     .places = "(a OR b) AND NOT c | a OR b | a | b | NOT c | c"},
    {.sql = "a IS NULL", .tree = "(is-null (column a))", .places = "a IS NULL | a"},
    {.sql = "(a) IS NOT NULL", .tree = "(is-not-null (column a))", .places = "(a) IS NOT NULL | a"},
    {.sql = "a ISNULL", .tree = "(is-null (column a))", .places = "a ISNULL | a"},
    {.sql = "a NOTNULL", .tree = "(is-not-null (column a))", .places = "a NOTNULL | a"},
    {.sql = "a IS TRUE", .tree = "(test true (column a))", .places = "a IS TRUE | a"},
    {.sql = "a IS NOT TRUE", .tree = "(test not true (column a))", .places = "a IS NOT TRUE | a"},
    {.sql = "a IS FALSE", .tree = "(test false (column a))", .places = "a IS FALSE | a"},
    {.sql = "a IS NOT FALSE",
     .tree = "(test not false (column a))",
     .places = "a IS NOT FALSE | a"},
    {.sql = "a IS UNKNOWN", .tree = "(test unknown (column a))", .places = "a IS UNKNOWN | a"},
    {.sql = "(a) IS NOT UNKNOWN",
     .tree = "(test not unknown (column a))",
     .places = "(a) IS NOT UNKNOWN | a"},
    // types and structure
    {.sql = "CAST(a AS int)",
     .tree = "(cast (column a) <`pg_catalog.int4>)",
     .places = "CAST(a AS int) | a | T int"},
    {.sql = "a::text", .tree = "(cast (column a) <text>)", .places = "a::text | a | T text"},
    {.sql = "(a + b)::numeric(10, 2)",
     .tree = "(cast (operator plain + (column a) (column b)) <`pg_catalog.numeric[(integer 10) "
             "(integer 2)]>)",
     .places = "(a + b)::numeric(10, 2) | a + b | a | b | T numeric(10, 2) | 10 | 2"},
    {.sql = "a::int::text",
     .tree = "(cast (cast (column a) <`pg_catalog.int4>) <text>)",
     .places = "a::int::text | a::int | a | T int | T text"},
    {.sql = "date '2020-01-01'",
     .tree = "(cast (string 2020-01-01) <date>)",
     .places = "date '2020-01-01' | '2020-01-01' | T date"},
    {.sql = "s.t '1'", .tree = "(cast (string 1) <s.t>)", .places = "s.t '1' | '1' | T s.t"},
    {.sql = "interval '1' DAY TO SECOND(3)",
     .tree = "(cast (string 1) <`pg_catalog.interval[(integer 7176) (integer 3)]>)",
     .places = "interval '1' DAY TO SECOND(3) | '1' | T interval | DAY | 3"},
    {.sql = "interval(3) '1'",
     .tree = "(cast (string 1) <`pg_catalog.interval[(integer 32767) (integer 3)]>)",
     .places = "interval(3) '1' | '1' | T interval(3) | ? | 3"},
    {.sql = "interval '1 day'",
     .tree = "(cast (string 1 day) <`pg_catalog.interval>)",
     .places = "interval '1 day' | '1 day' | T interval"},
    {.sql = "numeric(3) '1'",
     .tree = "(cast (string 1) <`pg_catalog.numeric[(integer 3)]>)",
     .places = "numeric(3) '1' | '1' | T numeric(3) | 3"},
    {.sql = "char 'x'",
     .tree = "(cast (string x) <`pg_catalog.bpchar>)",
     .places = "char 'x' | 'x' | T char"},
    {.sql = "CASE WHEN a THEN b END",
     .tree = "(case (column a) (column b))",
     .places = "CASE WHEN a THEN b END | a | b"},
    {.sql = "CASE a WHEN 1 THEN (2) WHEN 3 THEN 4 ELSE (5) END",
     .tree =
         "(case TEST ELSE (column a) (integer 1) (integer 2) (integer 3) (integer 4) (integer 5))",
     .places = "CASE a WHEN 1 THEN (2) WHEN 3 THEN 4 ELSE (5) END | a | 1 | 2 | 3 | 4 | 5"},
    {.sql = "COALESCE(a, b)",
     .tree = "(coalesce (column a) (column b))",
     .places = "COALESCE(a, b) | a | b"},
    {.sql = "GREATEST(a)", .tree = "(greatest (column a))", .places = "GREATEST(a) | a"},
    {.sql = "LEAST(a, (b))",
     .tree = "(least (column a) (column b))",
     .places = "LEAST(a, (b)) | a | b"},
    {.sql = "ARRAY[1, 2]",
     .tree = "(array (integer 1) (integer 2))",
     .places = "ARRAY[1, 2] | 1 | 2"},
    {.sql = "ARRAY[[1], [2]]",
     .tree = "(array (array (integer 1)) (array (integer 2)))",
     .places = "ARRAY[[1], [2]] | [1] | 1 | [2] | 2"},
    {.sql = "ARRAY[]::int[]",
     .tree = "(cast (array) <`pg_catalog.int4[]>)",
     .places = "ARRAY[]::int[] | ARRAY[] | T int[]"},
    {.sql = "ROW(1, 2)", .tree = "(row (integer 1) (integer 2))", .places = "ROW(1, 2) | 1 | 2"},
    {.sql = "ROW()", .tree = "(row)", .places = "ROW()"},
    {.sql = "(1, 2)", .tree = "(row (integer 1) (integer 2))", .places = "(1, 2) | 1 | 2"},
    {.sql = "ROW(t.*)", .tree = "(row (column t.*))", .places = "ROW(t.*) | t.*"},
    {.sql = "EXISTS (SELECT 1)",
     .tree = "(subquery exists (select (integer 1)))",
     .places = "EXISTS (SELECT 1) | Q SELECT 1 | 1"},
    {.sql = "ARRAY(SELECT 1)",
     .tree = "(subquery array (select (integer 1)))",
     .places = "ARRAY(SELECT 1) | Q SELECT 1 | 1"},
    {.sql = "(SELECT 1)",
     .tree = "(subquery scalar (select (integer 1)))",
     .places = "(SELECT 1) | Q SELECT 1 | 1"},
    {.sql = "((SELECT 1))",
     .tree = "(subquery scalar (select (integer 1)))",
     .places = "((SELECT 1)) | Q SELECT 1 | 1"},
    {.sql = "a IN (SELECT 1)",
     .tree = "(subquery any (column a) (select (integer 1)))",
     .places = "a IN (SELECT 1) | a | Q SELECT 1 | 1"},
    {.sql = "(a) NOT IN ((SELECT 1))",
     .tree = "(not (subquery any (column a) (select (integer 1))))",
     .places = "(a) NOT IN ((SELECT 1)) | (a) NOT IN ((SELECT 1)) | a | Q SELECT 1 | 1"},
    {.sql = "a = ANY (SELECT 1)",
     .tree = "(subquery any = (column a) (select (integer 1)))",
     .places = "a = ANY (SELECT 1) | a | Q SELECT 1 | 1"},
    {.sql = "a OPERATOR(pg_catalog.<) ALL (SELECT 1)",
     .tree = "(subquery all pg_catalog.< (column a) (select (integer 1)))",
     .places = "a OPERATOR(pg_catalog.<) ALL (SELECT 1) | a | Q SELECT 1 | 1"},
    {.sql = "a NOT LIKE SOME (SELECT 'x')",
     .tree = "(subquery any `!~~ (column a) (select (string x)))",
     .places = "a NOT LIKE SOME (SELECT 'x') | a | Q SELECT 'x' | 'x'"},
    {.sql = "(a, b) = (SELECT 1, 2)",
     .tree = "(operator plain = (row (column a) (column b)) (subquery scalar (select (integer 1) "
             "(integer 2))))",
     .places = "(a, b) = (SELECT 1, 2) | (a, b) | a | b | (SELECT 1, 2) | Q SELECT 1, 2 | 1 | 2"},
    {.sql = "(SELECT 1) + 1",
     .tree = "(operator plain + (subquery scalar (select (integer 1))) (integer 1))",
     .places = "(SELECT 1) + 1 | (SELECT 1) | Q SELECT 1 | 1 | 1"},
    {.sql = "current_date", .tree = "(value current_date)", .places = "current_date"},
    {.sql = "current_time", .tree = "(value current_time)", .places = "current_time"},
    {.sql = "CURRENT_TIME(2)",
     .tree = "(value current_time (integer 2))",
     .places = "CURRENT_TIME(2) | 2"},
    {.sql = "current_timestamp",
     .tree = "(value current_timestamp)",
     .places = "current_timestamp"},
    {.sql = "CURRENT_TIMESTAMP (3)",
     .tree = "(value current_timestamp (integer 3))",
     .places = "CURRENT_TIMESTAMP (3) | 3"},
    {.sql = "localtime", .tree = "(value localtime)", .places = "localtime"},
    {.sql = "LOCALTIME(1)", .tree = "(value localtime (integer 1))", .places = "LOCALTIME(1) | 1"},
    {.sql = "localtimestamp", .tree = "(value localtimestamp)", .places = "localtimestamp"},
    {.sql = "localtimestamp(0)",
     .tree = "(value localtimestamp (integer 0))",
     .places = "localtimestamp(0) | 0"},
    {.sql = "current_role", .tree = "(value current_role)", .places = "current_role"},
    {.sql = "current_user", .tree = "(value current_user)", .places = "current_user"},
    {.sql = "user", .tree = "(value user)", .places = "user"},
    {.sql = "session_user", .tree = "(value session_user)", .places = "session_user"},
    {.sql = "current_catalog", .tree = "(value current_catalog)", .places = "current_catalog"},
    {.sql = "current_schema", .tree = "(value current_schema)", .places = "current_schema"},
    {.sql = "a[1]", .tree = "(subscript (column a) (integer 1))", .places = "a[1] | a | 1"},
    {.sql = "a.b[1]", .tree = "(subscript (column a.b) (integer 1))", .places = "a.b[1] | a.b | 1"},
    {.sql = "a[1][2]",
     .tree = "(subscript (column a) (integer 1) (integer 2))",
     .places = "a[1][2] | a | 1 | 2"},
    {.sql = "a[1:2]",
     .tree = "(subscript slice (column a) (integer 1) (integer 2))",
     .places = "a[1:2] | a | 1 | 2"},
    {.sql = "a[:]", .tree = "(subscript slice (column a))", .places = "a[:] | a"},
    {.sql = "(a).b", .tree = "(field b (column a))", .places = "(a).b | a"},
    {.sql = "((a)).b", .tree = "(field b (column a))", .places = "((a)).b | a"},
    {.sql = "(a).b.c[1]",
     .tree = "(subscript (field c (field b (column a))) (integer 1))",
     .places = "(a).b.c[1] | (a).b.c | (a).b | a | 1"},
    {.sql = "(a).*", .tree = "(field * (column a))", .places = "(a).* | a"},
    {.sql = "(f(x)).y", .tree = "(field y (call f (column x)))", .places = "(f(x)).y | f(x) | x"},
    {.sql = "$1.x", .tree = "(field x (parameter 1))", .places = "$1.x | $1"},
    {.sql = "(ARRAY[1])[1]",
     .tree = "(subscript (array (integer 1)) (integer 1))",
     .places = "(ARRAY[1])[1] | ARRAY[1] | 1 | 1"},
    {.sql = "(SELECT 1)[1]",
     .tree = "(subscript (subquery scalar (select (integer 1))) (integer 1))",
     .places = "(SELECT 1)[1] | (SELECT 1) | Q SELECT 1 | 1 | 1"},
    {.sql = "a[1].b[2].c",
     .tree = "(field c (subscript (field b (subscript (column a) (integer 1))) (integer 2)))",
     .places = "a[1].b[2].c | a[1].b[2] | a[1].b | a[1] | a | 1 | 2"},
    {.sql = R"(a COLLATE "C")", .tree = "(collate C (column a))", .places = R"(a COLLATE "C" | a)"},
    {.sql = R"(a || b COLLATE pg_catalog."default")",
     .tree = "(operator plain || (column a) (collate pg_catalog.default (column b)))",
     .places = R"(a || b COLLATE pg_catalog."default" | a | b COLLATE pg_catalog."default" | b)"},
    {.sql = "(a || b) COLLATE x",
     .tree = "(collate x (operator plain || (column a) (column b)))",
     .places = "(a || b) COLLATE x | a || b | a | b"},
    {.sql = "GROUPING(a, b)",
     .tree = "(grouping function (column a) (column b))",
     .places = "GROUPING(a, b) | a | b"},
    // not read
    {.sql = "xmlelement(name foo, xmlattributes(a AS b), c)",
     .tree = "(unsupported XmlExpr (column c) (column a))",
     .places = "xmlelement(name foo, xmlattributes(a AS b), c) | c | a"},
    {.sql = "xmlforest(a, b AS c)",
     .tree = "(unsupported XmlExpr (column a) (column b))",
     .places = "xmlforest(a, b AS c) | a | b"},
    {.sql = "a IS DOCUMENT",
     .tree = "(unsupported XmlExpr (column a))",
     .places = "a IS DOCUMENT | a"},
    {.sql = "(a) IS NOT DOCUMENT",
     .tree = "(not (unsupported XmlExpr (column a)))",
     .places = "(a) IS NOT DOCUMENT | (a) IS NOT DOCUMENT | a"},
    {.sql = "xmlserialize(CONTENT a AS text)",
     .tree = "(unsupported XmlSerialize (column a) <text>)",
     .places = "xmlserialize(CONTENT a AS text) | a | T text"},
    {.sql = "xmlroot(a, version no value)",
     .tree = "(unsupported XmlExpr (column a) (null) (integer 3))",
     .places = "xmlroot(a, version no value) | a | ? | ?"},
    {.sql = "xmlconcat(a, b)",
     .tree = "(unsupported XmlExpr (column a) (column b))",
     .places = "xmlconcat(a, b) | a | b"},
};

TEST(Expression, IsLoweredWithItsPlaces) {
    for (const ExpressionCase& expected : expression_cases) {
        SCOPED_TRACE(expected.sql);
        const std::string sql = "SELECT " + expected.sql;
        const Query query = parse_query(sql);
        ASSERT_EQ(query.targets.size(), 1U);
        const Expression& lowered = query.targets[0].expression;
        EXPECT_EQ(dump(lowered), expected.tree);
        PlaceList places(sql);
        visit(lowered, {}, places);
        EXPECT_EQ(places.list(), expected.places);
        PlaceCheck check(sql);
        visit(lowered, {}, check);
        EXPECT_THAT(check.faults(), IsEmpty());
    }
}

/// A type, what it is lowered to and the text of its name's span; the type's span is all of it.
struct TypeCase {
    std::string sql;
    std::string tree;
    std::string name;
};

const std::vector<TypeCase> type_cases{
    {.sql = "int", .tree = "<`pg_catalog.int4>", .name = "int"},
    {.sql = "integer", .tree = "<`pg_catalog.int4>", .name = "integer"},
    {.sql = "smallint", .tree = "<`pg_catalog.int2>", .name = "smallint"},
    {.sql = "bigint", .tree = "<`pg_catalog.int8>", .name = "bigint"},
    {.sql = "serial", .tree = "<serial>", .name = "serial"},
    {.sql = "real", .tree = "<`pg_catalog.float4>", .name = "real"},
    {.sql = "float", .tree = "<`pg_catalog.float8>", .name = "float"},
    {.sql = "float(20)", .tree = "<`pg_catalog.float4>", .name = "float"},
    {.sql = "float(30)", .tree = "<`pg_catalog.float8>", .name = "float"},
    {.sql = "double precision", .tree = "<`pg_catalog.float8>", .name = "double precision"},
    {.sql = "decimal(5)", .tree = "<`pg_catalog.numeric[(integer 5)]>", .name = "decimal"},
    {.sql = "numeric(10, 2)",
     .tree = "<`pg_catalog.numeric[(integer 10) (integer 2)]>",
     .name = "numeric"},
    {.sql = "boolean", .tree = "<`pg_catalog.bool>", .name = "boolean"},
    {.sql = "text", .tree = "<text>", .name = "text"},
    {.sql = R"("Text")", .tree = "<Text>", .name = R"("Text")"},
    {.sql = "s.t", .tree = "<s.t>", .name = "t"},
    {.sql = R"(s."T"(1, 2)[])", .tree = "<s.T[(integer 1) (integer 2)][]>", .name = R"("T")"},
    {.sql = "pg_catalog.int4", .tree = "<pg_catalog.int4>", .name = "int4"},
    {.sql = "int4", .tree = "<int4>", .name = "int4"},
    {.sql = "bit", .tree = "<`pg_catalog.bit[(integer 1)]>", .name = "bit"},
    {.sql = "bit(3)", .tree = "<`pg_catalog.bit[(integer 3)]>", .name = "bit"},
    {.sql = "bit varying", .tree = "<`pg_catalog.varbit>", .name = "bit varying"},
    {.sql = "bit varying(3)", .tree = "<`pg_catalog.varbit[(integer 3)]>", .name = "bit varying"},
    {.sql = "character", .tree = "<`pg_catalog.bpchar[(integer 1)]>", .name = "character"},
    {.sql = "char(3)", .tree = "<`pg_catalog.bpchar[(integer 3)]>", .name = "char"},
    {.sql = "character varying", .tree = "<`pg_catalog.varchar>", .name = "character varying"},
    {.sql = "character varying(10)",
     .tree = "<`pg_catalog.varchar[(integer 10)]>",
     .name = "character varying"},
    {.sql = "varchar(10)", .tree = "<`pg_catalog.varchar[(integer 10)]>", .name = "varchar"},
    {.sql = "national character(3)",
     .tree = "<`pg_catalog.bpchar[(integer 3)]>",
     .name = "national character"},
    {.sql = "national char varying(4)",
     .tree = "<`pg_catalog.varchar[(integer 4)]>",
     .name = "national char varying"},
    {.sql = "nchar(5)", .tree = "<`pg_catalog.bpchar[(integer 5)]>", .name = "nchar"},
    {.sql = "timestamp", .tree = "<`pg_catalog.timestamp>", .name = "timestamp"},
    {.sql = "timestamp(3)", .tree = "<`pg_catalog.timestamp[(integer 3)]>", .name = "timestamp"},
    {.sql = "timestamp with time zone",
     .tree = "<`pg_catalog.timestamptz>",
     .name = "timestamp with time zone"},
    {.sql = "timestamp(3) with time zone",
     .tree = "<`pg_catalog.timestamptz[(integer 3)]>",
     .name = "timestamp(3) with time zone"},
    {.sql = "timestamp without time zone",
     .tree = "<`pg_catalog.timestamp>",
     .name = "timestamp without time zone"},
    {.sql = "timestamptz", .tree = "<timestamptz>", .name = "timestamptz"},
    {.sql = "time(2) without time zone",
     .tree = "<`pg_catalog.time[(integer 2)]>",
     .name = "time(2) without time zone"},
    {.sql = "time with time zone", .tree = "<`pg_catalog.timetz>", .name = "time with time zone"},
    {.sql = "interval", .tree = "<`pg_catalog.interval>", .name = "interval"},
    {.sql = "interval(2)",
     .tree = "<`pg_catalog.interval[(integer 32767) (integer 2)]>",
     .name = "interval"},
    {.sql = "interval year", .tree = "<`pg_catalog.interval[(integer 4)]>", .name = "interval"},
    {.sql = "interval day to hour",
     .tree = "<`pg_catalog.interval[(integer 1032)]>",
     .name = "interval"},
    {.sql = "interval second(2)",
     .tree = "<`pg_catalog.interval[(integer 4096) (integer 2)]>",
     .name = "interval"},
    {.sql = "interval day to second(3)",
     .tree = "<`pg_catalog.interval[(integer 7176) (integer 3)]>",
     .name = "interval"},
    {.sql = "int[]", .tree = "<`pg_catalog.int4[]>", .name = "int"},
    {.sql = "int[][3]", .tree = "<`pg_catalog.int4[][]>", .name = "int"},
    {.sql = "int ARRAY", .tree = "<`pg_catalog.int4[]>", .name = "int"},
    {.sql = "int ARRAY[4]", .tree = "<`pg_catalog.int4[]>", .name = "int"},
    {.sql = "timestamp with time zone[]",
     .tree = "<`pg_catalog.timestamptz[]>",
     .name = "timestamp with time zone"},
    {.sql = "json", .tree = "<json>", .name = "json"},
    {.sql = R"(U&"d!0061t" UESCAPE '!')", .tree = "<dat>", .name = R"(U&"d!0061t" UESCAPE '!')"},
};

TEST(TypeName, IsLoweredWithItsPlaces) {
    for (const TypeCase& expected : type_cases) {
        SCOPED_TRACE(expected.sql);
        const std::string sql = "SELECT NULL::" + expected.sql;
        const Query query = parse_query(sql);
        ASSERT_EQ(query.targets.size(), 1U);
        const Expression& cast = query.targets[0].expression;
        ASSERT_TRUE(cast.type);
        EXPECT_EQ(dump(*cast.type), expected.tree);
        EXPECT_EQ(cast.type->span, (Span{.begin = 13, .end = 13 + cast.type->span.size()}));
        EXPECT_EQ(sql.substr(cast.type->span.begin, cast.type->span.size()), expected.sql);
        const Span name = cast.type->name.name.span;
        EXPECT_EQ(sql.substr(name.begin, name.size()), expected.name);
    }
}

/// Where a query is a part of a statement of another kind.
class Part {
public:
    explicit Part(std::string sql)
        : sql_(std::move(sql)),
          tree_(read_syntax_tree(sql_, arena_)),
          lowering_(0, sql_) {}

    [[nodiscard]] const PgQuery__Node& node() const { return *tree_.statements.at(0); }
    [[nodiscard]] const ExpressionLowering& lowering() const { return lowering_; }
    [[nodiscard]] std::string text(Span span) const { return sql_.substr(span.begin, span.size()); }

private:
    std::string sql_;
    Arena arena_;
    SyntaxTree tree_;
    ExpressionLowering lowering_;
};

TEST(TypeName, OfAColumnAndSetof) {
    const Part part("CREATE FUNCTION f(s.t.c%TYPE, t.c%TYPE) RETURNS SETOF t.c%TYPE LANGUAGE c");
    const PgQuery__CreateFunctionStmt& made = *part.node().create_function_stmt;
    const auto type = [&](std::size_t index) {
        return part.lowering().type_name(made.parameters[index]->function_parameter->arg_type);
    };
    EXPECT_EQ(dump(type(0)), "<s.t.c%type>");
    EXPECT_EQ(part.text(type(0).span), "s.t.c%TYPE");
    EXPECT_EQ(dump(type(1)), "<t.c%type>");
    EXPECT_EQ(part.text(type(1).span), "t.c%TYPE");
    const TypeName returns = part.lowering().type_name(made.return_type);
    EXPECT_EQ(dump(returns), "<setof t.c%type>");
    EXPECT_EQ(part.text(returns.span), "SETOF t.c%TYPE");
}

TEST(Expression, PlacesCountFromTheBaseOffset) {
    const std::string sql = "SELECT a + f(b)";
    Arena arena;
    const SyntaxTree tree = read_syntax_tree(sql, arena);
    const Query query = ExpressionLowering(1000, sql).query(tree.statements.at(0));
    EXPECT_EQ(query.span, (Span{.begin = 1000, .end = 1015}));
    const Expression& sum = query.targets.at(0).expression;
    EXPECT_EQ(sum.span, (Span{.begin = 1007, .end = 1015}));
    EXPECT_EQ(sum.names.at(0).span, (Span{.begin = 1009, .end = 1010}));
    EXPECT_EQ(sum.operands.at(1).names.at(0).span, (Span{.begin = 1011, .end = 1012}));
}

TEST(Expression, CommentsAndLineEndsDoNotShiftPlaces) {
    const std::string sql = "SELECT /* (( */ ( a -- )\r\n + b ) * t . \"C\"";
    const Query query = parse_query(sql);
    PlaceList places(sql);
    visit(query.targets.at(0).expression, {}, places);
    EXPECT_EQ(places.list(), "( a -- )\r\n + b ) * t . \"C\" | a -- )\r\n + b | a | b | t . \"C\"");
}

TEST(Expression, LongNameIsCutBetweenCharacters) {
    const std::string name = "n" + std::string(40, 'a') + "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4" +
                             "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4";
    const Query query = parse_query("SELECT " + name);
    const Expression& column = query.targets.at(0).expression;
    EXPECT_EQ(column.names.at(0).text, name.substr(0, 63));
    EXPECT_EQ(column.names.at(0).span, (Span{.begin = 7, .end = 74}));
    const Query shifted = parse_query("SELECT x" + name);
    EXPECT_EQ(shifted.targets.at(0).expression.names.at(0).text, ("x" + name).substr(0, 62));
}

TEST(Expression, EndlessIndirectionIsNotRead) {
    std::string sql = "SELECT (a)";
    for (int i = 0; i < 101; ++i)
        sql += ".b";
    const Query query = parse_query(sql);
    EXPECT_EQ(dump(query.targets.at(0).expression), "(unsupported A_Indirection (column a))");
    sql.resize(sql.size() - 2);
    EXPECT_EQ(parse_query(sql).targets.at(0).expression.kind, Expression::Kind::field_selection);
}

TEST(Expression, NoNodeIsAnEmptyValue) {
    const ExpressionLowering lowering(0, "");
    EXPECT_EQ(dump(lowering.expression(nullptr)), "(unsupported)");
    EXPECT_EQ(dump(lowering.query(nullptr)), "(unsupported)");
    EXPECT_TRUE(lowering.type_name(nullptr).name.name.empty());
    EXPECT_TRUE(lowering.qualified_name(nullptr).name.empty());
    EXPECT_EQ(dump(lowering.from_item(nullptr, 0)), "(unsupported)");
}

} // namespace
} // namespace ordain::parse
