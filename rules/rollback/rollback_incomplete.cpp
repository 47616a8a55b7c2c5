#include "catalog/resolve.hpp"
#include "lint/definitions.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <set>
#include <utility>

namespace ordain::rules {
namespace {

using catalog::quote_identifier;

/// Longer lists are cut, and say so; `ordain inspect` shows all.
constexpr std::size_t most_named = 3;
constexpr std::size_t most_notes = 8;
/// Longer definitions, of functions and views, are not shown.
constexpr std::size_t longest_shown = 160;

std::string qualified(std::string_view schema, std::string_view name) {
    const bool plain = schema.empty() || schema == "public";
    return plain ? quote_identifier(name) : quote_identifier(schema) + "." + quote_identifier(name);
}

std::string part_of_table(std::string_view action, const ObjectReference& object) {
    return fmt::format("ALTER TABLE {} {} {};", qualified(object.schema, object.table), action,
                       quote_identifier(object.name));
}

std::string on_table(std::string_view kind, const ObjectReference& object) {
    return fmt::format("DROP {} {} ON {};", kind, quote_identifier(object.name),
                       qualified(object.schema, object.table));
}

std::string drop_whole(std::string_view kind, const ObjectReference& object) {
    return fmt::format("DROP {} {};", kind, qualified(object.schema, object.name));
}

/// A kind of object in the order in which leftovers can be dropped: what depends comes first.
struct Removal {
    ObjectKind kind{};
    std::string_view word;
};
constexpr auto removals = std::to_array<Removal>({
    {ObjectKind::policy, "POLICY"},
    {ObjectKind::trigger, "TRIGGER"},
    {ObjectKind::rule, "RULE"},
    {ObjectKind::constraint, "CONSTRAINT"},
    {ObjectKind::view, "VIEW"},
    {ObjectKind::materialized_view, "MATERIALIZED VIEW"},
    {ObjectKind::index, "INDEX"},
    {ObjectKind::column, "COLUMN"},
    {ObjectKind::statistics, "STATISTICS"},
    {ObjectKind::foreign_table, "FOREIGN TABLE"},
    {ObjectKind::table, "TABLE"},
    {ObjectKind::partitioned_table, "TABLE"},
    {ObjectKind::procedure, "PROCEDURE"},
    {ObjectKind::function, "FUNCTION"},
    {ObjectKind::sequence, "SEQUENCE"},
    {ObjectKind::domain, "DOMAIN"},
    {ObjectKind::enum_, "TYPE"},
    {ObjectKind::range, "TYPE"},
    {ObjectKind::composite_type, "TYPE"},
    {ObjectKind::extension, "EXTENSION"},
    {ObjectKind::publication, "PUBLICATION"},
    {ObjectKind::schema, "SCHEMA"},
});

std::size_t rank_of(const ObjectReference& object) {
    const auto* const found = std::ranges::find(removals, object.kind, &Removal::kind);
    return static_cast<std::size_t>(found - removals.begin());
}

/// The statement that removes what was left; empty where there is no simple one.
std::string removal_of(const ObjectReference& object) {
    const std::size_t rank = rank_of(object);
    if (rank == removals.size()) return {};
    const std::string_view word = removals[rank].word;
    switch (object.kind) {
    case ObjectKind::policy:
    case ObjectKind::trigger:
    case ObjectKind::rule: return on_table(word, object);
    case ObjectKind::constraint: return part_of_table("DROP CONSTRAINT", object);
    case ObjectKind::column: return part_of_table("DROP COLUMN", object);
    case ObjectKind::function:
    case ObjectKind::procedure:
        return fmt::format("DROP {} {}({});", word, qualified(object.schema, object.name),
                           fmt::join(object.arguments, ", "));
    case ObjectKind::extension:
    case ObjectKind::publication:
    case ObjectKind::schema: return fmt::format("DROP {} {};", word, quote_identifier(object.name));
    default: return drop_whole(word, object);
    }
}

/// Without what goes by itself with something else in the list.
std::vector<ObjectReference> roots_of(const std::vector<ObjectReference>& objects) {
    std::set<std::pair<std::string, std::string>> tables;
    std::set<std::pair<std::string, std::string>> constraints;
    for (const ObjectReference& object : objects) {
        if (object.table.empty()) tables.insert({object.schema, object.name});
        if (object.kind == ObjectKind::constraint) constraints.insert({object.schema, object.name});
    }
    std::vector<ObjectReference> roots;
    for (const ObjectReference& object : objects) {
        const bool of_table =
            !object.table.empty() && tables.contains({object.schema, object.table});
        const bool of_constraint =
            object.kind == ObjectKind::index && constraints.contains({object.schema, object.name});
        if (!of_table && !of_constraint) roots.push_back(object);
    }
    std::ranges::stable_sort(roots, {}, rank_of);
    return roots;
}

/// Where the up script makes an object, if it names it.
std::optional<Location>
made_at(const MigrationStatements& statements, FileId file, const ObjectReference& object) {
    for (const Statement& statement : statements.up) {
        for (const Action& action : statement.actions) {
            for (const lint::Definition& made : lint::definitions_in(action)) {
                const bool same = made.name == object.name &&
                                  made.space == name_space_of(object.kind) &&
                                  (made.container.empty() || made.container == object.table);
                if (same) return Location{.file = file, .span = made.where.span};
            }
        }
    }
    return std::nullopt;
}

/// Less the sequences of serial and identity columns, which no statement names.
std::vector<ObjectReference>
left_behind(const MigrationStatements& statements, FileId file, const Difference& difference) {
    std::vector<ObjectReference> left = roots_of(difference.created);
    const bool columns = std::ranges::any_of(left, [](const ObjectReference& object) {
        return object.kind == ObjectKind::table || object.kind == ObjectKind::partitioned_table ||
               object.kind == ObjectKind::column;
    });
    if (!columns) return left;
    std::erase_if(left, [&](const ObjectReference& object) {
        return object.kind == ObjectKind::sequence && !made_at(statements, file, object);
    });
    return left;
}

std::string names_of(const std::vector<ObjectReference>& objects) {
    std::vector<std::string> names;
    for (const ObjectReference& object : objects) {
        if (names.size() == most_named) break;
        names.push_back(describe(object));
    }
    const std::string more = objects.size() > most_named
                                 ? fmt::format(" and {} more", objects.size() - most_named)
                                 : std::string();
    return fmt::format("{}{}", fmt::join(names, ", "), more);
}

std::string summary_of(const Difference& difference,
                       const std::vector<ObjectReference>& left,
                       const std::vector<ObjectReference>& lost) {
    std::vector<std::string> parts;
    if (!left.empty()) parts.push_back("leaves " + names_of(left));
    if (!lost.empty()) parts.push_back("does not bring back " + names_of(lost));
    if (!difference.changed.empty())
        parts.push_back("leaves changed " + names_of(difference.changed));
    if (parts.empty() && !difference.annotations.empty()) {
        parts.push_back("leaves changed the " + difference.annotations.front());
    }
    return fmt::format("the down script {}", fmt::join(parts, ", and "));
}

Location head_of(const Script& script, const std::vector<Statement>& statements) {
    const Span span = statements.empty() ? Span{} : statements.front().span;
    return {.file = script.file, .span = span};
}

/// How definitions differ that are short enough to be compared by eye.
void add_changes(const Difference& difference, Finding& finding) {
    const std::size_t count = std::min(difference.changed.size(), difference.how.size());
    for (std::size_t index = 0; index < count && finding.notes.size() < most_notes; ++index) {
        const std::string& how = difference.how[index];
        const bool shown = how.size() <= longest_shown && how.find('\n') == std::string::npos;
        if (!shown) continue;
        finding.notes.push_back(
            {.message = fmt::format("{}: {}", describe(difference.changed[index]), how),
             .where = {}});
    }
}

void report_difference(const PlanContext& context,
                       const MigrationJudgement& judgement,
                       Findings& findings) {
    const std::size_t index = judgement.ordinal - 1;
    const Migration& migration = context.plan.migrations[index];
    const MigrationStatements& statements = context.statements[index];
    const Difference& difference = judgement.rollback.difference;
    const std::vector<ObjectReference> left =
        left_behind(statements, migration.up.file, difference);
    const std::vector<ObjectReference> lost = roots_of(difference.dropped);
    Finding& finding = findings.add(head_of(*migration.down, statements.down), judgement.ordinal,
                                    summary_of(difference, left, lost));
    // Comments alone say that it is meant.
    if (statements.down.empty()) {
        finding.severity = Severity::note;
        finding.message = "without a statement " + finding.message;
    }
    std::string sql;
    for (const ObjectReference& object : left) {
        const std::optional<Location> made = made_at(statements, migration.up.file, object);
        if (made && finding.notes.size() < most_notes) {
            finding.notes.push_back(
                {.message = fmt::format("{} is made here", describe(object)), .where = made});
        }
        const std::string removal = removal_of(object);
        if (!removal.empty()) sql += (sql.empty() ? "" : "\n") + removal;
    }
    add_changes(difference, finding);
    if (!sql.empty()) finding.instead = "add to the down script:\n" + sql;
}

bool is_syntax_error(const MigrationStatements& statements, const Answer& failure) {
    return std::ranges::any_of(statements.down, [&](const Statement& statement) {
        return statement.fault && statement.fault->span == failure.where.span;
    });
}

void report_failure(const PlanContext& context,
                    const MigrationJudgement& judgement,
                    Findings& findings) {
    const Answer& failure = judgement.rollback.failure;
    // One cause is reported once: by syntax-error.
    if (is_syntax_error(context.statements[judgement.ordinal - 1], failure)) return;
    Finding& finding =
        findings.add(failure.where, judgement.ordinal,
                     fmt::format("the down script fails after its own up script with {}: {}",
                                 failure.sqlstate, failure.message));
    finding.severity = Severity::error;
}

void report_empty(const Migration& migration, Findings& findings) {
    Finding& finding =
        findings.add({.file = migration.down->file, .span = {}}, migration.ordinal,
                     "the down script has no statement, so that nothing takes this migration back");
    finding.severity = Severity::note;
}

/// Without one there is nothing to take back.
bool has_effects(const MigrationJudgement& judgement) {
    return judgement.effects && !judgement.effects->empty();
}

void check_plan(const PlanContext& context, Findings& findings) {
    for (const MigrationJudgement& judgement : context.judgements) {
        const Migration& migration = context.plan.migrations[judgement.ordinal - 1];
        if (!context.selected[judgement.ordinal - 1]) continue;
        switch (judgement.rollback.verdict) {
        case RollbackVerdict::differs: report_difference(context, judgement, findings); break;
        case RollbackVerdict::fails: report_failure(context, judgement, findings); break;
        case RollbackVerdict::missing:
            // missing-rollback speaks of those that have none at all.
            if (migration.down && has_effects(judgement)) report_empty(migration, findings);
            break;
        case RollbackVerdict::restores:
        case RollbackVerdict::unknown: break;
        }
    }
}

} // namespace

constinit const Rule rollback_incomplete{
    .id = "rollback-incomplete",
    .category = Category::rollback,
    .severity = Severity::warning,
    .summary = "The down script does not restore what was there before the up script.",
    .why = R"(Nobody runs a down script until a deployment has gone wrong, and then it has to work.
What it leaves behind makes the next attempt fail with "already exists"; what it does not bring back
is missing from code that was rolled back with it. The up script is run on what all migrations before
it made, then the down script, and the two catalogs are compared: tables, columns and their types,
indexes, constraints, functions, policies, privileges, comments. The order of columns does not count,
and rows that are gone stay gone whatever a script does.

A down script that fails is an error, one without a statement a note. A migration that has none is
`missing-rollback`.)",
    .fix = R"(Undo each statement of the up script, in the opposite order. Where that is impossible
(an enum label cannot be removed), say so in the script and allow the finding with the reason.)",
    .elsewhere = {},
    .bad = R"(-- file: 1_orders.up.sql
BEGIN;
CREATE TYPE order_state AS ENUM ('open', 'paid');
CREATE TABLE orders (id bigint PRIMARY KEY, state order_state NOT NULL);
COMMIT;
-- file: 1_orders.down.sql
DROP TABLE orders;)",
    .good = R"(-- file: 1_orders.up.sql
BEGIN;
CREATE TYPE order_state AS ENUM ('open', 'paid');
CREATE TABLE orders (id bigint PRIMARY KEY, state order_state NOT NULL);
COMMIT;
-- file: 1_orders.down.sql
DROP TABLE orders;
DROP TYPE order_state;)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
