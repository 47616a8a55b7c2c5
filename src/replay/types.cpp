#include "replay/actions.hpp"
#include "replay/generated_names.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

constexpr std::size_t label_limit = 63; // NAMEDATALEN - 1, enum labels (pg_enum.c)

bool new_type_is_free(Step& step, const QualifiedName& name, ObjectId& schema) {
    schema = step.creation_schema(name);
    if (schema == no_object || step.refused()) return false;
    return type_name_is_free(step, schema, name.name);
}

/// An enum that an ALTER TYPE names; null after refusal or when it was never seen.
const Object* altered_enum(Step& step, const QualifiedName& name) {
    const catalog::Lookup lookup = step.resolver().type(name);
    if (lookup.absent()) {
        step.refuse("42704", fmt::format("type \"{}\" does not exist", to_string(name)),
                    name.span());
        return nullptr;
    }
    if (lookup.state == catalog::Lookup::State::maybe) {
        if (lookup.assumed) {
            step.database().assumed.insert(fmt::format("type \"{}\"", to_string(name)));
        } else {
            step.doubt(lookup.reason);
        }
    }
    if (lookup.object == nullptr) return nullptr;
    step.depend(lookup.id, name.span());
    if (lookup.object->kind == ObjectKind::enum_) return lookup.object;
    step.refuse("42809", fmt::format("{} is not an enum", lookup.object->name), name.span());
    return nullptr;
}

/// The tables that store values of the domain, or of domains over it, are read
/// (get_rels_with_domain).
void note_domain_scan(Step& step, ObjectId domain) {
    for (const ObjectId id : step.catalog().dependents(domain)) {
        const Object& user = step.catalog().at(id);
        const auto* over = user.get_if<DomainDetails>();
        if (over != nullptr && !over->base.array) note_domain_scan(step, id);
        if (user.kind != ObjectKind::column) continue;
        const Object& table = step.catalog().at(user.parent);
        const bool stored =
            table.kind == ObjectKind::table || table.kind == ObjectKind::materialized_view;
        if (!stored) continue;
        step.lock(table.id, LockMode::share);
        step.work(Work::Kind::scan, table.id, "every value of the domain is checked");
    }
}

void validate_domain_check(Step& step, ObjectId domain, const AlterDomain& alter) {
    const Identifier& name = alter.constraint_name;
    const Object* found = step.catalog().find(NameSpace::constraint, domain, name.text);
    if (found == nullptr) {
        step.refuse("42704",
                    fmt::format(R"(constraint "{}" of domain "{}" does not exist)", name.text,
                                step.catalog().at(domain).name),
                    name.span);
        return;
    }
    step.depend(found->id, name.span);
    Object changed = step.change(found->id);
    changed.as<ConstraintDetails>().validated = true;
    step.put(std::move(changed));
    note_domain_scan(step, domain);
    step.doubt("columns of the domain may hold values that violate the constraint");
}

} // namespace

bool type_name_is_free(Step& step, ObjectId schema, const Identifier& name) {
    const catalog::Resolver& resolver = step.resolver();
    const catalog::Lookup type = resolver.in_container(NameSpace::type, schema, name.text);
    if (type.state == catalog::Lookup::State::maybe) {
        step.doubt(type.reason);
        if (type.object == nullptr) return true;
    }
    const Object* relation = step.catalog().find(NameSpace::relation, schema, name.text);
    const bool row_type = relation != nullptr && relation->get_if<RelationDetails>() != nullptr;
    if (type.absent() && !row_type) return true;
    return step.refuse("42710", fmt::format("type \"{}\" already exists", name.text), name.span);
}

void apply(Step& step, const CreateEnum& create) {
    ObjectId schema{};
    if (!new_type_is_free(step, create.type, schema)) return;
    EnumDetails details;
    for (const Identifier& label : create.labels) {
        if (label.text.size() > label_limit) {
            step.refuse("42602", fmt::format("invalid enum label \"{}\"", label.text), label.span);
            return;
        }
        if (std::ranges::count(details.labels, label.text) > 0) {
            step.refuse("23505",
                        "duplicate key value violates unique constraint "
                        "\"pg_enum_typid_label_index\"",
                        label.span);
            return;
        }
        details.labels.push_back(label.text);
    }
    Object type = step.make(ObjectKind::enum_, schema, no_object, create.type.name.text);
    type.details = std::move(details);
    step.target(step.create(std::move(type), create.type.name.span));
}

void apply(Step& step, const AlterEnumAdd& add) {
    const Object* type = altered_enum(step, add.type);
    if (type == nullptr) return;
    step.target(type->id);
    if (step.database().postgres < 12 && !step.runs_outside_block("ALTER TYPE ... ADD")) return;
    const auto& old_labels = type->as<EnumDetails>().labels;
    if (std::ranges::count(old_labels, add.label.text) > 0) {
        if (step.action().guard == Guard::if_not_exists) return step.skip();
        step.refuse("42710", fmt::format("enum label \"{}\" already exists", add.label.text),
                    add.label.span);
        return;
    }
    Object changed = step.change(type->id);
    auto& details = changed.as<EnumDetails>();
    auto place = details.labels.end();
    if (!add.neighbor.empty()) {
        place = std::ranges::find(details.labels, add.neighbor.text);
        if (place == details.labels.end()) {
            step.refuse("22023",
                        fmt::format("\"{}\" is not an existing enum label", add.neighbor.text),
                        add.neighbor.span);
            return;
        }
        if (add.after) ++place;
    }
    details.labels.insert(place, add.label.text);
    // Since 17 values of a type that the same transaction made may be used at once.
    const bool fresh = step.database().postgres >= 17 && step.made_in_transaction(*type);
    if (step.in_transaction_block() && !fresh) details.uncommitted.push_back(add.label.text);
    step.put(std::move(changed));
}

void apply(Step& step, const AlterEnumRename& rename) {
    const Object* type = altered_enum(step, rename.type);
    if (type == nullptr) return;
    Object changed = step.change(type->id);
    auto& labels = changed.as<EnumDetails>().labels;
    const auto found = std::ranges::find(labels, rename.from.text);
    if (found == labels.end()) {
        step.refuse("22023", fmt::format("\"{}\" is not an existing enum label", rename.from.text),
                    rename.from.span);
        return;
    }
    if (std::ranges::count(labels, rename.to.text) > 0) {
        step.refuse("42710", fmt::format("enum label \"{}\" already exists", rename.to.text),
                    rename.to.span);
        return;
    }
    *found = rename.to.text;
    auto& uncommitted = changed.as<EnumDetails>().uncommitted;
    std::ranges::replace(uncommitted, rename.from.text, rename.to.text);
    step.target(type->id);
    step.put(std::move(changed));
}

void apply(Step& step, const CreateDomain& create) {
    ObjectId schema{};
    if (!new_type_is_free(step, create.domain, schema)) return;
    const analyze::Binder::BoundType base = step.binder().bind_type(create.base);
    for (const analyze::Use& use : base.uses)
        step.depend(use.object, use.span);
    if (base.problem) {
        step.refuse(*base.problem);
        return;
    }
    if (!base.doubt.empty()) step.doubt(base.doubt);
    if (!takes_collation(step, create.collation, base.type)) return;
    Object domain = step.make(ObjectKind::domain, schema, no_object, create.domain.name.text);
    DomainDetails details;
    details.base = base.type;
    std::vector<const ConstraintDefinition*> checks;
    for (const ConstraintDefinition& constraint : create.constraints) {
        if (constraint.kind == ConstraintDefinition::Kind::not_null) details.not_null = true;
        if (constraint.kind == ConstraintDefinition::Kind::check) checks.push_back(&constraint);
        if (constraint.kind != ConstraintDefinition::Kind::default_) continue;
        const analyze::Bound bound = step.binder().bind_value(*constraint.expression, nullptr,
                                                              base.type, create.domain.name.text);
        if (!step.accept(bound)) return;
        details.default_ = bound.text;
        details.default_volatility = bound.volatility;
        add_dependencies(domain, bound.depends, DependencyType::normal);
    }
    domain.details = std::move(details);
    add_type_dependency(step, domain, base.type);
    const ObjectId id = step.create(std::move(domain), create.domain.name.span);
    step.target(id);
    for (const ConstraintDefinition* check : checks)
        add_domain_check(step, id, *check);
}

void apply(Step& step, const AlterDomain& alter) {
    const catalog::Lookup lookup = step.resolver().type(alter.domain);
    if (lookup.absent()) {
        step.refuse("42704", fmt::format("type \"{}\" does not exist", to_string(alter.domain)),
                    alter.domain.span());
        return;
    }
    if (lookup.object != nullptr && lookup.object->kind != ObjectKind::domain) {
        step.refuse("42809", fmt::format("{} is not a domain", lookup.object->name),
                    alter.domain.span());
        return;
    }
    if (lookup.object == nullptr) {
        step.doubt(lookup.reason.empty() ? "the domain is not known" : lookup.reason);
        return;
    }
    const ObjectId id = lookup.id;
    step.target(id);
    step.depend(id, alter.domain.span());
    if (alter.what == "add constraint" && alter.constraint) {
        if (!alter.constraint->not_valid) {
            note_domain_scan(step, id);
            step.doubt("columns of the domain may hold values that violate the constraint");
        }
        return add_domain_check(step, id, *alter.constraint);
    }
    if (alter.what == "validate constraint") return validate_domain_check(step, id, alter);
    if (alter.what == "drop constraint") {
        const Object* found =
            step.catalog().find(NameSpace::constraint, id, alter.constraint_name.text);
        if (found != nullptr) return step.erase(found->id);
        if (step.action().guard == Guard::if_exists) return step.skip();
        step.refuse("42704",
                    fmt::format(R"(constraint "{}" of domain "{}" does not exist)",
                                alter.constraint_name.text, lookup.object->name),
                    alter.constraint_name.span);
        return;
    }
    Object changed = step.change(id);
    auto& details = changed.as<DomainDetails>();
    if (alter.what == "set not null") {
        if (!details.not_null) note_domain_scan(step, id);
        details.not_null = true;
        step.doubt("columns of the domain may hold null");
    } else if (alter.what == "drop not null") {
        details.not_null = false;
    } else if (alter.what == "drop default") {
        details.default_ = {};
        details.default_volatility = 'i';
    } else if (alter.what == "set default" && alter.value) {
        const analyze::Bound bound =
            step.binder().bind_value(*alter.value, nullptr, details.base, changed.name);
        if (!step.accept(bound)) return;
        details.default_ = bound.text;
        details.default_volatility = bound.volatility;
    }
    step.put(std::move(changed));
}

void apply(Step& step, const CreateCompositeType& create) {
    ObjectId schema{};
    if (!new_type_is_free(step, create.type, schema)) return;
    for (const ColumnDefinition& attribute : create.attributes) {
        const analyze::Binder::BoundType bound = step.binder().bind_type(attribute.type);
        if (bound.problem) {
            step.refuse(*bound.problem);
            return;
        }
    }
    Object type = step.make(ObjectKind::composite_type, schema, no_object, create.type.name.text);
    type.details = RelationDetails{};
    const ObjectId id = step.create(std::move(type), create.type.name.span);
    step.target(id);
    for (const ColumnDefinition& attribute : create.attributes) {
        if (!step.refused()) add_column(step, id, attribute, Relation::fresh);
    }
}

void apply(Step& step, const CreateRange& create) {
    ObjectId schema{};
    if (!new_type_is_free(step, create.type, schema)) return;
    const analyze::Binder::BoundType subtype = step.binder().bind_type(create.subtype);
    if (subtype.problem) {
        step.refuse(*subtype.problem);
        return;
    }
    Object range = step.make(ObjectKind::range, schema, no_object, create.type.name.text);
    GenericDetails details;
    for (const std::string& line : option_lines(create.options))
        details.definition += line + ";";
    range.details = std::move(details);
    add_dependency(range, subtype.type.type, DependencyType::normal);
    step.target(step.create(std::move(range), create.type.name.span));
}

void add_domain_check(Step& step, ObjectId domain_id, const ConstraintDefinition& definition) {
    const Object domain = step.catalog().at(domain_id);
    std::string name = definition.name.text;
    if (name.empty()) {
        name = choose_constraint_name(step.catalog(), domain.schema, domain.name, "", "check");
    } else if (step.catalog().find(NameSpace::constraint, domain_id, name) != nullptr) {
        step.refuse(
            "42710",
            fmt::format(R"(constraint "{}" for domain "{}" already exists)", name, domain.name),
            definition.name.span);
        return;
    }
    const analyze::ScopeColumn value{
        .name = "value", .type = domain.as<DomainDetails>().base, .column = {}};
    const std::vector<analyze::ScopeRelation> scope = {
        {.alias = {}, .relation = {}, .columns = {value}, .open = false}};
    const analyze::Bound bound =
        step.binder().bind_condition(*definition.expression, &scope, "CHECK");
    if (!step.accept(bound)) return;
    Object constraint =
        step.make(ObjectKind::constraint, domain.schema, domain_id, std::move(name));
    ConstraintDetails details;
    details.kind = ConstraintDefinition::Kind::check;
    details.expression = bound.text;
    details.validated = !definition.not_valid;
    constraint.details = std::move(details);
    add_dependencies(constraint, bound.depends, DependencyType::normal);
    step.create(std::move(constraint), definition.name.span);
}

} // namespace ordain::replay
