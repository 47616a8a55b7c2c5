#include "rules/advice.hpp"
#include "rules/live_work.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

/// PostgreSQL 12 is the first that takes a CHECK for a proof.
constexpr std::uint32_t proof_by_check = 12;

/// A CHECK over the column alone that is not valid yet.
const Object* waiting_check(const ActionContext& context, const Work& work, ObjectId column) {
    for (const ObjectId id : context.catalog.children(work.relation)) {
        const Object& part = context.catalog.at(id);
        const auto* check = part.get_if<ConstraintDetails>();
        const bool waits = check != nullptr && !check->validated &&
                           check->kind == ConstraintDefinition::Kind::check &&
                           check->columns == std::vector<ObjectId>{column};
        if (waits) return &part;
    }
    return nullptr;
}

std::string advice(const ActionContext& context, const SetColumnNotNull& set) {
    const std::string table = as_sql(set.relation);
    const std::string column = as_sql(set.column);
    const std::string check = as_sql(Identifier{
        .text = set.relation.name.text + "_" + set.column.text + "_not_null", .span = {}});
    std::string text =
        fmt::format("ALTER TABLE {0} ADD CONSTRAINT {1} CHECK ({2} IS NOT NULL) NOT VALID;\n{3}"
                    "ALTER TABLE {0} VALIDATE CONSTRAINT {1};",
                    table, check, column, later_transaction);
    if (context.settings.postgres < proof_by_check) {
        return text + "\n-- and leave it at that: before PostgreSQL 12 no CHECK spares the scan";
    }
    return text + fmt::format("\n-- then, without a scan:\n"
                              "ALTER TABLE {0} ALTER COLUMN {1} SET NOT NULL;\n"
                              "ALTER TABLE {0} DROP CONSTRAINT {2};",
                              table, column, check);
}

void check(const ActionContext& context, Findings& findings) {
    const auto* set = context.action_as<SetColumnNotNull>();
    const Work* work = set == nullptr ? nullptr : live_work(context, Work::Kind::scan);
    if (work == nullptr) return;
    Finding& finding = findings.add(
        set->column.span,
        fmt::format("{} while all rows are read for a null in \"{}\"{} {}",
                    who_waits(context, *work), set->column.text,
                    work->certain ? "" : ", unless a CHECK that is not in sight rules it out",
                    lock_held(context, *work)));
    finding.severity = severity_of(*work);
    finding.instead = advice(context, *set);
    const ObjectId column =
        context.outcome.targets.empty() ? no_object : context.outcome.targets.front();
    if (const Object* waiting = waiting_check(context, *work, column)) {
        finding.notes.push_back(
            {.message = fmt::format("CHECK \"{}\" of \"{}\" is NOT VALID: it proves nothing before "
                                    "VALIDATE CONSTRAINT",
                                    waiting->name, context.display_name(work->relation)),
             .where = {}});
    }
}

} // namespace

constinit const Rule set_not_null_scan{
    .id = "set-not-null-scan",
    .category = Category::locking,
    .severity = Severity::error,
    .summary = "SET NOT NULL reads all rows of a live table while nobody else may.",
    .why =
        R"(`SET NOT NULL` reads the whole table for a null under an `ACCESS EXCLUSIVE` lock: every
query of the table waits for as long. Since PostgreSQL 12 the scan is left out where a valid `CHECK`
proves that there is none: `CHECK (col IS NOT NULL)`, alone or joined to others by `AND`. Such a `CHECK`
can be added `NOT VALID` and validated under `SHARE UPDATE EXCLUSIVE`, which lets reads and writes pass
(manual, ALTER TABLE, Notes).

A `CHECK` counts if it is valid when `SET NOT NULL` runs, whichever migration or statement added and
validated it; one that is still `NOT VALID`, that is of another column, or that null passes, such as
`CHECK (col > 0)`, does not. Not reported on a table of the same deployment. A warning where the table is
older than the history, so that a `CHECK` may be there that is not in sight.)",
    .fix = R"(Add `CHECK (col IS NOT NULL) NOT VALID`, validate it in a later transaction, then
`SET NOT NULL`, and drop the `CHECK`.)",
    .elsewhere =
        R"(squawk adding-not-nullable-field, eugene E2, atlas PG303, postgres-language-server
addingNotNullField, strong_migrations change_column_null_postgresql, pgsafe set-not-null, pgfence
alter-column-set-not-null, pgrubic US010, diesel-guard AddNotNullCheck)",
    .bad = R"(-- layout: sqlx
-- file: 1_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- file: 2_email.sql
ALTER TABLE users ALTER COLUMN email SET NOT NULL;)",
    .good = R"(-- layout: sqlx
-- file: 1_users.sql
CREATE TABLE users (id bigint PRIMARY KEY, email text);
-- file: 2_check.sql
ALTER TABLE users ADD CONSTRAINT users_email_not_null CHECK (email IS NOT NULL) NOT VALID;
-- file: 3_validate.sql
ALTER TABLE users VALIDATE CONSTRAINT users_email_not_null;
-- file: 4_not_null.sql
ALTER TABLE users ALTER COLUMN email SET NOT NULL;)",
    .check = check,
};

} // namespace ordain::rules
