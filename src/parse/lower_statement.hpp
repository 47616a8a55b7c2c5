#pragma once

#include "parse/lowering.hpp"

#include <pg_query/pg_query.pb-c.h>

/// One function for each kind of statement: it adds the statement's Actions.
namespace ordain::parse {

/// Any statement, by its node. What has no Action of its own becomes Unmodelled.
void lower_statement(Lowering& lowering, const PgQuery__Node& node);

void lower(Lowering& lowering, const PgQuery__CreateStmt& node);
void lower(Lowering& lowering, const PgQuery__CreateForeignTableStmt& node);
void lower(Lowering& lowering, const PgQuery__CreateTableAsStmt& node);
void lower(Lowering& lowering, const PgQuery__CreateSchemaStmt& node);
void lower(Lowering& lowering, const PgQuery__IndexStmt& node);
void lower(Lowering& lowering, const PgQuery__ViewStmt& node);
void lower(Lowering& lowering, const PgQuery__RuleStmt& node);
void lower(Lowering& lowering, const PgQuery__CreateSeqStmt& node);
void lower(Lowering& lowering, const PgQuery__AlterSeqStmt& node);

void lower(Lowering& lowering, const PgQuery__AlterTableStmt& node);

void lower(Lowering& lowering, const PgQuery__CreateFunctionStmt& node);
void lower(Lowering& lowering, const PgQuery__AlterFunctionStmt& node);
void lower(Lowering& lowering, const PgQuery__DoStmt& node);
void lower(Lowering& lowering, const PgQuery__CallStmt& node);
void lower(Lowering& lowering, const PgQuery__CreateTrigStmt& node);
void lower(Lowering& lowering, const PgQuery__CreatePolicyStmt& node);
void lower(Lowering& lowering, const PgQuery__AlterPolicyStmt& node);

void lower(Lowering& lowering, const PgQuery__CreateEnumStmt& node);
void lower(Lowering& lowering, const PgQuery__AlterEnumStmt& node);
void lower(Lowering& lowering, const PgQuery__CreateDomainStmt& node);
void lower(Lowering& lowering, const PgQuery__AlterDomainStmt& node);
void lower(Lowering& lowering, const PgQuery__CompositeTypeStmt& node);
void lower(Lowering& lowering, const PgQuery__CreateRangeStmt& node);

void lower(Lowering& lowering, const PgQuery__CreateExtensionStmt& node);
void lower(Lowering& lowering, const PgQuery__CreateRoleStmt& node);
void lower(Lowering& lowering, const PgQuery__AlterRoleStmt& node);
void lower(Lowering& lowering, const PgQuery__CreateStatsStmt& node);
void lower(Lowering& lowering, const PgQuery__CreatePublicationStmt& node);

void lower(Lowering& lowering, const PgQuery__DropStmt& node);
void lower(Lowering& lowering, const PgQuery__DropRoleStmt& node);
void lower(Lowering& lowering, const PgQuery__DropdbStmt& node);
void lower(Lowering& lowering, const PgQuery__DropTableSpaceStmt& node);
void lower(Lowering& lowering, const PgQuery__DropSubscriptionStmt& node);
void lower(Lowering& lowering, const PgQuery__RenameStmt& node);
void lower(Lowering& lowering, const PgQuery__AlterOwnerStmt& node);
void lower(Lowering& lowering, const PgQuery__AlterObjectSchemaStmt& node);
void lower(Lowering& lowering, const PgQuery__CommentStmt& node);
void lower(Lowering& lowering, const PgQuery__GrantStmt& node);
void lower(Lowering& lowering, const PgQuery__GrantRoleStmt& node);

void lower(Lowering& lowering, const PgQuery__TruncateStmt& node);
void lower(Lowering& lowering, const PgQuery__CopyStmt& node);
void lower(Lowering& lowering, const PgQuery__LockStmt& node);
void lower(Lowering& lowering, const PgQuery__RefreshMatViewStmt& node);
void lower(Lowering& lowering, const PgQuery__VacuumStmt& node);
void lower(Lowering& lowering, const PgQuery__ClusterStmt& node);
void lower(Lowering& lowering, const PgQuery__ReindexStmt& node);
void lower(Lowering& lowering, const PgQuery__CheckPointStmt& node);

void lower(Lowering& lowering, const PgQuery__VariableSetStmt& node);
void lower(Lowering& lowering, const PgQuery__TransactionStmt& node);

/// The statement as an Unmodelled Action of this kind, with what it mentions.
void lower_unmodelled(Lowering& lowering, std::string_view kind);

} // namespace ordain::parse
