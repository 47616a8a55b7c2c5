#include "lint/casualties.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace ordain::rules {
namespace {

/// WITH gone AS (DELETE ... RETURNING ...) INSERT ...: the rows go on to another table.
bool hands_rows_on(const Query& query, Span target) {
    return query.kind == Query::Kind::insert &&
           std::ranges::any_of(query.with, [target](const CommonTableExpression& each) {
               return each.query.target_relation.span() == target && !each.query.returning.empty();
           });
}

/// The DELETE that names its target there; null when it is none of the query.
const Query* find_delete(const Query& query, Span target) {
    if (query.kind == Query::Kind::delete_ && query.target_relation.span() == target) return &query;
    for (const CommonTableExpression& each : query.with) {
        if (const Query* found = find_delete(each.query, target)) return found;
    }
    return nullptr;
}

/// Tables whose rows go along, by ON DELETE CASCADE.
std::vector<const Object*> following_keys(const ActionContext& context, ObjectId table) {
    std::vector<const Object*> keys;
    std::set<ObjectId> seen = {table};
    std::vector<ObjectId> pending = {table};
    while (!pending.empty()) {
        const ObjectId referenced = pending.back();
        pending.pop_back();
        for (const ObjectId id : context.catalog.dependents(referenced)) {
            const Object& object = context.catalog.at(id);
            const auto* constraint = object.get_if<ConstraintDetails>();
            const bool follows = constraint != nullptr && constraint->referenced == referenced &&
                                 constraint->on_delete == ReferentialAction::cascade;
            if (!follows || !seen.insert(object.parent).second) continue;
            if (!context.created_in_this_deployment(object.parent)) keys.push_back(&object);
            pending.push_back(object.parent);
        }
    }
    return keys;
}

std::string what_goes(const Object* relation, const std::string& name) {
    const bool view = relation != nullptr && relation->kind == ObjectKind::view;
    return view ? fmt::format("every row that view \"{}\" shows", name)
                : fmt::format("every row of \"{}\"", name);
}

void check(const ActionContext& context, Findings& findings) {
    const auto* run = context.action_as<RunQuery>();
    if (run == nullptr || context.outcome.status == Outcome::Status::refused) return;
    for (const Work& work : context.outcome.work) {
        if (work.kind != Work::Kind::delete_) continue;
        if (context.created_in_this_deployment(work.relation)) continue;
        const Query* query = find_delete(run->query, work.span);
        if (query == nullptr || hands_rows_on(run->query, work.span)) continue;
        const Object* relation = context.catalog.find(work.relation);
        const std::string name = relation != nullptr ? context.display_name(work.relation)
                                                     : to_string(query->target_relation);
        const RowUse* copy = context.copied(work.relation);
        Finding& finding =
            findings.add(work.span, fmt::format("{} is destroyed{}: {}", what_goes(relation, name),
                                                lint::beyond_repair(copy), work.why));
        lint::note_copy(copy, finding);
        for (const Object* key : following_keys(context, work.relation)) {
            finding.notes.push_back(
                {.message = fmt::format("rows of \"{}\" that refer to them go too (foreign key "
                                        "\"{}\", ON DELETE CASCADE)",
                                        context.display_name(key->parent), key->name),
                 .where = {}});
        }
        finding.instead = "say in WHERE which rows are meant; where all are, keep a copy of what "
                          "may be wanted back and delete in batches, a transaction each";
    }
}

} // namespace

constinit const Rule delete_without_where{
    .id = "delete-without-where",
    .category = Category::destructive,
    .severity = Severity::error,
    .summary = "Every row of a table that production has is deleted.",
    .why =
        R"(The rows are gone once the transaction commits, and with them those that refer to them by
a foreign key with `ON DELETE CASCADE`. Until then each row is locked (`UPDATE` and `DELETE` of it
wait), triggers run row by row, and what is left behind is bloat until `VACUUM` has passed. A missing
`WHERE` is also what a slip of the hand looks like; `WHERE true` and `WHERE 1 = 1` mean the same.

Seen in a data-modifying `WITH` and in DO blocks too. Not reported for a table that the same
deployment created, in a transaction that is rolled back, nor where `RETURNING` in a `WITH` hands the
rows on to an `INSERT`.)",
    .fix =
        R"(Say in `WHERE` which rows are meant. Where all are, keep a copy and delete in batches of some
thousand rows, each in a transaction of its own, so that writers wait for moments only.)",
    .elsewhere = R"(postgres-language-server banDeleteWithoutWhere, pgfence delete-without-where,
diesel-guard MutationWithoutWhere, pgrubic GN022)",
    .bad = R"(DELETE FROM sessions;)",
    .good = R"(DELETE FROM sessions WHERE expires_at < now() - interval '30 days';)",
    .check = check,
};

} // namespace ordain::rules
