#pragma once

#include "parse/parser.hpp"
#include "replay/evaluate.hpp"
#include "replay/plpgsql.hpp"

#include <map>
#include <optional>
#include <ordain/plpgsql.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ordain::replay {

namespace pl = plpgsql;

/// Why a body is not followed to its end.
inline constexpr const char* too_long = "it runs too long to be followed";

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
    std::string label = {}; ///< Of EXIT and CONTINUE; empty for the innermost loop.

    [[nodiscard]] bool goes_on() const { return kind == Kind::next; }
    [[nodiscard]] static Flow refused() { return {.kind = Kind::refused}; }
};

/// Whether after one of the statements another one than the next may run.
[[nodiscard]] bool may_divert(const std::vector<pl::Statement>& statements);

/// The query that an expression or statement of a body is; null for any other statement.
[[nodiscard]] const Query* query_of(const pl::Sql& sql);

/// One run of one body. Its members are in four files: plpgsql.cpp (statements, blocks and what is
/// not followed), plpgsql_variables.cpp, plpgsql_sql.cpp and plpgsql_control.cpp.
class Interpreter {
public:
    Interpreter(Step& step, const Do& block, SqlRunner& runner);

    void run();

private:
    // ---- statements and blocks
    Flow run_all(const std::vector<pl::Statement>& statements);
    Flow run_statement(const pl::Statement& statement);
    Flow run_block(Span span, const pl::Block& block);
    /// A block with EXCEPTION is a subtransaction.
    Flow run_guarded(Span statement, const pl::Block& block);
    /// Whether an error occurs is not certain: the block may be taken back and a handler be run.
    Flow doubt_handlers(Span span, const pl::Block& block, Flow flow);

    // ---- how it ends
    Flow refuse(std::string_view sqlstate, std::string message, Span span);
    Flow refuse(const Refusal& refusal);
    void doubt(const std::string& why);
    /// What the text may have done is not followed: its variables and what it names are unknown.
    void give_up(Span span, const std::string& why);
    /// A statement whose course is not known; where it may end the block, the rest is not either.
    Flow give_up(const pl::Statement& statement, const std::string& why);
    Flow give_up_rest(const std::string& why);
    /// Counts what is run: a body that goes on for too long is not followed to its end.
    [[nodiscard]] bool tires(int steps = 1);
    [[nodiscard]] std::string_view text_of(Span span) const;

    // ---- variables
    Flow declare(const pl::Declaration& declaration);
    void declare_type(const std::string& name, TypeRef type);
    void assign(const pl::Target& target, Value value);
    /// A row into variables, or into the one record that takes it whole.
    void assign_row(const std::vector<pl::Target>& targets,
                    const std::vector<std::string>& columns,
                    const Row& row);
    /// The relation of a %ROWTYPE; no_object when it is not one, or not known.
    [[nodiscard]] ObjectId row_relation(const pl::Declaration& declaration) const;
    void check_field(const pl::Target& target);
    [[nodiscard]] TypeRef type_of(const pl::TypeReference& reference) const;
    /// Refuses a null for a variable that is declared NOT NULL.
    void check_null(const std::string& name, const Value& value, Span span);
    /// A value that is known and does not surely fit may be refused.
    Value checked(Value value, TypeRef type);
    void set_found(Value value);
    void forget(const std::string& word, const std::string& why);
    void forget_target(const pl::Target& target, const std::string& why);

    // ---- SQL
    [[nodiscard]] Evaluator evaluator() const;
    /// An expression: bound, so that missing names are refused, and computed.
    Value evaluate(const pl::Sql& sql);
    /// The rows of a query that only reads: bound, so that missing names are refused, and computed.
    /// What may fail counts only where the rows are not certain.
    RowSet read(const Query& query, Span span);
    Flow execute(const pl::Statement& statement, const pl::Run& run);
    Flow execute(const pl::Statement& statement, const pl::Execute& dynamic);
    Flow take_rows(const Query& query, const std::vector<pl::Target>& into, bool strict, Span span);
    /// The row that INTO asks for.
    Flow deliver(const RowSet& set, const std::vector<pl::Target>& into, bool strict, Span span);
    Flow run_text(const pl::Statement& statement,
                  const pl::Execute& dynamic,
                  const std::string& text,
                  std::vector<Value> arguments);
    /// EXECUTE of a query with INTO or USING: only its rows count; what writes is not followed.
    Flow run_with_arguments(const pl::Statement& statement,
                            const pl::Execute& dynamic,
                            const parse::ParsedScript& script,
                            std::vector<Value> arguments);
    /// Runs SQL and takes its outcome over.
    Flow run_sql(const ordain::Statement& statement);
    /// Functions of the plan that an expression calls may do anything their bodies mention.
    void run_called(const analyze::BoundQuery& bound);
    /// A word that is both a variable and a column of what a query reads is refused where it means
    /// a column (42702).
    void doubt_ambiguous(const analyze::BoundQuery& bound, Span span);
    /// Whether SQL names a field of a record: the binder does not know these.
    [[nodiscard]] bool uses_record(Span span) const;
    /// PreventInTransactionBlock() words it differently for what a function runs.
    [[nodiscard]] std::string called_wording(const Refusal& refusal) const;

    // ---- control
    /// A condition: nothing when it was refused.
    Value condition(const pl::Sql& sql);
    Value is_among(const Value& subject, const pl::Sql& values);
    Flow choose(const pl::Statement& statement, const pl::If& branches);
    Flow choose(const pl::Statement& statement, const pl::Case& branches);
    Flow run_leave(const pl::Statement& statement, const pl::Leave& leave);
    Flow run_raise(const pl::Statement& statement, const pl::Raise& raise);
    /// The format with its % filled in; a value that is not known stays a %.
    std::string raised_message(const pl::Raise& raise);
    Flow run_assert(const pl::Statement& statement, const pl::Assert& assertion);
    Flow run_loop(const pl::Statement& statement, const pl::Loop& loop);
    Flow run_while(const pl::Statement& statement, const pl::Loop& loop);
    Flow run_range(const pl::Statement& statement, const pl::Loop& loop);
    Flow run_array(const pl::Statement& statement, const pl::Loop& loop);
    Flow run_query_loop(const pl::Statement& statement, const pl::Loop& loop);
    /// Several rows in an order that is not known: what depends on it is not followed.
    Flow run_in_any_order(const pl::Statement& statement, const pl::Loop& loop, const RowSet& set);
    /// Once through a loop's body.
    Flow run_turn(const pl::Loop& loop);

    /// Variables that have fields, with the relation whose rows they hold where there is one.
    using Records = std::map<std::string, ObjectId, std::less<>>;

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
        Records records_ = interpreter_.records_;
        std::set<std::string, std::less<>> not_null_ = interpreter_.not_null_;
    };

    Step& step_;
    const Do& do_;
    SqlRunner& runner_;
    Variables variables_;
    std::vector<analyze::ScopeColumn> scope_;
    Records records_;
    std::set<std::string, std::less<>> not_null_; ///< Variables declared so.
    std::optional<Refusal> handled_;              ///< What the handler that runs was called for.
    int doubts_ = 0;
    int steps_ = 0;
};

} // namespace ordain::replay
