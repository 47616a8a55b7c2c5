#pragma once

#include "text/lexer.hpp"

#include <cstdint>
#include <limits>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::parse {

/// The tokens of one statement in order, comments left out, with every bracket's partner. Lexed
/// once; found by offset in logarithmic time. U&"..." and the UESCAPE after it are one token. An
/// index past the end is allowed everywhere and stands for "no token".
class TokenTable {
public:
    using Index = std::uint32_t;
    static constexpr Index none = std::numeric_limits<Index>::max();

    /// The text must outlive the table; spans are offsets into it plus `base_offset`. What psql
    /// takes for itself is no token where it is the client.
    TokenTable(std::uint32_t base_offset, std::string_view text, Client client = Client::driver);

    [[nodiscard]] Index size() const { return static_cast<Index>(entries_.size()); }
    /// The first token that begins at this offset of the file or after it; size() when none does.
    [[nodiscard]] Index at_or_after(std::uint32_t offset) const;
    /// The token that begins `location` bytes into the text. The tree says -1, and in some nodes 0,
    /// for "not known"; no expression or name stands at the very beginning of a statement.
    [[nodiscard]] Index at_location(std::int32_t location) const;

    [[nodiscard]] Span span(Index index) const;
    /// From the first token to the last one; empty unless both exist.
    [[nodiscard]] Span span(Index first, Index last) const;
    [[nodiscard]] std::string_view text(Index index) const;
    /// True for the punctuation or one-character operator `character`.
    [[nodiscard]] bool is(Index index, char character) const;
    /// True for this keyword (in lower case), unquoted.
    [[nodiscard]] bool is_word(Index index, std::string_view keyword) const;
    [[nodiscard]] bool is_string(Index index) const;
    [[nodiscard]] bool is_number(Index index) const;
    /// True when the token is a name, as the server stores names, or an operator that is `name`.
    [[nodiscard]] bool names(Index index, std::string_view name) const;
    /// The name that a word or quoted identifier stands for; empty for other tokens.
    [[nodiscard]] std::string name(Index index) const;

    /// The partner of a bracket; none when the token is no bracket or has no partner.
    [[nodiscard]] Index partner(Index index) const;
    /// The next token, or what follows the partner of an opening bracket.
    [[nodiscard]] Index after_group(Index index) const;
    /// The first opening parenthesis at this token or after it; none when there is none.
    [[nodiscard]] Index next_parenthesis(Index index) const;
    /// The token after an expression, past the parentheses that enclose nothing but it.
    [[nodiscard]] Index after(Span expression) const;
    /// An expression together with the parentheses that enclose nothing but it.
    [[nodiscard]] Span with_parentheses(Span expression) const;

private:
    struct Entry {
        text::Token token;
        std::uint32_t end = 0; ///< Of the span, UESCAPE included.
        Index partner = none;
        char escape = '\\';
    };
    void join_escapes();
    void match_brackets();

    std::vector<Entry> entries_;
    std::string_view text_;
    std::uint32_t base_ = 0;
};

} // namespace ordain::parse
