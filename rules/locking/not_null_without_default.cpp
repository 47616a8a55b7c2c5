#include "catalog/rows.hpp"
#include "rules/advice.hpp"
#include "rules/live_work.hpp"
#include "rules/new_column.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

using Kind = ConstraintDefinition::Kind;

/// NOT NULL of the column, or of a domain that its type is made of.
bool refuses_null(const Catalog& catalog, const ColumnDetails& column) {
    return column.not_null ||
           std::ranges::any_of(domains_of(catalog, column.type), [](const Object* domain) {
               return domain->as<DomainDetails>().not_null;
           });
}

Span cause(const ColumnDefinition& column) {
    for (const Kind kind : {Kind::not_null, Kind::primary_key}) {
        if (const ConstraintDefinition* clause = clause_of(column, kind)) return clause->span;
    }
    return column.type.span;
}

const Object* altered_table(const ActionContext& context) {
    for (const ObjectId id : context.outcome.targets) {
        const Object* object = context.catalog.last_version(id);
        if (object != nullptr && object->get_if<RelationDetails>() != nullptr) return object;
    }
    return nullptr;
}

std::string advice(const ActionContext& context, const AddColumn& add) {
    const std::string table = as_sql(add.relation);
    const std::string column = as_sql(add.column.name);
    const std::string check = as_sql(Identifier{
        .text = add.relation.name.text + "_" + add.column.name.text + "_not_null", .span = {}});
    return fmt::format("ALTER TABLE {0} ADD COLUMN {1} {2};\n"
                       "-- once deployed code sets it and the older rows are filled:\n"
                       "ALTER TABLE {0} ADD CONSTRAINT {3} CHECK ({1} IS NOT NULL) NOT VALID;\n{4}"
                       "ALTER TABLE {0} VALIDATE CONSTRAINT {3};\n"
                       "ALTER TABLE {0} ALTER COLUMN {1} SET NOT NULL;\n"
                       "ALTER TABLE {0} DROP CONSTRAINT {3};",
                       table, column,
                       as_written(context, add.column.type.span, to_string(add.column.type.name)),
                       check, later_transaction);
}

void check(const ActionContext& context, Findings& findings) {
    const auto* add = context.action_as<AddColumn>();
    if (add == nullptr || !runs(context.outcome)) return;
    const Object* table = altered_table(context);
    const Object* column = made_column(context, *add);
    if (table == nullptr || column == nullptr) return;
    const auto& details = column->as<ColumnDetails>();
    const bool filled = catalog::fills_itself(context.catalog, details);
    if (filled || !refuses_null(context.catalog, details)) return;
    const bool live = !context.created_in_this_deployment(table->id);
    if (!live && catalog::is_empty(context.catalog, table->id)) return;
    const std::string name = context.display_name(table->id);
    if (const RowUse* use = context.emptied(table->id)) {
        Finding& finding = findings.add(
            cause(add->column),
            fmt::format("deployed INSERTs into \"{}\" that leave \"{}\" out fail (23502); no row "
                        "is in the way, for the table was emptied before",
                        name, column->name));
        finding.notes.push_back({.message = "this empties it", .where = use->where});
        finding.instead = advice(context, *add);
        return;
    }
    Finding& finding = findings.add(
        cause(add->column),
        fmt::format("fails as soon as \"{}\" holds a row, which would have null in \"{}\" "
                    "(23502){}",
                    name, column->name,
                    live ? "; where it holds none, deployed INSERTs that leave the column out fail"
                         : ""));
    finding.instead = advice(context, *add);
}

} // namespace

constinit const Rule not_null_without_default{
    .id = "not-null-without-default",
    .category = Category::locking,
    .severity = Severity::warning,
    .summary = "A NOT NULL column without a default is added to a table that may hold rows.",
    .why = R"(The rows that are there would hold null in the new column: `ADD COLUMN ... NOT NULL`
without a default fails with `column "..." of relation "..." contains null values` (23502) at the first
row, after it has waited for its `ACCESS EXCLUSIVE` lock with everybody behind it. On the empty table of
a test it passes. Where it passes in production too, every `INSERT` of the code that is still deployed
fails, because it does not name the column.

`PRIMARY KEY` and a domain that is `NOT NULL` ask the same. Not reported for columns that fill themselves
(a default other than `NULL`, `serial`, identity, generated), nor on a new table that certainly holds no
rows.)",
    .fix = R"(Give the column a constant default, which costs nothing since PostgreSQL 11. Or add it
nullable, fill it, and set it `NOT NULL` by way of a `CHECK` that is validated beforehand.)",
    .elsewhere =
        R"(squawk adding-required-field, atlas MF103, postgres-language-server addingRequiredField,
pgsafe add-column-not-null-no-default, django-migration-linter NOT_NULL)",
    .bad = R"(ALTER TABLE orders ADD COLUMN currency text NOT NULL;)",
    .good = R"(ALTER TABLE orders ADD COLUMN currency text NOT NULL DEFAULT 'EUR';)",
    .check = check,
};

} // namespace ordain::rules
