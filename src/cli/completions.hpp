#pragma once

#include "cli/usage.hpp"

#include <string>

namespace ordain::cli {

/// Completions of commands, options and the words that an option takes; elsewhere of files.
[[nodiscard]] std::string bash_completions(const Usage& usage);
[[nodiscard]] std::string zsh_completions(const Usage& usage);
[[nodiscard]] std::string fish_completions(const Usage& usage);

} // namespace ordain::cli
