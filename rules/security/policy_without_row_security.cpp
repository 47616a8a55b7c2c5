#include "lint/history.hpp"
#include "lint/written.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>
#include <optional>
#include <vector>

namespace ordain::rules {
namespace {

/// Known from its first statement on, and open: of a table that was there before, nobody knows.
bool is_open(const PlanContext& context, const Object& object) {
    const bool table =
        object.kind == ObjectKind::table || object.kind == ObjectKind::partitioned_table;
    return table && object.created.migration != 0 && context.is_certain(object) &&
           !object.as<RelationDetails>().row_security;
}

std::vector<const Object*> policies_of(const Catalog& catalog, const Object& table) {
    std::vector<const Object*> policies;
    for (const ObjectId id : catalog.children(table.id)) {
        const Object& part = catalog.at(id);
        if (part.kind == ObjectKind::policy) policies.push_back(&part);
    }
    return policies;
}

/// Where row security was disabled, or else the first policy that the migrations reported on make.
std::optional<Origin> cause(const PlanContext& context,
                            const Object& table,
                            const std::vector<const Object*>& policies,
                            lint::History& history) {
    const Origin open = history.since(table.id, [](const Object& version) {
        return !version.as<RelationDetails>().row_security;
    });
    if (open != table.created && context.reports_on(open)) return open;
    for (const Object* policy : policies) {
        if (context.reports_on(policy->created)) return policy->created;
    }
    return std::nullopt;
}

std::string what_is_void(const std::vector<const Object*>& policies) {
    const std::string first = fmt::format("policy \"{}\"", policies.front()->name);
    switch (policies.size()) {
    case 1: return first + " does nothing";
    case 2: return fmt::format("{} and \"{}\" do nothing", first, policies.back()->name);
    default: return fmt::format("{} and {} others do nothing", first, policies.size() - 1);
    }
}

void check_plan(const PlanContext& context, Findings& findings) {
    lint::History history(context.catalog);
    for (const Object* table : context.catalog.objects()) {
        if (!is_open(context, *table)) continue;
        const std::vector<const Object*> policies = policies_of(context.catalog, *table);
        if (policies.empty()) continue;
        const std::optional<Origin> origin = cause(context, *table, policies, history);
        if (!origin) continue;
        const std::string name = lint::name_at(context, table->id, *origin);
        Finding& finding = findings.add(
            lint::name_place(context, *origin), origin->migration,
            fmt::format("row security of {} is not enabled, so that {}: who may read or write "
                        "the table may do so with all its rows",
                        name, what_is_void(policies)));
        finding.instead = fmt::format("ALTER TABLE {} ENABLE ROW LEVEL SECURITY;",
                                      lint::name_in_sql(context.catalog, *table));
    }
}

} // namespace

constinit const Rule policy_without_row_security{
    .id = "policy-without-row-security",
    .category = Category::security,
    .severity = Severity::warning,
    .summary = "A table has policies that do nothing, because its row security is not enabled.",
    .why =
        R"(`CREATE POLICY` on a table whose row security is not enabled succeeds without a word and
has no effect (manual, 5.8): every role that has been granted `SELECT` sees all rows, those of other
users and tenants too, and whoever wrote the policy believes the contrary. Tests pass, because what
should be seen is seen.

What counts is the end: `ENABLE ROW LEVEL SECURITY` may come with a later statement or migration of the
plan. `FORCE ROW LEVEL SECURITY` alone enables nothing. Disabling row security of a table that keeps its
policies is reported where it is disabled. Not reported for a table whose history is not in the plan: it
may be enabled there.)",
    .fix = R"(Enable it: `ALTER TABLE t ENABLE ROW LEVEL SECURITY`. The table's owner still sees all
rows, unless `FORCE ROW LEVEL SECURITY` says otherwise.)",
    .elsewhere = R"(postgres-language-server policyExistsRlsDisabled)",
    .bad = R"(CREATE TABLE invoices (id bigint PRIMARY KEY, tenant text NOT NULL);
CREATE POLICY own_tenant ON invoices USING (tenant = current_user);)",
    .good = R"(CREATE TABLE invoices (id bigint PRIMARY KEY, tenant text NOT NULL);
CREATE POLICY own_tenant ON invoices USING (tenant = current_user);
ALTER TABLE invoices ENABLE ROW LEVEL SECURITY;)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
