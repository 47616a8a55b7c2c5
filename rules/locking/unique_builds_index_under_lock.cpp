#include "rules/advice.hpp"
#include "rules/index_first.hpp"
#include "rules/live_work.hpp"
#include "rules/new_column.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

using Kind = ConstraintDefinition::Kind;

/// The constraint whose index the action builds, and on what.
struct AddedKey {
    const ConstraintDefinition* definition = nullptr;
    const QualifiedName* table = nullptr;
    bool with_column = false;
};

AddedKey added_key(const ActionContext& context) {
    if (const auto* add = context.action_as<AddConstraint>()) {
        const Kind kind = add->constraint.kind;
        if (kind != Kind::unique && kind != Kind::exclusion) return {};
        return {.definition = &add->constraint, .table = &add->relation};
    }
    const auto* add = context.action_as<AddColumn>();
    if (add == nullptr) return {};
    const ConstraintDefinition* clause = clause_of(add->column, Kind::unique);
    if (clause == nullptr) return {};
    return {.definition = clause, .table = &add->relation, .with_column = true};
}

std::string advice(const ActionContext& context, const AddedKey& key, const Work& work) {
    if (key.definition->kind == Kind::exclusion) {
        return "no index can be taken over by an EXCLUDE constraint: add it while the table is "
               "small or at rest, with a lock_timeout, or fill a new table that has it";
    }
    const Object* relation = context.catalog.find(work.relation);
    if (relation != nullptr && relation->kind == ObjectKind::partitioned_table) {
        return "a partitioned table takes no USING INDEX: give each partition its constraint that "
               "way, then add it to the partitioned table, which takes theirs over";
    }
    const std::string steps = index_first(context, *key.table, *key.definition);
    return key.with_column ? "-- ADD COLUMN without UNIQUE, then:\n" + steps : steps;
}

void check(const ActionContext& context, Findings& findings) {
    const AddedKey key = added_key(context);
    if (key.definition == nullptr) return;
    const Work* work = live_work(context, Work::Kind::index_build);
    if (work == nullptr) return;
    const bool exclusion = key.definition->kind == Kind::exclusion;
    Finding& finding = findings.add(
        key.definition->span,
        fmt::format("{} while the index of the {} constraint is built from all rows {}",
                    who_waits(context, *work), exclusion ? "EXCLUDE" : "UNIQUE",
                    lock_held(context, *work)));
    finding.severity = severity_of(*work);
    finding.instead = advice(context, key, *work);
}

} // namespace

constinit const Rule unique_builds_index_under_lock{
    .id = "unique-builds-index-under-lock",
    .category = Category::locking,
    .severity = Severity::error,
    .summary =
        "A UNIQUE or EXCLUDE constraint builds its index while nobody else may use the table.",
    .why = R"(`ADD UNIQUE`, and `ADD COLUMN ... UNIQUE`, build a unique index under an
`ACCESS EXCLUSIVE` lock: every query of the table, reads included, waits for as long as it takes to read
all rows and sort the keys, and longer than for `CREATE INDEX`, which lets reads pass. An index that was
built with `CREATE UNIQUE INDEX CONCURRENTLY` beforehand can be taken over in a moment with
`ADD CONSTRAINT ... UNIQUE USING INDEX` (manual, ALTER TABLE).

`EXCLUDE` has no such way: no index that exists can carry it, and it knows no `NOT VALID`. Not reported on
a table of the same deployment, nor with `USING INDEX`.)",
    .fix = R"(Build the unique index `CONCURRENTLY` in a migration that its tool does not wrap in a
transaction, then add the constraint `USING INDEX`. A partitioned table refuses both: give each partition
its constraint that way, then add it to the partitioned table, which takes theirs over.)",
    .elsewhere =
        R"(squawk disallowed-unique-constraint, eugene E7 and E8, atlas PG105, postgres-language-server
disallowUniqueConstraint and avoidAddingExclusionConstraint, strong_migrations add_unique_constraint and
add_exclusion_constraint, pgrubic US014, django-migration-linter ADD_UNIQUE)",
    .bad = R"(ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);)",
    .good = R"(CREATE UNIQUE INDEX CONCURRENTLY users_email_key ON users (email);
ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE USING INDEX users_email_key;)",
    .check = check,
};

} // namespace ordain::rules
