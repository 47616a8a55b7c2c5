#pragma once

#include <cstddef>
#include <cstdint>
#include <ordain/catalog.hpp>
#include <ordain/config.hpp>
#include <ordain/finding.hpp>
#include <ordain/plan.hpp>
#include <string>
#include <vector>

namespace ordain::lint {

/// The allowances of the settings file, applied to one plan.
class Acceptances {
public:
    /// What became of one of them.
    struct Use {
        const Acceptance* acceptance = nullptr;
        Location where;
        std::uint32_t migration = 0; ///< 0: it belongs to none.
        /// All migrations that it is about were reported on, and it hides nothing.
        bool unused = false;
    };

    Acceptances(const Settings& settings, const Plan& plan, const std::vector<bool>& selected)
        : settings_(settings),
          plan_(plan),
          selected_(selected),
          used_(settings.acceptances.size(), false) {}

    /// Takes accepted findings away; how many they were.
    std::size_t apply(std::vector<Finding>& findings);

    /// To be asked after apply().
    [[nodiscard]] std::vector<Use> uses() const;

private:
    [[nodiscard]] bool accepts(const Acceptance& acceptance, const Finding& finding) const;
    [[nodiscard]] bool was_judged(const Acceptance& acceptance) const;

    const Settings& settings_;
    const Plan& plan_;
    const std::vector<bool>& selected_;
    std::vector<bool> used_;
};

/// "public.users", and for what belongs to a table "public.users.nickname"; empty for no object.
[[nodiscard]] std::string dotted_name(const Catalog& catalog, ObjectId id);

} // namespace ordain::lint
