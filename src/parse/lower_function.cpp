#include "parse/lower_object_name.hpp"
#include "parse/lower_statement.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace ordain::parse {
namespace {

FunctionParameter::Mode parameter_mode(PgQuery__FunctionParameterMode mode) {
    using Mode = FunctionParameter::Mode;
    switch (mode) {
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_OUT: return Mode::out;
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_INOUT: return Mode::inout;
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_VARIADIC: return Mode::variadic;
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_TABLE: return Mode::table;
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_IN:
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNC_PARAM_DEFAULT:
    case PG_QUERY__FUNCTION_PARAMETER_MODE__FUNCTION_PARAMETER_MODE_UNDEFINED:
    case _PG_QUERY__FUNCTION_PARAMETER_MODE_IS_INT_SIZE: break;
    }
    return Mode::in;
}

FunctionParameter lower_parameter(Lowering& lowering, const PgQuery__FunctionParameter& node) {
    FunctionParameter parameter;
    parameter.mode = parameter_mode(node.mode);
    // None of these words can be a parameter's name without quotes.
    lowering.locator().accept_all({"in", "out", "inout", "variadic"});
    parameter.name = lowering.locator().name(node.name);
    parameter.type = lowering.type(node.arg_type);
    parameter.default_ = lowering.expression(node.defexpr);
    return parameter;
}

/// The parameters in the brackets behind the name, then the columns of RETURNS TABLE (...).
std::vector<FunctionParameter> lower_parameters(Lowering& lowering, Nodes parameters) {
    Locator& locator = lowering.locator();
    std::vector<FunctionParameter> found;
    found.reserve(parameters.size());
    bool in_table = false;
    locator.enter();
    for (const PgQuery__Node* node : parameters) {
        if (node->node_case != PG_QUERY__NODE__NODE_FUNCTION_PARAMETER) continue;
        const PgQuery__FunctionParameter& parameter = *node->function_parameter;
        const bool of_table = parameter_mode(parameter.mode) == FunctionParameter::Mode::table;
        if (of_table && !in_table) {
            locator.leave();
            locator.accept_all({"returns", "table"});
            locator.enter();
            in_table = true;
        } else if (!found.empty()) {
            locator.next_item();
        }
        found.push_back(lower_parameter(lowering, parameter));
    }
    locator.leave();
    return found;
}

/// RETURNS type. RETURNS TABLE returns its only column's type, or else a record.
std::optional<TypeName> lower_return_type(const Lowering& lowering,
                                          const PgQuery__TypeName* node,
                                          const std::vector<FunctionParameter>& parameters) {
    if (node == nullptr) return std::nullopt;
    TypeName type = lowering.expressions().type_name(node);
    const auto columns =
        std::ranges::count(parameters, FunctionParameter::Mode::table, &FunctionParameter::mode);
    if (columns == 1) type.name = parameters.back().type.name;
    return type;
}

/// AS 'body' or AS 'file', 'link symbol'.
void lower_body(Lowering& lowering, const PgQuery__DefElem& node, CreateFunction& function) {
    lowering.seek(node.location);
    const Nodes parts = items_of(node.arg);
    if (parts.empty()) return;
    function.body = string_of(parts[0]);
    function.body_span = lowering.locator().string_constant();
    if (parts.size() < 2) return;
    const Span symbol = lowering.locator().string_constant();
    function.options.push_back({.name = {.text = "link_symbol", .span = symbol},
                                .value = std::string(string_of(parts[1])),
                                .span = symbol});
}

bool is_true(const PgQuery__DefElem& node) {
    return value_text(node.arg) == "true";
}

void lower_function_option(Lowering& lowering,
                           const PgQuery__DefElem& node,
                           CreateFunction& function) {
    const std::string_view name = node.defname;
    if (name == "as") return lower_body(lowering, node, function);
    if (name == "language")
        function.language = value_text(node.arg);
    else if (name == "volatility")
        function.volatility = value_text(node.arg);
    else if (name == "security")
        function.security_definer = is_true(node);
    else if (name == "strict")
        function.strict = is_true(node);
    else if (name == "window")
        function.window = is_true(node);
    else
        function.options.push_back(lowering.option(node));
}

/// The statements of BEGIN ATOMIC ... END: a list within a list.
void add_atomic_queries(const Lowering& lowering, Nodes statements, CreateFunction& function) {
    for (const PgQuery__Node* statement : statements) {
        if (statement->node_case == PG_QUERY__NODE__NODE_LIST)
            add_atomic_queries(lowering, items_of(statement), function);
        else if (statement->node_case == PG_QUERY__NODE__NODE_RETURN_STMT)
            function.atomic_return = lowering.expression(statement->return_stmt->returnval);
        else
            function.atomic_queries.push_back(lowering.expressions().query(statement));
    }
}

void lower_atomic_body(Lowering& lowering, const PgQuery__Node* body, CreateFunction& function) {
    if (body == nullptr) return;
    function.atomic_body = true;
    if (function.language.empty()) function.language = "sql";
    PgQuery__Node* single = const_cast<PgQuery__Node*>(body); // NOLINT
    add_atomic_queries(lowering, Nodes(&single, 1), function);
}

/// TRIGGER's bits as the grammar gives them (catalog/pg_trigger.h).
enum TriggerBit : std::int32_t {
    trigger_before = 1 << 1,
    trigger_insert = 1 << 2,
    trigger_delete = 1 << 3,
    trigger_update = 1 << 4,
    trigger_truncate = 1 << 5,
    trigger_instead = 1 << 6,
};

std::vector<std::string> trigger_events(std::int32_t bits) {
    std::vector<std::string> events;
    if ((bits & trigger_insert) != 0) events.emplace_back("insert");
    if ((bits & trigger_update) != 0) events.emplace_back("update");
    if ((bits & trigger_delete) != 0) events.emplace_back("delete");
    if ((bits & trigger_truncate) != 0) events.emplace_back("truncate");
    return events;
}

std::string trigger_timing(std::int32_t bits) {
    if ((bits & trigger_before) != 0) return "before";
    return (bits & trigger_instead) != 0 ? "instead of" : "after";
}

void lower_transition_tables(Lowering& lowering, Nodes transitions, CreateTrigger& trigger) {
    for (const PgQuery__Node* node : transitions) {
        if (node->node_case != PG_QUERY__NODE__NODE_TRIGGER_TRANSITION) continue;
        const PgQuery__TriggerTransition& transition = *node->trigger_transition;
        lowering.locator().accept_all({"referencing", "old", "new", "table", "row", "as"});
        trigger.transition_tables.push_back(lowering.locator().name(transition.name));
        trigger.transition_kinds.push_back(std::string(transition.is_new != 0 ? "new" : "old") +
                                           (transition.is_table != 0 ? " table" : " row"));
    }
}

/// CREATE [OR REPLACE] [CONSTRAINT] TRIGGER name ... [UPDATE OF columns] ON relation.
void lower_trigger_head(Lowering& lowering,
                        const PgQuery__CreateTrigStmt& node,
                        CreateTrigger& trigger) {
    Locator& locator = lowering.locator();
    locator.accept_all({"create", "or", "replace"});
    if (node.isconstraint != 0) locator.accept("constraint");
    locator.accept("trigger");
    trigger.trigger = locator.name(node.trigname);
    if (node.n_columns != 0) {
        locator.skip_past("update");
        locator.accept("of");
        trigger.columns = lowering.names(nodes(node.columns, node.n_columns));
    }
    trigger.relation = lowering.relation(node.relation);
    trigger.from_table = lowering.relation(node.constrrel);
    if (node.n_transition_rels == 0) return;
    locator.skip_past("referencing");
    lower_transition_tables(lowering, nodes(node.transition_rels, node.n_transition_rels), trigger);
}

} // namespace

void lower(Lowering& lowering, const PgQuery__CreateFunctionStmt& node) {
    CreateFunction function;
    lowering.locator().accept_all({"create", "or", "replace"});
    lowering.locator().skip(); // FUNCTION or PROCEDURE
    function.function = lowering.qualified_name(nodes(node.funcname, node.n_funcname));
    function.procedure = node.is_procedure != 0;
    function.parameters = lower_parameters(lowering, nodes(node.parameters, node.n_parameters));
    function.returns = lower_return_type(lowering, node.return_type, function.parameters);
    function.volatility = "volatile";
    for (const PgQuery__Node* option : nodes(node.options, node.n_options))
        lower_function_option(lowering, *option->def_elem, function);
    lower_atomic_body(lowering, node.sql_body, function);
    Action& action = lowering.add(std::move(function));
    action.guard = guard_if(node.replace != 0, Guard::or_replace);
    action.written_for = node.is_procedure != 0 ? ObjectKind::procedure : ObjectKind::function;
}

void lower(Lowering& lowering, const PgQuery__AlterFunctionStmt& node) {
    AlterFunction change;
    lowering.locator().skip();
    pass_kind(lowering.locator(), node.objtype);
    change.function = lower_signature(lowering, *node.func);
    change.kind = object_kind(node.objtype);
    change.options = lowering.options(nodes(node.actions, node.n_actions));
    lowering.add(std::move(change)).written_for = object_kind(node.objtype);
}

void lower(Lowering& lowering, const PgQuery__DoStmt& node) {
    Do block;
    block.language = "plpgsql";
    for (const PgQuery__Node* argument : nodes(node.args, node.n_args)) {
        const PgQuery__DefElem& option = *argument->def_elem;
        if (std::string_view(option.defname) == "language") block.language = value_text(option.arg);
        if (std::string_view(option.defname) != "as") continue;
        block.body = value_text(option.arg);
        lowering.seek(option.location);
        block.body_span = lowering.locator().string_constant();
    }
    lowering.add_mentioning(std::move(block));
}

void lower(Lowering& lowering, const PgQuery__CallStmt& node) {
    PgQuery__Node call = PG_QUERY__NODE__INIT;
    call.node_case = PG_QUERY__NODE__NODE_FUNC_CALL;
    call.func_call = node.funccall;
    lowering.add_mentioning(Call{.call = lowering.expressions().expression(&call)});
}

void lower(Lowering& lowering, const PgQuery__CreateTrigStmt& node) {
    CreateTrigger trigger;
    lower_trigger_head(lowering, node, trigger);
    lowering.locator().skip_past("execute");
    lowering.locator().skip(); // FUNCTION or PROCEDURE
    trigger.function = lowering.qualified_name(nodes(node.funcname, node.n_funcname));
    for (const std::string_view argument : strings_of(nodes(node.args, node.n_args)))
        trigger.arguments.emplace_back(argument);
    trigger.timing = trigger_timing(node.timing);
    trigger.events = trigger_events(node.events);
    trigger.for_each_row = node.row != 0;
    trigger.constraint = node.isconstraint != 0;
    trigger.deferrable = node.deferrable != 0;
    trigger.initially_deferred = node.initdeferred != 0;
    trigger.when = lowering.expression(node.when_clause);
    lowering.add(std::move(trigger)).guard = guard_if(node.replace != 0, Guard::or_replace);
}

void lower(Lowering& lowering, const PgQuery__CreatePolicyStmt& node) {
    CreatePolicy policy;
    lowering.locator().accept_all({"create", "policy"});
    policy.policy = lowering.locator().name(node.policy_name);
    policy.relation = lowering.relation(node.table);
    policy.permissive = node.permissive != 0;
    policy.command = node.cmd_name;
    policy.roles = lowering.roles(nodes(node.roles, node.n_roles));
    policy.using_ = lowering.expression(node.qual);
    policy.check = lowering.expression(node.with_check);
    lowering.add(std::move(policy));
}

void lower(Lowering& lowering, const PgQuery__AlterPolicyStmt& node) {
    AlterPolicy policy;
    lowering.locator().accept_all({"alter", "policy"});
    policy.policy = lowering.locator().name(node.policy_name);
    policy.relation = lowering.relation(node.table);
    policy.roles = lowering.roles(nodes(node.roles, node.n_roles));
    policy.using_ = lowering.expression(node.qual);
    policy.check = lowering.expression(node.with_check);
    lowering.add(std::move(policy));
}

} // namespace ordain::parse
