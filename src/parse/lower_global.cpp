#include "parse/lower_definition.hpp"
#include "parse/lower_statement.hpp"

#include <algorithm>
#include <cstddef>

namespace ordain::parse {
namespace {

bool has_option(const std::vector<Option>& options, std::string_view name) {
    return std::ranges::any_of(options,
                               [name](const Option& option) { return option.name.text == name; });
}

std::vector<Option> lower_role_options(Lowering& lowering, Nodes written) {
    std::vector<Option> options;
    options.reserve(written.size());
    for (const PgQuery__Node* node : written) {
        if (node->node_case == PG_QUERY__NODE__NODE_DEF_ELEM)
            options.push_back(lowering.option(*node->def_elem));
    }
    return options;
}

/// ALTER GROUP g ADD USER u is another spelling of GRANT g TO u.
bool lower_group_change(Lowering& lowering, const PgQuery__AlterRoleStmt& node) {
    if (node.n_options != 1) return false;
    const PgQuery__DefElem& option = *node.options[0]->def_elem;
    if (std::string_view(option.defname) != "rolemembers") return false;
    if (!lowering.locator().at("group")) return false;
    GrantRole change;
    change.revoke = node.action < 0;
    change.roles.push_back(lowering.role(node.role));
    change.grantees = lowering.roles(items_of(option.arg));
    lowering.add(std::move(change)).written_for = ObjectKind::role;
    return true;
}

void lower_extension_option(Lowering& lowering,
                            const PgQuery__DefElem& node,
                            CreateExtension& extension) {
    const std::string_view name = node.defname;
    lowering.seek(node.location);
    if (name == "schema") {
        lowering.locator().accept("schema");
        extension.schema = lowering.locator().name(value_text(node.arg));
    }
    if (name == "new_version") extension.version = value_text(node.arg);
    if (name == "cascade") extension.cascade = value_text(node.arg) == "true";
}

std::vector<IndexElement> lower_statistics_elements(Lowering& lowering, Nodes elements) {
    std::vector<IndexElement> found;
    for (const PgQuery__Node* node : elements) {
        if (node->node_case != PG_QUERY__NODE__NODE_STATS_ELEM) continue;
        Locator& locator = lowering.locator();
        if (!found.empty()) locator.next_item();
        IndexElement element;
        element.span.begin = locator.begin();
        if (node->stats_elem->expr == nullptr) {
            element.column = locator.name(node->stats_elem->name);
        } else {
            element.expression = lowering.expression(node->stats_elem->expr);
            locator.skip_operand();
        }
        element.span.end = locator.previous_end();
        found.push_back(std::move(element));
    }
    return found;
}

} // namespace

void lower(Lowering& lowering, const PgQuery__CreateExtensionStmt& node) {
    CreateExtension extension;
    lowering.locator().accept_all({"create", "extension"});
    lowering.locator().accept_guard(node.if_not_exists != 0);
    extension.extension = lowering.locator().name(node.extname);
    for (const PgQuery__Node* option : nodes(node.options, node.n_options))
        lower_extension_option(lowering, *option->def_elem, extension);
    Action& action = lowering.add(std::move(extension));
    action.guard = guard_if(node.if_not_exists != 0, Guard::if_not_exists);
    action.written_for = ObjectKind::extension;
}

void lower(Lowering& lowering, const PgQuery__CreateRoleStmt& node) {
    CreateRole role;
    Locator& locator = lowering.locator();
    locator.accept("create");
    const Span word = locator.next_span();
    locator.skip(); // ROLE, USER or GROUP
    role.role = locator.name(node.role);
    role.options = lower_role_options(lowering, nodes(node.options, node.n_options));
    // CREATE USER is CREATE ROLE with LOGIN as the default.
    if (node.stmt_type == PG_QUERY__ROLE_STMT_TYPE__ROLESTMT_USER &&
        !has_option(role.options, "canlogin"))
        role.options.push_back(
            {.name = {.text = "canlogin", .span = word}, .value = "true", .span = word});
    lowering.add(std::move(role)).written_for = ObjectKind::role;
}

void lower(Lowering& lowering, const PgQuery__AlterRoleStmt& node) {
    lowering.locator().accept("alter");
    if (lower_group_change(lowering, node)) return;
    AlterRole change;
    change.role = lowering.role(node.role);
    change.options = lower_role_options(lowering, nodes(node.options, node.n_options));
    lowering.add(std::move(change)).written_for = ObjectKind::role;
}

void lower(Lowering& lowering, const PgQuery__CreateStatsStmt& node) {
    CreateStatistics statistics;
    Locator& locator = lowering.locator();
    locator.accept_all({"create", "statistics"});
    locator.accept_guard(node.if_not_exists != 0);
    statistics.statistics = lowering.qualified_name(nodes(node.defnames, node.n_defnames));
    for (const std::string_view kind : strings_of(nodes(node.stat_types, node.n_stat_types)))
        statistics.kinds.emplace_back(kind);
    locator.skip_past("on");
    statistics.elements = lower_statistics_elements(lowering, nodes(node.exprs, node.n_exprs));
    if (node.n_relations != 0 && node.relations[0]->node_case == PG_QUERY__NODE__NODE_RANGE_VAR)
        statistics.table = lowering.relation(node.relations[0]->range_var);
    Action& action = lowering.add(std::move(statistics));
    action.guard = guard_if(node.if_not_exists != 0, Guard::if_not_exists);
    action.written_for = ObjectKind::statistics;
}

void lower(Lowering& lowering, const PgQuery__CreatePublicationStmt& node) {
    CreatePublication publication;
    Locator& locator = lowering.locator();
    const Nodes objects = nodes(node.pubobjects, node.n_pubobjects);
    const bool only_tables = std::ranges::all_of(objects, [](const PgQuery__Node* object) {
        return object->publication_obj_spec->pubtable != nullptr;
    });
    if (!only_tables) return lower_unmodelled(lowering, "CREATE PUBLICATION");
    locator.accept_all({"create", "publication"});
    publication.publication = locator.name(node.pubname);
    publication.all_tables = node.for_all_tables != 0;
    for (const PgQuery__Node* object : objects)
        publication.tables.push_back(
            lowering.relation(object->publication_obj_spec->pubtable->relation));
    publication.options = lowering.options(nodes(node.options, node.n_options));
    lowering.add(std::move(publication)).written_for = ObjectKind::publication;
}

} // namespace ordain::parse
