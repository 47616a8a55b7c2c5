#include "proof/data_effect.hpp"

#include <algorithm>
#include <ordain/overloaded.hpp>
#include <ordain/plpgsql.hpp>

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

DataEffect effect_of(const Do& block);

DataEffect effect_of(const Action& action) {
    return std::visit(
        Overloaded{
            [](const RunQuery& run) { return effect_of_query(run.query); },
            [](const Truncate&) { return DataEffect::same; },
            [](const CopyRows& copy) { return copy.from ? DataEffect::repeats : DataEffect::none; },
            [](const Unmodelled&) { return DataEffect::unknown; },
            [](const Do& block) { return effect_of(block); },
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
    case DataEffect::destroys: return 4;
    }
    return 0;
}

DataEffect worst(DataEffect left, DataEffect right) {
    return rank(left) < rank(right) ? right : left;
}

DataEffect effect_of(const Statement& statement) {
    DataEffect effect = DataEffect::none;
    for (const Action& action : statement.actions)
        effect = worst(effect, effect_of(action));
    return effect;
}

/// All that a body may run, whatever its conditions are: none of it is worse than the result.
struct BodyEffect {
    DataEffect operator()(const plpgsql::Block& block) const {
        DataEffect effect = of(block.body);
        for (const plpgsql::Handler& handler : block.handlers)
            effect = worst(effect, of(handler.body));
        return effect;
    }
    DataEffect operator()(const plpgsql::If& choice) const {
        return worst(of(choice.branches), of(choice.otherwise));
    }
    DataEffect operator()(const plpgsql::Case& choice) const {
        return worst(of(choice.branches), of(choice.otherwise));
    }
    DataEffect operator()(const plpgsql::Loop& loop) const {
        if (loop.kind == plpgsql::Loop::Kind::dynamic) return DataEffect::unknown;
        DataEffect effect = of(loop.body);
        for (const plpgsql::Sql& input : loop.inputs)
            effect = worst(effect, effect_of(input));
        return effect;
    }
    DataEffect operator()(const plpgsql::Run& run) const { return effect_of(run.sql); }
    DataEffect operator()(const plpgsql::Execute& /*execute*/) const { return DataEffect::unknown; }
    DataEffect operator()(const plpgsql::Unmodelled& /*statement*/) const {
        return DataEffect::unknown;
    }
    /// What computes a value or leaves the block.
    template <typename Other>
    DataEffect operator()(const Other& /*other*/) const {
        return DataEffect::none;
    }

private:
    [[nodiscard]] DataEffect of(const std::vector<plpgsql::Statement>& body) const {
        DataEffect effect = DataEffect::none;
        for (const plpgsql::Statement& statement : body)
            effect = worst(effect, std::visit(*this, statement.form));
        return effect;
    }
    [[nodiscard]] DataEffect of(const std::vector<plpgsql::Branch>& branches) const {
        DataEffect effect = DataEffect::none;
        for (const plpgsql::Branch& branch : branches)
            effect = worst(effect, of(branch.body));
        return effect;
    }
};

DataEffect effect_of(const Do& block) {
    if (block.block == nullptr || block.partly_read) return DataEffect::unknown;
    return BodyEffect()(*block.block);
}

} // namespace

DataEffect effect_of_repeating(const std::vector<Statement>& statements) {
    DataEffect effect = DataEffect::none;
    for (const Statement& statement : statements)
        effect = worst(effect, effect_of(statement));
    return effect;
}

} // namespace ordain::proof
