#include "rules/snippet.hpp"

#include "layout/layout.hpp"
#include "report/check_text.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace ordain::test {
namespace {

constexpr std::string_view section_mark = "-- file: ";
/// The folder of the sections, and the name of a text without any.
constexpr std::string_view folder_name = "migrations";
constexpr std::string_view lone_name = "change.sql";

std::optional<std::string_view> after(std::string_view line, std::string_view mark) {
    if (!line.starts_with(mark)) return std::nullopt;
    return line.substr(mark.size());
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
        if (!line.starts_with("-- ") || line.starts_with(section_mark)) break;
        read_directive(line);
    }
    const bool sections = text.starts_with(section_mark) ||
                          text.find(fmt::format("\n{}", section_mark)) != std::string_view::npos;
    if (sections) {
        read_folder(text);
    } else {
        read_lone_file(text);
    }
    if (!failure_.empty()) return;
    result_ = lint::lint(sources_, plan_, settings_, {}, all_rules());
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
    } else if (const auto setting = after(line, "-- setting: ")) {
        const std::size_t equals = setting->find('=');
        settings_.rules.emplace(setting->substr(0, equals),
                                parse_severity(setting->substr(equals + 1)));
    }
}

void Snippet::read_folder(std::string_view text) {
    std::string name;
    std::string content;
    const auto finish = [&] {
        if (!name.empty()) folder_.write(fmt::format("{}/{}", folder_name, name), content);
        content.clear();
    };
    for (const std::string_view line : lines_of(text)) {
        if (const auto section = after(line, section_mark)) {
            finish();
            name = *section;
        } else {
            content.append(line).append("\n");
        }
    }
    finish();
    Result<Plan> plan = layout::read_plan(folder_ / folder_name, sources_, {.layout = layout_});
    if (!plan) {
        failure_ = plan.error().message;
        return;
    }
    plan_ = std::move(*plan);
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
    report.plans.push_back(
        {.plan = std::move(plan_), .selected = {}, .result = std::move(result_)});
    const std::string text = report::check_text(report, report::Color::off);
    plan_ = std::move(report.plans.front().plan);
    result_ = std::move(report.plans.front().result);
    return folder_.relative(text);
}

} // namespace ordain::test
