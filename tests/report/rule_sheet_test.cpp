#include "report/rule_sheet.hpp"

#include <array>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ordain::report {
namespace {

constexpr Rule drop_table{
    .id = "drop-table",
    .category = Category::destructive,
    .severity = Severity::error,
    .summary = "A table is dropped.",
    .why = "Its rows are gone.\nFor good.\n",
    .fix = "Rename it first.",
    .bad = "DROP TABLE t;\n\nSELECT 1;\n",
    .good = "ALTER TABLE t RENAME TO old_t;",
};
constexpr Rule shout{
    .id = "shout",
    .category = Category::validity,
    .severity = Severity::note,
    .summary = "A name is in capitals.",
    .why = "w",
    .fix = "f",
    .bad = "b",
    .good = "g",
    .on_by_default = false,
};
constexpr std::array<const Rule*, 2> both{&drop_table, &shout};

TEST(RuleSheet, SaysAllAboutARule) {
    EXPECT_EQ(rule_sheet(drop_table, Color::off), R"(error[drop-table]: A table is dropped.

Why
Its rows are gone.
For good.

Instead
Rename it first.

Reported
    DROP TABLE t;

    SELECT 1;

Not reported
    ALTER TABLE t RENAME TO old_t;

To accept it, in a line above the statement
    -- ordain:allow drop-table: <reason>
)");
}

TEST(RuleSheet, ListHasALineForEachRule) {
    EXPECT_EQ(rules_text(both, Color::off), "drop-table  error    A table is dropped.\n"
                                            "shout       note     A name is in capitals. (off)\n");
}

TEST(RuleSheet, JsonHasEveryText) {
    const auto written = nlohmann::json::parse(rules_json(both));
    EXPECT_EQ(written["schema"], "ordain.rules/1");
    ASSERT_EQ(written["rules"].size(), 2U);
    EXPECT_EQ(written["rules"][0], nlohmann::json::parse(R"({
        "id": "drop-table", "category": "destructive", "severity": "error", "default": "error",
        "summary": "A table is dropped.", "why": "Its rows are gone.\nFor good.",
        "fix": "Rename it first.", "bad": "DROP TABLE t;\n\nSELECT 1;",
        "good": "ALTER TABLE t RENAME TO old_t;"})"));
    EXPECT_EQ(written["rules"][1]["default"], "off");
}

} // namespace
} // namespace ordain::report
