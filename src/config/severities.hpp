#pragma once

#include <optional>
#include <ordain/config.hpp>
#include <string_view>

namespace ordain::config {

/// What the settings make of a rule's findings in a file.
struct ChosenSeverity {
    std::optional<Severity> severity; ///< Unset: off.
};

/// The last layer that speaks of the rule or of its category for this file; nothing: the rule's own
/// severity holds. An empty path is one that no pattern matches.
[[nodiscard]] std::optional<ChosenSeverity> chosen_severity(const Settings& settings,
                                                            std::string_view rule,
                                                            std::string_view category,
                                                            std::string_view path);

/// Whether the rule is on for any file.
[[nodiscard]] bool may_be_on(const Settings& settings,
                             std::string_view rule,
                             std::string_view category,
                             bool by_default);

/// fnmatch(3): `*` and `?` match slashes too.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view text);

} // namespace ordain::config
