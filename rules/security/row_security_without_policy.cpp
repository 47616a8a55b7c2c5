#include "lint/history.hpp"
#include "lint/written.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

/// Enabled, on a table known from its first statement on. Rows of a partition are reached through
/// its parent, whose policies count then: closing the partition to others is meant.
bool is_closed(const PlanContext& context, const Object& object) {
    const bool table =
        object.kind == ObjectKind::table || object.kind == ObjectKind::partitioned_table;
    if (!table || object.created.migration == 0 || !context.is_certain(object)) return false;
    const auto& details = object.as<RelationDetails>();
    return details.row_security && !details.is_partition;
}

const PolicyDetails* policy_in(const Object& part) {
    return part.get_if<PolicyDetails>();
}

/// What the table has of policies: only permissive ones let anybody see anything.
struct Policies {
    bool permissive = false;
    bool restrictive = false;
};
Policies policies_of(const Catalog& catalog, const Object& table) {
    Policies found;
    for (const ObjectId id : catalog.children(table.id)) {
        const PolicyDetails* policy = policy_in(catalog.at(id));
        if (policy == nullptr) continue;
        found.permissive = found.permissive || policy->permissive;
        found.restrictive = found.restrictive || !policy->permissive;
    }
    return found;
}

/// Whether the project lets anybody in by policies; where it does not, all that read come with
/// BYPASSRLS and the closed door is meant.
bool has_policies(const Catalog& catalog) {
    return std::ranges::any_of(catalog.objects(), [](const Object* object) {
        return policy_in(*object) != nullptr && object->created.migration != 0;
    });
}

/// What closed it: row security, or the drop of the last policy that let somebody in.
Origin cause(const Object& table, lint::History& history) {
    Origin origin = history.since(
        table.id, [](const Object& version) { return version.as<RelationDetails>().row_security; });
    for (const lint::History::Former& former : history.former_parts(table.id)) {
        const PolicyDetails* policy = policy_in(*former.part);
        if (policy != nullptr && policy->permissive) origin = std::max(origin, former.removed);
    }
    return origin;
}

void check_plan(const PlanContext& context, Findings& findings) {
    lint::History history(context.catalog);
    const bool by_policies = has_policies(context.catalog);
    for (const Object* table : context.catalog.objects()) {
        if (!is_closed(context, *table)) continue;
        const Policies policies = policies_of(context.catalog, *table);
        if (policies.permissive) continue;
        const Origin origin = cause(*table, history);
        if (!context.reports_on(origin)) continue;
        const bool forced = table->as<RelationDetails>().force_row_security;
        Finding& finding = findings.add(
            lint::name_place(context, origin), origin.migration,
            fmt::format("row security of {} is enabled and {}: {} and roles with BYPASSRLS "
                        "see no row of it and write none",
                        lint::name_at(context, table->id, origin),
                        policies.restrictive ? "its policies are all restrictive"
                                             : "it has no policy",
                        forced ? "all but superusers" : "all but its owner, superusers"));
        if (!by_policies) finding.severity = Severity::note;
        finding.instead = policies.restrictive
                              ? "add a permissive policy for those who should see its rows: "
                                "restrictive ones only take away from what those give"
                              : "add a policy that says who sees which rows; where only its "
                                "owner and roles with BYPASSRLS should, allow this finding";
    }
}

} // namespace

constinit const Rule row_security_without_policy{
    .id = "row-security-without-policy",
    .category = Category::security,
    .severity = Severity::warning,
    .summary = "A table's row security is enabled and no policy lets anybody see a row.",
    .why =
        R"(Without a policy, row security denies (manual, 5.8): a `SELECT` of any role but the owner
finds no row and says nothing about it, an `UPDATE` or `DELETE` changes none, and an `INSERT` fails with
SQLSTATE 42501. The application that is deployed with it shows empty pages instead of an error, and a
job that deletes what it does not find elsewhere deletes everything. Policies that are `AS RESTRICTIVE`
let nobody in by themselves: they take away from what permissive ones give.

Where no table of the project has a policy, it is a note: all who read come with BYPASSRLS then, as
behind some web APIs, and the closed door is meant.

What counts is the end: a policy may come with a later statement or migration of the plan. Dropping the
last one is reported where it is dropped. A table that only roles with `BYPASSRLS`, superusers or its
owner use may be closed to all others by intention, as behind some web APIs; which roles those are no
migration tells, so allow it with that reason. Not reported for partitions, where the policies of the
table above hold for who comes through that, and for tables whose history is not in the plan.)",
    .fix =
        R"(Add a policy in the same migration: `CREATE POLICY ... FOR SELECT TO role USING (...)`.)",
    .elsewhere = R"(postgres-language-server rlsEnabledNoPolicy)",
    .bad = R"(CREATE TABLE invoices (id bigint PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;)",
    .good = R"(CREATE TABLE invoices (id bigint PRIMARY KEY, tenant text NOT NULL);
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON invoices USING (tenant = current_user);)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
