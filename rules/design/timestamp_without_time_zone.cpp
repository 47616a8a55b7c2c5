#include "catalog/builtin.hpp"
#include "catalog/resolve.hpp"
#include "lint/columns.hpp"
#include "lint/history.hpp"
#include "lint/written.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

bool is_without_time_zone(const Catalog& catalog, const Object& column) {
    const TypeRef type = column.as<ColumnDetails>().type;
    return lint::innermost_type(catalog, type) ==
           static_cast<ObjectId>(catalog::type_oid::timestamp);
}

/// "timestamptz(3)[]"; empty for a domain, which other columns may have as well.
std::string type_with_time_zone(TypeRef type) {
    if (type.type != static_cast<ObjectId>(catalog::type_oid::timestamp)) return {};
    return fmt::format("timestamptz{}{}",
                       type.modifier < 0 ? std::string() : fmt::format("({})", type.modifier),
                       type.array ? "[]" : "");
}

/// The column as it was written, with the other type.
std::string advice(const PlanContext& context, const Object& column, const Origin& origin) {
    const std::string type = type_with_time_zone(column.as<ColumnDetails>().type);
    if (type.empty()) return "make the domain one over timestamptz";
    if (origin == column.created) return lint::column_with_type(context, column, type);
    return fmt::format("ALTER COLUMN {} TYPE {}", catalog::quote_identifier(column.name), type);
}

void check_plan(const PlanContext& context, Findings& findings) {
    const Catalog& catalog = context.catalog;
    lint::History history(catalog);
    for (const Object* column : catalog.objects()) {
        if (!lint::is_own_column(context, *column) || !is_without_time_zone(catalog, *column))
            continue;
        const Origin origin = history.since(column->id, [&](const Object& version) {
            return is_without_time_zone(catalog, version);
        });
        if (!context.reports_on(origin)) continue;
        Finding& finding = findings.add(
            origin == column->created ? lint::column_place(context, *column)
                                      : context.place_of(origin),
            origin.migration,
            fmt::format(
                "\"{}\" of {} keeps a time without its time zone: which moment a value means "
                "depends on who reads it",
                column->name, lint::name_at(context, column->parent, origin)));
        finding.instead = advice(context, *column, origin);
    }
}

} // namespace

constinit const Rule timestamp_without_time_zone{
    .id = "timestamp-without-time-zone",
    .category = Category::design,
    .severity = Severity::note,
    .summary = "A new column keeps times without saying of which time zone.",
    .why = R"(`timestamp` means `timestamp without time zone`: it keeps what a clock showed and not
where. What `now()` gives is turned into the local time of the session that writes it, so that two
sessions with another `TimeZone` write different values for the same moment, the hour that the end of
summer time repeats is there twice, and differences across such a change are wrong by an hour.
`timestamptz` takes the same 8 bytes, keeps the moment and is shown in each session's own time zone.
Changing the type of a column later rewrites its table, unless the session's time zone is UTC.

Arrays and domains over `timestamp` count. Reported for columns that the migrations add or give this
type, once all of them have run. Not reported for columns of partitions and inheriting tables, which are
their parent's, nor for temporary and foreign tables.)",
    .fix = R"(Write `timestamptz`. Where a time of day at no certain place is meant, as for "every
shop opens at 9", say so in an allowance.)",
    .elsewhere =
        R"(squawk prefer-timestamp-tz, postgres-language-server preferTimestamptz, pgrubic TP001)",
    .bad = R"(CREATE TABLE visits (id bigint PRIMARY KEY, seen_at timestamp NOT NULL);)",
    .good = R"(CREATE TABLE visits (id bigint PRIMARY KEY, seen_at timestamptz NOT NULL);)",
    .on_by_default = false,
    .enabled_for = [](const Plan& plan, const Settings&) { return plan.layout != "prisma"; },
    .enabled_where = "where the layout is not Prisma's, which writes it for every DateTime",
    .check_plan = check_plan,
};

} // namespace ordain::rules
