#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace ordain::config {

/// The candidate that a mistyped word most likely meant; nothing when none is close.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

/// `; did you mean "x"?`, or nothing.
[[nodiscard]] std::string suggestion(std::string_view word,
                                     std::span<const std::string_view> candidates);

} // namespace ordain::config
