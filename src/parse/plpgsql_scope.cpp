#include "parse/plpgsql_scope.hpp"

#include <algorithm>
#include <utility>

namespace ordain::parse {

void PlpgsqlScope::push(std::string label, Level level) {
    levels_.push_back({.label = std::move(label), .level = level, .variables = {}});
}

void PlpgsqlScope::pop() {
    levels_.pop_back();
}

const PlpgsqlVariable& PlpgsqlScope::declare(const std::string& name, PlpgsqlVariable variable) {
    variable.name = name;
    variables_.push_back(std::move(variable));
    alias(name, variables_.back());
    return variables_.back();
}

void PlpgsqlScope::alias(const std::string& name, const PlpgsqlVariable& variable) {
    levels_.back().variables.insert_or_assign(name, &variable);
}

bool PlpgsqlScope::is_declared_here(const std::string& name) const {
    return levels_.back().variables.contains(name);
}

const PlpgsqlVariable* PlpgsqlScope::Names::find(const std::string& name, bool parts) const {
    const auto item = variables.find(name);
    if (item == variables.end()) return nullptr;
    return parts && item->second->kind == PlpgsqlVariable::Kind::scalar ? nullptr : item->second;
}

PlpgsqlScope::Match PlpgsqlScope::find(std::span<const std::string> names) const {
    const std::size_t count = names.size();
    for (std::size_t index = levels_.size(); index-- > 0;) {
        const Names& level = levels_[index];
        if (const PlpgsqlVariable* variable = level.find(names[0], count > 1))
            return {.variable = variable, .labelled = false, .field = count > 1};
        if (count < 2 || level.label != names[0]) continue;
        if (const PlpgsqlVariable* variable = level.find(names[1], count > 2))
            return {.variable = variable, .labelled = true, .field = count > 2};
    }
    return {};
}

std::optional<PlpgsqlScope::Level> PlpgsqlScope::find_label(const std::string& label) const {
    const auto level = std::find_if(levels_.rbegin(), levels_.rend(),
                                    [&](const Names& names) { return names.label == label; });
    return level == levels_.rend() ? std::nullopt : std::optional(level->level);
}

bool PlpgsqlScope::in_loop() const {
    return std::ranges::any_of(levels_,
                               [](const Names& names) { return names.level == Level::loop; });
}

} // namespace ordain::parse
