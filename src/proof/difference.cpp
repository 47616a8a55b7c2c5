#include "proof/difference.hpp"

#include "catalog/resolve.hpp"
#include "proof/definition.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace ordain::proof {
namespace {

/// What one state says of an object.
struct Description {
    std::string definition;
    std::string annotations; ///< Comment and privileges.
    std::string unknown;
};
using Descriptions = std::map<ObjectReference, Description>;

Description describe_object(const Catalog& catalog, const Object& object) {
    Description description;
    description.definition = definition_of(catalog, object);
    if (!object.comment.empty()) description.annotations = "comment " + object.comment + ";";
    if (!object.owner.empty()) description.annotations += "owner " + object.owner + ";";
    for (const std::string& grant : object.grants)
        description.annotations += grant + ";";
    description.unknown =
        object.unknown.empty() ? std::string(catalog.presence_doubt(object)) : object.unknown;
    return description;
}

/// Touched objects, and those whose printed definition follows a renamed one.
std::set<ObjectId> affected(const Catalog& catalog, Catalog::Mark mark) {
    std::set<ObjectId> ids;
    for (const auto& [id, before, first] : catalog.touched_since(mark)) {
        ids.insert(id);
        const Object* after = catalog.find(id);
        const bool moved = before != nullptr && after != nullptr &&
                           (before->name != after->name || before->schema != after->schema);
        if (!moved) continue;
        for (const ObjectId dependent : catalog.dependents(id))
            ids.insert(dependent);
        for (const ObjectId child : catalog.children(id)) {
            ids.insert(child);
            for (const ObjectId dependent : catalog.dependents(child))
                ids.insert(dependent);
        }
        if (after->kind != ObjectKind::schema) continue;
        for (const ObjectId member : catalog.members(id)) {
            ids.insert(member);
            for (const ObjectId child : catalog.children(member))
                ids.insert(child);
        }
    }
    return ids;
}

/// Extension members come and go with their extension.
bool is_member(const Catalog& catalog, const Object& object) {
    const Object* owner = object.parent == no_object ? &object : catalog.find(object.parent);
    if (owner == nullptr) return false;
    return std::ranges::any_of(owner->depends, [&](const Dependency& dependency) {
        const Object* on = catalog.find(dependency.on);
        return on != nullptr && on->kind == ObjectKind::extension &&
               dependency.type == DependencyType::automatic;
    });
}

/// An index is one of its schema: it stays the same when its table is renamed.
ObjectReference compared_reference(const Catalog& catalog, const Object& object) {
    ObjectReference reference = reference_to(catalog, object);
    if (object.kind == ObjectKind::index) reference.table.clear();
    return reference;
}

Descriptions describe_all(const Catalog& catalog, const std::set<ObjectId>& ids) {
    Descriptions descriptions;
    for (const ObjectId id : ids) {
        const Object* object = catalog.find(id);
        if (object == nullptr || object->name == "pg_temp") continue;
        descriptions.emplace(compared_reference(catalog, *object),
                             describe_object(catalog, *object));
    }
    return descriptions;
}

using Orders = std::map<std::string, std::string>;

/// Column names in order, of the relations whose columns were touched.
Orders column_orders(const Catalog& catalog, const std::set<ObjectId>& ids) {
    std::set<ObjectId> relations;
    for (const ObjectId id : ids) {
        const Object* object = catalog.find(id);
        if (object == nullptr) continue;
        if (object->kind == ObjectKind::table || object->kind == ObjectKind::partitioned_table) {
            relations.insert(id);
        }
        if (object->kind == ObjectKind::column) relations.insert(object->parent);
    }
    Orders orders;
    for (const ObjectId id : relations) {
        const Object* relation = catalog.find(id);
        if (relation == nullptr || relation->kind == ObjectKind::view) continue;
        std::string order;
        for (const Object* column : catalog.columns(id))
            order += column->name + ",";
        orders[catalog::qualified_name(catalog, id)] = order;
    }
    return orders;
}

using References = std::map<ObjectId, ObjectReference>;

/// What objects are called.
References references_of(const Catalog& catalog, const std::set<ObjectId>& ids) {
    References references;
    for (const ObjectId id : ids) {
        const Object* object = catalog.find(id);
        if (object != nullptr) references.emplace(id, compared_reference(catalog, *object));
    }
    return references;
}

std::vector<Renaming> renamed(const References& before, const References& after) {
    std::vector<Renaming> renamings;
    for (const auto& [id, from] : before) {
        const auto to = after.find(id);
        if (to != after.end() && to->second != from)
            renamings.push_back({.from = from, .to = to->second});
    }
    return renamings;
}

bool same_columns(std::string left, std::string right) {
    std::ranges::sort(left);
    std::ranges::sort(right);
    return left == right;
}

std::vector<std::string> reordered(const Orders& before, const Orders& after) {
    std::vector<std::string> names;
    for (const auto& [name, order] : before) {
        const auto now = after.find(name);
        if (now == after.end() || now->second == order) continue;
        if (same_columns(order, now->second)) names.push_back(name);
    }
    return names;
}

void compare(const ObjectReference& reference,
             const Description& before,
             const Description& after,
             Difference& difference) {
    const bool same = before.definition == after.definition;
    const bool known = before.unknown.empty() && after.unknown.empty();
    if (!same) {
        difference.changed.push_back(reference);
        difference.how.push_back(before.definition + " -> " + after.definition);
    }
    if (!known && (!same || before.unknown != after.unknown)) {
        difference.doubts.push_back(describe(reference) + ": " +
                                    (after.unknown.empty() ? before.unknown : after.unknown));
    }
    if (before.annotations != after.annotations) {
        difference.annotations.push_back("comment, owner or privileges of " + describe(reference));
    }
}

} // namespace

ObjectReference reference_to(const Catalog& catalog, const Object& object) {
    ObjectReference reference{
        .kind = object.kind, .schema = {}, .table = {}, .name = object.name, .arguments = {}};
    // What is gone by now is named as it was called last.
    const auto present = [&](ObjectId id) {
        const Object* found = catalog.find(id);
        return found != nullptr ? found : catalog.last_version(id);
    };
    const Object* parent = object.parent == no_object ? nullptr : present(object.parent);
    if (parent != nullptr) reference.table = parent->name;
    ObjectId home = parent != nullptr ? parent->schema : object.schema;
    if (object.kind == ObjectKind::extension) home = no_object;
    const Object* schema = home == no_object ? nullptr : present(home);
    if (schema != nullptr) reference.schema = schema->name;
    if (const auto* function = object.get_if<FunctionDetails>()) {
        const catalog::SearchPath path;
        const catalog::Resolver resolver(catalog, path, catalog::World::closed);
        for (const TypeRef& argument : function->arguments) {
            reference.arguments.push_back(catalog::format_type_name(resolver, argument));
        }
    }
    return reference;
}

Difference difference_since(Catalog& catalog, Catalog::Mark mark) {
    const std::set<ObjectId> ids = affected(catalog, mark);
    std::set<ObjectId> own;
    for (const ObjectId id : ids) {
        const Object* object = catalog.find(id);
        if (object == nullptr || !is_member(catalog, *object)) own.insert(id);
    }
    const Descriptions after = describe_all(catalog, own);
    const Orders orders_after = column_orders(catalog, own);
    const References references_after = references_of(catalog, own);
    const Catalog::Delta delta = catalog.undo(mark);
    const Descriptions before = describe_all(catalog, own);
    const Orders orders_before = column_orders(catalog, own);
    const References references_before = references_of(catalog, own);
    catalog.redo(delta);

    Difference difference;
    for (const auto& [reference, description] : after) {
        const auto old = before.find(reference);
        if (old == before.end()) {
            difference.created.push_back(reference);
            if (!description.unknown.empty()) {
                difference.doubts.push_back(describe(reference) + ": " + description.unknown);
            }
        } else {
            compare(reference, old->second, description, difference);
        }
    }
    for (const auto& [reference, description] : before) {
        if (!after.contains(reference)) difference.dropped.push_back(reference);
    }
    difference.renamed = renamed(references_before, references_after);
    difference.order_changed = reordered(orders_before, orders_after);
    return difference;
}

} // namespace ordain::proof
