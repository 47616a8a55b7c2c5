// Every statement here is put to a running server as well: what it answers is what is expected.

#include "analyze/binder.hpp"

#include "sample_catalog.hpp"
#include "support/postgres_server.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::analyze {
namespace {

using ordain::test::Answer;
using testing::IsEmpty;

constexpr const char* sample = R"sql(
CREATE SCHEMA app;
CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE EXTENSION pg_trgm;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN positive AS integer;
CREATE DOMAIN label AS varchar(20);
CREATE TYPE place AS (street text, number integer);
CREATE SEQUENCE counter;
CREATE TABLE account (
    id bigint PRIMARY KEY,
    name varchar(40) NOT NULL,
    email citext UNIQUE,
    born date,
    feeling mood DEFAULT 'ok',
    score positive,
    tag label,
    home place,
    tags text[],
    moods mood[],
    data jsonb,
    attributes hstore,
    ratio double precision,
    price numeric(10,2),
    made timestamptz,
    local timestamp,
    active boolean,
    short smallint,
    code char(3),
    token uuid,
    span interval,
    period daterange,
    address inet,
    raw bytea,
    small_ids integer[]
);
CREATE TABLE post (
    id integer PRIMARY KEY,
    account_id bigint,
    title text,
    body text,
    made timestamptz,
    position integer,
    twice integer GENERATED ALWAYS AS (1) STORED,
    own bigint GENERATED ALWAYS AS IDENTITY,
    UNIQUE (account_id, title)
);
CREATE TABLE app.setting (key text PRIMARY KEY, value text, account_id bigint);
CREATE UNIQUE INDEX setting_lower ON app.setting (lower(key));
CREATE UNIQUE INDEX setting_partial ON app.setting (value) WHERE account_id IS NULL;
CREATE VIEW young AS SELECT id, name, born FROM account WHERE born > '2000-01-01';
CREATE FUNCTION shout(word text) RETURNS text LANGUAGE sql IMMUTABLE AS 'select upper($1)';
CREATE FUNCTION twice(n integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS 'begin return 2 * n; end';
CREATE FUNCTION twice(n numeric) RETURNS numeric LANGUAGE plpgsql STABLE AS 'begin return 2 * n; end';
CREATE FUNCTION volatile_number() RETURNS integer LANGUAGE plpgsql AS 'begin return 1; end';
CREATE FUNCTION pair(OUT first integer, OUT second text) LANGUAGE plpgsql AS 'begin end';
CREATE FUNCTION list_posts(since timestamptz, most integer DEFAULT 10)
    RETURNS TABLE (post_id integer, heading text) LANGUAGE plpgsql AS 'begin end';
CREATE FUNCTION all_accounts() RETURNS SETOF account LANGUAGE sql AS 'select * from account';
CREATE FUNCTION add_all(VARIADIC numbers integer[]) RETURNS bigint LANGUAGE plpgsql AS 'begin end';
CREATE FUNCTION first_of(list anyarray) RETURNS anyelement LANGUAGE plpgsql AS 'begin end';
CREATE PROCEDURE tidy(n integer) LANGUAGE plpgsql AS 'begin end';
)sql";

/// Statements that only need analysis.
const std::vector<std::string> queries{
#include "queries.inc"
};

/// Statements that change something, or that are planned before they are refused.
const std::vector<std::string> changes{
#include "changes.inc"
};

class BinderTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        const std::string database = ordain::test::server().create_database();
        auto connection = ordain::test::server().connect(database);
        ASSERT_TRUE(connection) << connection.error().message;
        session_ = std::make_unique<ordain::test::Session>(std::move(*connection));
        const Answer made = session_->run(sample);
        ASSERT_EQ(made.message, "");
        catalog_ = std::make_unique<test::SampleCatalog>(sample);
    }
    static void TearDownTestSuite() {
        session_.reset();
        catalog_.reset();
    }

    static std::vector<std::string> described(const std::vector<ScopeColumn>& columns) {
        std::vector<std::string> made;
        for (const ScopeColumn& column : columns) {
            made.push_back(column.name + " " +
                           catalog::format_type(catalog_->resolver(), column.type));
        }
        return made;
    }

    static std::vector<std::string> server_columns(const std::string& sql) {
        session_->run("begin; create temp view probe as " + sql);
        const Answer answer =
            session_->run("select attname || ' ' || format_type(atttypid, atttypmod) "
                          "from pg_attribute where attrelid = 'probe'::regclass and attnum > 0 "
                          "order by attnum");
        session_->run("rollback");
        std::vector<std::string> made;
        for (const auto& row : answer.rows) made.push_back(row.at(0).value_or("NULL"));
        return made;
    }

    static inline std::unique_ptr<ordain::test::Session> session_;
    static inline std::unique_ptr<test::SampleCatalog> catalog_;
};

std::string shown(const std::optional<Problem>& problem) {
    return problem ? problem->sqlstate + " " + problem->message : "00000 ";
}

TEST_F(BinderTest, AnswersLikeTheServerToQueries) {
    for (const std::string& sql : queries) {
        SCOPED_TRACE(sql);
        const Answer answer = session_->run("begin; prepare probe as " + sql + "; deallocate probe");
        session_->run("rollback");
        for (const Statement& statement : test::parse(sql)) {
            const auto verdict = catalog_->bind(statement);
            EXPECT_EQ(shown(verdict.problem), answer.sqlstate + " " + answer.message);
            EXPECT_THAT(verdict.doubts, IsEmpty());
            if (!answer.ok() || verdict.problem) continue;
            EXPECT_EQ(described(verdict.columns), server_columns(sql));
        }
    }
}

TEST_F(BinderTest, AnswersLikeTheServerToChanges) {
    for (const std::string& sql : changes) {
        SCOPED_TRACE(sql);
        const bool rows = sql.starts_with("INSERT") || sql.starts_with("UPDATE") ||
                          sql.starts_with("DELETE") || sql.starts_with("WITH");
        session_->run("begin");
        const Answer answer = session_->run((rows ? "explain " : "") + sql);
        session_->run("rollback");
        for (const Statement& statement : test::parse(sql)) {
            const auto verdict = catalog_->bind(statement);
            EXPECT_EQ(shown(verdict.problem), answer.sqlstate + " " + answer.message);
            EXPECT_THAT(verdict.doubts, IsEmpty());
        }
    }
}

} // namespace
} // namespace ordain::analyze
