#include "layout/discover.hpp"

#include "layout/detect.hpp"
#include "layout/file_name.hpp"
#include "layout/layout.hpp"
#include "layout/numbered_name.hpp"
#include "layout/toml_value.hpp"
#include "text/letter_case.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <system_error>
#include <utility>

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;

/// A repository with more folders than this is searched in part.
constexpr std::size_t max_folders = 50000;
constexpr std::size_t max_depth = 24;

/// Dependencies, build results, tests and their data, and other databases.
constexpr std::array<std::string_view, 23> skipped_names = {
    "node_modules", "vendor", "target",  "build",     "dist",        "__pycache__",
    "venv",         "test",   "tests",   "__tests__", "testdata",    "fixtures",
    "__fixtures__", "mysql",  "mariadb", "sqlite",    "sqlite3",     "clickhouse",
    "cockroach",    "mssql",  "oracle",  "cassandra", "cockroachdb",
};

/// Tools that own all folders below theirs.
constexpr std::array<std::string_view, 6> owners = {"diesel",  "prisma", "sqitch",
                                                    "drizzle", "hasura", "graphile-migrate"};

bool contains(auto& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

bool is_for_another_database(const FileTree& tree, const fs::path& folder) {
    const auto provider = read_toml_string(tree, folder / "migration_lock.toml", "provider");
    return provider && *provider != "postgresql" && *provider != "postgres";
}

bool is_migration_folder(const FileTree& tree, const fs::path& folder, const Detection& found) {
    if (found.candidates.empty()) return false;
    if (found.tool() == "prisma" && is_for_another_database(tree, folder)) return false;
    if (!found.weak) return true;
    const std::string name = text::lower_case(folder.filename().string());
    return name == "migrations" || name == "migration" || name == "migrate";
}

struct Pending {
    fs::path folder;
    std::size_t depth = 0;
};

/// The folders to look into next; symbolic links are left out, so that there are no loops.
void add_folders(std::vector<Pending>& pending,
                 const FileTree& tree,
                 const Pending& from,
                 bool holds_migrations) {
    const Result<std::vector<Entry>> entries = tree.list(from.folder);
    if (!entries || from.depth == max_depth) return;
    for (const Entry& entry : *entries) {
        if (entry.kind != EntryKind::folder || entry.name.starts_with('.')) continue;
        if (contains(skipped_names, text::lower_case(entry.name))) continue;
        if (holds_migrations && is_name_of_down_folder(entry.name)) continue;
        std::error_code error;
        fs::path folder = from.folder / entry.name;
        if (fs::is_symlink(folder, error)) continue;
        pending.push_back({.folder = std::move(folder), .depth = from.depth + 1});
    }
}

std::string sort_key(const Discovery& discovery) {
    return discovery.folder.generic_string();
}

} // namespace

std::vector<Discovery> discover(const FileTree& tree, const fs::path& root) {
    std::vector<Discovery> found;
    std::vector<Pending> pending = {{.folder = root, .depth = 0}};
    for (std::size_t visited = 0; !pending.empty() && visited < max_folders; ++visited) {
        const Pending next = std::move(pending.back());
        pending.pop_back();
        const Result<Detection> detection = detect(tree, next.folder);
        if (!detection) continue;
        const bool holds_migrations = is_migration_folder(tree, next.folder, *detection);
        if (holds_migrations) found.push_back({.folder = next.folder, .tool = detection->tool()});
        if (contains(owners, detection->tool())) continue;
        add_folders(pending, tree, next, holds_migrations);
    }
    const auto is_code = [](const Discovery& each) { return is_written_in_code(each.tool); };
    if (!std::ranges::all_of(found, is_code)) std::erase_if(found, is_code);
    std::ranges::sort(found, {}, sort_key);
    return found;
}

std::vector<fs::path> find_migration_folders(const fs::path& root) {
    std::vector<fs::path> folders;
    for (Discovery& each : discover(FileTree(), root))
        folders.push_back(std::move(each.folder));
    return folders;
}

} // namespace ordain::layout
