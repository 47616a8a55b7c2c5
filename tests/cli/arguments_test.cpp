#include "cli/arguments.hpp"

#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using Words = std::vector<std::string>;

Arguments accepted(const Words& words) {
    auto parsed = parse_arguments(words);
    if (const auto* answered = std::get_if<Answered>(&parsed)) {
        ADD_FAILURE() << answered->text;
        return {};
    }
    return std::get<Arguments>(std::move(parsed));
}

TEST(Arguments, NoneMeanCheckHere) {
    const Arguments arguments = accepted({});
    EXPECT_EQ(arguments.command, Command::check);
    EXPECT_THAT(arguments.paths, IsEmpty());
    EXPECT_THAT(arguments.reports, ElementsAre(ReportChoice{}));
    EXPECT_EQ(arguments.fail_on, Severity::error);
    EXPECT_EQ(arguments.color, ColorChoice::automatic);
    EXPECT_EQ(arguments.options.postgres, std::nullopt);
    EXPECT_EQ(arguments.options.layout, std::nullopt);
    EXPECT_EQ(arguments.options.complete_history, std::nullopt);
    EXPECT_EQ(arguments.options.threads, std::nullopt);
    EXPECT_THAT(arguments.options.rules, IsEmpty());
}

TEST(Arguments, OptionsAloneBelongToCheck) {
    EXPECT_EQ(accepted({"--fail-on", "note"}).fail_on, Severity::note);
}

TEST(Arguments, EveryOptionOfCheck) {
    const Arguments arguments = accepted({"check",
                                          "--format=json",
                                          "--fail-on",
                                          "warning",
                                          "--postgres",
                                          "12",
                                          "--layout",
                                          "sqlx",
                                          "--history",
                                          "partial",
                                          "--threads",
                                          "3",
                                          "--color",
                                          "never",
                                          "--rule",
                                          "drop-column=warning",
                                          "a.sql",
                                          "--rule",
                                          "syntax-error=off",
                                          "b.sql"});
    EXPECT_THAT(arguments.paths, ElementsAre("a.sql", "b.sql"));
    EXPECT_THAT(arguments.reports, ElementsAre(ReportChoice{.format = Format::json, .file = {}}));
    EXPECT_EQ(arguments.fail_on, Severity::warning);
    EXPECT_EQ(arguments.color, ColorChoice::never);
    EXPECT_EQ(arguments.options.postgres, 12U);
    EXPECT_EQ(arguments.options.layout, "sqlx");
    EXPECT_EQ(arguments.options.complete_history, false);
    EXPECT_EQ(arguments.options.threads, 3U);
    ASSERT_EQ(arguments.options.rules.size(), 2U);
    EXPECT_EQ(arguments.options.rules.at("drop-column"), Severity::warning);
    EXPECT_EQ(arguments.options.rules.at("syntax-error"), std::nullopt);
}

TEST(Arguments, StandardInputWithItsName) {
    const Arguments arguments = accepted({"check", "-", "--stdin-filename", "m/2.sql"});
    EXPECT_THAT(arguments.paths, ElementsAre("-"));
    EXPECT_EQ(arguments.stdin_filename, "m/2.sql");
}

TEST(Arguments, ReportsGoToFilesAndOneToStandardOutput) {
    const Arguments arguments = accepted({"check", "--format", "sarif=a=b.sarif", "--format=github",
                                          "m", "--format", "junit=r.xml"});
    EXPECT_THAT(arguments.paths, ElementsAre("m"));
    EXPECT_THAT(arguments.reports,
                ElementsAre(ReportChoice{.format = Format::sarif, .file = "a=b.sarif"},
                            ReportChoice{.format = Format::github, .file = {}},
                            ReportChoice{.format = Format::junit, .file = "r.xml"}));
}

TEST(Arguments, WhatIsNamedTakesThePlaceOfTheText) {
    EXPECT_THAT(accepted({"rules", "--format", "json=r.json"}).reports,
                ElementsAre(ReportChoice{.format = Format::json, .file = "r.json"}));
}

TEST(Arguments, OneFormatMayGoToSeveralPlaces) {
    EXPECT_THAT(accepted({"inspect", "--format=json", "--format=json=a"}).reports,
                ElementsAre(ReportChoice{.format = Format::json, .file = {}},
                            ReportChoice{.format = Format::json, .file = "a"}));
}

TEST(Arguments, OtherCommands) {
    EXPECT_EQ(accepted({"inspect", "m", "--format", "json"}).command, Command::inspect);
    EXPECT_EQ(accepted({"rules"}).command, Command::rules);
    EXPECT_EQ(accepted({"generate", "zsh"}).command, Command::generate);
    EXPECT_EQ(accepted({"generate", "zsh"}).generated, Generated::zsh);
    EXPECT_EQ(accepted({"explain", "drop-column"}).rule, "drop-column");
}

struct RefusalCase {
    Words words;
    std::string message;
};

TEST(Arguments, RefusalsSayWhatIsMeant) {
    const auto cases = std::to_array<RefusalCase>({
        {.words = {"chekc"}, .message = R"(there is no command "chekc"; did you mean "check"?)"},
        {.words = {"/"}, .message = "\"/\" is no command; to judge it: ordain check /"},
        {.words = {"check", "--fromat", "json"},
         .message = R"(there is no option "--fromat"; did you mean "--format"?)"},
        {.words = {"--fromat=json"},
         .message = R"(there is no option "--fromat"; did you mean "--format"?)"},
        {.words = {"rules", "x"}, .message = "one argument too many: \"x\""},
        {.words = {"check", "--layout", "sqlxx"},
         .message = R"(--layout: there is no layout "sqlxx"; did you mean "sqlx"?)"},
        {.words = {"check", "--rule", "drop-colunm=off"},
         .message =
             R"(--rule: there is no rule or category "drop-colunm"; did you mean "drop-column"?)"},
        {.words = {"check", "--rule", "drop-column"},
         .message = "--rule: \"drop-column\" should be RULE=error, warning, note or off"},
        {.words = {"check", "--rule", "drop-column=fatal"},
         .message = "--rule: \"fatal\" should be error, warning, note or off"},
        {.words = {"check", "--format", "xml"},
         .message =
             "--format: ordain check has no format \"xml\"; formats: text, json, sarif, github, "
             "junit"},
        {.words = {"check", "--format", "Junit=r.xml"},
         .message =
             R"(--format: ordain check has no format "Junit"; did you mean "junit"?; formats)"},
        {.words = {"inspect", "--format", "sarif"},
         .message = "--format: ordain inspect has no format \"sarif\"; formats: text, json"},
        {.words = {"check", "--format", "json="},
         .message = "--format: \"json=\" names no file; write json=FILE, or json alone for "
                    "standard output (`ordain --help`"},
        {.words = {"check", "--format"},
         .message = "--format needs a value: --format FORMAT[=FILE]"},
        {.words = {"check", "--format=text", "--format", "json"},
         .message = "only one report can go to standard output; give another a file: --format "
                    "json=FILE"},
        {.words = {"check", "--format=text=./r", "--format", "json=r"},
         .message = "two reports would go to the file \"r\"; name another for one of them"},
        {.words = {"check", "--history", "no"},
         .message = "--history: \"no\" should be complete or partial"},
        {.words = {"check", "--fail-on", "all"},
         .message = "--fail-on: \"all\" should be error, warning or note"},
        {.words = {"check", "--postgres", "9"},
         .message = "--postgres: \"9\" should be a whole number from 11 to 18"},
        {.words = {"check", "--postgres", "15.1"},
         .message = "--postgres: \"15.1\" should be a whole number from 11 to 18"},
        {.words = {"check", "--threads", "0"},
         .message = "--threads: \"0\" should be a whole number from 1 to 256"},
        {.words = {"check", "--fail-on"},
         .message = "--fail-on needs a value: --fail-on error|warning|note (`ordain --help`"},
        {.words = {"inspect", "--layout"}, .message = "--layout needs a value: --layout NAME"},
        {.words = {"check", "--postgres", "14", "--postgres=15"},
         .message = "--postgres is given 2 times; once is enough"},
        {.words = {"explain"},
         .message = "explain needs the name of a rule; `ordain rules` lists them"},
        {.words = {"generate"}, .message = "generate needs what to print: man, bash, zsh or fish"},
        {.words = {"generate", "tcsh"},
         .message = "WHAT: \"tcsh\" should be man, bash, zsh or fish"},
        {.words = {"check", ""}, .message = "a path is empty; name a folder or a file"},
        {.words = {"inspect", "a", "b"}, .message = "inspect shows one folder or one file"},
        {.words = {"check", "-", "--stdin-filename", ""}, .message = "--stdin-filename is empty"},
        {.words = {"help"}, .message = "\"help\" is no command; did you mean `ordain --help`?"},
        {.words = {"-V"}, .message = "\"-V\" is no option here; did you mean `ordain --version`?"},
        {.words = {"version"},
         .message = "\"version\" is no command; did you mean `ordain --version`?"},
        {.words = {"report", "--applied", "a.txt", "--all"}, .message = "--all excludes --applied"},
        {.words = {"check", "--applied", "a.txt", "--since", "main"},
         .message = "--since excludes --applied"},
        {.words = {"check", "-", "m"},
         .message = "\"-\" (standard input) cannot be mixed with other paths"},
        {.words = {"check", "--stdin-filename", "x", "m"},
         .message = "--stdin-filename needs \"-\" (standard input) as the path"},
    });
    for (const RefusalCase& expected : cases) {
        SCOPED_TRACE(expected.message);
        const auto parsed = parse_arguments(expected.words);
        const auto* answered = std::get_if<Answered>(&parsed);
        ASSERT_NE(answered, nullptr);
        EXPECT_EQ(answered->stream, Answered::Stream::error);
        EXPECT_THAT(answered->text, StartsWith(expected.message));
    }
}

TEST(Arguments, ARefusalGivesOneHint) {
    const auto parsed = parse_arguments({"check", "--rule", "foo=off"});
    const auto* answered = std::get_if<Answered>(&parsed);
    ASSERT_NE(answered, nullptr);
    EXPECT_EQ(answered->text,
              "--rule: there is no rule or category \"foo\" (`ordain rules` lists them)");
}

TEST(Arguments, InspectReadsStandardInputToo) {
    const Arguments arguments = accepted({"inspect", "-", "--stdin-filename", "m/2.sql"});
    EXPECT_EQ(arguments.command, Command::inspect);
    EXPECT_EQ(arguments.stdin_filename, "m/2.sql");
}

TEST(Arguments, HelpShowsExamplesAndExitStatuses) {
    for (const Words& words : {Words{"--help"}, Words{"-h"}}) {
        const auto parsed = parse_arguments(words);
        const auto* answered = std::get_if<Answered>(&parsed);
        ASSERT_NE(answered, nullptr);
        EXPECT_EQ(answered->stream, Answered::Stream::output);
        EXPECT_THAT(answered->text, HasSubstr("ordain check migrations"));
        EXPECT_THAT(answered->text, HasSubstr("Exit status:\n  0  "));
    }
}

TEST(Arguments, HelpOfACommandShowsItsOptions) {
    const auto parsed = parse_arguments({"check", "--help"});
    const auto* answered = std::get_if<Answered>(&parsed);
    ASSERT_NE(answered, nullptr);
    for (const char* option : {"--format", "--fail-on", "--postgres", "--layout", "--threads",
                               "--rule", "--history", "--color", "--stdin-filename", "--applied"}) {
        EXPECT_THAT(answered->text, HasSubstr(option));
    }
}

TEST(Arguments, VersionNamesTheGrammar) {
    const auto parsed = parse_arguments({"--version"});
    const auto* answered = std::get_if<Answered>(&parsed);
    ASSERT_NE(answered, nullptr);
    EXPECT_THAT(answered->text,
                testing::MatchesRegex("ordain [0-9.]+ \\(grammar of PostgreSQL 15[.0-9]*\\)\n"));
}

} // namespace
} // namespace ordain::cli
