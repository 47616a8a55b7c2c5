#include "bench/program_run.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace ordain::bench {
namespace {

/// Where a child's descriptors go.
class SilentFiles {
public:
    SilentFiles() {
        posix_spawn_file_actions_init(&actions_);
        for (const int descriptor : {STDOUT_FILENO, STDERR_FILENO}) {
            posix_spawn_file_actions_addopen(&actions_, descriptor, "/dev/null", O_WRONLY, 0);
        }
    }
    SilentFiles(const SilentFiles&) = delete;
    SilentFiles& operator=(const SilentFiles&) = delete;
    ~SilentFiles() { posix_spawn_file_actions_destroy(&actions_); }

    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

} // namespace

Result<ProgramRun> run_program(const std::vector<std::string>& words) {
    std::vector<std::string> copies = words;
    std::vector<char*> arguments;
    arguments.reserve(copies.size() + 1);
    for (std::string& word : copies)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);

    const SilentFiles files;
    pid_t child = 0;
    const auto begin = std::chrono::steady_clock::now();
    const int error =
        posix_spawn(&child, arguments.front(), files.get(), nullptr, arguments.data(), environ);
    if (error != 0) {
        return failure(fmt::format("cannot run {}: {}", words.front(),
                                   std::generic_category().message(error)));
    }
    int status = 0;
    rusage usage{};
    if (::wait4(child, &status, 0, &usage) != child || !WIFEXITED(status)) {
        return failure(fmt::format("{} did not end by itself", words.front()));
    }
    return ProgramRun{.wall_time = std::chrono::steady_clock::now() - begin,
                      .peak_kib = usage.ru_maxrss,
                      .status = WEXITSTATUS(status)};
}

} // namespace ordain::bench
