#include "catalog/conditions.hpp"
#include "replay/plpgsql_interpreter.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <string>
#include <utility>

namespace ordain::replay {
namespace {

/// True when the flow that a loop's body ended with ends the loop; `flow` is then the loop's.
bool ends_loop(const pl::Loop& loop, Flow& flow) {
    const bool mine = flow.label.empty() || flow.label == loop.label.text;
    if (flow.kind == Flow::Kind::next) return false;
    if (flow.kind == Flow::Kind::again && mine) {
        flow = {};
        return false;
    }
    if (flow.kind == Flow::Kind::leave && mine) flow = {};
    return true;
}

} // namespace

Value Interpreter::condition(const pl::Sql& sql) {
    return as_kind(evaluate(sql), Value::Kind::boolean);
}

Flow Interpreter::choose(const pl::Statement& statement, const pl::If& branches) {
    for (const pl::Branch& branch : branches.branches) {
        const Value holds = condition(branch.condition);
        if (step_.refused()) return Flow::refused();
        if (holds.is_unknown()) return give_up(statement, holds.why);
        if (holds.is_true()) return run_all(branch.body);
    }
    return run_all(branches.otherwise);
}

Flow Interpreter::choose(const pl::Statement& statement, const pl::Case& branches) {
    Value subject;
    if (branches.subject) subject = evaluate(*branches.subject);
    for (const pl::Branch& branch : branches.branches) {
        if (step_.refused()) return Flow::refused();
        const Value holds =
            branches.subject ? is_among(subject, branch.condition) : condition(branch.condition);
        if (holds.is_unknown()) return give_up(statement, holds.why);
        if (holds.is_true()) return run_all(branch.body);
    }
    if (!branches.has_else) return refuse("20000", "case not found", statement.span);
    return run_all(branches.otherwise);
}

Value Interpreter::is_among(const Value& subject, const pl::Sql& values) {
    const Query* query = query_of(values);
    if (query == nullptr) return Value::unknown("an expression was not read");
    Evaluator evaluator = this->evaluator();
    const RowSet set = evaluator.rows(*query);
    if (set.rows.size() != 1) return Value::unknown("an expression was not read");
    Value result = Value::of_boolean(false);
    for (const Value& value : set.rows.front().values)
        result = either(result, equal(subject, value));
    return result;
}

Flow Interpreter::run_leave(const pl::Statement& statement, const pl::Leave& leave) {
    if (leave.condition) {
        const Value holds = condition(*leave.condition);
        if (holds.is_unknown()) return give_up(statement, holds.why);
        if (!holds.is_true()) return {};
    }
    return {.kind = leave.again ? Flow::Kind::again : Flow::Kind::leave, .label = leave.label.text};
}

Flow Interpreter::run_raise(const pl::Statement& statement, const pl::Raise& raise) {
    for (const pl::Sql& argument : raise.arguments) {
        evaluate(argument);
        if (step_.refused()) return Flow::refused();
    }
    if (!raise.error) return {};
    if (raise.again && handled_) return refuse(*handled_);
    if (raise.again)
        return refuse("0Z002",
                      "RAISE without parameters cannot be used outside an exception handler",
                      statement.span);
    if (raise.options) return give_up(statement, "RAISE of this form is not modelled");
    std::string sqlstate = raise.sqlstate;
    if (!raise.condition.empty()) {
        const auto conditions = catalog::find_conditions(raise.condition.text);
        if (conditions.empty())
            return refuse(
                "42704",
                fmt::format("unrecognized exception condition \"{}\"", raise.condition.text),
                raise.condition.span);
        sqlstate = conditions.front().sqlstate;
    }
    return refuse(sqlstate, raised_message(raise), statement.span);
}

std::string Interpreter::raised_message(const pl::Raise& raise) {
    if (!raise.format) return raise.condition.empty() ? raise.sqlstate : raise.condition.text;
    std::string message;
    std::size_t next = 0;
    const std::string& format = *raise.format;
    for (std::size_t at = 0; at < format.size(); ++at) {
        const bool doubled = format[at] == '%' && at + 1 < format.size() && format[at + 1] == '%';
        if (format[at] != '%' || doubled) {
            message += format[at];
            if (doubled) ++at;
            continue;
        }
        const Value value =
            next < raise.arguments.size() ? evaluate(raise.arguments[next++]) : Value{};
        if (value.is_null()) message += "<NULL>";
        const Value text = as_text(value);
        if (!value.is_null()) message += text.is_known() ? text.text : "%";
    }
    return message;
}

Flow Interpreter::run_assert(const pl::Statement& statement, const pl::Assert& assertion) {
    const Value holds = condition(assertion.condition);
    if (step_.refused()) return Flow::refused();
    if (holds.is_unknown()) return give_up(statement, holds.why);
    if (holds.is_true()) return {};
    const Value message = assertion.message ? as_text(evaluate(*assertion.message)) : Value{};
    return refuse("P0004", message.is_known() ? message.text : "assertion failed", statement.span);
}

Flow Interpreter::run_loop(const pl::Statement& statement, const pl::Loop& loop) {
    switch (loop.kind) {
    case pl::Loop::Kind::endless:
    case pl::Loop::Kind::while_: return run_while(statement, loop);
    case pl::Loop::Kind::range: return run_range(statement, loop);
    case pl::Loop::Kind::array: return run_array(statement, loop);
    case pl::Loop::Kind::query: return run_query_loop(statement, loop);
    case pl::Loop::Kind::dynamic: break;
    }
    return give_up(statement, "a loop over EXECUTE is not modelled");
}

Flow Interpreter::run_while(const pl::Statement& statement, const pl::Loop& loop) {
    for (;;) {
        if (tires()) return give_up_rest(too_long);
        if (loop.kind == pl::Loop::Kind::while_) {
            const Value holds = condition(loop.inputs.front());
            if (step_.refused()) return Flow::refused();
            if (holds.is_unknown()) return give_up(statement, holds.why);
            if (!holds.is_true()) return {};
        }
        Flow flow = run_all(loop.body);
        if (ends_loop(loop, flow)) return flow;
    }
}

Flow Interpreter::run_range(const pl::Statement& statement, const pl::Loop& loop) {
    std::vector<std::int64_t> bounds;
    for (const pl::Sql& input : loop.inputs) {
        const Value bound = as_kind(evaluate(input), Value::Kind::integer);
        if (step_.refused()) return Flow::refused();
        constexpr std::size_t digits = 9; // of an int4, so that nothing overflows
        if (!bound.is_known() || bound.text.size() > digits)
            return give_up(statement, bound.is_known() ? "a bound is large" : bound.why);
        bounds.push_back(std::stoll(bound.text));
    }
    const std::int64_t step = bounds.size() > 2 ? bounds[2] : 1;
    if (step <= 0) return give_up(statement, "the step of a loop is not positive");
    const auto inside = [&](std::int64_t index) {
        return loop.reverse ? index >= bounds[1] : index <= bounds[1];
    };
    const std::string name = loop.variables.front().names.front().text;
    Hidden hidden(*this);
    hidden.hide(name);
    declare_type(name, {.type = static_cast<ObjectId>(catalog::type_oid::int4)});
    for (std::int64_t index = bounds[0]; inside(index); index += loop.reverse ? -step : step) {
        variables_[name] = Value::of_integer(index);
        Flow flow = run_turn(loop);
        if (ends_loop(loop, flow)) return flow;
    }
    return {};
}

Flow Interpreter::run_turn(const pl::Loop& loop) {
    if (tires()) return give_up_rest(too_long);
    return run_all(loop.body);
}

Flow Interpreter::run_array(const pl::Statement& statement, const pl::Loop& loop) {
    const Value array = evaluate(loop.inputs.front());
    if (step_.refused()) return Flow::refused();
    if (array.is_null())
        return refuse("22004", "FOREACH expression must not be null", statement.span);
    if (!array.is_known() || array.kind != Value::Kind::array || loop.slice)
        return give_up(statement, array.is_known() ? "FOREACH SLICE is not modelled" : array.why);
    for (const Value& element : array.elements) {
        assign(loop.variables.front(), element);
        if (step_.refused()) return Flow::refused();
        Flow flow = run_turn(loop);
        if (ends_loop(loop, flow)) return flow;
    }
    return {};
}

Flow Interpreter::run_query_loop(const pl::Statement& statement, const pl::Loop& loop) {
    const Query* query = query_of(loop.inputs.front());
    if (query == nullptr) return give_up(statement, "a cursor is not modelled");
    const RowSet set = read(*query, loop.inputs.front().span);
    if (step_.refused()) return Flow::refused();
    if (!set.maybe_more.empty()) return give_up(statement, set.maybe_more);
    for (const Row& row : set.rows) {
        if (!row.maybe.empty()) return give_up(statement, row.maybe);
    }
    if (set.rows.size() > 1) return run_in_any_order(statement, loop, set);
    Flow flow;
    if (!set.rows.empty()) {
        assign_row(loop.variables, set.columns, set.rows.front());
        if (step_.refused()) return Flow::refused();
        flow = run_turn(loop);
        if (ends_loop(loop, flow)) return flow;
    }
    set_found(Value::of_boolean(!set.rows.empty()));
    return {};
}

Flow Interpreter::run_in_any_order(const pl::Statement& statement,
                                   const pl::Loop& loop,
                                   const RowSet& set) {
    const std::string why = "it depends on the order of rows";
    const Catalog::Mark mark = step_.catalog().mark();
    const Outcome before = step_.outcome();
    const std::size_t held = runner_.held();
    const auto undo = [&] {
        step_.catalog().undo(mark);
        runner_.release_since(held);
        step_.outcome() = before;
        return give_up(statement, why);
    };
    std::optional<Variables> after_first;
    for (const Row& row : set.rows) {
        assign_row(loop.variables, set.columns, row);
        Flow flow = step_.refused() ? Flow::refused() : run_turn(loop);
        // Another row may be refused, or end the loop, first.
        if (flow.kind == Flow::Kind::refused) return undo();
        if (ends_loop(loop, flow)) return give_up(statement, why);
        if (!after_first) after_first = variables_;
        for (auto& [name, value] : variables_) {
            const auto first = after_first->find(name);
            if (first == after_first->end() || first->second != value) value = Value::unknown(why);
        }
    }
    set_found(Value::of_boolean(true));
    return {};
}

} // namespace ordain::replay
