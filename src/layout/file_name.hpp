#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace ordain::layout {

[[nodiscard]] bool is_digit(char character);
[[nodiscard]] bool ends_with_any_case(std::string_view text, std::string_view lower_suffix);

/// The digits that a name begins with; may be empty.
[[nodiscard]] std::string_view leading_digits(std::string_view name);

/// Compares two runs of digits as numbers of any size; leading zeros do not count.
[[nodiscard]] std::strong_ordering compare_numbers(std::string_view left, std::string_view right);

/// The name without its extension ".sql" in any case, and without ".up" before it.
[[nodiscard]] std::string_view migration_stem(std::string_view name);

} // namespace ordain::layout
