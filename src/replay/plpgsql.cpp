#include "replay/plpgsql.hpp"

#include "catalog/conditions.hpp"
#include "replay/actions.hpp"
#include "replay/plpgsql_compile.hpp"
#include "replay/plpgsql_interpreter.hpp"
#include "replay/taint.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <ordain/overloaded.hpp>
#include <string>
#include <utility>

namespace ordain::replay {
namespace {

/// Statements that one body runs; loops that go on are not followed further.
constexpr int max_steps = 10'000;
/// Every expression is bound with all variables in sight.
constexpr int steps_of_declaration = 10;

bool may_divert(const pl::Statement& statement) {
    const auto any_branch = [](const std::vector<pl::Branch>& branches) {
        return std::ranges::any_of(
            branches, [](const pl::Branch& branch) { return replay::may_divert(branch.body); });
    };
    return std::visit(
        Overloaded{
            [](const pl::Leave&) { return true; },
            [](const pl::Return&) { return true; },
            [](const pl::Block& block) {
                return replay::may_divert(block.body) ||
                       std::ranges::any_of(block.handlers, [](const pl::Handler& handler) {
                           return replay::may_divert(handler.body);
                       });
            },
            [&](const pl::If& form) {
                return replay::may_divert(form.otherwise) || any_branch(form.branches);
            },
            [&](const pl::Case& form) {
                return replay::may_divert(form.otherwise) || any_branch(form.branches);
            },
            [](const pl::Loop& loop) { return replay::may_divert(loop.body); },
            [](const auto&) { return false; },
        },
        statement.form);
}

const pl::Handler* handler_of(const pl::Block& block, std::string_view sqlstate) {
    const auto catches = [sqlstate](const pl::Handler::Condition& condition) {
        if (!condition.sqlstate.empty())
            return catalog::is_of_condition(sqlstate, condition.sqlstate);
        // OTHERS leaves out cancellation and failed assertions.
        if (condition.name.text == "others") return sqlstate != "57014" && sqlstate != "P0004";
        const auto conditions = catalog::find_conditions(condition.name.text);
        return std::ranges::any_of(conditions, [&](const catalog::Condition& known) {
            return catalog::is_of_condition(sqlstate, known.sqlstate);
        });
    };
    const auto handler = std::ranges::find_if(block.handlers, [&](const pl::Handler& candidate) {
        return std::ranges::any_of(candidate.conditions, catches);
    });
    return handler == block.handlers.end() ? nullptr : &*handler;
}

} // namespace

bool may_divert(const std::vector<pl::Statement>& statements) {
    return std::ranges::any_of(
        statements, [](const pl::Statement& statement) { return may_divert(statement); });
}

Interpreter::Interpreter(Step& step, const Do& block, SqlRunner& runner)
    : step_(step),
      do_(block),
      runner_(runner) {
    set_found(Value::of_boolean(false));
    declare_type("found", {.type = static_cast<ObjectId>(catalog::type_oid::boolean)});
}

bool Interpreter::tires(int steps) {
    steps_ += steps;
    return steps_ > max_steps;
}

void Interpreter::run() {
    const auto size = static_cast<std::uint32_t>(do_.body.size());
    const Span whole{.begin = do_.body_offset, .end = do_.body_offset + size};
    // EXIT of what surrounds every block is no RETURN.
    if (run_block(whole, *do_.block).kind == Flow::Kind::leave)
        refuse("2F005", "control reached end of function without RETURN", whole);
}

Flow Interpreter::refuse(std::string_view sqlstate, std::string message, Span span) {
    if (step_.outcome().status == Outcome::Status::unknown)
        return give_up_rest(fmt::format("it may fail: {}", message));
    step_.refuse(sqlstate, std::move(message), span);
    return Flow::refused();
}

Flow Interpreter::refuse(const Refusal& refusal) {
    return refuse(refusal.sqlstate, refusal.message, refusal.span);
}

void Interpreter::doubt(const std::string& why) {
    ++doubts_;
    step_.doubt(fmt::format("a DO block: {}", why));
}

std::string_view Interpreter::text_of(Span span) const {
    return std::string_view(do_.body).substr(span.begin - do_.body_offset, span.size());
}

void Interpreter::give_up(Span span, const std::string& why) {
    const std::string reason =
        fmt::format("a DO block (statement {}): {}", step_.here().statement, why);
    const std::string_view text = text_of(span);
    taint_text(step_, text, reason, Undone::no);
    for (const std::string& word : words_of(text))
        forget(word, why);
    doubt(why);
}

Flow Interpreter::give_up(const pl::Statement& statement, const std::string& why) {
    give_up(statement.span, why);
    return may_divert(statement) ? give_up_rest(why) : Flow{};
}

Flow Interpreter::give_up_rest(const std::string& why) {
    const auto size = static_cast<std::uint32_t>(do_.body.size());
    give_up({.begin = do_.body_offset, .end = do_.body_offset + size}, why);
    return {.kind = Flow::Kind::end};
}

Flow Interpreter::run_statement(const pl::Statement& statement) {
    return std::visit(
        Overloaded{
            [&](const pl::Block& block) { return run_block(statement.span, block); },
            [&](const pl::Assignment& assignment) {
                assign(assignment.target, evaluate(assignment.value));
                return Flow{};
            },
            [&](const pl::If& branches) { return choose(statement, branches); },
            [&](const pl::Case& branches) { return choose(statement, branches); },
            [&](const pl::Loop& loop) { return run_loop(statement, loop); },
            [&](const pl::Leave& leave) { return run_leave(statement, leave); },
            [&](const pl::Return& leave) {
                if (leave.value) evaluate(*leave.value);
                return Flow{.kind = Flow::Kind::end};
            },
            [&](const pl::Raise& raise) { return run_raise(statement, raise); },
            [&](const pl::Assert& assertion) { return run_assert(statement, assertion); },
            [&](const pl::Execute& dynamic) { return execute(statement, dynamic); },
            [&](const pl::Run& run) { return execute(statement, run); },
            [&](const pl::EndTransaction&) {
                return give_up(statement, "COMMIT and ROLLBACK within it are not modelled");
            },
            [&](const pl::Nothing&) { return Flow{}; },
            [&](const pl::Unmodelled& other) {
                return give_up(statement, fmt::format("{} is not modelled", other.kind));
            },
        },
        statement.form);
}

Flow Interpreter::run_all(const std::vector<pl::Statement>& statements) {
    for (const pl::Statement& statement : statements) {
        if (tires()) return give_up_rest(too_long);
        Flow flow = run_statement(statement);
        if (!flow.goes_on()) return flow;
        if (step_.refused()) return Flow::refused();
    }
    return {};
}

Flow Interpreter::run_block(Span span, const pl::Block& block) {
    Hidden hidden(*this);
    for (const pl::Declaration& declaration : block.declarations) {
        if (tires(steps_of_declaration)) return give_up_rest(too_long);
        hidden.hide(declaration.name.text);
        Flow flow = declare(declaration);
        if (!flow.goes_on()) return flow;
        if (step_.refused()) return Flow::refused();
    }
    Flow flow = block.handlers.empty() ? run_all(block.body) : run_guarded(span, block);
    if (flow.kind == Flow::Kind::leave && !flow.label.empty() && flow.label == block.label.text)
        flow = {};
    return flow;
}

Flow Interpreter::run_guarded(Span statement, const pl::Block& block) {
    const Catalog::Mark mark = step_.catalog().mark();
    const Session session = step_.session();
    const Outcome before = step_.outcome();
    const std::size_t held = runner_.held();
    const int doubts = doubts_;
    const std::size_t moment = runner_.moment();
    Flow flow = run_all(block.body);
    if (flow.kind != Flow::Kind::refused) {
        return doubts_ == doubts ? flow : doubt_handlers(statement, block, std::move(flow));
    }
    const Refusal refusal = step_.outcome().refusal;
    const pl::Handler* handler = handler_of(block, refusal.sqlstate);
    if (handler == nullptr) return flow;
    step_.catalog().undo(mark);
    runner_.release_since(held);
    runner_.taken_back(moment);
    step_.session() = session;
    step_.outcome() = before;
    if (doubts_ != doubts) doubt("another error may occur first");
    const std::optional<Refusal> outer = std::exchange(handled_, refusal);
    Hidden hidden(*this);
    for (const auto& [name, value] :
         {std::pair("sqlstate", refusal.sqlstate), std::pair("sqlerrm", refusal.message)}) {
        hidden.hide(name);
        variables_[name] = Value::of_text(value);
        declare_type(name, {.type = static_cast<ObjectId>(catalog::type_oid::text)});
    }
    flow = run_all(handler->body);
    handled_ = outer;
    return flow;
}

Flow Interpreter::doubt_handlers(Span span, const pl::Block& block, Flow flow) {
    const std::string why = "an error may occur, and is handled";
    taint_text(step_, text_of(span), fmt::format("a DO block: {}", why), Undone::maybe);
    give_up(span, why);
    const bool diverts = std::ranges::any_of(
        block.handlers, [](const pl::Handler& handler) { return may_divert(handler.body); });
    if (diverts) return give_up_rest(why);
    return flow;
}

void interpret(Step& step, const Do& block, SqlRunner& runner) {
    compile(step, block);
    if (step.refused()) return;
    if (block.block == nullptr || block.partly_read) return apply(step, block);
    Interpreter(step, block, runner).run();
}

} // namespace ordain::replay
