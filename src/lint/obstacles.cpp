#include "lint/obstacles.hpp"

#include "lint/message.hpp"
#include "replay/observer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ordain/judgement.hpp>

namespace ordain::lint {
namespace {

/// Longer lists say how many there are.
constexpr std::size_t most_notes = 5;

std::optional<Location> place_of(const Plan& plan, const Origin& origin) {
    const bool placed =
        origin.migration != 0 && origin.migration <= plan.migrations.size() && !origin.span.empty();
    if (!placed) return std::nullopt;
    return Location{.file = plan.migrations[origin.migration - 1].up.file, .span = origin.span};
}

/// The only object that a message of the class "already exists" or "does not exist" can mean.
const Object* only_one(const Catalog& catalog, const NamedInMessage& named) {
    const Object* found = nullptr;
    for (const Object* object : catalog.objects()) {
        if (object->name != named.name || name_space_of(object->kind) != named.space) continue;
        const Object* parent = catalog.find(object->parent);
        const bool elsewhere =
            !named.container.empty() && parent != nullptr && parent->name != named.container;
        if (elsewhere) continue;
        if (found != nullptr) return nullptr;
        found = object;
    }
    return found;
}

std::string kind_and_name(const Catalog& catalog, const Object& object) {
    const Object* parent = catalog.find(object.parent);
    const bool part = parent != nullptr && object.kind != ObjectKind::index;
    return part ? fmt::format(R"({} "{}" of "{}")", name_of(object.kind), object.name, parent->name)
                : fmt::format("{} \"{}\"", name_of(object.kind), object.name);
}

std::vector<FindingNote> holder_of_name(const Plan& plan, const replay::Observed& refused) {
    const Object* holder = only_one(refused.catalog, named_in(refused.outcome.refusal.message));
    if (holder == nullptr) return {};
    const std::optional<Location> where = place_of(plan, holder->created);
    if (!where) return {};
    return {{.message = fmt::format("{} is created here", kind_and_name(refused.catalog, *holder)),
             .where = where}};
}

/// Objects that RESTRICT does not let go.
std::vector<FindingNote> dependents_of(const Plan& plan, const replay::Observed& refused) {
    std::vector<FindingNote> notes;
    const std::vector<ObjectId>& all = refused.outcome.refusal.dependents;
    for (std::size_t index = 0; index < std::min(all.size(), most_notes); ++index) {
        const Object& object = refused.catalog.at(all[index]);
        notes.push_back(
            {.message = fmt::format("{} depends on it", kind_and_name(refused.catalog, object)),
             .where = place_of(plan, object.created)});
    }
    if (all.size() > most_notes)
        notes.push_back(
            {.message = fmt::format("and {} more", all.size() - most_notes), .where = {}});
    return notes;
}

const Tombstone* tombstone_of(const Catalog& catalog, const NamedInMessage& named) {
    const NameSpace space = named.space;
    if (space == NameSpace::schema) return catalog.tombstone(space, no_object, named.name);
    const Tombstone* found = nullptr;
    const bool part = space == NameSpace::column || space == NameSpace::constraint ||
                      space == NameSpace::trigger || space == NameSpace::policy;
    for (const Object* object : catalog.objects()) {
        const bool container = part ? object->name == named.container &&
                                          name_space_of(object->kind) == NameSpace::relation
                                    : object->kind == ObjectKind::schema;
        if (!container) continue;
        const Tombstone* tombstone = catalog.tombstone(space, object->id, named.name);
        if (tombstone == nullptr) continue;
        if (found != nullptr) return nullptr;
        found = tombstone;
    }
    return found;
}

std::vector<FindingNote> remover_of_name(const Plan& plan, const replay::Observed& refused) {
    const NamedInMessage named = named_in(refused.outcome.refusal.message);
    const Tombstone* tombstone = tombstone_of(refused.catalog, named);
    if (tombstone == nullptr) return {};
    const std::optional<Location> where = place_of(plan, tombstone->removed);
    if (!where) return {};
    return {
        {.message = fmt::format("\"{}\" is dropped or renamed here", named.name), .where = where}};
}

/// A relation of that name in a schema that is not looked into: what a runner sets on its own
/// connections is in none of its scripts.
std::vector<FindingNote> namesake_elsewhere(const Plan& plan, const replay::Observed& refused) {
    const NamedInMessage named = named_in(refused.outcome.refusal.message);
    if (named.space != NameSpace::relation || !named.schema.empty()) return {};
    const Object* relation = only_one(refused.catalog, named);
    const Object* schema = relation == nullptr ? nullptr : refused.catalog.find(relation->schema);
    if (schema == nullptr || schema->name.starts_with("pg_")) return {};
    return {{.message =
                 fmt::format("there is {} in schema \"{}\": a runner whose connections look "
                             "there says so in ordain.toml: [plan] search_path = [\"{}\", "
                             "\"public\"]",
                             kind_and_name(refused.catalog, *relation), schema->name, schema->name),
             .where = place_of(plan, relation->created)}};
}

} // namespace

std::vector<FindingNote> obstacles_to(const Plan& plan, const replay::Observed& refused) {
    const std::string& sqlstate = refused.outcome.refusal.sqlstate;
    if (sqlstate == "2BP01") return dependents_of(plan, refused);
    const std::string_view message = refused.outcome.refusal.message;
    if (message.find("already exists") != std::string_view::npos) {
        return holder_of_name(plan, refused);
    }
    if (message.find("does not exist") != std::string_view::npos) {
        std::vector<FindingNote> removed = remover_of_name(plan, refused);
        return removed.empty() ? namesake_elsewhere(plan, refused) : removed;
    }
    return {};
}

} // namespace ordain::lint
