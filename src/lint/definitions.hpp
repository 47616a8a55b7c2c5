#pragma once

#include "lint/message.hpp"

#include <cstdint>
#include <ordain/catalog.hpp>
#include <ordain/judgement.hpp>
#include <ordain/rule.hpp>
#include <ordain/source.hpp>
#include <string>
#include <unordered_map>
#include <vector>

namespace ordain::lint {

/// A name that an up script makes, as it is written there.
struct Definition {
    NameSpace space{};
    std::string schema;    ///< Empty where the search_path decides.
    std::string container; ///< The table of a column, constraint, trigger, policy or rule.
    std::string name;
    std::uint32_t migration = 0; ///< Ordinal.
    std::uint32_t statement = 0;
    Location where;
};

/// The names that an action makes, or gives to what exists.
[[nodiscard]] std::vector<Definition> definitions_in(const Action& action);
/// The names that an action takes away.
[[nodiscard]] std::vector<Definition> removals_in(const Action& action);

/// Who makes which name anywhere in a plan, whether or not the replay got there.
class Definitions {
public:
    explicit Definitions(const PlanContext& context);

    /// All that may have made what a message names, in the order of the plan.
    [[nodiscard]] std::vector<const Definition*> of(const NamedInMessage& named) const;
    /// All that may take it away, likewise.
    [[nodiscard]] std::vector<const Definition*> removals_of(const NamedInMessage& named) const;

private:
    using ByName = std::unordered_multimap<std::string, Definition>;

    [[nodiscard]] static std::vector<const Definition*> find(const ByName& names,
                                                             const NamedInMessage& named);

    ByName made_;
    ByName removed_;
};

} // namespace ordain::lint
