#pragma once

#include "layout/file_tree.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::project {

/// A folder at or above the one that was named.
struct Level {
    std::filesystem::path folder;   ///< Absolute.
    std::filesystem::path as_shown; ///< The same in terms of what the user named.
};

/// The folder and those above it, nearest first, up to and with the one that holds `.git`.
[[nodiscard]] std::vector<Level> levels(const layout::FileTree& tree,
                                        const std::filesystem::path& folder);

/// A regular file of a level, with the path as users see it.
struct LevelFile {
    std::filesystem::path path;
    std::string shown;
};

/// The files in `below` (empty: the level itself) whose names one of the patterns (fnmatch) fits.
[[nodiscard]] std::vector<LevelFile> files_in(const layout::FileTree& tree,
                                              const Level& level,
                                              std::string_view below,
                                              const std::vector<std::string_view>& patterns);

/// No file that is looked at is read beyond this.
inline constexpr std::size_t max_read_bytes = std::size_t{256} * 1024;

} // namespace ordain::project
