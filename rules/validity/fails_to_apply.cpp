#include "lint/commits.hpp"
#include "lint/refusals.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

using lint::RefusalReading;

void add_obstacles(const PlanContext& context, std::uint32_t migration, Finding& finding) {
    const auto obstacle =
        std::ranges::lower_bound(context.obstacles, migration, {}, &Obstacle::migration);
    if (obstacle == context.obstacles.end() || obstacle->migration != migration) return;
    finding.notes.insert(finding.notes.end(), obstacle->notes.begin(), obstacle->notes.end());
}

/// Some errors have one well-known way out.
std::string_view advice(const Answer& answer) {
    if (answer.sqlstate == "55P04") {
        return "add the label in a migration of its own, before the one that uses it";
    }
    if (answer.sqlstate == "2BP01") return "drop what depends on it first";
    return {};
}

/// Where the cause is reported itself, this is a consequence to know of and no more.
void add_earlier_failure(const PlanContext& context,
                         const RefusalReading& reading,
                         Finding& finding) {
    const std::size_t index = reading.earlier - 1;
    const Migration& earlier = context.plan.migrations[index];
    if (context.selected[index]) finding.severity = Severity::note;
    const bool maker = reading.cause == RefusalReading::Cause::failed_before;
    finding.notes.push_back(
        {.message = maker ? fmt::format("{} would make it and does not apply itself", earlier.id)
                          : fmt::format("{} misses the same already", earlier.id),
         .where = context.judgements[index].applies.where});
}

void report(const PlanContext& context,
            const MigrationJudgement& judgement,
            const RefusalReading& reading,
            Findings& findings) {
    const Answer& applies = judgement.applies;
    Finding& finding = findings.add(
        applies.where, judgement.ordinal,
        fmt::format("a server refuses this with {}: {}", applies.sqlstate, applies.message));
    if (reading.earlier != 0) {
        add_earlier_failure(context, reading, finding);
        return;
    }
    add_obstacles(context, judgement.ordinal, finding);
    lint::add_what_stays(context, judgement, finding);
    finding.instead = advice(applies);
}

void check_plan(const PlanContext& context, Findings& findings) {
    lint::Refusals refusals(context);
    for (const MigrationJudgement& judgement : context.judgements) {
        if (judgement.applies.verdict != Verdict::no) continue;
        const RefusalReading reading = refusals.read(judgement);
        if (!context.selected[judgement.ordinal - 1]) continue;
        switch (reading.cause) {
        case RefusalReading::Cause::syntax:
        case RefusalReading::Cause::created_later:
        case RefusalReading::Cause::in_transaction: break;
        case RefusalReading::Cause::failed_before:
        case RefusalReading::Cause::same_before:
        case RefusalReading::Cause::other: report(context, judgement, reading, findings); break;
        }
    }
}

} // namespace

constinit const Rule fails_to_apply{
    .id = "fails-to-apply",
    .category = Category::validity,
    .severity = Severity::error,
    .summary = "A server stops at a statement of this migration.",
    .why = R"(Run after all migrations before it, on a database that holds nothing else, the
statement raises the error that is shown, with the server's SQLSTATE and words. The deployment stops
there, and whoever sets up a new database, a test run included, stops there too. Which rows a table
holds in production plays no part: the error comes whatever they are.

What names something that a later migration makes is `reference-before-creation`; what fails for
being in a transaction block is `concurrently-in-transaction`. What fails only
because an earlier migration does, or for want of the same object as an earlier one, is a note.)",
    .fix = R"(The notes show what stands in the way: the statement that made a name first, that
dropped it, or what depends on it. Do not edit a migration that has run anywhere: tools compare
checksums.)",
    .elsewhere = {},
    .bad = R"(CREATE TABLE accounts (id bigint PRIMARY KEY);
CREATE TABLE accounts (id bigint PRIMARY KEY, email text);)",
    .good = R"(CREATE TABLE accounts (id bigint PRIMARY KEY);
ALTER TABLE accounts ADD COLUMN email text;)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
