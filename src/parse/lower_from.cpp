#include "parse/lower_from.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <memory>
#include <pg_query/pg_query.pb-c.h>
#include <span>
#include <string_view>
#include <utility>

namespace ordain::parse {
namespace {

using Index = TokenTable::Index;
using Kind = FromItem::Kind;
constexpr Index none = TokenTable::none;

std::span<PgQuery__Node* const> list(PgQuery__Node* const* nodes, std::size_t count) {
    return {nodes, count};
}

/// What may follow a query's parentheses if they are not all of it.
bool continues_query(const TokenTable& tokens, Index at) {
    static constexpr std::array<std::string_view, 8> keywords{
        "union", "intersect", "except", "order", "limit", "offset", "fetch", "for"};
    return tokens.is(at, ')') || std::ranges::any_of(keywords, [&](std::string_view keyword) {
               return tokens.is_word(at, keyword);
           });
}

FromItem::Join join_kind(const PgQuery__JoinExpr& node) {
    switch (node.jointype) {
    case PG_QUERY__JOIN_TYPE__JOIN_LEFT: return FromItem::Join::left;
    case PG_QUERY__JOIN_TYPE__JOIN_RIGHT: return FromItem::Join::right;
    case PG_QUERY__JOIN_TYPE__JOIN_FULL: return FromItem::Join::full;
    default: {
        const bool condition =
            node.quals != nullptr || node.n_using_clause > 0 || node.is_natural != 0;
        return condition ? FromItem::Join::inner : FromItem::Join::cross;
    }
    }
}

/// Lowers one entry of FROM and what is in it.
class ItemLowering {
public:
    explicit ItemLowering(const ExpressionLowering& lowering)
        : lowering_(lowering),
          tokens_(lowering.tokens()) {}

    [[nodiscard]] PlacedItem item(const PgQuery__Node& node, Index at) const;
    [[nodiscard]] PlacedItem relation(const PgQuery__RangeVar& node) const;

private:
    [[nodiscard]] PlacedItem subquery(const PgQuery__RangeSubselect& node, Index at) const;
    [[nodiscard]] Index subquery_parenthesis(Index at) const;
    [[nodiscard]] PlacedItem function(const PgQuery__RangeFunction& node, Index at) const;
    void add_functions(FromItem& item, const PgQuery__RangeFunction& node) const;
    void add_columns(FromItem& item, std::span<PgQuery__Node* const> definitions) const;
    [[nodiscard]] Index after_functions(const PgQuery__RangeFunction& node, Index at) const;
    [[nodiscard]] PlacedItem table_function(const PgQuery__RangeTableFunc& node) const;
    [[nodiscard]] PlacedItem sample(const PgQuery__RangeTableSample& node, Index at) const;
    [[nodiscard]] PlacedItem join(const PgQuery__JoinExpr& node, Index at) const;
    [[nodiscard]] Index
    join_condition(FromItem& item, const PgQuery__JoinExpr& node, Index at) const;
    /// Adds the alias that begins at `at` and closes the item's span.
    [[nodiscard]] PlacedItem
    finish(FromItem item, const PgQuery__Alias* alias, Index first, Index at) const;

    const ExpressionLowering& lowering_;
    const TokenTable& tokens_;
};

PlacedItem ItemLowering::item(const PgQuery__Node& node, Index at) const {
    switch (node.node_case) {
    case PG_QUERY__NODE__NODE_RANGE_VAR: return relation(*node.range_var);
    case PG_QUERY__NODE__NODE_RANGE_SUBSELECT: return subquery(*node.range_subselect, at);
    case PG_QUERY__NODE__NODE_RANGE_FUNCTION: return function(*node.range_function, at);
    case PG_QUERY__NODE__NODE_RANGE_TABLE_FUNC: return table_function(*node.range_table_func);
    case PG_QUERY__NODE__NODE_RANGE_TABLE_SAMPLE: return sample(*node.range_table_sample, at);
    case PG_QUERY__NODE__NODE_JOIN_EXPR: return join(*node.join_expr, at);
    default: return {.item = {}, .after = at};
    }
}

PlacedItem
ItemLowering::finish(FromItem item, const PgQuery__Alias* alias, Index first, Index at) const {
    PlacedAlias placed = lower_alias(lowering_, alias, at);
    item.alias = std::move(placed.name);
    if (!placed.columns.empty()) item.column_aliases = std::move(placed.columns);
    if (placed.after != none) item.span = tokens_.span(first, placed.after - 1);
    return {.item = std::move(item), .after = placed.after};
}

PlacedItem ItemLowering::relation(const PgQuery__RangeVar& node) const {
    FromItem item;
    item.kind = Kind::relation;
    item.relation = lowering_.qualified_name(&node);
    item.only = node.inh == 0;
    Index first = tokens_.at_location(node.location);
    if (first == none || item.relation.name.span.empty())
        return finish(std::move(item), node.alias, first, none);
    Index after = tokens_.at_or_after(item.relation.name.span.end);
    if (item.only && tokens_.is(first - 1, '(')) {
        --first;
        ++after;
    }
    if (item.only && tokens_.is_word(first - 1, "only")) --first;
    if (tokens_.is(after, '*')) ++after;
    return finish(std::move(item), node.alias, first, after);
}

PlacedItem ItemLowering::subquery(const PgQuery__RangeSubselect& node, Index at) const {
    FromItem item;
    item.lateral = node.lateral != 0;
    const Index open = subquery_parenthesis(tokens_.is_word(at, "lateral") ? at + 1 : at);
    const Index closing = tokens_.partner(open);
    Span within;
    if (closing != none) within = tokens_.span(open + 1, closing - 1);
    item.query = std::make_unique<Query>(lowering_.query(node.subquery, within));
    item.kind = item.query->kind == Query::Kind::values ? Kind::values : Kind::subquery;
    const bool lateral = open != none && open > 0 && tokens_.is_word(open - 1, "lateral");
    const Index first = lateral ? open - 1 : open;
    return finish(std::move(item), node.alias, first, closing == none ? none : closing + 1);
}

/// Of several parentheses in a row, the outer ones may be those of a join that begins with the
/// subquery: ((SELECT 1) a JOIN b ON true). The subquery's own are followed by nothing or by what
/// continues a query.
Index ItemLowering::subquery_parenthesis(Index at) const {
    if (!tokens_.is(at, '(')) return none;
    Index open = at;
    while (tokens_.is(open + 1, '('))
        ++open;
    for (; open > at; --open) {
        if (tokens_.partner(open) == none) return none;
        if (!continues_query(tokens_, tokens_.partner(open) + 1)) break;
    }
    return open;
}

PlacedItem ItemLowering::function(const PgQuery__RangeFunction& node, Index at) const {
    FromItem item;
    item.kind = Kind::function;
    item.lateral = node.lateral != 0;
    item.with_ordinality = node.ordinality != 0;
    add_functions(item, node);
    const Index first = at;
    if (tokens_.is_word(at, "lateral")) ++at;
    Index after = node.is_rowsfrom != 0 ? tokens_.after_group(tokens_.next_parenthesis(at))
                                        : after_functions(node, at);
    if (item.with_ordinality && tokens_.is_word(after, "with")) after += 2;
    PlacedItem placed = finish(std::move(item), node.alias, first, after);
    if (node.n_coldeflist == 0 || placed.after == none) return placed;
    if (tokens_.is_word(placed.after, "as")) ++placed.after; // AS (definitions)
    add_columns(placed.item, list(node.coldeflist, node.n_coldeflist));
    placed.after = tokens_.after_group(placed.after);
    placed.item.span = tokens_.span(first, placed.after - 1);
    return placed;
}

/// Each function is a list of the call and, in ROWS FROM, its column definitions. Those of one
/// among several are left to be guessed: whose columns they are would need a place of its own.
void ItemLowering::add_functions(FromItem& item, const PgQuery__RangeFunction& node) const {
    for (const PgQuery__Node* entry : list(node.functions, node.n_functions)) {
        if (entry->node_case != PG_QUERY__NODE__NODE_LIST || entry->list->n_items == 0) continue;
        const PgQuery__List& parts = *entry->list;
        item.functions.push_back(lowering_.expression(parts.items[0]));
        if (parts.n_items < 2 || parts.items[1]->node_case != PG_QUERY__NODE__NODE_LIST) continue;
        const PgQuery__List& definitions = *parts.items[1]->list;
        add_columns(item, list(definitions.items, definitions.n_items));
        if (node.n_functions > 1) item.kind = Kind::unsupported;
    }
}

void ItemLowering::add_columns(FromItem& item, std::span<PgQuery__Node* const> definitions) const {
    for (const PgQuery__Node* definition : definitions) {
        if (definition->node_case != PG_QUERY__NODE__NODE_COLUMN_DEF) continue;
        const PgQuery__ColumnDef& column = *definition->column_def;
        item.column_aliases.push_back(
            lowering_.identifier(tokens_.at_location(column.location), column.colname));
        item.column_types.push_back(lowering_.type_name(column.type_name));
    }
}

Index ItemLowering::after_functions(const PgQuery__RangeFunction& node, Index at) const {
    if (node.n_functions == 0 || node.functions[0]->node_case != PG_QUERY__NODE__NODE_LIST)
        return at;
    const PgQuery__List& parts = *node.functions[0]->list;
    const Index open = tokens_.next_parenthesis(at);
    const bool call =
        parts.n_items > 0 && parts.items[0]->node_case == PG_QUERY__NODE__NODE_FUNC_CALL;
    const bool parenthesis = call || tokens_.is(at + 1, '(');
    return parenthesis ? tokens_.after_group(open) : at + 1;
}

/// XMLTABLE: not read, but what it computes from is kept.
PlacedItem ItemLowering::table_function(const PgQuery__RangeTableFunc& node) const {
    FromItem item;
    item.lateral = node.lateral != 0;
    for (const PgQuery__Node* part : {node.docexpr, node.rowexpr})
        if (part != nullptr) item.functions.push_back(lowering_.expression(part));
    for (const PgQuery__Node* column : list(node.columns, node.n_columns)) {
        if (column->node_case != PG_QUERY__NODE__NODE_RANGE_TABLE_FUNC_COL) continue;
        const PgQuery__RangeTableFuncCol& made = *column->range_table_func_col;
        for (const PgQuery__Node* part : {made.colexpr, made.coldefexpr})
            if (part != nullptr) item.functions.push_back(lowering_.expression(part));
    }
    const Index at = tokens_.at_location(node.location);
    if (at == none) return finish(std::move(item), node.alias, none, none);
    const Index after = tokens_.after_group(tokens_.next_parenthesis(at));
    const Index first = item.lateral && tokens_.is_word(at - 1, "lateral") ? at - 1 : at;
    return finish(std::move(item), node.alias, first, after);
}

PlacedItem ItemLowering::sample(const PgQuery__RangeTableSample& node, Index at) const {
    PlacedItem placed = item(*node.relation, at);
    if (!tokens_.is_word(placed.after, "tablesample")) return placed;
    placed.after = tokens_.after_group(tokens_.next_parenthesis(placed.after));
    if (tokens_.is_word(placed.after, "repeatable"))
        placed.after = tokens_.after_group(placed.after + 1);
    placed.item.span.end = tokens_.span(placed.after - 1).end;
    return placed;
}

PlacedItem ItemLowering::join(const PgQuery__JoinExpr& node, Index at) const {
    FromItem item;
    item.kind = Kind::join;
    item.join = join_kind(node);
    item.natural = node.is_natural != 0;
    PlacedItem left = this->item(*node.larg, at);
    Index keyword = left.after;
    while (keyword < tokens_.size() && !tokens_.is_word(keyword, "join"))
        ++keyword;
    PlacedItem right = this->item(*node.rarg, keyword < tokens_.size() ? keyword + 1 : none);
    Index first = left.item.span.empty() ? none : tokens_.at_or_after(left.item.span.begin);
    item.sides.push_back(std::move(left.item));
    item.sides.push_back(std::move(right.item));
    Index after = join_condition(item, node, right.after);
    while (first != none && first > 0 && tokens_.is(first - 1, '(') &&
           tokens_.partner(first - 1) == after) {
        --first;
        ++after;
    }
    return finish(std::move(item), node.alias, first, after);
}

Index ItemLowering::join_condition(FromItem& item, const PgQuery__JoinExpr& node, Index at) const {
    if (node.quals != nullptr) {
        item.on = lowering_.expression(node.quals);
        return tokens_.after(item.on->span);
    }
    if (node.n_using_clause == 0 || !tokens_.is_word(at, "using")) return at;
    item.using_columns = lower_name_list(lowering_, node.using_clause, node.n_using_clause, at + 1);
    PlacedAlias alias = lower_alias(lowering_, node.join_using_alias, tokens_.after_group(at + 1));
    item.using_alias = std::move(alias.name);
    return alias.after;
}

} // namespace

PlacedAlias lower_alias(const ExpressionLowering& lowering, const PgQuery__Alias* node, Index at) {
    PlacedAlias placed{.name = {}, .columns = {}, .after = at};
    if (node == nullptr) return placed;
    const TokenTable& tokens = lowering.tokens();
    if (tokens.is_word(placed.after, "as")) ++placed.after;
    placed.name = lowering.identifier(placed.after, node->aliasname);
    if (!placed.name.span.empty()) ++placed.after;
    if (node->n_colnames == 0) return placed;
    placed.columns = lower_name_list(lowering, node->colnames, node->n_colnames, placed.after);
    placed.after = tokens.after_group(placed.after);
    return placed;
}

std::vector<Identifier> lower_name_list(const ExpressionLowering& lowering,
                                        PgQuery__Node* const* nodes,
                                        std::size_t count,
                                        Index at) {
    std::vector<Identifier> names;
    names.reserve(count);
    Index next = at == none ? none : at + 1;
    for (const PgQuery__Node* node : list(nodes, count)) {
        if (node->node_case != PG_QUERY__NODE__NODE_STRING) continue;
        names.push_back(lowering.identifier(next, node->string->sval));
        if (next != none) next += 2;
    }
    return names;
}

PlacedItem
lower_from_item(const ExpressionLowering& lowering, const PgQuery__Node& node, Index at) {
    return ItemLowering(lowering).item(node, at);
}

PlacedItem lower_relation(const ExpressionLowering& lowering, const PgQuery__RangeVar& node) {
    return ItemLowering(lowering).relation(node);
}

FromItem ExpressionLowering::from_item(const PgQuery__Node* node, std::uint32_t begin) const {
    if (node == nullptr) return {};
    return lower_from_item(*this, *node, tokens_.at_or_after(begin)).item;
}

} // namespace ordain::parse
