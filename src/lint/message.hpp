#pragma once

#include <ordain/catalog.hpp>
#include <string_view>

namespace ordain::lint {

/// What a server's message is about: `column "a" of relation "t" does not exist`. Views into the
/// message; the name is empty where it names nothing.
struct NamedInMessage {
    NameSpace space = NameSpace::relation;
    std::string_view schema; ///< Where the message says it.
    std::string_view name;
    std::string_view container; ///< The table of a column, constraint, trigger or policy.
};
[[nodiscard]] NamedInMessage named_in(std::string_view message);

} // namespace ordain::lint
