#include "lint/commits.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <variant>

namespace ordain::lint {
namespace {

const Transaction* control_of(const Statement& statement) {
    if (statement.actions.empty()) return nullptr;
    return std::get_if<Transaction>(&statement.actions.front().payload);
}

bool opens_block(Wrapping wrapping, std::size_t statements) {
    switch (wrapping) {
    case Wrapping::explicit_block:
    case Wrapping::all_migrations: return true;
    case Wrapping::implicit_block: return statements > 1;
    case Wrapping::each_statement:
    case Wrapping::script: return false;
    }
    return false;
}

} // namespace

std::uint32_t last_committed_before(const Script& script,
                                    const std::vector<Statement>& statements,
                                    std::uint32_t number) {
    bool block = opens_block(script.wrapping, statements.size());
    std::uint32_t committed = 0;
    std::uint32_t done = 0; ///< The last statement that did something.
    for (const Statement& statement : statements) {
        if (statement.number >= number) break;
        const Transaction* control = control_of(statement);
        if (control == nullptr) {
            done = statement.number;
            if (!block) committed = done;
        } else if (control->kind == Transaction::Kind::begin) {
            block = true;
        } else if (control->kind == Transaction::Kind::commit) {
            committed = done;
            // What follows in a string sent as one is a block of its own.
            block = control->chain || script.wrapping == Wrapping::implicit_block;
        } else if (control->kind == Transaction::Kind::rollback) {
            done = committed;
            block = control->chain || script.wrapping == Wrapping::implicit_block;
        }
    }
    return committed;
}

std::uint32_t last_of_transaction(const Script& script,
                                  const std::vector<Statement>& statements,
                                  std::uint32_t number) {
    bool block = opens_block(script.wrapping, statements.size());
    for (const Statement& statement : statements) {
        const Transaction* control = control_of(statement);
        const bool ends = control != nullptr && (control->kind == Transaction::Kind::commit ||
                                                 control->kind == Transaction::Kind::rollback);
        if (control != nullptr && control->kind == Transaction::Kind::begin) block = true;
        const bool over = ends || !block;
        if (statement.number >= number && over) return statement.number;
        if (ends) block = control->chain || script.wrapping == Wrapping::implicit_block;
    }
    return statements.empty() ? number : statements.back().number;
}

bool builds_concurrently(const Statement& statement) {
    return std::ranges::any_of(statement.actions, [](const Action& action) {
        const auto* create = std::get_if<CreateIndex>(&action.payload);
        return create != nullptr && create->concurrently;
    });
}

void add_what_stays(const PlanContext& context,
                    const MigrationJudgement& judgement,
                    Finding& finding) {
    const std::size_t index = judgement.ordinal - 1;
    const std::uint32_t last =
        last_committed_before(context.plan.migrations[index].up, context.statements[index].up,
                              judgement.applies.statement);
    if (last == 0) return;
    finding.notes.push_back(
        {.message = fmt::format("{} committed by then and stay{}: each statement is a transaction "
                                "of its own",
                                last == 1 ? "statement 1 has"
                                          : fmt::format("statements 1 to {} have", last),
                                last == 1 ? "s" : ""),
         .where = {}});
}

const Statement* opener_of_block(const std::vector<Statement>& statements, std::uint32_t number) {
    const Statement* opener = nullptr;
    for (const Statement& statement : statements) {
        if (statement.number >= number) break;
        const Transaction* control = control_of(statement);
        if (control == nullptr) continue;
        const bool ends = control->kind == Transaction::Kind::commit ||
                          control->kind == Transaction::Kind::rollback;
        if (control->kind == Transaction::Kind::begin || (ends && control->chain)) {
            opener = &statement;
        } else if (ends) {
            opener = nullptr;
        }
    }
    return opener;
}

} // namespace ordain::lint
