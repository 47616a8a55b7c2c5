#pragma once

#include <ordain/statement.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::parse {

/// One line for each name of the statement that has no place, a place outside the statement, or a
/// place whose text is another name; and for each Action whose place is not within the statement.
/// Names that stand nowhere are left out: schemas that the grammar or CREATE SCHEMA adds and what
/// follows them, operators of IN and LIKE, the role of a policy without TO. Where the words are
/// others than the name (`int` for int4, TIME ZONE for timezone) the text is not compared.
[[nodiscard]] std::vector<std::string> misplaced_names(Statement& statement, std::string_view text);

} // namespace ordain::parse
