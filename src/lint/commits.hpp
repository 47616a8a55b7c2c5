#pragma once

#include <cstdint>
#include <ordain/plan.hpp>
#include <ordain/rule.hpp>
#include <ordain/statement.hpp>
#include <vector>

namespace ordain::lint {

/// The number of the last statement that has committed when statement `number` of a script fails:
/// what was done up to there stays. 0: nothing stays.
[[nodiscard]] std::uint32_t last_committed_before(const Script& script,
                                                  const std::vector<Statement>& statements,
                                                  std::uint32_t number);

/// The statement at whose end the transaction of statement `number` is over, and its locks are
/// released.
[[nodiscard]] std::uint32_t last_of_transaction(const Script& script,
                                                const std::vector<Statement>& statements,
                                                std::uint32_t number);

/// CREATE INDEX CONCURRENTLY: one that fails leaves an invalid index under its name.
[[nodiscard]] bool builds_concurrently(const Statement& statement);

/// Notes on a refused migration what of it has committed by then: that needs a hand to be undone.
void add_what_stays(const PlanContext& context,
                    const MigrationJudgement& judgement,
                    Finding& finding);

/// The statement, of those before statement `number`, that opens the transaction block in which
/// that one stands; null where the script itself opens none.
[[nodiscard]] const Statement* opener_of_block(const std::vector<Statement>& statements,
                                               std::uint32_t number);

} // namespace ordain::lint
