#pragma once

#include "cli/usage.hpp"

#include <string>

namespace ordain::cli {

/// The manual page, in the macros of man(7).
[[nodiscard]] std::string man_page(const Usage& usage);

} // namespace ordain::cli
