#include "lint/casualties.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

/// drop-table, drop-column and drop-schema list themselves what CASCADE took along.
bool is_told_elsewhere(const ActionContext& context, const lint::Loss& loss) {
    const bool live = !context.created_in_this_deployment(loss.object->id);
    switch (loss.object->kind) {
    case ObjectKind::table:
    case ObjectKind::partitioned_table: return live;
    case ObjectKind::column: return live && context.action.written_for != ObjectKind::type;
    case ObjectKind::schema: return !lint::tables_of(context, loss).empty();
    default: return false;
    }
}

std::string message(const ActionContext& context,
                    const std::vector<const Dropped*>& others,
                    const Dropped* data) {
    const Dropped& first = data != nullptr ? *data : *others.front();
    const std::string more =
        others.size() == 1 ? std::string() : fmt::format(" and {} more", others.size() - 1);
    const std::string taken =
        fmt::format("CASCADE takes along {}{}, which the statement does not name",
                    lint::describe(context, first), more);
    if (data == nullptr)
        return taken + ": what still relies on that fails or goes unchecked from that moment";
    const bool column = context.object(data->object)->kind == ObjectKind::column;
    return fmt::format("{}, and destroys its {} for good", taken, column ? "values" : "rows");
}

/// The statement's behavior, whatever it drops.
bool cascades(const ActionContext& context) {
    const auto is_cascade = [](const auto* drop) {
        return drop != nullptr && drop->behavior == DropBehavior::cascade;
    };
    return is_cascade(context.action_as<DropObject>()) ||
           is_cascade(context.action_as<DropColumn>()) ||
           is_cascade(context.action_as<DropConstraint>());
}

void check(const ActionContext& context, Findings& findings) {
    if (!cascades(context)) return;
    for (lint::Loss& loss : lint::losses_of(context)) {
        if (is_told_elsewhere(context, loss)) continue;
        std::erase_if(loss.others,
                      [](const Dropped* other) { return other->why == Dropped::Why::owned; });
        if (loss.others.empty()) continue;
        const auto data = std::ranges::find_if(
            loss.others, [&](const Dropped* other) { return lint::holds_data(context, *other); });
        const bool destroys = data != loss.others.end();
        Finding& finding =
            findings.add(loss.named->span.empty() ? context.action.span : loss.named->span,
                         message(context, loss.others, destroys ? *data : nullptr));
        if (destroys) finding.severity = Severity::error;
        lint::add_notes(context, loss.others, finding);
        finding.instead =
            "drop by name, or change, what uses it, and leave out CASCADE: the server "
            "then refuses while something still does";
    }
}

} // namespace

constinit const Rule drop_cascade{
    .id = "drop-cascade",
    .category = Category::destructive,
    .severity = Severity::warning,
    .summary = "CASCADE takes along objects that the statement does not name.",
    .why =
        R"(What goes with `CASCADE` is decided on the server, by what depends on the object at that
moment: nobody who reads the migration sees it, and the server tells it only in a `NOTICE`, when it
happens. Views, functions, triggers, policies, defaults and foreign keys are gone without a word in
any file, and code that uses them fails, or what they checked is checked no longer. Where a type, a
domain or an extension goes, so do the **columns** of that type, with their values: that is an error.

Silent where `CASCADE` has nothing to take along, where all that it takes was made in the same
deployment, and where `drop-table`, `drop-column` or `drop-schema` reports the same object: these
list what goes with it themselves. What goes without `CASCADE` as well (parts of a table, sequences
that a column owns) is not reported.)",
    .fix =
        R"(Drop by name what has to go, in the order of its dependence, and leave out `CASCADE`: the
server then refuses (2BP01) while something still uses the object, instead of removing it.)",
    .elsewhere = R"(pgrubic GN015, eslint-plugin-postgresql no-drop-table-cascade)",
    .bad = R"(-- layout: sqlx
-- file: 1_prices.sql
CREATE TABLE articles (id bigint PRIMARY KEY, price numeric);
CREATE VIEW prices AS SELECT id, price FROM articles;
CREATE VIEW low_prices AS SELECT id FROM prices WHERE price < 10;
-- file: 2_no_prices.sql
DROP VIEW prices CASCADE;)",
    .good = R"(-- layout: sqlx
-- file: 1_prices.sql
CREATE TABLE articles (id bigint PRIMARY KEY, price numeric);
CREATE VIEW prices AS SELECT id, price FROM articles;
-- file: 2_no_prices.sql
DROP VIEW prices;)",
    .check = check,
};

} // namespace ordain::rules
