// Runs the built program as fixtures/plans/<name>/args says, inside that folder, and compares what
// it prints with `stdout` and its exit status with `exit`. ORDAIN_UPDATE_GOLDENS=1 writes the two
// files instead.

#include "program_run.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> plan_names() {
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::directory_iterator(ORDAIN_FIXTURES_DIR "/plans")) {
        names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
}

void write(const fs::path& path, const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
}

class Plans : public testing::TestWithParam<std::string> {};

TEST_P(Plans, PrintWhatTheyDid) {
    const fs::path folder = fs::path(ORDAIN_FIXTURES_DIR) / "plans" / GetParam();
    std::string arguments = content_of(folder / "args");
    ASSERT_FALSE(arguments.empty()) << "no file args";
    std::erase(arguments, '\n');
    const ProgramRun actual = run_ordain(folder, arguments);
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
