#pragma once

#include <string_view>

namespace ordain::cli {

/// Writes all of a text to a descriptor. The error of the first write that failed, or 0.
[[nodiscard]] int write_all(int descriptor, std::string_view text);

} // namespace ordain::cli
