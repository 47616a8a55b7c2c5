#include "catalog/resolve.hpp"
#include "lint/history.hpp"
#include "lint/written.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ordain::rules {
namespace {

constexpr std::string_view replica_identity = "replica_identity=";

bool is_primary_key(const Object& part) {
    const auto* details = part.get_if<ConstraintDetails>();
    return details != nullptr && details->kind == ConstraintDefinition::Kind::primary_key;
}

/// Tables that stay, hold rows of their own and are known from their first statement on. A
/// partition's key is that of its parent; what a crash empties is nobody's only copy.
bool is_concerned(const PlanContext& context, const Object& object) {
    const bool table =
        object.kind == ObjectKind::table || object.kind == ObjectKind::partitioned_table;
    if (!table || object.created.migration == 0 || !context.is_certain(object)) return false;
    const auto& details = object.as<RelationDetails>();
    return details.persistence == Persistence::permanent && !details.is_partition;
}

bool has_primary_key(const Catalog& catalog, const Object& table) {
    return std::ranges::any_of(catalog.children(table.id),
                               [&](ObjectId id) { return is_primary_key(catalog.at(id)); });
}

/// A unique index that tells all rows apart, as REPLICA IDENTITY USING INDEX wants it; null when
/// there is none.
const Object* identifying_index(const Catalog& catalog, const Object& table) {
    const auto is_set = [&](const IndexDetails::Element& element) {
        const Object* column = catalog.find(element.column);
        return column != nullptr && column->as<ColumnDetails>().not_null;
    };
    for (const ObjectId id : catalog.children(table.id)) {
        const auto* index = catalog.at(id).get_if<IndexDetails>();
        const bool identifies = index != nullptr && index->unique && index->valid &&
                                index->predicate.empty() &&
                                std::ranges::all_of(index->elements, is_set);
        if (identifies) return &catalog.at(id);
    }
    return nullptr;
}

std::string_view identity_of(const Object& table) {
    for (const std::string_view option : table.as<RelationDetails>().options) {
        if (option.starts_with(replica_identity)) return option.substr(replica_identity.size());
    }
    return {};
}

std::string consequence(const Object& table) {
    if (identity_of(table) == "full") {
        return "rows that are the same cannot be told apart, and a subscriber looks for each "
               "changed row in the whole table";
    }
    return "rows that are the same cannot be told apart, and once the table is published, every "
           "UPDATE and DELETE of it fails";
}

std::string advice(const PlanContext& context, const Object& table) {
    const Object* index = identifying_index(context.catalog, table);
    if (index == nullptr) {
        return "declare the columns that identify a row as PRIMARY KEY; where none do, add "
               "\"id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY\"";
    }
    std::vector<std::string> columns;
    for (const IndexDetails::Element& element : index->as<IndexDetails>().elements)
        columns.push_back(catalog::quote_identifier(context.catalog.at(element.column).name));
    return fmt::format("declare PRIMARY KEY ({}) instead of the unique index \"{}\" over it, or "
                       "keep that and say so:\nALTER TABLE {} REPLICA IDENTITY USING INDEX {};",
                       fmt::join(columns, ", "), index->name,
                       lint::name_in_sql(context.catalog, table),
                       catalog::quote_identifier(index->name));
}

void check_plan(const PlanContext& context, Findings& findings) {
    lint::History history(context.catalog);
    for (const Object* table : context.catalog.objects()) {
        if (!is_concerned(context, *table) || has_primary_key(context.catalog, *table)) continue;
        const bool identified = identity_of(*table).starts_with("index ") &&
                                identifying_index(context.catalog, *table) != nullptr;
        if (identified) continue;
        Origin origin = table->created;
        const Object* dropped = nullptr;
        for (const lint::History::Former& former : history.former_parts(table->id)) {
            if (!is_primary_key(*former.part)) continue;
            dropped = former.part;
            origin = former.removed;
        }
        if (!context.reports_on(origin)) continue;
        const std::string name = lint::name_at(context, table->id, origin);
        Finding& finding = findings.add(
            lint::name_place(context, origin), origin.migration,
            dropped == nullptr
                ? fmt::format("{} has no primary key: {}", name, consequence(*table))
                : fmt::format(R"(this drops "{}" and leaves {} without a primary key: {})",
                              dropped->name, name, consequence(*table)));
        finding.instead = advice(context, *table);
    }
}

} // namespace

constinit const Rule table_without_primary_key{
    .id = "table-without-primary-key",
    .category = Category::design,
    .severity = Severity::warning,
    .summary = "A table has no primary key when all migrations have run.",
    .why = R"(Logical replication finds the row that an `UPDATE` or `DELETE` is about by the table's
replica identity, which is the primary key unless something else is said. Without one, every `UPDATE`
and `DELETE` fails with SQLSTATE 55000 from the moment at which a publication includes the table, as
it does for `FOR ALL TABLES`: replication to a new major version or another provider then waits for
each such table. Rows that are the same cannot be told apart by any statement, so that a duplicate can
only be deleted by its `ctid`. Other tables cannot refer to a row.

What counts is the end: the key may come with a later statement or migration of the plan. A unique
index over columns that are `NOT NULL` counts when `REPLICA IDENTITY USING INDEX` names it. Dropping the
key of an older table is reported where it is dropped. A table that inherits (`INHERITS`) needs its own
key: it gets none from its parent.

Not reported for partitions, which have their parent's key, nor for temporary, unlogged and foreign
tables, which are not replicated.)",
    .fix = R"(Declare the columns that identify a row as `PRIMARY KEY`. Where none do, add
`id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY`.)",
    .elsewhere =
        R"(postgres-language-server noPrimaryKey, pgsafe require-primary-key, diesel-guard CreateTableWithoutPk,
pgrubic GN004, pglinter B001, bytebase table.require-pk)",
    .bad = R"(CREATE TABLE visits (page text NOT NULL, seen_at timestamptz NOT NULL);)",
    .good = R"(CREATE TABLE visits (page text NOT NULL, seen_at timestamptz NOT NULL);
ALTER TABLE visits ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;
ALTER TABLE visits ADD PRIMARY KEY (id);)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
