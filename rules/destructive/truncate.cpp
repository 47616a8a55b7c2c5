#include "catalog/inheritance.hpp"
#include "lint/casualties.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

constexpr std::string_view keep_a_copy =
    "keep a copy of the rows that may be wanted back (CREATE TABLE ... AS, or pg_dump --data-only) "
    "and make sure that nothing writes to the table any more; where only some rows are meant, "
    "delete those";

/// Of those, what production has.
std::vector<ObjectId> live(const ActionContext& context, const std::vector<ObjectId>& tables) {
    std::vector<ObjectId> older;
    std::ranges::copy_if(tables, std::back_inserter(older),
                         [&](ObjectId id) { return !context.created_in_this_deployment(id); });
    return older;
}

std::string names_of(const ActionContext& context, const std::vector<ObjectId>& tables) {
    std::vector<std::string> names;
    names.reserve(tables.size());
    for (const ObjectId id : tables)
        names.push_back(context.display_name(id));
    return lint::join_names(names);
}

std::vector<ObjectId>
inheriting(const ActionContext& context, const TruncatedTable& table, ObjectId id) {
    const bool seen = context.catalog.find(id) != nullptr;
    if (table.only || !seen) return {};
    return live(context, catalog::descendants(context.catalog, id));
}

void check_named(const ActionContext& context,
                 const TruncatedTable& table,
                 ObjectId id,
                 Findings& findings) {
    const std::vector<ObjectId> below = inheriting(context, table, id);
    if (context.created_in_this_deployment(id) && below.empty()) return;
    const std::string also =
        below.empty() ? std::string() : fmt::format(" and those of {}", names_of(context, below));
    const RowUse* copy = context.copied(id);
    Finding& finding = findings.add(
        table.name.span(),
        fmt::format("truncating \"{}\" destroys all its rows{}{}, and every query of it waits "
                    "until the transaction ends (ACCESS EXCLUSIVE lock)",
                    context.display_name(id), also, lint::beyond_repair(copy)));
    lint::note_copy(copy, finding);
    finding.instead = keep_a_copy;
}

/// Neither named nor inheriting from what is: reached by foreign keys.
std::vector<ObjectId> taken_by_cascade(const ActionContext& context, const Truncate& truncate) {
    const std::vector<ObjectId>& named = context.outcome.targets;
    std::vector<ObjectId> tables;
    for (const Work& work : context.outcome.work) {
        const auto reaches = [&](ObjectId id) {
            const std::vector<ObjectId> below = catalog::descendants(context.catalog, id);
            return id == work.relation || std::ranges::count(below, work.relation) > 0;
        };
        if (work.kind == Work::Kind::rewrite && std::ranges::none_of(named, reaches))
            tables.push_back(work.relation);
    }
    return truncate.behavior == DropBehavior::cascade ? live(context, tables)
                                                      : std::vector<ObjectId>();
}

void check(const ActionContext& context, Findings& findings) {
    const auto* truncate = context.action_as<Truncate>();
    const Outcome& outcome = context.outcome;
    if (truncate == nullptr || outcome.status == Outcome::Status::refused) return;
    const std::size_t count = std::min(truncate->tables.size(), outcome.targets.size());
    for (std::size_t index = 0; index < count; ++index)
        check_named(context, truncate->tables[index], outcome.targets[index], findings);
    const std::vector<ObjectId> taken = taken_by_cascade(context, *truncate);
    if (taken.empty()) return;
    Finding& finding = findings.add(
        {}, fmt::format("CASCADE also truncates {}, which the statement does not name: all rows "
                        "there are destroyed for good, whether they refer to one or not",
                        names_of(context, taken)));
    finding.instead = "name all tables that are meant and leave out CASCADE: the server then "
                      "refuses (0A000) where a foreign key of another table refers to one of them";
}

} // namespace

constinit const Rule truncate{
    .id = "truncate",
    .category = Category::destructive,
    .severity = Severity::error,
    .summary = "All rows of a table that production has are removed at once.",
    .why = R"(`TRUNCATE` gives the table new, empty storage: the rows are gone once the transaction
commits, and no down script brings them back. No `ON DELETE` trigger runs. It takes `ACCESS EXCLUSIVE`
on each table until the transaction ends, so that every query of it waits. Partitions and inheriting
tables are emptied too, unless it says `ONLY`.

`CASCADE` goes on to every table that has a foreign key to one of them, and to theirs in turn: the
**whole** table is emptied, rows that refer to nothing included, whatever `ON DELETE` says.

Not reported for tables that the same deployment created, nor in a transaction that is rolled
back.)",
    .fix =
        R"(Keep a copy of what may be wanted back. Name every table that is meant instead of writing
`CASCADE`: the server then refuses (0A000) where another one refers to them. Where only some rows are
meant, delete those, in batches.)",
    .elsewhere = R"(squawk ban-truncate-cascade, postgres-language-server banTruncate and
banTruncateCascade, pgsafe truncate, pgfence truncate and truncate-cascade, pgrubic US029)",
    .bad = R"(TRUNCATE sessions;)",
    .good = R"(CREATE TABLE staging (id bigint PRIMARY KEY);
TRUNCATE staging;)",
    .check = check,
};

} // namespace ordain::rules
