// Every statement here is put to a running server as well: what it answers is what is expected.

#include "analyze/binder.hpp"
#include "sample_catalog.hpp"
#include "support/postgres_server.hpp"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace ordain::analyze {
namespace {

using ordain::test::Answer;
using testing::IsEmpty;

std::string read(const std::string& name) {
    const std::string path = std::string(ORDAIN_FIXTURES_DIR) + "/analyze/" + name;
    std::ifstream file(path);
    EXPECT_TRUE(file) << path;
    return {std::istreambuf_iterator<char>(file), {}};
}

/// One statement a line; lines that begin with -- are comments.
std::vector<std::string> read_statements(const std::string& name) {
    std::vector<std::string> statements;
    std::istringstream lines(read(name));
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.starts_with("--")) continue;
        EXPECT_TRUE(line.ends_with(";")) << line;
        line.pop_back();
        statements.push_back(line);
    }
    return statements;
}

class BinderTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        const std::string database = ordain::test::server().empty_database();
        auto connection = ordain::test::server().connect(database);
        ASSERT_TRUE(connection) << connection.error().message;
        session = std::make_unique<ordain::test::Session>(std::move(*connection));
        const std::string sample = read("sample.sql");
        const Answer made = session->run(sample);
        ASSERT_EQ(made.message, "");
        catalog = std::make_unique<test::SampleCatalog>(sample);
    }
    static void TearDownTestSuite() {
        session.reset();
        catalog.reset();
    }

    static Answer in_transaction(const std::string& sql) {
        EXPECT_EQ(session->run("begin").message, "");
        return session->run(sql);
    }
    static void roll_back() { EXPECT_EQ(session->run("rollback").message, ""); }

    static std::vector<std::string> described(const std::vector<ScopeColumn>& columns) {
        std::vector<std::string> made;
        made.reserve(columns.size());
        for (const ScopeColumn& column : columns) {
            made.push_back(column.name + " " +
                           catalog::format_type(catalog->resolver(), column.type));
        }
        return made;
    }

    /// Views want names that differ; where they do not, only the types are compared.
    static std::vector<std::string> server_columns(const std::string& sql,
                                                   std::vector<ScopeColumn>& columns) {
        std::set<std::string> names;
        for (const ScopeColumn& column : columns)
            names.insert(column.name);
        std::string list;
        if (names.size() != columns.size()) {
            for (std::size_t i = 0; i < columns.size(); ++i) {
                columns[i].name = "c" + std::to_string(i);
                list += (i == 0 ? "(" : ", ") + columns[i].name;
            }
            list += ")";
        }
        const Answer made = in_transaction("create temp view probe" + list + " as " + sql);
        EXPECT_EQ(made.message, "");
        const Answer answer =
            session->run("select attname || ' ' || format_type(atttypid, atttypmod) "
                         "from pg_attribute where attrelid = 'probe'::regclass and attnum > 0 "
                         "order by attnum");
        roll_back();
        std::vector<std::string> lines;
        for (const auto& row : answer.rows)
            lines.push_back(row.at(0).value_or("NULL"));
        return lines;
    }

    static inline std::unique_ptr<ordain::test::Session> session;
    static inline std::unique_ptr<test::SampleCatalog> catalog;
};

std::string shown(const std::optional<Problem>& problem) {
    return problem ? problem->sqlstate + " " + problem->message : "00000 ";
}

TEST_F(BinderTest, AnswersLikeTheServerToQueries) {
    for (const std::string& sql : read_statements("queries.sql")) {
        SCOPED_TRACE(sql);
        const Answer answer = in_transaction("prepare probe as " + sql + "; deallocate probe");
        roll_back();
        for (const Statement& statement : test::parse(sql)) {
            auto verdict = catalog->bind(statement);
            EXPECT_EQ(shown(verdict.problem), answer.sqlstate + " " + answer.message);
            EXPECT_THAT(verdict.doubts, IsEmpty());
            if (!answer.ok() || verdict.problem) continue;
            const std::vector<std::string> expected = server_columns(sql, verdict.columns);
            EXPECT_EQ(described(verdict.columns), expected);
        }
    }
}

TEST_F(BinderTest, AnswersLikeTheServerToChanges) {
    for (const std::string& sql : read_statements("changes.sql")) {
        SCOPED_TRACE(sql);
        const bool rows = sql.starts_with("INSERT") || sql.starts_with("UPDATE") ||
                          sql.starts_with("DELETE") || sql.starts_with("WITH");
        const Answer answer = in_transaction((rows ? "explain " : "") + sql);
        roll_back();
        for (const Statement& statement : test::parse(sql)) {
            const auto verdict = catalog->bind(statement);
            EXPECT_EQ(shown(verdict.problem), answer.sqlstate + " " + answer.message);
            EXPECT_THAT(verdict.doubts, IsEmpty());
        }
    }
}

/// Two canonical texts are equal where the server prints the conditions alike, and only there.
TEST_F(BinderTest, TextsAreEqualWhereTheServerPrintsTheSame) {
    const std::vector<std::string> conditions{
        "id > 0",
        "id>0",
        "(account.id > 0)",
        "id > 0::bigint",
        "id > '0'",
        "id >= 0",
        "0 < id",
        "NOT id > 0",
        "id <= 0",
        "name = 'x'",
        "name::text = 'x'",
        "name = 'x'::text",
        "name = 'x'::varchar",
        "name = 'x'::varchar(3)",
        "'x' = name",
        "name IN ('x')",
        "name IN ('x', 'y')",
        "name = ANY (ARRAY['x', 'y'])",
        "name = ANY (ARRAY['x', 'y']::text[])",
        "name = 'x' OR name = 'y'",
        "name::text = ANY (ARRAY['x', 'y'])",
        "name::text IN ('x', 'y')",
        "name NOT IN ('x', 'y')",
        "NOT name IN ('x', 'y')",
        "name <> ALL (ARRAY['x', 'y'])",
        "short BETWEEN 1 AND 2",
        "short >= 1 AND short <= 2",
        "short NOT BETWEEN 1 AND 2",
        "short < 1 OR short > 2",
        "NOT short BETWEEN 1 AND 2",
        "active",
        "active = true",
        "active IS TRUE",
        "NOT active",
        "active IS NOT TRUE",
        "name LIKE 'a%'",
        "name ~~ 'a%'",
        "name NOT LIKE 'a%'",
        "NOT name LIKE 'a%'",
        "lower(name) = 'a'",
        "lower(name::text) = 'a'",
        "pg_catalog.lower(name) = 'a'",
        "LOWER(name) = 'a'",
        "length(name) > 1",
        "char_length(name) > 1",
        "id > 0 AND active",
        "(id > 0) AND (active)",
        "id > 0 AND (active AND short > 1)",
        "id > 0 AND active AND short > 1",
        "(id > 0 AND active) AND short > 1",
        "id > 0 OR active AND short > 1",
        "(id > 0 OR active) AND short > 1",
        "name IS NULL",
        "name ISNULL",
        "name IS NOT NULL",
        "NOT name IS NULL",
        "coalesce(name, 'a') = 'a'",
        "coalesce(name, 'a'::varchar) = 'a'",
        "feeling = 'sad'",
        "feeling = 'sad'::mood",
        "feeling IN ('sad', 'ok')",
        "price > 1",
        "price > 1.0",
        "price > 1::numeric",
        "price > '1'",
        "made > '2020-01-01'",
        "made > '2020-01-01'::timestamptz",
        "born > '2020-01-01'",
        "born > date '2020-01-01'",
        "born > '2020-01-01'::text::date",
        "id = 1",
        "id = 1::integer",
        "id = CAST(1 AS integer)",
        "id + 1 > 2",
        "(id + 1) > 2",
        "id + (1) > 2",
        "id = -1",
        "id = - 1",
        "short = 1",
        "short = 1::smallint",
        "tags @> '{a}'",
        "tags @> ARRAY['a']",
        "data ? 'a'",
        "data -> 'a' IS NULL",
        "(data -> 'a') IS NULL",
        "data ->> 'a' = 'b'",
        "CASE WHEN active THEN id > 0 ELSE false END",
        "CASE WHEN active THEN id > 0 END",
        "CASE WHEN active THEN id > 0 ELSE NULL END",
        "name IS DISTINCT FROM 'x'",
        "NOT name IS DISTINCT FROM 'x'",
        "name IS NOT DISTINCT FROM 'x'",
        "id % 2 = 0",
        "mod(id, 2) = 0",
        "name ~ '^a'",
        "name SIMILAR TO 'a'",
        "email = 'x'",
        "email = 'x'::citext",
        "email = 'x'::text",
        "length(name) <= 10 AND true",
        "true",
        "'t'::boolean",
    };
    std::vector<std::string> printed;
    std::vector<std::string> bound;
    for (const std::string& condition : conditions) {
        const std::string sql = "ALTER TABLE account ADD CONSTRAINT c CHECK (" + condition + ")";
        EXPECT_EQ(in_transaction(sql).message, "") << condition;
        const Answer answer =
            session->run("select pg_get_constraintdef(oid) from pg_constraint where conname = 'c'");
        roll_back();
        printed.push_back(answer.rows.at(0).at(0).value_or(""));
        bound.push_back(catalog->bind(test::parse(sql).front()).text);
    }
    for (std::size_t i = 0; i < conditions.size(); ++i) {
        for (std::size_t k = 0; k < i; ++k) {
            EXPECT_EQ(bound[i] == bound[k], printed[i] == printed[k])
                << conditions[i] << "  /  " << conditions[k] << "\n"
                << bound[i] << "\n"
                << bound[k] << "\n"
                << printed[i] << "\n"
                << printed[k];
        }
    }
}

struct LiteralCase {
    std::string type;
    std::vector<std::string> texts;
};

/// What is called valid or invalid must be; about the rest there is no promise.
TEST_F(BinderTest, JudgesLiteralsLikeTheServer) {
    const std::vector<LiteralCase> cases{
        {.type = "boolean",
         .texts = {"t", "TRUE", " yes ", "on", "of", "o", "", "1", "2", "tr", "truex"}},
        {.type = "smallint",
         .texts = {"32767", "-32768", "32768", "-32769", "1.5", "", "+1", "0x1"}},
        {.type = "integer",
         .texts = {"2147483647", "2147483648", "-2147483648", " 7 ", "1 2", "-"}},
        {.type = "bigint", .texts = {"9223372036854775807", "9223372036854775808", "007", "1e3"}},
        {.type = "numeric",
         .texts = {"1", "1.", ".5", ".", "1e5", "1e", "NaN", "-inf", "1_0", "abc", ""}},
        {.type = "double precision",
         .texts = {"1.5", "1e400", "nan", "-Infinity", "0x10", "x", "1.5.5"}},
        {.type = "real", .texts = {"1.5", "1e99", "."}},
        {.type = "uuid",
         .texts = {"f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "f81d4fae7dec11d0a76500a0c91e6bf6",
                   "{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}", "f81d4fae", "",
                   "f81d-4fae-7dec-11d0-a765-00a0-c91e-6bf6",
                   "f81d4fae-7dec-11d0-a765-00a0c91e6bf6x"}},
        {.type = "jsonb",
         .texts = {"{}", "[1, 2]", "null", "1", "\"x\"", "", "{a:1}", "{\"a\":1,}", "[1 2]", "nul",
                   R"("\u0000")", "1e400", "{\"a\": 1e5}", "'x'", "\"a\tb\"", "\"tab\there\""}},
        {.type = "json", .texts = {"{}", R"({"a":1, "a":2})", R"("\ud800")", "[", "{\"a\"}"}},
        {.type = "date",
         .texts = {"2020-01-01", "2020-02-29", "2021-02-29", "2020-13-01", "2020-1-1", "now",
                   "today", "infinity", "", "abc", "2020-01-01 10:00", "0000-01-01", "2020-00-10",
                   "2020-01-32", "20200101", "January 8, 1999", "1900-02-29", "2000-02-29"}},
        {.type = "timestamp",
         .texts = {"2020-01-01", "2020-01-01 10:00", "2020-01-01T10:00:00.123", "2020-01-01 25:00",
                   "2020-01-01 10:60", "2020-01-01 24:00:00", "epoch", "-infinity",
                   "2020-01-01 10:00 Z", "2020-01-01T10:00:00Z", ""}},
        {.type = "timestamptz",
         .texts = {"2020-01-01 10:00:00+02", "2020-01-01 10:00:00+02:30", "2020-01-01 10:00:00 UTC",
                   "2020-01-01 10:00:00+15", "2020-02-30", "now", "tomorrow",
                   "2020-01-01T10:00:00+0200"}},
        {.type = "time",
         .texts = {"10:00", "10:00:00", "25:00", "10:61", "allballs", "now", "", "10"}},
        {.type = "interval",
         .texts = {"1 day", "1 day 2 hours", "01:30:00", "1", "-1 week", "1 fortnight", "",
                   "1 day 1 day", "2 years 3 mons", "P1D", "1.5 days", "10 min", "5 minutes 30 s"}},
        {.type = "inet",
         .texts = {"10.0.0.1", "10.0.0.0/8", "::1", "10.0.0.256", "10.0.0.0/33", "x"}},
        {.type = "bytea", .texts = {"abc", "\\x00ff", "\\x0", "\\xzz", "a\\b"}},
        {.type = "integer[]",
         .texts = {"{}", "{1,2}", "{1,NULL}", "{1,x}", "1,2", "{1", "[0:1]={1,2}", "{ 1 , 2 }"}},
        {.type = "text[]", .texts = {"{a,b}", "{\"a b\",c}", "{a,,b}", "{a}x", "", "{NULL}"}},
        {.type = "mood", .texts = {"sad", "SAD", "", " sad"}},
        {.type = "citext", .texts = {"x", ""}},
    };
    for (const LiteralCase& each : cases) {
        for (const std::string& text : each.texts) {
            std::string quoted;
            for (const char c : text)
                quoted += c == '\'' ? "''" : std::string(1, c);
            const std::string sql = "SELECT '" + quoted + "'::" + each.type;
            SCOPED_TRACE(sql);
            const Answer answer = in_transaction(sql);
            roll_back();
            const auto verdict = catalog->bind(test::parse(sql).front());
            if (verdict.problem || verdict.may_fail.empty()) {
                EXPECT_EQ(shown(verdict.problem), answer.sqlstate + " " + answer.message);
            }
        }
    }
}

} // namespace
} // namespace ordain::analyze
