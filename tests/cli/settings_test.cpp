// What ordain.toml changes in what the program says.

#include "layout/temp_folder.hpp"
#include "program_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace ordain {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A folder of three migrations, of which the last two have a finding each, without a repository.
struct Project {
    layout::TempFolder folder;

    explicit Project(const std::string& settings) {
        std::filesystem::remove(folder / ".git");
        folder.write("ordain.toml", settings);
        folder.write("db/0001_accounts.sql",
                     "CREATE TABLE accounts (id bigint PRIMARY KEY, email text);\n");
        folder.write("db/0002_index.sql", "CREATE INDEX accounts_email_idx ON accounts (email);\n");
        folder.write("db/0003_drop.sql", "ALTER TABLE accounts DROP COLUMN email;\n");
    }

    [[nodiscard]] ProgramRun run(const std::string& arguments) const {
        return run_ordain(folder.path(), arguments);
    }
};

TEST(Settings, RootIsJudgedWhereNoPathIsGiven) {
    const Project project("[plan]\nroot = \"db\"\n");
    EXPECT_THAT(project.run("").output, HasSubstr("2 errors in 2 of 3 migrations (plain"));
    EXPECT_THAT(project.run("check --no-config db").output, HasSubstr("2 errors in 2 of 3"));
}

TEST(Settings, SeveritiesAreThoseOfTheLastLayerThatFits) {
    const Project project("[rules]\nlocking = \"off\"\n[[override]]\nfiles = [\"db/*\"]\n"
                          "rules = { drop-column = \"warning\" }\n");
    const ProgramRun run = project.run("check db");
    EXPECT_EQ(run.status, 0) << run.output;
    EXPECT_THAT(run.output, HasSubstr("\n1 warning in 1 of 3 migrations"));
    EXPECT_THAT(project.run("check --rule locking=note db").output,
                HasSubstr("\n1 warning, 1 note in 2 of 3 migrations"));
}

TEST(Settings, AllowanceHidesWhatItNames) {
    const Project project("[[allow]]\nrule = \"index-without-concurrently\"\n"
                          "migration = \"0002*\"\nobject = \"accounts\"\nreason = \"small\"\n"
                          "[[allow]]\nrule = \"drop-column\"\nobject = \"public.accounts.email\"\n"
                          "reason = \"nobody reads it\"\n");
    const ProgramRun run = project.run("check db");
    EXPECT_EQ(run.status, 0) << run.output;
    EXPECT_THAT(run.output, HasSubstr("no findings (2 allowed) in 3 migrations"));
}

TEST(Settings, AllowancesAreHeldAgainstWhatTheyHide) {
    const Project project("[[allow]]\nrule = \"drop-colum\"\nreason = \"x\"\n"
                          "[[allow]]\nrule = \"drop-column\"\nobject = \"orders\"\nreason = \"x\"\n"
                          "[[allow]]\nrule = \"index-without-concurrently\"\n");
    const std::string output = project.run("check db").output;
    EXPECT_THAT(output,
                HasSubstr("warning[allowance-of-unknown-rule]: there is no rule "
                          "\"drop-colum\", so that the allowance hides nothing; did you mean "
                          "\"drop-column\"?\n  --> ordain.toml:1:1\n"));
    EXPECT_THAT(output, HasSubstr("warning[unused-allowance]: drop-column finds nothing that this "
                                  "allowance covers\n  --> ordain.toml:4:1\n"));
    EXPECT_THAT(output, HasSubstr("warning[allowance-without-reason]: the allowance of "
                                  "index-without-concurrently gives no reason, so that nobody can "
                                  "judge whether it still holds\n  --> ordain.toml:8:1\n"));
    EXPECT_THAT(output, HasSubstr("error[drop-column]"));
    EXPECT_THAT(output, Not(HasSubstr("error[index-without-concurrently]")));
}

TEST(Settings, TransactionOfAnOwnRunner) {
    const Project project("[plan]\ntransaction = \"explicit\"\n");
    project.folder.write("db/0004_index.sql", "CREATE INDEX CONCURRENTLY ON accounts (id);\n");
    EXPECT_THAT(project.run("check db/0004_index.sql").output,
                HasSubstr("CREATE INDEX CONCURRENTLY cannot run inside a transaction block"));
    EXPECT_THAT(project.run("check --no-config db/0004_index.sql").output,
                HasSubstr("no findings in 1 migration"));
}

TEST(Settings, SearchPathAndCommandOfAnOwnRunner) {
    const Project project("[plan]\nsearch_path = [\"app\", \"public\"]\ncommand = \"make {db}\"\n");
    project.folder.write("own/0001_app.sql", "CREATE SCHEMA app;\nCREATE TABLE t (id bigint);\n");
    project.folder.write("own/0002_t.sql", "CREATE TABLE app.u AS SELECT id FROM app.t;\n"
                                           "ALTER TABLE public.t ADD COLUMN a int;\n");
    EXPECT_THAT(project.run("check own").output, HasSubstr("relation \"public.t\" does not exist"));
    EXPECT_THAT(project.run("report own").output, HasSubstr("make {db}\n"));
    EXPECT_THAT(
        project.run("config own").output,
        HasSubstr("search_path = [\"app\", \"public\"]                    # ordain.toml:2\n"
                  "command = \"make {db}\"                              # ordain.toml:3\n"));
}

TEST(Settings, AFailureForWantOfASearchPathNamesTheSetting) {
    const Project project("");
    project.folder.write("own/0001_app.sql",
                         "CREATE SCHEMA app;\nCREATE TABLE app.t (id bigint PRIMARY KEY);\n");
    project.folder.write("own/0002_t.sql", "ALTER TABLE t ADD COLUMN a int;\n");
    EXPECT_THAT(
        project.run("check own").output,
        HasSubstr("note: there is table \"t\" in schema \"app\": a runner whose connections "
                  "look there says so in ordain.toml: [plan] search_path = [\"app\", "
                  "\"public\"]\n"));
    project.folder.write("ordain.toml", "[plan]\nsearch_path = [\"app\", \"public\"]\n");
    EXPECT_THAT(project.run("check own").output, Not(HasSubstr("fails-to-apply")));
}

TEST(Settings, ConfigShowsWhereEachComesFrom) {
    const Project project("[postgres]\nversion = 16\n[rules]\ndrop-column = \"note\"\n");
    EXPECT_EQ(project.run("config --rule locking=off db").output, R"(# settings file: ordain.toml

[plan]
# root is not set: the folder that is named, or the current one
# layout is not set: found out
# starts_from is not set: an empty database
# history is not set: complete for a folder, partial for a single file
# transaction is not set: as the layout's tool does
# search_path is not set: as the platform or the server has it
# command is not set: that of the layout's tool

[postgres]
version = 16                                       # ordain.toml:2
# platform is not set: a server of your own

[rules]
drop-column = "note"                               # ordain.toml:4
locking = "off"                                    # command line
)");
}

TEST(Settings, ConfigShowsWhatNamesLookLike) {
    const Project project("[naming]\nfile = '\\d{4}_.+\\.sql'\nschemas = [\"public\", \"app\"]\n"
                          "forbidden_columns = { user_id = \"agent_id\", \"order no\" = '' }\n");
    const std::string output = project.run("config db").output;
    EXPECT_THAT(output, HasSubstr(R"(
[naming]
file = "\\d{4}_.+\\.sql"                           # ordain.toml:2
schemas = ["public", "app"]                        # ordain.toml:3
forbidden_columns = { "order no" = "", "user_id" = "agent_id" } # ordain.toml:4
)"));
    project.folder.write("ordain.toml", output);
    EXPECT_THAT(project.run("config db").output, HasSubstr(R"(file = "\\d{4}_.+\\.sql")"));
}

TEST(Settings, NamingTurnsItsRulesOn) {
    const Project project("[naming]\nheader = [\"Purpose\"]\ntable = 'account'\n");
    EXPECT_THAT(project.run("check db").output,
                HasSubstr("2 errors, 4 warnings in 3 of 3 migrations"));
    EXPECT_THAT(project.run("check --rule naming=off db").output,
                HasSubstr("2 errors in 2 of 3 migrations"));
    EXPECT_THAT(project.run("check --rule header-missing=error --rule locking=off db").output,
                HasSubstr("4 errors, 1 warning in 3 of 3 migrations"));
}

TEST(Settings, FaultsAreSaidWithTheirPlaces) {
    const Project project("[plan]\nlayuot = \"sqlx\"\n");
    const ProgramRun run = project.run("check db 2>&1");
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.output, "ordain: ordain.toml:2:1: there is no key \"layuot\"; did you mean "
                          "\"layout\"?\n");
    EXPECT_EQ(project.run("check --config nosuch.toml db").status, 2);
}

} // namespace
} // namespace ordain
