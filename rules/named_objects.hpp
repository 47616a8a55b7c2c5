#pragma once

#include <ordain/catalog.hpp>

/// Whose names are agreed on: those of tables that stay, and of what is in them.
namespace ordain::rules {

/// A table, partitioned or foreign table.
[[nodiscard]] bool is_named_table(const Object& object);
/// Not one that comes from a parent.
[[nodiscard]] bool is_named_column(const Catalog& catalog, const Object& object);
/// Not one that carries a constraint, whose name it has.
[[nodiscard]] bool is_named_index(const Catalog& catalog, const Object& object);
/// Not one of a domain, nor one that comes from a parent.
[[nodiscard]] bool is_named_constraint(const Catalog& catalog, const Object& object);

} // namespace ordain::rules
