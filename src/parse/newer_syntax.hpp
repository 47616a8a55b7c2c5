#pragma once

#include <cstdint>
#include <ordain/action.hpp>
#include <ordain/statement.hpp>
#include <string_view>

/// What the grammars of PostgreSQL 16, 17 and 18 read and that of version 15, which reads the
/// statements here, does not. Every other text that it refuses is refused by them too.
namespace ordain::parse {

/// True when each server of this version refuses what the grammar refused in `text`, with some
/// syntax error, though newer ones may word or place it otherwise. False for what a server of this
/// version may read, and for what was not read for its size. The text is what the grammar was
/// given, or more than that.
[[nodiscard]] bool
is_certain(const SyntaxFault& fault, std::string_view text, std::uint32_t postgres);
/// The same for the string body of a function or a DO block, its quotes gone.
[[nodiscard]] bool
is_certain(const StatementFault& fault, std::string_view body, std::uint32_t postgres);

} // namespace ordain::parse
