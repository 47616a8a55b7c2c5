#include "analyze/types.hpp"
#include "catalog/builtin.hpp"
#include "catalog/inheritance.hpp"
#include "catalog/rows.hpp"
#include "replay/actions.hpp"
#include "replay/clones.hpp"
#include "replay/dependency.hpp"
#include "replay/rebind.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

using Kind = ConstraintDefinition::Kind;

/// ALTER TABLE finds relations of any kind and then says which it cannot alter.
const Object* altered(Step& step, const QualifiedName& name, LockMode mode) {
    const Object* relation = step.relation(name, mode);
    if (relation == nullptr) return nullptr;
    const bool fits =
        is_of_kind(step, *relation, step.action().written_for, KindUse::alter, name.span());
    return fits ? relation : nullptr;
}

/// Forms that only tables of one sort or another take.
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

// ---- ADD COLUMN

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

/// Whether every row is written anew (manual, ALTER TABLE, Notes; tablecmds.c ATExecAddColumn).
std::string rewrite_reason(Step& step, const ColumnDefinition& column, ObjectId column_id) {
    const auto has = [&](Kind kind) {
        return std::ranges::count(column.constraints, kind, &ConstraintDefinition::kind) > 0;
    };
    if (has(Kind::identity)) return "an identity column gets a number in every row";
    if (has(Kind::generated)) return "a stored generated column is computed for every row";
    if (step.binder().bind_type(column.type).serial) {
        return "a serial column gets a number in every row";
    }
    for (const ConstraintDefinition& constraint : column.constraints) {
        if (constraint.kind != Kind::default_) continue;
        const TypeRef type = column_type(step.catalog(), column_id);
        const analyze::Bound bound =
            step.binder().bind_value(*constraint.expression, nullptr, type, column.name.text);
        if (is_volatile(bound)) return "the default is volatile";
        if (bound.volatility == '?') step.doubt("whether the default is volatile is not known");
        const bool null = constraint.expression->kind == Expression::Kind::null_constant;
        if (step.database().postgres < 11 && !null) return "the default is written to every row";
    }
    const Domains domains = domains_of(step.catalog(), column_type(step.catalog(), column_id));
    const bool own_default = has(Kind::default_);
    if (!own_default && domains.volatile_default) return "the domain's default is volatile";
    return domains.constrained ? "the domain's constraints are checked for every row"
                               : std::string();
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
    if (!not_null || fills_itself(step.catalog(), details) || step.empty(relation.id)) return;
    step.doubt(fmt::format(R"(rows of "{}" would hold null in the new column "{}")", relation.name,
                           column.name.text));
}

void note_rewrite(Step& step, const Object& relation, const std::string& why) {
    const bool stored =
        relation.kind == ObjectKind::table || relation.kind == ObjectKind::materialized_view;
    if (stored) step.work(Work::Kind::rewrite, relation.id, why);
    for (const ObjectId id : catalog::descendants(step.catalog(), relation.id)) {
        step.work(Work::Kind::rewrite, id, why);
    }
}

// ---- what the columns of other tables and a partition key hold fast

/// A table whose rows are stored in a column of another cannot change them
/// (find_composite_type_dependencies). Domains and composite types may stand between.
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

/// A new column with a value of its own changes the rows that other tables hold.
bool row_type_takes(Step& step, const Object& relation, const Object& column) {
    const bool table =
        relation.kind == ObjectKind::table || relation.kind == ObjectKind::partitioned_table;
    const bool filled = fills_itself(step.catalog(), column.as<ColumnDetails>());
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

// ---- ALTER COLUMN TYPE

/// How the stored values follow a type change (ATColumnChangeRequiresRewrite).
enum class TypeChange { none, rewrite, unknown };

bool same_length_rules(TypeRef from, TypeRef to) {
    return from.type == to.type && from.modifier == to.modifier;
}

/// Length coercions that only widen are no-ops (varchar_support, numeric_support,
/// timestamp_support ... of PostgreSQL 9.2 and later).
bool only_widens(TypeRef from, TypeRef to) {
    if (to.modifier == -1) return static_cast<catalog::Oid>(to.type) != catalog::type_oid::bpchar;
    if (from.modifier == -1) return false;
    switch (static_cast<catalog::Oid>(to.type)) {
    case catalog::type_oid::varchar:
    case catalog::type_oid::varbit: return to.modifier >= from.modifier;
    case catalog::type_oid::numeric: {
        const std::int32_t from_scale = (from.modifier - 4) & 0x7FF;
        const std::int32_t to_scale = (to.modifier - 4) & 0x7FF;
        const std::int32_t from_precision = (from.modifier - 4) >> 16;
        const std::int32_t to_precision = (to.modifier - 4) >> 16;
        return from_scale == to_scale && to_precision >= from_precision;
    }
    case catalog::type_oid::time:
    case catalog::type_oid::timetz:
    case catalog::type_oid::timestamp:
    case catalog::type_oid::timestamptz: return to.modifier >= from.modifier || to.modifier == 6;
    default: return false;
    }
}

bool timestamps(TypeRef left, TypeRef right) {
    const auto is = [](TypeRef type, catalog::Oid oid) {
        return static_cast<catalog::Oid>(type.type) == oid;
    };
    return (is(left, catalog::type_oid::timestamp) && is(right, catalog::type_oid::timestamptz)) ||
           (is(left, catalog::type_oid::timestamptz) && is(right, catalog::type_oid::timestamp));
}

/// timestamp to timestamptz keeps its bits while the session's time zone is UTC (PostgreSQL 12).
bool utc_session(const Session& session) {
    const auto zone = session.settings.find("timezone");
    if (zone == session.settings.end()) return false;
    std::string name = zone->second;
    std::ranges::transform(name, name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return name == "utc" || name == "gmt" || name == "0" || name == "etc/utc";
}

TypeChange type_change(Step& step, TypeRef from, TypeRef to) {
    if (!from.known() || !to.known()) return TypeChange::unknown;
    if (same_length_rules(from, to) && from.array == to.array) return TypeChange::none;
    if (from.array || to.array) {
        const bool same = from.array == to.array && from.type == to.type && only_widens(from, to);
        return same ? TypeChange::none : TypeChange::rewrite;
    }
    if (from.type == to.type) return only_widens(from, to) ? TypeChange::none : TypeChange::rewrite;
    if (!is_builtin(from.type) || !is_builtin(to.type)) {
        const Object* domain = step.catalog().find(to.type);
        const bool constrained = domain != nullptr && domain->get_if<DomainDetails>() != nullptr;
        return constrained ? TypeChange::unknown : TypeChange::rewrite;
    }
    if (timestamps(from, to)) {
        const bool utc = step.database().postgres >= 12 && utc_session(step.session());
        return utc && only_widens(from, to) ? TypeChange::none : TypeChange::rewrite;
    }
    const bool coercible = catalog::is_binary_coercible(static_cast<catalog::Oid>(from.type),
                                                        static_cast<catalog::Oid>(to.type));
    const TypeRef same_type{.type = to.type, .modifier = from.modifier};
    return coercible && only_widens(same_type, to) ? TypeChange::none : TypeChange::rewrite;
}

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

std::vector<std::string> identity_options(const Catalog& catalog, ObjectId column) {
    for (const ObjectId id : catalog.dependents(column)) {
        const auto* sequence = catalog.at(id).get_if<SequenceDetails>();
        if (sequence != nullptr && sequence->owned_by == column) return sequence->options;
    }
    return {};
}

void note_new_values(Step& step,
                     const Object& relation,
                     const Object& column,
                     const AlterColumnType& alter,
                     TypeRef to) {
    const TypeChange change = type_change(step, column.as<ColumnDetails>().type, to);
    const bool rewrites = alter.using_ ? change != TypeChange::none : change == TypeChange::rewrite;
    if (!rewrites) return;
    note_rewrite(step, relation, "the stored values change with the type");
    if (!step.empty(relation.id)) {
        step.doubt(fmt::format("values of \"{}\" may not convert", alter.column.text));
    }
}

/// Null after a refusal, and for a column that was never seen.
const Object* column_to_retype(Step& step, const Object& relation, const AlterColumnType& alter) {
    const Object* column = altered_column(step, relation, alter.column);
    if (column == nullptr) return nullptr;
    return may_change_type(step, relation, *column, alter) ? column : nullptr;
}

void alter_type(Step& step, const AlterColumnType& alter) {
    const Object* found = altered_table(step, alter.relation, LockMode::access_exclusive,
                                        "ALTER COLUMN ... SET DATA TYPE");
    if (found == nullptr) return;
    const Object relation = *found;
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
    note_new_values(step, relation, column, alter, to);
    retype(step, column, to, alter.collation);
    for (const ObjectId id : catalog::descendants(step.catalog(), relation.id)) {
        const Object* inherited = step.catalog().find(NameSpace::column, id, column.name);
        if (inherited == nullptr || !type_is_free(step, step.catalog().at(id), *inherited))
            continue;
        retype(step, Object(*inherited), to, alter.collation);
    }
}

// ---- DROP CONSTRAINT and friends

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

/// A valid CHECK (column IS NOT NULL) spares SET NOT NULL its scan (PostgreSQL 12,
/// NotNullImpliedByRelConstraints).
bool not_null_is_proved(Step& step, const Object& relation, const Object& column) {
    Expression reference;
    reference.kind = Expression::Kind::column_reference;
    reference.names.push_back({.text = column.name, .span = {}});
    Expression condition;
    condition.kind = Expression::Kind::is_not_null;
    condition.operands.push_back(std::move(reference));
    const std::vector<analyze::ScopeRelation> scope = {step.binder().scope_of(relation.id)};
    const analyze::Bound proof = step.binder().bind_condition(condition, &scope, "CHECK");
    const auto proves = [&](ObjectId id) {
        const auto* check = step.catalog().at(id).get_if<ConstraintDetails>();
        return check != nullptr && check->kind == Kind::check && check->validated &&
               check->expression == proof.text;
    };
    return std::ranges::any_of(step.catalog().children(relation.id), proves);
}

// ---- what goes down to children

/// A column's default is that of the children's as well.
void give_default(Step& step, ObjectId relation, const Object& column) {
    const auto& details = column.as<ColumnDetails>();
    for (const ObjectId id : catalog::descendants(step.catalog(), relation)) {
        const Object* inherited = step.catalog().find(NameSpace::column, id, column.name);
        if (inherited == nullptr) continue;
        Object child = step.change(inherited->id);
        child.as<ColumnDetails>().has_default = details.has_default;
        child.as<ColumnDetails>().default_ = details.default_;
        std::erase_if(child.depends, [](const Dependency& dependency) {
            return dependency.type == DependencyType::of_default;
        });
        for (const Dependency& dependency : column.depends) {
            if (dependency.type == DependencyType::of_default)
                add_dependency(child, dependency.on, dependency.type);
        }
        step.put(std::move(child));
    }
}

/// A partition holds null only where its parent does (ATExecDropNotNull).
bool parent_allows_null(Step& step, const Object& relation, const Object& column, Span span) {
    const auto& details = relation.as<RelationDetails>();
    if (!details.is_partition || details.parents.empty()) return true;
    const Object* above =
        step.catalog().find(NameSpace::column, details.parents.front(), column.name);
    if (above == nullptr || !above->as<ColumnDetails>().not_null) return true;
    return step.refuse("42P16",
                       fmt::format("column \"{}\" is marked NOT NULL in parent table", column.name),
                       span);
}

// ---- INHERIT, ATTACH and their opposites

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
    if (std::string why = rewrite_reason(step, add.column, column); !why.empty()) {
        note_rewrite(step, relation, why);
    }
    check_new_values(step, relation, add.column, column);
    if (!row_type_takes(step, relation, step.catalog().at(column))) return;
    add_to_descendants(step, relation, add.column);
    if (step.refused()) return;
    add_column_constraints(step, relation.id, add.column, state_of_new_column(step, add.column));
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

void apply(Step& step, const SetColumnDefault& set) {
    const Object* relation = altered(step, set.relation, LockMode::access_exclusive);
    if (relation == nullptr) return;
    const Object* column = altered_column(step, *relation, set.column);
    if (column == nullptr) return;
    const auto& present = column->as<ColumnDetails>();
    if (present.identity != '\0' || present.generated != '\0') {
        step.refuse(
            "42601",
            fmt::format(R"(column "{}" of relation "{}" is {})", set.column.text, relation->name,
                        present.identity != '\0' ? "an identity column" : "a generated column"),
            set.column.span);
        return;
    }
    step.target(column->id);
    Object changed = step.change(column->id);
    auto& details = changed.as<ColumnDetails>();
    details.has_default = false;
    details.default_ = {};
    std::erase_if(changed.depends, [](const Dependency& dependency) {
        return dependency.type == DependencyType::of_default;
    });
    if (set.value) {
        const analyze::Bound bound =
            step.binder().bind_value(*set.value, nullptr, details.type, set.column.text);
        if (!step.accept(bound)) return;
        if (!bound.null) {
            details.has_default = true;
            details.default_ = bound.text;
            add_dependencies(changed, bound.depends, DependencyType::of_default);
        }
    }
    const Object made = changed;
    step.put(std::move(changed));
    give_default(step, relation->id, made);
}

void apply(Step& step, const SetColumnNotNull& set) {
    const Object* found = altered_table(step, set.relation, LockMode::access_exclusive,
                                        "ALTER COLUMN ... SET NOT NULL");
    if (found == nullptr) return;
    const Object relation = *found;
    const Object* column = altered_column(step, relation, set.column);
    if (column == nullptr) return;
    step.target(column->id);
    step.target(relation.id);
    const auto& details = column->as<ColumnDetails>();
    if (details.not_null == set.not_null) return;
    if (!set.not_null && details.identity != '\0') {
        step.refuse("42601",
                    fmt::format(R"(column "{}" of relation "{}" is an identity column)",
                                set.column.text, relation.name),
                    set.column.span);
        return;
    }
    if (!set.not_null) {
        for (const ObjectId id : step.catalog().children(relation.id)) {
            const auto* index = step.catalog().at(id).get_if<IndexDetails>();
            const auto is_key = [&](const IndexDetails::Element& element) {
                return element.column == column->id;
            };
            if (index == nullptr || !index->primary) continue;
            if (!std::ranges::any_of(index->elements, is_key)) continue;
            step.refuse("42P16", fmt::format("column \"{}\" is in a primary key", set.column.text),
                        set.column.span);
            return;
        }
    }
    if (!set.not_null && !parent_allows_null(step, relation, *column, set.column.span)) return;
    for (const ObjectId id : catalog::descendants(step.catalog(), relation.id)) {
        const Object* inherited = step.catalog().find(NameSpace::column, id, column->name);
        if (inherited == nullptr) continue;
        Object child = step.change(inherited->id);
        child.as<ColumnDetails>().not_null = set.not_null;
        step.put(std::move(child));
        if (set.not_null && !step.empty(id)) step.doubt("rows of a child table may hold null");
    }
    Object changed = step.change(column->id);
    changed.as<ColumnDetails>().not_null = set.not_null;
    const bool proved =
        step.database().postgres >= 12 && not_null_is_proved(step, relation, *column);
    step.put(std::move(changed));
    if (!set.not_null || proved) return;
    step.work(Work::Kind::scan, relation.id, "NOT NULL is tried on every row");
    if (!step.empty(relation.id)) {
        step.doubt(
            fmt::format(R"(rows of "{}" may hold null in "{}")", relation.name, set.column.text));
    }
}

void apply(Step& step, const AlterColumnType& alter) {
    std::vector<Retyped>& retyped = step.database().retyped;
    if (step.first_of_kind()) retyped.clear();
    alter_type(step, alter);
    if (step.last_of_kind() && !step.refused()) remake_dependents(step, retyped);
}

void apply(Step& step, const AddIdentity& add) {
    const Object* found = altered_table(step, add.relation, LockMode::access_exclusive,
                                        "ALTER COLUMN ... ADD IDENTITY");
    if (found == nullptr) return;
    const Object relation = *found;
    const Object* column = altered_column(step, relation, add.column);
    if (column == nullptr) return;
    const auto& details = column->as<ColumnDetails>();
    const auto refuse = [&](std::string_view what) {
        step.refuse(
            "55000",
            fmt::format(R"(column "{}" of relation "{}" {})", column->name, relation.name, what),
            add.column.span);
    };
    if (!identity_fits(step, details.type, add.column.span)) return;
    if (!details.not_null) return refuse("must be declared NOT NULL before identity can be added");
    if (details.identity != '\0') return refuse("is already an identity column");
    if (details.has_default) return refuse("already has a default value");
    if (!sequence_options_fit(step, add.options, {}, details.type)) return;
    Object changed = step.change(column->id);
    changed.as<ColumnDetails>().identity = add.always ? 'a' : 'd';
    step.put(std::move(changed));
    make_identity_sequence(step, relation, *column, add.options);
}

void apply(Step& step, const AlterIdentity& alter) {
    const Object* relation = altered(step, alter.relation, LockMode::access_exclusive);
    if (relation == nullptr) return;
    const Object* column = altered_column(step, *relation, alter.column);
    if (column == nullptr) return;
    if (column->as<ColumnDetails>().identity == '\0') {
        step.refuse("55000",
                    fmt::format(R"(column "{}" of relation "{}" is not an identity column)",
                                column->name, relation->name),
                    alter.column.span);
        return;
    }
    Object changed = step.change(column->id);
    if (!sequence_options_fit(step, alter.options, identity_options(step.catalog(), column->id),
                              column->as<ColumnDetails>().type))
        return;
    for (const Option& option : alter.options) {
        if (option.name.text == "generated") {
            changed.as<ColumnDetails>().identity = option.value.starts_with('a') ? 'a' : 'd';
        }
    }
    step.put(std::move(changed));
}

void apply(Step& step, const DropIdentity& drop) {
    const Object* relation = altered(step, drop.relation, LockMode::access_exclusive);
    if (relation == nullptr) return;
    const Object* column = altered_column(step, *relation, drop.column);
    if (column == nullptr) return;
    if (column->as<ColumnDetails>().identity == '\0') {
        if (step.action().guard == Guard::if_exists) return step.skip();
        step.refuse("55000",
                    fmt::format(R"(column "{}" of relation "{}" is not an identity column)",
                                column->name, relation->name),
                    drop.column.span);
        return;
    }
    const ObjectId column_id = column->id;
    Object changed = step.change(column_id);
    changed.as<ColumnDetails>().identity = '\0';
    step.put(std::move(changed));
    for (const ObjectId id : step.catalog().dependents(column_id)) {
        if (step.catalog().at(id).kind == ObjectKind::sequence) step.erase(id);
    }
}

void apply(Step& step, const DropExpression& drop) {
    const Object* relation = altered(step, drop.relation, LockMode::access_exclusive);
    if (relation == nullptr) return;
    const Object* column = altered_column(step, *relation, drop.column);
    if (column == nullptr) return;
    if (column->as<ColumnDetails>().generated == '\0') {
        if (step.action().guard == Guard::if_exists) return step.skip();
        step.refuse("55000",
                    fmt::format(R"(column "{}" of relation "{}" is not a stored generated column)",
                                column->name, relation->name),
                    drop.column.span);
        return;
    }
    Object changed = step.change(column->id);
    auto& details = changed.as<ColumnDetails>();
    details.generated = '\0';
    details.has_default = false;
    details.default_ = {};
    step.put(std::move(changed));
}

void apply(Step& step, const AddConstraint& add) {
    const bool foreign = add.constraint.kind == Kind::foreign_key;
    const LockMode mode = foreign ? LockMode::share_row_exclusive : LockMode::access_exclusive;
    const Object* relation = altered_table(step, add.relation, mode, "ADD CONSTRAINT");
    if (relation == nullptr) return;
    add_constraint(step, relation->id, add.constraint, Relation::existing);
    if (!step.refused()) step.target(relation->id);
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
    Object changed = step.change(constraint->id);
    auto& details = changed.as<ConstraintDetails>();
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
    details.validated = true;
    if (details.referenced != no_object) step.lock(details.referenced, LockMode::row_share);
    step.put(std::move(changed));
    step.work(Work::Kind::scan, table, "the constraint is tried on every row");
    if (!step.empty(table)) step.doubt("existing rows may violate the constraint");
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
    if (detach.concurrently && step.in_transaction_block()) {
        step.refuse("25001",
                    "ALTER TABLE ... DETACH CONCURRENTLY cannot run inside a transaction block",
                    {});
        return;
    }
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
