#include "layout/discover.hpp"
#include "layout/layout.hpp"
#include "layout/locale_order.hpp"
#include "layout/shown_path.hpp"
#include "layout/temp_folder.hpp"

#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::layout {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

struct File {
    std::string_view name;
    std::string_view text;
};

struct LayoutCase {
    std::string_view name;
    std::vector<File> files;
    /// What the plan says: its layout, or the failure.
    std::string_view expected;
};

/// "layout: evidence", or the failure's message.
std::string outcome(const TempFolder& folder, const LayoutOptions& options) {
    SourceSet sources;
    const Result<Plan> plan = read_plan(folder / "db", sources, options);
    if (!plan) return folder.relative(plan.error().message);
    return folder.relative(fmt::format("{}: {}", plan->layout, plan->evidence.at(0)));
}

TEST(Detection, ChoosesAToolItCanRead) {
    const std::vector<LayoutCase> cases = {
        {"sqlx by a template comment",
         {{"db/1_a.up.sql", ""}, {"db/1_a.down.sql", "-- Add down migration script here\n"}},
         "sqlx: db/1_a.down.sql holds \"-- Add down migration script here\""},
        {"sqlx by Cargo.toml above",
         {{"db/1_a.sql", ""}, {"Cargo.toml", "[dependencies]\nsqlx = \"0.8\"\n"}},
         "sqlx: Cargo.toml names sqlx"},
        {"sqlx by a dependency table",
         {{"db/1_a.sql", ""}, {"Cargo.toml", "[workspace.dependencies.sqlx]\n"}},
         "sqlx: Cargo.toml names sqlx"},
        {"sqlx by Cargo.lock",
         {{"db/1_a.sql", ""}, {"Cargo.toml", ""}, {"Cargo.lock", "[[package]]\nname = \"sqlx\"\n"}},
         "sqlx: Cargo.lock names sqlx"},
        {"sqlx by its cache", {{"db/1_a.sql", ""}, {".sqlx/q.json", ""}}, "sqlx: there is .sqlx"},
        {"sqlx cannot read dashes",
         {{"db/1-a.sql", ""}, {"sqlx.toml", ""}},
         "plain: db/1-a.sql is numbered, and nothing speaks for a tool"},
        {"the nearer project file wins",
         {{"db/1_a.sql", ""},
          {"db/package.json", "{\"postgres-migrations\": 1}"},
          {"Cargo.toml", "sqlx = 1"}},
         "postgres-migrations: db/package.json names postgres-migrations"},
        {"diesel by its settings",
         {{"db/1_a/up.sql", ""}, {"diesel.toml", ""}},
         "diesel: there is diesel.toml"},
        {"diesel by a dashed date",
         {{"db/2024-01-02-030405_a/up.sql", ""}},
         "diesel: there is db/2024-01-02-030405_a"},
        {"folders with up.sql", {{"db/1_a/up.sql", ""}}, "diesel: there is db/1_a/up.sql"},
        {"folders with migration.sql",
         {{"db/1_a/migration.sql", ""}},
         "prisma: there is db/1_a/migration.sql"},
        {"postgres-migrations by a directive",
         {{"db/1-a.sql", "-- postgres-migrations disable-transaction\n"}},
         "postgres-migrations: db/1-a.sql holds \"-- postgres-migrations disable-transaction\""},
        {"one numbered file",
         {{"db/1.sql", ""}},
         "plain: db/1.sql is numbered, and nothing speaks for a tool"},
    };
    for (const LayoutCase& each : cases) {
        SCOPED_TRACE(each.name);
        const TempFolder folder;
        for (const File& file : each.files)
            folder.write(file.name, file.text);
        EXPECT_EQ(outcome(folder, {}), each.expected);
    }
}

TEST(Detection, NamesToolsItCannotRead) {
    const std::vector<LayoutCase> cases = {
        {"goose", {{"db/1_a.sql", "\n-- +goose Up\n"}}, "goose (db/1_a.sql holds \"-- +goose\")"},
        {"sql-migrate",
         {{"db/1_a.sql", "-- +migrate Up"}},
         "sql-migrate (db/1_a.sql holds \"-- +migrate Up\")"},
        {"dbmate",
         {{"db/1_a.sql", "-- migrate:up transaction:false\r\n"}},
         "dbmate (db/1_a.sql holds \"-- migrate:up\")"},
        {"tern",
         {{"db/1_a.sql", "SELECT 1;\n---- create above / drop below ----\n"}},
         "tern (db/1_a.sql holds \"---- create above / drop below ----\")"},
        {"node-pg-migrate",
         {{"db/1_a.sql", "-- Up Migration\nSELECT 1;\n-- Down Migration\n"}},
         "node-pg-migrate (db/1_a.sql holds \"-- Up Migration and -- Down Migration\")"},
        {"drizzle by its journal",
         {{"db/0000_a.sql", ""}, {"db/meta/_journal.json", "{}"}},
         "drizzle (there is db/meta/_journal.json)"},
        {"drizzle by a breakpoint",
         {{"db/0000_a.sql", "SELECT 1;--> statement-breakpoint\n"}},
         "drizzle (db/0000_a.sql holds \"--> statement-breakpoint\")"},
        {"atlas", {{"db/1_a.sql", ""}, {"db/atlas.sum", ""}}, "atlas (there is db/atlas.sum)"},
        {"goose with a checksum file of atlas",
         {{"db/1_a.sql", "-- +goose Up\n"}, {"db/atlas.sum", ""}},
         "goose (db/1_a.sql holds \"-- +goose\")"},
        {"pop",
         {{"db/1_a.postgres.up.sql", ""}},
         "pop (db/1_a.postgres.up.sql is named as pop wants it)"},
        {"golang-migrate",
         {{"db/1_a.up.sql", ""}, {"go.mod", "require github.com/golang-migrate/migrate/v4 v4"}},
         "golang-migrate (go.mod names golang-migrate)"},
    };
    for (const LayoutCase& each : cases) {
        SCOPED_TRACE(each.name);
        const TempFolder folder;
        for (const File& file : each.files)
            folder.write(file.name, file.text);
        EXPECT_EQ(
            outcome(folder, {}),
            fmt::format("db belongs to {}, which is not supported yet; --layout plain reads it as "
                        "plain numbered files, each sent as it stands",
                        each.expected));
        EXPECT_EQ(outcome(folder, {.layout = "plain"}),
                  "plain: chosen by --layout or in ordain.toml");
    }
}

TEST(Detection, OffersNoWayOutWhereThereIsNone) {
    const std::vector<LayoutCase> cases = {
        {"flyway",
         {{"db/V1__a.sql", ""}},
         "db belongs to flyway (db/V1__a.sql is named as Flyway wants it), which is not supported "
         "yet; it cannot be read"},
        {"refinery",
         {{"db/V1__a.sql", ""}, {"Cargo.toml", "refinery = '0.8'"}},
         "db belongs to refinery (Cargo.toml names refinery), which is not supported yet; it "
         "cannot "
         "be read"},
        {"sqitch",
         {{"db/sqitch.plan", ""}, {"db/deploy/a.sql", ""}},
         "db belongs to sqitch (there is db/sqitch.plan), which is not supported yet; it cannot be "
         "read"},
        {"hasura",
         {{"db/1700000000000_a/up.sql", ""}},
         "db belongs to hasura (db/1700000000000_a begins with a time in milliseconds), which is "
         "not "
         "supported yet; it cannot be read"},
        {"drizzle of the next release",
         {{"db/1_a/migration.sql", ""}, {"db/1_a/snapshot.json", ""}},
         "db belongs to drizzle (there is db/1_a/snapshot.json), which is not supported yet; it "
         "cannot "
         "be read"},
        {"alembic",
         {{"db/env.py", ""}, {"db/versions/a.py", ""}},
         "db belongs to alembic (there is db/env.py), which is not supported yet; let the tool "
         "write "
         "its migrations as SQL files and name their folder"},
    };
    for (const LayoutCase& each : cases) {
        SCOPED_TRACE(each.name);
        const TempFolder folder;
        for (const File& file : each.files)
            folder.write(file.name, file.text);
        EXPECT_EQ(outcome(folder, {}), each.expected);
    }
}

TEST(Detection, SaysThatTwoToolsAreAsLikely) {
    const TempFolder folder;
    folder.write("db/1_a.sql", "");
    folder.write("Cargo.toml", "sqlx = 1");
    folder.write("package.json", "{\"postgres-migrations\": 1}");
    EXPECT_EQ(
        outcome(folder, {}),
        "db is ambiguous: it may be postgres-migrations (package.json names postgres-migrations) "
        "or sqlx (Cargo.toml names sqlx); say which with --layout, one of diesel, plain, "
        "postgres-migrations, prisma, sqlx, supabase");
    EXPECT_EQ(outcome(folder, {.layout = "sqlx"}), "sqlx: chosen by --layout or in ordain.toml");
}

TEST(Detection, AnOverruledToolIsToldInANote) {
    const TempFolder folder;
    folder.write("1_a.sql", "-- +goose Up\n");
    SourceSet sources;
    const Result<Plan> plan = read_plan(folder.path(), sources, {.layout = "plain"});
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_THAT(notes_of(*plan, folder), ElementsAre("warning .: read as plain because --layout or "
                                                     "ordain.toml says so, but it looks like goose "
                                                     "(1_a.sql holds \"-- +goose\")"));
}

TEST(Detection, PairsWithoutAProjectAreReadWithACaution) {
    const TempFolder folder;
    folder.write("1_a.up.sql", "");
    folder.write("1_a.down.sql", "");
    SourceSet sources;
    const Result<Plan> plan = read_plan(folder.path(), sources, {});
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_THAT(lines_of(*plan, sources),
                ElementsAre("1_a 1 script 1_a.up.sql script 1_a.down.sql"));
    EXPECT_THAT(
        notes_of(*plan, folder),
        ElementsAre(StartsWith("warning .: sqlx and golang-migrate name their files like this")));
}

TEST(Detection, RefusesLayoutsItDoesNotKnow) {
    const TempFolder folder;
    folder.write("db/1_a.sql", "");
    EXPECT_EQ(outcome(folder, {.layout = "goose"}),
              "--layout goose: that tool is not supported yet; choose one of diesel, plain, "
              "postgres-migrations, prisma, sqlx, supabase");
    EXPECT_EQ(outcome(folder, {.layout = "sqx"}),
              "--layout sqx: no such layout; choose one of diesel, "
              "plain, postgres-migrations, prisma, sqlx, supabase");
}

TEST(Discovery, FindsTheOnlyFolderBelow) {
    const TempFolder folder;
    folder.write("db/app/crates/server/migrations/1_a.sql", "SELECT 1;");
    folder.write("db/node_modules/x/migrations/1_a.sql", "");
    folder.write("db/app/mysql/migrations/1_a.sql", "");
    folder.write("db/.hidden/migrations/1_a.sql", "");
    folder.write("db/app/tests/fixtures/migrations/1_a.sql", "");
    folder.write("db/sqlite/1_a/migration.sql", "");
    folder.write("db/other/migration_lock.toml", "provider = \"sqlite\"");
    folder.write("db/queries/1.sql", "");
    folder.write("db/web/migrations/__init__.py", "");
    folder.write("db/web/migrations/0001_initial.py", "");
    std::filesystem::create_directory_symlink(folder / "db/app", folder / "db/loop");
    EXPECT_EQ(
        outcome(folder, {}),
        "plain: db/app/crates/server/migrations/1_a.sql is numbered, and nothing speaks for a "
        "tool");
}

TEST(Discovery, ListsSeveralFoldersAndChoosesNone) {
    const TempFolder folder;
    folder.write("db/b/1_a.sql", "");
    folder.write("db/b/2_b.sql", "");
    folder.write("db/b/rollback/1_a.sql", "");
    folder.write("db/b/rollback/2_b.sql", "");
    folder.write("db/a/1_a/up.sql", "");
    folder.write("db/a/2_b/up.sql", "");
    folder.write("db/c/1_a.sql", "-- +goose Up\n");
    EXPECT_EQ(outcome(folder, {}),
              "db holds 3 migration folders; name one of them:\n  db/a (diesel)\n"
              "  db/b (plain)\n  db/c (goose)");
    std::vector<std::string> found;
    for (const auto& each : find_migration_folders(folder.path())) {
        found.push_back(folder.relative(each.string()));
    }
    EXPECT_THAT(found, ElementsAre("db/a", "db/b", "db/c"));
}

TEST(Discovery, SaysWhatItLookedFor) {
    const TempFolder folder;
    folder.write("db/schema.sql", "");
    folder.write("db/one/up.sql", "");
    std::filesystem::remove(folder / "db/one/up.sql");
    EXPECT_EQ(
        outcome(folder, {}),
        "no migrations found in db: looked there and below for numbered .sql files, for folders "
        "with up.sql or migration.sql, and for the files of other migration tools");
    EXPECT_EQ(outcome(folder, {.layout = "sqlx"}), outcome(folder, {}));
    folder.write("db/up.sql", "");
    EXPECT_EQ(outcome(folder, {}), "db is a single migration: name db/up.sql to judge it on its "
                                   "history, or the folder above it");
}

TEST(BadInput, MissingPathsAndFilesAreNoFolders) {
    const TempFolder folder;
    EXPECT_EQ(outcome(folder, {}), "db does not exist; name a folder of migrations");
    folder.write("db", "");
    EXPECT_EQ(outcome(folder, {}), "db is not a folder");
}

TEST(BadInput, AFileThatCannotBeReadIsNamed) {
    const TempFolder folder;
    folder.make_folder("db");
    std::filesystem::create_symlink("/proc/self/mem", folder / "db/1_a.sql");
    folder.write("db/2_b.sql", "");
    EXPECT_EQ(outcome(folder, {.layout = "plain"}),
              "db/1_a.sql cannot be read: Input/output error");
}

TEST(BadInput, AHugeFileIsRefusedUnread) {
    const TempFolder folder;
    folder.write("db/1_a.sql", "");
    std::filesystem::resize_file(folder / "db/1_a.sql", max_file_bytes);
    EXPECT_THAT(outcome(folder, {}), StartsWith("plain: "));
    std::filesystem::resize_file(folder / "db/1_a.sql", max_file_bytes + 1);
    EXPECT_EQ(outcome(folder, {}),
              "db/1_a.sql is larger than 64 MiB, which no migration is: split it, "
              "or move it out of the migration folder");
}

TEST(BadInput, LinksThatLeadNowhereAreNotes) {
    const TempFolder folder;
    folder.write("1_a.sql", "");
    std::filesystem::create_symlink("3_loop.sql", folder / "3_loop.sql");
    std::filesystem::create_symlink("gone", folder / "2_gone.sql");
    SourceSet sources;
    const Result<Plan> plan = read_plan(folder.path(), sources, {.layout = "plain"});
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_THAT(lines_of(*plan, sources), ElementsAre("1_a 1 script 1_a.sql"));
    EXPECT_THAT(notes_of(*plan, folder), ElementsAre("error 2_gone.sql: this link leads nowhere",
                                                     "error 3_loop.sql: this link leads nowhere"));
}

TEST(BadInput, StrangeNamesStayOnOneLineAndUnique) {
    const TempFolder folder;
    folder.write("1_a\nb.sql", "");
    folder.write("1_a\\x0ab.sql", "");
    folder.write("2_\xFF.sql", "");
    folder.write("3_\xC3\xA9.sql", "");
    SourceSet sources;
    const Result<Plan> plan = read_plan(folder.path(), sources, {.layout = "plain"});
    ASSERT_TRUE(plan) << plan.error().message;
    EXPECT_THAT(lines_of(*plan, sources),
                ElementsAre("1_a\\x0ab 1 script 1_a\\x0ab.sql",
                            "1_a\\x0ab.sql 1 script 1_a\\x0ab.sql", "2_\\xff 2 script 2_\\xff.sql",
                            "3_\xC3\xA9 3 script 3_\xC3\xA9.sql"));
}

TEST(Loading, ManyFilesComeInThePlansOrder) {
    const TempFolder folder;
    for (int number = 1; number <= 500; ++number) {
        folder.write(fmt::format("{:03}_a.sql", number), fmt::format("SELECT {};", number));
    }
    SourceSet sources;
    const Result<Plan> plan = read_plan(folder.path(), sources, {});
    ASSERT_TRUE(plan) << plan.error().message;
    ASSERT_EQ(sources.size(), 500U);
    for (int number = 1; number <= 500; ++number) {
        const auto& file = sources.file(FileId(number - 1));
        ASSERT_EQ(file.bytes(), fmt::format("SELECT {};", number));
        ASSERT_EQ(plan->migrations.at(static_cast<std::size_t>(number) - 1).up.file,
                  FileId(number - 1));
    }
}

TEST(LocaleOrder, IsThatOfLocaleCompare) {
    // Ascending, as node 20 sorts them.
    constexpr std::array<std::string_view, 12> names = {
        "",    "20250625_a", "20250625_a_b", "20250625_a-b", "20250625093408_x",
        "a_b", "aa",         "aA",           "Aa",           "ab",
        "Ab",  "b",
    };
    for (std::size_t index = 1; index < names.size(); ++index) {
        SCOPED_TRACE(names.at(index));
        EXPECT_TRUE(compare_in_locale(names.at(index - 1), names.at(index)) < 0);
        EXPECT_TRUE(compare_in_locale(names.at(index), names.at(index - 1)) > 0);
        EXPECT_TRUE(compare_in_locale(names.at(index), names.at(index)) == 0);
    }
}

TEST(ShownPath, IsRelativeBelowTheCurrentFolder) {
    const std::filesystem::path here = std::filesystem::current_path();
    EXPECT_EQ(shown(here / "a/./b/"), "a/b");
    EXPECT_EQ(shown("a/../b"), "b");
    EXPECT_EQ(shown(here), ".");
    EXPECT_EQ(shown("../b/"), "../b");
    EXPECT_EQ(shown("/nowhere/x/"), "/nowhere/x");
    EXPECT_EQ(printable("a\tb\x7F\xE2\x82\xAC\xE2\x82"), "a\\x09b\\x7f\xE2\x82\xAC\\xe2\\x82");
}

} // namespace
} // namespace ordain::layout
