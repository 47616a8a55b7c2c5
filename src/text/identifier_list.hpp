#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::text {

/// The names of `a, "B, c"`, as search_path holds them.
[[nodiscard]] std::vector<std::string> split_identifiers(std::string_view list);

/// The other way round, without blanks between; a name that is empty names nothing.
[[nodiscard]] std::string join_identifiers(std::span<const std::string> names);

} // namespace ordain::text
