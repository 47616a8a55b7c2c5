#include "lint/refusals.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

using lint::Definition;

void report(const PlanContext& context,
            const MigrationJudgement& judgement,
            const Definition& definition,
            Findings& findings) {
    const Answer& applies = judgement.applies;
    const Migration& migration = context.plan.migrations[judgement.ordinal - 1];
    const Migration& maker = context.plan.migrations[definition.migration - 1];
    const bool same_script = definition.migration == judgement.ordinal;
    const std::string by =
        same_script ? fmt::format("statement {} of this script", definition.statement) : maker.id;
    Finding& finding =
        findings.add(applies.where, judgement.ordinal,
                     fmt::format("a server refuses this with {}: {}; {} makes it later",
                                 applies.sqlstate, applies.message, by));
    finding.notes.push_back(
        {.message = same_script
                        ? fmt::format("\"{}\" is made here", definition.name)
                        : fmt::format("\"{}\" is made here, by migration {} of {}; this one is {}",
                                      definition.name, definition.migration,
                                      context.plan.migrations.size(), judgement.ordinal),
         .where = definition.where});
    finding.instead =
        same_script
            ? fmt::format("move statement {} before this one", definition.statement)
            : fmt::format("order {} before {}, or move this statement to a migration after {}",
                          maker.id, migration.id, maker.id);
}

void check_plan(const PlanContext& context, Findings& findings) {
    lint::Refusals refusals(context);
    for (const MigrationJudgement& judgement : context.judgements) {
        if (judgement.applies.verdict != Verdict::no) continue;
        const lint::RefusalReading reading = refusals.read(judgement);
        if (!context.selected[judgement.ordinal - 1]) continue;
        if (reading.cause != lint::RefusalReading::Cause::created_later) continue;
        report(context, judgement, *reading.definition, findings);
    }
}

} // namespace

constinit const Rule reference_before_creation{
    .id = "reference-before-creation",
    .category = Category::order,
    .severity = Severity::error,
    .summary = "A statement uses what is made only further down in the plan.",
    .why = R"(In the order in which the tool runs them, the object is not there yet: a new database
stops at this statement (42P01, 42703, 42704, 42883 or 3F000). It goes unnoticed where both
migrations were tried together on a database that had the object already, often after two branches
were merged.)",
    .fix = R"(Give the migration that makes the object the smaller version, or move the statement
that uses it behind. Where one of the two has run in production already, only the other may move.)",
    .elsewhere = {},
    .bad = R"(-- file: 1_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, invoice bigint REFERENCES invoices);
-- file: 2_invoices.sql
CREATE TABLE invoices (id bigint PRIMARY KEY);)",
    .good = R"(-- file: 1_invoices.sql
CREATE TABLE invoices (id bigint PRIMARY KEY);
-- file: 2_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, invoice bigint);)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
