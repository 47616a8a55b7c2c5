#include "expression_dump.hpp"
#include "parse/lower_expression.hpp"
#include "parse/syntax_tree.hpp"
#include "place_check.hpp"

#include <cstddef>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <ordain/expression.hpp>
#include <string>
#include <vector>

namespace ordain::parse {
namespace {

using testing::IsEmpty;

/// A query, what it is lowered to (see dump) and the text of each span in it; its own is all of it.
struct QueryCase {
    std::string sql;
    std::string tree;
    std::string places;
};

const std::vector<QueryCase> query_cases{
    {.sql =
         R"(SELECT a AS x, (b) y, c "Z", f(a) FROM s.t AS u (p, q), ONLY v, ONLY (w) AS k, m * z)",
     .tree = "(select x:(column a) y:(column b) Z:(column c) (call f (column a)) from=[(relation "
             "s.t alias=u columns=[p q]) (relation ONLY v) (relation ONLY w alias=k) (relation m "
             "alias=z)])",
     .places = "a | b | c | f(a) | a | F s.t AS u (p, q) | F ONLY v | F ONLY (w) AS k | F m * z"},
    {.sql = "SELECT", .tree = "(select)", .places = ""},
    {.sql = "SELECT a AS from FROM t",
     .tree = "(select from:(column a) from=[(relation t)])",
     .places = "a | F t"},
    {.sql = "SELECT ALL a.from FROM t",
     .tree = "(select (column a.from) from=[(relation t)])",
     .places = "a.from | F t"},
    {.sql = "SELECT DISTINCT a FROM t WHERE b GROUP BY c HAVING d > 1",
     .tree = "(select DISTINCT (column a) from=[(relation t)] where=(column b) group=[(column c)] "
             "having=(operator plain > (column d) (integer 1)))",
     .places = "a | F t | b | c | d > 1 | d | 1"},
    {.sql = "SELECT DISTINCT ON (a, (b)) (c) d INTO TEMP TABLE s.n FROM t",
     .tree =
         "(select DISTINCT on=[(column a) (column b)] d:(column c) into=s.n from=[(relation t)])",
     .places = "c | a | b | F t"},
    {.sql = "SELECT a IS DISTINCT FROM b FROM t",
     .tree = "(select (operator distinct `= (column a) (column b)) from=[(relation t)])",
     .places = "a IS DISTINCT FROM b | a | b | F t"},
    {.sql = "SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY e), w2 AS (w ORDER BY f RANGE 1 "
            "PRECEDING)",
     .tree =
         "(select (call sum OVER (column a) over=(window name=w)) from=[(relation t)] "
         "windows=[(window name=w partition=[(column e)]) (window name=w2 base=w order=[(column "
         "f)] frame='range between offset preceding and current row' offsets=[(integer 1)])])",
     .places = "sum(a) OVER w | a | F t | e | f | 1"},
    {.sql = "SELECT a FROM t ORDER BY g DESC NULLS LAST, h USING <, i NULLS FIRST LIMIT 1 OFFSET "
            "(2) FOR UPDATE OF t SKIP LOCKED",
     .tree = "(select (column a) from=[(relation t)] order=[(column g) desc nulls last (column h) "
             "(column i) nulls first] limit=(integer 1) offset=(integer 2) LOCKS)",
     .places = "a | F t | g | h | i | 1 | 2"},
    {.sql = "SELECT a FROM t LIMIT ALL",
     .tree = "(select (column a) from=[(relation t)] limit=(null))",
     .places = "a | F t | ALL"},
    {.sql = "SELECT a FROM t OFFSET 1",
     .tree = "(select (column a) from=[(relation t)] offset=(integer 1))",
     .places = "a | F t | 1"},
    {.sql = "SELECT a FROM t ORDER BY a FETCH FIRST 2 ROWS WITH TIES",
     .tree = "(select (column a) from=[(relation t)] order=[(column a)] limit=(integer 2) TIES)",
     .places = "a | F t | a | 2"},
    {.sql = "SELECT FROM t FETCH FIRST ROW ONLY",
     .tree = "(select from=[(relation t)] limit=(integer 1))",
     .places = "F t | ?"},
    {.sql =
         "SELECT 1 FROM t GROUP BY a, ROLLUP (a, b), CUBE (a), GROUPING SETS ((a), (), (a, b)), ()",
     .tree = "(select (integer 1) from=[(relation t)] group=[(column a) (grouping rollup (column "
             "a) (column b)) (grouping cube (column a)) (grouping sets (column a) (grouping empty) "
             "(row (column a) (column b))) (grouping empty)])",
     .places = "1 | F t | a | ROLLUP (a, b) | a | b | CUBE (a) | a | GROUPING SETS ((a), (), (a, "
               "b)) | a | () | (a, b) | a | b | ()"},
    {.sql = "TABLE s.t",
     .tree = "(select (column *) from=[(relation s.t)])",
     .places = "TABLE | F s.t"},
    {.sql = "VALUES (1, 'a'), (DEFAULT, NULL) ORDER BY 1",
     .tree = "(values rows=[[(integer 1) (string a)] [(default) (null)]] order=[(integer 1)])",
     .places = "1 | 1 | 'a' | DEFAULT | NULL"},
    {.sql = "SELECT * FROM a JOIN b ON a.x = b.x LEFT JOIN c USING (i, j) AS uu CROSS JOIN d "
            "NATURAL FULL OUTER JOIN e",
     .tree = "(select (column *) from=[(join full NATURAL (join cross (join left (join inner "
             "(relation a) (relation b) on=(operator plain = (column a.x) (column b.x))) (relation "
             "c) using=[i j] using_alias=uu) (relation d)) (relation e))])",
     .places = "* | F a JOIN b ON a.x = b.x LEFT JOIN c USING (i, j) AS uu CROSS JOIN d NATURAL "
               "FULL OUTER JOIN e | F a JOIN b ON a.x = b.x LEFT JOIN c USING (i, j) AS uu CROSS "
               "JOIN d | F a JOIN b ON a.x = b.x LEFT JOIN c USING (i, j) AS uu | F a JOIN b ON "
               "a.x = b.x | a.x = b.x | a.x | b.x | F a | F b | F c | F d | F e"},
    {.sql = "SELECT * FROM ((SELECT 1) a JOIN b ON (true)) AS jj (m, n), (a RIGHT JOIN (b INNER "
            "JOIN c ON ((x))) ON y)",
     .tree = "(select (column *) from=[(join inner (subquery (select (integer 1)) alias=a) "
             "(relation b) on=(boolean true) alias=jj columns=[m n]) (join right (relation a) "
             "(join inner (relation b) (relation c) on=(column x)) on=(column y))])",
     .places = "* | F ((SELECT 1) a JOIN b ON (true)) AS jj (m, n) | true | F (SELECT 1) a | Q "
               "SELECT 1 | 1 | F b | F (a RIGHT JOIN (b INNER JOIN c ON ((x))) ON y) | y | F a | F "
               "(b INNER JOIN c ON ((x))) | x | F b | F c"},
    {.sql = "SELECT * FROM LATERAL (SELECT 2) AS l (z), ((SELECT 1) UNION (SELECT 2)) u, ((VALUES "
            "(1, 2), (3, 4))) v (c1)",
     .tree = "(select (column *) from=[(subquery LATERAL (select (integer 2)) alias=l columns=[z]) "
             "(subquery (set-operation union (select (integer 1)) (select (integer 2))) alias=u) "
             "(values (values rows=[[(integer 1) (integer 2)] [(integer 3) (integer 4)]]) alias=v "
             "columns=[c1])])",
     .places = "* | F LATERAL (SELECT 2) AS l (z) | Q SELECT 2 | 2 | F ((SELECT 1) UNION (SELECT "
               "2)) u | Q (SELECT 1) UNION (SELECT 2) | Q SELECT 1 | 1 | Q SELECT 2 | 2 | F "
               "((VALUES (1, 2), (3, 4))) v (c1) | Q VALUES (1, 2), (3, 4) | 1 | 2 | 3 | 4"},
    {.sql = "SELECT * FROM (((SELECT 1) ORDER BY 1)) o, (SELECT 1 FROM (a CROSS JOIN b)) p",
     .tree =
         "(select (column *) from=[(subquery (select (integer 1) order=[(integer 1)]) alias=o) "
         "(subquery (select (integer 1) from=[(join cross (relation a) (relation b))]) alias=p)])",
     .places = "* | F (((SELECT 1) ORDER BY 1)) o | Q (SELECT 1) ORDER BY 1 | 1 | 1 | F (SELECT 1 "
               "FROM (a CROSS JOIN b)) p | Q SELECT 1 FROM (a CROSS JOIN b) | 1 | F (a CROSS JOIN "
               "b) | F a | F b"},
    {.sql = "SELECT * FROM f(1) WITH ORDINALITY AS o (a, b), LATERAL s.g(x) h, ROWS FROM (f(1), "
            "g(2)) WITH ORDINALITY r",
     .tree = "(select (column *) from=[(function ORDINALITY (call f (integer 1)) alias=o "
             "columns=[a b]) (function LATERAL (call s.g (column x)) alias=h) (function ORDINALITY "
             "(call f (integer 1)) (call g (integer 2)) alias=r)])",
     .places = "* | F f(1) WITH ORDINALITY AS o (a, b) | f(1) | 1 | F LATERAL s.g(x) h | s.g(x) | "
               "x | F ROWS FROM (f(1), g(2)) WITH ORDINALITY r | f(1) | 1 | g(2) | 2"},
    {.sql = "SELECT * FROM k() AS (a int, b text[]), k() AS kk (a int), k() kk (a varchar(3)), "
            "current_date cd, CURRENT_TIME(1) ct, CAST(1 AS int) cc",
     .tree = "(select (column *) from=[(function (call k) columns=[a b] types=[<`pg_catalog.int4> "
             "<text[]>]) (function (call k) alias=kk columns=[a] types=[<`pg_catalog.int4>]) "
             "(function (call k) alias=kk columns=[a] types=[<`pg_catalog.varchar[(integer 3)]>]) "
             "(function (value current_date) alias=cd) (function (value current_time (integer 1)) "
             "alias=ct) (function (cast (integer 1) <`pg_catalog.int4>) alias=cc)])",
     .places = "* | F k() AS (a int, b text[]) | k() | T int | T text[] | F k() AS kk (a int) | "
               "k() | T int | F k() kk (a varchar(3)) | k() | T varchar(3) | 3 | F current_date cd "
               "| current_date | F CURRENT_TIME(1) ct | CURRENT_TIME(1) | 1 | F CAST(1 AS int) cc "
               "| CAST(1 AS int) | 1 | T int"},
    {.sql = "SELECT * FROM ROWS FROM (k() AS (a int)) rr, ROWS FROM (k() AS (a int), m()) zz",
     .tree = "(select (column *) from=[(function (call k) alias=rr columns=[a] "
             "types=[<`pg_catalog.int4>]) (unsupported (call k) (call m) alias=zz columns=[a] "
             "types=[<`pg_catalog.int4>])])",
     .places = "* | F ROWS FROM (k() AS (a int)) rr | k() | T int | F ROWS FROM (k() AS (a int), "
               "m()) zz | k() | m() | T int"},
    {.sql =
         "SELECT * FROM t TABLESAMPLE system (10) REPEATABLE (1), t2 x TABLESAMPLE bernoulli (5)",
     .tree = "(select (column *) from=[(relation t) (relation t2 alias=x)])",
     .places = "* | F t TABLESAMPLE system (10) REPEATABLE (1) | F t2 x TABLESAMPLE bernoulli (5)"},
    {.sql = "SELECT * FROM LATERAL xmltable('/a' PASSING b COLUMNS c int PATH 'x' DEFAULT d) xt",
     .tree = "(select (column *) from=[(unsupported LATERAL (column b) (string /a) (string x) "
             "(column d) alias=xt)])",
     .places = "* | F LATERAL xmltable('/a' PASSING b COLUMNS c int PATH 'x' DEFAULT d) xt | b | "
               "'/a' | 'x' | d"},
    {.sql = "SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT ALL SELECT 4 ORDER BY 1",
     .tree = "(set-operation except-all (set-operation union (select (integer 1)) (set-operation "
             "intersect (select (integer 2)) (select (integer 3)))) (select (integer 4)) "
             "order=[(integer 1)])",
     .places = "1 | Q SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 | Q SELECT 1 | 1 | Q SELECT 2 "
               "INTERSECT SELECT 3 | Q SELECT 2 | 2 | Q SELECT 3 | 3 | Q SELECT 4 | 4"},
    {.sql = "(SELECT 1 UNION ALL SELECT 2) INTERSECT (SELECT 3 EXCEPT (VALUES (4))) LIMIT 2",
     .tree = "(set-operation intersect (set-operation union-all (select (integer 1)) (select "
             "(integer 2))) (set-operation except (select (integer 3)) (values rows=[[(integer "
             "4)]])) limit=(integer 2))",
     .places = "2 | Q SELECT 1 UNION ALL SELECT 2 | Q SELECT 1 | 1 | Q SELECT 2 | 2 | Q SELECT 3 "
               "EXCEPT (VALUES (4)) | Q SELECT 3 | 3 | Q VALUES (4) | 4"},
    {.sql = "SELECT 1 INTERSECT SELECT 2 INTERSECT ALL SELECT 3 UNION DISTINCT SELECT 4 UNION "
            "(SELECT 5 LIMIT 1)",
     .tree = "(set-operation union (set-operation union (set-operation intersect-all "
             "(set-operation intersect (select (integer 1)) (select (integer 2))) (select (integer "
             "3))) (select (integer 4))) (select (integer 5) limit=(integer 1)))",
     .places =
         "Q SELECT 1 INTERSECT SELECT 2 INTERSECT ALL SELECT 3 UNION DISTINCT SELECT 4 | Q SELECT "
         "1 INTERSECT SELECT 2 INTERSECT ALL SELECT 3 | Q SELECT 1 INTERSECT SELECT 2 | Q SELECT 1 "
         "| 1 | Q SELECT 2 | 2 | Q SELECT 3 | 3 | Q SELECT 4 | 4 | Q SELECT 5 LIMIT 1 | 5 | 1"},
    {.sql = "SELECT a INTO n FROM t UNION SELECT 2",
     .tree = "(set-operation union into=n (select (column a) into=n from=[(relation t)]) (select "
             "(integer 2)))",
     .places = "Q SELECT a INTO n FROM t | a | F t | Q SELECT 2 | 2"},
    {.sql = "(SELECT a AS union FROM t ORDER BY 1)",
     .tree = "(select union:(column a) from=[(relation t)] order=[(integer 1)])",
     .places = "a | F t | 1"},
    {.sql = "((SELECT a FROM t, u)) ORDER BY 1",
     .tree = "(select (column a) from=[(relation t) (relation u)] order=[(integer 1)])",
     .places = "a | F t | F u | 1"},
    {.sql = "(WITH x AS (SELECT 1) SELECT * FROM x UNION SELECT 2) ORDER BY 1",
     .tree = "(set-operation with=[(cte x (select (integer 1)))] union (select (column *) "
             "from=[(relation x)]) (select (integer 2)) order=[(integer 1)])",
     .places = "Q SELECT 1 | 1 | 1 | Q SELECT * FROM x | * | F x | Q SELECT 2 | 2"},
    {.sql = "WITH RECURSIVE a (x, y) AS (SELECT 1, 2 UNION ALL SELECT x + 1, y FROM a) SELECT * "
            "FROM a",
     .tree = "(select RECURSIVE with=[(cte a columns=[x y] (set-operation union-all (select "
             "(integer 1) (integer 2)) (select (operator plain + (column x) (integer 1)) (column "
             "y) from=[(relation a)])))] (column *) from=[(relation a)])",
     .places = "Q SELECT 1, 2 UNION ALL SELECT x + 1, y FROM a | Q SELECT 1, 2 | 1 | 2 | Q SELECT "
               "x + 1, y FROM a | x + 1 | x | 1 | y | F a | * | F a"},
    {.sql = "WITH b AS MATERIALIZED (INSERT INTO t VALUES (1) RETURNING *), c AS NOT MATERIALIZED "
            "((SELECT 3)), d AS (DELETE FROM t), e AS (UPDATE t SET a = 1) SELECT * FROM b, c",
     .tree = "(select with=[(cte b (insert target=t rows=[[(integer 1)]] returning=[(column *)])) "
             "(cte c (select (integer 3))) (cte d (delete target=t)) (cte e (update target=t "
             "a:(integer 1)))] (column *) from=[(relation b) (relation c)])",
     .places = "Q INSERT INTO t VALUES (1) RETURNING * | 1 | * | Q SELECT 3 | 3 | Q DELETE FROM t "
               "| Q UPDATE t SET a = 1 | 1 | * | F b | F c"},
    {.sql = "WITH RECURSIVE a AS (SELECT 1 x UNION SELECT x FROM a) SEARCH DEPTH FIRST BY x SET o "
            "CYCLE x SET c TO 1 DEFAULT 0 USING p (SELECT * FROM a UNION TABLE b)",
     .tree = "(set-operation RECURSIVE with=[(cte a (set-operation union (select x:(integer 1)) "
             "(select (column x) from=[(relation a)])))] union (select (column *) from=[(relation "
             "a)]) (select (column *) from=[(relation b)]))",
     .places = "Q SELECT 1 x UNION SELECT x FROM a | Q SELECT 1 x | 1 | Q SELECT x FROM a | x | F "
               "a | Q SELECT * FROM a | * | F a | Q TABLE b | TABLE | F b"},
    {.sql =
         R"(INSERT INTO s.t AS z (a, "B", c[1], d.e) OVERRIDING SYSTEM VALUE VALUES (1, DEFAULT, 3, 4), (5, 6, 7, 8))",
     .tree = "(insert target=s.t as=z a B c/part d/part system-value rows=[[(integer 1) (default) "
             "(integer 3) (integer 4)] [(integer 5) (integer 6) (integer 7) (integer 8)]])",
     .places = "1 | DEFAULT | 3 | 4 | 5 | 6 | 7 | 8"},
    {.sql =
         R"(INSERT INTO t (a) VALUES (1) ON CONFLICT (a, lower("B") text_pattern_ops, (c + 1), d COLLATE "C") WHERE q > 1 DO UPDATE SET a = excluded.a, (x, y) = (1, DEFAULT) WHERE t.a < 3 RETURNING *, a AS id)",
     .tree = "(insert target=t a rows=[[(integer 1)]] conflict-update columns=[a d] "
             "expressions=[(call lower (column B)) (operator plain + (column c) (integer 1))] "
             "predicate=(operator plain > (column q) (integer 1)) set=[a:(column excluded.a) "
             "x:(integer 1) y:(default)] conflict_where=(operator plain < (column t.a) (integer "
             "3)) returning=[(column *) id:(column a)])",
     .places =
         R"(1 | lower("B") | "B" | c + 1 | c | 1 | excluded.a | 1 | DEFAULT | q > 1 | q | 1 | t.a < 3 | t.a | 3 | * | a)"},
    {.sql = "INSERT INTO t DEFAULT VALUES", .tree = "(insert target=t DEFAULT)", .places = ""},
    {.sql = "INSERT INTO t (a) SELECT x FROM u JOIN v ON u.i = v.i ON CONFLICT ON CONSTRAINT k DO "
            "NOTHING",
     .tree = "(insert target=t a (select (column x) from=[(join inner (relation u) (relation v) "
             "on=(operator plain = (column u.i) (column v.i)))]) conflict-nothing constraint=k)",
     .places = "Q SELECT x FROM u JOIN v ON u.i = v.i | x | F u JOIN v ON u.i = v.i | u.i = v.i | "
               "u.i | v.i | F u | F v"},
    {.sql = "INSERT INTO t (SELECT 1) RETURNING a",
     .tree = "(insert target=t (select (integer 1)) returning=[(column a)])",
     .places = "Q SELECT 1 | 1 | a"},
    {.sql = "INSERT INTO t VALUES (1), (2) LIMIT 1",
     .tree = "(insert target=t (values rows=[[(integer 1)] [(integer 2)]] limit=(integer 1)))",
     .places = "Q VALUES (1), (2) LIMIT 1 | 1 | 1 | 2"},
    {.sql = "WITH w AS (SELECT 1) INSERT INTO t (a) OVERRIDING USER VALUE (WITH q AS (SELECT 2) "
            "SELECT * FROM q UNION SELECT 3)",
     .tree = "(insert with=[(cte w (select (integer 1)))] target=t a user-value (set-operation "
             "with=[(cte q (select (integer 2)))] union (select (column *) from=[(relation q)]) "
             "(select (integer 3))))",
     .places = "Q SELECT 1 | 1 | Q WITH q AS (SELECT 2) SELECT * FROM q UNION SELECT 3 | Q SELECT "
               "2 | 2 | Q SELECT * FROM q | * | F q | Q SELECT 3 | 3"},
    {.sql = "UPDATE ONLY s.t AS u SET a = 1, g[1] = 2, h.i = DEFAULT, j = (3) FROM x y, (SELECT 4) "
            "z WHERE u.k = y.k RETURNING u.a",
     .tree = "(update ONLY target=s.t as=u a:(integer 1) g/part:(integer 2) h/part:(default) "
             "j:(integer 3) from=[(relation x alias=y) (subquery (select (integer 4)) alias=z)] "
             "where=(operator plain = (column u.k) (column y.k)) returning=[(column u.a)])",
     .places = "1 | 2 | DEFAULT | 3 | F x y | F (SELECT 4) z | Q SELECT 4 | 4 | u.k = y.k | u.k | "
               "y.k | u.a"},
    {.sql = "UPDATE t SET (b, c) = (SELECT 1, 2), (d, e) = ROW(f(x), DEFAULT) FROM u",
     .tree = "(update target=t b:(subquery row-compare 1 (select (integer 1) (integer 2))) "
             "c:(subquery row-compare 2 (select (integer 1) (integer 2))) d:(call f (column x)) "
             "e:(default) from=[(relation u)])",
     .places = "(SELECT 1, 2) | Q SELECT 1, 2 | 1 | 2 | (SELECT 1, 2) | Q SELECT 1, 2 | 1 | 2 | "
               "f(x) | x | DEFAULT | F u"},
    {.sql = "UPDATE t SET (a, b) = (1, 2) FROM u",
     .tree = "(update target=t a:(integer 1) b:(integer 2) from=[(relation u)])",
     .places = "1 | 2 | F u"},
    {.sql = "DELETE FROM ONLY t AS x USING a, b c WHERE x.i = a.i RETURNING 1",
     .tree = "(delete ONLY target=t as=x from=[(relation a) (relation b alias=c)] where=(operator "
             "plain = (column x.i) (column a.i)) returning=[(integer 1)])",
     .places = "F a | F b c | x.i = a.i | x.i | a.i | 1"},
    {.sql = "DELETE FROM t WHERE CURRENT OF cur",
     .tree = "(delete target=t where=(unsupported CurrentOfExpr))",
     .places = "CURRENT OF cur"},
    {.sql = "MERGE INTO ONLY s.t AS x USING (SELECT 1 AS i) AS y ON x.i = y.i AND x.j WHEN MATCHED "
            "AND y.i > 2 THEN UPDATE SET a = y.b, c = DEFAULT WHEN MATCHED THEN DELETE WHEN NOT "
            "MATCHED THEN INSERT (a, c) VALUES (1, DEFAULT) WHEN NOT MATCHED AND q THEN DO NOTHING",
     .tree = "(merge ONLY target=s.t as=x a:(column y.b) c:(default) a c from=[(subquery (select "
             "i:(integer 1)) alias=y)] rows=[[(integer 1) (default)]] where=(and (operator plain = "
             "(column x.i) (column y.i)) (column x.j)) when=[(operator plain > (column y.i) "
             "(integer 2)) (column q)])",
     .places = "y.b | DEFAULT | F (SELECT 1 AS i) AS y | Q SELECT 1 AS i | 1 | x.i = y.i AND x.j | "
               "x.i = y.i | x.i | y.i | x.j | 1 | DEFAULT | y.i > 2 | y.i | 2 | q"},
};

TEST(Query, IsLoweredWithItsPlaces) {
    for (const QueryCase& expected : query_cases) {
        SCOPED_TRACE(expected.sql);
        const Query query = parse_query(expected.sql);
        EXPECT_EQ(dump(query), expected.tree);
        PlaceList places(expected.sql);
        visit(query, {}, places);
        const std::size_t own = places.list().find(" | ");
        EXPECT_EQ(own == std::string::npos ? "" : places.list().substr(own + 3), expected.places);
        PlaceCheck check(expected.sql);
        visit(query, {}, check);
        EXPECT_THAT(check.faults(), IsEmpty());
    }
}

/// A query inside another statement; `marked` is its text.
struct PartCase {
    std::string sql;
    std::string marked;
};

const PgQuery__Node* query_of(const PgQuery__Node& node) {
    switch (node.node_case) {
    case PG_QUERY__NODE__NODE_VIEW_STMT: return node.view_stmt->query;
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT: return node.create_table_as_stmt->query;
    case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT: return node.declare_cursor_stmt->query;
    case PG_QUERY__NODE__NODE_RULE_STMT: return node.rule_stmt->actions[0];
    case PG_QUERY__NODE__NODE_EXPLAIN_STMT: return node.explain_stmt->query;
    case PG_QUERY__NODE__NODE_COPY_STMT: return node.copy_stmt->query;
    case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT:
        return node.create_schema_stmt->schema_elts[0]->view_stmt->query;
    default: return &node;
    }
}

const std::vector<PartCase> part_cases{
    {.sql = "CREATE VIEW v AS SELECT a FROM t", .marked = "SELECT a FROM t"},
    {.sql = "CREATE VIEW v WITH (security_barrier) AS (SELECT 1) WITH CASCADED CHECK OPTION",
     .marked = "SELECT 1"},
    {.sql = "CREATE VIEW v AS SELECT a::timestamp FROM t WITH CHECK OPTION",
     .marked = "SELECT a::timestamp FROM t"},
    {.sql = "CREATE TABLE n AS SELECT DISTINCT ON (a) b FROM t WITH NO DATA",
     .marked = "SELECT DISTINCT ON (a) b FROM t"},
    {.sql = "CREATE MATERIALIZED VIEW m AS TABLE t WITH DATA", .marked = "TABLE t"},
    {.sql = "CREATE TABLE n AS VALUES (1), (2)", .marked = "VALUES (1), (2)"},
    {.sql = "DECLARE c CURSOR FOR WITH x AS (SELECT 1) SELECT * FROM x",
     .marked = "WITH x AS (SELECT 1) SELECT * FROM x"},
    {.sql = "CREATE RULE r AS ON INSERT TO t DO INSTEAD (UPDATE u SET a = 1; DELETE FROM v)",
     .marked = "UPDATE u SET a = 1"},
    {.sql = "EXPLAIN ANALYZE INSERT INTO t SELECT 1", .marked = "INSERT INTO t SELECT 1"},
    {.sql = "COPY (SELECT a FROM t) TO STDOUT", .marked = "SELECT a FROM t"},
    {.sql = "CREATE SCHEMA s CREATE VIEW v AS SELECT 1 AS create CREATE TABLE t (a int)",
     .marked = "SELECT 1 AS create"},
    {.sql = "/* x */ SELECT 1 /* y */", .marked = "SELECT 1"},
};

TEST(Query, IsFoundInAnotherStatement) {
    for (const PartCase& expected : part_cases) {
        SCOPED_TRACE(expected.sql);
        Arena arena;
        const SyntaxTree tree = read_syntax_tree(expected.sql, arena);
        ASSERT_EQ(tree.statements.size(), 1U);
        const ExpressionLowering lowering(0, expected.sql);
        const Query query = lowering.query(query_of(*tree.statements[0]));
        EXPECT_EQ(expected.sql.substr(query.span.begin, query.span.size()), expected.marked);
        PlaceCheck check(expected.sql);
        visit(query, {}, check);
        EXPECT_THAT(check.faults(), IsEmpty());
    }
}

TEST(Query, IsConfinedToWhatTheCallerSays) {
    const std::string sql = "CREATE VIEW v AS ((SELECT 1))";
    Arena arena;
    const SyntaxTree tree = read_syntax_tree(sql, arena);
    const ExpressionLowering lowering(0, sql);
    const Query query =
        lowering.query(query_of(*tree.statements.at(0)), Span{.begin = 17, .end = 29});
    EXPECT_EQ(query.span, (Span{.begin = 19, .end = 27}));
}

/// CREATE RECURSIVE VIEW makes up WITH RECURSIVE v AS (...) SELECT ... FROM v around the query.
TEST(Query, OfARecursiveViewHasThePlacesThatWereWritten) {
    const std::string sql = "CREATE RECURSIVE VIEW v (n) AS VALUES (1) UNION SELECT n + 1 FROM v";
    Arena arena;
    const SyntaxTree tree = read_syntax_tree(sql, arena);
    const ExpressionLowering lowering(0, sql);
    const Query query = lowering.query(query_of(*tree.statements.at(0)));
    EXPECT_EQ(dump(query),
              "(select RECURSIVE with=[(cte `v columns=[`n] (set-operation union (values "
              "rows=[[(integer 1)]]) (select (operator plain + (column n) (integer 1)) "
              "from=[(relation v)])))] (column `n) from=[(relation `v)])");
    const Query& written = query.with.at(0).query;
    EXPECT_EQ(sql.substr(written.span.begin, written.span.size()),
              "VALUES (1) UNION SELECT n + 1 FROM v");
    const Query& arm = written.arms.at(0);
    EXPECT_EQ(sql.substr(arm.span.begin, arm.span.size()), "VALUES (1)");
}

TEST(FromItem, IsLoweredAlone) {
    const std::string sql = "SELECT 1 FROM a, LATERAL (SELECT 2) AS b (c)";
    Arena arena;
    const SyntaxTree tree = read_syntax_tree(sql, arena);
    const PgQuery__SelectStmt& select = *tree.statements.at(0)->select_stmt;
    const FromItem item = ExpressionLowering(0, sql).from_item(select.from_clause[1], 17);
    EXPECT_EQ(dump(item), "(subquery LATERAL (select (integer 2)) alias=b columns=[c])");
    EXPECT_EQ(item.span, (Span{.begin = 17, .end = 44}));
}

} // namespace
} // namespace ordain::parse
