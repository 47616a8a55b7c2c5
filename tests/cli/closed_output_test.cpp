// What happens to the output when nobody can or wants to read it.

#include "program_run.hpp"

#include <array>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace ordain {
namespace {

const std::string folder = ORDAIN_FIXTURES_DIR "/plans/demo";

TEST(ClosedOutput, AFullDiskIsToldAndFails) {
    const ProgramRun run = run_ordain(folder, "check --all migrations 2>&1 >/dev/full");
    EXPECT_EQ(run.output, "ordain: cannot write to standard output: No space left on device\n");
    EXPECT_EQ(run.status, 2);
}

TEST(ClosedOutput, AClosedDescriptorIsToldAndFails) {
    const ProgramRun run = run_ordain(folder, "check --all migrations 2>&1 >&-");
    EXPECT_EQ(run.output, "ordain: cannot write to standard output: Bad file descriptor\n");
    EXPECT_EQ(run.status, 2);
}

/// The wait status of the program with a standard output that nobody reads any more.
int status_without_reader(std::vector<std::string> words) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return -1;
    ::close(ends[0]);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files{};
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
    pid_t child = 0;
    const int error =
        posix_spawn(&child, arguments.front(), &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    ::close(ends[1]);
    int status = -1;
    if (error == 0) ::waitpid(child, &status, 0);
    return status;
}

TEST(ClosedOutput, AReaderThatLeftIsNoFault) {
    const int status = status_without_reader({ORDAIN_PROGRAM, "check", "--all", folder});
    ASSERT_TRUE(WIFEXITED(status)) << "wait status " << status;
    EXPECT_EQ(WEXITSTATUS(status), 1);
}

TEST(ClosedOutput, HelpAndVersionSucceed) {
    EXPECT_EQ(run_ordain(folder, "--help").status, 0);
    EXPECT_EQ(run_ordain(folder, "--version").status, 0);
}

} // namespace
} // namespace ordain
