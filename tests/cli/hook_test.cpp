// The hook for pre-commit, run by pre-commit itself in a repository of its own.

#include "git/git_folder.hpp"
#include "layout/temp_folder.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

namespace ordain {
namespace {

using testing::HasSubstr;
using testing::Not;

struct HookRun {
    std::string output;
    bool passed = false;
};

/// A repository with the hook, and one with migrations of which the first two have run.
struct Project {
    layout::TempFolder folder;
    test::GitFolder hooks{folder / "hooks"};
    test::GitFolder project{folder / "project"};

    Project() {
        std::filesystem::copy_file(ORDAIN_SOURCE_DIR "/.pre-commit-hooks.yaml",
                                   folder / "hooks/.pre-commit-hooks.yaml");
        hooks.commit({});
        project.commit({{"m/0001_accounts.sql", "CREATE TABLE accounts (id bigint PRIMARY KEY, "
                                                "email text);\n"},
                        {"m/0002_index.sql", "CREATE INDEX ON accounts (email);\n"}});
    }

    [[nodiscard]] HookRun commit(const std::string& name, const std::string& text) const {
        project.write(name, text);
        project.git("add -A");
        const std::string bin = std::filesystem::path(ORDAIN_PROGRAM).parent_path();
        const std::string command = fmt::format(
            "cd '{}' && PATH='{}':\"$PATH\" PRE_COMMIT_HOME='{}' pre-commit try-repo ../hooks "
            "ordain >../output 2>&1",
            project.path().string(), bin, (folder / "cache").string());
        HookRun run;
        run.passed = std::system(command.c_str()) == 0;
        std::ifstream stream(folder / "output");
        run.output.assign(std::istreambuf_iterator<char>(stream), {});
        return run;
    }
};

TEST(Hook, JudgesWhatIsStagedOnItsHistory) {
    const Project project;
    const HookRun run =
        project.commit("m/0003_index.sql", "CREATE INDEX ON accounts (lower(email));\n");
    EXPECT_FALSE(run.passed);
    EXPECT_THAT(run.output, HasSubstr("error[index-without-concurrently]: writes to \"accounts\""));
    EXPECT_THAT(run.output, HasSubstr("m/0003_index.sql:1:17"));
    EXPECT_THAT(run.output, Not(HasSubstr("0002_index.sql:1")));
}

TEST(Hook, PassesWhatIsHarmless) {
    const Project project;
    const HookRun run =
        project.commit("m/0003_name.sql", "ALTER TABLE accounts ADD COLUMN name text;\n");
    EXPECT_TRUE(run.passed) << run.output;
}

} // namespace
} // namespace ordain
