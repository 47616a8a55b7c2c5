#include "parse/lower_expression.hpp"
#include "parse/lower_from.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <pg_query/pg_query.pb-c.h>
#include <span>
#include <string_view>
#include <utility>

namespace ordain::parse {
namespace {

using Index = TokenTable::Index;
using Kind = Query::Kind;
constexpr Index none = TokenTable::none;

std::span<PgQuery__Node* const> list(PgQuery__Node* const* nodes, std::size_t count) {
    return {nodes, count};
}

/// Tokens from the first to before the end.
struct Range {
    Index first = none;
    Index end = none;

    [[nodiscard]] bool empty() const { return first >= end; }
};

/// The operands of UNION, INTERSECT and EXCEPT that stand beside each other, and what is between:
/// binds_tighter[i] says that INTERSECT is between operand i and the next.
struct Chain {
    std::vector<Range> operands;
    std::vector<bool> binds_tighter;
};

Query::SetOperation set_operation_of(const PgQuery__SelectStmt& node) {
    using Operation = Query::SetOperation;
    const bool all = node.all != 0;
    switch (node.op) {
    case PG_QUERY__SET_OPERATION__SETOP_INTERSECT:
        return all ? Operation::intersect_all : Operation::intersect;
    case PG_QUERY__SET_OPERATION__SETOP_EXCEPT:
        return all ? Operation::except_all : Operation::except;
    default: return all ? Operation::union_all : Operation::union_;
    }
}

Query::Overriding overriding_of(PgQuery__OverridingKind kind) {
    switch (kind) {
    case PG_QUERY__OVERRIDING_KIND__OVERRIDING_USER_VALUE: return Query::Overriding::user_value;
    case PG_QUERY__OVERRIDING_KIND__OVERRIDING_SYSTEM_VALUE: return Query::Overriding::system_value;
    default: return Query::Overriding::none;
    }
}

bool has_operation(const PgQuery__SelectStmt& node) {
    return node.op != PG_QUERY__SET_OPERATION__SETOP_NONE &&
           node.op != PG_QUERY__SET_OPERATION__SET_OPERATION_UNDEFINED;
}

/// VALUES rows alone, as INSERT mostly has them.
bool is_bare_values(const PgQuery__SelectStmt& node) {
    return node.n_values_lists > 0 && node.with_clause == nullptr && node.n_sort_clause == 0 &&
           node.limit_count == nullptr && node.limit_offset == nullptr &&
           node.n_locking_clause == 0;
}

// ---- the place of a query that nobody knows -----------------------------------------------------

/// The smallest location in a tree, or the largest number when there is none. Reads the messages by
/// their descriptions: what a query consists of does not matter here.
std::int32_t earliest_location(const ProtobufCMessage& message) {
    std::int32_t earliest = std::numeric_limits<std::int32_t>::max();
    const auto* bytes = reinterpret_cast<const std::byte*>(&message); // as protobuf-c addresses it
    const std::span fields(message.descriptor->fields, message.descriptor->n_fields);
    for (const ProtobufCFieldDescriptor& field : fields) {
        const std::byte* member = bytes + field.offset;
        if (field.type == PROTOBUF_C_TYPE_INT32 && std::string_view(field.name) == "location") {
            const auto location = *reinterpret_cast<const std::int32_t*>(member);
            if (location > 0) earliest = std::min(earliest, location);
        }
        if (field.type != PROTOBUF_C_TYPE_MESSAGE) continue;
        if (field.label == PROTOBUF_C_LABEL_REPEATED) {
            const auto count =
                *reinterpret_cast<const std::size_t*>(bytes + field.quantifier_offset);
            const auto* items = *reinterpret_cast<ProtobufCMessage* const* const*>(member);
            for (const ProtobufCMessage* item : std::span(items, count))
                earliest = std::min(earliest, earliest_location(*item));
            continue;
        }
        const bool one_of = (field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
        if (one_of &&
            *reinterpret_cast<const std::uint32_t*>(bytes + field.quantifier_offset) != field.id)
            continue;
        const auto* part = *reinterpret_cast<const ProtobufCMessage* const*>(member);
        if (part != nullptr) earliest = std::min(earliest, earliest_location(*part));
    }
    return earliest;
}

constexpr std::array<std::string_view, 8> query_keywords{"select", "values", "table",  "with",
                                                         "insert", "update", "delete", "merge"};
/// What ends the last operand of a set operation.
constexpr std::array<std::string_view, 5> tail_keywords{"order", "limit", "offset", "fetch", "for"};

bool is_any_word(const TokenTable& tokens, Index at, std::span<const std::string_view> keywords) {
    return std::ranges::any_of(
        keywords, [&](std::string_view keyword) { return tokens.is_word(at, keyword); });
}

bool begins_query(const TokenTable& tokens, Index at) {
    return is_any_word(tokens, at, query_keywords);
}

bool is_label(const TokenTable& tokens, Index at) {
    return at > 0 && (tokens.is_word(at - 1, "as") || tokens.is(at - 1, '.'));
}

/// The next element of CREATE SCHEMA.
bool begins_schema_element(const TokenTable& tokens, Index at) {
    return (tokens.is_word(at, "create") || tokens.is_word(at, "grant")) && !is_label(tokens, at);
}

/// The end of the statement or of the brackets that a query stands in, less what CREATE VIEW and
/// CREATE TABLE AS have behind it.
Index end_of_query(const TokenTable& tokens, Index at) {
    while (at < tokens.size() && !tokens.is(at, ';') && !tokens.is(at, ')') &&
           !begins_schema_element(tokens, at))
        at = tokens.after_group(at);
    Index with = at;
    if (tokens.is_word(at - 1, "data")) with = at - (tokens.is_word(at - 2, "no") ? 3 : 2);
    if (tokens.is_word(at - 1, "option") && tokens.is_word(at - 2, "check")) {
        with = at - 3;
        if (tokens.is_word(with, "local") || tokens.is_word(with, "cascaded")) --with;
    }
    return tokens.is_word(with, "with") ? with : at;
}

/// Walks back from the first place that the tree knows to the keyword that begins the query.
Range find_query(const TokenTable& tokens, const PgQuery__Node& node) {
    Index first = 0;
    while (tokens.is(first, '('))
        ++first;
    if (begins_query(tokens, first)) return {.first = 0, .end = end_of_query(tokens, 0)};
    Index at = tokens.at_location(earliest_location(node.base));
    while (at != none && !begins_query(tokens, at)) {
        if (at == 0) return {};
        --at;
        if (tokens.is(at, ')') && tokens.partner(at) != none) at = tokens.partner(at);
    }
    return {.first = at, .end = at == none ? none : end_of_query(tokens, at)};
}

// ---- queries ------------------------------------------------------------------------------------

class QueryLowering {
public:
    explicit QueryLowering(const ExpressionLowering& lowering)
        : lowering_(lowering),
          tokens_(lowering.tokens()) {}

    [[nodiscard]] Query query(const PgQuery__Node& node, Range range) const;

private:
    [[nodiscard]] Query select(const PgQuery__SelectStmt& node, Range range) const;
    void add_select_core(Query& query, const PgQuery__SelectStmt& node, Range range) const;
    void add_select_rest(Query& query, const PgQuery__SelectStmt& node) const;
    void add_values(Query& query, std::span<PgQuery__Node* const> rows) const;
    void add_set_operation(Query& query, const PgQuery__SelectStmt& node, Range range) const;
    void combine(Query& query,
                 const PgQuery__SelectStmt& node,
                 const Chain& chain,
                 std::size_t begin,
                 std::size_t end) const;
    [[nodiscard]] Query arm(const PgQuery__SelectStmt& node,
                            const Chain& chain,
                            std::size_t begin,
                            std::size_t end) const;
    [[nodiscard]] Chain chain(Range range) const;

    [[nodiscard]] Query insert(const PgQuery__InsertStmt& node, Range range) const;
    void add_source(Query& query, const PgQuery__InsertStmt& node, Range range) const;
    void add_conflict(Query& query, const PgQuery__OnConflictClause& node) const;
    void add_conflict_target(Query& query, const PgQuery__InferClause& node, Index at) const;
    [[nodiscard]] Query update(const PgQuery__UpdateStmt& node, Range range) const;
    [[nodiscard]] Query remove(const PgQuery__DeleteStmt& node, Range range) const;
    [[nodiscard]] Query merge(const PgQuery__MergeStmt& node, Range range) const;
    void add_merge_clause(Query& query, const PgQuery__MergeWhenClause& node) const;

    /// Adds the common table expressions; returns the first token after them.
    Index add_with(Query& query, const PgQuery__WithClause* node, Range range) const;
    [[nodiscard]] CommonTableExpression
    common_table_expression(const PgQuery__CommonTableExpr& node, Range range) const;
    [[nodiscard]] Index after_common_table_expression(const PgQuery__CommonTableExpr& node) const;
    /// Sets the target and its alias; returns the token after them.
    Index add_target_relation(Query& query, const PgQuery__RangeVar* node) const;
    void add_from(Query& query, std::span<PgQuery__Node* const> items, Index at) const;
    [[nodiscard]] std::vector<Target> outputs(std::span<PgQuery__Node* const> nodes) const;
    [[nodiscard]] std::vector<Target> assignments(std::span<PgQuery__Node* const> nodes) const;
    [[nodiscard]] std::optional<Expression> optional(const PgQuery__Node* node) const;
    /// WHERE of UPDATE and DELETE; CURRENT OF has no place in the tree.
    [[nodiscard]] std::optional<Expression> condition(const PgQuery__Node* node, Range range) const;

    /// The token after the last of these targets, `at` when that is not known.
    [[nodiscard]] Index after_targets(const std::vector<Target>& targets, Index at) const;
    /// The token after the next such keyword outside brackets; none when there is none.
    [[nodiscard]] Index after_keyword(std::string_view keyword, Range range) const;
    [[nodiscard]] Index after_distinct(Index at) const;
    /// Without the parentheses that enclose all of it.
    [[nodiscard]] Range without_parentheses(Range range) const;
    [[nodiscard]] Span span(Range range) const {
        return range.empty() ? Span{} : tokens_.span(range.first, range.end - 1);
    }

    const ExpressionLowering& lowering_;
    const TokenTable& tokens_;
};

Query QueryLowering::query(const PgQuery__Node& node, Range range) const {
    range = without_parentheses(range);
    switch (node.node_case) {
    case PG_QUERY__NODE__NODE_SELECT_STMT: return select(*node.select_stmt, range);
    case PG_QUERY__NODE__NODE_INSERT_STMT: return insert(*node.insert_stmt, range);
    case PG_QUERY__NODE__NODE_UPDATE_STMT: return update(*node.update_stmt, range);
    case PG_QUERY__NODE__NODE_DELETE_STMT: return remove(*node.delete_stmt, range);
    case PG_QUERY__NODE__NODE_MERGE_STMT: return merge(*node.merge_stmt, range);
    default: {
        Query unread;
        unread.span = span(range);
        return unread;
    }
    }
}

Query QueryLowering::select(const PgQuery__SelectStmt& node, Range range) const {
    range = without_parentheses(range);
    Query query;
    query.span = span(range);
    const Index first = add_with(query, node.with_clause, range);
    const Range body{.first = first, .end = range.end};
    if (has_operation(node)) {
        add_set_operation(query, node, body);
    } else if (node.n_values_lists > 0) {
        query.kind = Kind::values;
        add_values(query, list(node.values_lists, node.n_values_lists));
    } else {
        query.kind = Kind::select;
        add_select_core(query, node, body);
    }
    add_select_rest(query, node);
    return query;
}

void QueryLowering::add_select_core(Query& query,
                                    const PgQuery__SelectStmt& node,
                                    Range range) const {
    Index at = range.first;
    while (tokens_.is(at, '('))
        ++at; // (SELECT ...) ORDER BY ... is one node
    for (const PgQuery__Node* key : list(node.distinct_clause, node.n_distinct_clause)) {
        const bool plain = key->node_case == PG_QUERY__NODE__NODE__NOT_SET;
        if (!plain) query.distinct_on.push_back(lowering_.expression(key));
        query.distinct = true;
    }
    query.targets = outputs(list(node.target_list, node.n_target_list));
    if (tokens_.is_word(at, "table")) { // TABLE name: the star is not written
        for (Target& target : query.targets)
            target.expression.span = tokens_.span(at);
        at = at + 1;
    } else if (at != none) {
        at = after_keyword("from", {.first = after_targets(query.targets, after_distinct(at + 1)),
                                    .end = range.end});
    }
    if (node.into_clause != nullptr) query.into = lowering_.qualified_name(node.into_clause->rel);
    add_from(query, list(node.from_clause, node.n_from_clause), at);
    query.where = optional(node.where_clause);
    query.group_by = lowering_.expressions(node.group_clause, node.n_group_clause);
    query.having = optional(node.having_clause);
    for (const PgQuery__Node* window : list(node.window_clause, node.n_window_clause)) {
        if (window->node_case != PG_QUERY__NODE__NODE_WINDOW_DEF) continue;
        query.windows.push_back(lowering_.window(*window->window_def));
    }
}

/// What stands behind a simple query or behind a whole set operation.
void QueryLowering::add_select_rest(Query& query, const PgQuery__SelectStmt& node) const {
    query.order_by = lowering_.sort_keys(node.sort_clause, node.n_sort_clause);
    query.limit = optional(node.limit_count);
    query.with_ties = node.limit_option == PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_WITH_TIES;
    query.offset = optional(node.limit_offset);
    query.locks_rows = node.n_locking_clause > 0;
}

void QueryLowering::add_values(Query& query, std::span<PgQuery__Node* const> rows) const {
    query.values.reserve(query.values.size() + rows.size());
    for (const PgQuery__Node* row : rows)
        if (row->node_case == PG_QUERY__NODE__NODE_LIST)
            query.values.push_back(lowering_.expressions(row->list->items, row->list->n_items));
}

// ---- set operations -----------------------------------------------------------------------------

void QueryLowering::add_set_operation(Query& query,
                                      const PgQuery__SelectStmt& node,
                                      Range range) const {
    Chain beside = chain(range);
    while (beside.operands.size() == 1 && tokens_.is(range.first, '(')) {
        range = {.first = range.first + 1, .end = tokens_.partner(range.first)};
        beside = chain(range);
    }
    combine(query, node, beside, 0, beside.operands.size());
}

Chain QueryLowering::chain(Range range) const {
    Chain found;
    Range operand{.first = range.first, .end = range.first};
    Index at = range.first;
    while (at < range.end && at < tokens_.size() && !tokens_.is(at, ')')) {
        const bool name = at > range.first && is_label(tokens_, at);
        if (!name && is_any_word(tokens_, at, tail_keywords)) break;
        const bool tighter = tokens_.is_word(at, "intersect");
        const bool between =
            tighter || tokens_.is_word(at, "union") || tokens_.is_word(at, "except");
        if (name || !between) {
            at = tokens_.after_group(at);
            continue;
        }
        found.operands.push_back({.first = operand.first, .end = at++});
        found.binds_tighter.push_back(tighter);
        if (tokens_.is_word(at, "all") || tokens_.is_word(at, "distinct")) ++at;
        operand.first = at;
    }
    found.operands.push_back({.first = operand.first, .end = at});
    return found;
}

/// Splits the chain as the grammar does: at its last UNION or EXCEPT, or without one at its last
/// INTERSECT. That mirrors the tree until an operand is a set operation in parentheses.
void QueryLowering::combine(Query& query,
                            const PgQuery__SelectStmt& node,
                            const Chain& chain,
                            std::size_t begin,
                            std::size_t end) const {
    query.kind = Kind::set_operation;
    query.set_operation = set_operation_of(node);
    const bool tightest = node.op == PG_QUERY__SET_OPERATION__SETOP_INTERSECT;
    std::size_t split = end - 1;
    while (!tightest && split > begin + 1 && chain.binds_tighter[split - 1])
        --split;
    query.arms.push_back(arm(*node.larg, chain, begin, std::max(split, begin + 1)));
    query.arms.push_back(arm(*node.rarg, chain, std::min(split, end - 1), end));
    query.into = query.arms.front().into;
}

Query QueryLowering::arm(const PgQuery__SelectStmt& node,
                         const Chain& chain,
                         std::size_t begin,
                         std::size_t end) const {
    if (end - begin == 1 || !has_operation(node)) return select(node, chain.operands[begin]);
    Query query;
    query.span = span({.first = chain.operands[begin].first, .end = chain.operands[end - 1].end});
    combine(query, node, chain, begin, end);
    return query;
}

// ---- statements that change rows ----------------------------------------------------------------

Query QueryLowering::insert(const PgQuery__InsertStmt& node, Range range) const {
    Query query;
    query.kind = Kind::insert;
    query.span = span(range);
    add_with(query, node.with_clause, range);
    Index at = add_target_relation(query, node.relation);
    query.targets = assignments(list(node.cols, node.n_cols));
    if (node.n_cols > 0) at = tokens_.after_group(at);
    query.overriding = overriding_of(node.override);
    if (tokens_.is_word(at, "overriding")) at += 3;
    query.default_values = node.select_stmt == nullptr;
    add_source(query, node, {.first = at, .end = range.end});
    if (node.on_conflict_clause != nullptr) add_conflict(query, *node.on_conflict_clause);
    query.returning = outputs(list(node.returning_list, node.n_returning_list));
    return query;
}

void QueryLowering::add_source(Query& query, const PgQuery__InsertStmt& node, Range range) const {
    if (node.select_stmt == nullptr) return;
    if (node.select_stmt->node_case == PG_QUERY__NODE__NODE_SELECT_STMT &&
        is_bare_values(*node.select_stmt->select_stmt)) {
        const PgQuery__SelectStmt& values = *node.select_stmt->select_stmt;
        add_values(query, list(values.values_lists, values.n_values_lists));
        return;
    }
    if (node.on_conflict_clause != nullptr) {
        const Index conflict = tokens_.at_location(node.on_conflict_clause->location);
        range.end = std::min(range.end, conflict);
    } else if (node.n_returning_list > 0) {
        const Index after = after_keyword("returning", range);
        if (after != none) range.end = after - 1;
    }
    query.arms.push_back(this->query(*node.select_stmt, range));
}

void QueryLowering::add_conflict(Query& query, const PgQuery__OnConflictClause& node) const {
    query.on_conflict = node.action == PG_QUERY__ON_CONFLICT_ACTION__ONCONFLICT_UPDATE
                            ? Query::OnConflict::update
                            : Query::OnConflict::nothing;
    const Index at = tokens_.at_location(node.location);
    if (node.infer != nullptr && at != none) add_conflict_target(query, *node.infer, at + 2);
    query.conflict_set = assignments(list(node.target_list, node.n_target_list));
    query.conflict_where = optional(node.where_clause);
}

/// ON CONFLICT (column, (expression) opclass, ...) WHERE ..., or ON CONFLICT ON CONSTRAINT name.
void QueryLowering::add_conflict_target(Query& query,
                                        const PgQuery__InferClause& node,
                                        Index at) const {
    query.conflict_predicate = optional(node.where_clause);
    if (*node.conname != '\0')
        query.conflict_constraint = lowering_.identifier(at + 2, node.conname);
    ++at;
    for (const PgQuery__Node* element : list(node.index_elems, node.n_index_elems)) {
        if (element->node_case != PG_QUERY__NODE__NODE_INDEX_ELEM) continue;
        const PgQuery__IndexElem& made = *element->index_elem;
        if (made.expr != nullptr)
            query.conflict_expressions.push_back(lowering_.expression(made.expr));
        else
            query.conflict_columns.push_back(lowering_.identifier(at, made.name));
        while (at < tokens_.size() && !tokens_.is(at, ',') && !tokens_.is(at, ')'))
            at = tokens_.after_group(at);
        ++at;
    }
}

Query QueryLowering::update(const PgQuery__UpdateStmt& node, Range range) const {
    Query query;
    query.kind = Kind::update;
    query.span = span(range);
    add_with(query, node.with_clause, range);
    Index at = add_target_relation(query, node.relation);
    query.targets = assignments(list(node.target_list, node.n_target_list));
    at = after_targets(query.targets, at);
    if (tokens_.is(at, ')')) ++at; // SET (a, b) = (x, y)
    add_from(query, list(node.from_clause, node.n_from_clause),
             after_keyword("from", {.first = at, .end = range.end}));
    query.where = condition(node.where_clause, {.first = at, .end = range.end});
    query.returning = outputs(list(node.returning_list, node.n_returning_list));
    return query;
}

Query QueryLowering::remove(const PgQuery__DeleteStmt& node, Range range) const {
    Query query;
    query.kind = Kind::delete_;
    query.span = span(range);
    add_with(query, node.with_clause, range);
    const Index at = add_target_relation(query, node.relation);
    add_from(query, list(node.using_clause, node.n_using_clause),
             after_keyword("using", {.first = at, .end = range.end}));
    query.where = condition(node.where_clause, {.first = at, .end = range.end});
    query.returning = outputs(list(node.returning_list, node.n_returning_list));
    return query;
}

Query QueryLowering::merge(const PgQuery__MergeStmt& node, Range range) const {
    Query query;
    query.kind = Kind::merge;
    query.span = span(range);
    add_with(query, node.with_clause, range);
    const Index at = add_target_relation(query, node.relation);
    add_from(query, list(&node.source_relation, 1),
             after_keyword("using", {.first = at, .end = range.end}));
    query.where = optional(node.join_condition);
    for (const PgQuery__Node* clause : list(node.merge_when_clauses, node.n_merge_when_clauses))
        if (clause->node_case == PG_QUERY__NODE__NODE_MERGE_WHEN_CLAUSE)
            add_merge_clause(query, *clause->merge_when_clause);
    return query;
}

void QueryLowering::add_merge_clause(Query& query, const PgQuery__MergeWhenClause& node) const {
    if (node.condition != nullptr)
        query.merge_conditions.push_back(lowering_.expression(node.condition));
    std::vector<Target> targets = assignments(list(node.target_list, node.n_target_list));
    std::ranges::move(targets, std::back_inserter(query.targets));
    if (node.n_values > 0)
        query.values.push_back(lowering_.expressions(node.values, node.n_values));
}

// ---- parts --------------------------------------------------------------------------------------

Index QueryLowering::add_with(Query& query, const PgQuery__WithClause* node, Range range) const {
    if (node == nullptr) return range.first;
    query.recursive = node->recursive != 0;
    Index at = none;
    for (const PgQuery__Node* entry : list(node->ctes, node->n_ctes)) {
        if (entry->node_case != PG_QUERY__NODE__NODE_COMMON_TABLE_EXPR) continue;
        query.with.push_back(common_table_expression(*entry->common_table_expr, range));
        at = after_common_table_expression(*entry->common_table_expr);
    }
    while (at < tokens_.size() && !tokens_.is(at, '(') && !begins_query(tokens_, at))
        ++at;
    return at;
}

CommonTableExpression QueryLowering::common_table_expression(const PgQuery__CommonTableExpr& node,
                                                             Range range) const {
    CommonTableExpression made;
    const Index at = tokens_.at_location(node.location);
    made.name = lowering_.identifier(at, node.ctename);
    made.columns = lower_name_list(lowering_, node.aliascolnames, node.n_aliascolnames,
                                   at == none ? none : at + 1);
    const Index closing = after_common_table_expression(node) - 1;
    const Index open = tokens_.partner(closing);
    // CREATE RECURSIVE VIEW v AS ... makes up WITH RECURSIVE v AS (...) SELECT * FROM v.
    if (at != none) range = open == none ? Range{} : Range{.first = open + 1, .end = closing};
    if (node.ctequery != nullptr) made.query = query(*node.ctequery, range);
    return made;
}

/// The token after the parentheses of the query: name (columns) AS NOT MATERIALIZED (query).
Index QueryLowering::after_common_table_expression(const PgQuery__CommonTableExpr& node) const {
    const Index at = tokens_.at_location(node.location);
    if (at == none) return none;
    Index open = tokens_.next_parenthesis(at);
    if (node.n_aliascolnames > 0) open = tokens_.next_parenthesis(tokens_.after_group(open));
    return tokens_.after_group(open);
}

Index QueryLowering::add_target_relation(Query& query, const PgQuery__RangeVar* node) const {
    if (node == nullptr) return none;
    PlacedItem placed = lower_relation(lowering_, *node);
    query.target_relation = std::move(placed.item.relation);
    query.target_alias = std::move(placed.item.alias);
    query.target_only = placed.item.only;
    return placed.after;
}

void QueryLowering::add_from(Query& query, std::span<PgQuery__Node* const> items, Index at) const {
    for (const PgQuery__Node* node : items) {
        PlacedItem placed = lower_from_item(lowering_, *node, at);
        query.from.push_back(std::move(placed.item));
        at = tokens_.is(placed.after, ',') ? placed.after + 1 : none;
    }
}

std::vector<Target> QueryLowering::outputs(std::span<PgQuery__Node* const> nodes) const {
    std::vector<Target> targets;
    targets.reserve(nodes.size());
    for (const PgQuery__Node* node : nodes) {
        if (node->node_case != PG_QUERY__NODE__NODE_RES_TARGET) continue;
        Target target{.expression = lowering_.expression(node->res_target->val),
                      .alias = {},
                      .part_of_column = false};
        Index at = tokens_.after(target.expression.span);
        if (tokens_.is_word(at, "as")) ++at;
        const std::string_view name = node->res_target->name;
        if (!name.empty()) target.alias = lowering_.identifier(at, name);
        targets.push_back(std::move(target));
    }
    return targets;
}

std::vector<Target> QueryLowering::assignments(std::span<PgQuery__Node* const> nodes) const {
    std::vector<Target> targets;
    targets.reserve(nodes.size());
    for (const PgQuery__Node* node : nodes) {
        if (node->node_case != PG_QUERY__NODE__NODE_RES_TARGET) continue;
        const PgQuery__ResTarget& made = *node->res_target;
        targets.push_back(
            {.expression = lowering_.expression(made.val),
             .alias = lowering_.identifier(tokens_.at_location(made.location), made.name),
             .part_of_column = made.n_indirection > 0});
    }
    return targets;
}

std::optional<Expression> QueryLowering::optional(const PgQuery__Node* node) const {
    return node == nullptr ? std::nullopt : std::optional(lowering_.expression(node));
}

std::optional<Expression> QueryLowering::condition(const PgQuery__Node* node, Range range) const {
    std::optional<Expression> made = optional(node);
    if (!made || node->node_case != PG_QUERY__NODE__NODE_CURRENT_OF_EXPR) return made;
    const Index at = after_keyword("where", range);
    if (tokens_.is_word(at, "current")) made->span = tokens_.span(at, at + 2);
    return made;
}

// ---- places -------------------------------------------------------------------------------------

Index QueryLowering::after_targets(const std::vector<Target>& targets, Index at) const {
    if (targets.empty()) return at;
    const Target& last = targets.back();
    if (!last.alias.span.empty() && last.alias.span.begin > last.expression.span.begin)
        return tokens_.at_or_after(last.alias.span.end);
    return tokens_.after(last.expression.span);
}

Index QueryLowering::after_keyword(std::string_view keyword, Range range) const {
    Index at = range.first;
    while (at < range.end && at < tokens_.size() && !tokens_.is_word(at, keyword))
        at = tokens_.after_group(at);
    return at < range.end && at < tokens_.size() ? at + 1 : none;
}

Index QueryLowering::after_distinct(Index at) const {
    if (tokens_.is_word(at, "all")) return at + 1;
    if (!tokens_.is_word(at, "distinct")) return at;
    return tokens_.is_word(at + 1, "on") ? tokens_.after_group(at + 2) : at + 1;
}

Range QueryLowering::without_parentheses(Range range) const {
    while (!range.empty() && tokens_.is(range.first, '(') &&
           tokens_.partner(range.first) == range.end - 1)
        range = {.first = range.first + 1, .end = range.end - 1};
    return range;
}

} // namespace

Query ExpressionLowering::query(const PgQuery__Node* node, Span within) const {
    if (node == nullptr) return {};
    const Range range = within.empty() ? find_query(tokens_, *node)
                                       : Range{.first = tokens_.at_or_after(within.begin),
                                               .end = tokens_.at_or_after(within.end)};
    return QueryLowering(*this).query(*node, range);
}

} // namespace ordain::parse
