#include "parse/lower_definition.hpp"

#include "text/letter_case.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

namespace ordain::parse {
namespace {

using Kind = ConstraintDefinition::Kind;

/// pg_constraint.confupdtype and confdeltype.
ReferentialAction referential_action(std::string_view letter) {
    if (letter == "r") return ReferentialAction::restrict_;
    if (letter == "c") return ReferentialAction::cascade;
    if (letter == "n") return ReferentialAction::set_null;
    if (letter == "d") return ReferentialAction::set_default;
    return ReferentialAction::no_action;
}

void lower_check(Lowering& lowering,
                 const PgQuery__Constraint& node,
                 ConstraintDefinition& constraint) {
    constraint.kind = Kind::check;
    constraint.expression = lowering.expression(node.raw_expr);
}

void lower_identity(Lowering& lowering,
                    const PgQuery__Constraint& node,
                    ConstraintDefinition& constraint) {
    constraint.kind = Kind::identity;
    constraint.identity_always = is_always(node);
    lowering.locator().accept_all({"generated", "always", "by", "default", "as", "identity"});
    constraint.options = lowering.bracketed_options(nodes(node.options, node.n_options));
}

/// PRIMARY KEY and UNIQUE: columns or USING INDEX, and what belongs to the index.
void lower_key(Lowering& lowering,
               const PgQuery__Constraint& node,
               ConstraintDefinition& constraint) {
    Locator& locator = lowering.locator();
    locator.accept_all({"primary", "key", "unique", "nulls", "not", "distinct"});
    constraint.nulls_not_distinct = node.nulls_not_distinct != 0;
    constraint.columns = lowering.bracketed_names(nodes(node.keys, node.n_keys));
    locator.accept("include");
    constraint.including = lowering.bracketed_names(nodes(node.including, node.n_including));
    locator.accept("with");
    constraint.options = lowering.bracketed_options(nodes(node.options, node.n_options), "true");
    if (*node.indexname == '\0') return;
    locator.accept_all({"using", "index"});
    constraint.using_index = locator.name(node.indexname);
}

void lower_exclusion(Lowering& lowering,
                     const PgQuery__Constraint& node,
                     ConstraintDefinition& constraint) {
    constraint.kind = Kind::exclusion;
    constraint.access_method = node.access_method;
    Locator& locator = lowering.locator();
    locator.enter();
    for (const PgQuery__Node* pair : nodes(node.exclusions, node.n_exclusions)) {
        const Nodes parts = items_of(pair);
        if (parts.size() != 2) continue;
        if (!constraint.elements.empty()) locator.next_item();
        std::vector<IndexElement> elements = lower_index_elements(lowering, parts.first(1));
        if (elements.empty()) continue;
        IndexElement& element = elements.front();
        locator.skip_past("with");
        element.exclusion_operator = lowering.qualified_name(items_of(parts[1]));
        constraint.elements.push_back(std::move(element));
    }
    locator.leave();
    locator.accept("include");
    constraint.including = lowering.bracketed_names(nodes(node.including, node.n_including));
    locator.accept("with");
    constraint.options = lowering.bracketed_options(nodes(node.options, node.n_options), "true");
    constraint.where = lowering.expression(node.where_clause);
}

void lower_foreign_key(Lowering& lowering,
                       const PgQuery__Constraint& node,
                       ConstraintDefinition& constraint) {
    constraint.kind = Kind::foreign_key;
    Locator& locator = lowering.locator();
    locator.accept_all({"foreign", "key"});
    constraint.columns = lowering.bracketed_names(nodes(node.fk_attrs, node.n_fk_attrs));
    constraint.referenced_table = lowering.relation(node.pktable);
    constraint.referenced_columns = lowering.bracketed_names(nodes(node.pk_attrs, node.n_pk_attrs));
    constraint.match_full = std::string_view(node.fk_matchtype) == "f";
    constraint.on_update = referential_action(node.fk_upd_action);
    constraint.on_delete = referential_action(node.fk_del_action);
    if (node.n_fk_del_set_cols == 0) return;
    locator.skip_past("delete");
    constraint.on_delete_columns =
        lowering.bracketed_names(nodes(node.fk_del_set_cols, node.n_fk_del_set_cols));
}

/// Adds a deferrability attribute to the constraint that it follows; false for other nodes.
bool merge_attribute(const PgQuery__Constraint& node, ConstraintDefinition& constraint) {
    if (node.contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE) {
        constraint.deferrable = true;
        return true;
    }
    if (node.contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED) {
        constraint.deferrable = true;
        constraint.initially_deferred = true;
        return true;
    }
    return node.contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_NOT_DEFERRABLE ||
           node.contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_IMMEDIATE;
}

void lower_body(Lowering& lowering,
                const PgQuery__Constraint& node,
                ConstraintDefinition& constraint) {
    switch (node.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_NULL: constraint.kind = Kind::null; return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL: constraint.kind = Kind::not_null; return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT:
        constraint.kind = Kind::default_;
        constraint.expression = lowering.expression(node.raw_expr);
        return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY: return lower_identity(lowering, node, constraint);
    case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED:
        constraint.kind = Kind::generated;
        constraint.expression = lowering.expression(node.raw_expr);
        return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_CHECK: return lower_check(lowering, node, constraint);
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY:
        constraint.kind = Kind::primary_key;
        return lower_key(lowering, node, constraint);
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE:
        constraint.kind = Kind::unique;
        return lower_key(lowering, node, constraint);
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION:
        return lower_exclusion(lowering, node, constraint);
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN:
        return lower_foreign_key(lowering, node, constraint);
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE:
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_NOT_DEFERRABLE:
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED:
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_IMMEDIATE:
        // It follows no constraint: a column that is deferrable by itself, which is refused.
        constraint.kind = Kind::null;
        merge_attribute(node, constraint);
        return;
    case PG_QUERY__CONSTR_TYPE__CONSTR_TYPE_UNDEFINED:
    case _PG_QUERY__CONSTR_TYPE_IS_INT_SIZE: return;
    }
}

void lower_element_details(Lowering& lowering,
                           const PgQuery__IndexElem& node,
                           IndexElement& element) {
    if (node.n_collation != 0) {
        lowering.locator().skip_past("collate");
        element.collation = lowering.qualified_name(nodes(node.collation, node.n_collation));
    }
    if (node.n_opclass != 0)
        element.operator_class = lowering.qualified_name(nodes(node.opclass, node.n_opclass));
    element.descending = node.ordering == PG_QUERY__SORT_BY_DIR__SORTBY_DESC;
    if (node.nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST)
        element.nulls_first = true;
    if (node.nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_LAST)
        element.nulls_first = false;
}

IndexElement lower_index_element(Lowering& lowering, const PgQuery__IndexElem& node) {
    Locator& locator = lowering.locator();
    IndexElement element;
    element.span = Span{.begin = locator.begin(), .end = locator.item_end()};
    if (node.expr == nullptr) {
        element.column = locator.name(node.name);
    } else {
        element.expression = lowering.expression(node.expr);
        locator.skip_operand();
    }
    lower_element_details(lowering, node, element);
    return element;
}

/// Words are in lower case but for those of the bound itself, which the server prints in capitals.
std::string canonical_word(std::string word) {
    static constexpr std::array<std::string_view, 9> keywords{
        "for", "values", "from", "to", "in", "with", "minvalue", "maxvalue", "null"};
    if (std::ranges::find(keywords, word) == keywords.end()) return word;
    return text::upper_case(word);
}

/// A token's text in the bound's canonical text.
std::string canonical_token(const TokenTable& tokens, TokenTable::Index index) {
    const std::string_view written = tokens.text(index);
    const std::string name = tokens.name(index);
    if (name.empty() || written.find('"') != std::string_view::npos) return std::string(written);
    return canonical_word(name);
}

/// No blank is printed inside brackets, before commas, around :: and between a function and its
/// bracket.
bool is_tight(std::string_view before, std::string_view token) {
    if (before.empty() || before.ends_with('(') || before.ends_with('[')) return true;
    if (before.ends_with("::") || before.ends_with('-')) return true;
    if (token == "(") return std::islower(static_cast<unsigned char>(before.back())) != 0;
    return token == ")" || token == "]" || token == "," || token == "::";
}

} // namespace

bool is_always(const PgQuery__Constraint& node) {
    return std::string_view(node.generated_when) == "a";
}

ConstraintDefinition
lower_constraint(Lowering& lowering, const PgQuery__Constraint& node, std::uint32_t limit) {
    Locator& locator = lowering.locator();
    lowering.seek(node.location);
    ConstraintDefinition constraint;
    constraint.span = Span{.begin = locator.begin(), .end = std::min(limit, locator.item_end())};
    if (*node.conname != '\0') {
        locator.accept("constraint");
        constraint.name = locator.name(node.conname);
    }
    lower_body(lowering, node, constraint);
    constraint.deferrable = constraint.deferrable || node.deferrable != 0;
    constraint.initially_deferred = constraint.initially_deferred || node.initdeferred != 0;
    constraint.not_valid = node.skip_validation != 0;
    constraint.no_inherit = node.is_no_inherit != 0;
    return constraint;
}

std::vector<ConstraintDefinition>
lower_constraints(Lowering& lowering, Nodes constraints, std::uint32_t end) {
    std::vector<ConstraintDefinition> found;
    found.reserve(constraints.size());
    for (const PgQuery__Node* node : constraints) {
        if (node->node_case != PG_QUERY__NODE__NODE_CONSTRAINT) continue;
        if (!found.empty()) {
            lowering.seek(node->constraint->location);
            found.back().span.end = lowering.locator().previous_end();
        }
        if (!found.empty() && merge_attribute(*node->constraint, found.back()))
            found.back().span.end = end;
        else
            found.push_back(lower_constraint(lowering, *node->constraint, end));
    }
    return found;
}

ColumnDefinition lower_column(Lowering& lowering, const PgQuery__ColumnDef& node) {
    Locator& locator = lowering.locator();
    lowering.seek(node.location);
    ColumnDefinition column;
    column.span = Span{.begin = locator.begin(), .end = locator.item_end()};
    column.name = locator.name(node.colname);
    column.type = lowering.type(node.type_name);
    column.storage = node.storage;
    column.constraints =
        lower_constraints(lowering, nodes(node.constraints, node.n_constraints), column.span.end);
    for (ConstraintDefinition& constraint : column.constraints) {
        const bool of_column = constraint.kind == Kind::primary_key ||
                               constraint.kind == Kind::unique ||
                               constraint.kind == Kind::foreign_key;
        if (of_column) constraint.columns = {column.name};
    }
    column.collation = lowering.collation(node.coll_clause);
    return column;
}

std::vector<IndexElement> lower_index_elements(Lowering& lowering, Nodes elements) {
    std::vector<IndexElement> found;
    found.reserve(elements.size());
    for (const PgQuery__Node* node : elements) {
        if (node->node_case != PG_QUERY__NODE__NODE_INDEX_ELEM) continue;
        if (!found.empty()) lowering.locator().next_item();
        found.push_back(lower_index_element(lowering, *node->index_elem));
    }
    return found;
}

std::string lower_partition_bound(Lowering& lowering, const PgQuery__PartitionBoundSpec* node) {
    if (node == nullptr) return {};
    if (node->is_default != 0) return "default";
    const TokenTable& tokens = lowering.expressions().tokens();
    // The tree's place is the first word after FOR VALUES.
    const TokenTable::Index first = tokens.at_location(node->location);
    TokenTable::Index end = tokens.after_group(first + 1);
    if (tokens.is_word(first, "from")) end = tokens.after_group(end + 1);
    std::string text = "FOR VALUES";
    for (TokenTable::Index i = first; i < end; ++i) {
        const std::string token = canonical_token(tokens, i);
        if (!is_tight(text, token)) text += ' ';
        text += token;
    }
    return text;
}

} // namespace ordain::parse
