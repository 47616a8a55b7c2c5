// What PostgreSQL does with what migrations leave behind: the facts that the sheets of the rules
// about keys, numbers, row security and search_path state.

#include "support/postgres_server.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::test {
namespace {

std::string only_value(const Answer& answer) {
    if (!answer.ok()) return answer.sqlstate;
    return answer.rows.empty() ? "" : answer.rows.front().front().value_or("");
}

struct IndexCase {
    std::string index;
    std::string key;
    bool serves = false;
};

/// Sequential scans are out of favour: what the check of a key cannot look up in the index it reads
/// whole, from the table or along the index.
TEST(ForeignKeyCheck, UsesTheIndexesThatTheRuleTakes) {
    const std::string one = "FOREIGN KEY (pid) REFERENCES p (id)";
    const std::string text = "FOREIGN KEY (code) REFERENCES p (code)";
    const std::string pair = "FOREIGN KEY (a, b) REFERENCES p (a, b)";
    const std::vector<IndexCase> cases = {
        {.index = "(pid)", .key = one, .serves = true},
        {.index = "USING hash (pid)", .key = one, .serves = true},
        {.index = "USING brin (a, pid)", .key = one, .serves = true},
        {.index = "USING gin (a, pid)", .key = one, .serves = true},
        {.index = "(pid) WHERE pid IS NOT NULL", .key = one, .serves = true},
        {.index = "(pid) WHERE a > 0", .key = one, .serves = false},
        {.index = "((pid + 0))", .key = one, .serves = false},
        {.index = "(a) INCLUDE (pid)", .key = one, .serves = false},
        {.index = "(code)", .key = text, .serves = true},
        {.index = "(code text_pattern_ops)", .key = text, .serves = true},
        {.index = "(code COLLATE \"C\")", .key = text, .serves = false},
        {.index = "(b DESC, a, pid)", .key = pair, .serves = true},
    };
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_EQ(session
                  ->run("CREATE TABLE p (id bigint PRIMARY KEY, code text UNIQUE, a int, b int,"
                        " UNIQUE (a, b));"
                        "INSERT INTO p VALUES (1, 'x', 1, 1), (2, 'y', 2, 2);"
                        "CREATE TABLE c (pid bigint, code text, a int, b int);"
                        "INSERT INTO c SELECT 1, 'x', 1, 1 FROM generate_series(1, 1000);"
                        "CREATE EXTENSION btree_gin; SET enable_seqscan = off")
                  .message,
              "");
    for (const IndexCase& each : cases) {
        SCOPED_TRACE(each.index);
        ASSERT_TRUE(session->run("BEGIN").ok());
        ASSERT_EQ(session->run("CREATE INDEX ON c " + each.index).message, "");
        ASSERT_EQ(session->run("ALTER TABLE c ADD " + each.key + " NOT VALID").message, "");
        ASSERT_EQ(session->run("DELETE FROM p WHERE id = 2").message, "");
        EXPECT_EQ(only_value(session->run("SELECT idx_scan > 0 AND idx_tup_fetch = 0"
                                          " FROM pg_stat_xact_user_tables WHERE relname = 'c'")),
                  each.serves ? "t" : "f");
        ASSERT_TRUE(session->run("ROLLBACK").ok());
    }
}

TEST(ReplicaIdentity, IsMissingWithoutAKey) {
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_TRUE(session
                    ->run("CREATE TABLE t (a int NOT NULL UNIQUE); INSERT INTO t VALUES (1);"
                          "CREATE TABLE parent (a int PRIMARY KEY);"
                          "CREATE TABLE child () INHERITS (parent); INSERT INTO child VALUES (1);"
                          "CREATE UNLOGGED TABLE u (a int); INSERT INTO u VALUES (1);"
                          "CREATE PUBLICATION everything FOR ALL TABLES")
                    .ok());
    EXPECT_EQ(session->run("UPDATE t SET a = 2").sqlstate, "55000");
    EXPECT_EQ(session->run("DELETE FROM child").sqlstate, "55000");
    EXPECT_TRUE(session->run("UPDATE u SET a = 2").ok());
    ASSERT_TRUE(session->run("ALTER TABLE t REPLICA IDENTITY USING INDEX t_a_key").ok());
    EXPECT_TRUE(session->run("UPDATE t SET a = 2").ok());
    ASSERT_TRUE(session->run("DROP PUBLICATION everything").ok());
}

TEST(Numbers, RunOut) {
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_TRUE(session
                    ->run("CREATE TABLE i (id int GENERATED ALWAYS AS IDENTITY (START 2147483647),"
                          " a int);"
                          "INSERT INTO i (a) VALUES (1);"
                          "CREATE SEQUENCE s START 2147483648;"
                          "CREATE TABLE n (id int DEFAULT nextval('s'))")
                    .ok());
    EXPECT_EQ(session->run("INSERT INTO i (a) VALUES (1)").sqlstate, "2200H");
    EXPECT_EQ(session->run("INSERT INTO n DEFAULT VALUES").sqlstate, "22003");
}

TEST(Serial, HasASequenceOfItsOwn) {
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_TRUE(session
                    ->run("CREATE ROLE numbers_writer; CREATE TABLE s (id serial);"
                          "CREATE TABLE i (id int GENERATED BY DEFAULT AS IDENTITY);"
                          "GRANT INSERT ON s, i TO numbers_writer;"
                          "CREATE TABLE alike (LIKE s INCLUDING DEFAULTS)")
                    .ok());
    ASSERT_TRUE(session->run("SET ROLE numbers_writer").ok());
    EXPECT_EQ(session->run("INSERT INTO s DEFAULT VALUES").sqlstate, "42501");
    EXPECT_TRUE(session->run("INSERT INTO i DEFAULT VALUES").ok());
    ASSERT_TRUE(session->run("RESET ROLE").ok());
    EXPECT_EQ(session->run("DROP TABLE s").sqlstate, "2BP01");
    ASSERT_TRUE(session->run("DROP TABLE s, i, alike; DROP ROLE numbers_writer").ok());
}

TEST(RowSecurity, ShowsNothingWithoutAPermissivePolicyAndAllWhenNotEnabled) {
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_TRUE(session
                    ->run("CREATE ROLE row_reader; CREATE TABLE t (a int);"
                          "INSERT INTO t VALUES (1), (2); GRANT SELECT, INSERT ON t TO row_reader")
                    .ok());
    const auto seen_after = [&](const std::string& statement) {
        EXPECT_EQ(session->run(statement).message, "");
        EXPECT_TRUE(session->run("SET ROLE row_reader").ok());
        std::string seen = only_value(session->run("SELECT count(*)::text FROM t"));
        EXPECT_TRUE(session->run("RESET ROLE").ok());
        return seen;
    };
    EXPECT_EQ(seen_after("CREATE POLICY p ON t USING (a = 1)"), "2");
    EXPECT_EQ(seen_after("ALTER TABLE t FORCE ROW LEVEL SECURITY"), "2");
    EXPECT_EQ(seen_after("ALTER TABLE t ENABLE ROW LEVEL SECURITY"), "1");
    EXPECT_EQ(seen_after("DROP POLICY p ON t"), "0");
    EXPECT_EQ(seen_after("CREATE POLICY p ON t AS RESTRICTIVE USING (true)"), "0");
    ASSERT_TRUE(session->run("SET ROLE row_reader").ok());
    EXPECT_EQ(session->run("INSERT INTO t VALUES (3)").sqlstate, "42501");
    ASSERT_TRUE(session->run("RESET ROLE; DROP TABLE t; DROP ROLE row_reader").ok());
}

struct PathCase {
    std::string name;
    std::string rest; ///< Of CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER.
    bool misled = false;
};

TEST(SecurityDefiner, ReadsItsCallersTemporaryTable) {
    const std::vector<PathCase> cases = {
        {.name = "no path", .rest = "AS 'SELECT a FROM t'", .misled = true},
        {.name = "pg_temp not named",
         .rest = "SET search_path = public AS 'SELECT a FROM t'",
         .misled = true},
        {.name = "pg_temp last",
         .rest = "SET search_path = public, pg_temp AS 'SELECT a FROM t'",
         .misled = false},
        {.name = "no schema but pg_catalog",
         .rest = "SET search_path = '' AS 'SELECT a FROM public.t'",
         .misled = false},
        {.name = "bound when it was made",
         .rest = "BEGIN ATOMIC SELECT a FROM public.t; END",
         .misled = false},
    };
    for (const PathCase& each : cases) {
        SCOPED_TRACE(each.name);
        Result<Session> session = server().connect(server().empty_database());
        ASSERT_TRUE(session);
        ASSERT_TRUE(session->run("CREATE TABLE t (a int); INSERT INTO t VALUES (1)").ok());
        ASSERT_EQ(
            session
                ->run("CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER " + each.rest)
                .message,
            "");
        ASSERT_TRUE(session->run("CREATE TEMP TABLE t (a int); INSERT INTO t VALUES (2)").ok());
        EXPECT_EQ(only_value(session->run("SELECT f()::text")), each.misled ? "2" : "1");
    }
}

TEST(SecurityDefiner, OneStringIsOneSchema) {
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    ASSERT_TRUE(session
                    ->run("CREATE FUNCTION f() RETURNS int LANGUAGE sql"
                          " SET search_path = 'public, pg_temp' AS 'SELECT 1'")
                    .ok());
    EXPECT_EQ(only_value(session->run("SELECT proconfig[1] FROM pg_proc WHERE proname = 'f'")),
              "search_path=\"public, pg_temp\"");
}

} // namespace
} // namespace ordain::test
