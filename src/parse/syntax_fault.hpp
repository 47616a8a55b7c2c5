#pragma once

#include "parse/syntax_tree.hpp"

#include <cstdint>
#include <ordain/statement.hpp>
#include <string_view>

namespace ordain::parse {

/// What a server would say of the text that the grammar refused, and at which token: the last one
/// at the end of the text, the whole text where the server names no place.
[[nodiscard]] SyntaxFault
syntax_fault(const GrammarError& error, std::string_view text, std::uint32_t base_offset);

/// The SQLSTATE that a server gives with this error of its grammar or scanner. libpg_query does not
/// pass it on.
[[nodiscard]] std::string_view sqlstate_of(const GrammarError& error);

} // namespace ordain::parse
