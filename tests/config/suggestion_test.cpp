#include "config/suggestion.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>

namespace ordain::config {
namespace {

struct SuggestionCase {
    std::string word;
    std::optional<std::string_view> nearest;
};

TEST(Suggestion, NearestName) {
    constexpr std::array<std::string_view, 5> names{"check", "drop-column", "drop-table", "explain",
                                                    "inspect"};
    const auto cases = std::to_array<SuggestionCase>({
        {.word = "chekc", .nearest = "check"},
        {.word = "insepct", .nearest = "inspect"},
        {.word = "drop-colum", .nearest = "drop-column"},
        {.word = "drop_column", .nearest = "drop-column"},
        {.word = "dropcolumn", .nearest = "drop-column"},
        {.word = "ins", .nearest = "inspect"},
        {.word = "x", .nearest = std::nullopt},
        {.word = "migrate", .nearest = std::nullopt},
        {.word = "", .nearest = std::nullopt},
        {.word = std::string(100'000, 'x'), .nearest = std::nullopt},
    });
    for (const SuggestionCase& expected : cases) {
        SCOPED_TRACE(expected.word.substr(0, 20));
        EXPECT_EQ(nearest(expected.word, names), expected.nearest);
    }
}

TEST(Suggestion, IsAQuestionOrNothing) {
    constexpr std::array<std::string_view, 1> names{"check"};
    EXPECT_EQ(suggestion("chek", names), "; did you mean \"check\"?");
    EXPECT_EQ(suggestion("rollback", names), "");
}

} // namespace
} // namespace ordain::config
