#include "catalog/resolve.hpp"
#include "lint/history.hpp"
#include "lint/written.hpp"
#include "proof/difference.hpp"
#include "rules/rules.hpp"
#include "text/identifier_list.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>

namespace ordain::rules {
namespace {

constexpr std::string_view setting = "set=search_path=";
/// SET search_path FROM CURRENT where the path of that moment is not known.
constexpr std::string_view from_current = "from current";

/// The function's own search_path, as it was set.
std::optional<std::string_view> own_path(const FunctionDetails& function) {
    for (const std::string_view option : function.options) {
        if (option.starts_with(setting)) return option.substr(setting.size());
    }
    return std::nullopt;
}

/// Who calls it can put something before what it names. pg_temp is searched first for tables and
/// types unless the path names it (manual, 20.11.1); where the path shows no other schema than
/// pg_catalog, the function names its own with their schemas.
bool is_exposed(const Object& object) {
    const auto* function = object.get_if<FunctionDetails>();
    // What stands between BEGIN ATOMIC and END was looked up when the function was made.
    if (function == nullptr || !function->security_definer || !function->atomic_body.empty())
        return false;
    const std::optional<std::string_view> written = own_path(*function);
    if (!written) return true;
    if (*written == from_current) return false;
    const std::vector<std::string> path = text::split_identifiers(*written);
    const auto temporary = std::ranges::find(path, "pg_temp");
    if (temporary != path.end()) return temporary + 1 != path.end();
    return std::ranges::any_of(path, [](const std::string& name) { return name != "pg_catalog"; });
}

std::string consequence(const FunctionDetails& function) {
    const std::optional<std::string_view> path = own_path(function);
    if (!path) {
        return "looks names up along its caller's search_path: who may call it can put objects of "
               "its own before those that are meant";
    }
    const bool named = std::ranges::count(text::split_identifiers(*path), "pg_temp") > 0;
    return fmt::format("{}: who may call it can put a temporary table before one that is meant",
                       named ? "searches pg_temp before other schemas"
                             : "searches pg_temp first, since its search_path does not name it");
}

/// The path that it has with pg_temp at its end, or else the function's own schema.
std::string safe_path(const PlanContext& context, const Object& object) {
    const std::optional<std::string_view> path = own_path(object.as<FunctionDetails>());
    std::vector<std::string> schemas =
        path ? text::split_identifiers(*path) : std::vector<std::string>{};
    std::erase(schemas, "pg_temp");
    const Object* home = context.catalog.find(object.schema);
    if (schemas.empty() && home != nullptr) schemas.push_back(home->name);
    for (std::string& schema : schemas)
        schema = catalog::quote_identifier(schema);
    schemas.emplace_back("pg_temp");
    return fmt::format("{}", fmt::join(schemas, ", "));
}

std::string advice(const PlanContext& context, const Object& object) {
    const ObjectReference named = proof::reference_to(context.catalog, object);
    const bool plain = named.schema.empty() || named.schema == "public";
    return fmt::format("ALTER {} {}{}({}) SET search_path = {};",
                       object.kind == ObjectKind::procedure ? "PROCEDURE" : "FUNCTION",
                       plain ? std::string() : catalog::quote_identifier(named.schema) + ".",
                       catalog::quote_identifier(named.name), fmt::join(named.arguments, ", "),
                       safe_path(context, object));
}

void check_plan(const PlanContext& context, Findings& findings) {
    lint::History history(context.catalog);
    for (const Object* function : context.catalog.objects()) {
        if (!is_exposed(*function) || !context.is_certain(*function)) continue;
        const Origin origin = history.since(function->id, is_exposed);
        if (!context.reports_on(origin)) continue;
        Finding& finding = findings.add(lint::name_place(context, origin), origin.migration,
                                        fmt::format("\"{}\" runs with its owner's rights and {}",
                                                    context.display_name(function->id),
                                                    consequence(function->as<FunctionDetails>())));
        finding.instead = advice(context, *function);
    }
}

} // namespace

constinit const Rule security_definer_search_path{
    .id = "security-definer-search-path",
    .category = Category::security,
    .severity = Severity::warning,
    .summary = "A SECURITY DEFINER function looks names up where its caller decides.",
    .why =
        R"(A `SECURITY DEFINER` function has its owner's rights, and unless it sets one itself, its
caller's `search_path`: a caller who may make a table, function or operator in any schema, or a temporary
table, puts it before the one that the body names. The owner then reads from it, writes into it or runs
it, and where the owner is a superuser, that is the whole server. `pg_temp` is searched first for tables
and types unless the path names it, so that a path has to name it last (manual, CREATE FUNCTION, "Writing
SECURITY DEFINER Functions Safely").

What counts is the end: `ALTER FUNCTION ... SET search_path` may come later in the plan. `CREATE OR
REPLACE` without the clause takes it away again. One quoted string, `'app, pg_temp'`, is the name of one
schema. Not reported where the path shows nothing but `pg_catalog`, as `SET search_path = ''` does: all
other names then have their schema with them. Nor for bodies written as `BEGIN ATOMIC` or `RETURN`: their
names were looked up when the function was made.)",
    .fix =
        R"(Add `SET search_path = app, pg_temp` to the function, with schemas in which its callers may
make nothing.)",
    .elsewhere = R"(postgres-language-server functionSearchPathMutable, pgrubic ST003, ST004)",
    .bad = R"(CREATE FUNCTION purge() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
AS $$ BEGIN PERFORM 1; END $$;)",
    .good = R"(CREATE FUNCTION purge() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$ BEGIN PERFORM 1; END $$;)",
    .check_plan = check_plan,
};

} // namespace ordain::rules
