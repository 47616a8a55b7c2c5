#include "replay/actions.hpp"
#include "replay/alter_table.hpp"
#include "replay/dependency.hpp"
#include "replay/relations.hpp"

#include <fmt/core.h>

namespace ordain::replay {
namespace {

using Kind = ConstraintDefinition::Kind;

const Object*
constraint_of(Step& step, const Object& relation, const Identifier& name, bool guarded) {
    const catalog::Lookup lookup =
        step.resolver().part(NameSpace::constraint, relation.id, name.text);
    if (lookup.absent()) {
        if (guarded) {
            step.skip();
        } else {
            step.refuse("42704",
                        fmt::format(R"(constraint "{}" of relation "{}" does not exist)", name.text,
                                    relation.name),
                        name.span);
        }
        return nullptr;
    }
    if (lookup.state == catalog::Lookup::State::maybe && !lookup.assumed && !guarded) {
        step.doubt(lookup.reason);
    }
    if (lookup.object != nullptr) {
        step.depend(lookup.id, name.span, Dependence::Kind::exists, !guarded);
    }
    return lookup.object;
}

/// A constraint of a table, or its namesake of a descendant.
void validate_one(Step& step, const Object& constraint) {
    Object changed = step.change(constraint.id);
    auto& details = changed.as<ConstraintDetails>();
    details.validated = true;
    const ObjectId table = changed.parent;
    step.lock(table, LockMode::share_update_exclusive);
    if (details.referenced != no_object) step.lock(details.referenced, LockMode::row_share);
    step.put(std::move(changed));
    step.work(Work::Kind::scan, table, "the constraint is tried on every row");
    if (!step.empty(table)) step.doubt("existing rows may violate the constraint");
}

} // namespace

void apply(Step& step, const AddConstraint& add) {
    const bool foreign = add.constraint.kind == Kind::foreign_key;
    const LockMode mode = foreign ? LockMode::share_row_exclusive : LockMode::access_exclusive;
    const Object* relation = altered_table(step, add.relation, mode, "ADD CONSTRAINT");
    if (relation == nullptr) return;
    const ObjectId id = relation->id;
    const bool inherited = (add.constraint.kind == Kind::check && !add.constraint.no_inherit) ||
                           add.constraint.kind == Kind::primary_key;
    if (inherited) lock_descendants(step, *relation, LockMode::access_exclusive);
    add_constraint(step, id, add.constraint, Relation::existing);
    if (!step.refused()) step.target(id);
}

void apply(Step& step, const DropConstraint& drop) {
    const Object* relation =
        altered_table(step, drop.relation, LockMode::access_exclusive, "DROP CONSTRAINT");
    if (relation == nullptr) return;
    const bool guarded = step.action().guard == Guard::if_exists;
    const Object* constraint = constraint_of(step, *relation, drop.constraint, guarded);
    if (constraint == nullptr) return;
    if (constraint->as<ConstraintDetails>().inherited) {
        step.refuse("42P16",
                    fmt::format(R"(cannot drop inherited constraint "{}" of relation "{}")",
                                drop.constraint.text, relation->name),
                    drop.constraint.span);
        return;
    }
    step.target(constraint->id);
    step.target(relation->id);
    drop_objects(step, {constraint->id}, drop.behavior);
}

void apply(Step& step, const ValidateConstraint& validate) {
    const Object* relation = altered_table(step, validate.relation,
                                           LockMode::share_update_exclusive, "VALIDATE CONSTRAINT");
    if (relation == nullptr) return;
    const Object* constraint = constraint_of(step, *relation, validate.constraint, false);
    if (constraint == nullptr) return;
    const ObjectId table = relation->id;
    const Object changed = *constraint;
    const auto& details = changed.as<ConstraintDetails>();
    step.target(constraint->id);
    if (details.kind != Kind::check && details.kind != Kind::foreign_key) {
        step.refuse(
            "42809",
            fmt::format("constraint \"{}\" of relation \"{}\" is not a foreign key or check "
                        "constraint",
                        constraint->name, relation->name),
            validate.constraint.span);
        return;
    }
    if (details.validated) return;
    const bool inherited = details.kind == Kind::check && !details.no_inherit;
    for (const ObjectId id :
         inherited ? stores_of(step.catalog(), *relation) : std::vector<ObjectId>{table}) {
        const Object* own = step.catalog().find(NameSpace::constraint, id, changed.name);
        if (own == nullptr || own->as<ConstraintDetails>().validated) continue;
        validate_one(step, *own);
    }
}

void apply(Step& step, const AlterConstraint& alter) {
    const Object* relation =
        altered_table(step, alter.relation, LockMode::access_exclusive, "ALTER CONSTRAINT");
    if (relation == nullptr) return;
    const Object* constraint = constraint_of(step, *relation, alter.constraint, false);
    if (constraint == nullptr) return;
    Object changed = step.change(constraint->id);
    auto& details = changed.as<ConstraintDetails>();
    if (details.kind != Kind::foreign_key) {
        step.refuse(
            "42809",
            fmt::format(R"(constraint "{}" of relation "{}" is not a foreign key constraint)",
                        constraint->name, relation->name),
            alter.constraint.span);
        return;
    }
    details.deferrable = alter.deferrable;
    details.initially_deferred = alter.initially_deferred;
    if (details.referenced != no_object) step.lock(details.referenced, LockMode::access_exclusive);
    step.put(std::move(changed));
}

} // namespace ordain::replay
