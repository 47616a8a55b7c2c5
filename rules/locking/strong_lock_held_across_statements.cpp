#include "lint/live_actions.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <utility>

namespace ordain::rules {
namespace {

using Lock = LiveAction::Lock;

const Lock* lock_on(const LiveAction& action, ObjectId relation) {
    const auto found = std::ranges::find(action.locks, relation, &Lock::relation);
    return found == action.locks.end() ? nullptr : &*found;
}

/// A lock that an earlier statement of the transaction took, and where.
struct Held {
    const Lock* lock = nullptr;
    std::size_t taken_by = 0; ///< The first that took one on the relation: its place in the list.
};

/// What is held when an action begins, each relation once, with the strongest of its locks.
std::vector<Held> held_at(const PlanContext& context, const LiveAction& action) {
    std::vector<Held> all;
    for (const std::size_t place : action.held) {
        const LiveAction& earlier = context.live_actions[place];
        if (earlier.statement == action.statement) continue;
        for (const Lock& lock : earlier.locks) {
            const auto same = std::ranges::find_if(
                all, [&](const Held& held) { return held.lock->relation == lock.relation; });
            if (same == all.end()) {
                all.push_back({.lock = &lock, .taken_by = place});
            } else if (lock.mode > same->lock->mode) {
                same->lock = &lock;
            }
        }
    }
    return all;
}

/// Its own lock holds up the same users: its own rule says so.
bool keeps_waiting_itself(const LiveAction& action, const Held& held) {
    const Lock* own = lock_on(action, held.lock->relation);
    return own != nullptr && own->mode >= held.lock->mode;
}

/// The strongest of the locks that an action keeps others waiting with.
std::optional<Held> strongest(const LiveAction& action, const std::vector<Held>& all) {
    std::optional<Held> found;
    for (const Held& held : all) {
        const bool stronger = !found || held.lock->mode > found->lock->mode;
        if (stronger && !keeps_waiting_itself(action, held)) found = held;
    }
    return found;
}

/// A statement of a transaction, and a lock that is held while it runs.
struct Moment {
    const LiveAction* action = nullptr;
    Held held;
    const LiveAction::RowWork* work = nullptr;
    const Lock* further = nullptr; ///< What it locks as well.
};

/// What is said of one transaction: it takes one remedy.
struct TransactionLocks {
    std::optional<Moment> work;    ///< The first that works on rows.
    std::size_t more_work = 0;     ///< How many others do.
    std::optional<Moment> further; ///< The first that locks another relation.
};

/// The locks of all transactions of a plan, by the first action that took one in each.
using Transactions = std::map<std::size_t, TransactionLocks>;

/// What an action works on, other than the rows of the locked table itself for a change of its
/// schema: of that its own rule tells, with the lock.
const LiveAction::RowWork* further_work(const LiveAction& action, const Held& waits) {
    const auto found = std::ranges::find_if(action.work, [&](const LiveAction::RowWork& work) {
        return work.by_query || work.relation != waits.lock->relation;
    });
    return found == action.work.end() ? nullptr : &*found;
}

void note(const LiveAction& action, const std::vector<Held>& held, TransactionLocks& locks) {
    const std::optional<Held> waits = strongest(action, held);
    if (!waits) return;
    if (const LiveAction::RowWork* work = further_work(action, *waits)) {
        if (locks.work) {
            ++locks.more_work;
        } else {
            locks.work = {.action = &action, .held = *waits, .work = work};
        }
    }
    // Two locks that only writers meet, as the foreign keys of a new table take, are gone in a
    // moment.
    const auto further = std::ranges::find_if(action.locks, [&](const Lock& lock) {
        return std::max(lock.mode, waits->lock->mode) == LockMode::access_exclusive &&
               std::ranges::none_of(
                   held, [&](const Held& each) { return each.lock->relation == lock.relation; });
    });
    if (further == action.locks.end() || locks.further) return;
    locks.further = {.action = &action, .held = *waits, .work = nullptr, .further = &*further};
}

Finding& add(const PlanContext& context,
             const Moment& moment,
             Severity severity,
             std::string message,
             Findings& findings) {
    Finding& finding =
        findings.add(moment.action->where, moment.action->migration, std::move(message));
    finding.severity = severity;
    finding.notes.push_back(
        {.message = fmt::format("the {} lock on \"{}\" is taken here",
                                manual_name_of(moment.held.lock->mode), moment.held.lock->name),
         .where = context.live_actions[moment.held.taken_by].where});
    finding.instead = "begin a new migration with this statement, so that what comes before it is "
                      "committed first";
    return finding;
}

void report_work(const PlanContext& context, const TransactionLocks& locks, Findings& findings) {
    const Moment& moment = *locks.work;
    const LiveAction::RowWork& work = *moment.work;
    Finding& finding =
        add(context, moment, Severity::error,
            fmt::format("{} while this works on all rows of \"{}\" ({}): the {} lock is held until "
                        "the transaction ends",
                        lint::who_waits(*moment.held.lock), work.name, work.why,
                        manual_name_of(moment.held.lock->mode)),
            findings);
    if (locks.more_work == 0) return;
    finding.notes.push_back({.message = fmt::format("{} more of the transaction's statements work "
                                                    "on all rows of live tables under such locks",
                                                    locks.more_work),
                             .where = {}});
}

void report_further(const PlanContext& context, const TransactionLocks& locks, Findings& findings) {
    const Moment& moment = *locks.further;
    add(context, moment, Severity::note,
        fmt::format("{} while this waits for its lock on \"{}\", and a transaction that takes the "
                    "two in the other order can end in a deadlock",
                    lint::who_waits(*moment.held.lock), moment.further->name),
        findings);
}

void check_plan(const PlanContext& context, Findings& findings) {
    Transactions transactions;
    for (const LiveAction& action : context.live_actions) {
        const std::vector<Held> held = held_at(context, action);
        if (!held.empty()) note(action, held, transactions[action.held.front()]);
    }
    for (const auto& [first, locks] : transactions) {
        if (locks.work) {
            report_work(context, locks, findings);
        } else if (locks.further) {
            report_further(context, locks, findings);
        }
    }
}

} // namespace

constinit const Rule strong_lock_held_across_statements{
    .id = "strong-lock-held-across-statements",
    .category = Category::locking,
    .severity = Severity::error,
    .summary = "A lock that holds up reads or writes of a live table is held while a later "
               "statement takes its time.",
    .why = R"(A lock is held until the transaction ends, not until its statement does. `ALTER TABLE`
is done in a moment, but the `ACCESS EXCLUSIVE` lock that it took goes on to keep every query of the
table waiting while the next statements of the transaction run. Where one of them works on all rows
of a live table (an `UPDATE` without a condition that an index serves, an index built, a constraint
validated), that is an outage for as long as it takes: an error.

Where a later statement locks another live table, it may have to wait for that one, and the first
table's users wait along; a transaction that takes the two locks in the other order makes a deadlock,
in which one of the two is cancelled. That is a note. A transaction is reported once.

Not reported: two locks that hold up writers only (new tables with foreign keys take such), what else is done to the same table in a moment, tables that the deployment itself
created, an index or a constraint of the locked table itself (its own rule names the lock), statements
that commit one by one, and locks that `ROLLBACK TO` gave back.)",
    .fix = R"(Change the schema in one migration, fill in or validate in the next, without a lock
that anybody waits for. Of several live tables change one a migration.)",
    .elsewhere = R"(eugene E4, postgres-language-server runningStatementWhileHoldingAccessExclusive,
postgres-language-server avoidWideLockWindow, pgfence statement-after-access-exclusive, pgfence
wide-lock-window)",
    .bad = R"(-- layout: sqlx
-- file: 1_accounts.sql
CREATE TABLE accounts (id bigint PRIMARY KEY);
-- file: 2_region.sql
ALTER TABLE accounts ADD COLUMN region text;
UPDATE accounts SET region = 'eu' WHERE region IS NULL;)",
    .good = R"(-- layout: sqlx
-- file: 1_accounts.sql
CREATE TABLE accounts (id bigint PRIMARY KEY);
-- file: 2_region.sql
ALTER TABLE accounts ADD COLUMN region text;
ALTER TABLE accounts ALTER COLUMN region SET DEFAULT 'eu';)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
