#pragma once

#include <ordain/config.hpp>
#include <ordain/plan.hpp>
#include <ordain/result.hpp>
#include <ordain/source.hpp>

namespace ordain::plan {

/// Adds to a plan what the settings say exists before its first migration: what a platform brings,
/// the schema dump that the history starts from, the user's assumptions. Fails where a file that
/// they name cannot be read.
[[nodiscard]] Result<void> add_beforehand(const Settings& settings, Plan& plan, SourceSet& sources);

} // namespace ordain::plan
