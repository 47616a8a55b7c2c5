#include "replay/clones.hpp"

#include "catalog/inheritance.hpp"
#include "catalog/resolve.hpp"
#include "replay/rebind.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

using Kind = ConstraintDefinition::Kind;

/// The column of another table that has the same name; no_object when there is none.
ObjectId namesake(const Catalog& catalog, ObjectId column, ObjectId table) {
    const Object* original = catalog.find(column);
    if (original == nullptr) return no_object;
    const Object* found = catalog.find(NameSpace::column, table, original->name);
    return found == nullptr ? no_object : found->id;
}

std::vector<ObjectId>
namesakes(const Catalog& catalog, const std::vector<ObjectId>& columns, ObjectId table) {
    std::vector<ObjectId> found;
    for (const ObjectId column : columns) {
        const ObjectId id = namesake(catalog, column, table);
        if (id != no_object) found.push_back(id);
    }
    return found;
}

/// The constraint that an index carries.
const Object* constraint_of_index(const Catalog& catalog, const Object& index) {
    for (const ObjectId id : catalog.children(index.parent)) {
        const Object& object = catalog.at(id);
        const auto* details = object.get_if<ConstraintDetails>();
        if (details != nullptr && details->kind != Kind::foreign_key && details->index == index.id)
            return &object;
    }
    return nullptr;
}

/// An index as a statement would ask for it.
struct IndexText {
    std::vector<IndexElement> elements;
    std::vector<Identifier> including;
    std::optional<Expression> where;
    bool readable = true;
};
IndexText text_of(const Catalog& catalog, const IndexDetails& details) {
    IndexText text;
    for (const IndexDetails::Element& element : details.elements) {
        IndexElement made;
        if (element.column != no_object) {
            made.column.text = catalog.at(element.column).name;
        } else {
            made.expression = read_again(catalog, element.expression);
            text.readable = text.readable && made.expression.has_value();
        }
        made.collation = split_name(element.collation);
        made.operator_class = split_name(element.operator_class);
        made.descending = element.descending;
        if (element.nulls_first != element.descending) made.nulls_first = element.nulls_first;
        text.elements.push_back(std::move(made));
    }
    for (const ObjectId column : details.including)
        text.including.push_back({.text = catalog.at(column).name, .span = {}});
    if (!details.predicate.empty()) {
        text.where = read_again(catalog, details.predicate);
        text.readable = text.readable && text.where.has_value();
    }
    return text;
}

std::string_view label_of(const IndexDetails& details, const Object* constraint) {
    if (details.primary) return "pkey";
    if (constraint == nullptr) return "idx";
    return constraint->as<ConstraintDetails>().kind == Kind::exclusion ? "excl" : "key";
}

void clone_key(Step& step, const Object& constraint, ObjectId index_id, Clone clone) {
    Object index = step.catalog().at(index_id);
    Object made = step.make(ObjectKind::constraint, index.schema, index.parent, index.name);
    ConstraintDetails details = constraint.as<ConstraintDetails>();
    details.columns = namesakes(step.catalog(), details.columns, index.parent);
    details.including = namesakes(step.catalog(), details.including, index.parent);
    details.index = index_id;
    details.inherited = clone == Clone::inherited;
    add_dependencies(made, details.columns, DependencyType::automatic);
    add_dependencies(made, details.including, DependencyType::automatic);
    if (clone == Clone::inherited) add_dependency(made, constraint.id, DependencyType::internal);
    const std::vector<ObjectId> columns = details.columns;
    const bool primary = details.kind == Kind::primary_key;
    made.details = std::move(details);
    const ObjectId id = step.create(std::move(made), {});
    add_dependency(index, id, DependencyType::internal);
    step.put(std::move(index));
    for (const ObjectId column : columns) {
        if (!primary || step.catalog().at(column).as<ColumnDetails>().not_null) continue;
        Object changed = step.change(column);
        changed.as<ColumnDetails>().not_null = true;
        step.put(std::move(changed));
    }
}

void clone_foreign_key(Step& step, const Object& key, ObjectId table) {
    const Object& owner = step.catalog().at(table);
    Object made = step.make(ObjectKind::constraint, owner.schema, table, key.name);
    ConstraintDetails details = key.as<ConstraintDetails>();
    details.columns = namesakes(step.catalog(), details.columns, table);
    details.inherited = true;
    for (const Dependency& dependency : key.depends) {
        if (dependency.type == DependencyType::normal)
            add_dependency(made, dependency.on, dependency.type);
    }
    add_dependencies(made, details.columns, DependencyType::automatic);
    add_dependency(made, key.id, DependencyType::internal);
    made.details = std::move(details);
    step.create(std::move(made), {});
}

void clone_trigger(Step& step, const Object& trigger, ObjectId table) {
    Object made = step.make(ObjectKind::trigger, no_object, table, trigger.name);
    TriggerDetails details = trigger.as<TriggerDetails>();
    details.columns = namesakes(step.catalog(), details.columns, table);
    add_dependency(made, details.function, DependencyType::normal);
    add_dependency(made, trigger.id, DependencyType::internal);
    made.details = std::move(details);
    step.create(std::move(made), {});
}

} // namespace

BoundText
over_columns_of(const Catalog& catalog, const BoundText& text, ObjectId from, ObjectId to) {
    BoundText made = text;
    for (BoundText::Piece& piece : made.pieces) {
        const Object* object = catalog.find(piece.object);
        if (object == nullptr || object->parent != from) continue;
        const ObjectId own = namesake(catalog, piece.object, to);
        if (own != no_object) piece.object = own;
    }
    return made;
}

void clone_index(Step& step, const Object& index, ObjectId table, Clone clone) {
    const auto& details = index.as<IndexDetails>();
    const IndexText text = text_of(step.catalog(), details);
    if (!text.readable)
        return step.doubt("an index whose expressions are not read again is copied");
    const Object* carried = constraint_of_index(step.catalog(), index);
    if (details.primary && has_primary_key(step.catalog(), table)) {
        step.refuse("42P16",
                    fmt::format("multiple primary keys for table \"{}\" are not allowed",
                                step.catalog().at(table).name),
                    {});
        return;
    }
    const bool exclusion =
        carried != nullptr && carried->as<ConstraintDetails>().kind == Kind::exclusion;
    const ObjectId id = make_index(step, table,
                                   {.name = {},
                                    .name_span = {},
                                    .unique = details.unique,
                                    .primary = details.primary,
                                    .nulls_not_distinct = details.nulls_not_distinct,
                                    .method = details.method,
                                    .elements = &text.elements,
                                    .including = &text.including,
                                    .where = text.where ? &text.where : nullptr,
                                    .options = details.options,
                                    .label = label_of(details, carried),
                                    .name_has_columns = !details.primary,
                                    .for_constraint = carried != nullptr,
                                    .exclusion = exclusion});
    if (id == no_object || step.refused()) return;
    if (clone == Clone::inherited) {
        Object made = step.catalog().at(id);
        add_dependency(made, index.id, DependencyType::internal);
        step.put(std::move(made));
    }
    if (carried != nullptr) clone_key(step, Object(*carried), id, clone);
    clone_to_inheritors(step, id);
}

void clone_indexes(Step& step, ObjectId source, ObjectId table, Clone clone) {
    for (const ObjectId id : step.catalog().children(source)) {
        const Object part = step.catalog().at(id);
        if (part.kind == ObjectKind::index && !step.refused()) {
            clone_index(step, part, table, clone);
        }
    }
}

void clone_check(Step& step, const Object& check, ObjectId table, Clone clone) {
    const auto& details = check.as<ConstraintDetails>();
    const Object* present = step.catalog().find(NameSpace::constraint, table, check.name);
    if (present != nullptr) {
        if (clone == Clone::copy || !present->get_if<ConstraintDetails>()) return;
        Object merged = *present;
        merged.as<ConstraintDetails>().inherited = true;
        step.put(std::move(merged));
        return;
    }
    const Object& owner = step.catalog().at(table);
    Object copy = step.make(ObjectKind::constraint, owner.schema, table, check.name);
    copy.details = details;
    auto& made = copy.as<ConstraintDetails>();
    made.inherited = clone == Clone::inherited;
    made.columns = namesakes(step.catalog(), details.columns, table);
    made.expression = over_columns_of(step.catalog(), details.expression, check.parent, table);
    add_dependencies(copy, made.columns, DependencyType::automatic);
    if (clone == Clone::inherited) add_dependency(copy, check.id, DependencyType::internal);
    step.create(std::move(copy), {});
}

void clone_checks(Step& step, ObjectId source, ObjectId table, Clone clone) {
    for (const ObjectId id : step.catalog().children(source)) {
        const Object part = step.catalog().at(id);
        const auto* details = part.get_if<ConstraintDetails>();
        if (details == nullptr || details->kind != Kind::check) continue;
        if (details->no_inherit && clone == Clone::inherited) continue;
        clone_check(step, part, table, clone);
    }
}

namespace {

/// Whether an index that a partition has already serves for that of its parent (CompareIndexInfo).
bool is_same(const Catalog& catalog, const Object& parent, const Object& own) {
    const auto& a = parent.as<IndexDetails>();
    const auto& b = own.as<IndexDetails>();
    const bool alike =
        a.unique == b.unique && a.method == b.method &&
        a.nulls_not_distinct == b.nulls_not_distinct && a.elements.size() == b.elements.size() &&
        over_columns_of(catalog, a.predicate, parent.parent, own.parent) == b.predicate;
    if (!alike) return false;
    for (std::size_t i = 0; i < a.elements.size(); ++i) {
        const auto& x = a.elements[i];
        const auto& y = b.elements[i];
        const bool same =
            namesake(catalog, x.column, own.parent) == y.column && x.collation == y.collation &&
            x.operator_class == y.operator_class &&
            over_columns_of(catalog, x.expression, parent.parent, own.parent) == y.expression;
        if (!same) return false;
    }
    return true;
}

/// False when the partition has none that may be attached.
bool attach_index(Step& step, const Object& index, ObjectId partition) {
    const bool keyed = constraint_of_index(step.catalog(), index) != nullptr;
    for (const ObjectId id : step.catalog().children(partition)) {
        Object own = step.catalog().at(id);
        if (own.kind != ObjectKind::index || !is_same(step.catalog(), index, own)) continue;
        const Object* constraint = constraint_of_index(step.catalog(), own);
        const auto attached = [&](const Dependency& dependency) {
            const Object* on = step.catalog().find(dependency.on);
            return on != nullptr && on->kind == ObjectKind::index;
        };
        const bool free = !std::ranges::any_of(own.depends, attached);
        if (!free || keyed != (constraint != nullptr)) continue;
        if (constraint != nullptr) {
            Object key = *constraint;
            key.as<ConstraintDetails>().inherited = true;
            add_dependency(key, constraint_of_index(step.catalog(), index)->id,
                           DependencyType::internal);
            step.put(std::move(key));
        }
        add_dependency(own, index.id, DependencyType::internal);
        step.put(std::move(own));
        return true;
    }
    return false;
}

} // namespace

void clone_to_inheritors(Step& step, ObjectId part_id) {
    const Object part = step.catalog().at(part_id);
    const auto* constraint = part.get_if<ConstraintDetails>();
    const auto* trigger = part.get_if<TriggerDetails>();
    const bool check = constraint != nullptr && constraint->kind == Kind::check;
    const bool key = constraint != nullptr && constraint->kind == Kind::foreign_key;
    for (const ObjectId id : catalog::inheritors(step.catalog(), part.parent)) {
        if (step.refused()) return;
        if (check && !constraint->no_inherit) {
            clone_check(step, part, id, Clone::inherited);
            const Object* made = step.catalog().find(NameSpace::constraint, id, part.name);
            if (made != nullptr) clone_to_inheritors(step, made->id);
        }
        if (!step.catalog().at(id).as<RelationDetails>().is_partition) continue;
        if (part.kind == ObjectKind::index && !attach_index(step, part, id))
            clone_index(step, part, id, Clone::inherited);
        if (key) clone_foreign_key(step, part, id);
        if (trigger != nullptr && trigger->for_each_row) clone_trigger(step, part, id);
    }
}

void clone_for_partition(Step& step, ObjectId parent, ObjectId partition) {
    for (const ObjectId id : step.catalog().children(parent)) {
        const Object part = step.catalog().at(id);
        if (part.kind != ObjectKind::index || step.refused()) continue;
        if (!attach_index(step, part, partition))
            clone_index(step, part, partition, Clone::inherited);
    }
    for (const ObjectId id : step.catalog().children(parent)) {
        if (step.refused()) return;
        const Object part = step.catalog().at(id);
        const auto* constraint = part.get_if<ConstraintDetails>();
        const auto* trigger = part.get_if<TriggerDetails>();
        if (constraint != nullptr && constraint->kind == Kind::foreign_key)
            clone_foreign_key(step, part, partition);
        if (trigger != nullptr && trigger->for_each_row) clone_trigger(step, part, partition);
    }
}

} // namespace ordain::replay
