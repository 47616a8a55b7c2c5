#pragma once

#include "layout/file_tree.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ordain::layout {

/// A migration folder below another folder.
struct Discovery {
    std::filesystem::path folder;
    std::string tool; ///< Of its first candidate.
};

/// As find_migration_folders. Folders whose migrations are code count only when no other is found.
[[nodiscard]] std::vector<Discovery> discover(const FileTree& tree,
                                              const std::filesystem::path& root);

} // namespace ordain::layout
