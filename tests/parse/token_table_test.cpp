#include "parse/token_table.hpp"

#include <gtest/gtest.h>
#include <ordain/source.hpp>
#include <string_view>

namespace ordain::parse {
namespace {

constexpr TokenTable::Index none = TokenTable::none;

TEST(TokenTable, LeavesCommentsOutAndCountsFromTheBase) {
    const TokenTable tokens(100, "a /* ( */ + -- )\n b");
    ASSERT_EQ(tokens.size(), 3U);
    EXPECT_EQ(tokens.span(0), (Span{.begin = 100, .end = 101}));
    EXPECT_EQ(tokens.span(1), (Span{.begin = 110, .end = 111}));
    EXPECT_EQ(tokens.span(0, 2), (Span{.begin = 100, .end = 119}));
    EXPECT_EQ(tokens.text(2), "b");
}

TEST(TokenTable, FindsTokensByOffset) {
    const TokenTable tokens(100, "aa  bb");
    EXPECT_EQ(tokens.at_or_after(0), 0U);
    EXPECT_EQ(tokens.at_or_after(101), 1U);
    EXPECT_EQ(tokens.at_or_after(104), 1U);
    EXPECT_EQ(tokens.at_or_after(105), 2U);
    EXPECT_EQ(tokens.at_location(4), 1U);
    EXPECT_EQ(tokens.at_location(3), none);
    EXPECT_EQ(tokens.at_location(0), none);
    EXPECT_EQ(tokens.at_location(-1), none);
}

TEST(TokenTable, AnEscapeClauseIsPartOfItsToken) {
    const TokenTable tokens(0, R"(U&"d!0061t" UESCAPE '!' x U&'a')");
    ASSERT_EQ(tokens.size(), 3U);
    EXPECT_EQ(tokens.name(0), "dat");
    EXPECT_EQ(tokens.span(0), (Span{.begin = 0, .end = 23}));
    EXPECT_TRUE(tokens.is_string(2));
}

TEST(TokenTable, BracketsHavePartners) {
    const TokenTable tokens(0, "f(a[1], (b))");
    //                          01234567890   f ( a [ 1 ] , ( b ) )
    EXPECT_EQ(tokens.partner(1), 10U);
    EXPECT_EQ(tokens.partner(10), 1U);
    EXPECT_EQ(tokens.partner(3), 5U);
    EXPECT_EQ(tokens.partner(7), 9U);
    EXPECT_EQ(tokens.partner(0), none);
    EXPECT_EQ(tokens.after_group(1), 11U);
    EXPECT_EQ(tokens.after_group(0), 1U);
    EXPECT_EQ(tokens.after_group(10), 11U);
    EXPECT_EQ(tokens.next_parenthesis(2), 7U);
    EXPECT_EQ(tokens.next_parenthesis(8), none);
}

TEST(TokenTable, BracketsThatDoNotMatchHaveNoPartner) {
    const TokenTable tokens(0, "( ] ) ) (");
    EXPECT_EQ(tokens.partner(0), 2U);
    EXPECT_EQ(tokens.partner(1), none);
    EXPECT_EQ(tokens.partner(3), none);
    EXPECT_EQ(tokens.partner(4), none);
    EXPECT_EQ(tokens.after_group(4), 5U);
}

TEST(TokenTable, NamesAreFoldedAndKeywordsAreUnquoted) {
    const TokenTable tokens(0, R"(SELECT "Select" != 'x')");
    EXPECT_TRUE(tokens.is_word(0, "select"));
    EXPECT_FALSE(tokens.is_word(1, "select"));
    EXPECT_TRUE(tokens.names(0, "select"));
    EXPECT_TRUE(tokens.names(1, "Select"));
    EXPECT_FALSE(tokens.names(1, "select"));
    EXPECT_TRUE(tokens.names(2, "<>"));
    EXPECT_FALSE(tokens.names(2, "="));
    EXPECT_FALSE(tokens.names(3, "x"));
    EXPECT_EQ(tokens.name(3), "");
}

TEST(TokenTable, ParenthesesAroundAnExpressionOnly) {
    const TokenTable tokens(0, "f(((a)) + b)");
    const Span a{.begin = 4, .end = 5};
    EXPECT_EQ(tokens.with_parentheses(a), (Span{.begin = 2, .end = 7}));
    EXPECT_EQ(tokens.after(a), 7U);
    const Span sum{.begin = 2, .end = 11};
    EXPECT_EQ(tokens.with_parentheses(sum), (Span{.begin = 1, .end = 12}));
    EXPECT_EQ(tokens.with_parentheses(Span{}), Span{});
    EXPECT_EQ(tokens.after(Span{}), none);
}

TEST(TokenTable, PastTheEndIsNoToken) {
    const TokenTable tokens(0, "a");
    for (const TokenTable::Index index : {TokenTable::Index{1}, none}) {
        EXPECT_TRUE(tokens.span(index).empty());
        EXPECT_EQ(tokens.text(index), "");
        EXPECT_FALSE(tokens.is(index, 'a'));
        EXPECT_FALSE(tokens.is_word(index, "a"));
        EXPECT_FALSE(tokens.is_string(index));
        EXPECT_FALSE(tokens.names(index, ""));
        EXPECT_EQ(tokens.partner(index), none);
        EXPECT_EQ(tokens.after_group(index), index);
    }
    EXPECT_EQ(TokenTable(0, "").size(), 0U);
}

} // namespace
} // namespace ordain::parse
