#pragma once

#include <ordain/catalog.hpp>

namespace ordain::catalog {

/// Whether reading a relation certainly gives no rows on the fresh state: neither it nor a
/// descendant holds any. A view has none while its sources have none.
[[nodiscard]] bool is_empty(const Catalog& catalog, ObjectId relation);

/// Whether everything that a view reads is empty.
[[nodiscard]] bool sources_empty(const Catalog& catalog, const Object& view);

/// Whether a row that says nothing of the column gets a value that may be other than null.
[[nodiscard]] bool fills_itself(const Catalog& catalog, const ColumnDetails& column);

} // namespace ordain::catalog
