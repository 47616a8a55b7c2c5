#include "catalog/builtin.hpp"
#include "replay/actions.hpp"
#include "replay/relations.hpp"
#include "text/letter_case.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/core.h>
#include <optional>

namespace ordain::replay {
namespace {

std::string joined(const std::vector<Identifier>& values) {
    std::string text;
    for (const Identifier& value : values) {
        if (!text.empty()) text += ", ";
        text += value.text;
    }
    return text;
}

void set_path(Step& step, const SetVariable& set) {
    std::vector<std::string> schemas;
    for (const Identifier& value : set.values) {
        if (!value.text.empty()) schemas.push_back(value.text);
    }
    step.session().path.set(set.reset ? step.database().search_path : std::move(schemas));
}

bool may_be_set(Step& step, const Identifier& name) {
    const catalog::BuiltinSetting* setting = catalog::find_setting(name.text);
    if (setting == nullptr) {
        if (name.text.find('.') != std::string::npos) return true;
        return step.refuse("42704",
                           fmt::format("unrecognized configuration parameter \"{}\"", name.text),
                           name.span);
    }
    switch (setting->context) {
    case catalog::SettingContext::internal:
        return step.refuse("55P02", fmt::format("parameter \"{}\" cannot be changed", name.text),
                           name.span);
    case catalog::SettingContext::postmaster:
        return step.refuse(
            "55P02",
            fmt::format("parameter \"{}\" cannot be changed without restarting the server",
                        name.text),
            name.span);
    case catalog::SettingContext::sighup:
        return step.refuse(
            "55P02", fmt::format("parameter \"{}\" cannot be changed now", name.text), name.span);
    case catalog::SettingContext::superuser_backend:
    case catalog::SettingContext::backend:
        return step.refuse(
            "55P02",
            fmt::format("parameter \"{}\" cannot be set after connection start", name.text),
            name.span);
    case catalog::SettingContext::superuser:
    case catalog::SettingContext::user: return true;
    }
    return true;
}

/// A unit in the smallest of its sort: microseconds or bytes (guc.c memory_unit_conversion_table).
struct Unit {
    std::string_view name;
    bool time;
    double size;
};
constexpr auto units = std::to_array<Unit>({{"us", true, 1},
                                            {"ms", true, 1e3},
                                            {"s", true, 1e6},
                                            {"min", true, 6e7},
                                            {"h", true, 3.6e9},
                                            {"d", true, 8.64e10},
                                            {"B", false, 1},
                                            {"kB", false, 1024},
                                            {"8kB", false, 8192},
                                            {"MB", false, 1048576},
                                            {"GB", false, 1073741824},
                                            {"TB", false, 1099511627776}});
const Unit* find_unit(std::string_view name) {
    const auto* const found = std::ranges::find(units, name, &Unit::name);
    return found == units.end() ? nullptr : &*found;
}

/// A number with a unit in that of the setting; none when it is no such thing.
std::optional<double> number_of(const catalog::BuiltinSetting& setting, std::string_view text) {
    const std::size_t start = std::min(text.find_first_not_of(" \t\n"), text.size());
    text.remove_prefix(start);
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, fault] = std::from_chars(text.data(), end, number);
    if (fault != std::errc()) return std::nullopt;
    std::string_view unit(rest, static_cast<std::size_t>(end - rest));
    unit.remove_prefix(std::min(unit.find_first_not_of(" \t\n"), unit.size()));
    unit = unit.substr(0, unit.find_last_not_of(" \t\n") + 1);
    if (unit.empty()) return number;
    const Unit* own = find_unit(setting.unit);
    const Unit* written = find_unit(unit);
    const bool fits =
        own != nullptr && written != nullptr && own->time == written->time && unit != "8kB";
    if (!fits) return std::nullopt;
    return number * written->size / own->size;
}

double limit_of(std::string_view text, double otherwise) {
    double number = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

bool number_fits(Step& step, const catalog::BuiltinSetting& setting, const Identifier& value) {
    const bool whole = setting.type == catalog::SettingType::integer;
    std::optional<double> number = number_of(setting, value.text);
    constexpr double most = 2147483647;
    if (number && whole) number = std::nearbyint(*number);
    if (!number || (whole && (*number > most || *number < -most - 1))) {
        return step.refuse(
            "22023",
            fmt::format(R"(invalid value for parameter "{}": "{}")", setting.name, value.text),
            value.span);
    }
    const bool within = *number >= limit_of(setting.minimum, *number) &&
                        *number <= limit_of(setting.maximum, *number);
    if (within) return true;
    const std::string unit = setting.unit.empty() ? "" : fmt::format(" {}", setting.unit);
    return step.refuse("22023",
                       fmt::format("{:g}{} is outside the valid range for parameter \"{}\" ({} .. "
                                   "{})",
                                   *number, unit, setting.name, setting.minimum, setting.maximum),
                       value.span);
}

/// Spellings that servers take and do not list.
bool is_hidden_word(std::string_view word) {
    return parse_boolean(word).has_value() || word == "debug" || word == "info";
}

bool value_fits(Step& step, const catalog::BuiltinSetting& setting, const Identifier& value) {
    switch (setting.type) {
    case catalog::SettingType::boolean:
        return parse_boolean(value.text).has_value() ||
               step.refuse("22023",
                           fmt::format("parameter \"{}\" requires a Boolean value", setting.name),
                           value.span);
    case catalog::SettingType::integer:
    case catalog::SettingType::real: return number_fits(step, setting, value);
    case catalog::SettingType::enumeration: {
        const std::string word = text::lower_case(value.text);
        const bool known = std::ranges::any_of(setting.enum_values, [&](std::string_view each) {
            return text::lower_case(each) == word;
        });
        return known || is_hidden_word(word) ||
               step.refuse("22023",
                           fmt::format(R"(invalid value for parameter "{}": "{}")", setting.name,
                                       value.text),
                           value.span);
    }
    case catalog::SettingType::string: break;
    }
    return true;
}

} // namespace

std::optional<bool> parse_boolean(std::string_view value) {
    const std::string word = text::lower_case(value);
    const auto begins = [&](std::string_view whole) {
        return !word.empty() && whole.starts_with(word);
    };
    if (word == "on" || word == "1" || begins("true") || begins("yes")) return true;
    const bool off = word == "of" || word == "off" || word == "0";
    if (off || begins("false") || begins("no")) return false;
    return std::nullopt;
}

std::chrono::milliseconds Session::lock_timeout() const {
    const auto found = settings.find("lock_timeout");
    const catalog::BuiltinSetting* setting = catalog::find_setting("lock_timeout");
    if (found == settings.end() || setting == nullptr) return {};
    return std::chrono::milliseconds(std::llround(number_of(*setting, found->second).value_or(0)));
}

bool Session::checks_function_bodies() const {
    const auto found = settings.find("check_function_bodies");
    return found == settings.end() || parse_boolean(found->second).value_or(true);
}

bool setting_fits(Step& step, const Identifier& name, const std::vector<Identifier>& values) {
    if (!may_be_set(step, name)) return false;
    const catalog::BuiltinSetting* setting = catalog::find_setting(name.text);
    const bool newer = step.database().postgres > grammar_postgres;
    return setting == nullptr || values.size() != 1 || newer ||
           value_fits(step, *setting, values.front());
}

void apply(Step& step, const SetVariable& set) {
    if (set.transaction_mode) {
        const bool isolation = set.name.text == "transaction_isolation";
        if (isolation && step.in_transaction_block() && step.queried()) {
            step.refuse("25001", "SET TRANSACTION ISOLATION LEVEL must be called before any query",
                        {});
        }
        return;
    }
    if (set.name.text == "all") {
        step.session().settings.clear();
        return set_path(step, set);
    }
    if (set.name.text == "role" || set.name.text == "session_authorization") {
        if (!set.reset && !set.values.empty()) {
            step.database().assumed.insert(fmt::format("role \"{}\"", set.values.front().text));
        }
        return;
    }
    const bool fits =
        set.reset ? may_be_set(step, set.name) : setting_fits(step, set.name, set.values);
    if (!fits) return;
    const bool local = set.scope == SetVariable::Scope::local;
    if (local && !step.in_transaction_block()) return; // WARNING: it has no effect.
    if (local) step.session().remember_outer();
    if (set.name.text == "search_path") return set_path(step, set);
    if (set.reset) {
        step.session().settings.erase(set.name.text);
    } else {
        step.session().settings[set.name.text] = joined(set.values);
    }
}

} // namespace ordain::replay
