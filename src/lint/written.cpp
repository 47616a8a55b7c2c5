#include "lint/written.hpp"

#include "catalog/resolve.hpp"
#include "lint/definitions.hpp"
#include "text/lexer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ordain/overloaded.hpp>
#include <string>
#include <vector>

namespace ordain::lint {
namespace {

using Kind = ConstraintDefinition::Kind;

const ColumnDefinition* column_in(const Action& action, std::string_view name) {
    if (const auto* add = std::get_if<AddColumn>(&action.payload))
        return add->column.name.text == name ? &add->column : nullptr;
    const auto* create = std::get_if<CreateTable>(&action.payload);
    if (create == nullptr) return nullptr;
    const auto found = std::ranges::find_if(
        create->columns, [&](const ColumnDefinition& each) { return each.name.text == name; });
    return found == create->columns.end() ? nullptr : &*found;
}

/// A constraint of a column names no columns.
bool is_key_over(const ConstraintDefinition& constraint,
                 const std::vector<std::string>& columns,
                 const Object& key) {
    const bool names_agree = constraint.name.empty() || constraint.name.text == key.name;
    return constraint.kind == Kind::foreign_key && names_agree &&
           (constraint.columns.empty() ||
            std::ranges::equal(constraint.columns, columns, {}, &Identifier::text));
}

Span key_span(const Action& action, const std::vector<std::string>& columns, const Object& key) {
    const auto among = [&](const std::vector<ConstraintDefinition>& constraints) {
        const auto found = std::ranges::find_if(
            constraints, [&](const auto& each) { return is_key_over(each, columns, key); });
        return found == constraints.end() ? Span{} : found->span;
    };
    const ColumnDefinition* column =
        columns.size() == 1 ? column_in(action, columns.front()) : nullptr;
    const Span of_column = column == nullptr ? Span{} : among(column->constraints);
    if (!of_column.empty()) return of_column;
    if (const auto* add = std::get_if<AddConstraint>(&action.payload)) return add->constraint.span;
    const auto* create = std::get_if<CreateTable>(&action.payload);
    return create == nullptr ? Span{} : among(create->constraints);
}

Span name_span(const Action& action) {
    return std::visit(
        Overloaded{[](const CreateTable& create) { return create.table.span(); },
                   [](const CreateTableAs& create) { return create.table.span(); },
                   [](const AddColumn& add) { return add.column.name.span; },
                   [](const CreatePolicy& create) { return create.policy.span; },
                   [](const CreateFunction& create) { return create.function.span(); },
                   [](const AlterFunction& alter) { return alter.function.name.span(); },
                   [](const auto&) { return Span{}; }},
        action.payload);
}

bool is_name(const text::Token& token, std::string_view token_text, std::string_view name) {
    const bool identifier =
        token.kind == text::Token::Kind::word || token.kind == text::Token::Kind::quoted_identifier;
    return identifier && text::identifier_text(token, token_text) == name;
}

/// The first token for which a condition on it and its text holds; empty where there is none.
template <typename Condition>
Span find_token(std::string_view text, std::uint32_t offset, const Condition& holds) {
    text::Lexer lexer(text, offset);
    for (text::Token token = lexer.next_code(); token.kind != text::Token::Kind::end;
         token = lexer.next_code()) {
        if (holds(token, lexer.text_of(token))) return token.span;
    }
    return {};
}

/// Where a text writes a name: by itself, or in a string, as EXECUTE runs them.
Span name_in(std::string_view text, std::uint32_t offset, std::string_view name) {
    const auto is_it = [name](const text::Token& token, std::string_view token_text) {
        return is_name(token, token_text, name);
    };
    return find_token(text, offset, [&](const text::Token& token, std::string_view token_text) {
        if (is_it(token, token_text)) return true;
        const bool string = token.kind == text::Token::Kind::string ||
                            token.kind == text::Token::Kind::dollar_string;
        return string && !find_token(text::string_value(token, token_text).value, 0, is_it).empty();
    });
}

/// Of what is part of nothing else. The sequence of a serial column is.
bool is_always_chosen(const Object& object) {
    return object.parent == no_object && object.kind != ObjectKind::sequence;
}

Location at(const PlanContext& context, const Origin& origin, Span span) {
    Location place = context.place_of(origin);
    if (!span.empty()) place.span = span;
    return place;
}

/// A column as it was written with something else in the place of a part of that.
std::string with_replaced(const PlanContext& context,
                          const Object& column,
                          const ColumnDefinition& definition,
                          Span part,
                          std::string_view by) {
    const SourceFile& file = context.sources.file(context.place_of(column.created).file);
    const Span all = definition.span;
    return fmt::format("{}{}{}", file.text({.begin = all.begin, .end = part.begin}), by,
                       file.text({.begin = part.end, .end = all.end}));
}

} // namespace

const Action* action_of(const PlanContext& context, const Origin& origin) {
    if (origin.migration == 0 || origin.migration > context.statements.size()) return nullptr;
    const std::vector<Statement>& script = context.statements[origin.migration - 1].up;
    const auto statement = std::ranges::find(script, origin.statement, &Statement::number);
    if (statement == script.end()) return nullptr;
    const auto action = std::ranges::find(statement->actions, origin.span, &Action::span);
    return action == statement->actions.end() ? nullptr : &*action;
}

const ColumnDefinition* definition_of_column(const PlanContext& context, const Object& column) {
    const Action* action = action_of(context, column.created);
    return action == nullptr ? nullptr : column_in(*action, column.name);
}

std::string
column_with_type(const PlanContext& context, const Object& column, std::string_view type) {
    const ColumnDefinition* definition = definition_of_column(context, column);
    if (definition == nullptr || definition->type.span.empty())
        return fmt::format("{} {}", catalog::quote_identifier(column.name), type);
    return with_replaced(context, column, *definition, definition->type.span, type);
}

std::string
column_with_name(const PlanContext& context, const Object& column, std::string_view name) {
    std::string quoted = catalog::quote_identifier(name);
    const ColumnDefinition* definition = definition_of_column(context, column);
    if (definition == nullptr) return quoted;
    return with_replaced(context, column, *definition, definition->name.span, quoted);
}

std::string name_in_sql(const Catalog& catalog, const Object& relation) {
    const Object* schema = catalog.find(relation.schema);
    const std::string name = catalog::quote_identifier(relation.name);
    const bool plain = schema == nullptr || schema->name == "public";
    return plain ? name : catalog::quote_identifier(schema->name) + "." + name;
}

std::string name_at(const PlanContext& context, ObjectId relation, const Origin& moment) {
    std::string name = fmt::format("\"{}\"", context.display_name(relation));
    const Object* now = context.catalog.last_version(relation);
    if (now == nullptr || now->named <= moment) return name;
    const Object* then = nullptr;
    for (const Catalog::Change& change : context.catalog.journal()) {
        const Object* version = change.object == relation ? change.object_after : nullptr;
        if (version != nullptr && version->changed <= moment) then = version;
    }
    if (then == nullptr || then->name == now->name) return name;
    return fmt::format("{} (here \"{}\")", name, then->name);
}

std::optional<Location> chosen_name_place(const PlanContext& context, const Object& object) {
    const Origin& origin = object.named;
    if (origin.migration == 0) return std::nullopt;
    Location place = context.place_of(origin);
    const Action* action = action_of(context, origin);
    if (action != nullptr) {
        const std::vector<Definition> made = definitions_in(*action);
        const auto found = std::ranges::find_if(made, [&](const Definition& each) {
            return each.space == name_space_of(object.kind) && each.name == object.name;
        });
        if (found != made.end()) return Location{.file = place.file, .span = found->where.span};
    }
    // AS (SELECT ...), USING INDEX, and what stands in a body that the replay ran.
    const std::string_view text = context.sources.file(place.file).text(place.span);
    const Span token = name_in(text, place.span.begin, object.name);
    if (!token.empty()) return Location{.file = place.file, .span = token};
    if (action != nullptr || !is_always_chosen(object)) return std::nullopt;
    return place; // Put together at run time.
}

Location name_place(const PlanContext& context, const Origin& origin) {
    const Action* action = action_of(context, origin);
    return at(context, origin, action == nullptr ? Span{} : name_span(*action));
}

Location column_place(const PlanContext& context, const Object& column) {
    const ColumnDefinition* definition = definition_of_column(context, column);
    if (definition == nullptr) return name_place(context, column.created);
    return at(context, column.created, definition->span);
}

Location foreign_key_place(const PlanContext& context, const Object& key) {
    std::vector<std::string> columns;
    for (const ObjectId id : key.as<ConstraintDetails>().columns)
        columns.push_back(context.catalog.at(id).name);
    const Action* action = action_of(context, key.created);
    const Span span = action == nullptr ? Span{} : key_span(*action, columns, key);
    return span.empty() ? name_place(context, key.created) : at(context, key.created, span);
}

} // namespace ordain::lint
