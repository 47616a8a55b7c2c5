#include "layout/way_out.hpp"
#include "lint/commits.hpp"
#include "lint/refusals.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

/// BEGIN twice is one block: the first that is still open counts for the server, and the last is
/// what a reader looks for.
FindingNote block_around(const PlanContext& context, const MigrationJudgement& judgement) {
    const std::size_t index = judgement.ordinal - 1;
    const Script& script = context.plan.migrations[index].up;
    const std::vector<Statement>& statements = context.statements[index].up;
    if (judgement.applies.message.ends_with(" from a function")) {
        return {.message = "a DO block runs as a function does, in a transaction that is not its "
                           "own to end",
                .where = {}};
    }
    const Statement* opener = lint::opener_of_block(statements, judgement.applies.statement);
    if (opener != nullptr) {
        return {.message = "the transaction block begins here",
                .where = Location{.file = script.file, .span = opener->span}};
    }
    const bool wrapped =
        script.wrapping == Wrapping::explicit_block || script.wrapping == Wrapping::all_migrations;
    if (wrapped) {
        return {.message = fmt::format("{} runs the migration in a transaction block",
                                       context.plan.layout),
                .where = {}};
    }
    return {.message = fmt::format("the {} statements of the file are sent as one string, which "
                                   "makes them one transaction block",
                                   statements.size()),
            .where = {}};
}

void check_plan(const PlanContext& context, Findings& findings) {
    lint::Refusals refusals(context);
    for (const MigrationJudgement& judgement : context.judgements) {
        if (judgement.applies.verdict != Verdict::no) continue;
        const bool ours =
            refusals.read(judgement).cause == lint::RefusalReading::Cause::in_transaction;
        if (!ours || !context.selected[judgement.ordinal - 1]) continue;
        Finding& finding =
            findings.add(judgement.applies.where, judgement.ordinal,
                         fmt::format("a server refuses this with {}: {}",
                                     judgement.applies.sqlstate, judgement.applies.message));
        finding.notes.push_back(block_around(context, judgement));
        lint::add_what_stays(context, judgement, finding);
        finding.instead = layout::way_out_of_transaction(context.plan.layout);
    }
}

} // namespace

constinit const Rule concurrently_in_transaction{
    .id = "concurrently-in-transaction",
    .category = Category::validity,
    .severity = Severity::error,
    .summary = "A statement that commits by itself stands in a transaction block.",
    .why = R"(`CREATE INDEX CONCURRENTLY`, `DROP INDEX CONCURRENTLY`, `REINDEX CONCURRENTLY` and
`DETACH PARTITION CONCURRENTLY` commit more than once on their way, and `VACUUM`, `CLUSTER` and
`REINDEX` of many tables, `CREATE DATABASE`, `DROP DATABASE`, `CREATE TABLESPACE` and `ALTER SYSTEM`
cannot be taken back. All of them are refused inside a transaction block with 25001, whatever the
database holds: the deployment stops there.

A block is what `BEGIN` opens, in the file or by the tool that runs it, and also several statements
that are sent as one string (manual, 55.2.2.1): with sqlx, Diesel and Prisma a second statement in
the file is enough. `DO` and functions are refused as well.)",
    .fix = R"(Put the statement alone into a migration of its own that its tool does not wrap: for
sqlx its very first bytes are `-- no-transaction`; for Diesel its metadata.toml says
`run_in_transaction = false`; for postgres-migrations it has the line
`-- postgres-migrations disable-transaction`; for Prisma it is enough that it is alone. A script for
psql puts it outside of `BEGIN` and `COMMIT`.)",
    .elsewhere = R"(squawk ban-concurrent-index-creation-in-transaction, atlas PG103,
postgres-language-server banConcurrentIndexCreationInTransaction, pgsafe concurrently-in-transaction,
pgfence concurrent-in-transaction, diesel-guard AddIndexCheck)",
    .bad = R"(-- layout: sqlx
-- file: 1_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
-- file: 2_index.sql
CREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer_id);)",
    .good = R"(-- layout: sqlx
-- file: 1_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);
-- file: 2_index.sql
-- no-transaction
CREATE INDEX CONCURRENTLY orders_customer_idx ON orders (customer_id);)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
