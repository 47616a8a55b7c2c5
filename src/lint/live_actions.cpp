#include "lint/live_actions.hpp"

#include "lint/row_uses.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace ordain::lint {
namespace {

/// Tables and what is queried like them; no indexes, sequences or composite types.
bool is_queried(const Object& object) {
    return object.get_if<RelationDetails>() != nullptr && object.kind != ObjectKind::composite_type;
}

/// A relation that production uses; null when it is none. What the action itself takes to exist is
/// not in the catalog before it.
const Object* live_relation(const ActionContext& context, ObjectId id) {
    const Object* before = context.catalog.find(id);
    const Object* object = before != nullptr ? before : context.catalog.last_version(id);
    if (object == nullptr || !is_queried(*object)) return nullptr;
    const bool live = before != nullptr ? !context.created_in_this_deployment(id)
                                        : object->created.migration == 0;
    return live ? object : nullptr;
}

std::string shown_name(const Catalog& catalog, const Object& relation) {
    const Object* schema = catalog.last_version(relation.schema);
    const bool plain = schema == nullptr || schema->name == "public";
    return plain ? relation.name : fmt::format("{}.{}", schema->name, relation.name);
}

} // namespace

void LiveActions::note(const replay::Observed& observed, const ActionContext& context) {
    if (migration_ != observed.migration.ordinal) by_number_.clear();
    migration_ = observed.migration.ordinal;
    // The statements of a DO block have been told of one by one.
    const bool whole = std::holds_alternative<Do>(observed.action.payload);
    if (whole || observed.outcome.status == Outcome::Status::refused) return;
    LiveAction live{.migration = migration_,
                    .where = {.file = observed.migration.up.file, .span = observed.action.span},
                    .statement = observed.statement.span,
                    .in_transaction_block = observed.in_transaction_block,
                    .lock_timeout = observed.lock_timeout,
                    .locks = {},
                    .work = {},
                    .held = {}};
    for (const LockTaken& lock : observed.outcome.locks) {
        if (lock.mode < LockMode::share) continue;
        const Object* relation = live_relation(context, lock.relation);
        if (relation == nullptr) continue;
        live.locks.push_back({.relation = lock.relation,
                              .name = shown_name(context.catalog, *relation),
                              .mode = lock.mode});
    }
    // TRUNCATE gives a table new storage without looking at a row of the old one.
    const bool at_once = std::holds_alternative<Truncate>(observed.action.payload);
    for (const Work& work : observed.outcome.work) {
        const Object* relation = at_once ? nullptr : live_relation(context, work.relation);
        if (relation == nullptr || has_no_pages(context, work.relation)) continue;
        live.work.push_back(
            {.relation = work.relation,
             .name = shown_name(context.catalog, *relation),
             .why = work.why,
             .by_query = std::holds_alternative<RunQuery>(observed.action.payload)});
    }
    if (live.locks.empty() && live.work.empty()) return;
    for (const HeldLock& held : observed.held) {
        const auto holder = by_number_.find(held.action);
        const bool known = holder == by_number_.end() ||
                           (!live.held.empty() && live.held.back() == holder->second);
        if (!known) live.held.push_back(holder->second);
    }
    by_number_.emplace(observed.number, all_.size());
    all_.push_back(std::move(live));
}

std::string who_waits(const LiveAction::Lock& lock) {
    return lock.mode == LockMode::access_exclusive
               ? fmt::format("every query of \"{}\" waits", lock.name)
               : fmt::format("every write to \"{}\" waits", lock.name);
}

} // namespace ordain::lint
