#include "layout/commands.hpp"
#include "layout/layout.hpp"
#include "layout/temp_folder.hpp"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <string>

namespace ordain::layout {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

struct Read {
    SourceSet sources;
    Result<Plan> plan = failure("not read");
};

std::unique_ptr<Read> read(const TempFolder& folder, std::optional<std::string> layout) {
    auto result = std::make_unique<Read>();
    result->plan = read_plan(folder.path(), result->sources, {.layout = std::move(layout)});
    return result;
}

TEST(Wrapping, NamesAreThoseOfTheReport) {
    EXPECT_EQ(name_of(Wrapping::explicit_block), "explicit");
    EXPECT_EQ(name_of(Wrapping::implicit_block), "implicit");
    EXPECT_EQ(name_of(Wrapping::each_statement), "statement");
    EXPECT_EQ(name_of(Wrapping::all_migrations), "all");
    EXPECT_EQ(name_of(Wrapping::script), "script");
}

TEST(Commands, PsqlStandsForNoRunnerThatWrapsFiles) {
    EXPECT_THAT(commands_of("plain", std::nullopt).run, HasSubstr("psql"));
    EXPECT_THAT(commands_of("plain", Wrapping::script).run, HasSubstr("psql"));
    EXPECT_EQ(commands_of("plain", Wrapping::explicit_block).run, "");
    EXPECT_THAT(commands_of("sqlx", Wrapping::explicit_block).run, HasSubstr("sqlx migrate run"));
}

TEST(Sqlx, OrdersByNumberAndPairsDownFiles) {
    const TempFolder folder;
    folder.write("9_b.up.sql", "SELECT 1;");
    folder.write("9_b.down.sql", "-- no-transaction\nSELECT 2;");
    folder.write("10_c.sql", "-- no-transactions are fine\nSELECT 3;");
    folder.write("1_a.sql", "SELECT 4;");
    folder.write("seed.sql", "SELECT 5;");
    folder.make_folder("12_folder.sql");
    const auto result = read(folder, "sqlx");
    ASSERT_TRUE(result->plan) << result->plan.error().message;
    const Plan& plan = *result->plan;
    EXPECT_THAT(lines_of(plan, result->sources),
                ElementsAre("1_a 1 explicit 1_a.sql",
                            "9_b 9 explicit 9_b.up.sql implicit 9_b.down.sql",
                            "10_c 10 implicit 10_c.sql"));
    EXPECT_THAT(
        notes_of(plan, folder),
        ElementsAre(
            "note 12_folder.sql: left out: not a regular file",
            "note seed.sql: left out: sqlx reads <version>_<name>.sql only",
            "warning .: the order is not that of a listing at 3 of 3 places: sqlx orders by "
            "number, so \"1_a\" runs where a listing shows \"10_c\""));
    EXPECT_EQ(plan.migrations[2].up.directive, (Span{.begin = 0, .end = 17}));
    EXPECT_EQ(plan.migrations[2].up.section, (Span{.begin = 0, .end = 37}));
    EXPECT_EQ(plan.migrations[2].ordinal, 3U);
    EXPECT_TRUE(plan.migrations[0].up.directive.empty());
    ASSERT_EQ(plan.beforehand.scripts.size(), 1U);
    EXPECT_THAT(result->sources.file(plan.beforehand.scripts.front().script.file).bytes(),
                StartsWith("CREATE TABLE _sqlx_migrations ("));
    EXPECT_TRUE(plan.sent_whole);
    EXPECT_TRUE(plan.wraps_in_transaction);
}

TEST(Supabase, OrdersByNameAndRunsAloneWhatMust) {
    const TempFolder folder;
    folder.write("20250102000000_b.sql", "SELECT 1; -- concurrently\nSELECT 'vacuum';");
    folder.write("20250101000000_a.sql", "SELECT 1;");
    folder.write("20250103000000_c.sql", "SELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (a);");
    folder.write("20250103000000_d.sql", "VACUUM t;");
    folder.write("20250104000000-e.sql", "SELECT 1;");
    folder.write("seed.sql", "SELECT 1;");
    const auto result = read(folder, "supabase");
    ASSERT_TRUE(result->plan) << result->plan.error().message;
    const Plan& plan = *result->plan;
    EXPECT_THAT(lines_of(plan, result->sources),
                ElementsAre("20250101000000_a 20250101000000 implicit 20250101000000_a.sql",
                            "20250102000000_b 20250102000000 implicit 20250102000000_b.sql",
                            "20250103000000_c 20250103000000 statement 20250103000000_c.sql",
                            "20250103000000_d 20250103000000 statement 20250103000000_d.sql"));
    EXPECT_THAT(
        notes_of(plan, folder),
        ElementsAre(
            "warning 20250104000000-e.sql: skipped by the Supabase CLI, which reads "
            "<digits>_<name>.sql in lower case only",
            "note seed.sql: skipped by the Supabase CLI, which reads <digits>_<name>.sql in lower "
            "case only",
            StartsWith("error 20250103000000_d.sql: "),
            StartsWith("note 20250103000000_c.sql: read as the Supabase CLI runs it"),
            StartsWith("note 20250103000000_d.sql: read as the Supabase CLI runs it")));
}

TEST(Sqlx, TellsWhatItWouldStopAt) {
    const TempFolder folder;
    folder.write("1_a.sql", "SELECT 1;");
    folder.write("1_b.sql", "SELECT 1;");
    folder.write("2_bytes.sql", "SELECT '\xFF';");
    folder.write("3_gone.down.sql", "SELECT 1;");
    folder.write("4_upper.SQL", "SELECT 1;");
    folder.write("99999999999999999999_big.sql", "SELECT 1;");
    folder.write("seed_data.sql", "SELECT 1;");
    const auto result = read(folder, "sqlx");
    ASSERT_TRUE(result->plan) << result->plan.error().message;
    EXPECT_THAT(
        notes_of(*result->plan, folder),
        ElementsAre(
            "warning 4_upper.SQL: silently ignored by sqlx, which reads <version>_<name>.sql in "
            "lower case only",
            "error 99999999999999999999_big.sql: sqlx stops at this file: \"99999999999999999999\" "
            "before the first _ is not a 64-bit number; move the file out of the folder",
            "error seed_data.sql: sqlx stops at this file: \"seed\" before the first _ is not a "
            "64-bit number; move the file out of the folder",
            "warning 3_gone.down.sql: a down file without its up file",
            "error 1_b.sql: version 1 is also that of \"1_a\": sqlx fails when it records the "
            "second "
            "one (23505 on _sqlx_migrations), and their order is undefined",
            "error 2_bytes.sql: sqlx stops at this file: it is not valid UTF-8"));
}

TEST(Sqlx, SimpleAndReversibleOfOneNameKeepIdsApart) {
    const TempFolder folder;
    folder.write("1_a.sql", "SELECT 1;");
    folder.write("1_a.up.sql", "SELECT 2;");
    const auto result = read(folder, "sqlx");
    ASSERT_TRUE(result->plan) << result->plan.error().message;
    EXPECT_THAT(lines_of(*result->plan, result->sources),
                ElementsAre("1_a 1 explicit 1_a.sql", "1_a.up.sql 1 explicit 1_a.up.sql"));
}

struct DirectiveCase {
    std::string_view name;
    std::string_view text;
    Wrapping wrapping = Wrapping::explicit_block;
    std::size_t notes = 0;
};

TEST(Sqlx, ObeysItsDirectiveAtTheVeryFirstByteOnly) {
    constexpr std::array cases = {
        DirectiveCase{"first", "-- no-transaction\nSELECT 1;", Wrapping::implicit_block, 0},
        DirectiveCase{"byte order mark", "\xEF\xBB\xBF-- no-transaction\n",
                      Wrapping::explicit_block, 1},
        DirectiveCase{"blank line", "\n-- no-transaction\n", Wrapping::explicit_block, 1},
        DirectiveCase{"comment", "-- why\r\n-- no-transaction\r\n", Wrapping::explicit_block, 1},
        DirectiveCase{"no blank", "--no-transaction\n", Wrapping::explicit_block, 1},
        DirectiveCase{"upper case", "-- NO-TRANSACTION", Wrapping::explicit_block, 1},
        DirectiveCase{"after SQL", "SELECT 1;\n-- no-transaction\n", Wrapping::explicit_block, 0},
        DirectiveCase{"empty", "", Wrapping::explicit_block, 0},
    };
    for (const DirectiveCase& each : cases) {
        SCOPED_TRACE(each.name);
        const TempFolder folder;
        folder.write("1_a.sql", each.text);
        const auto result = read(folder, "sqlx");
        ASSERT_TRUE(result->plan) << result->plan.error().message;
        EXPECT_EQ(result->plan->migrations.at(0).up.wrapping, each.wrapping);
        EXPECT_THAT(result->plan->notes, SizeIs(each.notes));
    }
}

TEST(Diesel, OrdersVersionsAsStringsAndReadsMetadata) {
    const TempFolder folder;
    folder.write("2024-01-02-030405-0000_c/up.sql", "SELECT 1;");
    folder.write("20230101000000_b/up.sql", "SELECT 1;");
    folder.write("20230101000000_b/down.sql", "SELECT 1;");
    folder.write("20230101000000_b/metadata.toml", "run_in_transaction = false");
    folder.write("00000000000000_diesel_initial_setup/up.sql", "SELECT 1;");
    folder.write(".hidden/x", "");
    folder.make_folder("20250101000000_empty");
    folder.write("README.md", "");
    const auto result = read(folder, std::nullopt);
    ASSERT_TRUE(result->plan) << result->plan.error().message;
    EXPECT_EQ(result->plan->layout, "diesel");
    EXPECT_THAT(lines_of(*result->plan, result->sources),
                ElementsAre("00000000000000_diesel_initial_setup 00000000000000 explicit "
                            "00000000000000_diesel_initial_setup/up.sql",
                            "20230101000000_b 20230101000000 implicit 20230101000000_b/up.sql "
                            "implicit 20230101000000_b/down.sql",
                            "2024-01-02-030405-0000_c 202401020304050000 explicit "
                            "2024-01-02-030405-0000_c/up.sql"));
    EXPECT_THAT(result->plan->notes, IsEmpty());
    ASSERT_EQ(result->plan->beforehand.scripts.size(), 1U);
    EXPECT_THAT(result->sources.file(result->plan->beforehand.scripts.front().script.file).bytes(),
                StartsWith("CREATE TABLE __diesel_schema_migrations ("));
}

TEST(Diesel, MetadataIsReadAsItsSerdeReadsIt) {
    constexpr std::array cases = {
        DirectiveCase{"true", "run_in_transaction = true", Wrapping::explicit_block, 0},
        DirectiveCase{"false", "run_in_transaction = false # slow", Wrapping::implicit_block, 0},
        DirectiveCase{"empty", "", Wrapping::implicit_block, 1},
        DirectiveCase{"other key", "author = 'me'", Wrapping::implicit_block, 1},
        DirectiveCase{"in a table", "[x]\nrun_in_transaction = true", Wrapping::implicit_block, 1},
        DirectiveCase{"not TOML", "run_in_transaction: false", Wrapping::explicit_block, 1},
        DirectiveCase{"not boolean", "run_in_transaction = 'false'", Wrapping::explicit_block, 1},
    };
    for (const DirectiveCase& each : cases) {
        SCOPED_TRACE(each.name);
        const TempFolder folder;
        folder.write("1_a/up.sql", "SELECT 1;");
        folder.write("1_a/metadata.toml", each.text);
        const auto result = read(folder, "diesel");
        ASSERT_TRUE(result->plan) << result->plan.error().message;
        EXPECT_EQ(result->plan->migrations.at(0).up.wrapping, each.wrapping);
        EXPECT_THAT(result->plan->notes, SizeIs(each.notes));
    }
}

TEST(Diesel, MetadataOfDeeplyNestedKeysIsInvalid) {
    std::string key = "a";
    while (key.size() < 100000)
        key += ".a";
    const TempFolder folder;
    folder.write("1_a/up.sql", "SELECT 1;");
    folder.write("1_a/metadata.toml", key + " = 1");
    folder.write("2_b/up.sql", "SELECT 1;");
    folder.write("2_b/metadata.toml", key.substr(0, 16001) + " = 1");
    const auto result = read(folder, "diesel");
    ASSERT_TRUE(result->plan) << result->plan.error().message;
    EXPECT_EQ(result->plan->migrations.at(0).up.wrapping, Wrapping::explicit_block);
    EXPECT_EQ(result->plan->migrations.at(1).up.wrapping, Wrapping::implicit_block);
}

TEST(Diesel, TellsWhatItWouldStopAt) {
    const TempFolder folder;
    folder.write("1_a/up.sql", "");
    folder.write("1_a/down.sql", "");
    folder.write("1_b/up.sql", "SELECT '\xFF';");
    folder.write("2_c/readme.txt", "");
    folder.make_folder("3_d/up.sql");
    folder.write("loose.sql", "SELECT 1;");
    const auto result = read(folder, "diesel");
    ASSERT_TRUE(result->plan) << result->plan.error().message;
    EXPECT_THAT(
        notes_of(*result->plan, folder),
        ElementsAre(
            "error 2_c: Diesel stops at this folder: it is not empty and has no up.sql",
            "error 3_d/up.sql: is not a readable file",
            "note loose.sql: left out: Diesel reads <version>_<name>/up.sql only",
            "error 1_a/up.sql: Diesel refuses to run this migration: the file is empty (0 bytes); "
            "write a comment into it",
            "warning 1_a/down.sql: Diesel refuses to revert this migration: the file is empty (0 "
            "bytes); write a comment into it",
            "error 1_b/up.sql: Diesel refuses to run this migration: the file is not valid UTF-8"));
}

TEST(Prisma, OrdersByLocaleAndRunsWithoutBegin) {
    const TempFolder folder;
    folder.write("migration_lock.toml", "provider = \"postgresql\"");
    folder.write("20250625093408_x/migration.sql", "SELECT 1;");
    folder.write("20250625_a/migration.sql", "SELECT 1;");
    folder.write("20250625_a/down.sql", "SELECT 1;");
    folder.write("20240101000000_init.sql/migration.sql", "SELECT 1;");
    folder.write("20260101000000_data/migration.ts", "");
    folder.write("loose.sql", "SELECT 1;");
    const auto result = read(folder, std::nullopt);
    ASSERT_TRUE(result->plan) << result->plan.error().message;
    EXPECT_EQ(result->plan->layout, "prisma");
    EXPECT_THAT(
        lines_of(*result->plan, result->sources),
        ElementsAre("20240101000000_init.sql 20240101000000 implicit "
                    "20240101000000_init.sql/migration.sql",
                    "20250625_a 20250625 implicit 20250625_a/migration.sql",
                    "20250625093408_x 20250625093408 implicit 20250625093408_x/migration.sql"));
    EXPECT_THAT(
        notes_of(*result->plan, folder),
        ElementsAre("error 20260101000000_data: Prisma stops at this folder (P3015): it has no "
                    "migration.sql",
                    "note loose.sql: left out: Prisma reads <name>/migration.sql only",
                    "warning .: the order is not that of a listing at 2 of 3 places: Prisma "
                    "orders by locale (localeCompare) and old releases bytewise, so "
                    "\"20250625_a\" runs where a listing shows \"20250625093408_x\""));
    EXPECT_FALSE(result->plan->wraps_in_transaction);
}

TEST(Prisma, RefusesAnotherDatabase) {
    const TempFolder folder;
    folder.write("migration_lock.toml", "provider = \"sqlite\"");
    folder.write("1_a/migration.sql", "SELECT 1;");
    const auto result = read(folder, std::nullopt);
    ASSERT_FALSE(result->plan);
    EXPECT_EQ(
        folder.relative(result->plan.error().message),
        "migration_lock.toml says that these migrations are for sqlite; only postgresql can be "
        "read");
}

TEST(PostgresMigrations, OrdersByNumberAndReadsDirectives) {
    const TempFolder folder;
    folder.write("package.json", R"({"dependencies": {"postgres-migrations": "5"}})");
    folder.write("0001-a.sql", "SELECT 1;");
    folder.write("0002_b.SQL", "-- why\n-- postgres-migrations disable-transaction\nSELECT 1;");
    folder.write("00003c.sql", "SELECT 1; -- postgres-migrations disable-transaction");
    folder.write("4.js", "");
    folder.write("0005-e.sql", "-- postgres-migrations ignore\nSELECT 1;");
    const auto result = read(folder, std::nullopt);
    ASSERT_TRUE(result->plan) << result->plan.error().message;
    const Plan& plan = *result->plan;
    EXPECT_EQ(plan.layout, "postgres-migrations");
    EXPECT_THAT(lines_of(plan, result->sources),
                ElementsAre("0001-a 0001 explicit 0001-a.sql", "0002_b 0002 implicit 0002_b.SQL",
                            "00003c 00003 implicit 00003c.sql", "0005-e 0005 explicit 0005-e.sql"));
    EXPECT_EQ(plan.migrations[1].up.directive, (Span{.begin = 7, .end = 49}));
    EXPECT_FALSE(plan.migrations[1].up.ignored);
    EXPECT_TRUE(plan.migrations[3].up.ignored);
    EXPECT_THAT(
        notes_of(plan, folder),
        ElementsAre(
            "warning 4.js: left out: a migration in JavaScript, whose SQL is not known without "
            "running it",
            "warning .: the order is not that of a listing at 3 of 4 places: "
            "postgres-migrations orders by number, so \"0001-a\" runs where a listing shows "
            "\"00003c\"",
            "warning 00003c.sql: the file runs outside a transaction: \"disable-transaction\" "
            "counts wherever it stands, also after SQL or in a string",
            "note 0005-e.sql: not run: \"-- postgres-migrations ignore\" makes "
            "supabase/storage's runner send SELECT 1 instead; the stock runner would run the "
            "file"));
}

TEST(PostgresMigrations, WantsConsecutiveNumbers) {
    const TempFolder folder;
    folder.write("1-a.sql", "SELECT 1;");
    folder.write("1-b.sql", "SELECT 1;");
    folder.write("2-c.sql", "SELECT 1;");
    folder.write("4-d.sql", "SELECT 1;");
    folder.write("seed.sql", "SELECT 1;");
    folder.make_folder("5-e.sql");
    const auto result = read(folder, "postgres-migrations");
    ASSERT_TRUE(result->plan) << result->plan.error().message;
    EXPECT_THAT(
        notes_of(*result->plan, folder),
        ElementsAre("error 5-e.sql: postgres-migrations stops here: this is not a readable "
                    "file",
                    "error seed.sql: postgres-migrations stops at this file: its name does not "
                    "begin with a number",
                    "error 4-d.sql: postgres-migrations refuses the folder: number 3 is wanted "
                    "here, without gaps from 1",
                    "error 1-b.sql: version 1 is also that of \"1-a\": postgres-migrations "
                    "refuses the folder"));
}

TEST(Plain, FindsTheWayBackUnderAllItsNames) {
    const TempFolder folder;
    folder.write("001_a.sql", "");
    folder.write("001_a_rollback.sql", "");
    folder.write("002_b.sql", "");
    folder.write("002_b.rollback.sql", "");
    folder.write("003_c.up.sql", "");
    folder.write("003_c.down.sql", "");
    folder.write("004_d.sql", "");
    folder.write("004_d_DOWN.sql", "");
    folder.write("005_e.sql", "");
    folder.write("rollback/005_e.sql", "");
    folder.write("006_f.sql", "");
    folder.write("down/006_f.down.sql", "");
    folder.write("007_g.sql", "");
    folder.write("007_rollback.sql", "");
    folder.write("008_scale_down.sql", "");
    folder.write("009.down.sql", "");
    const auto result = read(folder, "plain");
    ASSERT_TRUE(result->plan) << result->plan.error().message;
    EXPECT_THAT(lines_of(*result->plan, result->sources),
                ElementsAre("001_a 001 script 001_a.sql script 001_a_rollback.sql",
                            "002_b 002 script 002_b.sql script 002_b.rollback.sql",
                            "003_c 003 script 003_c.up.sql script 003_c.down.sql",
                            "004_d 004 script 004_d.sql script 004_d_DOWN.sql",
                            "005_e 005 script 005_e.sql script rollback/005_e.sql",
                            "006_f 006 script 006_f.sql script down/006_f.down.sql",
                            "007_g 007 script 007_g.sql script 007_rollback.sql",
                            "008_scale_down 008 script 008_scale_down.sql"));
    EXPECT_THAT(notes_of(*result->plan, folder),
                ElementsAre("warning 009.down.sql: left out: a down script without its up script"));
    EXPECT_FALSE(result->plan->sent_whole);
    EXPECT_FALSE(result->plan->wraps_in_transaction);
    EXPECT_THAT(result->plan->beforehand.scripts, IsEmpty());
}

TEST(Plain, OrdersNumbersOfAnySizeAndDates) {
    const TempFolder folder;
    folder.write("10_a.sql", "");
    folder.write("9-b.sql", "");
    folder.write("009 c.sql", "");
    folder.write("2024-01-02_d.sql", "");
    folder.write("2024-01-02-101500_e.sql", "");
    folder.write("3.sql", "");
    folder.write("123456789012345678901234567890_f.sql", "");
    folder.write("4th.sql", "");
    folder.write("schema.sql", "");
    const auto result = read(folder, std::nullopt);
    ASSERT_TRUE(result->plan) << result->plan.error().message;
    EXPECT_EQ(result->plan->layout, "plain");
    EXPECT_THAT(
        lines_of(*result->plan, result->sources),
        ElementsAre("3 3 script 3.sql", "009 c 009 script 009 c.sql", "9-b 9 script 9-b.sql",
                    "10_a 10 script 10_a.sql", "2024-01-02_d 2024-01-02 script 2024-01-02_d.sql",
                    "2024-01-02-101500_e 2024-01-02-101500 script 2024-01-02-101500_e.sql",
                    "123456789012345678901234567890_f 123456789012345678901234567890 script "
                    "123456789012345678901234567890_f.sql"));
    EXPECT_THAT(notes_of(*result->plan, folder),
                ElementsAre("note 4th.sql: left out: its name does not begin with a number",
                            "note schema.sql: left out: its name does not begin with a number",
                            HasSubstr("at 6 of 7 places: numbered files are ordered by number")));
}

} // namespace
} // namespace ordain::layout
