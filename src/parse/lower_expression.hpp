#pragma once

#include "parse/token_table.hpp"

#include <cstddef>
#include <cstdint>
#include <ordain/expression.hpp>
#include <pg_query/pg_query.pb-c.h>
#include <string_view>
#include <vector>

namespace ordain::parse {

/// The parts of a dotted name with their places. A part that the grammar made up (pg_catalog before
/// the type of `int`) has none.
struct PlacedNames {
    std::vector<Identifier> names;
    TokenTable::Index last = TokenTable::none;  ///< The token of the last part found.
    TokenTable::Index after = TokenTable::none; ///< The token that follows the parts found.
};

/// Turns the raw tree of one statement's expressions, queries, type names and FROM items into
/// Ordain's own values, and gives each the span of its tokens. The tree's locations are byte
/// offsets into `text`, and most name-bearing nodes have none: what the tree leaves out is read
/// from the tokens around it. A null node yields an empty value. Recursion is as deep as the tree;
/// the caller bounds that before it unpacks one.
class ExpressionLowering {
public:
    /// `text` begins `base_offset` bytes into its file and must outlive this object; a tree parsed
    /// from a copy of it with the same bytes (or the same length, masked) will do.
    ExpressionLowering(std::uint32_t base_offset, std::string_view text);

    [[nodiscard]] Expression expression(const PgQuery__Node* node) const;
    [[nodiscard]] std::vector<Expression> expressions(PgQuery__Node* const* nodes,
                                                      std::size_t count) const;
    /// SelectStmt, InsertStmt, UpdateStmt, DeleteStmt or MergeStmt. `within` confines the query to
    /// a part of the statement (what stands after AS in CREATE VIEW, between the parentheses of
    /// COPY); when it is empty the query's place is found from what it holds.
    [[nodiscard]] Query query(const PgQuery__Node* node, Span within = {}) const;
    [[nodiscard]] TypeName type_name(const PgQuery__TypeName* node) const;
    [[nodiscard]] QualifiedName qualified_name(const PgQuery__RangeVar* node) const;
    /// An entry of FROM whose first token stands at the file offset `begin`.
    [[nodiscard]] FromItem from_item(const PgQuery__Node* node, std::uint32_t begin) const;
    [[nodiscard]] SortKey sort_key(const PgQuery__SortBy* node) const;
    [[nodiscard]] std::vector<SortKey> sort_keys(PgQuery__Node* const* nodes,
                                                 std::size_t count) const;
    [[nodiscard]] Window window(const PgQuery__WindowDef& node) const;
    /// A name of several parts, given as String nodes, that begins at the token `at`.
    [[nodiscard]] PlacedNames
    names(PgQuery__Node* const* nodes, std::size_t count, TokenTable::Index at) const;

    /// The name `text`, with its place when it is the token `at`.
    [[nodiscard]] Identifier identifier(TokenTable::Index at, std::string_view text) const;

    [[nodiscard]] const TokenTable& tokens() const { return tokens_; }

private:
    TokenTable tokens_;
};

/// The last two of a name's parts; a database before them is left out.
[[nodiscard]] QualifiedName qualified(std::vector<Identifier> parts);

} // namespace ordain::parse
