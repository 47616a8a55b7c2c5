#pragma once

#include "cli/arguments.hpp"
#include "cli/settings.hpp"
#include "layout/layout.hpp"

#include <ordain/result.hpp>
#include <ordain/source.hpp>
#include <vector>

namespace ordain::cli {

/// The plans that the paths of `check` mean, each with the migrations asked for (none: all).
/// A folder stands for all migration folders below it.
[[nodiscard]] Result<std::vector<layout::Selection>>
read_inputs(const Arguments& arguments, const Configuration& configuration, SourceSet& sources);

/// The one plan that the path of `inspect` means.
[[nodiscard]] Result<layout::Selection>
read_input(const Arguments& arguments, const Configuration& configuration, SourceSet& sources);

} // namespace ordain::cli
