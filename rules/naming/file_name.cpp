#include "layout/file_name.hpp"

#include "config/name_pattern.hpp"
#include "lint/script_file.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <iterator>
#include <map>
#include <optional>

namespace ordain::rules {
namespace {

/// A file of no folder of migrations is named for something else.
bool is_looked_at(const Plan& plan, const Settings& settings) {
    return plan.layout == "plain" || (plan.layout != "file" && settings.naming.file.has_value());
}

void check_pattern(const PlanContext& context, const NamePattern& pattern, Findings& findings) {
    config::NameMatcher matcher;
    for (const std::size_t index : all_migrations(context.plan)) {
        if (!context.selected[index]) continue;
        const Migration& migration = context.plan.migrations[index];
        const std::string_view name = lint::path_below_root(context, migration.up.file);
        if (matcher.matches(pattern.text, name)) continue;
        Finding& finding =
            findings.add(lint::head_of(context, index), migration.ordinal,
                         fmt::format("the name of {} does not match {}", name, pattern.text));
        finding.notes.push_back({.message = "agreed on here", .where = pattern.where});
    }
}

/// The width to which most numbers of a folder are filled up with zeros; nothing where they are
/// not.
std::optional<std::size_t> agreed_width(const Plan& plan) {
    struct Numbers {
        std::size_t count = 0;
        bool filled_up = false;
    };
    std::map<std::size_t, Numbers> by_width;
    for (const Migration& migration : plan.migrations) {
        Numbers& numbers = by_width[migration.version.size()];
        ++numbers.count;
        numbers.filled_up = numbers.filled_up || migration.version.starts_with('0');
    }
    const auto most = std::ranges::find_if(by_width, [&](const auto& each) {
        return each.second.filled_up && 2 * each.second.count > plan.migrations.size();
    });
    if (most == by_width.end()) return std::nullopt;
    return most->first;
}

/// The number as the others are written; nothing where it is, or is too large for that.
std::optional<std::string> number_of_width(std::string_view number, std::size_t width) {
    if (number.size() == width || layout::leading_digits(number).size() != number.size())
        return std::nullopt;
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size() - 1));
    if (number.size() > width) return std::nullopt;
    return std::string(width - number.size(), '0').append(number);
}

void check_width(const PlanContext& context, Findings& findings) {
    const std::optional<std::size_t> width = agreed_width(context.plan);
    if (!width) return;
    for (const std::size_t index : all_migrations(context.plan)) {
        const Migration& migration = context.plan.migrations[index];
        const auto number = number_of_width(migration.version, *width);
        if (!number || !context.selected[index]) continue;
        const std::string_view name = lint::path_below_root(context, migration.up.file);
        Finding& finding = findings.add(
            lint::head_of(context, index), migration.ordinal,
            fmt::format("the number of {} has {} where most have {} digits: names with numbers "
                        "of different lengths are not ordered as the numbers are",
                        name, migration.version.size(), *width));
        finding.instead = fmt::format("{}{}", *number, name.substr(migration.version.size()));
    }
}

void check_plan(const PlanContext& context, Findings& findings) {
    if (const auto& pattern = context.settings.naming.file) {
        check_pattern(context, *pattern, findings);
    } else {
        check_width(context, findings);
    }
}

} // namespace

constinit const Rule file_name{
    .id = "file-name",
    .category = Category::naming,
    .severity = Severity::warning,
    .summary = "A migration's file is not named as the others are.",
    .why =
        R"(The name of a file is what runners, reviews and whoever looks for a migration order by.
Where `file` stands under `[naming]` in ordain.toml, it is a regular expression that has to match the
whole path of each up script below the folder of migrations: `7_orders.sql`, or `7_orders/up.sql` where
each has a folder of its own.

Without it, plain numbered files are held against each other: where most numbers are filled up with
zeros to one width, a number of another width that could have it is reported. Ordered by name, as
listings and `psql -f` with a pattern of the shell do, `10_b.sql` stands behind `011_c.sql`.)",
    .fix = R"(Rename the file before it has run anywhere, and its down script with it.)",
    .elsewhere = {},
    .bad = R"(-- file: 001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY);
-- file: 002_parcels.sql
CREATE TABLE parcels (id bigint PRIMARY KEY);
-- file: 3_places.sql
CREATE TABLE places (id bigint PRIMARY KEY);)",
    .good = R"(-- ordain.toml: [naming]
-- ordain.toml: file = '\d{3}_[a-z0-9_]+\.sql'
-- file: 001_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY);
-- file: 002_parcels.sql
CREATE TABLE parcels (id bigint PRIMARY KEY);
-- file: 003_places.sql
CREATE TABLE places (id bigint PRIMARY KEY);)",
    .on_by_default = false,
    .enabled_for = is_looked_at,
    .enabled_where = "where `[naming]` has `file`, and for plain numbered files",
    .check_plan = check_plan,
};

} // namespace ordain::rules
