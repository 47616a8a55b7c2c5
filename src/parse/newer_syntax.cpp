#include "parse/newer_syntax.hpp"

#include "parse/token_table.hpp"

#include <algorithm>
#include <array>
#include <ordain/config.hpp>

namespace ordain::parse {
namespace {

using Index = TokenTable::Index;

/// Something that a version's grammar began to read.
struct Addition {
    std::uint32_t since;
    /// Tokens without which a text does not use it, as a Search takes them.
    std::string_view tokens;
};

/// The productions of PostgreSQL's gram.y and pl_gram.y that read what those of 15.18 refuse, from
/// a comparison with 18.6; the versions are those whose servers were found to read them. Clauses
/// that stand only within another addition's parentheses are found by that.
constexpr auto additions = std::to_array<Addition>({
    // columnDef, column_storage
    {16, "TYPE storage NAME"},
    {16, "set storage default"},
    // CreateStatsStmt without a name
    {16, "create statistics on|("},
    // ReindexStmt without a name
    {16, "reindex ... database|system"},
    // grant_role_opt_list, RevokeRoleStmt
    {16, "grant ... with NAME true|false"},
    {16, "grant ... with !admin option"},
    {16, "grant ... with admin option ,"},
    {16, "revoke !admin|grant option for"},
    // func_expr_common_subexpr, json_aggregate_func, json_predicate_type_constraint
    {16, "system_user"},
    {16, "indent )"},
    {16, "json_array|json_arrayagg|json_object|json_objectagg ("},
    {16, "is json"},
    {16, "is not json"},
    // getdiag_item
    {16, "pg_routine_oid"},

    // func_expr_common_subexpr, json_table, a_expr
    {17, "json|json_serialize ("},
    {17, "json_exists|json_query|json_table|json_value ("},
    {17, "at local"},
    // MergeStmt, merge_when_tgt_matched, merge_when_tgt_not_matched
    {17, "merge ... returning"},
    {17, "matched by"},
    // alter_table_cmd, set_statistics_value, set_access_method_name
    {17, "set expression"},
    {17, "set statistics default"},
    {17, "set access method default"},
    // DomainConstraint
    {17, "alter domain ... add not null"},
    {17, "alter domain ... add constraint NAME not null"},
    // AlterEnumStmt
    {17, "drop value"},
    // operator_def_elem
    {17, "alter operator|type ... set ("},
    // copy_opt_item, copy_generic_opt_arg
    {17, "copy ... NAME default ,|)"},
    {17, "force null *"},
    {17, "force not null *"},
    // ClusterStmt without a table
    {17, "cluster ("},
    // read_datatype() of pl_gram.y
    {17, "% type|rowtype [|array"},

    // ColConstraintElem, opt_virtual_or_stored
    {18, "generated always as GROUP !stored"},
    // ConstraintElem, ColConstraintElem, opt_without_overlaps, optionalPeriodName
    {18, "(|,|add not null NAME"},
    {18, "constraint NAME not null NAME"},
    {18, "not null no inherit"},
    {18, "without overlaps"},
    {18, ", period NAME )"},
    // ConstraintAttr, ConstraintAttributeElem
    {18, "enforced"},
    // alter_table_cmd
    {18, "alter constraint NAME inherit"},
    {18, "alter constraint NAME ... no inherit"},
    // returning_with_clause
    {18, "returning with ("},
    // defacl_privilege_target
    {18, "large objects"},
    // vacuum_relation
    {18, "vacuum|analyze|analyse ... only"},
    {18, "vacuum|analyze|analyse ... NAME *"},
    // read_cursor_args() of pl_gram.y
    {18, "open|in NAME ( ... =>"},
});

/// Takes the beginning of `rest` up to the separator off it.
std::string_view take(std::string_view& rest, std::string_view separator) {
    const std::size_t end = rest.find(separator);
    const std::string_view taken = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + separator.size());
    return taken;
}

/// Looks for an Addition. Its tokens follow each other but where "..." stands. Each is
///
///     word|(    one of these, words unquoted and in any case
///     !word|(   none of these, or the end of the text
///     NAME      a word or a quoted identifier
///     TYPE      what the name of a type may end in
///     GROUP     parentheses with all that they hold
class Search {
public:
    explicit Search(const TokenTable& tokens) : tokens_(tokens) {}

    [[nodiscard]] bool finds(std::string_view rest) const {
        Index place = 0;
        while (!rest.empty() && place != TokenTable::none)
            place = after_next(take(rest, " ... "), place);
        return place != TokenTable::none;
    }

private:
    /// Past the first place at `from` or after it where the adjacent tokens stand.
    [[nodiscard]] Index after_next(std::string_view adjacent, Index from) const {
        for (Index begin = from; begin <= tokens_.size(); ++begin) {
            Index place = begin;
            std::string_view rest = adjacent;
            while (!rest.empty() && place != TokenTable::none)
                place = after(take(rest, " "), place);
            if (place != TokenTable::none) return place;
        }
        return TokenTable::none;
    }

    [[nodiscard]] Index after(std::string_view wanted, Index place) const {
        if (wanted.front() == '!')
            return is_one_of(wanted.substr(1), place) ? TokenTable::none : place + 1;
        if (place >= tokens_.size()) return TokenTable::none;
        if (wanted == "GROUP") return after_parentheses(place);
        return is(wanted, place) ? place + 1 : TokenTable::none;
    }

    [[nodiscard]] bool is(std::string_view wanted, Index place) const {
        if (wanted == "NAME") return !tokens_.name(place).empty();
        if (wanted == "TYPE") return is("NAME", place) || is_one_of(")|]", place);
        return is_one_of(wanted, place);
    }

    [[nodiscard]] bool is_one_of(std::string_view choices, Index place) const {
        while (!choices.empty()) {
            const std::string_view choice = take(choices, "|");
            if (tokens_.is_word(place, choice) || tokens_.text(place) == choice) return true;
        }
        return false;
    }

    /// Parentheses without an end hold all that follows.
    [[nodiscard]] Index after_parentheses(Index place) const {
        if (!tokens_.is(place, '(')) return TokenTable::none;
        return tokens_.partner(place) == TokenTable::none ? tokens_.size()
                                                          : tokens_.after_group(place);
    }

    const TokenTable& tokens_;
};

/// Version 16 reads 0x1F, 0o17, 0b11 and 1_000 (scan.l); before it junk follows the number.
bool has_new_number(const TokenTable& tokens) {
    for (Index index = 1; index < tokens.size(); ++index) {
        const bool joined =
            tokens.is_number(index - 1) && tokens.span(index - 1).end == tokens.span(index).begin;
        if (!joined) continue;
        constexpr std::string_view beginnings = "_xXoObB";
        if (beginnings.find(tokens.text(index).front()) != std::string_view::npos) return true;
    }
    return false;
}

/// What is new where no token tells: the fault itself does, and there is none before it. Version 16
/// lets a query in FROM go without an alias, which version 15 misses when it has read the query;
/// version 17 takes %TYPE of a record.
bool is_about_new(std::string_view message, std::uint32_t postgres) {
    constexpr std::uint32_t type_of_record = 17;
    return message == "subquery in FROM must have an alias" ||
           message == "VALUES in FROM must have an alias" ||
           (postgres >= type_of_record && message == "syntax error at or near \"%\"");
}

bool may_be_read(std::string_view message, std::string_view text, std::uint32_t postgres) {
    if (postgres <= grammar_postgres) return false;
    if (is_about_new(message, postgres)) return true;
    constexpr std::uint32_t vertical_tab_is_blank = 17;
    if (postgres >= vertical_tab_is_blank && text.find('\v') != std::string_view::npos) return true;
    const TokenTable tokens(0, text, Client::psql);
    const Search search(tokens);
    return has_new_number(tokens) || std::ranges::any_of(additions, [&](const Addition& addition) {
               return addition.since <= postgres && search.finds(addition.tokens);
           });
}

} // namespace

bool is_certain(const SyntaxFault& fault, std::string_view text, std::uint32_t postgres) {
    return fault.kind == SyntaxFault::Kind::syntax_error &&
           !may_be_read(fault.message, text, postgres);
}

bool is_certain(const StatementFault& fault, std::string_view body, std::uint32_t postgres) {
    return !may_be_read(fault.message, body, postgres);
}

} // namespace ordain::parse
