#include "lint/casualties.hpp"
#include "proof/judge.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

constexpr std::string_view one_by_one =
    "move what is still wanted with ALTER ... SET SCHEMA, keep a copy of the rows that may be "
    "wanted back (pg_dump --schema), drop the tables by name, and leave out CASCADE here: the "
    "server then refuses while anything is left";

std::string names_of(const ActionContext& context, const std::vector<const Object*>& tables) {
    std::vector<std::string> names;
    names.reserve(tables.size());
    for (const Object* table : tables)
        names.push_back(context.display_name(table->id));
    return lint::join_names(names);
}

/// What went and lived elsewhere: what is in the schema goes without saying.
std::vector<const Dropped*> outside_of(const ActionContext& context, const lint::Loss& schema) {
    std::vector<const Dropped*> outside = schema.others;
    std::erase_if(outside, [&](const Dropped* other) {
        const Object* object = context.object(other->object);
        const Object* owner = context.object(object->parent);
        return (owner != nullptr ? owner->schema : object->schema) == schema.object->id;
    });
    return outside;
}

/// Where no history says what is in a schema, and CASCADE would take it along.
bool may_hold_what_was_not_seen(const ActionContext& context) {
    const auto* drop = context.action_as<DropObject>();
    return drop->behavior == DropBehavior::cascade &&
           proof::world_of(context.plan, context.settings) == catalog::World::open;
}

void add_tables(const ActionContext& context,
                const lint::Loss& loss,
                const std::vector<const Object*>& tables,
                Findings& findings) {
    const std::string& name = loss.object->name;
    Finding& finding = findings.add(
        loss.named->span,
        tables.size() == 1
            ? fmt::format("dropping schema \"{}\" destroys the rows of its table {} for good", name,
                          names_of(context, tables))
            : fmt::format("dropping schema \"{}\" destroys the rows of {} tables for good: {}",
                          name, tables.size(), names_of(context, tables)));
    lint::add_notes(context, outside_of(context, loss), finding);
    finding.instead = one_by_one;
}

void add_unseen(const std::string& name, Span span, Findings& findings) {
    Finding& finding = findings.add(
        span, fmt::format("dropping schema \"{}\" with CASCADE destroys every table in it for good",
                          name));
    finding.severity = Severity::warning;
    finding.instead = one_by_one;
}

void check(const ActionContext& context, Findings& findings) {
    const auto* drop = context.action_as<DropObject>();
    if (drop == nullptr || drop->object.kind != ObjectKind::schema) return;
    for (const lint::Loss& loss : lint::losses_of(context)) {
        const std::vector<const Object*> tables = lint::tables_of(context, loss);
        const bool live = !context.created_in_this_deployment(loss.object->id);
        if (!tables.empty()) {
            add_tables(context, loss, tables, findings);
        } else if (live && may_hold_what_was_not_seen(context)) {
            add_unseen(loss.object->name, loss.named->span, findings);
        }
    }
    const Outcome::Status status = context.outcome.status;
    const bool runs = status == Outcome::Status::done || status == Outcome::Status::unknown;
    if (runs && context.outcome.targets.empty() && may_hold_what_was_not_seen(context))
        add_unseen(drop->object.name.name.text, drop->object.name.span(), findings);
}

} // namespace

constinit const Rule drop_schema{
    .id = "drop-schema",
    .category = Category::destructive,
    .severity = Severity::error,
    .summary = "A schema is dropped with tables that production has.",
    .why =
        R"(`DROP SCHEMA ... CASCADE` takes along all that is in the schema, and all elsewhere that
uses it: foreign keys, views, columns of its types. The rows of the tables are gone once the
transaction commits, and a schema's worth of tables is locked until then (`ACCESS EXCLUSIVE` each).
The statement names none of them, so that a table somebody added meanwhile goes unseen.

Not reported for a schema without tables, for tables that the same deployment created, in a
transaction that is rolled back, nor where `IF EXISTS` finds no such schema. Where no history says
what is in the schema, it is a warning. What is no table and goes with CASCADE is reported by
`drop-cascade`.)",
    .fix = R"(Drop the tables by name, each when nothing uses it any more, and then the empty schema
without `CASCADE`: the server refuses (2BP01) while something is left in it.)",
    .elsewhere = R"(atlas DS101, postgres-language-server banDropSchema, pgrubic US009)",
    .bad = R"(-- file: 1_legacy.sql
CREATE SCHEMA legacy
    CREATE TABLE invoices (id bigint PRIMARY KEY);
-- file: 2_no_legacy.sql
DROP SCHEMA legacy CASCADE;)",
    .good = R"(-- file: 1_scratch.sql
CREATE SCHEMA scratch;
-- file: 2_no_scratch.sql
DROP SCHEMA scratch;)",
    .check = check,
};

} // namespace ordain::rules
