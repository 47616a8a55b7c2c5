#include "parse/newer_syntax.hpp"
#include "parse/relocate.hpp"
#include "replay/plpgsql_interpreter.hpp"
#include "replay/taint.hpp"
#include "text/lexer.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <string>
#include <utility>

namespace ordain::replay {
namespace {

bool returns_rows(const Query& query) {
    return query.kind == Query::Kind::select || query.kind == Query::Kind::values ||
           query.kind == Query::Kind::set_operation;
}

bool is_certain(const RowSet& set) {
    return set.maybe_more.empty() &&
           std::ranges::all_of(set.rows, [](const Row& row) { return row.maybe.empty(); });
}

bool is_transaction_control(const ordain::Statement& statement) {
    return std::ranges::any_of(statement.actions, [](const Action& action) {
        return std::holds_alternative<Transaction>(action.payload);
    });
}

} // namespace

const Query* query_of(const pl::Sql& sql) {
    if (sql.actions.size() != 1) return nullptr;
    const auto* run = std::get_if<RunQuery>(&sql.actions.front().payload);
    return run == nullptr ? nullptr : &run->query;
}

Evaluator Interpreter::evaluator() const {
    return {step_.resolver(), step_.session(), step_.database().assumed, variables_};
}

bool Interpreter::uses_record(Span span) const {
    if (records_.empty()) return false;
    text::Lexer lexer(text_of(span));
    text::Token before = lexer.next_code();
    for (text::Token token = lexer.next_code(); token.kind != text::Token::Kind::end;
         token = lexer.next_code()) {
        if (token.is('.') && before.kind == text::Token::Kind::word &&
            records_.contains(text::identifier_text(before, lexer.text_of(before))))
            return true;
        before = token;
    }
    return false;
}

Value Interpreter::evaluate(const pl::Sql& sql) {
    const Query* query = query_of(sql);
    if (query == nullptr) return Value::unknown("an expression was not read");
    std::string may_fail = "a field of a record may be missing";
    if (!uses_record(sql.span)) {
        const analyze::BoundQuery bound = step_.binder().bind_query(*query, &scope_);
        if (!step_.accept_uses(bound)) return Value::unknown("the expression is refused");
        run_called(bound);
        doubt_ambiguous(bound, sql.span);
        may_fail = bound.may_fail;
    }
    Evaluator evaluator = this->evaluator();
    Value value = evaluator.scalar(*query);
    if (evaluator.refusal()) {
        refuse(*evaluator.refusal());
        return Value::unknown("the expression fails");
    }
    if (may_fail.empty() && value.why == long_text) may_fail = long_text;
    if (value.is_unknown() && !may_fail.empty()) doubt(may_fail);
    return value;
}

void Interpreter::doubt_ambiguous(const analyze::BoundQuery& bound, Span span) {
    const std::vector<std::string> words = words_of(text_of(span));
    for (const analyze::RelationAccess& access : bound.relations) {
        for (const analyze::ScopeColumn& variable : scope_) {
            const bool column =
                step_.catalog().find(NameSpace::column, access.relation, variable.name) != nullptr;
            if (column && std::ranges::count(words, variable.name) > 0)
                doubt(fmt::format("\"{}\" is a variable and a column", variable.name));
        }
    }
}

void Interpreter::run_called(const analyze::BoundQuery& bound) {
    for (const ObjectId id : bound.calls) {
        const Object* function = step_.catalog().find(id);
        if (function == nullptr) continue;
        const auto* details = function->get_if<FunctionDetails>();
        if (details != nullptr && details->volatility != 'v') continue;
        const std::string why =
            fmt::format("it calls function \"{}\", whose body is not interpreted", function->name);
        taint_body(step_, *function, why);
        doubt(why);
    }
}

Flow Interpreter::run_sql(const ordain::Statement& statement) {
    const Outcome outcome = runner_.run_sql(statement, scope_);
    Outcome& whole = step_.outcome();
    for (const LockTaken& lock : outcome.locks)
        step_.lock(lock.relation, lock.mode);
    whole.targets.insert(whole.targets.end(), outcome.targets.begin(), outcome.targets.end());
    whole.work.insert(whole.work.end(), outcome.work.begin(), outcome.work.end());
    whole.dependences.insert(whole.dependences.end(), outcome.dependences.begin(),
                             outcome.dependences.end());
    if (outcome.status == Outcome::Status::unknown) doubt(outcome.reason);
    if (outcome.status != Outcome::Status::refused) return {};
    return refuse(outcome.refusal.sqlstate, called_wording(outcome.refusal),
                  outcome.refusal.span.empty() ? statement.span : outcome.refusal.span);
}

std::string Interpreter::called_wording(const Refusal& refusal) const {
    constexpr std::string_view in_block = " cannot run inside a transaction block";
    const bool alone = refusal.sqlstate == "25001" && refusal.message.ends_with(in_block) &&
                       !step_.in_transaction_block();
    if (!alone) return refusal.message;
    return refusal.message.substr(0, refusal.message.size() - in_block.size()) +
           " cannot be executed from a function";
}

Flow Interpreter::execute(const pl::Statement& statement, const pl::Run& run) {
    const Query* query = query_of(run.sql);
    if (query != nullptr && uses_record(run.sql.span) && !returns_rows(*query))
        return give_up(statement, "a row variable stands in a statement that changes rows");
    if (query != nullptr && returns_rows(*query) && run.into.empty() && !run.discards)
        return refuse("42601", "query has no destination for result data", statement.span);
    // What only reads is computed here; set_config() and what writes is run as SQL.
    if (query != nullptr && returns_rows(*query) && !query->from.empty() && query->with.empty())
        return take_rows(*query, run.into, run.strict, run.sql.span);
    if (query == nullptr || !uses_record(run.sql.span)) {
        if (query != nullptr)
            doubt_ambiguous(step_.binder().bind_query(*query, &scope_), run.sql.span);
        Flow flow = run_sql(run.sql);
        if (!flow.goes_on()) return flow;
    }
    if (query == nullptr) return {};
    return take_rows(*query, run.into, run.strict, run.sql.span);
}

RowSet Interpreter::read(const Query& query, Span span) {
    std::string may_fail;
    if (!uses_record(span)) {
        const analyze::BoundQuery bound = step_.binder().bind_query(query, &scope_);
        for (const analyze::RelationAccess& access : bound.relations)
            step_.lock(access.relation, LockMode::access_share);
        if (!step_.accept_uses(bound)) return {};
        run_called(bound);
        doubt_ambiguous(bound, span);
        may_fail = bound.doubts.empty() ? bound.may_fail : bound.doubts.front();
    }
    Evaluator evaluator = this->evaluator();
    RowSet set = evaluator.rows(query);
    if (evaluator.refusal()) refuse(*evaluator.refusal());
    if (!is_certain(set) && !may_fail.empty()) doubt(may_fail);
    return set;
}

Flow Interpreter::take_rows(const Query& query,
                            const std::vector<pl::Target>& into,
                            bool strict,
                            Span span) {
    const RowSet set = read(query, span);
    if (step_.refused()) return Flow::refused();
    if (!is_certain(set)) {
        const std::string why =
            set.maybe_more.empty() ? "it is not certain which rows are there" : set.maybe_more;
        for (const pl::Target& target : into)
            forget_target(target, why);
        const bool some =
            std::ranges::any_of(set.rows, [](const Row& row) { return row.maybe.empty(); });
        set_found(some ? Value::of_boolean(true) : Value::unknown(why));
        if (strict) doubt(why);
        return {};
    }
    set_found(Value::of_boolean(!set.rows.empty()));
    return deliver(set, into, strict, span);
}

Flow Interpreter::deliver(const RowSet& set,
                          const std::vector<pl::Target>& into,
                          bool strict,
                          Span span) {
    if (strict && set.rows.empty()) return refuse("P0002", "query returned no rows", span);
    if (strict && set.rows.size() > 1)
        return refuse("P0003", "query returned more than one row", span);
    if (into.empty()) return {};
    if (set.rows.size() > 1) {
        for (const pl::Target& target : into)
            forget_target(target, "the query returns several rows");
        return {};
    }
    assign_row(into, set.columns, set.rows.empty() ? Row{} : set.rows.front());
    return {};
}

Flow Interpreter::execute(const pl::Statement& statement, const pl::Execute& dynamic) {
    const Value command = evaluate(dynamic.command);
    if (step_.refused()) return Flow::refused();
    if (command.is_null())
        return refuse("22004", "query string argument of EXECUTE is null", statement.span);
    const Value text = as_text(command);
    if (!text.is_known()) return give_up(statement, text.why);
    std::vector<Value> arguments;
    for (const pl::Sql& argument : dynamic.arguments) {
        arguments.push_back(evaluate(argument));
        if (step_.refused()) return Flow::refused();
    }
    return run_text(statement, dynamic, text.text, std::move(arguments));
}

Flow Interpreter::run_text(const pl::Statement& statement,
                           const pl::Execute& dynamic,
                           const std::string& text,
                           std::vector<Value> arguments) {
    constexpr std::size_t bytes_a_step = 100; // what is parsed anew each time counts
    if (tires(static_cast<int>(std::min(text.size(), max_value_bytes) / bytes_a_step)))
        return give_up_rest(too_long);
    const SourceFile file({}, text, Client::driver);
    const Span whole{.begin = 0, .end = static_cast<std::uint32_t>(text.size())};
    parse::ParsedScript script = parse::parse_script(file, whole);
    for (ordain::Statement& parsed : script.statements) {
        parse::move_to(parsed, dynamic.command.span);
        parsed.number = step_.here().statement;
        if (!parsed.fault) continue;
        if (parse::is_certain(*parsed.fault, text, step_.database().postgres))
            return refuse(parsed.fault->sqlstate, parsed.fault->message, parsed.fault->span);
        return give_up(statement, parsed.fault->message);
    }
    if (!arguments.empty() || !dynamic.into.empty())
        return run_with_arguments(statement, dynamic, script, std::move(arguments));
    for (const ordain::Statement& parsed : script.statements) {
        if (is_transaction_control(parsed))
            return refuse("0A000", "EXECUTE of transaction commands is not implemented",
                          statement.span);
        Flow flow = run_sql(parsed);
        if (!flow.goes_on()) return flow;
    }
    return {};
}

Flow Interpreter::run_with_arguments(const pl::Statement& statement,
                                     const pl::Execute& dynamic,
                                     const parse::ParsedScript& script,
                                     std::vector<Value> arguments) {
    const Query* query =
        script.statements.size() == 1 ? query_of(script.statements.front()) : nullptr;
    if (query == nullptr || !returns_rows(*query))
        return give_up(statement, "EXECUTE with USING is not modelled");
    Evaluator evaluator = this->evaluator();
    evaluator.set_parameters(std::move(arguments));
    const RowSet set = evaluator.rows(*query);
    if (evaluator.refusal()) return refuse(*evaluator.refusal());
    if (!is_certain(set)) return give_up(statement, "the rows of EXECUTE are not known");
    return deliver(set, dynamic.into, dynamic.strict, statement.span);
}

} // namespace ordain::replay
