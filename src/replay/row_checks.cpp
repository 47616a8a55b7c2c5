#include "replay/row_checks.hpp"

#include "catalog/builtin.hpp"
#include "catalog/rows.hpp"
#include "replay/relations.hpp"
#include "replay/taint.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <optional>

namespace ordain::replay {
namespace {

using Kind = ConstraintDefinition::Kind;

bool is_default(const Expression& expression) {
    return expression.kind == Expression::Kind::set_to_default;
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

analyze::Nullness nullness_of(const analyze::BoundQuery& bound, ObjectId column) {
    const auto found = std::ranges::find(bound.assigned, column, &analyze::AssignedColumn::column);
    return found == bound.assigned.end() ? analyze::Nullness::maybe : found->null;
}

/// What the rows of an INSERT put into its columns.
class Insertion {
public:
    Insertion(Step& step, const Query& query, const analyze::BoundQuery& bound, ObjectId relation)
        : query_(query),
          bound_(bound),
          columns_(target_columns(step, query, relation)) {}

    /// No row says what: the column's own default counts.
    [[nodiscard]] bool unset(ObjectId column) const { return !sets(column); }
    /// Some row leaves it to the column's default.
    [[nodiscard]] bool some_unset(ObjectId column) const {
        const std::optional<std::size_t> place = place_of(column);
        if (!place) return true;
        const auto* rows = rows_given(query_);
        if (rows == nullptr) return false;
        return std::ranges::any_of(*rows, [&](const std::vector<Expression>& row) {
            return *place < row.size() && is_default(row[*place]);
        });
    }
    /// Of the values that are written; the worst of the rows counts.
    [[nodiscard]] analyze::Nullness nullness(ObjectId column) const {
        const analyze::Nullness null = nullness_of(bound_, column);
        const bool of_conflict = query_.on_conflict == Query::OnConflict::update;
        return null == analyze::Nullness::always && of_conflict ? analyze::Nullness::maybe : null;
    }
    /// Every row gives it a value for certain.
    [[nodiscard]] bool never_null(ObjectId column) const {
        return !some_unset(column) && nullness(column) == analyze::Nullness::never;
    }
    [[nodiscard]] bool one_row() const {
        if (query_.default_values) return true;
        const auto* rows = rows_given(query_);
        return rows != nullptr && rows->size() == 1;
    }
    [[nodiscard]] bool certain_rows() const {
        return query_.default_values || rows_given(query_) != nullptr;
    }
    /// The column's expression in every row; empty where one leaves it out.
    [[nodiscard]] std::vector<const Expression*> written(ObjectId column) const {
        const std::optional<std::size_t> place = place_of(column);
        const auto* rows = rows_given(query_);
        if (!place || rows == nullptr) return {};
        std::vector<const Expression*> found;
        for (const std::vector<Expression>& row : *rows) {
            if (*place >= row.size()) return {};
            found.push_back(&row[*place]);
        }
        return found;
    }

private:
    [[nodiscard]] std::optional<std::size_t> place_of(ObjectId column) const {
        const auto same = [column](const Object* object) {
            return object != nullptr && object->id == column;
        };
        const auto found = std::ranges::find_if(columns_, same);
        if (found == columns_.end() || query_.default_values) return std::nullopt;
        return static_cast<std::size_t>(found - columns_.begin());
    }
    [[nodiscard]] bool sets(ObjectId column) const {
        const std::optional<std::size_t> place = place_of(column);
        if (!place) return false;
        const auto* rows = rows_given(query_);
        if (rows == nullptr) return true;
        return std::ranges::any_of(*rows, [&](const std::vector<Expression>& row) {
            return *place >= row.size() || !is_default(row[*place]);
        });
    }

    const Query& query_;
    const analyze::BoundQuery& bound_;
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

/// A trigger that fires before each row may put another value in.
bool may_be_rewritten(Step& step, ObjectId relation, std::string_view event) {
    return std::ranges::any_of(step.catalog().children(relation), [&](ObjectId id) {
        const auto* trigger = step.catalog().at(id).get_if<TriggerDetails>();
        return trigger != nullptr && trigger->enabled != 'D' && trigger->timing == "before" &&
               trigger->for_each_row && std::ranges::count(trigger->events, event) > 0;
    });
}

bool not_null_holds(Step& step,
                    const Object& relation,
                    const Insertion& insertion,
                    const Query& query) {
    const bool certain = insertion.certain_rows() && !may_be_rewritten(step, relation.id, "insert");
    for (const Object* column : step.catalog().columns(relation.id)) {
        const auto& details = column->as<ColumnDetails>();
        if (!details.not_null) continue;
        const bool left_out =
            insertion.some_unset(column->id) && !catalog::fills_itself(step.catalog(), details);
        const bool set = !insertion.unset(column->id);
        const analyze::Nullness null =
            set ? insertion.nullness(column->id) : analyze::Nullness::never;
        if ((left_out || null == analyze::Nullness::always) && certain) {
            return step.refuse(
                "23502",
                fmt::format("null value in column \"{}\" of relation \"{}\" violates "
                            "not-null constraint",
                            column->name, relation.name),
                query.target_relation.span());
        }
        if (left_out || null != analyze::Nullness::never) {
            step.doubt(fmt::format("column \"{}\" may be given null", column->name));
        }
    }
    return true;
}

/// A literal in the form in which equal values are equal texts; unset where that is not certain.
std::optional<std::string> comparable_literal(const Expression& written, TypeRef type) {
    if (type.array) return std::nullopt;
    switch (static_cast<catalog::Oid>(type.type)) {
    case catalog::type_oid::int2:
    case catalog::type_oid::int4:
    case catalog::type_oid::int8:
        if (written.kind != Expression::Kind::integer_constant) return std::nullopt;
        return written.value.substr(
            std::min(written.value.find_first_not_of('0'), written.value.size()));
    case catalog::type_oid::text:
        if (written.kind != Expression::Kind::string_constant) return std::nullopt;
        return written.value;
    case catalog::type_oid::varchar: {
        if (written.kind != Expression::Kind::string_constant) return std::nullopt;
        // Spaces beyond the length are cut off (varchar.c, PostgreSQL 15).
        const std::size_t last = written.value.find_last_not_of(' ');
        return last == std::string::npos ? std::string() : written.value.substr(0, last + 1);
    }
    default: return std::nullopt;
    }
}

/// Whether the written keys of the rows differ for certain.
bool written_keys_differ(const Catalog& catalog,
                         const IndexDetails& index,
                         const Insertion& insertion) {
    std::vector<std::vector<std::string>> keys;
    for (const IndexDetails::Element& element : index.elements) {
        const Object* column = catalog.find(element.column);
        if (column == nullptr || !element.collation.empty()) return false;
        const auto& details = column->as<ColumnDetails>();
        const std::vector<const Expression*> written = insertion.written(element.column);
        if (written.empty() || !details.collation.empty()) return false;
        keys.resize(written.size());
        for (std::size_t row = 0; row < written.size(); ++row) {
            std::optional<std::string> text = comparable_literal(*written[row], details.type);
            if (!text) return false;
            keys[row].push_back(std::move(*text));
        }
    }
    std::ranges::sort(keys);
    return std::ranges::adjacent_find(keys) == keys.end();
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
    const bool rewritten = may_be_rewritten(step, relation.id, "insert");
    if (step.empty(relation.id) && !rewritten &&
        written_keys_differ(step.catalog(), index, insertion)) {
        return;
    }
    const auto absent = [&](const IndexDetails::Element& element) {
        const Object* column = step.catalog().find(element.column);
        return column != nullptr && insertion.unset(element.column) &&
               !catalog::fills_itself(step.catalog(), column->as<ColumnDetails>());
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
    const bool rewritten = may_be_rewritten(step, relation.id, "insert");
    for (const ObjectId id : details.columns) {
        const Object* column = step.catalog().find(id);
        if (column == nullptr || rewritten || details.match_full) continue;
        const bool filled = catalog::fills_itself(step.catalog(), column->as<ColumnDetails>());
        if (insertion.unset(id) && !filled) return true;
        const std::vector<const Expression*> written = insertion.written(id);
        const auto null = [](const Expression* each) {
            return each->kind == Expression::Kind::null_constant;
        };
        if (!written.empty() && std::ranges::all_of(written, null)) return true;
    }
    const auto never_null = [&](ObjectId id) { return insertion.never_null(id); };
    const bool certain = insertion.certain_rows() && step.empty(details.referenced) &&
                         details.referenced != relation.id && !details.initially_deferred &&
                         !rewritten && std::ranges::all_of(details.columns, never_null) &&
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
    if (relation.kind == ObjectKind::partitioned_table)
        step.doubt(fmt::format("rows may fit no partition of \"{}\"", relation.name));
    doubt_evaluation(step, bound);
    if (!bound.may_fail.empty()) step.doubt(bound.may_fail);
    const Insertion insertion(step, query, bound, relation.id);
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
        const auto& details = column->as<ColumnDetails>();
        const bool filled = is_default(target.expression)
                                ? catalog::fills_itself(step.catalog(), details)
                                : nullness_of(bound, column->id) == analyze::Nullness::never;
        const bool may_be_null = details.not_null && !filled;
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
    const auto* const found =
        std::ranges::find_if(modes, [name](LockMode mode) { return name_of(mode) == name; });
    return found == modes.end() ? LockMode::access_exclusive : *found;
}

} // namespace ordain::replay
