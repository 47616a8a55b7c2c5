#include "analyze/analysis.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>

/// Whether a value can be null: what NOT NULL columns, conditions and the server's own functions
/// promise.
namespace ordain::analyze {
namespace {

/// Functions that return no null when none of their arguments is; with no argument, none at all.
bool keeps_values(std::string_view name) {
    static const std::unordered_set<std::string_view> names = {
        "abs",
        "array_append",
        "array_cat",
        "array_remove",
        "array_to_string",
        "ascii",
        "btrim",
        "cardinality",
        "ceil",
        "ceiling",
        "char_length",
        "clock_timestamp",
        "concat",
        "concat_ws",
        "count",
        "date_part",
        "date_trunc",
        "decode",
        "dense_rank",
        "digest",
        "encode",
        "extract",
        "floor",
        "format",
        "gen_random_bytes",
        "gen_random_uuid",
        "initcap",
        "json_build_array",
        "json_build_object",
        "jsonb_build_array",
        "jsonb_build_object",
        "left",
        "length",
        "lower",
        "lpad",
        "ltrim",
        "make_interval",
        "md5",
        "mod",
        "nextval",
        "now",
        "octet_length",
        "position",
        "power",
        "quote_ident",
        "quote_literal",
        "random",
        "rank",
        "repeat",
        "replace",
        "reverse",
        "right",
        "round",
        "row_number",
        "row_to_json",
        "rpad",
        "rtrim",
        "sign",
        "sqrt",
        "starts_with",
        "statement_timestamp",
        "strpos",
        "timezone",
        "to_char",
        "to_json",
        "to_jsonb",
        "to_timestamp",
        "to_tsvector",
        "transaction_timestamp",
        "translate",
        "trunc",
        "upper",
        "uuid_generate_v4",
    };
    return names.contains(name);
}

/// These count or number rows, null or not.
bool never_null_at_all(std::string_view name) {
    constexpr std::array<std::string_view, 9> names = {"count",
                                                       "row_number",
                                                       "rank",
                                                       "dense_rank",
                                                       "concat",
                                                       "json_build_object",
                                                       "jsonb_build_object",
                                                       "json_build_array",
                                                       "jsonb_build_array"};
    return std::ranges::count(names, name) > 0;
}

/// Strict operators of which no combination of values gives null.
bool keeps_values_operator(std::string_view name) {
    constexpr std::array<std::string_view, 20> names = {
        "=", "<>", "<", ">",  "<=",  ">=",  "+",    "-", "*",  "/",
        "%", "||", "^", "~~", "!~~", "~~*", "!~~*", "~", "!~", "IS DISTINCT FROM"};
    return std::ranges::count(names, name) > 0;
}

/// A comparison of rows is null when one of their fields is.
bool compares_rows(const Node& node) {
    const Node& left = node.operands.front();
    return left.kind == Node::Kind::keyword_call && left.text == "ROW";
}

const Node& without_casts(const Node& node) {
    const Node* inner = &node;
    while (inner->kind == Node::Kind::cast)
        inner = &inner->operands.front();
    return *inner;
}

} // namespace

bool Analysis::proven(const Node& node) const {
    if (node.kind != Node::Kind::column || node.level != 0) return false;
    return std::ranges::any_of(scope_->proven, [&](const Node& each) {
        return each.entry == node.entry && each.object == node.object && each.text == node.text;
    });
}

/// What a condition that holds says about the columns in it.
void Analysis::prove(const Node& condition) {
    const auto take = [this](const Node& operand) {
        const Node& inner = without_casts(operand);
        if (inner.kind == Node::Kind::column && inner.level == 0) scope_->proven.push_back(inner);
    };
    if (condition.kind == Node::Kind::boolean && condition.text == " AND ") {
        for (const Node& operand : condition.operands)
            prove(operand);
    } else if (condition.kind == Node::Kind::suffix && condition.text == "IS NOT NULL") {
        take(condition.operands.front());
    } else if (condition.kind == Node::Kind::infix && condition.text != "IS DISTINCT FROM" &&
               keeps_values_operator(condition.text)) {
        for (const Node& operand : condition.operands)
            take(operand);
    } else if (condition.kind == Node::Kind::column) {
        take(condition);
    }
}

bool Analysis::never_null(const Node& node) const {
    using Kind = Node::Kind;
    if (node.not_null) return true;
    const auto certain = [this](const Node& operand) { return never_null(operand); };
    const auto all = [&] { return std::ranges::all_of(node.operands, certain); };
    switch (node.kind) {
    case Kind::constant: return !node.null;
    case Kind::column: return proven(node);
    case Kind::array: return true;
    case Kind::keyword: return node.type.known();
    case Kind::boolean:
    case Kind::negation:
    case Kind::collate:
    case Kind::prefix:
    case Kind::any_all: return node.kind == Kind::any_all ? plain_array(node) && all() : all();
    case Kind::cast: return !types_.is_opaque(node.type) && all();
    case Kind::infix: return keeps_values_operator(node.text) && !compares_rows(node) && all();
    case Kind::suffix: return true;
    case Kind::keyword_call:
        if (node.text == "COALESCE" || node.text == "GREATEST" || node.text == "LEAST") {
            return std::ranges::any_of(node.operands, certain);
        }
        return node.text == "ROW";
    case Kind::case_: {
        if (!node.has_else) return false;
        for (std::size_t i = node.has_test ? 2 : 1; i < node.operands.size(); i += 2) {
            if (!never_null(node.operands[i])) return false;
        }
        return never_null(node.operands.back());
    }
    case Kind::call:
        if (node.object == no_object || !is_builtin(node.object)) return false;
        if (never_null_at_all(node.text)) return true;
        return !node.aggregate && node.extra == 0 && keeps_values(node.text) && all();
    case Kind::opaque:
    case Kind::parameter:
    case Kind::whole_row:
    case Kind::subscript:
    case Kind::field:
    case Kind::sublink: return false;
    }
    return false;
}

/// Of = ANY (ARRAY[...]): the elements are there to be looked at.
bool Analysis::plain_array(const Node& any_all) const {
    const Node& array = any_all.operands.back();
    return array.kind == Node::Kind::array &&
           std::ranges::all_of(array.operands, [this](const Node& e) { return never_null(e); });
}

void Analysis::note_assigned(const InsertColumn& column, const Node& node) {
    if (column.column == nullptr) return;
    const Node& inner = without_casts(node);
    const bool null = inner.kind == Node::Kind::constant && inner.null;
    const Nullness made = null               ? Nullness::always
                          : never_null(node) ? Nullness::never
                                             : Nullness::maybe;
    const ObjectId id = column.column->id;
    const auto found = std::ranges::find(assigned_, id, &AssignedColumn::column);
    if (found == assigned_.end()) {
        assigned_.push_back({.column = id, .null = made});
    } else {
        found->null = std::max(found->null, made);
    }
}

} // namespace ordain::analyze
