#include "catalog/builtin.hpp"
#include "replay/actions.hpp"
#include "replay/clones.hpp"
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

/// What a function of the server's own returns; not all of them return trigger.
bool shipped_returns_trigger(const QualifiedName& name) {
    const auto of_no_arguments = [](const catalog::BuiltinFunction& function) {
        return function.arguments.empty();
    };
    const auto functions = catalog::builtin_functions(name.name.text);
    const auto found = std::ranges::find_if(functions, of_no_arguments);
    return found == functions.end() || found->result == catalog::type_oid::trigger;
}

const Object* trigger_function(Step& step, const CreateTrigger& create) {
    FunctionSignature signature;
    signature.name = create.function;
    signature.arguments_given = true;
    const analyze::Binder::BoundFunction found =
        step.binder().bind_signature(signature, ObjectKind::function);
    if (!found.builtin && found.function == nullptr && found.doubt.empty()) {
        step.refuse("42883",
                    fmt::format("function {}() does not exist", to_string(create.function)),
                    create.function.span());
        return nullptr;
    }
    if (!found.doubt.empty()) step.doubt(found.doubt);
    const auto* details =
        found.function == nullptr ? nullptr : &found.function->as<FunctionDetails>();
    const bool wrong = details != nullptr
                           ? details->result_name != "trigger" && !details->result_name.empty()
                           : found.builtin && !shipped_returns_trigger(create.function);
    if (wrong) {
        step.refuse("42P17",
                    fmt::format("function {} must return type trigger", to_string(create.function)),
                    create.function.span());
        return nullptr;
    }
    if (found.function != nullptr) step.depend(found.function->id, create.function.span());
    return found.function;
}

bool has_event(const CreateTrigger& create, std::string_view event) {
    return std::ranges::count(create.events, event) > 0;
}

std::vector<analyze::ScopeRelation>
trigger_scope(const Step& step, ObjectId relation, const CreateTrigger& create) {
    std::vector<analyze::ScopeRelation> scope = {step.binder().scope_of(relation, "old"),
                                                 step.binder().scope_of(relation, "new")};
    if (!create.for_each_row) {
        scope[0].forbidden = "statement trigger's WHEN condition cannot reference column values";
        scope[1].forbidden = scope[0].forbidden;
        return scope;
    }
    if (has_event(create, "insert"))
        scope[0].forbidden = "INSERT trigger's WHEN condition cannot reference OLD values";
    if (has_event(create, "delete"))
        scope[1].forbidden = "DELETE trigger's WHEN condition cannot reference NEW values";
    scope[1].before_stored = create.timing == "before";
    return scope;
}

bool bind_when(Step& step, const CreateTrigger& create, const Object& relation, Object& trigger) {
    if (!create.when) return true;
    const std::vector<analyze::ScopeRelation> scope = trigger_scope(step, relation.id, create);
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
        if (std::ranges::count(trigger.as<TriggerDetails>().columns, column->id) > 0) {
            return step.refuse("42701",
                               fmt::format("column \"{}\" specified more than once", name.text),
                               name.span);
        }
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

/// Whether the kind of relation takes triggers of that timing at all.
bool relation_fits(Step& step, const CreateTrigger& create, const Object& relation) {
    const bool view = relation.kind == ObjectKind::view;
    const bool instead = create.timing == "instead of";
    const auto refuse = [&](std::string_view kind) {
        return step.refuse("42809", fmt::format("\"{}\" is a {}", relation.name, kind),
                           create.relation.span());
    };
    const auto* details = relation.get_if<RelationDetails>();
    if (details != nullptr && details->invented) return true;
    const bool fits = view || relation.kind == ObjectKind::table ||
                      relation.kind == ObjectKind::partitioned_table ||
                      relation.kind == ObjectKind::foreign_table;
    if (!fits) {
        return step.refuse("42809",
                           fmt::format("relation \"{}\" cannot have triggers", relation.name),
                           create.relation.span());
    }
    if (!view && instead)
        return refuse(relation.kind == ObjectKind::foreign_table ? "foreign table" : "table");
    const bool row = create.for_each_row && !instead;
    if (view && (row || has_event(create, "truncate"))) return refuse("view");
    const bool transitions = !create.transition_tables.empty() && create.for_each_row;
    return !transitions || relation.kind != ObjectKind::partitioned_table ||
           step.refuse("0A000", fmt::format("\"{}\" is a partitioned table", relation.name),
                       create.relation.span());
}

/// OLD TABLE and NEW TABLE of REFERENCING; the server's SQLSTATE and message.
struct TriggerFault {
    std::string_view sqlstate;
    std::string message;
};
TriggerFault transition_fault(const CreateTrigger& create) {
    for (const std::string& kind : create.transition_kinds) {
        const bool table = kind.ends_with(" table");
        const bool fresh = kind.starts_with("new");
        if (!table)
            return {"0A000", "ROW variable naming in the REFERENCING clause is not supported"};
        if (create.timing != "after")
            return {"42P17", "transition table name can only be specified for an AFTER trigger"};
        if (has_event(create, "truncate"))
            return {"0A000", "TRUNCATE triggers with transition tables are not supported"};
        if (create.events.size() > 1) {
            return {"0A000",
                    "transition tables cannot be specified for triggers with more than one event"};
        }
        if (!create.columns.empty())
            return {"0A000",
                    "transition tables cannot be specified for triggers with column lists"};
        const bool used =
            has_event(create, "update") || has_event(create, fresh ? "insert" : "delete");
        if (!used) {
            return {"42P17",
                    fresh ? "NEW TABLE can only be specified for an INSERT or UPDATE trigger"
                          : "OLD TABLE can only be specified for a DELETE or UPDATE trigger"};
        }
        if (std::ranges::count(create.transition_kinds, kind) > 1) {
            return {"42P17", fmt::format("{} TABLE cannot be specified multiple times",
                                         fresh ? "NEW" : "OLD")};
        }
    }
    const auto& tables = create.transition_tables;
    const bool twins = tables.size() == 2 && tables[0].text == tables[1].text;
    if (twins) return {"42P17", "OLD TABLE name and NEW TABLE name cannot be the same"};
    return {};
}

TriggerFault trigger_fault(const CreateTrigger& create) {
    if (create.for_each_row && has_event(create, "truncate"))
        return {"0A000", "TRUNCATE FOR EACH ROW triggers are not supported"};
    if (create.timing == "instead of") {
        if (!create.for_each_row) return {"0A000", "INSTEAD OF triggers must be FOR EACH ROW"};
        if (create.when) return {"0A000", "INSTEAD OF triggers cannot have WHEN conditions"};
        if (!create.columns.empty())
            return {"0A000", "INSTEAD OF triggers cannot have column lists"};
    }
    return transition_fault(create);
}

/// In the order of CreateTriggerFiringOn.
bool events_fit(Step& step, const CreateTrigger& create, const Object& relation) {
    if (!relation_fits(step, create, relation)) return false;
    TriggerFault fault = trigger_fault(create);
    return fault.message.empty() || step.refuse(fault.sqlstate, std::move(fault.message), {});
}

/// OR REPLACE leaves constraint triggers alone.
bool may_be_replaced(Step& step,
                     const Object& relation,
                     const CreateTrigger& create,
                     ObjectId old) {
    const Object* trigger = step.catalog().find(old);
    if (trigger == nullptr || !trigger->as<TriggerDetails>().constraint) return true;
    return step.refuse("42710",
                       fmt::format(R"(trigger "{}" for relation "{}" is a constraint trigger)",
                                   create.trigger.text, relation.name),
                       create.trigger.span);
}

/// Which expressions a policy of the command may have (CreatePolicy, AlterPolicy).
bool clauses_fit(Step& step, const std::string& command, bool visible, bool check, bool altered) {
    const bool reads = command == "select" || command == "delete";
    if (reads && check) {
        return step.refuse("42601",
                           altered ? "only USING expression allowed for SELECT, DELETE"
                                   : "WITH CHECK cannot be applied to SELECT or DELETE",
                           {});
    }
    if (command != "insert" || !visible) return true;
    return step.refuse("42601", "only WITH CHECK expression allowed for INSERT", {});
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
    if (!bind_when(step, create, relation, trigger)) return;
    const Object* function = trigger_function(step, create);
    if (step.refused()) return;
    if (function != nullptr) {
        trigger.as<TriggerDetails>().function = function->id;
        add_dependency(trigger, function->id, DependencyType::normal);
    }
    ObjectId replaced = no_object;
    if (!part_is_free(step, relation, NameSpace::trigger, create.trigger, replaced)) return;
    if (!may_be_replaced(step, relation, create, replaced)) return;
    if (!bind_columns(step, create, relation, trigger)) return;
    const ObjectId made = replaced == no_object ? trigger.id : replaced;
    put_part(step, std::move(trigger), replaced, create.trigger.span);
    if (replaced == no_object) clone_to_inheritors(step, made);
}

void apply(Step& step, const CreatePolicy& create) {
    const bool fits = clauses_fit(step, create.command, create.using_.has_value(),
                                  create.check.has_value(), false);
    if (!fits) return;
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
    const bool fits = clauses_fit(step, lookup.object->as<PolicyDetails>().command,
                                  alter.using_.has_value(), alter.check.has_value(), true);
    if (!fits) return;
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
