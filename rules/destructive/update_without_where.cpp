#include "catalog/resolve.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ordain::rules {
namespace {

/// Longer statements are shown without their text.
constexpr std::size_t longest_shown = 400;

/// The UPDATE that names its target there; null when it is none of the query.
const Query* find_update(const Query& query, Span target) {
    if (query.kind == Query::Kind::update && query.target_relation.span() == target) return &query;
    for (const CommonTableExpression& each : query.with) {
        if (const Query* found = find_update(each.query, target)) return found;
    }
    return nullptr;
}

/// Columns that an UPDATE sets, by whether production has values in them.
struct SetColumns {
    std::vector<std::string> all;   ///< In double quotes.
    std::vector<std::string> old;   ///< Likewise.
    const Object* filled = nullptr; ///< The only one, new and empty until now.
};

SetColumns columns_of(const ActionContext& context, const Query& query, ObjectId relation) {
    SetColumns columns;
    for (const Target& target : query.targets) {
        const std::string name = fmt::format("\"{}\"", target.alias.text);
        if (std::ranges::count(columns.all, name) > 0) continue;
        columns.all.push_back(name);
        const Object* column = context.catalog.find(NameSpace::column, relation, target.alias.text);
        const bool added = column != nullptr && context.created_in_this_deployment(column->id);
        if (!added) columns.old.push_back(name);
        const bool empty = added && !column->as<ColumnDetails>().has_default;
        columns.filled = empty && query.targets.size() == 1 ? column : nullptr;
    }
    return columns;
}

/// The only column of the primary key; null when there is none such.
const Object* key_column(const Catalog& catalog, ObjectId relation) {
    for (const ObjectId id : catalog.children(relation)) {
        const auto* constraint = catalog.at(id).get_if<ConstraintDetails>();
        const bool primary =
            constraint != nullptr && constraint->kind == ConstraintDefinition::Kind::primary_key;
        if (primary && constraint->columns.size() == 1)
            return catalog.find(constraint->columns.front());
    }
    return nullptr;
}

bool hangs_on_the_row(const Expression& value) {
    return value.kind == Expression::Kind::column_reference ||
           value.kind == Expression::Kind::subquery ||
           std::ranges::any_of(value.operands, hangs_on_the_row);
}

/// What tells the rows that are not filled yet. A value that may be null in some rows would be
/// found to be missing there for ever.
std::string still_to_fill(const SourceFile& file, const Target& target, const std::string& column) {
    if (!hangs_on_the_row(target.expression)) return fmt::format("{} IS NULL", column);
    return fmt::format("{} IS DISTINCT FROM ({})", column, file.text(target.expression.span));
}

/// The statement for some rows at a time.
std::string in_batches(const ActionContext& context,
                       const Query& query,
                       ObjectId relation,
                       const SetColumns& columns) {
    constexpr std::string_view rule =
        "change some thousand rows at a time, each time in a transaction of its own";
    const Object* key = key_column(context.catalog, relation);
    const bool plain = !query.where && query.from.empty() && query.with.empty() &&
                       query.returning.empty() && query.target_alias.empty();
    const SourceFile& file = context.sources.file(context.migration.up.file);
    const std::string_view text = file.text(context.statement.span);
    const bool shown = text.size() <= longest_shown && query.span == context.statement.span;
    if (key == nullptr || columns.filled == nullptr || !plain || !shown) return std::string(rule);
    const std::string column = catalog::quote_identifier(columns.filled->name);
    const std::string id = catalog::quote_identifier(key->name);
    return fmt::format("{}\nWHERE {} IN (SELECT {} FROM {} WHERE {} LIMIT 10000);\n"
                       "as often as it finds rows, each time in a transaction of its own",
                       text, id, id, file.text(query.target_relation.span()),
                       still_to_fill(file, query.targets.front(), column));
}

std::string message(const SetColumns& columns, const std::string& name, std::string_view why) {
    constexpr std::string_view cost =
        "the rows stay locked until the transaction ends, and the table grows by a copy of them";
    if (columns.old.empty()) {
        return fmt::format("filling {} rewrites every row of \"{}\" in one transaction ({}): {}",
                           fmt::join(columns.all, " and "), name, why, cost);
    }
    return fmt::format("what {} held in every row of \"{}\" is overwritten for good ({}): {}",
                       fmt::join(columns.old, " and "), name, why, cost);
}

void check(const ActionContext& context, Findings& findings) {
    const auto* run = context.action_as<RunQuery>();
    if (run == nullptr || context.outcome.status == Outcome::Status::refused) return;
    for (const Work& work : context.outcome.work) {
        if (work.kind != Work::Kind::update) continue;
        if (context.created_in_this_deployment(work.relation)) continue;
        const Query* query = find_update(run->query, work.span);
        if (query == nullptr) continue;
        const Object* relation = context.catalog.find(work.relation);
        const std::string name = relation != nullptr ? context.display_name(work.relation)
                                                     : to_string(query->target_relation);
        const SetColumns columns = columns_of(context, *query, work.relation);
        findings.add(work.span, message(columns, name, work.why)).instead =
            in_batches(context, *query, work.relation, columns);
    }
}

} // namespace

constinit const Rule update_without_where{
    .id = "update-without-where",
    .category = Category::destructive,
    .severity = Severity::warning,
    .summary = "Every row of a table that production has is updated in one transaction.",
    .why = R"(PostgreSQL writes a new version of each row, and an entry in each index that it cannot
leave alone: the table grows by a copy of itself, which `VACUUM` later makes room of but gives back
to the disk seldom. Each row stays locked until the transaction ends, so that every other `UPDATE` and
`DELETE` of it waits, for minutes on large tables, and replicas lag behind by as much. What the columns
held before is gone.

That holds for a column that the same deployment added as well, a *backfill*: there is nothing in it
to lose, but the locks and the growth are the same. `WHERE true` and `WHERE 1 = 1` are no `WHERE`.

Seen in a data-modifying `WITH` and in DO blocks too. Not reported for a table that the same
deployment created, nor in a transaction that is rolled back.)",
    .fix =
        R"(Change some thousand rows at a time, each time in a transaction of its own: by ranges of the
primary key, or what is still null. A column that is to hold the same value everywhere needs no
`UPDATE`: `ADD COLUMN ... DEFAULT` with a constant stores it once (since PostgreSQL 11).)",
    .elsewhere = R"(postgres-language-server banUpdateWithoutWhere, pgfence update-in-migration,
diesel-guard MutationWithoutWhere, pgrubic GN023)",
    .bad = R"(UPDATE accounts SET status = 'active';)",
    .good = R"(UPDATE accounts SET status = 'active'
WHERE id BETWEEN 1 AND 10000 AND status IS NULL;)",
    .check = check,
};

} // namespace ordain::rules
