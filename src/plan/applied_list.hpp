#pragma once

#include <filesystem>
#include <ordain/plan.hpp>
#include <ordain/result.hpp>
#include <ordain/source.hpp>

namespace ordain::plan {

/// Holds a plan against a file that names the migrations that have run: a line each, by version, id
/// or the file of the up script; what follows a # is a comment. Fails where a name is no
/// migration's, or more than one's.
[[nodiscard]] Result<void>
hold_against_list(const std::filesystem::path& list, Plan& plan, const SourceSet& sources);

} // namespace ordain::plan
