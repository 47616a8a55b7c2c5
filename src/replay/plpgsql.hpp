#pragma once

#include "replay/step.hpp"

#include <cstddef>
#include <ordain/action.hpp>
#include <ordain/statement.hpp>
#include <vector>

namespace ordain::replay {

/// Runs the SQL of a body: the connection that the body runs on.
class SqlRunner {
public:
    SqlRunner() = default;
    SqlRunner(const SqlRunner&) = delete;
    SqlRunner& operator=(const SqlRunner&) = delete;
    virtual ~SqlRunner() = default;

    /// All actions of a statement, as one outcome. After a refusal nothing of it is left.
    virtual Outcome run_sql(const Statement& statement,
                            const std::vector<analyze::ScopeColumn>& variables) = 0;
    /// How many locks are held; a subtransaction that is taken back releases those since.
    [[nodiscard]] virtual std::size_t held() const = 0;
    virtual void release_since(std::size_t held) = 0;

    /// As of Observer.
    [[nodiscard]] virtual std::size_t moment() const = 0;
    virtual void taken_back(std::size_t since) = 0;
};

/// Runs a DO block statement by statement. Conditions and loops are followed as far as they are
/// known; what depends on anything else taints what it mentions and makes the outcome unknown.
void interpret(Step& step, const Do& block, SqlRunner& runner);

} // namespace ordain::replay
