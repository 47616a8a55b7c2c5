#pragma once

#include <ordain/catalog.hpp>
#include <string>

namespace ordain::proof {

/// An object's definition as SQL of its kind, with the names that its parts have now: what pg_dump
/// would print of it, less its own name. Equal texts mean equal definitions. Costs as much as the
/// definition is long.
[[nodiscard]] std::string definition_of(const Catalog& catalog, const Object& object);

} // namespace ordain::proof
