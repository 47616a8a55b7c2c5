#include "lint/acceptances.hpp"
#include "lint/written.hpp"
#include "rules/named_objects.hpp"
#include "rules/rules.hpp"
#include "text/letter_case.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <string>

namespace ordain::rules {
namespace {

bool is_looked_at(const Plan& /*plan*/, const Settings& settings) {
    return !settings.naming.forbidden_columns.empty();
}

/// What to call a column instead; null where its name is not forbidden. The list may have it as
/// code writes it: without quotes the server folds that.
const std::string* replacement_for(const Naming& naming, std::string_view name) {
    const auto found = std::ranges::find_if(naming.forbidden_columns, [&](const auto& each) {
        return text::lower_case(each.first) == text::lower_case(name);
    });
    return found == naming.forbidden_columns.end() ? nullptr : &found->second;
}

void check_plan(const PlanContext& context, Findings& findings) {
    for (const Object* column : context.catalog.objects()) {
        if (!context.reports_on(column->named) || !is_named_column(context.catalog, *column))
            continue;
        const std::string* instead = replacement_for(context.settings.naming, column->name);
        if (instead == nullptr || *instead == column->name) continue;
        const std::optional<Location> place = lint::chosen_name_place(context, *column);
        if (!place) continue;
        const std::string reason = instead->empty()
                                       ? "has a name that no column is to have"
                                       : fmt::format("is to be called \"{}\"", *instead);
        Finding& finding = findings.add(*place, column->named.migration,
                                        fmt::format(R"("{}" of "{}" {})", column->name,
                                                    context.display_name(column->parent), reason));
        if (!instead->empty()) finding.instead = lint::column_with_name(context, *column, *instead);
        finding.objects = {lint::dotted_name(context.catalog, column->id)};
    }
}

} // namespace

constinit const Rule forbidden_column_name{
    .id = "forbidden-column-name",
    .category = Category::naming,
    .severity = Severity::warning,
    .summary = "A column gets a name that a team has given up.",
    .why =
        R"(While a team replaces one name by another (`user_id` by `agent_id`), each new table with the old
one is work that comes on top: it has to be renamed after code uses it, which breaks that code. Other names
are given up because of what they invite to: `password` for what is never to be stored as it is.

Where `forbidden_columns` stands under `[naming]` in ordain.toml, it says for each such name what to write
instead, or an empty string where nothing takes its place. Letter case does not count. Reported for columns
that the migrations add, create or rename to it, once all of them have run; not for those that come from a
parent or with LIKE, nor for temporary tables.)",
    .fix = R"(Give the column the name that the message says.)",
    .elsewhere = {},
    .bad = R"(-- ordain.toml: [naming.forbidden_columns]
-- ordain.toml: user_id = "agent_id"
CREATE TABLE reservations (id bigint PRIMARY KEY, user_id bigint NOT NULL);)",
    .good = R"(-- ordain.toml: [naming.forbidden_columns]
-- ordain.toml: user_id = "agent_id"
CREATE TABLE reservations (id bigint PRIMARY KEY, agent_id bigint NOT NULL);)",
    .on_by_default = false,
    .enabled_for = is_looked_at,
    .enabled_where = "where `[naming]` has `forbidden_columns`",
    .check_plan = check_plan,
};

} // namespace ordain::rules
