#include "lint/commits.hpp"

#include <algorithm>
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

} // namespace ordain::lint
