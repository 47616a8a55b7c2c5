#include "layout/file_name.hpp"
#include "layout/order_notes.hpp"
#include "layout/shown_path.hpp"
#include "layout/tool.hpp"
#include "text/letter_case.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <iterator>
#include <map>
#include <utility>

// sqlx (sqlx-core/src/migrate/source.rs): a name is split at its first `_`; when the rest ends in
// ".sql" the first part must be an i64, or nothing runs at all. ".up.sql" and ".down.sql" pair up.

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;
using Severity = LayoutNote::Severity;

constexpr std::string_view no_transaction = "-- no-transaction";

struct VersionedFile {
    std::int64_t version = 0;
    Step step;
};

struct Files {
    std::vector<VersionedFile> ups;
    std::map<std::int64_t, fs::path> downs;
    std::vector<LayoutNote> notes;
};

/// As Rust's i64 reads it: an optional sign, then digits only.
std::optional<std::int64_t> version_of(std::string_view text) {
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.empty() || !is_digit(text.front())) return std::nullopt;
    }
    std::int64_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return version;
}

/// A name that sqlx does not take for a migration, but people may.
std::vector<LayoutNote> passed_over(const fs::path& path, std::string_view name) {
    if (!ends_with_any_case(name, ".sql")) return {};
    if (leading_digits(name).empty()) {
        return {note_on(Severity::note, path, "left out: sqlx reads <version>_<name>.sql only")};
    }
    return {
        note_on(Severity::warning, path,
                "silently ignored by sqlx, which reads <version>_<name>.sql in lower case only")};
}

void add_file(Files& files, const fs::path& path, const std::string& name) {
    const std::size_t split = name.find('_');
    if (split == std::string::npos || !std::string_view(name).substr(split).ends_with(".sql")) {
        std::ranges::move(passed_over(path, name), std::back_inserter(files.notes));
        return;
    }
    const std::string text = name.substr(0, split);
    const std::optional<std::int64_t> version = version_of(text);
    if (!version) {
        files.notes.push_back(note_on(
            Severity::error, path,
            fmt::format(
                "sqlx stops at this file: \"{}\" before the first _ is not a 64-bit number; "
                "move the file out of the folder",
                printable(text))));
        return;
    }
    if (!name.ends_with(".down.sql")) {
        files.ups.push_back({.version = *version,
                             .step = {.id = std::string(migration_stem(name)),
                                      .version = text,
                                      .up = path,
                                      .down = std::nullopt}});
    } else if (!files.downs.emplace(*version, path).second) {
        files.notes.push_back(
            note_on(Severity::warning, path, fmt::format("version {} has two down files", text)));
    }
}

bool same_number(const Step& left, const Step& right) {
    return version_of(left.version) == version_of(right.version);
}

Result<Draft> draft(const FileTree& tree, const fs::path& folder) {
    const Result<std::vector<Entry>> entries = tree.list(folder);
    if (!entries) return tl::unexpected(entries.error());
    Files files;
    for (const Entry& entry : *entries) {
        if (entry.kind == EntryKind::file) {
            add_file(files, folder / entry.name, entry.name);
        } else if (ends_with_any_case(entry.name, ".sql")) {
            const bool broken = entry.kind == EntryKind::unreadable;
            files.notes.push_back(note_on(broken ? Severity::error : Severity::note,
                                          folder / entry.name,
                                          broken ? "sqlx stops at this link: it leads nowhere"
                                                 : "left out: not a regular file"));
        }
    }
    std::ranges::stable_sort(files.ups, {}, &VersionedFile::version);
    Draft draft{.steps = {}, .notes = std::move(files.notes), .orphans = {}};
    for (VersionedFile& file : files.ups) {
        const auto down = files.downs.find(file.version);
        if (down != files.downs.end()) file.step.down = down->second;
        draft.steps.push_back(std::move(file.step));
    }
    for (const VersionedFile& file : files.ups)
        files.downs.erase(file.version);
    for (const auto& [version, path] : files.downs) {
        draft.notes.push_back(note_on(Severity::warning, path, "a down file without its up file"));
        draft.orphans.push_back({.script = path, .note = draft.notes.back()});
    }
    std::ranges::move(order_notes(draft.steps, folder, "sqlx orders by number"),
                      std::back_inserter(draft.notes));
    std::ranges::move(duplicate_notes(draft.steps, same_number,
                                      "sqlx fails when it records the second one (23505 on "
                                      "_sqlx_migrations), and their order is undefined"),
                      std::back_inserter(draft.notes));
    return draft;
}

/// Where the leading comments and blank lines hold what was meant as the directive but is not at
/// the very first byte, or is spelt differently.
bool directive_missed(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    text = text.substr(0, head_bytes);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string line = text::lower_case(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t begin = line.find_first_not_of(" \t\r");
        if (begin == std::string::npos) continue;
        if (line.compare(begin, 2, "--") != 0) return false;
        const std::size_t word = line.find_first_not_of("- \t", begin);
        if (word == std::string::npos) continue;
        if (line.compare(word, 14, "no-transaction") == 0) return true;
        if (line.compare(word, 14, "no transaction") == 0) return true;
    }
    return false;
}

ScriptReading read_script(const SourceFile& file, Wrapping by_default, Direction /*direction*/) {
    ScriptReading reading{.wrapping = by_default, .directive = {}, .ignored = false, .notes = {}};
    if (file.bytes().starts_with(no_transaction)) {
        reading.wrapping = Wrapping::implicit_block;
        reading.directive = {.begin = 0, .end = static_cast<std::uint32_t>(no_transaction.size())};
    } else if (directive_missed(file.bytes())) {
        reading.notes.push_back(
            {.severity = Severity::warning,
             .path = file.path(),
             .message =
                 "the file runs in a transaction: sqlx obeys \"-- no-transaction\" only as the "
                 "very first bytes of a file, spelt exactly so"});
    }
    if (text::find_invalid_utf8(file.bytes(), 0) != std::string_view::npos) {
        reading.notes.push_back({.severity = Severity::error,
                                 .path = file.path(),
                                 .message = "sqlx stops at this file: it is not valid UTF-8"});
    }
    return reading;
}

} // namespace

// Migrator::run (sqlx-core/src/migrate/migrator.rs) compares checksums, misses what is gone, and
// runs whatever the table lacks.
constinit const Tool sqlx{
    .name = "sqlx",
    .sent_whole = true,
    .wraps_in_transaction = true,
    .tracking =
        "CREATE TABLE _sqlx_migrations (version bigint PRIMARY KEY, description text NOT NULL, "
        "installed_on timestamptz NOT NULL DEFAULT now(), success boolean NOT NULL, "
        "checksum bytea NOT NULL, execution_time bigint NOT NULL);",
    .wrapping = Wrapping::explicit_block,
    .client = Client::driver,
    .history = {.edited = OnRewrite::stops,
                .deleted = OnRewrite::stops,
                .inserted = OnRewrite::overlooks,
                .by_name = false},
    .commands = {.run = "sqlx migrate run --source {folder}",
                 .undo = "sqlx migrate revert --source {folder}   # {count} times"},
    .outside_transaction = "put the statement alone in a migration whose very first bytes are "
                           "`-- no-transaction`",
    .draft = draft,
    .read_script = read_script,
};

} // namespace ordain::layout
