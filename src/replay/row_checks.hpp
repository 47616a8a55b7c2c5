#pragma once

#include "replay/step.hpp"

#include <ordain/expression.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::replay {

/// Rows are not simulated: these say whether a statement that changes rows certainly succeeds on
/// the fresh state, is certainly refused, or must be doubted.
void check_insert(Step& step, const Query& query, const analyze::BoundQuery& bound);
void check_update(Step& step, const Query& query, const analyze::BoundQuery& bound);
void check_delete(Step& step, const Query& query, const analyze::BoundQuery& bound);

/// Doubts when a trigger of the relation would fire: its function is not interpreted. Row triggers
/// fire only where there are rows.
void doubt_triggers(Step& step, ObjectId relation, std::string_view event, bool rows);

/// The columns of a query as a new relation's own; `names` take the place of the first ones'.
void add_query_columns(Step& step,
                       ObjectId relation,
                       const analyze::BoundQuery& bound,
                       const std::vector<Identifier>& names);

/// "AccessExclusiveLock" and the like; access_exclusive when the name is none.
[[nodiscard]] LockMode lock_mode(std::string_view name);

} // namespace ordain::replay
