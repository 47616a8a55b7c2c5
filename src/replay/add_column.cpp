#include "catalog/inheritance.hpp"
#include "catalog/rows.hpp"
#include "replay/actions.hpp"
#include "replay/alter_table.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

using Kind = ConstraintDefinition::Kind;

/// What a column's domain, and those that it is made of, ask of new values.
struct Domains {
    bool constrained = false; ///< NOT NULL or a CHECK (DomainHasConstraints).
    bool not_null = false;
    bool volatile_default = false; ///< Of the outermost that has a default.
};
Domains domains_of(const Catalog& catalog, TypeRef type) {
    Domains found;
    bool has_default = false;
    const Object* object = type.array ? nullptr : catalog.find(type.type);
    while (object != nullptr && object->kind == ObjectKind::domain) {
        const auto& details = object->as<DomainDetails>();
        found.not_null = found.not_null || details.not_null;
        found.constrained =
            found.constrained || details.not_null || !catalog.children(object->id).empty();
        if (!has_default) found.volatile_default = details.default_volatility == 'v';
        has_default = has_default || !details.default_.empty();
        object = details.base.array ? nullptr : catalog.find(details.base.type);
    }
    return found;
}

/// Why every row is written anew (manual, ALTER TABLE, Notes; tablecmds.c ATExecAddColumn).
struct RewriteReason {
    std::string why; ///< Empty: it is not.
    bool certain = true;
};
RewriteReason rewrite_reason(Step& step, const ColumnDefinition& column, ObjectId column_id) {
    const auto has = [&](Kind kind) {
        return std::ranges::count(column.constraints, kind, &ConstraintDefinition::kind) > 0;
    };
    if (has(Kind::identity)) return {.why = "an identity column gets a number in every row"};
    if (has(Kind::generated)) return {.why = "a generated column is computed for every row"};
    if (step.binder().bind_type(column.type).serial) {
        return {.why = "a serial column gets a number in every row"};
    }
    for (const ConstraintDefinition& constraint : column.constraints) {
        if (constraint.kind != Kind::default_) continue;
        const TypeRef type = column_type(step.catalog(), column_id);
        const analyze::Bound bound =
            step.binder().bind_value(*constraint.expression, nullptr, type, column.name.text);
        if (is_volatile(bound)) return {.why = "the default is volatile"};
        if (bound.volatility == '?') {
            step.doubt("whether the default is volatile is not known");
            return {.why = "whether the default is volatile is not known", .certain = false};
        }
    }
    const Domains domains = domains_of(step.catalog(), column_type(step.catalog(), column_id));
    const bool own_default = has(Kind::default_);
    if (!own_default && domains.volatile_default)
        return {.why = "the domain's default is volatile"};
    if (!domains.constrained) return {};
    return {.why = "the domain's constraints are checked for every row"};
}

void note_rewrite(Step& step, const Object& relation, const RewriteReason& reason) {
    if (reason.why.empty()) return;
    for (const ObjectId id : stores_of(step.catalog(), relation)) {
        if (reason.certain)
            step.work(Work::Kind::rewrite, id, reason.why);
        else
            step.possible_work(Work::Kind::rewrite, id, reason.why);
    }
}

/// What a key or check over the new column meets in the rows that are there.
Relation state_of_new_column(Step& step, const ColumnDefinition& column) {
    if (step.binder().bind_type(column.type).serial) return Relation::existing;
    for (const ConstraintDefinition& constraint : column.constraints) {
        if (constraint.kind == Kind::generated) return Relation::existing;
        if (constraint.kind != Kind::default_) continue;
        const bool null = constraint.expression->kind == Expression::Kind::null_constant;
        return null ? Relation::null_column : Relation::existing;
    }
    return Relation::bare_column;
}

void check_new_values(Step& step,
                      const Object& relation,
                      const ColumnDefinition& column,
                      ObjectId column_id) {
    const Object& made = step.catalog().at(column_id);
    const auto& details = made.as<ColumnDetails>();
    const bool not_null = details.not_null || domains_of(step.catalog(), details.type).not_null;
    if (!not_null || catalog::fills_itself(step.catalog(), details) || step.empty(relation.id))
        return;
    step.doubt(fmt::format(R"(rows of "{}" would hold null in the new column "{}")", relation.name,
                           column.name.text));
}

/// A new column with a value of its own changes the rows that other tables hold.
bool row_type_takes(Step& step, const Object& relation, const Object& column) {
    const bool table =
        relation.kind == ObjectKind::table || relation.kind == ObjectKind::partitioned_table;
    const bool filled = catalog::fills_itself(step.catalog(), column.as<ColumnDetails>());
    return !table || !filled || row_type_is_free(step, relation);
}

/// Children get the column too, or merge it with one of their own (ATExecAddColumn).
void add_to_descendants(Step& step, const Object& relation, const ColumnDefinition& definition) {
    const std::string& name = definition.name.text;
    const ObjectId added = step.catalog().find(NameSpace::column, relation.id, name)->id;
    for (const ObjectId id : catalog::descendants(step.catalog(), relation.id)) {
        const Object* own = step.catalog().find(NameSpace::column, id, name);
        const TypeRef type = column_type(step.catalog(), added);
        if (own != nullptr && own->as<ColumnDetails>().type != type) {
            step.refuse("42804",
                        fmt::format(R"(child table "{}" has different type for column "{}")",
                                    step.catalog().at(id).name, name),
                        definition.name.span);
            return;
        }
        if (own == nullptr) add_column(step, id, definition, Relation::existing);
        if (step.refused()) return;
        if (own == nullptr) add_generated(step, id, definition);
        const Object* made = step.catalog().find(NameSpace::column, id, name);
        if (made == nullptr) continue;
        Object child = *made;
        child.as<ColumnDetails>().inherited = true;
        step.put(std::move(child));
    }
}

} // namespace

void apply(Step& step, const AddColumn& add) {
    const Object* found =
        altered_table(step, add.relation, LockMode::access_exclusive, "ADD COLUMN");
    if (found == nullptr) return;
    const Object relation = *found;
    if (relation.as<RelationDetails>().is_partition) {
        step.refuse("42809", "cannot add column to a partition", add.column.name.span);
        return;
    }
    lock_descendants(step, relation, LockMode::access_exclusive);
    const ObjectId column = add_column(step, relation.id, add.column, Relation::existing);
    if (column == no_object || step.refused()) return;
    step.target(column);
    step.target(relation.id);
    add_generated(step, relation.id, add.column);
    if (step.refused()) return;
    note_rewrite(step, relation, rewrite_reason(step, add.column, column));
    check_new_values(step, relation, add.column, column);
    if (!row_type_takes(step, relation, step.catalog().at(column))) return;
    add_to_descendants(step, relation, add.column);
    if (step.refused()) return;
    add_column_constraints(step, relation.id, add.column, state_of_new_column(step, add.column));
}

} // namespace ordain::replay
