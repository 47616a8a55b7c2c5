#pragma once

#include "parse/token_table.hpp"

#include <cstdint>
#include <initializer_list>
#include <ordain/expression.hpp>
#include <ordain/source.hpp>
#include <string_view>
#include <vector>

namespace ordain::parse {

/// Finds the places of names that the tree knows without a location. It walks the statement's
/// tokens in the order of the grammar, beside the lowering that walks the tree: the lowering names
/// the keywords, brackets and commas to pass and the names to expect, the locator stays on the
/// bracket depth where it stands. So a name that spells like a keyword, or the same name twice,
/// cannot be mistaken. Every move is forward, but for seek().
class Locator {
public:
    explicit Locator(const TokenTable& tokens) : tokens_(&tokens) {}

    /// Goes to the first token at or after a file offset.
    void seek(std::uint32_t offset) { next_ = tokens_->at_or_after(offset); }
    /// Where the next token begins; the statement's end when none is left.
    [[nodiscard]] std::uint32_t begin() const;
    /// Where the token before the next one ends.
    [[nodiscard]] std::uint32_t previous_end() const;
    [[nodiscard]] Span next_span() const { return tokens_->span(next_); }
    [[nodiscard]] bool at_end() const { return next_ >= tokens_->size(); }

    [[nodiscard]] bool at(std::string_view keyword) const {
        return tokens_->is_word(next_, keyword);
    }
    [[nodiscard]] bool at(char symbol) const { return tokens_->is(next_, symbol); }
    /// Passes the keyword if it is next.
    bool accept(std::string_view keyword);
    bool accept(char symbol);
    /// Passes these keywords, each if it is next: the words before a name, options included.
    void accept_all(std::initializer_list<std::string_view> keywords);
    /// Passes IF EXISTS or IF NOT EXISTS when the tree says that it was written.
    void accept_guard(bool written);
    /// Passes any one token, or a whole bracket.
    void skip();

    /// Passes an expression that is a bracket or a function call, or else one token.
    void skip_operand();

    /// Goes behind the next such keyword of this bracket depth. False, and no move, without one.
    bool skip_past(std::string_view keyword);
    /// Goes into the next bracket of this depth. False, and no move, without one.
    bool enter();
    /// Goes behind the bracket that closes the one it is in.
    void leave();
    /// Goes behind the next comma of this depth. False at the closing bracket or the end, where it
    /// then stands.
    bool next_item();
    /// Where the list item ends that the next token belongs to: before a comma, a closing bracket
    /// or the end of the statement.
    [[nodiscard]] std::uint32_t item_end() const;

    /// Passes the name `text`, which is normally next; if it is not, the first such name ahead.
    /// The identifier has no place when there is none.
    Identifier name(std::string_view text);
    /// As name(), for a name that is written as a string constant: an enum's label.
    Identifier literal(std::string_view text);
    /// A dotted name.
    std::vector<Identifier> dotted(const std::vector<std::string_view>& parts);
    /// The string constant that is next or ahead: its place, quotes included; empty without one.
    Span string_constant();

private:
    [[nodiscard]] bool closes(TokenTable::Index index) const {
        return tokens_->is(index, ')') || tokens_->is(index, ']');
    }

    const TokenTable* tokens_;
    TokenTable::Index next_ = 0;
};

} // namespace ordain::parse
