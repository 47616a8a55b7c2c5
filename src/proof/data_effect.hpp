#pragma once

#include <ordain/judgement.hpp>
#include <ordain/statement.hpp>
#include <vector>

namespace ordain::proof {

/// What running the statements once more does to rows: the worst of them.
[[nodiscard]] DataEffect effect_of_repeating(const std::vector<Statement>& statements);

} // namespace ordain::proof
