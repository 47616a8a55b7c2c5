#include "parse/lower_object_name.hpp"
#include "parse/lower_statement.hpp"

#include <array>
#include <cstddef>

namespace ordain::parse {
namespace {

/// A lock's name by its number (storage/lockdefs.h), as pg_locks shows it.
std::string lock_name(std::int32_t mode) {
    constexpr std::array<std::string_view, 9> names{"NoLock",
                                                    "AccessShareLock",
                                                    "RowShareLock",
                                                    "RowExclusiveLock",
                                                    "ShareUpdateExclusiveLock",
                                                    "ShareLock",
                                                    "ShareRowExclusiveLock",
                                                    "ExclusiveLock",
                                                    "AccessExclusiveLock"};
    const auto index = static_cast<std::size_t>(mode);
    return std::string(index < names.size() ? names[index] : names[0]);
}

/// True for a parameter that is on: written alone, or as true, on or a number but 0.
bool is_on(Nodes options, std::string_view name) {
    for (const PgQuery__Node* node : options) {
        if (std::string_view(node->def_elem->defname) != name) continue;
        const std::string value = value_text(node->def_elem->arg);
        return value.empty() || value == "true" || value == "on" || value == "1";
    }
    return false;
}

std::string reindex_kind(PgQuery__ReindexObjectType kind) {
    switch (kind) {
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX: return "index";
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_TABLE: return "table";
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA: return "schema";
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SYSTEM: return "system";
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_DATABASE: return "database";
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_TYPE_UNDEFINED:
    case _PG_QUERY__REINDEX_OBJECT_TYPE_IS_INT_SIZE: break;
    }
    return {};
}

} // namespace

void lower(Lowering& lowering, const PgQuery__TruncateStmt& node) {
    Truncate truncate;
    for (const PgQuery__Node* each : nodes(node.relations, node.n_relations)) {
        if (each->node_case != PG_QUERY__NODE__NODE_RANGE_VAR) continue;
        QualifiedName name = lowering.relation(each->range_var);
        truncate.tables.push_back({.name = std::move(name), .only = each->range_var->inh == 0});
    }
    truncate.restart_identity = node.restart_seqs != 0;
    truncate.behavior = drop_behavior(node.behavior);
    lowering.add(std::move(truncate));
}

void lower(Lowering& lowering, const PgQuery__CopyStmt& node) {
    CopyRows copy;
    Locator& locator = lowering.locator();
    locator.accept("copy");
    copy.from = node.is_from != 0;
    copy.from_stdin = copy.from && *node.filename == '\0';
    if (node.query != nullptr) {
        const Span bracket = locator.next_span();
        locator.enter();
        const std::uint32_t begin = locator.begin();
        locator.seek(bracket.begin);
        locator.skip();
        copy.query = lowering.expressions().query(
            node.query, Span{.begin = begin, .end = locator.previous_end() - 1});
    } else {
        copy.relation = lowering.relation(node.relation);
        copy.columns = lowering.bracketed_names(nodes(node.attlist, node.n_attlist));
    }
    lowering.add(std::move(copy));
}

void lower(Lowering& lowering, const PgQuery__LockStmt& node) {
    LockTable lock;
    lock.tables = lowering.relations(nodes(node.relations, node.n_relations));
    lock.mode = lock_name(node.mode);
    lowering.add(std::move(lock));
}

void lower(Lowering& lowering, const PgQuery__RefreshMatViewStmt& node) {
    RefreshMaterializedView refresh;
    refresh.view = lowering.relation(node.relation);
    refresh.concurrently = node.concurrent != 0;
    refresh.with_no_data = node.skip_data != 0;
    lowering.add(std::move(refresh)).written_for = ObjectKind::materialized_view;
}

void lower(Lowering& lowering, const PgQuery__VacuumStmt& node) {
    Maintain maintain;
    maintain.command = node.is_vacuumcmd != 0 ? "VACUUM" : "ANALYZE";
    maintain.object_kind = "table";
    maintain.full = is_on(nodes(node.options, node.n_options), "full");
    for (const PgQuery__Node* relation : nodes(node.rels, node.n_rels)) {
        if (relation->node_case == PG_QUERY__NODE__NODE_VACUUM_RELATION)
            maintain.relations.push_back(lowering.relation(relation->vacuum_relation->relation));
    }
    lowering.add(std::move(maintain));
}

void lower(Lowering& lowering, const PgQuery__ClusterStmt& node) {
    Maintain maintain;
    maintain.command = "CLUSTER";
    maintain.object_kind = "table";
    if (node.relation != nullptr) maintain.relations.push_back(lowering.relation(node.relation));
    lowering.add(std::move(maintain));
}

void lower(Lowering& lowering, const PgQuery__ReindexStmt& node) {
    Maintain maintain;
    Locator& locator = lowering.locator();
    maintain.command = "REINDEX";
    maintain.object_kind = reindex_kind(node.kind);
    maintain.concurrently = is_on(nodes(node.params, node.n_params), "concurrently");
    if (node.relation != nullptr) {
        maintain.relations.push_back(lowering.relation(node.relation));
    } else if (*node.name != '\0') {
        locator.skip_past(maintain.object_kind);
        locator.accept("concurrently");
        maintain.relations.push_back({.schema = {}, .name = locator.name(node.name)});
    }
    lowering.add(std::move(maintain));
}

void lower(Lowering& lowering, const PgQuery__CheckPointStmt& /*node*/) {
    Maintain maintain;
    maintain.command = "CHECKPOINT";
    lowering.add(std::move(maintain));
}

} // namespace ordain::parse
