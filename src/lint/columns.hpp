#pragma once

#include <ordain/catalog.hpp>
#include <ordain/rule.hpp>

namespace ordain::lint {

/// Whether it is a column that a table has of itself, for good: of no temporary or foreign table,
/// not by inheritance, and certain.
[[nodiscard]] bool is_own_column(const PlanContext& context, const Object& object);

/// The type that a domain or an array is made of in the end.
[[nodiscard]] ObjectId innermost_type(const Catalog& catalog, TypeRef type);

} // namespace ordain::lint
