#pragma once

#include "parse/plpgsql_body.hpp"
#include "parse/plpgsql_tokens.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ordain/plpgsql.hpp>
#include <string>
#include <string_view>

namespace ordain::parse {

/// A body on its way through the compiler: its tokens, the SQL between them and the first refusal.
/// After a refusal by PL/pgSQL's own grammar nothing more is read: the place is then the end. SQL
/// that is refused does not end the reading.
class PlpgsqlSource {
public:
    using Words = std::initializer_list<std::string_view>;

    PlpgsqlSource(StatementParser& parser,
                  std::string_view body,
                  std::uint32_t base_offset,
                  std::uint32_t number);

    PlpgsqlTokens tokens;

    // ---- refusals
    [[nodiscard]] bool ended() const { return ended_; }
    /// Ends the reading without a refusal: what stands here is beyond Ordain.
    void give_up();
    void refuse(std::string_view sqlstate, std::string message, Span span);
    /// "... at or near" what the scanner returned last.
    void refuse_here(std::string_view message);
    void syntax_error() { refuse_here("syntax error"); }
    /// Puts block and refusal together.
    [[nodiscard]] PlpgsqlBody finish(std::shared_ptr<plpgsql::Block> block);

    // ---- tokens
    bool take_if(std::string_view word);
    void take(std::string_view word);

    // ---- SQL
    enum class Construct : std::uint8_t { expression, statement };
    /// The text up to one of the words outside parentheses (pl_gram.y, read_sql_construct).
    Span read_to(Words ends, std::string_view expected, Construct construct);
    /// An expression up to one of the words, which stays to be read.
    plpgsql::Sql expression(Words ends, std::string_view expected);
    /// Text that has been read.
    plpgsql::Sql expression_in(PlpgsqlTokens::Index begin, PlpgsqlTokens::Index end);
    /// Any SQL statement up to ';'.
    plpgsql::Sql statement();
    plpgsql::Sql sql(std::string_view prefix, Span span);
    plpgsql::Sql sql_text(const std::string& text, std::string_view prefix, Span span);
    /// The name of a type; nothing when it is refused.
    std::optional<TypeName> type(PlpgsqlTokens::Index begin, PlpgsqlTokens::Index end);
    /// The same for a text that has been found to be a type.
    std::optional<TypeName> known_type(Span span);

private:
    void note(StatementFault fault);
    plpgsql::Sql placed(plpgsql::Sql sql, Span span);
    bool refuse_query_word(PlpgsqlTokens::Index begin, PlpgsqlTokens::Index end);
    bool refuse_type_syntax(Span span);

    StatementParser& parser_;
    std::uint32_t number_;
    std::optional<StatementFault> fault_;
    std::uint32_t fault_reached_ = 0;
    bool ended_ = false;
};

} // namespace ordain::parse
