#include "layout/file_name.hpp"
#include "layout/order_notes.hpp"
#include "layout/shown_path.hpp"
#include "layout/toml_value.hpp"
#include "layout/tool.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <tuple>

// Diesel (diesel_migrations, migrations_internals): every folder that is not hidden and not empty
// is a migration and must hold up.sql. Its version is the name up to the first `_` without dashes,
// and versions are compared as strings.

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;
using Severity = LayoutNote::Severity;

std::string version_of(const std::string& name) {
    std::string version = name.substr(0, name.find('_'));
    std::erase(version, '-');
    return version;
}

/// Reads metadata.toml as Diesel's serde does: a missing key is false (no transaction), while a
/// file that cannot be read or is invalid counts as absent (a transaction).
Wrapping wrapping_of(const FileTree& tree, const fs::path& path, std::vector<LayoutNote>& notes) {
    const TomlBoolean value = read_toml_boolean(tree, path, "run_in_transaction");
    switch (value) {
    case TomlBoolean::yes: return Wrapping::explicit_block;
    case TomlBoolean::no: return Wrapping::implicit_block;
    case TomlBoolean::missing:
        notes.push_back(note_on(Severity::warning, path,
                                "no run_in_transaction here, which Diesel reads as false: the "
                                "migration runs outside a transaction"));
        return Wrapping::implicit_block;
    case TomlBoolean::invalid:
        notes.push_back(
            note_on(Severity::warning, path,
                    "not valid, so Diesel silently takes the default: the migration runs "
                    "in a transaction"));
        return Wrapping::explicit_block;
    }
    return Wrapping::explicit_block;
}

void add_folder(Draft& draft, const FileTree& tree, const fs::path& path, const std::string& name) {
    const Result<std::vector<Entry>> entries = tree.list(path);
    if (!entries) {
        draft.notes.push_back(note_on(Severity::error, path, entries.error().message));
        return;
    }
    const auto is_hidden = [](const Entry& entry) { return entry.name.starts_with('.'); };
    if (std::ranges::all_of(*entries, is_hidden)) return;
    if (find_entry(*entries, "up.sql") == nullptr) {
        draft.notes.push_back(note_on(Severity::error, path,
                                      "Diesel stops at this folder: it is not empty and has no "
                                      "up.sql"));
        if (has_file(*entries, "down.sql")) {
            draft.orphans.push_back({.script = path / "down.sql", .note = draft.notes.back()});
        }
        return;
    }
    if (!has_file(*entries, "up.sql")) {
        draft.notes.push_back(note_on(Severity::error, path / "up.sql", "is not a readable file"));
        return;
    }
    Step step{.id = name, .version = version_of(name), .up = path / "up.sql", .down = std::nullopt};
    if (has_file(*entries, "down.sql")) step.down = path / "down.sql";
    if (has_file(*entries, "metadata.toml")) {
        step.wrapping = wrapping_of(tree, path / "metadata.toml", draft.notes);
    }
    draft.steps.push_back(std::move(step));
}

bool same_version(std::string_view left, std::string_view right) {
    return left == right;
}

Result<Draft> draft(const FileTree& tree, const fs::path& folder) {
    const Result<std::vector<Entry>> entries = tree.list(folder);
    if (!entries) return tl::unexpected(entries.error());
    Draft draft;
    for (const Entry& entry : *entries) {
        if (entry.name.starts_with('.')) continue;
        const fs::path path = folder / entry.name;
        if (entry.kind == EntryKind::folder) {
            add_folder(draft, tree, path, entry.name);
        } else if (ends_with_any_case(entry.name, ".sql")) {
            draft.notes.push_back(note_on(Severity::note, path,
                                          "left out: Diesel reads <version>_<name>/up.sql only"));
        }
    }
    std::ranges::sort(draft.steps, [](const Step& left, const Step& right) {
        return std::tie(left.version, left.id) < std::tie(right.version, right.id);
    });
    return draft;
}

ScriptReading read_script(const SourceFile& file, Wrapping by_default, Direction direction) {
    ScriptReading reading{.wrapping = by_default, .directive = {}, .ignored = false, .notes = {}};
    const bool reverts = direction == Direction::down;
    const auto stops = [&](std::string_view why) {
        reading.notes.push_back({.severity = reverts ? Severity::warning : Severity::error,
                                 .path = file.path(),
                                 .message = fmt::format("Diesel refuses to {} this migration: {}",
                                                        reverts ? "revert" : "run", why)});
    };
    if (file.bytes().empty()) stops("the file is empty (0 bytes); write a comment into it");
    if (text::find_invalid_utf8(file.bytes(), 0) != std::string_view::npos)
        stops("the file is not valid UTF-8");
    return reading;
}

} // namespace

// MigrationHarness::pending_migrations (diesel_migrations) looks at versions only.
constinit const Tool diesel{
    .name = "diesel",
    .sent_whole = true,
    .wraps_in_transaction = true,
    .tracking =
        "CREATE TABLE __diesel_schema_migrations (version varchar(50) PRIMARY KEY NOT NULL, "
        "run_on timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP);",
    .wrapping = Wrapping::explicit_block,
    .client = Client::driver,
    .history = {.edited = OnRewrite::overlooks,
                .deleted = OnRewrite::overlooks,
                .inserted = OnRewrite::overlooks,
                .by_name = false},
    .commands = {.run = "diesel migration run --migration-dir {folder}",
                 .undo = "diesel migration revert --migration-dir {folder} --number {count}"},
    .duplicates = {.same = same_version, .runs_one = true},
    .outside_transaction = "put the statement alone in a migration whose metadata.toml says "
                           "`run_in_transaction = false`",
    .draft = draft,
    .read_script = read_script,
};

} // namespace ordain::layout
