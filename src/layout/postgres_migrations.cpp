#include "layout/file_name.hpp"
#include "layout/order_notes.hpp"
#include "layout/shown_path.hpp"
#include "layout/tool.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <iterator>

// postgres-migrations (file-name-parser.ts, validation.ts, run-migration.ts): whatever ends in .sql
// or .js must begin with a number; the numbers must be 1, 2, 3 ... without gaps, as 0 is the tool's
// own table. A directive counts wherever its text stands in the file.

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;
using Severity = LayoutNote::Severity;

constexpr std::string_view disable_transaction = "-- postgres-migrations disable-transaction";
constexpr std::string_view ignore_script = "-- postgres-migrations ignore";

bool is_script(std::string_view name) {
    return ends_with_any_case(name, ".sql") || ends_with_any_case(name, ".js");
}

bool is_before(const Step& left, const Step& right) {
    const auto order = compare_numbers(left.version, right.version);
    return order != 0 ? order < 0 : left.id < right.id;
}

bool same_number(const Step& left, const Step& right) {
    return compare_numbers(left.version, right.version) == 0;
}

/// The first place where the numbers are not consecutive; the tool refuses the whole folder then.
std::vector<LayoutNote> gap_notes(const std::vector<Step>& steps) {
    std::size_t expected = 1;
    for (const Step& step : steps) {
        if (expected > 1 && compare_numbers(step.version, fmt::to_string(expected - 1)) == 0)
            continue;
        if (compare_numbers(step.version, fmt::to_string(expected)) != 0) {
            return {
                note_on(Severity::error, step.up,
                        fmt::format("postgres-migrations refuses the folder: number {} is wanted "
                                    "here, without gaps from 1",
                                    expected))};
        }
        ++expected;
    }
    return {};
}

void add_entry(Draft& draft, const fs::path& folder, const Entry& entry) {
    const fs::path path = folder / entry.name;
    const std::string_view digits = leading_digits(entry.name);
    if (digits.empty()) {
        draft.notes.push_back(note_on(Severity::error, path,
                                      "postgres-migrations stops at this file: its name does not "
                                      "begin with a number"));
        return;
    }
    if (entry.kind != EntryKind::file) {
        draft.notes.push_back(note_on(
            Severity::error, path, "postgres-migrations stops here: this is not a readable file"));
        return;
    }
    draft.steps.push_back({.id = std::string(migration_stem(entry.name)),
                           .version = std::string(digits),
                           .up = path,
                           .down = std::nullopt});
}

/// Migrations in JavaScript take their number, but their SQL is not known.
void take_out_scripts_in_javascript(Draft& draft) {
    std::erase_if(draft.steps, [&](const Step& step) {
        if (!ends_with_any_case(step.up.native(), ".js")) return false;
        draft.notes.push_back(note_on(Severity::warning, step.up,
                                      "left out: a migration in JavaScript, whose SQL is not known "
                                      "without running it"));
        return true;
    });
}

Result<Draft> draft(const FileTree& tree, const fs::path& folder) {
    const Result<std::vector<Entry>> entries = tree.list(folder);
    if (!entries) return tl::unexpected(entries.error());
    Draft draft;
    for (const Entry& entry : *entries) {
        if (is_script(entry.name)) add_entry(draft, folder, entry);
    }
    std::ranges::sort(draft.steps, is_before);
    std::ranges::move(gap_notes(draft.steps), std::back_inserter(draft.notes));
    std::ranges::move(
        duplicate_notes(draft.steps, same_number, "postgres-migrations refuses the folder"),
        std::back_inserter(draft.notes));
    take_out_scripts_in_javascript(draft);
    std::ranges::move(order_notes(draft.steps, folder, "postgres-migrations orders by number"),
                      std::back_inserter(draft.notes));
    return draft;
}

Span find_directive(std::string_view text, std::string_view directive) {
    const std::size_t begin = text.find(directive);
    if (begin == std::string_view::npos) return {};
    return {.begin = static_cast<std::uint32_t>(begin),
            .end = static_cast<std::uint32_t>(begin + directive.size())};
}

/// True when only comment lines and blank lines stand before `offset`, which begins a line.
bool is_at_top(std::string_view text, std::size_t offset) {
    text = text.substr(0, offset);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        const std::size_t begin = line.find_first_not_of(" \t\r");
        if (begin != std::string_view::npos && !line.substr(begin).starts_with("--")) return false;
        if (end == std::string_view::npos) return begin == std::string_view::npos;
        text.remove_prefix(end + 1);
    }
    return true;
}

ScriptReading read_script(const SourceFile& file, Wrapping by_default, Direction /*direction*/) {
    ScriptReading reading{.wrapping = by_default, .directive = {}, .ignored = false, .notes = {}};
    const Span disable = find_directive(file.bytes(), disable_transaction);
    const Span ignore = find_directive(file.bytes(), ignore_script);
    const auto add_note = [&](Severity severity, std::string_view message) {
        reading.notes.push_back(
            {.severity = severity, .path = file.path(), .message = std::string(message)});
    };
    if (!disable.empty()) {
        reading.wrapping = Wrapping::implicit_block;
        reading.directive = disable;
        if (!is_at_top(file.bytes(), disable.begin)) {
            add_note(Severity::warning,
                     "the file runs outside a transaction: \"disable-transaction\" "
                     "counts wherever it stands, also after SQL or in a string");
        }
    }
    if (!ignore.empty()) {
        reading.ignored = true;
        add_note(Severity::note,
                 "not run: \"-- postgres-migrations ignore\" makes supabase/storage's "
                 "runner send SELECT 1 instead; the stock runner would run the file");
    }
    return reading;
}

} // namespace

// validation.ts refuses another hash under a number that has run, and numbers with gaps.
constinit const Tool postgres_migrations{
    .name = "postgres-migrations",
    .sent_whole = true,
    .wraps_in_transaction = true,
    .tracking =
        "CREATE TABLE migrations (id integer PRIMARY KEY, name varchar(100) UNIQUE NOT NULL, "
        "hash varchar(40) NOT NULL, executed_at timestamp DEFAULT current_timestamp);",
    .wrapping = Wrapping::explicit_block,
    .client = Client::driver,
    .history = {.edited = OnRewrite::stops,
                .deleted = OnRewrite::stops,
                .inserted = OnRewrite::stops,
                .by_name = false},
    .commands = {},
    .outside_transaction = "put the statement alone in a migration that has the line "
                           "`-- postgres-migrations disable-transaction`",
    .draft = draft,
    .read_script = read_script,
};

} // namespace ordain::layout
