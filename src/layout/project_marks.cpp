#include "layout/project_marks.hpp"

#include "layout/shown_path.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <string_view>

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;

/// A file whose existence, or a text in it, speaks for a tool.
struct ProjectFile {
    std::string_view tool;
    std::string_view name;
    std::string_view holds;
};

constexpr std::array project_files = {
    ProjectFile{"sqlx", "sqlx.toml", {}},
    ProjectFile{"sqlx", ".sqlx", {}},
    ProjectFile{"sqlx", "sqlx-data.json", {}},
    ProjectFile{"diesel", "diesel.toml", {}},
    ProjectFile{"prisma", "schema.prisma", {}},
    ProjectFile{"prisma", "prisma/schema.prisma", {}},
    ProjectFile{"prisma", "prisma.config.ts", {}},
    ProjectFile{"postgres-migrations", "package.json", "\"postgres-migrations\""},
    ProjectFile{"node-pg-migrate", "package.json", "\"node-pg-migrate\""},
    ProjectFile{"golang-migrate", "go.mod", "golang-migrate/migrate"},
    ProjectFile{"pop", "go.mod", "gobuffalo/pop"},
    ProjectFile{"pop", "go.mod", "ory/pop"},
    ProjectFile{"pop", "database.yml", "dialect:"},
    ProjectFile{"tern", "tern.conf", {}},
    ProjectFile{"refinery", "refinery.toml", {}},
    ProjectFile{"hasura", "config.yaml", "metadata_directory"},
};

constexpr std::array<std::string_view, 3> crates = {"sqlx", "diesel", "refinery"};
constexpr std::size_t max_project_file_bytes = std::size_t{256} * 1024;
constexpr std::size_t max_lock_file_bytes = std::size_t{4} * 1024 * 1024;
constexpr std::size_t max_depth = 64;

/// `sqlx = ...`, `sqlx.workspace = true` or `[dependencies.sqlx]`.
bool is_dependency(std::string_view line, std::string_view crate) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (line.starts_with('['))
        return line.find(fmt::format(".{}]", crate)) != std::string_view::npos;
    if (!line.starts_with(crate) || line.size() == crate.size()) return false;
    return std::string_view(" \t.=").find(line[crate.size()]) != std::string_view::npos;
}

bool depends_on(std::string_view manifest, std::string_view crate) {
    while (!manifest.empty()) {
        const std::size_t end = std::min(manifest.find('\n'), manifest.size());
        if (is_dependency(manifest.substr(0, end), crate)) return true;
        manifest.remove_prefix(std::min(end + 1, manifest.size()));
    }
    return false;
}

/// Looks at one folder; `as_shown` is the same folder in terms of what the user named.
class Level {
public:
    Level(const FileTree& tree, fs::path folder, fs::path as_shown, std::size_t depth)
        : tree_(&tree),
          folder_(std::move(folder)),
          as_shown_(std::move(as_shown)),
          depth_(depth) {}

    void collect(std::vector<ProjectMark>& marks) const {
        for (const ProjectFile& file : project_files) {
            if (speaks(file)) marks.push_back(mark(file.tool, file.name, !file.holds.empty()));
        }
        const std::string manifest = tree_->head(folder_ / "Cargo.toml", max_project_file_bytes);
        bool named = false;
        for (const std::string_view crate : crates) {
            if (!depends_on(manifest, crate)) continue;
            marks.push_back(mark(crate, "Cargo.toml", true));
            named = true;
        }
        if (!named) collect_locked_crates(marks);
    }

private:
    [[nodiscard]] bool speaks(const ProjectFile& file) const {
        const fs::path path = folder_ / file.name;
        const EntryKind kind = tree_->kind(path);
        if (file.holds.empty()) return kind == EntryKind::file || kind == EntryKind::folder;
        return kind == EntryKind::file &&
               tree_->head(path, max_project_file_bytes).find(file.holds) != std::string::npos;
    }

    void collect_locked_crates(std::vector<ProjectMark>& marks) const {
        const std::string lock = tree_->head(folder_ / "Cargo.lock", max_lock_file_bytes);
        for (const std::string_view crate : crates) {
            if (lock.find(fmt::format("name = \"{}\"\n", crate)) == std::string::npos) continue;
            marks.push_back(mark(crate, "Cargo.lock", true));
        }
    }

    [[nodiscard]] ProjectMark
    mark(std::string_view tool, std::string_view name, bool names_it) const {
        const std::string path = shown(as_shown_ / name);
        return {.tool = std::string(tool),
                .evidence = names_it ? fmt::format("{} names {}", path, tool)
                                     : fmt::format("there is {}", path),
                .depth = depth_};
    }

    const FileTree* tree_;
    fs::path folder_;
    fs::path as_shown_;
    std::size_t depth_;
};

} // namespace

std::vector<ProjectMark> project_marks(const FileTree& tree, const fs::path& folder) {
    std::vector<ProjectMark> marks;
    fs::path place = absolute_path(folder);
    fs::path as_shown = folder;
    for (std::size_t depth = 0; depth < max_depth; ++depth) {
        Level(tree, place, as_shown, depth).collect(marks);
        const EntryKind git = tree.kind(place / ".git");
        if (git == EntryKind::folder || git == EntryKind::file || !place.has_relative_path()) break;
        place = place.parent_path();
        as_shown /= "..";
    }
    return marks;
}

} // namespace ordain::layout
