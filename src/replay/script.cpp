#include "replay/script.hpp"

#include "parse/newer_syntax.hpp"
#include "replay/actions.hpp"
#include "replay/dependency.hpp"
#include "replay/plpgsql.hpp"
#include "replay/taint.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <ordain/overloaded.hpp>
#include <utility>

namespace ordain::replay {
namespace {

using Kind = Transaction::Kind;

/// ALTER TABLE works through its subcommands in passes (AlterTablePass of tablecmds.c).
int pass_of(const Action& action) {
    const auto constraint_pass = [](const AddConstraint& add) {
        switch (add.constraint.kind) {
        case ConstraintDefinition::Kind::foreign_key: return 9;
        case ConstraintDefinition::Kind::primary_key:
        case ConstraintDefinition::Kind::unique:
        case ConstraintDefinition::Kind::exclusion: return 7;
        default: return 5;
        }
    };
    return std::visit(Overloaded{
                          [](const DropColumn&) { return 0; },
                          [](const DropConstraint&) { return 0; },
                          [](const AlterColumnType&) { return 1; },
                          [](const AddColumn&) { return 4; },
                          [&](const AddConstraint& add) { return constraint_pass(add); },
                          [](const SetColumnNotNull& set) { return set.not_null ? 6 : 0; },
                          [](const SetColumnDefault& set) { return set.value ? 9 : 0; },
                          [](const auto&) { return 10; },
                      },
                      action.payload);
}

/// Where an action stands among its neighbours of the same kind.
struct RunOfKind {
    bool first = true;
    bool last = true;
};
RunOfKind
run_of_kind(const Statement& statement, const std::vector<std::size_t>& order, std::size_t place) {
    const auto kind = [&](std::size_t other) {
        return statement.actions[order[other]].payload.index();
    };
    return {.first = place == 0 || kind(place - 1) != kind(place),
            .last = place + 1 == order.size() || kind(place + 1) != kind(place)};
}

bool takes_snapshot(const Statement& statement) {
    return std::ranges::any_of(statement.actions, [](const Action& action) {
        return !std::holds_alternative<SetVariable>(action.payload) &&
               !std::holds_alternative<Transaction>(action.payload);
    });
}

/// One connection while a script runs on it.
class Connection final : public SqlRunner {
public:
    Connection(Database& database, const ScriptInput& input, Observer* observer)
        : database_(database),
          input_(input),
          observer_(observer) {
        session_.path.schemas = database.search_path;
    }

    Outcome run_sql(const Statement& statement,
                    const std::vector<analyze::ScopeColumn>& variables) override {
        const Catalog::Mark mark = database_.catalog.mark();
        const std::size_t before = moment();
        const auto* const outer = std::exchange(variables_, &variables);
        Outcome whole;
        const std::vector<std::size_t> order = order_of(statement);
        for (std::size_t place = 0; place < order.size(); ++place) {
            Outcome outcome = run_action(statement, statement.actions[order[place]],
                                         run_of_kind(statement, order, place));
            add(whole, std::move(outcome));
            if (whole.status != Outcome::Status::refused) continue;
            database_.catalog.undo(mark);
            taken_back(before);
            break;
        }
        variables_ = outer;
        queried_ = queried_ || takes_snapshot(statement);
        return whole;
    }

    [[nodiscard]] std::size_t held() const override { return held_.size(); }
    void release_since(std::size_t held) override { held_.resize(held); }

    [[nodiscard]] std::size_t moment() const override {
        return observer_ == nullptr ? 0 : observer_->moment();
    }

    void taken_back(std::size_t since) override {
        if (observer_ != nullptr) observer_->taken_back(since);
    }

    ScriptRun run() {
        if (!refused_whole()) run_statements();
        disconnect();
        return std::move(run_);
    }

private:
    struct Savepoint {
        std::string name;
        Catalog::Mark mark;
        std::size_t moment = 0;
        Session session;
        std::size_t held = 0; ///< Of held_.
    };
    enum class Block { none, implicit, explicit_ };

    /// A string is parsed whole before anything of it runs.
    bool refused_whole() {
        if (!input_.sent_whole || input_.applied) return false;
        const bool refused =
            std::ranges::any_of(input_.statements, [this](const Statement& statement) {
                return statement.fault && answer_fault(statement);
            });
        if (refused) run_.answer.statement = 1;
        return refused;
    }

    /// False when the fault proves nothing about a server.
    bool answer_fault(const Statement& statement) {
        const SyntaxFault& fault = *statement.fault;
        const std::string_view text = input_.source.text(statement.span);
        if (!parse::is_certain(fault, text, database_.postgres)) return false;
        answer(Verdict::no, fault.sqlstate, fault.message, statement, fault.span);
        return true;
    }

    void answer(Verdict verdict,
                std::string sqlstate,
                std::string message,
                const Statement& statement,
                Span span) {
        const bool first = run_.answer.verdict != Verdict::no;
        if (!first || (verdict == Verdict::unknown && run_.answer.verdict != Verdict::yes)) return;
        run_.answer = {
            .verdict = verdict,
            .sqlstate = std::move(sqlstate),
            .message = std::move(message),
            .statement = statement.number,
            .where = {.file = input_.script.file, .span = span.empty() ? statement.span : span}};
    }

    void run_statements() {
        if (input_.script.wrapping == Wrapping::explicit_block ||
            input_.script.wrapping == Wrapping::all_migrations) {
            begin(Block::explicit_, 1);
        }
        for (const Statement& statement : input_.statements) {
            open_for(statement);
            run_.statements.push_back({.statement = &statement, .outcomes = {}});
            const bool done = run_statement(statement, run_.statements.back());
            if (!done) {
                rollback();
                return;
            }
            queried_ = queried_ || takes_snapshot(statement);
            if (block_ == Block::none) commit();
        }
        if (block_ == Block::explicit_ && left_open_ != nullptr) return end_inside_block();
        commit();
    }

    /// psql takes the script's own transaction back when it disconnects; what a runner does next
    /// on its connection is not known.
    void end_inside_block() {
        if (input_.script.wrapping == Wrapping::script) return roll_back_as_told();
        answer(Verdict::unknown, {}, "the transaction that it begins is not ended", *left_open_,
               {});
        commit();
    }

    /// Several statements sent as one string share an implicit block, which an embedded COMMIT
    /// splits.
    void open_for(const Statement& statement) {
        if (block_ != Block::none) return;
        const bool several = input_.statements.size() > 1;
        const bool whole =
            input_.script.wrapping == Wrapping::implicit_block ||
            (input_.sent_whole && input_.script.wrapping == Wrapping::explicit_block);
        if (several && whole) {
            begin(Block::implicit, statement.number);
        } else {
            start(statement.number);
        }
    }

    void start(std::uint32_t statement) {
        mark_ = database_.catalog.mark();
        moment_ = moment();
        session_before_ = session_;
        queried_ = false;
        first_statement_ = statement;
    }

    void begin(Block block, std::uint32_t statement) {
        if (block_ == Block::none) start(statement);
        if (block_ != Block::explicit_) block_ = block;
    }

    void commit() {
        clear_uncommitted_labels();
        drop_on_commit();
        session_.end_transaction();
        block_ = Block::none;
        left_open_ = nullptr;
        savepoints_.clear();
        held_.clear();
        mark_ = database_.catalog.mark();
        moment_ = moment();
    }

    void rollback() {
        database_.catalog.undo(mark_);
        session_ = session_before_;
        block_ = Block::none;
        left_open_ = nullptr;
        savepoints_.clear();
        held_.clear();
    }

    void roll_back_as_told() {
        taken_back(moment_);
        rollback();
    }

    void clear_uncommitted_labels() {
        for (const Catalog::Touched& touched : database_.catalog.touched_since(mark_)) {
            const Object* type = database_.catalog.find(touched.object);
            const auto* labels = type == nullptr ? nullptr : type->get_if<EnumDetails>();
            if (labels == nullptr || labels->uncommitted.empty()) continue;
            Object committed = *type;
            committed.as<EnumDetails>().uncommitted.clear();
            database_.catalog.put(std::move(committed));
        }
    }

    void drop_on_commit() {
        std::vector<ObjectId> tables;
        for (const Catalog::Touched& touched : database_.catalog.touched_since(mark_)) {
            const Object* table = database_.catalog.find(touched.object);
            const auto* details = table == nullptr ? nullptr : table->get_if<RelationDetails>();
            if (details != nullptr && details->drops_on_commit) tables.push_back(table->id);
        }
        drop_silently(tables);
    }

    /// False when a server would refuse it.
    bool run_statement(const Statement& statement, StatementRun& run) {
        const bool refused = statement.fault && answer_fault(statement);
        if (refused && !input_.applied) return false;
        if (statement.fault && !refused) {
            answer(Verdict::unknown, {}, statement.fault->message, statement,
                   statement.fault->span);
        }
        const Catalog::Mark mark = database_.catalog.mark();
        const std::size_t at_first = moment();
        run.outcomes.resize(statement.actions.size());
        const std::vector<std::size_t> order = order_of(statement);
        for (std::size_t place = 0; place < order.size(); ++place) {
            const Action& action = statement.actions[order[place]];
            Outcome& outcome = run.outcomes[order[place]];
            const Catalog::Mark before = database_.catalog.mark();
            outcome = run_action(statement, action, run_of_kind(statement, order, place));
            if (outcome.status == Outcome::Status::unknown) {
                answer(Verdict::unknown, {}, outcome.reason, statement, action.span);
            }
            if (outcome.status != Outcome::Status::refused) continue;
            answer(Verdict::no, outcome.refusal.sqlstate, outcome.refusal.message, statement,
                   outcome.refusal.span);
            database_.catalog.undo(input_.applied ? before : mark);
            taken_back(at_first);
            if (!input_.applied) return false;
            take_as_done(statement, action, outcome.refusal);
        }
        return true;
    }

    void take_as_done(const Statement& statement, const Action& action, const Refusal& refusal) {
        const Origin here{.migration = input_.migration.ordinal,
                          .statement = statement.number,
                          .span = action.span};
        Step step(database_, session_, action, here, {});
        taint_text(step, input_.source.text(statement.span),
                   fmt::format("{} does not replay ({})", input_.migration.id, refusal.message),
                   Undone::no);
    }

    static std::vector<std::size_t> order_of(const Statement& statement) {
        std::vector<std::size_t> order(statement.actions.size());
        for (std::size_t index = 0; index < order.size(); ++index)
            order[index] = index;
        std::ranges::stable_sort(
            order, {}, [&](std::size_t index) { return pass_of(statement.actions[index]); });
        return order;
    }

    Outcome run_action(const Statement& statement, const Action& action, RunOfKind run) {
        const Catalog::Mark mark = database_.catalog.mark();
        const bool in_block = block_ != Block::none || variables_ != nullptr;
        Outcome outcome;
        if (const auto* control = std::get_if<Transaction>(&action.payload)) {
            outcome = control_transaction(*control, action, statement);
        } else {
            outcome = apply_action(statement, action, run);
        }
        if (observer_ == nullptr) return outcome;
        const std::uint32_t number = ++observed_;
        observe(statement, action, outcome, mark, in_block, number);
        for (const LockTaken& lock : outcome.locks)
            held_.push_back({.lock = lock, .action = number});
        return outcome;
    }

    void observe(const Statement& statement,
                 const Action& action,
                 const Outcome& outcome,
                 Catalog::Mark mark,
                 bool in_block,
                 std::uint32_t number) {
        const Catalog::Delta delta = std::holds_alternative<Transaction>(action.payload)
                                         ? Catalog::Delta{}
                                         : database_.catalog.undo(mark);
        observer_->observe({.migration = input_.migration,
                            .statement = statement,
                            .action = action,
                            .outcome = outcome,
                            .catalog = database_.catalog,
                            .in_transaction_block = in_block,
                            .held = held_,
                            .lock_timeout = session_.lock_timeout(),
                            .number = number});
        database_.catalog.redo(delta);
    }

    Outcome apply_action(const Statement& statement, const Action& action, RunOfKind run) {
        const Origin here{.migration = input_.migration.ordinal,
                          .statement = statement.number,
                          .span = action.span};
        Step step(database_, session_, action, here,
                  {.block = block_ != Block::none || variables_ != nullptr,
                   .queried = queried_,
                   .first_statement = first_statement_,
                   .variables = variables_,
                   .first_of_kind = run.first,
                   .last_of_kind = run.last});
        const auto run_do = [&](const Do& block) { interpret(step, block, *this); };
        std::visit(Overloaded{[](const Transaction&) {}, run_do,
                              [&](const auto& payload) { apply(step, payload); }},
                   action.payload);
        return std::move(step.outcome());
    }

    Outcome control_transaction(const Transaction& control,
                                const Action& action,
                                const Statement& statement) {
        switch (control.kind) {
        case Kind::begin:
            if (block_ != Block::explicit_) left_open_ = &statement;
            begin(Block::explicit_, statement.number);
            return {};
        case Kind::commit:
            commit();
            if (control.chain) begin(Block::explicit_, statement.number);
            return {};
        case Kind::rollback:
            roll_back_as_told();
            if (control.chain) begin(Block::explicit_, statement.number);
            return {};
        case Kind::savepoint:
            if (block_ == Block::none) {
                return refusal("25P01", "SAVEPOINT can only be used in transaction blocks", action);
            }
            savepoints_.push_back({.name = control.savepoint.text,
                                   .mark = database_.catalog.mark(),
                                   .moment = moment(),
                                   .session = session_,
                                   .held = held_.size()});
            return {};
        case Kind::release: return release(control, action);
        case Kind::rollback_to: return rollback_to(control, action);
        case Kind::prepare:
        case Kind::commit_prepared:
        case Kind::rollback_prepared: break;
        }
        Outcome outcome;
        outcome.status = Outcome::Status::unknown;
        outcome.reason = "two-phase commit is not modelled";
        return outcome;
    }

    static void add(Outcome& whole, Outcome part) {
        const auto append = [](auto& list, auto& more) {
            list.insert(list.end(), more.begin(), more.end());
        };
        append(whole.targets, part.targets);
        append(whole.locks, part.locks);
        append(whole.work, part.work);
        append(whole.dropped, part.dropped);
        append(whole.dependences, part.dependences);
        if (part.status == Outcome::Status::unknown && whole.reason.empty())
            whole.reason = std::move(part.reason);
        if (part.status == Outcome::Status::refused) whole.refusal = std::move(part.refusal);
        if (part.status == Outcome::Status::refused || whole.status == Outcome::Status::done ||
            whole.status == Outcome::Status::skipped)
            whole.status = part.status;
    }

    static Outcome refusal(std::string sqlstate, std::string message, const Action& action) {
        Outcome outcome;
        outcome.status = Outcome::Status::refused;
        outcome.refusal = {
            .sqlstate = std::move(sqlstate), .message = std::move(message), .span = action.span};
        return outcome;
    }

    std::vector<Savepoint>::iterator find_savepoint(const std::string& name) {
        const auto found = std::find_if(savepoints_.rbegin(), savepoints_.rend(),
                                        [&](const Savepoint& point) { return point.name == name; });
        return found == savepoints_.rend() ? savepoints_.end() : std::prev(found.base());
    }

    [[nodiscard]] Outcome missing_savepoint(const Transaction& control,
                                            const Action& action) const {
        if (block_ == Block::none) {
            const bool release = control.kind == Kind::release;
            return refusal("25P01",
                           fmt::format("{} can only be used in transaction blocks",
                                       release ? "RELEASE SAVEPOINT" : "ROLLBACK TO SAVEPOINT"),
                           action);
        }
        return refusal("3B001",
                       fmt::format("savepoint \"{}\" does not exist", control.savepoint.text),
                       action);
    }

    Outcome release(const Transaction& control, const Action& action) {
        const auto point = find_savepoint(control.savepoint.text);
        if (point == savepoints_.end()) return missing_savepoint(control, action);
        savepoints_.erase(point, savepoints_.end());
        return {};
    }

    Outcome rollback_to(const Transaction& control, const Action& action) {
        const auto point = find_savepoint(control.savepoint.text);
        if (point == savepoints_.end()) return missing_savepoint(control, action);
        database_.catalog.undo(point->mark);
        taken_back(point->moment);
        session_ = point->session;
        held_.resize(point->held);
        savepoints_.erase(std::next(point), savepoints_.end());
        return {};
    }

    /// Temporary objects end with the session.
    void disconnect() {
        const Object* temporary = database_.catalog.find(NameSpace::schema, no_object, "pg_temp");
        if (temporary != nullptr) drop_silently({temporary->id});
    }

    /// What the server itself drops.
    void drop_silently(const std::vector<ObjectId>& objects) {
        if (objects.empty()) return;
        const Origin end{.migration = input_.migration.ordinal, .statement = 0, .span = {}};
        const Action nothing{};
        Step step(database_, session_, nothing, end, {});
        drop_objects(step, objects, DropBehavior::cascade);
    }

    Database& database_;
    const ScriptInput& input_;
    Observer* observer_;
    Session session_;
    Session session_before_;
    Block block_ = Block::none;
    Catalog::Mark mark_{};   ///< Where the transaction began.
    std::size_t moment_ = 0; ///< Likewise, for the observer.
    std::vector<Savepoint> savepoints_;
    std::vector<HeldLock> held_; ///< By the transaction; kept for the observer alone.
    std::uint32_t observed_ = 0; ///< Actions shown so far.
    bool queried_ = false;
    const Statement* left_open_ = nullptr; ///< The script's own BEGIN, while it lasts.
    std::uint32_t first_statement_ = 1;
    const std::vector<analyze::ScopeColumn>* variables_ = nullptr; ///< Of the body that runs.
    ScriptRun run_;
};

} // namespace

ScriptRun run_script(Database& database, const ScriptInput& input, Observer* observer) {
    if (input.script.ignored) return {};
    return Connection(database, input, observer).run();
}

} // namespace ordain::replay
