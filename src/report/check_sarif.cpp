#include "report/check_sarif.hpp"

#include "report/code_frame.hpp"
#include "report/finding_text.hpp"
#include "report/fingerprint.hpp"
#include "report/json_writer.hpp"
#include "report/rule_sheet.hpp"

#include <fmt/format.h>
#include <iterator>
#include <ordain/rule.hpp>
#include <ordain/version.hpp>
#include <set>

namespace ordain::report {
namespace {

constexpr std::string_view schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What relative paths are relative to: where Ordain ran, which should be the repository's root.
constexpr std::string_view base_id = "%SRCROOT%";

/// A path as (part of) a URI: all bytes but the unreserved characters and slashes escaped.
std::string percent_encoded(std::string_view path) {
    constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-._~/";
    std::string uri;
    for (const char character : path) {
        if (plain.find(character) != std::string_view::npos) {
            uri += character;
        } else {
            uri += fmt::format("%{:02X}", static_cast<unsigned char>(character));
        }
    }
    return uri;
}

Json artifact_json(std::string_view path) {
    const std::string uri = percent_encoded(path);
    if (path.starts_with('/')) return {{"uri", "file://" + uri}};
    return {{"uri", uri}, {"uriBaseId", base_id}};
}

Json region_json(const SourceFile& file, Span span) {
    return {{"startLine", file.position(span.begin).line},
            {"startColumn", file.utf16_column(span.begin)},
            {"endLine", file.position(span.end).line},
            {"endColumn", file.utf16_column(span.end)}};
}

Json physical_json(const SourceSet& sources, Location where) {
    const SourceFile& file = sources.file(where.file);
    Json json{{"artifactLocation", artifact_json(file.path())}};
    if (!is_whole_file(where.span)) json["region"] = region_json(file, where.span);
    return json;
}

Json text_json(std::string_view text) {
    return {{"text", text}};
}

Json rule_json(std::string_view id) {
    const Rule* rule = find_rule(id);
    if (rule == nullptr) {
        return {{"id", id},
                {"shortDescription", text_json("What the migration tool makes of the folder.")},
                {"help", text_json(layout_sheet(Color::off))}};
    }
    return {{"id", id},
            {"shortDescription", text_json(rule->summary)},
            {"fullDescription", text_json(rule->why)},
            {"help", {{"text", rule_sheet(*rule, Color::off)}, {"markdown", rule_markdown(*rule)}}},
            {"defaultConfiguration", {{"level", name_of(rule->severity)}}},
            {"properties", {{"tags", Json::array({name_of(rule->category)})}}}};
}

/// The rules that have results, by which results name them.
class UsedRules {
public:
    explicit UsedRules(const CheckReport& report) {
        for (const CheckedPlan& checked : report.plans) {
            if (checked.scope == Scope::nothing_new) continue;
            if (!checked.plan.notes.empty()) ids_.insert(layout_rule);
            for (const Finding& finding : checked.result.findings)
                ids_.insert(finding.rule);
        }
    }

    [[nodiscard]] std::ptrdiff_t index_of(std::string_view id) const {
        return std::distance(ids_.begin(), ids_.find(id));
    }

    [[nodiscard]] Json json() const {
        Json list = Json::array();
        for (const std::string_view id : ids_)
            list.push_back(rule_json(id));
        return list;
    }

private:
    std::set<std::string_view> ids_;
};

/// What all results have, the place excepted.
Json result_json(const UsedRules& rules,
                 std::string_view rule,
                 Severity severity,
                 std::string_view message) {
    return {{"ruleId", rule},
            {"ruleIndex", rules.index_of(rule)},
            {"level", name_of(severity)},
            {"message", text_json(message)}};
}

Json layout_result(const UsedRules& rules, const LayoutNote& note) {
    Json json = result_json(rules, layout_rule, severity_of(note), note.message);
    json["locations"] = Json::array(
        {Json{{"physicalLocation", Json{{"artifactLocation", artifact_json(note.path)}}}}});
    return json;
}

Json related_json(const SourceSet& sources, const Finding& finding) {
    Json list = Json::array();
    for (const FindingNote& note : finding.notes) {
        if (!note.where) continue;
        list.push_back(Json{{"id", list.size() + 1},
                            {"physicalLocation", physical_json(sources, *note.where)},
                            {"message", text_json(note.message)}});
    }
    return list;
}

Json finding_result(const SourceSet& sources,
                    const UsedRules& rules,
                    const Finding& finding,
                    std::string fingerprint) {
    Json json =
        result_json(rules, finding.rule, finding.severity, explained_message(sources, finding));
    json["locations"] =
        Json::array({Json{{"physicalLocation", physical_json(sources, finding.where)}}});
    Json related = related_json(sources, finding);
    if (!related.empty()) json["relatedLocations"] = std::move(related);
    json["partialFingerprints"] = Json{{"statementHash/v1", std::move(fingerprint)}};
    return json;
}

Json results_json(const CheckReport& report, const UsedRules& rules) {
    Json results = Json::array();
    for (const CheckedPlan& checked : report.plans) {
        if (checked.scope == Scope::nothing_new) continue;
        for (const LayoutNote& note : checked.plan.notes)
            results.push_back(layout_result(rules, note));
        Fingerprints fingerprints(report.sources, checked);
        for (const Finding* finding : in_plan_order(checked)) {
            results.push_back(
                finding_result(report.sources, rules, *finding, fingerprints.next(*finding)));
        }
    }
    return results;
}

} // namespace

std::string check_sarif(const CheckReport& report) {
    const UsedRules rules(report);
    const Json driver{{"name", "ordain"}, {"version", version}, {"rules", rules.json()}};
    const Json base{{base_id, {{"description", text_json("The folder in which ordain ran.")}}}};
    // A lone carriage return ends a line too, which is not SARIF's default.
    Json run{{"tool", {{"driver", driver}}},
             {"originalUriBaseIds", base},
             {"columnKind", "utf16CodeUnits"},
             {"newlineSequences", Json::array({"\r\n", "\n", "\r"})},
             {"results", results_json(report, rules)}};
    return serialized(
        {{"$schema", schema}, {"version", "2.1.0"}, {"runs", Json::array({std::move(run)})}});
}

} // namespace ordain::report
