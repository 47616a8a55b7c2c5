#pragma once

#include <ordain/action.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::parse {

/// One line that shows every field of an Action that is set, but for spans and mentions:
/// `add_column t (a int4 not_null)`. Guards and what it was written for come first.
[[nodiscard]] std::string dump(const Action& action);
[[nodiscard]] std::string dump(const std::vector<Action>& actions);

/// The text with « and » around each name that the Actions place in it. Such a text is also how a
/// test writes a statement down together with where its names are.
[[nodiscard]] std::string mark_names(std::string_view text, std::vector<Action>& actions);
/// The text without the marks.
[[nodiscard]] std::string without_marks(std::string_view marked);

} // namespace ordain::parse
