#include "replay/relations.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

enum class Value { boolean, integer, real, other };

/// A parameter of reloptions.c and where it may stand: t table, o TOAST, m nothing more; i and the
/// access method's initial for indexes; v view.
struct Parameter {
    std::string_view name;
    std::string_view places;
    Value value;
    std::int64_t minimum = 0;
    std::int64_t maximum = 0;
};

constexpr auto parameters = std::to_array<Parameter>({
    {"fillfactor", "tBHG", Value::integer, 10, 100},
    {"fillfactor", "S", Value::integer, 10, 100},
    {"deduplicate_items", "B", Value::boolean},
    {"buffering", "G", Value::other},
    {"fastupdate", "N", Value::boolean},
    {"gin_pending_list_limit", "N", Value::integer, 64, INT32_MAX},
    {"pages_per_range", "R", Value::integer, 1, 131072},
    {"autosummarize", "R", Value::boolean},
    {"security_barrier", "v", Value::boolean},
    {"security_invoker", "v", Value::boolean},
    {"check_option", "v", Value::other},
    {"parallel_workers", "t", Value::integer, 0, 1024},
    {"toast_tuple_target", "t", Value::integer, 128, 8160},
    {"user_catalog_table", "t", Value::boolean},
    {"vacuum_truncate", "to", Value::boolean},
    {"vacuum_index_cleanup", "to", Value::other},
    {"autovacuum_enabled", "to", Value::boolean},
    {"autovacuum_vacuum_threshold", "to", Value::integer, 0, INT32_MAX},
    {"autovacuum_vacuum_insert_threshold", "to", Value::integer, -1, INT32_MAX},
    {"autovacuum_analyze_threshold", "t", Value::integer, 0, INT32_MAX},
    {"autovacuum_vacuum_cost_limit", "to", Value::integer, 1, 10000},
    {"autovacuum_vacuum_cost_delay", "to", Value::real, 0, 100},
    {"autovacuum_freeze_min_age", "to", Value::integer, 0, 1000000000},
    {"autovacuum_freeze_max_age", "to", Value::integer, 100000, 2000000000},
    {"autovacuum_freeze_table_age", "to", Value::integer, 0, 2000000000},
    {"autovacuum_multixact_freeze_min_age", "to", Value::integer, 0, 1000000000},
    {"autovacuum_multixact_freeze_max_age", "to", Value::integer, 10000, 2000000000},
    {"autovacuum_multixact_freeze_table_age", "to", Value::integer, 0, 2000000000},
    {"log_autovacuum_min_duration", "to", Value::integer, -1, INT32_MAX},
    {"autovacuum_vacuum_scale_factor", "to", Value::real, 0, 100},
    {"autovacuum_vacuum_insert_scale_factor", "to", Value::real, 0, 100},
    {"autovacuum_analyze_scale_factor", "t", Value::real, 0, 100},
});

/// '\0' for what takes none; '?' for what is not known here.
char place_of(ObjectKind kind, std::string_view method) {
    if (kind == ObjectKind::partitioned_table) return '\0';
    if (kind == ObjectKind::view) return 'v';
    if (kind != ObjectKind::index) return 't';
    if (method == "btree") return 'B';
    if (method == "hash") return 'H';
    if (method == "gist") return 'G';
    if (method == "spgist") return 'S';
    if (method == "gin") return 'N';
    return method == "brin" ? 'R' : '?';
}

const Parameter* find_parameter(std::string_view name, char place) {
    const auto fits = [&](const Parameter& parameter) {
        return parameter.name == name && parameter.places.find(place) != std::string_view::npos;
    };
    const auto* const found = std::ranges::find_if(parameters, fits);
    return found == parameters.end() ? nullptr : &*found;
}

/// The server's message; empty when the value fits.
std::string fault_of(const Parameter& parameter, const std::string& value) {
    if (parameter.value == Value::other) return {};
    if (parameter.value == Value::boolean) {
        return parse_boolean(value).has_value()
                   ? std::string()
                   : fmt::format("invalid value for boolean option \"{}\": {}", parameter.name,
                                 value);
    }
    double number = 0;
    const char* const end = value.data() + value.size();
    const auto [rest, fault] = std::from_chars(value.data(), end, number);
    const bool whole = value.find_first_of(".eE") == std::string::npos;
    const bool integer = parameter.value == Value::integer;
    // Units are left to the server: "64MB".
    if (fault == std::errc() && rest != end) return {};
    if (fault != std::errc() || (integer && !whole)) {
        return fmt::format("invalid value for {} option \"{}\": {}",
                           integer ? "integer" : "floating point", parameter.name, value);
    }
    const bool within = number >= static_cast<double>(parameter.minimum) &&
                        number <= static_cast<double>(parameter.maximum);
    return within ? std::string()
                  : fmt::format("value {} out of bounds for option \"{}\"", value, parameter.name);
}

} // namespace

bool storage_parameters_fit(Step& step,
                            const std::vector<Option>& options,
                            ObjectKind kind,
                            std::string_view method) {
    constexpr std::string_view toast = "toast.";
    for (const Option& option : options) {
        std::string_view name = option.name.text;
        if (name == "oids" && kind == ObjectKind::table) continue;
        const bool of_toast = name.starts_with(toast);
        if (of_toast) name.remove_prefix(toast.size());
        const char place = of_toast ? 'o' : place_of(kind, method);
        if (place == '?' || step.database().postgres > grammar_postgres) continue;
        if (const std::size_t dot = name.find('.'); dot != std::string_view::npos) {
            return step.refuse(
                "22023",
                fmt::format("unrecognized parameter namespace \"{}\"", name.substr(0, dot)),
                option.span);
        }
        const Parameter* parameter = find_parameter(name, place);
        if (parameter == nullptr) {
            return step.refuse("22023", fmt::format("unrecognized parameter \"{}\"", name),
                               option.span);
        }
        std::string fault = fault_of(*parameter, option.value);
        if (!fault.empty()) return step.refuse("22023", std::move(fault), option.span);
    }
    return true;
}

} // namespace ordain::replay
