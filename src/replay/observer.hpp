#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ordain/catalog.hpp>
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
    /// What earlier actions of the transaction have locked, in their order.
    std::span<const HeldLock> held = {};
    std::chrono::milliseconds lock_timeout{}; ///< 0: it waits for its locks without end.
    std::uint32_t number = 0;                 ///< Among the actions of the migration.
};

/// Watches a replay; rules are run by one.
class Observer {
public:
    Observer() = default;
    Observer(const Observer&) = delete;
    Observer& operator=(const Observer&) = delete;
    virtual ~Observer() = default;
    virtual void observe(const Observed& observed) = 0;
    /// A moment between two actions.
    [[nodiscard]] virtual std::size_t moment() const { return 0; }
    /// What was done since the moment is undone: by ROLLBACK, a handler, or because its statement
    /// is refused. Not called for what goes because a later statement fails.
    virtual void taken_back(std::size_t /*since*/) {}
    /// The migration's up script has run; this is what it left.
    virtual void finished(const Migration& /*migration*/, const Catalog& /*catalog*/) {}
    /// A server would refuse the migration's up script.
    virtual void failed(const Migration& /*migration*/, const Catalog& /*catalog*/) {}
};

} // namespace ordain::replay
