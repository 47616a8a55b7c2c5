#pragma once

#include "replay/value.hpp"

#include <optional>
#include <ordain/expression.hpp>
#include <string_view>
#include <vector>

namespace ordain::replay {

/// The functions with which bodies put commands together (manual 9.4): format(), quote_ident(),
/// quote_literal(), concat() and the like. Unknown for all others.
[[nodiscard]] Value call_text_function(std::string_view name, const std::vector<Value>& arguments);

/// A name in a string as regclass reads it: folded or quoted, at most one dot. Nothing for others.
[[nodiscard]] std::optional<QualifiedName> parse_qualified_name(std::string_view text);

} // namespace ordain::replay
