#pragma once

#include "parse/lowering.hpp"

#include <cstdint>
#include <ordain/action.hpp>
#include <pg_query/pg_query.pb-c.h>
#include <vector>

/// The parts that CREATE TABLE, ALTER TABLE, CREATE DOMAIN, CREATE INDEX and others share.
namespace ordain::parse {

/// A column with its constraints, at the location that the tree knows. The locator then stands
/// somewhere within the column.
[[nodiscard]] ColumnDefinition lower_column(Lowering& lowering, const PgQuery__ColumnDef& node);

/// A constraint at the location that the tree knows, up to the end of its list item or to `limit`.
[[nodiscard]] ConstraintDefinition
lower_constraint(Lowering& lowering, const PgQuery__Constraint& node, std::uint32_t limit);

/// A domain's or a column's constraints: each ends where the next one begins. What follows a
/// constraint as a node of its own (DEFERRABLE, INITIALLY DEFERRED) becomes part of it.
[[nodiscard]] std::vector<ConstraintDefinition>
lower_constraints(Lowering& lowering, Nodes constraints, std::uint32_t end);

/// The elements of an index: a list in brackets that the locator stands in.
[[nodiscard]] std::vector<IndexElement> lower_index_elements(Lowering& lowering, Nodes elements);

/// GENERATED ... AS IDENTITY (options) and ALTER COLUMN ... SET.
[[nodiscard]] bool is_always(const PgQuery__Constraint& node);

/// The partition bound FOR VALUES ... or DEFAULT as canonical text.
[[nodiscard]] std::string lower_partition_bound(Lowering& lowering,
                                                const PgQuery__PartitionBoundSpec* node);

} // namespace ordain::parse
