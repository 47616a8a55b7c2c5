// What the documentation shows is what the program prints: each block that begins with `$ ordain`
// is run in the repository. ORDAIN_UPDATE_GOLDENS=1 writes the blocks anew.

#include "program_run.hpp"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <string>

namespace ordain {
namespace {

class Documentation : public testing::TestWithParam<const char*> {};

TEST_P(Documentation, ShowsWhatTheProgramPrints) {
    const std::string path = std::string(ORDAIN_SOURCE_DIR "/") + GetParam();
    const std::string page = content_of(path);
    const std::string prompt = "```\n$ ordain ";
    std::string expected;
    std::size_t done = 0;
    for (std::size_t block = page.find(prompt); block != std::string::npos;
         block = page.find(prompt, done)) {
        const std::size_t command = block + prompt.size();
        const std::size_t output = page.find('\n', command) + 1;
        expected += page.substr(done, output - done);
        const std::string arguments = page.substr(command, output - 1 - command);
        expected += run_ordain(ORDAIN_SOURCE_DIR, arguments).output;
        done = page.find("```\n", output);
        ASSERT_NE(done, std::string::npos);
    }
    ASSERT_GT(done, 0U) << "no example";
    expected += page.substr(done);
    if (std::getenv("ORDAIN_UPDATE_GOLDENS") != nullptr) {
        std::ofstream(path, std::ios::binary) << expected;
    }
    EXPECT_EQ(page, expected);
}

INSTANTIATE_TEST_SUITE_P(Pages,
                         Documentation,
                         testing::Values("README.md", "docs/formats.md"),
                         [](const testing::TestParamInfo<const char*>& page) {
                             return page.param == std::string("README.md") ? "readme" : "formats";
                         });

} // namespace
} // namespace ordain
