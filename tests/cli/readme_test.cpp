// What the README shows is what the program prints.

#include "program_run.hpp"

#include <gtest/gtest.h>
#include <string>

namespace ordain {
namespace {

TEST(Readme, ShowsWhatTheProgramPrints) {
    const std::string readme = content_of(ORDAIN_SOURCE_DIR "/README.md");
    const std::string prompt = "```\n$ ordain ";
    const std::size_t command = readme.find(prompt) + prompt.size();
    const std::size_t output = readme.find('\n', command) + 1;
    const std::size_t end = readme.find("```\n", output);
    ASSERT_NE(end, std::string::npos);
    const std::string arguments = readme.substr(command, output - 1 - command);
    EXPECT_EQ(run_ordain(ORDAIN_SOURCE_DIR, arguments).output, readme.substr(output, end - output));
}

} // namespace
} // namespace ordain
