#pragma once

#include "cli/usage.hpp"

#include <cstdint>
#include <optional>
#include <ordain/config.hpp>
#include <ordain/finding.hpp>
#include <string>
#include <variant>
#include <vector>

namespace ordain::cli {

enum class Command : std::uint8_t {
    check,
    report,
    inspect,
    init,
    config,
    rules,
    explain,
    generate
};
enum class Format : std::uint8_t { text, json, sarif, github, junit, markdown };
/// What is made of the command line's own definition.
enum class Generated : std::uint8_t { man, bash, zsh, fish };
enum class ColorChoice : std::uint8_t { automatic, always, never };

/// One report of a run.
struct ReportChoice {
    Format format = Format::text;
    std::optional<std::string> file; ///< Unset: standard output.

    bool operator==(const ReportChoice&) const = default;
};

/// Settings that were given as options; they count more than those of a file.
struct SettingOptions {
    std::optional<std::uint32_t> postgres;
    std::optional<std::string> layout;
    std::optional<bool> complete_history;
    std::optional<unsigned> threads;
    Severities rules;
};

/// What init is to write beside the settings file.
struct InitChoices {
    bool hook = false;
    std::optional<std::string> ci; ///< "github" or "gitlab".
    bool dry_run = false;          ///< Show it all and write nothing.
};

/// What the user asked for.
struct Arguments {
    Command command = Command::check;
    std::vector<std::string> paths;    ///< "-" is standard input; empty: what the settings say.
    std::optional<std::string> config; ///< The settings file; unset: looked for.
    bool no_config = false;            ///< No settings file is read.
    std::optional<std::string> stdin_filename;
    /// Of check and report: a commit from whose merge base on migrations are new; unset: the
    /// default branch's.
    std::optional<std::string> since;
    bool all = false;                     ///< Likewise: every migration is judged, new or not.
    std::optional<std::string> applied;   ///< Likewise: a file that names what has run.
    std::string rule;                     ///< Of explain.
    Generated generated = Generated::man; ///< Of generate.
    /// Never empty; at most one goes to standard output, and no two to the same file.
    std::vector<ReportChoice> reports{ReportChoice{}};
    ColorChoice color = ColorChoice::automatic;
    Severity fail_on = Severity::error;
    SettingOptions options;
    InitChoices init;
};

/// What to print instead of doing anything: --help, --version, or what is wrong with the arguments.
struct Answered {
    enum class Stream : std::uint8_t { output, error };
    Stream stream = Stream::output;
    std::string text;
};

/// Reads a command line, the program's name excluded.
[[nodiscard]] std::variant<Arguments, Answered> parse_arguments(std::vector<std::string> words);

/// What parse_arguments accepts.
[[nodiscard]] Usage usage();

} // namespace ordain::cli
