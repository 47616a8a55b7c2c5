#include "catalog/resolve.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

/// Since PostgreSQL 15 a view can be read with the rights of its reader.
constexpr std::uint32_t with_security_invoker = 15;

/// ALTER TABLE renames views and indexes too, and ALTER INDEX tables: what it is decides.
bool is_table(const ActionContext& context, const RenameObject& rename, ObjectId id) {
    const Object* object = context.catalog.find(id);
    switch (object != nullptr ? object->kind : rename.object.kind) {
    case ObjectKind::table:
    case ObjectKind::partitioned_table:
    case ObjectKind::foreign_table: return true;
    default: return false;
    }
}

/// The table, where production knows it by the name that it loses; else no_object.
ObjectId renamed_table(const ActionContext& context) {
    const auto* rename = context.action_as<RenameObject>();
    const Outcome& outcome = context.outcome;
    const bool runs =
        outcome.status == Outcome::Status::done || outcome.status == Outcome::Status::unknown;
    if (rename == nullptr || !runs || outcome.targets.empty()) return no_object;
    if (name_space_of(rename->object.kind) != NameSpace::relation) return no_object;
    const ObjectId id = outcome.targets.front();
    if (!is_table(context, *rename, id) || context.created_in_this_deployment(id)) return no_object;
    const Object* before = context.catalog.find(id);
    const bool renamed_before = before != nullptr && context.in_this_deployment(before->named);
    return renamed_before ? no_object : id;
}

/// The new name, and a view in the place of the old one.
std::string with_view(const ActionContext& context, const RenameObject& rename) {
    const Identifier& schema = rename.object.name.schema;
    const std::string home =
        schema.empty() ? std::string() : catalog::quote_identifier(schema.text) + ".";
    const std::string from = home + catalog::quote_identifier(rename.object.name.name.text);
    const std::string to = catalog::quote_identifier(rename.to.text);
    const bool invoker = context.settings.postgres >= with_security_invoker;
    return fmt::format(
        "ALTER TABLE {} RENAME TO {};\n"
        "CREATE VIEW {}{} AS SELECT * FROM {}{};\n"
        "in one transaction, with the privileges that the table has: deployed code reads and "
        "writes through the view; drop it in a later release",
        from, to, from, invoker ? " WITH (security_invoker = true)" : "", home, to);
}

void check(const ActionContext& context, Findings& findings) {
    const ObjectId id = renamed_table(context);
    if (id == no_object) return;
    const auto* rename = context.action_as<RenameObject>();
    const std::string& old_name = rename->object.name.name.text;
    Finding& finding = findings.add(
        rename->object.name.span(),
        fmt::format(R"(deployed code that names "{}" fails from the moment it is called "{}")",
                    to_string(rename->object.name), rename->to.text));
    finding.instead = with_view(context, *rename);
    finding.settle = [id, schema = context.object(id)->schema, old_name](const Catalog& after,
                                                                         Finding& /*finding*/) {
        // What is dropped by now is told by drop-table.
        return after.find(id) != nullptr &&
               after.find(NameSpace::relation, schema, old_name) == nullptr;
    };
}

} // namespace

constinit const Rule rename_table{
    .id = "rename-table",
    .category = Category::compatibility,
    .severity = Severity::warning,
    .summary = "A table that deployed code uses gets another name.",
    .why =
        R"(Renaming is quick (`ACCESS EXCLUSIVE`, for a moment), but every query with the old name
fails from then on with SQLSTATE 42P01. During a deployment old code still runs, and after a rollback
of the code it runs again. Views, foreign keys and triggers follow the table by themselves; function
bodies and whatever lives outside of the database do not.

Not reported for a table that the same deployment created, nor where at its end a relation has the
old name again: the table itself, renamed back, a view of it, or another table in its place. What is
no table (a view, an index, a sequence) is not reported, whichever `ALTER` renames it.)",
    .fix =
        R"(Put a view with the old name in the table's place, in the same transaction: a view of all
columns of one table can be written to like the table (manual, CREATE VIEW, Updatable Views), except by
`COPY`. It needs the table's privileges granted anew, and `security_invoker` (PostgreSQL 15) where
policies of the table must hold for its readers. Drop it when nothing uses the old name any more.)",
    .elsewhere = R"(squawk renaming-table, atlas BC101, postgres-language-server renamingTable,
strong_migrations rename_table, pgsafe rename, pgrubic US022)",
    .bad = R"(ALTER TABLE users RENAME TO accounts;)",
    .good = R"(BEGIN;
ALTER TABLE users RENAME TO accounts;
CREATE VIEW users WITH (security_invoker = true) AS SELECT * FROM accounts;
COMMIT;)",
    .check = check,
};

} // namespace ordain::rules
