#pragma once

#include "replay/step.hpp"

#include <string>
#include <vector>

namespace ordain::replay {

/// "table users", "column email of table users", "function f(integer)": getObjectDescription.
[[nodiscard]] std::string description_of(const catalog::Resolver& resolver, const Object& object);

/// Drops objects with everything that goes with them (performMultipleDeletions): what depends
/// automatically or internally goes silently; what depends normally refuses the drop with 2BP01,
/// or goes with CASCADE.
void drop_objects(Step& step, const std::vector<ObjectId>& roots, DropBehavior behavior);

} // namespace ordain::replay
