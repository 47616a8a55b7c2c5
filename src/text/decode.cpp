#include "text/lexer.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace ordain::text {
namespace {

/// NAMEDATALEN less the terminating NUL.
constexpr std::size_t max_name_bytes = 63;

/// What an escape sequence stands for.
struct Escape {
    std::string bytes;
    std::size_t length = 0; ///< Of the sequence, in source bytes.
};

std::uint32_t digit_value(char digit) {
    if (digit >= '0' && digit <= '9') return static_cast<std::uint32_t>(digit - '0');
    if (digit >= 'a' && digit <= 'f') return static_cast<std::uint32_t>(digit - 'a') + 10;
    if (digit >= 'A' && digit <= 'F') return static_cast<std::uint32_t>(digit - 'A') + 10;
    return 16;
}

struct Digits {
    std::uint32_t value = 0;
    std::size_t count = 0;
};

/// Reads up to `limit` digits of a base.
Digits read_digits(std::string_view text, std::uint32_t base, std::size_t limit) {
    Digits digits;
    while (digits.count < limit && digits.count < text.size()) {
        const std::uint32_t value = digit_value(text[digits.count]);
        if (value >= base) break;
        digits.value = digits.value * base + value;
        ++digits.count;
    }
    return digits;
}

struct CodeUnit {
    char32_t value = 0;
    std::size_t length = 0;
};

bool is_high_surrogate(char32_t unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_surrogate(char32_t unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// A \uXXXX or \UXXXXXXXX of an E'' string.
std::optional<CodeUnit> read_escape_unit(std::string_view text) {
    if (text.size() < 2 || text[0] != '\\' || (text[1] != 'u' && text[1] != 'U')) return {};
    const std::size_t wanted = text[1] == 'u' ? 4 : 8;
    const Digits digits = read_digits(text.substr(2), 16, wanted);
    if (digits.count != wanted) return {};
    return CodeUnit{.value = digits.value, .length = 2 + wanted};
}

/// A \XXXX or \+XXXXXX of a U& string or identifier.
std::optional<CodeUnit> read_unicode_unit(std::string_view text, char escape) {
    if (text.size() < 2 || text[0] != escape) return {};
    const std::size_t prefix = text[1] == '+' ? 2 : 1;
    const std::size_t wanted = text[1] == '+' ? 6 : 4;
    const Digits digits = read_digits(text.substr(prefix), 16, wanted);
    if (digits.count != wanted) return {};
    return CodeUnit{.value = digits.value, .length = prefix + wanted};
}

/// One code point from one unit, or from two that are a surrogate pair.
template <typename Read>
std::optional<Escape> read_code_point(std::string_view text, Read read) {
    const std::optional<CodeUnit> first = read(text);
    if (!first || is_low_surrogate(first->value) || first->value > 0x10FFFF || first->value == 0)
        return {};
    Escape escape{.bytes = {}, .length = first->length};
    char32_t code_point = first->value;
    if (is_high_surrogate(code_point)) {
        const std::optional<CodeUnit> second = read(text.substr(first->length));
        if (!second || !is_low_surrogate(second->value)) return {};
        code_point = 0x10000 + ((code_point - 0xD800) << 10U) + (second->value - 0xDC00);
        escape.length += second->length;
    }
    append_utf8(escape.bytes, code_point);
    return escape;
}

/// One byte by its number; a server refuses NUL.
std::optional<Escape> byte_escape(std::uint32_t byte, std::size_t length) {
    if (byte == 0) return {};
    return Escape{.bytes = std::string(1, static_cast<char>(byte)), .length = length};
}

/// A backslash sequence of an E'' string (manual 4.1.2.2).
std::optional<Escape> read_backslash(std::string_view text) {
    if (text.size() < 2) return {};
    const char letter = text[1];
    if (letter == 'u' || letter == 'U') return read_code_point(text, read_escape_unit);
    const std::size_t names = std::string_view("bfnrt").find(letter);
    if (names != std::string_view::npos)
        return Escape{.bytes = std::string(1, "\b\f\n\r\t"[names]), .length = 2};
    if (const Digits octal = read_digits(text.substr(1), 8, 3); octal.count > 0)
        return byte_escape(octal.value & 0xFFU, 1 + octal.count);
    const Digits hexadecimal = read_digits(text.substr(2), 16, 2);
    if (letter == 'x' && hexadecimal.count > 0)
        return byte_escape(hexadecimal.value, 2 + hexadecimal.count);
    return Escape{.bytes = std::string(1, letter), .length = 2};
}

std::optional<Escape> read_unicode(std::string_view text, char escape) {
    if (text.size() > 1 && text[1] == escape)
        return Escape{.bytes = std::string(1, escape), .length = 2};
    return read_code_point(
        text, [escape](std::string_view unit) { return read_unicode_unit(unit, escape); });
}

/// How the inside of a quoted token is to be read.
struct Reading {
    char quote = '\'';
    bool doubled = true;   ///< Two quotes stand for one.
    bool continues = true; ///< May be taken up again on a later line.
    char escape = '\0';    ///< What begins an escape sequence; NUL for none.
    Token::Quoting quoting = Token::Quoting::plain;
    std::size_t begin = 1; ///< Offset of the content in the token.
};

Reading reading_of(const Token& token, char unicode_escape) {
    using enum Token::Quoting;
    Reading reading{.quoting = token.quoting};
    if (token.kind == Token::Kind::quoted_identifier) {
        reading.quote = '"';
        reading.continues = false;
    }
    switch (token.quoting) {
    case plain: break;
    case national: reading.begin = 2; break;
    case bit:
    case hexadecimal:
        reading.begin = 2;
        reading.doubled = false;
        break;
    case escape:
        reading.begin = 2;
        reading.escape = '\\';
        break;
    case unicode:
        reading.begin = 3;
        reading.escape = unicode_escape;
        break;
    }
    return reading;
}

std::optional<Escape> read_escape(std::string_view text, const Reading& reading) {
    if (reading.quoting == Token::Quoting::escape) return read_backslash(text);
    return read_unicode(text, reading.escape);
}

/// Decodes the inside of a quoted token. `source` is where the token begins.
DecodedString decode_quoted(std::string_view token, std::uint32_t source, const Reading& reading) {
    DecodedString decoded;
    const auto place = [source](std::size_t at) { return source + static_cast<std::uint32_t>(at); };
    const std::array<char, 2> specials = {reading.quote,
                                          reading.escape == '\0' ? reading.quote : reading.escape};
    std::size_t at = reading.begin;
    std::size_t end = token.size();
    while (at < end) {
        const std::size_t special =
            std::min(token.find_first_of({specials.data(), specials.size()}, at), end);
        decoded.append_verbatim(token.substr(at, special - at), place(at));
        at = special;
        if (at == end) break;
        if (token[at] != reading.quote) {
            const std::optional<Escape> escape = read_escape(token.substr(at), reading);
            if (escape) decoded.append_decoded(escape->bytes, place(at));
            if (!escape) decoded.append_verbatim(token.substr(at, 1), place(at));
            at += escape ? escape->length : 1;
        } else if (reading.doubled && token.substr(at + 1, 1) == token.substr(at, 1)) {
            decoded.append_decoded(token.substr(at, 1), place(at));
            at += 2;
        } else if (const std::size_t more = string_continuation(token, at + 1);
                   reading.continues && more != std::string_view::npos) {
            at = more;
        } else {
            end = at;
        }
    }
    decoded.finish(place(end));
    return decoded;
}

DecodedString decode_dollar(const Token& token, std::string_view text) {
    DecodedString decoded;
    const std::size_t tag = text.find('$', 1) + 1;
    const std::size_t end = token.unterminated ? text.size() : text.size() - tag;
    const std::uint32_t source = token.span.begin;
    decoded.append_verbatim(text.substr(tag, end - tag), source + static_cast<std::uint32_t>(tag));
    decoded.finish(source + static_cast<std::uint32_t>(end));
    return decoded;
}

char fold(char character) {
    return character >= 'A' && character <= 'Z' ? static_cast<char>(character + ('a' - 'A'))
                                                : character;
}

} // namespace

std::uint32_t DecodedString::source_offset(std::size_t value_offset) const {
    const auto after = std::ranges::upper_bound(pieces_, value_offset, {}, &Piece::value_begin);
    if (after == pieces_.begin()) return 0;
    const Piece& piece = *(after - 1);
    if (!piece.verbatim) return piece.source_begin;
    return piece.source_begin + static_cast<std::uint32_t>(value_offset - piece.value_begin);
}

void DecodedString::add_piece(std::uint32_t source, bool verbatim) {
    pieces_.push_back({.value_begin = value.size(), .source_begin = source, .verbatim = verbatim});
}

void DecodedString::append_verbatim(std::string_view bytes, std::uint32_t source) {
    if (bytes.empty()) return;
    add_piece(source, true);
    value += bytes;
}

void DecodedString::append_decoded(std::string_view bytes, std::uint32_t source) {
    add_piece(source, false);
    value += bytes;
}

void DecodedString::finish(std::uint32_t source) {
    add_piece(source, false);
}

std::string whole_identifier_text(const Token& token, std::string_view token_text, char escape) {
    std::string name;
    if (token.kind == Token::Kind::quoted_identifier) {
        name = decode_quoted(token_text, 0, reading_of(token, escape)).value;
    } else {
        name = token_text;
        std::ranges::transform(name, name.begin(), fold);
    }
    return name;
}

std::string identifier_text(const Token& token, std::string_view token_text, char escape) {
    std::string name = whole_identifier_text(token, token_text, escape);
    name.resize(clip_utf8(name, max_name_bytes).size());
    return name;
}

DecodedString string_value(const Token& token, std::string_view token_text, char escape) {
    if (token.kind == Token::Kind::dollar_string) return decode_dollar(token, token_text);
    return decode_quoted(token_text, token.span.begin, reading_of(token, escape));
}

} // namespace ordain::text
