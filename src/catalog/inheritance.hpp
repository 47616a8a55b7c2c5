#pragma once

#include <ordain/catalog.hpp>
#include <vector>

namespace ordain::catalog {

/// Partitions and inheriting tables of a table.
[[nodiscard]] std::vector<ObjectId> inheritors(const Catalog& catalog, ObjectId table);

/// Likewise with theirs in turn, each once.
[[nodiscard]] std::vector<ObjectId> descendants(const Catalog& catalog, ObjectId table);

} // namespace ordain::catalog
