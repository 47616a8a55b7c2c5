#pragma once

#include "parse/locator.hpp"
#include "parse/lower_expression.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ordain/action.hpp>
#include <pg_query/pg_query.pb-c.h>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ordain::parse {

/// A statement with more Actions than this is too large.
inline constexpr std::size_t max_actions = 65'536;

/// A list of the tree.
using Nodes = std::span<PgQuery__Node* const>;

/// What the lowering of one statement carries along: the expressions' lowering, the locator, which
/// stands at the statement's first token to begin with, and the Actions so far.
class Lowering {
public:
    Lowering(std::string_view text, std::uint32_t base_offset)
        : base_(base_offset),
          text_(text),
          expressions_(base_offset, text),
          locator_(expressions_.tokens()),
          statement_(whole(expressions_.tokens())) {}

    Lowering(const Lowering&) = delete;
    Lowering& operator=(const Lowering&) = delete;
    ~Lowering() = default;

    [[nodiscard]] const ExpressionLowering& expressions() const { return expressions_; }
    [[nodiscard]] Locator& locator() { return locator_; }
    [[nodiscard]] Span statement() const { return statement_; }
    /// Makes a part of the text, an element of CREATE SCHEMA, the statement that is lowered next.
    void confine(Span statement);
    /// The file's offset of a location of the tree.
    [[nodiscard]] std::uint32_t offset(int location) const {
        return base_ + static_cast<std::uint32_t>(location);
    }
    /// Moves the locator to a location of the tree, if the tree gives one.
    void seek(int location);
    /// The statement's bytes of a span.
    [[nodiscard]] std::string_view text(Span span) const;

    /// Adds an Action for the span. (Making the variant in place compiles far faster than
    /// converting to it.)
    template <typename Payload>
    Action& add(Payload payload, Span span) {
        return append(Action{
            .payload = ActionPayload(std::in_place_type<Payload>, std::move(payload)),
            .span = span,
            .mentions = {},
        });
    }
    /// Adds one for the whole statement.
    template <typename Payload>
    Action& add(Payload payload) {
        return add(std::move(payload), statement());
    }
    /// Likewise, with every word of the statement that could be a name.
    template <typename Payload>
    Action& add_mentioning(Payload payload) {
        Action& action = add(std::move(payload));
        action.mentions = mentions();
        return action;
    }
    [[nodiscard]] std::vector<Action>& actions() { return actions_; }

    /// A short statement can say very much (DROP TABLE a, a, a ...; a GRANT of everything on
    /// everything to everyone). Beyond a bound the rest is left out and the whole is too large.
    void set_too_large() { too_large_ = true; }
    [[nodiscard]] bool too_large() const { return too_large_; }

    /// A relation where the tree knows its place; the locator then stands behind it.
    QualifiedName relation(const PgQuery__RangeVar* node);
    std::vector<QualifiedName> relations(Nodes nodes);
    /// A type; the locator then stands behind it.
    TypeName type(const PgQuery__TypeName* node);
    std::optional<Expression> expression(const PgQuery__Node* node) const;
    Identifier role(const PgQuery__RoleSpec* node);
    std::vector<Identifier> roles(Nodes nodes);
    /// Names after one another, separated by commas, from the locator on.
    std::vector<Identifier> names(Nodes nodes);
    /// The same in brackets; no brackets when there are none.
    std::vector<Identifier> bracketed_names(Nodes nodes);
    /// A dotted name from the locator on.
    QualifiedName qualified_name(Nodes parts);
    /// COLLATE name.
    QualifiedName collation(const PgQuery__CollateClause* node);
    /// key = value lists; a value that was left out becomes `absent`.
    std::vector<Option> options(Nodes nodes, std::string_view absent = "");
    /// The same in brackets, from the locator on; no brackets when there are none.
    std::vector<Option> bracketed_options(Nodes nodes, std::string_view absent = "");
    Option option(const PgQuery__DefElem& node, std::string_view absent = "");

private:
    static Span whole(const TokenTable& tokens);
    Action& append(Action&& action);
    [[nodiscard]] std::vector<Mention> mentions() const;

    std::uint32_t base_;
    std::string_view text_;
    ExpressionLowering expressions_;
    Locator locator_;
    Span statement_; ///< From the first token to the last one.
    std::vector<Action> actions_;
    bool too_large_ = false;
};

[[nodiscard]] inline Nodes nodes(PgQuery__Node* const* first, std::size_t count) {
    return {first, count};
}
/// The text of a String node, empty for others.
[[nodiscard]] std::string_view string_of(const PgQuery__Node* node);
[[nodiscard]] std::vector<std::string_view> strings_of(Nodes nodes);
/// The items of a List node, none for others.
[[nodiscard]] Nodes items_of(const PgQuery__Node* node);
/// An option's or a setting's value as text: numbers, names, strings; lists joined by commas.
[[nodiscard]] std::string value_text(const PgQuery__Node* node);
[[nodiscard]] Guard guard_if(bool written, Guard guard);
[[nodiscard]] DropBehavior drop_behavior(PgQuery__DropBehavior behavior);
[[nodiscard]] Persistence persistence_of(const PgQuery__RangeVar* relation);

} // namespace ordain::parse
