#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <ordain/finding.hpp>
#include <string>
#include <vector>

namespace ordain {

/// A PostgreSQL major version that findings are about: 11 to 18.
inline constexpr std::uint32_t oldest_postgres = 11;
inline constexpr std::uint32_t newest_postgres = 18;
/// The grammar that libpg_query carries.
inline constexpr std::uint32_t grammar_postgres = 15;

/// What the user chose. Defaults are those of a run without any option.
struct Settings {
    std::uint32_t postgres = grammar_postgres;
    std::optional<std::string> layout;    ///< Explicit choice.
    std::optional<bool> complete_history; ///< Closed or open world; unset: found out.
    /// Severity by rule id; unset optional: off.
    std::map<std::string, std::optional<Severity>, std::less<>> rules;
    unsigned threads = 0; ///< 0: one a core.
};

} // namespace ordain
