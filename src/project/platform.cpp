#include "layout/shown_path.hpp"
#include "project/levels.hpp"
#include "project/project.hpp"

#include <array>

namespace ordain::project {
namespace {

namespace fs = std::filesystem;
using layout::EntryKind;

/// A file that speaks for a platform by being there, or by a text in it.
struct Mark {
    std::string_view platform;
    std::string_view file;
    std::string_view holds;
};

/// Host names of hosted servers stand in samples of environment files; no file that holds secrets
/// is read.
constexpr std::array marks = {
    Mark{"supabase", "supabase/config.toml", {}},
    Mark{"neon", ".neon", {}},
    Mark{"neon", "package.json", "\"@neondatabase/"},
    Mark{"neon", ".env.example", ".neon.tech"},
    Mark{"neon", ".env.sample", ".neon.tech"},
    Mark{"supabase", ".env.example", ".supabase.co"},
    Mark{"supabase", ".env.sample", ".supabase.co"},
    Mark{"rds", ".env.example", ".rds.amazonaws.com"},
    Mark{"rds", ".env.sample", ".rds.amazonaws.com"},
    Mark{"azure", ".env.example", ".postgres.database.azure.com"},
    Mark{"azure", ".env.sample", ".postgres.database.azure.com"},
};

bool speaks(const layout::FileTree& tree, const Level& level, const Mark& mark) {
    const fs::path path = level.folder / mark.file;
    if (tree.kind(path) != EntryKind::file) return false;
    return mark.holds.empty() ||
           tree.head(path, max_read_bytes).find(mark.holds) != std::string::npos;
}

} // namespace

std::optional<Sign> platform(const layout::FileTree& tree, const fs::path& folder) {
    for (const Level& level : levels(tree, folder)) {
        for (const Mark& mark : marks) {
            if (!speaks(tree, level, mark)) continue;
            return Sign{.platform = mark.platform,
                        .where = layout::shown(level.as_shown / mark.file)};
        }
        const bool by_name = level.folder.filename() == "migrations" &&
                             level.folder.parent_path().filename() == "supabase";
        if (by_name) return Sign{.platform = "supabase", .where = layout::shown(level.as_shown)};
    }
    return std::nullopt;
}

} // namespace ordain::project
