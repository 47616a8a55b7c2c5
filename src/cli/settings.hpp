#pragma once

#include "cli/arguments.hpp"
#include "config/settings_file.hpp"

#include <ordain/config.hpp>
#include <ordain/result.hpp>
#include <ordain/source.hpp>
#include <string>
#include <vector>

namespace ordain::cli {

/// The settings that hold: defaults, a settings file, options of the command line.
struct Configuration {
    Settings settings;
    std::string file;               ///< The settings file, as shown; empty: none.
    config::Origins origins;        ///< Of what is not a default.
    std::vector<std::string> paths; ///< What to judge; never empty.
};

/// What a settings file may name.
[[nodiscard]] config::Vocabulary vocabulary();

[[nodiscard]] Result<Configuration> configure(const Arguments& arguments, SourceSet& sources);

/// The settings as a file would say them, each with where it comes from.
[[nodiscard]] std::string show(const Configuration& configuration);

} // namespace ordain::cli
