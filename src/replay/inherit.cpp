#include "replay/actions.hpp"
#include "replay/alter_table.hpp"
#include "replay/clones.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

using Kind = ConstraintDefinition::Kind;

/// MergeAttributesIntoExisting.
bool columns_match(Step& step, const Object& parent, const Object& child, bool partition) {
    const auto refuse = [&](std::string message) {
        return step.refuse("42804", std::move(message), {});
    };
    const Catalog& catalog = step.catalog();
    for (const Object* column : catalog.columns(child.id)) {
        const bool shared = catalog.find(NameSpace::column, parent.id, column->name) != nullptr;
        if (!partition || shared || parent.as<RelationDetails>().invented) continue;
        return refuse(fmt::format(R"(table "{}" contains column "{}" not found in parent "{}")",
                                  child.name, column->name, parent.name));
    }
    for (const Object* column : catalog.columns(parent.id)) {
        const auto& wanted = column->as<ColumnDetails>();
        const Object* own = catalog.find(NameSpace::column, child.id, column->name);
        if (own == nullptr && child.as<RelationDetails>().invented) continue;
        if (own == nullptr)
            return refuse(fmt::format("child table is missing column \"{}\"", column->name));
        const auto& details = own->as<ColumnDetails>();
        if (details.type != wanted.type) {
            return refuse(fmt::format(R"(child table "{}" has different type for column "{}")",
                                      child.name, column->name));
        }
        if (wanted.not_null && !details.not_null) {
            return refuse(
                fmt::format("column \"{}\" in child table must be marked NOT NULL", column->name));
        }
    }
    return true;
}

/// Columns and checks that a parent has as well are its own from now on.
void become_inherited(Step& step, const Object& parent, ObjectId child) {
    for (const Object* column : step.catalog().columns(parent.id)) {
        const Object* own = step.catalog().find(NameSpace::column, child, column->name);
        if (own == nullptr) continue;
        Object changed = *own;
        changed.as<ColumnDetails>().inherited = true;
        step.put(std::move(changed));
    }
    for (const ObjectId id : step.catalog().children(parent.id)) {
        const Object& check = step.catalog().at(id);
        const auto* details = check.get_if<ConstraintDetails>();
        if (details == nullptr || details->kind != Kind::check || details->no_inherit) continue;
        const Object* own = step.catalog().find(NameSpace::constraint, child, check.name);
        if (own == nullptr) {
            step.refuse("42804",
                        fmt::format("child table is missing constraint \"{}\"", check.name), {});
            return;
        }
        const bool same = over_columns_of(step.catalog(), details->expression, parent.id, child) ==
                          own->as<ConstraintDetails>().expression;
        if (!same) step.doubt("whether the child's check is its parent's is not known");
        Object changed = *own;
        changed.as<ConstraintDetails>().inherited = true;
        step.put(std::move(changed));
    }
}

/// What a table had of a parent that it inherits from no more is its own.
void stand_alone(Step& step, ObjectId parent, ObjectId child) {
    const auto of_parent = [&](ObjectId on) {
        const Object* object = step.catalog().find(on);
        return object != nullptr && object->parent == parent;
    };
    for (const ObjectId id : step.catalog().children(child)) {
        Object part = step.catalog().at(id);
        const auto tie = [&](const Dependency& dependency) {
            return dependency.type == DependencyType::internal && of_parent(dependency.on);
        };
        const bool tied = std::ranges::any_of(part.depends, tie);
        if (tied && part.kind == ObjectKind::trigger) {
            step.erase(id);
            continue;
        }
        std::erase_if(part.depends, tie);
        if (auto* column = std::get_if<ColumnDetails>(&part.details)) column->inherited = false;
        if (auto* details = std::get_if<ConstraintDetails>(&part.details))
            details->inherited = false;
        step.put(std::move(part));
    }
}

} // namespace

void apply(Step& step, const AttachPartition& attach) {
    const Object* parent = step.table(attach.relation, LockMode::share_update_exclusive);
    if (parent == nullptr) return;
    if (parent->kind != ObjectKind::partitioned_table && !parent->as<RelationDetails>().invented) {
        step.refuse("42P17", fmt::format("table \"{}\" is not partitioned", parent->name),
                    attach.relation.span());
        return;
    }
    const Object* partition = step.table(attach.partition, LockMode::access_exclusive);
    if (partition == nullptr) return;
    Object changed = step.change(partition->id);
    auto& details = changed.as<RelationDetails>();
    if (details.is_partition) {
        step.refuse("42809", fmt::format("\"{}\" is already a partition", partition->name),
                    attach.partition.span());
        return;
    }
    const Object above = *parent;
    const ObjectId id = partition->id;
    if (!bound_fits(step, above, partition->name, attach.bound)) return;
    if (!columns_match(step, above, *partition, true)) return;
    details.is_partition = true;
    details.parents.push_back(above.id);
    details.partition_bound = attach.bound;
    add_dependency(changed, above.id, DependencyType::automatic);
    step.target(id);
    step.work(Work::Kind::scan, id, "every row is tried against the partition's bounds");
    step.put(std::move(changed));
    become_inherited(step, above, id);
    if (step.refused()) return;
    clone_for_partition(step, above.id, id);
    if (!step.empty(id)) step.doubt("rows of the partition may not fit its bounds or keys");
}

void apply(Step& step, const DetachPartition& detach) {
    if (detach.concurrently && !step.runs_outside_block("ALTER TABLE ... DETACH CONCURRENTLY"))
        return;
    const LockMode mode = detach.concurrently || detach.finalize ? LockMode::share_update_exclusive
                                                                 : LockMode::access_exclusive;
    const Object* parent = step.table(detach.relation, mode);
    if (parent == nullptr) return;
    const Object* partition = step.table(detach.partition, LockMode::access_exclusive);
    if (partition == nullptr) return;
    Object changed = step.change(partition->id);
    auto& details = changed.as<RelationDetails>();
    if (std::erase(details.parents, parent->id) == 0 && !details.invented) {
        step.refuse("42P01",
                    fmt::format(R"(relation "{}" is not a partition of relation "{}")",
                                partition->name, parent->name),
                    detach.partition.span());
        return;
    }
    details.is_partition = false;
    details.partition_bound.clear();
    std::erase_if(changed.depends,
                  [&](const Dependency& dependency) { return dependency.on == parent->id; });
    const ObjectId id = partition->id;
    const ObjectId above = parent->id;
    step.target(id);
    step.put(std::move(changed));
    stand_alone(step, above, id);
}

void apply(Step& step, const SetInherit& set) {
    const Object* relation = step.table(set.relation, LockMode::access_exclusive);
    if (relation == nullptr) return;
    const Object* parent = step.table(set.parent, LockMode::share_update_exclusive);
    if (parent == nullptr) return;
    Object changed = step.change(relation->id);
    const Object above = *parent;
    const ObjectId id = relation->id;
    if (set.inherit && !columns_match(step, above, *relation, false)) return;
    auto& parents = changed.as<RelationDetails>().parents;
    if (set.inherit) {
        parents.push_back(parent->id);
        add_dependency(changed, parent->id, DependencyType::normal);
    } else {
        std::erase(parents, parent->id);
        std::erase_if(changed.depends,
                      [&](const Dependency& dependency) { return dependency.on == parent->id; });
    }
    step.put(std::move(changed));
    if (set.inherit) {
        become_inherited(step, above, id);
    } else {
        stand_alone(step, above.id, id);
    }
}

} // namespace ordain::replay
