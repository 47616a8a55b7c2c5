#include "parse/plpgsql_declarations.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ordain::parse {

using plpgsql::Declaration;
using Kind = PlpgsqlVariable::Kind;
using Cursor = PlpgsqlVariable::Cursor;

namespace {

constexpr std::string_view syntax_error_state = "42601";

/// Types of pg_catalog that have no fields; a name that is not here may be that of a row's type.
constexpr auto scalar_types = std::to_array<std::string_view>(
    {"bit",     "bool",      "bpchar",       "bytea",     "char",     "cidr",
     "date",    "float4",    "float8",       "inet",      "int2",     "int4",
     "int8",    "interval",  "json",         "jsonb",     "macaddr",  "money",
     "name",    "numeric",   "oid",          "refcursor", "regclass", "regnamespace",
     "regoper", "regproc",   "regprocedure", "regrole",   "regtype",  "text",
     "time",    "timestamp", "timestamptz",  "timetz",    "tsquery",  "tsvector",
     "uuid",    "varbit",    "varchar",      "xml"});

bool is_builtin(const TypeName& type) {
    return type.name.schema.empty() || type.name.schema.text == "pg_catalog";
}

Kind kind_of(const TypeName& type) {
    if (type.percent_type) return Kind::unknown;
    if (type.array_dimensions > 0) return Kind::scalar;
    if (!is_builtin(type)) return Kind::unknown;
    if (type.name.name.text == "record") return Kind::record;
    return std::ranges::binary_search(scalar_types, type.name.name.text) ? Kind::scalar
                                                                         : Kind::unknown;
}

PlpgsqlVariable of_kind(Kind kind) {
    return {.kind = kind};
}

} // namespace

PlpgsqlVariable variable_of(const TypeName& type, Span span) {
    const bool cursor =
        type.array_dimensions == 0 && is_builtin(type) && type.name.name.text == "refcursor";
    return {.kind = kind_of(type), .cursor = cursor ? Cursor::unbound : Cursor::none, .type = span};
}

std::vector<Declaration> PlpgsqlDeclarations::read() {
    std::vector<Declaration> list;
    while (!source_.ended() && !tokens_.is("begin")) {
        if (source_.take_if("declare")) continue;
        if (!tokens_.is("<<")) {
            list.push_back(declaration());
            continue;
        }
        const Span place = tokens_.current().span;
        tokens_.advance();
        if (!tokens_.name(nullptr).is_any_identifier()) source_.syntax_error();
        tokens_.advance();
        source_.take(">>");
        source_.refuse(syntax_error_state, "block label must be placed before DECLARE, not after",
                       place);
    }
    return list;
}

void PlpgsqlDeclarations::declare_error_variables() {
    PlpgsqlVariable variable = of_kind(Kind::scalar);
    variable.constant = true;
    scope_.declare("sqlstate", variable);
    scope_.declare("sqlerrm", variable);
}

void PlpgsqlDeclarations::declare_counter(const std::string& name) {
    scope_.declare(name, of_kind(Kind::scalar));
}

void PlpgsqlDeclarations::declare_row(const std::string& name) {
    scope_.declare(name, of_kind(Kind::record));
}

/// No variables are looked for here, so that these words are always keywords.
bool PlpgsqlDeclarations::is_keyword(std::string_view word) const {
    return tokens_.is(word) && tokens_.name(nullptr).tokens == 1;
}

Identifier PlpgsqlDeclarations::new_name() {
    const PlpgsqlName name = tokens_.name(nullptr);
    if (!name.is_any_identifier()) {
        source_.syntax_error();
        return {};
    }
    if (scope_.is_declared_here(name.names.front().text))
        source_.refuse_here("duplicate declaration");
    tokens_.advance();
    return name.names.front();
}

Declaration PlpgsqlDeclarations::declaration() {
    Declaration declaration;
    declaration.name = new_name();
    if (is_keyword("alias")) {
        read_alias(declaration);
    } else if (is_keyword("cursor") || is_keyword("no") || is_keyword("scroll")) {
        read_cursor(declaration);
    } else {
        PlpgsqlVariable variable = read_variable(declaration);
        if (!source_.ended()) scope_.declare(declaration.name.text, std::move(variable));
    }
    return declaration;
}

void PlpgsqlDeclarations::read_alias(Declaration& declaration) {
    tokens_.advance();
    source_.take("for");
    const PlpgsqlName original = tokens_.name(&scope_);
    if (original.kind == PlpgsqlName::Kind::none) return source_.syntax_error();
    if (original.variable.variable == nullptr)
        return source_.refuse("42704", "variable \"" + original.text() + "\" does not exist",
                              original.names.front().span);
    tokens_.advance(original.tokens);
    source_.take(";");
    declaration.alias_of = original.names.back();
    if (!source_.ended()) scope_.alias(declaration.name.text, *original.variable.variable);
}

void PlpgsqlDeclarations::read_cursor(Declaration& declaration) {
    const bool no = is_keyword("no");
    if (no) tokens_.advance();
    if (is_keyword("scroll")) {
        tokens_.advance();
    } else if (no) {
        return source_.syntax_error();
    }
    if (!is_keyword("cursor")) return source_.syntax_error();
    tokens_.advance();
    read_cursor_arguments(declaration);
    if (!is_keyword("is") && !tokens_.is("for")) source_.syntax_error();
    tokens_.advance();
    source_.statement();
    source_.take(";");
    if (source_.ended()) return;
    PlpgsqlVariable cursor{.kind = Kind::scalar, .cursor = Cursor::bound};
    for (const Declaration& argument : declaration.arguments)
        cursor.arguments.push_back(argument.name.text);
    scope_.declare(declaration.name.text, std::move(cursor));
}

void PlpgsqlDeclarations::read_cursor_arguments(Declaration& declaration) {
    if (!source_.take_if("(")) return;
    scope_.push(declaration.name.text, PlpgsqlScope::Level::cursor);
    do {
        Declaration argument;
        argument.name = new_name();
        PlpgsqlVariable variable = read_type(argument);
        if (source_.ended()) break;
        scope_.declare(argument.name.text, std::move(variable));
        declaration.arguments.push_back(std::move(argument));
    } while (source_.take_if(","));
    scope_.pop();
    source_.take(")");
}

PlpgsqlVariable PlpgsqlDeclarations::read_variable(Declaration& declaration) {
    const bool constant = is_keyword("constant");
    if (constant) tokens_.advance();
    PlpgsqlVariable variable = read_type(declaration);
    variable.constant = constant;
    if (is_keyword("collate")) {
        tokens_.advance();
        const PlpgsqlName collation = tokens_.name(nullptr);
        if (collation.kind == PlpgsqlName::Kind::none) source_.syntax_error();
        tokens_.advance(collation.tokens);
    }
    const Span place = tokens_.current().span;
    if (source_.take_if("not")) {
        source_.take("null");
        declaration.not_null = true;
    }
    if (tokens_.is(":=") || tokens_.is("=") || is_keyword("default")) {
        tokens_.advance();
        declaration.value = source_.expression({";"}, ";");
    }
    source_.take(";");
    if (declaration.not_null && !declaration.value && !source_.ended())
        source_.refuse("22004",
                       "variable \"" + declaration.name.text +
                           "\" must have a default value, since it's declared NOT NULL",
                       place);
    return variable;
}

PlpgsqlVariable PlpgsqlDeclarations::read_type(Declaration& declaration) {
    const PlpgsqlTokens::Index begin = tokens_.place();
    const PlpgsqlName name = tokens_.name(nullptr);
    if (std::optional<PlpgsqlVariable> variable = read_reference(declaration, name))
        return *std::move(variable);
    // The first word is the type's whatever it is.
    if (name.kind != PlpgsqlName::Kind::none) tokens_.advance(name.tokens);
    skip_type();
    if (tokens_.place() == begin) source_.refuse_here("missing data type declaration");
    if (source_.ended()) return {};
    std::optional<TypeName> type = source_.type(begin, tokens_.place());
    if (!type) return {};
    PlpgsqlVariable variable = variable_of(*type, tokens_.span(begin, tokens_.place()));
    if (variable.kind == Kind::record) {
        declaration.composite = true;
        return variable;
    }
    declaration.type = std::move(*type);
    return variable;
}

/// name%TYPE and name%ROWTYPE. Where a name is none that either may follow, the grammar of SQL
/// stumbles over the %.
std::optional<PlpgsqlVariable> PlpgsqlDeclarations::read_reference(Declaration& declaration,
                                                                   const PlpgsqlName& name) {
    if (name.kind == PlpgsqlName::Kind::none || !tokens_.ahead(name.tokens).is('%'))
        return std::nullopt;
    const text::Token& word = tokens_.ahead(name.tokens + 1);
    const bool row = tokens_.is(word, "rowtype");
    const bool type = tokens_.is(word, "type");
    constexpr std::size_t most_row_names = 2;
    if ((!row && !type) || (row && name.names.size() > most_row_names)) return std::nullopt;
    PlpgsqlVariable variable = of_kind(row ? Kind::record : Kind::unknown);
    const PlpgsqlScope::Match match = type ? tokens_.name(&scope_).variable : PlpgsqlScope::Match{};
    if (match.variable != nullptr && match.variable->kind != Kind::record &&
        name.names.size() <= 2) {
        variable.kind = match.variable->kind;
        if (match.variable->cursor != Cursor::none) variable.cursor = Cursor::unbound;
        variable.type = match.variable->type;
        constexpr std::uint32_t most_bytes = 200; // so that reading it again and again stays cheap
        if (!variable.type.empty() && variable.type.size() <= most_bytes)
            declaration.type = source_.known_type(variable.type);
    } else if (match.variable != nullptr && name.names.size() == 1) {
        return std::nullopt;
    } else {
        declaration.reference = {
            .names = name.names, .row = row, .sign = tokens_.ahead(name.tokens).span};
    }
    declaration.composite = row;
    tokens_.advance(name.tokens + 2);
    return variable;
}

void PlpgsqlDeclarations::skip_type() {
    int depth = 0;
    for (; !tokens_.is(";"); tokens_.advance()) {
        if (tokens_.at_end())
            return source_.refuse_here(depth != 0 ? "mismatched parentheses"
                                                  : "incomplete data type declaration");
        const bool part = tokens_.place() > 0 && tokens_.at(tokens_.place() - 1).is('.');
        if (!part && (tokens_.is("collate") || tokens_.is("default"))) return;
        if (tokens_.is("not") || tokens_.is("=") || tokens_.is(":=")) return;
        if (depth == 0 && (tokens_.is(",") || tokens_.is(")"))) return;
        if (tokens_.is("(")) ++depth;
        if (tokens_.is(")")) --depth;
    }
}

} // namespace ordain::parse
