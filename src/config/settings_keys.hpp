#pragma once

#include <cstdint>
#include <ordain/preset.hpp>
#include <span>
#include <string_view>
#include <vector>

namespace ordain::config {

/// What a settings file may name beyond what this folder knows.
struct Vocabulary {
    std::vector<std::string_view> rules;
    std::vector<std::string_view> categories;
    std::vector<std::string_view> layouts;
    std::vector<std::string_view> platforms;
    std::vector<Preset> presets;
};

/// What may stand behind a key.
enum class ValueKind : std::uint8_t {
    text,
    texts,      ///< An array of strings.
    number,     ///< A whole number within bounds.
    choice,     ///< One of some words.
    severities, ///< A table of rules and categories with error, warning, note or off each.
    pattern,    ///< A regular expression of RE2.
    names,      ///< A table of names with another in the place of each.
};

/// A key of ordain.toml. The only list of them: the reader, the JSON Schema and `ordain config` go
/// by it.
struct SettingKey {
    std::string_view table; ///< Empty: the top of the file.
    std::string_view name;
    ValueKind kind{};
    std::string_view description;  ///< A sentence.
    std::string_view example = {}; ///< A value, as the file would say it.
    std::int64_t least = 0;        ///< Of number.
    std::int64_t most = 0;
    bool required = false; ///< Within its table.
};

/// A table of ordain.toml; `[[name]]` where it may come several times.
struct SettingTable {
    std::string_view name;
    bool several = false;
    std::string_view description;
};

[[nodiscard]] std::span<const SettingKey> setting_keys();
[[nodiscard]] std::span<const SettingTable> setting_tables();

/// The words that a choice is one of.
[[nodiscard]] std::vector<std::string_view> choices_of(const SettingKey& key,
                                                       const Vocabulary& vocabulary);

/// "error", "warning", "note" and "off".
[[nodiscard]] std::vector<std::string_view> severity_words();

} // namespace ordain::config
