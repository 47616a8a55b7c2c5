#pragma once

#include <ordain/catalog.hpp>
#include <ordain/judgement.hpp>

namespace ordain::proof {

/// What the catalog holds otherwise than at the mark, object by object, by name: something dropped
/// and made again the same is no difference. The catalog is as before when this returns. Costs as
/// much as the change and what depends on what it renamed.
[[nodiscard]] Difference difference_since(Catalog& catalog, Catalog::Mark mark);

/// An object as reports name it, also after it is gone.
[[nodiscard]] ObjectReference reference_to(const Catalog& catalog, const Object& object);

} // namespace ordain::proof
