#include "report/check_report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

namespace ordain::report {
namespace {

void count(Summary& summary, Severity severity) {
    switch (severity) {
    case Severity::error: ++summary.errors; return;
    case Severity::warning: ++summary.warnings; return;
    case Severity::note: ++summary.notes; return;
    }
}

void count_findings(Summary& summary, const CheckedPlan& checked) {
    std::set<std::uint32_t> with_findings;
    for (const Finding& finding : checked.result.findings) {
        count(summary, finding.severity);
        if (finding.migration != 0) with_findings.insert(finding.migration);
    }
    for (const LayoutNote& note : checked.plan.notes)
        count(summary, severity_of(note));
    summary.allowed = checked.result.allowed;
    summary.migrations_with_findings = with_findings.size();
}

void count_doubts(Summary& summary, const MigrationJudgement& judgement) {
    ++summary.judged;
    if (judgement.applies.verdict == Verdict::unknown) ++summary.applies_unknown;
    // Without a first run that succeeds, nothing can be said about a second one or the way back.
    if (judgement.applies.verdict != Verdict::yes) return;
    if (judgement.rerun.answer.verdict == Verdict::unknown) ++summary.rerun_unknown;
    if (judgement.rollback.verdict == RollbackVerdict::unknown) ++summary.rollback_unknown;
}

/// Where a file comes among the scripts of its plan.
using ScriptOrder = std::unordered_map<FileId, std::size_t>;

ScriptOrder script_order(const Plan& plan) {
    ScriptOrder order;
    for (const Migration& migration : plan.migrations) {
        order.emplace(migration.up.file, order.size());
        if (migration.down) order.emplace(migration.down->file, order.size());
    }
    return order;
}

/// Most severe first, then those that are the latest of their rule, then the second latest: one
/// rule with many findings does not hide the others.
std::vector<const Finding*> worst_of(const CheckedPlan& checked) {
    std::vector<const Finding*> latest = in_plan_order(checked);
    std::ranges::reverse(latest);
    std::map<std::string_view, int> seen;
    std::vector<std::pair<int, const Finding*>> ranked;
    ranked.reserve(latest.size());
    for (const Finding* finding : latest)
        ranked.emplace_back(seen[finding->rule]++, finding);
    std::ranges::stable_sort(ranked, {}, [](const auto& each) {
        return std::pair(-static_cast<int>(each.second->severity), each.first);
    });
    std::vector<const Finding*> worst;
    worst.reserve(ranked.size());
    for (const auto& [rank, finding] : ranked)
        worst.push_back(finding);
    return worst;
}

} // namespace

Summary summarize(const CheckedPlan& checked) {
    Summary summary;
    const std::vector<Migration>& migrations = checked.plan.migrations;
    summary.replayed = migrations.size();
    if (checked.scope != Scope::chosen) {
        const auto has_run = std::ranges::count(migrations, true, &Migration::applied);
        summary.replayed = static_cast<std::size_t>(has_run);
    }
    for (const MigrationJudgement& judgement : checked.result.judged.judgements)
        summary.assumed_applied += judgement.assumed_applied ? 1 : 0;
    if (checked.scope == Scope::nothing_new) return summary;
    count_findings(summary, checked);
    for (const std::size_t index : checked.selected)
        count_doubts(summary, checked.result.judged.judgements.at(index));
    return summary;
}

bool fails(const CheckReport& report) {
    return std::ranges::any_of(report.plans, [&](const CheckedPlan& checked) {
        if (checked.scope == Scope::nothing_new) return false;
        const auto reached = [&](Severity severity) { return severity >= report.fail_on; };
        return std::ranges::any_of(checked.result.findings, reached, &Finding::severity) ||
               std::ranges::any_of(checked.plan.notes, reached, severity_of);
    });
}

History history_of(const CheckedPlan& checked) {
    constexpr std::size_t most_shown = 5;
    History history;
    std::map<std::pair<Severity, std::string_view>, std::size_t> counts;
    for (const LayoutNote& note : checked.plan.notes)
        ++counts[{severity_of(note), layout_rule}];
    for (const Finding& finding : checked.result.findings)
        ++counts[{finding.severity, finding.rule}];
    for (const auto& [what, count] : counts)
        history.counts.push_back({.rule = what.second, .severity = what.first, .findings = count});
    std::ranges::stable_sort(history.counts, std::ranges::greater(), [](const auto& count) {
        return std::pair(count.severity, count.findings);
    });
    history.worst = worst_of(checked);
    if (history.worst.size() > most_shown) history.worst.resize(most_shown);
    return history;
}

Severity severity_of(const LayoutNote& note) {
    switch (note.severity) {
    case LayoutNote::Severity::error: return Severity::error;
    case LayoutNote::Severity::warning: return Severity::warning;
    case LayoutNote::Severity::note: return Severity::note;
    }
    return Severity::note;
}

std::vector<const Finding*> in_plan_order(const CheckedPlan& checked) {
    const ScriptOrder order = script_order(checked.plan);
    const auto place = [&](const Finding* finding) {
        const auto script = order.find(finding->where.file);
        return std::tuple(script == order.end() ? std::numeric_limits<std::size_t>::max()
                                                : script->second,
                          finding->where, finding->rule);
    };
    std::vector<const Finding*> findings;
    findings.reserve(checked.result.findings.size());
    for (const Finding& finding : checked.result.findings)
        findings.push_back(&finding);
    std::ranges::stable_sort(findings, {}, place);
    return findings;
}

std::optional<std::string> allowance(std::string_view rule) {
    const Rule* known = find_rule(rule);
    if (known != nullptr && known->category == Category::suppression) return std::nullopt;
    return fmt::format("-- ordain:allow {}: <reason>", rule);
}

} // namespace ordain::report
