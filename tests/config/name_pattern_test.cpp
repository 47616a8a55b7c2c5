#include "config/name_pattern.hpp"

#include <gtest/gtest.h>
#include <string>

namespace ordain::config {
namespace {

TEST(NamePattern, PlaceholdersStandForTheNamesThemselves) {
    EXPECT_EQ(filled("idx_{table}_{columns}", {.table = "orders", .columns = "a_b"}),
              "idx_orders_a_b");
    EXPECT_EQ(filled("{table}{table}|{Table}", {.table = "a.b", .columns = ""}),
              R"(a\.ba\.b|{Table})");
    EXPECT_EQ(filled("{table}", {.table = "{columns}", .columns = "x"}), R"(\{columns\})");
}

TEST(NamePattern, MatchesTheWholeName) {
    NameMatcher matcher;
    EXPECT_TRUE(matcher.matches("[a-z]+", "orders"));
    EXPECT_FALSE(matcher.matches("[a-z]+", "Orders"));
    EXPECT_FALSE(matcher.matches("a|order", "orders"));
    EXPECT_FALSE(matcher.matches("[a-z]+$", "orders\n"));
    EXPECT_FALSE(matcher.matches("[a-z]+", "größe"));
    EXPECT_TRUE(matcher.matches(R"(\pL+)", "größe"));
    EXPECT_FALSE(matcher.matches(".*", "\xFF")) << "no character";
    EXPECT_TRUE(matcher.matches(".*", ""));
    EXPECT_TRUE(matcher.matches(R"(\Qa.b\E)", "a.b"));
}

TEST(NamePattern, FaultIsWhatRe2Says) {
    EXPECT_EQ(fault_of_pattern("{table}_[a-z]+"), std::nullopt);
    EXPECT_EQ(fault_of_pattern(""), std::nullopt);
    EXPECT_EQ(fault_of_pattern("(a"), "missing ): (a");
}

} // namespace
} // namespace ordain::config
