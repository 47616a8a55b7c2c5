#pragma once

#include "layout/file_tree.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ordain::layout {

/// A tool that a folder may belong to, and why.
struct Candidate {
    std::string tool;
    std::string evidence; ///< A sentence.
};

/// What a folder looks like.
struct Detection {
    /// No candidate: not a migration folder. Several that name different tools: ambiguous.
    std::vector<Candidate> candidates;
    /// True when a single numbered file is all there is.
    bool weak = false;
    /// Something to tell the user when the folder is read; empty mostly.
    std::string caution;

    [[nodiscard]] bool ambiguous() const;
    /// The tool of the first candidate; empty without one.
    [[nodiscard]] std::string tool() const;
};

/// Says which tool a folder itself belongs to; folders below it are another question.
[[nodiscard]] Result<Detection> detect(const FileTree& tree, const std::filesystem::path& folder);

/// True for tools whose migrations are written in another language than SQL.
[[nodiscard]] bool is_written_in_code(const std::string& tool);

} // namespace ordain::layout
