// What is made of the command line's own definition: the manual page and the completions, read by
// the programs that they are for.

#include "cli/arguments.hpp"
#include "layout/temp_folder.hpp"
#include "program_run.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Generate : testing::Test {
    layout::TempFolder folder;
};

TEST_F(Generate, TheManualPageNamesEveryCommandAndOption) {
    EXPECT_EQ(run_ordain(folder.path(), "generate man | groff -man -ww -z 2>&1").output, "");
    const ProgramRun run =
        run_ordain(folder.path(), "generate man | groff -man -Tutf8 -P-cbou -rLL=300n");
    EXPECT_THAT(run.output, HasSubstr("NAME\n       ordain - says, without a database, what"));
    EXPECT_THAT(run.output, HasSubstr("\nEXIT STATUS\n"));
    EXPECT_THAT(run.output, HasSubstr("\nEXAMPLES\n"));
    const cli::Usage usage = cli::usage();
    ASSERT_FALSE(usage.commands.empty());
    std::size_t place = 0;
    for (const cli::CommandUsage& command : usage.commands) {
        place = run.output.find(fmt::format("\n   ordain {}\n", command.name), place);
        ASSERT_NE(place, std::string::npos) << command.name;
        for (const cli::OptionUsage& option : command.options) {
            const std::string value = option.value.empty() ? "" : " " + option.value;
            place = run.output.find(option.names.back() + value, place);
            ASSERT_NE(place, std::string::npos) << command.name << " " << option.names.back();
        }
    }
}

/// What Tab offers in bash behind these words.
std::vector<std::string> offered(const layout::TempFolder& folder, const std::string& words) {
    folder.write("complete.sh",
                 fmt::format("source ./ordain.bash\ncompopt() {{ :; }}\n"
                             "COMP_WORDS=(ordain {}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n"
                             "_ordain\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
                             words));
    const ProgramRun run =
        run_ordain(folder.path(), "generate bash >ordain.bash && bash complete.sh");
    EXPECT_EQ(run.status, 0);
    std::vector<std::string> lines;
    std::size_t begin = 0;
    for (std::size_t end = run.output.find('\n'); end != std::string::npos;
         end = run.output.find('\n', begin)) {
        if (end > begin) lines.push_back(run.output.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

TEST_F(Generate, BashCompletes) {
    EXPECT_THAT(offered(folder, "''"), ElementsAre("check", "report", "inspect", "init", "config",
                                                   "rules", "explain", "generate"));
    EXPECT_THAT(offered(folder, "--v"), ElementsAre("--version"));
    EXPECT_THAT(offered(folder, "check --f"), ElementsAre("--fail-on", "--format"));
    EXPECT_THAT(offered(folder, "check --fail-on ''"), ElementsAre("error", "warning", "note"));
    EXPECT_THAT(offered(folder, "check --format = s"), ElementsAre("sarif"));
    EXPECT_THAT(offered(folder, "report --format ="), ElementsAre("markdown", "json"));
    EXPECT_THAT(offered(folder, "check --rule lo"),
                ElementsAre("lock-timeout-missing=", "locking="));
    EXPECT_THAT(offered(folder, "explain drop-c"), ElementsAre("drop-cascade", "drop-column"));
    EXPECT_THAT(offered(folder, "generate ''"), ElementsAre("man", "bash", "zsh", "fish"));
    // Here bash offers files.
    EXPECT_THAT(offered(folder, "check ''"), IsEmpty());
    EXPECT_THAT(offered(folder, "check --config ''"), IsEmpty());
}

} // namespace
} // namespace ordain
