#pragma once

#include "catalog/resolve.hpp"
#include "report/json_writer.hpp"

#include <ordain/catalog.hpp>

namespace ordain::report {

/// Every object that the migrations made and that is still there, with its attributes, and the
/// schema "public"; sorted by schema, table, kind and name. What was assumed to
/// exist is left out, and members of extensions are no objects of their own.
[[nodiscard]] Json catalog_json(const Catalog& catalog, catalog::World world);

} // namespace ordain::report
