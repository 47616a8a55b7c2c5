#include "text/keywords.hpp"

#include <algorithm>
#include <array>

namespace ordain::text {
namespace {

struct Keyword {
    std::string_view word;
    KeywordCategory category = KeywordCategory::unreserved;
};

using enum KeywordCategory;
constexpr auto keywords = std::to_array<Keyword>({
#include "text/keywords.inc"
});

static_assert(std::ranges::is_sorted(keywords, {}, &Keyword::word));

} // namespace

std::optional<KeywordCategory> keyword_category(std::string_view folded_word) {
    const auto* found = std::ranges::lower_bound(keywords, folded_word, {}, &Keyword::word);
    if (found == keywords.end() || found->word != folded_word) return {};
    return found->category;
}

bool is_reserved_keyword(std::string_view folded_word) {
    return keyword_category(folded_word) == KeywordCategory::reserved;
}

} // namespace ordain::text
