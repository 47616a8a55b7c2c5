#include "lint/casualties.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

constexpr std::string_view later_release =
    "deploy code that no longer uses it first, keep a copy of the rows that may be wanted back, "
    "and drop it in a later release";

std::string what_is_lost(const ActionContext& context, const lint::Loss& loss, const RowUse* copy) {
    const std::string name = context.display_name(loss.object->id);
    const auto partitions = std::ranges::count_if(loss.others, [&](const Dropped* other) {
        const auto* details = context.object(other->object)->get_if<RelationDetails>();
        return other->why == Dropped::Why::owned && details != nullptr && details->is_partition;
    });
    const std::string also = partitions == 0 ? std::string()
                             : partitions == 1
                                 ? std::string(", with its partition,")
                                 : fmt::format(", with its {} partitions,", partitions);
    return fmt::format("dropping \"{}\"{} destroys its rows{}", name, also,
                       lint::beyond_repair(copy));
}

/// A guard of which is not known whether it finds anything: no history says so.
bool may_find_it(const ActionContext& context) {
    const Outcome::Status status = context.outcome.status;
    const bool runs = status == Outcome::Status::done || status == Outcome::Status::unknown;
    return runs && context.action.guard == Guard::if_exists && context.outcome.targets.empty();
}

void check(const ActionContext& context, Findings& findings) {
    const auto* drop = context.action_as<DropObject>();
    if (drop == nullptr || drop->object.kind != ObjectKind::table) return;
    for (const lint::Loss& loss : lint::losses_of(context)) {
        if (context.created_in_this_deployment(loss.object->id)) continue;
        const RowUse* copy = context.copied(loss.object->id);
        const std::string lost = what_is_lost(context, loss, copy);
        Finding& finding =
            findings.add(loss.named->span,
                         lost + ", and deployed code that still names it fails from that moment");
        lint::note_copy(copy, finding);
        finding.settle = [schema = loss.object->schema, name = loss.object->name,
                          lost](const Catalog& after, Finding& kept) {
            if (after.find(NameSpace::relation, schema, name) != nullptr)
                kept.message = lost + "; the relation of that name afterwards is another one";
            return true;
        };
        lint::add_notes(context, loss.others, finding);
        finding.instead = later_release;
    }
    if (!may_find_it(context)) return;
    Finding& finding = findings.add(
        drop->object.name.span(),
        fmt::format("where there is a table \"{}\", dropping it destroys its rows for good",
                    to_string(drop->object.name)));
    finding.severity = Severity::warning;
    finding.instead = later_release;
}

} // namespace

constinit const Rule drop_table{
    .id = "drop-table",
    .category = Category::destructive,
    .severity = Severity::error,
    .summary = "A table that production has is dropped, with its rows.",
    .why =
        R"(The rows are gone once the transaction commits: a down script can make the table again,
not what was in it. A partitioned table takes the rows of all its partitions along. The drop takes
`ACCESS EXCLUSIVE` on the table and on each table that a foreign key joins it with, and every query
that names the table fails from then on with SQLSTATE 42P01; during a deployment old code still runs.

With `CASCADE` the views over the table go too, the foreign keys of other tables and the tables that
inherit from it, with their rows. What goes is in the notes of this finding, and `drop-cascade` does
not say it again.

Where an earlier statement of the deployment copies rows of the table (`INSERT ... SELECT`,
`CREATE TABLE AS`, `UPDATE ... FROM`), it is a warning that says where: what that statement leaves
out, and what is written after it, is gone. Where another relation has the name at the end, deployed
code does not fail for want of it.

Not reported for a table that the same deployment created, a temporary table, in a transaction that
is rolled back, nor where `IF EXISTS` finds none; where no history says whether it does, it is a
warning. A foreign table has its rows elsewhere, and those of a materialized view can be computed
again.)",
    .fix = R"(Take two releases: the first stops using the table, the second drops it. In between
it can be renamed out of the way, which shows who still needs it and is undone in a moment. Keep a
copy of the rows that may be wanted back (`pg_dump --table`).)",
    .elsewhere =
        R"(squawk ban-drop-table, atlas DS102, postgres-language-server banDropTable, strong_migrations
create_table, pgrubic US021)",
    .bad = R"(DROP TABLE invoices;)",
    .good = R"(CREATE TABLE invoices_staging (id bigint PRIMARY KEY, body text);
DROP TABLE invoices_staging;)",
    .check = check,
};

} // namespace ordain::rules
