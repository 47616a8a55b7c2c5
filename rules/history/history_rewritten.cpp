#include "layout/history.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

using layout::HistoryHandling;
using layout::OnRewrite;
using Kind = Rewrite::Kind;

OnRewrite answer_to(Kind kind, const HistoryHandling& handling) {
    switch (kind) {
    case Kind::edited: return handling.edited;
    case Kind::deleted: return handling.deleted;
    case Kind::inserted: return handling.inserted;
    // Under the new name nothing has run yet; under the old one it is gone.
    case Kind::renamed: return handling.deleted;
    }
    return OnRewrite::unknown;
}

/// What happens where nothing stops.
std::string divergence(const Plan& plan, const Rewrite& rewrite) {
    const std::string& base = plan.base->name;
    switch (rewrite.kind) {
    case Kind::edited:
        return fmt::format(
            "{} has this migration with another text: databases that ran it keep what "
            "that made, and new ones get this",
            base);
    case Kind::deleted:
        return fmt::format(
            "{} has this migration: databases that ran it keep what it made, and new "
            "ones never get it",
            base);
    case Kind::renamed:
        return fmt::format("{} has this migration as {}: databases that ran it there run it again",
                           base, rewrite.other);
    case Kind::inserted:
        return fmt::format("this migration stands before {}, which {} has: databases that ran that "
                           "one get this afterwards, and new ones before it",
                           rewrite.other, base);
    }
    return {};
}

std::string refusal(const Plan& plan, const Rewrite& rewrite) {
    const std::string& base = plan.base->name;
    switch (rewrite.kind) {
    case Kind::edited:
        return fmt::format(
            "{} runs nothing on a database that has this migration as {} has it: the "
            "text is another",
            plan.layout, base);
    case Kind::deleted:
        return fmt::format(
            "{} runs nothing on a database that has this migration of {}: it is gone", plan.layout,
            base);
    case Kind::renamed:
        return fmt::format("{} runs nothing on a database that has this migration under the name "
                           "that {} gives it, {}",
                           plan.layout, base, rewrite.other);
    case Kind::inserted:
        return fmt::format(
            "{} runs nothing on a database that has {}: this migration stands before "
            "it and has not run",
            plan.layout, rewrite.other);
    }
    return {};
}

std::string advice(const Plan& plan, const Rewrite& rewrite) {
    const std::string& base = plan.base->name;
    switch (rewrite.kind) {
    case Kind::edited:
        return fmt::format("put the text of {} back, and the change into a new migration", base);
    case Kind::deleted:
        return fmt::format("put it back as {} has it; what it made is undone by a new migration",
                           base);
    case Kind::renamed: return "give it its name back";
    case Kind::inserted: return fmt::format("give it a version behind all that {} has", base);
    }
    return {};
}

void check_plan(const PlanContext& context, Findings& findings) {
    const Plan& plan = context.plan;
    if (!plan.base) return;
    const HistoryHandling handling = layout::history_handling(plan.layout);
    for (const Rewrite& rewrite : plan.base->rewrites) {
        const bool stops = answer_to(rewrite.kind, handling) == OnRewrite::stops;
        const bool fails = stops || rewrite.kind == Kind::renamed;
        // What has run is not judged again, whatever its text says now.
        const std::uint32_t judged = rewrite.kind == Kind::inserted ? rewrite.migration : 0;
        Finding& finding = findings.add({.file = rewrite.file, .span = {}}, judged,
                                        stops ? refusal(plan, rewrite) : divergence(plan, rewrite));
        finding.severity = fails ? Severity::error : Severity::warning;
        finding.instead = advice(plan, rewrite);
    }
}

} // namespace

constinit const Rule history_rewritten{
    .id = "history-rewritten",
    .category = Category::history,
    .severity = Severity::error,
    .summary = "A migration that has run is edited, deleted, renamed or overtaken.",
    .why =
        R"(What the default branch has is taken to have run. Its tool notes it there by version or
name, and most tools by checksum too. sqlx and postgres-migrations stop at a migration whose text is
another or that is gone, so that the deployment fails; Diesel, and Prisma's `migrate deploy`, go on:
databases that ran the old text keep what it made, new ones get the new text, and from then on no two
need be the same. A migration under another name is a new one to its tool and runs again. One that is
inserted before what has run comes last in production and first on a new database;
postgres-migrations refuses it.

An error where the tool stops or runs something twice, else a warning. Reported only in a git work
tree, for what differs from the base that the last line of `ordain check` names; of what a file of
`--applied` names only what was inserted can be told.)",
    .fix =
        R"(Leave what has run as it is and write a new migration, with a version behind all others.
Where the base has not run anywhere yet, say so: name another one with `--since`.)",
    .elsewhere = R"(atlas non_linear)",
    .bad = R"(-- layout: sqlx
-- base: 1_accounts.sql
CREATE TABLE accounts (id bigint PRIMARY KEY);
-- file: 1_accounts.sql
CREATE TABLE accounts (id bigint PRIMARY KEY, email text);)",
    .good = R"(-- layout: sqlx
-- base: 1_accounts.sql
CREATE TABLE accounts (id bigint PRIMARY KEY);
-- file: 1_accounts.sql
CREATE TABLE accounts (id bigint PRIMARY KEY);
-- file: 2_email.sql
ALTER TABLE accounts ADD COLUMN email text;)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
