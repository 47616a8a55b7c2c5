#pragma once

#include "layout/file_tree.hpp"
#include "layout/tool.hpp"

#include <filesystem>
#include <ordain/plan.hpp>
#include <ordain/result.hpp>
#include <ordain/source.hpp>
#include <string>
#include <vector>

namespace ordain::layout {

/// A plan, and for each of its migrations the step it was made of.
struct Reading {
    Plan plan;
    std::vector<Step> steps;
};

/// Loads all scripts of a draft (several at a time; the SourceSet's order is that of the plan, each
/// up before its down) and makes the plan. Fails at the first script that cannot be read.
[[nodiscard]] Result<Reading> load(const FileTree& tree,
                                   const Tool& tool,
                                   const std::filesystem::path& folder,
                                   Draft draft,
                                   SourceSet& sources);

} // namespace ordain::layout
