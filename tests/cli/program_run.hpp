#pragma once

#include <filesystem>
#include <string>

namespace ordain {

/// The bytes of a file; nothing when it cannot be read.
[[nodiscard]] std::string content_of(const std::filesystem::path& path);

/// Standard output and exit status of a program.
struct ProgramRun {
    std::string output;
    int status = -1; ///< -1 when it did not end by itself.
};

/// Runs the built program in a folder; the shell reads the arguments.
[[nodiscard]] ProgramRun run_ordain(const std::filesystem::path& folder,
                                    const std::string& arguments);

} // namespace ordain
