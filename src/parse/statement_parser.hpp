#pragma once

#include "parse/arena.hpp"

#include <cstdint>
#include <ordain/statement.hpp>
#include <string_view>

namespace ordain::parse {

/// Statements nested deeper than this, by text::nesting_estimate, are refused.
inline constexpr std::uint32_t max_nesting = 1000;

/// Statements longer than this are refused: their trees would not fit into memory.
inline constexpr std::size_t max_statement_bytes = std::size_t{16} * 1024 * 1024;

/// Parses statements one by one on the thread that calls, with memory that is used again for each.
class StatementParser {
public:
    /// See parse_statement().
    [[nodiscard]] Statement
    parse(std::string_view text, std::uint32_t base_offset, std::uint32_t number);

private:
    void parse_into(Statement& statement, std::string_view text, std::uint32_t base_offset);

    Arena arena_;
};

} // namespace ordain::parse
