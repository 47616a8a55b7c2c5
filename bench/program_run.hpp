#pragma once

#include <chrono>
#include <cstdint>
#include <ordain/result.hpp>
#include <string>
#include <vector>

namespace ordain::bench {

/// One run of a program, as the kernel accounts for it.
struct ProgramRun {
    std::chrono::duration<double> wall_time{};
    std::int64_t peak_kib = 0; ///< Largest resident set.
    int status = 0;            ///< Exit status.
};

/// Runs a program with its standard output and error thrown away.
[[nodiscard]] Result<ProgramRun> run_program(const std::vector<std::string>& words);

} // namespace ordain::bench
