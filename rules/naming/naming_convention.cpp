#include "config/name_pattern.hpp"
#include "lint/acceptances.hpp"
#include "lint/written.hpp"
#include "rules/named_objects.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ordain::rules {
namespace {

using Pattern = std::optional<NamePattern>;

bool is_looked_at(const Plan& /*plan*/, const Settings& settings) {
    const Naming& naming = settings.naming;
    return std::ranges::any_of(config::pattern_keys(), [&](const config::PatternKey& key) {
        return key.pattern != &Naming::file && (naming.*key.pattern).has_value();
    });
}

/// What objects of a kind are called in messages, and the patterns for them: the first that is set.
struct Convention {
    std::string_view noun;
    const Pattern* own = nullptr;
    const Pattern* otherwise = nullptr;

    [[nodiscard]] const NamePattern* pattern() const {
        for (const Pattern* each : {own, otherwise}) {
            if (each != nullptr && each->has_value()) return &each->value();
        }
        return nullptr;
    }
};

Convention for_constraint(const Naming& naming, ConstraintDefinition::Kind kind) {
    using Kind = ConstraintDefinition::Kind;
    const Pattern* any = &naming.constraint;
    switch (kind) {
    case Kind::primary_key: return {"primary key", &naming.primary_key, any};
    case Kind::foreign_key: return {"foreign key", &naming.foreign_key, any};
    case Kind::unique: return {"unique constraint", &naming.unique, any};
    case Kind::check: return {"check constraint", &naming.check, any};
    case Kind::exclusion:
    case Kind::null:
    case Kind::not_null:
    case Kind::default_:
    case Kind::identity:
    case Kind::generated: break;
    }
    return {"constraint", any, nullptr};
}

Convention convention_for(const PlanContext& context, const Object& object) {
    const Naming& naming = context.settings.naming;
    if (is_named_table(object)) return {"table", &naming.table, nullptr};
    if (is_named_column(context.catalog, object)) return {"column", &naming.column, nullptr};
    if (is_named_index(context.catalog, object)) return {"index", &naming.index, nullptr};
    if (is_named_constraint(context.catalog, object))
        return for_constraint(naming, object.as<ConstraintDetails>().kind);
    return {};
}

/// The columns that an index or a constraint is over; expressions are left out.
std::vector<const Object*> columns_of(const Catalog& catalog, const Object& object) {
    std::vector<const Object*> columns;
    const auto add = [&](ObjectId id) {
        if (const Object* column = catalog.find(id)) columns.push_back(column);
    };
    if (const auto* index = object.get_if<IndexDetails>()) {
        for (const IndexDetails::Element& element : index->elements)
            add(element.column);
    } else if (const auto* constraint = object.get_if<ConstraintDetails>()) {
        std::ranges::for_each(constraint->columns, add);
    }
    return columns;
}

/// An object with the names that its pattern is filled with.
struct Named {
    std::string expression;
    /// The last to get the name that it has: renaming a table leaves the names of its indexes.
    const Object* last = nullptr;
};

Named named(const Catalog& catalog, const Object& object, const NamePattern& pattern) {
    Named result{.expression = {}, .last = &object};
    config::Placeholders names;
    const auto use = [&](const Object& other) {
        if (result.last->named < other.named) result.last = &other;
        return other.name;
    };
    const auto mentions = [&](std::string_view placeholder) {
        return pattern.text.find(placeholder) != std::string::npos;
    };
    const Object* table = catalog.find(object.parent);
    if (table != nullptr && mentions(config::table_placeholder)) names.table = use(*table);
    if (mentions(config::columns_placeholder)) {
        std::vector<std::string> columns;
        for (const Object* column : columns_of(catalog, object))
            columns.push_back(use(*column));
        names.columns = fmt::format("{}", fmt::join(columns, "_"));
    }
    result.expression = config::filled(pattern.text, names);
    return result;
}

void report(const PlanContext& context,
            const Object& object,
            const Convention& convention,
            const Named& named,
            Findings& findings) {
    const std::optional<Location> place = lint::chosen_name_place(context, *named.last);
    const Object* table = context.catalog.find(object.parent);
    Finding& finding = findings.add(
        place.value_or(context.place_of(named.last->named)), named.last->named.migration,
        fmt::format("the name of {} \"{}\"{} does not match {}", convention.noun,
                    table == nullptr ? context.display_name(object.id) : object.name,
                    table == nullptr ? ""
                                     : fmt::format(" of \"{}\"", context.display_name(table->id)),
                    named.expression));
    finding.notes.push_back({.message = "agreed on here", .where = convention.pattern()->where});
    finding.objects = {lint::dotted_name(context.catalog, object.id)};
}

void check_plan(const PlanContext& context, Findings& findings) {
    std::map<const NamePattern*, config::NameMatcher> matchers;
    for (const Object* object : context.catalog.objects()) {
        const Convention convention = convention_for(context, *object);
        const NamePattern* pattern = convention.pattern();
        if (pattern == nullptr) continue;
        const Named names = named(context.catalog, *object, *pattern);
        if (!context.reports_on(names.last->named)) continue;
        if (matchers[pattern].matches(names.expression, object->name)) continue;
        if (!lint::chosen_name_place(context, *object)) continue;
        report(context, *object, convention, names, findings);
    }
}

} // namespace

constinit const Rule naming_convention{
    .id = "naming-convention",
    .category = Category::naming,
    .severity = Severity::warning,
    .summary = "A table, column, index or constraint is not named as a team has agreed.",
    .why =
        R"(A name that breaks the pattern of all others stays: deployed code uses it from the first day
on, and renaming it later breaks that code. Scripts that find tables, indexes and constraints by how they
are named pass it over.

Where `table`, `column`, `index` or `constraint` stand under `[naming]` in ordain.toml, they are regular
expressions that have to match the whole name, as the server stores it; for constraints of one kind
`primary_key`, `foreign_key`, `unique` and `check` take the place of `constraint`. In the pattern of a column,
an index or a constraint `{table}` stands for the name of its table, and `{columns}` for those of the columns it
is over, joined by underscores; an index that carries a constraint is judged as that.

Reported once all migrations have run, where the name was written: one that a later migration puts right
is not. Names that the server generates, or takes over from a parent or with LIKE, nobody chose: they are
not judged, nor are those of temporary tables.)",
    .fix =
        R"(Choose another name before the migration has run anywhere. Where a table was renamed, rename
what was named after it: `ALTER INDEX`, `ALTER TABLE ... RENAME CONSTRAINT`.)",
    .elsewhere =
        R"(atlas NM101 to NM106, pgsafe naming-convention, pgrubic NM001 to NM009, bytebase naming.*)",
    .bad = R"(-- ordain.toml: [naming]
-- ordain.toml: index = 'idx_{table}_.+'
CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz NOT NULL);
CREATE INDEX by_date ON orders (placed_at);)",
    .good = R"(-- ordain.toml: [naming]
-- ordain.toml: index = 'idx_{table}_.+'
CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz NOT NULL);
CREATE INDEX idx_orders_placed_at ON orders (placed_at);)",
    .on_by_default = false,
    .enabled_for = is_looked_at,
    .enabled_where = "where `[naming]` has a pattern for them",
    .check_plan = check_plan,
};

} // namespace ordain::rules
