#include "text/depth.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <gtest/gtest.h>
#include <pg_query.h>
#include <random>
#include <string>
#include <string_view>

namespace ordain::text {
namespace {

/// What the estimate promises: JSON objects and arrays nest no deeper than this many to one of the
/// estimate, beyond what every statement has.
constexpr std::uint32_t levels_per_estimate = 12;
constexpr std::uint32_t levels_of_any_statement = 20;

/// How deep objects and arrays nest in JSON.
std::uint32_t json_depth(std::string_view json) {
    std::uint32_t depth = 0;
    std::uint32_t deepest = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char character = json[i];
        if (in_string) {
            if (character == '\\') ++i;
            if (character == '"') in_string = false;
        } else if (character == '"') {
            in_string = true;
        } else if (character == '{' || character == '[') {
            deepest = std::max(deepest, ++depth);
        } else if (character == '}' || character == ']') {
            --depth;
        }
    }
    return deepest;
}

std::string repeated(std::string_view text, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i)
        result += text;
    return result;
}

struct EstimateCase {
    std::string_view name;
    std::string sql;
    std::uint32_t estimate = 0;
};

TEST(NestingEstimate, CountsWhatNests) {
    const auto cases = std::to_array<EstimateCase>({
        {.name = "empty", .sql = "", .estimate = 1},
        {.name = "list", .sql = "SELECT " + repeated("1, ", 500) + "1", .estimate = 1},
        {.name = "values",
         .sql = "INSERT INTO t VALUES " + repeated("(1, -2), ", 500) + "(1, 2)",
         .estimate = 3},
        {.name = "and",
         .sql = "SELECT 1 WHERE a = 1" + repeated(" AND a = 1 OR b = 2", 500),
         .estimate = 2},
        {.name = "plus", .sql = "SELECT 1" + repeated(" + 1", 500), .estimate = 501},
        {.name = "not", .sql = "SELECT " + repeated("NOT ", 500) + "a", .estimate = 501},
        {.name = "cast", .sql = "SELECT a" + repeated("::int", 500), .estimate = 501},
        {.name = "join",
         .sql = "SELECT 1 FROM a" + repeated(" JOIN b ON a.x = b.x", 500),
         .estimate = 502},
        {.name = "union", .sql = "SELECT 1" + repeated(" UNION SELECT 1", 500), .estimate = 501},
        {.name = "brackets",
         .sql = "SELECT " + repeated("(", 500) + "1" + repeated(")", 500),
         .estimate = 501},
        {.name = "case",
         .sql = "SELECT " + repeated("CASE WHEN a THEN ", 500) + "1" + repeated(" END", 500),
         .estimate = 501},
        {.name = "between",
         .sql = "SELECT a" + repeated(" BETWEEN 1 AND 2 IS TRUE", 500),
         .estimate = 1501},
        {.name = "distinct from",
         .sql = "SELECT " + repeated("a || ", 500) + "b IS DISTINCT FROM c",
         .estimate = 502},
        {.name = "within group",
         .sql = "SELECT 1" + repeated(" + f(1) WITHIN GROUP (ORDER BY a)", 500),
         .estimate = 502},
        {.name = "attribute", .sql = "SELECT 1" + repeated(" + a.and", 500), .estimate = 501},
        {.name = "unreserved column",
         .sql = "SELECT 1" + repeated(" + values + set", 500),
         .estimate = 1001},
        {.name = "comment", .sql = "SELECT 1 /* ((((( */", .estimate = 1},
        {.name = "atomic",
         .sql = "CREATE FUNCTION f() BEGIN ATOMIC " + repeated("SELECT 1 + 1; ", 500) + "END",
         .estimate = 2},
        {.name = "saturated", .sql = repeated("(", 2'000'000), .estimate = max_nesting_estimate},
    });
    for (const EstimateCase& test : cases) {
        SCOPED_TRACE(test.name);
        EXPECT_EQ(estimate_tree(test.sql).nesting, test.estimate);
    }
}

/// Grows a random expression from templates; %e is an expression, %q a query.
class Grower {
public:
    explicit Grower(std::uint32_t seed) : random_(seed) {}

    std::string statement() {
        budget_ = 60;
        return query();
    }

private:
    std::string fill(std::string_view shape) {
        std::string result;
        for (std::size_t i = 0; i < shape.size(); ++i) {
            if (shape[i] != '%') {
                result += shape[i];
                continue;
            }
            result += shape[++i] == 'q' ? query() : expression();
        }
        return result;
    }
    std::string expression() {
        static constexpr auto shapes = std::to_array<std::string_view>({
            "%e + %e",
            "- %e",
            "NOT %e",
            "(%e)",
            "%e::text",
            "%e AND %e",
            "%e OR %e",
            "f(%e, %e)",
            "%e IS NULL",
            "CASE WHEN %e THEN %e ELSE %e END",
            "(%q)",
            "EXISTS (%q)",
            "%e IN (%q)",
            "ARRAY[%e, %e]",
            "%e COLLATE \"C\"",
            "(%e)[%e]",
            "%e AT TIME ZONE 'x'",
            "%e || %e",
            "(%e) BETWEEN %e AND %e",
            "(%e) IS DISTINCT FROM (%e)",
            "coalesce(%e, %e)",
            "f(%e) OVER (PARTITION BY %e ORDER BY %e)",
            "ROW(%e, %e)",
            "count(*) FILTER (WHERE %e)",
        });
        if (budget_ == 0) return "a";
        --budget_;
        return fill(shapes[random_() % std::size(shapes)]);
    }
    std::string query() {
        static constexpr auto shapes = std::to_array<std::string_view>({
            "SELECT %e",
            "SELECT %e FROM t WHERE %e",
            "SELECT %e UNION %q",
            "VALUES (%e, %e)",
            "SELECT %e FROM t JOIN u ON %e JOIN v ON %e",
            "SELECT 1 FROM (%q) x",
            "SELECT %e GROUP BY %e HAVING %e ORDER BY %e",
            "SELECT 1 FROM t, LATERAL f(%e)",
            "(WITH x AS (%q) SELECT %e)",
        });
        if (budget_ == 0) return "SELECT 1";
        --budget_;
        return fill(shapes[random_() % std::size(shapes)]);
    }

    std::mt19937 random_;
    std::uint32_t budget_ = 0;
};

TEST(NestingEstimate, BoundsTheTrueDepth) {
    std::size_t parsed = 0;
    for (std::uint32_t seed = 0; seed < 4000; ++seed) {
        const std::string sql = Grower(seed).statement();
        const PgQueryParseResult result = pg_query_parse(sql.c_str());
        if (result.error == nullptr) {
            ++parsed;
            const std::uint32_t depth = json_depth(result.parse_tree);
            const std::uint32_t estimate = estimate_tree(sql).nesting;
            EXPECT_LE(depth, estimate * levels_per_estimate + levels_of_any_statement) << sql;
        }
        pg_query_free_parse_result(result);
    }
    EXPECT_GT(parsed, 2000U);
}

/// Chains that nest: 300 links make at least 300 levels, and the estimate must follow.
TEST(NestingEstimate, FollowsChains) {
    const auto links = std::to_array<std::string_view>({
        " + 1",
        " || 'a'",
        " IS NULL",
        "::int",
        " COLLATE \"C\"",
        " AT TIME ZONE 'x'",
        " ISNULL",
        " IS NULL BETWEEN 1 AND 2 IS TRUE",
        " OPERATOR(pg_catalog.+) 1",
        " + f(1) WITHIN GROUP (ORDER BY a)",
        " + collation for (a)",
        " + a.and",
        " + set",
        " UNION SELECT 1",
        " EXCEPT ALL SELECT 1",
        " NOTNULL",
        " IS NOT NULL",
        " + (a).from",
        " -1",
        " < ANY (b) IS TRUE",
        " IN (1) IS TRUE",
        " LIKE 'a' IS TRUE",
        " IS DOCUMENT",
    });
    for (const std::string_view link : links) {
        SCOPED_TRACE(link);
        const std::string sql = "SELECT 1" + repeated(link, 300);
        const PgQueryParseResult result = pg_query_parse(sql.c_str());
        ASSERT_EQ(result.error, nullptr) << result.error->message;
        EXPECT_GE(json_depth(result.parse_tree), 300U);
        EXPECT_LE(json_depth(result.parse_tree),
                  estimate_tree(sql).nesting * levels_per_estimate + levels_of_any_statement);
        EXPECT_GE(estimate_tree(sql).nesting, 300U);
        pg_query_free_parse_result(result);
    }
}

struct SizeCase {
    std::string_view name;
    std::string sql;
    std::uint64_t size = 0;
};

TEST(SizeEstimate, CountsWhatIsCopiedForEachColumn) {
    const auto cases = std::to_array<SizeCase>({
        {.name = "empty", .sql = "", .size = 0},
        {.name = "a row", .sql = "SELECT 1, 2", .size = 3},
        {.name = "brackets", .sql = "SELECT f(1, a[2])", .size = 7},
        // ( ) a a = and, twice, ( ) 1 2
        {.name = "SET", .sql = "UPDATE t SET (a, a) = (1, 2)", .size = 3 + 2 * (3 + 1 + 3)},
        {.name = "SET ROW", .sql = "UPDATE t SET (a, a) = ROW (1)", .size = 3 + 2 * (3 + 2 + 2)},
        {.name = "the second entry",
         .sql = "UPDATE t SET b = 1, (a, a, a) = (1)",
         .size = 3 + 3 + 3 * (4 + 1 + 2)},
        {.name = "one column", .sql = "UPDATE t SET (a) = (1)", .size = 3 + 2 + 1 + 2},
        {.name = "a comparison",
         .sql = "SELECT 1 WHERE (a, b) = (1, 2) OR (a, b) = (3, 4)",
         .size = 3 + 7 + 1 + 7},
        {.name = "nested",
         .sql = "UPDATE t SET (a, a) = (WITH w AS (UPDATE t SET (a, a) = (1)) SELECT 1)",
         .size = 3 + 2 * (3 + 1 + (1 + 3 + (1 + 3 + 2 * (3 + 1 + 2)) + 2))},
        {.name = "saturated",
         .sql = repeated("UPDATE t SET (a, a, a, a, a, a, a, a) = (WITH w AS (", 50),
         .size = max_size_estimate},
    });
    for (const SizeCase& test : cases) {
        SCOPED_TRACE(test.name);
        EXPECT_EQ(estimate_tree(test.sql).size, test.size);
    }
}

TEST(NestingEstimate, IsLinear) {
    for (const std::string_view fragment :
         {"(", ")", "CASE ", "CASE ) ", "+ ", "a, ", "NOT ", "["}) {
        SCOPED_TRACE(fragment);
        const std::string sql = repeated(fragment, 300'000);
        const auto start = std::chrono::steady_clock::now();
        EXPECT_LE(estimate_tree(sql).nesting, max_nesting_estimate);
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    }
}

} // namespace
} // namespace ordain::text
