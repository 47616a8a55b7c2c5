#pragma once

#include <cstdint>
#include <ordain/plan.hpp>
#include <ordain/statement.hpp>
#include <vector>

namespace ordain::lint {

/// The number of the last statement that has committed when statement `number` of a script fails:
/// what was done up to there stays. 0: nothing stays.
[[nodiscard]] std::uint32_t last_committed_before(const Script& script,
                                                  const std::vector<Statement>& statements,
                                                  std::uint32_t number);

} // namespace ordain::lint
