#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

/// Null where no history says what the relation is.
const Object* relation_of(const ActionContext& context) {
    const std::vector<ObjectId>& targets = context.outcome.targets;
    return targets.empty() ? nullptr : context.catalog.find(targets.front());
}

/// Production does not have the column, or knows it or its table by no such name.
bool is_new(const ActionContext& context, const Object* relation, const std::string& name) {
    if (relation == nullptr) return false;
    const Object* column = context.catalog.find(NameSpace::column, relation->id, name);
    const ObjectId newest = column != nullptr ? column->id : relation->id;
    return context.created_in_this_deployment(newest) ||
           context.in_this_deployment(relation->named) ||
           (column != nullptr && context.in_this_deployment(column->named));
}

void check(const ActionContext& context, Findings& findings) {
    const auto* rename = context.action_as<RenameObject>();
    const bool column = rename != nullptr && rename->object.kind == ObjectKind::column;
    const Outcome::Status status = context.outcome.status;
    const bool runs = status == Outcome::Status::done || status == Outcome::Status::unknown;
    if (!column || !runs || context.action.written_for == ObjectKind::type) return;
    const Object* relation = relation_of(context);
    const std::string& from = rename->object.name.name.text;
    const bool composite = relation != nullptr && relation->kind == ObjectKind::composite_type;
    if (composite || is_new(context, relation, from)) return;
    const std::string name = relation != nullptr ? context.display_name(relation->id)
                                                 : to_string(rename->object.relation);
    Finding& finding = findings.add(
        rename->object.name.name.span,
        fmt::format(
            R"(deployed code that names "{}" of "{}" fails from the moment it is called "{}")",
            from, name, rename->to.text));
    finding.instead = fmt::format(
        "add \"{}\" beside \"{}\", write both and copy what is there in batches, let code read the "
        "new one, and drop the old one in a later release",
        rename->to.text, from);
    if (relation == nullptr) return;
    finding.settle = [schema = relation->schema, relation_name = relation->name,
                      from](const Catalog& after, Finding& /*finding*/) {
        const Object* there = after.find(NameSpace::relation, schema, relation_name);
        return there != nullptr && after.find(NameSpace::column, there->id, from) == nullptr;
    };
}

} // namespace

constinit const Rule rename_column{
    .id = "rename-column",
    .category = Category::compatibility,
    .severity = Severity::warning,
    .summary = "A column that deployed code uses gets another name.",
    .why =
        R"(Renaming is quick (`ACCESS EXCLUSIVE`, for a moment), but every query with the old name
fails from then on with SQLSTATE 42703. During a deployment old code still runs, and many ORMs name all
columns in each `SELECT` and `INSERT`, so that code which does not use the column fails too. Views,
indexes and constraints follow the column by themselves; function bodies do not.

Not reported for a column that the same deployment added or whose relation it made, nor where at its
end the relation has a column of the old name again: renamed back, added anew, or shown by a view in
the place of the table. Columns of views count, attributes of composite types do not.)",
    .fix =
        R"(Keep the name in the database and map it in the code where that is enough. Else add a column
of the new name, write both (a trigger can do so for code that is deployed already), copy what is there
in batches, let code read the new one, and drop the old one in a later release. Or rename the table and
put a view with the old names in its place.)",
    .elsewhere = R"(squawk renaming-column, atlas BC102, postgres-language-server renamingColumn,
strong_migrations rename_column, pgrubic US003)",
    .bad = R"(ALTER TABLE users RENAME COLUMN name TO full_name;)",
    .good = R"(ALTER TABLE users ADD COLUMN full_name text;)",
    .check = check,
};

} // namespace ordain::rules
