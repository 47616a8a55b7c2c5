#include "config/severities.hpp"
#include "lint/commits.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

bool is_chosen(const PlanContext& context) {
    return config::may_be_on(context.settings, {.rule = not_rerunnable.id,
                                                .category = name_of(not_rerunnable.category),
                                                .on_by_default = false});
}

/// The last statement that stays when a later one fails; 0 when a failure leaves nothing.
std::uint32_t last_to_stay(const PlanContext& context, std::size_t index) {
    const std::vector<Statement>& statements = context.statements[index].up;
    if (statements.empty()) return 0;
    return lint::last_committed_before(context.plan.migrations[index].up, statements,
                                       statements.back().number);
}

/// Why the second run is not merely a question of tidiness: what a failed first run leaves.
struct Leftover {
    std::uint32_t last = 0;     ///< Statements up to this one stay.
    bool invalid_index = false; ///< The statement's own failure leaves its index behind.

    [[nodiscard]] bool any() const { return last != 0 || invalid_index; }
};

bool has_concurrent_action(const Statement& statement) {
    return std::ranges::any_of(statement.actions, [](const Action& action) {
        const auto* create = std::get_if<CreateIndex>(&action.payload);
        const auto* drop = std::get_if<DropObject>(&action.payload);
        const auto* detach = std::get_if<DetachPartition>(&action.payload);
        const auto* maintain = std::get_if<Maintain>(&action.payload);
        return (create != nullptr && create->concurrently) ||
               (drop != nullptr && drop->concurrently) ||
               (detach != nullptr && detach->concurrently) || maintain != nullptr;
    });
}

bool adds_label(const Statement& statement) {
    return std::ranges::any_of(statement.actions, [](const Action& action) {
        return std::holds_alternative<AlterEnumAdd>(action.payload);
    });
}

std::string advice(const PlanContext& context, std::size_t index, const Statement* statement) {
    if (statement != nullptr && lint::builds_concurrently(*statement)) {
        return "put DROP INDEX CONCURRENTLY IF EXISTS before it: IF NOT EXISTS alone would take "
               "the "
               "invalid index for a good one";
    }
    const std::vector<Statement>& statements = context.statements[index].up;
    if (std::ranges::any_of(statements, adds_label)) {
        return "give ALTER TYPE ... ADD VALUE IF NOT EXISTS a migration of its own: a new label "
               "cannot "
               "be used in the transaction that adds it";
    }
    if (std::ranges::none_of(statements, has_concurrent_action)) {
        return "put BEGIN; before and COMMIT; after the statements, so that a failure leaves "
               "nothing behind";
    }
    return "put the statements that can run in a transaction between BEGIN; and COMMIT;, and guard "
           "the others with IF EXISTS or IF NOT EXISTS";
}

std::string because(const Answer& answer) {
    return answer.sqlstate.empty() ? answer.message
                                   : fmt::format("{}: {}", answer.sqlstate, answer.message);
}

void report(const PlanContext& context,
            const MigrationJudgement& judgement,
            Leftover left,
            Findings& findings) {
    const Answer& answer = judgement.rerun.answer;
    const std::size_t index = judgement.ordinal - 1;
    const Migration& migration = context.plan.migrations[index];
    const std::vector<Statement>& statements = context.statements[index].up;
    const bool placed = answer.statement > 0 && answer.statement <= statements.size();
    const Statement* statement = placed ? &statements[answer.statement - 1] : nullptr;
    Location where = answer.where;
    if (where.span.empty() && !statements.empty()) {
        where = {.file = migration.up.file, .span = statements.front().span};
    }
    const std::string what =
        answer.sqlstate.empty()
            ? because(answer)
            : fmt::format("a {} at statement {} with {}",
                          left.any() ? "retry after a failure stops" : "second run stops",
                          answer.statement, because(answer));
    Finding& finding = findings.add(where, judgement.ordinal, what);
    if (left.last != 0) {
        finding.notes.push_back(
            {.message =
                 fmt::format("should this or a later statement fail, statement{} committed "
                             "before it",
                             left.last == 1 ? " 1 has" : fmt::format("s 1 to {} have", left.last)),
             .where = Location{.file = migration.up.file, .span = statements[left.last].span}});
    } else if (left.invalid_index) {
        finding.notes.push_back(
            {.message = "a concurrent build that fails leaves an invalid index of that name",
             .where = {}});
    }
    finding.instead = advice(context, index, statement);
}

Leftover leftover_of(const PlanContext& context, const MigrationJudgement& judgement) {
    const Answer& answer = judgement.rerun.answer;
    const std::size_t index = judgement.ordinal - 1;
    const std::vector<Statement>& statements = context.statements[index].up;
    const bool placed = answer.statement > 0 && answer.statement <= statements.size();
    if (answer.sqlstate.empty() || !placed) return {};
    const std::uint32_t last = last_to_stay(context, index);
    if (answer.statement <= last) return {.last = last};
    // Alone in an implicit block the statement has no room for a DROP INDEX before it.
    const bool improvable = context.plan.migrations[index].up.wrapping != Wrapping::implicit_block;
    return {.invalid_index =
                improvable && lint::builds_concurrently(statements[answer.statement - 1])};
}

void check_plan(const PlanContext& context, Findings& findings) {
    for (const MigrationJudgement& judgement : context.judgements) {
        const Answer& answer = judgement.rerun.answer;
        const bool judged = context.selected[judgement.ordinal - 1];
        if (!judged || answer.verdict != Verdict::no) continue;
        const Leftover left = leftover_of(context, judgement);
        if (left.any() || is_chosen(context)) report(context, judgement, left, findings);
    }
}

bool leaves_parts(const Plan& plan, const Settings& /*settings*/) {
    // Nothing is known of how a lone file is sent.
    if (plan.layout == "file") return false;
    return std::ranges::any_of(plan.migrations, [](const Migration& migration) {
        switch (migration.up.wrapping) {
        case Wrapping::explicit_block:
        case Wrapping::all_migrations: return false;
        case Wrapping::implicit_block:
        case Wrapping::each_statement:
        case Wrapping::script: return true;
        }
        return false;
    });
}

} // namespace

constinit const Rule not_rerunnable{
    .id = "not-rerunnable",
    .category = Category::repeatability,
    .severity = Severity::warning,
    .summary = "A migration that failed half-way cannot be run again.",
    .why =
        R"(Where nothing wraps the script in a transaction, each statement commits by itself. When
a later one fails (a lock timeout is enough), those before it stay, and the next try stops at the
first that cannot be repeated, so that somebody has to finish the script by hand, in production.

By default only such scripts are reported; `--rule not-rerunnable=warning` (or another severity)
reports every migration whose second run raises an error or changes something.)",
    .fix = R"(Let the script be one transaction: `BEGIN;` before, `COMMIT;` after. Where a statement
cannot run in one, guard what comes before it (`IF NOT EXISTS`, `IF EXISTS`, `OR REPLACE`), or give
it a migration of its own. A failed `CREATE INDEX CONCURRENTLY` leaves an invalid index, which `IF
NOT EXISTS` takes for a good one: drop it first.)",
    .elsewhere = R"(squawk prefer-robust-stmts, postgres-language-server preferRobustStmts, pgfence
prefer-robust-create-index, pgsafe require-if-exists, diesel-guard IdempotencyCreateCheck)",
    .bad = R"(-- file: 1_accounts.sql
CREATE TABLE accounts (id bigint PRIMARY KEY);
CREATE TABLE sessions (id bigint PRIMARY KEY, account bigint NOT NULL);)",
    .good = R"(-- file: 1_accounts.sql
BEGIN;
CREATE TABLE accounts (id bigint PRIMARY KEY);
CREATE TABLE sessions (id bigint PRIMARY KEY, account bigint NOT NULL);
COMMIT;)",
    .on_by_default = false,
    .enabled_for = leaves_parts,
    .enabled_where = "where the layout calls for it",
    .check_plan = check_plan,
};

} // namespace ordain::rules
