#pragma once

#include "git/repository.hpp"

#include <ordain/plan.hpp>
#include <ordain/result.hpp>
#include <ordain/source.hpp>

namespace ordain::plan {

/// Holds a plan against a commit that production is taken to have run: marks the migrations that it
/// has as applied, notes what of it was rewritten since, and leaves out what the plan's notes say
/// of files that it has. The texts of deleted migrations are added to the sources.
[[nodiscard]] Result<void> hold_against(const git::Repository& repository,
                                        const git::Commit& commit,
                                        Plan& plan,
                                        SourceSet& sources);

} // namespace ordain::plan
