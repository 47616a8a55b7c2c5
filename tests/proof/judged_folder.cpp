#include "proof/judged_folder.hpp"

#include "layout/layout.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <iterator>

namespace ordain::test {

JudgedFolder::JudgedFolder(const std::vector<Scripts>& migrations, const Settings& settings) {
    int number = 0;
    for (const Scripts& migration : migrations) {
        const std::string stem = fmt::format("migrations/{:04}_step", ++number);
        const bool reversible =
            std::ranges::any_of(migrations, [](const Scripts& each) { return !each.down.empty(); });
        folder_.write(stem + (reversible ? ".up.sql" : ".sql"), migration.up);
        if (!migration.down.empty()) folder_.write(stem + ".down.sql", migration.down);
    }
    Result<Plan> plan =
        layout::read_plan(folder_ / "migrations", sources_, {.layout = std::string("sqlx")});
    if (!plan) {
        ADD_FAILURE() << plan.error().message;
        return;
    }
    plan_ = std::move(*plan);
    // The scripts are held against a server where no runner has made its table.
    plan_.beforehand = {};
    judged_ = proof::judge(sources_, plan_, settings, all_migrations(plan_), nullptr);
}

std::string show(const Answer& answer) {
    switch (answer.verdict) {
    case Verdict::yes: return "yes";
    case Verdict::unknown: return "unknown: " + answer.message;
    case Verdict::no: break;
    }
    if (answer.sqlstate.empty()) return "no: " + answer.message;
    return fmt::format("no {} in {}: {}", answer.sqlstate, answer.statement, answer.message);
}

std::string show(const std::vector<ObjectReference>& objects) {
    std::vector<std::string> names;
    std::ranges::transform(objects, std::back_inserter(names), describe);
    return fmt::format("{}", fmt::join(names, ", "));
}

} // namespace ordain::test
