#include "report/rule_sheet.hpp"

#include "report/check_report.hpp"
#include "report/json_writer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

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

/// Where lines of prose end.
constexpr std::size_t text_width = 80;

/// Paragraphs, which empty lines part, filled anew: they are broken as suited the rule's source.
std::string filled(std::string_view text) {
    std::string result;
    std::size_t column = 0;
    std::size_t newlines = 0;
    text = trimmed(text);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
        const std::string_view word = text.substr(0, end);
        if (!word.empty()) {
            if (newlines > 1) {
                result += "\n\n";
                column = 0;
            } else if (column > 0) {
                const bool fits = column + 1 + word.size() <= text_width;
                result += fits ? ' ' : '\n';
                column = fits ? column + 1 : 0;
            }
            result += word;
            column += word.size();
            newlines = 0;
        }
        if (end < text.size() && text[end] == '\n') ++newlines;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result + '\n';
}

std::string_view default_of(const Rule& rule) {
    if (rule.on_by_default) return name_of(rule.severity);
    return rule.enabled_for == nullptr ? "off" : rule.enabled_where;
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
                            {"elsewhere", trimmed(rule->elsewhere)},
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
    section("Why", filled(rule.why));
    section("Instead", filled(rule.fix));
    section("Reported", quoted_block(rule.bad));
    section("Not reported", quoted_block(rule.good));
    if (!rule.elsewhere.empty()) section("Other linters call it", filled(rule.elsewhere));
    const std::optional<std::string> comment = allowance(rule.id);
    if (comment) {
        section("To accept it, in a line above the statement", quoted_block(*comment));
    } else {
        section("To get rid of it",
                filled(fmt::format("It cannot be allowed. Correct or remove the comment that it is "
                                   "about, as said under Instead; or turn the rule off for a run "
                                   "with --rule {}=off.",
                                   rule.id)));
    }
    return text;
}

std::string rule_markdown(const Rule& rule) {
    const std::optional<std::string> comment = allowance(rule.id);
    const std::string accept =
        comment ? fmt::format("\n**To accept it**, in a line above the statement: `{}`\n", *comment)
                : std::string();
    return fmt::format("{}\n\n**Instead**\n\n{}\n\n**Reported**\n\n```sql\n{}\n```\n\n"
                       "**Not reported**\n\n```sql\n{}\n```\n{}",
                       trimmed(rule.why), trimmed(rule.fix), trimmed(rule.bad), trimmed(rule.good),
                       accept);
}

std::string layout_sheet(Color color) {
    const Painter painter(color);
    std::string text = painter.strong(
        fmt::format("[{}]: what the migration tool itself makes of the folder.", layout_rule));
    const auto section = [&](std::string_view title, std::string_view body) {
        text += fmt::format("\n{}\n{}", painter.strong(title), filled(body));
    };
    text += '\n';
    section("Why",
            R"(These messages are about what the tool makes of the folder and its files, before
a server sees any SQL.
As an error: the tool would stop, as at two migrations of one version or a link that leads nowhere.
As a warning: it would do something that surprises, as with a down script that has no up script, or
an order that is not that of a listing. As a note: what it leaves out.)");
    section("Instead", R"(Rename, move or remove the file so that the tool reads the folder as it is
meant. If the folder belongs to another tool than the one named in the last line of `ordain check`,
say so with --layout.)");
    section("To get rid of it", R"(It is no rule: it can neither be allowed in a comment nor turned
off with --rule. --fail-on decides whether it makes the exit status 1, as for any finding.)");
    return text;
}

} // namespace ordain::report
