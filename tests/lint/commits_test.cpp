#include "lint/commits.hpp"
#include "parse/parser.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>

namespace ordain::lint {
namespace {

struct CommitsCase {
    std::string sql;
    Wrapping wrapping = Wrapping::script;
    std::uint32_t failing = 0;
    std::uint32_t last = 0;
};

TEST(Commits, LastBeforeAFailure) {
    const auto cases = std::to_array<CommitsCase>({
        {.sql = "SELECT 1; SELECT 2; SELECT 3", .failing = 3, .last = 2},
        {.sql = "SELECT 1; SELECT 2; SELECT 3", .failing = 1, .last = 0},
        {.sql = "SELECT 1; SELECT 2",
         .wrapping = Wrapping::each_statement,
         .failing = 2,
         .last = 1},
        {.sql = "SELECT 1; SELECT 2",
         .wrapping = Wrapping::explicit_block,
         .failing = 2,
         .last = 0},
        {.sql = "SELECT 1; SELECT 2",
         .wrapping = Wrapping::all_migrations,
         .failing = 2,
         .last = 0},
        {.sql = "SELECT 1; SELECT 2",
         .wrapping = Wrapping::implicit_block,
         .failing = 2,
         .last = 0},
        {.sql = "BEGIN; SELECT 2; SELECT 3; COMMIT", .failing = 3, .last = 0},
        {.sql = "BEGIN; SELECT 2; COMMIT; SELECT 4", .failing = 4, .last = 2},
        {.sql = "SELECT 1; BEGIN; SELECT 3; ROLLBACK; SELECT 5", .failing = 5, .last = 1},
        {.sql = "SELECT 1; COMMIT; SELECT 3; SELECT 4",
         .wrapping = Wrapping::explicit_block,
         .failing = 4,
         .last = 3},
        {.sql = "SELECT 1; COMMIT; SELECT 3; SELECT 4",
         .wrapping = Wrapping::implicit_block,
         .failing = 4,
         .last = 1},
        {.sql = "BEGIN; SELECT 2; COMMIT AND CHAIN; SELECT 4; SELECT 5", .failing = 5, .last = 2},
    });
    for (const CommitsCase& expected : cases) {
        SCOPED_TRACE(expected.sql);
        const SourceFile file("x.sql", expected.sql);
        const Span all{.begin = 0, .end = static_cast<std::uint32_t>(expected.sql.size())};
        Script script;
        script.wrapping = expected.wrapping;
        EXPECT_EQ(last_committed_before(script, parse::parse_script(file, all).statements,
                                        expected.failing),
                  expected.last);
    }
}

} // namespace
} // namespace ordain::lint
