#include "rules/rules.hpp"

#include <algorithm>
#include <array>

namespace ordain {
namespace {

constexpr std::array registry = {
#define ORDAIN_RULE(name) &rules::name,
#include "rules/rules.def"
#undef ORDAIN_RULE
};

} // namespace

std::span<const Rule* const> all_rules() {
    return registry;
}

const Rule* find_rule(std::string_view id) {
    const auto* const found = std::ranges::lower_bound(registry, id, {}, &Rule::id);
    return found != registry.end() && (*found)->id == id ? *found : nullptr;
}

} // namespace ordain
