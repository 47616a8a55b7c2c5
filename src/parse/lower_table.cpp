#include "parse/lower_definition.hpp"
#include "parse/lower_statement.hpp"
#include "text/letter_case.hpp"

#include <cstddef>
#include <cstdint>

namespace ordain::parse {
namespace {

/// The bits of TableLikeClause.options (parsenodes.h, TableLikeOption); INCLUDING ALL sets all.
enum LikeOption : std::uint32_t {
    like_comments = 1U << 0U,
    like_constraints = 1U << 2U,
    like_defaults = 1U << 3U,
    like_generated = 1U << 4U,
    like_identity = 1U << 5U,
    like_indexes = 1U << 6U,
    like_statistics = 1U << 7U,
    like_storage = 1U << 8U,
};

LikeClause lower_like(Lowering& lowering, const PgQuery__TableLikeClause& node) {
    LikeClause like;
    like.table = lowering.relation(node.relation);
    like.defaults = (node.options & like_defaults) != 0;
    like.constraints = (node.options & like_constraints) != 0;
    like.identity = (node.options & like_identity) != 0;
    like.generated = (node.options & like_generated) != 0;
    like.indexes = (node.options & like_indexes) != 0;
    like.comments = (node.options & like_comments) != 0;
    like.storage = (node.options & like_storage) != 0;
    like.statistics = (node.options & like_statistics) != 0;
    return like;
}

void lower_element(Lowering& lowering, const PgQuery__Node& node, CreateTable& table) {
    if (node.node_case == PG_QUERY__NODE__NODE_COLUMN_DEF) {
        table.columns.push_back(lower_column(lowering, *node.column_def));
    } else if (node.node_case == PG_QUERY__NODE__NODE_CONSTRAINT) {
        lowering.seek(node.constraint->location);
        table.constraints.push_back(
            lower_constraint(lowering, *node.constraint, lowering.locator().item_end()));
    } else if (node.node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE) {
        table.like.push_back(lower_like(lowering, *node.table_like_clause));
        table.like.back().position = static_cast<std::uint32_t>(table.columns.size());
    }
}

IndexElement lower_partition_key(Lowering& lowering, const PgQuery__PartitionElem& node) {
    Locator& locator = lowering.locator();
    lowering.seek(node.location);
    IndexElement element;
    element.span = Span{.begin = locator.begin(), .end = locator.item_end()};
    if (node.expr == nullptr) {
        element.column = locator.name(node.name);
    } else {
        element.expression = lowering.expression(node.expr);
        locator.skip_operand();
    }
    if (node.n_collation != 0) {
        locator.skip_past("collate");
        element.collation = lowering.qualified_name(nodes(node.collation, node.n_collation));
    }
    element.operator_class = lowering.qualified_name(nodes(node.opclass, node.n_opclass));
    return element;
}

void lower_partitioning(Lowering& lowering,
                        const PgQuery__PartitionSpec* node,
                        CreateTable& table) {
    if (node == nullptr) return;
    lowering.seek(node->location);
    lowering.locator().accept_all({"partition", "by"});
    table.partition_method = text::lower_case(lowering.locator().name(node->strategy).text);
    lowering.locator().enter();
    for (const PgQuery__Node* element : nodes(node->part_params, node->n_part_params)) {
        if (element->node_case == PG_QUERY__NODE__NODE_PARTITION_ELEM)
            table.partition_key.push_back(lower_partition_key(lowering, *element->partition_elem));
    }
    lowering.locator().leave();
}

std::string on_commit_text(PgQuery__OnCommitAction action) {
    if (action == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DROP) return "drop";
    if (action == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DELETE_ROWS) return "delete rows";
    return {};
}

Identifier lower_tablespace(Lowering& lowering, std::string_view tablespace) {
    if (tablespace.empty()) return {};
    lowering.locator().skip_past("tablespace");
    return lowering.locator().name(tablespace);
}

/// Where the table comes from: INHERITS (...), PARTITION OF or OF type.
void lower_parents(Lowering& lowering, const PgQuery__CreateStmt& node, CreateTable& table) {
    const Nodes parents = nodes(node.inh_relations, node.n_inh_relations);
    if (node.partbound == nullptr) {
        table.inherits = lowering.relations(parents);
    } else if (!parents.empty()) {
        table.partition_of = lowering.relation(parents.front()->range_var);
        table.partition_bound = lower_partition_bound(lowering, node.partbound);
    }
    if (node.of_typename != nullptr) table.of_type = lowering.type(node.of_typename).name;
}

CreateTable lower_create_table(Lowering& lowering, const PgQuery__CreateStmt& node) {
    CreateTable table;
    table.table = lowering.relation(node.relation);
    table.persistence = persistence_of(node.relation);
    const std::uint32_t behind_name = lowering.locator().begin();
    lower_parents(lowering, node, table);
    for (const PgQuery__Node* element : nodes(node.table_elts, node.n_table_elts))
        lower_element(lowering, *element, table);
    lowering.locator().seek(behind_name);
    lower_partitioning(lowering, node.partspec, table);
    if (node.n_options != 0) {
        table.options = lowering.options(nodes(node.options, node.n_options), "true");
        lowering.locator().leave();
    }
    table.on_commit = on_commit_text(node.oncommit);
    table.tablespace = lower_tablespace(lowering, node.tablespacename);
    return table;
}

} // namespace

void lower(Lowering& lowering, const PgQuery__CreateStmt& node) {
    Action& action = lowering.add(lower_create_table(lowering, node));
    action.guard = guard_if(node.if_not_exists != 0, Guard::if_not_exists);
}

void lower(Lowering& lowering, const PgQuery__CreateForeignTableStmt& node) {
    CreateTable table = lower_create_table(lowering, *node.base_stmt);
    lowering.locator().skip_past("server");
    table.server = lowering.locator().name(node.servername);
    Action& action = lowering.add(std::move(table));
    action.guard = guard_if(node.base_stmt->if_not_exists != 0, Guard::if_not_exists);
    action.written_for = ObjectKind::foreign_table;
}

} // namespace ordain::parse
