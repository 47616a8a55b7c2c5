#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ordain/source.hpp>
#include <string>
#include <vector>

namespace ordain {

/// A name as the server stores it: folded, unescaped, truncated to 63 bytes; and where it stands.
struct Identifier {
    std::string text;
    Span span;

    [[nodiscard]] bool empty() const { return text.empty(); }
};

/// A possibly qualified name. An empty schema means that the search_path decides.
struct QualifiedName {
    Identifier schema;
    Identifier name;

    [[nodiscard]] Span span() const {
        return schema.span.empty() ? name.span
                                   : Span{.begin = schema.span.begin, .end = name.span.end};
    }
};

/// "schema.name" or "name", unquoted: for lookup tables and messages in the server's style.
[[nodiscard]] std::string to_string(const QualifiedName& name);

struct Expression;
struct Query;

/// A type as written (gram.y Typename). Keyword types arrive as pg_catalog names, as in PostgreSQL:
/// `integer` is pg_catalog.int4, `serial` stays serial.
struct TypeName {
    QualifiedName name;
    std::vector<Expression> modifiers;
    std::uint32_t array_dimensions = 0;
    bool setof = false;
    bool percent_type = false; ///< name%TYPE; then name.schema.name is table.column as written.
    Identifier outer_schema;   ///< Of schema.table.column%TYPE.
    Span span;
};

/// Where an index, a sort or a window orders by.
struct SortKey;

/// What stands behind a call's arguments.
struct CallClauses;

/// A scalar expression as written, before any binding.
struct Expression {
    enum class Kind {
        unsupported, ///< Read by the grammar, not by Ordain; value says which node.
        null_constant,
        boolean_constant, ///< value is "true" or "false".
        integer_constant, ///< value is the digits; more than an int4 holds arrives as
                          ///< float_constant.
        float_constant,
        string_constant,  ///< value is the unescaped text.
        bit_constant,     ///< value is as libpg_query gives it: b or x first.
        column_reference, ///< names, outermost first; star when it ends in `.*` or is `*`.
        parameter,        ///< $n; value is n.
        function_call,    ///< names, operands; see the flags and function_*.
        operator_call,    ///< names (OPERATOR(s.+) has two), one or two operands; form says which.
                          ///< IN and BETWEEN have the left side and then all others.
        cast,             ///< operands[0], type.
        and_expression,
        or_expression,
        not_expression,
        case_expression, ///< operands: [test], when, then, when, then ..., [else]; see flags.
        coalesce,
        greatest,
        least,
        nullif,
        array_constructor,
        row_constructor,
        subquery, ///< query; sublink says which form; operands[0] is the left side of ANY / ALL.
        is_null,
        is_not_null,
        boolean_test,       ///< value: "true", "not true", "false", "not false", "unknown" ...
        sql_value_function, ///< value: "current_date", "current_timestamp", "current_user" ...;
                            ///< operands[0] is the precision, where written.
        subscript,          ///< operands[0] is the base, the others the bounds of all dimensions;
                            ///< value is "slice" when one of them is a range.
        field_selection,    ///< operands[0] is the base, names[0] the field; or star.
        collate,            ///< operands[0], names.
        set_to_default,     ///< DEFAULT in VALUES or SET.
        named_argument,     ///< names[0] => operands[0].
        grouping, ///< value: "function" (GROUPING(...)), "empty", "rollup", "cube", "sets".
    };
    /// Which spelling an operator_call came from (A_Expr_Kind).
    enum class OperatorForm {
        plain,
        any,
        all,
        distinct,
        not_distinct,
        in,
        not_in,
        like,
        ilike,
        similar,
        between,
        not_between,
        between_symmetric,
        not_between_symmetric
    };
    /// row_compare is the subquery of SET (a, b) = (SELECT ...); value is the column of it, from 1.
    enum class Sublink { exists, any, all, scalar, array, row_compare };

    Kind kind = Kind::unsupported;
    Span span; ///< From its first to its last token where known; at least the place PostgreSQL
               ///< marks.
    std::vector<Identifier> names;
    std::string value;
    std::vector<Expression> operands;
    std::unique_ptr<TypeName> type;
    std::unique_ptr<Query> query;
    OperatorForm form = OperatorForm::plain;
    Sublink sublink = Sublink::scalar;
    bool star = false;     ///< `*`, `t.*`, count(*).
    bool distinct = false; ///< Aggregate over DISTINCT.
    bool variadic = false;
    bool over = false;          ///< Window function call.
    bool case_has_test = false; ///< operands[0] is the value compared.
    bool case_has_else = false; ///< operands.back() is the ELSE.
    /// Of a function_call that has any.
    std::unique_ptr<CallClauses> clauses;
};

struct SortKey {
    Expression expression;
    bool descending = false;
    std::optional<bool> nulls_first;
};

/// OVER (...) or an entry of WINDOW.
struct Window {
    Identifier name; ///< WINDOW name AS (...); OVER name, which then has nothing else.
    Identifier base; ///< (base ...): the window that this one is made of.
    std::vector<Expression> partition_by;
    std::vector<SortKey> order_by;
    /// "rows between offset preceding and current row exclude ties"; empty for the frame that is
    /// the default, written or not. ROWS 1 PRECEDING has its other end too.
    std::string frame;
    std::vector<Expression> frame_offsets; ///< In the order written.
};

struct CallClauses {
    std::vector<SortKey> order_by; ///< Among the arguments, or of WITHIN GROUP.
    bool within_group = false;
    std::optional<Expression> filter;
    std::optional<Window> over;
};

/// A select-list, RETURNING or SET entry.
struct Target {
    Expression expression;
    Identifier alias;            ///< AS name; for SET and INSERT columns, the column.
    bool part_of_column = false; ///< SET column[1] = ... or column.field = ...
};

/// An entry of FROM, or a joined pair.
struct FromItem {
    enum class Kind { relation, subquery, function, values, join, unsupported };
    enum class Join { cross, inner, left, right, full };
    Kind kind = Kind::unsupported;
    Span span;
    QualifiedName relation;
    bool only = false; ///< ONLY name: children left out.
    bool lateral = false;
    bool with_ordinality = false;
    std::unique_ptr<Query> query;
    std::vector<Expression> functions; ///< One, or several for ROWS FROM.
    Identifier alias;
    std::vector<Identifier> column_aliases;
    std::vector<TypeName> column_types; ///< A function's column definition list.
    Join join = Join::inner;
    bool natural = false;
    std::vector<Identifier> using_columns;
    Identifier using_alias; ///< USING (...) AS name, which names the merged columns alone.
    std::optional<Expression> on;
    std::vector<FromItem> sides; ///< Two, for a join.
};

struct CommonTableExpression;

/// SELECT, VALUES, a set operation, INSERT, UPDATE, DELETE or MERGE, as written.
struct Query {
    enum class Kind { select, values, set_operation, insert, update, delete_, merge, unsupported };
    enum class SetOperation { union_, union_all, intersect, intersect_all, except, except_all };
    enum class OnConflict { none, nothing, update };
    enum class Overriding { none, user_value, system_value };
    Kind kind = Kind::unsupported;
    Span span;
    std::vector<CommonTableExpression> with;
    bool recursive = false;
    std::vector<Target>
        targets; ///< Select list; INSERT: columns (expression unset); UPDATE: SET list.
    bool distinct = false;
    std::vector<Expression> distinct_on;
    std::vector<FromItem> from; ///< FROM; UPDATE ... FROM; DELETE ... USING; MERGE ... USING.
    std::optional<Expression> where;
    std::vector<Expression> group_by;
    std::optional<Expression> having;
    std::vector<SortKey> order_by;
    std::optional<Expression> limit; ///< LIMIT ALL is a null_constant.
    bool with_ties = false;          ///< FETCH FIRST ... WITH TIES.
    std::optional<Expression> offset;
    std::vector<Window> windows;                 ///< Entries of WINDOW.
    std::vector<std::vector<Expression>> values; ///< VALUES rows; for INSERT too.
    SetOperation set_operation = SetOperation::union_;
    std::vector<Query> arms;       ///< Two, for a set operation; for INSERT ... SELECT, the source.
    QualifiedName target_relation; ///< INSERT, UPDATE, DELETE and MERGE.
    Identifier target_alias;
    bool target_only = false; ///< UPDATE ONLY and DELETE FROM ONLY.
    QualifiedName into;       ///< SELECT ... INTO name.
    bool locks_rows = false;  ///< FOR UPDATE and the like.
    OnConflict on_conflict = OnConflict::none;
    std::vector<Identifier> conflict_columns;
    std::vector<Expression> conflict_expressions;
    Identifier conflict_constraint;
    std::vector<Target> conflict_set;
    std::optional<Expression> conflict_predicate; ///< ON CONFLICT (...) WHERE (partial index).
    std::optional<Expression> conflict_where;     ///< DO UPDATE SET ... WHERE.
    std::vector<Target> returning;
    bool default_values = false;
    Overriding overriding = Overriding::none;
    /// MERGE: the AND conditions of its WHEN clauses. Their SET entries and INSERT columns (these
    /// without an expression) are in targets, their VALUES in values.
    std::vector<Expression> merge_conditions;
};

struct CommonTableExpression {
    Identifier name;
    std::vector<Identifier> columns;
    Query query;
};

} // namespace ordain
