#include "config/severities.hpp"

#include <algorithm>
#include <fnmatch.h>
#include <string>
#include <vector>

namespace ordain::config {
namespace {

const std::optional<Severity>* find(const Severities& severities, const RuleNames& names) {
    const auto named = severities.find(names.rule);
    if (named != severities.end()) return &named->second;
    const auto category = severities.find(names.category);
    const bool speaks =
        category != severities.end() && (names.on_by_default || !category->second.has_value());
    return speaks ? &category->second : nullptr;
}

/// As the settings file's folder sees it.
std::string relative_path(const Settings& settings, std::string_view path) {
    namespace fs = std::filesystem;
    if (settings.folder.empty()) return std::string(path);
    std::error_code error;
    const fs::path absolute = fs::absolute(fs::path(path), error).lexically_normal();
    return absolute.lexically_relative(settings.folder).generic_string();
}

bool covers(const SeverityLayer& layer, const Settings& settings, std::string_view path) {
    if (layer.files.empty()) return true;
    if (path.empty()) return false;
    const std::string relative = relative_path(settings, path);
    return std::ranges::any_of(
        layer.files, [&](const std::string& pattern) { return matches(pattern, relative); });
}

} // namespace

bool matches(std::string_view pattern, std::string_view text) {
    return ::fnmatch(std::string(pattern).c_str(), std::string(text).c_str(), 0) == 0;
}

std::optional<ChosenSeverity>
chosen_severity(const Settings& settings, const RuleNames& names, std::string_view path) {
    const std::vector<SeverityLayer>& layers = settings.severities;
    const auto last = std::find_if(layers.rbegin(), layers.rend(), [&](const SeverityLayer& layer) {
        return find(layer.rules, names) != nullptr && covers(layer, settings, path);
    });
    if (last == layers.rend()) return std::nullopt;
    return ChosenSeverity{.severity = *find(last->rules, names)};
}

bool may_be_on(const Settings& settings, const RuleNames& names) {
    bool on = names.on_by_default;
    for (const SeverityLayer& layer : settings.severities) {
        const std::optional<Severity>* severity = find(layer.rules, names);
        if (severity == nullptr) continue;
        // What is off for some files only stays on for others.
        on = severity->has_value() || (on && !layer.files.empty());
    }
    return on;
}

} // namespace ordain::config
