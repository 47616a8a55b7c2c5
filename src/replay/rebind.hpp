#pragma once

#include "replay/step.hpp"

namespace ordain::replay {

/// After a column got another type: the expressions of indexes and checks over it are printed and
/// read again, as ALTER TABLE does (ATPostAlterTypeParse), which may change what they say. What
/// cannot be read again becomes unknown.
void rebind_expressions(Step& step, ObjectId relation, ObjectId column);

} // namespace ordain::replay
