#include "parse/token_table.hpp"

#include <algorithm>

namespace ordain::parse {
namespace {

using Kind = text::Token::Kind;

bool is_name(const text::Token& token) {
    return token.kind == Kind::word || token.kind == Kind::quoted_identifier;
}

/// The bracket that closes what `token` opens, or NUL.
char closer_of(const text::Token& token) {
    if (token.is('(')) return ')';
    return token.is('[') ? ']' : '\0';
}

} // namespace

TokenTable::TokenTable(std::uint32_t base_offset, std::string_view text, Client client)
    : text_(text),
      base_(base_offset) {
    entries_.reserve(text.size() / 5);
    text::Lexer lexer(text, base_offset, client);
    for (text::Token token = lexer.next_code(); token.kind != Kind::end;
         token = lexer.next_code()) {
        if (token.kind != Kind::backslash_command)
            entries_.push_back({.token = token, .end = token.span.end});
    }
    join_escapes();
    match_brackets();
}

void TokenTable::join_escapes() {
    std::size_t kept = 0;
    for (Index index = 0; index < size(); ++index) {
        Entry entry = entries_[index];
        if (entry.token.quoting == text::Token::Quoting::unicode && is_word(index + 1, "uescape") &&
            is_string(index + 2) && text(index + 2).size() == 3) {
            entry.escape = text(index + 2)[1];
            entry.end = entries_[index + 2].end;
            index += 2;
        }
        entries_[kept++] = entry;
    }
    entries_.resize(kept);
}

void TokenTable::match_brackets() {
    std::vector<Index> open;
    for (Index index = 0; index < size(); ++index) {
        const text::Token& token = entries_[index].token;
        if (closer_of(token) != '\0') {
            open.push_back(index);
        } else if (!open.empty() && (token.is(')') || token.is(']')) &&
                   token.is(closer_of(entries_[open.back()].token))) {
            entries_[index].partner = open.back();
            entries_[open.back()].partner = index;
            open.pop_back();
        }
    }
}

TokenTable::Index TokenTable::at_or_after(std::uint32_t offset) const {
    const auto found = std::ranges::lower_bound(
        entries_, offset, {}, [](const Entry& entry) { return entry.token.span.begin; });
    return static_cast<Index>(found - entries_.begin());
}

TokenTable::Index TokenTable::at_location(std::int32_t location) const {
    if (location <= 0) return none;
    const std::uint32_t offset = base_ + static_cast<std::uint32_t>(location);
    const Index index = at_or_after(offset);
    return span(index).begin == offset ? index : none;
}

Span TokenTable::span(Index index) const {
    if (index >= size()) return {};
    return {.begin = entries_[index].token.span.begin, .end = entries_[index].end};
}

Span TokenTable::span(Index first, Index last) const {
    if (first >= size() || last >= size()) return {};
    return {.begin = span(first).begin, .end = span(last).end};
}

std::string_view TokenTable::text(Index index) const {
    const Span place = span(index);
    return place.empty() ? std::string_view{} : text_.substr(place.begin - base_, place.size());
}

bool TokenTable::is(Index index, char character) const {
    return index < size() && entries_[index].token.is(character);
}

bool TokenTable::is_word(Index index, std::string_view keyword) const {
    return index < size() && entries_[index].token.kind == Kind::word &&
           text::is_keyword(text(index), keyword);
}

bool TokenTable::is_string(Index index) const {
    if (index >= size()) return false;
    const Kind kind = entries_[index].token.kind;
    return kind == Kind::string || kind == Kind::dollar_string;
}

bool TokenTable::is_number(Index index) const {
    return index < size() && entries_[index].token.kind == Kind::number;
}

bool TokenTable::names(Index index, std::string_view name) const {
    if (index >= size()) return false;
    if (is_name(entries_[index].token)) return this->name(index) == name;
    if (entries_[index].token.kind != Kind::operator_) return false;
    return text(index) == name || (text(index) == "!=" && name == "<>"); // scan.l makes one of two
}

std::string TokenTable::name(Index index) const {
    if (index >= size() || !is_name(entries_[index].token)) return {};
    const Entry& entry = entries_[index];
    const Span own = entry.token.span;
    return text::identifier_text(entry.token, text_.substr(own.begin - base_, own.size()),
                                 entry.escape);
}

TokenTable::Index TokenTable::partner(Index index) const {
    return index < size() ? entries_[index].partner : none;
}

TokenTable::Index TokenTable::after_group(Index index) const {
    if (index >= size()) return index;
    const Index closing = entries_[index].partner;
    return closing != none && closing > index ? closing + 1 : index + 1;
}

TokenTable::Index TokenTable::next_parenthesis(Index index) const {
    while (index < size() && !is(index, '('))
        ++index;
    return index < size() ? index : none;
}

TokenTable::Index TokenTable::after(Span expression) const {
    return expression.empty() ? none : at_or_after(with_parentheses(expression).end);
}

Span TokenTable::with_parentheses(Span expression) const {
    if (expression.empty()) return expression;
    Index first = at_or_after(expression.begin);
    Index after = at_or_after(expression.end);
    while (first > 0 && is(first - 1, '(') && partner(first - 1) == after) {
        --first;
        ++after;
    }
    return span(first, after - 1);
}

} // namespace ordain::parse
