#include "catalog/builtin.hpp"
#include "replay/actions.hpp"

#include <fmt/core.h>

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
    step.session().path.set(set.reset ? catalog::SearchPath().schemas : std::move(schemas));
}

bool may_be_set(Step& step, const SetVariable& set) {
    const catalog::BuiltinSetting* setting = catalog::find_setting(set.name.text);
    if (setting == nullptr) {
        if (set.name.text.find('.') != std::string::npos) return true;
        return step.refuse(
            "42704", fmt::format("unrecognized configuration parameter \"{}\"", set.name.text),
            set.name.span);
    }
    switch (setting->context) {
    case catalog::SettingContext::internal:
        return step.refuse("55P02",
                           fmt::format("parameter \"{}\" cannot be changed", set.name.text),
                           set.name.span);
    case catalog::SettingContext::postmaster:
        return step.refuse(
            "55P02",
            fmt::format("parameter \"{}\" cannot be changed without restarting the server",
                        set.name.text),
            set.name.span);
    case catalog::SettingContext::sighup:
        return step.refuse("55P02",
                           fmt::format("parameter \"{}\" cannot be changed now", set.name.text),
                           set.name.span);
    case catalog::SettingContext::superuser_backend:
    case catalog::SettingContext::backend:
        return step.refuse(
            "55P02",
            fmt::format("parameter \"{}\" cannot be set after connection start", set.name.text),
            set.name.span);
    case catalog::SettingContext::superuser:
    case catalog::SettingContext::user: return true;
    }
    return true;
}

} // namespace

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
    if (!may_be_set(step, set)) return;
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
