// `ordain init`: what it finds in a repository, and the files that it writes.

#include "git/git_folder.hpp"
#include "layout/temp_folder.hpp"
#include "program_run.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace ordain {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// A repository as teams have it, with one folder of migrations.
struct Project {
    layout::TempFolder folder;
    test::GitFolder repository{folder / "project"};

    Project() {
        repository.commit(
            {{"db/migrations/0001_a.sql", "CREATE TABLE a (id bigint PRIMARY KEY);\n"},
             {"db/migrations/0002_b.sql", "CREATE TABLE b (id bigint PRIMARY KEY);\n"},
             {"docs/ORDER.md", "First 0001_a.sql, then 0002_b.sql.\n"},
             {"docker-compose.yml", "services:\n  db:\n    image: postgres:16\n"},
             {"sqlx.toml", ""}});
    }

    [[nodiscard]] ProgramRun init(const std::string& arguments = "") const {
        return run_ordain(repository.path(), "init " + arguments);
    }
    [[nodiscard]] std::string text(const std::string& name) const {
        return content_of(repository.path() / name);
    }
};

TEST(Init, SaysWhatItFindsAndWritesTheSettings) {
    const Project project;
    const ProgramRun run = project.init();
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.output,
              R"(migrations  db/migrations: 2 of sqlx (there is sqlx.toml)
PostgreSQL  16 (docker-compose.yml:3: postgres:16)
document    docs/ORDER.md names 2 migrations
git         migrations that main has count as run
wrote       ordain.toml
)");
    EXPECT_THAT(project.text("ordain.toml"),
                AllOf(HasSubstr("\n[plan]\n"), HasSubstr("\nroot = \"db/migrations\"\n"),
                      HasSubstr("\n[postgres]\n"), HasSubstr("\nversion = 16\n"),
                      HasSubstr("\n# [[allow]]\n")));
    const ProgramRun config = run_ordain(project.repository.path(), "config");
    EXPECT_EQ(config.status, 0);
    EXPECT_THAT(config.output, HasSubstr("# settings file: ordain.toml\n"));
    EXPECT_EQ(run_ordain(project.repository.path(), "check").status, 0);
}

TEST(Init, WhatIsThereIsNotOverwritten) {
    const Project project;
    project.repository.write("ordain.toml", "[postgres]\nversion = 14\n");
    EXPECT_EQ(project.init().status, 2);
    EXPECT_EQ(project.text("ordain.toml"), "[postgres]\nversion = 14\n");
    const ProgramRun dry = project.init("--dry-run");
    EXPECT_EQ(dry.status, 0);
    EXPECT_THAT(dry.output, HasSubstr("\n# would write ordain.toml\n"));
}

TEST(Init, WritesTheHookThatPreCommitRuns) {
    const Project project;
    EXPECT_EQ(project.init("--hook").status, 0);
    EXPECT_THAT(project.text(".pre-commit-config.yaml"),
                AllOf(HasSubstr("entry: ordain check\n"), HasSubstr("files: '^db/migrations/'\n")));
}

TEST(Init, AddsToNoFileOfOthers) {
    const Project project;
    project.repository.write(".pre-commit-config.yaml", "repos: []\n");
    const ProgramRun run = project.init("--hook --ci github");
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.output,
                HasSubstr("\n.pre-commit-config.yaml is there already; add to it:\nrepos:\n"));
    EXPECT_EQ(project.text(".pre-commit-config.yaml"), "repos: []\n");
    EXPECT_THAT(project.text(".github/workflows/ordain.yml"),
                AllOf(HasSubstr("fetch-depth: 0"), HasSubstr("paths: db/migrations\n")));
}

TEST(Init, WithoutMigrationsSaysSo) {
    const layout::TempFolder folder;
    const ProgramRun run = run_ordain(folder.path(), "init --dry-run");
    EXPECT_EQ(run.status, 0);
    EXPECT_THAT(run.output,
                AllOf(HasSubstr("migrations  none found; name their folder: ordain init FOLDER\n"),
                      HasSubstr("PostgreSQL  no file says its version; 15 is taken\n"),
                      Not(HasSubstr("\nroot ="))));
}

TEST(Init, ATemplateIsValidWhenAllOfItIsUsed) {
    const Project project;
    const std::string dry = project.init("--dry-run").output;
    std::string all;
    bool within = false;
    for (std::size_t at = 0; at < dry.size();) {
        const std::size_t end = dry.find('\n', at);
        std::string line = dry.substr(at, end - at);
        at = end + 1;
        within = within || line.starts_with("# Settings of Ordain");
        const bool is_setting = line.starts_with("[") || line.starts_with("# [") ||
                                line.find(" = ") != std::string::npos;
        if (!within || !is_setting) continue;
        if (line.starts_with("# ")) line.erase(0, 2);
        all += line + "\n";
    }
    // One key of [[assume]] at a time.
    for (const std::string_view key : {"table = \"b", "sql = ", "file = \"db/boot"}) {
        const std::size_t at = all.find(key);
        ASSERT_NE(at, std::string::npos) << key;
        all.erase(at, all.find('\n', at) + 1 - at);
    }
    project.repository.write("ordain.toml", all);
    const ProgramRun config = run_ordain(project.repository.path(), "config 2>&1");
    EXPECT_EQ(config.status, 0) << config.output << all;
}

} // namespace
} // namespace ordain
