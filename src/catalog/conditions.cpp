#include "catalog/conditions.hpp"

#include <algorithm>
#include <array>

namespace ordain::catalog {
namespace {

using namespace std::string_view_literals;

constexpr auto conditions = std::to_array<Condition>({
#include "catalog/data/pg15_conditions.inc"
});

} // namespace

std::span<const Condition> find_conditions(std::string_view name) {
    const auto* const first = std::ranges::lower_bound(conditions, name, {}, &Condition::name);
    const auto* const last = std::ranges::upper_bound(conditions, name, {}, &Condition::name);
    return {first, last};
}

bool is_of_condition(std::string_view error, std::string_view sqlstate) {
    if (error == sqlstate) return true;
    constexpr std::size_t class_length = 2;
    return sqlstate.ends_with("000") &&
           error.substr(0, class_length) == sqlstate.substr(0, class_length);
}

} // namespace ordain::catalog
