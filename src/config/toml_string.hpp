#pragma once

#include <string>
#include <string_view>

namespace ordain::config {

/// A text as a basic string of TOML, quotes included.
[[nodiscard]] std::string toml_string(std::string_view text);

} // namespace ordain::config
