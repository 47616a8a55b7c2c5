#include "catalog/resolve.hpp"
#include "catalog/rows.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <ordain/rule.hpp>
#include <utility>

namespace ordain {
namespace {

/// Not in production yet when the plan's base does not have it.
bool is_pending(const Plan& plan, std::uint32_t ordinal) {
    return plan.base && ordinal >= 1 && ordinal <= plan.migrations.size() &&
           !plan.migrations[ordinal - 1].applied;
}

/// As it stands, or, of what an action itself was the first to mention, as it was taken to be.
const Object* object_in(const Catalog& catalog, ObjectId id) {
    const Object* object = catalog.find(id);
    return object != nullptr ? object : catalog.last_version(id);
}

std::string display_name_in(const Catalog& catalog, ObjectId id) {
    const Object* named = object_in(catalog, id);
    if (named == nullptr) return "?";
    const Object* schema = object_in(catalog, named->schema);
    const bool plain = schema == nullptr || schema->name == "public" || schema->name == "pg_temp";
    return plain ? named->name : schema->name + "." + named->name;
}

} // namespace

bool ActionContext::created_in_this_deployment(ObjectId id) const {
    // What the action itself was the first to mention may be of a statement that was not read.
    for (const Object* object = object_in(catalog, id); object != nullptr;
         object = catalog.find(object->parent)) {
        if (maybe_older.contains(object->id)) return false;
        if (in_this_deployment(object->created)) return true;
    }
    return false;
}

bool ActionContext::in_this_deployment(const Origin& origin) const {
    return origin.migration == migration.ordinal || is_pending(plan, origin.migration);
}

const Object* ActionContext::object(ObjectId id) const {
    return object_in(catalog, id);
}

LockMode ActionContext::lock_on(ObjectId relation) const {
    LockMode strongest = LockMode::none;
    const auto add = [&](const LockTaken& lock) {
        if (lock.relation == relation) strongest = std::max(strongest, lock.mode);
    };
    std::ranges::for_each(outcome.locks, add);
    std::ranges::for_each(held, add, &HeldLock::lock);
    return strongest;
}

const RowUse* ActionContext::copied(ObjectId relation, std::string_view column) const {
    const RowUse* last = nullptr;
    for (const RowUse& use : row_uses) {
        if (use.kind != RowUse::Kind::copied || use.relation != relation) continue;
        const bool fits = column.empty()
                              ? use.elsewhere
                              : use.columns.empty() || std::ranges::count(use.columns, column) > 0;
        if (fits && (last == nullptr || use.certain || !last->certain)) last = &use;
    }
    return last;
}

const RowUse* ActionContext::emptied(ObjectId relation) const {
    if (!catalog::is_empty(catalog, relation)) return nullptr;
    const RowUse* last = nullptr;
    for (const RowUse& use : row_uses) {
        if (use.kind != RowUse::Kind::copied && use.relation == relation) last = &use;
    }
    return last;
}

std::string ActionContext::display_name(ObjectId id) const {
    return display_name_in(catalog, id);
}

bool PlanContext::reports_on(const Origin& origin) const {
    return origin.migration >= 1 && origin.migration <= selected.size() &&
           selected[origin.migration - 1];
}

Location PlanContext::place_of(const Origin& origin) const {
    return {.file = plan.migrations[origin.migration - 1].up.file, .span = origin.span};
}

bool PlanContext::in_one_deployment(const Origin& one, const Origin& other) const {
    return one.migration == other.migration ||
           (is_pending(plan, one.migration) && is_pending(plan, other.migration));
}

std::string PlanContext::display_name(ObjectId id) const {
    return display_name_in(catalog, id);
}

bool PlanContext::is_certain(const Object& object) const {
    const auto tainted = [&](std::string_view word) {
        const Taint* taint = catalog.taint(word);
        return taint != nullptr && (taint->alters || taint->drops != 0) &&
               object.id < taint->next_object;
    };
    const Object* whole = catalog.find(object.parent);
    const std::array<std::string_view, 3> words = {
        object.name, whole == nullptr ? object.name : whole->name, Catalog::any_word};
    return object.unknown.empty() && std::ranges::none_of(words, tainted);
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
