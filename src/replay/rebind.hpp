#pragma once

#include "replay/step.hpp"

#include <optional>
#include <vector>

namespace ordain::replay {

/// The expression that a bound text prints; none when what is printed is not SQL.
[[nodiscard]] std::optional<Expression> read_again(const Catalog& catalog, const BoundText& text);

/// After columns of a table got other types: what hangs on these is made again, as ALTER TABLE does
/// (ATPostAlterTypeCleanup). Index expressions and checks are printed and read again, which may
/// change what they say; refuses what does not go with the new types. What cannot be read again
/// becomes unknown.
void remake_dependents(Step& step, const std::vector<Retyped>& retyped);

} // namespace ordain::replay
