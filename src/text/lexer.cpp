#include "text/lexer.hpp"

#include <algorithm>
#include <array>

namespace ordain::text {
namespace {

/// What a byte can do, after the character classes of scan.l.
enum class Class : std::uint8_t { other, blank, word, digit, operator_, punctuation };

constexpr std::string_view operator_characters = "~!@#^&|`?+-*/%<>=";

constexpr Class classify(unsigned char byte) {
    if (byte == ' ' || (byte >= '\t' && byte <= '\r' && byte != '\v') || byte == '\0')
        return Class::blank;
    if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' || byte >= 0x80)
        return Class::word;
    if (byte >= '0' && byte <= '9') return Class::digit;
    const char character = static_cast<char>(byte);
    if (operator_characters.find(character) != std::string_view::npos) return Class::operator_;
    if (std::string_view("()[],;").find(character) != std::string_view::npos)
        return Class::punctuation;
    return Class::other;
}

constexpr std::array<Class, 256> make_classes() {
    std::array<Class, 256> classes{};
    for (unsigned byte = 0; byte < classes.size(); ++byte)
        classes[byte] = classify(static_cast<unsigned char>(byte));
    return classes;
}

constexpr std::array<Class, 256> classes = make_classes();

Class class_of(char character) {
    return classes[static_cast<unsigned char>(character)];
}

bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

bool is_line_end(char character) {
    return character == '\n' || character == '\r';
}

bool continues_word(char character) {
    const Class kind = class_of(character);
    return kind == Class::word || kind == Class::digit || character == '$';
}

bool is_sign(char character) {
    return character == '+' || character == '-';
}

std::size_t skip_digits(std::string_view text, std::size_t from) {
    while (from < text.size() && is_digit(text[from]))
        ++from;
    return from;
}

std::size_t find_line_end(std::string_view text, std::size_t from) {
    while (from < text.size() && !is_line_end(text[from]))
        ++from;
    return from;
}

bool starts_comment(std::string_view text, std::size_t offset) {
    return text.substr(offset, 2) == "--" || text.substr(offset, 2) == "/*";
}

/// True for an operator that may end in + or - (manual 4.1.3).
bool may_end_in_sign(std::string_view operator_text) {
    return operator_text.find_first_of("~!@#^&|`?%") != std::string_view::npos;
}

/// Longer than any name that takes_whole_line knows.
constexpr std::size_t longest_command = 8;

/// psql takes the whole line as the argument of these, \\ included.
bool takes_whole_line(std::string_view command) {
    static constexpr std::array<std::string_view, 9> names = {
        "\\!", "\\?", "\\copy", "\\ef", "\\ev", "\\h", "\\help", "\\sf", "\\sv",
    };
    return std::ranges::find(names, command) != names.end();
}

/// The offset after the quote that ends the part of a string that begins at `body`, or npos.
std::size_t string_end(std::string_view text, Token::Quoting quoting, std::size_t body) {
    const bool escapes = quoting == Token::Quoting::escape;
    const bool doubles = quoting != Token::Quoting::bit && quoting != Token::Quoting::hexadecimal;
    while (true) {
        body = escapes ? text.find_first_of("'\\", body) : text.find('\'', body);
        if (body == std::string_view::npos) return body;
        if (text[body] != '\\' && !(doubles && text.substr(body + 1, 1) == "'")) return body + 1;
        body += 2;
    }
}

} // namespace

Token Lexer::next() {
    while (position_ < text_.size()) {
        const char first = text_[position_];
        switch (class_of(first)) {
        case Class::blank: ++position_; break;
        case Class::word: return word();
        case Class::digit: return number();
        case Class::operator_: return operator_token();
        case Class::punctuation: return single(Token::Kind::punctuation);
        case Class::other:
            if (first == '\'') return string(Token::Quoting::plain, 0);
            if (first == '"') return quoted_identifier(Token::Quoting::plain, 0);
            if (first == '$') return dollar();
            if (first == '.') return dot();
            if (first == ':') return colon();
            if (first == '\\' && client_ == Client::psql) return backslash_command();
            return single(Token::Kind::other);
        }
    }
    return finish(Token{.kind = Token::Kind::end}, position_);
}

Token Lexer::next_code() {
    Token token = next();
    while (token.kind == Token::Kind::comment)
        token = next();
    return token;
}

Token Lexer::finish(Token token, std::size_t end) {
    token.span = {.begin = base_ + static_cast<std::uint32_t>(position_),
                  .end = base_ + static_cast<std::uint32_t>(end)};
    position_ = end;
    return token;
}

Token Lexer::single(Token::Kind kind) {
    return finish(Token{.kind = kind, .symbol = text_[position_]}, position_ + 1);
}

Token Lexer::line_comment() {
    return finish(Token{.kind = Token::Kind::comment}, find_line_end(text_, position_));
}

Token Lexer::block_comment() {
    std::size_t depth = 1;
    std::size_t at = position_ + 2;
    while (depth > 0) {
        at = text_.find_first_of("*/", at);
        if (at == std::string_view::npos || at + 1 >= text_.size())
            return finish(Token{.kind = Token::Kind::comment, .unterminated = true}, text_.size());
        const bool opens = text_[at] == '/' && text_[at + 1] == '*';
        const bool closes = text_[at] == '*' && text_[at + 1] == '/';
        if (opens) ++depth;
        if (closes) --depth;
        at += opens || closes ? 2 : 1;
    }
    return finish(Token{.kind = Token::Kind::comment}, at);
}

Token Lexer::word() {
    const char second = peek(position_ + 1);
    if (second == '\'') {
        switch (text_[position_]) {
        case 'e':
        case 'E': return string(Token::Quoting::escape, 1);
        case 'n':
        case 'N': return string(Token::Quoting::national, 1);
        case 'b':
        case 'B': return string(Token::Quoting::bit, 1);
        case 'x':
        case 'X': return string(Token::Quoting::hexadecimal, 1);
        default: break;
        }
    }
    if (second == '&' && (text_[position_] == 'u' || text_[position_] == 'U')) {
        const char third = peek(position_ + 2);
        if (third == '\'') return string(Token::Quoting::unicode, 2);
        if (third == '"') return quoted_identifier(Token::Quoting::unicode, 2);
    }
    std::size_t end = position_ + 1;
    while (end < text_.size() && continues_word(text_[end]))
        ++end;
    return finish(Token{.kind = Token::Kind::word}, end);
}

Token Lexer::string(Token::Quoting quoting, std::size_t prefix) {
    Token token{.kind = Token::Kind::string, .quoting = quoting};
    std::size_t body = position_ + prefix + 1;
    while (true) {
        const std::size_t end = string_end(text_, quoting, body);
        if (end == std::string_view::npos) {
            token.unterminated = true;
            return finish(token, text_.size());
        }
        body = string_continuation(text_, end);
        if (body == std::string_view::npos) return finish(token, end);
        token.continued = true;
    }
}

Token Lexer::quoted_identifier(Token::Quoting quoting, std::size_t prefix) {
    Token token{.kind = Token::Kind::quoted_identifier, .quoting = quoting};
    std::size_t at = position_ + prefix + 1;
    while (true) {
        at = text_.find('"', at);
        if (at == std::string_view::npos) {
            token.unterminated = true;
            return finish(token, text_.size());
        }
        if (peek(at + 1) != '"') return finish(token, at + 1);
        at += 2;
    }
}

Token Lexer::dollar() {
    if (is_digit(peek(position_ + 1)))
        return finish(Token{.kind = Token::Kind::parameter}, skip_digits(text_, position_ + 1));
    std::size_t tag_end = position_ + 1;
    if (class_of(peek(tag_end)) == Class::word) {
        while (tag_end < text_.size() && text_[tag_end] != '$' && continues_word(text_[tag_end]))
            ++tag_end;
    }
    if (peek(tag_end) != '$') return single(Token::Kind::other);
    const std::string_view tag = text_.substr(position_, tag_end + 1 - position_);
    const std::size_t close = text_.find(tag, tag_end + 1);
    if (close == std::string_view::npos)
        return finish(Token{.kind = Token::Kind::dollar_string, .unterminated = true},
                      text_.size());
    return finish(Token{.kind = Token::Kind::dollar_string}, close + tag.size());
}

Token Lexer::number() {
    std::size_t end = skip_digits(text_, position_);
    // "1..10" is a number, two dots and a number.
    if (peek(end) == '.' && peek(end + 1) != '.') end = skip_digits(text_, end + 1);
    if (peek(end) == 'e' || peek(end) == 'E') {
        const std::size_t exponent = end + (is_sign(peek(end + 1)) ? 2 : 1);
        if (is_digit(peek(exponent))) end = skip_digits(text_, exponent);
    }
    return finish(Token{.kind = Token::Kind::number}, end);
}

Token Lexer::operator_token() {
    if (position_ < signs_end_) return single(Token::Kind::operator_);
    if (text_.substr(position_, 2) == "--") return line_comment();
    if (text_.substr(position_, 2) == "/*") return block_comment();
    std::size_t end = position_ + 1;
    while (end < text_.size() && class_of(text_[end]) == Class::operator_ &&
           !starts_comment(text_, end))
        ++end;
    std::size_t kept = end;
    while (kept > position_ + 1 && is_sign(text_[kept - 1]))
        --kept;
    if (kept < end && may_end_in_sign(text_.substr(position_, end - position_))) kept = end;
    signs_end_ = end;
    if (kept == position_ + 1) return single(Token::Kind::operator_);
    return finish(Token{.kind = Token::Kind::operator_}, kept);
}

Token Lexer::colon() {
    if (peek(position_ + 1) == ':')
        return finish(Token{.kind = Token::Kind::colon_cast}, position_ + 2);
    if (peek(position_ + 1) == '=')
        return finish(Token{.kind = Token::Kind::colon_equals}, position_ + 2);
    return single(Token::Kind::punctuation);
}

Token Lexer::dot() {
    if (peek(position_ + 1) == '.')
        return finish(Token{.kind = Token::Kind::dot_dot}, position_ + 2);
    if (is_digit(peek(position_ + 1))) return number();
    return single(Token::Kind::punctuation);
}

Token Lexer::backslash_command() {
    const Token token{.kind = Token::Kind::backslash_command};
    const char second = peek(position_ + 1);
    // psql puts \; and \: into the query as they are, so only the backslash is psql's.
    if (second == ';' || second == ':') return finish(token, position_ + 1);
    const std::string_view start = text_.substr(position_, longest_command);
    if (takes_whole_line(start.substr(0, start.find_first_of(" \t\f\n\r"))))
        return finish(token, find_line_end(text_, position_));
    char quote = '\0';
    std::size_t at = position_ + 1;
    for (; at < text_.size() && !is_line_end(text_[at]); ++at) {
        const char character = text_[at];
        if (quote != '\0') {
            if (character == quote) quote = '\0';
        } else if (character == '\'' || character == '"' || character == '`') {
            quote = character;
        } else if (character == '\\' && at > position_ + 1) {
            // The separator \\ ends a command and belongs to it; another command may follow.
            if (peek(at + 1) == '\\') at += 2;
            break;
        }
    }
    return finish(token, at);
}

std::size_t string_continuation(std::string_view text, std::size_t after_quote) {
    bool newline = false;
    for (std::size_t at = after_quote; at < text.size();) {
        if (text[at] == '\'') return newline ? at + 1 : std::string_view::npos;
        if (text.substr(at, 2) == "--") {
            at = find_line_end(text, at);
        } else if (class_of(text[at]) == Class::blank) {
            newline = newline || is_line_end(text[at]);
            ++at;
        } else {
            break;
        }
    }
    return std::string_view::npos;
}

std::vector<Span> continuation_gaps(const Token& token, std::string_view token_text) {
    std::vector<Span> gaps;
    std::size_t body = token_text.find('\'') + 1;
    while (true) {
        const std::size_t end = string_end(token_text, token.quoting, body);
        if (end == std::string_view::npos) return gaps;
        body = string_continuation(token_text, end);
        if (body == std::string_view::npos) return gaps;
        const Span gap{.begin = static_cast<std::uint32_t>(end),
                       .end = static_cast<std::uint32_t>(body - 1)};
        gaps.push_back({.begin = token.span.begin + gap.begin, .end = token.span.begin + gap.end});
    }
}

bool is_keyword(std::string_view word, std::string_view keyword) {
    return std::ranges::equal(word, keyword, {}, [](char character) {
        return character >= 'A' && character <= 'Z' ? static_cast<char>(character + ('a' - 'A'))
                                                    : character;
    });
}

} // namespace ordain::text
