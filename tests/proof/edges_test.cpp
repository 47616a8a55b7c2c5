// What a migration needs of earlier ones: each history's edges are what Ordain says, and a server
// runs the history without each of its migrations to see which ones fail then.

#include "proof/judged_folder.hpp"
#include "proof/server_schema.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ordain::test {
namespace {

struct Case {
    std::string_view name;
    std::vector<std::string_view> history;
    std::vector<std::string_view> edges;
};

// clang-format off
const auto cases = std::to_array<Case>({
    {.name = "table_and_column",
     .history = {"CREATE TABLE t (a int)", "ALTER TABLE t ADD COLUMN b int", "CREATE INDEX i ON t (b)"},
     .edges = {"2 needs 1: table \"public.t\" exists",
               R"(3 needs 1: table "public.t" exists)",
               R"(3 needs 2: column "b" of table "public.t" exists)"}},
    {.name = "name_that_was_freed",
     .history = {"CREATE TABLE t (a int)", "DROP TABLE t", "CREATE TABLE t (b int)"},
     .edges = {"2 needs 1: table \"public.t\" exists", "3 needs 2: table \"public.t\" gone"}},
    {.name = "generated_name_takes_any",
     .history = {"CREATE TABLE t (a int); CREATE INDEX ON t (a)", "DROP INDEX t_a_idx", "CREATE INDEX ON t (a)"},
     .edges = {R"(2 needs 1: index "public.t_a_idx" exists)",
               R"(3 needs 1: table "public.t" exists, column "a" of table "public.t" exists)"}},
    {.name = "column_freed_of_a_view",
     .history = {"CREATE TABLE t (a int, b int)", "CREATE VIEW v AS SELECT a FROM t", "DROP VIEW v", "ALTER TABLE t DROP COLUMN a"},
     .edges = {R"(2 needs 1: column "a" of table "public.t" exists, table "public.t" exists)",
               R"(3 needs 2: view "public.v" exists)",
               R"(4 needs 1: table "public.t" exists, column "a" of table "public.t" exists)",
               "4 needs 3: view \"public.v\" gone"}},
    {.name = "type_freed_of_a_view",
     .history = {"CREATE TABLE t (a int)", "CREATE VIEW v AS SELECT a FROM t", "DROP VIEW v", "ALTER TABLE t ALTER a TYPE bigint"},
     .edges = {R"(2 needs 1: column "a" of table "public.t" exists, table "public.t" exists)",
               R"(3 needs 2: view "public.v" exists)",
               R"(4 needs 1: table "public.t" exists, column "a" of table "public.t" exists)",
               "4 needs 3: view \"public.v\" gone"}},
    {.name = "view_made_anew_without_the_column",
     .history = {"CREATE TABLE t (a int, b int)", "CREATE VIEW v AS SELECT b FROM t WHERE a > 0",
                 "CREATE OR REPLACE VIEW v AS SELECT b FROM t", "ALTER TABLE t DROP COLUMN a"},
     .edges = {R"(2 needs 1: column "b" of table "public.t" exists, table "public.t" exists, column "a" of table "public.t" exists)",
               R"(3 needs 1: column "b" of table "public.t" exists, table "public.t" exists)",
               R"(3 may need 2: view "public.v" exists)",
               R"(4 needs 1: table "public.t" exists, column "a" of table "public.t" exists)",
               "4 needs 3: view \"public.v\" gone"}},
    {.name = "what_would_have_gone_later_anyway",
     .history = {"CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t", "DROP VIEW v; CREATE VIEW v AS SELECT b FROM t",
                 "DROP VIEW v", "ALTER TABLE t DROP COLUMN a"},
     .edges = {R"(2 needs 1: view "public.v" exists, column "b" of table "public.t" exists, table "public.t" exists)",
               R"(3 needs 1: view "public.v" exists)",
               R"(4 needs 1: table "public.t" exists, column "a" of table "public.t" exists)"}},
    {.name = "function_freed_of_a_trigger",
     .history = {"CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; "
                 "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
                 "DROP TRIGGER g ON t", "DROP FUNCTION f()"},
     .edges = {R"(2 needs 1: table "public.t" exists, trigger "g" of table "public.t" exists)",
               "3 needs 1: function \"public.f()\" exists",
               R"(3 needs 2: trigger "g" of table "public.t" gone)"}},
    {.name = "type_freed_of_a_column",
     .history = {"CREATE TYPE m AS ENUM ('x'); CREATE TABLE t (a m)", "ALTER TABLE t ALTER a TYPE text", "DROP TYPE m"},
     .edges = {R"(2 needs 1: table "public.t" exists, column "a" of table "public.t" exists)",
               R"(3 needs 1: enum "public.m" exists)",
               R"(3 needs 2: column "a" of table "public.t" gone)"}},
    {.name = "table_freed_of_a_foreign_key",
     .history = {"CREATE TABLE t (a int PRIMARY KEY); CREATE TABLE u (b int CONSTRAINT c REFERENCES t)",
                 "ALTER TABLE u DROP CONSTRAINT c", "TRUNCATE t", "DROP TABLE t"},
     .edges = {R"(2 needs 1: table "public.u" exists, constraint "c" of table "public.u" exists)",
               R"(3 needs 1: table "public.t" exists)",
               R"(3 needs 2: constraint "c" of table "public.u" gone)",
               R"(4 needs 1: table "public.t" exists)",
               R"(4 needs 2: constraint "c" of table "public.u" gone)"}},
    {.name = "schema_emptied",
     .history = {"CREATE SCHEMA s; CREATE TABLE s.t (a int)", "DROP TABLE s.t", "DROP SCHEMA s"},
     .edges = {"2 needs 1: table \"s.t\" exists", "3 needs 1: schema \"s\" exists", "3 needs 2: table \"s.t\" gone"}},
    {.name = "cascade_needs_nothing_gone",
     .history = {"CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t", "DROP VIEW v", "DROP TABLE t CASCADE"},
     .edges = {"2 needs 1: view \"public.v\" exists", "3 needs 1: table \"public.t\" exists"}},
    {.name = "own_parts_stand_in_nobodys_way",
     .history = {"CREATE TABLE t (a int PRIMARY KEY, p int CONSTRAINT c REFERENCES t)", "ALTER TABLE t DROP CONSTRAINT c", "DROP TABLE t"},
     .edges = {R"(2 needs 1: table "public.t" exists, constraint "c" of table "public.t" exists)",
               "3 needs 1: table \"public.t\" exists"}},
    {.name = "two_makers_of_a_function",
     .history = {"CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                 "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'", "CREATE TABLE t (a int DEFAULT f())"},
     .edges = {"2 may need 1: function \"public.f()\" exists", "3 may need 1: function \"public.f()\" exists"}},
    {.name = "two_makers_of_a_table",
     .history = {"CREATE TABLE t (a int)", "CREATE TABLE IF NOT EXISTS t (a int)", "COMMENT ON TABLE t IS 'x'"},
     .edges = {"3 may need 1: table \"public.t\" exists"}},
    {.name = "star_needs_the_table_only",
     .history = {"CREATE TABLE t (a int)", "ALTER TABLE t ADD COLUMN b int", "CREATE VIEW v AS SELECT * FROM t"},
     .edges = {R"(2 needs 1: table "public.t" exists)",
               R"(3 needs 1: column "a" of table "public.t" exists, table "public.t" exists)",
               R"(3 may need 2: column "b" of table "public.t" exists)"}},
    {.name = "guarded_drop_needs_nothing",
     .history = {"CREATE TABLE t (a int)", "DROP TABLE IF EXISTS t"},
     .edges = {"2 may need 1: table \"public.t\" exists"}},
});
// clang-format on

std::vector<std::string> edges_of(const JudgedFolder& folder) {
    std::vector<std::string> lines;
    for (const MigrationJudgement& judgement : folder.judged().judgements) {
        for (const Edge& edge : judgement.depends_on) {
            std::string line = fmt::format("{} {} {}:", judgement.ordinal,
                                           edge.hard ? "needs" : "may need", edge.on);
            std::set<std::string> seen;
            for (const Edge::Evidence& evidence : edge.because) {
                const std::string text =
                    fmt::format("{} {}", describe(evidence.object), name_of(evidence.kind));
                if (!seen.insert(text).second) continue;
                line += (seen.size() == 1 ? " " : ", ") + text;
            }
            lines.push_back(line);
        }
    }
    return lines;
}

using Pairs = std::set<std::pair<std::size_t, std::size_t>>;

bool only_gone(const Edge& edge) {
    return std::ranges::all_of(edge.because, [](const Edge::Evidence& evidence) {
        return evidence.kind == Dependence::Kind::gone;
    });
}

/// Who needs whom by hard edges, directly or not. Who takes something away needs whoever made it,
/// but who needs it gone does not.
Pairs needs_of(const JudgedFolder& folder) {
    Pairs pairs;
    for (const MigrationJudgement& judgement : folder.judged().judgements) {
        for (const Edge& edge : judgement.depends_on) {
            if (!edge.hard) continue;
            pairs.insert({judgement.ordinal, edge.on});
            for (std::size_t further = 1; further < edge.on && !only_gone(edge); ++further) {
                if (pairs.contains({edge.on, further})) pairs.insert({judgement.ordinal, further});
            }
        }
    }
    return pairs;
}

/// Runs a history without one of its migrations: those that fail need it.
Pairs failures_on_server(const std::vector<std::string_view>& history) {
    Pairs pairs;
    for (std::size_t without = 1; without <= history.size(); ++without) {
        Result<Session> session = server().connect(server().empty_database());
        EXPECT_TRUE(session);
        for (std::size_t index = 1; index <= history.size(); ++index) {
            if (index == without) continue;
            const Answer answer = run_in_transaction(*session, history[index - 1]);
            if (!answer.ok()) pairs.insert({index, without});
        }
    }
    return pairs;
}

class Edges : public testing::TestWithParam<Case> {};

TEST_P(Edges, AreThese) {
    std::vector<Scripts> scripts;
    for (const std::string_view sql : GetParam().history)
        scripts.push_back({.up = sql, .down = ""});
    const JudgedFolder folder(scripts);
    for (const MigrationJudgement& judgement : folder.judged().judgements)
        EXPECT_EQ(show(judgement.applies), "yes");
    const std::vector<std::string> expected(GetParam().edges.begin(), GetParam().edges.end());
    EXPECT_EQ(edges_of(folder), expected);
    EXPECT_EQ(needs_of(folder), failures_on_server(GetParam().history));
}

INSTANTIATE_TEST_SUITE_P(Histories,
                         Edges,
                         testing::ValuesIn(cases),
                         [](const testing::TestParamInfo<Case>& each) {
                             return std::string(each.param.name);
                         });

} // namespace
} // namespace ordain::test
