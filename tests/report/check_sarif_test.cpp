#include "report/check_sarif.hpp"
#include "report/sample.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

namespace ordain::report {
namespace {

using nlohmann::json;

/// The one run of a report.
json run_of(Sample& sample) {
    return json::parse(check_sarif(sample.take()))["runs"][0];
}

json region_of(const json& result) {
    return result["locations"][0]["physicalLocation"]["region"];
}

TEST(CheckSarif, ResultHasItsPlaceAndItsRule) {
    Sample sample;
    const Location made = sample.find(sample.checked.plan.migrations[0].up, "nickname");
    Finding& finding = sample.report(2, "nickname", Severity::warning, "m");
    finding.notes = {{.message = "made here", .where = made}, {.message = "why", .where = {}}};
    finding.instead = "i";
    json written = json::parse(check_sarif(sample.take()));
    EXPECT_EQ(written["version"], "2.1.0");
    ASSERT_EQ(written["runs"].size(), 1U);
    json& results = written["runs"][0]["results"];
    ASSERT_EQ(results.size(), 1U);
    results[0].erase("partialFingerprints");
    EXPECT_EQ(results[0], json::parse(R"({
        "ruleId": "drop-column", "ruleIndex": 0, "level": "warning",
        "message": {"text": "m\nnote: made here (m/0001_accounts.up.sql:3:5)\nnote: why\nhelp: i"},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": "m/0002_drop.up.sql", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 1, "startColumn": 34, "endLine": 1, "endColumn": 42}}}],
        "relatedLocations": [{"id": 1, "message": {"text": "made here"}, "physicalLocation": {
            "artifactLocation": {"uri": "m/0001_accounts.up.sql", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 13}}}]})"));
    const json& rule = written["runs"][0]["tool"]["driver"]["rules"][0];
    EXPECT_EQ(rule["id"], "drop-column");
    EXPECT_EQ(rule["shortDescription"]["text"], find_rule("drop-column")->summary);
    EXPECT_EQ(rule["defaultConfiguration"]["level"], "error");
    EXPECT_EQ(rule["properties"]["tags"], json::parse(R"(["destructive"])"));
}

TEST(CheckSarif, RulesAreThoseWithResults) {
    Sample sample;
    sample.report(2, "nickname", Severity::error, "m");
    sample.report(2, "ALTER", Severity::error, "m").rule = "syntax-error";
    sample.checked.plan.notes.push_back(
        {.severity = LayoutNote::Severity::note, .path = "m/x.txt", .message = "left out"});
    const json run = run_of(sample);
    const json& rules = run["tool"]["driver"]["rules"];
    ASSERT_EQ(rules.size(), 3U);
    for (const json& result : run["results"])
        EXPECT_EQ(rules[result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
}

TEST(CheckSarif, WhatHasNoPlaceInAFileNamesTheFile) {
    Sample sample;
    sample.checked.plan.notes.push_back(
        {.severity = LayoutNote::Severity::error, .path = "m", .message = "empty"});
    sample.report(2, "", Severity::error, "whole");
    const json run = run_of(sample);
    EXPECT_EQ(run["results"][0]["level"], "error");
    EXPECT_EQ(run["results"][0]["locations"], json::parse(R"([{"physicalLocation": {
        "artifactLocation": {"uri": "m", "uriBaseId": "%SRCROOT%"}}}])"));
    EXPECT_EQ(run["results"][1]["locations"], json::parse(R"([{"physicalLocation": {
        "artifactLocation": {"uri": "m/0002_drop.up.sql", "uriBaseId": "%SRCROOT%"}}}])"));
}

TEST(CheckSarif, PathsAreEncoded) {
    Sample sample;
    const auto note = [&](std::string path) {
        sample.checked.plan.notes.push_back(
            {.severity = LayoutNote::Severity::note, .path = std::move(path), .message = "n"});
    };
    note("a b/50%:ü.sql");
    note("../o.sql");
    note("/tmp/a#b.sql");
    const json results = run_of(sample)["results"];
    const auto place = [&](std::size_t index) {
        return results[index]["locations"][0]["physicalLocation"]["artifactLocation"];
    };
    EXPECT_EQ(place(0), json::parse(R"({"uri": "a%20b/50%25%3A%C3%BC.sql",
                                        "uriBaseId": "%SRCROOT%"})"));
    EXPECT_EQ(place(1), json::parse(R"({"uri": "../o.sql", "uriBaseId": "%SRCROOT%"})"));
    EXPECT_EQ(place(2), json::parse(R"({"uri": "file:///tmp/a%23b.sql"})"));
}

TEST(CheckSarif, ColumnsCountUtf16Units) {
    Sample sample;
    sample.add("0004_wide", "\xEF\xBB\xBFx;\r\n\t'ä\U0001F600', y;\rz\n;\r\n", {});
    sample.report(4, "x", Severity::error, "m");
    sample.report(4, "y", Severity::error, "m");
    sample.report(4, "z\n;", Severity::error, "m");
    const json run = run_of(sample);
    EXPECT_EQ(run["columnKind"], "utf16CodeUnits");
    EXPECT_EQ(run["newlineSequences"], json::parse(R"(["\r\n", "\n", "\r"])"));
    EXPECT_EQ(region_of(run["results"][0]), json::parse(R"({"startLine": 1, "startColumn": 1,
                                                            "endLine": 1, "endColumn": 2})"));
    EXPECT_EQ(region_of(run["results"][1]), json::parse(R"({"startLine": 2, "startColumn": 9,
                                                            "endLine": 2, "endColumn": 10})"));
    EXPECT_EQ(region_of(run["results"][2]), json::parse(R"({"startLine": 3, "startColumn": 1,
                                                            "endLine": 4, "endColumn": 2})"));
}

/// The fingerprints of findings about "nickname" in a script of these statements, each with its
/// number of lines above.
std::vector<std::string> fingerprints_of(const std::vector<std::string>& statements) {
    Sample sample;
    std::string text;
    std::vector<Statement> parsed;
    for (const std::string& statement : statements) {
        Statement each;
        each.span.begin = static_cast<std::uint32_t>(text.size());
        text += statement;
        each.span.end = static_cast<std::uint32_t>(text.size());
        text += ";\n";
        parsed.push_back(std::move(each));
    }
    sample.add("0004_x", text, {});
    sample.checked.result.judged.statements.resize(4);
    for (const Statement& statement : parsed) {
        Finding& finding = sample.report(4, "", Severity::error, "m");
        finding.where.span = {.begin = statement.span.begin + 1, .end = statement.span.end};
    }
    sample.checked.result.judged.statements[3].up = std::move(parsed);
    std::vector<std::string> fingerprints;
    const json run = run_of(sample);
    for (const json& result : run["results"])
        fingerprints.push_back(result["partialFingerprints"]["statementHash/v1"]);
    return fingerprints;
}

TEST(CheckSarif, FingerprintsOutlastWhatStandsAbove) {
    const std::vector<std::string> before = fingerprints_of({"DROP a", "DROP b", "DROP a"});
    const std::vector<std::string> after =
        fingerprints_of({"-- more\n\nDROP c", "DROP a", "DROP\r\n  b", "DROP a"});
    ASSERT_EQ(before.size(), 3U);
    ASSERT_EQ(after.size(), 4U);
    EXPECT_EQ(before[0], "2245b816a5471db3:1");
    EXPECT_EQ(before[0], after[1]);
    EXPECT_EQ(before[1], after[2]);
    EXPECT_EQ(before[2], after[3]);
    EXPECT_EQ(std::set<std::string>(after.begin(), after.end()).size(), 4U);
}

TEST(CheckSarif, NothingOfAHistory) {
    Sample sample;
    sample.report(2, "nickname", Severity::error, "m");
    sample.checked.scope = Scope::nothing_new;
    const json run = run_of(sample);
    EXPECT_EQ(run["results"], json::array());
    EXPECT_EQ(run["tool"]["driver"]["rules"], json::array());
}

TEST(CheckSarif, InvalidUtf8IsShownAsBytes) {
    Sample sample;
    sample.report(1, "id", Severity::error, "a\xff");
    EXPECT_EQ(run_of(sample)["results"][0]["message"]["text"], "a\\xff");
}

} // namespace
} // namespace ordain::report
