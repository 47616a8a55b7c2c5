#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace ordain::rules {
namespace {

/// Objects that go with the column: by themselves what belongs to it (indexes, constraints, owned
/// sequences, all that pg_depend calls automatic or internal), with CASCADE what merely uses it.
std::vector<const Object*> casualties(const ActionContext& context, const Object& column) {
    const auto* drop = context.action_as<DropColumn>();
    const bool cascade = drop->behavior == DropBehavior::cascade;
    const Catalog& catalog = context.catalog;
    std::vector<const Object*> gone;
    std::set<ObjectId> seen = {column.id};
    std::vector<ObjectId> pending = {column.id};
    while (!pending.empty()) {
        const ObjectId on = pending.back();
        pending.pop_back();
        for (const ObjectId id : catalog.dependents(on)) {
            const Object& object = catalog.at(id);
            const auto goes = [&](const Dependency& dependency) {
                const bool owned = dependency.type == DependencyType::automatic ||
                                   dependency.type == DependencyType::internal;
                const bool uses = cascade && dependency.type == DependencyType::normal;
                return dependency.on == on && (owned || uses);
            };
            if (!std::ranges::any_of(object.depends, goes) || !seen.insert(id).second) continue;
            gone.push_back(&object);
            pending.push_back(id);
            for (const ObjectId child : catalog.children(id)) {
                if (seen.insert(child).second) pending.push_back(child);
            }
        }
    }
    std::ranges::sort(gone, {}, [](const Object* object) { return object->id; });
    return gone;
}

std::optional<Location> place_of(const ActionContext& context, const Origin& origin) {
    const std::vector<Migration>& migrations = context.plan.migrations;
    const bool placed = origin.migration != 0 && origin.migration <= migrations.size();
    if (!placed || origin.span.empty()) return std::nullopt;
    return Location{.file = migrations[origin.migration - 1].up.file, .span = origin.span};
}

/// The index of a constraint goes without saying.
bool stands_for_itself(const Object& object) {
    const auto internal = [](const Dependency& on) { return on.type == DependencyType::internal; };
    return std::ranges::none_of(object.depends, internal);
}

void add_casualties(const ActionContext& context, const Object& column, Finding& finding) {
    for (const Object* object : casualties(context, column)) {
        if (!stands_for_itself(*object)) continue;
        const bool elsewhere = object->parent != column.parent && object->parent != no_object;
        const std::string of = elsewhere
                                   ? fmt::format(" of \"{}\"", context.display_name(object->parent))
                                   : std::string();
        finding.notes.push_back({.message = fmt::format("{} \"{}\"{} goes with it",
                                                        name_of(object->kind), object->name, of),
                                 .where = place_of(context, object->created)});
    }
}

/// The table, also where the column is not known: every form of the action locks it.
ObjectId table_of(const ActionContext& context) {
    const auto& locks = context.outcome.locks;
    return locks.empty() ? no_object : locks.front().relation;
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
    Finding& finding = findings.add(
        drop->column.span,
        fmt::format(
            "dropping \"{}\" destroys its values in \"{}\" for good, and deployed code that "
            "still names it fails from that moment",
            drop->column.text, name));
    if (column != nullptr) add_casualties(context, *column, finding);
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
