#include "analyze/analysis.hpp"

#include <algorithm>
#include <fmt/format.h>

/// Type names and their modifiers (parse_type.c), and functions named by their signature
/// (LookupFuncWithArgs).
namespace ordain::analyze {

using catalog::Lookup;

namespace {

constexpr std::int32_t header_bytes = 4; ///< VARHDRSZ, part of a length modifier.

struct Serial {
    std::string_view name;
    Oid type;
};
constexpr std::array<Serial, 6> serials{{{"serial", type_oid::int4},
                                         {"serial4", type_oid::int4},
                                         {"bigserial", type_oid::int8},
                                         {"serial8", type_oid::int8},
                                         {"smallserial", type_oid::int2},
                                         {"serial2", type_oid::int2}}};

std::optional<std::int32_t> whole_number(const Expression& written) {
    if (written.kind != Expression::Kind::integer_constant) return std::nullopt;
    std::int32_t number = 0;
    const bool negative = written.value.starts_with('-');
    for (std::size_t i = negative ? 1 : 0; i < written.value.size(); ++i) {
        constexpr std::int32_t most = 100'000'000;
        if (number > most) return std::nullopt;
        number = number * 10 + (written.value[i] - '0');
    }
    return negative ? -number : number;
}

/// A modifier as typmodin encodes it, or why it refuses it.
struct Modifier {
    std::int32_t value = -1;
    std::string refusal{}; ///< With SQLSTATE 22023.
};

Modifier length_modifier(std::string_view type, std::int32_t length) {
    constexpr std::int32_t longest = 10 * 1024 * 1024;
    if (length < 1) return {.refusal = fmt::format("length for type {} must be at least 1", type)};
    if (length > longest) {
        return {.refusal = fmt::format("length for type {} cannot exceed {}", type, longest)};
    }
    return {.value = length + header_bytes};
}

Modifier bit_modifier(std::string_view type, std::int32_t length) {
    constexpr std::int32_t longest = 10 * 1024 * 1024 * 8;
    if (length < 1) return {.refusal = fmt::format("length for type {} must be at least 1", type)};
    if (length > longest) {
        return {.refusal = fmt::format("length for type {} cannot exceed {}", type, longest)};
    }
    return {.value = length};
}

Modifier numeric_modifier(const std::vector<std::int32_t>& numbers) {
    constexpr std::int32_t most = 1000;
    constexpr unsigned scale_mask = 0x7FF;
    const std::int32_t precision = numbers[0];
    const std::int32_t scale = numbers.size() > 1 ? numbers[1] : 0;
    if (precision < 1 || precision > most) {
        return {.refusal =
                    fmt::format("NUMERIC precision {} must be between 1 and 1000", precision)};
    }
    if (scale < -most || scale > most) {
        return {.refusal = fmt::format("NUMERIC scale {} must be between -1000 and 1000", scale)};
    }
    const unsigned packed =
        (static_cast<unsigned>(precision) << 16U) | (static_cast<unsigned>(scale) & scale_mask);
    return {.value = static_cast<std::int32_t>(packed) + header_bytes};
}

/// The grammar gives the mask of the fields, then the precision.
Modifier interval_modifier(const std::vector<std::int32_t>& numbers) {
    constexpr unsigned full_range = 0x7FFF;
    constexpr unsigned full_precision = 0xFFFF;
    const auto fields = static_cast<unsigned>(numbers[0]);
    if (numbers.size() == 1 && fields == full_range) return {};
    const unsigned precision =
        numbers.size() > 1 ? std::min(static_cast<unsigned>(numbers[1]), 6U) : full_precision;
    return {.value = static_cast<std::int32_t>((fields << 16U) | precision)};
}

Modifier encode(Oid type, const std::vector<std::int32_t>& numbers) {
    constexpr std::int32_t most_digits = 6;
    switch (type) {
    case type_oid::varchar: return length_modifier("varchar", numbers[0]);
    case type_oid::bpchar: return length_modifier("char", numbers[0]);
    case type_oid::bit: return bit_modifier("bit", numbers[0]);
    case type_oid::varbit: return bit_modifier("varbit", numbers[0]);
    case type_oid::numeric: return numeric_modifier(numbers);
    case type_oid::interval: return interval_modifier(numbers);
    case type_oid::time:
    case type_oid::timetz:
    case type_oid::timestamp:
    case type_oid::timestamptz: return {.value = std::min(numbers[0], most_digits)};
    default: return {};
    }
}

bool without_modifiers(ObjectKind kind) {
    return kind == ObjectKind::enum_ || kind == ObjectKind::domain ||
           kind == ObjectKind::composite_type || kind == ObjectKind::table;
}

std::string_view word_of(ObjectKind kind) {
    if (kind == ObjectKind::procedure) return "procedure";
    return kind == ObjectKind::aggregate ? "aggregate" : "function";
}

} // namespace

void Analysis::apply_modifiers(const TypeName& name, Binder::BoundType& bound) const {
    if (name.modifiers.empty() || bound.problem) return;
    const Object* object = types_.object(bound.type);
    const catalog::BuiltinType* shipped = Types::description({.type = bound.type.type});
    const bool refuses = object != nullptr ? without_modifiers(object->kind)
                                           : shipped != nullptr && !shipped->takes_modifiers;
    if (refuses) {
        bound.problem =
            Problem{.sqlstate = "42601",
                    .message = fmt::format("type modifier is not allowed for type \"{}\"",
                                           to_string(name.name)),
                    .span = name.span};
        return;
    }
    if (shipped == nullptr) return;
    std::vector<std::int32_t> numbers;
    for (const Expression& modifier : name.modifiers) {
        const auto number = whole_number(modifier);
        if (!number) return;
        numbers.push_back(*number);
    }
    Modifier made = encode(shipped->oid, numbers);
    if (!made.refusal.empty()) {
        bound.problem =
            Problem{.sqlstate = "22023", .message = std::move(made.refusal), .span = name.span};
        return;
    }
    bound.type.modifier = made.value;
}

void Analysis::type_of_column(const TypeName& name, Binder::BoundType& bound) const {
    const QualifiedName relation{.schema = {}, .name = name.name.schema};
    const Lookup table = resolver_.relation(relation);
    const Lookup column =
        table.object == nullptr ? Lookup{} : resolver_.column(table.id, name.name.name.text);
    if (column.present() && column.object != nullptr) {
        bound.type = column.object->as<ColumnDetails>().type;
        bound.uses.push_back({.object = column.id, .span = name.span});
        return;
    }
    bound.doubt = fmt::format("the type of {}", to_string(name.name));
}

Binder::BoundType Analysis::type_name(const TypeName& name) {
    Binder::BoundType bound;
    if (name.percent_type) {
        type_of_column(name, bound);
        return bound;
    }
    if (name.name.schema.empty()) {
        const auto* serial = std::ranges::find(serials, name.name.name.text, &Serial::name);
        if (serial != serials.end()) {
            bound.serial = true;
            bound.type = builtin_type(serial->type);
            bound.type.array = name.array_dimensions > 0;
            return bound;
        }
    }
    Lookup found = resolver_.type(name.name);
    if (found.absent()) {
        const Identifier& schema = name.name.schema;
        const bool no_schema = !schema.empty() && resolver_.schema(schema.text).absent();
        bound.problem = Problem{
            .sqlstate = no_schema ? "3F000" : "42704",
            .message = no_schema ? fmt::format("schema \"{}\" does not exist", schema.text)
                                 : fmt::format("type \"{}{}\" does not exist", to_string(name.name),
                                               name.array_dimensions > 0 ? "[]" : ""),
            .span = name.name.span().empty() ? name.span : name.name.span()};
        return bound;
    }
    if (!found.present()) {
        bound.doubt = fmt::format("type \"{}\": {}", to_string(name.name), found.reason);
    }
    if (found.id == no_object) return bound;
    bound.type = found.object == nullptr ? Types::from_oid(static_cast<Oid>(found.id))
                                         : TypeRef{.type = found.id};
    if (found.object != nullptr) bound.uses.push_back({.object = found.id, .span = name.span});
    apply_modifiers(name, bound);
    if (name.array_dimensions > 0) bound.type.array = true;
    return bound;
}

// ---- signatures ---------------------------------------------------------------------------------

namespace {

bool is_kind(const Object& function, ObjectKind kind) {
    return function.kind == kind;
}

bool is_kind(const catalog::BuiltinFunction& function, ObjectKind kind) {
    using catalog::FunctionKind;
    const bool procedure = function.kind == FunctionKind::procedure;
    const bool aggregate = function.kind != FunctionKind::function &&
                           function.kind != FunctionKind::window && !procedure;
    if (kind == ObjectKind::procedure) return procedure;
    return kind == ObjectKind::aggregate ? aggregate : !procedure;
}

} // namespace

std::string Analysis::signature_text(const FunctionSignature& written,
                                     const std::vector<TypeRef>& arguments) const {
    std::string text = to_string(written.name) + "(";
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        text += i > 0 ? ", " : "";
        text += types_.name(arguments[i]);
    }
    return text + ")";
}

/// Functions of that name, or of that name and those argument types, wherever they come from.
void Analysis::find_functions(const FunctionSignature& written,
                              ObjectKind kind,
                              std::vector<NamedFunction>& found) const {
    std::vector<TypeRef> wanted;
    for (const NamedFunction& each : found)
        wanted = each.arguments;
    found.clear();
    const std::string_view schema = written.name.schema.text;
    const auto consider = [&](const auto& function, std::vector<TypeRef> arguments) {
        const bool same =
            !written.arguments_given || std::ranges::equal(arguments, wanted, same_type);
        if (!same) return;
        NamedFunction named{.arguments = std::move(arguments),
                            .right_kind = is_kind(function, kind)};
        if constexpr (std::is_same_v<std::decay_t<decltype(function)>, Object>) {
            named.object = &function;
        }
        found.push_back(std::move(named));
    };
    const auto consider_builtin = [&](const catalog::BuiltinFunction& function) {
        std::vector<TypeRef> arguments;
        for (const Oid type : function.arguments)
            arguments.push_back(Types::from_oid(type));
        consider(function, std::move(arguments));
    };
    if (schema.empty() || schema == "pg_catalog") {
        for (const auto& function : catalog::builtin_functions(written.name.name.text)) {
            consider_builtin(function);
        }
    }
    for (const Object* function : resolver_.functions(written.name)) {
        const auto* details = function->get_if<FunctionDetails>();
        if (details != nullptr) consider(*function, details->arguments);
    }
    for (const catalog::BuiltinExtension* extension : resolver_.visible_extensions(schema)) {
        for (const auto& function : catalog::functions_of(*extension, written.name.name.text))
            consider_builtin(function);
    }
}

Binder::BoundFunction Analysis::signature(const FunctionSignature& written, ObjectKind kind) {
    Binder::BoundFunction bound;
    const Span span = written.name.span();
    const std::string_view word = word_of(kind);
    for (const TypeName& argument : written.arguments) {
        Binder::BoundType type = type_name(argument);
        if (type.problem) {
            bound.problem = std::move(type.problem);
            return bound;
        }
        if (!type.doubt.empty()) bound.doubt = type.doubt;
        type.type.modifier = -1;
        bound.arguments.push_back(type.type);
    }
    if (!bound.doubt.empty()) return bound;
    const Identifier& schema = written.name.schema;
    if (!schema.empty() && resolver_.schema(schema.text).absent()) {
        bound.problem = Problem{.sqlstate = "3F000",
                                .message = fmt::format("schema \"{}\" does not exist", schema.text),
                                .span = schema.span};
        return bound;
    }
    std::vector<NamedFunction> found = {{.arguments = bound.arguments}};
    find_functions(written, kind, found);
    const auto right = [](const NamedFunction& each) { return each.right_kind; };
    std::vector<NamedFunction> fitting;
    std::ranges::copy_if(found, std::back_inserter(fitting), right);
    if (fitting.empty()) {
        bound.doubt = resolver_.function_doubt(written.name);
        if (!bound.doubt.empty()) return bound;
        const std::string text = signature_text(written, bound.arguments);
        Problem problem{.sqlstate = "42883", .message = {}, .span = span};
        if (!found.empty() && written.arguments_given) {
            problem.sqlstate = "42809";
            problem.message = kind == ObjectKind::aggregate
                                  ? fmt::format("function {} is not an aggregate", text)
                                  : fmt::format("{} is not a {}", text, word);
        } else if (written.arguments_given) {
            const bool star = kind == ObjectKind::aggregate && bound.arguments.empty();
            problem.message =
                star ? fmt::format("aggregate {}(*) does not exist", to_string(written.name))
                     : fmt::format("{} {} does not exist", word, text);
        } else {
            problem.message = fmt::format("could not find {} {} named \"{}\"",
                                          kind == ObjectKind::aggregate ? "an" : "a", word,
                                          to_string(written.name));
        }
        bound.problem = std::move(problem);
        return bound;
    }
    if (!written.arguments_given && fitting.size() > 1) {
        bound.problem = Problem{
            .sqlstate = "42725",
            .message = fmt::format("{} name \"{}\" is not unique", word, to_string(written.name)),
            .span = span};
        return bound;
    }
    const NamedFunction& chosen = fitting.front();
    bound.function = chosen.object;
    bound.builtin = chosen.object == nullptr;
    bound.arguments = chosen.arguments;
    if (chosen.object != nullptr) bound.doubt = resolver_.catalog().presence_doubt(*chosen.object);
    return bound;
}

} // namespace ordain::analyze
