#include "report/code_frame.hpp"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace ordain::report {
namespace {

const Painter plain(Color::off);

/// The frame of the first occurrence of `marked`.
std::string frame_of(std::string bytes, std::string_view marked) {
    SourceSet sources;
    const auto begin = static_cast<std::uint32_t>(bytes.find(marked));
    const Span span{.begin = begin, .end = begin + static_cast<std::uint32_t>(marked.size())};
    const FileId file = sources.add("m/1.sql", std::move(bytes));
    return code_frame(sources, {.file = file, .span = span}, Severity::error, plain);
}

TEST(CodeFrame, UnderlinesTheSpan) {
    EXPECT_EQ(frame_of("SELECT 1;\nDROP TABLE users;\n", "users"), "  --> m/1.sql:2:12\n"
                                                                   "   |\n"
                                                                   " 2 | DROP TABLE users;\n"
                                                                   "   |            ^^^^^\n");
}

TEST(CodeFrame, WidensTheMarginForLongFiles) {
    EXPECT_EQ(frame_of(std::string(99, '\n') + "DROP TABLE users;", "users"),
              "    --> m/1.sql:100:12\n"
              "     |\n"
              " 100 | DROP TABLE users;\n"
              "     |            ^^^^^\n");
}

TEST(CodeFrame, ShowsTheFirstLineOfALongSpan) {
    EXPECT_EQ(frame_of("CREATE TABLE a (\n  id int\n);\n", "CREATE TABLE a (\n  id int\n)"),
              "  --> m/1.sql:1:1\n"
              "   |\n"
              " 1 | CREATE TABLE a (\n"
              "   | ^^^^^^^^^^^^^^^^... to line 3\n");
}

TEST(CodeFrame, LineEndsOfWindowsAreNotShown) {
    EXPECT_EQ(frame_of("SELECT 1;\r\nDROP TABLE users;\r\n", "users"), "  --> m/1.sql:2:12\n"
                                                                       "   |\n"
                                                                       " 2 | DROP TABLE users;\n"
                                                                       "   |            ^^^^^\n");
}

TEST(CodeFrame, ByteOrderMarkTakesNoColumn) {
    EXPECT_EQ(frame_of("\xEF\xBB\xBF"
                       "DROP TABLE users;",
                       "users"),
              "  --> m/1.sql:1:12\n"
              "   |\n"
              " 1 | DROP TABLE users;\n"
              "   |            ^^^^^\n");
}

TEST(CodeFrame, EmptySpanAtTheEndPointsBehindTheText) {
    SourceSet sources;
    const FileId file = sources.add("m/1.sql", "SELECT (");
    EXPECT_EQ(
        code_frame(sources, {.file = file, .span = {.begin = 8, .end = 8}}, Severity::error, plain),
        "  --> m/1.sql:1:9\n"
        "   |\n"
        " 1 | SELECT (\n"
        "   |         ^\n");
}

TEST(CodeFrame, UnknownPlaceIsTheFile) {
    SourceSet sources;
    const FileId file = sources.add("m/\x1b.sql", "SELECT 1");
    EXPECT_EQ(code_frame(sources, {.file = file, .span = {}}, Severity::error, plain),
              "  --> m/\\x1b.sql\n");
}

TEST(CodeFrame, SpanBeyondTheFileIsCut) {
    SourceSet sources;
    const FileId file = sources.add("m/1.sql", "SELECT 1");
    EXPECT_EQ(code_frame(sources, {.file = file, .span = {.begin = 90, .end = 99}}, Severity::error,
                         plain),
              "  --> m/1.sql:1:9\n"
              "   |\n"
              " 1 | SELECT 1\n"
              "   |         ^\n");
}

TEST(CodeFrame, ColoursScaffoldingAndMark) {
    SourceSet sources;
    const FileId file = sources.add("1.sql", "x");
    EXPECT_EQ(code_frame(sources, {.file = file, .span = {.begin = 0, .end = 1}}, Severity::warning,
                         Painter(Color::on)),
              " \x1b[34m -->\x1b[0m 1.sql:1:1\n"
              "\x1b[34m   |\x1b[0m\n"
              "\x1b[34m 1 |\x1b[0m x\n"
              "\x1b[34m   |\x1b[0m \x1b[1;33m^\x1b[0m\n");
}

} // namespace
} // namespace ordain::report
