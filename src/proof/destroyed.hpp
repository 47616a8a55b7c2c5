#pragma once

#include <ordain/catalog.hpp>
#include <ordain/judgement.hpp>
#include <vector>

namespace ordain::proof {

/// The tables, and the columns of tables that stay, which existed at the mark and are gone,
/// whatever has taken their names since. What they are called is what they were called then.
[[nodiscard]] std::vector<ObjectReference> destroyed_since(const Catalog& catalog,
                                                           Catalog::Mark mark);

} // namespace ordain::proof
