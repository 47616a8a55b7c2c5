#include "lint/acceptances.hpp"
#include "lint/written.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace ordain::rules {
namespace {

bool is_looked_at(const Plan& /*plan*/, const Settings& settings) {
    return !settings.naming.schemas.empty();
}

bool is_temporary(const Object& object) {
    const auto* relation = object.get_if<RelationDetails>();
    return relation != nullptr && relation->persistence == Persistence::temporary;
}

/// A schema, or the schema of what lives in one of its own right.
const Object* schema_of(const Catalog& catalog, const Object& object) {
    if (object.kind == ObjectKind::schema) return &object;
    const bool part = object.parent != no_object;
    return part || is_temporary(object) ? nullptr : catalog.find(object.schema);
}

/// An object with where it was named.
struct Newcomer {
    const Object* object = nullptr;
    Location where;
};

using Key = std::pair<std::uint32_t, ObjectId>; ///< A migration and a schema.

/// The first object that each migration makes in, or moves to, a schema that is not managed.
std::map<Key, Newcomer> newcomers(const PlanContext& context) {
    const std::vector<std::string>& managed = context.settings.naming.schemas;
    std::map<Key, Newcomer> found;
    for (const Object* object : context.catalog.objects()) {
        if (!context.reports_on(object->named)) continue;
        const Object* schema = schema_of(context.catalog, *object);
        if (schema == nullptr || std::ranges::count(managed, schema->name) > 0) continue;
        const std::optional<Location> where = lint::chosen_name_place(context, *object);
        if (!where) continue;
        Newcomer& first = found[{object->named.migration, schema->id}];
        const bool earlier = first.object == nullptr || object->named < first.object->named;
        if (earlier) first = {.object = object, .where = *where};
    }
    return found;
}

void check_plan(const PlanContext& context, Findings& findings) {
    for (const auto& [key, newcomer] : newcomers(context)) {
        const Object& object = *newcomer.object;
        const bool schema = object.kind == ObjectKind::schema;
        findings
            .add(newcomer.where, key.first,
                 fmt::format("{} \"{}\" {} not among those that are managed here: {}",
                             name_of(object.kind), context.display_name(object.id),
                             schema ? "is" : "lies in a schema that is",
                             fmt::join(context.settings.naming.schemas, ", ")))
            .objects = {lint::dotted_name(context.catalog, object.id)};
    }
}

} // namespace

constinit const Rule unmanaged_schema{
    .id = "unmanaged-schema",
    .category = Category::naming,
    .severity = Severity::warning,
    .summary = "An object is made in a schema that the migrations do not manage.",
    .why =
        R"(What grants, backups, schema dumps and the code's search_path cover is a list of schemas. What
is made in another one is none of theirs: it is missing in the copy that is restored, and roles that may use
all the rest get "permission denied for schema". Often only the search_path was another than was thought, or
a name was mistyped.

Where `schemas` stands under `[naming]` in ordain.toml, it lists the schemas, and each object that the migrations
make or move is to lie in one of them once all have run; a schema that they make is to be one of them. Said once
a migration and schema, at the first. Temporary objects lie in none.)",
    .fix =
        R"(Write the schema before the name, or add it to `schemas` and to whatever else lists them.)",
    .elsewhere = R"(pgrubic SM002)",
    .bad = R"(-- ordain.toml: [naming]
-- ordain.toml: schemas = ["public", "intake"]
CREATE TABLE intakes.events (id bigint PRIMARY KEY);)",
    .good = R"(-- ordain.toml: [naming]
-- ordain.toml: schemas = ["public", "intake"]
CREATE TABLE intake.events (id bigint PRIMARY KEY);)",
    .on_by_default = false,
    .enabled_for = is_looked_at,
    .enabled_where = "where `[naming]` has `schemas`",
    .check_plan = check_plan,
};

} // namespace ordain::rules
