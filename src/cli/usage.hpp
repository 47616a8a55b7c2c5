#pragma once

#include <string>
#include <vector>

namespace ordain::cli {

/// An option, or the argument of a command.
struct OptionUsage {
    std::vector<std::string> names; ///< "-o", "--output"; empty for the argument.
    std::string value;              ///< "FILE"; empty for a flag.
    std::string description;
    std::string standard;           ///< The default, where the description does not say it.
    std::vector<std::string> words; ///< What can be given, where that can be listed.
    bool repeatable = false;        ///< Of the argument: several can be given.
    bool required = false;          ///< Likewise.
};

struct CommandUsage {
    std::string name;
    std::string description;
    std::vector<OptionUsage> arguments; ///< At most one.
    std::vector<OptionUsage> options;
};

/// How the program is called, as data: what the manual page and the completions are made of.
struct Usage {
    std::string name;
    std::string version;
    std::string description;
    std::string footer; ///< Paragraphs; the first line of one may be a heading, "Examples:".
    std::vector<OptionUsage> options;
    std::vector<CommandUsage> commands;
};

} // namespace ordain::cli
