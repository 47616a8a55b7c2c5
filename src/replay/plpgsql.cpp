#include "replay/plpgsql.hpp"

#include "catalog/conditions.hpp"
#include "parse/parser.hpp"
#include "parse/relocate.hpp"
#include "replay/actions.hpp"
#include "replay/evaluate.hpp"
#include "replay/plpgsql_compile.hpp"
#include "replay/taint.hpp"
#include "text/lexer.hpp"

#include <algorithm>
#include <deque>
#include <fmt/core.h>
#include <ordain/overloaded.hpp>
#include <ordain/plpgsql.hpp>
#include <set>
#include <string>
#include <utility>

namespace ordain::replay {
namespace {

namespace pl = plpgsql;

/// Statements that one body runs; loops that go on are not followed further.
constexpr int max_steps = 10'000;

/// Where execution goes on after a statement.
struct Flow {
    enum class Kind : std::uint8_t {
        next,
        leave, ///< EXIT.
        again, ///< CONTINUE.
        end,   ///< RETURN, or execution that is not followed further.
        refused,
    };
    Kind kind = Kind::next;
    std::string label; ///< Of EXIT and CONTINUE; empty for the innermost loop.

    [[nodiscard]] bool goes_on() const { return kind == Kind::next; }
};

constexpr std::string_view found_variable = "found";

/// Statements after which another one than the next may run.
bool may_divert(const std::vector<pl::Statement>& statements);

bool may_divert(const pl::Statement& statement) {
    return std::visit(
        Overloaded{
            [](const pl::Leave&) { return true; },
            [](const pl::Return&) { return true; },
            [](const pl::Block& block) {
                return may_divert(block.body) ||
                       std::ranges::any_of(block.handlers, [](const pl::Handler& handler) {
                           return may_divert(handler.body);
                       });
            },
            [](const pl::If& branches) {
                return may_divert(branches.otherwise) ||
                       std::ranges::any_of(branches.branches, [](const pl::Branch& branch) {
                           return may_divert(branch.body);
                       });
            },
            [](const pl::Case& branches) {
                return may_divert(branches.otherwise) ||
                       std::ranges::any_of(branches.branches, [](const pl::Branch& branch) {
                           return may_divert(branch.body);
                       });
            },
            [](const pl::Loop& loop) { return may_divert(loop.body); },
            [](const auto&) { return false; },
        },
        statement.form);
}

bool may_divert(const std::vector<pl::Statement>& statements) {
    return std::ranges::any_of(
        statements, [](const pl::Statement& statement) { return may_divert(statement); });
}

const Query* query_of(const pl::Sql& sql) {
    if (sql.actions.size() != 1) return nullptr;
    const auto* run = std::get_if<RunQuery>(&sql.actions.front().payload);
    return run == nullptr ? nullptr : &run->query;
}

std::string key_of(const pl::Target& target) {
    std::string key;
    for (const Identifier& name : target.names) {
        if (!key.empty()) key += '.';
        key += name.text;
    }
    return key;
}

bool returns_rows(const Query& query) {
    return query.kind == Query::Kind::select || query.kind == Query::Kind::values ||
           query.kind == Query::Kind::set_operation;
}

/// One run of one body.
class Interpreter {
public:
    Interpreter(Step& step, const Do& block, SqlRunner& runner)
        : step_(step),
          do_(block),
          runner_(runner) {
        variables_[std::string(found_variable)] = Value::of_boolean(false);
        declare_type(std::string(found_variable), boolean_type);
    }

    void run() {
        const auto size = static_cast<std::uint32_t>(do_.body.size());
        const Span whole{.begin = do_.body_offset, .end = do_.body_offset + size};
        // EXIT of what surrounds every block is no RETURN.
        if (run_block(whole, *do_.block).kind == Flow::Kind::leave)
            refuse("2F005", "control reached end of function without RETURN", whole);
    }

private:
    static constexpr TypeRef boolean_type{.type =
                                              static_cast<ObjectId>(catalog::type_oid::boolean)};

    // ---- the outcome
    Flow refuse(std::string_view sqlstate, std::string message, Span span) {
        if (step_.outcome().status == Outcome::Status::unknown)
            return give_up_rest(fmt::format("it may fail: {}", message));
        step_.refuse(sqlstate, std::move(message), span);
        return {.kind = Flow::Kind::refused, .label = {}};
    }
    Flow refuse(const Refusal& refusal) {
        return refuse(refusal.sqlstate, refusal.message, refusal.span);
    }
    void doubt(const std::string& why) {
        ++doubts_;
        step_.doubt(fmt::format("a DO block: {}", why));
    }

    [[nodiscard]] std::string_view text_of(Span span) const {
        return std::string_view(do_.body).substr(span.begin - do_.body_offset, span.size());
    }

    /// What the text may have done is not followed: its variables and what it names are unknown.
    void give_up(Span span, const std::string& why) {
        const std::string reason =
            fmt::format("a DO block (statement {}): {}", step_.here().statement, why);
        const std::string_view text = text_of(span);
        taint_text(step_, text, reason, Undone::no);
        for (const std::string& word : words_of(text))
            forget(word, why);
        doubt(why);
    }

    void forget(const std::string& word, const std::string& why) {
        for (auto variable = variables_.lower_bound(word); variable != variables_.end();
             ++variable) {
            const bool same = variable->first == word ||
                              variable->first.compare(0, word.size() + 1, word + '.') == 0;
            if (!same && variable->first.compare(0, word.size(), word) != 0) return;
            if (same) variable->second = Value::unknown(why);
        }
    }

    /// A statement whose course is not known; where it may end the block, the rest is not either.
    Flow give_up(const pl::Statement& statement, const std::string& why) {
        give_up(statement.span, why);
        return may_divert(statement) ? give_up_rest(why) : Flow{};
    }

    Flow give_up_rest(const std::string& why) {
        const auto size = static_cast<std::uint32_t>(do_.body.size());
        give_up({.begin = do_.body_offset, .end = do_.body_offset + size}, why);
        return {.kind = Flow::Kind::end, .label = {}};
    }

    // ---- variables
    void declare_type(const std::string& name, TypeRef type) {
        std::erase_if(scope_,
                      [&](const analyze::ScopeColumn& column) { return column.name == name; });
        scope_.push_back({.name = name, .type = type, .column = {}});
    }

    Flow declare(const pl::Declaration& declaration) {
        const std::string& name = declaration.name.text;
        TypeRef type;
        if (declaration.type) {
            const analyze::Binder::BoundType bound = step_.binder().bind_type(*declaration.type);
            if (bound.problem)
                return refuse(bound.problem->sqlstate, bound.problem->message, bound.problem->span);
            if (!bound.doubt.empty()) doubt(bound.doubt);
            type = bound.type;
        }
        declare_type(name, type);
        if (declaration.not_null) not_null_.insert(name);
        if (declaration.composite || !declaration.alias_of.empty()) records_.insert(name);
        Value value = Value::null();
        if (declaration.value) {
            value = evaluate(*declaration.value);
            if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
        }
        if (!declaration.alias_of.empty()) value = Value::unknown("an alias");
        check_null(name, value, declaration.name.span);
        variables_[name] = checked(std::move(value), type);
        return {};
    }

    /// Refuses a null for a variable that is declared NOT NULL.
    void check_null(const std::string& name, const Value& value, Span span) {
        if (!not_null_.contains(name)) return;
        if (value.is_null())
            refuse("22004",
                   fmt::format("null value cannot be assigned to variable \"{}\" declared NOT NULL",
                               name),
                   span);
        if (value.is_unknown()) doubt(fmt::format("\"{}\" may become null", name));
    }

    /// A value that is known and does not surely fit may be refused.
    Value checked(Value value, TypeRef type) {
        const bool known = value.is_known();
        Value kept = stored(std::move(value), type);
        if (known && kept.is_unknown()) doubt(kept.why);
        return kept;
    }

    /// A value as the variable's type keeps it.
    static Value stored(Value value, TypeRef type) {
        if (!value.is_known() || !type.known()) return value;
        const auto oid = static_cast<catalog::Oid>(type.type);
        if (type.array) {
            return value.kind == Value::Kind::array ? value : Value::unknown("an array literal");
        }
        if (oid == catalog::type_oid::text ||
            (oid == catalog::type_oid::varchar && type.modifier < 0))
            return value.kind == Value::Kind::boolean ? Value::of_text(value.text)
                                                      : as_text(std::move(value));
        if (oid == catalog::type_oid::boolean)
            return as_kind(std::move(value), Value::Kind::boolean);
        if (oid == catalog::type_oid::int4 || oid == catalog::type_oid::int8)
            return as_kind(std::move(value), Value::Kind::integer);
        if (value.kind == Value::Kind::oid) return value;
        return Value::unknown("a variable of this type is not modelled");
    }

    void assign(const pl::Target& target, Value value) {
        const std::string key = key_of(target);
        if (target.element) value = Value::unknown("an element of an array was assigned");
        const auto declared = std::ranges::find(scope_, key, &analyze::ScopeColumn::name);
        const TypeRef type = declared == scope_.end() ? TypeRef{} : declared->type;
        check_null(key, value, target.names.front().span);
        forget(target.names.front().text, "a part of it was assigned");
        variables_[key] = checked(std::move(value), type);
    }

    /// A row into variables, or into the one record that takes it whole.
    void assign_row(const std::vector<pl::Target>& targets,
                    const std::vector<std::string>& columns,
                    const Row& row) {
        if (targets.size() == 1 && records_.contains(key_of(targets.front()))) {
            const std::string name = key_of(targets.front());
            forget(name, "the record has no such field");
            variables_[name] = Value::unknown("a record");
            for (std::size_t index = 0; index < std::min(columns.size(), row.values.size());
                 ++index)
                variables_[name + '.' + columns[index]] = row.values[index];
            return;
        }
        for (std::size_t index = 0; index < targets.size(); ++index)
            assign(targets[index], index < row.values.size() ? row.values[index] : Value::null());
    }

    void set_found(Value value) { variables_[std::string(found_variable)] = std::move(value); }

    // ---- SQL
    Evaluator evaluator() {
        return {step_.resolver(), step_.session(), step_.database().assumed, variables_};
    }

    /// Whether SQL names a field of a record: the binder does not know these.
    [[nodiscard]] bool uses_record(Span span) const {
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

    /// An expression: bound, so that missing names are refused, and computed.
    Value evaluate(const pl::Sql& sql) {
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
        if (value.is_unknown() && !may_fail.empty()) doubt(may_fail);
        return value;
    }

    /// A word that is both a variable and a column of what a query reads is refused where it means
    /// a column (42702).
    void doubt_ambiguous(const analyze::BoundQuery& bound, Span span) {
        const std::vector<std::string> words = words_of(text_of(span));
        for (const analyze::RelationAccess& access : bound.relations) {
            for (const analyze::ScopeColumn& variable : scope_) {
                const bool column = step_.catalog().find(NameSpace::column, access.relation,
                                                         variable.name) != nullptr;
                if (column && std::ranges::count(words, variable.name) > 0)
                    doubt(fmt::format("\"{}\" is a variable and a column", variable.name));
            }
        }
    }

    /// Functions of the plan that an expression calls may do anything their bodies mention.
    void run_called(const analyze::BoundQuery& bound) {
        for (const ObjectId id : bound.calls) {
            const Object* function = step_.catalog().find(id);
            if (function == nullptr) continue;
            const auto* details = function->get_if<FunctionDetails>();
            if (details != nullptr && details->volatility != 'v') continue;
            const std::string why = fmt::format(
                "it calls function \"{}\", whose body is not interpreted", function->name);
            taint_body(step_, *function, why);
            doubt(why);
        }
    }

    /// Runs SQL and takes its outcome over.
    Flow run_sql(const ordain::Statement& statement) {
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

    /// PreventInTransactionBlock() words it differently for what a function runs.
    [[nodiscard]] std::string called_wording(const Refusal& refusal) const {
        constexpr std::string_view in_block = " cannot run inside a transaction block";
        const bool alone = refusal.sqlstate == "25001" && refusal.message.ends_with(in_block) &&
                           !step_.in_transaction_block();
        if (!alone) return refusal.message;
        return refusal.message.substr(0, refusal.message.size() - in_block.size()) +
               " cannot be executed from a function";
    }

    Flow execute(const pl::Statement& statement, const pl::Run& run) {
        const Query* query = query_of(run.sql);
        if (query != nullptr && uses_record(run.sql.span) && !returns_rows(*query))
            return give_up(statement, "a row variable stands in a statement that changes rows");
        if (query != nullptr && returns_rows(*query) && run.into.empty() && !run.discards)
            return refuse("42601", "query has no destination for result data", statement.span);
        if (query != nullptr && !uses_record(run.sql.span))
            doubt_ambiguous(step_.binder().bind_query(*query, &scope_), run.sql.span);
        // What only reads is computed here; set_config() and what writes is run as SQL.
        if (query != nullptr && returns_rows(*query) && !query->from.empty() && query->with.empty())
            return take_rows(*query, run.into, run.strict, run.sql.span);
        if (query == nullptr || !uses_record(run.sql.span)) {
            Flow flow = run_sql(run.sql);
            if (!flow.goes_on()) return flow;
        }
        if (query == nullptr) return {};
        return take_rows(*query, run.into, run.strict, run.sql.span);
    }

    /// The rows of a query that only reads: bound, so that missing names are refused, and computed.
    /// What may fail counts only where the rows are not certain.
    RowSet read(const Query& query, Span span) {
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

    static bool is_certain(const RowSet& set) {
        return set.maybe_more.empty() &&
               std::ranges::all_of(set.rows, [](const Row& row) { return row.maybe.empty(); });
    }

    Flow
    take_rows(const Query& query, const std::vector<pl::Target>& into, bool strict, Span span) {
        const RowSet set = read(query, span);
        if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
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
        if (strict && set.rows.empty()) return refuse("P0002", "query returned no rows", span);
        if (strict && set.rows.size() > 1)
            return refuse("P0003", "query returned more than one row", span);
        set_found(Value::of_boolean(!set.rows.empty()));
        if (into.empty()) return {};
        if (set.rows.size() > 1) {
            for (const pl::Target& target : into)
                forget_target(target, "the query returns several rows");
            return {};
        }
        assign_row(into, set.columns, set.rows.empty() ? Row{} : set.rows.front());
        return {};
    }

    void forget_target(const pl::Target& target, const std::string& why) {
        forget(target.names.front().text, why);
        variables_[key_of(target)] = Value::unknown(why);
    }

    Flow execute(const pl::Statement& statement, const pl::Execute& dynamic) {
        const Value command = evaluate(dynamic.command);
        if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
        if (command.is_null())
            return refuse("22004", "query string argument of EXECUTE is null", statement.span);
        const Value text = as_text(command);
        if (!text.is_known()) return give_up(statement, text.why);
        std::vector<Value> arguments;
        for (const pl::Sql& argument : dynamic.arguments) {
            arguments.push_back(evaluate(argument));
            if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
        }
        return run_text(statement, dynamic, text.text, std::move(arguments));
    }

    Flow run_text(const pl::Statement& statement,
                  const pl::Execute& dynamic,
                  const std::string& text,
                  std::vector<Value> arguments) {
        constexpr std::size_t bytes_a_step = 100; // what is parsed anew each time counts
        steps_ +=
            static_cast<int>(std::min<std::size_t>(text.size(), max_value_bytes) / bytes_a_step);
        if (steps_ > max_steps) return give_up_rest("it runs too long to be followed");
        const SourceFile file({}, text, Client::driver);
        const Span whole{.begin = 0, .end = static_cast<std::uint32_t>(text.size())};
        parse::ParsedScript script = parse::parse_script(file, whole);
        for (ordain::Statement& parsed : script.statements) {
            parse::move_to(parsed, dynamic.command.span);
            parsed.number = step_.here().statement;
            if (!parsed.fault) continue;
            if (parsed.fault->kind == SyntaxFault::Kind::syntax_error &&
                step_.database().postgres <= grammar_postgres)
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

    static bool is_transaction_control(const ordain::Statement& statement) {
        return std::ranges::any_of(statement.actions, [](const Action& action) {
            return std::holds_alternative<Transaction>(action.payload);
        });
    }

    /// EXECUTE of a query with INTO or USING: only its rows count; what writes is not followed.
    Flow run_with_arguments(const pl::Statement& statement,
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
        const bool certain = set.maybe_more.empty() && set.rows.size() <= 1 &&
                             (set.rows.empty() || set.rows.front().maybe.empty());
        if (!certain) return give_up(statement, "the rows of EXECUTE are not known");
        if (!dynamic.into.empty())
            assign_row(dynamic.into, set.columns, set.rows.empty() ? Row{} : set.rows.front());
        return {};
    }

    // ---- control
    Flow run_all(const std::vector<pl::Statement>& statements) {
        for (const pl::Statement& statement : statements) {
            if (++steps_ > max_steps) return give_up_rest("it runs too long to be followed");
            Flow flow = run_statement(statement);
            if (!flow.goes_on()) return flow;
            if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
        }
        return {};
    }

    Flow run_statement(const pl::Statement& statement) {
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
                    return Flow{.kind = Flow::Kind::end, .label = {}};
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

    /// A condition: nothing when it was refused.
    Value condition(const pl::Sql& sql) { return as_kind(evaluate(sql), Value::Kind::boolean); }

    Flow choose(const pl::Statement& statement, const pl::If& branches) {
        for (const pl::Branch& branch : branches.branches) {
            const Value holds = condition(branch.condition);
            if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
            if (holds.is_unknown()) return give_up(statement, holds.why);
            if (holds.is_true()) return run_all(branch.body);
        }
        return run_all(branches.otherwise);
    }

    Flow choose(const pl::Statement& statement, const pl::Case& branches) {
        Value subject;
        if (branches.subject) subject = evaluate(*branches.subject);
        for (const pl::Branch& branch : branches.branches) {
            if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
            const Value holds = branches.subject ? is_among(subject, branch.condition)
                                                 : condition(branch.condition);
            if (holds.is_unknown()) return give_up(statement, holds.why);
            if (holds.is_true()) return run_all(branch.body);
        }
        if (!branches.has_else) return refuse("20000", "case not found", statement.span);
        return run_all(branches.otherwise);
    }

    Value is_among(const Value& subject, const pl::Sql& values) {
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

    Flow run_leave(const pl::Statement& statement, const pl::Leave& leave) {
        if (leave.condition) {
            const Value holds = condition(*leave.condition);
            if (holds.is_unknown()) return give_up(statement, holds.why);
            if (!holds.is_true()) return {};
        }
        return {.kind = leave.again ? Flow::Kind::again : Flow::Kind::leave,
                .label = leave.label.text};
    }

    Flow run_raise(const pl::Statement& statement, const pl::Raise& raise) {
        for (const pl::Sql& argument : raise.arguments) {
            evaluate(argument);
            if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
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

    /// The format with its % filled in; a value that is not known stays a %.
    std::string raised_message(const pl::Raise& raise) {
        if (!raise.format) return raise.condition.empty() ? raise.sqlstate : raise.condition.text;
        std::string message;
        std::size_t next = 0;
        const std::string& format = *raise.format;
        for (std::size_t at = 0; at < format.size(); ++at) {
            const bool doubled =
                format[at] == '%' && at + 1 < format.size() && format[at + 1] == '%';
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

    Flow run_assert(const pl::Statement& statement, const pl::Assert& assertion) {
        const Value holds = condition(assertion.condition);
        if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
        if (holds.is_unknown()) return give_up(statement, holds.why);
        if (holds.is_true()) return {};
        const Value message = assertion.message ? as_text(evaluate(*assertion.message)) : Value{};
        return refuse("P0004", message.is_known() ? message.text : "assertion failed",
                      statement.span);
    }

    // ---- loops
    /// True when the flow that a loop's body ended with ends the loop; `flow` is then the loop's.
    static bool ends_loop(const pl::Loop& loop, Flow& flow) {
        const bool mine = flow.label.empty() || flow.label == loop.label.text;
        if (flow.kind == Flow::Kind::next) return false;
        if (flow.kind == Flow::Kind::again && mine) {
            flow = {};
            return false;
        }
        if (flow.kind == Flow::Kind::leave && mine) flow = {};
        return true;
    }

    Flow run_loop(const pl::Statement& statement, const pl::Loop& loop) {
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

    Flow run_while(const pl::Statement& statement, const pl::Loop& loop) {
        for (;;) {
            if (++steps_ > max_steps) return give_up_rest("it runs too long to be followed");
            if (loop.kind == pl::Loop::Kind::while_) {
                const Value holds = condition(loop.inputs.front());
                if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
                if (holds.is_unknown()) return give_up(statement, holds.why);
                if (!holds.is_true()) return {};
            }
            Flow flow = run_all(loop.body);
            if (ends_loop(loop, flow)) return flow;
        }
    }

    Flow run_range(const pl::Statement& statement, const pl::Loop& loop) {
        std::vector<std::int64_t> bounds;
        for (const pl::Sql& input : loop.inputs) {
            const Value bound = as_kind(evaluate(input), Value::Kind::integer);
            if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
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
        const std::string name = key_of(loop.variables.front());
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

    /// Once through a loop's body.
    Flow run_turn(const pl::Loop& loop) {
        if (++steps_ > max_steps) return give_up_rest("it runs too long to be followed");
        return run_all(loop.body);
    }

    Flow run_array(const pl::Statement& statement, const pl::Loop& loop) {
        const Value array = evaluate(loop.inputs.front());
        if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
        if (array.is_null())
            return refuse("22004", "FOREACH expression must not be null", statement.span);
        if (!array.is_known() || array.kind != Value::Kind::array || loop.slice)
            return give_up(statement,
                           array.is_known() ? "FOREACH SLICE is not modelled" : array.why);
        for (const Value& element : array.elements) {
            assign(loop.variables.front(), element);
            if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
            Flow flow = run_turn(loop);
            if (ends_loop(loop, flow)) return flow;
        }
        return {};
    }

    Flow run_query_loop(const pl::Statement& statement, const pl::Loop& loop) {
        const Query* query = query_of(loop.inputs.front());
        if (query == nullptr) return give_up(statement, "a cursor is not modelled");
        const RowSet set = read(*query, loop.inputs.front().span);
        if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
        if (!set.maybe_more.empty()) return give_up(statement, set.maybe_more);
        for (const Row& row : set.rows) {
            if (!row.maybe.empty()) return give_up(statement, row.maybe);
        }
        if (!query->order_by.empty() && set.rows.size() > 1)
            return give_up(statement, "ORDER BY is not modelled");
        for (const Row& row : set.rows) {
            assign_row(loop.variables, set.columns, row);
            if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
            Flow flow = run_turn(loop);
            if (ends_loop(loop, flow)) return flow;
        }
        set_found(Value::of_boolean(!set.rows.empty()));
        return {};
    }

    // ---- blocks
    /// What a block's or loop's own variables hide, until it ends.
    class Hidden {
    public:
        explicit Hidden(Interpreter& interpreter) : interpreter_(interpreter) {}
        Hidden(const Hidden&) = delete;
        Hidden& operator=(const Hidden&) = delete;
        ~Hidden() {
            for (auto& [name, value] : values_) {
                interpreter_.variables_.erase(name);
                if (value) interpreter_.variables_.emplace(name, *std::move(value));
            }
            interpreter_.scope_ = std::move(scope_);
            interpreter_.records_ = std::move(records_);
            interpreter_.not_null_ = std::move(not_null_);
        }

        void hide(const std::string& name) {
            const auto outer = interpreter_.variables_.find(name);
            const bool there = outer != interpreter_.variables_.end();
            values_.emplace(name, there ? std::optional(outer->second) : std::nullopt);
            interpreter_.records_.erase(name);
            interpreter_.not_null_.erase(name);
        }

    private:
        Interpreter& interpreter_;
        std::map<std::string, std::optional<Value>> values_;
        std::vector<analyze::ScopeColumn> scope_ = interpreter_.scope_;
        std::set<std::string, std::less<>> records_ = interpreter_.records_;
        std::set<std::string, std::less<>> not_null_ = interpreter_.not_null_;
    };

    Flow run_block(Span span, const pl::Block& block) {
        Hidden hidden(*this);
        for (const pl::Declaration& declaration : block.declarations) {
            hidden.hide(declaration.name.text);
            Flow flow = declare(declaration);
            if (!flow.goes_on()) return flow;
            if (step_.refused()) return {.kind = Flow::Kind::refused, .label = {}};
        }
        Flow flow = block.handlers.empty() ? run_all(block.body) : run_guarded(span, block);
        if (flow.kind == Flow::Kind::leave && !flow.label.empty() && flow.label == block.label.text)
            flow = {};
        return flow;
    }

    /// A block with EXCEPTION is a subtransaction.
    Flow run_guarded(Span statement, const pl::Block& block) {
        const Catalog::Mark mark = step_.catalog().mark();
        const Session session = step_.session();
        const Outcome before = step_.outcome();
        const int doubts = doubts_;
        Flow flow = run_all(block.body);
        if (flow.kind != Flow::Kind::refused) {
            return doubts_ == doubts ? flow : doubt_handlers(statement, block, std::move(flow));
        }
        const Refusal refusal = step_.outcome().refusal;
        const pl::Handler* handler = handler_of(block, refusal.sqlstate);
        if (handler == nullptr) return flow;
        step_.catalog().undo(mark);
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

    /// Whether an error occurs is not certain: the block may be taken back and a handler be run.
    Flow doubt_handlers(Span span, const pl::Block& block, Flow flow) {
        const std::string why = "an error may occur, and is handled";
        taint_text(step_, text_of(span), fmt::format("a DO block: {}", why), Undone::maybe);
        give_up(span, why);
        const bool diverts = std::ranges::any_of(
            block.handlers, [](const pl::Handler& handler) { return may_divert(handler.body); });
        if (diverts) return give_up_rest(why);
        return flow;
    }

    static const pl::Handler* handler_of(const pl::Block& block, std::string_view sqlstate) {
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
        const auto handler =
            std::ranges::find_if(block.handlers, [&](const pl::Handler& candidate) {
                return std::ranges::any_of(candidate.conditions, catches);
            });
        return handler == block.handlers.end() ? nullptr : &*handler;
    }

    Step& step_;
    const Do& do_;
    SqlRunner& runner_;
    Variables variables_;
    std::vector<analyze::ScopeColumn> scope_;
    std::set<std::string, std::less<>> records_;  ///< Variables that have fields.
    std::set<std::string, std::less<>> not_null_; ///< Variables declared so.
    std::optional<Refusal> handled_;              ///< What the handler that runs was called for.
    int doubts_ = 0;
    int steps_ = 0;
};

} // namespace

void interpret(Step& step, const Do& block, SqlRunner& runner) {
    compile(step, block);
    if (step.refused()) return;
    if (block.block == nullptr || block.partly_read) return apply(step, block);
    Interpreter(step, block, runner).run();
}

} // namespace ordain::replay
