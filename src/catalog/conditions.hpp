#pragma once

#include <span>
#include <string_view>

namespace ordain::catalog {

/// A condition name of PL/pgSQL and an SQLSTATE that it stands for (manual appendix A).
struct Condition {
    std::string_view name;
    std::string_view sqlstate;
};

/// All conditions of a name, of which some have two; empty for a name that does not exist.
[[nodiscard]] std::span<const Condition> find_conditions(std::string_view name);

/// Whether an error is one of that SQLSTATE: the same, or one of its class where it ends with 000.
[[nodiscard]] bool is_of_condition(std::string_view error, std::string_view sqlstate);

} // namespace ordain::catalog
