#include "parse/lower_definition.hpp"
#include "parse/lower_statement.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace ordain::parse {
namespace {

Span rest_of(const Locator& locator, std::uint32_t end) {
    return Span{.begin = locator.begin(), .end = std::max(locator.begin(), end)};
}

/// Where CREATE TABLE ... AS query ends: before WITH [NO] DATA, if that was written.
std::uint32_t end_before_with_data(const Lowering& lowering) {
    const TokenTable& tokens = lowering.expressions().tokens();
    const TokenTable::Index size = tokens.at_or_after(lowering.statement().end);
    if (size < 4 || !tokens.is_word(size - 1, "data")) return lowering.statement().end;
    const TokenTable::Index before = tokens.is_word(size - 2, "no") ? size - 3 : size - 2;
    if (!tokens.is_word(before, "with")) return lowering.statement().end;
    return tokens.span(before - 1).end;
}

/// Where CREATE VIEW ... AS query ends: before WITH [CASCADED | LOCAL] CHECK OPTION.
std::uint32_t end_before_check_option(const Lowering& lowering, const PgQuery__ViewStmt& node) {
    const TokenTable& tokens = lowering.expressions().tokens();
    const bool written =
        node.with_check_option == PG_QUERY__VIEW_CHECK_OPTION__LOCAL_CHECK_OPTION ||
        node.with_check_option == PG_QUERY__VIEW_CHECK_OPTION__CASCADED_CHECK_OPTION;
    if (!written) return lowering.statement().end;
    TokenTable::Index with = tokens.at_or_after(lowering.statement().end) - 3;
    if (!tokens.is_word(with, "with")) --with;
    return tokens.span(with - 1).end;
}

std::string check_option(PgQuery__ViewCheckOption option) {
    if (option == PG_QUERY__VIEW_CHECK_OPTION__LOCAL_CHECK_OPTION) return "local";
    if (option == PG_QUERY__VIEW_CHECK_OPTION__CASCADED_CHECK_OPTION) return "cascaded";
    return {};
}

/// CREATE [UNIQUE] INDEX [CONCURRENTLY] [IF NOT EXISTS] [name] ON.
Identifier lower_index_name(Lowering& lowering, const PgQuery__IndexStmt& node) {
    Locator& locator = lowering.locator();
    locator.accept_all({"create", "unique", "index"});
    if (node.concurrent != 0) locator.accept("concurrently");
    locator.accept_guard(node.if_not_exists != 0);
    return locator.name(node.idxname);
}

/// OWNED BY as the grammar gives it: a name whose last part is a column, or "none" alone.
struct Owner {
    QualifiedName table;
    Identifier column;
    bool none = false;
};

Owner lower_owner(Lowering& lowering, Nodes options) {
    Owner owner;
    for (const PgQuery__Node* option : options) {
        const PgQuery__DefElem& node = *option->def_elem;
        if (std::string_view(node.defname) != "owned_by") continue;
        const std::vector<std::string_view> parts = strings_of(items_of(node.arg));
        owner = Owner{.table = {}, .column = {}, .none = parts.size() == 1 && parts[0] == "none"};
        if (parts.size() < 2) continue;
        lowering.seek(node.location);
        lowering.locator().accept_all({"owned", "by"});
        std::vector<Identifier> names = lowering.locator().dotted(parts);
        owner.column = std::move(names.back());
        names.pop_back();
        owner.table = qualified(std::move(names));
    }
    return owner;
}

/// Sequence options; the value of owned_by is the dotted name or "none".
std::vector<Option> lower_sequence_options(Lowering& lowering, Nodes written) {
    std::vector<Option> options = lowering.options(written);
    for (Option& option : options) {
        if (option.name.text == "owned_by") std::ranges::replace(option.value, ',', '.');
    }
    return options;
}

std::vector<Query> lower_rule_actions(const Lowering& lowering, Nodes actions) {
    std::vector<Query> queries;
    queries.reserve(actions.size());
    for (const PgQuery__Node* action : actions)
        queries.push_back(lowering.expressions().query(action));
    return queries;
}

std::string rule_event(PgQuery__CmdType event) {
    if (event == PG_QUERY__CMD_TYPE__CMD_INSERT) return "insert";
    if (event == PG_QUERY__CMD_TYPE__CMD_UPDATE) return "update";
    return event == PG_QUERY__CMD_TYPE__CMD_DELETE ? "delete" : "select";
}

/// The grammar makes WITH RECURSIVE view (columns) AS (query) SELECT columns FROM view of it: its
/// names stand where the view's do.
void place_recursion(CreateView& view) {
    if (view.query.with.size() != 1 || view.query.from.size() != 1) return;
    CommonTableExpression& query = view.query.with.front();
    query.name.span = view.view.name.span;
    view.query.from.front().relation.name.span = view.view.name.span;
    const std::size_t count =
        std::min({view.columns.size(), query.columns.size(), view.query.targets.size()});
    for (std::size_t i = 0; i < count; ++i) {
        const Span place = view.columns[i].span;
        query.columns[i].span = place;
        Expression& output = view.query.targets[i].expression;
        output.span = place;
        if (!output.names.empty()) output.names.back().span = place;
    }
}

} // namespace

void lower(Lowering& lowering, const PgQuery__IndexStmt& node) {
    CreateIndex index;
    Locator& locator = lowering.locator();
    index.name = lower_index_name(lowering, node);
    index.table = lowering.relation(node.relation);
    index.only = node.relation->inh == 0;
    index.unique = node.unique != 0;
    index.concurrently = node.concurrent != 0;
    index.nulls_not_distinct = node.nulls_not_distinct != 0;
    index.method = node.access_method;
    locator.enter();
    index.elements = lower_index_elements(lowering, nodes(node.index_params, node.n_index_params));
    locator.leave();
    if (locator.accept("include")) {
        locator.enter();
        for (const IndexElement& element : lower_index_elements(
                 lowering, nodes(node.index_including_params, node.n_index_including_params)))
            index.including.push_back(element.column);
        locator.leave();
    }
    if (node.n_options != 0) locator.skip_past("with");
    index.options = lowering.bracketed_options(nodes(node.options, node.n_options), "true");
    if (*node.table_space != '\0' && locator.skip_past("tablespace"))
        index.tablespace = locator.name(node.table_space);
    index.where = lowering.expression(node.where_clause);
    lowering.add(std::move(index)).guard = guard_if(node.if_not_exists != 0, Guard::if_not_exists);
}

void lower(Lowering& lowering, const PgQuery__CreateTableAsStmt& node) {
    CreateTableAs table;
    Locator& locator = lowering.locator();
    table.table = lowering.relation(node.into->rel);
    table.persistence = persistence_of(node.into->rel);
    table.materialized_view = node.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW;
    table.with_no_data = node.into->skip_data != 0;
    table.columns = lowering.bracketed_names(nodes(node.into->col_names, node.into->n_col_names));
    locator.skip_past("as");
    table.query =
        lowering.expressions().query(node.query, rest_of(locator, end_before_with_data(lowering)));
    Action& action = lowering.add(std::move(table));
    action.guard = guard_if(node.if_not_exists != 0, Guard::if_not_exists);
    action.written_for = node.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW
                             ? ObjectKind::materialized_view
                             : ObjectKind::table;
}

void lower(Lowering& lowering, const PgQuery__ViewStmt& node) {
    CreateView view;
    Locator& locator = lowering.locator();
    locator.accept_all({"create", "or", "replace", "local", "global", "temporary", "temp"});
    view.recursive = locator.at("recursive");
    view.view = lowering.relation(node.view);
    view.persistence = persistence_of(node.view);
    view.columns = lowering.bracketed_names(nodes(node.aliases, node.n_aliases));
    locator.accept("with");
    view.options = lowering.bracketed_options(nodes(node.options, node.n_options), "true");
    view.check_option = check_option(node.with_check_option);
    locator.skip_past("as");
    view.query = lowering.expressions().query(
        node.query, rest_of(locator, end_before_check_option(lowering, node)));
    if (view.recursive) place_recursion(view);
    Action& action = lowering.add(std::move(view));
    action.guard = guard_if(node.replace != 0, Guard::or_replace);
    action.written_for = ObjectKind::view;
}

void lower(Lowering& lowering, const PgQuery__RuleStmt& node) {
    CreateRule rule;
    Locator& locator = lowering.locator();
    locator.accept_all({"create", "or", "replace", "rule"});
    rule.rule = locator.name(node.rulename);
    rule.relation = lowering.relation(node.relation);
    rule.event = rule_event(node.event);
    rule.instead = node.instead != 0;
    rule.where = lowering.expression(node.where_clause);
    rule.actions = lower_rule_actions(lowering, nodes(node.actions, node.n_actions));
    lowering.add(std::move(rule)).guard = guard_if(node.replace != 0, Guard::or_replace);
}

void lower(Lowering& lowering, const PgQuery__CreateSeqStmt& node) {
    CreateSequence sequence;
    sequence.sequence = lowering.relation(node.sequence);
    sequence.persistence = persistence_of(node.sequence);
    const Nodes options = nodes(node.options, node.n_options);
    sequence.options = lower_sequence_options(lowering, options);
    Owner owner = lower_owner(lowering, options);
    sequence.owned_by_table = std::move(owner.table);
    sequence.owned_by_column = std::move(owner.column);
    Action& action = lowering.add(std::move(sequence));
    action.guard = guard_if(node.if_not_exists != 0, Guard::if_not_exists);
    action.written_for = ObjectKind::sequence;
}

void lower(Lowering& lowering, const PgQuery__AlterSeqStmt& node) {
    AlterSequence sequence;
    sequence.sequence = lowering.relation(node.sequence);
    const Nodes options = nodes(node.options, node.n_options);
    sequence.options = lower_sequence_options(lowering, options);
    Owner owner = lower_owner(lowering, options);
    sequence.owned_by_table = std::move(owner.table);
    sequence.owned_by_column = std::move(owner.column);
    sequence.owned_by_none = owner.none;
    Action& action = lowering.add(std::move(sequence));
    action.guard = guard_if(node.missing_ok != 0, Guard::if_exists);
    action.written_for = ObjectKind::sequence;
}

} // namespace ordain::parse
