#include "analyze/binder.hpp"
#include "sample_catalog.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::analyze {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* sample = R"sql(
CREATE SCHEMA app;
CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE account (
    id bigint PRIMARY KEY, name varchar(40), email citext, feeling mood, tags text[], price numeric,
    made timestamptz, active boolean, count integer
);
CREATE TABLE app.post (id integer PRIMARY KEY, account_id bigint, title text);
CREATE SEQUENCE counter;
CREATE FUNCTION pure(n integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS 'begin end';
CREATE FUNCTION impure(n integer) RETURNS integer LANGUAGE plpgsql AS 'begin end';
CREATE FUNCTION inlined(text) RETURNS text LANGUAGE sql AS 'select lower($1)';
CREATE VIEW named AS SELECT id, name FROM account WHERE name IS NOT NULL;
)sql";

class BoundTest : public testing::Test {
protected:
    test::SampleCatalog sample_{sample};

    [[nodiscard]] test::SampleCatalog::Verdict bind(const std::string& sql) const {
        return sample_.bind(test::parse(sql).front());
    }
    [[nodiscard]] test::SampleCatalog::Verdict check(const std::string& condition) const {
        return bind("ALTER TABLE account ADD CONSTRAINT c CHECK (" + condition + ")");
    }
    [[nodiscard]] std::vector<std::string> names(const std::vector<ObjectId>& ids) {
        std::vector<std::string> made;
        made.reserve(ids.size());
        for (const ObjectId id : ids)
            made.push_back(name(id));
        return made;
    }
    [[nodiscard]] std::string name(ObjectId id) {
        const Object& object = sample_.catalog().at(id);
        const std::string owner =
            object.parent == no_object ? "" : sample_.catalog().at(object.parent).name + ".";
        return owner + object.name;
    }
};

struct TextCase {
    std::string left;
    std::string right;
};

TEST_F(BoundTest, SpellingsOfOneConditionAreEqual) {
    const std::vector<TextCase> cases{
        {.left = "id > 0", .right = "(((id)>0))"},
        {.left = "id > 0 AND active", .right = "account.id>0 and ACTIVE"},
        {.left = "count IN (1, 2)", .right = "count = ANY (ARRAY[1, 2])"},
        {.left = "count NOT IN (1, 2)", .right = "count <> ALL (ARRAY[1, 2])"},
        {.left = "count BETWEEN 1 AND 2", .right = "count >= 1 AND count <= 2"},
        {.left = "name = 'x'", .right = "name::text = 'x'::text"},
        {.left = "feeling = 'sad'", .right = "feeling = 'sad'::mood"},
        {.left = "count <> 1", .right = "count != 1"},
        {.left = "name LIKE 'a%'", .right = "name ~~ 'a%'"},
        {.left = "lower(name) = 'x'", .right = "pg_catalog.lower(name) = 'x'"},
        {.left = "CAST(count AS text) = '1'", .right = "count::text = '1'"},
        {.left = "name IS NOT NULL", .right = "name NOTNULL"},
    };
    for (const TextCase& each : cases) {
        SCOPED_TRACE(each.left + " / " + each.right);
        const auto left = check(each.left);
        EXPECT_FALSE(left.problem);
        EXPECT_EQ(left.text, check(each.right).text);
    }
}

TEST_F(BoundTest, DifferentConditionsDiffer) {
    const std::vector<TextCase> cases{
        {.left = "id > 0", .right = "id >= 0"},
        {.left = "id > 0 AND active", .right = "id > 0 OR active"},
        {.left = "id IN (1, 2)", .right = "id IN (2, 1)"},
        {.left = "name = 'x'", .right = "name = 'X'"},
        {.left = "name IS NULL", .right = "name IS NOT NULL"},
        {.left = "NOT active", .right = "active"},
        {.left = "(count + 1) * 2 > 0", .right = "count + 1 * 2 > 0"},
    };
    for (const TextCase& each : cases) {
        SCOPED_TRACE(each.left + " / " + each.right);
        EXPECT_NE(check(each.left).text, check(each.right).text);
    }
}

TEST_F(BoundTest, TextNamesObjectsByWhatTheyAre) {
    EXPECT_EQ(check("count > 0 AND pure(count) = 1").text,
              "((count > 0) AND (public.pure(count) = 1))");
    EXPECT_EQ(
        bind("SELECT a.id, title FROM account a JOIN app.post USING (id)").text,
        "SELECT a.id AS id, app.post.title AS title FROM (public.account a JOIN app.post USING "
        "(id))");
}

struct DependencyCase {
    std::string sql;
    std::vector<std::string> depends;
};

TEST_F(BoundTest, DependsAsPgDependRecords) {
    const std::vector<DependencyCase> cases{
        {.sql = "SELECT 1", .depends = {}},
        {.sql = "SELECT 1 FROM account", .depends = {"account"}},
        {.sql = "SELECT id FROM account", .depends = {"account.id"}},
        {.sql = "SELECT a FROM account a", .depends = {"account"}},
        {.sql = "SELECT id FROM account WHERE active ORDER BY name",
         .depends = {"account.id", "account.name", "account.active"}},
        {.sql = "SELECT name FROM named", .depends = {"named.name"}},
        {.sql = "SELECT count(*) FROM account a JOIN app.post p USING (id)",
         .depends = {"account.id", "post.id"}},
        {.sql = "SELECT (SELECT max(id) FROM app.post)", .depends = {"post.id"}},
        {.sql = "WITH t AS (SELECT id FROM account) SELECT 1 FROM t", .depends = {"account.id"}},
        {.sql = "SELECT pure(1), lower('x')", .depends = {"pure"}},
        {.sql = "SELECT 'sad'::mood", .depends = {"mood"}},
        {.sql = "SELECT feeling = 'sad' FROM account", .depends = {"mood", "account.feeling"}},
        {.sql = "SELECT nextval('counter')", .depends = {"counter"}},
        {.sql = "SELECT 'account'::regclass", .depends = {"account"}},
        {.sql = "SELECT 'x'::citext", .depends = {"citext"}},
        {.sql = "SELECT id, name FROM account GROUP BY id",
         .depends = {"account.id", "account.account_pkey", "account.name"}},
    };
    for (const DependencyCase& each : cases) {
        SCOPED_TRACE(each.sql);
        const auto verdict = bind(each.sql);
        EXPECT_FALSE(verdict.problem);
        EXPECT_EQ(names(verdict.depends), each.depends);
    }
}

TEST_F(BoundTest, UsesStandWhereTheNamesAre) {
    const std::string sql = "SELECT p.title FROM account AS a, app.post p WHERE pure(1) = a.id";
    const auto verdict = bind(sql);
    std::vector<std::string> used;
    for (const Use& use : verdict.uses) {
        used.push_back(name(use.object) + " at " + sql.substr(use.span.begin, use.span.size()));
    }
    EXPECT_THAT(used, ElementsAre("post.title at p.title", "account at account", "post at app.post",
                                  "pure at pure", "account.id at a.id"));
}

struct VolatilityCase {
    std::string sql;
    char volatility;
};

TEST_F(BoundTest, VolatilityIsTheWorstOfAllCallees) {
    const std::vector<VolatilityCase> cases{
        {.sql = "SELECT lower('x') || 1", .volatility = 's'}, // any_out is stable
        {.sql = "SELECT lower('x') || 'y'", .volatility = 'i'},
        {.sql = "SELECT now()", .volatility = 's'},
        {.sql = "SELECT current_date", .volatility = 's'},
        {.sql = "SELECT random()", .volatility = 'v'},
        {.sql = "SELECT pure(1)", .volatility = 'i'},
        {.sql = "SELECT impure(1)", .volatility = 'v'},
        {.sql = "SELECT inlined('X')", .volatility = 'i'},
        {.sql = "SELECT '2020-01-01'::timestamptz", .volatility = 'i'},
        {.sql = "SELECT made::text FROM account", .volatility = 's'},
        {.sql = "SELECT made::date FROM account", .volatility = 's'},
        {.sql = "SELECT made AT TIME ZONE 'UTC' FROM account", .volatility = 'i'},
        {.sql = "SELECT name::text, id::integer FROM account", .volatility = 'i'},
        {.sql = "SELECT name::timestamptz FROM account", .volatility = 's'},
        {.sql = "SELECT feeling::text FROM account", .volatility = 's'},
        {.sql = "SELECT made > '2020-01-01' FROM account", .volatility = 'i'},
    };
    for (const VolatilityCase& each : cases) {
        SCOPED_TRACE(each.sql);
        EXPECT_EQ(bind(each.sql).volatility, each.volatility);
    }
}

struct FailureCase {
    std::string sql;
    std::string may_fail;
};

TEST_F(BoundTest, TellsWhatMayFailWhenItRuns) {
    const std::vector<FailureCase> cases{
        {.sql = "SELECT name, id FROM account", .may_fail = ""},
        {.sql = "SELECT lower(name), coalesce(id, 1), now() FROM account", .may_fail = ""},
        {.sql = "SELECT 1 / count FROM account", .may_fail = "a division by zero"},
        {.sql = "SELECT name::integer FROM account", .may_fail = "text as input of type integer"},
        {.sql = "SELECT id::integer FROM account", .may_fail = "integer may be out of range"},
        {.sql = "SELECT count::bigint FROM account", .may_fail = ""},
        {.sql = "SELECT impure(1)", .may_fail = "function impure"},
        {.sql = "SELECT (SELECT id FROM account)",
         .may_fail = "a subquery may return more than one row"},
        {.sql = "SELECT (SELECT count(*) FROM account)", .may_fail = ""},
        {.sql = "INSERT INTO account (id, name) VALUES (1, 'short')", .may_fail = ""},
        {.sql = "UPDATE account SET name = repeat('x', 2)", .may_fail = "function repeat"},
    };
    for (const FailureCase& each : cases) {
        SCOPED_TRACE(each.sql);
        EXPECT_EQ(bind(each.sql).may_fail, each.may_fail);
    }
}

TEST_F(BoundTest, NewEnumValueIsUnsafeBeforeCommit) {
    Object type =
        *sample_.catalog().find(NameSpace::type, sample_.resolver().schema("public").id, "mood");
    type.as<EnumDetails>().labels.emplace_back("new");
    type.as<EnumDetails>().uncommitted.emplace_back("new");
    sample_.catalog().put(type);
    const auto verdict = bind("SELECT 'new'::mood");
    ASSERT_TRUE(verdict.problem);
    EXPECT_EQ(verdict.problem->sqlstate, "55P04");
    EXPECT_EQ(verdict.problem->message, "unsafe use of new value \"new\" of enum type mood");
}

TEST_F(BoundTest, WhatMayExistIsNoProblem) {
    sample_.catalog().set_taint(
        "shadow", {.reason = "mentioned by a DO block",
                   .creates = Taint::bit(NameSpace::relation) | Taint::bit(NameSpace::column) |
                              Taint::bit(NameSpace::function) | Taint::bit(NameSpace::type)});
    for (const std::string sql :
         {"SELECT a, b.c FROM shadow b WHERE b.d = 1 AND e LIKE 'x' ORDER BY f",
          "SELECT shadow FROM account", "SELECT account.shadow + 1 FROM account",
          "SELECT shadow(id) || 'x' FROM account", "SELECT id::shadow FROM account",
          "INSERT INTO shadow (a, b) VALUES (1, 'x') ON CONFLICT (a) DO NOTHING",
          "INSERT INTO account (shadow) VALUES (1)", "UPDATE shadow SET a = b + 1 WHERE c = 'x'",
          "UPDATE account SET shadow = 1"}) {
        SCOPED_TRACE(sql);
        const auto verdict = bind(sql);
        EXPECT_FALSE(verdict.problem) << verdict.problem->message;
        EXPECT_FALSE(verdict.doubts.empty());
    }
}

TEST_F(BoundTest, RelationThatWasInventedHasAnyColumn) {
    Object table = sample_.catalog().at(sample_.relation("account"));
    table.as<RelationDetails>().invented = true;
    sample_.catalog().put(table);
    const auto verdict = bind("SELECT id, other, account.more + 1 FROM account WHERE other = 'x'");
    EXPECT_FALSE(verdict.problem);
    EXPECT_THAT(verdict.doubts, SizeIs(2));
    // What is certain all the same.
    const auto refused = bind("SELECT id FROM account WHERE other = 1 AND nope.x = 2");
    ASSERT_TRUE(refused.problem);
    EXPECT_EQ(refused.problem->message, "missing FROM-clause entry for table \"nope\"");
}

TEST_F(BoundTest, OldAndNewAreTheRowsOfATrigger) {
    const auto verdict = bind("CREATE TRIGGER t BEFORE UPDATE ON account FOR EACH ROW "
                              "WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION f()");
    EXPECT_FALSE(verdict.problem);
    EXPECT_THAT(verdict.doubts, IsEmpty());
    EXPECT_EQ(verdict.text, "((old.name)::text IS DISTINCT FROM (new.name)::text)");
    const auto wrong = bind("CREATE TRIGGER t BEFORE UPDATE ON account FOR EACH ROW "
                            "WHEN (OLD.nope) EXECUTE FUNCTION f()");
    ASSERT_TRUE(wrong.problem);
    EXPECT_EQ(wrong.problem->message, "column old.nope does not exist");
}

TEST_F(BoundTest, LongListsTakeLinearTime) {
    std::string list = "0";
    std::string rows = "(0, 'x')";
    std::string chain = "id = 0";
    constexpr int most = 20000;
    for (int i = 1; i < most; ++i) {
        list += ", " + std::to_string(i);
        rows += ", (" + std::to_string(i) + ", 'x')";
        if (i < 1000) chain += " OR id = " + std::to_string(i);
    }
    for (const std::string& sql : {"SELECT id IN (" + list + ") FROM account",
                                   "INSERT INTO account (id, name) VALUES " + rows,
                                   "SELECT 1 FROM account WHERE " + chain}) {
        const auto verdict = bind(sql);
        EXPECT_FALSE(verdict.problem);
        EXPECT_THAT(verdict.doubts, IsEmpty());
    }
}

TEST_F(BoundTest, NestedBetweenDoesNotExplode) {
    std::string sql = "1";
    for (int i = 0; i < 60; ++i)
        sql.insert(0, "(").append(" BETWEEN 0 AND 2)::integer");
    const auto verdict = bind("SELECT " + sql);
    EXPECT_FALSE(verdict.problem);
}

} // namespace
} // namespace ordain::analyze
