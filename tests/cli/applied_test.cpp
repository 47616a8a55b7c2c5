// What `ordain check` and `ordain report` make of a file that names the migrations that have run.

#include "layout/temp_folder.hpp"
#include "program_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace ordain {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

/// Three migrations; each of the last two has a finding.
struct Project {
    layout::TempFolder folder;

    Project() {
        folder.write("m/001_accounts.sql", "CREATE TABLE accounts (id bigint PRIMARY KEY);\n");
        folder.write("m/002_email.sql", "ALTER TABLE accounts ADD COLUMN email text;\n"
                                        "CREATE INDEX ON accounts (email);\n");
        folder.write("m/003_index.sql", "CREATE INDEX ON accounts (lower(email));\n");
    }

    [[nodiscard]] ProgramRun run(const std::string& arguments) const {
        return run_ordain(folder.path(), arguments);
    }
    /// What is said of the folder with this list of what has run.
    [[nodiscard]] ProgramRun check(const std::string& list) const {
        folder.write("applied.txt", list);
        return run("check --applied applied.txt m 2>&1");
    }
};

TEST(Applied, JudgesWhatTheListDoesNotName) {
    const Project project;
    const ProgramRun run = project.check("001_accounts\n002_email\n");
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.output, HasSubstr("m/003_index.sql:1:17"));
    EXPECT_THAT(run.output, Not(HasSubstr("002_email.sql")));
    EXPECT_THAT(run.output,
                EndsWith("1 error in 1 of 1 new migration according to applied.txt (plain, "
                         "PostgreSQL 15); 2 replayed, nothing assumed\n"));
}

TEST(Applied, NamesAreVersionsIdsFilesOrPathsWithCommentsAndAnyLineEnd) {
    const Project project;
    for (const char* list :
         {"001\n002\n", "001_accounts.sql\n002_email.sql", "m/001_accounts.sql\nm/002_email.sql\n",
          "\xEF\xBB\xBF# staging\r\n\r\n 001_accounts\t# first\r\n002\r\n", "001\n002\n001\n"}) {
        EXPECT_THAT(project.check(list).output, HasSubstr("1 error in 1 of 1 new migration "))
            << list;
    }
}

TEST(Applied, AnEmptyListIsADatabaseWithoutMigrations) {
    EXPECT_THAT(Project().check("# nothing yet\n").output,
                EndsWith("1 warning in 1 of 3 new migrations according to applied.txt (plain, "
                         "PostgreSQL 15); 0 replayed, nothing assumed\n"));
}

TEST(Applied, NamesThatAreUnknownEndTheRunWithAllTheirPlaces) {
    const ProgramRun run = Project().check("001\n002_emial  # slip\n004\n");
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.output, "ordain: applied.txt:2: m has no migration \"002_emial\"; did you mean "
                          "\"002_email\"?\n"
                          "applied.txt:3: m has no migration \"004\"; did you mean \"001\"?\n");
}

TEST(Applied, NamesOfSeveralMigrationsEndTheRun) {
    const Project project;
    project.folder.write("m/002_notes.sql", "CREATE TABLE notes (id bigint PRIMARY KEY);\n");
    const ProgramRun run = project.check("001\n002\n");
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.output, "ordain: applied.txt:2: \"002\" names 2 migrations; name each by its id: "
                          "002_email, 002_notes\n");
}

TEST(Applied, AListThatCannotBeReadEndsTheRun) {
    const ProgramRun run = Project().run("check --applied nosuch.txt m 2>&1");
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.output,
              "ordain: --applied nosuch.txt: cannot be read: No such file or directory\n");
    EXPECT_EQ(Project().run("check --applied m m 2>&1").status, 2);
}

TEST(Applied, AListIsReadFromAPipeToo) {
    EXPECT_THAT(Project().run("check --applied /dev/stdin m <<'END'\n001\n002\nEND").output,
                HasSubstr("1 error in 1 of 1 new migration according to /dev/stdin"));
}

TEST(Applied, WithAllAppliedTheHistoryIsSummedUp) {
    const ProgramRun run = Project().check("001\n002\n003\n");
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.output, EndsWith("nothing new in 3 migrations according to applied.txt (plain, "
                                     "PostgreSQL 15); 3 replayed, nothing assumed\n"));
}

TEST(Applied, AMigrationBeforeWhatHasRunIsFound) {
    const ProgramRun run = Project().check("001\n003\n");
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.output,
                HasSubstr("warning[history-rewritten]: this migration stands before 003_index, "
                          "which applied.txt has: databases that ran that one get this "
                          "afterwards, and new ones before it\n"
                          "  --> m/002_email.sql\n"));
}

TEST(Applied, ScriptsThatAreNamedAreJudgedInAnyCase) {
    const Project project;
    project.folder.write("applied.txt", "001\n002\n");
    EXPECT_EQ(project.run("check --applied applied.txt m/002_email.sql").status, 1);
}

TEST(Applied, OneListIsAboutOneFolder) {
    const Project project;
    project.folder.write("n/001_notes.sql", "CREATE TABLE notes (id bigint PRIMARY KEY);\n");
    project.folder.write("applied.txt", "001\n");
    const ProgramRun run = project.run("check --applied applied.txt m n 2>&1");
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.output, "ordain: --applied applied.txt names the migrations of one folder, and "
                          "there are 2 here; name one of them\n");
}

TEST(Applied, TheReportSaysWhatHasRunAndHowItIsKnown) {
    const Project project;
    project.folder.write("applied.txt", "001\n002\n");
    const ProgramRun run = project.run("report --applied applied.txt m");
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.output, HasSubstr("- 1 of 3 migrations are judged, 41 bytes of SQL\n"
                                      "- 2 applied according to `applied.txt`\n"));
    EXPECT_THAT(run.output,
                HasSubstr("- production has run the 2 migrations that applied.txt names, "
                          "and nothing else\n"));
}

} // namespace
} // namespace ordain
