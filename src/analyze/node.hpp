#pragma once

#include <ordain/catalog.hpp>
#include <string>
#include <vector>

namespace ordain::analyze {

struct RangeEntry;

/// An expression after transformation (primnodes.h), as far as its type and its printed form need.
struct Node {
    enum class Kind {
        opaque,    ///< Not known; prints as text.
        constant,  ///< text as the input function of `type` gets it.
        parameter, ///< text is "$1" or a name.
        column,    ///< object or text; of entry.
        whole_row, ///< Of entry.
        call,      ///< Function, aggregate or window function.
        infix,     ///< text between operands.
        prefix,    ///< text before operands[0].
        any_all,   ///< operands[0] text (operands[1]); text is "= ANY".
        cast,      ///< operands[0] to type.
        boolean,   ///< text is " AND " or " OR ".
        negation,
        case_,
        keyword_call, ///< COALESCE(...), GREATEST(...), ROW(...), NULLIF(...): text is the keyword.
        array,
        suffix,  ///< operands[0] text: IS NULL, IS TRUE ...
        keyword, ///< CURRENT_DATE, DEFAULT.
        subscript,
        field, ///< (operands[0]).text
        collate,
        sublink, ///< text, then the query; operands[0] stands before it.
    };
    Kind kind = Kind::opaque;
    bool implicit = false;  ///< Of a cast: not printed among function arguments.
    bool aggregate = false; ///< Of a call.
    bool distinct = false;
    bool has_test = false; ///< Of a case_: operands[0] is compared with.
    bool has_else = false;
    bool null = false;     ///< Of a constant.
    bool not_null = false; ///< Certainly, whatever the operands are; see Analysis::never_null.
    bool set = false;      ///< Of a call: returns a set.
    Span span;
    TypeRef type; ///< No object: not known. `unknown` of pg_type: a literal that has no type yet.
    ObjectId object{};
    std::uint32_t level =
        0; ///< Of a column or aggregate: scopes between here and where it belongs.
    const RangeEntry* entry = nullptr;
    std::string text;
    std::vector<Node> operands;
    std::size_t extra = 0; ///< Of a call: so many of the last operands are ORDER BY, FILTER, OVER.
    /// Of a call with such clauses: what is printed before each of them and after the last.
    std::vector<std::string> clauses;
    BoundText query;
};

/// Whether two expressions are the same but for their places (equal() of equalfuncs.c).
[[nodiscard]] bool equal(const Node& a, const Node& b);

} // namespace ordain::analyze
