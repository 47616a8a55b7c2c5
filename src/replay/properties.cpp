#include "catalog/builtin.hpp"
#include "replay/actions.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

namespace type_oid = catalog::type_oid;

/// Parameters of reloptions.c whose change locks out readers; the others take SHARE UPDATE
/// EXCLUSIVE (AlterTableGetRelOptionsLockLevel).
constexpr std::array<std::string_view, 9> exclusive_parameters = {
    "autosummarize",          "buffering",       "check_option",     "fastupdate",
    "gin_pending_list_limit", "pages_per_range", "security_barrier", "security_invoker",
    "user_catalog_table"};

LockMode lock_of(const SetProperty& set) {
    if (set.what == "set storage parameter" || set.what == "reset storage parameter") {
        const bool exclusive = std::ranges::any_of(set.options, [](const Option& option) {
            return std::ranges::count(exclusive_parameters, option.name.text) > 0;
        });
        return exclusive ? LockMode::access_exclusive : LockMode::share_update_exclusive;
    }
    const bool light = set.what == "set statistics" || set.what == "set attribute option" ||
                       set.what == "reset attribute option" || set.what == "cluster on" ||
                       set.what == "set without cluster";
    return light ? LockMode::share_update_exclusive : LockMode::access_exclusive;
}

/// pg_type.typstorage in the words of SET STORAGE; of types with a fixed length only PLAIN is one.
std::string_view storage_of(TypeRef type) {
    const auto oid = static_cast<catalog::Oid>(type.type);
    const bool main = oid == type_oid::numeric || oid == type_oid::inet || oid == type_oid::cidr;
    return main && !type.array ? "main" : "extended";
}

/// A property with its value, empty where it is what the object has before anything sets it.
struct Setting {
    std::string name;
    std::string value;
};

std::string unless(std::string_view usual, const std::string& value) {
    return value == usual ? std::string() : value;
}

std::vector<Setting> settings_of(const SetProperty& set, TypeRef type) {
    if (set.options.empty())
        return {{.name = set.what == "set without cluster" ? "cluster"
                         : set.what == "not of"            ? "type"
                                                           : set.what,
                 .value = {}}};
    const Option& first = set.options.front();
    if (set.what == "cluster on") return {{.name = "cluster", .value = first.value}};
    if (set.what == "replica identity") {
        const bool index = first.name.text == "index";
        return {{.name = "replica_identity",
                 .value = index ? "index " + first.value : unless("default", first.value)}};
    }
    if (set.what == "set statistics")
        return {{.name = "statistics", .value = unless("-1", first.value)}};
    if (set.what == "set storage")
        return {{.name = "storage", .value = unless(storage_of(type), first.value)}};
    if (set.what == "set compression")
        return {{.name = "compression", .value = unless("default", first.value)}};
    if (set.what == "set access method")
        return {{.name = "access_method", .value = unless("heap", first.value)}};
    if (set.what == "set tablespace")
        return {{.name = "tablespace", .value = unless("pg_default", first.value)}};
    std::vector<Setting> settings;
    const bool reset = set.what.starts_with("reset");
    for (const Option& option : set.options)
        settings.push_back({.name = option.name.text, .value = reset ? "" : option.value});
    return settings;
}

/// False when nothing changes.
bool change(std::vector<std::string>& lines, const std::vector<Setting>& settings) {
    const std::vector<std::string> before = lines;
    for (const Setting& setting : settings) {
        const std::string key = setting.name + "=";
        std::erase_if(lines, [&](const std::string& line) { return line.starts_with(key); });
        if (!setting.value.empty()) lines.push_back(key + setting.value);
    }
    std::ranges::sort(lines);
    return lines != before;
}

/// The index of REPLICA IDENTITY USING INDEX and of CLUSTER ON (ATExecReplicaIdentity,
/// check_index_is_clusterable).
bool identity_index_fits(Step& step, const Object& relation, const SetProperty& set) {
    const bool identity = set.what == "replica identity";
    if ((!identity && set.what != "cluster on") || set.options.empty()) return true;
    const Option& option = set.options.front();
    if (identity && option.name.text != "index") return true;
    const catalog::Lookup lookup =
        step.resolver().in_container(NameSpace::relation, relation.schema, option.value);
    const auto refuse = [&](std::string_view sqlstate, std::string message) {
        return step.refuse(sqlstate, std::move(message), option.span);
    };
    if (lookup.absent()) {
        return refuse("42704", fmt::format(R"(index "{}" for table "{}" does not exist)",
                                           option.value, relation.name));
    }
    const auto* index = lookup.object == nullptr ? nullptr : lookup.object->get_if<IndexDetails>();
    if (index == nullptr || lookup.object->parent != relation.id || !identity) return true;
    if (!index->unique) {
        return refuse("42809", fmt::format("cannot use non-unique index \"{}\" as replica identity",
                                           option.value));
    }
    if (!index->predicate.empty()) {
        return refuse("0A000", fmt::format("cannot use partial index \"{}\" as replica identity",
                                           option.value));
    }
    for (const IndexDetails::Element& element : index->elements) {
        const Object* column = step.catalog().find(element.column);
        if (column == nullptr || column->as<ColumnDetails>().not_null) continue;
        return refuse("42809",
                      fmt::format("index \"{}\" cannot be used as replica identity because column "
                                  "\"{}\" is nullable",
                                  option.value, column->name));
    }
    return true;
}

void set_of_column(Step& step, const Object& relation, const SetProperty& set) {
    const Object* column = altered_column(step, relation, set.column);
    if (column == nullptr) return;
    Object changed = step.change(column->id);
    auto& details = changed.as<ColumnDetails>();
    if (change(details.properties, settings_of(set, details.type))) step.put(std::move(changed));
}

} // namespace

void apply(Step& step, const SetProperty& set) {
    const Object* relation = step.relation(set.relation, lock_of(set));
    if (relation == nullptr) return;
    const ObjectId id = relation->id;
    step.target(id);
    if (!set.column.empty()) return set_of_column(step, *relation, set);
    const auto* indexed = relation->get_if<IndexDetails>();
    const bool known = relation->unknown.empty() && set.what == "set storage parameter";
    if (known && !storage_parameters_fit(step, set.options, relation->kind,
                                         indexed == nullptr ? "" : indexed->method))
        return;
    if (!identity_index_fits(step, *relation, set)) return;
    Object changed = step.change(id);
    auto* const details = std::get_if<RelationDetails>(&changed.details);
    auto* const index = std::get_if<IndexDetails>(&changed.details);
    const bool kept = details != nullptr || index != nullptr;
    if (!kept ||
        !change(details != nullptr ? details->options : index->options, settings_of(set, {})))
        return;
    if (set.what == "set access method")
        step.work(Work::Kind::rewrite, id, "SET ACCESS METHOD copies the table");
    if (set.what == "set tablespace")
        step.work(Work::Kind::rewrite, id, "SET TABLESPACE copies the table");
    step.put(std::move(changed));
}

} // namespace ordain::replay
