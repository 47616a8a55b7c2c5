#include "parse/large_stack_thread.hpp"
#include "parse/parser.hpp"
#include "parse/statement_parser.hpp"
#include "text/depth.hpp"

#include <chrono>
#include <gtest/gtest.h>
#include <optional>
#include <pthread.h>
#include <string>
#include <variant>
#include <vector>

namespace ordain::parse {
namespace {

/// A statement that nests one way: `open` and `close` are repeated around or behind the middle.
struct DeepForm {
    std::string name;
    std::string begin;
    std::string open;
    std::string middle;
    std::string close;
};

const std::vector<DeepForm> deep_forms{
    {.name = "operators", .begin = "SELECT 1", .open = "", .middle = "", .close = "+1"},
    {.name = "parentheses", .begin = "SELECT ", .open = "(", .middle = "1", .close = ")"},
    {.name = "NOT", .begin = "SELECT ", .open = "NOT ", .middle = "true", .close = ""},
    {.name = "UNION", .begin = "SELECT 1", .open = "", .middle = "", .close = " UNION SELECT 1"},
    {.name = "INTERSECT",
     .begin = "SELECT 1",
     .open = "",
     .middle = "",
     .close = " INTERSECT SELECT 1"},
    {.name = "CASE",
     .begin = "SELECT ",
     .open = "CASE WHEN true THEN ",
     .middle = "1",
     .close = " END"},
    {.name = "calls", .begin = "SELECT ", .open = "abs(", .middle = "1", .close = ")"},
    {.name = "subscripts", .begin = "SELECT ", .open = "a[", .middle = "1", .close = "]"},
    {.name = "joins",
     .begin = "SELECT 1 FROM t",
     .open = "",
     .middle = "",
     .close = " JOIN t ON a"},
    {.name = "sub-selects", .begin = "SELECT ", .open = "(SELECT ", .middle = "1", .close = ")"},
    {.name = "FROM",
     .begin = "SELECT 1 FROM ",
     .open = "(SELECT 1 FROM ",
     .middle = "t",
     .close = ") x"},
    {.name = "WITH",
     .begin = "",
     .open = "WITH a AS (",
     .middle = "SELECT 1",
     .close = ") SELECT 1"},
    {.name = "casts", .begin = "SELECT 1", .open = "", .middle = "", .close = "::int"},
    {.name = "IS NULL", .begin = "SELECT 1", .open = "", .middle = "", .close = " IS NULL"},
    {.name = "arrays", .begin = "SELECT ", .open = "ARRAY[", .middle = "1", .close = "]"},
    {.name = "IN", .begin = "SELECT ", .open = "1 IN (", .middle = "1", .close = ")"},
    {.name = "AND in OR",
     .begin = "SELECT ",
     .open = "(true AND (false OR ",
     .middle = "true",
     .close = "))"},
    {.name = "in a DEFAULT",
     .begin = "ALTER TABLE t ADD a int DEFAULT ",
     .open = "(",
     .middle = "1",
     .close = "+ 1)"},
};

std::string repeated(const std::string& text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i)
        all += text;
    return all;
}

std::string deep_statement(const DeepForm& form, int depth) {
    return form.begin + repeated(form.open, depth) + form.middle + repeated(form.close, depth);
}

/// The greatest depth at which the parser still tries.
int limit_of(const DeepForm& form) {
    int depth = static_cast<int>(max_nesting);
    while (text::estimate_tree(deep_statement(form, depth)).nesting > max_nesting)
        --depth;
    return depth;
}

/// Runs the work on a thread with as much stack as a main thread has.
void on_main_sized_stack(void (*work)(void*), void* argument) {
    struct Start {
        void (*work)(void*);
        void* argument;
    } start{work, argument};
    pthread_attr_t attributes{};
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, std::size_t{8} * 1024 * 1024);
    pthread_t thread{};
    ASSERT_EQ(pthread_create(
                  &thread, &attributes,
                  [](void* given) -> void* {
                      const auto* begin = static_cast<Start*>(given);
                      begin->work(begin->argument);
                      return nullptr;
                  },
                  &start),
              0);
    pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes);
}

TEST(Depth, WhatIsTooDeepIsRefusedQuickly) {
    for (const DeepForm& form : deep_forms) {
        for (const int depth : {limit_of(form) + 1, 20'000}) {
            SCOPED_TRACE(form.name + " " + std::to_string(depth));
            const auto start = std::chrono::steady_clock::now();
            const Statement statement = parse_statement(deep_statement(form, depth), 0, 1);
            EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
            ASSERT_TRUE(statement.fault);
            EXPECT_EQ(statement.fault->kind, SyntaxFault::Kind::too_deep);
            EXPECT_EQ(statement.fault->sqlstate, "54001");
            EXPECT_EQ(statement.fault->span, statement.span);
            ASSERT_EQ(statement.actions.size(), 1U);
            EXPECT_TRUE(std::holds_alternative<Unmodelled>(statement.actions[0].payload));
        }
    }
}

TEST(Depth, WhatIsAtTheLimitIsReadAndDestroyedOnAMainThread) {
    for (const DeepForm& form : deep_forms) {
        SCOPED_TRACE(form.name);
        const int depth = limit_of(form);
        EXPECT_GE(depth, static_cast<int>(max_nesting) / 3);
        std::string sql = deep_statement(form, depth);
        on_main_sized_stack(
            [](void* text) {
                const Statement statement = parse_statement(*static_cast<std::string*>(text), 0, 1);
                EXPECT_EQ(statement.fault ? statement.fault->message : "", "");
                EXPECT_EQ(statement.actions.size(), 1U);
            },
            &sql);
    }
}

/// The largest text that is looked at: what it costs to refuse is linear.
TEST(Depth, AMillionParenthesesAreRefused) {
    const Statement statement = parse_statement(repeated("(", 1'000'000), 0, 1);
    ASSERT_TRUE(statement.fault);
    EXPECT_EQ(statement.fault->kind, SyntaxFault::Kind::too_deep);
}

/// Long statements are not deep ones.
struct LongForm {
    std::string name;
    std::string begin;
    std::string item;
    int count = 0;
    std::string end;
};

const std::vector<LongForm> long_forms{
    {.name = "VALUES",
     .begin = "INSERT INTO t (a, b, c) VALUES (0, '', NULL)",
     .item = ", (12345, 'some text of a row', NULL)",
     .count = 10'000,
     .end = ""},
    {.name = "IN", .begin = "SELECT a IN (1", .item = ", 2", .count = 5'000, .end = ")"},
    {.name = "AND", .begin = "SELECT true", .item = " AND a = 1", .count = 20'000, .end = ""},
    {.name = "columns",
     .begin = "CREATE TABLE t (z int",
     .item = ", a int",
     .count = 20'000,
     .end = ")"},
    {.name = "array", .begin = "SELECT ARRAY[1", .item = ", 2", .count = 50'000, .end = "]"},
    {.name = "names", .begin = "SELECT a", .item = ".a", .count = 50'000, .end = ""},
    {.name = "a literal", .begin = "SELECT '", .item = "0123456789", .count = 500'000, .end = "'"},
};

TEST(Depth, WhatIsLongIsRead) {
    for (const LongForm& form : long_forms) {
        SCOPED_TRACE(form.name);
        const std::string sql = form.begin + repeated(form.item, form.count) + form.end;
        const Statement statement = parse_statement(sql, 0, 1);
        EXPECT_EQ(statement.fault ? statement.fault->message : "", "");
        EXPECT_EQ(statement.actions.size(), 1U);
    }
}

/// Short texts that would fill the memory with Actions, and texts without end.
const std::vector<LongForm> large_forms{
    {.name = "Actions", .begin = "DROP TABLE a", .item = ", a", .count = 70'000, .end = ""},
    {.name = "literal",
     .begin = "SELECT '",
     .item = "0123456789abcdef",
     .count = 1024 * 1024,
     .end = "'"},
};

TEST(Depth, WhatIsTooLargeIsRefused) {
    for (const LongForm& form : large_forms) {
        SCOPED_TRACE(form.name);
        const std::string sql = form.begin + repeated(form.item, form.count) + form.end;
        const Statement statement = parse_statement(sql, 0, 1);
        ASSERT_TRUE(statement.fault);
        EXPECT_EQ(statement.fault->kind, SyntaxFault::Kind::too_large);
        EXPECT_EQ(statement.fault->sqlstate, "54000");
        EXPECT_EQ(statement.actions.size(), 1U);
    }
}

TEST(Depth, AGrantOfEverythingToEveryoneIsTooLarge) {
    std::string columns = "a (x)";
    std::string many = "a";
    for (int i = 0; i < 1'000; ++i) {
        columns += ", a (x)";
        many += ", a";
    }
    const Statement statement =
        parse_statement("GRANT " + columns + " ON " + many + " TO " + many, 0, 1);
    ASSERT_TRUE(statement.fault);
    EXPECT_EQ(statement.fault->kind, SyntaxFault::Kind::too_large);
}

/// UPDATE t SET (a, ...) = the source, with so many columns.
std::string assignment(int columns, const std::string& source) {
    return "UPDATE t SET (a" + repeated(", a", columns - 1) + ") = " + source;
}

/// libpg_query would write the whole source for each of the columns.
TEST(Depth, ASourceThatIsCopiedForEachColumnIsTooLarge) {
    std::string nested = "(SELECT 1)";
    for (int i = 0; i < 20; ++i)
        nested = "(WITH w AS (" + assignment(10, nested) + ") SELECT 1)";
    const std::string row = "(1" + repeated(", 1", 999) + ")";
    const std::string merge = "MERGE INTO t USING u ON a WHEN MATCHED THEN UPDATE SET b = 1, (a" +
                              repeated(", a", 999) + ") = ROW " + row;
    for (const std::string& sql :
         {assignment(150'000, "(1" + repeated(", 1", 149'999) + ")"), assignment(1'000, row),
          assignment(100'000, "1" + repeated(" + 1", 100)), nested, merge,
          "INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET (a" + repeated(", a", 999) +
              ") = (SELECT 1" + repeated(", 1", 999) + ")"}) {
        SCOPED_TRACE(sql.substr(0, 40));
        const auto start = std::chrono::steady_clock::now();
        const Statement statement = parse_statement(sql, 0, 1);
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
        ASSERT_TRUE(statement.fault);
        EXPECT_EQ(statement.fault->kind, SyntaxFault::Kind::too_large);
    }
}

TEST(Depth, ASourceOfManyColumnsIsRead) {
    const std::string sql = assignment(300, "(1" + repeated(", 1", 299) + ")");
    const Statement statement = parse_statement(sql, 0, 1);
    EXPECT_EQ(statement.fault ? statement.fault->message : "", "");
    EXPECT_EQ(statement.actions.size(), 1U);
}

TEST(Depth, HugeNumbersAreRead) {
    const Statement statement = parse_statement(
        "SELECT $99999999999, 99999999999999999999999999, 1e999999, a[99999999999] FROM t LIMIT "
        "99999999999999999999",
        0, 1);
    EXPECT_FALSE(statement.fault);
    EXPECT_EQ(statement.actions.size(), 1U);
}

TEST(LargeStackThread, RunsTheWorkAndJoins) {
    int done = 0;
    {
        const LargeStackThread thread([&done] { done = 1; });
        EXPECT_TRUE(thread.started());
    }
    EXPECT_EQ(done, 1);
}

} // namespace
} // namespace ordain::parse
