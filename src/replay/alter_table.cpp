#include "replay/alter_table.hpp"

#include "catalog/inheritance.hpp"
#include "replay/actions.hpp"
#include "replay/dependency.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {

const Object* altered(Step& step, const QualifiedName& name, LockMode mode) {
    const Object* relation = step.relation(name, mode);
    if (relation == nullptr) return nullptr;
    const bool fits =
        is_of_kind(step, *relation, step.action().written_for, KindUse::alter, name.span());
    return fits ? relation : nullptr;
}

const Object*
altered_table(Step& step, const QualifiedName& name, LockMode mode, std::string_view form) {
    const Object* relation = altered(step, name, mode);
    if (relation == nullptr) return nullptr;
    const bool table =
        relation->kind == ObjectKind::table || relation->kind == ObjectKind::partitioned_table ||
        relation->kind == ObjectKind::foreign_table || relation->kind == ObjectKind::composite_type;
    if (table) return relation;
    step.refuse(
        "42809",
        fmt::format("ALTER action {} cannot be performed on relation \"{}\"", form, relation->name),
        name.span());
    return nullptr;
}

void lock_descendants(Step& step, const Object& relation, LockMode mode) {
    for (const ObjectId id : catalog::descendants(step.catalog(), relation.id))
        step.lock(id, mode);
}

bool stores_rows(const Object& relation) {
    return relation.kind == ObjectKind::table || relation.kind == ObjectKind::partitioned_table ||
           relation.kind == ObjectKind::materialized_view;
}

std::vector<ObjectId> stores_of(const Catalog& catalog, const Object& relation) {
    std::vector<ObjectId> stores = {relation.id};
    const std::vector<ObjectId> below = catalog::descendants(catalog, relation.id);
    stores.insert(stores.end(), below.begin(), below.end());
    std::erase_if(stores, [&](ObjectId id) { return !stores_rows(catalog.at(id)); });
    return stores;
}

bool row_type_is_free(Step& step, const Object& relation) {
    std::vector<ObjectId> types = {relation.id};
    for (std::size_t next = 0; next < types.size(); ++next) { // which the loop adds to
        for (const ObjectId id : step.catalog().dependents(types[next])) {
            const Object& user = step.catalog().at(id);
            const bool seen = std::ranges::count(types, id) > 0;
            if (user.kind == ObjectKind::domain && !seen) types.push_back(id);
            const auto* column = user.get_if<ColumnDetails>();
            if (column == nullptr || column->type.type != types[next]) continue;
            const Object& owner = step.catalog().at(user.parent);
            const bool between = owner.kind == ObjectKind::composite_type &&
                                 std::ranges::count(types, owner.id) == 0;
            if (between) types.push_back(owner.id);
            const bool stores = owner.kind == ObjectKind::table ||
                                owner.kind == ObjectKind::partitioned_table ||
                                owner.kind == ObjectKind::materialized_view;
            if (!stores) continue;
            const bool composite = relation.kind == ObjectKind::composite_type;
            return step.refuse("0A000",
                               fmt::format("cannot alter {} \"{}\" because column \"{}.{}\" uses "
                                           "{}",
                                           composite ? "type" : noun(relation.kind), relation.name,
                                           owner.name, user.name,
                                           composite ? "it" : "its row type"),
                               {});
        }
    }
    return true;
}

bool in_no_partition_key(
    Step& step, const Object& relation, const Object& column, std::string_view verb, Span span) {
    const auto& details = relation.as<RelationDetails>();
    const bool plain = std::ranges::count(details.partition_columns, column.id) > 0;
    const bool within = std::ranges::count(details.partition_expression_columns, column.id) > 0;
    if (!plain && !within) return true;
    return step.refuse(
        "42P16",
        fmt::format("cannot {} column \"{}\" because it is part of the partition key "
                    "of relation \"{}\"",
                    verb, column.name, relation.name),
        span);
}

void apply(Step& step, const DropColumn& drop) {
    const Object* found =
        altered_table(step, drop.relation, LockMode::access_exclusive, "DROP COLUMN");
    if (found == nullptr) return;
    const Object relation = *found;
    const bool guarded = step.action().guard == Guard::if_exists;
    const catalog::Lookup lookup = step.resolver().column(relation.id, drop.column.text);
    if (guarded && lookup.absent()) return step.skip();
    if (guarded && lookup.state == catalog::Lookup::State::maybe && lookup.object == nullptr)
        return;
    const Object* column = altered_column(step, relation, drop.column, "drop");
    if (column == nullptr) return;
    if (column->as<ColumnDetails>().inherited) {
        step.refuse("42P16", fmt::format("cannot drop inherited column \"{}\"", drop.column.text),
                    drop.column.span);
        return;
    }
    if (!in_no_partition_key(step, relation, *column, "drop", drop.column.span)) return;
    step.target(column->id);
    step.target(relation.id);
    lock_descendants(step, relation, LockMode::access_exclusive);
    std::vector<ObjectId> roots = {column->id};
    for (const ObjectId id : catalog::descendants(step.catalog(), relation.id)) {
        const Object* inherited = step.catalog().find(NameSpace::column, id, drop.column.text);
        if (inherited != nullptr) roots.push_back(inherited->id);
    }
    drop_objects(step, roots, drop.behavior);
}

void apply(Step& step, const SetRowSecurity& set) {
    const Object* relation =
        altered_table(step, set.relation, LockMode::access_exclusive, "ENABLE ROW SECURITY");
    if (relation == nullptr) return;
    step.target(relation->id);
    Object changed = step.change(relation->id);
    auto& details = changed.as<RelationDetails>();
    switch (set.state) {
    case SetRowSecurity::State::enable: details.row_security = true; break;
    case SetRowSecurity::State::disable: details.row_security = false; break;
    case SetRowSecurity::State::force: details.force_row_security = true; break;
    case SetRowSecurity::State::no_force: details.force_row_security = false; break;
    }
    step.put(std::move(changed));
}

void apply(Step& step, const SetTriggerState& set) {
    const Object* relation = altered(step, set.relation, LockMode::share_row_exclusive);
    if (relation == nullptr) return;
    const char state = set.state == "enable"           ? 'O'
                       : set.state == "enable replica" ? 'R'
                       : set.state == "enable always"  ? 'A'
                                                       : 'D';
    bool found = set.trigger.empty();
    for (const ObjectId id : step.catalog().children(relation->id)) {
        const Object& object = step.catalog().at(id);
        const ObjectKind kind = set.rule ? ObjectKind::rule : ObjectKind::trigger;
        if (object.kind != kind) continue;
        if (!set.trigger.empty() && object.name != set.trigger.text) continue;
        found = true;
        if (!set.trigger.empty()) step.depend(id, set.trigger.span);
        Object changed = step.change(id);
        if (auto* details = std::get_if<TriggerDetails>(&changed.details)) details->enabled = state;
        step.put(std::move(changed));
    }
    if (found || relation->as<RelationDetails>().invented) return;
    step.refuse("42704",
                fmt::format(R"({} "{}" for table "{}" does not exist)",
                            set.rule ? "rule" : "trigger", set.trigger.text, relation->name),
                set.trigger.span);
}

void apply(Step& step, const SetPersistence& set) {
    const Object* relation = step.table(set.relation, LockMode::access_exclusive);
    if (relation == nullptr) return;
    Object changed = step.change(relation->id);
    auto& persistence = changed.as<RelationDetails>().persistence;
    const Persistence wanted = set.logged ? Persistence::permanent : Persistence::unlogged;
    if (persistence == wanted) return;
    persistence = wanted;
    step.target(relation->id);
    step.work(Work::Kind::rewrite, relation->id, "SET LOGGED and SET UNLOGGED copy the table");
    step.put(std::move(changed));
}

} // namespace ordain::replay
