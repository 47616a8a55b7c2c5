#pragma once

#include "config/settings_keys.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <ordain/config.hpp>
#include <ordain/result.hpp>
#include <ordain/source.hpp>
#include <string>

namespace ordain::config {

inline constexpr std::string_view settings_file_name = "ordain.toml";

/// The nearest ordain.toml in a folder or in those above it, up to the one that holds `.git`.
[[nodiscard]] std::optional<std::filesystem::path>
find_settings_file(const std::filesystem::path& folder);

/// Where each setting that is not a default comes from, by its dotted key: "ordain.toml:3".
using Origins = std::map<std::string, std::string, std::less<>>;

/// Adds what a file says to the settings. All that is wrong with it is one failure: a line each,
/// with file, line and column and, for a mistyped word, the nearest that is known.
[[nodiscard]] Result<void> read_settings_file(const std::filesystem::path& path,
                                              const Vocabulary& vocabulary,
                                              SourceSet& sources,
                                              Settings& settings,
                                              Origins& origins);

} // namespace ordain::config
