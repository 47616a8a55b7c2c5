#include "layout/file_name.hpp"
#include "layout/numbered_name.hpp"
#include "layout/order_notes.hpp"
#include "layout/tool.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <utility>

// Numbered SQL files that no known tool claims: ordered by number, then by name; sent as psql sends
// them, so that only the scripts' own BEGIN and COMMIT make transactions.

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;
using Severity = LayoutNote::Severity;
using Suffix = NumberedName::Suffix;

struct NumberedFile {
    NumberedName name;
    Step step;
};

/// Numbered files, and which of them the scripts for the way back belong to.
class Pairing {
public:
    void add_up(NumberedFile file) {
        by_base_.emplace(file.name.base, ups_.size());
        by_number_[file.name.digits].push_back(ups_.size());
        ups_.push_back(std::move(file));
    }

    /// True when the script found its migration.
    bool add_down(const std::string& base, const fs::path& path) {
        const auto found = by_base_.find(base);
        return found != by_base_.end() && attach(ups_[found->second], path);
    }

    /// `7_rollback.sql` belongs to the one migration numbered 7, whatever that is called.
    bool add_unnamed_down(const std::string& digits, const fs::path& path) {
        const auto found = by_number_.find(digits);
        return found != by_number_.end() && found->second.size() == 1 &&
               attach(ups_[found->second.front()], path);
    }

    [[nodiscard]] std::vector<NumberedFile> take() { return std::move(ups_); }

private:
    static bool attach(NumberedFile& up, const fs::path& path) {
        if (up.step.down) return false;
        up.step.down = path;
        return true;
    }

    std::vector<NumberedFile> ups_;
    std::map<std::string, std::size_t> by_base_;
    std::map<std::string, std::vector<std::size_t>> by_number_;
};

NumberedFile make_file(NumberedName name, const fs::path& path, const std::string& file_name) {
    Step step{.id = std::string(migration_stem(file_name)),
              .version = name.version,
              .up = path,
              .down = std::nullopt,
              .wrapping = Wrapping::script};
    return {.name = std::move(name), .step = std::move(step)};
}

void pair_down_files(Pairing& pairing, std::vector<NumberedFile> downs, Draft& draft) {
    for (NumberedFile& down : downs) {
        const fs::path& path = down.step.up;
        if (pairing.add_down(down.name.base, path)) continue;
        if (!down.name.named && pairing.add_unnamed_down(down.name.digits, path)) continue;
        if (down.name.suffix_after_dot) {
            draft.notes.push_back(
                note_on(Severity::warning, path, "left out: a down script without its up script"));
            draft.orphans.push_back({.script = path, .note = draft.notes.back()});
        } else {
            pairing.add_up(std::move(down));
        }
    }
}

void pair_down_folder(Pairing& pairing, const FileTree& tree, const fs::path& folder) {
    const Result<std::vector<Entry>> entries = tree.list(folder);
    if (!entries) return;
    for (const Entry& entry : *entries) {
        if (entry.kind != EntryKind::file || !ends_with_any_case(entry.name, ".sql")) continue;
        pairing.add_down(base_of(entry.name), folder / entry.name);
    }
}

void add_entry(Pairing& pairing,
               std::vector<NumberedFile>& downs,
               std::vector<LayoutNote>& notes,
               const fs::path& path,
               const Entry& entry) {
    std::optional<NumberedName> name = parse_numbered_name(entry.name);
    if (entry.kind == EntryKind::unreadable) {
        notes.push_back(note_on(Severity::error, path, "this link leads nowhere"));
    } else if (entry.kind != EntryKind::file) {
        notes.push_back(note_on(Severity::note, path, "left out: not a regular file"));
    } else if (!name) {
        notes.push_back(
            note_on(Severity::note, path, "left out: its name does not begin with a number"));
    } else if (name->suffix == Suffix::down) {
        downs.push_back(make_file(*std::move(name), path, entry.name));
    } else {
        pairing.add_up(make_file(*std::move(name), path, entry.name));
    }
}

bool is_before(const NumberedFile& left, const NumberedFile& right) {
    const auto order = compare_numbers(left.name.digits, right.name.digits);
    return order != 0 ? order < 0 : left.step.up < right.step.up;
}

std::string digits_of(std::string_view version) {
    std::string digits;
    std::ranges::copy_if(version, std::back_inserter(digits), is_digit);
    return digits;
}

bool same_number(std::string_view left, std::string_view right) {
    return compare_numbers(digits_of(left), digits_of(right)) == 0;
}

Result<Draft> draft(const FileTree& tree, const fs::path& folder) {
    const Result<std::vector<Entry>> entries = tree.list(folder);
    if (!entries) return tl::unexpected(entries.error());
    Draft draft;
    Pairing pairing;
    std::vector<NumberedFile> downs;
    for (const Entry& entry : *entries) {
        if (!ends_with_any_case(entry.name, ".sql")) continue;
        add_entry(pairing, downs, draft.notes, folder / entry.name, entry);
    }
    pair_down_files(pairing, std::move(downs), draft);
    for (const Entry& entry : *entries) {
        if (entry.kind != EntryKind::folder || !is_name_of_down_folder(entry.name)) continue;
        pair_down_folder(pairing, tree, folder / entry.name);
    }
    if (folder.filename() == "up") pair_down_folder(pairing, tree, folder.parent_path() / "down");
    std::vector<NumberedFile> files = pairing.take();
    std::ranges::sort(files, is_before);
    for (NumberedFile& file : files)
        draft.steps.push_back(std::move(file.step));
    std::ranges::move(order_notes(draft.steps, folder, "numbered files are ordered by number"),
                      std::back_inserter(draft.notes));
    return draft;
}

} // namespace

constinit const Tool plain{
    .name = "plain",
    .sent_whole = false,
    .wraps_in_transaction = false,
    .tracking = {},
    .wrapping = Wrapping::script,
    .client = Client::psql,
    .history = {},
    .commands = {.run = "psql -X -v ON_ERROR_STOP=1 -f {file}",
                 .undo = "psql -X -v ON_ERROR_STOP=1 -f {file}"},
    .duplicates = {.same = same_number, .runs_one = false},
    .outside_transaction = "put the statement outside of BEGIN and COMMIT",
    .draft = draft,
    .read_script = nullptr,
};

} // namespace ordain::layout
