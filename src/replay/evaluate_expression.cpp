#include "replay/evaluate.hpp"
#include "replay/text_functions.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace ordain::replay {
namespace {

using Kind = Expression::Kind;

bool is_null_test(std::string_view test) {
    return test == "unknown" || test == "not unknown";
}

Value not_modelled(std::string_view what) {
    return Value::unknown(
        fmt::format("{} is not modelled", what.empty() ? std::string_view("an expression") : what));
}

Value like(const Value& text, const Value& pattern) {
    if (text.is_null() || pattern.is_null()) return Value::null();
    Value a = as_text(text);
    Value b = as_text(pattern);
    if (!a.is_known()) return a;
    if (!b.is_known()) return b;
    return Value::of_boolean(is_like(a.text, b.text));
}

/// || of texts; with anything else it means something else.
Value concatenated(const Value& left, const Value& right) {
    if (left.is_null() || right.is_null()) return Value::null();
    Value a = as_text(left);
    Value b = as_text(right);
    if (!a.is_known()) return a;
    if (!b.is_known()) return b;
    return Value::of_text(a.text + b.text);
}

Value arithmetic(std::string_view name, const Value& left, const Value& right) {
    if (left.is_null() || right.is_null()) return Value::null();
    const Value a = as_kind(left, Value::Kind::integer);
    const Value b = as_kind(right, Value::Kind::integer);
    constexpr std::size_t digits = 9; // what two of cannot overflow
    const bool small =
        a.is_known() && b.is_known() && a.text.size() <= digits && b.text.size() <= digits;
    if (!small) return not_modelled("arithmetic");
    const std::int64_t x = std::stoll(a.text);
    const std::int64_t y = std::stoll(b.text);
    if (name == "+") return Value::of_integer(x + y);
    if (name == "-") return Value::of_integer(x - y);
    if (name == "*") return Value::of_integer(x * y);
    return not_modelled("arithmetic");
}

std::string_view type_of_reg(const TypeName& type) {
    const std::string& name = type.name.name.text;
    static constexpr std::array<std::string_view, 5> kinds = {"regclass", "regtype", "regnamespace",
                                                              "regrole", "oid"};
    const auto* const found = std::ranges::find(kinds, name);
    return found == kinds.end() ? std::string_view() : *found;
}

std::optional<Value::Kind> kind_of(const TypeName& type) {
    const std::string& name = type.name.name.text;
    if (name == "text" || name == "name" || name == "varchar" || name == "bpchar" ||
        name == "sql_identifier" || name == "citext")
        return type.modifiers.empty() ? std::optional(Value::Kind::text) : std::nullopt;
    if (name == "bool") return Value::Kind::boolean;
    if (name == "int4" || name == "int8" || name == "int2") return Value::Kind::integer;
    return std::nullopt;
}

} // namespace

Value Evaluator::value(const Expression& expression, const Scope* scope) {
    const auto operand = [&](std::size_t index) {
        return value(expression.operands[index], scope);
    };
    switch (expression.kind) {
    case Kind::null_constant: return Value::null();
    case Kind::boolean_constant: return Value::of_boolean(expression.value == "true");
    case Kind::integer_constant:
        return as_kind(Value::of_text(expression.value), Value::Kind::integer);
    case Kind::string_constant: return Value::of_text(expression.value);
    case Kind::column_reference: return column(expression, scope);
    case Kind::parameter: {
        const Value number = as_kind(Value::of_text(expression.value), Value::Kind::integer);
        const std::size_t place = number.is_known() ? std::stoul(number.text) : 0;
        if (place == 0 || place > parameters_.size()) return not_modelled("a parameter");
        return parameters_[place - 1];
    }
    case Kind::function_call: return call(expression, scope);
    case Kind::operator_call: return operation(expression, scope);
    case Kind::cast: return cast(expression, scope);
    case Kind::and_expression:
    case Kind::or_expression: {
        const bool conjunction = expression.kind == Kind::and_expression;
        Value result = Value::of_boolean(conjunction);
        for (const Expression& part : expression.operands) {
            Value next = as_kind(value(part, scope), Value::Kind::boolean);
            result = conjunction ? both(result, next) : either(result, next);
        }
        return result;
    }
    case Kind::not_expression: return negated(as_kind(operand(0), Value::Kind::boolean));
    case Kind::case_expression: return case_value(expression, scope);
    case Kind::coalesce:
        for (const Expression& part : expression.operands) {
            Value next = value(part, scope);
            if (!next.is_null()) return next;
        }
        return Value::null();
    case Kind::nullif: {
        Value same = equal(operand(0), operand(1));
        if (same.is_unknown()) return same;
        return same.is_true() ? Value::null() : operand(0);
    }
    case Kind::array_constructor: {
        std::vector<Value> elements;
        for (const Expression& part : expression.operands)
            elements.push_back(value(part, scope));
        return Value::of_array(std::move(elements));
    }
    case Kind::subquery: return subquery(expression, scope);
    case Kind::is_null:
    case Kind::is_not_null: {
        Value tested = operand(0);
        if (tested.is_unknown()) return tested;
        return Value::of_boolean(tested.is_null() == (expression.kind == Kind::is_null));
    }
    case Kind::boolean_test: return boolean_test(expression, scope);
    case Kind::subscript: return subscript(expression, scope);
    case Kind::collate: return operand(0);
    case Kind::sql_value_function:
        if (expression.value == "current_schema") {
            const catalog::Lookup schema = resolver_.creation_schema();
            if (schema.absent()) return Value::null();
            if (schema.present() && schema.object != nullptr)
                return Value::of_text(schema.object->name);
        }
        return not_modelled(expression.value);
    case Kind::unsupported:
    case Kind::float_constant:
    case Kind::bit_constant:
    case Kind::greatest:
    case Kind::least:
    case Kind::row_constructor:
    case Kind::field_selection:
    case Kind::set_to_default:
    case Kind::named_argument:
    case Kind::grouping: break;
    }
    return not_modelled("an expression");
}

/// A column of the nearest query that has it, else a variable. Both: the server refuses to choose.
Value Evaluator::column(const Expression& expression, const Scope* scope) {
    if (expression.star || expression.names.empty()) return not_modelled("a row");
    const std::string& name = expression.names.back().text;
    const bool qualified = expression.names.size() > 1;
    const auto variable = qualified ? variables_.end() : variables_.find(name);
    for (; scope != nullptr; scope = scope->outer) {
        for (const Entry& entry : scope->entries) {
            if (qualified && entry.alias != expression.names[expression.names.size() - 2].text)
                continue;
            const auto found = std::ranges::find(*entry.columns, name);
            if (found == entry.columns->end()) continue;
            if (variable != variables_.end())
                return Value::unknown(fmt::format("\"{}\" is a variable and a column", name));
            const auto place = static_cast<std::size_t>(found - entry.columns->begin());
            if (place < entry.row->values.size()) return entry.row->values[place];
        }
    }
    if (variable != variables_.end()) return variable->second;
    if (qualified) {
        const auto field =
            variables_.find(expression.names[expression.names.size() - 2].text + "." + name);
        if (field != variables_.end()) return field->second;
    }
    return Value::unknown(fmt::format("\"{}\" is not known", name));
}

Value Evaluator::case_value(const Expression& expression, const Scope* scope) {
    std::size_t place = expression.case_has_test ? 1 : 0;
    const std::size_t end = expression.operands.size() - (expression.case_has_else ? 1 : 0);
    for (; place + 1 < end; place += 2) {
        Value condition = value(expression.operands[place], scope);
        condition = expression.case_has_test
                        ? equal(value(expression.operands.front(), scope), condition)
                        : as_kind(std::move(condition), Value::Kind::boolean);
        if (condition.is_unknown()) return condition;
        if (condition.is_true()) return value(expression.operands[place + 1], scope);
    }
    return expression.case_has_else ? value(expression.operands.back(), scope) : Value::null();
}

Value Evaluator::boolean_test(const Expression& expression, const Scope* scope) {
    Value tested = as_kind(value(expression.operands.front(), scope), Value::Kind::boolean);
    if (tested.is_unknown()) return tested;
    const std::string_view test = expression.value;
    const bool wants_not = test.starts_with("not");
    const bool holds = is_null_test(test)       ? tested.is_null()
                       : test.ends_with("true") ? tested.is_true()
                                                : tested.is_false();
    return Value::of_boolean(holds != wants_not);
}

Value Evaluator::subscript(const Expression& expression, const Scope* scope) {
    Value base = value(expression.operands.front(), scope);
    if (base.is_null()) return base;
    if (!base.is_known() || base.kind != Value::Kind::array || expression.operands.size() != 2 ||
        expression.value == "slice")
        return not_modelled("a subscript");
    Value index = as_kind(value(expression.operands[1], scope), Value::Kind::integer);
    if (!index.is_known()) return index;
    const std::int64_t place = std::stoll(index.text);
    const auto size = static_cast<std::int64_t>(base.elements.size());
    if (place < 1 || place > size) return Value::null();
    return base.elements[static_cast<std::size_t>(place - 1)];
}

Value Evaluator::operation(const Expression& expression, const Scope* scope) {
    using Form = Expression::OperatorForm;
    switch (expression.form) {
    case Form::in:
    case Form::not_in: return in_list(expression, scope);
    case Form::any:
    case Form::all: return quantified(expression, scope);
    case Form::distinct:
    case Form::not_distinct: {
        const Value left = value(expression.operands[0], scope);
        const Value right = value(expression.operands[1], scope);
        const bool nulls = left.is_null() || right.is_null();
        const bool known = !left.is_unknown() && !right.is_unknown();
        Value same = nulls && known ? Value::of_boolean(left.is_null() && right.is_null())
                                    : equal(left, right);
        if (!known) same = left.is_unknown() ? left : right;
        return expression.form == Form::distinct ? negated(same) : same;
    }
    case Form::between:
    case Form::not_between: {
        const Value tested = value(expression.operands[0], scope);
        Value inside = both(negated(less(tested, value(expression.operands[1], scope))),
                            negated(less(value(expression.operands[2], scope), tested)));
        return expression.form == Form::between ? inside : negated(inside);
    }
    case Form::plain:
    case Form::like:
        if (expression.operands.size() == 2)
            return binary(expression.names.back().text, value(expression.operands[0], scope),
                          value(expression.operands[1], scope));
        break;
    case Form::ilike:
    case Form::similar:
    case Form::between_symmetric:
    case Form::not_between_symmetric: break;
    }
    return not_modelled("an operator");
}

Value Evaluator::binary(std::string_view name, const Value& a, const Value& b) {
    if (name == "||") return concatenated(a, b);
    if (name == "~~") return like(a, b);
    if (name == "!~~") return negated(like(a, b));
    if (name == "=") return equal(a, b);
    if (name == "<>") return negated(equal(a, b));
    if (name == "<") return less(a, b);
    if (name == ">") return less(b, a);
    if (name == "<=") return negated(less(b, a));
    if (name == ">=") return negated(less(a, b));
    if (name == "+" || name == "-" || name == "*") return arithmetic(name, a, b);
    return not_modelled(fmt::format("operator {}", name));
}

Value Evaluator::in_list(const Expression& expression, const Scope* scope) {
    const Value tested = value(expression.operands.front(), scope);
    Value result = Value::of_boolean(false);
    for (std::size_t index = 1; index < expression.operands.size(); ++index)
        result = either(result, equal(tested, value(expression.operands[index], scope)));
    return expression.form == Expression::OperatorForm::in ? result : negated(result);
}

/// left operator ANY (array), likewise ALL.
Value Evaluator::quantified(const Expression& expression, const Scope* scope) {
    const Value left = value(expression.operands[0], scope);
    Value array = value(expression.operands[1], scope);
    if (array.is_null()) return array;
    if (!array.is_known() || array.kind != Value::Kind::array) return not_modelled("an array");
    const bool any = expression.form == Expression::OperatorForm::any;
    Value result = Value::of_boolean(!any);
    for (const Value& element : array.elements) {
        const Value next = binary(expression.names.back().text, left, element);
        result = any ? either(result, next) : both(result, next);
    }
    return result;
}

Value Evaluator::subquery(const Expression& expression, const Scope* scope) {
    using Sublink = Expression::Sublink;
    const RowSet set = query_rows(*expression.query, scope);
    const auto certain =
        std::ranges::find_if(set.rows, [](const Row& row) { return row.maybe.empty(); });
    switch (expression.sublink) {
    case Sublink::exists:
        if (certain != set.rows.end()) return Value::of_boolean(true);
        if (!set.rows.empty()) return Value::unknown(set.rows.front().maybe);
        if (!set.maybe_more.empty()) return Value::unknown(set.maybe_more);
        return Value::of_boolean(false);
    case Sublink::any:
    case Sublink::all: {
        const Value left = value(expression.operands.front(), scope);
        const bool any = expression.sublink == Sublink::any;
        const std::string_view name =
            expression.names.empty() ? "=" : std::string_view(expression.names.back().text);
        Value result = Value::of_boolean(!any);
        for (const Row& row : set.rows) {
            if (row.values.size() != 1) return not_modelled("a comparison of rows");
            Value next = binary(name, left, row.values.front());
            if (!row.maybe.empty() && next.is_true() == any) next = Value::unknown(row.maybe);
            result = any ? either(result, next) : both(result, next);
        }
        if (set.maybe_more.empty()) return result;
        const Value more = Value::unknown(set.maybe_more);
        return any ? either(result, more) : both(result, more);
    }
    case Sublink::scalar:
        if (!set.maybe_more.empty()) return Value::unknown(set.maybe_more);
        if (set.rows.empty()) return Value::null();
        if (!set.rows.front().maybe.empty()) return Value::unknown(set.rows.front().maybe);
        if (set.rows.size() > 1) {
            const bool two = std::ranges::count(set.rows, std::string(), &Row::maybe) > 1;
            if (two && !refusal_)
                refusal_ = Refusal{
                    .sqlstate = "21000",
                    .message = "more than one row returned by a subquery used as an expression",
                    .span = expression.span};
            return not_modelled("a subquery of several rows");
        }
        return set.rows.front().values.empty() ? not_modelled("a row without columns")
                                               : set.rows.front().values.front();
    case Sublink::array:
    case Sublink::row_compare: break;
    }
    return not_modelled("a subquery of this kind");
}

Value Evaluator::cast(const Expression& expression, const Scope* scope) {
    Value source = value(expression.operands.front(), scope);
    const TypeName& type = *expression.type;
    if (!source.is_known()) return source;
    if (type.array_dimensions > 0)
        return source.kind == Value::Kind::array ? source : not_modelled("a cast to an array");
    if (const std::string_view target = type_of_reg(type); !target.empty()) {
        if (source.kind == Value::Kind::oid) return source;
        if (source.kind == Value::Kind::text) return to_object(source, target, expression.span);
        return not_modelled("an object's number");
    }
    const std::optional<Value::Kind> kind = kind_of(type);
    if (!kind) return not_modelled(fmt::format("a cast to {}", type.name.name.text));
    if (kind == Value::Kind::text && source.kind == Value::Kind::boolean)
        return Value::of_text(source.text);
    return as_kind(std::move(source), *kind);
}

/// regclassin and its relatives: an error where the object is not there.
Value Evaluator::to_object(const Value& name, std::string_view type, Span span) {
    const std::optional<QualifiedName> parsed = parse_qualified_name(name.text);
    if (!parsed) return not_modelled(fmt::format("a cast to {}", type));
    const auto refuse = [&](std::string_view sqlstate, std::string message) {
        if (!refusal_)
            refusal_ = Refusal{
                .sqlstate = std::string(sqlstate), .message = std::move(message), .span = span};
        return Value::unknown("the cast fails");
    };
    if (type == "regclass") {
        const catalog::Lookup found = resolver_.relation(*parsed);
        if (found.absent())
            return refuse("42P01",
                          fmt::format("relation \"{}\" does not exist", to_string(*parsed)));
        if (!found.present()) return Value::unknown(found.reason);
        return Value::of_object(found.id, found.object == nullptr
                                              ? std::string()
                                              : resolver_.visible_name(*found.object));
    }
    if (type == "regnamespace" && parsed->schema.empty()) {
        const catalog::Lookup found = resolver_.schema(parsed->name.text);
        if (found.absent())
            return refuse("3F000", fmt::format("schema \"{}\" does not exist", parsed->name.text));
        if (!found.present()) return Value::unknown(found.reason);
        return Value::of_object(found.id, catalog::quote_identifier(parsed->name.text));
    }
    if (type == "regtype") {
        const catalog::Lookup found = resolver_.type(*parsed);
        if (found.present() && found.object != nullptr)
            return Value::of_object(found.id, resolver_.visible_name(*found.object));
    }
    return not_modelled(fmt::format("a cast to {}", type));
}

Value Evaluator::setting(std::string_view name) const {
    if (name == "search_path") return not_modelled("the text of search_path");
    const auto found = session_.settings.find(name);
    if (found != session_.settings.end()) return Value::of_text(found->second);
    const catalog::BuiltinSetting* builtin = catalog::find_setting(name);
    if (builtin != nullptr) return not_modelled(fmt::format("the value of {}", name));
    // Nobody has set it on a fresh server; a history that starts midway says nothing of its own.
    if (resolver_.world() == catalog::World::open)
        return Value::unknown("the history starts midway");
    return Value::null();
}

/// current_setting(name [, missing_ok]).
Value Evaluator::current_setting(const std::vector<Value>& arguments, Span span) {
    if (arguments.empty() || !arguments.front().is_known()) return not_modelled("a setting");
    Value found = setting(arguments.front().text);
    if (!found.is_null()) return found;
    if (arguments.size() > 1 && arguments[1].is_true()) return found;
    if (arguments.size() > 1 && !arguments[1].is_false()) return not_modelled("a setting");
    if (!refusal_)
        refusal_ = Refusal{.sqlstate = "42704",
                           .message = fmt::format("unrecognized configuration parameter \"{}\"",
                                                  arguments.front().text),
                           .span = span};
    return Value::unknown("the setting is not there");
}

Value Evaluator::call(const Expression& expression, const Scope* scope) {
    if (expression.names.empty()) return not_modelled("a function");
    const std::string& name = expression.names.back().text;
    const QualifiedName qualified{.schema = expression.names.size() > 1 ? expression.names.front()
                                                                        : Identifier{},
                                  .name = expression.names.back()};
    const bool builtin_schema = qualified.schema.empty() || qualified.schema.text == "pg_catalog";
    if (!builtin_schema || !resolver_.functions(qualified).empty() ||
        expression.clauses != nullptr || expression.distinct || expression.variadic)
        return not_modelled(fmt::format("{}()", name));
    if (std::optional<Value> made = aggregate(expression)) return *std::move(made);
    std::vector<Value> arguments;
    for (const Expression& operand : expression.operands)
        arguments.push_back(value(operand, scope));
    if (name == "current_setting") return current_setting(arguments, expression.span);
    if (name == "current_schema" && arguments.empty()) {
        Expression keyword;
        keyword.kind = Kind::sql_value_function;
        keyword.value = name;
        return value(keyword, scope);
    }
    const std::string_view prefix = "to_";
    if (name.starts_with(prefix) && arguments.size() == 1 && arguments.front().is_known() &&
        (name == "to_regclass" || name == "to_regnamespace")) {
        const std::optional<Refusal> before = refusal_;
        Value found = to_object(arguments.front(), std::string_view(name).substr(prefix.size()),
                                expression.span);
        const bool missing = refusal_.has_value() && !before.has_value();
        refusal_ = before;
        return missing ? Value::null() : found;
    }
    if (name == "array_length" && arguments.size() == 2 && arguments[0].is_known() &&
        arguments[0].kind == Value::Kind::array && arguments[1].text == "1") {
        const auto size = static_cast<std::int64_t>(arguments[0].elements.size());
        return size == 0 ? Value::null() : Value::of_integer(size);
    }
    return call_text_function(name, arguments);
}

} // namespace ordain::replay
