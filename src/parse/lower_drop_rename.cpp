#include "parse/lower_object_name.hpp"
#include "parse/lower_statement.hpp"

#include <cstddef>
#include <cstdint>

namespace ordain::parse {
namespace {

/// Adds the drop of the object that is `index`-th of `count`.
void add_drop(Lowering& lowering, ObjectName object, DropObject drop, Guard guard) {
    const Span span = object.span;
    drop.object = std::move(object);
    lowering.add(std::move(drop), span).guard = guard;
}

/// A DROP of one name that the tree has as a bare string.
void lower_drop_of_name(Lowering& lowering,
                        PgQuery__ObjectType type,
                        std::string_view name,
                        DropObject drop,
                        Guard guard) {
    Locator& locator = lowering.locator();
    locator.skip();
    pass_kind(locator, type);
    locator.accept_guard(guard == Guard::if_exists);
    add_drop(lowering,
             lower_object_name(
                 lowering, {.type = type, .relation = nullptr, .object = nullptr, .part = name}),
             std::move(drop), guard);
}

Guard if_exists(protobuf_c_boolean missing_ok) {
    return guard_if(missing_ok != 0, Guard::if_exists);
}

/// ALTER, the object's kind and IF EXISTS.
void pass_alter(Lowering& lowering, PgQuery__ObjectType type, bool guarded) {
    lowering.locator().skip();
    pass_kind(lowering.locator(), type);
    lowering.locator().accept_guard(guarded);
}

/// True for what is named behind its relation in a RENAME: column, attribute, constraint.
bool is_renamed_part(PgQuery__ObjectType type) {
    return type == PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN ||
           type == PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE ||
           type == PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT ||
           type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT;
}

/// ALTER TABLE relation RENAME [COLUMN | CONSTRAINT | ATTRIBUTE] part; ALTER DOMAIN likewise.
ObjectName lower_renamed_part(Lowering& lowering, const PgQuery__RenameStmt& node) {
    Locator& locator = lowering.locator();
    ObjectName object;
    object.kind = object_kind(node.rename_type);
    object.on_domain = node.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT;
    if (node.relation != nullptr) {
        object.relation = lowering.relation(node.relation);
    } else {
        pass_alter(lowering, PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN, node.missing_ok != 0);
        object.relation = lowering.qualified_name(items_of(node.object));
    }
    locator.skip_past("rename");
    locator.accept(object.kind == ObjectKind::constraint                         ? "constraint"
                   : node.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE ? "attribute"
                                                                                 : "column");
    object.name.name = locator.name(node.subname);
    object.span = object.name.name.span;
    return object;
}

/// What an ALTER that renames a part was written for: the relation's own kind.
ObjectKind renamed_for(const PgQuery__RenameStmt& node) {
    if (node.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN)
        return object_kind(node.relation_type);
    if (node.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE) return ObjectKind::type;
    if (node.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT) return ObjectKind::domain;
    if (node.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT) return ObjectKind::table;
    return object_kind(node.rename_type);
}

/// The object of ALTER ... OWNER TO and SET SCHEMA.
ObjectName lower_altered(Lowering& lowering,
                         PgQuery__ObjectType type,
                         const PgQuery__RangeVar* relation,
                         const PgQuery__Node* object,
                         bool guarded) {
    pass_alter(lowering, type, guarded);
    return lower_object_name(lowering,
                             {.type = type, .relation = relation, .object = object, .part = {}});
}

} // namespace

void lower(Lowering& lowering, const PgQuery__DropStmt& node) {
    Locator& locator = lowering.locator();
    locator.skip();
    pass_kind(locator, node.remove_type);
    if (node.concurrent != 0) locator.accept("concurrently");
    locator.accept_guard(node.missing_ok != 0);
    const Nodes objects = nodes(node.objects, node.n_objects);
    for (std::size_t i = 0; i < objects.size(); ++i) {
        if (i > 0) locator.next_item();
        ObjectName object = lower_object_name(
            lowering,
            {.type = node.remove_type, .relation = nullptr, .object = objects[i], .part = {}});
        add_drop(lowering, std::move(object),
                 {.object = {},
                  .behavior = drop_behavior(node.behavior),
                  .concurrently = node.concurrent != 0,
                  .index = static_cast<std::uint32_t>(i),
                  .count = static_cast<std::uint32_t>(objects.size())},
                 if_exists(node.missing_ok));
    }
}

void lower(Lowering& lowering, const PgQuery__DropRoleStmt& node) {
    const Nodes roles = nodes(node.roles, node.n_roles);
    for (std::size_t i = 0; i < roles.size(); ++i) {
        if (roles[i]->node_case != PG_QUERY__NODE__NODE_ROLE_SPEC) continue;
        ObjectName object;
        object.kind = ObjectKind::role;
        object.name.name = lowering.role(roles[i]->role_spec);
        object.span = object.name.name.span;
        DropObject drop;
        drop.index = static_cast<std::uint32_t>(i);
        drop.count = static_cast<std::uint32_t>(roles.size());
        add_drop(lowering, std::move(object), std::move(drop), if_exists(node.missing_ok));
    }
}

void lower(Lowering& lowering, const PgQuery__DropdbStmt& node) {
    lower_drop_of_name(lowering, PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE, node.dbname, {},
                       if_exists(node.missing_ok));
}

void lower(Lowering& lowering, const PgQuery__DropTableSpaceStmt& node) {
    lower_drop_of_name(lowering, PG_QUERY__OBJECT_TYPE__OBJECT_TABLESPACE, node.tablespacename, {},
                       if_exists(node.missing_ok));
}

void lower(Lowering& lowering, const PgQuery__DropSubscriptionStmt& node) {
    DropObject drop;
    drop.behavior = drop_behavior(node.behavior);
    lower_drop_of_name(lowering, PG_QUERY__OBJECT_TYPE__OBJECT_SUBSCRIPTION, node.subname,
                       std::move(drop), if_exists(node.missing_ok));
}

void lower(Lowering& lowering, const PgQuery__RenameStmt& node) {
    RenameObject rename;
    if (is_renamed_part(node.rename_type)) {
        rename.object = lower_renamed_part(lowering, node);
    } else {
        pass_alter(lowering, node.rename_type, node.missing_ok != 0);
        rename.object = lower_object_name(lowering, {.type = node.rename_type,
                                                     .relation = node.relation,
                                                     .object = node.object,
                                                     .part = node.subname});
        lowering.locator().accept("rename");
    }
    lowering.locator().skip_past("to");
    rename.to = lowering.locator().name(node.newname);
    rename.behavior = drop_behavior(node.behavior);
    Action& action = lowering.add(std::move(rename));
    // For a part of a relation IF EXISTS speaks of the relation; for a policy it has no effect.
    if (is_renamed_part(node.rename_type))
        action.relation_if_exists = node.missing_ok != 0;
    else if (node.rename_type != PG_QUERY__OBJECT_TYPE__OBJECT_POLICY)
        action.guard = if_exists(node.missing_ok);
    action.written_for = renamed_for(node);
}

void lower(Lowering& lowering, const PgQuery__AlterOwnerStmt& node) {
    SetOwner change;
    change.object = lower_altered(lowering, node.object_type, node.relation, node.object, false);
    lowering.locator().accept_all({"owner", "to"});
    change.role = lowering.role(node.newowner);
    lowering.add(std::move(change)).written_for = object_kind(node.object_type);
}

void lower(Lowering& lowering, const PgQuery__AlterObjectSchemaStmt& node) {
    SetSchema change;
    change.object =
        lower_altered(lowering, node.object_type, node.relation, node.object, node.missing_ok != 0);
    lowering.locator().accept_all({"set", "schema"});
    change.schema = lowering.locator().name(node.newschema);
    Action& action = lowering.add(std::move(change));
    action.guard = if_exists(node.missing_ok);
    action.written_for = object_kind(node.object_type);
}

void lower(Lowering& lowering, const PgQuery__CommentStmt& node) {
    Locator& locator = lowering.locator();
    locator.accept_all({"comment", "on"});
    pass_kind(locator, node.objtype);
    CommentOn comment;
    comment.object = lower_object_name(
        lowering, {.type = node.objtype, .relation = nullptr, .object = node.object, .part = {}});
    // The tree has no difference between IS '' and IS NULL; to the server there is none either.
    if (*node.comment != '\0') comment.text = node.comment;
    lowering.add(std::move(comment)).written_for = object_kind(node.objtype);
}

} // namespace ordain::parse
