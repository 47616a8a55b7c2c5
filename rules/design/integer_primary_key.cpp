#include "catalog/builtin.hpp"
#include "lint/columns.hpp"
#include "lint/history.hpp"
#include "lint/written.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

using Kind = ConstraintDefinition::Kind;

constexpr auto smallint = static_cast<ObjectId>(catalog::type_oid::int2);
constexpr auto integer = static_cast<ObjectId>(catalog::type_oid::int4);

bool is_narrow(const Catalog& catalog, const Object& column) {
    const TypeRef type = column.as<ColumnDetails>().type;
    const ObjectId innermost = lint::innermost_type(catalog, type);
    return !type.array && (innermost == smallint || innermost == integer);
}

/// An identity, a serial column, or a default that takes numbers from a sequence.
bool is_numbered(const Catalog& catalog, const Object& column) {
    if (column.as<ColumnDetails>().identity != '\0') return true;
    return std::ranges::any_of(column.depends, [&](const Dependency& dependency) {
        const Object* on = catalog.find(dependency.on);
        return dependency.type == DependencyType::of_default && on != nullptr &&
               on->kind == ObjectKind::sequence;
    });
}

/// A column by itself is the primary key. Of several, one that takes no numbers counts something
/// smaller, and one that refers to another table has the type and the end of what it refers to.
bool is_whole_primary_key(const Catalog& catalog, const Object& column) {
    bool key = false;
    for (const ObjectId id : catalog.children(column.parent)) {
        const auto* constraint = catalog.at(id).get_if<ConstraintDetails>();
        if (constraint == nullptr || std::ranges::count(constraint->columns, column.id) == 0)
            continue;
        if (constraint->kind == Kind::foreign_key) return false;
        key = key || (constraint->kind == Kind::primary_key && constraint->columns.size() == 1);
    }
    return key;
}

bool runs_out(const Catalog& catalog, const Object& column) {
    return is_narrow(catalog, column) &&
           (is_numbered(catalog, column) || is_whole_primary_key(catalog, column));
}

std::string advice(const PlanContext& context, const Object& column) {
    if (!is_builtin(column.as<ColumnDetails>().type.type)) return "make the domain one over bigint";
    const ColumnDefinition* definition = lint::definition_of_column(context, column);
    const bool serial = definition != nullptr &&
                        definition->type.name.name.text.find("serial") != std::string::npos;
    return lint::column_with_type(context, column, serial ? "bigserial" : "bigint");
}

void check_plan(const PlanContext& context, Findings& findings) {
    const Catalog& catalog = context.catalog;
    lint::History history(catalog);
    for (const Object* column : catalog.objects()) {
        if (!lint::is_own_column(context, *column) || !runs_out(catalog, *column)) continue;
        const Origin origin = history.since(
            column->id, [&](const Object& version) { return is_narrow(catalog, version); });
        if (!context.reports_on(origin)) continue;
        const bool small =
            lint::innermost_type(catalog, column->as<ColumnDetails>().type) == smallint;
        Finding& finding = findings.add(
            origin == column->created ? lint::column_place(context, *column)
                                      : context.place_of(origin),
            origin.migration,
            fmt::format(
                "\"{}\" of {} runs out at {}, and widening it rewrites the table while every "
                "query of it waits",
                column->name, lint::name_at(context, column->parent, origin),
                small ? "32,767" : "2,147,483,647"));
        finding.instead = advice(context, *column);
    }
}

} // namespace

constinit const Rule integer_primary_key{
    .id = "integer-primary-key",
    .category = Category::design,
    .severity = Severity::warning,
    .summary = "A new primary key, identity or serial column has numbers that run out.",
    .why =
        R"(An `integer` ends at 2,147,483,647 and a `smallint` at 32,767. From then on every `INSERT`
fails with SQLSTATE 22003 or 2200H, at a moment at which the table is as large and as busy as it ever
was. Numbers that a rollback or `ON CONFLICT` threw away count too. Widening the column then
(`ALTER COLUMN ... TYPE bigint`) rewrites the table and all its indexes under an `ACCESS EXCLUSIVE`
lock, and each column that refers to it has to follow. A `bigint` takes 4 bytes more, which the
alignment of the next column often takes anyway.

Reported for a column that the migrations add or give this type: where it is the primary key by itself,
and where it takes its numbers from an identity or a sequence. Not reported for a primary key that
refers to another table, which has the type of what it refers to, and for a column without numbers of
its own among several of a key, like a line within an order.)",
    .fix =
        R"(Write `bigint`, or `bigserial` for `serial`. Where the table is short for good, like one
of countries, say so in an allowance.)",
    .elsewhere =
        R"(squawk prefer-bigint-over-int, prefer-bigint-over-smallint, postgres-language-server
preferBigintOverInt, preferBigintOverSmallint, pgsafe prefer-bigint-primary-key, diesel-guard
ShortIntegerPrimaryKeyCheck, pgrubic TP009, TP010)",
    .bad = R"(CREATE TABLE visits (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    page text NOT NULL
);)",
    .good = R"(CREATE TABLE visits (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    page text NOT NULL
);)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
