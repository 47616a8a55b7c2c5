#pragma once

#include "catalog/builtin.hpp"
#include "catalog/resolve.hpp"
#include "replay/row_set.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace ordain::replay {

/// Values that columns must have: rows that certainly have others are of no interest.
using ColumnFilter = std::map<std::string_view, std::string_view>;

/// The rows of a system catalog or view (manual chapters 53, 54 and 37) as the catalog of this
/// moment gives them. Columns that are not modelled hold unknown values; a relation that is not
/// modelled may hold any rows. `assumed` are the outsiders that the replay took to exist.
[[nodiscard]] RowSet system_rows(const catalog::Resolver& resolver,
                                 const std::set<std::string>& assumed,
                                 const catalog::BuiltinRelation& relation,
                                 const ColumnFilter& filter);

} // namespace ordain::replay
