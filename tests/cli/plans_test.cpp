// Runs the built program as fixtures/plans/<name>/args says, inside that folder, and compares what
// it prints with `stdout` and its exit status with `exit`. `args` is read by the shell.
// ORDAIN_UPDATE_GOLDENS=1 writes the two files instead.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <sys/wait.h>
#include <vector>

namespace ordain {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> plan_names() {
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(ORDAIN_FIXTURES_DIR "/plans")) {
        if (fs::exists(entry.path() / "args")) names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
}

std::string content_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void write(const fs::path& path, const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
}

/// Standard output and exit status of a shell command.
struct ProgramRun {
    std::string output;
    int status = -1;
};

ProgramRun run(const std::string& command) {
    ProgramRun result;
    std::FILE* pipe = ::popen(command.c_str(), "r");
    if (pipe == nullptr) return result;
    std::array<char, 4096> buffer{};
    std::size_t count = 0;
    while ((count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0) {
        result.output.append(buffer.data(), count);
    }
    const int status = ::pclose(pipe);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return result;
}

class Plans : public testing::TestWithParam<std::string> {};

TEST_P(Plans, PrintWhatTheyDid) {
    const fs::path folder = fs::path(ORDAIN_FIXTURES_DIR) / "plans" / GetParam();
    std::string arguments = content_of(folder / "args");
    std::erase(arguments, '\n');
    const ProgramRun actual =
        run("cd '" + folder.string() + "' && '" ORDAIN_PROGRAM "' " + arguments);
    const std::string status = std::to_string(actual.status) + "\n";
    if (std::getenv("ORDAIN_UPDATE_GOLDENS") != nullptr) {
        write(folder / "stdout", actual.output);
        write(folder / "exit", status);
    }
    EXPECT_EQ(actual.output, content_of(folder / "stdout"));
    EXPECT_EQ(status, content_of(folder / "exit"));
}

std::string name_of_case(const testing::TestParamInfo<std::string>& info) {
    std::string name = info.param;
    std::ranges::replace(name, '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Plans, testing::ValuesIn(plan_names()), name_of_case);

} // namespace
} // namespace ordain
