#include "config/settings_template.hpp"

#include "config/settings_keys.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::config {
namespace {

constexpr std::size_t line_width = 100;

/// Comment lines of at most line_width characters.
std::string comment(std::string_view text) {
    std::string lines;
    std::string line = "#";
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        if (line.size() + 1 + word.size() > line_width) {
            lines += line + "\n";
            line = "#";
        }
        line += fmt::format(" {}", word);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines + line + "\n";
}

const InitialSetting* find(std::span<const InitialSetting> settings, const SettingKey& key) {
    const auto found = std::ranges::find_if(settings, [&](const InitialSetting& setting) {
        return setting.table == key.table && setting.name == key.name;
    });
    return found == settings.end() ? nullptr : &*found;
}

std::string key_lines(const SettingKey& key, const InitialSetting* setting) {
    if (setting != nullptr) {
        return comment(fmt::format("{} Found: {}.", key.description, setting->why)) +
               fmt::format("{} = {}\n", key.name, setting->value);
    }
    return comment(key.description) + fmt::format("# {} = {}\n", key.name, key.example);
}

/// A table of which nothing is set stays a comment with its header, so that it can be used whole.
std::string table_lines(const SettingTable& table, std::span<const InitialSetting> settings) {
    std::string keys;
    bool set = false;
    for (const SettingKey& key : setting_keys()) {
        if (key.table != table.name) continue;
        if (key.name.empty()) {
            keys += fmt::format("# {}\n", key.example);
            continue;
        }
        const InitialSetting* setting = find(settings, key);
        set = set || setting != nullptr;
        keys += key_lines(key, setting);
    }
    const std::string header =
        fmt::format(fmt::runtime(table.several ? "[[{}]]" : "[{}]"), table.name);
    return fmt::format("\n{}{}{}\n{}", comment(table.description), set ? "" : "# ", header, keys);
}

} // namespace

std::string settings_template(std::span<const InitialSetting> settings) {
    std::string text = "# Settings of Ordain. `ordain config` shows which hold, and from where.\n";
    for (const SettingKey& key : setting_keys()) {
        if (key.table.empty()) text += "\n" + key_lines(key, find(settings, key));
    }
    for (const SettingTable& table : setting_tables())
        text += table_lines(table, settings);
    return text;
}

} // namespace ordain::config
