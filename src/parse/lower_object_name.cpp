#include "parse/lower_object_name.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>

namespace ordain::parse {
namespace {

/// What an object's type is called, and how it is named.
struct Entry {
    /// Where the name is and how it is written.
    enum class Form {
        relation,    ///< A relation with a place, or its name as a list.
        name,        ///< One name.
        dotted,      ///< A name of one or more parts.
        part,        ///< name ON relation: trigger, rule, policy, constraint.
        column,      ///< relation.column; in RENAME relation, then column.
        type,        ///< A type's name as a type or as a list.
        signature,   ///< name(arguments).
        operator_,   ///< name(left, right).
        of_method,   ///< name USING access method.
        cast,        ///< (source AS target).
        transform,   ///< FOR type LANGUAGE name.
        domain_part, ///< name ON DOMAIN domain; in RENAME domain, then name.
        number,      ///< A large object.
    };
    PgQuery__ObjectType type;
    ObjectKind kind;
    Form form;
    std::array<std::string_view, 4> words;
};

using Form = Entry::Form;

constexpr auto entries = std::to_array<Entry>({
    {PG_QUERY__OBJECT_TYPE__OBJECT_ACCESS_METHOD,
     ObjectKind::access_method,
     Form::name,
     {"access", "method"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE,
     ObjectKind::aggregate,
     Form::signature,
     {"aggregate"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE, ObjectKind::column, Form::column, {"type"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_CAST, ObjectKind::cast, Form::cast, {"cast"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN, ObjectKind::column, Form::column, {"column"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION, ObjectKind::collation, Form::dotted, {"collation"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_CONVERSION,
     ObjectKind::conversion,
     Form::dotted,
     {"conversion"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE, ObjectKind::database, Form::name, {"database"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN, ObjectKind::domain, Form::type, {"domain"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT,
     ObjectKind::constraint,
     Form::domain_part,
     {"constraint"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_EVENT_TRIGGER,
     ObjectKind::event_trigger,
     Form::name,
     {"event", "trigger"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION, ObjectKind::extension, Form::name, {"extension"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_FDW,
     ObjectKind::foreign_data_wrapper,
     Form::name,
     {"foreign", "data", "wrapper"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_SERVER,
     ObjectKind::server,
     Form::name,
     {"foreign", "server"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE,
     ObjectKind::foreign_table,
     Form::relation,
     {"foreign", "table"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION, ObjectKind::function, Form::signature, {"function"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_INDEX, ObjectKind::index, Form::relation, {"index"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_LANGUAGE,
     ObjectKind::language,
     Form::name,
     {"procedural", "language"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_LARGEOBJECT,
     ObjectKind::large_object,
     Form::number,
     {"large", "object"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW,
     ObjectKind::materialized_view,
     Form::relation,
     {"materialized", "view"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_OPCLASS,
     ObjectKind::operator_class,
     Form::of_method,
     {"operator", "class"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_OPERATOR, ObjectKind::operator_, Form::operator_, {"operator"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_OPFAMILY,
     ObjectKind::operator_family,
     Form::of_method,
     {"operator", "family"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_POLICY, ObjectKind::policy, Form::part, {"policy"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE,
     ObjectKind::procedure,
     Form::signature,
     {"procedure"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_PUBLICATION,
     ObjectKind::publication,
     Form::name,
     {"publication"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_ROLE, ObjectKind::role, Form::name, {"role", "user", "group"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE, ObjectKind::function, Form::signature, {"routine"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_RULE, ObjectKind::rule, Form::part, {"rule"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA, ObjectKind::schema, Form::name, {"schema"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE, ObjectKind::sequence, Form::relation, {"sequence"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_SUBSCRIPTION,
     ObjectKind::subscription,
     Form::name,
     {"subscription"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT,
     ObjectKind::statistics,
     Form::dotted,
     {"statistics"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT,
     ObjectKind::constraint,
     Form::part,
     {"constraint"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, ObjectKind::table, Form::relation, {"table"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TABLESPACE, ObjectKind::tablespace, Form::name, {"tablespace"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TRANSFORM,
     ObjectKind::transform,
     Form::transform,
     {"transform"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER, ObjectKind::trigger, Form::part, {"trigger"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TSCONFIGURATION,
     ObjectKind::text_search_configuration,
     Form::dotted,
     {"text", "search", "configuration"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TSDICTIONARY,
     ObjectKind::text_search_dictionary,
     Form::dotted,
     {"text", "search", "dictionary"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TSPARSER,
     ObjectKind::text_search_parser,
     Form::dotted,
     {"text", "search", "parser"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TSTEMPLATE,
     ObjectKind::text_search_template,
     Form::dotted,
     {"text", "search", "template"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, ObjectKind::type, Form::type, {"type"}},
    {PG_QUERY__OBJECT_TYPE__OBJECT_VIEW, ObjectKind::view, Form::relation, {"view"}},
});

const Entry* entry_of(PgQuery__ObjectType type) {
    const auto* const found = std::ranges::find(entries, type, &Entry::type);
    return found == entries.end() ? nullptr : found;
}

/// The nodes of a dotted name, which is a list, a type or a single string.
std::vector<std::string_view> parts_of(const PgQuery__Node* node) {
    if (node == nullptr) return {};
    if (node->node_case == PG_QUERY__NODE__NODE_LIST) return strings_of(items_of(node));
    if (node->node_case == PG_QUERY__NODE__NODE_TYPE_NAME)
        return strings_of(nodes(node->type_name->names, node->type_name->n_names));
    return {string_of(node)};
}

QualifiedName dotted(Lowering& lowering, const std::vector<std::string_view>& parts) {
    return qualified(lowering.locator().dotted(parts));
}

QualifiedName single(Identifier name) {
    return QualifiedName{.schema = {}, .name = std::move(name)};
}

/// name ON relation: the list has the relation's parts first and the name last.
void lower_part(Lowering& lowering, const ObjectNode& node, ObjectName& object) {
    Locator& locator = lowering.locator();
    if (node.relation != nullptr) {
        object.name = single(locator.name(node.part));
        locator.accept("on");
        object.relation = lowering.relation(node.relation);
        return;
    }
    std::vector<std::string_view> parts = parts_of(node.object);
    if (parts.empty()) return;
    object.name = single(locator.name(parts.back()));
    parts.pop_back();
    locator.accept("on");
    object.relation = dotted(lowering, parts);
}

/// relation.column, or the relation alone: then the column is named further on.
void lower_column_name(Lowering& lowering, const ObjectNode& node, ObjectName& object) {
    if (node.relation != nullptr) {
        object.relation = lowering.relation(node.relation);
        return;
    }
    std::vector<Identifier> names = lowering.locator().dotted(parts_of(node.object));
    if (names.empty()) return;
    object.name = single(std::move(names.back()));
    names.pop_back();
    object.relation = qualified(std::move(names));
}

void lower_type_name(Lowering& lowering, const PgQuery__Node* node, ObjectName& object) {
    if (node == nullptr) return;
    if (node->node_case == PG_QUERY__NODE__NODE_TYPE_NAME)
        object.name = lowering.type(node->type_name).name;
    else
        object.name = dotted(lowering, parts_of(node));
}

void lower_operator(Lowering& lowering, const PgQuery__Node* node, ObjectName& object) {
    if (node == nullptr || node->node_case != PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS) return;
    const PgQuery__ObjectWithArgs& written = *node->object_with_args;
    object.name = lowering.qualified_name(nodes(written.objname, written.n_objname));
    for (const PgQuery__Node* argument : nodes(written.objargs, written.n_objargs)) {
        const bool given = argument->node_case == PG_QUERY__NODE__NODE_TYPE_NAME;
        object.types.push_back(given ? lowering.expressions().type_name(argument->type_name)
                                     : TypeName{});
    }
    lowering.locator().skip();
}

/// name USING method: the list has the method first.
void lower_of_method(Lowering& lowering, const PgQuery__Node* node, ObjectName& object) {
    std::vector<std::string_view> parts = parts_of(node);
    if (parts.size() < 2) return;
    const std::string_view method = parts.front();
    parts.erase(parts.begin());
    object.name = dotted(lowering, parts);
    lowering.locator().accept("using");
    object.relation = single(lowering.locator().name(method));
}

void lower_cast(Lowering& lowering, const PgQuery__Node* node, ObjectName& object) {
    for (const PgQuery__Node* type : items_of(node)) {
        if (type->node_case == PG_QUERY__NODE__NODE_TYPE_NAME)
            object.types.push_back(lowering.type(type->type_name));
    }
    lowering.locator().leave();
}

void lower_transform(Lowering& lowering, const PgQuery__Node* node, ObjectName& object) {
    const Nodes parts = items_of(node);
    if (parts.size() != 2 || parts[0]->node_case != PG_QUERY__NODE__NODE_TYPE_NAME) return;
    lowering.locator().accept("for");
    object.types.push_back(lowering.type(parts[0]->type_name));
    lowering.locator().accept("language");
    object.name = single(lowering.locator().name(string_of(parts[1])));
}

/// name ON DOMAIN domain, where the list is the domain's type and the name; in RENAME the domain's
/// name alone.
void lower_domain_part(Lowering& lowering, const ObjectNode& node, ObjectName& object) {
    object.on_domain = true;
    const Nodes parts = items_of(node.object);
    if (parts.size() == 2 && parts[0]->node_case == PG_QUERY__NODE__NODE_TYPE_NAME) {
        object.name = single(lowering.locator().name(string_of(parts[1])));
        lowering.locator().accept_all({"on", "domain"});
        // The grammar makes a type of the domain's name, but does not say where it is.
        object.relation = dotted(lowering, parts_of(parts[0]));
        return;
    }
    object.relation = dotted(lowering, parts_of(node.object));
}

void lower_form(Lowering& lowering, Form form, const ObjectNode& node, ObjectName& object) {
    switch (form) {
    case Form::relation:
        object.name = node.relation != nullptr ? lowering.relation(node.relation)
                                               : dotted(lowering, parts_of(node.object));
        return;
    case Form::name:
        object.name = single(
            lowering.locator().name(node.object != nullptr ? string_of(node.object) : node.part));
        return;
    case Form::dotted: object.name = dotted(lowering, parts_of(node.object)); return;
    case Form::part: return lower_part(lowering, node, object);
    case Form::column: return lower_column_name(lowering, node, object);
    case Form::type: return lower_type_name(lowering, node.object, object);
    case Form::signature:
        if (node.object == nullptr) return;
        object.function = lower_signature(lowering, *node.object->object_with_args);
        object.name = object.function.name;
        return;
    case Form::operator_: return lower_operator(lowering, node.object, object);
    case Form::of_method: return lower_of_method(lowering, node.object, object);
    case Form::cast: return lower_cast(lowering, node.object, object);
    case Form::transform: return lower_transform(lowering, node.object, object);
    case Form::domain_part: return lower_domain_part(lowering, node, object);
    case Form::number:
        object.name.name =
            Identifier{.text = value_text(node.object), .span = lowering.locator().next_span()};
        lowering.locator().skip();
        return;
    }
}

} // namespace

ObjectKind object_kind(PgQuery__ObjectType type) {
    const Entry* entry = entry_of(type);
    return entry == nullptr ? ObjectKind::table : entry->kind;
}

void pass_kind(Locator& locator, PgQuery__ObjectType type) {
    const Entry* entry = entry_of(type);
    if (entry == nullptr) return;
    for (const std::string_view word : entry->words) {
        if (!word.empty()) locator.accept(word);
    }
}

ObjectName lower_object_name(Lowering& lowering, const ObjectNode& node) {
    ObjectName object;
    const Entry* entry = entry_of(node.type);
    if (entry == nullptr) return object;
    object.kind = entry->kind;
    object.span.begin = lowering.locator().begin();
    lower_form(lowering, entry->form, node, object);
    object.span.end = lowering.locator().previous_end();
    return object;
}

FunctionSignature lower_signature(Lowering& lowering, const PgQuery__ObjectWithArgs& node) {
    FunctionSignature signature;
    signature.name = lowering.qualified_name(nodes(node.objname, node.n_objname));
    signature.arguments_given = node.args_unspecified == 0;
    for (const PgQuery__Node* argument : nodes(node.objargs, node.n_objargs)) {
        if (argument->node_case == PG_QUERY__NODE__NODE_TYPE_NAME)
            signature.arguments.push_back(lowering.expressions().type_name(argument->type_name));
    }
    if (signature.arguments_given) lowering.locator().skip();
    return signature;
}

} // namespace ordain::parse
