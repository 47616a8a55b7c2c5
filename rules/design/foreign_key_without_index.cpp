#include "catalog/inheritance.hpp"
#include "catalog/resolve.hpp"
#include "lint/history.hpp"
#include "lint/written.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace ordain::rules {
namespace {

using Columns = std::set<ObjectId>;

/// Without its schema; the default one has no name.
std::string_view bare_collation(std::string_view collation) {
    const std::string_view name = collation.substr(collation.rfind('.') + 1);
    return name == "default" ? std::string_view() : name;
}

/// An index in another collation than the column's does not serve its "=".
bool serves(const Catalog& catalog, const IndexDetails::Element& element, const Columns& columns) {
    if (!columns.contains(element.column)) return false;
    return element.collation.empty() ||
           bare_collation(element.collation) ==
               bare_collation(catalog.at(element.column).as<ColumnDetails>().collation);
}

/// "a IS NOT NULL" of columns of the key, joined by AND: "=" implies it.
bool predicate_is_implied(const BoundText& predicate, const Columns& columns) {
    constexpr std::array<std::string_view, 5> between = {"(", "((", " IS NOT NULL) AND (",
                                                         " IS NOT NULL)", " IS NOT NULL))"};
    return std::ranges::all_of(predicate.pieces, [&](const BoundText::Piece& piece) {
        const bool plain =
            piece.text.empty() || std::ranges::count(between, std::string_view(piece.text)) > 0;
        return plain && (piece.object == no_object || columns.contains(piece.object));
    });
}

/// Whether a lookup of rows by "=" on all columns can use the index: they lead in a B-tree, hash,
/// GiST or SP-GiST index, in any order, or stand anywhere in one that looks at each by itself; and
/// where some of them are unique, the others only have one row to be held against.
bool covers(const Catalog& catalog, const Object& part, const Columns& columns) {
    const auto* index = part.get_if<IndexDetails>();
    const bool usable =
        index != nullptr && index->valid && predicate_is_implied(index->predicate, columns);
    if (!usable) return false;
    const bool any_place =
        index->method == "gin" || index->method == "brin" || index->method == "bloom";
    Columns served;
    std::size_t leading = 0;
    for (const IndexDetails::Element& element : index->elements) {
        const bool takes_part = serves(catalog, element, columns);
        if (!takes_part && !any_place) break;
        if (takes_part) served.insert(element.column);
        ++leading;
    }
    const bool one_row = index->unique && leading == index->elements.size() && !any_place;
    return served.size() == columns.size() || one_row;
}

Columns same_columns(const Catalog& catalog, const Columns& columns, ObjectId table) {
    Columns same;
    for (const ObjectId id : columns) {
        const Object* column = catalog.find(NameSpace::column, table, catalog.at(id).name);
        if (column != nullptr) same.insert(column->id);
    }
    return same;
}

/// The rows of a partitioned table are looked up in its partitions, so that each has to have its
/// index; the parent's own may be ON ONLY it. A foreign table is another server's concern.
bool is_covered(const Catalog& catalog, ObjectId table, const Columns& columns) {
    const Object& relation = catalog.at(table);
    if (relation.kind == ObjectKind::foreign_table) return true;
    const bool partitioned = relation.kind == ObjectKind::partitioned_table;
    const std::vector<ObjectId> partitions =
        partitioned ? catalog::inheritors(catalog, table) : std::vector<ObjectId>{};
    if (!partitions.empty()) {
        return std::ranges::all_of(partitions, [&](ObjectId partition) {
            return is_covered(catalog, partition, same_columns(catalog, columns, partition));
        });
    }
    return std::ranges::any_of(catalog.children(table), [&](ObjectId part) {
        return covers(catalog, catalog.at(part), columns);
    });
}

/// Whether the column had not been there before a statement added it.
bool is_certainly_new(const PlanContext& context, const Object& column) {
    const Action* action = lint::action_of(context, column.created);
    return action != nullptr && action->guard == Guard::none && context.is_certain(column);
}

/// Whether all indexes of the key's columns are known: nobody saw those of a table that was there
/// before, but a new column has none yet.
bool indexes_are_known(const PlanContext& context, const Object& key) {
    const Object& table = context.catalog.at(key.parent);
    if (table.created.migration != 0) return context.is_certain(table);
    return std::ranges::any_of(key.as<ConstraintDetails>().columns, [&](ObjectId id) {
        return is_certainly_new(context, context.catalog.at(id));
    });
}

bool is_concerned(const PlanContext& context, const Object& object) {
    const auto* key = object.get_if<ConstraintDetails>();
    const bool own = key != nullptr && key->kind == ConstraintDefinition::Kind::foreign_key &&
                     !key->inherited && !key->columns.empty();
    if (!own || !indexes_are_known(context, object)) return false;
    const auto& table = context.catalog.at(object.parent).as<RelationDetails>();
    return table.persistence != Persistence::temporary;
}

/// What a change of a referenced row does, as the key says.
std::string_view events_of(const ConstraintDetails& key) {
    switch (key.on_delete) {
    case ReferentialAction::cascade: return "deletes the rows that refer to it";
    case ReferentialAction::set_null:
    case ReferentialAction::set_default: return "changes the rows that refer to it";
    case ReferentialAction::no_action:
    case ReferentialAction::restrict_: break;
    }
    return "looks for rows that refer to it";
}

std::vector<std::string> column_names(const Catalog& catalog, const ConstraintDetails& key) {
    std::vector<std::string> names;
    for (const ObjectId id : key.columns)
        names.push_back(catalog.at(id).name);
    return names;
}

/// Only a table that production has needs CONCURRENTLY; a partitioned one refuses it.
std::string advice(const PlanContext& context, const Object& key, const Origin& origin) {
    const Object& table = context.catalog.at(key.parent);
    std::vector<std::string> columns = column_names(context.catalog, key.as<ConstraintDetails>());
    for (std::string& column : columns)
        column = catalog::quote_identifier(column);
    const bool live = !context.in_one_deployment(table.created, origin) &&
                      table.kind != ObjectKind::partitioned_table;
    return fmt::format("CREATE INDEX {}ON {} ({});", live ? "CONCURRENTLY " : "",
                       lint::name_in_sql(context.catalog, table), fmt::join(columns, ", "));
}

std::string message_about(const PlanContext& context,
                          const Object& key,
                          const Object* dropped,
                          const Origin& origin) {
    const auto& details = key.as<ConstraintDetails>();
    const std::string table = lint::name_at(context, key.parent, origin);
    const std::string consequence =
        fmt::format(R"(each DELETE of a row of {} {} by reading all of {})",
                    lint::name_at(context, details.referenced, origin), events_of(details), table);
    if (dropped != nullptr) {
        return fmt::format(R"(this drops "{}" and leaves the foreign key "{}" of {} without an )"
                           "index: {}",
                           dropped->name, key.name, table, consequence);
    }
    return fmt::format(R"(no index of {} begins with "{}": {})", table,
                       fmt::join(column_names(context.catalog, details), "\", \""), consequence);
}

void check_plan(const PlanContext& context, Findings& findings) {
    const Catalog& catalog = context.catalog;
    lint::History history(catalog);
    for (const Object* key : catalog.objects()) {
        if (!is_concerned(context, *key)) continue;
        const auto& of_key = key->as<ConstraintDetails>().columns;
        const Columns columns(of_key.begin(), of_key.end());
        if (is_covered(catalog, key->parent, columns)) continue;
        Origin origin = key->created;
        const Object* dropped = nullptr;
        for (const lint::History::Former& former : history.former_parts(key->parent)) {
            if (former.removed < origin || !covers(catalog, *former.part, columns)) continue;
            dropped = former.part;
            origin = former.removed;
        }
        if (!context.reports_on(origin)) continue;
        Finding& finding = findings.add(
            dropped == nullptr ? lint::foreign_key_place(context, *key) : context.place_of(origin),
            origin.migration, message_about(context, *key, dropped, origin));
        if (dropped != nullptr && key->created.migration != 0)
            finding.notes.push_back({.message = "the foreign key is added here",
                                     .where = lint::foreign_key_place(context, *key)});
        finding.instead = advice(context, *key, origin);
    }
}

} // namespace

constinit const Rule foreign_key_without_index{
    .id = "foreign-key-without-index",
    .category = Category::design,
    .severity = Severity::warning,
    .summary = "No index finds the rows that a foreign key's referenced row is referred to by.",
    .why =
        R"(PostgreSQL makes an index for the referenced columns, not for the referencing ones. Each
`DELETE` of a referenced row, and each `UPDATE` of its key, looks for rows that refer to it, whatever
the key's action is. Without an index that is a scan of the whole referencing table, once for each
deleted row, while the row's lock is held: deleting a thousand rows reads the table a thousand times.
Joins along the key do the same.

What counts is the end: an index that a later statement or migration of the plan makes covers the key.
It has to begin with the key's columns, in any order, and to hold all rows, or all where they are not
null; that of a primary key or unique constraint does as well, and a unique one over some of the columns
is enough. The indexes of a partitioned table have to be there in each partition. Dropping the index of
an older key is reported where it is dropped.

Whether rows of the referenced table are ever deleted is nothing that a migration tells: where they are
not, allow it with that reason. Not reported for a key over older columns of a table whose history is
not in the plan: it may have an index.)",
    .fix =
        R"(Create an index that begins with the key's columns, `CONCURRENTLY` where the table is in
use.)",
    .elsewhere =
        R"(eugene E15, postgres-language-server unindexedForeignKeys, pgsafe fk-without-covering-index,
pgfence fk-missing-index, pglinter B003)",
    .bad = R"(CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint NOT NULL REFERENCES customers);)",
    .good = R"(CREATE TABLE customers (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint NOT NULL REFERENCES customers);
CREATE INDEX orders_customer_idx ON orders (customer);)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
