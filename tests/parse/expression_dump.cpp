#include "expression_dump.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>

namespace ordain::parse {
namespace {

constexpr std::array kind_names{
    "unsupported", "null",      "boolean",  "integer",     "float",    "string", "bit",
    "column",      "parameter", "call",     "operator",    "cast",     "and",    "or",
    "not",         "case",      "coalesce", "greatest",    "least",    "nullif", "array",
    "row",         "subquery",  "is-null",  "is-not-null", "test",     "value",  "subscript",
    "field",       "collate",   "default",  "named",       "grouping",
};
constexpr std::array form_names{
    "plain",
    "any",
    "all",
    "distinct",
    "not-distinct",
    "in",
    "not-in",
    "like",
    "ilike",
    "similar",
    "between",
    "not-between",
    "between-symmetric",
    "not-between-symmetric",
};
constexpr std::array sublink_names{"exists", "any", "all", "scalar", "array", "row-compare"};
constexpr std::array item_names{
    "relation", "subquery", "function", "values", "join", "unsupported",
};
constexpr std::array join_names{"cross", "inner", "left", "right", "full"};
constexpr std::array query_names{
    "select", "values", "set-operation", "insert", "update", "delete", "merge", "unsupported",
};
constexpr std::array set_operation_names{
    "union", "union-all", "intersect", "intersect-all", "except", "except-all",
};
constexpr std::array conflict_names{"none", "nothing", "update"};
constexpr std::array overriding_names{"none", "user-value", "system-value"};

template <typename Names, typename Enumerator>
std::string name_in(const Names& names, Enumerator value) {
    return names.at(static_cast<std::size_t>(value));
}

/// Collects " part" after " part" within parentheses.
class Parts {
public:
    explicit Parts(std::string head) : text_("(" + std::move(head)) {}

    Parts& word(std::string_view word) {
        text_ += ' ';
        text_ += word;
        return *this;
    }
    Parts& word_if(bool set, std::string_view word) { return set ? this->word(word) : *this; }
    template <typename Value>
    Parts& field(std::string_view label, const Value& value) {
        return word(std::string(label) + "=" + dump(value));
    }
    Parts& name(std::string_view label, const Identifier& value) {
        return value.empty() ? *this : field(label, value);
    }
    Parts& name(std::string_view label, const QualifiedName& value) {
        return value.name.empty() ? *this : field(label, value);
    }
    template <typename Value>
    Parts& list(std::string_view label, const std::vector<Value>& values) {
        if (values.empty()) return *this;
        std::string all;
        for (const Value& value : values)
            all += (all.empty() ? "" : " ") + dump(value);
        return word(std::string(label) + "=[" + all + "]");
    }
    template <typename Value>
    Parts& all(const std::vector<Value>& values) {
        for (const Value& value : values)
            word(dump(value));
        return *this;
    }
    template <typename Value>
    Parts& optional(std::string_view label, const std::optional<Value>& value) {
        return value ? field(label, *value) : *this;
    }
    [[nodiscard]] std::string done() const { return text_ + ")"; }

private:
    std::string text_;
};

} // namespace

std::string dump(const Identifier& name) {
    return (name.span.empty() ? "`" : "") + name.text;
}

std::string dump(const SortKey& key) {
    std::string text = dump(key.expression);
    if (key.descending) text += " desc";
    if (key.nulls_first) text += *key.nulls_first ? " nulls first" : " nulls last";
    return text;
}

std::string dump(const Window& window) {
    return Parts("window")
        .name("name", window.name)
        .name("base", window.base)
        .list("partition", window.partition_by)
        .list("order", window.order_by)
        .word_if(!window.frame.empty(), "frame='" + window.frame + "'")
        .list("offsets", window.frame_offsets)
        .done();
}

std::string dump(const Target& target) {
    std::string text;
    if (!target.alias.empty()) text += dump(target.alias) + (target.part_of_column ? "/part" : "");
    const bool empty =
        target.expression.kind == Expression::Kind::unsupported && target.expression.value.empty();
    if (empty) return text;
    return text + (text.empty() ? "" : ":") + dump(target.expression);
}

std::string dump(const CommonTableExpression& made) {
    return Parts("cte " + dump(made.name))
        .list("columns", made.columns)
        .word(dump(made.query))
        .done();
}

std::string dump(const std::vector<Expression>& row) {
    std::string all;
    for (const Expression& value : row)
        all += (all.empty() ? "" : " ") + dump(value);
    return "[" + all + "]";
}

std::string dump(const QualifiedName& name) {
    return name.schema.empty() ? dump(name.name) : dump(name.schema) + "." + dump(name.name);
}

std::string dump(const TypeName& type) {
    std::string text = type.setof ? "setof " : "";
    if (!type.outer_schema.empty()) text += dump(type.outer_schema) + ".";
    text += dump(type.name);
    if (type.percent_type) text += "%type";
    if (!type.modifiers.empty()) text += dump(type.modifiers);
    for (std::uint32_t i = 0; i < type.array_dimensions; ++i)
        text += "[]";
    return "<" + text + ">";
}

std::string dump(const Expression& expression) {
    Parts parts(name_in(kind_names, expression.kind));
    using Kind = Expression::Kind;
    if (expression.kind == Kind::operator_call) parts.word(name_in(form_names, expression.form));
    if (expression.kind == Kind::subquery) parts.word(name_in(sublink_names, expression.sublink));
    std::string name;
    for (const Identifier& part : expression.names)
        name += (name.empty() ? "" : ".") + dump(part);
    if (expression.star) name += name.empty() ? "*" : ".*";
    parts.word_if(!name.empty(), name);
    parts.word_if(!expression.value.empty(), expression.value);
    parts.word_if(expression.distinct, "DISTINCT").word_if(expression.variadic, "VARIADIC");
    parts.word_if(expression.over, "OVER").word_if(expression.case_has_test, "TEST");
    parts.word_if(expression.case_has_else, "ELSE").all(expression.operands);
    if (expression.type) parts.word(dump(*expression.type));
    if (expression.query) parts.word(dump(*expression.query));
    if (!expression.clauses) return parts.done();
    const CallClauses& clauses = *expression.clauses;
    return parts.list(clauses.within_group ? "within" : "order", clauses.order_by)
        .optional("filter", clauses.filter)
        .optional("over", clauses.over)
        .done();
}

std::string dump(const FromItem& item) {
    Parts parts(name_in(item_names, item.kind));
    if (item.kind == FromItem::Kind::join) parts.word(name_in(join_names, item.join));
    parts.word_if(item.only, "ONLY").word_if(item.lateral, "LATERAL");
    parts.word_if(item.with_ordinality, "ORDINALITY").word_if(item.natural, "NATURAL");
    if (!item.relation.name.empty()) parts.word(dump(item.relation));
    if (item.query) parts.word(dump(*item.query));
    parts.all(item.functions).all(item.sides);
    parts.list("using", item.using_columns).name("using_alias", item.using_alias);
    return parts.optional("on", item.on)
        .name("alias", item.alias)
        .list("columns", item.column_aliases)
        .list("types", item.column_types)
        .done();
}

std::string dump(const Query& query) {
    Parts parts(name_in(query_names, query.kind));
    parts.word_if(query.recursive, "RECURSIVE").list("with", query.with);
    if (query.kind == Query::Kind::set_operation)
        parts.word(name_in(set_operation_names, query.set_operation));
    parts.word_if(query.target_only, "ONLY").name("target", query.target_relation);
    parts.name("as", query.target_alias).word_if(query.distinct, "DISTINCT");
    parts.list("on", query.distinct_on).all(query.targets).name("into", query.into);
    parts.word_if(query.overriding != Query::Overriding::none,
                  name_in(overriding_names, query.overriding));
    parts.word_if(query.default_values, "DEFAULT").list("from", query.from);
    parts.list("rows", query.values).all(query.arms).optional("where", query.where);
    parts.list("group", query.group_by).optional("having", query.having);
    parts.list("windows", query.windows).list("order", query.order_by);
    parts.optional("limit", query.limit).word_if(query.with_ties, "TIES");
    parts.optional("offset", query.offset).word_if(query.locks_rows, "LOCKS");
    if (query.on_conflict != Query::OnConflict::none)
        parts.word("conflict-" + name_in(conflict_names, query.on_conflict));
    parts.list("columns", query.conflict_columns).list("expressions", query.conflict_expressions);
    parts.name("constraint", query.conflict_constraint);
    parts.optional("predicate", query.conflict_predicate).list("set", query.conflict_set);
    parts.optional("conflict_where", query.conflict_where);
    parts.list("when", query.merge_conditions).list("returning", query.returning);
    return parts.done();
}

namespace {

/// Visits the parts of one node, all with the same parent.
class Walk {
public:
    Walk(Span parent, PlaceVisitor& visitor) : parent_(parent), visitor_(visitor) {}

    void each(const Identifier& name) {
        if (!name.empty()) visitor_.name(name, parent_);
    }
    void each(const QualifiedName& name) {
        each(name.schema);
        each(name.name);
    }
    void each(const SortKey& key) { each(key.expression); }
    void each(const Window& window) {
        all(window.name, window.base, window.partition_by, window.order_by, window.frame_offsets);
    }
    void each(const CallClauses& clauses) { all(clauses.order_by, clauses.filter, clauses.over); }
    void each(const Target& target) {
        if (target.expression.kind != Expression::Kind::unsupported ||
            !target.expression.value.empty())
            each(target.expression);
        each(target.alias);
    }
    void each(const CommonTableExpression& made) {
        each(made.name);
        each(made.columns);
        each(made.query);
    }
    void each(const Expression& made) { visit(made, parent_, visitor_); }
    void each(const TypeName& made) { visit(made, parent_, visitor_); }
    void each(const Query& made) { visit(made, parent_, visitor_); }
    void each(const FromItem& made) { visit(made, parent_, visitor_); }
    template <typename Value>
    void each(const std::vector<Value>& values) {
        for (const Value& value : values)
            each(value);
    }
    template <typename Value>
    void each(const std::optional<Value>& value) {
        if (value) each(*value);
    }
    template <typename Value>
    void each(const std::unique_ptr<Value>& value) {
        if (value) each(*value);
    }
    template <typename... Values>
    void all(const Values&... values) {
        (each(values), ...);
    }

private:
    Span parent_;
    PlaceVisitor& visitor_;
};

} // namespace

void visit(const Expression& expression, Span parent, PlaceVisitor& visitor) {
    visitor.expression(expression, parent);
    Walk(expression.span, visitor)
        .all(expression.names, expression.operands, expression.type, expression.query,
             expression.clauses);
}

void visit(const TypeName& type, Span parent, PlaceVisitor& visitor) {
    visitor.type(type, parent);
    Walk(type.span, visitor).all(type.outer_schema, type.name, type.modifiers);
}

void visit(const FromItem& item, Span parent, PlaceVisitor& visitor) {
    visitor.item(item, parent);
    Walk(item.span, visitor)
        .all(item.relation, item.query, item.functions, item.alias, item.column_aliases,
             item.column_types, item.using_columns, item.using_alias, item.on, item.sides);
}

void visit(const Query& query, Span parent, PlaceVisitor& visitor) {
    visitor.query(query, parent);
    Walk(query.span, visitor)
        .all(query.with, query.targets, query.distinct_on, query.from, query.where, query.group_by,
             query.having, query.order_by, query.limit, query.offset, query.windows, query.values,
             query.arms, query.target_relation, query.target_alias, query.into,
             query.conflict_columns, query.conflict_expressions, query.conflict_constraint,
             query.conflict_set, query.conflict_predicate, query.conflict_where,
             query.merge_conditions, query.returning);
}

void PlaceList::add(std::string_view prefix, Span span) {
    if (!list_.empty()) list_ += " | ";
    list_ += prefix;
    list_ += span.empty() ? "?" : text_.substr(span.begin, span.size());
}

} // namespace ordain::parse
