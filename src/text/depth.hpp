#pragma once

#include <cstdint>
#include <string_view>

namespace ordain::text {

/// What nesting_estimate returns at most.
inline constexpr std::uint32_t max_nesting_estimate = 1'000'000;

/// How deep the tree that PostgreSQL's raw parser builds for a statement can get, estimated from
/// its tokens alone in linear time: never less than a constant share of the true depth, and far
/// from the statement's length. Counts brackets and CASE ... END, and inside them the operators
/// that nest by being chained (`a + b + c`, NOT NOT, ::, JOIN, UNION); not what the grammar
/// keeps in flat lists (commas, VALUES rows, AND and OR).
[[nodiscard]] std::uint32_t nesting_estimate(std::string_view statement_text);

} // namespace ordain::text
