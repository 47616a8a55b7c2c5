#include "analyze/analysis.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_set>

/// INSERT, UPDATE, DELETE and MERGE, as analyze.c transforms them.
namespace ordain::analyze {

using catalog::Lookup;
using Kind = Expression::Kind;

namespace {

bool is_default(const Expression& written) {
    return written.kind == Kind::set_to_default;
}

std::string_view unchangeable(ObjectKind kind) {
    if (kind == ObjectKind::materialized_view) return "materialized view";
    return kind == ObjectKind::sequence ? "sequence" : "";
}

} // namespace

RangeEntry* Analysis::target_entry(const Query& written, Access access) {
    RangeEntry* entry = relation_entry(written.target_relation);
    if (!written.target_alias.empty()) {
        entry->alias = written.target_alias.text;
        entry->aliased = true;
    }
    const Lookup found = resolver_.relation(written.target_relation);
    if (found.object == nullptr) return entry;
    relations_.push_back(
        {.relation = found.id, .access = access, .span = written.target_relation.span()});
    const std::string_view word = unchangeable(found.object->kind);
    if (!word.empty() && found.present()) {
        fail("42809", fmt::format("cannot change {} \"{}\"", word, found.object->name),
             written.target_relation.span());
    }
    if (found.object->kind == ObjectKind::view) {
        doubt(fmt::format("rows of view \"{}\" are changed", found.object->name));
    }
    return entry;
}

void Analysis::returning(const Query& written, QueryResult& result) {
    if (written.returning.empty()) return;
    const Forbidden before =
        std::exchange(scope_->forbidden,
                      {.aggregates = "RETURNING", .windows = "RETURNING", .sets = "RETURNING"});
    std::vector<BoundTarget> targets = target_list(written.returning);
    scope_->forbidden = before;
    result.text.append(" RETURNING ");
    for (BoundTarget& target : targets) {
        target.node = as_known(std::move(target.node));
        print(target.node, result.text, ImplicitCasts::hidden);
        result.text.append(" AS " + catalog::quote_identifier(target.name) + " ");
        result.columns.push_back({.name = target.name, .type = target.node.type});
    }
    const RangeEntry* open = open_in_sight();
    result.open = open != nullptr;
    if (open != nullptr) result.reason = open->reason;
}

// ---- INSERT -------------------------------------------------------------------------------------

/// A column that INSERT or SET names. Fails as attnameAttNum's callers do.
std::optional<Analysis::InsertColumn> Analysis::assigned_column(const Identifier& name,
                                                                const RangeEntry& target) {
    ColumnMatch match = find_column(target, name.text, SystemColumns::left_out);
    if (match.state == ColumnMatch::State::one) {
        use(match.column.column, name.span);
        return InsertColumn{.name = name.text,
                            .type = match.column.type,
                            .column = catalog_.find(match.column.column)};
    }
    if (match.state == ColumnMatch::State::none && !target.open) {
        const std::string_view relation =
            target.relation != nullptr ? std::string_view(target.relation->name) : target.alias;
        fail("42703",
             fmt::format(R"(column "{}" of relation "{}" does not exist)", name.text, relation),
             name.span);
        return std::nullopt;
    }
    doubt(fmt::format("column \"{}\": {}", name.text,
                      match.reason.empty() ? target.reason : match.reason));
    return InsertColumn{.name = name.text};
}

std::vector<Analysis::InsertColumn> Analysis::insert_columns(const Query& written,
                                                             const RangeEntry& target) {
    std::vector<InsertColumn> columns;
    if (written.targets.empty()) {
        for (const RangeColumn& column : list_columns(target)) {
            columns.push_back(
                {.name = column.name, .type = column.type, .column = catalog_.find(column.column)});
        }
        return columns;
    }
    std::unordered_set<std::string_view> seen;
    for (const Target& each : written.targets) {
        auto column = assigned_column(each.alias, target);
        if (!column) return columns;
        if (each.part_of_column) column->type = {};
        if (!each.part_of_column && !seen.insert(each.alias.text).second) {
            fail("42701", fmt::format("column \"{}\" specified more than once", each.alias.text),
                 each.alias.span);
        }
        columns.push_back(*column);
    }
    return columns;
}

void Analysis::check_generated(const InsertColumn& column, const Query& written, Span span) {
    if (column.column == nullptr) return;
    const auto& details = column.column->as<ColumnDetails>();
    const bool system_value = written.overriding == Query::Overriding::system_value;
    const bool user_value = written.overriding == Query::Overriding::user_value;
    const bool identity = details.identity == 'a' && !system_value && !user_value;
    if (details.generated == '\0' && !identity) return;
    fail("428C9", fmt::format("cannot insert a non-DEFAULT value into column \"{}\"", column.name),
         span);
}

void Analysis::insert_rows(const Query& written,
                           const RangeEntry& target,
                           const std::vector<InsertColumn>& columns) {
    const Forbidden before =
        std::exchange(scope_->forbidden, {.aggregates = "VALUES", .windows = "VALUES", .sets = {}});
    if (written.values.size() > 1) scope_->forbidden.sets = "VALUES";
    const bool listed = !written.targets.empty();
    const std::size_t width = written.values.front().size();
    for (const std::vector<Expression>& row : written.values) {
        if (row.size() != width) {
            fail("42601", "VALUES lists must all be the same length",
                 row.empty() ? written.span : row.front().span);
            break;
        }
        if (row.size() > columns.size() && !target.open) {
            fail("42601", "INSERT has more expressions than target columns",
                 row[columns.size()].span);
            break;
        }
        if (listed && row.size() < columns.size()) {
            fail("42601", "INSERT has more target columns than expressions",
                 written.targets[row.size()].alias.span);
            break;
        }
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (is_default(row[i])) continue;
            Node node = expression(row[i]);
            if (i >= columns.size()) continue;
            node = assign(std::move(node), columns[i].type, columns[i].name, "expression");
            note_assigned(columns[i], node);
        }
    }
    scope_->forbidden = before;
    // Generated columns are refused when the query is rewritten, after all of this.
    for (std::size_t i = 0; i < columns.size() && i < width; ++i) {
        for (const std::vector<Expression>& row : written.values) {
            if (i < row.size() && !is_default(row[i])) {
                generated_.push_back({columns[i], row[i].span});
                break;
            }
        }
    }
}

void Analysis::insert_query(const Query& written,
                            const RangeEntry& target,
                            const std::vector<InsertColumn>& columns,
                            QueryResult& result) {
    const Query& source = written.arms.front();
    QueryResult inner = query(source, scope_, false);
    result.needs_rows = inner.needs_rows;
    result.text.append(inner.text);
    if (inner.open) return;
    if (inner.columns.size() > columns.size() && !target.open) {
        fail("42601", "INSERT has more expressions than target columns", source.span);
        return;
    }
    if (!written.targets.empty() && inner.columns.size() < columns.size()) {
        fail("42601", "INSERT has more target columns than expressions",
             written.targets[inner.columns.size()].alias.span);
        return;
    }
    for (std::size_t i = 0; i < inner.columns.size() && i < columns.size(); ++i) {
        Node node = unknown_node("?", source.span);
        node.type = inner.columns[i].type;
        node.not_null = inner.columns[i].not_null;
        if (is_unknown_literal(node.type)) node = literal_of(source, i, std::move(node));
        node = assign(std::move(node), columns[i].type, columns[i].name, "expression");
        note_assigned(columns[i], node);
        generated_.push_back({columns[i], source.span});
    }
}

/// The literal that a simple INSERT ... SELECT gives for a column, so that it can be judged.
Node Analysis::literal_of(const Query& source, std::size_t place, Node node) {
    if (source.kind != Query::Kind::select || place >= source.targets.size()) return node;
    const auto star = [](const Target& target) {
        return target.expression.star && target.expression.kind == Kind::column_reference;
    };
    if (std::ranges::any_of(source.targets, star)) return node;
    const Expression& written = source.targets[place].expression;
    if (written.kind != Kind::string_constant && written.kind != Kind::null_constant) return node;
    node.kind = Node::Kind::constant;
    node.null = written.kind == Kind::null_constant;
    node.text = written.value;
    node.span = written.span;
    return node;
}

QueryResult Analysis::insert(const Query& written) {
    QueryResult result;
    result.text.append("INSERT INTO ");
    RangeEntry* target = target_entry(written, Access::insert);
    if (target->relation != nullptr) result.text.append(target->relation->id);
    const std::vector<InsertColumn> columns = insert_columns(written, *target);
    result.text.append(" (");
    for (const InsertColumn& column : columns) {
        if (column.column != nullptr) {
            result.text.append(column.column->id);
            depend(column.column->id);
        }
        result.text.append(" ");
    }
    result.text.append(") ");
    if (!problem_ && !written.values.empty()) insert_rows(written, *target, columns);
    if (!problem_ && !written.arms.empty()) insert_query(written, *target, columns, result);
    scope_->range_table.push_back(target);
    scope_->items.push_back({.entry = target});
    if (written.on_conflict != Query::OnConflict::none) on_conflict(written, *target);
    returning(written, result);
    for (const auto& [column, span] : generated_)
        check_generated(column, written, span);
    generated_.clear();
    return result;
}

// ---- ON CONFLICT --------------------------------------------------------------------------------

bool Analysis::index_matches(const IndexDetails& index,
                             const Query& written,
                             const std::vector<ObjectId>& columns,
                             const std::vector<BoundText>& expressions) {
    if (!index.unique || !index.valid) return false;
    if (!index.predicate.empty() && !written.conflict_predicate) return false;
    std::vector<ObjectId> keys;
    std::size_t matched = 0;
    std::size_t expression_count = 0;
    for (const IndexDetails::Element& element : index.elements) {
        if (element.column != no_object) {
            keys.push_back(element.column);
            continue;
        }
        ++expression_count;
        matched += std::ranges::count(expressions, element.expression) > 0 ? 1U : 0U;
    }
    std::ranges::sort(keys);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys == columns && matched == expression_count && expressions.size() == expression_count;
}

void Analysis::conflict_target(const Query& written, const RangeEntry& target) {
    std::vector<ObjectId> columns;
    for (const Identifier& name : written.conflict_columns) {
        ColumnMatch match = find_column(target, name.text, SystemColumns::included);
        if (match.state == ColumnMatch::State::none) {
            fail("42703", fmt::format("column \"{}\" does not exist", name.text), name.span);
            return;
        }
        if (match.state != ColumnMatch::State::one) {
            doubt(fmt::format("column \"{}\": {}", name.text, match.reason));
            return;
        }
        use_column(match.column, name.span);
        columns.push_back(match.column.column);
    }
    std::ranges::sort(columns);
    columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
    // Printed as an index prints them.
    RangeEntry& bare = new_entry();
    bare = target;
    bare.bare = true;
    std::vector<NamespaceItem> items = {{.entry = &bare}};
    std::swap(scope_->items, items);
    std::vector<BoundText> expressions;
    for (const Expression& each : written.conflict_expressions) {
        Node node = known_expression(each);
        print(node, expressions.emplace_back(), ImplicitCasts::hidden);
    }
    if (written.conflict_predicate) condition(*written.conflict_predicate, "WHERE");
    std::swap(scope_->items, items);
    if (target.relation == nullptr || target.open) return;
    bool uncertain = target.relation->kind == ObjectKind::view;
    for (const ObjectId id : catalog_.children(target.relation->id)) {
        const Object& child = catalog_.at(id);
        const auto* index = child.get_if<IndexDetails>();
        if (index == nullptr) continue;
        if (index_matches(*index, written, columns, expressions)) {
            depend(id);
            return;
        }
        const bool has_expression = std::ranges::any_of(
            index->elements, [](const auto& element) { return element.column == no_object; });
        uncertain = uncertain || !child.unknown.empty() ||
                    !catalog_.presence_doubt(child).empty() ||
                    (index->unique && (has_expression && !expressions.empty()));
    }
    constexpr std::string_view message =
        "there is no unique or exclusion constraint matching the ON CONFLICT specification";
    if (uncertain) {
        doubt(std::string(message));
    } else {
        fail("42P10", std::string(message), written.span);
    }
}

void Analysis::on_conflict(const Query& written, const RangeEntry& target) {
    if (!written.conflict_constraint.empty() && target.relation != nullptr) {
        const Identifier& name = written.conflict_constraint;
        const Lookup found = resolver_.part(NameSpace::constraint, target.relation->id, name.text);
        if (found.object != nullptr) {
            use(found.id, name.span);
            depend(found.id);
        }
        if (found.absent() && !target.open) {
            fail("42704",
                 fmt::format(R"(constraint "{}" for table "{}" does not exist)", name.text,
                             target.relation->name),
                 name.span);
        } else if (!found.present()) {
            doubt(fmt::format("constraint \"{}\": {}", name.text, found.reason));
        }
    } else if (!written.conflict_columns.empty() || !written.conflict_expressions.empty()) {
        conflict_target(written, target);
    } else if (written.on_conflict == Query::OnConflict::update) {
        fail("42601", "ON CONFLICT DO UPDATE requires inference specification or constraint name",
             written.span);
    }
    if (written.on_conflict != Query::OnConflict::update) return;
    RangeEntry& excluded = new_entry();
    excluded = target;
    excluded.alias = "excluded";
    excluded.aliased = true;
    scope_->items.push_back({.entry = &excluded});
    scope_->range_table.push_back(&excluded);
    BoundText text;
    set_list(written.conflict_set, target, text);
    if (written.conflict_where) {
        clause_condition(*written.conflict_where, "WHERE", {"WHERE", "WHERE", "WHERE"});
    }
    scope_->items.pop_back();
    scope_->range_table.pop_back();
}

// ---- UPDATE, DELETE, MERGE ----------------------------------------------------------------------

void Analysis::set_list(const std::vector<Target>& targets,
                        const RangeEntry& target,
                        BoundText& text) {
    const Forbidden before = std::exchange(
        scope_->forbidden, {.aggregates = "UPDATE", .windows = "UPDATE", .sets = "UPDATE"});
    std::unordered_set<std::string_view> seen;
    std::vector<std::pair<const Object*, Span>> generated;
    text.append(" SET ");
    // All values are transformed before any target is looked up.
    std::vector<Node> values;
    values.reserve(targets.size());
    for (const Target& each : targets) {
        values.push_back(is_default(each.expression) ? Node{} : expression(each.expression));
    }
    for (std::size_t i = 0; i < targets.size(); ++i) {
        const Target& each = targets[i];
        auto column = assigned_column(each.alias, target);
        if (!column) break;
        if (column->column != nullptr) {
            text.append(column->column->id);
            depend(column->column->id);
        }
        if (!each.part_of_column && !seen.insert(each.alias.text).second) {
            fail("42601",
                 fmt::format("multiple assignments to same column \"{}\"", each.alias.text),
                 each.alias.span);
        }
        text.append(" = ");
        if (is_default(each.expression)) {
            text.append("DEFAULT ");
            continue;
        }
        if (column->column != nullptr) generated.emplace_back(column->column, each.expression.span);
        Node node = std::move(values[i]);
        if (!each.part_of_column) {
            node = assign(std::move(node), column->type, column->name, "expression");
            note_assigned(*column, node);
        }
        print(node, text, ImplicitCasts::hidden);
        text.append(" ");
    }
    scope_->forbidden = before;
    for (const auto& [column, span] : generated) {
        const auto& details = column->as<ColumnDetails>();
        if (details.generated == '\0' && details.identity != 'a') continue;
        fail("428C9", fmt::format("column \"{}\" can only be updated to DEFAULT", column->name),
             span);
    }
}

QueryResult Analysis::update(const Query& written) {
    QueryResult result;
    result.needs_rows = true; // of its target
    result.text.append("UPDATE ");
    RangeEntry* target = target_entry(written, Access::update);
    if (target->relation != nullptr) result.text.append(target->relation->id);
    scope_->range_table.push_back(target);
    scope_->items.push_back({.entry = target});
    BoundText from;
    from_clause(written.from, from);
    BoundText set;
    BoundText where;
    // The server reads WHERE before it reads SET.
    if (written.where) {
        where.append(" WHERE ");
        const Node node = clause_condition(*written.where, "WHERE", {"WHERE", "WHERE", "WHERE"});
        prove(node);
        print(node, where, ImplicitCasts::hidden);
    }
    QueryResult returned;
    returning(written, returned);
    set_list(written.targets, *target, set);
    result.text.append(set);
    result.text.append(from);
    result.text.append(where);
    result.text.append(returned.text);
    result.columns = std::move(returned.columns);
    result.open = returned.open;
    result.reason = std::move(returned.reason);
    return result;
}

QueryResult Analysis::delete_from(const Query& written) {
    QueryResult result;
    result.needs_rows = true; // of its target
    result.text.append("DELETE FROM ");
    RangeEntry* target = target_entry(written, Access::delete_);
    if (target->relation != nullptr) result.text.append(target->relation->id);
    scope_->range_table.push_back(target);
    scope_->items.push_back({.entry = target});
    from_clause(written.from, result.text);
    if (written.where) {
        result.text.append(" WHERE ");
        print(clause_condition(*written.where, "WHERE", {"WHERE", "WHERE", "WHERE"}), result.text,
              ImplicitCasts::hidden);
    }
    returning(written, result);
    return result;
}

QueryResult Analysis::merge(const Query& written) {
    QueryResult result;
    result.text.append("MERGE INTO ");
    RangeEntry* target = target_entry(written, Access::update);
    if (target->relation != nullptr) result.text.append(target->relation->id);
    scope_->range_table.push_back(target);
    scope_->items.push_back({.entry = target});
    from_clause(written.from, result.text);
    if (written.where) condition(*written.where, "JOIN/ON");
    for (const Expression& each : written.merge_conditions)
        condition(each, "WHEN");
    for (const Target& each : written.targets) {
        auto column = assigned_column(each.alias, *target);
        const bool set = each.expression.kind != Kind::unsupported && !is_default(each.expression);
        if (!set) continue;
        Node node = expression(each.expression);
        if (column) assign(std::move(node), column->type, column->name, "expression");
    }
    for (const std::vector<Expression>& row : written.values) {
        for (const Expression& each : row) {
            if (!is_default(each)) expression(each);
        }
    }
    doubt("MERGE is read for its names only");
    return result;
}

} // namespace ordain::analyze
