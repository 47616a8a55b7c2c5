#pragma once

#include "report/check_report.hpp"

#include <memory>
#include <ordain/source.hpp>
#include <string>
#include <string_view>

namespace ordain::report {

/// A small plan with something of everything, put together by hand.
struct Sample {
    SourceSet sources;
    Settings settings;
    CheckedPlan checked;

    Sample() {
        Plan& plan = checked.plan;
        plan.layout = "sqlx";
        plan.root = "m";
        add("0001_accounts", "CREATE TABLE accounts (\n    id int,\n    nickname text\n);\n",
            "DROP TABLE accounts;\n");
        add("0002_drop", "ALTER TABLE accounts DROP COLUMN nickname;\n", {});
        add("0003_do", "DO $$ BEGIN END $$;\n", {});
        checked.result.judged.catalog = std::make_unique<Catalog>();
    }

    void add(std::string id, std::string up, std::string down) {
        Plan& plan = checked.plan;
        Migration migration;
        migration.ordinal = static_cast<std::uint32_t>(plan.migrations.size()) + 1;
        migration.up = script("m/" + id + ".up.sql", std::move(up));
        if (!down.empty()) migration.down = script("m/" + id + ".down.sql", std::move(down));
        migration.id = std::move(id);
        plan.migrations.push_back(std::move(migration));
        MigrationJudgement judgement;
        judgement.ordinal = plan.migrations.back().ordinal;
        judgement.effects.emplace();
        judgement.locks.emplace();
        judgement.rewrites.emplace();
        checked.selected.push_back(checked.result.judged.judgements.size());
        checked.result.judged.judgements.push_back(std::move(judgement));
    }

    Script script(std::string path, std::string text) {
        const auto size = static_cast<std::uint32_t>(text.size());
        Script script;
        script.file = sources.add(std::move(path), std::move(text));
        script.section = {.begin = 0, .end = size};
        return script;
    }

    /// The first place of a text in a script.
    [[nodiscard]] Location find(const Script& script, std::string_view text) const {
        const std::size_t begin = sources.file(script.file).bytes().find(text);
        return {.file = script.file,
                .span = {.begin = static_cast<std::uint32_t>(begin),
                         .end = static_cast<std::uint32_t>(begin + text.size())}};
    }

    Finding& report(std::uint32_t migration,
                    std::string_view marked,
                    Severity severity,
                    std::string message) {
        Finding finding;
        finding.rule = "drop-column";
        finding.severity = severity;
        finding.where = find(checked.plan.migrations.at(migration - 1).up, marked);
        finding.message = std::move(message);
        finding.migration = migration;
        checked.result.findings.push_back(std::move(finding));
        return checked.result.findings.back();
    }

    MigrationJudgement& judgement(std::uint32_t migration) {
        return checked.result.judged.judgements.at(migration - 1);
    }

    /// The report of this plan alone. Takes the plan away.
    CheckReport take(Severity fail_on = Severity::error) {
        CheckReport report{
            .sources = sources, .settings = settings, .fail_on = fail_on, .plans = {}};
        report.plans.push_back(std::move(checked));
        return report;
    }
};

} // namespace ordain::report
