#pragma once

#include <optional>
#include <ordain/plan.hpp>
#include <ordain/rule.hpp>

namespace ordain::replay {
struct Observed;
} // namespace ordain::replay

namespace ordain::lint {

/// Why the catalog made a server refuse an action: what holds the name that it wants, what depends
/// on the object that it drops, or who dropped what it misses. Nothing where that is not certain.
[[nodiscard]] std::vector<FindingNote> obstacles_to(const Plan& plan,
                                                    const replay::Observed& refused);

} // namespace ordain::lint
