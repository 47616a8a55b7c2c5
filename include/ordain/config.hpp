#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <ordain/finding.hpp>
#include <ordain/naming.hpp>
#include <ordain/plan.hpp>
#include <ordain/source.hpp>
#include <string>
#include <vector>

namespace ordain {

/// A PostgreSQL major version that findings are about: 11 to 18.
inline constexpr std::uint32_t oldest_postgres = 11;
inline constexpr std::uint32_t newest_postgres = 18;
/// The grammar that libpg_query carries.
inline constexpr std::uint32_t grammar_postgres = 15;

/// Severities by the id of a rule or the name of a category; an unset one turns it off.
using Severities = std::map<std::string, std::optional<Severity>, std::less<>>;

/// Severities for the findings in some files.
struct SeverityLayer {
    /// Patterns of paths as fnmatch(3) has them, relative to Settings::folder; empty: all files.
    std::vector<std::string> files;
    Severities rules;
};

/// A finding that is accepted outside of its script, which a runner may checksum.
struct Acceptance {
    std::string rule;      ///< As written; need not exist.
    std::string migration; ///< A pattern (fnmatch) of migrations' ids; "*": all.
    /// "public.users.nickname", or "public.users" for the table and all that is in it; empty: any.
    std::string object;
    std::string reason; ///< Empty where none is given.
    Location where;     ///< In the settings file.
};

/// Something that exists before the first migration, in the user's words: one of these is set.
struct Assumption {
    std::optional<std::string> schema; ///< With whatever the migrations name in it.
    std::optional<std::string> table;  ///< "billing.invoices", with whatever columns.
    std::optional<std::string> sql;    ///< Statements that make it.
    std::optional<std::string> file;   ///< A file of such statements, relative to the folder.
    Location where;                    ///< In the settings file.
};

/// What the user chose. Defaults are those of a run without any option or settings file.
struct Settings {
    std::filesystem::path folder; ///< Of the settings file; else the current one.
    std::uint32_t postgres = grammar_postgres;
    std::string postgres_shown_by;   ///< "compose.yml:12", where a file of the repository says it.
    std::optional<std::string> root; ///< The migrations, relative to `folder`.
    /// A schema dump that the first migration starts from, relative to `folder`.
    std::optional<std::string> starts_from;
    std::optional<std::string> platform; ///< Explicit choice; "none": not even one that is found.
    std::string platform_shown_by;       ///< Likewise.
    std::vector<Assumption> assumptions;
    std::optional<std::string> layout;    ///< Explicit choice.
    std::optional<bool> complete_history; ///< Closed or open world; unset: found out.
    /// How a runner that Ordain does not know wraps plain numbered files; unset: psql.
    std::optional<Wrapping> wrapping;
    /// Of the connections that run the migrations; empty: as the platform or the server has it.
    std::vector<std::string> search_path;
    std::optional<std::string> command; ///< That runs what is pending, where the layout has none.
    /// What comes later counts more; in a layer the rule more than its category.
    std::vector<SeverityLayer> severities;
    std::vector<Acceptance> acceptances;
    /// Criteria of a report that only people can answer: "A backup was made".
    std::vector<std::string> manual_criteria;
    Naming naming;
    unsigned threads = 0; ///< 0: one a core.
};

} // namespace ordain
