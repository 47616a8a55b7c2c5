#include "report/rule_sheet.hpp"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ordain::report {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;

constexpr Rule drop_table{
    .id = "drop-table",
    .category = Category::destructive,
    .severity = Severity::error,
    .summary = "A table is dropped.",
    .why = "Its rows are gone.\nFor good.\n",
    .fix = "Rename it first.",
    .elsewhere = "squawk\nban-drop-table",
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
    .elsewhere = {},
    .bad = "b",
    .good = "g",
    .on_by_default = false,
};
constexpr Rule mumble{
    .id = "mumble",
    .category = Category::validity,
    .severity = Severity::note,
    .summary = "A name is short.",
    .why = "w",
    .fix = "f",
    .elsewhere = {},
    .bad = "b",
    .good = "g",
    .on_by_default = false,
    .enabled_for = [](const Plan& /*plan*/, const Settings& /*settings*/) { return true; },
    .enabled_where = "where it is asked for",
};
constexpr std::array<const Rule*, 3> rules{&drop_table, &mumble, &shout};

TEST(RuleSheet, SaysAllAboutARule) {
    EXPECT_EQ(rule_sheet(drop_table, Color::off), R"(error[drop-table]: A table is dropped.

Why
Its rows are gone. For good.

Instead
Rename it first.

Reported
    DROP TABLE t;

    SELECT 1;

Not reported
    ALTER TABLE t RENAME TO old_t;

Other linters call it
squawk ban-drop-table

To accept it, in a line above the statement
    -- ordain:allow drop-table: <reason>
)");
}

TEST(RuleSheet, FillsParagraphs) {
    Rule rule = drop_table;
    const std::string word(30, 'x');
    const std::string text = word + "\n" + word + " " + word + "\n\n" + word;
    rule.why = text;
    EXPECT_THAT(rule_sheet(rule, Color::off), HasSubstr("Why\n" + word + " " + word + "\n" + word +
                                                        "\n\n" + word + "\n\nInstead\n"));
}

TEST(RuleSheet, SaysWhatToDoAboutARuleThatCannotBeAllowed) {
    Rule rule = drop_table;
    rule.id = "unused-allowance";
    EXPECT_THAT(rule_sheet(rule, Color::off), EndsWith(R"(
To get rid of it
It cannot be allowed. Correct or remove the comment that it is about, as said
under Instead; or turn the rule off for a run with --rule unused-allowance=off.
)"));
}

TEST(RuleSheet, OfTheLayoutSaysThatItIsNoRule) {
    EXPECT_THAT(layout_sheet(Color::off), AllOf(HasSubstr("[layout]: "), HasSubstr(R"(
To get rid of it
It is no rule: )")));
}

TEST(RuleSheet, ListHasALineForEachRule) {
    EXPECT_EQ(rules_text(rules, Color::off),
              "drop-table  error    A table is dropped.\n"
              "mumble      note     A name is short. (where it is asked for)\n"
              "shout       note     A name is in capitals. (off)\n");
}

TEST(RuleSheet, JsonHasEveryText) {
    const auto written = nlohmann::json::parse(rules_json(rules));
    EXPECT_EQ(written["schema"], "ordain.rules/1");
    ASSERT_EQ(written["rules"].size(), 3U);
    EXPECT_EQ(written["rules"][0], nlohmann::json::parse(R"({
        "id": "drop-table", "category": "destructive", "severity": "error", "default": "error",
        "summary": "A table is dropped.", "why": "Its rows are gone.\nFor good.",
        "fix": "Rename it first.", "elsewhere": "squawk\nban-drop-table", "bad": "DROP TABLE t;\n\nSELECT 1;",
        "good": "ALTER TABLE t RENAME TO old_t;"})"));
    EXPECT_EQ(written["rules"][1]["default"], "where it is asked for");
    EXPECT_EQ(written["rules"][2]["default"], "off");
}

} // namespace
} // namespace ordain::report
