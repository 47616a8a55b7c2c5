#include "parse/plpgsql_source.hpp"

#include "parse/statement_parser.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ordain::parse {

using plpgsql::Sql;
using text::Token;

namespace {

/// What stands in front of an expression or a type when the grammar of SQL reads it.
constexpr std::string_view select_keyword = "SELECT ";
constexpr std::string_view cast_begin = "SELECT NULL::";

constexpr std::string_view syntax_error_state = "42601";

} // namespace

PlpgsqlSource::PlpgsqlSource(StatementParser& parser,
                             std::string_view body,
                             std::uint32_t base_offset,
                             std::uint32_t number)
    : tokens(body, base_offset),
      parser_(parser),
      number_(number) {
    if (tokens.has_unterminated()) give_up();
}

// ---- refusals

void PlpgsqlSource::note(StatementFault fault) {
    if (fault_ || ended_) return;
    fault_ = std::move(fault);
    fault_reached_ = tokens.current().span.begin;
}

void PlpgsqlSource::give_up() {
    ended_ = true;
    tokens.move_to_end();
}

void PlpgsqlSource::refuse(std::string_view sqlstate, std::string message, Span span) {
    note({.sqlstate = std::string(sqlstate), .message = std::move(message), .span = span});
    give_up();
}

void PlpgsqlSource::refuse_here(std::string_view message) {
    const Span unit = tokens.unit();
    std::string text(message);
    if (tokens.at_end()) {
        text += " at end of input";
    } else {
        text += " at or near \"";
        text += tokens.bytes(unit);
        text += '"';
    }
    refuse(syntax_error_state, std::move(text), unit);
}

PlpgsqlBody PlpgsqlSource::finish(std::shared_ptr<plpgsql::Block> block) {
    if (ended_ && !fault_) return {};
    return {.block = std::move(block),
            .fault = std::move(fault_),
            .fault_reached = fault_reached_,
            .partly_read = ended_};
}

// ---- tokens

bool PlpgsqlSource::take_if(std::string_view word) {
    if (!tokens.is(word)) return false;
    tokens.advance();
    return true;
}

void PlpgsqlSource::take(std::string_view word) {
    if (!take_if(word)) syntax_error();
}

// ---- SQL

Span PlpgsqlSource::read_to(Words ends, std::string_view expected, Construct construct) {
    const PlpgsqlTokens::Index begin = tokens.place();
    const std::string_view what = construct == Construct::expression ? "expression" : "statement";
    constexpr std::size_t most_ends = 3;
    int depth = 0;
    for (;; tokens.advance()) {
        const bool ends_here =
            depth == 0 &&
            std::ranges::any_of(ends, [this](std::string_view word) { return tokens.is(word); });
        if (ends_here) break;
        // With room for another word the server's reader takes the end of the text for one.
        if (tokens.at_end() && depth == 0 && ends.size() < most_ends) break;
        if (tokens.is("(") || tokens.is("[")) ++depth;
        if (tokens.is(")") || tokens.is("]")) --depth;
        const bool missing = tokens.at_end() || tokens.is(";");
        if (depth < 0 || (missing && depth != 0)) {
            refuse_here("mismatched parentheses");
            return {};
        }
        if (!missing) continue;
        refuse(syntax_error_state,
               "missing \"" + std::string(expected) + "\" at end of SQL " + std::string(what),
               tokens.current().span);
        return {};
    }
    if (tokens.place() == begin)
        refuse_here(construct == Construct::expression ? "missing expression"
                                                       : "missing SQL statement");
    return tokens.span(begin, tokens.place());
}

Sql PlpgsqlSource::expression(Words ends, std::string_view expected) {
    const PlpgsqlTokens::Index begin = tokens.place();
    read_to(ends, expected, Construct::expression);
    return expression_in(begin, tokens.place());
}

Sql PlpgsqlSource::expression_in(PlpgsqlTokens::Index begin, PlpgsqlTokens::Index end) {
    if (ended_) return {};
    const Span span = tokens.span(begin, end);
    if (refuse_query_word(begin, end)) return placed({}, span);
    return sql(select_keyword, span);
}

/// An expression may have the clauses of a SELECT, but neither INTO nor a set operation: the
/// grammar stumbles over the word where what stands before is complete.
bool PlpgsqlSource::refuse_query_word(PlpgsqlTokens::Index begin, PlpgsqlTokens::Index end) {
    static constexpr std::array<std::string_view, 4> words = {"union", "intersect", "except",
                                                              "into"};
    constexpr int max_tries = 4; // a label after AS may be called so too
    int tries = 0;
    int depth = 0;
    for (PlpgsqlTokens::Index index = begin; index < end && tries < max_tries; ++index) {
        const Token& token = tokens.at(index);
        if (token.is('(') || token.is('[')) ++depth;
        if (token.is(')') || token.is(']')) --depth;
        const bool candidate =
            depth == 0 && token.kind == Token::Kind::word &&
            std::ranges::any_of(words,
                                [&](std::string_view word) { return tokens.is(token, word); }) &&
            (index == begin || !tokens.at(index - 1).is('.'));
        if (!candidate) continue;
        ++tries;
        std::string before(select_keyword);
        before += tokens.bytes(tokens.span(begin, index));
        if (parser_.parse_without_bodies(before, token.span.begin, number_, {}).fault) continue;
        note({.sqlstate = std::string(syntax_error_state),
              .message = "syntax error at or near \"" + std::string(tokens.text_of(token)) + "\"",
              .span = token.span});
        return true;
    }
    return false;
}

Sql PlpgsqlSource::statement() {
    const Span span = read_to({";"}, ";", Construct::statement);
    return sql({}, span);
}

Sql PlpgsqlSource::sql(std::string_view prefix, Span span) {
    if (ended_) return {};
    if (span.empty() || span.begin < prefix.size()) {
        give_up();
        return {};
    }
    std::string text(prefix);
    text += tokens.bytes(span);
    return sql_text(text, prefix, span);
}

Sql PlpgsqlSource::sql_text(const std::string& text, std::string_view prefix, Span span) {
    if (ended_) return {};
    Sql sql =
        parser_.parse(text, span.begin - static_cast<std::uint32_t>(prefix.size()), number_, {});
    if (!prefix.empty()) {
        for (Action& action : sql.actions)
            action.span = span;
    }
    return placed(std::move(sql), span);
}

Sql PlpgsqlSource::placed(Sql sql, Span span) {
    sql.span = span;
    if (!sql.fault) return sql;
    if (sql.fault->kind != SyntaxFault::Kind::syntax_error) {
        give_up();
        return sql;
    }
    note({.sqlstate = sql.fault->sqlstate, .message = sql.fault->message, .span = sql.fault->span});
    return sql;
}

/// The grammar has a rule for a type alone; within CAST nothing else is taken for one.
bool PlpgsqlSource::refuse_type_syntax(Span span) {
    constexpr std::string_view before = "SELECT CAST(NULL AS ";
    std::string text(before);
    text += tokens.bytes(span);
    const auto shift = static_cast<std::uint32_t>(before.size());
    const auto end = static_cast<std::uint32_t>(text.size());
    text += ')';
    std::optional<SyntaxFault> fault = parser_.parse_without_bodies(text, 0, number_, {}).fault;
    if (!fault) return false;
    if (fault->span.begin >= end) fault->message = "syntax error at end of input";
    const std::uint32_t place = span.begin + std::max(fault->span.begin, shift) - shift;
    refuse(fault->sqlstate, fault->message, {.begin = std::min(place, span.end), .end = span.end});
    return true;
}

std::optional<TypeName> PlpgsqlSource::type(PlpgsqlTokens::Index begin, PlpgsqlTokens::Index end) {
    const Span span = tokens.span(begin, end);
    if (ended_ || refuse_type_syntax(span)) return std::nullopt;
    std::optional<TypeName> name = known_type(span);
    if (!name || !name->setof) return name;
    const Span whole{.begin = span.begin, .end = tokens.at(end).span.begin};
    refuse(syntax_error_state, "invalid type name \"" + std::string(tokens.bytes(whole)) + "\"",
           span);
    return std::nullopt;
}

std::optional<TypeName> PlpgsqlSource::known_type(Span span) {
    Sql cast = sql(cast_begin, span);
    auto* run = cast.fault || cast.actions.empty()
                    ? nullptr
                    : std::get_if<RunQuery>(&cast.actions.front().payload);
    const bool read = run != nullptr && run->query.targets.size() == 1 &&
                      run->query.targets.front().expression.type != nullptr;
    if (!read) {
        give_up();
        return std::nullopt;
    }
    return std::move(*run->query.targets.front().expression.type);
}

} // namespace ordain::parse
