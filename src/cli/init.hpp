#pragma once

#include "cli/arguments.hpp"
#include "cli/commands.hpp"

#include <ordain/result.hpp>

namespace ordain::cli {

/// Looks at a repository, says what it found, and writes a first settings file and, where they are
/// asked for, files for a hook and for CI. Nothing that is there is overwritten.
[[nodiscard]] Result<CommandResult> init(const Arguments& arguments);

} // namespace ordain::cli
