#include "replay/not_null.hpp"

#include "analyze/types.hpp"
#include "replay/alter_table.hpp"
#include "replay/rebind.hpp"
#include "replay/relations.hpp"

#include <algorithm>

namespace ordain::replay {
namespace {

using Kind = Expression::Kind;

bool names(const Expression& expression, const std::string& column) {
    return expression.kind == Kind::column_reference && !expression.star &&
           expression.names.back().text == column;
}

/// Column IS DISTINCT FROM NULL, or with `form` not_distinct its opposite.
bool distinguishes_null(const Expression& expression,
                        Expression::OperatorForm form,
                        const std::string& column) {
    if (expression.kind != Kind::operator_call || expression.form != form) return false;
    const auto null = [](const Expression& each) {
        const bool cast = each.kind == Kind::cast;
        return (cast ? each.operands.front() : each).kind == Kind::null_constant;
    };
    const auto named = [&](const Expression& each) { return names(each, column); };
    return std::ranges::any_of(expression.operands, null) &&
           std::ranges::any_of(expression.operands, named);
}

/// Whether a condition is neither true nor null where the column is null. `wanted` false: whether
/// NOT condition is so (predicate_implied_by, weak, after canonicalize_qual).
bool implies_not_null(const Expression& condition, const std::string& column, bool wanted) {
    const auto implies = [&](const Expression& each) {
        return implies_not_null(each, column, wanted);
    };
    using Form = Expression::OperatorForm;
    switch (condition.kind) {
    case Kind::and_expression:
        return wanted ? std::ranges::any_of(condition.operands, implies)
                      : std::ranges::all_of(condition.operands, implies);
    case Kind::or_expression:
        return wanted ? std::ranges::all_of(condition.operands, implies)
                      : std::ranges::any_of(condition.operands, implies);
    case Kind::not_expression: return implies_not_null(condition.operands.front(), column, !wanted);
    case Kind::is_not_null: return wanted && names(condition.operands.front(), column);
    case Kind::is_null: return !wanted && names(condition.operands.front(), column);
    case Kind::operator_call:
        return distinguishes_null(condition, wanted ? Form::distinct : Form::not_distinct, column);
    default: return false;
    }
}

/// IS NOT NULL of a row asks for its fields.
bool is_row(Step& step, const Object& relation, const std::string& name) {
    const Object* column = step.catalog().find(NameSpace::column, relation.id, name);
    const analyze::Types types(step.resolver());
    return column != nullptr && types.is_composite(column->as<ColumnDetails>().type);
}

bool is_proved(Step& step, const Object& relation, const std::string& column) {
    if (step.database().postgres < 12 || is_row(step, relation, column)) return false;
    const auto proves = [&](ObjectId id) {
        const auto* check = step.catalog().at(id).get_if<ConstraintDetails>();
        const bool valid = check != nullptr && check->validated &&
                           check->kind == ConstraintDefinition::Kind::check;
        const std::optional<Expression> condition =
            valid ? read_again(step.catalog(), check->expression) : std::nullopt;
        return condition && implies_not_null(*condition, column, true);
    };
    return std::ranges::any_of(step.catalog().children(relation.id), proves);
}

} // namespace

bool note_not_null_scan(Step& step, const Object& relation, const Identifier& column) {
    if (!stores_rows(relation) || is_proved(step, relation, column.text)) return false;
    if (relation.as<RelationDetails>().invented) {
        step.possible_work(Work::Kind::scan, relation.id,
                           "whether a valid CHECK says that the column is not null is not known");
    } else {
        step.work(Work::Kind::scan, relation.id, "NOT NULL is tried on every row");
    }
    return true;
}

} // namespace ordain::replay
