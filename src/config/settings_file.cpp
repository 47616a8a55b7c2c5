#include "config/settings_file.hpp"

#include "config/name_pattern.hpp"
#include "config/suggestion.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iterator>
#include <system_error>
#include <toml++/toml.h>
#include <utility>
#include <vector>

namespace ordain::config {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_bytes = std::size_t{1024} * 1024;
/// The library follows dotted keys by recursion.
constexpr std::ptrdiff_t max_dots = 32;

/// How far settings files may extend each other; who does in a circle hits it.
constexpr std::size_t max_extended = 8;

/// As users see it: relative to the current folder when below it.
std::string shown(const fs::path& path) {
    std::error_code error;
    const fs::path relative =
        fs::absolute(path, error).lexically_normal().lexically_relative(fs::current_path(error));
    const bool below = !relative.empty() && *relative.begin() != "..";
    return (below ? relative : path).generic_string();
}

Result<std::string> bytes_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(stream), {});
    if (!stream.is_open() || stream.bad()) {
        return failure(fmt::format("{} cannot be read; check that it is a file and its permissions",
                                   shown(path)));
    }
    if (text.size() > max_bytes) {
        return failure(
            fmt::format("{} is larger than 1 MiB, which no settings file is", shown(path)));
    }
    return text;
}

/// Keys are what stands before the first `=` of a line, or all of a header.
bool has_too_deep_keys(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        const std::string_view key = line.substr(0, line.find('='));
        if (std::ranges::count(key, '.') > max_dots) return true;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return false;
}

std::string_view kind_in_words(ValueKind kind) {
    switch (kind) {
    case ValueKind::text:
    case ValueKind::choice: return "a string in quotes";
    case ValueKind::texts: return "an array of strings";
    case ValueKind::number: return "a whole number";
    case ValueKind::severities: return "a table of rules with a severity each";
    case ValueKind::pattern: return "a regular expression in quotes";
    case ValueKind::names: return "a table of names with a string each";
    }
    return {};
}

bool is_table_of_strings(const toml::node& node) {
    const toml::table* table = node.as_table();
    return table != nullptr && std::all_of(table->begin(), table->end(), [](const auto& each) {
               return each.second.is_string();
           });
}

bool fits(ValueKind kind, const toml::node& node) {
    const toml::array* list = node.as_array();
    switch (kind) {
    case ValueKind::text:
    case ValueKind::choice:
    case ValueKind::pattern: return node.is_string();
    case ValueKind::texts:
        return list != nullptr && !list->empty() && list->is_homogeneous<std::string>();
    case ValueKind::number: return node.is_integer();
    case ValueKind::severities: return node.is_table();
    case ValueKind::names: return is_table_of_strings(node);
    }
    return false;
}

/// Reads one parsed file; faults are collected, and what is right is taken all the same.
class Reader {
public:
    Reader(std::string path, const Vocabulary& vocabulary, FileId file, const SourceFile& source)
        : path_(std::move(path)),
          vocabulary_(vocabulary),
          file_(file),
          source_(source) {}

    void read(const toml::table& root, Settings& settings, Origins& origins) {
        settings_ = &settings;
        origins_ = &origins;
        std::vector<std::string_view> names;
        // In our order and not the file's: overrides count more than what they override.
        for (const SettingTable& table : setting_tables()) {
            names.push_back(table.name);
            if (const toml::node* node = root.get(table.name)) read_table(table, *node);
        }
        for (const auto& [key, node] : root) {
            if (const SettingKey* known = find_key({}, key.str())) {
                check_value(*known, node);
            } else if (std::ranges::find(names, key.str()) == names.end()) {
                unknown(key, "table", names);
            }
        }
    }

    /// In the order of the file.
    [[nodiscard]] std::vector<std::string> faults() const {
        std::vector<std::string> lines;
        for (const auto& [place, message] : faults_)
            lines.push_back(fmt::format("{}:{}:{}: {}", path_, place.first, place.second, message));
        return lines;
    }

    void fault(toml::source_position place, std::string_view message) {
        faults_.emplace(std::pair(place.line, place.column), message);
    }

private:
    void read_table(const SettingTable& table, const toml::node& node) {
        const toml::source_position place = node.source().begin;
        if (!table.several) {
            const toml::table* content = node.as_table();
            if (content != nullptr) return read_once(table.name, *content);
            return fault(place, fmt::format("{0} should be a table: [{0}]", table.name));
        }
        const toml::array* list = node.as_array();
        if (list == nullptr || !list->is_homogeneous<toml::table>()) {
            return fault(place, fmt::format("{0} should be a list of tables: [[{0}]]", table.name));
        }
        for (const toml::node& each : *list)
            read_one_of_several(table.name, *each.as_table());
    }

    void read_once(std::string_view table, const toml::table& content) {
        if (table == "rules") {
            SeverityLayer layer{.files = {}, .rules = severities(content)};
            note_severities(content);
            settings_->severities.push_back(std::move(layer));
            return;
        }
        if (!check_keys(table, content)) return;
        if (table == "plan") return read_plan(content);
        if (table == "report") return read_report(content);
        if (table == "naming") return read_naming(content);
        read_postgres(content);
    }

    void read_postgres(const toml::table& content) {
        settings_->postgres = static_cast<std::uint32_t>(
            content["version"].value_or(std::int64_t{settings_->postgres}));
        note("postgres.version", content["version"].node());
        if (auto platform = content["platform"].value<std::string>())
            settings_->platform = std::move(platform);
        note("postgres.platform", content["platform"].node());
    }

    void read_plan(const toml::table& content) {
        const auto take = [&](std::string_view name) {
            std::optional<std::string> value = content[name].value<std::string>();
            if (value) note(fmt::format("plan.{}", name), content[name].node());
            return value;
        };
        if (auto root = take("root")) settings_->root = std::move(root);
        if (auto layout = take("layout")) settings_->layout = std::move(layout);
        if (auto dump = take("starts_from")) settings_->starts_from = std::move(dump);
        if (const auto history = take("history"))
            settings_->complete_history = *history == "complete";
        if (const auto wrapping = take("transaction"))
            settings_->wrapping = parse_wrapping(*wrapping);
        if (auto command = take("command")) settings_->command = std::move(command);
        read_texts(content, "search_path", settings_->search_path);
        note("plan.search_path", content["search_path"].node());
    }

    void read_report(const toml::table& content) {
        const toml::array* criteria = content["criteria"].as_array();
        if (criteria == nullptr) return;
        for (const toml::node& criterion : *criteria)
            settings_->manual_criteria.push_back(*criterion.value<std::string>());
        note("report.criteria", criteria);
    }

    void read_naming(const toml::table& content) {
        Naming& naming = settings_->naming;
        for (const PatternKey& key : pattern_keys()) {
            const toml::node* node = content.get(key.name);
            if (node == nullptr) continue;
            naming.*key.pattern =
                NamePattern{.text = *node->value<std::string>(), .where = line_of(*node)};
        }
        read_texts(content, "header", naming.header);
        read_texts(content, "schemas", naming.schemas);
        if (const toml::table* forbidden = content["forbidden_columns"].as_table()) {
            for (const auto& [name, instead] : *forbidden)
                naming.forbidden_columns[std::string(name.str())] = *instead.value<std::string>();
        }
        for (const auto& [key, node] : content)
            note(fmt::format("naming.{}", key.str()), &node);
    }

    static void
    read_texts(const toml::table& content, std::string_view key, std::vector<std::string>& texts) {
        const toml::array* list = content[key].as_array();
        if (list == nullptr) return;
        texts.clear();
        for (const toml::node& text : *list)
            texts.push_back(*text.value<std::string>());
    }

    void read_one_of_several(std::string_view table, const toml::table& content) {
        if (!check_keys(table, content)) return;
        const auto text = [&](std::string_view name, std::string_view otherwise) {
            return content[name].value_or(std::string(otherwise));
        };
        if (table == "allow") {
            settings_->acceptances.push_back({.rule = text("rule", ""),
                                              .migration = text("migration", "*"),
                                              .object = text("object", ""),
                                              .reason = text("reason", ""),
                                              .where = line_of(content)});
            return;
        }
        if (table == "assume") return read_assumption(content);
        SeverityLayer layer{.files = {}, .rules = severities(*content["rules"].as_table())};
        for (const toml::node& file : *content["files"].as_array())
            layer.files.push_back(*file.value<std::string>());
        settings_->severities.push_back(std::move(layer));
    }

    void read_assumption(const toml::table& content) {
        if (content.size() != 1) {
            return fault(content.source().begin,
                         "[[assume]] needs one of schema, table, sql and file");
        }
        settings_->assumptions.push_back({.schema = content["schema"].value<std::string>(),
                                          .table = content["table"].value<std::string>(),
                                          .sql = content["sql"].value<std::string>(),
                                          .file = content["file"].value<std::string>(),
                                          .where = line_of(content)});
    }

    /// Whether all keys of a table are known, right and there.
    bool check_keys(std::string_view table, const toml::table& content) {
        const std::size_t before = faults_.size();
        std::vector<std::string_view> names;
        for (const SettingKey& key : setting_keys()) {
            if (key.table == table) names.push_back(key.name);
        }
        for (const auto& [key, node] : content) {
            const SettingKey* known = find_key(table, key.str());
            if (known == nullptr) {
                unknown(key, "key", names);
            } else {
                check_value(*known, node);
            }
        }
        for (const SettingKey& key : setting_keys()) {
            if (key.table != table || !key.required || content.contains(key.name)) continue;
            fault(content.source().begin, fmt::format("[[{}]] needs {}", table, key.name));
        }
        return faults_.size() == before;
    }

    static const SettingKey* find_key(std::string_view table, std::string_view name) {
        const auto keys = setting_keys();
        const auto found = std::ranges::find_if(
            keys, [&](const SettingKey& key) { return key.table == table && key.name == name; });
        return found == keys.end() ? nullptr : &*found;
    }

    void check_value(const SettingKey& key, const toml::node& node) {
        if (!fits(key.kind, node)) {
            return fault(node.source().begin,
                         fmt::format("{} should be {}", key.name, kind_in_words(key.kind)));
        }
        if (key.kind == ValueKind::number) check_number(key, node);
        if (key.kind == ValueKind::choice) check_choice(key, node);
        if (key.kind == ValueKind::pattern) check_pattern(key, node);
    }

    void check_number(const SettingKey& key, const toml::node& node) {
        const std::int64_t value = *node.value<std::int64_t>();
        if (value >= key.least && value <= key.most) return;
        fault(node.source().begin, fmt::format("{} should be a whole number from {} to {}",
                                               key.name, key.least, key.most));
    }

    void check_choice(const SettingKey& key, const toml::node& node) {
        const std::string value = *node.value<std::string>();
        const std::vector<std::string_view> choices = choices_of(key, vocabulary_);
        if (std::ranges::find(choices, value) != choices.end()) return;
        fault(node.source().begin,
              fmt::format("\"{}\" should be one of {}{}", value, fmt::join(choices, ", "),
                          suggestion(value, choices)));
    }

    void check_pattern(const SettingKey& key, const toml::node& node) {
        const auto wrong = fault_of_pattern(*node.value<std::string>());
        if (!wrong) return;
        fault(node.source().begin,
              fmt::format("{} is not a regular expression that RE2 reads: {}", key.name, *wrong));
    }

    Severities severities(const toml::table& content) {
        Severities read;
        const std::vector<std::string_view> words = severity_words();
        for (const auto& [key, node] : content) {
            if (!is_rule_or_category(key.str())) {
                std::vector<std::string_view> names = vocabulary_.rules;
                names.insert(names.end(), vocabulary_.categories.begin(),
                             vocabulary_.categories.end());
                unknown(key, "rule or category", names);
                continue;
            }
            const std::string word = node.value_or(std::string());
            if (std::ranges::find(words, word) == words.end()) {
                fault(node.source().begin,
                      fmt::format("{} should be one of {}", key.str(), fmt::join(words, ", ")));
                continue;
            }
            read.emplace(key.str(), parse_severity(word));
        }
        return read;
    }

    [[nodiscard]] bool is_rule_or_category(std::string_view name) const {
        const auto among = [name](const std::vector<std::string_view>& names) {
            return std::ranges::find(names, name) != names.end();
        };
        return among(vocabulary_.rules) || among(vocabulary_.categories);
    }

    void unknown(const toml::key& key,
                 std::string_view what,
                 const std::vector<std::string_view>& candidates) {
        fault(key.source().begin, fmt::format("there is no {} \"{}\"{}", what, key.str(),
                                              suggestion(key.str(), candidates)));
    }

    void note_severities(const toml::table& content) {
        for (const auto& [key, node] : content)
            note(fmt::format("rules.{}", key.str()), &node);
    }

    void note(const std::string& key, const toml::node* node) {
        if (node == nullptr) return;
        (*origins_)[key] = fmt::format("{}:{}", path_, node->source().begin.line);
    }

    /// The line of a value, or of a table's header.
    [[nodiscard]] Location line_of(const toml::node& node) const {
        return {.file = file_, .span = source_.line_span(node.source().begin.line)};
    }

    std::string path_;
    const Vocabulary& vocabulary_;
    FileId file_;
    const SourceFile& source_;
    Settings* settings_ = nullptr;
    Origins* origins_ = nullptr;
    std::multimap<std::pair<std::uint32_t, std::uint32_t>, std::string> faults_;
};

/// Reads a settings file after those that it extends.
class Loader {
public:
    Loader(const Vocabulary& vocabulary, SourceSet& sources, Settings& settings, Origins& origins)
        : vocabulary_(vocabulary),
          sources_(sources),
          settings_(settings),
          origins_(origins) {}

    Result<void> load_file(const fs::path& path, std::size_t depth) {
        Result<std::string> bytes = bytes_of(path);
        if (!bytes) return tl::unexpected(bytes.error());
        return load(shown(path), *std::move(bytes), path.parent_path(), depth);
    }

    [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

private:
    Result<void>
    load(std::string name, std::string bytes, const fs::path& folder, std::size_t depth) {
        if (has_too_deep_keys(bytes))
            return failure(fmt::format("{}: a key has more than {} dots", name, max_dots));
        const FileId file = sources_.add(name, std::move(bytes), Client::driver);
        const SourceFile& source = sources_.file(file);
        Reader reader(std::move(name), vocabulary_, file, source);
        Result<void> extended;
        // The library reports faults by throwing; here they end.
        try {
            const toml::table root = toml::parse(source.bytes());
            extended = extend(root, reader, folder, depth);
            reader.read(root, settings_, origins_);
        } catch (const toml::parse_error& error) {
            reader.fault(error.source().begin, error.description());
        }
        std::ranges::move(reader.faults(), std::back_inserter(faults_));
        return extended;
    }

    Result<void>
    extend(const toml::table& root, Reader& reader, const fs::path& folder, std::size_t depth) {
        const toml::array* bases = root["extends"].as_array();
        if (bases == nullptr) return {};
        for (const toml::node& node : *bases) {
            const std::optional<std::string> base = node.value<std::string>();
            if (!base) continue; // The reader says so.
            Result<void> loaded = extend_one(*base, node.source().begin, reader, folder, depth + 1);
            if (!loaded) return loaded;
        }
        return {};
    }

    Result<void> extend_one(const std::string& base,
                            toml::source_position place,
                            Reader& reader,
                            const fs::path& folder,
                            std::size_t depth) {
        if (depth > max_extended) {
            reader.fault(place, fmt::format("settings extend each other more than {} times; do "
                                            "they in a circle?",
                                            max_extended));
            return {};
        }
        if (base.ends_with(".toml")) return load_file(folder / base, depth);
        const auto preset = std::ranges::find(vocabulary_.presets, base, &Preset::name);
        if (preset != vocabulary_.presets.end())
            return load(fmt::format("preset {}", base), std::string(preset->text), folder, depth);
        std::vector<std::string_view> names;
        for (const Preset& known : vocabulary_.presets)
            names.push_back(known.name);
        reader.fault(place,
                     fmt::format("there is no preset \"{}\" among {} (a file ends in .toml){}",
                                 base, fmt::join(names, ", "), suggestion(base, names)));
        return {};
    }

    const Vocabulary& vocabulary_;
    SourceSet& sources_;
    Settings& settings_;
    Origins& origins_;
    std::vector<std::string> faults_;
};

} // namespace

std::optional<fs::path> find_settings_file(const fs::path& folder) {
    std::error_code error;
    fs::path place = fs::absolute(folder, error).lexically_normal();
    while (true) {
        if (fs::is_regular_file(place / settings_file_name, error))
            return place / settings_file_name;
        const bool top = fs::exists(place / ".git", error);
        if (top || place == place.parent_path()) return std::nullopt;
        place = place.parent_path();
    }
}

Result<void> read_settings_file(const fs::path& path,
                                const Vocabulary& vocabulary,
                                SourceSet& sources,
                                Settings& settings,
                                Origins& origins) {
    std::error_code error;
    settings.folder = fs::absolute(path, error).lexically_normal().parent_path();
    Loader loader(vocabulary, sources, settings, origins);
    Result<void> loaded = loader.load_file(path, 0);
    if (!loaded) return loaded;
    const std::vector<std::string>& faults = loader.faults();
    if (!faults.empty()) return failure(fmt::format("{}", fmt::join(faults, "\n")));
    return {};
}

} // namespace ordain::config
