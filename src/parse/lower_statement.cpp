#include "parse/lower_statement.hpp"

#include <algorithm>
#include <array>

namespace ordain::parse {
namespace {

struct Handler {
    PgQuery__Node__NodeCase node;
    void (*lower)(Lowering&, const PgQuery__Node&);
};

/// Calls lower() for the statement that the member of the node's union points to.
template <auto Member>
void lower_member(Lowering& lowering, const PgQuery__Node& node) {
    lower(lowering, *(node.*Member));
}

void lower_query(Lowering& lowering, const PgQuery__Node& node) {
    lowering.add(RunQuery{.query = lowering.expressions().query(&node, lowering.statement())});
}

constexpr auto handlers = std::to_array<Handler>({
    {PG_QUERY__NODE__NODE_CREATE_STMT, lower_member<&PgQuery__Node::create_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT,
     lower_member<&PgQuery__Node::create_foreign_table_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT, lower_member<&PgQuery__Node::create_table_as_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT, lower_member<&PgQuery__Node::create_schema_stmt>},
    {PG_QUERY__NODE__NODE_INDEX_STMT, lower_member<&PgQuery__Node::index_stmt>},
    {PG_QUERY__NODE__NODE_VIEW_STMT, lower_member<&PgQuery__Node::view_stmt>},
    {PG_QUERY__NODE__NODE_RULE_STMT, lower_member<&PgQuery__Node::rule_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_SEQ_STMT, lower_member<&PgQuery__Node::create_seq_stmt>},
    {PG_QUERY__NODE__NODE_ALTER_SEQ_STMT, lower_member<&PgQuery__Node::alter_seq_stmt>},
    {PG_QUERY__NODE__NODE_ALTER_TABLE_STMT, lower_member<&PgQuery__Node::alter_table_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT, lower_member<&PgQuery__Node::create_function_stmt>},
    {PG_QUERY__NODE__NODE_ALTER_FUNCTION_STMT, lower_member<&PgQuery__Node::alter_function_stmt>},
    {PG_QUERY__NODE__NODE_DO_STMT, lower_member<&PgQuery__Node::do_stmt>},
    {PG_QUERY__NODE__NODE_CALL_STMT, lower_member<&PgQuery__Node::call_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_TRIG_STMT, lower_member<&PgQuery__Node::create_trig_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_POLICY_STMT, lower_member<&PgQuery__Node::create_policy_stmt>},
    {PG_QUERY__NODE__NODE_ALTER_POLICY_STMT, lower_member<&PgQuery__Node::alter_policy_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_ENUM_STMT, lower_member<&PgQuery__Node::create_enum_stmt>},
    {PG_QUERY__NODE__NODE_ALTER_ENUM_STMT, lower_member<&PgQuery__Node::alter_enum_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT, lower_member<&PgQuery__Node::create_domain_stmt>},
    {PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT, lower_member<&PgQuery__Node::alter_domain_stmt>},
    {PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT, lower_member<&PgQuery__Node::composite_type_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_RANGE_STMT, lower_member<&PgQuery__Node::create_range_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT,
     lower_member<&PgQuery__Node::create_extension_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_ROLE_STMT, lower_member<&PgQuery__Node::create_role_stmt>},
    {PG_QUERY__NODE__NODE_ALTER_ROLE_STMT, lower_member<&PgQuery__Node::alter_role_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_STATS_STMT, lower_member<&PgQuery__Node::create_stats_stmt>},
    {PG_QUERY__NODE__NODE_CREATE_PUBLICATION_STMT,
     lower_member<&PgQuery__Node::create_publication_stmt>},
    {PG_QUERY__NODE__NODE_DROP_STMT, lower_member<&PgQuery__Node::drop_stmt>},
    {PG_QUERY__NODE__NODE_DROP_ROLE_STMT, lower_member<&PgQuery__Node::drop_role_stmt>},
    {PG_QUERY__NODE__NODE_DROPDB_STMT, lower_member<&PgQuery__Node::dropdb_stmt>},
    {PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT,
     lower_member<&PgQuery__Node::drop_table_space_stmt>},
    {PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT,
     lower_member<&PgQuery__Node::drop_subscription_stmt>},
    {PG_QUERY__NODE__NODE_RENAME_STMT, lower_member<&PgQuery__Node::rename_stmt>},
    {PG_QUERY__NODE__NODE_ALTER_OWNER_STMT, lower_member<&PgQuery__Node::alter_owner_stmt>},
    {PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT,
     lower_member<&PgQuery__Node::alter_object_schema_stmt>},
    {PG_QUERY__NODE__NODE_COMMENT_STMT, lower_member<&PgQuery__Node::comment_stmt>},
    {PG_QUERY__NODE__NODE_GRANT_STMT, lower_member<&PgQuery__Node::grant_stmt>},
    {PG_QUERY__NODE__NODE_GRANT_ROLE_STMT, lower_member<&PgQuery__Node::grant_role_stmt>},
    {PG_QUERY__NODE__NODE_TRUNCATE_STMT, lower_member<&PgQuery__Node::truncate_stmt>},
    {PG_QUERY__NODE__NODE_COPY_STMT, lower_member<&PgQuery__Node::copy_stmt>},
    {PG_QUERY__NODE__NODE_LOCK_STMT, lower_member<&PgQuery__Node::lock_stmt>},
    {PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT,
     lower_member<&PgQuery__Node::refresh_mat_view_stmt>},
    {PG_QUERY__NODE__NODE_VACUUM_STMT, lower_member<&PgQuery__Node::vacuum_stmt>},
    {PG_QUERY__NODE__NODE_CLUSTER_STMT, lower_member<&PgQuery__Node::cluster_stmt>},
    {PG_QUERY__NODE__NODE_REINDEX_STMT, lower_member<&PgQuery__Node::reindex_stmt>},
    {PG_QUERY__NODE__NODE_CHECK_POINT_STMT, lower_member<&PgQuery__Node::check_point_stmt>},
    {PG_QUERY__NODE__NODE_VARIABLE_SET_STMT, lower_member<&PgQuery__Node::variable_set_stmt>},
    {PG_QUERY__NODE__NODE_TRANSACTION_STMT, lower_member<&PgQuery__Node::transaction_stmt>},
    {PG_QUERY__NODE__NODE_SELECT_STMT, lower_query},
    {PG_QUERY__NODE__NODE_INSERT_STMT, lower_query},
    {PG_QUERY__NODE__NODE_UPDATE_STMT, lower_query},
    {PG_QUERY__NODE__NODE_DELETE_STMT, lower_query},
    {PG_QUERY__NODE__NODE_MERGE_STMT, lower_query},
});

struct UnmodelledKind {
    PgQuery__Node__NodeCase node;
    std::string_view kind; ///< In the manual's words.
    bool anything = false; ///< See Unmodelled.
};

constexpr auto unmodelled_kinds = std::to_array<UnmodelledKind>({
    {PG_QUERY__NODE__NODE_ALTER_DEFAULT_PRIVILEGES_STMT, "ALTER DEFAULT PRIVILEGES"},
    {PG_QUERY__NODE__NODE_CLOSE_PORTAL_STMT, "CLOSE"},
    {PG_QUERY__NODE__NODE_NOTIFY_STMT, "NOTIFY"},
    {PG_QUERY__NODE__NODE_LISTEN_STMT, "LISTEN"},
    {PG_QUERY__NODE__NODE_UNLISTEN_STMT, "UNLISTEN"},
    {PG_QUERY__NODE__NODE_LOAD_STMT, "LOAD"},
    {PG_QUERY__NODE__NODE_CREATEDB_STMT, "CREATE DATABASE"},
    {PG_QUERY__NODE__NODE_EXPLAIN_STMT, "EXPLAIN"},
    {PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT, "SHOW"},
    {PG_QUERY__NODE__NODE_DISCARD_STMT, "DISCARD"},
    {PG_QUERY__NODE__NODE_CREATE_PLANG_STMT, "CREATE LANGUAGE"},
    {PG_QUERY__NODE__NODE_CONSTRAINTS_SET_STMT, "SET CONSTRAINTS"},
    {PG_QUERY__NODE__NODE_ALTER_DATABASE_STMT, "ALTER DATABASE"},
    {PG_QUERY__NODE__NODE_ALTER_DATABASE_REFRESH_COLL_STMT, "ALTER DATABASE"},
    {PG_QUERY__NODE__NODE_ALTER_DATABASE_SET_STMT, "ALTER DATABASE"},
    {PG_QUERY__NODE__NODE_ALTER_ROLE_SET_STMT, "ALTER ROLE"},
    {PG_QUERY__NODE__NODE_CREATE_CONVERSION_STMT, "CREATE CONVERSION"},
    {PG_QUERY__NODE__NODE_CREATE_CAST_STMT, "CREATE CAST"},
    {PG_QUERY__NODE__NODE_CREATE_OP_CLASS_STMT, "CREATE OPERATOR CLASS"},
    {PG_QUERY__NODE__NODE_CREATE_OP_FAMILY_STMT, "CREATE OPERATOR FAMILY"},
    {PG_QUERY__NODE__NODE_ALTER_OP_FAMILY_STMT, "ALTER OPERATOR FAMILY"},
    {PG_QUERY__NODE__NODE_PREPARE_STMT, "PREPARE"},
    {PG_QUERY__NODE__NODE_EXECUTE_STMT, "EXECUTE"},
    {PG_QUERY__NODE__NODE_DEALLOCATE_STMT, "DEALLOCATE"},
    {PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT, "DECLARE"},
    {PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT, "CREATE TABLESPACE"},
    {PG_QUERY__NODE__NODE_ALTER_OPERATOR_STMT, "ALTER OPERATOR"},
    {PG_QUERY__NODE__NODE_ALTER_TYPE_STMT, "ALTER TYPE"},
    {PG_QUERY__NODE__NODE_DROP_OWNED_STMT, "DROP OWNED", true},
    {PG_QUERY__NODE__NODE_REASSIGN_OWNED_STMT, "REASSIGN OWNED", true},
    {PG_QUERY__NODE__NODE_ALTER_TSDICTIONARY_STMT, "ALTER TEXT SEARCH DICTIONARY"},
    {PG_QUERY__NODE__NODE_ALTER_TSCONFIGURATION_STMT, "ALTER TEXT SEARCH CONFIGURATION"},
    {PG_QUERY__NODE__NODE_CREATE_FDW_STMT, "CREATE FOREIGN DATA WRAPPER"},
    {PG_QUERY__NODE__NODE_ALTER_FDW_STMT, "ALTER FOREIGN DATA WRAPPER"},
    {PG_QUERY__NODE__NODE_CREATE_FOREIGN_SERVER_STMT, "CREATE SERVER"},
    {PG_QUERY__NODE__NODE_ALTER_FOREIGN_SERVER_STMT, "ALTER SERVER"},
    {PG_QUERY__NODE__NODE_CREATE_USER_MAPPING_STMT, "CREATE USER MAPPING"},
    {PG_QUERY__NODE__NODE_ALTER_USER_MAPPING_STMT, "ALTER USER MAPPING"},
    {PG_QUERY__NODE__NODE_DROP_USER_MAPPING_STMT, "DROP USER MAPPING"},
    {PG_QUERY__NODE__NODE_ALTER_TABLE_SPACE_OPTIONS_STMT, "ALTER TABLESPACE"},
    {PG_QUERY__NODE__NODE_SEC_LABEL_STMT, "SECURITY LABEL"},
    {PG_QUERY__NODE__NODE_IMPORT_FOREIGN_SCHEMA_STMT, "IMPORT FOREIGN SCHEMA", true},
    {PG_QUERY__NODE__NODE_ALTER_EXTENSION_STMT, "ALTER EXTENSION"},
    {PG_QUERY__NODE__NODE_ALTER_EXTENSION_CONTENTS_STMT, "ALTER EXTENSION"},
    {PG_QUERY__NODE__NODE_CREATE_EVENT_TRIG_STMT, "CREATE EVENT TRIGGER"},
    {PG_QUERY__NODE__NODE_ALTER_EVENT_TRIG_STMT, "ALTER EVENT TRIGGER"},
    {PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT, "ALTER SYSTEM"},
    {PG_QUERY__NODE__NODE_CREATE_TRANSFORM_STMT, "CREATE TRANSFORM"},
    {PG_QUERY__NODE__NODE_CREATE_AM_STMT, "CREATE ACCESS METHOD"},
    {PG_QUERY__NODE__NODE_ALTER_PUBLICATION_STMT, "ALTER PUBLICATION"},
    {PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT, "CREATE SUBSCRIPTION"},
    {PG_QUERY__NODE__NODE_ALTER_SUBSCRIPTION_STMT, "ALTER SUBSCRIPTION"},
    {PG_QUERY__NODE__NODE_ALTER_COLLATION_STMT, "ALTER COLLATION"},
    {PG_QUERY__NODE__NODE_ALTER_STATS_STMT, "ALTER STATISTICS"},
});

struct DefinedKind {
    PgQuery__ObjectType object;
    std::string_view kind;
};

/// The statements that share DefineStmt.
constexpr auto defined_kinds = std::to_array<DefinedKind>({
    {PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE, "CREATE AGGREGATE"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR, "CREATE OPERATOR"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, "CREATE TYPE"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TSPARSER, "CREATE TEXT SEARCH PARSER"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TSDICTIONARY, "CREATE TEXT SEARCH DICTIONARY"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TSTEMPLATE, "CREATE TEXT SEARCH TEMPLATE"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TSCONFIGURATION, "CREATE TEXT SEARCH CONFIGURATION"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION, "CREATE COLLATION"},
});

std::string_view define_kind(const PgQuery__DefineStmt& node) {
    const auto* const found = std::ranges::find(defined_kinds, node.kind, &DefinedKind::object);
    return found == defined_kinds.end() ? "CREATE" : found->kind;
}

/// ALTER ... DEPENDS ON EXTENSION.
std::string_view depends_kind(const PgQuery__AlterObjectDependsStmt& node) {
    if (node.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER) return "ALTER TRIGGER";
    if (node.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX) return "ALTER INDEX";
    if (node.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW) return "ALTER MATERIALIZED VIEW";
    if (node.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE) return "ALTER PROCEDURE";
    if (node.object_type == PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE) return "ALTER ROUTINE";
    return "ALTER FUNCTION";
}

/// ALTER TABLE ALL IN TABLESPACE and its likes.
std::string_view move_all_kind(const PgQuery__AlterTableMoveAllStmt& node) {
    if (node.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX) return "ALTER INDEX";
    if (node.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW) return "ALTER MATERIALIZED VIEW";
    return "ALTER TABLE";
}

/// Of nodes that stand for several statements; empty where there is none of that kind.
std::string_view shared_kind(const PgQuery__Node& node) {
    if (node.node_case == PG_QUERY__NODE__NODE_DEFINE_STMT) return define_kind(*node.define_stmt);
    if (node.node_case == PG_QUERY__NODE__NODE_ALTER_OBJECT_DEPENDS_STMT)
        return depends_kind(*node.alter_object_depends_stmt);
    if (node.node_case == PG_QUERY__NODE__NODE_ALTER_TABLE_MOVE_ALL_STMT)
        return move_all_kind(*node.alter_table_move_all_stmt);
    if (node.node_case == PG_QUERY__NODE__NODE_FETCH_STMT)
        return node.fetch_stmt->ismove != 0 ? "MOVE" : "FETCH";
    return {};
}

} // namespace

void lower_statement(Lowering& lowering, const PgQuery__Node& node) {
    const auto* const found = std::ranges::find(handlers, node.node_case, &Handler::node);
    if (found != handlers.end()) return found->lower(lowering, node);
    const auto* const unmodelled =
        std::ranges::find(unmodelled_kinds, node.node_case, &UnmodelledKind::node);
    if (unmodelled == unmodelled_kinds.end()) return lower_unmodelled(lowering, shared_kind(node));
    lowering.add_mentioning(
        Unmodelled{.kind = std::string(unmodelled->kind), .anything = unmodelled->anything});
}

void lower_unmodelled(Lowering& lowering, std::string_view kind) {
    lowering.add_mentioning(Unmodelled{.kind = std::string(kind)});
}

} // namespace ordain::parse
