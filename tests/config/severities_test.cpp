#include "config/severities.hpp"

#include <gtest/gtest.h>
#include <string>

namespace ordain::config {
namespace {

Settings layers() {
    Settings settings;
    settings.folder = "/project";
    settings.severities = {
        {.files = {}, .rules = {{"destructive", Severity::warning}, {"drop-table", std::nullopt}}},
        {.files = {"db/old/*"}, .rules = {{"destructive", Severity::note}}},
    };
    return settings;
}

/// "error", "off" or "default".
std::string chosen(const Settings& settings, std::string_view rule, std::string_view path) {
    const auto severity =
        chosen_severity(settings, {.rule = rule, .category = "destructive"}, path);
    if (!severity) return "default";
    return severity->severity ? std::string(name_of(*severity->severity)) : "off";
}

TEST(Severities, RuleCountsMoreThanItsCategory) {
    EXPECT_EQ(chosen(layers(), "drop-column", "/project/db/new/1.sql"), "warning");
    EXPECT_EQ(chosen(layers(), "drop-table", "/project/db/new/1.sql"), "off");
    EXPECT_EQ(chosen({}, "drop-table", "/project/db/new/1.sql"), "default");
}

TEST(Severities, LastLayerThatFitsCounts) {
    EXPECT_EQ(chosen(layers(), "drop-table", "/project/db/old/deep/1.sql"), "note");
    EXPECT_EQ(chosen(layers(), "drop-table", "/other/db/old/1.sql"), "off");
    Settings settings = layers();
    settings.severities.push_back({.files = {}, .rules = {{"drop-table", Severity::error}}});
    EXPECT_EQ(chosen(settings, "drop-table", "/project/db/old/1.sql"), "error");
}

TEST(Severities, RuleThatIsOffEverywhereNeedNotRun) {
    EXPECT_TRUE(may_be_on(layers(), {.rule = "drop-table", .category = "destructive"}))
        << "on in db/old";
    EXPECT_TRUE(may_be_on(layers(), {.rule = "other", .category = "locking"}));
    EXPECT_FALSE(
        may_be_on(layers(), {.rule = "other", .category = "locking", .on_by_default = false}));
    Settings settings = layers();
    settings.severities.push_back({.files = {}, .rules = {{"drop-table", std::nullopt}}});
    EXPECT_FALSE(may_be_on(settings, {.rule = "drop-table", .category = "destructive"}));
    settings.severities.back().files = {"x"};
    EXPECT_TRUE(may_be_on(settings, {.rule = "drop-table", .category = "destructive"}));
}

TEST(Severities, CategoryTurnsNothingOn) {
    const RuleNames off{.rule = "x", .category = "destructive", .on_by_default = false};
    EXPECT_FALSE(may_be_on(layers(), off));
    EXPECT_FALSE(chosen_severity(layers(), off, "/project/db/1.sql"));
    Settings settings = layers();
    settings.severities.push_back({.files = {}, .rules = {{"x", Severity::note}}});
    EXPECT_TRUE(may_be_on(settings, off));
    EXPECT_EQ(chosen_severity(settings, off, "/project/db/1.sql")->severity, Severity::note);
}

TEST(Severities, PatternsAreThoseOfFnmatch) {
    EXPECT_TRUE(matches("db/*.sql", "db/old/1.sql"));
    EXPECT_TRUE(matches("0007*", "0007_drop"));
    EXPECT_FALSE(matches("0007", "0007_drop"));
    EXPECT_TRUE(matches("[0-9]?_*", "12_x"));
}

} // namespace
} // namespace ordain::config
