#include "catalog/builtin.hpp"
#include "replay/actions.hpp"
#include "replay/dependency.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

using catalog::Lookup;

bool has_kind(const Object& object, ObjectKind written) {
    if (object.kind == written) return true;
    if (written == ObjectKind::table) return object.kind == ObjectKind::partitioned_table;
    if (written == ObjectKind::type) {
        return name_space_of(object.kind) == NameSpace::type ||
               object.kind == ObjectKind::composite_type;
    }
    return false;
}

/// 42P01 for relations, 42704 for most others (does_not_exist_skipping's errors in the catalogs).
void refuse_missing(Step& step, const ObjectName& name) {
    const std::string text = to_string(name.name);
    const Span span = name.name.span();
    const bool known_schema =
        name.name.schema.empty() || !step.resolver().schema(name.name.schema.text).absent();
    if (!known_schema && name.kind != ObjectKind::type && name.kind != ObjectKind::domain) {
        step.refuse("3F000", fmt::format("schema \"{}\" does not exist", name.name.schema.text),
                    name.name.schema.span);
        return;
    }
    switch (name.kind) {
    case ObjectKind::table:
    case ObjectKind::foreign_table:
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::sequence:
        step.refuse(
            "42P01",
            fmt::format("{} \"{}\" does not exist", name_of(name.kind), name.name.name.text), span);
        return;
    case ObjectKind::index:
        step.refuse("42704", fmt::format("index \"{}\" does not exist", name.name.name.text), span);
        return;
    case ObjectKind::schema:
        step.refuse("3F000", fmt::format("schema \"{}\" does not exist", text), span);
        return;
    case ObjectKind::statistics:
        step.refuse("42704", fmt::format("statistics object \"{}\" does not exist", text), span);
        return;
    default:
        step.refuse("42704",
                    fmt::format("{} \"{}\" does not exist",
                                name.kind == ObjectKind::domain ? "type" : name_of(name.kind),
                                text),
                    span);
        return;
    }
}

Lookup look_up(Step& step, const ObjectName& name) {
    const catalog::Resolver& resolver = step.resolver();
    switch (name.kind) {
    case ObjectKind::schema: return resolver.schema(name.name.name.text);
    case ObjectKind::type:
    case ObjectKind::domain: return resolver.type(name.name);
    case ObjectKind::extension:
    case ObjectKind::role:
    case ObjectKind::publication:
    case ObjectKind::event_trigger:
        return resolver.global(name_space_of(name.kind), name.name.name.text);
    case ObjectKind::statistics: return resolver.in_schema(NameSpace::statistics, name.name);
    default: return resolver.relation(name.name);
    }
}

void refuse_kind(Step& step, const ObjectName& name, const Object& found) {
    const std::string_view article = name.kind == ObjectKind::index ? "an" : "a";
    step.refuse("42809",
                fmt::format("\"{}\" is not {} {}", found.name, article, name_of(name.kind)),
                name.name.span());
}

/// What is dropped without a guard must have been there: it is locked, and gone from then on.
ObjectId assumed_relation(Step& step, const ObjectName& name, const Lookup& lookup) {
    const bool relation = name.kind == ObjectKind::table || name.kind == ObjectKind::view ||
                          name.kind == ObjectKind::materialized_view ||
                          name.kind == ObjectKind::foreign_table;
    if (!relation || !lookup.assumed || step.action().guard != Guard::none) return no_object;
    const Object* invented = step.invent_relation(name.name, name.kind, true);
    return invented == nullptr ? no_object : invented->id;
}

/// no_object when nothing is to be dropped: refused, skipped, or never seen.
ObjectId find_whole(Step& step, const ObjectName& name) {
    const Lookup lookup = look_up(step, name);
    if (lookup.absent()) {
        if (step.action().guard == Guard::if_exists) {
            step.skip();
        } else if (name.kind == ObjectKind::role) {
            step.database().assumed.insert(fmt::format("role \"{}\"", name.name.name.text));
        } else {
            refuse_missing(step, name);
        }
        return no_object;
    }
    if (lookup.state == Lookup::State::maybe) {
        if (lookup.assumed) {
            step.database().assumed.insert(
                fmt::format("{} \"{}\"", name_of(name.kind), to_string(name.name)));
        } else if (step.action().guard == Guard::none) {
            step.doubt(lookup.reason);
        }
    }
    if (lookup.object == nullptr) return assumed_relation(step, name, lookup);
    if (!has_kind(*lookup.object, name.kind)) {
        refuse_kind(step, name, *lookup.object);
        return no_object;
    }
    const std::string_view altered = step.catalog().alteration_doubt(*lookup.object);
    if (!altered.empty()) step.doubt(std::string(altered));
    step.depend(lookup.id, name.name.span(), Dependence::Kind::exists,
                step.action().guard == Guard::none);
    return lookup.id;
}

/// Trigger, policy or rule of a table.
ObjectId find_part(Step& step, const ObjectName& name) {
    const bool guarded = step.action().guard == Guard::if_exists;
    const Lookup owner = step.resolver().relation(name.relation);
    if (owner.absent() && guarded) {
        step.skip();
        return no_object;
    }
    const NameSpace space = name_space_of(name.kind);
    const bool lacking = owner.object != nullptr &&
                         step.resolver().part(space, owner.id, name.name.name.text).absent();
    if (guarded && lacking) { // The lock is given back at once (get_object_address_relobject).
        step.skip();
        return no_object;
    }
    const Object* relation = step.relation(name.relation, LockMode::access_share);
    if (relation == nullptr) return no_object;
    const Lookup lookup = step.resolver().part(space, relation->id, name.name.name.text);
    if (lookup.absent()) {
        const std::string_view link = name.kind == ObjectKind::rule ? "relation" : "table";
        step.refuse("42704",
                    fmt::format(R"({} "{}" for {} "{}" does not exist)", name_of(name.kind),
                                name.name.name.text, link, relation->name),
                    name.name.span());
        return no_object;
    }
    if (lookup.state == Lookup::State::maybe && !lookup.assumed && !guarded)
        step.doubt(lookup.reason);
    if (lookup.object != nullptr) {
        step.depend(lookup.id, name.name.span(), Dependence::Kind::exists, !guarded);
    }
    return lookup.id;
}

ObjectId find_function(Step& step, const ObjectName& name) {
    const analyze::Binder::BoundFunction found =
        step.binder().bind_signature(name.function, name.kind);
    const bool guarded = step.action().guard == Guard::if_exists;
    if (found.function == nullptr && guarded && found.doubt.empty()) {
        const bool missing = !found.problem || found.problem->sqlstate != "42725";
        if (missing && !found.builtin) {
            step.skip();
            return no_object;
        }
    }
    if (found.problem) {
        step.refuse(*found.problem);
        return no_object;
    }
    if (!found.doubt.empty() && !guarded) step.doubt(found.doubt);
    if (found.function == nullptr) return no_object;
    step.depend(found.function->id, name.function.name.span(), Dependence::Kind::exists, !guarded);
    return found.function->id;
}

bool mentions_role(const Object& object, const std::string& role) {
    const auto* policy = object.get_if<PolicyDetails>();
    return object.owner == role ||
           (policy != nullptr && std::ranges::count(policy->roles, role) > 0) ||
           std::ranges::any_of(object.grants, [&role](const std::string& line) {
               return line.size() > role.size() && line.starts_with(role) &&
                      line[role.size()] == '=';
           });
}

/// A role with privileges, objects or policies cannot go (checkSharedDependencies).
ObjectId find_role(Step& step, const ObjectName& name) {
    const ObjectId role = find_whole(step, name);
    const std::string& word = name.name.name.text;
    if (step.refused()) return role;
    const bool used = std::ranges::any_of(step.catalog().objects(), [&word](const Object* object) {
        return mentions_role(*object, word);
    });
    if (!used) return role;
    step.refuse(
        "2BP01",
        fmt::format("role \"{}\" cannot be dropped because some objects depend on it", word),
        name.name.span());
    return no_object;
}

ObjectId find_target(Step& step, const ObjectName& name) {
    switch (name.kind) {
    case ObjectKind::trigger:
    case ObjectKind::policy:
    case ObjectKind::rule: return find_part(step, name);
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::aggregate: return find_function(step, name);
    case ObjectKind::role: return find_role(step, name);
    case ObjectKind::table:
    case ObjectKind::foreign_table:
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::sequence:
    case ObjectKind::index:
    case ObjectKind::schema:
    case ObjectKind::type:
    case ObjectKind::domain:
    case ObjectKind::extension:
    case ObjectKind::publication:
    case ObjectKind::event_trigger:
    case ObjectKind::statistics: return find_whole(step, name);
    default: break;
    }
    step.doubt(fmt::format("DROP of a {} is not modelled", name_of(name.kind)));
    return no_object;
}

bool allowed_in_block(Step& step, const DropObject& drop) {
    if (drop.concurrently) return step.runs_outside_block("DROP INDEX CONCURRENTLY");
    if (drop.object.kind == ObjectKind::database) return step.runs_outside_block("DROP DATABASE");
    if (drop.object.kind == ObjectKind::tablespace)
        return step.runs_outside_block("DROP TABLESPACE");
    return true;
}

/// What CONCURRENTLY cannot do, whatever it names (RemoveRelations).
bool drops_one_alone(Step& step, const DropObject& drop) {
    if (drop.count > 1) {
        return step.refuse(
            "0A000", "DROP INDEX CONCURRENTLY does not support dropping multiple objects", {});
    }
    return drop.behavior == DropBehavior::restrict_ ||
           step.refuse("0A000", "DROP INDEX CONCURRENTLY does not support CASCADE", {});
}

bool is_not_partitioned(Step& step, const DropObject& drop, ObjectId index) {
    const Object* dropped = step.catalog().find(index);
    const Object* owner = dropped == nullptr ? nullptr : step.catalog().find(dropped->parent);
    if (owner == nullptr || owner->kind != ObjectKind::partitioned_table) return true;
    return step.refuse(
        "0A000", fmt::format("cannot drop partitioned index \"{}\" concurrently", dropped->name),
        drop.object.name.span());
}

void drop_set(Step& step, const std::vector<NamedDrop>& set, DropBehavior behavior) {
    std::vector<ObjectId> roots;
    roots.reserve(set.size());
    for (const NamedDrop& named : set)
        roots.push_back(named.object);
    drop_objects(step, roots, behavior);
    for (Dropped& dropped : step.outcome().dropped) {
        const auto named = std::ranges::find(set, dropped.object, &NamedDrop::object);
        if (named != set.end()) dropped.span = named->span;
    }
}

} // namespace

void apply(Step& step, const DropObject& drop) {
    if (!allowed_in_block(step, drop)) return;
    if (drop.concurrently && !drops_one_alone(step, drop)) return;
    // The objects of one DROP go as one set: the last of them carries it out.
    std::vector<NamedDrop>& set = step.database().pending_drops;
    if (drop.index == 0) set.clear();
    const ObjectId id = find_target(step, drop.object);
    if (drop.concurrently && !is_not_partitioned(step, drop, id)) return;
    if (id != no_object) {
        step.target(id);
        if (std::ranges::count(set, id, &NamedDrop::object) == 0)
            set.push_back({.object = id, .span = drop.object.span});
    }
    if (step.refused() || drop.index + 1 < drop.count || set.empty()) return;
    drop_set(step, set, drop.behavior);
}

} // namespace ordain::replay
