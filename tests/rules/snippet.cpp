#include "rules/snippet.hpp"

#include "cli/settings.hpp"
#include "config/settings_file.hpp"
#include "git/git_folder.hpp"
#include "git/repository.hpp"
#include "layout/layout.hpp"
#include "plan/base.hpp"
#include "report/check_text.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <optional>

namespace ordain::test {
namespace {

constexpr std::string_view section_mark = "-- file: ";
constexpr std::string_view base_mark = "-- base: ";
/// The folder of the sections, and the name of a text without any.
constexpr std::string_view folder_name = "migrations";
constexpr std::string_view lone_name = "change.sql";

std::optional<std::string_view> after(std::string_view line, std::string_view mark) {
    if (!line.starts_with(mark)) return std::nullopt;
    return line.substr(mark.size());
}

bool begins_section(std::string_view line) {
    return line.starts_with(section_mark) || line.starts_with(base_mark);
}

} // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

Snippet::Snippet(std::string_view text) {
    for (const std::string_view line : lines_of(text)) {
        if (!line.starts_with("-- ") || begins_section(line)) break;
        read_directive(line);
    }
    if (!settings_text_.empty()) read_settings();
    if (!failure_.empty()) return;
    const bool sections = std::ranges::any_of(lines_of(text), begins_section);
    if (sections) {
        read_folder(text);
    } else {
        read_lone_file(text);
    }
    if (!failure_.empty()) return;
    for (const std::size_t index : all_migrations(plan_)) {
        if (!plan_.migrations[index].applied) selected_.push_back(index);
    }
    result_ = lint::lint(sources_, plan_, settings_, selected_, all_rules());
    if (only_.empty()) return;
    std::erase_if(result_.findings, [this](const Finding& each) { return each.rule != only_; });
}

void Snippet::read_directive(std::string_view line) {
    if (const auto version = after(line, "-- postgres: ")) {
        std::from_chars(version->data(), version->data() + version->size(), settings_.postgres);
    } else if (const auto layout = after(line, "-- layout: ")) {
        layout_ = *layout;
    } else if (const auto rule = after(line, "-- only: ")) {
        only_ = *rule;
    } else if (const auto text = after(line, "-- ordain.toml: ")) {
        settings_text_.append(*text).append("\n");
    } else if (const auto setting = after(line, "-- setting: ")) {
        const std::size_t equals = setting->find('=');
        settings_.severities.push_back({.files = {},
                                        .rules = {{std::string(setting->substr(0, equals)),
                                                   parse_severity(setting->substr(equals + 1))}}});
    }
}

void Snippet::read_settings() {
    folder_.write(config::settings_file_name, settings_text_);
    config::Origins origins;
    const Result<void> read = config::read_settings_file(
        folder_ / config::settings_file_name, cli::vocabulary(), sources_, settings_, origins);
    if (!read) failure_ = folder_.relative(read.error().message);
}

void Snippet::read_folder(std::string_view text) {
    std::map<std::string, std::string> base;
    std::map<std::string, std::string> files;
    std::string* content = nullptr;
    for (const std::string_view line : lines_of(text)) {
        if (const auto name = after(line, section_mark)) {
            content = &files[fmt::format("{}/{}", folder_name, *name)];
        } else if (const auto base_name = after(line, base_mark)) {
            content = &base[fmt::format("{}/{}", folder_name, *base_name)];
        } else if (content != nullptr) {
            content->append(line).append("\n");
        }
    }
    if (!base.empty()) {
        GitFolder repository(folder_.path());
        repository.commit(base);
        for (const auto& [name, committed] : base)
            std::filesystem::remove(folder_ / name);
    }
    for (const auto& [name, written] : files)
        folder_.write(name, written);
    Result<Plan> plan = layout::read_plan(folder_ / folder_name, sources_, {.layout = layout_});
    if (!plan) {
        failure_ = plan.error().message;
        return;
    }
    plan_ = std::move(*plan);
    if (!base.empty()) hold_against_base();
}

void Snippet::hold_against_base() {
    const auto repository = git::Repository::open(plan_.folder);
    if (!repository || !*repository) {
        failure_ = repository ? "no repository" : repository.error().message;
        return;
    }
    const Result<git::Commit> base = (*repository)->base(std::nullopt);
    const Result<void> held = base ? plan::hold_against(**repository, *base, plan_, sources_)
                                   : tl::unexpected(base.error());
    if (!held) failure_ = held.error().message;
}

void Snippet::read_lone_file(std::string_view text) {
    const auto path = folder_ / lone_name;
    Result<layout::Selection> selection =
        layout::plan_of_text(std::string(text), path.string(), sources_, {.layout = std::nullopt});
    if (!selection) {
        failure_ = selection.error().message;
        return;
    }
    plan_ = std::move(selection->plan);
}

std::string Snippet::name_of_file(FileId file) const {
    std::string path = folder_.relative(sources_.file(file).path());
    const std::string prefix = fmt::format("{}/", folder_name);
    return path.starts_with(prefix) ? path.substr(prefix.size()) : path;
}

std::string Snippet::report() {
    report::CheckReport report{
        .sources = sources_, .settings = settings_, .fail_on = Severity::error, .plans = {}};
    report.plans.push_back({.plan = std::move(plan_),
                            .selected = selected_,
                            .scope = plan_.base ? report::Scope::fresh : report::Scope::chosen,
                            .result = std::move(result_)});
    const std::string text = report::check_text(report, report::Color::off);
    plan_ = std::move(report.plans.front().plan);
    result_ = std::move(report.plans.front().result);
    return folder_.relative(text);
}

} // namespace ordain::test
