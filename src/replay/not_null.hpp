#pragma once

#include "replay/step.hpp"

#include <ordain/action.hpp>
#include <ordain/catalog.hpp>

namespace ordain::replay {

/// Notes that every row of a relation that gets a NOT NULL is read, unless a valid CHECK of its own
/// says as much (PostgreSQL 12, NotNullImpliedByRelConstraints). True when rows are read.
bool note_not_null_scan(Step& step, const Object& relation, const Identifier& column);

} // namespace ordain::replay
