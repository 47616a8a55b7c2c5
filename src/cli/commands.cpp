#include "cli/commands.hpp"

#include "assess/assess.hpp"
#include "cli/completions.hpp"
#include "cli/init.hpp"
#include "cli/inputs.hpp"
#include "cli/man_page.hpp"
#include "cli/newness.hpp"
#include "cli/progress.hpp"
#include "cli/settings.hpp"
#include "config/suggestion.hpp"
#include "lint/lint.hpp"
#include "plan/beforehand.hpp"
#include "proof/judge.hpp"
#include "report/assessment_json.hpp"
#include "report/assessment_markdown.hpp"
#include "report/check_github.hpp"
#include "report/check_json.hpp"
#include "report/check_junit.hpp"
#include "report/check_sarif.hpp"
#include "report/check_text.hpp"
#include "report/inspect_json.hpp"
#include "report/inspect_text.hpp"
#include "report/rule_sheet.hpp"
#include "text/letter_case.hpp"

#include <cstdlib>
#include <deque>
#include <fmt/format.h>
#include <ordain/rule.hpp>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace ordain::cli {
namespace {

using ordain::config::suggestion;
using report::Color;

bool environment_allows_color() {
    // https://no-color.org: any value but the empty one.
    const char* refusal = std::getenv("NO_COLOR");
    if (refusal != nullptr && *refusal != '\0') return false;
    const char* terminal = std::getenv("TERM");
    return terminal != nullptr && std::string_view(terminal) != "dumb";
}

/// In a file nobody sees colours, unless they were asked for.
Color color_of(ColorChoice choice, const ReportChoice& report) {
    switch (choice) {
    case ColorChoice::always: return Color::on;
    case ColorChoice::never: return Color::off;
    case ColorChoice::automatic: break;
    }
    if (report.file) return Color::off;
    return ::isatty(STDOUT_FILENO) == 1 && environment_allows_color() ? Color::on : Color::off;
}

/// All reports that were asked for. `write` makes the text of one.
template <typename Write>
std::vector<Output> outputs_of(const Arguments& arguments, Write write) {
    std::vector<Output> outputs;
    for (const ReportChoice& report : arguments.reports) {
        outputs.push_back(
            {.text = write(report.format, color_of(arguments.color, report)), .file = report.file});
    }
    return outputs;
}

std::string written(const report::CheckReport& report, Format format, Color color) {
    switch (format) {
    case Format::text: return report::check_text(report, color);
    case Format::json: return report::check_json(report);
    case Format::sarif: return report::check_sarif(report);
    case Format::github: return report::check_github(report);
    case Format::junit: return report::check_junit(report);
    case Format::markdown: break; // Of the command report.
    }
    return {};
}

/// What a run of check and report judges. It points into itself: it stays where it is made.
struct Judging {
    SourceSet sources;
    Configuration configuration;
    std::optional<report::CheckReport> report;
};

/// One that lives until the process ends: taking the catalog of a long history apart is a tenth of
/// a run, for which a hook would wait.
Judging& new_judging() {
    static auto& all = *new std::deque<Judging>;
    return all.emplace_back();
}

/// What is said to exist beforehand and does not replay leaves its names uncertain.
void note_beforehand(const SourceSet& sources, const proof::Judged& judged, Plan& plan) {
    for (const Answer& answer : judged.beforehand) {
        if (answer.verdict != Verdict::no) continue;
        const SourceFile& file = sources.file(answer.where.file);
        plan.notes.push_back(
            {.severity = LayoutNote::Severity::warning,
             .path = file.path(),
             .message = fmt::format("line {} does not replay ({}): what it names is uncertain in "
                                    "all migrations",
                                    file.position(answer.where.span.begin).line, answer.message)});
    }
}

Result<void> judge(const Arguments& arguments, Judging& judging) {
    Result<Configuration> configuration = configure(arguments, judging.sources);
    if (!configuration) return failure(configuration.error().message);
    judging.configuration = *std::move(configuration);
    const Settings& settings = judging.configuration.settings;
    Result<std::vector<layout::Selection>> inputs =
        read_inputs(arguments, judging.configuration, judging.sources);
    if (!inputs) return failure(inputs.error().message);
    if (arguments.applied && inputs->size() > 1) {
        return failure(fmt::format("--applied {} names the migrations of one folder, and there are "
                                   "{} here; name one of them",
                                   *arguments.applied, inputs->size()));
    }
    report::CheckReport& report =
        judging.report.emplace(report::CheckReport{.sources = judging.sources,
                                                   .settings = settings,
                                                   .fail_on = arguments.fail_on,
                                                   .plans = {}});
    Progress progress;
    for (layout::Selection& input : *inputs) {
        const Result<report::Scope> scope = leave_new(arguments, input, judging.sources);
        if (!scope) return failure(scope.error().message);
        const Result<void> added = plan::add_beforehand(settings, input.plan, judging.sources);
        if (!added) return failure(added.error().message);
        lint::LintResult result = lint::lint(judging.sources, input.plan, settings, input.selected,
                                             all_rules(), &Progress::advance, &progress);
        note_beforehand(judging.sources, result.judged, input.plan);
        report.plans.push_back({.plan = std::move(input.plan),
                                .selected = std::move(input.selected),
                                .scope = *scope,
                                .result = std::move(result)});
    }
    return {};
}

Result<CommandResult> check(const Arguments& arguments) {
    Judging& judging = new_judging();
    const Result<void> judged = judge(arguments, judging);
    if (!judged) return failure(judged.error().message);
    return CommandResult{.outputs = outputs_of(arguments,
                                               [&](Format format, Color color) {
                                                   return written(*judging.report, format, color);
                                               }),
                         .status = report::fails(*judging.report) ? ExitStatus::findings
                                                                  : ExitStatus::clean};
}

/// NO-GO and UNDECIDED are told by the exit status too, so that a pipeline can stop.
Result<CommandResult> write_report(const Arguments& arguments) {
    Judging& judging = new_judging();
    const Result<void> judged = judge(arguments, judging);
    if (!judged) return failure(judged.error().message);
    report::AssessmentReport report{.checked = *judging.report, .assessments = {}};
    bool go = true;
    for (const report::CheckedPlan& checked : judging.report->plans) {
        report.assessments.push_back(assess::assess({.sources = judging.sources,
                                                     .settings = judging.configuration.settings,
                                                     .plan = checked.plan,
                                                     .selected = checked.selected,
                                                     .result = checked.result}));
        const bool nothing = checked.scope == report::Scope::nothing_new;
        go = go && (nothing || report.assessments.back().decision == Decision::go);
    }
    return CommandResult{.outputs = outputs_of(arguments,
                                               [&](Format format, Color) {
                                                   return format == Format::json
                                                              ? report::assessment_json(report)
                                                              : report::assessment_markdown(report);
                                               }),
                         .status = go ? ExitStatus::clean : ExitStatus::findings};
}

Result<CommandResult> inspect(const Arguments& arguments) {
    SourceSet sources;
    const Result<Configuration> configuration = configure(arguments, sources);
    if (!configuration) return failure(configuration.error().message);
    const Settings& settings = configuration->settings;
    Result<layout::Selection> input = read_input(arguments, *configuration, sources);
    if (!input) return failure(input.error().message);
    const Result<void> added = plan::add_beforehand(settings, input->plan, sources);
    if (!added) return failure(added.error().message);
    Progress progress;
    const proof::Judged judged = proof::judge(sources, input->plan, settings, input->selected,
                                              nullptr, &Progress::advance, &progress);
    const report::InspectReport report{.sources = sources,
                                       .settings = settings,
                                       .plan = input->plan,
                                       .selected = input->selected,
                                       .judged = judged};
    return CommandResult{.outputs = outputs_of(arguments, [&](Format format, Color color) {
                             return format == Format::json ? report::inspect_json(report)
                                                           : report::inspect_text(report, color);
                         })};
}

Result<CommandResult> config(const Arguments& arguments) {
    SourceSet sources;
    const Result<Configuration> configuration = configure(arguments, sources);
    if (!configuration) return failure(configuration.error().message);
    return CommandResult{.outputs = {{.text = show(*configuration), .file = std::nullopt}}};
}

CommandResult rules(const Arguments& arguments) {
    return {.outputs = outputs_of(arguments, [](Format format, Color color) {
                return format == Format::json ? report::rules_json(all_rules())
                                              : report::rules_text(all_rules(), color);
            })};
}

Result<CommandResult> explain(const Arguments& arguments) {
    const Rule* rule = find_rule(arguments.rule);
    if (rule != nullptr || arguments.rule == report::layout_rule) {
        return CommandResult{.outputs = outputs_of(arguments, [&](Format, Color color) {
                                 return rule != nullptr ? report::rule_sheet(*rule, color)
                                                        : report::layout_sheet(color);
                             })};
    }
    std::vector<std::string_view> ids;
    for (const Rule* known : all_rules())
        ids.push_back(known->id);
    return failure(fmt::format("there is no rule \"{}\"{} (`ordain rules` lists them)",
                               arguments.rule, suggestion(text::lower_case(arguments.rule), ids)));
}

std::string generated(Generated what) {
    switch (what) {
    case Generated::man: break;
    case Generated::bash: return bash_completions(usage());
    case Generated::zsh: return zsh_completions(usage());
    case Generated::fish: return fish_completions(usage());
    }
    return man_page(usage());
}

CommandResult generate(const Arguments& arguments) {
    return {.outputs = {{.text = generated(arguments.generated), .file = std::nullopt}}};
}

} // namespace

Result<CommandResult> run(const Arguments& arguments) {
    switch (arguments.command) {
    case Command::check: return check(arguments);
    case Command::report: return write_report(arguments);
    case Command::inspect: return inspect(arguments);
    case Command::init: return init(arguments);
    case Command::config: return config(arguments);
    case Command::rules: return rules(arguments);
    case Command::explain: return explain(arguments);
    case Command::generate: return generate(arguments);
    }
    return CommandResult{};
}

} // namespace ordain::cli
