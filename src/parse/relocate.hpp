#pragma once

#include <ordain/source.hpp>
#include <ordain/statement.hpp>

namespace ordain::parse {

/// Says of everything in a statement that it stands at `place`: for SQL that was put together at
/// run time and stands nowhere in a file. DO blocks in it are not read any more.
void move_to(Statement& statement, Span place);

} // namespace ordain::parse
