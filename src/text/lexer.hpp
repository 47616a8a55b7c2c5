#pragma once

#include <cstddef>
#include <cstdint>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::text {

/// A lexical unit of PostgreSQL (scan.l; manual 4.1), with standard_conforming_strings on.
struct Token {
    enum class Kind : std::uint8_t {
        word,              ///< An unquoted identifier or a keyword.
        quoted_identifier, ///< "..." or U&"..."; see quoting.
        string,            ///< '...' in one of the forms that quoting tells apart.
        dollar_string,     ///< $$...$$ or $tag$...$tag$.
        number,
        operator_,    ///< Also the single characters + - * / % ^ < > = (see symbol).
        punctuation,  ///< One of ( ) [ ] , ; : . (see symbol).
        colon_cast,   ///< ::
        dot_dot,      ///< ..
        colon_equals, ///< :=
        parameter,    ///< $1
        comment,      ///< From -- to before the line end, or /* ... */ with nesting.
        /// psql's \command up to the line end or psql's separator \\. For a driver: other.
        backslash_command,
        other, ///< One byte that no rule of the grammar accepts, such as { or a lone $.
        end,   ///< Nothing is left; the span is empty and at the end of the text.
    };
    /// How a string or quoted_identifier is written.
    enum class Quoting : std::uint8_t { plain, escape, unicode, national, bit, hexadecimal };

    Kind kind = Kind::end;
    Quoting quoting = Quoting::plain;
    /// A string, quoted identifier, dollar string or /* comment whose end is missing; it then
    /// reaches to the end of the text.
    bool unterminated = false;
    bool continued = false; ///< A string that is taken up again on a later line.
    char symbol = '\0'; ///< The character of punctuation, of a one-character operator or of other.
    Span span{};

    /// True for the punctuation or one-character operator `character`.
    [[nodiscard]] bool is(char character) const { return symbol == character; }
};

/// Reads tokens one by one, in time linear in the text and without allocating. Blanks are skipped;
/// a NUL byte counts as a blank, because that is what a scan replaces it by. Adjacent strings on
/// several lines ('a' newline 'b') are one token, as in PostgreSQL.
class Lexer {
public:
    /// Spans of tokens are offsets into `text` plus `base_offset`. The text must outlive the lexer.
    explicit Lexer(std::string_view text,
                   std::uint32_t base_offset = 0,
                   Client client = Client::driver)
        : text_(text),
          base_(base_offset),
          client_(client) {}

    [[nodiscard]] Token next();
    /// The next token that is no comment.
    [[nodiscard]] Token next_code();
    /// The bytes of a token of this lexer.
    [[nodiscard]] std::string_view text_of(const Token& token) const {
        return text_.substr(token.span.begin - base_, token.span.size());
    }

private:
    [[nodiscard]] char peek(std::size_t offset) const {
        return offset < text_.size() ? text_[offset] : '\0';
    }
    Token finish(Token token, std::size_t end);
    Token line_comment();
    Token block_comment();
    Token word();
    Token string(Token::Quoting quoting, std::size_t prefix);
    Token quoted_identifier(Token::Quoting quoting, std::size_t prefix);
    Token dollar();
    Token number();
    Token operator_token();
    Token colon();
    Token dot();
    Token backslash_command();
    Token single(Token::Kind kind);

    std::string_view text_;
    std::size_t position_ = 0;
    /// Up to here an operator's stripped trailing + and - are tokens of one character each.
    std::size_t signs_end_ = 0;
    std::uint32_t base_ = 0;
    Client client_ = Client::driver;
};

/// The offset after the quote that takes a string up again on a later line (scan.l quotecontinue),
/// given the offset after the quote before; npos when the string ends there.
[[nodiscard]] std::size_t string_continuation(std::string_view text, std::size_t after_quote);

/// What lies between the parts of a continued string: blanks and -- comments.
[[nodiscard]] std::vector<Span> continuation_gaps(const Token& token, std::string_view token_text);

/// True when a word, as written, is this keyword. `keyword` is in lower case.
[[nodiscard]] bool is_keyword(std::string_view word, std::string_view keyword);

/// The name that a word or quoted_identifier stands for: folded (ASCII only, as a server with UTF-8
/// does) or unquoted, Unicode escapes decoded, cut to 63 bytes at a character boundary.
/// `token_text` is the token's own bytes; `escape` is what UESCAPE set for U&"...".
[[nodiscard]] std::string
identifier_text(const Token& token, std::string_view token_text, char escape = '\\');
/// As identifier_text(), but not cut.
[[nodiscard]] std::string
whole_identifier_text(const Token& token, std::string_view token_text, char escape = '\\');

/// The value of a string with the way back to where each byte of it was written.
class DecodedString {
public:
    std::string value;

    /// The offset that the byte at `value_offset` was written at; the whole of an escape sequence
    /// maps to its backslash. value.size() maps to the closing quote.
    [[nodiscard]] std::uint32_t source_offset(std::size_t value_offset) const;

    /// Appends bytes that stand in the source as they are.
    void append_verbatim(std::string_view bytes, std::uint32_t source);
    /// Appends what an escape sequence that begins at `source` stands for.
    void append_decoded(std::string_view bytes, std::uint32_t source);
    /// Says where the string's content ends.
    void finish(std::uint32_t source);

private:
    struct Piece {
        std::size_t value_begin = 0;
        std::uint32_t source_begin = 0;
        bool verbatim = false;
    };
    void add_piece(std::uint32_t source, bool verbatim);

    std::vector<Piece> pieces_;
};

/// The value of a string or dollar_string token; for bit and hexadecimal strings the digits. An
/// escape sequence that PostgreSQL would refuse stands for itself. `token_text` is the token's own
/// bytes; `escape` is what UESCAPE set for U&'...'.
[[nodiscard]] DecodedString
string_value(const Token& token, std::string_view token_text, char escape = '\\');

} // namespace ordain::text
