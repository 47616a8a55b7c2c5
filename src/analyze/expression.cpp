#include "analyze/analysis.hpp"
#include "text/letter_case.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

/// Scalar expressions, as parse_expr.c transforms them.
namespace ordain::analyze {

using catalog::CastContext;
using Kind = Expression::Kind;
using Form = Expression::OperatorForm;

namespace {

/// Copying an operand is what the server does for BETWEEN; beyond this size it is printed once.
constexpr std::size_t largest_copied_operand = 16;

std::size_t size_of(const Node& node) {
    std::size_t size = 1;
    for (const Node& operand : node.operands) {
        size += size_of(operand);
        if (size > largest_copied_operand) return size;
    }
    return size;
}

/// Stands for an operand where only its type matters.
Node placeholder(const Node& node) {
    Node made;
    made.type = node.type;
    made.span = node.span;
    made.text = "?";
    return made;
}

Node make(Node::Kind kind, TypeRef type, std::string text, Span span) {
    Node node;
    node.kind = kind;
    node.type = type;
    node.text = std::move(text);
    node.span = span;
    return node;
}

struct ValueFunction {
    std::string_view name;
    Oid type;
};
constexpr std::array<ValueFunction, 12> value_functions{{
    {"current_date", type_oid::date},
    {"current_time", type_oid::timetz},
    {"current_timestamp", type_oid::timestamptz},
    {"localtime", type_oid::time},
    {"localtimestamp", type_oid::timestamp},
    {"current_role", type_oid::name},
    {"current_user", type_oid::name},
    {"user", type_oid::name},
    {"session_user", type_oid::name},
    {"current_catalog", type_oid::name},
    {"current_schema", type_oid::name},
    {"", 0},
}};

std::string_view subquery_place(Place place) {
    switch (place) {
    case Place::column_default: return "DEFAULT expression";
    case Place::check_constraint: return "check constraint";
    case Place::index_expression: return "index expression";
    case Place::index_predicate: return "index predicate";
    case Place::generated_column: return "column generation expression";
    case Place::partition_key: return "partition key expression";
    case Place::statistics: return "statistics expression";
    case Place::alter_using: return "transform expression";
    case Place::trigger_when: return "trigger WHEN condition";
    case Place::policy:
    case Place::any: return {};
    }
    return {};
}

bool fits_int8(std::string_view digits) {
    constexpr std::string_view largest = "9223372036854775807";
    const bool negative = digits.starts_with('-');
    if (negative) digits.remove_prefix(1);
    if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
        return false;
    }
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    return digits.size() < largest.size() || (digits.size() == largest.size() && digits <= largest);
}

/// The digits of B'101' or X'1F' as the server prints them: binary ones.
std::string bits_of(std::string_view written) {
    if (written.empty()) return {};
    const std::string_view digits = written.substr(1);
    if (written.front() != 'x' && written.front() != 'X') return std::string(digits);
    constexpr std::string_view hexadecimal = "0123456789abcdef";
    std::string bits;
    for (const char digit : digits) {
        const std::size_t value = hexadecimal.find(text::lower(digit));
        if (value == std::string_view::npos) return std::string(written);
        for (unsigned mask = 8; mask != 0; mask /= 2)
            bits += (value & mask) != 0 ? '1' : '0';
    }
    return bits;
}
} // namespace

std::vector<Node> Analysis::expressions(const std::vector<Expression>& list) {
    std::vector<Node> nodes;
    nodes.reserve(list.size());
    for (const Expression& item : list)
        nodes.push_back(expression(item));
    return nodes;
}

Node Analysis::expression(const Expression& written) {
    switch (written.kind) {
    case Kind::unsupported:
        expressions(written.operands);
        doubt(fmt::format("an expression that is not modelled ({})", written.value));
        return unknown_node(written.value, written.span);
    case Kind::null_constant:
    case Kind::boolean_constant:
    case Kind::integer_constant:
    case Kind::float_constant:
    case Kind::string_constant:
    case Kind::bit_constant: return constant(written);
    case Kind::column_reference: return column_reference(written);
    case Kind::parameter: return parameter(written);
    case Kind::function_call: return function_call(written);
    case Kind::operator_call: return operator_expression(written);
    case Kind::cast: return cast(written);
    case Kind::and_expression:
    case Kind::or_expression:
    case Kind::not_expression: return boolean_operation(written);
    case Kind::case_expression: return case_expression(written);
    case Kind::coalesce: return common_type_call(written, "COALESCE");
    case Kind::greatest: return common_type_call(written, "GREATEST");
    case Kind::least: return common_type_call(written, "LEAST");
    case Kind::nullif: return null_if(written);
    case Kind::array_constructor: return array_constructor(written);
    case Kind::row_constructor: return row_constructor(written);
    case Kind::subquery: return sublink(written);
    case Kind::is_null: return suffix(written, "IS NULL");
    case Kind::is_not_null: return suffix(written, "IS NOT NULL");
    case Kind::boolean_test: return boolean_test(written);
    case Kind::sql_value_function: return sql_value(written);
    case Kind::subscript: return subscript(written);
    case Kind::field_selection: return field_selection(written);
    case Kind::collate: return collate(written);
    case Kind::set_to_default:
        fail("42601", "DEFAULT is not allowed in this context", written.span);
        return unknown_node("DEFAULT", written.span);
    case Kind::named_argument: return expression(written.operands.front());
    case Kind::grouping: {
        Node node = make(Node::Kind::keyword_call, int4_type, "GROUPING", written.span);
        node.operands = expressions(written.operands);
        if (written.value != "function") node.type = {};
        return node;
    }
    }
    return unknown_node("?", written.span);
}

Node Analysis::constant(const Expression& written) {
    Node node = make(Node::Kind::constant, unknown_literal, written.value, written.span);
    if (written.kind == Kind::null_constant) {
        node.null = true;
        node.text = "NULL";
    } else if (written.kind == Kind::boolean_constant) {
        node.type = boolean_type;
    } else if (written.kind == Kind::integer_constant) {
        node.type = int4_type;
    } else if (written.kind == Kind::float_constant) {
        node.type = builtin_type(fits_int8(written.value) ? type_oid::int8 : type_oid::numeric);
    } else if (written.kind == Kind::bit_constant) {
        node.type = builtin_type(type_oid::bit);
        node.text = bits_of(written.value);
    }
    return node;
}

Node Analysis::parameter(const Expression& written) {
    Node node = make(Node::Kind::parameter, {}, "$" + written.value, written.span);
    constant_ = false;
    std::size_t number = 0;
    for (const char digit : written.value) {
        constexpr std::size_t most = 100'000;
        if (number < most) number = number * 10 + static_cast<std::size_t>(digit - '0');
    }
    if (parameters_ != nullptr && number >= 1 && number <= parameters_->size()) {
        node.type = (*parameters_)[number - 1].type;
        return node;
    }
    fail("42P02", fmt::format("there is no parameter ${}", written.value), written.span);
    return node;
}

Node Analysis::boolean_operation(const Expression& written) {
    const bool negation = written.kind == Kind::not_expression;
    const std::string_view clause = negation                               ? "NOT"
                                    : written.kind == Kind::and_expression ? "AND"
                                                                           : "OR";
    Node node = make(negation ? Node::Kind::negation : Node::Kind::boolean, boolean_type,
                     negation ? "NOT" : fmt::format(" {} ", clause), written.span);
    node.operands.reserve(written.operands.size());
    for (const Expression& operand : written.operands) {
        node.operands.push_back(coerce_to_boolean(expression(operand), clause));
    }
    return node;
}

// ---- operators ----------------------------------------------------------------------------------

Node Analysis::comparison(std::string_view name, Node left, Node right, Span span) {
    const Identifier identifier{.text = std::string(name), .span = span};
    std::vector<Node> operands;
    operands.push_back(std::move(left));
    operands.push_back(std::move(right));
    return apply_operator({identifier}, std::move(operands), span);
}

Node Analysis::operator_expression(const Expression& written) {
    switch (written.form) {
    case Form::plain:
    case Form::like:
    case Form::ilike:
    case Form::similar: break;
    case Form::any:
    case Form::all: return any_all(written);
    case Form::distinct:
    case Form::not_distinct: return distinct_from(written);
    case Form::in:
    case Form::not_in: return in_list(written);
    case Form::between:
    case Form::not_between:
    case Form::between_symmetric:
    case Form::not_between_symmetric: return between(written);
    }
    std::vector<Node> operands = expressions(written.operands);
    const auto is_row = [](const Node& node) {
        return node.kind == Node::Kind::keyword_call && node.text == "ROW";
    };
    if (operands.size() == 2 && is_row(operands[0]) && is_row(operands[1])) {
        if (operands[0].operands.size() != operands[1].operands.size()) {
            fail("42601", "unequal number of entries in row expressions", written.span);
        } else {
            for (std::size_t i = 0; i < operands[0].operands.size(); ++i) {
                comparison(written.names.back().text, placeholder(operands[0].operands[i]),
                           placeholder(operands[1].operands[i]), written.span);
            }
        }
        Node node = make(Node::Kind::infix, boolean_type, written.names.back().text, written.span);
        node.operands = std::move(operands);
        return node;
    }
    return apply_operator(written.names, std::move(operands), written.span);
}

Node Analysis::distinct_from(const Expression& written) {
    std::vector<Node> operands = expressions(written.operands);
    if (operands.size() != 2) return unknown_node("?", written.span);
    Node node = comparison("=", std::move(operands[0]), std::move(operands[1]), written.span);
    if (node.kind == Node::Kind::infix) node.text = "IS DISTINCT FROM";
    node.type = boolean_type;
    node.not_null = true;
    if (written.form == Form::distinct) return node;
    Node negation = make(Node::Kind::negation, boolean_type, "NOT", written.span);
    negation.operands.push_back(std::move(node));
    return negation;
}

Node Analysis::between(const Expression& written) {
    std::vector<Node> operands = expressions(written.operands);
    if (operands.size() != 3) return unknown_node("?", written.span);
    const bool negated =
        written.form == Form::not_between || written.form == Form::not_between_symmetric;
    const bool symmetric =
        written.form == Form::between_symmetric || written.form == Form::not_between_symmetric;
    const bool simple = size_of(operands[0]) <= largest_copied_operand && !symmetric;
    Node left = simple ? operands[0] : placeholder(operands[0]);
    Node low = comparison(negated ? "<" : ">=", simple ? operands[0] : placeholder(operands[0]),
                          simple ? std::move(operands[1]) : placeholder(operands[1]), written.span);
    Node high =
        comparison(negated ? ">" : "<=", std::move(left),
                   simple ? std::move(operands[2]) : placeholder(operands[2]), written.span);
    Node node = make(Node::Kind::boolean, boolean_type, negated ? " OR " : " AND ", written.span);
    if (simple) {
        node.operands.push_back(std::move(low));
        node.operands.push_back(std::move(high));
        return node;
    }
    node.kind = Node::Kind::keyword_call;
    node.text = fmt::format("{}BETWEEN{}", negated ? "NOT " : "", symmetric ? " SYMMETRIC" : "");
    node.operands = std::move(operands);
    return node;
}

Node Analysis::in_list(const Expression& written) {
    std::vector<Node> operands = expressions(written.operands);
    const bool negated = written.form == Form::not_in;
    const std::string_view name = negated ? "<>" : "=";
    if (operands.size() == 2) {
        return comparison(name, std::move(operands[0]), std::move(operands[1]), written.span);
    }
    // The server makes an array of what holds no column when the types agree; the operator is the
    // same for all of them then.
    std::vector<Node*> all;
    all.reserve(operands.size());
    for (Node& operand : operands)
        all.push_back(&operand);
    const bool rows = operands[0].kind == Node::Kind::keyword_call && operands[0].text == "ROW";
    const TypeRef common = rows ? TypeRef{} : common_type(all, {});
    Node node = make(Node::Kind::any_all, boolean_type, negated ? "<> ALL" : "= ANY", written.span);
    Node array = make(Node::Kind::array, Types::array_of(common), {}, written.span);
    Node left = std::move(operands[0]);
    for (std::size_t i = 1; i < operands.size(); ++i) {
        if (common.known())
            operands[i] = coerce(std::move(operands[i]), common, CastContext::implicit);
        array.operands.push_back(std::move(operands[i]));
    }
    if (common.known()) {
        Node element = placeholder(left);
        element.type = common;
        Node compared = comparison(name, left, std::move(element), written.span);
        if (!compared.operands.empty()) left = std::move(compared.operands[0]);
    } else if (!rows) {
        for (Node& item : array.operands) {
            const bool literal = is_unknown_literal(item.type);
            Node compared = comparison(name, placeholder(left), literal ? item : placeholder(item),
                                       written.span);
            if (literal && compared.operands.size() == 2) item = std::move(compared.operands[1]);
        }
    }
    node.operands.push_back(std::move(left));
    node.operands.push_back(std::move(array));
    return node;
}

Node Analysis::any_all(const Expression& written) {
    std::vector<Node> operands = expressions(written.operands);
    const bool any = written.form == Form::any;
    Node node =
        make(Node::Kind::any_all, boolean_type,
             fmt::format("{} {}", written.names.back().text, any ? "ANY" : "ALL"), written.span);
    if (operands.size() != 2) return node;
    const TypeRef right = types_.base(operands[1].type);
    if (is_unknown_literal(right)) {
        const TypeRef left = is_unknown_literal(operands[0].type) ? text_type : operands[0].type;
        if (left.known() && !left.array) {
            operands[1] =
                coerce(std::move(operands[1]), Types::array_of({.type = types_.base(left).type}),
                       CastContext::implicit);
        }
    }
    const TypeRef array = types_.base(operands[1].type);
    TypeRef element = Types::element(array);
    if (array.known() && !array.array && !types_.is_opaque(array)) {
        const catalog::BuiltinType* shipped = Types::description(array);
        if (shipped != nullptr && shipped->element != 0 && shipped->length == -1) {
            element = Types::from_oid(shipped->element);
        } else if (!Types::is_polymorphic(array)) {
            fail("42809", "op ANY/ALL (array) requires array on right side", written.span);
        }
    }
    Node inner = placeholder(operands[1]);
    inner.type = element;
    Node compared = apply_operator(
        written.names,
        [&] {
            std::vector<Node> pair;
            pair.push_back(std::move(operands[0]));
            pair.push_back(std::move(inner));
            return pair;
        }(),
        written.span);
    if (compared.operands.size() == 2) operands[0] = std::move(compared.operands[0]);
    node.operands = std::move(operands);
    return node;
}

// ---- values of a common type --------------------------------------------------------------------

Node Analysis::case_expression(const Expression& written) {
    Node node = make(Node::Kind::case_, {}, {}, written.span);
    node.has_test = written.case_has_test;
    node.has_else = written.case_has_else;
    std::size_t i = 0;
    Node test;
    if (node.has_test) {
        test = as_known(expression(written.operands[i++]));
        node.operands.push_back(test);
    }
    const std::size_t end = written.operands.size() - (node.has_else ? 1 : 0);
    std::vector<std::size_t> results;
    for (; i + 1 < end; i += 2) {
        Node when = expression(written.operands[i]);
        if (node.has_test) {
            Node compared =
                comparison("=", placeholder(test), std::move(when), written.operands[i].span);
            if (compared.operands.size() == 2) {
                when = std::move(compared.operands[1]);
            } else {
                when = std::move(compared);
            }
        } else {
            when = coerce_to_boolean(std::move(when), "CASE/WHEN");
        }
        node.operands.push_back(std::move(when));
        results.push_back(node.operands.size());
        node.operands.push_back(expression(written.operands[i + 1]));
    }
    // The server puts ELSE first when it chooses the type.
    std::vector<Node*> values;
    if (node.has_else) node.operands.push_back(expression(written.operands.back()));
    if (node.has_else) values.push_back(&node.operands.back());
    for (const std::size_t place : results)
        values.push_back(&node.operands[place]);
    node.type = common_type(values, "CASE");
    // The NULL that stands for a missing ELSE has no modifier.
    if (!node.has_else) node.type.modifier = -1;
    for (Node* value : values) {
        if (node.type.known()) *value = coerce_or_fail(std::move(*value), node.type, "CASE");
    }
    return node;
}

Node Analysis::common_type_call(const Expression& written, std::string_view keyword) {
    Node node = make(Node::Kind::keyword_call, {}, std::string(keyword), written.span);
    node.operands = expressions(written.operands);
    std::vector<Node*> values;
    for (Node& operand : node.operands)
        values.push_back(&operand);
    node.type = common_type(values, keyword);
    for (Node* value : values) {
        if (node.type.known()) *value = coerce_or_fail(std::move(*value), node.type, keyword);
    }
    return node;
}

Node Analysis::null_if(const Expression& written) {
    std::vector<Node> operands = expressions(written.operands);
    Node node = make(Node::Kind::keyword_call, {}, "NULLIF", written.span);
    if (operands.size() != 2) return node;
    Node compared = comparison("=", std::move(operands[0]), std::move(operands[1]), written.span);
    node.operands = std::move(compared.operands);
    if (!node.operands.empty()) node.type = node.operands[0].type;
    return node;
}

Node Analysis::array_constructor(const Expression& written) {
    Node node = make(Node::Kind::array, {}, {}, written.span);
    node.operands = expressions(written.operands);
    if (node.operands.empty()) {
        fail("42P18", "cannot determine type of empty array", written.span);
        return node;
    }
    std::vector<Node*> values;
    for (Node& operand : node.operands)
        values.push_back(&operand);
    const TypeRef element = common_type(values, "ARRAY");
    if (!element.known()) return node;
    for (Node* value : values)
        *value = coerce_or_fail(std::move(*value), element, "ARRAY");
    node.type = Types::array_of({.type = element.type, .array = element.array});
    return node;
}

/// ARRAY[...]::t[]: each element is cast (transformArrayExpr with a known element type).
Node Analysis::array_of_type(const Expression& written, TypeRef array) {
    Node node = make(Node::Kind::array, array, {}, written.span);
    node.type.modifier = -1;
    const TypeRef element = Types::element(array);
    for (const Expression& operand : written.operands) {
        if (operand.kind == Kind::array_constructor) {
            node.operands.push_back(array_of_type(operand, array));
            continue;
        }
        Node value = expression(operand);
        // A nested array is taken as it is.
        const bool nested = value.type.array;
        node.operands.push_back(
            coerce(std::move(value), nested ? array : element, CastContext::explicit_));
    }
    return node;
}

Node Analysis::row_constructor(const Expression& written) {
    Node node = make(Node::Kind::keyword_call, record_type, "ROW", written.span);
    for (const Expression& operand : written.operands) {
        if (operand.kind == Kind::column_reference && operand.star) {
            std::vector<BoundTarget> targets;
            expand_star(operand, targets);
            for (BoundTarget& target : targets)
                node.operands.push_back(std::move(target.node));
            continue;
        }
        node.operands.push_back(expression(operand));
    }
    return node;
}

// ---- subqueries ---------------------------------------------------------------------------------

Node Analysis::compared_sublink(const Expression& written, Node node, QueryResult& inner) {
    const std::string operation = written.names.empty() ? "=" : written.names.back().text;
    const bool any = written.sublink != Expression::Sublink::all;
    node.type = boolean_type;
    node.text = fmt::format("{} {}", operation, any ? "ANY " : "ALL ");
    Node left = written.operands.empty() ? Node{} : expression(written.operands.front());
    const bool row = left.kind == Node::Kind::keyword_call && left.text == "ROW";
    std::vector<Node> values;
    if (row) {
        values = std::move(left.operands);
    } else {
        values.push_back(std::move(left));
    }
    if (!inner.open && values.size() != inner.columns.size()) {
        fail("42601",
             values.size() < inner.columns.size() ? "subquery has too many columns"
                                                  : "subquery has too few columns",
             written.span);
        return node;
    }
    for (std::size_t i = 0; i < values.size() && i < inner.columns.size(); ++i) {
        Node right = make(Node::Kind::opaque, inner.columns[i].type, "?", written.span);
        const bool literal = is_unknown_literal(values[i].type);
        Node compared = comparison(operation, literal ? values[i] : placeholder(values[i]), right,
                                   written.span);
        if (literal && compared.operands.size() == 2) values[i] = std::move(compared.operands[0]);
    }
    if (row) {
        Node made = make(Node::Kind::keyword_call, record_type, "ROW", written.span);
        made.operands = std::move(values);
        node.operands.push_back(std::move(made));
    } else {
        node.operands = std::move(values);
    }
    return node;
}

Node Analysis::sublink(const Expression& written) {
    Node node = make(Node::Kind::sublink, {}, {}, written.span);
    constant_ = false;
    if (const std::string_view place = subquery_place(place_); !place.empty()) {
        fail("0A000", fmt::format("cannot use subquery in {}", place), written.span);
        return node;
    }
    if (written.query == nullptr) return node;
    QueryResult inner = query(*written.query, scope_, true);
    node.query = std::move(inner.text);
    switch (written.sublink) {
    case Expression::Sublink::exists:
        node.type = boolean_type;
        node.text = "EXISTS ";
        node.not_null = true;
        return node;
    case Expression::Sublink::any:
    case Expression::Sublink::all: return compared_sublink(written, std::move(node), inner);
    case Expression::Sublink::row_compare: node.text = "ROW " + written.value; return node;
    case Expression::Sublink::scalar:
    case Expression::Sublink::array: break;
    }
    if (!inner.open && inner.columns.size() != 1) {
        fail("42601", "subquery must return only one column", written.span);
        return node;
    }
    const TypeRef column = inner.columns.size() == 1 ? inner.columns.front().type : TypeRef{};
    node.type = column;
    if (written.sublink == Expression::Sublink::array) {
        node.text = "ARRAY ";
        node.not_null = true;
        node.type = column.array ? column : Types::array_of(column);
    } else if (!inner.rows_from_nothing) {
        may_fail("a subquery may return more than one row");
    } else {
        node.not_null = !inner.columns.empty() && inner.columns.front().not_null;
    }
    return node;
}

// ---- the rest -----------------------------------------------------------------------------------

Node Analysis::suffix(const Expression& written, std::string text) {
    Node node = make(Node::Kind::suffix, boolean_type, std::move(text), written.span);
    node.operands = expressions(written.operands);
    return node;
}

Node Analysis::boolean_test(const Expression& written) {
    const std::string name = "IS " + text::upper_case(written.value);
    Node node = make(Node::Kind::suffix, boolean_type, name, written.span);
    for (const Expression& operand : written.operands) {
        node.operands.push_back(coerce_to_boolean(expression(operand), name));
    }
    return node;
}

Node Analysis::sql_value(const Expression& written) {
    Node node = make(Node::Kind::keyword, {}, text::upper_case(written.value), written.span);
    const auto* found = std::ranges::find(value_functions, written.value, &ValueFunction::name);
    if (found != value_functions.end() && found->type != 0) node.type = builtin_type(found->type);
    if (!written.operands.empty()) {
        node.text += fmt::format("({})", written.operands.front().value);
        std::int32_t precision = 0;
        for (const char digit : written.operands.front().value) {
            if (digit >= '0' && digit <= '9' && precision < 100)
                precision = precision * 10 + (digit - '0');
        }
        node.type.modifier = precision;
    }
    worsen('s');
    return node;
}

Node Analysis::subscript(const Expression& written) {
    Node node = make(Node::Kind::subscript, {}, {}, written.span);
    node.operands = expressions(written.operands);
    if (node.operands.empty()) return node;
    const TypeRef base = types_.base(node.operands.front().type);
    const catalog::BuiltinType* shipped = Types::description(base);
    const bool slice = written.value == "slice";
    if (is_type(base, type_oid::jsonb)) {
        node.type = base;
        return node;
    }
    if (base.array) {
        node.type = slice ? base : Types::element(base);
    } else if (shipped != nullptr && shipped->element != 0) {
        node.type = slice ? base : Types::from_oid(shipped->element);
    } else if (base.known() && !types_.is_opaque(base) && !Types::is_polymorphic(base)) {
        fail("42804",
             fmt::format("cannot subscript type {} because it does not support subscripting",
                         types_.name(base)),
             written.span);
        return node;
    }
    for (std::size_t i = 1; i < node.operands.size(); ++i) {
        Node& bound = node.operands[i];
        if (!bound.type.known()) continue;
        bound = coerce(std::move(bound), int4_type, CastContext::assignment);
    }
    return node;
}

Node Analysis::select_field(Node base, const Identifier& field) {
    Node node = make(Node::Kind::field, {}, field.text, field.span);
    const TypeRef type = types_.base(base.type);
    const Object* relation = types_.is_composite(type) ? types_.object(type) : nullptr;
    const Object* function = base.kind == Node::Kind::call ? catalog_.find(base.object) : nullptr;
    if (relation != nullptr) {
        catalog::Lookup found = resolver_.column(relation->id, field.text);
        if (found.absent() && relation->unknown.empty()) {
            fail("42703",
                 fmt::format("column \"{}\" not found in data type {}", field.text,
                             types_.name(type)),
                 field.span);
        } else if (found.object != nullptr) {
            node.object = found.id;
            node.type = found.object->as<ColumnDetails>().type;
            use(found.id, field.span);
            depend(found.id);
        } else {
            doubt(fmt::format("field \"{}\": {}", field.text, found.reason));
        }
    } else if (function != nullptr && function->get_if<FunctionDetails>() != nullptr) {
        const auto& details = function->as<FunctionDetails>();
        const auto name = std::ranges::find(details.output_names, field.text);
        const auto place = static_cast<std::size_t>(name - details.output_names.begin());
        if (place < details.output_types.size()) node.type = details.output_types[place];
    } else if (type.known() && !is_type(type, type_oid::record) && !types_.is_composite(type) &&
               !types_.is_opaque(type)) {
        fail("42809",
             fmt::format("column notation .{} applied to type {}, which is not a composite type",
                         field.text, types_.name(type)),
             field.span);
    }
    if (!node.type.known() && base.type.known()) {
        doubt(fmt::format("field \"{}\" of a record", field.text));
    }
    node.operands.push_back(std::move(base));
    return node;
}

Node Analysis::field_selection(const Expression& written) {
    Node base = expression(written.operands.front());
    if (written.star || written.names.empty()) {
        doubt("the fields of a row value are expanded");
        return unknown_node("*", written.span);
    }
    return select_field(std::move(base), written.names.front());
}

Node Analysis::collate(const Expression& written) {
    Node node = make(Node::Kind::collate, {}, {}, written.span);
    node.operands = expressions(written.operands);
    if (node.operands.empty()) return node;
    node.type = node.operands[0].type;
    if (is_unknown_literal(node.type)) {
        node.operands[0] = as_known(std::move(node.operands[0]));
        node.type = text_type;
    }
    const catalog::BuiltinType* shipped = Types::description(types_.base(node.type));
    if (shipped != nullptr && !shipped->collatable) {
        fail("42804",
             fmt::format("collations are not supported by type {}", types_.name(node.type)),
             written.span);
    }
    for (const Identifier& name : written.names) {
        if (!node.text.empty()) node.text += '.';
        node.text += catalog::quote_identifier(name.text);
    }
    if (written.names.empty()) return node;
    const QualifiedName name{
        .schema = written.names.size() > 1 ? written.names[written.names.size() - 2] : Identifier{},
        .name = written.names.back()};
    const catalog::Lookup found = resolver_.in_schema(NameSpace::other, name);
    if (found.object != nullptr && found.object->kind == ObjectKind::collation) {
        use(found.id, name.span());
        depend(found.id);
    }
    return node;
}

Node Analysis::cast(const Expression& written) {
    Binder::BoundType bound = type_name(*written.type);
    for (const Use& each : bound.uses)
        use(each.object, each.span);
    if (bound.problem) fail(bound.problem->sqlstate, bound.problem->message, bound.problem->span);
    if (!bound.doubt.empty()) doubt(bound.doubt);
    const Expression& inner = written.operands.front();
    const TypeRef base = types_.base(bound.type);
    if (inner.kind == Kind::array_constructor && base.array) {
        Node array = array_of_type(inner, base);
        return coerce(std::move(array), bound.type, CastContext::explicit_);
    }
    Node value = expression(inner);
    value.span = value.span.empty() ? written.span : value.span;
    Node made = coerce(std::move(value), bound.type, CastContext::explicit_);
    return made;
}

} // namespace ordain::analyze
