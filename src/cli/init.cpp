#include "cli/init.hpp"

#include "cli/starter_files.hpp"
#include "config/settings_file.hpp"
#include "config/settings_template.hpp"
#include "config/toml_string.hpp"
#include "git/repository.hpp"
#include "layout/layout.hpp"
#include "layout/shown_path.hpp"
#include "platform/platform.hpp"
#include "project/project.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

namespace ordain::cli {
namespace {

namespace fs = std::filesystem;
using config::InitialSetting;
using config::toml_string;

/// A folder of migrations that was found, or why it cannot be read.
struct FoundFolder {
    fs::path folder;
    Result<Plan> plan;
};

/// All that the repository shows.
struct Findings {
    fs::path top; ///< Where the settings file belongs: beside `.git`, else the folder named.
    std::vector<FoundFolder> folders;
    std::vector<project::Server> servers;
    std::optional<project::Sign> platform;
    std::vector<project::Document> documents;
    std::optional<Result<git::Commit>> base; ///< Unset outside of a work tree.
};

/// The folder that holds `.git`, else the folder itself.
fs::path top_of(const fs::path& folder) {
    std::error_code error;
    for (fs::path place = layout::absolute_path(folder); place.has_relative_path();
         place = place.parent_path()) {
        if (fs::exists(place / ".git", error)) return place;
    }
    return layout::absolute_path(folder);
}

/// The path below a folder, with forward slashes.
std::string below(const fs::path& folder, const fs::path& path) {
    return layout::absolute_path(path).lexically_relative(folder).generic_string();
}

/// What documents call the migrations: the scripts, or the folders that scripts have for
/// themselves.
std::vector<std::string> names_of(const Plan& plan, const SourceSet& sources) {
    std::vector<std::string> names;
    names.reserve(plan.migrations.size());
    for (const Migration& migration : plan.migrations) {
        const fs::path script = sources.file(migration.up.file).path();
        const bool own_folder = script.parent_path() != fs::path(plan.root);
        names.push_back((own_folder ? script.parent_path() : script).filename().string());
    }
    return names;
}

Findings look_at(const fs::path& folder) {
    Findings found;
    found.top = top_of(folder);
    SourceSet sources;
    for (const fs::path& each : layout::find_migration_folders(folder))
        found.folders.push_back({.folder = each, .plan = layout::read_plan(each, sources, {})});
    const layout::FileTree tree;
    const fs::path nearest = found.folders.empty() ? folder : found.folders.front().folder;
    found.servers = project::servers(tree, nearest);
    found.platform = project::platform(tree, nearest);
    if (!found.folders.empty() && found.folders.front().plan) {
        found.documents =
            project::documents(tree, nearest, names_of(*found.folders.front().plan, sources));
    }
    const Result<std::optional<git::Repository>> repository = git::Repository::open(folder);
    if (!repository) {
        found.base = tl::unexpected(repository.error());
    } else if (*repository) {
        found.base = (*repository)->base(std::nullopt);
    }
    return found;
}

/// What was found, a line each, in the order in which people ask.
class Telling {
public:
    explicit Telling(const Findings& found) : found_(found) {}

    std::string take() {
        tell_folders();
        tell_servers();
        tell_platform();
        for (const project::Document& document : found_.documents)
            line("document", fmt::format("{} names {} migrations", document.path, document.named));
        tell_base();
        return std::move(text_);
    }

private:
    void line(std::string_view what, std::string_view says) {
        text_ += fmt::format("{:<11} {}\n", what, says);
    }

    void tell_folders() {
        if (found_.folders.empty()) {
            return line("migrations", "none found; name their folder: ordain init FOLDER");
        }
        for (const FoundFolder& each : found_.folders) {
            const std::string shown = layout::shown(each.folder);
            if (!each.plan) {
                line("migrations", each.plan.error().message);
                continue;
            }
            line("migrations",
                 fmt::format("{}: {} of {} ({})", shown, each.plan->migrations.size(),
                             each.plan->layout, fmt::join(each.plan->evidence, "; ")));
        }
    }

    void tell_servers() {
        if (found_.servers.empty()) {
            line("PostgreSQL",
                 fmt::format("no file says its version; {} is taken", grammar_postgres));
        }
        for (const project::Server& server : found_.servers)
            line("PostgreSQL",
                 fmt::format("{} ({}: {})", server.version, server.where, server.image));
    }

    void tell_platform() {
        if (!found_.platform) return;
        const platform::Platform* known = platform::find_platform(found_.platform->platform);
        line("platform", fmt::format("{} ({})", known->title, found_.platform->where));
    }

    void tell_base() {
        if (!found_.base) return line("git", "not in a work tree: every migration is judged");
        if (!*found_.base) return line("git", found_.base->error().message);
        const git::Commit& commit = **found_.base;
        line("git", fmt::format("migrations that {} has count as run", commit.name));
    }

    const Findings& found_;
    std::string text_;
};

std::vector<InitialSetting> settings_of(const Findings& found) {
    std::vector<InitialSetting> settings;
    if (found.folders.size() == 1) {
        const FoundFolder& only = found.folders.front();
        settings.push_back({.table = "plan",
                            .name = "root",
                            .value = toml_string(below(found.top, only.folder)),
                            .why = "the only folder of migrations"});
    }
    if (!found.servers.empty()) {
        const project::Server& server = found.servers.front();
        settings.push_back({.table = "postgres",
                            .name = "version",
                            .value = fmt::format("{}", server.version),
                            .why = fmt::format("{} ({})", server.where, server.image)});
    }
    if (found.platform) {
        settings.push_back({.table = "postgres",
                            .name = "platform",
                            .value = toml_string(found.platform->platform),
                            .why = found.platform->where});
    }
    return settings;
}

/// Collects what to write; what is there already is left alone and shown instead.
class Writing {
public:
    Writing(const Findings& found, bool dry_run) : found_(found), dry_run_(dry_run) {}

    void add(std::string_view path, std::string text) {
        const fs::path target = found_.top / path;
        const std::string shown = layout::shown(target);
        std::error_code error;
        if (dry_run_) {
            told_ += fmt::format("\n# would write {}\n{}", shown, text);
        } else if (fs::exists(target, error)) {
            told_ += fmt::format("\n{} is there already; add to it:\n{}", shown, text);
        } else {
            told_ += fmt::format("wrote       {}\n", shown);
            outputs_.push_back({.text = std::move(text), .file = target.string()});
        }
    }

    [[nodiscard]] const std::string& told() const { return told_; }
    [[nodiscard]] std::vector<Output> outputs() && { return std::move(outputs_); }

private:
    const Findings& found_;
    bool dry_run_;
    std::string told_;
    std::vector<Output> outputs_;
};

/// The folder of migrations as other tools see it.
std::string root_of(const Findings& found) {
    return found.folders.size() == 1 ? below(found.top, found.folders.front().folder) : ".";
}

Result<void> make_folders(const std::vector<Output>& outputs) {
    for (const Output& output : outputs) {
        const fs::path folder = fs::path(*output.file).parent_path();
        std::error_code error;
        fs::create_directories(folder, error);
        if (error) {
            return failure(fmt::format("cannot make the folder {}: {}", layout::shown(folder),
                                       error.message()));
        }
    }
    return {};
}

} // namespace

Result<CommandResult> init(const Arguments& arguments) {
    const fs::path folder = arguments.paths.empty() ? "." : arguments.paths.front();
    std::error_code error;
    if (!fs::is_directory(folder, error))
        return failure(fmt::format("{} is no folder", layout::shown(folder)));
    const std::optional<fs::path> present = config::find_settings_file(folder);
    if (present && !arguments.init.dry_run) {
        return failure(fmt::format("{} is there already; `ordain config` shows what holds, and "
                                   "`ordain init --dry-run` what would be written",
                                   layout::shown(*present)));
    }
    const Findings found = look_at(folder);
    Writing writing(found, arguments.init.dry_run);
    writing.add(config::settings_file_name, config::settings_template(settings_of(found)));
    const std::string root = root_of(found);
    if (arguments.init.hook) writing.add(pre_commit_path, pre_commit_config(root));
    if (arguments.init.ci == "github") writing.add(github_path, github_workflow(root));
    if (arguments.init.ci == "gitlab") writing.add(gitlab_path, gitlab_jobs(root));
    std::string text = Telling(found).take() + writing.told();
    std::vector<Output> outputs = std::move(writing).outputs();
    const Result<void> made = make_folders(outputs);
    if (!made) return failure(made.error().message);
    outputs.push_back({.text = std::move(text), .file = std::nullopt});
    return CommandResult{.outputs = std::move(outputs)};
}

} // namespace ordain::cli
