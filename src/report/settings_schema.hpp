#pragma once

#include "config/settings_keys.hpp"

#include <string>

namespace ordain::report {

/// The JSON Schema of ordain.toml (draft 7, which editors know), made from the list of its keys.
[[nodiscard]] std::string settings_schema(const config::Vocabulary& vocabulary);

} // namespace ordain::report
