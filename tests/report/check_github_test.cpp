#include "report/check_github.hpp"
#include "report/sample.hpp"

#include <gtest/gtest.h>

namespace ordain::report {
namespace {

TEST(CheckGithub, OneCommandAFinding) {
    Sample sample;
    sample.report(2, "nickname", Severity::error, "m");
    sample.report(2, "ALTER", Severity::warning, "w");
    sample.report(1, "accounts", Severity::note, "n");
    EXPECT_EQ(
        check_github(sample.take()),
        "::notice file=m/0001_accounts.up.sql,line=1,endLine=1,col=14,endColumn=22,title=ordain "
        "(drop-column)::n\n"
        "::warning file=m/0002_drop.up.sql,line=1,endLine=1,col=1,endColumn=6,title=ordain "
        "(drop-column)::w\n"
        "::error file=m/0002_drop.up.sql,line=1,endLine=1,col=34,endColumn=42,title=ordain "
        "(drop-column)::m\n");
}

TEST(CheckGithub, SeveralLinesHaveNoColumns) {
    Sample sample;
    sample.report(1, "id int,\n    nickname", Severity::error, "m");
    EXPECT_EQ(check_github(sample.take()),
              "::error file=m/0001_accounts.up.sql,line=2,endLine=3,title=ordain "
              "(drop-column)::m\n");
}

TEST(CheckGithub, WhatWouldEndAPropertyOrTheLineIsEncoded) {
    Sample sample;
    sample.add("100%,a:b", "SELECT 1;\n", {});
    sample.report(4, "1", Severity::error, "50%: a,\r\nb\x1b[2J");
    EXPECT_EQ(
        check_github(sample.take()),
        "::error file=m/100%25%2Ca%3Ab.up.sql,line=1,endLine=1,col=8,endColumn=9,title=ordain "
        "(drop-column)::50%25: a,\\x0d%0Ab\\x1b[2J\n");
}

TEST(CheckGithub, NotesAndHelpFollowTheMessage) {
    Sample sample;
    const Location made = sample.find(sample.checked.plan.migrations[0].up, "nickname");
    Finding& finding = sample.report(2, "nickname", Severity::error, "m");
    finding.notes = {{.message = "made here", .where = made}, {.message = "why", .where = {}}};
    finding.instead = "DO\nTHIS;";
    EXPECT_EQ(check_github(sample.take()),
              "::error file=m/0002_drop.up.sql,line=1,endLine=1,col=34,endColumn=42,title=ordain "
              "(drop-column)::m%0Anote: made here (m/0001_accounts.up.sql:3:5)%0Anote: "
              "why%0Ahelp: DO%0A      THIS;\n");
}

TEST(CheckGithub, WhatHasNoPlaceInAFileNamesTheFile) {
    Sample sample;
    sample.checked.plan.notes.push_back(
        {.severity = LayoutNote::Severity::warning, .path = "m/x.txt", .message = "left out"});
    sample.report(2, "", Severity::error, "whole");
    EXPECT_EQ(check_github(sample.take()),
              "::warning file=m/x.txt,title=ordain (layout)::left out\n"
              "::error file=m/0002_drop.up.sql,title=ordain (drop-column)::whole\n");
}

TEST(CheckGithub, ColumnsCountCodePoints) {
    Sample sample;
    sample.add("0004_wide", "\xEF\xBB\xBFSELECT 1;\r\n\tSELECT 'ä\U0001F600', x;\r\n", {});
    sample.report(4, "x", Severity::error, "m");
    EXPECT_EQ(check_github(sample.take()),
              "::error file=m/0004_wide.up.sql,line=2,endLine=2,col=15,endColumn=16,title=ordain "
              "(drop-column)::m\n");
}

TEST(CheckGithub, NothingOfAHistory) {
    Sample sample;
    sample.report(2, "nickname", Severity::error, "m");
    sample.checked.scope = Scope::nothing_new;
    EXPECT_EQ(check_github(sample.take()), "");
}

} // namespace
} // namespace ordain::report
