#include "layout/duplicates.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

std::string message_about(const Plan& plan,
                          const Migration& migration,
                          const Migration& other,
                          const layout::DuplicateHandling& handling) {
    if (handling.runs_one) {
        return fmt::format("version {} is also that of {}: {} runs only one of the two, and which "
                           "one is undefined",
                           migration.version, other.id, plan.layout);
    }
    return fmt::format("version {} is also that of {}: nothing but their names says which of the "
                       "two runs first",
                       migration.version, other.id);
}

void check_plan(const PlanContext& context, Findings& findings) {
    const Plan& plan = context.plan;
    const layout::DuplicateHandling handling = layout::duplicate_handling(plan.layout);
    if (handling.same == nullptr) return;
    for (std::size_t index = 1; index < plan.migrations.size(); ++index) {
        const Migration& earlier = plan.migrations[index - 1];
        const Migration& later = plan.migrations[index];
        if (!handling.same(earlier.version, later.version)) continue;
        // The new one of the two can still be renamed.
        const bool name_earlier = !context.selected[index] && context.selected[index - 1];
        const Migration& renamed = name_earlier ? earlier : later;
        const Migration& other = name_earlier ? later : earlier;
        Finding& finding = findings.add({.file = renamed.up.file, .span = {}}, renamed.ordinal,
                                        message_about(plan, renamed, other, handling));
        finding.severity = handling.runs_one ? Severity::error : Severity::warning;
        finding.instead = "give it a version of its own, behind all others";
    }
}

} // namespace

constinit const Rule duplicate_version{
    .id = "duplicate-version",
    .category = Category::order,
    .severity = Severity::error,
    .summary = "Two migrations have the same version.",
    .why =
        R"(Two branches that take the next free number both merge without a conflict. Diesel knows
migrations by their version alone: it runs only one of the two, which one is undefined, and on a
database that has run the one it never runs the other: an error. Numbered files that a script runs in
order both run, in the order of their names, which nobody has chosen, and on databases that ran the
one before the other was merged in another order: a warning.

sqlx and postgres-migrations stop at such a folder: `ordain check` says so of the folder, and there is
nothing to allow.)",
    .fix =
        R"(Give the newer one a version of its own, behind all others. Versions that hold the time
rarely collide.)",
    .elsewhere = {},
    .bad = R"(-- layout: diesel
-- file: 2024-01-01-000000_orders/up.sql
CREATE TABLE orders (id bigint PRIMARY KEY);
-- file: 2024-01-01-000000_parcels/up.sql
CREATE TABLE parcels (id bigint PRIMARY KEY);)",
    .good = R"(-- layout: diesel
-- file: 2024-01-01-000000_orders/up.sql
CREATE TABLE orders (id bigint PRIMARY KEY);
-- file: 2024-01-01-000001_parcels/up.sql
CREATE TABLE parcels (id bigint PRIMARY KEY);)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
