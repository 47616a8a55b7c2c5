#include "analyze/types.hpp"
#include "catalog/builtin.hpp"
#include "replay/generated_names.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

using Kind = ConstraintDefinition::Kind;

constexpr std::array<std::string_view, 6> system_columns = {"tableoid", "xmin", "cmin",
                                                            "xmax",     "cmax", "ctid"};

const ConstraintDefinition* find_kind(const ColumnDefinition& definition, Kind kind) {
    const auto found = std::ranges::find(definition.constraints, kind, &ConstraintDefinition::kind);
    return found == definition.constraints.end() ? nullptr : &*found;
}

std::ptrdiff_t count_kind(const ColumnDefinition& definition, Kind kind) {
    return std::ranges::count(definition.constraints, kind, &ConstraintDefinition::kind);
}

/// Contradictions that transformColumnDefinition refuses with 42601.
bool clauses_agree(Step& step,
                   const Object& relation,
                   const ColumnDefinition& definition,
                   bool serial) {
    const auto at = [&](std::string_view what) {
        return fmt::format(R"({} for column "{}" of table "{}")", what, definition.name.text,
                           relation.name);
    };
    const std::ptrdiff_t defaults = count_kind(definition, Kind::default_) + (serial ? 1 : 0);
    const std::ptrdiff_t identities = count_kind(definition, Kind::identity);
    const std::ptrdiff_t generated = count_kind(definition, Kind::generated);
    const bool not_null =
        find_kind(definition, Kind::not_null) != nullptr || serial || identities > 0;
    const Span span = definition.name.span;
    if (defaults > 1) return step.refuse("42601", at("multiple default values specified"), span);
    if (identities > 1) {
        return step.refuse("42601", at("multiple identity specifications"), span);
    }
    if (find_kind(definition, Kind::null) != nullptr && not_null) {
        return step.refuse("42601", at("conflicting NULL/NOT NULL declarations"), span);
    }
    if (defaults > 0 && identities > 0) {
        return step.refuse("42601", at("both default and identity specified"), span);
    }
    if (defaults > 0 && generated > 0) {
        return step.refuse("42601", at("both default and generation expression specified"), span);
    }
    return true;
}

/// The option of a sequence that counts in the column's type; bigint is what it has without one.
std::vector<std::string> sequence_type(TypeRef type) {
    const auto oid = static_cast<catalog::Oid>(type.type);
    if (oid == catalog::type_oid::int4) return {"as=int4"};
    if (oid == catalog::type_oid::int2) return {"as=int2"};
    return {};
}

void add_serial_sequence(Step& step, Object& column, const Object& relation) {
    std::string name = choose_relation_name(step.catalog(), relation.schema, relation.name,
                                            column.name, "seq", NameUse::relation);
    const ObjectId sequence =
        make_sequence(step, relation.schema, std::move(name), column.id, DependencyType::automatic,
                      sequence_type(column.as<ColumnDetails>().type));
    auto& details = column.as<ColumnDetails>();
    details.has_default = true;
    details.not_null = true;
    details.default_.append("nextval('");
    details.default_.append(sequence);
    details.default_.append("'::regclass)");
    add_dependency(column, sequence, DependencyType::of_default);
}

bool bind_default(Step& step, Object& column, const ConstraintDefinition& clause) {
    auto& details = column.as<ColumnDetails>();
    const analyze::Bound bound =
        step.binder().bind_value(*clause.expression, nullptr, details.type, column.name);
    if (!step.accept(bound)) return false;
    if (bound.null) return true; // Stored as no default (AddRelationNewConstraints).
    details.has_default = true;
    details.default_ = bound.text;
    add_dependencies(column, bound.depends, DependencyType::of_default);
    return true;
}

bool bind_generated(Step& step,
                    Object& column,
                    const Object& relation,
                    const ConstraintDefinition& clause) {
    auto& details = column.as<ColumnDetails>();
    const std::vector<analyze::ScopeRelation> scope = {step.binder().scope_of(relation.id)};
    const analyze::Bound bound = step.binder().bind_value(
        *clause.expression, &scope, details.type, column.name, analyze::Place::generated_column);
    if (!step.accept(bound)) return false;
    details.has_default = true;
    details.generated = 's';
    details.default_ = bound.text;
    add_dependencies(column, bound.depends, DependencyType::normal);
    return true;
}

/// Attributes that only keys, exclusions and references take (transformConstraintAttrs).
bool attributes_fit(Step& step, const ColumnDefinition& definition) {
    for (const ConstraintDefinition& constraint : definition.constraints) {
        const bool takes = constraint.kind == Kind::primary_key ||
                           constraint.kind == Kind::unique || constraint.kind == Kind::exclusion ||
                           constraint.kind == Kind::foreign_key;
        if (takes || !constraint.deferrable) continue;
        return step.refuse("42601", "misplaced DEFERRABLE clause", constraint.span);
    }
    return true;
}

/// CheckAttributeType.
bool may_be_stored(Step& step,
                   const Object& relation,
                   const ColumnDefinition& definition,
                   const analyze::Binder::BoundType& type) {
    const Span span = definition.type.span;
    if (definition.type.setof) {
        return step.refuse(
            "42P16", fmt::format("column \"{}\" cannot be declared SETOF", definition.name.text),
            span);
    }
    if (type.serial && type.type.array) {
        return step.refuse("0A000", "array of serial is not implemented", span);
    }
    const catalog::BuiltinType* shipped =
        type.type.array ? nullptr : analyze::Types::description(type.type);
    if (shipped != nullptr && shipped->kind == catalog::TypeKind::pseudo) {
        return step.refuse("42P16",
                           fmt::format("column \"{}\" has pseudo-type {}", definition.name.text,
                                       format_type_name(step.resolver(), type.type)),
                           span);
    }
    if (type.type.type != relation.id) return true;
    return step.refuse("42P16",
                       fmt::format("composite type {} cannot be made a member of itself",
                                   format_type_name(step.resolver(), {.type = relation.id})),
                       span);
}

bool column_name_is_free(Step& step, const Object& relation, const ColumnDefinition& definition) {
    const Identifier& name = definition.name;
    if (!is_no_system_column(step, name)) return false;
    const catalog::Lookup lookup = step.resolver().column(relation.id, name.text);
    if (lookup.absent() || lookup.assumed) return true;
    if (lookup.state == catalog::Lookup::State::maybe) {
        step.doubt(lookup.reason);
        if (lookup.object == nullptr) return true;
    }
    if (step.action().guard == Guard::if_not_exists) {
        step.note_other_maker(lookup.id);
        step.skip();
        return false;
    }
    return step.refuse(
        "42701",
        fmt::format(R"(column "{}" of relation "{}" already exists)", name.text, relation.name),
        name.span);
}

} // namespace

bool is_no_system_column(Step& step, const Identifier& name) {
    if (std::ranges::count(system_columns, name.text) == 0) return true;
    return step.refuse(
        "42701", fmt::format("column name \"{}\" conflicts with a system column name", name.text),
        name.span);
}

bool counts(TypeRef type) {
    return analyze::is_type(type, catalog::type_oid::int2) ||
           analyze::is_type(type, catalog::type_oid::int4) ||
           analyze::is_type(type, catalog::type_oid::int8);
}

bool identity_fits(Step& step, TypeRef type, Span span) {
    if (!type.known() || counts(type)) return true;
    return step.refuse("22023", "identity column type must be smallint, integer, or bigint", span);
}

bool is_volatile(const analyze::Bound& bound) {
    return bound.volatility == 'v';
}

TypeRef column_type(const Catalog& catalog, ObjectId column) {
    const Object* object = catalog.find(column);
    const auto* details = object == nullptr ? nullptr : object->get_if<ColumnDetails>();
    return details == nullptr ? TypeRef{} : details->type;
}

void add_dependency(Object& object, ObjectId on, DependencyType type) {
    if (is_builtin(on) || on == object.id) return;
    const Dependency dependency{.on = on, .type = type};
    if (std::ranges::count(object.depends, dependency) == 0) object.depends.push_back(dependency);
}

void add_type_dependency(Step& step, Object& object, TypeRef type) {
    if (static_cast<std::uint32_t>(type.type) < first_extension_member) {
        add_dependency(object, type.type, DependencyType::normal);
        return;
    }
    for (const ObjectId id : step.catalog().extensions()) {
        const auto* extension = catalog::find_extension(step.catalog().at(id).name);
        const auto member = static_cast<catalog::Oid>(type.type);
        const bool brings =
            extension != nullptr &&
            std::ranges::count(extension->types, member, &catalog::BuiltinType::oid) > 0;
        if (brings) add_dependency(object, id, DependencyType::normal);
    }
}

void add_dependencies(Object& object, const std::vector<ObjectId>& on, DependencyType type) {
    for (const ObjectId id : on)
        add_dependency(object, id, type);
}

std::vector<std::string> option_lines(const std::vector<Option>& options) {
    std::vector<std::string> lines;
    lines.reserve(options.size());
    for (const Option& option : options)
        lines.push_back(option.name.text + "=" + option.value);
    std::ranges::sort(lines);
    return lines;
}

ObjectId make_sequence(Step& step,
                       ObjectId schema,
                       std::string name,
                       ObjectId owned_by,
                       DependencyType ownership,
                       std::vector<std::string> options,
                       Span name_span) {
    Object sequence = step.make(ObjectKind::sequence, schema, no_object, std::move(name));
    sequence.details = SequenceDetails{.owned_by = owned_by, .options = std::move(options)};
    if (owned_by != no_object) sequence.depends.push_back({.on = owned_by, .type = ownership});
    return step.create(std::move(sequence), name_span);
}

void make_identity_sequence(Step& step,
                            const Object& relation,
                            const Object& column,
                            const std::vector<Option>& options) {
    std::string name = choose_relation_name(step.catalog(), relation.schema, relation.name,
                                            column.name, "seq", NameUse::relation);
    for (const Option& option : options) {
        if (option.name.text == "sequence_name") name = option.value;
    }
    std::vector<std::string> lines = option_lines(options);
    const bool typed =
        std::ranges::any_of(lines, [](const std::string& line) { return line.starts_with("as="); });
    if (!typed) {
        for (std::string& line : sequence_type(column.as<ColumnDetails>().type))
            lines.insert(lines.begin(), std::move(line));
    }
    make_sequence(step, relation.schema, std::move(name), column.id, DependencyType::internal,
                  std::move(lines));
}

const Object*
altered_column(Step& step, const Object& relation, const Identifier& name, std::string_view verb) {
    const Object* column = step.column(relation, name);
    if (column != nullptr || step.refused()) return column;
    if (!step.resolver().column(relation.id, name.text).present()) return nullptr;
    step.refuse("0A000", fmt::format("cannot {} system column \"{}\"", verb, name.text), name.span);
    return nullptr;
}

ObjectId
add_column(Step& step, ObjectId relation_id, const ColumnDefinition& definition, Relation state) {
    const Object& relation = step.catalog().at(relation_id);
    const analyze::Binder::BoundType type = step.binder().bind_type(definition.type);
    for (const analyze::Use& use : type.uses)
        step.depend(use.object, use.span);
    if (state == Relation::existing && !column_name_is_free(step, relation, definition)) {
        return no_object;
    }
    if (type.problem) {
        step.refuse(*type.problem);
        return no_object;
    }
    if (!type.doubt.empty()) step.doubt(type.doubt);
    const bool fits = may_be_stored(step, relation, definition, type) &&
                      attributes_fit(step, definition) &&
                      clauses_agree(step, relation, definition, type.serial) &&
                      takes_collation(step, definition.collation, type.type);
    if (!fits) return no_object;

    Object owner = step.change(relation_id);
    const std::int16_t number = owner.as<RelationDetails>().next_column++;
    step.put(std::move(owner));
    Object column = step.make(ObjectKind::column, no_object, relation_id, definition.name.text);
    ColumnDetails details;
    details.number = number;
    details.type = type.type;
    details.collation = to_string(definition.collation);
    details.not_null = find_kind(definition, Kind::not_null) != nullptr;
    column.details = std::move(details);
    add_type_dependency(step, column, type.type);
    if (type.serial) add_serial_sequence(step, column, relation);
    if (find_kind(definition, Kind::generated) != nullptr) {
        column.as<ColumnDetails>().generated = 's';
    }
    if (const auto* clause = find_kind(definition, Kind::identity)) {
        if (!identity_fits(step, type.type, clause->span)) return no_object;
        if (!sequence_options_fit(step, clause->options, {}, type.type)) return no_object;
        column.as<ColumnDetails>().identity = clause->identity_always ? 'a' : 'd';
        column.as<ColumnDetails>().not_null = true;
        make_identity_sequence(step, relation, column, clause->options);
    }
    if (const auto* clause = find_kind(definition, Kind::default_)) {
        if (!bind_default(step, column, *clause)) return no_object;
    }
    return step.create(std::move(column), definition.name.span);
}

void add_generated(Step& step, ObjectId relation, const ColumnDefinition& definition) {
    const ConstraintDefinition* clause = find_kind(definition, Kind::generated);
    if (clause == nullptr) return;
    const Object* made = step.catalog().find(NameSpace::column, relation, definition.name.text);
    Object column = *made;
    if (!bind_generated(step, column, step.catalog().at(relation), *clause)) return;
    step.put(std::move(column));
}

void add_column_constraints(Step& step,
                            ObjectId relation,
                            const ColumnDefinition& definition,
                            Relation state) {
    for (const ConstraintDefinition& constraint : definition.constraints) {
        const bool kept = constraint.kind == Kind::check || constraint.kind == Kind::primary_key ||
                          constraint.kind == Kind::unique || constraint.kind == Kind::exclusion ||
                          constraint.kind == Kind::foreign_key;
        if (kept && !step.refused()) add_constraint(step, relation, constraint, state);
    }
}

} // namespace ordain::replay
