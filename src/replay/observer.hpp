#pragma once

#include <chrono>
#include <cstdint>
#include <ordain/outcome.hpp>
#include <ordain/plan.hpp>
#include <ordain/statement.hpp>
#include <span>

namespace ordain::replay {

/// One Action of the forward replay, shown with the catalog as it stood before it.
struct Observed {
    const Migration& migration;
    const Statement& statement;
    const Action& action;
    const Outcome& outcome;
    const Catalog& catalog;
    bool in_transaction_block = false;
    /// What earlier statements of the transaction have locked.
    std::span<const LockTaken> held = {};
    std::chrono::milliseconds lock_timeout{}; ///< 0: it waits for its locks without end.
    std::uint32_t number = 0;                 ///< Among the actions of the migration.
    /// Numbers of the earlier actions whose locks the transaction holds, ascending.
    std::span<const std::uint32_t> holding;
};

/// Watches a replay; rules are run by one.
class Observer {
public:
    Observer() = default;
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;
    virtual ~Observer() = default;
    virtual void observe(const Observed& observed) = 0;
};

} // namespace ordain::replay
