#include "parse/plpgsql_tokens.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ordain::parse {
namespace {

using text::Token;

/// pl_reserved_kwlist.h and pl_unreserved_kwlist.h, sorted.
constexpr std::array<std::string_view, 24> reserved_words = {
    "all",  "begin",   "by",     "case", "declare", "else",  "end",  "execute",
    "for",  "foreach", "from",   "if",   "in",      "into",  "loop", "not",
    "null", "or",      "strict", "then", "to",      "using", "when", "while"};

constexpr auto unreserved_words = std::to_array<std::string_view>({"absolute",
                                                                   "alias",
                                                                   "and",
                                                                   "array",
                                                                   "assert",
                                                                   "backward",
                                                                   "call",
                                                                   "chain",
                                                                   "close",
                                                                   "collate",
                                                                   "column",
                                                                   "column_name",
                                                                   "commit",
                                                                   "constant",
                                                                   "constraint",
                                                                   "constraint_name",
                                                                   "continue",
                                                                   "current",
                                                                   "cursor",
                                                                   "datatype",
                                                                   "debug",
                                                                   "default",
                                                                   "detail",
                                                                   "diagnostics",
                                                                   "do",
                                                                   "dump",
                                                                   "elseif",
                                                                   "elsif",
                                                                   "errcode",
                                                                   "error",
                                                                   "exception",
                                                                   "exit",
                                                                   "fetch",
                                                                   "first",
                                                                   "forward",
                                                                   "get",
                                                                   "hint",
                                                                   "import",
                                                                   "info",
                                                                   "insert",
                                                                   "is",
                                                                   "last",
                                                                   "log",
                                                                   "merge",
                                                                   "message",
                                                                   "message_text",
                                                                   "move",
                                                                   "next",
                                                                   "no",
                                                                   "notice",
                                                                   "open",
                                                                   "option",
                                                                   "perform",
                                                                   "pg_context",
                                                                   "pg_datatype_name",
                                                                   "pg_exception_context",
                                                                   "pg_exception_detail",
                                                                   "pg_exception_hint",
                                                                   "print_strict_params",
                                                                   "prior",
                                                                   "query",
                                                                   "raise",
                                                                   "relative",
                                                                   "return",
                                                                   "returned_sqlstate",
                                                                   "reverse",
                                                                   "rollback",
                                                                   "row_count",
                                                                   "rowtype",
                                                                   "schema",
                                                                   "schema_name",
                                                                   "scroll",
                                                                   "slice",
                                                                   "sqlstate",
                                                                   "stacked",
                                                                   "table",
                                                                   "table_name",
                                                                   "type",
                                                                   "use_column",
                                                                   "use_variable",
                                                                   "variable_conflict",
                                                                   "warning"});

} // namespace

std::string PlpgsqlName::text() const {
    std::string text;
    for (const Identifier& name : names) {
        if (!text.empty()) text += '.';
        text += name.text;
    }
    return text;
}

bool PlpgsqlName::means(std::string_view word) const {
    return tokens == 1 && !quoted && (kind == Kind::keyword || kind == Kind::variable) &&
           names.front().text == word;
}

bool PlpgsqlName::is_any_identifier() const {
    return kind == Kind::word || kind == Kind::keyword || (kind == Kind::variable && tokens == 1);
}

PlpgsqlTokens::PlpgsqlTokens(std::string_view body, std::uint32_t base_offset)
    : body_(body),
      base_(base_offset) {
    text::Lexer lexer(body, base_offset);
    do {
        tokens_.push_back(lexer.next_code());
        unterminated_ = unterminated_ || tokens_.back().unterminated;
    } while (tokens_.back().kind != Token::Kind::end);
}

void PlpgsqlTokens::advance(std::size_t count) {
    next_ = std::min(next_ + count, tokens_.size() - 1);
}

const Token& PlpgsqlTokens::at(Index index) const {
    return tokens_[std::min(index, tokens_.size() - 1)];
}

bool PlpgsqlTokens::is(const Token& token, std::string_view word) const {
    switch (token.kind) {
    case Token::Kind::word: return text::is_keyword(text_of(token), word);
    case Token::Kind::quoted_identifier:
    case Token::Kind::string:
    case Token::Kind::dollar_string:
    case Token::Kind::end: return false;
    default: return text_of(token) == word;
    }
}

bool PlpgsqlTokens::is_string() const {
    const Token& token = current();
    if (token.kind == Token::Kind::dollar_string) return true;
    return token.kind == Token::Kind::string &&
           (token.quoting == Token::Quoting::plain || token.quoting == Token::Quoting::escape);
}

Span PlpgsqlTokens::span(Index begin, Index end) const {
    const std::uint32_t first = at(begin).span.begin;
    return {.begin = first, .end = begin >= end ? first : at(end - 1).span.end};
}

bool PlpgsqlTokens::is_identifier(const Token& token) const {
    if (token.kind == Token::Kind::quoted_identifier)
        return token.quoting != Token::Quoting::unicode;
    return token.kind == Token::Kind::word &&
           std::ranges::none_of(reserved_words,
                                [&](std::string_view word) { return is(token, word); });
}

Identifier PlpgsqlTokens::identifier(const Token& token) const {
    return {.text = token.kind == Token::Kind::parameter
                        ? std::string(text_of(token))
                        : text::identifier_text(token, text_of(token)),
            .span = token.span};
}

PlpgsqlName PlpgsqlTokens::words() const {
    PlpgsqlName name;
    if (!is_identifier(current()) && current().kind != Token::Kind::parameter) return name;
    name.quoted = current().kind == Token::Kind::quoted_identifier;
    name.names.push_back(identifier(current()));
    constexpr std::size_t most_tokens = 5;
    while (name.tokens < most_tokens && ahead(name.tokens).is('.') &&
           is_identifier(ahead(name.tokens + 1))) {
        name.names.push_back(identifier(ahead(name.tokens + 1)));
        name.tokens += 2;
    }
    name.kind = name.tokens == 1 ? PlpgsqlName::Kind::word : PlpgsqlName::Kind::composite;
    const bool keyword = name.tokens == 1 && !name.quoted &&
                         std::ranges::binary_search(unreserved_words, name.names.front().text);
    if (keyword) name.kind = PlpgsqlName::Kind::keyword;
    return name;
}

PlpgsqlName PlpgsqlTokens::name(const PlpgsqlScope* scope) const {
    PlpgsqlName name = words();
    if (scope == nullptr || name.kind == PlpgsqlName::Kind::none) return name;
    std::vector<std::string> texts;
    for (const Identifier& part : name.names)
        texts.push_back(part.text);
    name.variable = scope->find(texts);
    if (name.variable.variable != nullptr) name.kind = PlpgsqlName::Kind::variable;
    return name;
}

PlpgsqlName PlpgsqlTokens::first_name(const PlpgsqlScope& scope) const {
    const PlpgsqlName name = words();
    const Token& next = ahead(name.tokens);
    const bool variable =
        name.tokens > 1 || is(next, ":=") || is(next, "=") || is(next, "[") || is(next, ".");
    return variable ? this->name(&scope) : name;
}

Span PlpgsqlTokens::unit() const {
    return span(next_, next_ + words().tokens);
}

} // namespace ordain::parse
