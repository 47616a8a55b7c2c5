#include "analyze/types.hpp"
#include "catalog/inheritance.hpp"
#include "replay/actions.hpp"
#include "replay/alter_table.hpp"
#include "replay/dependency.hpp"
#include "replay/rebind.hpp"
#include "replay/relations.hpp"
#include "replay/type_change.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

using Kind = ConstraintDefinition::Kind;

enum class Castable { yes, no, unknown };

/// Whether the old values turn into the new type by an assignment cast (42804 otherwise).
Castable assignment_cast(Step& step, TypeRef from, TypeRef to) {
    const analyze::Types types(step.resolver());
    switch (types.coercion(from, to, catalog::CastContext::assignment).path) {
    case analyze::Path::impossible: return Castable::no;
    case analyze::Path::not_known: return Castable::unknown;
    case analyze::Path::same:
    case analyze::Path::function:
    case analyze::Path::inout: break;
    }
    return Castable::yes;
}

/// What holds the column's type must be gone.
bool type_is_free(Step& step, const Object& relation, const Object& column) {
    for (const ObjectId id : step.catalog().dependents(column.id)) {
        const Object& dependent = step.catalog().at(id);
        if (!holds_type(dependent, relation.id)) continue;
        const std::string_view user =
            dependent.kind == ObjectKind::trigger            ? "in a trigger definition"
            : dependent.kind == ObjectKind::policy           ? "in a policy definition"
            : dependent.kind == ObjectKind::column           ? "by a generated column"
            : dependent.get_if<FunctionDetails>() != nullptr ? "by a function or procedure"
                                                             : "by a view or rule";
        return step.refuse("0A000", fmt::format("cannot alter type of a column used {}", user), {});
    }
    depend_on_removals(step, column.id, Clearance::type_change);
    return true;
}

/// Keys on both sides are rebuilt: the tables of foreign keys over the column are locked too.
void rebuild_keys(Step& step, const Object& relation, const Object& column) {
    for (const ObjectId id : step.catalog().dependents(column.id)) {
        const Object& dependent = step.catalog().at(id);
        const auto* constraint = dependent.get_if<ConstraintDetails>();
        if (constraint == nullptr || constraint->kind != Kind::foreign_key) continue;
        if (dependent.parent != relation.id)
            step.lock(dependent.parent, LockMode::access_exclusive);
        if (constraint->referenced != relation.id) {
            step.lock(constraint->referenced, LockMode::access_exclusive);
        }
    }
}

bool default_follows(Step& step, const Object& column, TypeRef to) {
    const auto& details = column.as<ColumnDetails>();
    const Castable castable = assignment_cast(step, details.type, to);
    if (!details.has_default) {
        if (castable == Castable::no) {
            depend_on_removals(step, column.id, Clearance::type_change_with_default);
        }
        return true;
    }
    if (castable == Castable::no) {
        return step.refuse(
            "42804",
            fmt::format("{} for column \"{}\" cannot be cast automatically to type {}",
                        details.generated != '\0' ? "generation expression" : "default",
                        column.name, format_type_name(step.resolver(), to)),
            {});
    }
    if (castable == Castable::unknown)
        step.doubt("whether the default casts to the new type is not known");
    return true;
}

/// False after a refusal. Sets whether values may fail to convert.
bool values_follow(Step& step,
                   const Object& relation,
                   const Object& column,
                   const AlterColumnType& alter,
                   TypeRef to) {
    if (alter.using_) {
        const std::vector<analyze::ScopeRelation> scope = {step.binder().scope_of(relation.id)};
        const analyze::Bound bound =
            step.binder().bind_value(*alter.using_, &scope, to, column.name);
        return step.accept(bound);
    }
    const TypeRef from = column.as<ColumnDetails>().type;
    const Castable castable = assignment_cast(step, from, to);
    if (castable == Castable::no) {
        const TypeRef bare{.type = to.type, .array = to.array, .modifier = to.modifier};
        return step.refuse("42804",
                           fmt::format("column \"{}\" cannot be cast automatically to type {}",
                                       column.name, format_type(step.resolver(), bare)),
                           alter.column.span);
    }
    if (castable == Castable::unknown)
        step.doubt("whether the old values cast to the new type is not known");
    return true;
}

/// What ALTER COLUMN ... TYPE asks before anything is changed (ATPrepAlterColumnType).
bool may_change_type(Step& step,
                     const Object& relation,
                     const Object& column,
                     const AlterColumnType& alter) {
    const auto& details = column.as<ColumnDetails>();
    if (alter.using_ && details.generated != '\0') {
        return step.refuse("42611", "cannot specify USING when altering type of generated column",
                           alter.column.span);
    }
    if (details.inherited) {
        return step.refuse("42P16",
                           fmt::format("cannot alter inherited column \"{}\"", column.name),
                           alter.column.span);
    }
    return in_no_partition_key(step, relation, column, "alter", alter.column.span);
}

bool identity_follows(Step& step, const Object& column, TypeRef to) {
    return column.as<ColumnDetails>().identity == '\0' || identity_fits(step, to, {});
}

/// The column of a relation or, by its name, of a descendant gets the type.
void retype(Step& step, const Object& column, TypeRef to, const QualifiedName& collation) {
    const TypeRef from = column.as<ColumnDetails>().type;
    step.database().retyped.push_back({.column = column.id, .from = from});
    Object changed = step.change(column.id);
    auto& details = changed.as<ColumnDetails>();
    details.type = to;
    details.collation = to_string(collation);
    std::erase_if(changed.depends, [from](const Dependency& dependency) {
        return dependency.on == from.type && dependency.type == DependencyType::normal;
    });
    add_type_dependency(step, changed, to);
    step.put(std::move(changed));
}

std::string
why_rewritten(Step& step, const Object& column, const AlterColumnType& alter, TypeRef to) {
    if (alter.using_) return fmt::format("USING computes every \"{}\" anew", column.name);
    return fmt::format("{} becomes {}",
                       format_type(step.resolver(), column.as<ColumnDetails>().type),
                       format_type(step.resolver(), to));
}

std::string why_unknown(Step& step, const Object& column, TypeRef to) {
    const analyze::Types types(step.resolver());
    const auto is_timestamp = [&](TypeRef type) {
        return analyze::is_type(types.base(type), catalog::type_oid::timestamp) ||
               analyze::is_type(types.base(type), catalog::type_oid::timestamptz);
    };
    return is_timestamp(column.as<ColumnDetails>().type) && is_timestamp(to)
               ? "the values keep their bits where TimeZone is UTC, and there alone"
               : "what the types are is not known";
}

/// What the new type costs on the relation's rows or on a descendant's.
void note_work(Step& step,
               const Object& relation,
               const Object& column,
               const AlterColumnType& alter,
               TypeRef to) {
    if (!stores_rows(relation)) return;
    const TypeChange change = type_change(step, column, alter, to);
    if (change == TypeChange::rewrite) {
        step.work(Work::Kind::rewrite, relation.id, why_rewritten(step, column, alter, to));
        note_key_checks(step, relation, column);
    } else {
        if (change == TypeChange::unknown) {
            step.possible_work(Work::Kind::rewrite, relation.id, why_unknown(step, column, to));
        }
        note_rebuilds(step, column, alter, to);
    }
    if (change != TypeChange::none && !step.empty(relation.id)) {
        step.doubt(fmt::format("values of \"{}\" may not convert", alter.column.text));
    }
}

/// Null after a refusal, and for a column that was never seen.
const Object* column_to_retype(Step& step, const Object& relation, const AlterColumnType& alter) {
    const Object* column = altered_column(step, relation, alter.column);
    if (column == nullptr) {
        const bool unseen = !step.refused() && stores_rows(relation);
        if (unseen) {
            step.possible_work(Work::Kind::rewrite, relation.id,
                               "which type the column has is not known");
        }
        return nullptr;
    }
    return may_change_type(step, relation, *column, alter) ? column : nullptr;
}

void alter_type(Step& step, const AlterColumnType& alter) {
    const Object* found = altered_table(step, alter.relation, LockMode::access_exclusive,
                                        "ALTER COLUMN ... SET DATA TYPE");
    if (found == nullptr) return;
    const Object relation = *found;
    lock_descendants(step, relation, LockMode::access_exclusive);
    const Object* present = column_to_retype(step, relation, alter);
    if (present == nullptr) return;
    const Object column = *present;
    const analyze::Binder::BoundType type = step.binder().bind_type(alter.type);
    for (const analyze::Use& use : type.uses)
        step.depend(use.object, use.span);
    if (type.problem) {
        step.refuse(*type.problem);
        return;
    }
    if (type.serial) {
        step.refuse("42704", fmt::format("type \"{}\" does not exist", to_string(alter.type.name)),
                    alter.type.name.span());
        return;
    }
    if (!type.doubt.empty()) step.doubt(type.doubt);
    const TypeRef to = type.type;
    if (!takes_collation(step, alter.collation, to)) return;
    step.target(column.id);
    step.target(relation.id);
    const auto same = [&](const Retyped& other) { return other.column == column.id; };
    if (std::ranges::any_of(step.database().retyped, same)) {
        step.refuse("0A000", fmt::format("cannot alter type of column \"{}\" twice", column.name),
                    alter.column.span);
        return;
    }
    if (!values_follow(step, relation, column, alter, to)) return;
    if (!row_type_is_free(step, relation)) return;
    if (!identity_follows(step, column, to)) return;
    if (!default_follows(step, column, to)) return;
    if (!type_is_free(step, relation, column)) return;
    rebuild_keys(step, relation, column);
    note_work(step, relation, column, alter, to);
    retype(step, column, to, alter.collation);
    for (const ObjectId id : catalog::descendants(step.catalog(), relation.id)) {
        const Object* inherited = step.catalog().find(NameSpace::column, id, column.name);
        if (inherited == nullptr || !type_is_free(step, step.catalog().at(id), *inherited))
            continue;
        const Object child = *inherited;
        note_work(step, step.catalog().at(id), child, alter, to);
        retype(step, child, to, alter.collation);
    }
}

} // namespace

void apply(Step& step, const AlterColumnType& alter) {
    std::vector<Retyped>& retyped = step.database().retyped;
    if (step.first_of_kind()) retyped.clear();
    alter_type(step, alter);
    if (step.last_of_kind() && !step.refused()) remake_dependents(step, retyped);
}

} // namespace ordain::replay
