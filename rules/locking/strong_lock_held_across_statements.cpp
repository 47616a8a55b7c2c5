#include "lint/live_actions.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
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

void add(const PlanContext& context,
         const LiveAction& action,
         const Held& held,
         Severity severity,
         std::string message,
         Findings& findings) {
    Finding& finding = findings.add(action.where, action.migration, std::move(message));
    finding.severity = severity;
    finding.notes.push_back(
        {.message = fmt::format("the {} lock on \"{}\" is taken here",
                                manual_name_of(held.lock->mode), held.lock->name),
         .where = context.live_actions[held.taken_by].where});
    finding.instead = "commit what comes before this statement first: put the statement into a "
                      "migration of its own";
}

/// One plan's locks; each is reported at the first statement that keeps it waiting.
class HeldLocks {
public:
    HeldLocks(const PlanContext& context, Findings& findings)
        : context_(context),
          findings_(findings) {}

    void judge(const LiveAction& action) {
        const std::vector<Held> held = held_at(context_, action);
        if (held.empty()) return;
        if (!action.work.empty()) {
            for (const Held& each : held)
                judge_work(action, each);
        }
        judge_order(action, held);
    }

private:
    void judge_work(const LiveAction& action, const Held& held) {
        if (keeps_waiting_itself(action, held)) return;
        if (!reported_.emplace(held.taken_by, held.lock->relation).second) return;
        const LiveAction::RowWork& work = action.work.front();
        add(context_, action, held, Severity::error,
            fmt::format("{} while this works on all rows of \"{}\" ({}): the {} lock is held until "
                        "the transaction ends",
                        lint::who_waits(*held.lock), work.name, work.why,
                        manual_name_of(held.lock->mode)),
            findings_);
    }

    /// Said once of a transaction, at the second relation.
    void judge_order(const LiveAction& action, const std::vector<Held>& held) {
        const auto further = std::ranges::find_if(action.locks, [&](const Lock& lock) {
            return std::ranges::none_of(
                held, [&](const Held& each) { return each.lock->relation == lock.relation; });
        });
        const auto first = std::ranges::find_if(
            held, [&](const Held& each) { return !keeps_waiting_itself(action, each); });
        if (further == action.locks.end() || first == held.end()) return;
        if (!ordered_.insert(held.front().taken_by).second) return;
        if (!reported_.emplace(first->taken_by, first->lock->relation).second) return;
        add(context_, action, *first, Severity::warning,
            fmt::format("{} while this waits for its lock on \"{}\", and whoever uses the two in "
                        "the other order ends in a deadlock",
                        lint::who_waits(*first->lock), further->name),
            findings_);
    }

    /// Its own lock holds up the same users: its own rule says so.
    static bool keeps_waiting_itself(const LiveAction& action, const Held& held) {
        const Lock* own = lock_on(action, held.lock->relation);
        return own != nullptr && own->mode >= held.lock->mode;
    }

    const PlanContext& context_;
    Findings& findings_;
    std::set<std::pair<std::size_t, ObjectId>> reported_;
    std::set<std::size_t> ordered_; ///< Transactions, by the first that took a lock in them.
};

void check_plan(const PlanContext& context, Findings& findings) {
    HeldLocks locks(context, findings);
    for (const LiveAction& action : context.live_actions)
        locks.judge(action);
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
in which one of the two is cancelled. That is a warning, once a transaction.

Not reported: what else is done to the same table in a moment, tables that the deployment itself
created, statements that commit one by one, and locks that `ROLLBACK TO` gave back.)",
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
