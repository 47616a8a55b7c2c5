#include "layout/choose.hpp"
#include "layout/discover.hpp"
#include "layout/layout.hpp"
#include "layout/shown_path.hpp"

#include <fmt/format.h>
#include <string>
#include <utility>

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;

Failure nothing_found(const FileTree& tree, const fs::path& root) {
    for (const char* name : {"up.sql", "migration.sql"}) {
        if (tree.kind(root / name) != EntryKind::file) continue;
        return {.message = fmt::format("{} is a single migration: name {} to judge it on its "
                                       "history, or the folder above it",
                                       shown(root), shown(root / name))};
    }
    return {.message = fmt::format(
                "no migrations found in {}: looked there and below for numbered .sql files, for "
                "folders with up.sql or migration.sql, and for the files of other migration tools",
                shown(root))};
}

Failure several_found(const fs::path& root, const std::vector<Discovery>& found) {
    std::string list;
    for (const Discovery& each : found) {
        list += fmt::format("\n  {} ({})", shown(each.folder), each.tool);
    }
    return {.message = fmt::format("{} holds {} migration folders; name one of them:{}",
                                   shown(root), found.size(), list)};
}

/// The only migration folder below.
Result<fs::path> folder_below(const FileTree& tree, const fs::path& root) {
    std::vector<Discovery> found = discover(tree, root);
    if (found.empty()) return tl::unexpected(nothing_found(tree, root));
    if (found.size() > 1) return tl::unexpected(several_found(root, found));
    return std::move(found.front().folder);
}

Result<Plan>
read_one(const FileTree& tree, const fs::path& folder, Choice choice, SourceSet& sources) {
    Result<Reading> reading = read_folder(tree, folder, std::move(choice), sources);
    if (!reading) return tl::unexpected(reading.error());
    return std::move(reading->plan);
}

} // namespace

Result<Plan> read_plan(const fs::path& root, SourceSet& sources, const LayoutOptions& options) {
    const FileTree tree;
    switch (tree.kind(root)) {
    case EntryKind::folder: break;
    case EntryKind::unreadable:
        return failure(fmt::format("{} does not exist; name a folder of migrations", shown(root)));
    case EntryKind::file:
    case EntryKind::other: return failure(fmt::format("{} is not a folder", shown(root)));
    }
    Result<Choice> choice = choose(tree, root, options);
    if (!choice) return tl::unexpected(choice.error());
    if (choice->tool != nullptr) {
        Result<Plan> plan = read_one(tree, root, *choice, sources);
        if (!plan || !plan->migrations.empty()) return plan;
    }
    const Result<fs::path> folder = folder_below(tree, root);
    if (!folder) return tl::unexpected(folder.error());
    choice = choose(tree, *folder, options);
    if (!choice) return tl::unexpected(choice.error());
    if (choice->tool == nullptr) return tl::unexpected(nothing_found(tree, root));
    Result<Plan> plan = read_one(tree, *folder, *std::move(choice), sources);
    if (plan && plan->migrations.empty()) {
        return failure(fmt::format("no migrations found in {}, which was read as {}",
                                   shown(*folder), plan->layout));
    }
    return plan;
}

Result<std::vector<NamedMigration>> migrations_in(const Snapshot& snapshot,
                                                  const std::string& layout) {
    std::vector<NamedMigration> named;
    const Tool* tool = find_tool(layout);
    if (tool == nullptr) return named;
    const Result<Draft> draft = tool->draft(FileTree(snapshot), snapshot.root);
    if (!draft) return tl::unexpected(draft.error());
    for (const Step& step : draft->steps) {
        named.push_back(
            {.up = step.up.lexically_relative(snapshot.root), .version = printable(step.version)});
    }
    return named;
}

} // namespace ordain::layout
