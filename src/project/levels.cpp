#include "project/levels.hpp"

#include "layout/shown_path.hpp"

#include <algorithm>
#include <fnmatch.h>

namespace ordain::project {
namespace {

namespace fs = std::filesystem;
using layout::EntryKind;

constexpr std::size_t max_levels = 64;

} // namespace

std::vector<Level> levels(const layout::FileTree& tree, const fs::path& folder) {
    std::vector<Level> levels;
    Level level{.folder = layout::absolute_path(folder), .as_shown = folder};
    while (levels.size() < max_levels) {
        levels.push_back(level);
        const EntryKind git = tree.kind(level.folder / ".git");
        const bool top = git == EntryKind::folder || git == EntryKind::file;
        if (top || !level.folder.has_relative_path()) break;
        level.folder = level.folder.parent_path();
        level.as_shown /= "..";
    }
    return levels;
}

std::vector<LevelFile> files_in(const layout::FileTree& tree,
                                const Level& level,
                                std::string_view below,
                                const std::vector<std::string_view>& patterns) {
    const fs::path folder = below.empty() ? level.folder : level.folder / below;
    if (tree.kind(folder) != EntryKind::folder) return {};
    const Result<std::vector<layout::Entry>> entries = tree.list(folder);
    if (!entries) return {};
    std::vector<LevelFile> files;
    for (const layout::Entry& entry : *entries) {
        const bool fits = std::ranges::any_of(patterns, [&](std::string_view pattern) {
            return ::fnmatch(std::string(pattern).c_str(), entry.name.c_str(), 0) == 0;
        });
        if (!fits || entry.kind != EntryKind::file) continue;
        files.push_back({.path = folder / entry.name,
                         .shown = layout::shown(level.as_shown / below / entry.name)});
    }
    return files;
}

} // namespace ordain::project
