#pragma once

#include <cstdint>
#include <string_view>

namespace ordain::text {

/// What the estimates are at most.
inline constexpr std::uint32_t max_nesting_estimate = 1'000'000;
inline constexpr std::uint64_t max_size_estimate = 1'000'000'000'000;

/// The tree that PostgreSQL's raw parser builds for a statement, estimated from its tokens alone.
struct TreeEstimate {
    /// Never less than a constant share of the true depth, and far from the statement's length.
    /// Counts brackets and CASE ... END, and inside them the operators that nest by being chained
    /// (`a + b + c`, NOT NOT, ::, JOIN, UNION); not what the grammar keeps in flat lists (commas,
    /// VALUES rows, AND and OR).
    std::uint32_t nesting = 0;
    /// Tokens, of which those behind SET (a, b, ...) = count once for each column: the tree that
    /// libpg_query writes has a copy of them in every column.
    std::uint64_t size = 0;
};

/// In linear time.
[[nodiscard]] TreeEstimate estimate_tree(std::string_view statement_text);

} // namespace ordain::text
