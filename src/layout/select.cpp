#include "layout/choose.hpp"
#include "layout/content_marks.hpp"
#include "layout/file_name.hpp"
#include "layout/layout.hpp"
#include "layout/numbered_name.hpp"
#include "layout/shown_path.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <map>
#include <set>
#include <string>
#include <system_error>
#include <utility>

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;

/// A file of which no history is known, sent as psql sends it.
constinit const Tool lone_file{
    .name = "file",
    .sent_whole = false,
    .wraps_in_transaction = false,
    .tracking = {},
    .wrapping = Wrapping::script,
    .client = Client::psql,
    .history = {},
    .commands = {.run = "psql -X -v ON_ERROR_STOP=1 -f {file}", .undo = {}},
    .outside_transaction = {},
    .draft = nullptr,
    .read_script = nullptr,
};

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

fs::path folder_above(const fs::path& folder) {
    const bool named =
        folder.has_filename() && folder.filename() != "." && folder.filename() != "..";
    return named ? folder_of(folder) : folder / "..";
}

bool is_script_of_folder(const fs::path& file) {
    const fs::path name = file.filename();
    return name == "up.sql" || name == "down.sql" || name == "migration.sql";
}

/// The folders whose history a file may be part of, likeliest first.
std::vector<fs::path> possible_homes(const fs::path& file) {
    const fs::path folder = folder_of(file);
    const std::string name = absolute_path(folder).filename().string();
    if (!is_script_of_folder(file) && !is_name_of_down_folder(name)) return {folder};
    return {folder_above(folder), folder};
}

/// Whether a file looks like a part of the history beside it and not like a stray script.
bool looks_like_migration(const FileTree& tree, const fs::path& file) {
    const std::string name = file.filename().string();
    return is_script_of_folder(file) || !leading_digits(name).empty() ||
           name.find("__") != std::string::npos || !content_marks(tree.head(file)).empty();
}

std::string key_of(const fs::path& path) {
    return absolute_path(path).string();
}

/// A folder as far as it is known before its scripts are loaded.
struct Home {
    Result<Choice> choice = Choice();
    bool weak = false; ///< No history worth the name: a single numbered file.
    std::map<std::string, std::size_t> members; ///< Scripts to places in the plan.
    std::map<std::string, LayoutNote> orphans;  ///< Down scripts of no migration.
};

/// Sorts files by the history that they belong to, then reads each history once.
class Selector {
public:
    Selector(FileTree tree, const LayoutOptions& options)
        : tree_(std::move(tree)),
          options_(&options) {}

    [[nodiscard]] std::optional<Failure> add(const fs::path& file) {
        if (!seen_.insert(key_of(file)).second) return std::nullopt;
        for (const fs::path& folder : possible_homes(file)) {
            const Home& home = home_at(folder);
            if (!home.choice) {
                if (!looks_like_migration(tree_, file)) continue;
                return home.choice.error();
            }
            const auto orphan = home.orphans.find(key_of(file));
            if (orphan != home.orphans.end()) {
                request_for(folder).orphans.push_back(orphan->second);
                return std::nullopt;
            }
            const auto member = home.members.find(key_of(file));
            if (member == home.members.end() || home.weak) continue;
            request_for(folder).places.insert(member->second);
            return std::nullopt;
        }
        return add_alone(file);
    }

    [[nodiscard]] std::optional<Failure> add_alone(const fs::path& file) {
        if (!options_->layout) {
            for (const ContentMark& mark : content_marks(tree_.head(file))) {
                if (find_tool(mark.tool) != nullptr) continue;
                const Candidate candidate{.tool = mark.tool,
                                          .evidence = fmt::format("it holds \"{}\"", mark.text)};
                return unsupported(tree_, file, candidate);
            }
        }
        requests_.push_back({.path = file, .lone = true, .places = {}, .orphans = {}});
        return std::nullopt;
    }

    [[nodiscard]] Result<std::vector<Selection>> read(SourceSet& sources) {
        std::vector<Selection> selections;
        for (const Request& request : requests_) {
            if (!request.lone && request.places.empty()) {
                selections.push_back(notes_alone(request));
                continue;
            }
            Result<Reading> reading =
                request.lone
                    ? read_alone(request.path, sources)
                    : read_folder(tree_, request.path, *home_at(request.path).choice, sources);
            if (!reading) return tl::unexpected(reading.error());
            Selection selection{.plan = std::move(reading->plan),
                                .selected = {},
                                .whole = false,
                                .stray = stray_in(request)};
            selection.selected.assign(request.places.begin(), request.places.end());
            if (request.lone) selection.selected = {0};
            selections.push_back(std::move(selection));
        }
        return selections;
    }

private:
    struct Request {
        fs::path path; ///< A folder, or the file when it is a plan of its own.
        bool lone = false;
        std::set<std::size_t> places;
        std::vector<LayoutNote> orphans;
    };

    const Home& home_at(const fs::path& folder) {
        const auto [place, added] = homes_.try_emplace(key_of(folder), Home());
        if (added) place->second = look_at(folder);
        return place->second;
    }

    [[nodiscard]] Home look_at(const fs::path& folder) const {
        Home home;
        home.choice = choose(tree_, folder, *options_);
        if (!home.choice || home.choice->tool == nullptr) return home;
        const Result<Draft> draft = home.choice->tool->draft(tree_, folder);
        if (!draft) {
            home.choice = tl::unexpected(draft.error());
            return home;
        }
        home.weak = draft->steps.size() == 1 && home.choice->tool == &plain && !options_->layout;
        for (std::size_t place = 0; place < draft->steps.size(); ++place) {
            const Step& step = draft->steps[place];
            home.members.emplace(key_of(step.up), place);
            if (step.down) home.members.emplace(key_of(*step.down), place);
        }
        for (const Orphan& orphan : draft->orphans)
            home.orphans.emplace(key_of(orphan.script), orphan.note);
        return home;
    }

    Request& request_for(const fs::path& folder) {
        const auto same = [&](const Request& each) {
            return !each.lone && key_of(each.path) == key_of(folder);
        };
        auto found = std::ranges::find_if(requests_, same);
        if (found == requests_.end()) {
            requests_.push_back({.path = folder, .lone = false, .places = {}, .orphans = {}});
            found = std::prev(requests_.end());
        }
        return *found;
    }

    static std::vector<std::string> stray_in(const Request& request) {
        std::vector<std::string> paths;
        for (const LayoutNote& note : request.orphans)
            paths.push_back(note.path);
        return paths;
    }

    /// Scripts that no migration has cannot be judged: there is only what the folder says of them.
    [[nodiscard]] Selection notes_alone(const Request& request) {
        const Home& home = home_at(request.path);
        const Tool& tool = *home.choice->tool;
        return {.plan = {.layout = std::string(tool.name),
                         .root = shown(request.path),
                         .folder = request.path,
                         .evidence = home.choice->evidence,
                         .sent_whole = tool.sent_whole,
                         .wraps_in_transaction = tool.wraps_in_transaction,
                         .beforehand = {},
                         .migrations = {},
                         .notes = request.orphans,
                         .base = std::nullopt},
                .selected = {},
                .whole = false,
                .stray = stray_in(request)};
    }

    [[nodiscard]] Result<Reading> read_alone(const fs::path& file, SourceSet& sources) const {
        const Tool* tool = &lone_file;
        if (options_->layout) {
            const Result<const Tool*> named = named_tool(*options_->layout);
            if (!named) return tl::unexpected(named.error());
            tool = *named;
        }
        const fs::path name = is_script_of_folder(file) ? absolute_path(file).parent_path() : file;
        Draft draft;
        draft.steps.push_back({.id = std::string(migration_stem(name.filename().string())),
                               .version = {},
                               .up = file,
                               .down = std::nullopt,
                               .wrapping = tool->wrapping});
        Result<Reading> reading = load(tree_, *tool, file, std::move(draft), sources);
        if (reading) reading->plan.evidence.emplace_back("a single file without a history");
        return reading;
    }

    FileTree tree_;
    const LayoutOptions* options_;
    std::map<std::string, Home> homes_;
    std::set<std::string> seen_;
    std::vector<Request> requests_;
};

bool is_link(const fs::path& path) {
    std::error_code error;
    return fs::is_symlink(fs::symlink_status(path, error));
}

std::optional<Failure> unusable(const FileTree& tree, const fs::path& file) {
    switch (tree.kind(file)) {
    case EntryKind::file: break;
    case EntryKind::folder:
        return Failure{.message =
                           fmt::format("{} is a folder; name it without any files", shown(file))};
    case EntryKind::other:
        return Failure{.message = fmt::format("{} is not a regular file; pass its text on standard "
                                              "input",
                                              shown(file))};
    case EntryKind::unreadable:
        return Failure{.message = fmt::format(
                           "{} {}; name an .sql file or a folder of migrations", shown(file),
                           is_link(file) ? "is a link that leads nowhere" : "does not exist")};
    }
    if (ends_with_any_case(file.native(), ".sql")) return std::nullopt;
    return Failure{.message = fmt::format("{} is not an .sql file", shown(file))};
}

} // namespace

Result<std::vector<Selection>> plan_of_files(const std::vector<fs::path>& files,
                                             SourceSet& sources,
                                             const LayoutOptions& options) {
    Selector selector(FileTree(), options);
    for (const fs::path& file : files) {
        std::optional<Failure> failed = unusable(FileTree(), file);
        if (!failed) failed = selector.add(file);
        if (failed) return tl::unexpected(*std::move(failed));
    }
    return selector.read(sources);
}

Result<Selection> plan_of_text(std::string bytes,
                               const std::string& filename,
                               SourceSet& sources,
                               const LayoutOptions& options) {
    const fs::path file = filename.empty() ? "<stdin>" : filename;
    if (FileTree().kind(file) == EntryKind::folder || filename.ends_with('/')) {
        return failure(fmt::format("{} is a folder; name the file that the text stands for, which "
                                   "need not exist",
                                   shown(file)));
    }
    Selector selector(FileTree(file, std::move(bytes)), options);
    const bool is_script = ends_with_any_case(filename, ".sql");
    std::optional<Failure> failed = is_script ? selector.add(file) : selector.add_alone(file);
    if (failed) return tl::unexpected(*std::move(failed));
    Result<std::vector<Selection>> selections = selector.read(sources);
    if (!selections) return tl::unexpected(selections.error());
    return std::move(selections->front());
}

} // namespace ordain::layout
