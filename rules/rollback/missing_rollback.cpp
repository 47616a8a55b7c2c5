#include "lint/script_file.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

/// Named as the down script of another migration is, with this migration's name in the place of
/// that one's. Empty where no other tells.
std::string wanted_name(const PlanContext& context, const Migration& migration) {
    for (const Migration& other : context.plan.migrations) {
        if (!other.down) continue;
        std::string path(lint::path_below_root(context, other.down->file));
        const std::size_t name = path.rfind(other.id);
        if (name == std::string::npos) continue;
        return path.replace(name, other.id.size(), migration.id);
    }
    return {};
}

bool has_down_script(const Migration& migration) {
    return migration.down.has_value();
}

/// At least every second one of the others.
bool others_have_one(const Plan& plan) {
    const auto with = std::ranges::count_if(plan.migrations, has_down_script);
    const auto others = static_cast<std::ptrdiff_t>(plan.migrations.size()) - 1;
    return with > 0 && 2 * with >= others;
}

/// Nothing to take back, or nothing that was done: other rules say so.
bool has_effects(const MigrationJudgement& judgement) {
    const bool certainly_none = judgement.effects && judgement.effects->empty();
    return judgement.applies.verdict != Verdict::no && !certainly_none;
}

void check_plan(const PlanContext& context, Findings& findings) {
    if (!others_have_one(context.plan)) return;
    for (const MigrationJudgement& judgement : context.judgements) {
        const std::size_t index = judgement.ordinal - 1;
        const Migration& migration = context.plan.migrations[index];
        if (!context.selected[index] || migration.down || !has_effects(judgement)) continue;
        const std::string wanted = wanted_name(context, migration);
        findings.add(lint::head_of(context, index), judgement.ordinal,
                     fmt::format("nothing takes this migration back: there is no {}, and {} of {} "
                                 "migrations here have a down script",
                                 wanted.empty() ? "down script" : wanted,
                                 std::ranges::count_if(context.plan.migrations, has_down_script),
                                 context.plan.migrations.size()));
    }
}

} // namespace

constinit const Rule missing_rollback{
    .id = "missing-rollback",
    .category = Category::rollback,
    .severity = Severity::warning,
    .summary = "A migration has no down script, where most others have one.",
    .why =
        R"(Who rolls a deployment back runs the down scripts of its migrations, newest first. Where
one is missing, its tool stops there or passes over it, and what the migration made stays: the code
that is rolled back meets a schema that it does not know, and the next attempt fails with "already
exists". Often the script was only forgotten, or has a name that the tool does not pair.

Reported only in a folder where at least every second migration has a down script, and not for a
migration that changes nothing of the schema.)",
    .fix =
        R"(Write the down script, under the name that the message gives. Where there is no way back,
allow the finding and say why, so that nobody looks for one in the middle of an incident.)",
    .elsewhere = {},
    .bad = R"(-- layout: sqlx
-- file: 1_orders.up.sql
CREATE TABLE orders (id bigint PRIMARY KEY);
-- file: 1_orders.down.sql
DROP TABLE orders;
-- file: 2_parcels.up.sql
CREATE TABLE parcels (id bigint PRIMARY KEY);)",
    .good = R"(-- layout: sqlx
-- file: 1_orders.up.sql
CREATE TABLE orders (id bigint PRIMARY KEY);
-- file: 1_orders.down.sql
DROP TABLE orders;
-- file: 2_parcels.up.sql
CREATE TABLE parcels (id bigint PRIMARY KEY);
-- file: 2_parcels.down.sql
DROP TABLE parcels;)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
