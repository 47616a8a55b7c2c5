#include "parse/identifiers.hpp"
#include "parse/lower_statement.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <variant>

namespace ordain::parse {
namespace {

/// The server runs the elements of CREATE SCHEMA in this order (transformCreateSchemaStmtElements).
int element_rank(const PgQuery__Node& element) {
    if (element.node_case == PG_QUERY__NODE__NODE_CREATE_SEQ_STMT) return 0;
    if (element.node_case == PG_QUERY__NODE__NODE_CREATE_STMT) return 1;
    if (element.node_case == PG_QUERY__NODE__NODE_VIEW_STMT) return 2;
    if (element.node_case == PG_QUERY__NODE__NODE_INDEX_STMT) return 3;
    return element.node_case == PG_QUERY__NODE__NODE_CREATE_TRIG_STMT ? 4 : 5;
}

/// A place within an element that the tree knows: of the relation that it is about, or of the first
/// one who gets something granted.
int element_location(const PgQuery__Node& element) {
    if (element.node_case == PG_QUERY__NODE__NODE_CREATE_SEQ_STMT)
        return element.create_seq_stmt->sequence->location;
    if (element.node_case == PG_QUERY__NODE__NODE_CREATE_STMT)
        return element.create_stmt->relation->location;
    if (element.node_case == PG_QUERY__NODE__NODE_VIEW_STMT)
        return element.view_stmt->view->location;
    if (element.node_case == PG_QUERY__NODE__NODE_INDEX_STMT)
        return element.index_stmt->relation->location;
    if (element.node_case == PG_QUERY__NODE__NODE_CREATE_TRIG_STMT)
        return element.create_trig_stmt->relation->location;
    return element.grant_stmt->grantees[0]->role_spec->location;
}

/// An element's first token is the nearest CREATE or GRANT before its known place: both words are
/// reserved, so that neither can be a name.
TokenTable::Index first_token(const TokenTable& tokens, const PgQuery__Node& element) {
    const bool is_grant = element.node_case == PG_QUERY__NODE__NODE_GRANT_STMT;
    TokenTable::Index index = tokens.at_location(element_location(element));
    while (index > 0 && !tokens.is_word(index, is_grant ? "grant" : "create"))
        --index;
    return index;
}

struct Element {
    const PgQuery__Node* node = nullptr;
    Span span;
};

/// The elements with their places, in the order in which the server runs them.
std::vector<Element> ordered_elements(const Lowering& lowering, Nodes written) {
    const TokenTable& tokens = lowering.expressions().tokens();
    std::vector<Element> elements;
    elements.reserve(written.size());
    for (const PgQuery__Node* node : written) {
        const TokenTable::Index first = first_token(tokens, *node);
        if (!elements.empty()) elements.back().span.end = tokens.span(first - 1).end;
        elements.push_back(
            {.node = node,
             .span = {.begin = tokens.span(first).begin, .end = lowering.statement().end}});
    }
    std::ranges::stable_sort(elements, {},
                             [](const Element& element) { return element_rank(*element.node); });
    return elements;
}

/// The object that an element creates, or the relation that it is about.
QualifiedName* element_name(Action& action) {
    if (auto* sequence = std::get_if<CreateSequence>(&action.payload)) return &sequence->sequence;
    if (auto* table = std::get_if<CreateTable>(&action.payload)) return &table->table;
    if (auto* view = std::get_if<CreateView>(&action.payload)) return &view->view;
    if (auto* index = std::get_if<CreateIndex>(&action.payload)) return &index->table;
    if (auto* trigger = std::get_if<CreateTrigger>(&action.payload)) return &trigger->relation;
    return nullptr;
}

/// Gives the new schema to what the elements create, and to what names that from then on. The
/// server does it by putting the schema first in the search_path.
void fill_schema(std::span<Action> actions, const std::string& schema) {
    std::set<std::string, std::less<>> created;
    for (Action& action : actions) {
        if (QualifiedName* name = element_name(action)) {
            if (name->schema.empty()) name->schema.text = schema;
            created.insert(name->name.text);
        }
        for_each_qualified_name(action, [&](QualifiedName& name) {
            if (name.schema.empty() && created.contains(name.name.text)) name.schema.text = schema;
        });
    }
}

} // namespace

void lower(Lowering& lowering, const PgQuery__CreateSchemaStmt& node) {
    CreateSchema schema;
    Locator& locator = lowering.locator();
    const Span whole = lowering.statement();
    locator.accept_all({"create", "schema"});
    locator.accept_guard(node.if_not_exists != 0);
    schema.name = locator.name(node.schemaname);
    schema.authorization = lowering.role(node.authrole);
    const std::string name = schema.name.empty() ? schema.authorization.text : schema.name.text;
    Action& action = lowering.add(std::move(schema));
    action.guard = guard_if(node.if_not_exists != 0, Guard::if_not_exists);
    action.written_for = ObjectKind::schema;
    const std::vector<Element> elements =
        ordered_elements(lowering, nodes(node.schema_elts, node.n_schema_elts));
    for (const Element& element : elements) {
        lowering.confine(element.span);
        lower_statement(lowering, *element.node);
    }
    lowering.confine(whole);
    fill_schema(std::span<Action>(lowering.actions()).subspan(1), name);
}

} // namespace ordain::parse
