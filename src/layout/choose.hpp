#pragma once

#include "layout/detect.hpp"
#include "layout/layout.hpp"
#include "layout/load.hpp"

#include <filesystem>
#include <optional>
#include <ordain/result.hpp>
#include <string>
#include <vector>

namespace ordain::layout {

/// The tool to read a folder with, and what the plan must say about the choice.
struct Choice {
    const Tool* tool = nullptr;
    std::vector<std::string> evidence;
    std::vector<LayoutNote> notes;
    /// How a runner of the user's own wraps plain numbered files.
    std::optional<Wrapping> wrapping;
};

/// The tool that the user named. Fails for an unknown or unsupported one.
[[nodiscard]] Result<const Tool*> named_tool(const std::string& name);

/// Chooses from the user's wish or from what the folder looks like. Fails when the folder is
/// ambiguous or belongs to a tool that is not supported. No tool: not a migration folder.
[[nodiscard]] Result<Choice>
choose(const FileTree& tree, const std::filesystem::path& folder, const LayoutOptions& options);

/// Why a folder of that tool cannot be read; names a way out where there is one.
[[nodiscard]] Failure
unsupported(const FileTree& tree, const std::filesystem::path& folder, const Candidate& candidate);

/// Reads a folder with the chosen tool. No migrations at all is not a failure here.
[[nodiscard]] Result<Reading> read_folder(const FileTree& tree,
                                          const std::filesystem::path& folder,
                                          Choice choice,
                                          SourceSet& sources);

} // namespace ordain::layout
