#include "report/check_junit.hpp"

#include "report/display.hpp"
#include "report/finding_text.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <utility>
#include <vector>

namespace ordain::report {
namespace {

/// The case of what belongs to no migration that was judged.
constexpr std::string_view folder_case = "migration folder";

/// A text for XML: what XML 1.0 cannot hold is shown as on a terminal.
std::string xml(std::string_view text) {
    std::string result;
    for (const char character : escaped(text)) {
        switch (character) {
        case '&': result += "&amp;"; break;
        case '<': result += "&lt;"; break;
        case '>': result += "&gt;"; break;
        case '"': result += "&quot;"; break;
        // A parser makes blanks of these in attributes.
        case '\n': result += "&#10;"; break;
        case '\t': result += "&#9;"; break;
        default: result += character; break;
        }
    }
    return result;
}

/// What is between two tags: text that people read keeps its lines.
std::string xml_lines(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        result += xml(text.substr(0, end));
        if (end < text.size()) result += '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return result;
}

/// A finding at or above the threshold.
struct Reached {
    std::string_view rule;
    std::string_view message;
};

/// A test case in the making.
struct Case {
    std::string_view name;
    std::string_view file;
    std::vector<Reached> failures;
    std::string failure_text;
    std::string other_text;
    std::string_view doubt; ///< Why it is not known whether the migration applies.

    [[nodiscard]] bool fails() const { return !failures.empty(); }
    [[nodiscard]] bool skipped() const { return !fails() && !doubt.empty(); }

    void add(const CheckReport& report, Severity severity, Reached finding, std::string_view text) {
        const bool reached = severity >= report.fail_on;
        if (reached) failures.push_back(finding);
        std::string& all = reached ? failure_text : other_text;
        if (!all.empty()) all += '\n';
        all += text;
    }
};

struct Suite {
    std::string_view name;
    std::vector<Case> cases;

    [[nodiscard]] std::ptrdiff_t failures() const {
        return std::ranges::count_if(cases, &Case::fails);
    }
    [[nodiscard]] std::ptrdiff_t skipped() const {
        return std::ranges::count_if(cases, &Case::skipped);
    }
};

void add_finding(const CheckReport& report, const Finding& finding, Case& test) {
    test.add(report, finding.severity, {.rule = finding.rule, .message = finding.message},
             finding_text(report.sources, finding, Painter(Color::off)));
}

void add_note(const CheckReport& report, const LayoutNote& note, Case& test) {
    test.add(
        report, severity_of(note), {.rule = layout_rule, .message = note.message},
        fmt::format("{}  --> {}\n",
                    heading_text(severity_of(note), layout_rule, note.message, Painter(Color::off)),
                    escaped(note.path)));
}

Case case_of(const CheckReport& report, const CheckedPlan& checked, std::size_t index) {
    const Migration& migration = checked.plan.migrations.at(index);
    const Answer& applies = checked.result.judged.judgements.at(index).applies;
    Case test{.name = migration.id,
              .file = report.sources.file(migration.up.file).path(),
              .failures = {},
              .failure_text = {},
              .other_text = {},
              .doubt = {}};
    if (applies.verdict == Verdict::unknown) test.doubt = applies.message;
    return test;
}

Suite suite_of(const CheckReport& report, const CheckedPlan& checked) {
    Suite suite{.name = checked.plan.root, .cases = {}};
    if (checked.scope == Scope::nothing_new) return suite;
    Case folder{.name = folder_case,
                .file = checked.plan.root,
                .failures = {},
                .failure_text = {},
                .other_text = {},
                .doubt = {}};
    for (const std::size_t index : checked.selected)
        suite.cases.push_back(case_of(report, checked, index));
    for (const LayoutNote& note : checked.plan.notes)
        add_note(report, note, folder);
    for (const Finding* finding : in_plan_order(checked)) {
        const auto judged = std::ranges::find(checked.selected, std::size_t{finding->migration},
                                              [](std::size_t index) { return index + 1; });
        const auto place = static_cast<std::size_t>(judged - checked.selected.begin());
        const bool belongs = judged != checked.selected.end();
        add_finding(report, *finding, belongs ? suite.cases[place] : folder);
    }
    if (folder.fails() || !folder.other_text.empty()) {
        suite.cases.insert(suite.cases.begin(), std::move(folder));
    }
    return suite;
}

/// One element a case: some readers refuse a second.
std::string failure_xml(const Case& test) {
    const Reached& first = test.failures.front();
    const std::size_t more = test.failures.size() - 1;
    return fmt::format("      <failure type=\"{}\" message=\"{}{}\">{}</failure>\n",
                       xml(first.rule), xml(first.message),
                       more == 0 ? "" : fmt::format(" (and {} more)", more),
                       xml_lines(test.failure_text));
}

std::string case_xml(std::string_view suite, const Case& test) {
    std::string inside;
    if (test.fails()) inside += failure_xml(test);
    if (test.skipped()) {
        inside += fmt::format("      <skipped message=\"whether it applies is unknown: {}\"/>\n",
                              xml(test.doubt));
    }
    if (!test.other_text.empty()) {
        inside += fmt::format("      <system-out>{}</system-out>\n", xml_lines(test.other_text));
    }
    const std::string tag = fmt::format(R"(    <testcase classname="{}" name="{}" file="{}")",
                                        xml(suite), xml(test.name), xml(test.file));
    return inside.empty() ? tag + "/>\n" : fmt::format("{}>\n{}    </testcase>\n", tag, inside);
}

std::string counts_xml(std::string_view name,
                       std::size_t tests,
                       std::ptrdiff_t failures,
                       std::ptrdiff_t skipped) {
    return fmt::format(R"(name="{}" tests="{}" failures="{}" errors="0" skipped="{}")", xml(name),
                       tests, failures, skipped);
}

std::string suite_xml(const Suite& suite) {
    std::string text =
        fmt::format("  <testsuite {}>\n",
                    counts_xml(suite.name, suite.cases.size(), suite.failures(), suite.skipped()));
    for (const Case& test : suite.cases)
        text += case_xml(suite.name, test);
    return text + "  </testsuite>\n";
}

} // namespace

std::string check_junit(const CheckReport& report) {
    std::string suites;
    std::size_t tests = 0;
    std::ptrdiff_t failures = 0;
    std::ptrdiff_t skipped = 0;
    for (const CheckedPlan& checked : report.plans) {
        const Suite suite = suite_of(report, checked);
        tests += suite.cases.size();
        failures += suite.failures();
        skipped += suite.skipped();
        suites += suite_xml(suite);
    }
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<testsuites {}>\n{}</testsuites>\n",
                       counts_xml("ordain", tests, failures, skipped), suites);
}

} // namespace ordain::report
