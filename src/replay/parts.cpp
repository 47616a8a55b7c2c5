#include "replay/actions.hpp"
#include "replay/dependency.hpp"
#include "replay/generated_names.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

/// False after a refusal; sets `replaced` where OR REPLACE met one of that name.
bool part_is_free(Step& step,
                  const Object& relation,
                  NameSpace space,
                  const Identifier& name,
                  ObjectId& replaced) {
    const catalog::Lookup lookup = step.resolver().part(space, relation.id, name.text);
    if (lookup.absent() || lookup.assumed) return true;
    if (lookup.state == catalog::Lookup::State::maybe) {
        step.doubt(lookup.reason);
        if (lookup.object == nullptr) return true;
    }
    if (step.action().guard == Guard::or_replace) {
        replaced = lookup.id;
        return true;
    }
    const std::string_view kind = name_of(lookup.object->kind);
    const std::string_view link = space == NameSpace::policy ? "table" : "relation";
    return step.refuse(
        "42710",
        fmt::format(R"({} "{}" for {} "{}" already exists)", kind, name.text, link, relation.name),
        name.span);
}

/// Puts a new part or a new version of the one replaced.
void put_part(Step& step, Object part, ObjectId replaced, Span span) {
    if (replaced == no_object) {
        step.target(step.create(std::move(part), span));
        return;
    }
    step.note_other_maker(replaced);
    Object changed = step.change(replaced);
    changed.details = std::move(part.details);
    changed.depends = std::move(part.depends);
    step.target(replaced);
    step.put(std::move(changed));
}

const Object* trigger_function(Step& step, const CreateTrigger& create) {
    FunctionSignature signature;
    signature.name = create.function;
    signature.arguments_given = true;
    const analyze::Binder::BoundFunction found =
        step.binder().bind_signature(signature, ObjectKind::function);
    if (found.builtin) return nullptr;
    if (found.function == nullptr && found.doubt.empty()) {
        step.refuse("42883",
                    fmt::format("function {}() does not exist", to_string(create.function)),
                    create.function.span());
        return nullptr;
    }
    if (!found.doubt.empty()) step.doubt(found.doubt);
    if (found.function == nullptr) return nullptr;
    step.depend(found.function->id, create.function.span());
    const auto& details = found.function->as<FunctionDetails>();
    if (details.result_name != "trigger" && !details.result_name.empty()) {
        step.refuse("42P17",
                    fmt::format("function {} must return type trigger", to_string(create.function)),
                    create.function.span());
        return nullptr;
    }
    return found.function;
}

std::vector<analyze::ScopeRelation> trigger_scope(const Step& step, ObjectId relation) {
    return {step.binder().scope_of(relation, "old"), step.binder().scope_of(relation, "new")};
}

bool bind_when(Step& step, const CreateTrigger& create, const Object& relation, Object& trigger) {
    if (!create.when) return true;
    const std::vector<analyze::ScopeRelation> scope = trigger_scope(step, relation.id);
    const analyze::Bound bound = step.binder().bind_condition(*create.when, &scope, "WHEN");
    if (!step.accept(bound)) return false;
    trigger.as<TriggerDetails>().when = bound.text;
    for (const ObjectId on : bound.depends) {
        if (on != relation.id) add_dependency(trigger, on, DependencyType::normal);
    }
    return true;
}

bool bind_columns(Step& step,
                  const CreateTrigger& create,
                  const Object& relation,
                  Object& trigger) {
    for (const Identifier& name : create.columns) {
        const Object* column = step.column(relation, name);
        if (step.refused()) return false;
        if (column == nullptr) continue;
        trigger.as<TriggerDetails>().columns.push_back(column->id);
        add_dependency(trigger, column->id, DependencyType::normal);
    }
    return true;
}

std::string trigger_attributes(const CreateTrigger& create) {
    std::string text = create.deferrable ? "DEFERRABLE" : "";
    if (create.initially_deferred) text += " INITIALLY DEFERRED";
    std::string_view separator = "REFERENCING ";
    for (const Identifier& table : create.transition_tables) {
        text += separator;
        text += catalog::quote_identifier(table.text);
        separator = " ";
    }
    return text;
}

bool events_fit(Step& step, const CreateTrigger& create, const Object& relation) {
    const bool view = relation.kind == ObjectKind::view;
    const bool instead = create.timing == "instead of";
    const auto refuse = [&](std::string_view kind) {
        return step.refuse("42809", fmt::format("\"{}\" is a {}", relation.name, kind),
                           create.relation.span());
    };
    if (relation.as<RelationDetails>().invented) return true;
    if (!view && instead) return refuse("table");
    if (view && !instead && create.for_each_row) return refuse("view");
    const bool fits = view || relation.kind == ObjectKind::table ||
                      relation.kind == ObjectKind::partitioned_table ||
                      relation.kind == ObjectKind::foreign_table;
    if (fits) return true;
    return step.refuse("42809", fmt::format("relation \"{}\" cannot have triggers", relation.name),
                       create.relation.span());
}

bool bind_policy(Step& step,
                 Object& policy,
                 const Object& relation,
                 const std::optional<Expression>& visible,
                 const std::optional<Expression>& check) {
    const std::vector<analyze::ScopeRelation> scope = {step.binder().scope_of(relation.id)};
    auto& details = policy.as<PolicyDetails>();
    if (visible) {
        const analyze::Bound bound = step.binder().bind_condition(*visible, &scope, "POLICY");
        if (!step.accept(bound)) return false;
        details.using_ = bound.text;
        add_dependencies(policy, bound.depends, DependencyType::normal);
    }
    if (check) {
        const analyze::Bound bound = step.binder().bind_condition(*check, &scope, "POLICY");
        if (!step.accept(bound)) return false;
        details.check = bound.text;
        add_dependencies(policy, bound.depends, DependencyType::normal);
    }
    std::erase_if(policy.depends,
                  [&](const Dependency& dependency) { return dependency.on == relation.id; });
    return true;
}

/// Roles belong to the cluster: what no migration makes is assumed to exist.
std::vector<std::string> role_names(Step& step, const std::vector<Identifier>& roles) {
    std::vector<std::string> names;
    for (const Identifier& role : roles) {
        names.push_back(role.text);
        use_role(step, role);
    }
    std::ranges::sort(names);
    return names;
}

/// Policies hang on tables only.
const Object* policed_table(Step& step, const QualifiedName& name) {
    const Object* relation = step.relation(name, LockMode::access_exclusive);
    if (relation == nullptr) return nullptr;
    const bool table =
        relation->kind == ObjectKind::table || relation->kind == ObjectKind::partitioned_table;
    if (table) return relation;
    step.refuse("42809", fmt::format("\"{}\" is not a table", relation->name), name.span());
    return nullptr;
}

} // namespace

void apply(Step& step, const CreateTrigger& create) {
    const Object* found = step.relation(create.relation, LockMode::share_row_exclusive);
    if (found == nullptr) return;
    const Object relation = *found;
    if (!events_fit(step, create, relation)) return;
    Object trigger = step.make(ObjectKind::trigger, no_object, relation.id, create.trigger.text);
    TriggerDetails details;
    details.timing = create.timing;
    details.events = create.events;
    details.for_each_row = create.for_each_row;
    details.constraint = create.constraint;
    for (const std::string& argument : create.arguments)
        details.arguments.push_back("'" + argument + "'");
    details.definition.append(trigger_attributes(create));
    trigger.details = std::move(details);
    if (!create.from_table.name.empty() &&
        step.relation(create.from_table, LockMode::access_share) == nullptr) {
        return;
    }
    if (!bind_columns(step, create, relation, trigger)) return;
    if (!bind_when(step, create, relation, trigger)) return;
    const Object* function = trigger_function(step, create);
    if (step.refused()) return;
    if (function != nullptr) {
        trigger.as<TriggerDetails>().function = function->id;
        add_dependency(trigger, function->id, DependencyType::normal);
    }
    ObjectId replaced = no_object;
    if (!part_is_free(step, relation, NameSpace::trigger, create.trigger, replaced)) return;
    put_part(step, std::move(trigger), replaced, create.trigger.span);
}

void apply(Step& step, const CreatePolicy& create) {
    const Object* found = policed_table(step, create.relation);
    if (found == nullptr) return;
    const Object relation = *found;
    Object policy = step.make(ObjectKind::policy, no_object, relation.id, create.policy.text);
    PolicyDetails details;
    details.command = create.command;
    details.permissive = create.permissive;
    details.roles = role_names(step, create.roles);
    policy.details = std::move(details);
    if (!bind_policy(step, policy, relation, create.using_, create.check)) return;
    ObjectId replaced = no_object;
    if (!part_is_free(step, relation, NameSpace::policy, create.policy, replaced)) return;
    put_part(step, std::move(policy), no_object, create.policy.span);
}

void apply(Step& step, const AlterPolicy& alter) {
    const Object* relation = policed_table(step, alter.relation);
    if (relation == nullptr) return;
    const catalog::Lookup lookup =
        step.resolver().part(NameSpace::policy, relation->id, alter.policy.text);
    if (lookup.absent()) {
        step.refuse("42704",
                    fmt::format(R"(policy "{}" for table "{}" does not exist)", alter.policy.text,
                                relation->name),
                    alter.policy.span);
        return;
    }
    if (lookup.state == catalog::Lookup::State::maybe && !lookup.assumed) step.doubt(lookup.reason);
    if (lookup.object == nullptr) return;
    step.depend(lookup.id, alter.policy.span);
    Object changed = step.change(lookup.id);
    if (!alter.roles.empty()) changed.as<PolicyDetails>().roles = role_names(step, alter.roles);
    if (!bind_policy(step, changed, *relation, alter.using_, alter.check)) return;
    step.target(changed.id);
    step.put(std::move(changed));
}

void apply(Step& step, const CreateRule& create) {
    const Object* relation = step.relation(create.relation, LockMode::access_exclusive);
    if (relation == nullptr) return;
    Object rule = step.make(ObjectKind::rule, no_object, relation->id, create.rule.text);
    rule.details = GenericDetails{.definition = create.event, .bound = {}};
    rule.unknown = "the actions of a rule are not modelled";
    step.doubt(rule.unknown);
    ObjectId replaced = no_object;
    if (!part_is_free(step, *relation, NameSpace::rule, create.rule, replaced)) return;
    put_part(step, std::move(rule), replaced, create.rule.span);
}

void apply(Step& step, const CreateStatistics& create) {
    const Object* relation = step.relation(create.table, LockMode::share_update_exclusive);
    if (relation == nullptr) return;
    const ObjectId schema =
        create.statistics.name.empty() ? relation->schema : step.creation_schema(create.statistics);
    if (schema == no_object || step.refused()) return;
    std::string addition;
    Object statistics =
        step.make(ObjectKind::statistics, schema, no_object, create.statistics.name.text);
    for (const IndexElement& element : create.elements) {
        if (element.expression) continue;
        const Object* column = step.key_column(*relation, element.column);
        if (step.refused()) return;
        addition += (addition.empty() ? "" : "_") + element.column.text;
        if (column != nullptr) add_dependency(statistics, column->id, DependencyType::automatic);
    }
    if (statistics.name.empty()) {
        statistics.name = choose_relation_name(step.catalog(), schema, relation->name, addition,
                                               "stat", NameUse::relation);
    }
    const Object* taken = step.catalog().find(NameSpace::statistics, schema, statistics.name);
    if (taken != nullptr) {
        if (step.action().guard == Guard::if_not_exists) return step.skip();
        step.refuse("42710",
                    fmt::format("statistics object \"{}\" already exists", statistics.name),
                    create.statistics.span());
        return;
    }
    GenericDetails details;
    for (const std::string& kind : create.kinds)
        details.definition += kind + ",";
    statistics.details = std::move(details);
    step.target(step.create(std::move(statistics), create.statistics.name.span));
}

} // namespace ordain::replay
