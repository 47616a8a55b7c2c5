// What becomes of reports that go to files.

#include "layout/temp_folder.hpp"
#include "program_run.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace ordain {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing::UnorderedElementsAre;

/// A folder m with a migration that has a finding.
struct Project {
    layout::TempFolder folder;

    Project() { folder.write("m/0001_a.sql", "SELECT nobody;\n"); }

    [[nodiscard]] ProgramRun check(const std::string& arguments) const {
        return run_ordain(folder.path(), "check --all --layout sqlx m " + arguments + " 2>&1");
    }
    [[nodiscard]] std::string content(const std::string& name) const {
        return content_of(folder / name);
    }
    [[nodiscard]] std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const fs::directory_entry& entry : fs::directory_iterator(folder.path()))
            names.push_back(entry.path().filename().string());
        return names;
    }
};

TEST(ReportFile, HoldsWhatStandardOutputWould) {
    const Project project;
    const ProgramRun run =
        project.check("--format text --format json=r.json --format sarif=r.sarif "
                      "--format github=r.txt --format junit=r.xml");
    EXPECT_EQ(run.status, 1);
    EXPECT_EQ(run.output, project.check("").output);
    EXPECT_EQ(project.content("r.json"), project.check("--format json").output);
    EXPECT_EQ(project.content("r.sarif"), project.check("--format sarif").output);
    EXPECT_EQ(project.content("r.txt"), project.check("--format github").output);
    EXPECT_EQ(project.content("r.xml"), project.check("--format junit").output);
    EXPECT_THAT(project.names(),
                UnorderedElementsAre(".git", "m", "r.json", "r.sarif", "r.txt", "r.xml"));
}

TEST(ReportFile, AloneLeavesStandardOutputEmpty) {
    const Project project;
    const ProgramRun run = project.check("--format json=r.json");
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.output, IsEmpty());
}

TEST(ReportFile, OtherCommandsWriteThemToo) {
    const Project project;
    const fs::path& folder = project.folder.path();
    EXPECT_EQ(run_ordain(folder, "inspect --format json=i.json m").status, 0);
    EXPECT_EQ(project.content("i.json"), run_ordain(folder, "inspect --format json m").output);
    EXPECT_EQ(run_ordain(folder, "rules --format text=r.txt").status, 0);
    EXPECT_EQ(project.content("r.txt"), run_ordain(folder, "rules").output);
}

TEST(ReportFile, ReplacesWhatWasThereAndKeepsWhoMayReadIt) {
    const Project project;
    project.folder.write("r.json", "old, and longer than nothing");
    ::chmod((project.folder / "r.json").c_str(), 0600);
    EXPECT_EQ(project.check("--format json=r.json").status, 1);
    EXPECT_THAT(project.content("r.json"), StartsWith("{\n"));
    EXPECT_EQ(fs::status(project.folder / "r.json").permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
}

TEST(ReportFile, ALinkStaysOne) {
    const Project project;
    project.folder.write("there/r.json", "old");
    fs::create_symlink("there/r.json", project.folder / "r.json");
    EXPECT_EQ(project.check("--format json=r.json").status, 1);
    EXPECT_TRUE(fs::is_symlink(project.folder / "r.json"));
    EXPECT_THAT(project.content("there/r.json"), StartsWith("{\n"));
}

TEST(ReportFile, ADeviceIsWrittenTo) {
    const Project project;
    EXPECT_EQ(project.check("--format json=/dev/null").status, 1);
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
    EXPECT_THAT(project.check("--format json=/dev/full").output,
                HasSubstr("cannot write the report \"/dev/full\": No space left on device"));
}

TEST(ReportFile, AFailureIsAllThatIsPrinted) {
    const Project project;
    const ProgramRun run = project.check("--format text --format json=nowhere/r.json");
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.output,
              "ordain: cannot write the report \"nowhere/r.json\": No such file or directory\n");
}

TEST(ReportFile, AFailureOfOneLeavesTheOthersAlone) {
    const Project project;
    project.folder.write("r.json", "old");
    const ProgramRun run = project.check("--format json=r.json --format junit=m");
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.output,
              "ordain: cannot write the report \"m\": it is a folder; name a file in it\n");
    EXPECT_EQ(project.content("r.json"), "old");
    EXPECT_THAT(project.names(), UnorderedElementsAre(".git", "m", "r.json"));
}

} // namespace
} // namespace ordain
