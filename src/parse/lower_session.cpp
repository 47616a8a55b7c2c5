#include "parse/lower_statement.hpp"

#include <cstddef>

namespace ordain::parse {
namespace {

/// Where a setting's value is, as far as the tree says.
int location_of(const PgQuery__Node* value) {
    if (value->node_case == PG_QUERY__NODE__NODE_A_CONST) return value->a_const->location;
    if (value->node_case == PG_QUERY__NODE__NODE_TYPE_CAST)
        return location_of(value->type_cast->arg);
    return -1;
}

/// Passes SET, RESET and SESSION or LOCAL. The two are also words that a setting's name may be.
void pass_set(Locator& locator) {
    locator.accept_all({"set", "reset"});
    if (!locator.at("session") && !locator.at("local")) return;
    Locator behind = locator;
    behind.skip();
    const bool is_name = behind.at_end() || behind.at('.') || behind.at('=') || behind.at("to") ||
                         behind.at("authorization");
    if (!is_name) locator = behind;
}

/// The setting's name: what stands before TO, =, FROM CURRENT or the first value. The words are
/// others than the name for TIME ZONE, SESSION AUTHORIZATION, NAMES and the like.
Identifier lower_setting(Lowering& lowering, const PgQuery__VariableSetStmt& node) {
    Locator& locator = lowering.locator();
    pass_set(locator);
    Identifier name{.text = node.name, .span = locator.next_span()};
    if (node.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL) name.text = "all";
    const int first = node.n_args == 0 ? -1 : location_of(node.args[0]);
    const std::uint32_t values = first > 0 ? lowering.offset(first) : lowering.statement().end;
    do {
        locator.skip();
        name.span.end = locator.previous_end();
    } while (!locator.at_end() && locator.begin() < values && !locator.at('=') &&
             !locator.at("to") && !locator.at("from") && !locator.at("default") &&
             !locator.at("local") && !locator.at("interval"));
    return name;
}

std::vector<Identifier> lower_values(Lowering& lowering, Nodes values) {
    std::vector<Identifier> found;
    found.reserve(values.size());
    for (const PgQuery__Node* value : values) {
        lowering.seek(location_of(value));
        found.push_back(
            {.text = value_text(value),
             .span = {.begin = lowering.locator().begin(), .end = lowering.locator().item_end()}});
    }
    return found;
}

/// Modes of a transaction are numbers in the tree where the settings are booleans.
std::string mode_value(const PgQuery__DefElem& mode) {
    std::string value = value_text(mode.arg);
    if (std::string_view(mode.defname) == "transaction_isolation") return value;
    return value == "0" ? "off" : "on";
}

/// SET TRANSACTION and SET SESSION CHARACTERISTICS: each mode is a setting.
void lower_modes(Lowering& lowering, const PgQuery__VariableSetStmt& node) {
    const bool local = std::string_view(node.name) == "TRANSACTION";
    for (const PgQuery__Node* argument : nodes(node.args, node.n_args)) {
        if (argument->node_case != PG_QUERY__NODE__NODE_DEF_ELEM)
            return lower_unmodelled(lowering, "SET TRANSACTION");
        const Option mode = lowering.option(*argument->def_elem);
        SetVariable change;
        change.scope = local ? SetVariable::Scope::local : SetVariable::Scope::session;
        change.name = Identifier{.text = mode.name.text, .span = mode.span};
        change.values.push_back({.text = mode_value(*argument->def_elem), .span = mode.span});
        change.transaction_mode = true;
        lowering.add(std::move(change), mode.span);
    }
}

Transaction::Kind transaction_kind(PgQuery__TransactionStmtKind kind) {
    using Kind = Transaction::Kind;
    switch (kind) {
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANSACTION_STMT_KIND_UNDEFINED:
    case _PG_QUERY__TRANSACTION_STMT_KIND_IS_INT_SIZE: break;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT: return Kind::commit;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK: return Kind::rollback;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_SAVEPOINT: return Kind::savepoint;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_RELEASE: return Kind::release;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO: return Kind::rollback_to;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_PREPARE: return Kind::prepare;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT_PREPARED: return Kind::commit_prepared;
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_PREPARED:
        return Kind::rollback_prepared;
    }
    return Kind::begin;
}

/// The words before a savepoint's name.
Identifier lower_savepoint(Lowering& lowering, std::string_view name) {
    if (name.empty()) return {};
    Locator& locator = lowering.locator();
    if (locator.accept("rollback")) {
        locator.accept_all({"work", "transaction", "to"});
    } else {
        locator.accept("release");
    }
    locator.accept("savepoint");
    return locator.name(name);
}

} // namespace

void lower(Lowering& lowering, const PgQuery__VariableSetStmt& node) {
    if (node.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_MULTI) return lower_modes(lowering, node);
    SetVariable change;
    change.scope = node.is_local != 0 ? SetVariable::Scope::local : SetVariable::Scope::session;
    change.reset = node.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET ||
                   node.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL ||
                   node.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_DEFAULT;
    change.name = lower_setting(lowering, node);
    change.values = lower_values(lowering, nodes(node.args, node.n_args));
    lowering.add(std::move(change));
}

void lower(Lowering& lowering, const PgQuery__TransactionStmt& node) {
    Transaction transaction;
    transaction.kind = transaction_kind(node.kind);
    transaction.chain = node.chain != 0;
    transaction.savepoint = lower_savepoint(lowering, node.savepoint_name);
    for (const PgQuery__Node* mode : nodes(node.options, node.n_options)) {
        transaction.options.push_back(lowering.option(*mode->def_elem));
        transaction.options.back().value = mode_value(*mode->def_elem);
    }
    if (*node.gid != '\0') {
        const Span literal = lowering.locator().string_constant();
        transaction.options.push_back(
            {.name = {.text = "gid", .span = literal}, .value = node.gid, .span = literal});
    }
    lowering.add(std::move(transaction));
}

} // namespace ordain::parse
