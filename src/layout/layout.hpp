#pragma once

#include "layout/file_tree.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <ordain/plan.hpp>
#include <ordain/result.hpp>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <vector>

/// Reads folders of migrations as their own tools read them: names, order, transactions.
///
/// A folder is looked at in three steps. *Detection* says which tool it belongs to, from what lies
/// in it, from the first 4 KiB of some of its files and from project files in the folders above.
/// The tool's own code then *drafts* a plan from names alone (which files count, in what order,
/// what the tool would trip over). At last all files are *loaded* and each script's wrapping is
/// read from its text.
namespace ordain::layout {

/// What the user decides about reading.
struct LayoutOptions {
    /// The tool to read a folder as, whatever it looks like; one of layout_names().
    std::optional<std::string> layout;
    /// How a runner of the user's own wraps plain numbered files; unset: as psql runs them.
    std::optional<Wrapping> wrapping = std::nullopt;
};

/// A plan, and the migrations of it that were asked for (indices into plan.migrations, ascending).
struct Selection {
    Plan plan;
    std::vector<std::size_t> selected;
    bool whole = false; ///< The folder itself was asked for, and not some of its scripts.
    /// Paths of the notes about scripts that were asked for and belong to no migration. When
    /// nothing else was asked for, the plan is empty but for these notes.
    std::vector<std::string> stray;
};

/// The layouts that can be read, in alphabetical order.
[[nodiscard]] std::vector<std::string_view> layout_names();

/// Reads all migrations of a folder, or of the only migration folder below it. Fails when the path
/// is no folder, holds no or several migration folders, belongs to a tool that is not supported, is
/// ambiguous, or when one of its files cannot be read. What the tool itself would refuse is a
/// LayoutNote and no failure.
[[nodiscard]] Result<Plan>
read_plan(const std::filesystem::path& root, SourceSet& sources, const LayoutOptions& options);

/// The migration folders at or below `root`, of any tool that is recognised, sorted bytewise.
/// Hidden folders, dependencies, fixtures and folders of other databases are not entered, nor are
/// symbolic links.
[[nodiscard]] std::vector<std::filesystem::path>
find_migration_folders(const std::filesystem::path& root);

/// Reads the histories that the files belong to: one Selection a migration folder, in the order in
/// which the folders are first named. A file of no recognisable folder is a plan of its own with
/// the layout "file".
[[nodiscard]] Result<std::vector<Selection>>
plan_of_files(const std::vector<std::filesystem::path>& files,
              SourceSet& sources,
              const LayoutOptions& options);

/// A migration of which only the names are read.
struct NamedMigration {
    std::filesystem::path up; ///< Relative to the folder.
    std::string version;
};
/// The migrations that a layout sees in a snapshot, in the order in which they are applied.
[[nodiscard]] Result<std::vector<NamedMigration>> migrations_in(const Snapshot& snapshot,
                                                                const std::string& layout);

/// Reads the history that `filename` belongs to (the file need not exist) with `bytes` as that
/// file's text.
[[nodiscard]] Result<Selection> plan_of_text(std::string bytes,
                                             const std::string& filename,
                                             SourceSet& sources,
                                             const LayoutOptions& options);

} // namespace ordain::layout
