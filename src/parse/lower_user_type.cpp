#include "parse/lower_definition.hpp"
#include "parse/lower_statement.hpp"

#include <cstddef>

namespace ordain::parse {
namespace {

/// The manual's words for AlterDomainStmt.subtype.
std::string_view domain_change(std::string_view subtype, bool has_definition) {
    if (subtype == "T") return has_definition ? "set default" : "drop default";
    if (subtype == "N") return "drop not null";
    if (subtype == "O") return "set not null";
    if (subtype == "C") return "add constraint";
    return subtype == "X" ? "drop constraint" : "validate constraint";
}

std::vector<Identifier> lower_labels(Lowering& lowering, Nodes labels) {
    std::vector<Identifier> found;
    found.reserve(labels.size());
    for (const PgQuery__Node* label : labels)
        found.push_back(lowering.locator().literal(string_of(label)));
    return found;
}

void lower_added_label(Lowering& lowering, const PgQuery__AlterEnumStmt& node, QualifiedName type) {
    Locator& locator = lowering.locator();
    AlterEnumAdd change;
    change.type = std::move(type);
    change.label = locator.literal(node.new_val);
    change.after = node.new_val_is_after != 0;
    if (*node.new_val_neighbor != '\0') change.neighbor = locator.literal(node.new_val_neighbor);
    lowering.add(std::move(change)).guard =
        guard_if(node.skip_if_new_val_exists != 0, Guard::if_not_exists);
}

/// A type's SUBTYPE, wherever it is among a range's parameters.
void lower_range_parameter(Lowering& lowering, const PgQuery__DefElem& node, CreateRange& range) {
    range.options.push_back(lowering.option(node));
    const bool is_subtype = std::string_view(node.defname) == "subtype";
    if (is_subtype && node.arg != nullptr && node.arg->node_case == PG_QUERY__NODE__NODE_TYPE_NAME)
        range.subtype = lowering.type(node.arg->type_name);
}

} // namespace

void lower(Lowering& lowering, const PgQuery__CreateEnumStmt& node) {
    CreateEnum type;
    lowering.locator().accept_all({"create", "type"});
    type.type = lowering.qualified_name(nodes(node.type_name, node.n_type_name));
    lowering.locator().enter();
    type.labels = lower_labels(lowering, nodes(node.vals, node.n_vals));
    lowering.add(std::move(type)).written_for = ObjectKind::type;
}

void lower(Lowering& lowering, const PgQuery__AlterEnumStmt& node) {
    Locator& locator = lowering.locator();
    locator.accept_all({"alter", "type"});
    QualifiedName type = lowering.qualified_name(nodes(node.type_name, node.n_type_name));
    // An empty label is a label too: only the statement's word tells a renaming.
    if (!locator.at("rename")) return lower_added_label(lowering, node, std::move(type));
    AlterEnumRename change;
    change.type = std::move(type);
    change.from = locator.literal(node.old_val);
    change.to = locator.literal(node.new_val);
    lowering.add(std::move(change)).written_for = ObjectKind::type;
}

void lower(Lowering& lowering, const PgQuery__CreateDomainStmt& node) {
    CreateDomain domain;
    lowering.locator().accept_all({"create", "domain"});
    domain.domain = lowering.qualified_name(nodes(node.domainname, node.n_domainname));
    domain.base = lowering.type(node.type_name);
    domain.constraints = lower_constraints(lowering, nodes(node.constraints, node.n_constraints),
                                           lowering.statement().end);
    domain.collation = lowering.collation(node.coll_clause);
    lowering.add(std::move(domain)).written_for = ObjectKind::domain;
}

void lower(Lowering& lowering, const PgQuery__AlterDomainStmt& node) {
    AlterDomain change;
    Locator& locator = lowering.locator();
    locator.accept_all({"alter", "domain"});
    change.domain = lowering.qualified_name(nodes(node.type_name, node.n_type_name));
    change.what = domain_change(node.subtype, node.def != nullptr);
    change.behavior = drop_behavior(node.behavior);
    if (*node.name != '\0') {
        locator.skip(); // DROP or VALIDATE
        locator.accept("constraint");
        locator.accept_guard(node.missing_ok != 0);
        change.constraint_name = locator.name(node.name);
    }
    if (node.def != nullptr && node.def->node_case == PG_QUERY__NODE__NODE_CONSTRAINT)
        change.constraint =
            lower_constraint(lowering, *node.def->constraint, lowering.statement().end);
    else
        change.value = lowering.expression(node.def);
    Action& action = lowering.add(std::move(change));
    action.guard = guard_if(node.missing_ok != 0, Guard::if_exists);
    action.written_for = ObjectKind::domain;
}

void lower(Lowering& lowering, const PgQuery__CompositeTypeStmt& node) {
    CreateCompositeType type;
    type.type = lowering.relation(node.typevar);
    lowering.locator().enter();
    for (const PgQuery__Node* attribute : nodes(node.coldeflist, node.n_coldeflist)) {
        if (attribute->node_case == PG_QUERY__NODE__NODE_COLUMN_DEF)
            type.attributes.push_back(lower_column(lowering, *attribute->column_def));
    }
    lowering.add(std::move(type)).written_for = ObjectKind::type;
}

void lower(Lowering& lowering, const PgQuery__CreateRangeStmt& node) {
    CreateRange range;
    lowering.locator().accept_all({"create", "type"});
    range.type = lowering.qualified_name(nodes(node.type_name, node.n_type_name));
    for (const PgQuery__Node* parameter : nodes(node.params, node.n_params)) {
        if (parameter->node_case == PG_QUERY__NODE__NODE_DEF_ELEM)
            lower_range_parameter(lowering, *parameter->def_elem, range);
    }
    lowering.add(std::move(range)).written_for = ObjectKind::type;
}

} // namespace ordain::parse
