#pragma once

#include <optional>
#include <ordain/config.hpp>
#include <string_view>

namespace ordain::config {

/// What the settings make of a rule's findings in a file.
struct ChosenSeverity {
    std::optional<Severity> severity; ///< Unset: off.
};

/// A rule as layers speak of it: by its own name, or by its category. A category turns rules off
/// and says how severe those are that are on; one that is off by default is turned on by name only.
struct RuleNames {
    std::string_view rule;
    std::string_view category;
    bool on_by_default = true;
};

/// The last layer that speaks of the rule for this file; nothing: its own severity holds, where it
/// is on by default. An empty path is one that no pattern matches.
[[nodiscard]] std::optional<ChosenSeverity>
chosen_severity(const Settings& settings, const RuleNames& names, std::string_view path);

/// Whether the rule is on for any file.
[[nodiscard]] bool may_be_on(const Settings& settings, const RuleNames& names);

/// fnmatch(3): `*` and `?` match slashes too.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text);

} // namespace ordain::config
