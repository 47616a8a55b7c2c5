#include "cli/inputs.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <system_error>
#include <unistd.h>

namespace ordain::cli {
namespace {

namespace fs = std::filesystem;
using layout::Selection;

/// The name of a text on standard input that stands for no file.
constexpr std::string_view nameless = "stdin.sql";

layout::LayoutOptions options_of(const Configuration& configuration) {
    return {.layout = configuration.settings.layout, .wrapping = configuration.settings.wrapping};
}

Result<std::string> read_standard_input() {
    std::string text;
    std::array<char, 65536> buffer{};
    while (text.size() <= max_file_bytes) {
        const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (count == 0) return text;
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            return failure(fmt::format("cannot read standard input: {}",
                                       std::generic_category().message(errno)));
        }
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return failure(
        fmt::format("standard input is larger than {} MiB", max_file_bytes / 1024 / 1024));
}

Result<Selection>
read_piped(const Arguments& arguments, const Configuration& configuration, SourceSet& sources) {
    Result<std::string> text = read_standard_input();
    if (!text) return failure(text.error().message);
    const std::string name = arguments.stdin_filename.value_or(std::string(nameless));
    return layout::plan_of_text(std::move(*text), name, sources, options_of(configuration));
}

Selection whole(Plan plan) {
    std::vector<std::size_t> all = all_migrations(plan);
    return {.plan = std::move(plan), .selected = std::move(all), .whole = true, .stray = {}};
}

bool has_root(const std::vector<Selection>& plans, const std::string& root) {
    return std::ranges::any_of(
        plans, [&](const Selection& selection) { return selection.plan.root == root; });
}

/// A folder however its path is spelt.
fs::path real_path(const fs::path& folder) {
    std::error_code error;
    fs::path path = fs::canonical(folder, error);
    return error ? folder : path;
}

/// Adds the plans of all migration folders at or below a folder, less those that are there.
Result<void> read_folder(const fs::path& folder,
                         const Configuration& configuration,
                         SourceSet& sources,
                         std::set<fs::path>& seen,
                         std::vector<Selection>& plans) {
    std::vector<fs::path> folders;
    if (!configuration.settings.layout) folders = layout::find_migration_folders(folder);
    // Reading the folder itself says what is wrong with it.
    if (folders.empty()) folders.push_back(folder);
    for (const fs::path& found : folders) {
        if (!seen.insert(real_path(found)).second) continue;
        Result<Plan> plan = layout::read_plan(found, sources, options_of(configuration));
        if (!plan) return failure(plan.error().message);
        if (has_root(plans, plan->root)) continue;
        plans.push_back(whole(std::move(*plan)));
    }
    return {};
}

bool is_folder(const fs::path& path) {
    std::error_code error;
    return fs::is_directory(path, error);
}

/// Whether a path is a script of the migration, or a folder that it has for itself.
bool concerns(const std::string& path,
              const Plan& plan,
              const Migration& migration,
              const SourceSet& sources) {
    const auto is_of = [&](const Script& script) {
        const std::string& file = sources.file(script.file).path();
        return path == file || (path != plan.root && file.starts_with(path + "/"));
    };
    return is_of(migration.up) || (migration.down && is_of(*migration.down));
}

/// A plan of which something can be shown; else a failure that says why nothing can.
Result<Selection> with_migrations(Result<Selection> selection) {
    if (!selection || !selection->plan.migrations.empty() || selection->plan.notes.empty()) {
        return selection;
    }
    const LayoutNote& note = selection->plan.notes.front();
    return failure(fmt::format("{}: {}", note.path, note.message));
}

/// Who asks about some files wants to hear of them, and of what stops the runner altogether.
void keep_notes_about_selected(Selection& selection, const SourceSet& sources) {
    Plan& plan = selection.plan;
    std::erase_if(plan.notes, [&](const LayoutNote& note) {
        if (std::ranges::find(selection.stray, note.path) != selection.stray.end()) return false;
        if (note.path == plan.root) return note.severity != LayoutNote::Severity::error;
        return std::ranges::none_of(selection.selected, [&](std::size_t index) {
            return concerns(note.path, plan, plan.migrations[index], sources);
        });
    });
}

} // namespace

Result<std::vector<Selection>>
read_inputs(const Arguments& arguments, const Configuration& configuration, SourceSet& sources) {
    std::vector<Selection> plans;
    if (configuration.paths.front() == "-") {
        Result<Selection> piped = read_piped(arguments, configuration, sources);
        if (!piped) return failure(piped.error().message);
        keep_notes_about_selected(*piped, sources);
        plans.push_back(std::move(*piped));
        return plans;
    }
    std::vector<fs::path> files;
    std::set<fs::path> seen;
    for (const std::string& path : configuration.paths) {
        if (!is_folder(path)) {
            files.emplace_back(path);
            continue;
        }
        const Result<void> read = read_folder(path, configuration, sources, seen, plans);
        if (!read) return failure(read.error().message);
    }
    if (files.empty()) return plans;
    Result<std::vector<Selection>> selections =
        layout::plan_of_files(files, sources, options_of(configuration));
    if (!selections) return failure(selections.error().message);
    for (Selection& selection : *selections) {
        // A folder that was named as well is judged whole.
        if (has_root(plans, selection.plan.root)) continue;
        keep_notes_about_selected(selection, sources);
        plans.push_back(std::move(selection));
    }
    return plans;
}

Result<Selection>
read_input(const Arguments& arguments, const Configuration& configuration, SourceSet& sources) {
    const fs::path path = configuration.paths.front();
    if (path == "-") return with_migrations(read_piped(arguments, configuration, sources));
    if (is_folder(path)) {
        Result<Plan> plan = layout::read_plan(path, sources, options_of(configuration));
        if (!plan) return failure(plan.error().message);
        return whole(std::move(*plan));
    }
    Result<std::vector<Selection>> selections =
        layout::plan_of_files({path}, sources, options_of(configuration));
    if (!selections) return failure(selections.error().message);
    return with_migrations(std::move(selections->front()));
}

} // namespace ordain::cli
