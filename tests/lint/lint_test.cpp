#include "lint/lint.hpp"

#include <array>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <optional>
#include <ordain/rule.hpp>
#include <string>
#include <vector>

namespace ordain::lint {
namespace {

/// Finds every action that makes a table.
void find_tables(const ActionContext& context, Findings& findings) {
    if (const auto* create = context.action_as<CreateTable>()) {
        findings.add(create->table.span(), "table " + create->table.name.text);
    }
}

/// Says of every object of the action whether it is new.
void find_new_columns(const ActionContext& context, Findings& findings) {
    const auto* drop = context.action_as<DropColumn>();
    if (drop == nullptr) return;
    const ObjectId column = context.outcome.targets.front();
    const ObjectId table = context.outcome.targets.back();
    findings.add(drop->column.span,
                 fmt::format("{} {} {}", context.display_name(table),
                             context.created_in_this_deployment(column) ? "new" : "old",
                             context.created_in_this_deployment(table) ? "new" : "old"));
}

void find_migrations(const PlanContext& context, Findings& findings) {
    for (const Migration& migration : context.plan.migrations) {
        Finding& finding = findings.add({.file = migration.up.file, .span = {}}, migration.ordinal,
                                        "migration " + migration.id);
        finding.severity = Severity::error;
    }
}

void find_twice(const ActionContext& context, Findings& findings) {
    findings.add({}, "an action");
    findings.add(context.statement.span, "an action");
}

/// A rule without texts.
constexpr Rule rule_named(std::string_view id, Severity severity) {
    Rule rule{};
    rule.id = id;
    rule.severity = severity;
    rule.on_by_default = true;
    return rule;
}

constexpr Rule rule_of_actions(std::string_view id,
                               Severity severity,
                               void (*check)(const ActionContext&, Findings&)) {
    Rule rule = rule_named(id, severity);
    rule.check = check;
    return rule;
}

constexpr Rule rule_of_plans() {
    Rule rule = rule_named("migrations", Severity::note);
    rule.check_plan = find_migrations;
    return rule;
}

constexpr Rule rule_that_is_off() {
    Rule rule = rule_of_actions("off", Severity::error, find_tables);
    rule.on_by_default = false;
    return rule;
}

constexpr Rule rule_for_sqlx() {
    Rule rule = rule_of_actions("in-sqlx", Severity::note, find_tables);
    rule.on_by_default = false;
    rule.enabled_for = [](const Plan& plan, const Settings& /*settings*/) {
        return plan.layout == "sqlx";
    };
    return rule;
}

constexpr Rule tables = rule_of_actions("tables", Severity::warning, find_tables);
constexpr Rule columns = rule_of_actions("columns", Severity::note, find_new_columns);
constexpr Rule twice = rule_of_actions("twice", Severity::note, find_twice);
constexpr Rule migrations = rule_of_plans();
constexpr Rule off = rule_that_is_off();
constexpr Rule in_sqlx = rule_for_sqlx();

/// A plan put together by hand: one up script a migration.
struct Sample {
    SourceSet sources;
    Plan plan;
    Settings settings;

    void add(std::string path, std::string text) {
        Migration migration;
        migration.ordinal = static_cast<std::uint32_t>(plan.migrations.size()) + 1;
        migration.id = path;
        const auto size = static_cast<std::uint32_t>(text.size());
        migration.up.file = sources.add(std::move(path), std::move(text));
        migration.up.section = {.begin = 0, .end = size};
        plan.migrations.push_back(std::move(migration));
    }

    [[nodiscard]] std::vector<std::string>
    lint(const std::vector<const Rule*>& rules,
         const std::optional<std::vector<std::size_t>>& only = std::nullopt) const {
        std::vector<std::string> lines;
        const std::vector<std::size_t> selected = only.value_or(all_migrations(plan));
        const LintResult result = lint::lint(sources, plan, settings, selected, rules);
        for (const Finding& finding : result.findings) {
            lines.push_back(fmt::format("{}:{} {}[{}] {}", sources.file(finding.where.file).path(),
                                        finding.where.span.begin, name_of(finding.severity),
                                        finding.rule, finding.message));
        }
        return lines;
    }
};

using Lines = std::vector<std::string>;

TEST(Lint, StampsAndSortsByPathPlaceAndRule) {
    Sample sample;
    sample.add("b.sql", "CREATE TABLE u (); CREATE TABLE t ();");
    sample.add("a.sql", "CREATE TABLE v ();");
    const Lines expected = {
        "a.sql:0 error[migrations] migration a.sql", "a.sql:13 warning[tables] table v",
        "b.sql:0 error[migrations] migration b.sql", "b.sql:13 warning[tables] table u",
        "b.sql:32 warning[tables] table t",
    };
    EXPECT_EQ(sample.lint({&migrations, &tables}), expected);
    EXPECT_EQ(sample.lint({&tables, &migrations}), expected);
}

TEST(Lint, ReportsOnSelectedMigrationsOnly) {
    Sample sample;
    sample.add("a.sql", "CREATE TABLE t (a int);");
    sample.add("b.sql", "ALTER TABLE t DROP COLUMN a;\n-- ordain:allow nothing: x\n");
    const Lines expected = {"a.sql:0 error[migrations] migration a.sql",
                            "a.sql:13 warning[tables] table t"};
    EXPECT_EQ(sample.lint({&columns, &migrations, &tables}, std::vector<std::size_t>{0}), expected);
}

TEST(Lint, KnowsWhatIsNewInTheDeployment) {
    Sample sample;
    sample.add("a.sql", "CREATE SCHEMA s; CREATE TABLE s.t (a int);");
    sample.add("b.sql", "ALTER TABLE s.t ADD COLUMN b int; ALTER TABLE s.t DROP COLUMN b,"
                        " DROP COLUMN a; CREATE TABLE u (c int); ALTER TABLE u DROP COLUMN c;");
    EXPECT_EQ(sample.lint({&columns}),
              (Lines{"b.sql:62 note[columns] s.t new old", "b.sql:77 note[columns] s.t old old",
                     "b.sql:130 note[columns] u new new"}));
}

TEST(Lint, SaysTheSameOfOnePlaceOnce) {
    Sample sample;
    sample.add("a.sql", "CREATE TABLE t ();");
    EXPECT_EQ(sample.lint({&twice}), Lines{"a.sql:0 note[twice] an action"});
}

TEST(Lint, SettingsTurnRulesOnAndOffAndSetTheirSeverity) {
    Sample sample;
    sample.add("a.sql", "CREATE TABLE t ();");
    EXPECT_EQ(sample.lint({&in_sqlx, &off}), Lines{});
    sample.settings.severities.push_back({.files = {}, .rules = {{"off", Severity::note}}});
    EXPECT_EQ(sample.lint({&in_sqlx, &off}), Lines{"a.sql:13 note[off] table t"});
    sample.settings.severities.push_back({.files = {}, .rules = {{"migrations", Severity::note}}});
    EXPECT_EQ(sample.lint({&migrations}), Lines{"a.sql:0 note[migrations] migration a.sql"});
    sample.settings.severities.push_back({.files = {}, .rules = {{"migrations", std::nullopt}}});
    EXPECT_EQ(sample.lint({&migrations}), Lines{});
    sample.plan.layout = "sqlx";
    EXPECT_EQ(sample.lint({&in_sqlx}), Lines{"a.sql:13 note[in-sqlx] table t"});
    sample.settings.severities.push_back({.files = {}, .rules = {{"in-sqlx", std::nullopt}}});
    EXPECT_EQ(sample.lint({&in_sqlx}), Lines{});
}

TEST(Lint, ManyAllowancesTakeLinearTime) {
    Sample sample;
    std::string text;
    for (int i = 0; i < 20'000; ++i)
        text += fmt::format("-- ordain:allow tables: x\nCREATE TABLE t{} ();\n", i);
    sample.add("a.sql", text + "CREATE TABLE u ();");
    EXPECT_EQ(sample.lint({&tables}).size(), 1U);
}

TEST(Lint, HoldsNestingAndRubbishOut) {
    Sample sample;
    sample.add("a.sql", "SELECT " + std::string(20'000, '(') + "1" + std::string(20'000, ')'));
    sample.add("b.sql", std::string("\0\xff\xfe;;;'$$", 8));
    sample.add("c.sql", "");
    sample.add("d.sql", "-- only a comment");
    EXPECT_EQ(sample.lint({&tables}), Lines{});
}

} // namespace
} // namespace ordain::lint
