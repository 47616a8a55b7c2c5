#include "catalog/rows.hpp"
#include "replay/evaluate.hpp"
#include "replay/system_rows.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <utility>

namespace ordain::replay {
namespace {

/// Rows looked at in one body: beyond it nothing is claimed.
constexpr std::size_t row_limit = 2'000'000;

/// Rows that generate_series() and the like may make.
constexpr std::int64_t series_limit = 10'000;

/// A longer constant is cut when it is compared with a name.
constexpr std::size_t max_name_bytes = 63;

/// The operands of ANDs, however nested.
void split(const Expression& condition, std::vector<const Expression*>& conjuncts) {
    if (condition.kind != Expression::Kind::and_expression) {
        conjuncts.push_back(&condition);
        return;
    }
    for (const Expression& operand : condition.operands)
        split(operand, conjuncts);
}

/// Whether an expression names nothing but what the tables before `count` have. A subquery may name
/// anything.
template <typename Tables>
bool needs_only(const Expression& expression, const Tables& tables, std::size_t count) {
    if (expression.query != nullptr || expression.clauses != nullptr) return false;
    if (expression.kind == Expression::Kind::column_reference) {
        if (expression.names.empty()) return false;
        const std::string& last = expression.names.back().text;
        const bool qualified = expression.names.size() > 1;
        for (std::size_t index = count; index < tables.size(); ++index) {
            const auto& columns = tables[index].set.columns;
            if (qualified ? tables[index].alias == expression.names.front().text
                          : std::ranges::count(columns, last) > 0)
                return false;
        }
        return true;
    }
    return std::ranges::all_of(expression.operands, [&](const Expression& operand) {
        return needs_only(operand, tables, count);
    });
}

std::string alias_of(const FromItem& item) {
    return item.alias.empty() ? item.relation.name.text : item.alias.text;
}

void rename_columns(const FromItem& item, RowSet& set) {
    for (std::size_t index = 0; index < std::min(item.column_aliases.size(), set.columns.size());
         ++index)
        set.columns[index] = item.column_aliases[index].text;
}

bool same_value(const Value& left, const Value& right) {
    if (left.is_null() || right.is_null()) return left.is_null() && right.is_null();
    return equal(left, right).is_true();
}

/// Keeps the first of rows that are certainly equal. False when some may be.
bool remove_duplicates(RowSet& set) {
    std::vector<Row> kept;
    bool certain = true;
    for (Row& row : set.rows) {
        certain = certain && std::ranges::none_of(row.values, &Value::is_unknown);
        const auto same = [&](const Row& other) {
            return std::ranges::equal(row.values, other.values, same_value);
        };
        const auto found = std::ranges::find_if(kept, same);
        if (found == kept.end()) {
            kept.push_back(std::move(row));
        } else if (row.maybe.empty()) {
            found->maybe.clear();
        }
    }
    set.rows = std::move(kept);
    return certain;
}

bool holds_aggregate_name(const Expression& expression) {
    static constexpr std::array<std::string_view, 9> names = {
        "count", "max", "min", "bool_and", "bool_or", "every", "array_agg", "string_agg", "sum"};
    if (expression.kind == Expression::Kind::function_call && !expression.names.empty() &&
        std::ranges::count(names, expression.names.back().text) > 0)
        return true;
    return std::ranges::any_of(expression.operands, holds_aggregate_name);
}

std::string output_name(const ordain::Target& target) {
    if (!target.alias.empty()) return target.alias.text;
    const Expression& expression = target.expression;
    const bool named = expression.kind == Expression::Kind::column_reference ||
                       expression.kind == Expression::Kind::function_call;
    return named && !expression.names.empty() ? expression.names.back().text : "?column?";
}

} // namespace

bool Evaluator::spend() {
    return ++spent_ <= row_limit;
}

RowSet Evaluator::anything(std::string why) {
    RowSet set;
    set.maybe_more = std::move(why);
    return set;
}

RowSet Evaluator::rows(const Query& query) {
    return query_rows(query, nullptr);
}

Value Evaluator::scalar(const Query& query) {
    const RowSet set = rows(query);
    if (!set.maybe_more.empty()) return Value::unknown(set.maybe_more);
    if (set.rows.empty()) return Value::null();
    if (!set.rows.front().maybe.empty()) return Value::unknown(set.rows.front().maybe);
    if (set.rows.front().values.empty()) return Value::unknown("a row without columns");
    return set.rows.front().values.front();
}

RowSet Evaluator::query_rows(const Query& query, const Scope* outer) {
    const std::size_t tables_before = common_tables_.size();
    for (const CommonTableExpression& table : query.with) {
        RowSet set = query.recursive ? anything("WITH RECURSIVE is not modelled")
                                     : query_rows(table.query, outer);
        for (std::size_t index = 0; index < std::min(table.columns.size(), set.columns.size());
             ++index)
            set.columns[index] = table.columns[index].text;
        common_tables_.push_back({.name = table.name.text, .set = std::move(set)});
    }
    RowSet set;
    switch (query.kind) {
    case Query::Kind::select: set = select_rows(query, outer); break;
    case Query::Kind::values: set = values_rows(query, outer); break;
    case Query::Kind::set_operation: set = set_operation_rows(query, outer); break;
    case Query::Kind::insert:
    case Query::Kind::update:
    case Query::Kind::delete_:
    case Query::Kind::merge:
    case Query::Kind::unsupported: set = anything("its result depends on rows"); break;
    }
    common_tables_.resize(tables_before);
    limit(query, set, outer);
    return set;
}

RowSet Evaluator::values_rows(const Query& query, const Scope* outer) {
    RowSet set;
    for (const std::vector<Expression>& written : query.values) {
        Row row;
        for (const Expression& expression : written)
            row.values.push_back(value(expression, outer));
        set.rows.push_back(std::move(row));
    }
    const std::size_t width = set.rows.empty() ? 0 : set.rows.front().values.size();
    for (std::size_t index = 1; index <= width; ++index)
        set.columns.push_back(fmt::format("column{}", index));
    return set;
}

RowSet Evaluator::set_operation_rows(const Query& query, const Scope* outer) {
    using Operation = Query::SetOperation;
    if (query.arms.size() != 2) return anything("a set operation is not modelled");
    RowSet left = query_rows(query.arms[0], outer);
    RowSet right = query_rows(query.arms[1], outer);
    const bool distinct = query.set_operation == Operation::union_;
    if (!distinct && query.set_operation != Operation::union_all)
        return anything("INTERSECT and EXCEPT are not modelled");
    for (Row& row : right.rows)
        left.rows.push_back(std::move(row));
    if (left.maybe_more.empty()) left.maybe_more = std::move(right.maybe_more);
    if (distinct && !remove_duplicates(left) && left.maybe_more.empty())
        left.maybe_more = "rows may be equal";
    return left;
}

bool Evaluator::collect(const std::vector<FromItem>& items,
                        std::vector<Table>& tables,
                        std::vector<const Expression*>& conditions,
                        const Scope* outer) {
    return std::ranges::all_of(
        items, [&](const FromItem& item) { return collect(item, tables, conditions, outer); });
}

/// Flattens inner joins. False for what is not modelled.
bool Evaluator::collect(const FromItem& item,
                        std::vector<Table>& tables,
                        std::vector<const Expression*>& conditions,
                        const Scope* outer) {
    switch (item.kind) {
    case FromItem::Kind::relation:
        tables.push_back({.alias = alias_of(item), .set = relation_rows(item, conditions)});
        break;
    case FromItem::Kind::subquery:
    case FromItem::Kind::values:
        if (item.lateral || item.query == nullptr) return false;
        tables.push_back({.alias = item.alias.text, .set = query_rows(*item.query, outer)});
        break;
    case FromItem::Kind::function:
        tables.push_back({.alias = item.alias.text, .set = function_rows(item, outer)});
        if (tables.back().alias.empty() && !tables.back().set.columns.empty())
            tables.back().alias = tables.back().set.columns.front();
        break;
    case FromItem::Kind::join: {
        const bool inner = item.join == FromItem::Join::inner || item.join == FromItem::Join::cross;
        if (!inner || item.natural || !item.using_columns.empty() || !item.alias.empty())
            return false;
        if (item.on) split(*item.on, conditions);
        return collect(item.sides, tables, conditions, outer);
    }
    case FromItem::Kind::unsupported: return false;
    }
    rename_columns(item, tables.back().set);
    return true;
}

namespace {

/// `column = 'constant'` among the conditions that every row must meet.
ColumnFilter filter_of(const FromItem& item, const std::vector<const Expression*>& conditions) {
    ColumnFilter filter;
    for (const Expression* condition : conditions) {
        const bool equality = condition->kind == Expression::Kind::operator_call &&
                              condition->form == Expression::OperatorForm::plain &&
                              condition->operands.size() == 2 &&
                              condition->names.back().text == "=";
        if (!equality) continue;
        const Expression& column = condition->operands[0];
        const Expression& constant = condition->operands[1];
        const bool plain = column.kind == Expression::Kind::column_reference && !column.star &&
                           !column.names.empty() && column.names.size() <= 2 &&
                           constant.kind == Expression::Kind::string_constant &&
                           constant.value.size() <= max_name_bytes;
        if (!plain) continue;
        const bool mine = column.names.size() == 1 || column.names.front().text == alias_of(item);
        if (mine && item.column_aliases.empty())
            filter.emplace(column.names.back().text, constant.value);
    }
    return filter;
}

} // namespace

RowSet Evaluator::relation_rows(const FromItem& item,
                                const std::vector<const Expression*>& conditions) {
    const QualifiedName& name = item.relation;
    if (name.schema.empty()) {
        const auto found =
            std::find_if(common_tables_.rbegin(), common_tables_.rend(),
                         [&](const NamedTable& table) { return table.name == name.name.text; });
        if (found != common_tables_.rend()) return found->set;
    }
    const catalog::Lookup lookup = resolver_.relation(name);
    if (!lookup.present()) return anything(fmt::format("\"{}\" is not known", to_string(name)));
    if (lookup.object == nullptr) {
        const catalog::BuiltinRelation* builtin =
            catalog::find_builtin_relation_by_oid(static_cast<catalog::Oid>(lookup.id));
        if (builtin == nullptr)
            return anything(fmt::format("\"{}\" is not known", to_string(name)));
        return system_rows(resolver_, assumed_, *builtin, filter_of(item, conditions));
    }
    RowSet set;
    for (const Object* column : resolver_.catalog().columns(lookup.id))
        set.columns.push_back(column->name);
    if (!catalog::is_empty(resolver_.catalog(), lookup.id) || !lookup.object->unknown.empty())
        set.maybe_more = fmt::format("it depends on the rows of \"{}\"", lookup.object->name);
    return set;
}

RowSet Evaluator::function_rows(const FromItem& item, const Scope* outer) {
    if (item.functions.size() != 1 || item.with_ordinality || item.lateral)
        return anything("a function in FROM is not modelled");
    RowSet set = set_rows(item.functions.front(), outer);
    if (!item.alias.empty() && set.columns.size() == 1) set.columns.front() = item.alias.text;
    return set;
}

bool Evaluator::returns_set(const Expression& expression) {
    return expression.kind == Expression::Kind::function_call && !expression.names.empty() &&
           (expression.names.back().text == "unnest" ||
            expression.names.back().text == "generate_series");
}

/// The rows of a function that returns a set; the one column is called as the function.
RowSet Evaluator::set_rows(const Expression& call, const Scope* outer) {
    const std::string name = call.names.empty() ? std::string() : call.names.back().text;
    if (!returns_set(call)) return anything(fmt::format("{}() in FROM is not modelled", name));
    RowSet set;
    set.columns.push_back(name);
    std::vector<Value> arguments;
    for (const Expression& operand : call.operands)
        arguments.push_back(value(operand, outer));
    const bool known = std::ranges::all_of(arguments, &Value::is_known);
    if (name == "unnest" && arguments.size() == 1 && known &&
        arguments.front().kind == Value::Kind::array) {
        for (Value& element : arguments.front().elements)
            set.rows.push_back({.values = {std::move(element)}, .maybe = {}});
        return set;
    }
    constexpr std::size_t digits = 9; // of an int4, so that nothing overflows
    const bool bounds =
        name == "generate_series" && arguments.size() == 2 && known &&
        std::ranges::all_of(arguments, [](const Value& bound) {
            return bound.kind == Value::Kind::integer && bound.text.size() <= digits;
        });
    if (!bounds) return anything(fmt::format("{}() of this is not modelled", name));
    const std::int64_t last = std::stoll(arguments[1].text);
    std::int64_t next = std::stoll(arguments[0].text);
    if (last - next > series_limit) return anything("a series is too long");
    for (; next <= last; ++next)
        set.rows.push_back({.values = {Value::of_integer(next)}, .maybe = {}});
    return set;
}

/// Visits every combination of rows that may satisfy the conditions, with why it may not.
template <typename Visit>
void Evaluator::join(const std::vector<Table>& tables,
                     const std::vector<const Expression*>& conditions,
                     const Scope* outer,
                     const Visit& visit) {
    std::vector<std::vector<const Expression*>> at_level(tables.size() + 1);
    for (const Expression* condition : conditions) {
        std::size_t level = 0;
        while (level < tables.size() && !needs_only(*condition, tables, level))
            ++level;
        at_level[level].push_back(condition);
    }
    Scope scope{.entries = {}, .outer = outer};
    const auto descend = [&](const auto& self, std::size_t level,
                             const std::string& maybe) -> void {
        std::string why = maybe;
        for (const Expression* condition : at_level[level]) {
            const Value holds = as_kind(value(*condition, &scope), Value::Kind::boolean);
            if (holds.is_null() || holds.is_false()) return;
            if (holds.is_unknown() && why.empty()) why = holds.why;
        }
        if (level == tables.size()) return visit(scope, why);
        for (const Row& row : tables[level].set.rows) {
            if (!spend()) return;
            scope.entries.push_back(
                {.alias = tables[level].alias, .columns = &tables[level].set.columns, .row = &row});
            self(self, level + 1, why.empty() ? row.maybe : why);
            scope.entries.pop_back();
        }
    };
    descend(descend, 0, {});
}

std::vector<std::string> Evaluator::output_columns(const Query& query,
                                                   const std::vector<Table>& tables) {
    std::vector<std::string> columns;
    for (const ordain::Target& target : query.targets) {
        if (!target.expression.star) {
            columns.push_back(output_name(target));
            continue;
        }
        for (const Table& table : tables)
            columns.insert(columns.end(), table.set.columns.begin(), table.set.columns.end());
    }
    return columns;
}

void Evaluator::project(const Query& query, const Scope& scope, Row& row) {
    for (const ordain::Target& target : query.targets) {
        const bool star =
            target.expression.star && target.expression.kind == Expression::Kind::column_reference;
        if (!star) {
            row.values.push_back(value(target.expression, &scope));
            continue;
        }
        for (const Entry& entry : scope.entries) {
            const bool of_all = target.expression.names.empty();
            if (of_all || target.expression.names.back().text == entry.alias)
                row.values.insert(row.values.end(), entry.row->values.begin(),
                                  entry.row->values.end());
        }
    }
}

RowSet Evaluator::select_rows(const Query& query, const Scope* outer) {
    if (query.from.empty() && !query.where && query.targets.size() == 1 &&
        returns_set(query.targets.front().expression)) {
        RowSet set = set_rows(query.targets.front().expression, outer);
        if (!set.columns.empty()) set.columns.front() = output_name(query.targets.front());
        return set;
    }
    std::vector<Table> tables;
    std::vector<const Expression*> conditions;
    if (query.where) split(*query.where, conditions);
    if (!collect(query.from, tables, conditions, outer))
        return anything("a join of this kind is not modelled");
    const bool grouped = std::ranges::any_of(query.targets, [](const ordain::Target& target) {
        return holds_aggregate_name(target.expression);
    });
    if (!query.group_by.empty() || query.having || !query.windows.empty() ||
        !query.distinct_on.empty())
        return anything("GROUP BY is not modelled");
    RowSet result;
    result.columns = output_columns(query, tables);
    for (const Table& table : tables) {
        if (result.maybe_more.empty()) result.maybe_more = table.set.maybe_more;
    }
    join(tables, conditions, outer, [&](const Scope& scope, const std::string& maybe) {
        Row row{.values = {}, .maybe = maybe};
        if (!grouped) project(query, scope, row);
        result.rows.push_back(std::move(row));
    });
    if (spent_ > row_limit) return anything("it looks at too many rows");
    if (grouped) return grouped_row(query, result, tables, outer);
    if (query.distinct && !remove_duplicates(result) && result.maybe_more.empty())
        result.maybe_more = "rows may be equal";
    return result;
}

/// Aggregates without GROUP BY make one row of all.
RowSet Evaluator::grouped_row(const Query& query,
                              const RowSet& joined,
                              const std::vector<Table>& tables,
                              const Scope* outer) {
    const RowSet* const before = std::exchange(group_, &joined);
    Row row;
    const Scope scope{.entries = {}, .outer = outer};
    project(query, scope, row);
    group_ = before;
    RowSet result;
    result.columns = output_columns(query, tables);
    result.rows.push_back(std::move(row));
    return result;
}

std::optional<Value> Evaluator::aggregate(const Expression& call) {
    if (group_ == nullptr || !holds_aggregate_name(call) ||
        call.kind != Expression::Kind::function_call)
        return std::nullopt;
    const bool counts_rows =
        call.names.back().text == "count" && call.clauses == nullptr && !call.distinct &&
        (call.star || (call.operands.size() == 1 &&
                       call.operands.front().kind == Expression::Kind::integer_constant));
    if (!counts_rows)
        return Value::unknown(
            fmt::format("the aggregate {} is not modelled", call.names.back().text));
    if (!group_->maybe_more.empty()) return Value::unknown(group_->maybe_more);
    for (const Row& row : group_->rows) {
        if (!row.maybe.empty()) return Value::unknown(row.maybe);
    }
    return Value::of_integer(static_cast<std::int64_t>(group_->rows.size()));
}

/// With more rows than LIMIT keeps, which ones they are depends on an order.
void Evaluator::limit(const Query& query, RowSet& set, const Scope* outer) {
    if (query.offset) {
        set = anything("OFFSET is not modelled");
        return;
    }
    if (!query.limit || query.limit->kind == Expression::Kind::null_constant) return;
    const Value limit = as_kind(value(*query.limit, outer), Value::Kind::integer);
    std::size_t most = 0;
    if (limit.is_known())
        std::from_chars(limit.text.data(), limit.text.data() + limit.text.size(), most);
    if (!limit.is_known() || query.with_ties) {
        set = anything("a LIMIT is not known");
        return;
    }
    if (set.rows.size() <= most && set.maybe_more.empty()) return;
    const auto certain =
        static_cast<std::size_t>(std::ranges::count(set.rows, std::string(), &Row::maybe));
    RowSet cut;
    cut.columns = set.columns;
    const std::string why = "which rows LIMIT keeps depends on their order";
    for (std::size_t index = 0; index < std::min(certain, most); ++index)
        cut.rows.push_back(
            {.values = std::vector<Value>(set.columns.size(), Value::unknown(why)), .maybe = {}});
    if (certain < most) cut.maybe_more = set.maybe_more.empty() ? why : set.maybe_more;
    set = std::move(cut);
}

} // namespace ordain::replay
