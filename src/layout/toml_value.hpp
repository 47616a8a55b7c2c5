#pragma once

#include "layout/file_tree.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace ordain::layout {

enum class TomlBoolean { yes, no, missing, invalid };

/// A top-level key of a small TOML file. A value of another type, like a file that cannot be
/// parsed, is invalid.
[[nodiscard]] TomlBoolean
read_toml_boolean(const FileTree& tree, const std::filesystem::path& path, std::string_view key);
/// A string at a dotted path of a small TOML file; nothing when it is not there or not valid.
[[nodiscard]] std::optional<std::string>
read_toml_string(const FileTree& tree, const std::filesystem::path& path, std::string_view key);

} // namespace ordain::layout
