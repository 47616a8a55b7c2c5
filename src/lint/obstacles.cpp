#include "lint/obstacles.hpp"

#include "replay/observer.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <ordain/judgement.hpp>

namespace ordain::lint {
namespace {

/// Longer lists say how many there are.
constexpr std::size_t most_notes = 5;

std::optional<Location> place_of(const Plan& plan, const Origin& origin) {
    const bool placed = origin.migration != 0 && origin.migration <= plan.migrations.size() &&
                        !origin.span.empty();
    if (!placed) return std::nullopt;
    return Location{.file = plan.migrations[origin.migration - 1].up.file, .span = origin.span};
}

/// The objects that a server's message names: `column "a" of relation "t"`.
struct Named {
    std::string_view name;
    std::string_view container; ///< Empty when there is one name only.
};

Named names_in(std::string_view message) {
    std::array<std::string_view, 2> names;
    for (std::string_view& name : names) {
        const std::size_t open = message.find('"');
        const std::size_t close = message.find('"', open + 1);
        if (open == std::string_view::npos || close == std::string_view::npos) break;
        name = message.substr(open + 1, close - open - 1);
        message.remove_prefix(close + 1);
    }
    return {.name = names[0], .container = names[1]};
}

/// The only object that a message of the class "already exists" or "does not exist" can mean.
const Object* only_one(const Catalog& catalog, NameSpace space, const Named& named) {
    const Object* found = nullptr;
    for (const Object* object : catalog.objects()) {
        if (object->name != named.name || name_space_of(object->kind) != space) continue;
        const Object* parent = catalog.find(object->parent);
        const bool elsewhere = !named.container.empty() && parent != nullptr &&
                               parent->name != named.container;
        if (elsewhere) continue;
        if (found != nullptr) return nullptr;
        found = object;
    }
    return found;
}

NameSpace space_in(std::string_view message) {
    constexpr std::array<std::pair<std::string_view, NameSpace>, 10> words = {{
        {"column", NameSpace::column},
        {"constraint", NameSpace::constraint},
        {"trigger", NameSpace::trigger},
        {"policy", NameSpace::policy},
        {"rule", NameSpace::rule},
        {"type", NameSpace::type},
        {"schema", NameSpace::schema},
        {"function", NameSpace::function},
        {"extension", NameSpace::extension},
        {"statistics", NameSpace::statistics},
    }};
    for (const auto& [word, space] : words) {
        if (message.starts_with(word)) return space;
    }
    return NameSpace::relation;
}

std::string kind_and_name(const Catalog& catalog, const Object& object) {
    const Object* parent = catalog.find(object.parent);
    const bool part = parent != nullptr && object.kind != ObjectKind::index;
    return part ? fmt::format("{} \"{}\" of \"{}\"", name_of(object.kind), object.name, parent->name)
                : fmt::format("{} \"{}\"", name_of(object.kind), object.name);
}

std::vector<FindingNote> holder_of_name(const Plan& plan, const replay::Observed& refused) {
    const std::string_view message = refused.outcome.refusal.message;
    const Object* holder =
        only_one(refused.catalog, space_in(message), names_in(message));
    if (holder == nullptr) return {};
    const std::optional<Location> where = place_of(plan, holder->created);
    if (!where) return {};
    return {{.message = fmt::format("{} is created here",
                                    kind_and_name(refused.catalog, *holder)),
             .where = where}};
}

/// Objects that RESTRICT does not let go, each once.
std::vector<FindingNote> dependents_of(const Plan& plan, const replay::Observed& refused) {
    std::vector<FindingNote> notes;
    std::size_t count = 0;
    std::vector<ObjectId> within = refused.outcome.targets;
    for (std::size_t next = 0; next < within.size(); ++next) {
        for (const ObjectId child : refused.catalog.children(within[next])) {
            if (std::ranges::count(within, child) == 0) within.push_back(child);
        }
    }
    std::vector<ObjectId> seen = within;
    for (const ObjectId target : within) {
        for (const ObjectId id : refused.catalog.dependents(target)) {
            const Object& object = refused.catalog.at(id);
            const bool holds = std::ranges::any_of(object.depends, [&](const Dependency& on) {
                return on.on == target && on.type == DependencyType::normal;
            });
            if (!holds || std::ranges::count(seen, id) > 0) continue;
            seen.push_back(id);
            if (++count > most_notes) continue;
            notes.push_back({.message = fmt::format("{} depends on it",
                                                    kind_and_name(refused.catalog, object)),
                             .where = place_of(plan, object.created)});
        }
    }
    if (count > most_notes) {
        notes.push_back({.message = fmt::format("and {} more", count - most_notes), .where = {}});
    }
    return notes;
}

const Tombstone* tombstone_of(const Catalog& catalog, NameSpace space, const Named& named) {
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
    const std::string_view message = refused.outcome.refusal.message;
    Named named = names_in(message);
    // relation "app.users" does not exist
    const std::size_t dot = named.name.rfind('.');
    if (dot != std::string_view::npos) named.name.remove_prefix(dot + 1);
    const Tombstone* tombstone = tombstone_of(refused.catalog, space_in(message), named);
    if (tombstone == nullptr) return {};
    const std::optional<Location> where = place_of(plan, tombstone->removed);
    if (!where) return {};
    return {{.message = fmt::format("\"{}\" is dropped or renamed here", named.name),
             .where = where}};
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
        return remover_of_name(plan, refused);
    }
    return {};
}

} // namespace ordain::lint
