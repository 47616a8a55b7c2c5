#pragma once

#include "parse/lower_expression.hpp"

#include <cstddef>
#include <ordain/expression.hpp>
#include <pg_query/pg_query.pb-c.h>
#include <vector>

namespace ordain::parse {

/// AS name (columns), with the token that follows it.
struct PlacedAlias {
    Identifier name;
    std::vector<Identifier> columns;
    TokenTable::Index after = TokenTable::none;
};

/// An entry of FROM, with the token that follows it.
struct PlacedItem {
    FromItem item;
    TokenTable::Index after = TokenTable::none;
};

/// The alias that begins at the token `at`, if the tree says that there is one.
[[nodiscard]] PlacedAlias
lower_alias(const ExpressionLowering& lowering, const PgQuery__Alias* node, TokenTable::Index at);

/// The names in the parentheses that open at the token `at`, as String nodes give them.
[[nodiscard]] std::vector<Identifier> lower_name_list(const ExpressionLowering& lowering,
                                                      PgQuery__Node* const* nodes,
                                                      std::size_t count,
                                                      TokenTable::Index at);

/// The target of INSERT, UPDATE, DELETE or MERGE; its place is known to the tree.
[[nodiscard]] PlacedItem lower_relation(const ExpressionLowering& lowering,
                                        const PgQuery__RangeVar& node);

/// The entry of FROM that begins at the token `at`. Its tokens are walked as the grammar has them,
/// because subqueries, joins and aliases have no location in the tree.
[[nodiscard]] PlacedItem lower_from_item(const ExpressionLowering& lowering,
                                         const PgQuery__Node& node,
                                         TokenTable::Index at);

} // namespace ordain::parse
