#include "parse/plpgsql_surroundings.hpp"

#include "parse/plpgsql_declarations.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace ordain::parse {

using Kind = PlpgsqlVariable::Kind;
using Mode = FunctionParameter::Mode;

namespace {

constexpr std::string_view mismatch = "42804";

/// They stand for a type of the call; a server that only creates the function takes them for int4,
/// int4[] and the like.
constexpr auto polymorphic_types = std::to_array<std::string_view>(
    {"anyarray", "anycompatible", "anycompatiblearray", "anycompatiblemultirange",
     "anycompatiblenonarray", "anycompatiblerange", "anyelement", "anyenum", "anymultirange",
     "anynonarray", "anyrange"});

bool is_builtin(const TypeName& type, std::string_view name) {
    return !type.percent_type && type.array_dimensions == 0 && type.name.name.text == name &&
           (type.name.schema.empty() || type.name.schema.text == "pg_catalog");
}

bool is_polymorphic(const TypeName& type) {
    return std::ranges::any_of(polymorphic_types,
                               [&](std::string_view name) { return is_builtin(type, name); });
}

bool is_output(const FunctionParameter& parameter) {
    return parameter.mode == Mode::out || parameter.mode == Mode::inout ||
           parameter.mode == Mode::table;
}

bool has_outputs(const CreateFunction& function) {
    return std::ranges::any_of(function.parameters, is_output);
}

void declare_all(PlpgsqlScope& scope, Kind kind, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        scope.declare(std::string(name), {.kind = kind});
}

void declare_found(PlpgsqlScope& scope) {
    declare_all(scope, Kind::scalar, {"found"});
}

/// Every parameter is $1, $2 ... and its name.
void declare_parameters(PlpgsqlSource& source,
                        PlpgsqlScope& scope,
                        const CreateFunction& function) {
    std::size_t number = 0;
    for (const FunctionParameter& parameter : function.parameters) {
        const std::string place = "$" + std::to_string(++number);
        const std::string& name = parameter.name.text;
        PlpgsqlVariable variable = variable_of(parameter.type, {});
        if (is_polymorphic(parameter.type)) variable.kind = Kind::scalar;
        if (!name.empty() && scope.is_declared_here(name))
            return source.refuse("42P13", "parameter name \"" + name + "\" used more than once",
                                 parameter.name.span);
        const PlpgsqlVariable& declared =
            scope.declare(name.empty() ? place : name, std::move(variable));
        scope.alias(place, declared);
    }
}

/// What the function's result says of RETURN.
PlpgsqlReturn return_of(const CreateFunction& function) {
    if (has_outputs(function))
        return {.outputs = true,
                .sqlstate = mismatch,
                .no_value = "RETURN cannot have a parameter in function with OUT parameters"};
    if (function.procedure)
        return {.sqlstate = "42601", .no_value = "RETURN cannot have a parameter in a procedure"};
    const bool nothing = function.returns && (is_builtin(*function.returns, "void") ||
                                              is_builtin(*function.returns, "event_trigger"));
    if (nothing)
        return {.sqlstate = mismatch,
                .no_value = "RETURN cannot have a parameter in function returning void"};
    return {};
}

} // namespace

PlpgsqlReturn surround_block(PlpgsqlScope& scope) {
    scope.push("inline_code_block", PlpgsqlScope::Level::block);
    declare_found(scope);
    return {.sqlstate = mismatch,
            .no_value = "RETURN cannot have a parameter in function returning void"};
}

PlpgsqlReturn
surround_function(PlpgsqlSource& source, PlpgsqlScope& scope, const CreateFunction& function) {
    scope.push(function.function.name.text, PlpgsqlScope::Level::block);
    declare_parameters(source, scope, function);
    PlpgsqlReturn result = return_of(function);
    if (function.returns && is_builtin(*function.returns, "trigger")) {
        declare_all(scope, Kind::record, {"new", "old"});
        declare_all(scope, Kind::scalar,
                    {"tg_name", "tg_when", "tg_level", "tg_op", "tg_relid", "tg_relname",
                     "tg_table_name", "tg_table_schema", "tg_nargs", "tg_argv"});
    } else if (function.returns && is_builtin(*function.returns, "event_trigger")) {
        declare_all(scope, Kind::scalar, {"tg_event", "tg_tag"});
    } else if (function.returns && function.returns->setof) {
        result.set = true;
        result.sqlstate = mismatch;
        result.no_value = "RETURN cannot have a parameter in function returning set";
    }
    const bool result_variable =
        function.returns && is_polymorphic(*function.returns) && !result.outputs;
    if (result_variable) declare_all(scope, Kind::scalar, {"$0"});
    declare_found(scope);
    return result;
}

} // namespace ordain::parse
