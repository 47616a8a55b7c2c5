#pragma once

#include "catalog/builtin.hpp"

#include <string>
#include <string_view>

namespace ordain::analyze {

/// What a type's input function says of a string.
struct LiteralVerdict {
    enum class State { valid, invalid, not_sure };
    State state = State::not_sure;
    std::string sqlstate; ///< Of invalid.
    std::string message;  ///< Of invalid, in the server's words.
};

/// Judges a string as input of a builtin type that is no domain, enum or array. Length modifiers
/// are not its business.
[[nodiscard]] LiteralVerdict judge_literal(std::string_view text, catalog::Oid type);

/// The same for an array's input '{...}' whose elements are of that type.
[[nodiscard]] LiteralVerdict judge_array_literal(std::string_view text, catalog::Oid element);

} // namespace ordain::analyze
