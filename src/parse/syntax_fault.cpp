#include "parse/syntax_fault.hpp"

#include "parse/token_table.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace ordain::parse {
namespace {

/// A message by its beginning and its end; what stands between is the statement's.
struct Code {
    std::string_view begin;
    std::string_view end;
    std::string_view sqlstate;
};

/// Every message of gram.y, parser.c and scan.l in PostgreSQL 15 that comes with another code than
/// 42601, syntax_error.
constexpr auto codes = std::to_array<Code>({
    {"UNENCRYPTED PASSWORD is no longer supported", "", "0A000"},
    {"CREATE SCHEMA IF NOT EXISTS cannot include schema elements", "", "0A000"},
    {"current database cannot be changed", "", "0A000"},
    {"MATCH PARTIAL not yet implemented", "", "0A000"},
    {"a column list with ", " is only supported for ON DELETE actions", "0A000"},
    {"CREATE EXTENSION ... FROM is no longer supported", "", "0A000"},
    {"CREATE OR REPLACE CONSTRAINT TRIGGER is not supported", "", "0A000"},
    {"CREATE ASSERTION is not yet implemented", "", "0A000"},
    {"aggregates cannot have output arguments", "", "0A000"},
    {"an ordered-set aggregate with a VARIADIC direct argument must have one", "", "0A000"},
    {"WITH CHECK OPTION not supported on recursive views", "", "0A000"},
    {"UNIQUE predicate is not yet implemented", "", "0A000"},
    {"CHECK constraints cannot be marked ", "", "0A000"},
    {"UNIQUE constraints cannot be marked ", "", "0A000"},
    {"EXCLUDE constraints cannot be marked ", "", "0A000"},
    {"PRIMARY KEY constraints cannot be marked ", "", "0A000"},
    {"FOREIGN KEY constraints cannot be marked ", "", "0A000"},
    {"ALTER CONSTRAINT statement constraints cannot be marked ", "", "0A000"},
    {"column number must be in range from 1 to ", "", "22023"},
    {"precision for type float must be ", "", "22023"},
    {"modulus for hash partition provided more than once", "", "42710"},
    {"remainder for hash partition provided more than once", "", "42710"},
    {"frame start cannot be UNBOUNDED FOLLOWING", "", "42P20"},
    {"frame end cannot be UNBOUNDED PRECEDING", "", "42P20"},
    {"frame starting from ", "", "42P20"},
    {"role name ", " is reserved", "42939"},
    {"CURRENT_USER cannot be used as a role name here", "", "42939"},
    {"CURRENT_ROLE cannot be used as a role name here", "", "42939"},
    {"SESSION_USER cannot be used as a role name here", "", "42939"},
    {"invalid byte sequence for encoding ", "", "22021"},
    {"unsafe use of \\' in a string literal", "", "22P06"},
});

/// Bytes of a character by its first one, as pg_utf_mblen() counts.
std::size_t character_bytes(unsigned char first) {
    if ((first & 0x80U) == 0) return 1;
    if ((first & 0xe0U) == 0xc0U) return 2;
    if ((first & 0xf0U) == 0xe0U) return 3;
    return (first & 0xf8U) == 0xf0U ? 4 : 1;
}

std::uint32_t byte_of_character(std::string_view text, int cursor) {
    std::size_t byte = 0;
    for (int character = 1; character < cursor && byte < text.size(); ++character)
        byte += character_bytes(static_cast<unsigned char>(text[byte]));
    return static_cast<std::uint32_t>(std::min(byte, text.size()));
}

/// The token that an offset lies in, or else the next one; the last one at the end of the text.
TokenTable::Index token_at(const TokenTable& tokens, std::uint32_t offset) {
    const TokenTable::Index next = tokens.at_or_after(offset);
    if (next > 0 && tokens.span(next - 1).end > offset) return next - 1;
    return std::min(next, tokens.size() - 1);
}

} // namespace

std::string_view sqlstate_of(const GrammarError& error) {
    // The scanner (in E'...') and the parser (in U&'...') say the same with different codes.
    if (error.message == "invalid Unicode escape") return error.in_scanner ? "22025" : "42601";
    const std::string_view message = error.message;
    const auto* const found = std::ranges::find_if(codes, [message](const Code& code) {
        return message.starts_with(code.begin) && message.ends_with(code.end);
    });
    return found == codes.end() ? "42601" : found->sqlstate;
}

SyntaxFault
syntax_fault(const GrammarError& error, std::string_view text, std::uint32_t base_offset) {
    SyntaxFault fault;
    fault.sqlstate = sqlstate_of(error);
    fault.message = error.message;
    const std::uint32_t end = base_offset + static_cast<std::uint32_t>(text.size());
    fault.span = Span{.begin = base_offset, .end = end};
    const TokenTable tokens(base_offset, text);
    if (tokens.size() == 0 || error.cursor <= 0) return fault;
    const std::uint32_t offset = base_offset + byte_of_character(text, error.cursor);
    fault.span = tokens.span(token_at(tokens, offset));
    // A comment that stays open is no token.
    if (fault.span.end <= offset && error.message.starts_with("unterminated /* comment"))
        fault.span = Span{.begin = offset, .end = end};
    return fault;
}

} // namespace ordain::parse
