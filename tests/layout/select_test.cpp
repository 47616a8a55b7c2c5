#include "layout/layout.hpp"
#include "layout/temp_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::layout {
namespace {

using testing::ElementsAre;

/// "layout[ids] selected" for each selection, or the failure's message.
std::vector<std::string> select(const TempFolder& folder,
                                const std::vector<std::string>& names,
                                const LayoutOptions& options) {
    std::vector<std::filesystem::path> paths;
    paths.reserve(names.size());
    for (const std::string& name : names)
        paths.push_back(folder / name);
    SourceSet sources;
    const Result<std::vector<Selection>> selections = plan_of_files(paths, sources, options);
    if (!selections) return {folder.relative(selections.error().message)};
    std::vector<std::string> lines;
    for (const Selection& each : *selections) {
        std::vector<std::string> ids;
        for (const Migration& migration : each.plan.migrations)
            ids.push_back(migration.id);
        lines.push_back(fmt::format("{}{} {}", each.plan.layout, ids, each.selected));
    }
    return lines;
}

TempFolder& with_two_histories(TempFolder& folder) {
    folder.write("flat/1_a.sql", "");
    folder.write("flat/2_b.sql", "");
    folder.write("flat/rollback/1_a.sql", "");
    folder.write("flat/seed.sql", "");
    folder.write("tree/2024-01-02-000000_c/up.sql", "SELECT 1;");
    folder.write("tree/2024-01-02-000000_c/down.sql", "SELECT 1;");
    folder.write("tree/2024-01-03-000000_d/up.sql", "SELECT 1;");
    folder.write("alone/7_x.sql", "");
    return folder;
}

TEST(PlanOfFiles, JudgesFilesOnTheirFoldersHistory) {
    TempFolder folder;
    with_two_histories(folder);
    EXPECT_THAT(select(folder, {"flat/2_b.sql"}, {}), ElementsAre("plain[\"1_a\", \"2_b\"] [1]"));
    EXPECT_THAT(select(folder, {"flat/rollback/1_a.sql"}, {}),
                ElementsAre("plain[\"1_a\", \"2_b\"] [0]"));
    EXPECT_THAT(select(folder,
                       {"tree/2024-01-03-000000_d/up.sql", "flat/2_b.sql", "flat/1_a.sql",
                        "flat/2_b.sql", "tree/2024-01-02-000000_c/down.sql"},
                       {}),
                ElementsAre("diesel[\"2024-01-02-000000_c\", \"2024-01-03-000000_d\"] [0, 1]",
                            "plain[\"1_a\", \"2_b\"] [0, 1]"));
}

TEST(PlanOfFiles, FilesWithoutAHistoryArePlansOfTheirOwn) {
    TempFolder folder;
    with_two_histories(folder);
    EXPECT_THAT(select(folder, {"flat/seed.sql", "alone/7_x.sql"}, {}),
                ElementsAre("file[\"seed\"] [0]", "file[\"7_x\"] [0]"));
    EXPECT_THAT(select(folder, {"alone/7_x.sql"}, {.layout = "sqlx"}),
                ElementsAre("sqlx[\"7_x\"] [0]"));
    EXPECT_THAT(select(folder, {"flat/seed.sql"}, {.layout = "diesel"}),
                ElementsAre("diesel[\"seed\"] [0]"));
}

TEST(PlanOfFiles, NeverReadsUpAndDownSectionsAsOneScript) {
    const TempFolder folder;
    folder.write("goose/1_a.sql", "-- +goose Up\n-- +goose Down\n");
    folder.write("goose/seed.sql", "SELECT 1;");
    folder.write("alone/x.sql", "-- migrate:up\n");
    EXPECT_THAT(
        select(folder, {"goose/1_a.sql"}, {}),
        ElementsAre("goose belongs to goose (goose/1_a.sql holds \"-- +goose\"), which is not "
                    "supported yet; --layout plain reads it as plain numbered files, each sent "
                    "as it stands"));
    EXPECT_THAT(select(folder, {"goose/seed.sql"}, {}), ElementsAre("file[\"seed\"] [0]"));
    EXPECT_THAT(
        select(folder, {"alone/x.sql"}, {}),
        ElementsAre("alone belongs to dbmate (alone/x.sql holds \"-- migrate:up\"), which is "
                    "not supported yet; it cannot be read"));
    EXPECT_THAT(select(folder, {"goose/1_a.sql"}, {.layout = "plain"}),
                ElementsAre("plain[\"1_a\"] [0]"));
}

/// "layout[ids] selected: stray notes", each with its message.
std::vector<std::string> stray_in(const Result<std::vector<Selection>>& selections) {
    std::vector<std::string> lines;
    for (const Selection& each : *selections) {
        std::string line = fmt::format("{} of {} {}", each.selected.size(),
                                       each.plan.migrations.size(), each.plan.layout);
        for (const LayoutNote& note : each.plan.notes) {
            if (std::ranges::find(each.stray, note.path) != each.stray.end()) {
                line += "; " + note.message;
            }
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

TEST(PlanOfFiles, ADownScriptWithoutItsUpScriptIsNotJudged) {
    const TempFolder folder;
    folder.write("flat/1_a.up.sql", "");
    folder.write("flat/1_a.down.sql", "");
    folder.write("flat/2_b.up.sql", "");
    folder.write("flat/3_c.down.sql", "");
    folder.write("flat/4_d.down.sql", "");
    folder.write("tree/2024-01-02-000000_c/up.sql", "");
    folder.write("tree/2024-01-03-000000_d/down.sql", "");
    const auto strays = [&](const std::vector<std::filesystem::path>& names,
                            const LayoutOptions& options) {
        std::vector<std::filesystem::path> paths;
        paths.reserve(names.size());
        for (const std::filesystem::path& name : names)
            paths.push_back(folder / name.string());
        SourceSet sources;
        return stray_in(plan_of_files(paths, sources, options));
    };
    const std::string left_out = "left out: a down script without its up script";
    EXPECT_THAT(strays({"flat/3_c.down.sql"}, {}), ElementsAre("0 of 0 plain; " + left_out));
    EXPECT_THAT(strays({"flat/3_c.down.sql", "flat/2_b.up.sql", "flat/4_d.down.sql"}, {}),
                ElementsAre("1 of 2 plain; " + left_out + "; " + left_out));
    EXPECT_THAT(strays({"flat/3_c.down.sql"}, {.layout = "sqlx"}),
                ElementsAre("0 of 0 sqlx; a down file without its up file"));
    EXPECT_THAT(strays({"tree/2024-01-03-000000_d/down.sql"}, {}),
                ElementsAre("0 of 0 diesel; Diesel stops at this folder: it is not empty and has "
                            "no up.sql"));
}

TEST(PlanOfFiles, SaysWhyAFileCannotBeRead) {
    TempFolder folder;
    with_two_histories(folder);
    folder.write("notes.txt", "");
    EXPECT_THAT(select(folder, {"flat"}, {}),
                ElementsAre("flat is a folder; name it without any files"));
    EXPECT_THAT(select(folder, {"notes.txt"}, {}), ElementsAre("notes.txt is not an .sql file"));
    EXPECT_THAT(
        select(folder, {"gone.sql"}, {}),
        ElementsAre("gone.sql does not exist; name an .sql file or a folder of migrations"));
    std::filesystem::create_symlink("gone.sql", folder / "link.sql");
    EXPECT_THAT(select(folder, {"link.sql"}, {}),
                ElementsAre("link.sql is a link that leads nowhere; name an .sql file or a folder "
                            "of migrations"));
    EXPECT_THAT(select(folder, {"flat/1_a.sql"}, {.layout = "x"}),
                ElementsAre("--layout x: no such layout; choose one of diesel, plain, "
                            "postgres-migrations, prisma, sqlx, supabase"));
}

/// "layout[ids] selected text" of a text under a name.
std::string select_text(const TempFolder& folder, const std::string& name) {
    SourceSet sources;
    const Result<Selection> selection =
        plan_of_text("SELECT 42;", name.empty() ? name : (folder / name).string(), sources, {});
    if (!selection) return folder.relative(selection.error().message);
    std::vector<std::string> ids;
    for (const Migration& migration : selection->plan.migrations)
        ids.push_back(migration.id);
    const Migration& migration = selection->plan.migrations.at(selection->selected.at(0));
    return fmt::format("{}{} {} {}", selection->plan.layout, ids, selection->selected,
                       sources.file(migration.up.file).bytes());
}

TEST(PlanOfText, AFolderIsNoFile) {
    TempFolder folder;
    with_two_histories(folder);
    EXPECT_EQ(select_text(folder, "flat"),
              "flat is a folder; name the file that the text stands for, which need not exist");
    EXPECT_EQ(select_text(folder, "new/"),
              "new is a folder; name the file that the text stands for, which need not exist");
}

TEST(PlanOfText, ReplacesOrInsertsAMigration) {
    TempFolder folder;
    with_two_histories(folder);
    EXPECT_EQ(select_text(folder, "flat/1_a.sql"), "plain[\"1_a\", \"2_b\"] [0] SELECT 42;");
    EXPECT_EQ(select_text(folder, "flat/0_z.sql"),
              "plain[\"0_z\", \"1_a\", \"2_b\"] [0] SELECT 42;");
    EXPECT_EQ(
        select_text(folder, "tree/2024-01-02-120000_new/up.sql"),
        "diesel[\"2024-01-02-000000_c\", \"2024-01-02-120000_new\", \"2024-01-03-000000_d\"] [1] "
        "SELECT 42;");
}

TEST(PlanOfText, NeedsNoFolder) {
    const TempFolder folder;
    EXPECT_EQ(select_text(folder, "nowhere/at/all/1_a.sql"), "file[\"1_a\"] [0] SELECT 42;");
    EXPECT_EQ(select_text(folder, "query"), "file[\"query\"] [0] SELECT 42;");
    EXPECT_EQ(select_text(folder, ""), "file[\"<stdin>\"] [0] SELECT 42;");
}

} // namespace
} // namespace ordain::layout
