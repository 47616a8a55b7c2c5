#include "report/check_json.hpp"

#include "parse/parser.hpp"
#include "report/json_writer.hpp"

#include <ordain/version.hpp>

namespace ordain::report {
namespace {

Json note_json(const SourceSet& sources, const FindingNote& note) {
    return {{"message", note.message},
            {"place", note.where ? place_json(sources, *note.where) : Json()}};
}

Json finding_json(const SourceSet& sources, const CheckedPlan& checked, const Finding& finding) {
    const Rule* rule = find_rule(finding.rule);
    const std::optional<std::string> allow = allowance(finding.rule);
    Json notes = Json::array();
    for (const FindingNote& note : finding.notes)
        notes.push_back(note_json(sources, note));
    const bool known =
        finding.migration >= 1 && finding.migration <= checked.plan.migrations.size();
    return {{"rule", finding.rule},
            {"category", rule == nullptr ? Json() : Json(name_of(rule->category))},
            {"severity", name_of(finding.severity)},
            {"message", finding.message},
            {"place", place_json(sources, finding.where)},
            {"migration", known ? Json(checked.plan.migrations[finding.migration - 1].id) : Json()},
            {"notes", std::move(notes)},
            {"instead", text_or_null(finding.instead)},
            {"allow", allow ? Json(*allow) : Json()}};
}

Json layout_finding_json(const LayoutNote& note) {
    return {{"rule", layout_rule},
            {"category", nullptr},
            {"severity", name_of(severity_of(note))},
            {"message", note.message},
            {"place", Json{{"file", note.path}}},
            {"migration", nullptr},
            {"notes", Json::array()},
            {"instead", nullptr},
            {"allow", nullptr}};
}

Json migration_json(const SourceSet& sources, const CheckedPlan& checked, std::size_t index) {
    const Migration& migration = checked.plan.migrations.at(index);
    const MigrationJudgement& judgement = checked.result.judged.judgements.at(index);
    const auto path = [&](const Script& script) { return sources.file(script.file).path(); };
    return {{"id", migration.id},
            {"ordinal", migration.ordinal},
            {"file", path(migration.up)},
            {"down_file", migration.down ? Json(path(*migration.down)) : Json()},
            {"applies", answer_json(sources, judgement.applies)},
            {"rerun", name_of(judgement.rerun.answer.verdict)},
            {"rollback", name_of(judgement.rollback.verdict)}};
}

Json base_json(const CheckedPlan& checked) {
    if (checked.scope == Scope::chosen) return {};
    const Base& base = *checked.plan.base;
    return {{"name", base.name},
            {"commit", text_or_null(base.commit)},
            {"reason", text_or_null(base.reason)},
            {"nothing_new", checked.scope == Scope::nothing_new}};
}

Json assumed_applied_json(const SourceSet& sources, const CheckedPlan& checked) {
    Json list = Json::array();
    for (const MigrationJudgement& judgement : checked.result.judged.judgements) {
        if (!judgement.assumed_applied) continue;
        const Migration& migration = checked.plan.migrations[judgement.ordinal - 1];
        list.push_back(Json{{"id", migration.id},
                            {"file", sources.file(migration.up.file).path()},
                            {"applies", answer_json(sources, judgement.applies)}});
    }
    return list;
}

Json history_json(const CheckedPlan& checked) {
    if (checked.scope != Scope::nothing_new) return {};
    Json counts = Json::array();
    for (const History::Count& count : history_of(checked).counts) {
        counts.push_back(Json{{"rule", count.rule},
                              {"severity", name_of(count.severity)},
                              {"findings", count.findings}});
    }
    return counts;
}

Json summary_json(const Summary& summary) {
    return {{"errors", summary.errors},
            {"warnings", summary.warnings},
            {"notes", summary.notes},
            {"allowed", summary.allowed},
            {"migrations_with_findings", summary.migrations_with_findings},
            {"judged", summary.judged},
            {"replayed", summary.replayed},
            {"assumed_applied", summary.assumed_applied},
            {"applies_unknown", summary.applies_unknown},
            {"rerun_unknown", summary.rerun_unknown},
            {"rollback_unknown", summary.rollback_unknown}};
}

Json beforehand_json(const Beforehand& beforehand) {
    Json names = Json::array();
    for (const EarlierScript& script : beforehand.scripts) {
        if (script.kind != EarlierScript::Kind::tool) names.push_back(script.name);
    }
    return names;
}

Json plan_json(const SourceSet& sources, const CheckedPlan& checked) {
    Json findings = Json::array();
    Json migrations = Json::array();
    if (checked.scope != Scope::nothing_new) {
        for (const LayoutNote& note : checked.plan.notes)
            findings.push_back(layout_finding_json(note));
        for (const Finding* finding : in_plan_order(checked))
            findings.push_back(finding_json(sources, checked, *finding));
        for (const std::size_t index : checked.selected)
            migrations.push_back(migration_json(sources, checked, index));
    }
    const bool closed = checked.result.judged.world == catalog::World::closed;
    return {{"root", checked.plan.root},
            {"layout", checked.plan.layout},
            {"evidence", checked.plan.evidence},
            {"history", closed ? "complete" : "partial"},
            {"beforehand", beforehand_json(checked.plan.beforehand)},
            {"base", base_json(checked)},
            {"assumed_applied", assumed_applied_json(sources, checked)},
            {"counts", history_json(checked)},
            {"assumed", checked.result.judged.assumed},
            {"summary", summary_json(summarize(checked))},
            {"findings", std::move(findings)},
            {"migrations", std::move(migrations)}};
}

} // namespace

std::string check_json(const CheckReport& report) {
    Json plans = Json::array();
    for (const CheckedPlan& checked : report.plans) {
        plans.push_back(plan_json(report.sources, checked));
    }
    return serialized({{"schema", "ordain.check/1"},
                       {"ordain", version},
                       {"grammar", parse::grammar_version()},
                       {"postgres", report.settings.postgres},
                       {"fail_on", name_of(report.fail_on)},
                       {"failed", fails(report)},
                       {"plans", std::move(plans)}});
}

} // namespace ordain::report
