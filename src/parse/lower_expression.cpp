#include "parse/lower_expression.hpp"

#include "parse/lower_type.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <pg_query/pg_query.pb-c.h>
#include <span>
#include <string>
#include <utility>

namespace ordain::parse {
namespace {

using Index = TokenTable::Index;
using Kind = Expression::Kind;
constexpr Index none = TokenTable::none;

/// A chain such as x.a.b[1] is one flat node in the tree, however long, but nests in Expression.
constexpr std::size_t max_indirections = 100;

std::span<PgQuery__Node* const> list(PgQuery__Node* const* nodes, std::size_t count) {
    return {nodes, count};
}

Span join(Span a, Span b) {
    if (a.empty()) return b;
    if (b.empty()) return a;
    return {.begin = std::min(a.begin, b.begin), .end = std::max(a.end, b.end)};
}

Expression make(Kind kind, Span span) {
    Expression made;
    made.kind = kind;
    made.span = span;
    return made;
}

std::string_view value_function_name(PgQuery__SQLValueFunctionOp op) {
    switch (op) {
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_DATE: return "current_date";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME_N: return "current_time";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP_N: return "current_timestamp";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME_N: return "localtime";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP:
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP_N: return "localtimestamp";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_ROLE: return "current_role";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_USER: return "current_user";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_USER: return "user";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_SESSION_USER: return "session_user";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_CATALOG: return "current_catalog";
    case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_SCHEMA: return "current_schema";
    default: return "";
    }
}

std::string_view boolean_test_name(PgQuery__BoolTestType type) {
    switch (type) {
    case PG_QUERY__BOOL_TEST_TYPE__IS_TRUE: return "true";
    case PG_QUERY__BOOL_TEST_TYPE__IS_NOT_TRUE: return "not true";
    case PG_QUERY__BOOL_TEST_TYPE__IS_FALSE: return "false";
    case PG_QUERY__BOOL_TEST_TYPE__IS_NOT_FALSE: return "not false";
    case PG_QUERY__BOOL_TEST_TYPE__IS_UNKNOWN: return "unknown";
    case PG_QUERY__BOOL_TEST_TYPE__IS_NOT_UNKNOWN: return "not unknown";
    default: return "";
    }
}

std::string_view grouping_name(PgQuery__GroupingSetKind kind) {
    switch (kind) {
    case PG_QUERY__GROUPING_SET_KIND__GROUPING_SET_EMPTY: return "empty";
    case PG_QUERY__GROUPING_SET_KIND__GROUPING_SET_ROLLUP: return "rollup";
    case PG_QUERY__GROUPING_SET_KIND__GROUPING_SET_CUBE: return "cube";
    case PG_QUERY__GROUPING_SET_KIND__GROUPING_SET_SETS: return "sets";
    default: return "";
    }
}

Expression::Sublink sublink_form(PgQuery__SubLinkType type) {
    using Sublink = Expression::Sublink;
    switch (type) {
    case PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK: return Sublink::exists;
    case PG_QUERY__SUB_LINK_TYPE__ALL_SUBLINK: return Sublink::all;
    case PG_QUERY__SUB_LINK_TYPE__ANY_SUBLINK: return Sublink::any;
    case PG_QUERY__SUB_LINK_TYPE__ARRAY_SUBLINK: return Sublink::array;
    default: return Sublink::scalar;
    }
}

Expression::OperatorForm operator_form(PgQuery__AExprKind kind,
                                       const std::vector<Identifier>& names) {
    using Form = Expression::OperatorForm;
    switch (kind) {
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY: return Form::any;
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL: return Form::all;
    case PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT: return Form::distinct;
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT: return Form::not_distinct;
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN:
        return !names.empty() && names.back().text == "<>" ? Form::not_in : Form::in;
    case PG_QUERY__A__EXPR__KIND__AEXPR_LIKE: return Form::like;
    case PG_QUERY__A__EXPR__KIND__AEXPR_ILIKE: return Form::ilike;
    case PG_QUERY__A__EXPR__KIND__AEXPR_SIMILAR: return Form::similar;
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN: return Form::between;
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN: return Form::not_between;
    case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN_SYM: return Form::between_symmetric;
    case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN_SYM: return Form::not_between_symmetric;
    default: return Form::plain;
    }
}

/// A bit of WindowDef.frame_options (parsenodes.h FRAMEOPTION_*) and its words.
struct FrameWord {
    std::int32_t option = 0;
    std::string_view words;
};

/// Mode, start, end and exclusion, in the order in which they are written.
constexpr auto frame_words = std::to_array<FrameWord>({
    {0x00002, "range between"},
    {0x00004, "rows between"},
    {0x00008, "groups between"},
    {0x00020, "unbounded preceding and"},
    {0x00200, "current row and"},
    {0x00800, "offset preceding and"},
    {0x02000, "offset following and"},
    {0x00100, "unbounded following"},
    {0x00400, "current row"},
    {0x01000, "offset preceding"},
    {0x04000, "offset following"},
    {0x08000, "exclude current row"},
    {0x10000, "exclude group"},
    {0x20000, "exclude ties"},
});

/// RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW.
constexpr std::int32_t default_frame = 0x00002 | 0x00020 | 0x00400;
/// Whether a frame and its BETWEEN were written.
constexpr std::int32_t written_frame = 0x00001 | 0x00010;

std::string frame_of(std::int32_t options) {
    std::string frame;
    if ((options & ~written_frame) == default_frame) return frame;
    for (const FrameWord& word : frame_words) {
        if ((options & word.option) == 0) continue;
        if (!frame.empty()) frame += ' ';
        frame += word.words;
    }
    return frame;
}

/// Lowers one expression node; the operands go through the public interface.
class NodeLowering {
public:
    explicit NodeLowering(const ExpressionLowering& lowering)
        : lowering_(lowering),
          tokens_(lowering.tokens()) {}

    [[nodiscard]] Expression node(const PgQuery__Node& node) const;

private:
    [[nodiscard]] Expression special(const PgQuery__Node& node) const;
    [[nodiscard]] Expression array(const PgQuery__AArrayExpr& node) const;
    [[nodiscard]] Expression parameter(const PgQuery__ParamRef& node) const;
    [[nodiscard]] Expression constant(const PgQuery__AConst& node) const;
    [[nodiscard]] Span constant_span(Index at) const;
    [[nodiscard]] Expression column(const PgQuery__ColumnRef& node) const;
    [[nodiscard]] Expression call(const PgQuery__FuncCall& node) const;
    [[nodiscard]] Span call_span(const PgQuery__FuncCall& node, const Expression& call) const;
    [[nodiscard]] Span infix_call_span(Index at, const Expression& call) const;
    [[nodiscard]] Index after_call_clauses(const PgQuery__FuncCall& node, Index after) const;
    [[nodiscard]] std::unique_ptr<CallClauses> call_clauses(const PgQuery__FuncCall& node) const;
    [[nodiscard]] Expression operation(const PgQuery__AExpr& node) const;
    [[nodiscard]] Span operation_span(const PgQuery__AExpr& node, const Expression& made) const;
    [[nodiscard]] Expression logic(const PgQuery__BoolExpr& node) const;
    [[nodiscard]] Span flat_logic_span(const std::vector<Expression>& operands) const;
    [[nodiscard]] Expression null_test(const PgQuery__NullTest& node) const;
    [[nodiscard]] Expression boolean_test(const PgQuery__BooleanTest& node) const;
    [[nodiscard]] Expression cast(const PgQuery__TypeCast& node) const;
    [[nodiscard]] Expression case_expression(const PgQuery__CaseExpr& node) const;
    [[nodiscard]] Expression sublink(const PgQuery__SubLink& node) const;
    [[nodiscard]] Expression value_function(const PgQuery__SQLValueFunction& node) const;
    [[nodiscard]] Expression indirection(const PgQuery__AIndirection& node) const;
    [[nodiscard]] Expression subscripts(Expression base,
                                        std::span<PgQuery__Node* const> indices) const;
    [[nodiscard]] Expression field(Expression base, const PgQuery__Node& step) const;
    [[nodiscard]] Expression collate(const PgQuery__CollateClause& node) const;
    [[nodiscard]] Expression named_argument(const PgQuery__NamedArgExpr& node) const;
    [[nodiscard]] Expression grouping_set(const PgQuery__GroupingSet& node) const;
    [[nodiscard]] Expression assigned_part(const PgQuery__MultiAssignRef& node) const;
    [[nodiscard]] Expression xml(const PgQuery__XmlExpr& node) const;
    [[nodiscard]] Expression xml_serialize(const PgQuery__XmlSerialize& node) const;

    /// keyword ( ... ), as far as the closing parenthesis.
    [[nodiscard]] Expression
    enclosed(Kind kind, std::int32_t location, std::span<PgQuery__Node* const> operands) const;
    [[nodiscard]] std::vector<Expression> lower(std::span<PgQuery__Node* const> nodes) const {
        return lowering_.expressions(nodes.data(), nodes.size());
    }
    /// All operands with their parentheses.
    [[nodiscard]] Span around(const std::vector<Expression>& operands) const;
    /// From the first token to the partner of the next parenthesis or, without one, to itself.
    [[nodiscard]] Span to_closing(Index first) const;
    /// Past OPERATOR(schema.+).
    [[nodiscard]] Index after_qualified_operator(Index at) const;
    /// The token after these words, each passed when it is there.
    [[nodiscard]] Index after_words(Index at, std::initializer_list<std::string_view> words) const;

    const ExpressionLowering& lowering_;
    const TokenTable& tokens_;
};

Expression NodeLowering::node(const PgQuery__Node& node) const {
    switch (node.node_case) {
    case PG_QUERY__NODE__NODE_A_CONST: return constant(*node.a_const);
    case PG_QUERY__NODE__NODE_COLUMN_REF: return column(*node.column_ref);
    case PG_QUERY__NODE__NODE_FUNC_CALL: return call(*node.func_call);
    case PG_QUERY__NODE__NODE_A_EXPR: return operation(*node.a_expr);
    case PG_QUERY__NODE__NODE_BOOL_EXPR: return logic(*node.bool_expr);
    case PG_QUERY__NODE__NODE_NULL_TEST: return null_test(*node.null_test);
    case PG_QUERY__NODE__NODE_BOOLEAN_TEST: return boolean_test(*node.boolean_test);
    case PG_QUERY__NODE__NODE_TYPE_CAST: return cast(*node.type_cast);
    case PG_QUERY__NODE__NODE_CASE_EXPR: return case_expression(*node.case_expr);
    case PG_QUERY__NODE__NODE_SUB_LINK: return sublink(*node.sub_link);
    case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION: return value_function(*node.sqlvalue_function);
    case PG_QUERY__NODE__NODE_A_INDIRECTION: return indirection(*node.a_indirection);
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE: return collate(*node.collate_clause);
    case PG_QUERY__NODE__NODE_NAMED_ARG_EXPR: return named_argument(*node.named_arg_expr);
    case PG_QUERY__NODE__NODE_GROUPING_SET: return grouping_set(*node.grouping_set);
    case PG_QUERY__NODE__NODE_MULTI_ASSIGN_REF: return assigned_part(*node.multi_assign_ref);
    case PG_QUERY__NODE__NODE_XML_EXPR: return xml(*node.xml_expr);
    case PG_QUERY__NODE__NODE_XML_SERIALIZE: return xml_serialize(*node.xml_serialize);
    default: return special(node);
    }
}

/// The nodes that are a keyword or a bracket with a list in it, and what Ordain does not read.
Expression NodeLowering::special(const PgQuery__Node& node) const {
    switch (node.node_case) {
    case PG_QUERY__NODE__NODE_COALESCE_EXPR: {
        const PgQuery__CoalesceExpr& made = *node.coalesce_expr;
        return enclosed(Kind::coalesce, made.location, list(made.args, made.n_args));
    }
    case PG_QUERY__NODE__NODE_MIN_MAX_EXPR: {
        const PgQuery__MinMaxExpr& made = *node.min_max_expr;
        const Kind kind = made.op == PG_QUERY__MIN_MAX_OP__IS_LEAST ? Kind::least : Kind::greatest;
        return enclosed(kind, made.location, list(made.args, made.n_args));
    }
    case PG_QUERY__NODE__NODE_ROW_EXPR: {
        const PgQuery__RowExpr& made = *node.row_expr;
        return enclosed(Kind::row_constructor, made.location, list(made.args, made.n_args));
    }
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR: return array(*node.a_array_expr);
    case PG_QUERY__NODE__NODE_GROUPING_FUNC: {
        const PgQuery__GroupingFunc& made = *node.grouping_func;
        Expression grouping = enclosed(Kind::grouping, made.location, list(made.args, made.n_args));
        grouping.value = "function";
        return grouping;
    }
    case PG_QUERY__NODE__NODE_PARAM_REF: return parameter(*node.param_ref);
    case PG_QUERY__NODE__NODE_SET_TO_DEFAULT:
        return make(Kind::set_to_default,
                    tokens_.span(tokens_.at_location(node.set_to_default->location)));
    default: {
        Expression unread;
        // Every member of the union points to a message, which begins with its base.
        if (node.alias != nullptr) unread.value = node.alias->base.descriptor->short_name;
        return unread;
    }
    }
}

/// ARRAY[...], or the [...] of an inner dimension.
Expression NodeLowering::array(const PgQuery__AArrayExpr& node) const {
    const Index at = tokens_.at_location(node.location);
    const Index bracket = tokens_.is(at, '[') || at == none ? at : at + 1;
    Expression made = make(Kind::array_constructor, tokens_.span(at, tokens_.partner(bracket)));
    made.operands = lower(list(node.elements, node.n_elements));
    return made;
}

Expression NodeLowering::parameter(const PgQuery__ParamRef& node) const {
    Expression made = make(Kind::parameter, tokens_.span(tokens_.at_location(node.location)));
    made.value = std::to_string(node.number);
    return made;
}

// ---- constants and columns ----------------------------------------------------------------------

Expression NodeLowering::constant(const PgQuery__AConst& node) const {
    Expression made = make(Kind::null_constant, constant_span(tokens_.at_location(node.location)));
    if (node.isnull != 0) return made;
    switch (node.val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
        made.kind = Kind::integer_constant;
        made.value = std::to_string(node.ival->ival);
        return made;
    case PG_QUERY__A__CONST__VAL_FVAL:
        made.kind = Kind::float_constant;
        made.value = node.fval->fval;
        return made;
    case PG_QUERY__A__CONST__VAL_BOOLVAL:
        made.kind = Kind::boolean_constant;
        made.value = node.boolval->boolval != 0 ? "true" : "false";
        return made;
    case PG_QUERY__A__CONST__VAL_SVAL:
        made.kind = Kind::string_constant;
        made.value = node.sval->sval;
        return made;
    case PG_QUERY__A__CONST__VAL_BSVAL:
        made.kind = Kind::bit_constant;
        made.value = node.bsval->bsval;
        return made;
    default: return made;
    }
}

/// A number takes the signs before it in, with parentheses between them: - (1) is one constant.
Span NodeLowering::constant_span(Index at) const {
    if (at == none) return {};
    Index last = at;
    Index opened = 0;
    for (; tokens_.is(last, '-') || tokens_.is(last, '+') || tokens_.is(last, '('); ++last)
        if (tokens_.is(last, '(')) ++opened;
    return tokens_.span(at, last + opened);
}

Expression NodeLowering::column(const PgQuery__ColumnRef& node) const {
    Expression made = make(Kind::column_reference, {});
    const bool star = node.n_fields > 0 &&
                      node.fields[node.n_fields - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR;
    const std::size_t name_count = star ? node.n_fields - 1 : node.n_fields;
    const Index at = tokens_.at_location(node.location);
    PlacedNames placed = lowering_.names(node.fields, name_count, at);
    made.names = std::move(placed.names);
    made.star = star;
    if (at == none) return made;
    made.span = tokens_.span(at, star ? placed.after : placed.last);
    return made;
}

// ---- calls --------------------------------------------------------------------------------------

Expression NodeLowering::call(const PgQuery__FuncCall& node) const {
    Expression made = make(Kind::function_call, {});
    PlacedNames placed =
        lowering_.names(node.funcname, node.n_funcname, tokens_.at_location(node.location));
    made.names = std::move(placed.names);
    made.operands = lower(list(node.args, node.n_args));
    made.star = node.agg_star != 0;
    made.distinct = node.agg_distinct != 0;
    made.variadic = node.func_variadic != 0;
    made.over = node.over != nullptr;
    made.clauses = call_clauses(node);
    made.span = call_span(node, made);
    return made;
}

std::unique_ptr<CallClauses> NodeLowering::call_clauses(const PgQuery__FuncCall& node) const {
    if (node.n_agg_order == 0 && node.agg_filter == nullptr && node.over == nullptr) return nullptr;
    auto clauses = std::make_unique<CallClauses>();
    clauses->order_by = lowering_.sort_keys(node.agg_order, node.n_agg_order);
    clauses->within_group = node.agg_within_group != 0;
    if (node.agg_filter != nullptr) clauses->filter = lowering_.expression(node.agg_filter);
    if (node.over != nullptr) clauses->over = lowering_.window(*node.over);
    return clauses;
}

/// Most calls are name ( ... ). The grammar also makes calls of AT TIME ZONE, OVERLAPS and
/// IS NORMALIZED, and of the pattern of LIKE ... ESCAPE and SIMILAR TO, which is marked at LIKE.
Span NodeLowering::call_span(const PgQuery__FuncCall& node, const Expression& call) const {
    const Index at = tokens_.at_location(node.location);
    if (at == none) return around(call.operands);
    const std::string& name = call.names.empty() ? std::string{} : call.names.back().text;
    const bool made_up =
        call.names.size() == 2 && call.names[0].span.empty() && call.names[0].text == "pg_catalog";
    if (made_up && (name == "like_escape" || name == "similar_to_escape"))
        return around(call.operands);
    const std::uint32_t mark = tokens_.span(at).begin;
    if (made_up && std::ranges::any_of(call.operands, [mark](const Expression& operand) {
            return !operand.span.empty() && operand.span.begin < mark;
        }))
        return infix_call_span(at, call);
    const Index open = tokens_.next_parenthesis(at);
    if (tokens_.partner(open) == none) return tokens_.span(at);
    return tokens_.span(at, after_call_clauses(node, tokens_.partner(open) + 1) - 1);
}

Span NodeLowering::infix_call_span(Index at, const Expression& call) const {
    const Span operands = around(call.operands);
    if (call.names.back().text == "is_normalized") {
        Index last = at;
        while (last < tokens_.size() && !tokens_.is_word(last, "normalized"))
            ++last;
        return join(operands, tokens_.span(last));
    }
    if (call.names.back().text != "overlaps") return operands;
    const Index left = tokens_.partner(at - 1);
    const Index right = tokens_.partner(tokens_.is_word(at + 1, "row") ? at + 2 : at + 1);
    if (left == none || right == none) return operands;
    const bool row = left > 0 && tokens_.is_word(left - 1, "row");
    return tokens_.span(row ? left - 1 : left, right);
}

Index NodeLowering::after_call_clauses(const PgQuery__FuncCall& node, Index after) const {
    if (node.agg_within_group != 0 && tokens_.is_word(after, "within"))
        after = tokens_.after_group(after + 2);
    if (node.agg_filter != nullptr && tokens_.is_word(after, "filter"))
        after = tokens_.after_group(after + 1);
    if (node.over != nullptr && tokens_.is_word(after, "over"))
        after = tokens_.after_group(after + 1);
    return after;
}

Expression NodeLowering::named_argument(const PgQuery__NamedArgExpr& node) const {
    const Index at = tokens_.at_location(node.location);
    Expression made = make(Kind::named_argument, tokens_.span(at));
    made.names.push_back({.text = node.name, .span = tokens_.span(at)});
    made.operands.push_back(lowering_.expression(node.arg));
    made.span = join(made.span, around(made.operands));
    return made;
}

Expression NodeLowering::value_function(const PgQuery__SQLValueFunction& node) const {
    const Index at = tokens_.at_location(node.location);
    Expression made = make(Kind::sql_value_function, tokens_.span(at));
    made.value = value_function_name(node.op);
    if (node.typmod < 0 || !tokens_.is(at + 1, '(')) return made;
    Expression precision = make(Kind::integer_constant, tokens_.span(at + 2));
    precision.value = std::to_string(node.typmod);
    made.operands.push_back(std::move(precision));
    made.span = to_closing(at);
    return made;
}

// ---- operators ----------------------------------------------------------------------------------

Expression NodeLowering::operation(const PgQuery__AExpr& node) const {
    const bool nullif = node.kind == PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF;
    Expression made = make(nullif ? Kind::nullif : Kind::operator_call, {});
    const Index at = tokens_.at_location(node.location);
    if (node.lexpr != nullptr) made.operands.push_back(lowering_.expression(node.lexpr));
    if (node.rexpr != nullptr && node.rexpr->node_case == PG_QUERY__NODE__NODE_LIST) {
        const PgQuery__List& right = *node.rexpr->list;
        std::vector<Expression> operands = lower(list(right.items, right.n_items));
        std::ranges::move(operands, std::back_inserter(made.operands));
    } else if (node.rexpr != nullptr) {
        made.operands.push_back(lowering_.expression(node.rexpr));
    }
    if (!nullif) {
        const bool qualified = at != none && after_qualified_operator(at) != at;
        made.names = lowering_.names(node.name, node.n_name, qualified ? at + 2 : at).names;
        made.form = operator_form(node.kind, made.names);
    }
    made.span = operation_span(node, made);
    return made;
}

Span NodeLowering::operation_span(const PgQuery__AExpr& node, const Expression& made) const {
    const Index at = tokens_.at_location(node.location);
    const Span operands = around(made.operands);
    if (at == none) return operands;
    switch (node.kind) {
    case PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF: return to_closing(at);
    case PG_QUERY__A__EXPR__KIND__AEXPR_IN:
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY:
    case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL:
        // The parentheses of IN (...) and ANY (...) are the operator's, not the operand's.
        return join(tokens_.with_parentheses(made.operands.front().span),
                    to_closing(after_qualified_operator(at)));
    default: return join(operands, tokens_.span(at));
    }
}

Expression NodeLowering::logic(const PgQuery__BoolExpr& node) const {
    Expression made = make(Kind::not_expression, {});
    made.operands = lower(list(node.args, node.n_args));
    if (node.boolop != PG_QUERY__BOOL_EXPR_TYPE__NOT_EXPR) {
        made.kind = node.boolop == PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR ? Kind::or_expression
                                                                     : Kind::and_expression;
        made.span = flat_logic_span(made.operands);
        return made;
    }
    // NOT IN and IS NOT NORMALIZED are a NOT in the midst of its operand.
    const Span mark = tokens_.span(tokens_.at_location(node.location));
    const Span operand = made.operands.empty() ? Span{} : made.operands.front().span;
    made.span = join(mark, operand.begin < mark.begin ? operand : around(made.operands));
    return made;
}

/// (a AND b) AND c arrives as one list: a parenthesis that closes between two operands says where
/// the first one opened.
Span NodeLowering::flat_logic_span(const std::vector<Expression>& operands) const {
    Span span = around(operands);
    for (std::size_t i = 0; i + 1 < operands.size(); ++i) {
        Index after = tokens_.after(operands[i].span);
        for (; tokens_.is(after, ')') && tokens_.partner(after) != none; ++after)
            span.begin = std::min(span.begin, tokens_.span(tokens_.partner(after)).begin);
    }
    return span;
}

Expression NodeLowering::null_test(const PgQuery__NullTest& node) const {
    const bool is_null = node.nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NULL;
    Expression made = make(is_null ? Kind::is_null : Kind::is_not_null, {});
    made.operands.push_back(lowering_.expression(node.arg));
    const Index at = tokens_.at_location(node.location);
    const Index after = after_words(at, {"isnull", "notnull", "is", "not", "null"});
    made.span = join(around(made.operands), tokens_.span(at, after - 1));
    return made;
}

Expression NodeLowering::boolean_test(const PgQuery__BooleanTest& node) const {
    Expression made = make(Kind::boolean_test, {});
    made.operands.push_back(lowering_.expression(node.arg));
    made.value = boolean_test_name(node.booltesttype);
    const Index at = tokens_.at_location(node.location);
    const Index after = after_words(at, {"is", "not"});
    made.span = join(around(made.operands), tokens_.span(at, after));
    return made;
}

Expression NodeLowering::collate(const PgQuery__CollateClause& node) const {
    Expression made = make(Kind::collate, {});
    const Index at = tokens_.at_location(node.location);
    if (node.arg != nullptr) made.operands.push_back(lowering_.expression(node.arg));
    PlacedNames placed =
        lowering_.names(node.collname, node.n_collname, at == none ? none : at + 1);
    made.names = std::move(placed.names);
    made.span = join(around(made.operands), tokens_.span(at, placed.last));
    return made;
}

// ---- types and structure ------------------------------------------------------------------------

/// CAST (x AS t) is marked at CAST, x::t at the colons, and t 'x' not at all.
Expression NodeLowering::cast(const PgQuery__TypeCast& node) const {
    Expression made = make(Kind::cast, {});
    made.operands.push_back(lowering_.expression(node.arg));
    made.type = std::make_unique<TypeName>(lowering_.type_name(node.type_name));
    const Index at = tokens_.at_location(node.location);
    if (tokens_.is_word(at, "cast")) {
        made.span = to_closing(at);
    } else if (at != none) {
        made.span = join(around(made.operands), made.type->span);
    } else {
        // interval '1' DAY TO SECOND: the fields follow the string.
        const Span written = join(made.operands.front().span, made.type->span);
        const Index after = written.empty() ? none : tokens_.at_or_after(written.end);
        const bool fields = made.type->name.name.text == "interval" &&
                            !made.type->modifiers.empty() && tokens_.is_string(after - 1);
        made.span = written;
        if (fields) made.span.end = tokens_.span(after_interval_fields(tokens_, after) - 1).end;
    }
    return made;
}

Expression NodeLowering::case_expression(const PgQuery__CaseExpr& node) const {
    Expression made = make(Kind::case_expression, {});
    made.case_has_test = node.arg != nullptr;
    made.case_has_else = node.defresult != nullptr;
    if (node.arg != nullptr) made.operands.push_back(lowering_.expression(node.arg));
    for (const PgQuery__Node* arm : list(node.args, node.n_args)) {
        if (arm->node_case != PG_QUERY__NODE__NODE_CASE_WHEN) continue;
        made.operands.push_back(lowering_.expression(arm->case_when->expr));
        made.operands.push_back(lowering_.expression(arm->case_when->result));
    }
    if (node.defresult != nullptr) made.operands.push_back(lowering_.expression(node.defresult));
    const Index at = tokens_.at_location(node.location);
    const Index end = tokens_.after(made.operands.back().span);
    made.span = tokens_.span(at, end);
    return made;
}

Expression NodeLowering::sublink(const PgQuery__SubLink& node) const {
    Expression made = make(Kind::subquery, {});
    made.sublink = sublink_form(node.sub_link_type);
    const Index at = tokens_.at_location(node.location);
    if (node.testexpr != nullptr) made.operands.push_back(lowering_.expression(node.testexpr));
    const Index operator_end = at == none ? none : after_qualified_operator(at);
    made.names =
        lowering_.names(node.oper_name, node.n_oper_name, operator_end == at ? at : at + 2).names;
    const Index open = tokens_.next_parenthesis(operator_end);
    const Index closing = tokens_.partner(open);
    Span within;
    if (closing != none) within = tokens_.span(open + 1, closing - 1);
    made.query = std::make_unique<Query>(lowering_.query(node.subselect, within));
    made.span = join(around(made.operands), tokens_.span(at, closing));
    return made;
}

Expression NodeLowering::indirection(const PgQuery__AIndirection& node) const {
    Expression base = lowering_.expression(node.arg);
    if (node.n_indirection > max_indirections) {
        Expression unread = make(Kind::unsupported, base.span);
        unread.value = "A_Indirection";
        unread.operands.push_back(std::move(base));
        return unread;
    }
    std::size_t next = 0;
    while (next < node.n_indirection) {
        std::size_t end = next;
        while (end < node.n_indirection &&
               node.indirection[end]->node_case == PG_QUERY__NODE__NODE_A_INDICES)
            ++end;
        if (end == next) {
            base = field(std::move(base), *node.indirection[next++]);
        } else {
            base = subscripts(std::move(base), list(node.indirection + next, end - next));
            next = end;
        }
    }
    return base;
}

Expression NodeLowering::subscripts(Expression base,
                                    std::span<PgQuery__Node* const> indices) const {
    Expression made = make(Kind::subscript, tokens_.with_parentheses(base.span));
    made.operands.push_back(std::move(base));
    Index after = made.span.empty() ? none : tokens_.at_or_after(made.span.end);
    for (const PgQuery__Node* index : indices) {
        const PgQuery__AIndices& bounds = *index->a_indices;
        if (bounds.is_slice != 0) made.value = "slice";
        if (bounds.lidx != nullptr) made.operands.push_back(lowering_.expression(bounds.lidx));
        if (bounds.uidx != nullptr) made.operands.push_back(lowering_.expression(bounds.uidx));
        after = tokens_.after_group(after);
    }
    made.span = join(made.span, tokens_.span(after - 1));
    return made;
}

Expression NodeLowering::field(Expression base, const PgQuery__Node& step) const {
    Expression made = make(Kind::field_selection, tokens_.with_parentheses(base.span));
    made.operands.push_back(std::move(base));
    const Index dot = made.span.empty() ? none : tokens_.at_or_after(made.span.end);
    const Span place = tokens_.is(dot, '.') ? tokens_.span(dot + 1) : Span{};
    made.span = join(made.span, place);
    if (step.node_case == PG_QUERY__NODE__NODE_STRING)
        made.names.push_back({.text = step.string->sval, .span = place});
    else
        made.star = true;
    return made;
}

Expression NodeLowering::grouping_set(const PgQuery__GroupingSet& node) const {
    Expression made = enclosed(Kind::grouping, node.location, list(node.content, node.n_content));
    made.value = grouping_name(node.kind);
    return made;
}

/// SET (a, b) = ROW (x, y) gives each column its own; of a subquery it takes a column by number.
Expression NodeLowering::assigned_part(const PgQuery__MultiAssignRef& node) const {
    if (node.source != nullptr && node.source->node_case == PG_QUERY__NODE__NODE_ROW_EXPR) {
        const PgQuery__RowExpr& row = *node.source->row_expr;
        const std::size_t part = static_cast<std::size_t>(node.colno) - 1;
        if (part < row.n_args) return lowering_.expression(row.args[part]);
    }
    Expression made = lowering_.expression(node.source);
    if (made.kind == Kind::subquery) {
        made.sublink = Expression::Sublink::row_compare;
        made.value = std::to_string(node.colno);
    }
    return made;
}

// ---- what Ordain does not read ------------------------------------------------------------------

Expression NodeLowering::xml(const PgQuery__XmlExpr& node) const {
    Expression made = enclosed(Kind::unsupported, node.location, list(node.args, node.n_args));
    made.value = "XmlExpr";
    for (const PgQuery__Node* argument : list(node.named_args, node.n_named_args))
        if (argument->node_case == PG_QUERY__NODE__NODE_RES_TARGET)
            made.operands.push_back(lowering_.expression(argument->res_target->val));
    if (node.op != PG_QUERY__XML_EXPR_OP__IS_DOCUMENT) return made;
    const Index at = tokens_.at_location(node.location);
    const Index document = after_words(at, {"is", "not"});
    made.span = join(around(made.operands), tokens_.span(at, document));
    return made;
}

Expression NodeLowering::xml_serialize(const PgQuery__XmlSerialize& node) const {
    Expression made = make(Kind::unsupported, to_closing(tokens_.at_location(node.location)));
    made.value = "XmlSerialize";
    made.operands.push_back(lowering_.expression(node.expr));
    made.type = std::make_unique<TypeName>(lowering_.type_name(node.type_name));
    return made;
}

// ---- places -------------------------------------------------------------------------------------

Expression NodeLowering::enclosed(Kind kind,
                                  std::int32_t location,
                                  std::span<PgQuery__Node* const> operands) const {
    Expression made = make(kind, to_closing(tokens_.at_location(location)));
    made.operands = lower(operands);
    return made;
}

Span NodeLowering::around(const std::vector<Expression>& operands) const {
    Span span;
    for (const Expression& operand : operands)
        span = join(span, tokens_.with_parentheses(operand.span));
    return span;
}

Span NodeLowering::to_closing(Index first) const {
    const Span enclosed = tokens_.span(first, tokens_.partner(tokens_.next_parenthesis(first)));
    return enclosed.empty() ? tokens_.span(first) : enclosed;
}

Index NodeLowering::after_qualified_operator(Index at) const {
    return tokens_.is_word(at, "operator") && tokens_.is(at + 1, '(') ? tokens_.after_group(at + 1)
                                                                      : at;
}

Index NodeLowering::after_words(Index at, std::initializer_list<std::string_view> words) const {
    for (const std::string_view word : words)
        if (tokens_.is_word(at, word)) ++at;
    return at;
}

} // namespace

// ---- the public interface -----------------------------------------------------------------------

ExpressionLowering::ExpressionLowering(std::uint32_t base_offset, std::string_view text)
    : tokens_(base_offset, text) {}

Expression ExpressionLowering::expression(const PgQuery__Node* node) const {
    return node == nullptr ? Expression{} : NodeLowering(*this).node(*node);
}

std::vector<Expression> ExpressionLowering::expressions(PgQuery__Node* const* nodes,
                                                        std::size_t count) const {
    std::vector<Expression> lowered;
    lowered.reserve(count);
    for (const PgQuery__Node* node : list(nodes, count))
        lowered.push_back(expression(node));
    return lowered;
}

SortKey ExpressionLowering::sort_key(const PgQuery__SortBy* node) const {
    SortKey key;
    if (node == nullptr) return key;
    key.expression = expression(node->node);
    key.descending = node->sortby_dir == PG_QUERY__SORT_BY_DIR__SORTBY_DESC;
    if (node->sortby_nulls == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST) key.nulls_first = true;
    if (node->sortby_nulls == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_LAST) key.nulls_first = false;
    return key;
}

std::vector<SortKey> ExpressionLowering::sort_keys(PgQuery__Node* const* nodes,
                                                   std::size_t count) const {
    std::vector<SortKey> keys;
    for (const PgQuery__Node* key : list(nodes, count))
        if (key->node_case == PG_QUERY__NODE__NODE_SORT_BY) keys.push_back(sort_key(key->sort_by));
    return keys;
}

/// Marked at its parenthesis, before which WINDOW has name AS, or at the name behind OVER.
Window ExpressionLowering::window(const PgQuery__WindowDef& node) const {
    Window window;
    const TokenTable::Index at = tokens_.at_location(node.location);
    const bool bracketed = tokens_.is(at, '(');
    if (*node.name != '\0') window.name = identifier(bracketed ? at - 2 : at, node.name);
    if (*node.refname != '\0') window.base = identifier(bracketed ? at + 1 : none, node.refname);
    window.partition_by = expressions(node.partition_clause, node.n_partition_clause);
    window.order_by = sort_keys(node.order_clause, node.n_order_clause);
    window.frame = frame_of(node.frame_options);
    for (const PgQuery__Node* offset : {node.start_offset, node.end_offset})
        if (offset != nullptr) window.frame_offsets.push_back(expression(offset));
    return window;
}

} // namespace ordain::parse
