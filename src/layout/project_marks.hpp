#pragma once

#include "layout/file_tree.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace ordain::layout {

/// A project file at or above a folder that speaks for a tool.
struct ProjectMark {
    std::string tool;
    std::string evidence;  ///< A sentence that names the file.
    std::size_t depth = 0; ///< How many folders up.
};

/// Looks for project files in the folder and in those above it, up to and with the one that holds
/// `.git`. Nearest first; a tool may appear several times.
[[nodiscard]] std::vector<ProjectMark> project_marks(const FileTree& tree,
                                                     const std::filesystem::path& folder);

} // namespace ordain::layout
