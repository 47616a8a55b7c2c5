#pragma once

#include "parse/arena.hpp"
#include "parse/syntax_tree.hpp"

#include <cstdint>
#include <ordain/statement.hpp>
#include <string_view>

namespace ordain::parse {

/// Statements nested deeper than this, by text::estimate_tree, are refused. What reads a tree
/// afterwards recurses too, on a main thread with 8 MiB, which leaves 16 KiB for each level.
/// Measured without optimisation, for each level: reading the tree takes 2 to 6 KiB, lowering 1 KiB
/// for an expression and 5 KiB for a sub-select, destroying 0.5 KiB. A PostgreSQL 15 server with
/// its default max_stack_depth of 2 MB fails (54001) somewhere above 2,500 INTERSECTs, 4,000
/// operators or nested calls, 6,200 joins, 7,200 UNIONs and 7,700 NOTs.
inline constexpr std::uint32_t max_nesting = 500;

/// Statements of which the grammar copies more tokens than this are refused: SET (a, b, ...) = row
/// gives each column the whole row, so that a short text can fill the memory.
inline constexpr std::uint64_t max_copied_tokens = 300'000;

/// Statements longer than this are refused: their trees would not fit into memory.
inline constexpr std::size_t max_statement_bytes = std::size_t{16} * 1024 * 1024;

/// Parses statements one by one on the thread that calls, with memory that is used again for each.
class StatementParser {
public:
    /// See parse_statement().
    [[nodiscard]] Statement
    parse(std::string_view text, std::uint32_t base_offset, std::uint32_t number, Span terminator);

    /// The same, but the string bodies of LANGUAGE sql functions are left alone: functions that
    /// create functions nest without the grammar's knowing.
    [[nodiscard]] Statement parse_without_bodies(std::string_view text,
                                                 std::uint32_t base_offset,
                                                 std::uint32_t number,
                                                 Span terminator);

private:
    void parse_into(Statement& statement, std::string_view text, Span terminator);
    [[nodiscard]] SyntaxFault
    fault_of(const GrammarError& error, std::string_view text, Span statement, Span terminator);

    Arena arena_;
    int body_depth_ = 0; ///< Of DO blocks within DO blocks.
};

} // namespace ordain::parse
