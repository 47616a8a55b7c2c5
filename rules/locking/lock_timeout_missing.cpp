#include "lint/live_actions.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

void check_plan(const PlanContext& context, Findings& findings) {
    std::uint32_t reported = 0; // The last migration that was: they come in their order.
    for (const LiveAction& action : context.live_actions) {
        const bool waits = !action.locks.empty() && action.lock_timeout.count() == 0;
        if (!waits || action.migration == reported) continue;
        reported = action.migration;
        const LiveAction::Lock& lock = action.locks.front();
        Finding& finding = findings.add(
            action.where, action.migration,
            fmt::format("{} behind this, which itself waits without end for its {} lock: "
                        "lock_timeout is 0 here",
                        lint::who_waits(lock), manual_name_of(lock.mode)));
        finding.instead = fmt::format("SET {}lock_timeout = '2s';\n-- before the statement, and "
                                      "try again when it fails with 55P03",
                                      action.in_transaction_block ? "LOCAL " : "");
    }
}

} // namespace

constinit const Rule lock_timeout_missing{
    .id = "lock-timeout-missing",
    .category = Category::locking,
    .severity = Severity::warning,
    .summary = "A statement waits for a lock on a live table without a limit.",
    .why =
        R"(A statement that changes a table has to wait until every transaction that uses the table
has ended. While it waits, all who come after it and need a lock that conflicts with its own queue
behind it: one long report is enough to make an `ALTER TABLE` that needs a millisecond stop the whole
application. With `lock_timeout` it gives up, and the queue moves on (manual, 20.11.1).

What counts is the value that the session has when the statement runs: `SET`, `SET LOCAL`, `RESET`,
`set_config()` and a rollback that takes a `SET` back are followed. Off by default, because many
runners, roles and databases set it themselves, which the files do not show. Said once a migration,
at the first such statement.)",
    .fix = R"(Begin the migration with `SET lock_timeout`, or `SET LOCAL` where its tool keeps the
connection, and let the runner try again.)",
    .elsewhere = R"(squawk require-lock-timeout, eugene E9, postgres-language-server
lockTimeoutWarning, strong_migrations check_lock_timeout, pgsafe require-timeout, pgfence
missing-lock-timeout)",
    .bad = R"(-- setting: lock-timeout-missing=warning
ALTER TABLE orders ADD COLUMN note text;)",
    .good = R"(-- setting: lock-timeout-missing=warning
SET lock_timeout = '2s';
ALTER TABLE orders ADD COLUMN note text;)",
    .on_by_default = false,
    .check_plan = check_plan,
};

} // namespace ordain::rules
