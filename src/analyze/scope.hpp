#pragma once

#include "analyze/node.hpp"
#include "analyze/types.hpp"

#include <array>
#include <deque>
#include <ordain/catalog.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::analyze {

struct RangeEntry;

/// A column that a name may mean. Views point into the catalog, the query or static text, all of
/// which outlive the analysis.
struct RangeColumn {
    std::string_view name;
    TypeRef type{};
    ObjectId column{};                 ///< The catalog's, where there is exactly one.
    const RangeEntry* entry = nullptr; ///< Whose column it is.
    ObjectId merged{};                 ///< The right side's column of a merged (USING) one.
    bool not_null = false;             ///< It holds no null where it comes from.
};

/// A range table entry (RangeTblEntry).
struct RangeEntry {
    enum class Kind { relation, listed, join };
    Kind kind = Kind::listed;
    std::string_view alias; ///< The name by which it is referred to; empty for a join without one.
    bool aliased = false;   ///< AS was written: its own name does not reach it.
    bool bare = false;      ///< Its columns print without a prefix.
    bool open = false;      ///< It may have columns that are not listed.
    bool scalar = false;    ///< A function in FROM that returns one value a row: so is its row.
    bool listed = false;    ///< `columns` is complete although it is a relation.
    std::string reason;     ///< Of open.
    const Object* relation = nullptr;
    const catalog::BuiltinRelation* builtin = nullptr;
    std::vector<RangeColumn> columns; ///< Of a listed entry; of a relation with column aliases.
    std::array<const RangeEntry*, 2> sides{};
    std::vector<RangeColumn> merged; ///< Of a join: USING columns, first in its list.
    BoundText text;                  ///< How FROM prints it.
    std::string forbidden;           ///< As ScopeRelation's.
    bool before_stored = false;
};

/// How an entry can be seen from where names are looked up (ParseNamespaceItem).
struct NamespaceItem {
    const RangeEntry* entry = nullptr;
    bool relation_visible = true;
    bool columns_visible = true;
    bool lateral_only = false;
    bool lateral_ok = true;
};

/// A common table expression that can be referred to.
struct CommonTable {
    std::string_view name;
    std::vector<RangeColumn> columns;
    bool open = false;
    std::string reason;
};

/// What may not stand in a clause, in the words of the server's messages; empty: it may.
struct Forbidden {
    std::string_view aggregates;
    std::string_view windows;
    std::string_view sets;
};

/// Where names are looked up: one level of a query (ParseState).
struct Scope {
    Scope* parent = nullptr;
    std::vector<NamespaceItem> items;
    std::vector<const RangeEntry*> range_table; ///< All entries, visible or not.
    std::deque<CommonTable> tables;             ///< WITH.
    Forbidden forbidden;
    bool lateral_active = false;
    bool aggregates = false;  ///< An aggregate of this level was seen.
    std::vector<Node> proven; ///< Columns that hold no null in the rows that are left.
};

} // namespace ordain::analyze
