#pragma once

#include "parse/plpgsql_scope.hpp"
#include "text/lexer.hpp"

#include <cstddef>
#include <cstdint>
#include <ordain/expression.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::parse {

/// What the scanner of PL/pgSQL makes of the words at one place (pl_scanner.c): a name takes its
/// dots and the names behind them along.
struct PlpgsqlName {
    enum class Kind : std::uint8_t {
        none,      ///< No name: a reserved keyword, or no word at all.
        variable,  ///< A variable or a part of one.
        word,      ///< One name that is no variable and no keyword.
        keyword,   ///< An unreserved keyword.
        composite, ///< Names with dots that mean no variable.
    };
    Kind kind = Kind::none;
    std::vector<Identifier> names; ///< Up to three.
    std::size_t tokens = 1;
    bool quoted = false;
    PlpgsqlScope::Match variable;

    /// The names with dots between, as messages show them.
    [[nodiscard]] std::string text() const;
    /// One unquoted name that is this unreserved keyword, whether or not a variable is called so.
    [[nodiscard]] bool means(std::string_view word) const;
    /// Whether it can be a label or the name of a condition.
    [[nodiscard]] bool is_any_identifier() const;
};

/// The tokens of a body, and the place of the next one to read.
class PlpgsqlTokens {
public:
    /// The body must outlive the tokens; spans are offsets into it plus `base_offset`.
    PlpgsqlTokens(std::string_view body, std::uint32_t base_offset);

    using Index = std::size_t;
    [[nodiscard]] Index place() const { return next_; }
    void move_to(Index place) { next_ = place; }
    void move_to_end() { next_ = tokens_.size() - 1; }
    void advance(std::size_t count = 1);

    [[nodiscard]] const text::Token& at(Index index) const;
    [[nodiscard]] const text::Token& current() const { return tokens_[next_]; }
    [[nodiscard]] const text::Token& ahead(std::size_t distance) const {
        return at(next_ + distance);
    }
    [[nodiscard]] bool at_end() const { return current().kind == text::Token::Kind::end; }
    [[nodiscard]] bool has_unterminated() const { return unterminated_; }

    [[nodiscard]] bool is(const text::Token& token, std::string_view word) const;
    [[nodiscard]] bool is(std::string_view word) const { return is(current(), word); }
    /// A string that the grammar takes: U&'...', bits and the like are other tokens to it.
    [[nodiscard]] bool is_string() const;

    [[nodiscard]] std::string_view bytes(Span span) const {
        return body_.substr(span.begin - base_, span.size());
    }
    [[nodiscard]] std::string_view text_of(const text::Token& token) const {
        return bytes(token.span);
    }
    /// From a token to before another one, without what stands around them; empty for none.
    [[nodiscard]] Span span(Index begin, Index end) const;

    /// `scope` is null where no variables are looked for.
    [[nodiscard]] PlpgsqlName name(const PlpgsqlScope* scope) const;
    /// The same at the beginning of a statement, where a lone word is a variable only if it is
    /// assigned to.
    [[nodiscard]] PlpgsqlName first_name(const PlpgsqlScope& scope) const;
    /// What an error at the current place shows.
    [[nodiscard]] Span unit() const;

private:
    [[nodiscard]] PlpgsqlName words() const;
    [[nodiscard]] bool is_identifier(const text::Token& token) const;
    [[nodiscard]] Identifier identifier(const text::Token& token) const;

    std::string_view body_;
    std::uint32_t base_;
    std::vector<text::Token> tokens_;
    Index next_ = 0;
    bool unterminated_ = false;
};

} // namespace ordain::parse
