#include "replay/row_checks.hpp"

#include "replay/relations.hpp"
#include "replay/taint.hpp"
#include "text/lexer.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

using Kind = ConstraintDefinition::Kind;

bool is_null(const Expression& expression) {
    return expression.kind == Expression::Kind::null_constant;
}

bool is_default(const Expression& expression) {
    return expression.kind == Expression::Kind::set_to_default;
}

bool is_constant(const Expression& expression) {
    switch (expression.kind) {
    case Expression::Kind::boolean_constant:
    case Expression::Kind::integer_constant:
    case Expression::Kind::float_constant:
    case Expression::Kind::string_constant: return true;
    case Expression::Kind::cast: return is_constant(expression.operands.front());
    default: return false;
    }
}

/// The VALUES rows of an INSERT, or null when its rows come from a query.
const std::vector<std::vector<Expression>>* rows_given(const Query& query) {
    return query.values.empty() ? nullptr : &query.values;
}

/// Columns that the INSERT names, in order; all of the table where it names none.
std::vector<const Object*> target_columns(Step& step, const Query& query, ObjectId relation) {
    const std::vector<const Object*> all = step.catalog().columns(relation);
    if (query.targets.empty()) {
        const auto* rows = rows_given(query);
        const std::size_t count = rows == nullptr ? all.size() : rows->front().size();
        return {all.begin(),
                all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()))};
    }
    std::vector<const Object*> columns;
    for (const Target& target : query.targets) {
        columns.push_back(step.catalog().find(NameSpace::column, relation, target.alias.text));
    }
    return columns;
}

/// What an INSERT puts into a column, over all of its rows.
enum class Given { nothing, null, constant, default_, something };

class Insertion {
public:
    Insertion(Step& step, const Query& query, ObjectId relation)
        : query_(query),
          columns_(target_columns(step, query, relation)) {}

    [[nodiscard]] Given given(ObjectId column) const {
        const auto same = [column](const Object* object) {
            return object != nullptr && object->id == column;
        };
        const auto found = std::ranges::find_if(columns_, same);
        if (found == columns_.end() || query_.default_values) return Given::nothing;
        const auto* rows = rows_given(query_);
        if (rows == nullptr) return Given::something;
        const auto index = static_cast<std::size_t>(found - columns_.begin());
        bool constant = true;
        for (const std::vector<Expression>& row : *rows) {
            if (index >= row.size()) return Given::something;
            if (is_null(row[index])) return Given::null;
            if (is_default(row[index])) return Given::default_;
            constant = constant && is_constant(row[index]);
        }
        return constant ? Given::constant : Given::something;
    }
    [[nodiscard]] bool unset(ObjectId column) const {
        const Given what = given(column);
        return what == Given::nothing || what == Given::default_;
    }
    [[nodiscard]] bool one_row() const {
        if (query_.default_values) return true;
        const auto* rows = rows_given(query_);
        return rows != nullptr && rows->size() == 1;
    }
    [[nodiscard]] bool certain_rows() const {
        return query_.default_values || rows_given(query_) != nullptr;
    }

private:
    const Query& query_;
    std::vector<const Object*> columns_;
};

/// A value of its own for every row: a sequence or a random UUID.
bool generates_distinct(const Catalog& objects, ObjectId id) {
    const Object* column = objects.find(id);
    if (column == nullptr) return false;
    const auto& details = column->as<ColumnDetails>();
    if (details.identity != '\0') return true;
    const std::string text = catalog::render(objects, details.default_);
    return text.find("nextval(") != std::string::npos ||
           text.find("gen_random_uuid(") != std::string::npos ||
           text.find("uuid_generate_v4(") != std::string::npos;
}

bool not_null_holds(Step& step,
                    const Object& relation,
                    const Insertion& insertion,
                    const Query& query) {
    for (const Object* column : step.catalog().columns(relation.id)) {
        const auto& details = column->as<ColumnDetails>();
        if (!details.not_null) continue;
        const Given given = insertion.given(column->id);
        const bool filled = details.has_default || details.identity != '\0';
        const bool null = given == Given::null || (insertion.unset(column->id) && !filled);
        if (null && insertion.certain_rows()) {
            return step.refuse(
                "23502",
                fmt::format("null value in column \"{}\" of relation \"{}\" violates "
                            "not-null constraint",
                            column->name, relation.name),
                query.target_relation.span());
        }
        if (given == Given::something || null) {
            step.doubt(fmt::format("column \"{}\" may be given null", column->name));
        }
    }
    return true;
}

void check_unique(Step& step,
                  const Object& relation,
                  const IndexDetails& index,
                  const Insertion& insertion,
                  const Query& query) {
    if (query.on_conflict != Query::OnConflict::none && query.conflict_columns.empty() &&
        query.conflict_constraint.empty()) {
        return;
    }
    if (step.empty(relation.id) && insertion.one_row()) return;
    const auto differs = [&](const IndexDetails::Element& element) {
        return insertion.unset(element.column) &&
               generates_distinct(step.catalog(), element.column);
    };
    if (std::ranges::any_of(index.elements, differs)) return;
    const auto absent = [&](const IndexDetails::Element& element) {
        const Object* column = step.catalog().find(element.column);
        return column != nullptr && insertion.unset(element.column) &&
               !column->as<ColumnDetails>().has_default;
    };
    if (!index.nulls_not_distinct && std::ranges::any_of(index.elements, absent)) return;
    step.doubt(fmt::format("rows of \"{}\" may collide in a unique index", relation.name));
}

bool check_reference(Step& step,
                     const Object& relation,
                     const Object& constraint,
                     const Insertion& insertion,
                     const Query& query) {
    const auto& details = constraint.as<ConstraintDetails>();
    for (const ObjectId id : details.columns) {
        const Object* column = step.catalog().find(id);
        const Given given = insertion.given(id);
        const bool no_default = column == nullptr || !column->as<ColumnDetails>().has_default;
        if (given == Given::null || (insertion.unset(id) && no_default)) return true;
    }
    const bool certain = insertion.certain_rows() && step.empty(details.referenced) &&
                         details.referenced != relation.id && !details.initially_deferred &&
                         query.on_conflict == Query::OnConflict::none;
    if (certain) {
        return step.refuse("23503",
                           fmt::format("insert or update on table \"{}\" violates foreign key "
                                       "constraint \"{}\"",
                                       relation.name, constraint.name),
                           query.target_relation.span());
    }
    step.lock(details.referenced, LockMode::row_share);
    step.doubt(fmt::format("rows may reference what is missing in \"{}\"",
                           step.catalog().at(details.referenced).name));
    return true;
}

bool check_constraints(Step& step,
                       const Object& relation,
                       const Insertion& insertion,
                       const Query& query) {
    for (const ObjectId id : step.catalog().children(relation.id)) {
        const Object& part = step.catalog().at(id);
        if (const auto* index = part.get_if<IndexDetails>(); index != nullptr && index->unique) {
            check_unique(step, relation, *index, insertion, query);
        }
        const auto* constraint = part.get_if<ConstraintDetails>();
        if (constraint == nullptr) continue;
        if (constraint->kind == Kind::check) {
            step.doubt(fmt::format("rows may violate check constraint \"{}\"", part.name));
        }
        if (constraint->kind != Kind::foreign_key) continue;
        if (!check_reference(step, relation, part, insertion, query)) return false;
    }
    return true;
}

const Object* target_of(Step& step, const analyze::BoundQuery& bound, analyze::Access access) {
    const auto found = std::ranges::find(bound.relations, access, &analyze::RelationAccess::access);
    if (found == bound.relations.end()) return nullptr;
    const Object* relation = step.catalog().find(found->relation);
    if (relation == nullptr || relation->get_if<RelationDetails>() == nullptr) return nullptr;
    step.target(relation->id);
    return relation;
}

/// Whether a query's other sources certainly give it no rows.
bool no_source_rows(Step& step, const Query& query, const analyze::BoundQuery& bound) {
    if (rows_given(query) != nullptr || query.default_values) return false;
    return rows_of(step, bound) == RelationDetails::Rows::none;
}

bool constrained(Step& step, const Object& relation, const std::vector<ObjectId>& set) {
    const auto touches = [&](ObjectId column) { return std::ranges::count(set, column) > 0; };
    for (const ObjectId id : step.catalog().children(relation.id)) {
        const Object& part = step.catalog().at(id);
        const auto* index = part.get_if<IndexDetails>();
        const auto keyed = [&](const IndexDetails::Element& element) {
            return element.column == no_object || touches(element.column);
        };
        if (index != nullptr && index->unique && std::ranges::any_of(index->elements, keyed))
            return true;
        const auto* constraint = part.get_if<ConstraintDetails>();
        if (constraint != nullptr && std::ranges::any_of(constraint->columns, touches)) return true;
    }
    return false;
}

} // namespace

void doubt_triggers(Step& step, ObjectId relation, std::string_view event, bool rows) {
    for (const ObjectId id : step.catalog().children(relation)) {
        const Object& object = step.catalog().at(id);
        const auto* trigger = object.get_if<TriggerDetails>();
        if (trigger == nullptr || trigger->enabled == 'D') continue;
        if (std::ranges::count(trigger->events, event) == 0) continue;
        if (trigger->for_each_row && !rows) continue;
        const std::string reason =
            fmt::format("trigger \"{}\" fires, and its function is not interpreted", object.name);
        const Object* function = step.catalog().find(trigger->function);
        if (function != nullptr) taint_body(step, *function, reason);
        step.doubt(reason);
    }
}

void check_insert(Step& step, const Query& query, const analyze::BoundQuery& bound) {
    const Object* found = target_of(step, bound, analyze::Access::insert);
    if (found == nullptr) return;
    const Object relation = *found;
    if (relation.kind == ObjectKind::view) return step.doubt("INSERT into a view is not modelled");
    const bool none = no_source_rows(step, query, bound);
    doubt_triggers(step, relation.id, "insert", !none);
    if (none) return;
    doubt_evaluation(step, bound);
    if (!bound.may_fail.empty()) step.doubt(bound.may_fail);
    const Insertion insertion(step, query, relation.id);
    if (!not_null_holds(step, relation, insertion, query)) return;
    if (!check_constraints(step, relation, insertion, query)) return;
    step.set_rows_unknown(relation.id);
}

void check_update(Step& step, const Query& query, const analyze::BoundQuery& bound) {
    const Object* found = target_of(step, bound, analyze::Access::update);
    if (found == nullptr) return;
    const Object relation = *found;
    if (relation.kind == ObjectKind::view) return step.doubt("UPDATE of a view is not modelled");
    const bool rows = !step.empty(relation.id);
    doubt_triggers(step, relation.id, "update", rows);
    if (!rows) return;
    if (!bound.may_fail.empty()) step.doubt(bound.may_fail);
    std::vector<ObjectId> set;
    for (const Target& target : query.targets) {
        const Object* column =
            step.catalog().find(NameSpace::column, relation.id, target.alias.text);
        if (column == nullptr) continue;
        set.push_back(column->id);
        const bool may_be_null =
            column->as<ColumnDetails>().not_null && !is_constant(target.expression);
        if (may_be_null) {
            step.doubt(fmt::format("column \"{}\" may be set to null", column->name));
        }
    }
    if (constrained(step, relation, set)) {
        step.doubt(fmt::format("rows of \"{}\" may violate its constraints", relation.name));
    }
}

void check_delete(Step& step, const Query& query, const analyze::BoundQuery& bound) {
    const Object* found = target_of(step, bound, analyze::Access::delete_);
    if (found == nullptr) return;
    const Object relation = *found;
    if (relation.kind == ObjectKind::view) return step.doubt("DELETE from a view is not modelled");
    const bool rows = !step.empty(relation.id);
    doubt_triggers(step, relation.id, "delete", rows);
    if (!rows) return;
    if (!bound.may_fail.empty() && query.where) step.doubt(bound.may_fail);
    for (const ObjectId id : step.catalog().dependents(relation.id)) {
        const Object& dependent = step.catalog().at(id);
        const auto* constraint = dependent.get_if<ConstraintDetails>();
        if (constraint == nullptr || constraint->referenced != relation.id) continue;
        if (!step.empty(dependent.parent)) {
            step.doubt(fmt::format("rows of \"{}\" may reference the deleted ones",
                                   step.catalog().at(dependent.parent).name));
        }
    }
}

LockMode lock_mode(std::string_view name) {
    constexpr std::array<LockMode, 8> modes = {
        LockMode::access_share,  LockMode::row_share,
        LockMode::row_exclusive, LockMode::share_update_exclusive,
        LockMode::share,         LockMode::share_row_exclusive,
        LockMode::exclusive,     LockMode::access_exclusive};
    const auto found =
        std::ranges::find_if(modes, [name](LockMode mode) { return name_of(mode) == name; });
    return found == modes.end() ? LockMode::access_exclusive : *found;
}

std::vector<std::string> split_identifiers(std::string_view list) {
    std::vector<std::string> names;
    text::Lexer lexer(list);
    for (text::Token token = lexer.next_code(); token.kind != text::Token::Kind::end;
         token = lexer.next_code()) {
        const bool name = token.kind == text::Token::Kind::word ||
                          token.kind == text::Token::Kind::quoted_identifier;
        if (name) names.push_back(text::identifier_text(token, lexer.text_of(token)));
    }
    return names;
}

} // namespace ordain::replay
