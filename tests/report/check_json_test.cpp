#include "report/check_json.hpp"
#include "report/sample.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ordain::report {
namespace {

using nlohmann::json;

TEST(CheckJson, FindingHasItsPlace) {
    Sample sample;
    Finding& finding = sample.report(2, "nickname", Severity::error, "m");
    finding.notes.push_back({.message = "n", .where = {}});
    finding.instead = "i";
    const json written = json::parse(check_json(sample.take()));
    EXPECT_EQ(written["schema"], "ordain.check/1");
    EXPECT_EQ(written["postgres"], 15);
    EXPECT_EQ(written["failed"], true);
    ASSERT_EQ(written["plans"].size(), 1U);
    EXPECT_EQ(written["plans"][0]["findings"], json::parse(R"([{
        "rule": "drop-column", "category": "destructive", "severity": "error", "message": "m",
        "place": {"file": "m/0002_drop.up.sql", "line": 1, "column": 34, "end_line": 1,
                  "end_column": 42, "begin": 33, "end": 41},
        "migration": "0002_drop", "notes": [{"message": "n", "place": null}], "instead": "i",
        "allow": "-- ordain:allow drop-column: <reason>"}])"));
    EXPECT_EQ(written["plans"][0]["summary"], json::parse(R"({
        "errors": 1, "warnings": 0, "notes": 0, "allowed": 0, "migrations_with_findings": 1,
        "judged": 3, "replayed": 3, "assumed_applied": 0, "applies_unknown": 0, "rerun_unknown": 0, "rollback_unknown": 0})"));
}

TEST(CheckJson, LayoutNotesAreFindingsWithoutALine) {
    Sample sample;
    sample.checked.plan.notes.push_back(
        {.severity = LayoutNote::Severity::warning, .path = "m/x.txt", .message = "left out"});
    const json written = json::parse(check_json(sample.take()));
    EXPECT_EQ(written["failed"], false);
    EXPECT_EQ(written["plans"][0]["findings"], json::parse(R"([{
        "rule": "layout", "category": null, "severity": "warning", "message": "left out",
        "place": {"file": "m/x.txt"}, "migration": null, "notes": [], "instead": null,
        "allow": null}])"));
}

TEST(CheckJson, OnlySelectedMigrationsAreListed) {
    Sample sample;
    sample.checked.selected = {2};
    sample.judgement(3).applies.verdict = Verdict::unknown;
    sample.judgement(3).applies.message = "why";
    const json written = json::parse(check_json(sample.take()));
    EXPECT_EQ(written["plans"][0]["migrations"], json::parse(R"([{
        "id": "0003_do", "ordinal": 3, "file": "m/0003_do.up.sql", "down_file": null,
        "applies": {"verdict": "unknown", "sqlstate": null, "message": "why", "statement": null,
                    "line": null},
        "rerun": "yes", "rollback": "missing"}])"));
}

TEST(CheckJson, InvalidUtf8IsReplaced) {
    Sample sample;
    sample.report(1, "id", Severity::error, "a\xff");
    const json written = json::parse(check_json(sample.take()));
    EXPECT_EQ(written["plans"][0]["findings"][0]["message"], "a\uFFFD");
}

} // namespace
} // namespace ordain::report
