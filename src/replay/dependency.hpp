#pragma once

#include "replay/step.hpp"

#include <set>
#include <string>
#include <vector>

namespace ordain::replay {

/// "table users", "column email of table users", "function f(integer)": getObjectDescription.
[[nodiscard]] std::string description_of(const catalog::Resolver& resolver, const Object& object);

/// Drops objects with everything that goes with them (performMultipleDeletions): what depends
/// automatically or internally goes silently; what depends normally refuses the drop with 2BP01,
/// or goes with CASCADE. All that goes is in the Outcome.
void drop_objects(Step& step, const std::vector<ObjectId>& roots, DropBehavior behavior);

/// Whether a dependent of a column of `relation` holds the column's type fast
/// (RememberAllDependentForRebuilding).
[[nodiscard]] bool holds_type(const Object& dependent, ObjectId relation);

/// Depends on the migrations that took away what would stand in the way of the change: without them
/// it fails. Of what came and went several times, the last going counts; parts of what goes itself
/// (`going`) never do.
void depend_on_removals(Step& step,
                        ObjectId changed,
                        Clearance clearance,
                        const std::set<ObjectId>& going = {});

} // namespace ordain::replay
