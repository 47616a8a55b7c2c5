#include "proof/data_effect.hpp"

#include <algorithm>
#include <ordain/overloaded.hpp>

namespace ordain::proof {
namespace {

bool reads_columns(const Expression& expression) {
    if (expression.kind == Expression::Kind::column_reference || expression.query) return true;
    return std::ranges::any_of(expression.operands, reads_columns);
}

bool calls(const Expression& expression) {
    if (expression.kind == Expression::Kind::function_call ||
        expression.kind == Expression::Kind::sql_value_function) {
        return true;
    }
    return std::ranges::any_of(expression.operands, calls);
}

/// SET x = constant gives the same rows again; SET x = x + 1 does not.
DataEffect effect_of_update(const Query& query) {
    DataEffect effect = DataEffect::same;
    for (const Target& target : query.targets) {
        const Expression& value = target.expression;
        const bool increments =
            value.kind == Expression::Kind::operator_call && reads_columns(value);
        if (increments) return DataEffect::repeats;
        if (reads_columns(value) || calls(value)) effect = DataEffect::unknown;
    }
    return effect;
}

DataEffect effect_of_query(const Query& query) {
    switch (query.kind) {
    case Query::Kind::insert:
        if (query.on_conflict == Query::OnConflict::nothing) return DataEffect::same;
        if (query.on_conflict == Query::OnConflict::update) return DataEffect::unknown;
        return query.where || !query.arms.empty() ? DataEffect::unknown : DataEffect::repeats;
    case Query::Kind::update: return effect_of_update(query);
    case Query::Kind::delete_: return DataEffect::same;
    case Query::Kind::merge:
    case Query::Kind::unsupported: return DataEffect::unknown;
    case Query::Kind::select:
    case Query::Kind::values:
    case Query::Kind::set_operation: return DataEffect::none;
    }
    return DataEffect::unknown;
}

DataEffect effect_of(const Action& action) {
    return std::visit(
        Overloaded{
            [](const RunQuery& run) { return effect_of_query(run.query); },
            [](const Truncate&) { return DataEffect::same; },
            [](const CopyRows& copy) { return copy.from ? DataEffect::repeats : DataEffect::none; },
            [](const Unmodelled&) { return DataEffect::unknown; },
            [](const Do&) { return DataEffect::unknown; },
            [](const Call&) { return DataEffect::unknown; },
            [](const auto&) { return DataEffect::none; },
        },
        action.payload);
}

/// What repeats outweighs what is not known: it is certain.
int rank(DataEffect effect) {
    switch (effect) {
    case DataEffect::none: return 0;
    case DataEffect::same: return 1;
    case DataEffect::unknown: return 2;
    case DataEffect::repeats: return 3;
    }
    return 0;
}

} // namespace

DataEffect effect_of_repeating(const std::vector<Statement>& statements) {
    DataEffect worst = DataEffect::none;
    for (const Statement& statement : statements) {
        for (const Action& action : statement.actions) {
            const DataEffect effect = effect_of(action);
            if (rank(effect) > rank(worst)) worst = effect;
        }
    }
    return worst;
}

} // namespace ordain::proof
