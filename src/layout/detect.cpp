#include "layout/detect.hpp"

#include "layout/content_marks.hpp"
#include "layout/file_name.hpp"
#include "layout/numbered_name.hpp"
#include "layout/project_marks.hpp"
#include "layout/shown_path.hpp"
#include "layout/tool.hpp"
#include "text/letter_case.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <fmt/format.h>
#include <iterator>
#include <utility>

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;

/// More files than this are sampled evenly.
constexpr std::size_t max_samples = 200;

/// What detection looks at. Lists hold names only; `scripts` the .sql files, `folders` the folders
/// that are not hidden.
struct View {
    const FileTree* tree = nullptr;
    fs::path path;
    std::vector<Entry> entries;
    std::vector<std::string> scripts;
    std::vector<std::string> folders;
};

std::vector<std::string> sample(const std::vector<std::string>& names) {
    if (names.size() <= max_samples) return names;
    std::vector<std::string> chosen;
    for (std::size_t index = 0; index < max_samples; ++index) {
        chosen.push_back(names[index * (names.size() - 1) / (max_samples - 1)]);
    }
    return chosen;
}

View make_view(const FileTree& tree, const fs::path& path, std::vector<Entry> entries) {
    View view{
        .tree = &tree, .path = path, .entries = std::move(entries), .scripts = {}, .folders = {}};
    for (const Entry& entry : view.entries) {
        if (entry.kind == EntryKind::file && ends_with_any_case(entry.name, ".sql")) {
            view.scripts.push_back(entry.name);
        }
        if (entry.kind == EntryKind::folder && !entry.name.starts_with('.')) {
            view.folders.push_back(entry.name);
        }
    }
    return view;
}

Candidate candidate(std::string_view tool, std::string evidence) {
    return {.tool = std::string(tool), .evidence = std::move(evidence)};
}

Candidate there_is(std::string_view tool, const View& view, std::string_view name) {
    return candidate(tool, fmt::format("there is {}", shown(view.path / name)));
}

template <typename Predicate>
const Entry* find_file(const View& view, Predicate predicate) {
    const auto found = std::ranges::find_if(view.entries, [&](const Entry& entry) {
        return entry.kind == EntryKind::file && predicate(std::string_view(entry.name));
    });
    return found == view.entries.end() ? nullptr : &*found;
}

bool is_changelog(const View& view, std::string_view name) {
    constexpr std::array<std::string_view, 4> extensions = {".xml", ".yaml", ".yml", ".json"};
    const auto has_extension = [&](std::string_view end) { return ends_with_any_case(name, end); };
    return text::lower_case(name).find("changelog") != std::string::npos &&
           std::ranges::any_of(extensions, has_extension) &&
           view.tree->head(view.path / name).find("databaseChangeLog") != std::string::npos;
}

/// `0001_initial.py` beside `__init__.py`, `20240102030405_create_users.rb`.
bool is_numbered_code(std::string_view name, std::string_view extension, std::size_t digits) {
    return name.ends_with(extension) && leading_digits(name).size() == digits &&
           name.size() > digits && name[digits] == '_';
}

std::vector<Candidate> code_marks(const View& view) {
    if (has_file(view.entries, "env.py") && has_folder(view.entries, "versions")) {
        return {there_is("alembic", view, "env.py")};
    }
    if (has_file(view.entries, "__init__.py")) {
        const auto is_django = [](std::string_view name) {
            return is_numbered_code(name, ".py", 4);
        };
        if (const Entry* file = find_file(view, is_django)) {
            return {there_is("django", view, file->name)};
        }
    }
    const auto is_rails = [](std::string_view name) { return is_numbered_code(name, ".rb", 14); };
    if (const Entry* file = find_file(view, is_rails)) return {there_is("rails", view, file->name)};
    return {};
}

/// Files that only one tool keeps beside its migrations.
std::vector<Candidate> folder_marks(const View& view) {
    if (has_file(view.entries, "sqitch.plan")) return {there_is("sqitch", view, "sqitch.plan")};
    if (view.tree->kind(view.path / "meta" / "_journal.json") == EntryKind::file) {
        return {there_is("drizzle", view, "meta/_journal.json")};
    }
    if (has_folder(view.entries, "committed") &&
        (has_file(view.entries, "current.sql") || has_folder(view.entries, "current"))) {
        return {candidate("graphile-migrate",
                          fmt::format("{} holds committed/ and current", shown(view.path)))};
    }
    const fs::path place = absolute_path(view.path);
    if (place.filename() == "migrations" && place.parent_path().filename() == "supabase" &&
        view.tree->kind(place.parent_path() / "config.toml") == EntryKind::file) {
        return {there_is("supabase", view, "../config.toml")};
    }
    const auto is_liquibase = [&](std::string_view name) { return is_changelog(view, name); };
    if (const Entry* file = find_file(view, is_liquibase)) {
        return {there_is("liquibase", view, file->name)};
    }
    return code_marks(view);
}

/// The name of the first folder that holds such a file.
std::optional<std::string> folder_holding(const View& view, std::string_view name) {
    for (const std::string& folder : sample(view.folders)) {
        if (view.tree->kind(view.path / folder / name) == EntryKind::file) return folder;
    }
    return std::nullopt;
}

std::vector<Candidate> migration_sql_marks(const View& view) {
    if (has_file(view.entries, "migration_lock.toml")) {
        return {there_is("prisma", view, "migration_lock.toml")};
    }
    const std::optional<std::string> folder = folder_holding(view, "migration.sql");
    if (!folder) return {};
    if (const std::optional<std::string> drizzle = folder_holding(view, "snapshot.json")) {
        return {there_is("drizzle", view, *drizzle + "/snapshot.json")};
    }
    return {there_is("prisma", view, *folder + "/migration.sql")};
}

std::vector<Candidate> script_marks(const View& view) {
    std::vector<Candidate> found;
    for (const std::string& name : sample(view.scripts)) {
        for (const ContentMark& mark : content_marks(view.tree->head(view.path / name))) {
            if (std::ranges::find(found, mark.tool, &Candidate::tool) != found.end()) continue;
            found.push_back(candidate(
                mark.tool, fmt::format("{} holds \"{}\"", shown(view.path / name), mark.text)));
        }
    }
    // Atlas keeps its directives in files of other tools' formats, too.
    if (found.size() > 1) {
        std::erase_if(found, [](const Candidate& each) { return each.tool == "atlas"; });
    }
    return found;
}

bool is_diesel_version(std::string_view name) {
    return name.starts_with("00000000000000_diesel_initial_setup") ||
           (name.size() > 11 && leading_digits(name).size() == 4 && name[4] == '-' &&
            name[7] == '-' && is_digit(name[5]) && name[10] == '-');
}

const ProjectMark* find_mark(const std::vector<ProjectMark>& marks, std::string_view tool) {
    const auto found = std::ranges::find(marks, tool, &ProjectMark::tool);
    return found == marks.end() ? nullptr : &*found;
}

std::vector<Candidate> up_folder_marks(const View& view) {
    const std::optional<std::string> folder = folder_holding(view, "up.sql");
    if (!folder) return {};
    const std::vector<ProjectMark> marks = project_marks(*view.tree, view.path);
    const ProjectMark* diesel_mark = find_mark(marks, "diesel");
    if (diesel_mark != nullptr) return {candidate("diesel", diesel_mark->evidence)};
    const auto dated = std::ranges::find_if(view.folders, is_diesel_version);
    if (dated != view.folders.end()) return {there_is("diesel", view, *dated)};
    if (const ProjectMark* hasura = find_mark(marks, "hasura")) {
        return {candidate("hasura", hasura->evidence)};
    }
    if (leading_digits(*folder).size() == 13) {
        return {candidate("hasura", fmt::format("{} begins with a time in milliseconds",
                                                shown(view.path / *folder)))};
    }
    return {there_is("diesel", view, *folder + "/up.sql")};
}

std::vector<Candidate> atlas_marks(const View& view) {
    if (!has_file(view.entries, "atlas.sum")) return {};
    return {there_is("atlas", view, "atlas.sum")};
}

/// `V1__x.sql`, `R__x.sql` and the like.
bool is_flyway_name(std::string_view name) {
    const std::size_t separator = name.find("__");
    if (separator == std::string_view::npos || !ends_with_any_case(name, ".sql")) return false;
    if (name.starts_with("R__")) return true;
    if (std::string_view("VUB").find(name.front()) == std::string_view::npos || separator < 2) {
        return false;
    }
    const std::string_view version = name.substr(1, separator - 1);
    return is_digit(version.front()) &&
           version.find_first_not_of("0123456789._") == std::string_view::npos;
}

std::vector<Candidate> flyway_marks(const View& view) {
    const auto found = std::ranges::find_if(view.scripts, is_flyway_name);
    if (found == view.scripts.end()) return {};
    const std::vector<ProjectMark> marks = project_marks(*view.tree, view.path);
    if (const ProjectMark* refinery = find_mark(marks, "refinery")) {
        return {candidate("refinery", refinery->evidence)};
    }
    return {candidate("flyway",
                      fmt::format("{} is named as Flyway wants it", shown(view.path / *found)))};
}

bool is_pop_name(std::string_view name) {
    constexpr std::array<std::string_view, 5> dialects = {".postgres.", ".cockroach.", ".mysql.",
                                                          ".sqlite3.", ".autocommit."};
    if (leading_digits(name).empty()) return false;
    if (name.ends_with(".fizz")) return true;
    if (!name.ends_with(".up.sql") && !name.ends_with(".down.sql")) return false;
    return std::ranges::any_of(dialects, [&](std::string_view dialect) {
        return name.find(dialect) != std::string_view::npos;
    });
}

std::vector<Candidate> pop_marks(const View& view) {
    const Entry* file = find_file(view, is_pop_name);
    if (file == nullptr) return {};
    return {candidate("pop",
                      fmt::format("{} is named as pop wants it", shown(view.path / file->name)))};
}

/// What the names of a folder of numbered files allow.
struct Shape {
    std::size_t numbered = 0;
    bool underscores = true; ///< Every number is followed by `_`, as sqlx and others want it.
    bool paired = false;     ///< There is a `.up.sql`.
    std::string first;
};

Shape shape_of(const View& view) {
    Shape shape;
    for (const std::string& name : view.scripts) {
        if (!parse_numbered_name(name)) continue;
        const std::size_t digits = leading_digits(name).size();
        shape.underscores = shape.underscores && name[digits] == '_';
        shape.paired = shape.paired || name.ends_with(".up.sql");
        if (shape.numbered++ == 0) shape.first = name;
    }
    return shape;
}

bool fits(const Shape& shape, std::string_view tool) {
    if (tool == "sqlx") return shape.underscores;
    if (tool == "golang-migrate" || tool == "pop") return shape.underscores && shape.paired;
    if (tool == "tern") return shape.underscores && !shape.paired;
    if (tool == "postgres-migrations") return !shape.paired;
    return tool == "node-pg-migrate";
}

/// Tools that the nearest project file with a fitting name speaks for.
std::vector<Candidate> numbered_candidates(const View& view, const Shape& shape) {
    std::vector<Candidate> found;
    std::optional<std::size_t> nearest;
    for (const ProjectMark& mark : project_marks(*view.tree, view.path)) {
        if (nearest && mark.depth > *nearest) break;
        if (!fits(shape, mark.tool)) continue;
        nearest = mark.depth;
        if (std::ranges::find(found, mark.tool, &Candidate::tool) != found.end()) continue;
        found.push_back(candidate(mark.tool, mark.evidence));
    }
    return found;
}

Detection detect_numbered(const View& view) {
    const Shape shape = shape_of(view);
    if (shape.numbered == 0) return {};
    Detection detection{
        .candidates = numbered_candidates(view, shape), .weak = shape.numbered == 1, .caution = {}};
    if (!detection.candidates.empty()) return detection;
    detection.candidates.push_back(
        candidate("plain", fmt::format("{} is numbered, and nothing speaks for a tool",
                                       shown(view.path / shape.first))));
    if (shape.paired) {
        detection.caution =
            "sqlx and golang-migrate name their files like this, but no project file says which it "
            "is: read as plain files outside a transaction; --layout sqlx wraps each file in one";
    }
    return detection;
}

constexpr std::array rules = {folder_marks, migration_sql_marks, script_marks, up_folder_marks,
                              atlas_marks,  flyway_marks,        pop_marks};

} // namespace

bool Detection::ambiguous() const {
    return std::ranges::any_of(candidates,
                               [&](const Candidate& each) { return each.tool != tool(); });
}

std::string Detection::tool() const {
    return candidates.empty() ? std::string() : candidates.front().tool;
}

Result<Detection> detect(const FileTree& tree, const fs::path& folder) {
    Result<std::vector<Entry>> entries = tree.list(folder);
    if (!entries) return tl::unexpected(entries.error());
    const View view = make_view(tree, folder, *std::move(entries));
    for (const auto& rule : rules) {
        std::vector<Candidate> candidates = rule(view);
        if (!candidates.empty()) {
            return Detection{.candidates = std::move(candidates), .weak = false, .caution = {}};
        }
    }
    return detect_numbered(view);
}

bool is_written_in_code(const std::string& tool) {
    return tool == "alembic" || tool == "django" || tool == "rails";
}

} // namespace ordain::layout
