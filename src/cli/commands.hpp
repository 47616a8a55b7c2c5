#pragma once

#include "cli/arguments.hpp"
#include "cli/output.hpp"

#include <ordain/result.hpp>
#include <vector>

namespace ordain::cli {

/// How the program ends.
enum class ExitStatus : int {
    clean = 0,
    findings = 1, ///< At or above the threshold.
    failure = 2,  ///< Usage or environment.
};

/// What a command has to say.
struct CommandResult {
    std::vector<Output> outputs;
    ExitStatus status = ExitStatus::clean;
};

/// Does what the user asked for; prints nothing but progress.
[[nodiscard]] Result<CommandResult> run(const Arguments& arguments);

} // namespace ordain::cli
