#include "layout/toml_value.hpp"

#include <cstddef>
#include <toml++/toml.h>

namespace ordain::layout {
namespace {

/// Tools' own settings files are a few lines long. The limit also bounds the depth of dotted keys,
/// which the library follows by recursion.
constexpr std::size_t max_toml_bytes = std::size_t{16} * 1024;

/// The library reports faults by throwing; here they end.
std::optional<toml::table> parse(const FileTree& tree, const std::filesystem::path& path) {
    const Result<std::string> bytes = tree.read(path);
    if (!bytes || bytes->size() > max_toml_bytes) return std::nullopt;
    try {
        return toml::parse(std::string_view(*bytes));
    } catch (const toml::parse_error&) {
        return std::nullopt;
    }
}

} // namespace

TomlBoolean
read_toml_boolean(const FileTree& tree, const std::filesystem::path& path, std::string_view key) {
    const std::optional<toml::table> parsed = parse(tree, path);
    if (!parsed) return TomlBoolean::invalid;
    const auto node = (*parsed)[key];
    if (!node) return TomlBoolean::missing;
    const std::optional<bool> value = node.value_exact<bool>();
    if (!value) return TomlBoolean::invalid;
    return *value ? TomlBoolean::yes : TomlBoolean::no;
}

std::optional<std::string>
read_toml_string(const FileTree& tree, const std::filesystem::path& path, std::string_view key) {
    const std::optional<toml::table> parsed = parse(tree, path);
    if (!parsed) return std::nullopt;
    return parsed->at_path(key).value_exact<std::string>();
}

} // namespace ordain::layout
