#include "catalog/rows.hpp"
#include "lint/casualties.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>
#include <functional>
#include <string>

namespace ordain::rules {
namespace {

/// The table, also where the column is not known: every form of the action locks it.
ObjectId table_of(const ActionContext& context) {
    const auto& locks = context.outcome.locks;
    return locks.empty() ? no_object : locks.front().relation;
}

/// Whether a statement adds the column as it is: without a value for the rows that are there, which
/// must have one.
bool needs_an_empty_table(const Catalog& catalog, const Object& column, const Origin& statement) {
    const auto& details = column.as<ColumnDetails>();
    const bool added = column.created.migration == statement.migration &&
                       column.created.statement == statement.statement;
    return added && column.changed == column.created && details.not_null &&
           !catalog::fills_itself(catalog, details);
}

/// What is said where the table has a column of the name again in the end.
std::function<bool(const Catalog&, Finding&)> when_it_comes_back(const ActionContext& context,
                                                                 const Object& relation,
                                                                 const std::string& column,
                                                                 const std::string& lost) {
    const Origin statement{
        .migration = context.migration.ordinal, .statement = context.statement.number, .span = {}};
    return [schema = relation.schema, table = relation.name,
            name = context.display_name(relation.id), column, lost, statement,
            copied = context.copied(relation.id, column) != nullptr](const Catalog& after,
                                                                     Finding& finding) {
        const Object* there = after.find(NameSpace::relation, schema, table);
        const Object* again =
            there == nullptr ? nullptr : after.find(NameSpace::column, there->id, column);
        if (again == nullptr) return true;
        finding.message = lost + "; the column of that name afterwards is another one";
        if (copied) finding.severity = Severity::note;
        if (!needs_an_empty_table(after, *again, statement)) return true;
        finding.severity = Severity::note;
        finding.message = fmt::format("\"{}\" comes back NOT NULL without a default, which fails "
                                      "where \"{}\" holds a row (23502): no value can be lost",
                                      column, name);
        return true;
    };
}

void check(const ActionContext& context, Findings& findings) {
    const auto* drop = context.action_as<DropColumn>();
    if (drop == nullptr || context.action.written_for == ObjectKind::type) return;
    const Outcome::Status status = context.outcome.status;
    if (status == Outcome::Status::refused || status == Outcome::Status::skipped) return;
    const ObjectId table = table_of(context);
    const Object* column = context.catalog.find(NameSpace::column, table, drop->column.text);
    const ObjectId newest = column != nullptr ? column->id : table;
    if (context.created_in_this_deployment(newest)) return;
    const Object* relation = context.catalog.find(table);
    const std::string name =
        relation != nullptr ? context.display_name(table) : to_string(drop->relation);
    const RowUse* copy = context.copied(table, drop->column.text);
    const std::string lost = fmt::format(R"(dropping "{}" destroys its values in "{}"{})",
                                         drop->column.text, name, lint::beyond_repair(copy));
    Finding& finding = findings.add(
        drop->column.span, lost + ", and deployed code that still names it fails from that moment");
    lint::note_copy(copy, finding);
    if (relation != nullptr)
        finding.settle = when_it_comes_back(context, *relation, drop->column.text, lost);
    for (const lint::Loss& loss : lint::losses_of(context)) {
        if (column != nullptr && loss.object->id == column->id)
            lint::add_notes(context, loss.others, finding);
    }
    finding.instead = "deploy code that no longer reads or writes the column first, keep a copy of "
                      "the values that may be wanted back, and drop it in a later release";
}

} // namespace

constinit const Rule drop_column{
    .id = "drop-column",
    .category = Category::destructive,
    .severity = Severity::error,
    .summary = "A column that production has is dropped, with its values.",
    .why = R"(The values are gone once the transaction commits: a down script can add the column
again, not what was in it. The drop itself is quick (`ACCESS EXCLUSIVE`, for a moment), but every
query that names the column fails from then on with SQLSTATE 42703, and during a deployment old code
still runs. Many ORMs name all columns in each `SELECT`, so that code which does not use the column
fails too. Indexes and constraints over the column go silently, and `CASCADE` takes along the views
that show it.

Where an earlier statement of the deployment copies the column's values (`UPDATE ... SET` or
`INSERT ... SELECT`, `CREATE TABLE AS`), it is a warning that says where: what that statement leaves
out, and what is written after it, is gone. Where the table has a column of that name again at the
end, added anew or renamed, deployed code does not fail for want of it; where its values were copied
as well, that is a note, and so it is where the same statement brings it back `NOT NULL` without a default:
that fails where the table holds a row.

Not reported for a column that the same migration added or whose table it created, nor where
`IF EXISTS` finds no such column, nor in down scripts.)",
    .fix = R"(Take two releases: the first stops reading and writing the column (an ORM may have to
be told to ignore it), the second drops it. Keep a copy of the values that may be wanted back.)",
    .elsewhere =
        R"(squawk ban-drop-column, atlas DS103, postgres-language-server banDropColumn, strong_migrations
remove_column, pgsafe drop-column, pgrubic US001, diesel-guard DropColumnCheck)",
    .bad = R"(ALTER TABLE accounts DROP COLUMN nickname;)",
    .good = R"(CREATE TABLE drafts (id bigint PRIMARY KEY, scratch text);
ALTER TABLE drafts DROP COLUMN scratch;)",
    .check = check,
};

} // namespace ordain::rules
