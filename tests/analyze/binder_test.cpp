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
        const std::string database = ordain::test::server().create_database();
        auto connection = ordain::test::server().connect(database);
        ASSERT_TRUE(connection) << connection.error().message;
        session_ = std::make_unique<ordain::test::Session>(std::move(*connection));
        const std::string sample = read("sample.sql");
        const Answer made = session_->run(sample);
        ASSERT_EQ(made.message, "");
        catalog_ = std::make_unique<test::SampleCatalog>(sample);
    }
    static void TearDownTestSuite() {
        session_.reset();
        catalog_.reset();
    }

    static Answer in_transaction(const std::string& sql) {
        EXPECT_EQ(session_->run("begin").message, "");
        return session_->run(sql);
    }
    static void roll_back() { EXPECT_EQ(session_->run("rollback").message, ""); }

    static std::vector<std::string> described(const std::vector<ScopeColumn>& columns) {
        std::vector<std::string> made;
        for (const ScopeColumn& column : columns) {
            made.push_back(column.name + " " +
                           catalog::format_type(catalog_->resolver(), column.type));
        }
        return made;
    }

    /// Views want names that differ; where they do not, only the types are compared.
    static std::vector<std::string> server_columns(const std::string& sql,
                                                   std::vector<ScopeColumn>& columns) {
        std::set<std::string> names;
        for (const ScopeColumn& column : columns) names.insert(column.name);
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
            session_->run("select attname || ' ' || format_type(atttypid, atttypmod) "
                          "from pg_attribute where attrelid = 'probe'::regclass and attnum > 0 "
                          "order by attnum");
        roll_back();
        std::vector<std::string> lines;
        for (const auto& row : answer.rows) lines.push_back(row.at(0).value_or("NULL"));
        return lines;
    }

    static inline std::unique_ptr<ordain::test::Session> session_;
    static inline std::unique_ptr<test::SampleCatalog> catalog_;
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
            auto verdict = catalog_->bind(statement);
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
            const auto verdict = catalog_->bind(statement);
            EXPECT_EQ(shown(verdict.problem), answer.sqlstate + " " + answer.message);
            EXPECT_THAT(verdict.doubts, IsEmpty());
        }
    }
}

} // namespace
} // namespace ordain::analyze
