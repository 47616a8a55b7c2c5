#include "rules/advice.hpp"
#include "rules/index_first.hpp"
#include "rules/live_work.hpp"
#include "rules/new_column.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

using Kind = ConstraintDefinition::Kind;

/// The primary key that the action makes, and on what.
struct AddedKey {
    const ConstraintDefinition* definition = nullptr;
    const QualifiedName* table = nullptr;
    bool with_column = false;
};

AddedKey added_key(const ActionContext& context) {
    if (const auto* add = context.action_as<AddConstraint>()) {
        if (add->constraint.kind != Kind::primary_key) return {};
        return {.definition = &add->constraint, .table = &add->relation};
    }
    const auto* add = context.action_as<AddColumn>();
    if (add == nullptr) return {};
    const ConstraintDefinition* clause = clause_of(add->column, Kind::primary_key);
    if (clause == nullptr) return {};
    return {.definition = clause, .table = &add->relation, .with_column = true};
}

/// The columns that become NOT NULL with the key.
std::vector<std::string> nullable_columns(const ActionContext& context, ObjectId table) {
    std::vector<std::string> names;
    for (const ObjectId id : context.outcome.targets) {
        const Object* object = context.catalog.last_version(id);
        const auto* key = object == nullptr ? nullptr : object->get_if<ConstraintDetails>();
        if (key == nullptr || key->kind != Kind::primary_key) continue;
        for (const ObjectId column : key->columns) {
            const Object* before = context.catalog.find(column);
            const bool nullable = before != nullptr && before->parent == table &&
                                  !before->as<ColumnDetails>().not_null;
            if (nullable) names.push_back(before->name);
        }
    }
    return names;
}

std::string not_null_first(const QualifiedName& table, const std::string& column) {
    const std::string check =
        as_sql(Identifier{.text = table.name.text + "_" + column + "_not_null", .span = {}});
    return fmt::format("ALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2} IS NOT NULL) NOT VALID;\n"
                       "{3}ALTER TABLE {0} VALIDATE CONSTRAINT {1};\n",
                       as_sql(table), check, as_sql(Identifier{.text = column, .span = {}}),
                       later_transaction);
}

std::string advice(const ActionContext& context, const AddedKey& key, ObjectId table) {
    const Object* relation = context.catalog.find(table);
    if (relation != nullptr && relation->kind == ObjectKind::partitioned_table) {
        return "a partitioned table takes no USING INDEX: give each partition its key that way, "
               "then add the key to the partitioned table, which takes theirs over";
    }
    std::string text;
    const bool scanned = live_work(context, Work::Kind::scan) != nullptr;
    if (scanned) {
        for (const std::string& column : nullable_columns(context, table))
            text += not_null_first(*key.table, column);
    }
    if (!key.definition->using_index.empty()) {
        const std::string clause =
            as_written(context, context.action.span, "ADD PRIMARY KEY USING INDEX ...");
        return text + fmt::format("-- then, without a scan:\nALTER TABLE {} {};",
                                  as_sql(*key.table), clause);
    }
    if (key.with_column) text += "-- ADD COLUMN without PRIMARY KEY, fill it, then:\n";
    return text + index_first(context, *key.table, *key.definition);
}

void check(const ActionContext& context, Findings& findings) {
    const AddedKey key = added_key(context);
    if (key.definition == nullptr) return;
    const Work* build = live_work(context, Work::Kind::index_build);
    const Work* work = build != nullptr ? build : live_work(context, Work::Kind::scan);
    if (work == nullptr) return;
    Finding& finding = findings.add(
        key.definition->span,
        fmt::format("{} while {} {}", who_waits(context, *work),
                    build != nullptr ? "the index of the primary key is built from all rows"
                                     : "all rows are read for a null in the primary key's columns",
                    lock_held(context, *work)));
    finding.severity = severity_of(*work);
    finding.instead = advice(context, key, work->relation);
}

} // namespace

constinit const Rule primary_key_builds_index_under_lock{
    .id = "primary-key-builds-index-under-lock",
    .category = Category::locking,
    .severity = Severity::error,
    .summary = "A primary key builds its index, or looks for nulls, while nobody else may use the "
               "table.",
    .why =
        R"(`ADD PRIMARY KEY` builds a unique index under an `ACCESS EXCLUSIVE` lock: every query of
the table, reads included, waits for as long as it takes to read all rows and sort the keys. Columns of
the key that are not `NOT NULL` yet become so, which reads all rows once more. An index that was built
with `CREATE UNIQUE INDEX CONCURRENTLY` beforehand can be taken over in a moment with
`ADD PRIMARY KEY USING INDEX`; but its columns are read for nulls all the same, under the same lock, unless
they are `NOT NULL` or a valid `CHECK (col IS NOT NULL)` proves it (PostgreSQL 12 and later; manual,
ALTER TABLE).

Not reported on a table of the same deployment, nor with `USING INDEX` where nothing is read.)",
    .fix =
        R"(Make the columns `NOT NULL` by way of a `CHECK` that is validated beforehand, build the
unique index `CONCURRENTLY` in a migration that its tool does not wrap in a transaction, and add the key
`USING INDEX`.)",
    .elsewhere =
        R"(squawk adding-serial-primary-key-field, eugene E7 and W14, atlas PG104 and PG304,
postgres-language-server addingPrimaryKeyConstraint, pgsafe add-primary-key-without-index, pgfence
add-pk-using-index, pgrubic US015, diesel-guard AddPrimaryKeyCheck)",
    .bad = R"(ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);)",
    .good = R"(-- layout: sqlx
-- file: 1_orders.sql
CREATE TABLE orders (id bigint NOT NULL);
-- file: 2_index.sql
-- no-transaction
CREATE UNIQUE INDEX CONCURRENTLY orders_pkey ON orders (id);
-- file: 3_key.sql
ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey;)",
    .check = check,
};

} // namespace ordain::rules
