#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain {

/// error: a proved failure, destroyed data, or a strong lock with a scan or rewrite on a live
/// table.
enum class Severity : std::uint8_t { note, warning, error };
/// "note", "warning", "error".
[[nodiscard]] std::string_view name_of(Severity severity);
[[nodiscard]] std::optional<Severity> parse_severity(std::string_view text);

/// A further place that explains a finding.
struct FindingNote {
    std::string message;
    std::optional<Location> where;
};

class Catalog;

/// One thing that a user should know about a place in a script.
struct Finding {
    std::string_view rule; ///< Rule id; stamped by the engine.
    Severity severity{};   ///< Stamped by the engine.
    Location where;
    std::string message; ///< Lower-case start, no full stop: the consequence.
    std::vector<FindingNote> notes;
    std::string instead;         ///< What to write; SQL or a sentence. May be empty.
    std::uint32_t migration = 0; ///< Ordinal.
    /// What it is about, for allowances that name objects: "public.users.nickname". Of an action
    /// the engine fills in what it made, changed or dropped, and what it locked.
    std::vector<std::string> objects = {};
    /// Set where the rest of the deployment has a say: called with the catalog at its end, it may
    /// word the finding anew; false takes it away.
    std::function<bool(const Catalog& after, Finding& finding)> settle = {};
};

} // namespace ordain
