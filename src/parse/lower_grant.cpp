#include "parse/lower_object_name.hpp"
#include "parse/lower_statement.hpp"

#include <algorithm>
#include <cstddef>

namespace ordain::parse {
namespace {

/// What is granted: privileges that share the same columns.
struct Privileges {
    std::vector<std::string> names;
    std::vector<Identifier> columns;
};

/// Privileges on whole objects are one entry, each with columns of its own is another one. The
/// locator passes the columns on the way.
std::vector<Privileges> lower_privileges(Lowering& lowering, Nodes written) {
    std::vector<Privileges> found;
    Privileges whole;
    for (const PgQuery__Node* node : written) {
        const PgQuery__AccessPriv& privilege = *node->access_priv;
        if (privilege.n_cols == 0) {
            whole.names.emplace_back(privilege.priv_name);
            continue;
        }
        Privileges partial;
        if (*privilege.priv_name != '\0') partial.names.emplace_back(privilege.priv_name);
        partial.columns = lowering.bracketed_names(nodes(privilege.cols, privilege.n_cols));
        found.push_back(std::move(partial));
    }
    if (written.empty() || !whole.names.empty()) found.insert(found.begin(), std::move(whole));
    return found;
}

ObjectName
lower_schema_of_all(Lowering& lowering, PgQuery__ObjectType type, const PgQuery__Node* schema) {
    ObjectName object;
    object.kind = object_kind(type);
    object.name.name = lowering.locator().name(string_of(schema));
    object.span = object.name.name.span;
    return object;
}

std::vector<ObjectName> lower_grant_objects(Lowering& lowering, const PgQuery__GrantStmt& node) {
    Locator& locator = lowering.locator();
    const bool all = node.targtype == PG_QUERY__GRANT_TARGET_TYPE__ACL_TARGET_ALL_IN_SCHEMA;
    locator.skip_past(all ? "schema" : "on");
    if (!all) pass_kind(locator, node.objtype);
    std::vector<ObjectName> found;
    for (const PgQuery__Node* object : nodes(node.objects, node.n_objects)) {
        if (!found.empty()) locator.next_item();
        if (all) {
            found.push_back(lower_schema_of_all(lowering, node.objtype, object));
            continue;
        }
        const bool is_relation = object->node_case == PG_QUERY__NODE__NODE_RANGE_VAR;
        found.push_back(
            lower_object_name(lowering, {.type = node.objtype,
                                         .relation = is_relation ? object->range_var : nullptr,
                                         .object = is_relation ? nullptr : object,
                                         .part = {}}));
    }
    return found;
}

/// An Action's own copies of what the statement's objects share.
Grant make_grant(const PgQuery__GrantStmt& node,
                 const Privileges& privileges,
                 const std::vector<Identifier>& grantees) {
    Grant grant;
    grant.revoke = node.is_grant == 0;
    grant.grant_option = node.grant_option != 0;
    grant.all_in_schema = node.targtype == PG_QUERY__GRANT_TARGET_TYPE__ACL_TARGET_ALL_IN_SCHEMA;
    grant.privileges = privileges.names;
    grant.columns = privileges.columns;
    grant.grantees = grantees;
    grant.behavior = drop_behavior(node.behavior);
    return grant;
}

/// What the statement's Actions hold together: every privilege with its columns, for every object,
/// with every grantee.
std::size_t size_of_grant(const PgQuery__GrantStmt& node) {
    std::size_t columns = 1;
    for (const PgQuery__Node* privilege : nodes(node.privileges, node.n_privileges))
        columns += privilege->access_priv->n_cols + 1;
    return node.n_objects *
           (columns + std::max<std::size_t>(node.n_privileges, 1) * node.n_grantees);
}

constexpr std::size_t max_grant_size = 1'000'000;

} // namespace

void lower(Lowering& lowering, const PgQuery__GrantStmt& node) {
    if (node.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_PARAMETER_ACL)
        return lower_unmodelled(lowering, node.is_grant != 0 ? "GRANT" : "REVOKE");
    if (size_of_grant(node) > max_grant_size) return lowering.set_too_large();
    const std::vector<Privileges> privileges =
        lower_privileges(lowering, nodes(node.privileges, node.n_privileges));
    const std::uint32_t objects_begin = lowering.locator().begin();
    std::vector<std::vector<ObjectName>> objects;
    for (std::size_t i = 0; i < privileges.size(); ++i) {
        lowering.locator().seek(objects_begin);
        objects.push_back(lower_grant_objects(lowering, node));
    }
    const std::vector<Identifier> grantees = lowering.roles(nodes(node.grantees, node.n_grantees));
    for (std::size_t i = 0; i < privileges.size(); ++i) {
        for (ObjectName& object : objects[i]) {
            const Span span = object.span;
            Grant grant = make_grant(node, privileges[i], grantees);
            grant.object = std::move(object);
            lowering.add(std::move(grant), span);
        }
    }
}

void lower(Lowering& lowering, const PgQuery__GrantRoleStmt& node) {
    GrantRole grant;
    Locator& locator = lowering.locator();
    locator.skip(); // GRANT or REVOKE
    grant.revoke = node.is_grant == 0;
    grant.admin_option = node.admin_opt != 0;
    if (grant.revoke && grant.admin_option) locator.accept_all({"admin", "option", "for"});
    for (const PgQuery__Node* role : nodes(node.granted_roles, node.n_granted_roles)) {
        if (!grant.roles.empty()) locator.next_item();
        grant.roles.push_back(locator.name(role->access_priv->priv_name));
    }
    grant.grantees = lowering.roles(nodes(node.grantee_roles, node.n_grantee_roles));
    lowering.add(std::move(grant)).written_for = ObjectKind::role;
}

} // namespace ordain::parse
