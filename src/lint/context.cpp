#include "catalog/resolve.hpp"

#include <algorithm>
#include <initializer_list>
#include <ordain/rule.hpp>
#include <utility>

namespace ordain {

bool ActionContext::created_in_this_deployment(ObjectId id) const {
    const auto in_deployment = [&](std::uint32_t ordinal) {
        const bool pending = plan.base && ordinal >= 1 && ordinal <= plan.migrations.size() &&
                             !plan.migrations[ordinal - 1].applied;
        return ordinal == migration.ordinal || pending;
    };
    for (const Object* object = catalog.find(id); object != nullptr;
         object = catalog.find(object->parent)) {
        if (maybe_older.contains(object->id)) return false;
        if (in_deployment(object->created.migration)) return true;
    }
    return false;
}

LockMode ActionContext::lock_on(ObjectId relation) const {
    LockMode strongest = LockMode::none;
    for (const std::span<const LockTaken> locks : {std::span(outcome.locks), held}) {
        for (const LockTaken& lock : locks) {
            if (lock.relation == relation) strongest = std::max(strongest, lock.mode);
        }
    }
    return strongest;
}

std::string ActionContext::display_name(ObjectId id) const {
    // What the action itself was the first to mention is not in the catalog before it.
    const Object* object = catalog.find(id);
    if (object == nullptr) object = catalog.last_version(id);
    if (object == nullptr) return "?";
    const Object* schema = catalog.find(object->schema);
    const bool plain = schema == nullptr || schema->name == "public" || schema->name == "pg_temp";
    return plain ? object->name : schema->name + "." + object->name;
}

Finding& Findings::add(Span span, std::string message) {
    return add({.file = fallback_.file, .span = span.empty() ? fallback_.span : span}, migration_,
               std::move(message));
}

Finding& Findings::add(Location where, std::uint32_t migration, std::string message) {
    out_.push_back({.rule = rule_,
                    .severity = severity_,
                    .where = where,
                    .message = std::move(message),
                    .notes = {},
                    .instead = {},
                    .migration = migration});
    return out_.back();
}

} // namespace ordain
