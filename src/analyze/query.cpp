#include "analyze/analysis.hpp"

#include <algorithm>
#include <fmt/format.h>

/// SELECT, VALUES, set operations and WITH, as analyze.c and parse_target.c transform them.
namespace ordain::analyze {

using catalog::CastContext;
using Kind = Expression::Kind;

namespace {

/// Aggregates without GROUP BY return a row from nothing; any call may be one.
bool may_aggregate(const Target& target) {
    const auto calls = [](const auto& self, const Expression& expression) -> bool {
        return expression.kind == Expression::Kind::function_call ||
               std::ranges::any_of(expression.operands,
                                   [&](const Expression& operand) { return self(self, operand); });
    };
    return calls(calls, target.expression);
}

struct Figured {
    std::string_view name;
    int strength = 0;
};

Figured figure(const Expression& written);

Figured figure_subquery(const Expression& written) {
    if (written.sublink == Expression::Sublink::exists) return {"exists", 2};
    if (written.sublink == Expression::Sublink::array) return {"array", 2};
    if (written.sublink != Expression::Sublink::scalar || written.query == nullptr) return {};
    const Query* inner = written.query.get();
    while (inner->kind == Query::Kind::set_operation && !inner->arms.empty()) {
        inner = &inner->arms.front();
    }
    if (inner->kind == Query::Kind::values) return {"column1", 2};
    if (inner->targets.empty()) return {};
    const Target& first = inner->targets.front();
    if (!first.alias.empty()) return {first.alias.text, 2};
    const Figured found = figure(first.expression);
    return {found.strength == 0 ? std::string_view("?column?") : found.name, 2};
}

/// FigureColnameInternal.
Figured figure(const Expression& written) {
    switch (written.kind) {
    case Kind::column_reference:
    case Kind::function_call:
        if (written.names.empty() || (written.star && written.kind == Kind::column_reference))
            return {};
        return {written.names.back().text, 2};
    case Kind::field_selection:
        if (!written.names.empty()) return {written.names.back().text, 2};
        return figure(written.operands.front());
    case Kind::subscript:
    case Kind::collate: return figure(written.operands.front());
    case Kind::cast: {
        const Figured inner = figure(written.operands.front());
        if (inner.strength > 1 || written.type == nullptr) return inner;
        return {written.type->name.name.text, 1};
    }
    case Kind::case_expression: {
        const Figured inner = written.case_has_else ? figure(written.operands.back()) : Figured{};
        return inner.strength > 1 ? inner : Figured{"case", 1};
    }
    case Kind::nullif: return {"nullif", 2};
    case Kind::coalesce: return {"coalesce", 2};
    case Kind::greatest: return {"greatest", 2};
    case Kind::least: return {"least", 2};
    case Kind::array_constructor: return {"array", 2};
    case Kind::row_constructor: return {"row", 2};
    case Kind::grouping: return {"grouping", 2};
    case Kind::sql_value_function: return {written.value, 2};
    case Kind::subquery: return figure_subquery(written);
    case Kind::unsupported:
    case Kind::null_constant:
    case Kind::boolean_constant:
    case Kind::integer_constant:
    case Kind::float_constant:
    case Kind::string_constant:
    case Kind::bit_constant:
    case Kind::parameter:
    case Kind::operator_call:
    case Kind::and_expression:
    case Kind::or_expression:
    case Kind::not_expression:
    case Kind::is_null:
    case Kind::is_not_null:
    case Kind::boolean_test:
    case Kind::set_to_default:
    case Kind::named_argument: return {};
    }
    return {};
}

std::string_view name_of(const Expression& written) {
    const Figured found = figure(written);
    return found.strength == 0 ? std::string_view("?column?") : found.name;
}

std::string_view word_of(Query::SetOperation operation) {
    switch (operation) {
    case Query::SetOperation::union_:
    case Query::SetOperation::union_all: return "UNION";
    case Query::SetOperation::intersect:
    case Query::SetOperation::intersect_all: return "INTERSECT";
    case Query::SetOperation::except:
    case Query::SetOperation::except_all: return "EXCEPT";
    }
    return "UNION";
}

bool keeps_duplicates(Query::SetOperation operation) {
    return operation == Query::SetOperation::union_all ||
           operation == Query::SetOperation::intersect_all ||
           operation == Query::SetOperation::except_all;
}

bool is_star(const Expression& written) {
    return written.kind == Kind::column_reference && written.star;
}

} // namespace

QueryResult Analysis::query(const Query& written, Scope* parent, bool resolve_unknowns) {
    Scope scope;
    scope.parent = parent;
    Scope* const outer = std::exchange(scope_, &scope);
    QueryResult result = query_in(written, resolve_unknowns);
    scope_ = outer;
    return result;
}

QueryResult Analysis::query_in(const Query& written, bool resolve_unknowns) {
    BoundText with;
    with_clause(written, with);
    QueryResult result;
    switch (written.kind) {
    case Query::Kind::select: result = select_query(written, resolve_unknowns); break;
    case Query::Kind::values: result = values_query(written, resolve_unknowns); break;
    case Query::Kind::set_operation: result = set_operation(written); break;
    case Query::Kind::insert: result = insert(written); break;
    case Query::Kind::update: result = update(written); break;
    case Query::Kind::delete_: result = delete_from(written); break;
    case Query::Kind::merge: result = merge(written); break;
    case Query::Kind::unsupported:
        doubt("a query that is not modelled");
        result.open = true;
        result.reason = "a query that is not modelled";
        break;
    }
    if (!with.empty()) {
        with.append(result.text);
        result.text = std::move(with);
    }
    return result;
}

// ---- WITH ---------------------------------------------------------------------------------------

void Analysis::name_columns(CommonTable& table, const CommonTableExpression& written) {
    if (written.columns.size() > table.columns.size() && !table.open) {
        fail("42P10",
             fmt::format("WITH query \"{}\" has {} columns available but {} columns specified",
                         written.name.text, table.columns.size(), written.columns.size()),
             written.name.span);
    }
    if (written.columns.size() > table.columns.size()) table.columns.resize(written.columns.size());
    for (std::size_t i = 0; i < written.columns.size(); ++i) {
        table.columns[i].name = written.columns[i].text;
    }
    for (RangeColumn& column : table.columns)
        column.merged = no_object;
}

void Analysis::with_clause(const Query& written, BoundText& text) {
    if (written.with.empty()) return;
    text.append(written.recursive ? "WITH RECURSIVE " : "WITH ");
    for (std::size_t i = 0; i < written.with.size(); ++i) {
        const CommonTableExpression& table = written.with[i];
        const auto same = std::ranges::count(scope_->tables, table.name.text, &CommonTable::name);
        if (same > 0 && recursive_ != &table) {
            fail("42712",
                 fmt::format("WITH query name \"{}\" specified more than once", table.name.text),
                 table.name.span);
        }
        const CommonTableExpression* const before = recursive_;
        Scope* const home = std::exchange(recursive_home_, scope_);
        recursive_ = written.recursive ? &table : nullptr;
        QueryResult inner = query(table.query, scope_, true);
        recursive_ = before;
        recursive_home_ = home;
        // The recursive one was added when its first arm was known.
        const auto known = std::ranges::find(scope_->tables, table.name.text, &CommonTable::name);
        if (known == scope_->tables.end()) {
            CommonTable made{.name = table.name.text,
                             .columns = std::move(inner.columns),
                             .open = inner.open,
                             .reason = std::move(inner.reason)};
            name_columns(made, table);
            scope_->tables.push_back(std::move(made));
        }
        text.append(i > 0 ? ", " : "");
        text.append(catalog::quote_identifier(table.name.text) + " AS (");
        text.append(inner.text);
        text.append(")");
    }
    text.append(" ");
}

/// In a recursive query its first arm decides the columns; the second one sees them.
void Analysis::add_recursive_table(const Query& written, const QueryResult& first) {
    if (recursive_ == nullptr || &recursive_->query != &written) return;
    CommonTable made{.name = recursive_->name.text,
                     .columns = first.columns,
                     .open = first.open,
                     .reason = first.reason};
    name_columns(made, *recursive_);
    recursive_home_->tables.push_back(std::move(made));
}

// ---- SELECT -------------------------------------------------------------------------------------

std::vector<BoundTarget> Analysis::target_list(const std::vector<Target>& targets) {
    std::vector<BoundTarget> bound;
    for (const Target& target : targets) {
        if (is_star(target.expression)) {
            expand_star(target.expression, bound);
            continue;
        }
        const Expression& written = target.expression;
        if (written.kind == Kind::field_selection && written.star) {
            expand_fields(expression(written.operands.front()), bound);
            continue;
        }
        Node node = expression(written);
        bound.push_back({.node = std::move(node),
                         .name = target.alias.empty() ? name_of(written)
                                                      : std::string_view(target.alias.text)});
    }
    return bound;
}

/// (row).*
void Analysis::expand_fields(const Node& base, std::vector<BoundTarget>& targets) {
    const TypeRef type = types_.base(base.type);
    const Object* relation = types_.is_composite(type) ? types_.object(type) : nullptr;
    if (relation == nullptr) {
        doubt("the fields of a row are expanded");
        open_targets_ = true;
        return;
    }
    for (const Object* column : catalog_.columns(relation->id)) {
        Node node = select_field(base, {.text = column->name, .span = base.span});
        targets.push_back({.node = std::move(node), .name = column->name});
    }
}

std::optional<std::size_t> Analysis::output_position(const Expression& written,
                                                     const std::vector<BoundTarget>& targets,
                                                     std::string_view clause) {
    if (written.kind == Kind::column_reference && written.names.size() == 1 && !written.star) {
        const std::string& name = written.names.front().text;
        // GROUP BY prefers a column of FROM.
        const bool input_first = clause == "GROUP BY";
        if (input_first && find_unqualified(name).state != ColumnMatch::State::none) {
            return std::nullopt;
        }
        std::optional<std::size_t> found;
        for (std::size_t i = 0; i < targets.size(); ++i) {
            if (targets[i].name != name) continue;
            if (found && !equal(targets[*found].node, targets[i].node)) {
                fail("42702", fmt::format("{} \"{}\" is ambiguous", clause, name), written.span);
                return found;
            }
            if (!found) found = i;
        }
        return found;
    }
    const bool constant =
        written.kind == Kind::float_constant || written.kind == Kind::string_constant ||
        written.kind == Kind::boolean_constant || written.kind == Kind::bit_constant;
    if (constant) {
        fail("42601", fmt::format("non-integer constant in {}", clause), written.span);
        return std::nullopt;
    }
    if (written.kind != Kind::integer_constant) return std::nullopt;
    std::size_t position = 0;
    for (const char digit : written.value) {
        constexpr std::size_t most = 100'000;
        if (digit >= '0' && digit <= '9' && position < most) {
            position = position * 10 + static_cast<std::size_t>(digit - '0');
        }
    }
    const bool in_list =
        position >= 1 && position <= targets.size() && written.value.front() != '-';
    if (in_list) return position - 1;
    if (!open_targets_ && open_in_sight() == nullptr) {
        fail("42P10", fmt::format("{} position {} is not in select list", clause, written.value),
             written.span);
    }
    return std::nullopt;
}

Node Analysis::sort_expression(const Expression& written,
                               std::vector<BoundTarget>& targets,
                               std::string_view clause) {
    const bool failed = problem_.has_value();
    if (const auto place = output_position(written, targets, clause)) return targets[*place].node;
    if (!failed && problem_) return unknown_node("?", written.span);
    const bool constant = written.kind == Kind::integer_constant;
    if (constant) return unknown_node(written.value, written.span);
    return as_known(expression(written));
}

void Analysis::order_by(const std::vector<SortKey>& keys,
                        std::vector<BoundTarget>& targets,
                        BoundText& text,
                        std::vector<Node>& nodes) {
    for (std::size_t i = 0; i < keys.size(); ++i) {
        nodes.push_back(sort_expression(keys[i].expression, targets, "ORDER BY"));
        text.append(i == 0 ? " ORDER BY " : ", ");
        print(nodes.back(), text, ImplicitCasts::hidden);
        text.append(direction_of(keys[i]));
    }
}

void Analysis::limits(const Query& written, BoundText& text) {
    if (written.limit) limit(*written.limit, "LIMIT", text);
    if (written.with_ties) text.append(" WITH TIES");
    if (written.offset) limit(*written.offset, "OFFSET", text);
}

void Analysis::limit(const Expression& written, std::string_view word, BoundText& text) {
    const Forbidden forbidden =
        std::exchange(scope_->forbidden, {.aggregates = word, .windows = word, .sets = word});
    Node node = expression(written);
    scope_->forbidden = forbidden;
    if (node.type.known()) {
        node = coerce(std::move(node), builtin_type(type_oid::int8), CastContext::assignment);
    }
    text.append(fmt::format(" {} ", word));
    print(node, text, ImplicitCasts::hidden);
}

BoundText Analysis::window_clause(const std::vector<Window>& windows) {
    Clauses clauses;
    for (std::size_t i = 0; i < windows.size(); ++i) {
        clauses.add(i == 0 ? " WINDOW " : ", ");
        clauses.add(catalog::quote_identifier(windows[i].name.text) + " AS ");
        add_window(windows[i], clauses);
    }
    BoundText text;
    for (std::size_t i = 0; i < clauses.words.size(); ++i) {
        text.append(clauses.words[i]);
        if (i < clauses.nodes.size()) print(clauses.nodes[i], text, ImplicitCasts::shown);
    }
    return text;
}

std::vector<Node>
Analysis::group_by(const Query& written, std::vector<BoundTarget>& targets, BoundText& text) {
    std::vector<Node> groups;
    std::vector<const Expression*> todo;
    for (const Expression& each : written.group_by)
        todo.push_back(&each);
    const Forbidden forbidden = std::exchange(
        scope_->forbidden, {.aggregates = "GROUP BY", .windows = "GROUP BY", .sets = {}});
    for (std::size_t i = 0; i < todo.size(); ++i) {
        const Expression& each = *todo[i];
        const bool set = each.kind == Kind::grouping && each.value != "function";
        // (a, b) in GROUP BY is a list, not a row.
        const bool list = each.kind == Kind::row_constructor;
        if (set || list) {
            if (set) text.append(" " + each.value);
            for (const Expression& inner : each.operands)
                todo.push_back(&inner);
            continue;
        }
        groups.push_back(sort_expression(each, targets, "GROUP BY"));
    }
    scope_->forbidden = forbidden;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        text.append(i == 0 ? " GROUP BY " : ", ");
        print(groups[i], text, ImplicitCasts::hidden);
    }
    return groups;
}

QueryResult Analysis::select_query(const Query& written, bool resolve_unknowns) {
    QueryResult result;
    BoundText from;
    const bool open_before = std::exchange(open_targets_, false);
    const std::size_t first_relation = relations_.size();
    from_clause(written.from, from);
    const std::size_t end_of_relations = relations_.size();
    std::vector<BoundTarget> targets = target_list(written.targets);
    Node where;
    if (written.where) {
        where = clause_condition(*written.where, "WHERE", {"WHERE", "WHERE", "WHERE"});
        prove(where);
    }
    Node having;
    if (written.having)
        having = clause_condition(*written.having, "HAVING", {{}, "HAVING", "HAVING"});
    BoundText order;
    std::vector<Node> sorted;
    order_by(written.order_by, targets, order, sorted);
    BoundText grouped;
    const std::vector<Node> groups = group_by(written, targets, grouped);
    std::vector<Node> distinct;
    for (const Expression& each : written.distinct_on) {
        distinct.push_back(sort_expression(each, targets, "DISTINCT ON"));
    }
    BoundText limited;
    limits(written, limited);
    const BoundText windows = window_clause(written.windows);
    for (BoundTarget& target : targets) {
        if (resolve_unknowns) target.node = as_known(std::move(target.node));
    }
    const bool grouping = !groups.empty() || scope_->aggregates || written.having.has_value();
    const bool sets = std::ranges::any_of(
        written.group_by, [](const Expression& each) { return each.kind == Kind::grouping; });
    if (grouping && !sets) {
        std::vector<const Node*> nodes;
        nodes.reserve(targets.size() + sorted.size() + 1);
        for (const BoundTarget& target : targets)
            nodes.push_back(&target.node);
        for (const Node& node : sorted)
            nodes.push_back(&node);
        if (written.having) nodes.push_back(&having);
        check_grouping(groups, nodes);
    }
    result.text.append(written.distinct ? "SELECT DISTINCT " : "SELECT ");
    for (const Node& each : distinct) {
        print(each, result.text, ImplicitCasts::shown);
        result.text.append(" ON ");
    }
    if (written.distinct && distinct.empty()) check_distinct_order(targets, sorted);
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const BoundTarget& target = targets[i];
        result.text.append(i > 0 ? ", " : "");
        print(target.node, result.text, ImplicitCasts::shown);
        result.text.append(" AS " + catalog::quote_identifier(target.name));
        const bool column = target.node.kind == Node::Kind::column;
        result.columns.push_back({.name = target.name,
                                  .type = target.node.type,
                                  .column = column ? target.node.object : no_object,
                                  .not_null = never_null(target.node)});
    }
    result.text.append(from);
    if (written.where) {
        result.text.append(" WHERE ");
        print(where, result.text, ImplicitCasts::hidden);
    }
    result.text.append(grouped);
    if (written.having) {
        result.text.append(" HAVING ");
        print(having, result.text, ImplicitCasts::hidden);
    }
    result.text.append(windows);
    result.text.append(order);
    result.text.append(limited);
    if (written.locks_rows) {
        result.text.append(" FOR UPDATE");
        for (std::size_t i = first_relation; i < end_of_relations; ++i) {
            relations_[i].access = Access::read_for_update;
        }
    }
    const bool one_row = groups.empty() && scope_->aggregates && written.group_by.empty();
    result.rows_from_nothing = one_row || (written.from.empty() && !written.where);
    result.needs_rows = !one_row && std::ranges::any_of(written.from, [this](const FromItem& item) {
        return needs_rows(item);
    });
    const RangeEntry* open = nullptr;
    for (const Target& target : written.targets) {
        if (is_star(target.expression)) open = open_in_sight();
    }
    result.open = open != nullptr || open_targets_;
    if (result.open) result.reason = open == nullptr ? "a row is expanded" : open->reason;
    open_targets_ = open_before;
    return result;
}

/// Rows that are the same have one place in the order.
void Analysis::check_distinct_order(const std::vector<BoundTarget>& targets,
                                    const std::vector<Node>& sorted) {
    for (const Node& node : sorted) {
        const auto same = [&](const BoundTarget& target) { return equal(target.node, node); };
        const bool literal = is_unknown_literal(node.type) || node.kind == Node::Kind::opaque;
        if (literal || std::ranges::any_of(targets, same)) continue;
        fail("42P10", "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
             node.span);
        return;
    }
}

Node Analysis::clause_condition(const Expression& written,
                                std::string_view clause,
                                Forbidden words) {
    const Forbidden before = std::exchange(scope_->forbidden, words);
    Node node = condition(written, clause);
    scope_->forbidden = before;
    return node;
}

// ---- VALUES and set operations ------------------------------------------------------------------

QueryResult Analysis::values_query(const Query& written, bool resolve_unknowns) {
    QueryResult result;
    result.rows_from_nothing = true;
    std::vector<std::vector<Node>> columns;
    const Forbidden before = std::exchange(
        scope_->forbidden, {.aggregates = "VALUES", .windows = "VALUES", .sets = "VALUES"});
    for (const std::vector<Expression>& row : written.values) {
        if (columns.empty()) columns.resize(row.size());
        if (row.size() != columns.size()) {
            fail("42601", "VALUES lists must all be the same length", written.span);
        }
        for (std::size_t i = 0; i < row.size() && i < columns.size(); ++i) {
            columns[i].push_back(expression(row[i]));
        }
    }
    scope_->forbidden = before;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        std::vector<Node*> nodes;
        for (Node& node : columns[i])
            nodes.push_back(&node);
        const auto literal = [](const Node& node) { return is_unknown_literal(node.type); };
        const bool all_literals = std::ranges::all_of(columns[i], literal);
        const TypeRef type =
            all_literals && !resolve_unknowns ? unknown_literal : common_type(nodes, "VALUES");
        for (Node* node : nodes) {
            if (type.known() && !is_unknown_literal(type)) {
                *node = coerce_or_fail(std::move(*node), type, "VALUES");
            }
        }
        const auto certain = [this](const Node& node) { return never_null(node); };
        result.columns.push_back({.name = keep(fmt::format("column{}", i + 1)),
                                  .type = type,
                                  .not_null = std::ranges::all_of(columns[i], certain)});
    }
    result.text.append("VALUES ");
    for (std::size_t row = 0; row < written.values.size(); ++row) {
        result.text.append(row > 0 ? ", (" : "(");
        for (std::size_t i = 0; i < columns.size() && row < columns[i].size(); ++i) {
            result.text.append(i > 0 ? ", " : "");
            print(columns[i][row], result.text, ImplicitCasts::hidden);
        }
        result.text.append(")");
    }
    std::vector<BoundTarget> targets;
    for (const RangeColumn& column : result.columns) {
        Node node = unknown_node(std::string(column.name), written.span);
        node.type = column.type;
        targets.push_back({.node = std::move(node), .name = column.name});
    }
    std::vector<Node> sorted;
    order_by(written.order_by, targets, result.text, sorted);
    limits(written, result.text);
    return result;
}

/// Whether an entry of FROM makes no rows while the tables in it hold none. A function makes its
/// own, and so do the system catalogs and what a WITH query returns.
bool Analysis::needs_rows(const FromItem& item) const {
    using Join = FromItem::Join;
    switch (item.kind) {
    case FromItem::Kind::relation:
        for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent) {
            if (std::ranges::count(scope->tables, item.relation.name.text, &CommonTable::name) > 0)
                return false;
        }
        return resolver_.relation(item.relation).object != nullptr;
    case FromItem::Kind::subquery:
        return item.query != nullptr && item.query->kind == Query::Kind::select &&
               item.query->group_by.empty() && item.query->having == std::nullopt &&
               std::ranges::none_of(item.query->targets,
                                    [](const Target& target) { return may_aggregate(target); }) &&
               std::ranges::any_of(item.query->from,
                                   [this](const FromItem& inner) { return needs_rows(inner); });
    case FromItem::Kind::join: {
        if (item.sides.size() != 2) return false;
        const bool left = needs_rows(item.sides[0]);
        const bool right = needs_rows(item.sides[1]);
        if (item.join == Join::left) return left;
        if (item.join == Join::right) return right;
        return item.join == Join::full ? left && right : left || right;
    }
    case FromItem::Kind::function:
    case FromItem::Kind::values:
    case FromItem::Kind::unsupported: return false;
    }
    return false;
}

QueryResult Analysis::set_operation(const Query& written) {
    QueryResult result;
    if (written.arms.size() != 2) return result;
    const std::string_view word = word_of(written.set_operation);
    QueryResult left = query(written.arms[0], scope_, false);
    resolve_recursive_literals(written, left);
    add_recursive_table(written, left);
    QueryResult right = query(written.arms[1], scope_, false);
    result.needs_rows = left.needs_rows && right.needs_rows;
    result.open = left.open || right.open;
    result.reason = left.open ? left.reason : right.reason;
    if (!result.open && left.columns.size() != right.columns.size()) {
        fail("42601", fmt::format("each {} query must have the same number of columns", word),
             written.arms[1].span);
    }
    result.columns = left.columns;
    for (std::size_t i = 0; i < result.columns.size(); ++i) {
        result.columns[i].column = no_object;
        if (i >= right.columns.size()) continue;
        result.columns[i].not_null = left.columns[i].not_null && right.columns[i].not_null;
        Node a = unknown_node({}, written.arms[0].span);
        a.type = left.columns[i].type;
        Node b = unknown_node({}, written.arms[1].span);
        b.type = right.columns[i].type;
        if (result.open) {
            result.columns[i].type = {};
            continue;
        }
        if (is_unknown_literal(a.type)) a = literal_of(written.arms[0], i, std::move(a));
        if (is_unknown_literal(b.type)) b = literal_of(written.arms[1], i, std::move(b));
        const TypeRef type = common_type({&a, &b}, word);
        result.columns[i].type = type;
        for (Node* node : {&a, &b}) {
            const bool literal =
                is_unknown_literal(node->type) && node->kind == Node::Kind::constant;
            if (literal && type.known()) coerce(std::move(*node), type, CastContext::implicit);
        }
    }
    result.text.append("(");
    result.text.append(left.text);
    result.text.append(
        fmt::format(") {}{} (", word, keeps_duplicates(written.set_operation) ? " ALL" : ""));
    result.text.append(right.text);
    result.text.append(")");
    std::vector<BoundTarget> targets;
    for (const RangeColumn& column : result.columns) {
        Node node = unknown_node(catalog::quote_identifier(column.name), written.span);
        node.type = column.type;
        targets.push_back({.node = std::move(node), .name = column.name});
    }
    open_targets_ = result.open;
    order_set_operation(written, targets, result);
    open_targets_ = false;
    limits(written, result.text);
    return result;
}

void Analysis::resolve_recursive_literals(const Query& written, QueryResult& first) {
    if (recursive_ == nullptr || &recursive_->query != &written) return;
    for (RangeColumn& column : first.columns) {
        if (is_unknown_literal(column.type)) column.type = text_type;
    }
}

/// ORDER BY of a set operation knows its output columns only.
void Analysis::order_set_operation(const Query& written,
                                   std::vector<BoundTarget>& targets,
                                   QueryResult& result) {
    if (written.order_by.empty()) return;
    RangeEntry& entry = new_entry();
    entry.columns = result.columns;
    entry.bare = true;
    entry.open = result.open;
    entry.reason = result.reason;
    scope_->items.push_back({.entry = &entry, .relation_visible = false});
    scope_->range_table.push_back(&entry);
    std::vector<Node> sorted;
    order_by(written.order_by, targets, result.text, sorted);
}

} // namespace ordain::analyze
