// What `ordain check` makes of a folder in a git repository: what is new is judged, on all that is
// not.

#include "git/git_folder.hpp"
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

constexpr const char* accounts = "CREATE TABLE accounts (id bigint PRIMARY KEY, email text);\n";
constexpr const char* old_index = "CREATE INDEX accounts_email_idx ON accounts (email);\n";

/// The branch main with two migrations, the second of which has a finding; on the branch feature
/// nothing is new yet.
struct Project {
    layout::TempFolder folder;
    test::GitFolder repository{folder / "project"};

    Project() {
        repository.commit({{"m/0001_accounts.sql", accounts}, {"m/0002_index.sql", old_index}});
        repository.git("checkout -q -b feature");
    }

    [[nodiscard]] ProgramRun check(const std::string& arguments) const {
        return run_ordain(repository.path(), "check --layout sqlx " + arguments);
    }
};

TEST(Newness, JudgesWhatTheBaseDoesNotHave) {
    const Project project;
    project.repository.write("m/0003_index.sql", "CREATE INDEX ON accounts (lower(email));\n");
    const ProgramRun run = project.check("m");
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.output, HasSubstr("m/0003_index.sql:1:17"));
    EXPECT_THAT(run.output, Not(HasSubstr("0002_index.sql:1")));
    EXPECT_THAT(run.output,
                EndsWith("1 error in 1 of 1 new migration since main (the repository has no "
                         "remote) (sqlx, PostgreSQL 15); 2 replayed, nothing assumed\n"));
}

TEST(Newness, CommittedOnTheBranchIsNewToo) {
    const Project project;
    project.repository.commit({{"m/0003_index.sql", "CREATE INDEX ON accounts (lower(email));\n"}});
    EXPECT_THAT(project.check("m").output, HasSubstr("1 error in 1 of 1 new migration since main"));
}

TEST(Newness, WithNothingNewTheHistoryIsSummedUp) {
    const Project project;
    const ProgramRun run = project.check("m");
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.output, R"(Nothing is new. What the history holds:

     1  error    index-without-concurrently

The worst of it:
  error[index-without-concurrently] m/0002_index.sql:1:36
      writes to "accounts" wait while the index is built from all its rows (SHARE lock)

To see all of it, judged as if nothing had run yet: ordain check --all m

nothing new in 2 migrations since main (the repository has no remote) (sqlx, PostgreSQL 15); 2 replayed, nothing assumed
)");
}

TEST(Newness, AllJudgesTheHistory) {
    const Project project;
    const ProgramRun run = project.check("--all m");
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.output, EndsWith("1 error in 1 of 2 migrations (sqlx, PostgreSQL 15); 2 "
                                     "replayed, nothing assumed\n"));
}

TEST(Newness, ScriptsThatAreNamedAreJudged) {
    const Project project;
    EXPECT_EQ(project.check("m/0002_index.sql").status, 1);
}

TEST(Newness, SinceNamesTheBase) {
    const Project project;
    project.repository.commit({{"m/0003_index.sql", "CREATE INDEX ON accounts (lower(email));\n"}});
    project.repository.git("branch -q later");
    const ProgramRun run = project.check("--since later m");
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.output, HasSubstr("nothing new in 3 migrations since later (sqlx"));
    EXPECT_EQ(project.check("--since nosuch m").status, 2);
}

TEST(Newness, OutsideOfARepositoryAllIsJudged) {
    const layout::TempFolder folder;
    folder.write("m/0001_accounts.sql", accounts);
    std::filesystem::remove(folder / ".git");
    EXPECT_THAT(run_ordain(folder.path(), "check --layout sqlx m").output,
                EndsWith("no findings in 1 migration (sqlx, PostgreSQL 15); 1 replayed, nothing "
                         "assumed\n"));
    EXPECT_EQ(run_ordain(folder.path(), "check --layout sqlx --since main m").status, 2);
}

TEST(Newness, WhatTheBaseCannotReplayIsAssumedApplied) {
    const Project project;
    project.repository.git("checkout -q main");
    project.repository.commit(
        {{"m/0003_by_hand.sql",
          "ALTER TABLE legacy ADD COLUMN note text;\nCREATE TABLE kept ();\n"}});
    project.repository.git("checkout -q -b next");
    project.repository.write("m/0004_use.sql", "ALTER TABLE kept ADD COLUMN a int;\n"
                                               "COMMENT ON COLUMN legacy.note IS 'x';\n");
    const ProgramRun run = project.check("m");
    EXPECT_EQ(run.status, 0) << run.output;
    EXPECT_THAT(
        run.output,
        HasSubstr(
            R"(assumed: 1 migration of main does not replay and is taken to have run; what it names is uncertain
  --> m/0003_by_hand.sql:1:13
      relation "legacy" does not exist
)"));
    EXPECT_THAT(run.output, HasSubstr("3 replayed, 1 assumed applied"));
}

TEST(Newness, AnotherTextOfWhatHasRunIsSaid) {
    const Project project;
    project.repository.write("m/0001_accounts.sql",
                             "CREATE TABLE accounts (id int, email text);\n");
    const ProgramRun run = project.check("m");
    EXPECT_EQ(run.status, 1);
    EXPECT_THAT(run.output,
                HasSubstr("error[history-rewritten]: sqlx runs nothing on a database "
                          "that has this migration as main has it: the text is another\n"
                          "  --> m/0001_accounts.sql\n"));
    EXPECT_THAT(run.output, HasSubstr("\n1 error in 0 new migrations since main"));
}

} // namespace
} // namespace ordain
