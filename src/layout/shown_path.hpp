#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ordain::layout {

/// Absolute, without `.`, `..` and a trailing separator; symbolic links are not followed.
[[nodiscard]] std::filesystem::path absolute_path(const std::filesystem::path& path);

/// The path as users see it: relative to the current folder when below it, else as given; forward
/// slashes; always printable().
[[nodiscard]] std::string shown(const std::filesystem::path& path);

/// The text on one line and in valid UTF-8: control characters and invalid bytes as \xHH.
[[nodiscard]] std::string printable(std::string_view raw);

} // namespace ordain::layout
