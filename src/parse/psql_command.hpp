#pragma once

#include <optional>
#include <ordain/source.hpp>
#include <ordain/statement.hpp>
#include <string_view>

namespace ordain::parse {

/// What psql runs by a \command that brings SQL from elsewhere, or leaves some out: \i, \ir,
/// \gexec, \if and their like (psql's manual page). Nothing for other commands.
[[nodiscard]] std::optional<Statement> statement_of_psql_command(std::string_view command,
                                                                 Span span);

/// psql puts a variable's value where the grammar stops at a ':': then nothing is proved.
void excuse_psql_variable(Statement& statement, std::string_view text);

} // namespace ordain::parse
