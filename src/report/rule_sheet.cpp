#include "report/rule_sheet.hpp"

#include "report/check_report.hpp"
#include "report/json_writer.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::report {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \n";
    const std::size_t begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

/// Each line set four columns in; empty lines stay empty.
std::string quoted_block(std::string_view text) {
    std::string block;
    text = trimmed(text);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (end > 0) block += fmt::format("    {}", text.substr(0, end));
        block += '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return block;
}

std::string_view default_of(const Rule& rule) {
    if (!rule.on_by_default) return rule.enabled_for == nullptr ? "off" : "depends on the layout";
    return name_of(rule.severity);
}

} // namespace

std::string rules_text(std::span<const Rule* const> rules, Color color) {
    const Painter painter(color);
    std::size_t width = 0;
    for (const Rule* rule : rules)
        width = std::max(width, rule->id.size());
    std::string text;
    for (const Rule* rule : rules) {
        const std::string severity = fmt::format("{:7}", name_of(rule->severity));
        text += fmt::format("{}  {}  {}{}\n", painter.strong(fmt::format("{:{}}", rule->id, width)),
                            painter.severity(rule->severity, severity), rule->summary,
                            rule->on_by_default ? "" : fmt::format(" ({})", default_of(*rule)));
    }
    return text;
}

std::string rules_json(std::span<const Rule* const> rules) {
    Json list = Json::array();
    for (const Rule* rule : rules) {
        list.push_back(Json{{"id", rule->id},
                            {"category", name_of(rule->category)},
                            {"severity", name_of(rule->severity)},
                            {"default", default_of(*rule)},
                            {"summary", rule->summary},
                            {"why", trimmed(rule->why)},
                            {"fix", trimmed(rule->fix)},
                            {"bad", trimmed(rule->bad)},
                            {"good", trimmed(rule->good)}});
    }
    return serialized({{"schema", "ordain.rules/1"}, {"rules", std::move(list)}});
}

std::string rule_sheet(const Rule& rule, Color color) {
    const Painter painter(color);
    const std::string severity = fmt::format("{}[{}]", name_of(rule.severity), rule.id);
    std::string text = fmt::format("{}: {}\n", painter.severity(rule.severity, severity),
                                   painter.strong(rule.summary));
    if (!rule.on_by_default) text += fmt::format("By default: {}.\n", default_of(rule));
    const auto section = [&](std::string_view title, std::string_view body) {
        text += fmt::format("\n{}\n{}", painter.strong(title), body);
    };
    section("Why", fmt::format("{}\n", trimmed(rule.why)));
    section("Instead", fmt::format("{}\n", trimmed(rule.fix)));
    section("Reported", quoted_block(rule.bad));
    section("Not reported", quoted_block(rule.good));
    section("To accept it, in a line above the statement", quoted_block(allowance(rule.id)));
    return text;
}

} // namespace ordain::report
