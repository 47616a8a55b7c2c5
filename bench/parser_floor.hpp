#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace ordain::bench {

/// What it costs to have libpg_query parse statements and to unpack its trees, and nothing else, on
/// one thread: no reader of these statements that goes through its protobuf interface can be
/// faster.
struct Floor {
    std::chrono::duration<double> time{};
    std::size_t refused = 0; ///< Statements with a syntax error.
};

[[nodiscard]] Floor measure_floor(const std::vector<std::string>& statements);

} // namespace ordain::bench
