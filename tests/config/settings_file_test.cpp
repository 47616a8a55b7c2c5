#include "config/settings_file.hpp"
#include "layout/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

namespace ordain::config {
namespace {

using testing::HasSubstr;

const Vocabulary words{.rules = {"drop-column", "syntax-error"},
                       .categories = {"destructive", "validity"},
                       .layouts = {"diesel", "sqlx"},
                       .platforms = {"neon", "supabase"},
                       .presets = {{.name = "strict", .text = "[rules]\nvalidity = \"error\"\n"},
                                   {.name = "broken", .text = "[rules]\nvalidty = \"error\"\n"}}};

struct Reading {
    layout::TempFolder folder;
    SourceSet sources;
    Settings settings;
    Origins origins;
    std::string failure;

    explicit Reading(std::string_view text) {
        folder.write("ordain.toml", text);
        const Result<void> read =
            read_settings_file(folder / "ordain.toml", words, sources, settings, origins);
        if (!read) failure = folder.relative(read.error().message);
    }
};

TEST(SettingsFile, SaysWhatHolds) {
    const Reading read(R"([plan]
root = "db"
layout = "sqlx"
history = "partial"
transaction = "implicit"
[postgres]
version = 17
[rules]
destructive = "warning"
drop-column = "off"
[[override]]
files = ["db/old/*"]
rules = { drop-column = "note" }
[[allow]]
rule = "drop-column"
migration = "0007*"
object = "public.users"
reason = "archived"
[[allow]]
rule = "nosuch"
)");
    ASSERT_EQ(read.failure, "");
    const Settings& settings = read.settings;
    EXPECT_EQ(settings.folder, read.folder.path());
    EXPECT_EQ(settings.root, "db");
    EXPECT_EQ(settings.layout, "sqlx");
    EXPECT_EQ(settings.complete_history, false);
    EXPECT_EQ(settings.wrapping, Wrapping::implicit_block);
    EXPECT_EQ(settings.postgres, 17U);
    ASSERT_EQ(settings.severities.size(), 2U);
    EXPECT_EQ(settings.severities[0].rules.at("destructive"), Severity::warning);
    EXPECT_EQ(settings.severities[0].rules.at("drop-column"), std::nullopt);
    EXPECT_EQ(settings.severities[1].files, std::vector<std::string>{"db/old/*"});
    ASSERT_EQ(settings.acceptances.size(), 2U);
    EXPECT_EQ(settings.acceptances[0].migration, "0007*");
    EXPECT_EQ(settings.acceptances[0].reason, "archived");
    EXPECT_EQ(settings.acceptances[1].migration, "*");
    EXPECT_EQ(settings.acceptances[1].reason, "");
    const SourceFile& file = read.sources.file(settings.acceptances[1].where.file);
    EXPECT_EQ(file.position(settings.acceptances[1].where.span.begin).line, 19U);
    EXPECT_EQ(read.folder.relative(read.origins.at("plan.layout")), "ordain.toml:3");
    EXPECT_EQ(read.folder.relative(read.origins.at("rules.drop-column")), "ordain.toml:10");
}

TEST(SettingsFile, AllFaultsAreSaidWithTheirPlaces) {
    const Reading read(R"([plan]
layuot = "sqlx"
layout = "sqlxx"
history = 3
[postgres]
version = 9
[rules]
drop-colum = "error"
validity = "warn"
[[override]]
files = "x"
[allow]
rule = 1
[other]
)");
    EXPECT_EQ(read.failure, R"(ordain.toml:2:1: there is no key "layuot"; did you mean "layout"?
ordain.toml:3:10: "sqlxx" should be one of diesel, sqlx; did you mean "sqlx"?
ordain.toml:4:11: history should be a string in quotes
ordain.toml:6:11: version should be a whole number from 11 to 18
ordain.toml:8:1: there is no rule or category "drop-colum"; did you mean "drop-column"?
ordain.toml:9:12: validity should be one of error, warning, note, off
ordain.toml:10:1: [[override]] needs rules
ordain.toml:11:9: files should be an array of strings
ordain.toml:12:1: allow should be a list of tables: [[allow]]
ordain.toml:14:2: there is no table "other")");
}

TEST(SettingsFile, SaysWhatExistsBeforehand) {
    const Reading read(R"toml([plan]
starts_from = "schema.sql"
[postgres]
platform = "neon"
[[assume]]
schema = "legacy"
[[assume]]
sql = "CREATE TABLE t ()"
)toml");
    ASSERT_EQ(read.failure, "");
    EXPECT_EQ(read.settings.starts_from, "schema.sql");
    EXPECT_EQ(read.settings.platform, "neon");
    ASSERT_EQ(read.settings.assumptions.size(), 2U);
    EXPECT_EQ(read.settings.assumptions[0].schema, "legacy");
    EXPECT_EQ(read.settings.assumptions[0].sql, std::nullopt);
    EXPECT_EQ(read.settings.assumptions[1].sql, "CREATE TABLE t ()");
    const Location where = read.settings.assumptions[1].where;
    EXPECT_EQ(read.sources.file(where.file).position(where.span.begin).line, 7U);
}

TEST(SettingsFile, AnAssumptionIsOneThing) {
    EXPECT_EQ(Reading("[[assume]]\n[[assume]]\nschema = \"a\"\ntable = \"b\"\n"
                      "[postgres]\nplatform = \"supabse\"\n")
                  .failure,
              "ordain.toml:1:1: [[assume]] needs one of schema, table, sql and file\n"
              "ordain.toml:2:1: [[assume]] needs one of schema, table, sql and file\n"
              "ordain.toml:6:12: \"supabse\" should be one of neon, supabase, none; did you mean "
              "\"supabase\"?");
}

TEST(SettingsFile, CountsMoreThanWhatItExtends) {
    const layout::TempFolder folder;
    folder.write("team/base.toml", "extends = [\"strict\", \"more.toml\"]\n"
                                   "[postgres]\nversion = 14\n[rules]\ndrop-column = \"off\"\n");
    folder.write("team/more.toml", "[postgres]\nversion = 13\nplatform = \"neon\"\n");
    folder.write("ordain.toml", "extends = [\"team/base.toml\"]\n[rules]\n"
                                "drop-column = \"note\"\n");
    SourceSet sources;
    Settings settings;
    Origins origins;
    const Result<void> read =
        read_settings_file(folder / "ordain.toml", words, sources, settings, origins);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(settings.postgres, 14U);
    EXPECT_EQ(settings.platform, "neon");
    ASSERT_EQ(settings.severities.size(), 3U);
    EXPECT_EQ(settings.severities[0].rules.at("validity"), Severity::error);
    EXPECT_EQ(settings.severities[1].rules.at("drop-column"), std::nullopt);
    EXPECT_EQ(settings.severities[2].rules.at("drop-column"), Severity::note);
    EXPECT_EQ(settings.folder, folder.path());
    EXPECT_EQ(origins.at("rules.validity"), "preset strict:2");
    EXPECT_EQ(folder.relative(origins.at("postgres.platform")), "team/more.toml:3");
}

TEST(SettingsFile, FaultsOfWhatItExtendsAreItsOwn) {
    EXPECT_EQ(Reading("extends = [\"strit\"]\n").failure,
              "ordain.toml:1:12: there is no preset \"strit\" among strict, broken (a file ends in "
              ".toml); did you mean \"strict\"?");
    EXPECT_EQ(Reading("extends = [\"broken\"]\n").failure,
              "preset broken:2:1: there is no rule or category \"validty\"; did you mean "
              "\"validity\"?");
    EXPECT_EQ(Reading("extends = \"strict\"\n").failure,
              "ordain.toml:1:11: extends should be an array of strings");
    EXPECT_THAT(Reading("extends = [\"nosuch.toml\"]\n").failure,
                HasSubstr("nosuch.toml cannot be read"));
    EXPECT_THAT(Reading("extends = [\"ordain.toml\"]\n").failure,
                testing::EndsWith("settings extend each other more than 8 times; do they in a "
                                  "circle?"));
}

TEST(SettingsFile, NamingIsWhatATeamHasAgreedOn) {
    const Reading read(R"([naming]
file = '\d{3}_.+\.sql'
index = "idx_{table}_{columns}"
foreign_key = '(?i).+_fk'
header = ["Migration", "Barton Doctrine"]
schemas = ["public"]
[naming.forbidden_columns]
user_id = "agent_id"
"order no" = ""
)");
    ASSERT_EQ(read.failure, "");
    const Naming& naming = read.settings.naming;
    ASSERT_TRUE(naming.file && naming.index && naming.foreign_key);
    EXPECT_EQ(naming.file->text, R"(\d{3}_.+\.sql)");
    EXPECT_EQ(naming.index->text, "idx_{table}_{columns}");
    EXPECT_EQ(naming.foreign_key->text, "(?i).+_fk");
    EXPECT_FALSE(naming.table || naming.column || naming.constraint || naming.primary_key ||
                 naming.unique || naming.check);
    const SourceFile& file = read.sources.file(naming.index->where.file);
    EXPECT_EQ(file.text(naming.index->where.span), "index = \"idx_{table}_{columns}\"");
    EXPECT_EQ(naming.header, (std::vector<std::string>{"Migration", "Barton Doctrine"}));
    EXPECT_EQ(naming.schemas, std::vector<std::string>{"public"});
    EXPECT_EQ(naming.forbidden_columns, (std::map<std::string, std::string, std::less<>>{
                                            {"order no", ""}, {"user_id", "agent_id"}}));
    EXPECT_EQ(read.folder.relative(read.origins.at("naming.forbidden_columns")), "ordain.toml:7");
}

TEST(SettingsFile, PatternsAreThoseOfRe2) {
    const Reading read(R"([naming]
file = '(\d+_'
table = 3
column = '(?=x)'
index = '{table}[z-a]'
unique = '(a{1000}){1000}'
check = '(?i)[[:lower:]]\pL*'
indx = 'x'
header = "Purpose"
schemas = []
forbidden_columns = { a = 1 }
)");
    EXPECT_EQ(read.failure,
              R"(ordain.toml:2:8: file is not a regular expression that RE2 reads: missing ): (\d+_
ordain.toml:3:9: table should be a regular expression in quotes
ordain.toml:4:10: column is not a regular expression that RE2 reads: invalid perl operator: (?=
ordain.toml:5:9: index is not a regular expression that RE2 reads: invalid character class range: z-a
ordain.toml:6:10: unique is not a regular expression that RE2 reads: invalid repetition size: {1000}
ordain.toml:8:1: there is no key "indx"; did you mean "index"?
ordain.toml:9:10: header should be an array of strings
ordain.toml:10:11: schemas should be an array of strings
ordain.toml:11:21: forbidden_columns should be a table of names with a string each)");
}

TEST(SettingsFile, MustBeToml) {
    EXPECT_THAT(Reading("[plan\n").failure, testing::StartsWith("ordain.toml:1:6: "));
    EXPECT_THAT(Reading("plan = 1\n").failure, "ordain.toml:1:8: plan should be a table: [plan]");
    EXPECT_THAT(Reading("\xFF = 1\n").failure, testing::StartsWith("ordain.toml:1:"));
}

TEST(SettingsFile, DeepKeysAreRefused) {
    std::string deep = "a";
    for (int level = 0; level < 100000; ++level)
        deep += ".a";
    EXPECT_EQ(Reading(deep + " = 1\n").failure, "ordain.toml: a key has more than 32 dots");
    EXPECT_EQ(Reading("[" + deep + "]\n").failure, "ordain.toml: a key has more than 32 dots");
}

TEST(SettingsFile, IsLookedForUpToTheRepository) {
    const layout::TempFolder folder;
    folder.write("ordain.toml", "");
    folder.write("a/.git", "");
    folder.make_folder("a/b");
    folder.make_folder("c/d");
    EXPECT_EQ(find_settings_file(folder / "c/d"), folder / "ordain.toml");
    EXPECT_EQ(find_settings_file(folder / "a/b"), std::nullopt);
    folder.write("a/ordain.toml", "");
    EXPECT_EQ(find_settings_file(folder / "a/b"), folder / "a/ordain.toml");
}

TEST(SettingsFile, ThatCannotBeReadIsSaid) {
    const layout::TempFolder folder;
    SourceSet sources;
    Settings settings;
    Origins origins;
    const Result<void> read =
        read_settings_file(folder / "nosuch.toml", words, sources, settings, origins);
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message, HasSubstr("nosuch.toml cannot be read"));
}

} // namespace
} // namespace ordain::config
