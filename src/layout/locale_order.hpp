#pragma once

#include <compare>
#include <string_view>

namespace ordain::layout {

/// Compares as JavaScript's localeCompare does with the root collation of Unicode (CLDR), for
/// ASCII: punctuation before digits before letters, upper and lower case only as a tie-break.
/// Characters beyond ASCII sort after letters, by code point, which is an approximation.
[[nodiscard]] std::weak_ordering compare_in_locale(std::string_view left, std::string_view right);

} // namespace ordain::layout
