#include "parse/lower_type.hpp"

#include "parse/lower_expression.hpp"

#include <algorithm>
#include <array>
#include <pg_query/pg_query.pb-c.h>
#include <string>
#include <string_view>
#include <utility>

namespace ordain::parse {
namespace {

using Index = TokenTable::Index;
constexpr Index none = TokenTable::none;

constexpr std::array<std::string_view, 6> interval_fields{"year", "month",  "day",
                                                          "hour", "minute", "second"};

bool is_interval_field(const TokenTable& tokens, Index at) {
    return std::ranges::any_of(interval_fields,
                               [&](std::string_view field) { return tokens.is_word(at, field); });
}

/// The token after the words of a type that the grammar spells out, modifiers and time zone
/// included: DOUBLE PRECISION, CHARACTER VARYING (10), TIME (3) WITH TIME ZONE.
Index after_keyword_type(const TokenTable& tokens, Index at, bool has_modifiers) {
    const Index first = at;
    if (tokens.is_word(at, "national")) ++at;
    const bool varies = tokens.is_word(at, "character") || tokens.is_word(at, "char") ||
                        tokens.is_word(at, "nchar") || tokens.is_word(at, "bit");
    const bool zoned = tokens.is_word(at, "time") || tokens.is_word(at, "timestamp");
    ++at;
    if (tokens.is_word(first, "double") || (varies && tokens.is_word(at, "varying"))) ++at;
    if (tokens.is_word(first, "interval"))
        return has_modifiers ? after_interval_fields(tokens, at) : at;
    if (tokens.is(at, '(') && (has_modifiers || tokens.is_word(first, "float")))
        at = tokens.after_group(at);
    const bool zone = tokens.is_word(at, "with") || tokens.is_word(at, "without");
    return zoned && zone && tokens.is_word(at + 1, "time") ? at + 3 : at;
}

/// The token after [], [3] or ARRAY [3] for each of the dimensions.
Index after_array_bounds(const TokenTable& tokens, Index at, std::size_t dimensions) {
    if (dimensions > 0 && tokens.is_word(at, "array")) ++at;
    for (; dimensions > 0 && tokens.is(at, '['); --dimensions)
        at = tokens.after_group(at);
    return at;
}

/// The name's own words: what comes before the modifiers, except in TIME (3) WITH TIME ZONE.
Span keyword_type_span(const TokenTable& tokens, Index first, Index after) {
    Index last = after - 1;
    if (tokens.is(last, ')') && tokens.partner(last) != none) last = tokens.partner(last) - 1;
    if (tokens.is_word(first, "interval")) last = first;
    return tokens.span(first, last);
}

} // namespace

Index after_interval_fields(const TokenTable& tokens, Index at) {
    if (is_interval_field(tokens, at)) {
        ++at;
        if (tokens.is_word(at, "to")) at += 2;
        if (!tokens.is_word(at - 1, "second")) return at;
    }
    return tokens.is(at, '(') ? tokens.after_group(at) : at;
}

PlacedNames
ExpressionLowering::names(PgQuery__Node* const* nodes, std::size_t count, Index at) const {
    PlacedNames placed{.names = {}, .last = none, .after = at};
    placed.names.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (nodes[i]->node_case != PG_QUERY__NODE__NODE_STRING) continue;
        const std::string_view text = nodes[i]->string->sval;
        const bool dot = placed.last != none && tokens_.is(placed.after, '.');
        const bool expected = dot || placed.last == none;
        const Index next = dot ? placed.after + 1 : placed.after;
        placed.names.push_back(identifier(expected ? next : none, text));
        if (placed.names.back().span.empty()) continue;
        placed.last = next;
        placed.after = next + 1;
    }
    if (placed.last != none && tokens_.is(placed.after, '.')) ++placed.after; // before a star
    return placed;
}

Identifier ExpressionLowering::identifier(Index at, std::string_view text) const {
    const bool found = tokens_.names(at, text);
    return {.text = std::string(text), .span = found ? tokens_.span(at) : Span{}};
}

QualifiedName ExpressionLowering::qualified_name(const PgQuery__RangeVar* node) const {
    if (node == nullptr) return {};
    QualifiedName name{.schema = {.text = node->schemaname, .span = {}},
                       .name = {.text = node->relname, .span = {}}};
    Index at = tokens_.at_location(node->location);
    if (at == none) return name;
    if (*node->catalogname != '\0') at += 2;
    if (!name.schema.empty()) {
        name.schema = identifier(at, node->schemaname);
        at += 2;
    }
    name.name = identifier(at, node->relname);
    return name;
}

TypeName ExpressionLowering::type_name(const PgQuery__TypeName* node) const {
    TypeName type;
    if (node == nullptr) return type;
    const Index at = tokens_.at_location(node->location);
    PlacedNames placed = names(node->names, node->n_names, at);
    type.modifiers = expressions(node->typmods, node->n_typmods);
    type.array_dimensions = static_cast<std::uint32_t>(node->n_array_bounds);
    type.setof = node->setof != 0;
    type.percent_type = node->pct_type != 0;
    const bool keyword = placed.names.size() == 2 && placed.names[0].span.empty() &&
                         placed.names[0].text == "pg_catalog";
    if (type.percent_type && placed.names.size() > 2)
        type.outer_schema = placed.names[placed.names.size() - 3];
    type.name = qualified(std::move(placed.names));
    if (at == none) return type;
    Index after = placed.after;
    if (keyword) {
        after = after_keyword_type(tokens_, at, node->n_typmods > 0);
        type.name.name.span = keyword_type_span(tokens_, at, after);
    } else if (node->n_typmods > 0 && tokens_.is(after, '(')) {
        after = tokens_.after_group(after);
    }
    if (type.percent_type) after += 2;
    after = after_array_bounds(tokens_, after, node->n_array_bounds);
    const bool setof = type.setof && at > 0 && tokens_.is_word(at - 1, "setof");
    type.span = tokens_.span(setof ? at - 1 : at, after - 1);
    return type;
}

QualifiedName qualified(std::vector<Identifier> parts) {
    QualifiedName name;
    if (!parts.empty()) name.name = std::move(parts.back());
    if (parts.size() > 1) name.schema = std::move(parts[parts.size() - 2]);
    return name;
}

} // namespace ordain::parse
