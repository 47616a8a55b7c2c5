#include "catalog/resolve.hpp"

#include <ordain/rule.hpp>
#include <utility>

namespace ordain {

bool ActionContext::in_this_deployment(const Origin& origin) const {
    const std::uint32_t ordinal = origin.migration;
    const bool pending = plan.base && ordinal >= 1 && ordinal <= plan.migrations.size() &&
                         !plan.migrations[ordinal - 1].applied;
    return ordinal == migration.ordinal || pending;
}

bool ActionContext::created_in_this_deployment(ObjectId id) const {
    for (const Object* object = catalog.find(id); object != nullptr;
         object = catalog.find(object->parent)) {
        if (maybe_older.contains(object->id)) return false;
        if (in_this_deployment(object->created)) return true;
    }
    return false;
}

const Object* ActionContext::object(ObjectId id) const {
    const Object* before = catalog.find(id);
    return before != nullptr ? before : catalog.last_version(id);
}

std::string ActionContext::display_name(ObjectId id) const {
    const Object* named = object(id);
    if (named == nullptr) return "?";
    const Object* schema = object(named->schema);
    const bool plain = schema == nullptr || schema->name == "public" || schema->name == "pg_temp";
    return plain ? named->name : schema->name + "." + named->name;
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
