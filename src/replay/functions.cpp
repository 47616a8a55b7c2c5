#include "parse/newer_syntax.hpp"
#include "replay/actions.hpp"
#include "replay/dependency.hpp"
#include "replay/plpgsql_compile.hpp"
#include "replay/relations.hpp"
#include "text/identifier_list.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::replay {
namespace {

using Mode = FunctionParameter::Mode;

bool is_input(Mode mode) {
    return mode == Mode::in || mode == Mode::inout || mode == Mode::variadic;
}

bool is_output(Mode mode) {
    return mode == Mode::out || mode == Mode::inout || mode == Mode::table;
}

/// Types may be shells or pseudo-types here; a missing one is an error for arguments.
bool bind_type(Step& step, const TypeName& name, TypeRef& type, Object& function) {
    const analyze::Binder::BoundType bound = step.binder().bind_type(name);
    for (const analyze::Use& use : bound.uses)
        step.depend(use.object, use.span);
    if (bound.problem) return step.refuse(*bound.problem);
    if (!bound.doubt.empty()) step.doubt(bound.doubt);
    type = bound.type;
    add_type_dependency(step, function, bound.type);
    return true;
}

bool bind_parameters(Step& step, const CreateFunction& create, Object& function) {
    auto& details = function.as<FunctionDetails>();
    for (const FunctionParameter& parameter : create.parameters) {
        TypeRef type;
        if (!bind_type(step, parameter.type, type, function)) return false;
        type.modifier = -1; // Arguments carry no modifiers (manual, CREATE FUNCTION).
        if (is_input(parameter.mode)) {
            details.arguments.push_back(type);
            details.argument_names.push_back(parameter.name.text);
            details.variadic = details.variadic || parameter.mode == Mode::variadic;
        }
        if (is_output(parameter.mode)) {
            details.output_names.push_back(parameter.name.text);
            details.output_types.push_back(type);
        }
        if (!parameter.default_) continue;
        ++details.defaults;
        const analyze::Bound bound =
            step.binder().bind_value(*parameter.default_, nullptr, type, parameter.name.text);
        if (!step.accept(bound)) return false;
        details.default_values.push_back(bound.text);
        add_dependencies(function, bound.depends, DependencyType::normal);
    }
    return true;
}

bool bind_result(Step& step, const CreateFunction& create, Object& function) {
    auto& details = function.as<FunctionDetails>();
    if (create.returns) {
        if (!bind_type(step, *create.returns, details.result, function)) return false;
        details.returns_set = create.returns->setof;
        details.result_name = format_type_name(step.resolver(), details.result);
    } else if (details.output_types.size() == 1) {
        details.result = details.output_types.front();
        details.result_name = format_type_name(step.resolver(), details.result);
    } else if (!details.output_types.empty()) {
        details.result_name = "record";
    } else {
        details.result_name = create.procedure ? "" : "void";
    }
    const bool table =
        std::ranges::any_of(create.parameters, [](const FunctionParameter& parameter) {
            return parameter.mode == Mode::table;
        });
    details.returns_set = details.returns_set || table;
    return true;
}

/// What CREATE OR REPLACE may not change (ProcedureCreate): the server's message, empty when
/// nothing is in its way.
std::string replacement_fault(const FunctionDetails& old_details, const FunctionDetails& details) {
    const bool same_result = old_details.result == details.result &&
                             old_details.returns_set == details.returns_set &&
                             old_details.result_name == details.result_name &&
                             old_details.output_types == details.output_types &&
                             old_details.output_names == details.output_names;
    if (!same_result) return "cannot change return type of existing function";
    for (std::size_t index = 0; index < details.argument_names.size(); ++index) {
        const std::string& old_name = old_details.argument_names[index];
        if (old_name.empty() || old_name == details.argument_names[index]) continue;
        return fmt::format("cannot change name of input parameter \"{}\"", old_name);
    }
    return details.defaults < old_details.defaults
               ? "cannot remove parameter defaults from existing function"
               : std::string();
}

bool replaceable(Step& step, const Object& old_function, const FunctionDetails& details) {
    const auto& old_details = old_function.as<FunctionDetails>();
    const bool types_known = (old_details.result.known() || !old_details.result_name.empty()) &&
                             !old_details.result_name.starts_with("???") &&
                             !details.result_name.starts_with("???");
    if (!types_known) {
        step.doubt("the function's result type is not known");
        return true;
    }
    std::string fault = replacement_fault(old_details, details);
    return fault.empty() || step.refuse("42P13", std::move(fault), {});
}

/// OR REPLACE needs a predecessor gone that it could not replace.
void need_predecessor_gone(Step& step, const Object& function, const CreateFunction& create) {
    const Tombstone* grave =
        step.catalog().tombstone(NameSpace::function, function.schema, function.name);
    if (grave == nullptr || step.action().guard != Guard::or_replace) return;
    if (grave->removed.migration == step.here().migration) return;
    const Object* predecessor = step.catalog().last_version(grave->object);
    const auto* old_details = predecessor->get_if<FunctionDetails>();
    const auto& details = function.as<FunctionDetails>();
    if (old_details == nullptr || old_details->arguments != details.arguments) return;
    if (replacement_fault(*old_details, details).empty()) return;
    step.outcome().dependences.push_back({.kind = Dependence::Kind::gone,
                                          .hard = true,
                                          .origin = grave->removed,
                                          .object = grave->object,
                                          .span = create.function.span()});
}

/// The words of a body are names that it needs when it runs: soft, late-bound.
void note_late_references(Step& step, const CreateFunction& create) {
    for (const Mention& mention : step.action().mentions) {
        const QualifiedName name{.schema = {},
                                 .name = {.text = mention.word, .span = mention.span}};
        const catalog::Lookup lookup = step.resolver().relation(name);
        if (lookup.object != nullptr) {
            step.depend(lookup.id, mention.span, Dependence::Kind::late, false);
        }
        for (const Object* function : step.resolver().functions(name)) {
            if (function->name != create.function.name.text) {
                step.depend(function->id, mention.span, Dependence::Kind::late, false);
            }
        }
    }
}

bool known_language(Step& step, const std::string& language) {
    const bool shipped =
        language == "sql" || language == "plpgsql" || language == "c" || language == "internal";
    if (shipped) return true;
    for (const ObjectId id : step.catalog().extensions()) {
        if (step.catalog().at(id).name.starts_with(language)) return true;
    }
    step.doubt(fmt::format("language \"{}\" is not modelled", language));
    return true;
}

std::vector<analyze::ScopeColumn> parameters_of(const FunctionDetails& details) {
    std::vector<analyze::ScopeColumn> parameters;
    for (std::size_t index = 0; index < details.arguments.size(); ++index) {
        parameters.push_back({.name = details.argument_names[index],
                              .type = details.arguments[index],
                              .column = {}});
    }
    return parameters;
}

/// BEGIN ATOMIC and RETURN bodies are bound at once and leave dependencies (manual 38.5).
bool bind_atomic_body(Step& step, const CreateFunction& create, Object& function) {
    auto& details = function.as<FunctionDetails>();
    const std::vector<analyze::ScopeColumn> parameters = parameters_of(details);
    for (const Query& query : create.atomic_queries) {
        const analyze::BoundQuery bound = step.binder().bind_query(query, &parameters);
        if (!step.accept(bound)) return false;
        details.atomic_body.append(bound.text);
        details.atomic_body.append(";");
        add_dependencies(function, bound.depends, DependencyType::normal);
    }
    if (!create.atomic_return) return true;
    const std::vector<analyze::ScopeRelation> scope = {
        {.alias = function.name, .relation = {}, .columns = parameters, .open = false}};
    const analyze::Bound bound = step.binder().bind_expression(*create.atomic_return, &scope);
    if (!step.accept(bound)) return false;
    details.atomic_body.append(bound.text);
    add_dependencies(function, bound.depends, DependencyType::normal);
    return true;
}

/// LANGUAGE sql strings are analysed when they are created, but leave no dependency.
bool check_sql_body(Step& step, const CreateFunction& create, const Object& function) {
    if (create.language != "sql" || create.atomic_body) return true;
    const std::vector<analyze::ScopeColumn> parameters =
        parameters_of(function.as<FunctionDetails>());
    if (create.body_fault) {
        if (!parse::is_certain(*create.body_fault, create.body, step.database().postgres)) {
            step.doubt(create.body_fault->message);
            return true;
        }
        return step.refuse(create.body_fault->sqlstate, create.body_fault->message,
                           create.body_fault->span);
    }
    for (const Query& query : create.body_queries) {
        if (query.kind == Query::Kind::unsupported) {
            step.doubt("a statement of the function's body is not modelled");
            return true;
        }
        const analyze::BoundQuery bound = step.binder().bind_query(query, &parameters);
        if (!step.accept(bound)) return false;
    }
    return true;
}

/// SET ... FROM CURRENT keeps the value of this moment (ExtractSetVariableArgs).
std::string setting_of_now(const Session& session, const std::string& name) {
    constexpr const char* not_known = "from current";
    if (name == "search_path") {
        return session.path.doubt.empty() ? text::join_identifiers(session.path.schemas)
                                          : not_known;
    }
    const auto value = session.settings.find(name);
    return value == session.settings.end() ? not_known : value->second;
}

/// An option as a line of FunctionDetails::options, and the key under which it is there once.
struct FunctionOption {
    std::string key;
    std::string line;
};
FunctionOption function_option(const Session& session, const Option& option) {
    constexpr std::string_view from_current = " from current";
    if (option.name.text != "set") {
        return {.key = option.name.text + "=", .line = option.name.text + "=" + option.value};
    }
    std::string setting = option.value;
    if (setting.ends_with(from_current)) {
        setting.erase(setting.size() - from_current.size());
        setting += "=" + setting_of_now(session, setting);
    }
    return {.key = "set=" + setting.substr(0, setting.find('=') + 1), .line = "set=" + setting};
}

/// The last of several that set the same holds.
void set_option(std::vector<std::string>& lines, const FunctionOption& option) {
    std::erase_if(lines, [&](const std::string& line) { return line.starts_with(option.key); });
    lines.push_back(option.line);
    std::ranges::sort(lines);
}

bool returns_trigger(const CreateFunction& create) {
    return create.returns && create.returns->name.schema.empty() &&
           create.returns->name.name.text == "trigger";
}

/// What CREATE FUNCTION refuses before it looks at types and body
/// (interpret_function_parameter_list, compute_return_type and the validators).
bool declaration_fits(Step& step, const CreateFunction& create) {
    const auto refuse = [&](std::string message) {
        return step.refuse("42P13", std::move(message), create.function.span());
    };
    bool defaulted = false;
    for (const FunctionParameter& parameter : create.parameters) {
        if (is_input(parameter.mode) && defaulted && !parameter.default_) {
            return refuse(
                "input parameters after one with a default value must also have defaults");
        }
        defaulted = defaulted || parameter.default_.has_value();
    }
    if (returns_trigger(create) && create.language == "sql")
        return refuse("SQL functions cannot return type trigger");
    const bool returns = create.returns ||
                         std::ranges::any_of(create.parameters,
                                             [](const auto& each) { return is_output(each.mode); });
    if (!returns && !create.procedure) return refuse("function result type must be specified");
    return true;
}

Object make_function(Step& step, const CreateFunction& create, ObjectId schema) {
    Object function = step.make(create.procedure ? ObjectKind::procedure : ObjectKind::function,
                                schema, no_object, create.function.name.text);
    FunctionDetails details;
    details.language = create.language;
    details.body = create.body;
    details.volatility = create.volatility.empty() ? 'v' : create.volatility.front();
    details.security_definer = create.security_definer;
    details.strict = create.strict;
    for (const Option& option : create.options)
        set_option(details.options, function_option(step.session(), option));
    function.details = std::move(details);
    return function;
}

const Object* same_signature(Step& step, ObjectId schema, const Object& function) {
    const auto& wanted = function.as<FunctionDetails>().arguments;
    for (const ObjectId id : step.catalog().named(NameSpace::function, schema, function.name)) {
        const Object& other = step.catalog().at(id);
        const auto* details = other.get_if<FunctionDetails>();
        if (details != nullptr && details->arguments == wanted) return &other;
    }
    return nullptr;
}

void replace(Step& step,
             const Object& old_function,
             Object function,
             const CreateFunction& create) {
    const std::string gone(step.catalog().presence_doubt(old_function));
    if (!gone.empty()) step.doubt(gone);
    if (step.action().guard != Guard::or_replace && gone.empty()) {
        step.refuse(
            "42723",
            fmt::format("function \"{}\" already exists with same argument types", function.name),
            create.function.name.span);
        return;
    }
    if (old_function.kind != function.kind) {
        step.refuse("42809", "cannot change routine kind", create.function.name.span);
        return;
    }
    if (!replaceable(step, old_function, function.as<FunctionDetails>())) return;
    step.depend(old_function.id, create.function.span(), Dependence::Kind::exists, false);
    step.note_other_maker(old_function.id);
    Object changed = step.change(old_function.id);
    changed.details = std::move(function.details);
    changed.depends = std::move(function.depends);
    step.target(changed.id);
    step.put(std::move(changed));
}

/// Settings of the function itself: they hold while its body is checked, and do not bring about
/// that it is (ProcedureCreate).
void take_own_settings(Session& session, const CreateFunction& create) {
    for (const Option& option : create.options) {
        const std::size_t equals = option.value.find('=');
        if (option.name.text != "set" || equals == std::string::npos) continue;
        const std::string name = option.value.substr(0, equals);
        const std::string value = option.value.substr(equals + 1);
        if (name == "search_path") {
            session.path.set(text::split_identifiers(value));
        } else {
            session.settings[name] = value;
        }
    }
}

/// What the validator of the language does with a string body once the function exists.
void check_body(Step& step, const CreateFunction& create, const Object& function) {
    if (!step.session().checks_function_bodies()) return;
    const Session outer = step.session();
    take_own_settings(step.session(), create);
    if (step.session().checks_function_bodies()) {
        const bool compiled = create.language == "plpgsql";
        if (compiled && returns_trigger(create) && !create.parameters.empty()) {
            step.refuse("42P13", "trigger functions cannot have declared arguments", {});
        }
        if (compiled && !step.refused()) compile(step, create);
        check_sql_body(step, create, function);
    }
    step.session() = outer;
}

} // namespace

void apply(Step& step, const CreateFunction& create) {
    const ObjectId schema = step.creation_schema(create.function);
    if (schema == no_object || step.refused()) return;
    if (!known_language(step, create.language)) return;
    if (!declaration_fits(step, create)) return;
    Object function = make_function(step, create, schema);
    if (!bind_parameters(step, create, function)) return;
    if (!bind_result(step, create, function)) return;
    if (create.atomic_body && !bind_atomic_body(step, create, function)) return;
    const Object* old_function = same_signature(step, schema, function);
    const std::string doubt =
        step.resolver().creation_doubt(NameSpace::function, create.function.name.text);
    if (old_function == nullptr && step.action().guard == Guard::none && !doubt.empty())
        step.doubt(doubt);
    note_late_references(step, create);
    need_predecessor_gone(step, function, create);
    if (old_function != nullptr) {
        const Object before = *old_function;
        replace(step, before, function, create);
    } else {
        step.target(step.create(function, create.function.name.span));
    }
    if (!step.refused()) check_body(step, create, function);
}

void apply(Step& step, const AlterFunction& alter) {
    const analyze::Binder::BoundFunction found =
        step.binder().bind_signature(alter.function, alter.kind);
    if (found.problem) {
        step.refuse(*found.problem);
        return;
    }
    if (!found.doubt.empty()) step.doubt(found.doubt);
    if (found.function == nullptr) return;
    step.depend(found.function->id, alter.function.name.span());
    Object changed = step.change(found.function->id);
    auto& details = changed.as<FunctionDetails>();
    for (const Option& option : alter.options) {
        if (option.name.text == "volatility") {
            details.volatility = option.value.front();
        } else if (option.name.text == "security") {
            details.security_definer = option.value == "true" || option.value == "1";
        } else if (option.name.text == "strict") {
            details.strict = option.value == "true" || option.value == "1";
        } else if (option.name.text == "reset") {
            std::erase_if(details.options, [&](const std::string& line) {
                return line.starts_with("set=") &&
                       (option.value == "all" || line.starts_with("set=" + option.value + "="));
            });
        } else {
            set_option(details.options, function_option(step.session(), option));
        }
    }
    step.target(changed.id);
    step.put(std::move(changed));
}

} // namespace ordain::replay
