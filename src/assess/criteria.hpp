#pragma once

#include "assess/assess.hpp"

#include <string_view>
#include <vector>

namespace ordain::assess {

inline constexpr std::string_view way_back = "The way back restores what was there";

/// Judged by what the assessment has collected so far; those that people answer come last.
[[nodiscard]] std::vector<Criterion> criteria_of(const Deployment& deployment,
                                                 const Assessment& assessment);

[[nodiscard]] Decision decision_of(const std::vector<Criterion>& criteria);

} // namespace ordain::assess
