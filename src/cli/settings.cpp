#include "cli/settings.hpp"

#include "config/name_pattern.hpp"
#include "config/toml_string.hpp"
#include "layout/layout.hpp"
#include "layout/shown_path.hpp"
#include "platform/platform.hpp"
#include "project/project.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <ordain/rule.hpp>
#include <utility>

namespace ordain::cli {
namespace {

namespace fs = std::filesystem;
using config::toml_string;

constexpr std::string_view by_option = "command line";

/// The folder from which a settings file is looked for.
fs::path start_of(const Arguments& arguments) {
    if (arguments.paths.empty()) return ".";
    fs::path path = arguments.paths.front();
    if (path == "-") path = arguments.stdin_filename.value_or("stdin.sql");
    std::error_code error;
    if (fs::is_directory(path, error)) return path;
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// What is not set and a file of the repository shows.
void find_out(const fs::path& folder, Configuration& configuration) {
    Settings& settings = configuration.settings;
    const layout::FileTree tree;
    if (!configuration.origins.contains("postgres.version")) {
        const std::vector<project::Server> servers = project::servers(tree, folder);
        if (!servers.empty()) {
            settings.postgres = servers.front().version;
            settings.postgres_shown_by = servers.front().where;
            configuration.origins["postgres.version"] = servers.front().where;
        }
    }
    if (settings.platform) return;
    const std::optional<project::Sign> sign = project::platform(tree, folder);
    if (!sign) return;
    settings.platform = std::string(sign->platform);
    settings.platform_shown_by = sign->where;
    configuration.origins["postgres.platform"] = sign->where;
}

void apply(const SettingOptions& options, Configuration& configuration) {
    Settings& settings = configuration.settings;
    const auto take = [&](const auto& option, auto& setting, std::string_view key) {
        if (!option) return;
        setting = *option;
        configuration.origins[std::string(key)] = by_option;
    };
    take(options.postgres, settings.postgres, "postgres.version");
    take(options.layout, settings.layout, "plan.layout");
    take(options.complete_history, settings.complete_history, "plan.history");
    take(options.threads, settings.threads, "threads");
    if (options.rules.empty()) return;
    for (const auto& [rule, severity] : options.rules)
        configuration.origins[fmt::format("rules.{}", rule)] = by_option;
    settings.severities.push_back({.files = {}, .rules = options.rules});
}

/// The folder whose surroundings tell of the server.
fs::path start_of(const Arguments& arguments, const Settings& settings) {
    const bool at_root = arguments.paths.empty() && settings.root;
    return at_root ? settings.folder / *settings.root : start_of(arguments);
}

std::vector<std::string> paths_of(const Arguments& arguments, const Settings& settings) {
    if (!arguments.paths.empty()) return arguments.paths;
    if (!settings.root) return {"."};
    return {layout::shown(settings.folder / *settings.root)};
}

std::string toml_strings(const std::vector<std::string>& texts) {
    std::string list;
    for (const std::string& text : texts)
        list += (list.empty() ? "" : ", ") + toml_string(text);
    return fmt::format("[{}]", list);
}

/// One line of a table, with its origin behind it.
class Printer {
public:
    explicit Printer(const Configuration& configuration) : configuration_(configuration) {}

    void table(std::string_view header) {
        if (!text_.empty()) text_ += '\n';
        text_ += fmt::format("{}\n", header);
    }

    void line(std::string_view table, std::string_view key, std::string_view value) {
        const auto origin = configuration_.origins.find(fmt::format("{}.{}", table, key));
        const std::string_view where =
            origin == configuration_.origins.end() ? "default" : std::string_view(origin->second);
        text_ += fmt::format("{:<50} # {}\n", fmt::format("{} = {}", key, value), where);
    }

    void unset(std::string_view key, std::string_view otherwise) {
        text_ += fmt::format("# {} is not set: {}\n", key, otherwise);
    }

    void plain(std::string_view text) { text_ += text; }

    [[nodiscard]] std::string take() { return std::move(text_); }

private:
    const Configuration& configuration_;
    std::string text_;
};

void show_plan(const Settings& settings, Printer& printer) {
    printer.table("[plan]");
    if (settings.root) {
        printer.line("plan", "root", toml_string(*settings.root));
    } else {
        printer.unset("root", "the folder that is named, or the current one");
    }
    if (settings.layout) {
        printer.line("plan", "layout", toml_string(*settings.layout));
    } else {
        printer.unset("layout", "found out");
    }
    if (settings.starts_from) {
        printer.line("plan", "starts_from", toml_string(*settings.starts_from));
    } else {
        printer.unset("starts_from", "an empty database");
    }
    if (settings.complete_history) {
        printer.line("plan", "history",
                     *settings.complete_history ? "\"complete\"" : "\"partial\"");
    } else {
        printer.unset("history", "complete for a folder, partial for a single file");
    }
    if (settings.wrapping) {
        printer.line("plan", "transaction", toml_string(name_of(*settings.wrapping)));
    } else {
        printer.unset("transaction", "as the layout's tool does");
    }
    if (!settings.search_path.empty()) {
        printer.line("plan", "search_path", toml_strings(settings.search_path));
    } else {
        printer.unset("search_path", "as the platform or the server has it");
    }
    if (settings.command) {
        printer.line("plan", "command", toml_string(*settings.command));
    } else {
        printer.unset("command", "that of the layout's tool");
    }
}

std::string words_of(const Severities& rules) {
    std::string text;
    for (const auto& [rule, severity] : rules) {
        text += fmt::format("{}{} = \"{}\"", text.empty() ? "" : ", ", rule,
                            severity ? name_of(*severity) : "off");
    }
    return text;
}

void show_rules(const Settings& settings, Printer& printer) {
    printer.table("[rules]");
    for (const SeverityLayer& layer : settings.severities) {
        if (!layer.files.empty()) continue;
        for (const auto& [rule, severity] : layer.rules) {
            printer.line("rules", rule, toml_string(severity ? name_of(*severity) : "off"));
        }
    }
    for (const SeverityLayer& layer : settings.severities) {
        if (layer.files.empty()) continue;
        printer.table("[[override]]");
        printer.plain(fmt::format("files = {}\nrules = {{{}}}\n", toml_strings(layer.files),
                                  words_of(layer.rules)));
    }
}

void show_naming(const Naming& naming, Printer& printer) {
    const auto is_set = [&](const config::PatternKey& key) {
        return (naming.*key.pattern).has_value();
    };
    const bool unset = std::ranges::none_of(config::pattern_keys(), is_set) &&
                       naming.header.empty() && naming.schemas.empty() &&
                       naming.forbidden_columns.empty();
    if (unset) return;
    printer.table("[naming]");
    for (const config::PatternKey& key : config::pattern_keys()) {
        if (is_set(key)) printer.line("naming", key.name, toml_string((naming.*key.pattern)->text));
    }
    if (!naming.header.empty()) printer.line("naming", "header", toml_strings(naming.header));
    if (!naming.schemas.empty()) printer.line("naming", "schemas", toml_strings(naming.schemas));
    if (naming.forbidden_columns.empty()) return;
    std::string names;
    for (const auto& [name, instead] : naming.forbidden_columns) {
        names += fmt::format("{}{} = {}", names.empty() ? "" : ", ", toml_string(name),
                             toml_string(instead));
    }
    printer.line("naming", "forbidden_columns", fmt::format("{{ {} }}", names));
}

void show_report(const Settings& settings, Printer& printer) {
    if (settings.manual_criteria.empty()) return;
    printer.table("[report]");
    printer.line("report", "criteria", toml_strings(settings.manual_criteria));
}

void show_postgres(const Settings& settings, Printer& printer) {
    printer.table("[postgres]");
    printer.line("postgres", "version", fmt::format("{}", settings.postgres));
    if (settings.platform) {
        printer.line("postgres", "platform", toml_string(*settings.platform));
    } else {
        printer.unset("platform", "a server of your own");
    }
}

void show_assumptions(const Settings& settings, Printer& printer) {
    for (const Assumption& each : settings.assumptions) {
        printer.table("[[assume]]");
        const auto show = [&](std::string_view key, const std::optional<std::string>& value) {
            if (value) printer.plain(fmt::format("{} = {}\n", key, toml_string(*value)));
        };
        show("schema", each.schema);
        show("table", each.table);
        show("sql", each.sql);
        show("file", each.file);
    }
}

void show_acceptances(const Settings& settings, Printer& printer) {
    for (const Acceptance& each : settings.acceptances) {
        printer.table("[[allow]]");
        printer.plain(fmt::format("rule = {}\nmigration = {}\n", toml_string(each.rule),
                                  toml_string(each.migration)));
        if (!each.object.empty())
            printer.plain(fmt::format("object = {}\n", toml_string(each.object)));
        printer.plain(fmt::format("reason = {}\n", toml_string(each.reason)));
    }
}

} // namespace

config::Vocabulary vocabulary() {
    config::Vocabulary words;
    for (const Rule* rule : all_rules())
        words.rules.push_back(rule->id);
    for (const Category category : all_categories())
        words.categories.push_back(name_of(category));
    words.layouts = layout::layout_names();
    words.presets.assign(presets().begin(), presets().end());
    for (const platform::Platform& known : platform::platforms())
        words.platforms.push_back(known.name);
    return words;
}

Result<Configuration> configure(const Arguments& arguments, SourceSet& sources) {
    Configuration configuration;
    std::error_code error;
    configuration.settings.folder = fs::current_path(error);
    std::optional<fs::path> file;
    if (arguments.config) {
        file = *arguments.config;
    } else if (!arguments.no_config) {
        file = config::find_settings_file(start_of(arguments));
    }
    if (file) {
        configuration.file = layout::shown(*file);
        const Result<void> read = config::read_settings_file(
            *file, vocabulary(), sources, configuration.settings, configuration.origins);
        if (!read) return tl::unexpected(read.error());
    }
    apply(arguments.options, configuration);
    find_out(start_of(arguments, configuration.settings), configuration);
    configuration.paths = paths_of(arguments, configuration.settings);
    return configuration;
}

std::string show(const Configuration& configuration) {
    const Settings& settings = configuration.settings;
    Printer printer(configuration);
    printer.plain(configuration.file.empty()
                      ? "# no settings file\n"
                      : fmt::format("# settings file: {}\n", configuration.file));
    show_plan(settings, printer);
    show_postgres(settings, printer);
    show_assumptions(settings, printer);
    show_rules(settings, printer);
    show_naming(settings.naming, printer);
    show_report(settings, printer);
    show_acceptances(settings, printer);
    return printer.take();
}

} // namespace ordain::cli
