#include "support/postgres_server.hpp"

#include <filesystem>
#include <gtest/gtest.h>

namespace ordain::test {
namespace {

using Row = std::vector<std::optional<std::string>>;

TEST(PostgresServer, AnswersWithTheRowsOfTheLastStatement) {
    const Answer answer = server().run("SELECT 'left out'; VALUES (1, 'a'), (2, NULL)");
    EXPECT_EQ(answer.sqlstate, "00000");
    EXPECT_EQ(answer.rows, (std::vector<Row>{{"1", "a"}, {"2", std::nullopt}}));
}

TEST(PostgresServer, AnswersWithSqlstateAndMessageOfAnError) {
    const Answer answer = server().run("DROP TABLE no_such_table");
    EXPECT_EQ(answer.sqlstate, "42P01");
    EXPECT_EQ(answer.message, "table \"no_such_table\" does not exist");
    EXPECT_TRUE(answer.rows.empty());
}

TEST(PostgresServer, IsTheVersionThatOrdainModels) {
    const Answer answer = server().run("SELECT current_setting('server_version_num')::int / 10000");
    EXPECT_EQ(answer.rows, (std::vector<Row>{{"15"}}));
}

TEST(PostgresServer, DatabaseWithNothingButTablesIsCleaned) {
    const std::string first = server().empty_database();
    EXPECT_TRUE(server().run("CREATE TABLE t (); COMMENT ON TABLE t IS 'x'", first).ok());
    EXPECT_EQ(server().empty_database(), first);
    EXPECT_EQ(server().run("SELECT to_regclass('t')", first).rows,
              (std::vector<Row>{{std::nullopt}}));
    EXPECT_EQ(server()
                  .run("SELECT nspowner::regrole, nspacl, obj_description(oid) FROM "
                       "pg_namespace WHERE nspname = 'public'",
                       first)
                  .rows,
              server()
                  .run("SELECT nspowner::regrole, nspacl, obj_description(oid) FROM pg_namespace "
                       "WHERE nspname = 'public'",
                       "template1")
                  .rows);
}

TEST(PostgresServer, DatabaseWithMoreIsNotUsedAgain) {
    for (const char* left : {"CREATE SCHEMA s", "CREATE TEMP TABLE t ()",
                             "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC"}) {
        const std::string first = server().empty_database();
        EXPECT_TRUE(server().run(left, first).ok()) << left;
        EXPECT_NE(server().empty_database(), first) << left;
    }
    const std::string first = server().empty_database();
    auto session = server().connect(first);
    ASSERT_TRUE(session) << session.error().message;
    EXPECT_NE(server().empty_database(), first) << "somebody is connected";
}

TEST(PostgresServer, SessionKeepsItsTransaction) {
    auto session = server().connect(server().empty_database());
    ASSERT_TRUE(session) << session.error().message;
    EXPECT_TRUE(session->run("BEGIN; CREATE TABLE t ()").ok());
    EXPECT_EQ(session->run("SELECT 1/0").sqlstate, "22012");
    EXPECT_EQ(session->run("SELECT 1").sqlstate, "25P02");
    EXPECT_TRUE(session->run("ROLLBACK").ok());
    EXPECT_EQ(session->run("SELECT to_regclass('t')").rows, (std::vector<Row>{{std::nullopt}}));
}

TEST(PostgresServer, UnknownDatabaseIsAnAnswer) {
    EXPECT_EQ(server().run("SELECT 1", "no_such_database").sqlstate, "08001");
}

TEST(PostgresServer, LeavesNothingBehind) {
    std::string folder;
    {
        auto second = PostgresServer::start();
        ASSERT_TRUE(second) << second.error().message;
        const Answer answer = second->run("SHOW unix_socket_directories");
        ASSERT_EQ(answer.rows.size(), 1U);
        folder = answer.rows[0][0].value();
        EXPECT_TRUE(std::filesystem::exists(folder));
    }
    EXPECT_FALSE(std::filesystem::exists(folder));
}

} // namespace
} // namespace ordain::test
