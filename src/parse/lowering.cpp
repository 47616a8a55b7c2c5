#include "parse/lowering.hpp"

#include "parse/mentioned_words.hpp"
#include "text/identifier_list.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace ordain::parse {

Span Lowering::whole(const TokenTable& tokens) {
    return tokens.size() == 0 ? Span{} : tokens.span(0, tokens.size() - 1);
}

void Lowering::confine(Span statement) {
    statement_ = statement;
    locator_.seek(statement.begin);
}

void Lowering::seek(int location) {
    if (location > 0) locator_.seek(offset(location));
}

std::string_view Lowering::text(Span span) const {
    return text_.substr(span.begin - base_, span.size());
}

Action& Lowering::append(Action&& action) {
    if (actions_.size() == max_actions) {
        too_large_ = true;
        actions_.back() = std::move(action);
    } else {
        actions_.push_back(std::move(action));
    }
    return actions_.back();
}

std::vector<Mention> Lowering::mentions() const {
    return mentioned_words(text_, base_);
}

QualifiedName Lowering::relation(const PgQuery__RangeVar* node) {
    if (node == nullptr) return {};
    QualifiedName name = expressions_.qualified_name(node);
    if (name.name.span.empty()) return name;
    locator_.seek(name.name.span.end);
    // relation_expr: ONLY (name), name *.
    const TokenTable& tokens = expressions_.tokens();
    const TokenTable::Index first = tokens.at_or_after(name.span().begin);
    if (first >= 2 && tokens.is(first - 1, '(') && tokens.is_word(first - 2, "only"))
        locator_.accept(')');
    locator_.accept('*');
    return name;
}

std::vector<QualifiedName> Lowering::relations(Nodes nodes) {
    std::vector<QualifiedName> names;
    names.reserve(nodes.size());
    for (const PgQuery__Node* node : nodes) {
        if (node->node_case == PG_QUERY__NODE__NODE_RANGE_VAR)
            names.push_back(relation(node->range_var));
    }
    return names;
}

TypeName Lowering::type(const PgQuery__TypeName* node) {
    if (node == nullptr) return {};
    TypeName type = expressions_.type_name(node);
    if (!type.span.empty()) locator_.seek(type.span.end);
    return type;
}

std::optional<Expression> Lowering::expression(const PgQuery__Node* node) const {
    if (node == nullptr) return std::nullopt;
    return expressions_.expression(node);
}

Identifier Lowering::role(const PgQuery__RoleSpec* node) {
    if (node == nullptr) return {};
    std::string_view name = node->rolename;
    if (node->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_ROLE) name = "current_role";
    if (node->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_USER) name = "current_user";
    if (node->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_SESSION_USER) name = "session_user";
    if (node->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC) name = "public";
    // A policy without TO is for PUBLIC, which then stands nowhere.
    if (node->location <= 0) return Identifier{.text = std::string(name), .span = {}};
    seek(node->location);
    return locator_.name(name);
}

std::vector<Identifier> Lowering::roles(Nodes nodes) {
    std::vector<Identifier> found;
    found.reserve(nodes.size());
    for (const PgQuery__Node* node : nodes) {
        if (node->node_case == PG_QUERY__NODE__NODE_ROLE_SPEC)
            found.push_back(role(node->role_spec));
    }
    return found;
}

std::vector<Identifier> Lowering::names(Nodes nodes) {
    std::vector<Identifier> found;
    found.reserve(nodes.size());
    for (const PgQuery__Node* node : nodes) {
        if (!found.empty()) locator_.next_item();
        found.push_back(locator_.name(string_of(node)));
    }
    return found;
}

std::vector<Identifier> Lowering::bracketed_names(Nodes nodes) {
    if (nodes.empty()) return {};
    locator_.enter();
    std::vector<Identifier> found = names(nodes);
    locator_.leave();
    return found;
}

QualifiedName Lowering::qualified_name(Nodes parts) {
    return qualified(locator_.dotted(strings_of(parts)));
}

QualifiedName Lowering::collation(const PgQuery__CollateClause* node) {
    if (node == nullptr) return {};
    seek(node->location);
    locator_.accept("collate");
    return qualified_name(nodes(node->collname, node->n_collname));
}

namespace {

/// A function's option RESET name, or SET name TO DEFAULT.
bool is_reset(const PgQuery__DefElem& node) {
    if (node.arg == nullptr || node.arg->node_case != PG_QUERY__NODE__NODE_VARIABLE_SET_STMT)
        return false;
    const PgQuery__VariableSetKind kind = node.arg->variable_set_stmt->kind;
    return kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET ||
           kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL ||
           kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_DEFAULT;
}

} // namespace

Option Lowering::option(const PgQuery__DefElem& node, std::string_view absent) {
    seek(node.location);
    Option option;
    option.name.text = node.defnamespace;
    if (!option.name.text.empty()) option.name.text += '.';
    option.name.text += node.defname;
    option.name.span = locator_.next_span();
    option.span = Span{.begin = locator_.begin(), .end = locator_.item_end()};
    option.value = node.arg == nullptr ? std::string(absent) : value_text(node.arg);
    if (is_reset(node)) option.name.text = "reset";
    return option;
}

std::vector<Option> Lowering::options(Nodes nodes, std::string_view absent) {
    std::vector<Option> found;
    found.reserve(nodes.size());
    for (const PgQuery__Node* node : nodes) {
        if (node->node_case != PG_QUERY__NODE__NODE_DEF_ELEM) continue;
        found.push_back(option(*node->def_elem, absent));
        // Options that follow each other without commas end where the next one begins.
        if (found.size() < 2) continue;
        Span& previous = found[found.size() - 2].span;
        if (previous.end > found.back().span.begin) previous.end = locator_.previous_end();
    }
    return found;
}

std::vector<Option> Lowering::bracketed_options(Nodes nodes, std::string_view absent) {
    if (nodes.empty()) return {};
    locator_.enter();
    std::vector<Option> found = options(nodes, absent);
    locator_.leave();
    return found;
}

std::string_view string_of(const PgQuery__Node* node) {
    if (node == nullptr || node->node_case != PG_QUERY__NODE__NODE_STRING) return {};
    return node->string->sval;
}

std::vector<std::string_view> strings_of(Nodes nodes) {
    std::vector<std::string_view> strings;
    strings.reserve(nodes.size());
    std::ranges::transform(nodes, std::back_inserter(strings), string_of);
    return strings;
}

Nodes items_of(const PgQuery__Node* node) {
    if (node == nullptr || node->node_case != PG_QUERY__NODE__NODE_LIST) return {};
    return nodes(node->list->items, node->list->n_items);
}

namespace {

std::string constant_text(const PgQuery__AConst& constant) {
    switch (constant.val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL: return std::to_string(constant.ival->ival);
    case PG_QUERY__A__CONST__VAL_FVAL: return constant.fval->fval;
    case PG_QUERY__A__CONST__VAL_BOOLVAL: return constant.boolval->boolval != 0 ? "true" : "false";
    case PG_QUERY__A__CONST__VAL_SVAL: return constant.sval->sval;
    case PG_QUERY__A__CONST__VAL_BSVAL: return constant.bsval->bsval;
    case PG_QUERY__A__CONST__VAL__NOT_SET:
    case _PG_QUERY__A__CONST__VAL__CASE_IS_INT_SIZE: break;
    }
    return constant.isnull != 0 ? "null" : "";
}

std::string joined(Nodes list, std::string_view separator) {
    std::string text;
    for (const PgQuery__Node* node : list) {
        if (!text.empty()) text += separator;
        text += value_text(node);
    }
    return text;
}

/// Of a type only its own name matters here: AS bigint, or a word that the grammar took for one.
std::string type_text(const PgQuery__TypeName& type) {
    if (type.n_names == 0) return {};
    return std::string(string_of(type.names[type.n_names - 1]));
}

/// SET as a function's option: name=value; for RESET the name alone, or "all".
std::string setting_text(const PgQuery__VariableSetStmt& setting) {
    if (setting.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL) return "all";
    if (setting.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_CURRENT)
        return std::string(setting.name) + " from current";
    if (setting.kind != PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE) return setting.name;
    const Nodes values = nodes(setting.args, setting.n_args);
    const std::string name = setting.name;
    if (name != "search_path") return name + "=" + joined(values, ",");
    // One string may hold a comma, and then it is one name all the same.
    std::vector<std::string> schemas;
    for (const PgQuery__Node* value : values)
        schemas.push_back(value_text(value));
    return name + "=" + text::join_identifiers(schemas);
}

} // namespace

std::string value_text(const PgQuery__Node* node) {
    if (node == nullptr) return {};
    if (node->node_case == PG_QUERY__NODE__NODE_INTEGER) return std::to_string(node->integer->ival);
    if (node->node_case == PG_QUERY__NODE__NODE_FLOAT) return node->float_->fval;
    if (node->node_case == PG_QUERY__NODE__NODE_BOOLEAN)
        return node->boolean->boolval != 0 ? "true" : "false";
    if (node->node_case == PG_QUERY__NODE__NODE_STRING) return node->string->sval;
    if (node->node_case == PG_QUERY__NODE__NODE_BIT_STRING) return node->bit_string->bsval;
    if (node->node_case == PG_QUERY__NODE__NODE_A_CONST) return constant_text(*node->a_const);
    if (node->node_case == PG_QUERY__NODE__NODE_LIST) return joined(items_of(node), ",");
    if (node->node_case == PG_QUERY__NODE__NODE_TYPE_NAME) return type_text(*node->type_name);
    if (node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) return value_text(node->type_cast->arg);
    if (node->node_case == PG_QUERY__NODE__NODE_ROLE_SPEC) return node->role_spec->rolename;
    if (node->node_case == PG_QUERY__NODE__NODE_A_STAR) return "*";
    if (node->node_case != PG_QUERY__NODE__NODE_VARIABLE_SET_STMT) return {};
    return setting_text(*node->variable_set_stmt);
}

Guard guard_if(bool written, Guard guard) {
    return written ? guard : Guard::none;
}

DropBehavior drop_behavior(PgQuery__DropBehavior behavior) {
    return behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DropBehavior::cascade
                                                             : DropBehavior::restrict_;
}

Persistence persistence_of(const PgQuery__RangeVar* relation) {
    const std::string_view letter = relation == nullptr ? "" : relation->relpersistence;
    if (letter == "t") return Persistence::temporary;
    if (letter == "u") return Persistence::unlogged;
    return Persistence::permanent;
}

} // namespace ordain::parse
