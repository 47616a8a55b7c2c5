#include "report/display.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>

namespace ordain::report {
namespace {

struct EscapeCase {
    std::string name;
    std::string text;
    std::string escaped;
};

TEST(Display, EscapesWhatATerminalWouldObey) {
    const auto cases = std::to_array<EscapeCase>({
        {.name = "plain", .text = "users\n\tid", .escaped = "users\n\tid"},
        {.name = "escape sequence", .text = "\x1b[31mred", .escaped = "\\x1b[31mred"},
        {.name = "carriage return and NUL",
         .text = std::string("a\r\0b", 4),
         .escaped = "a\\x0d\\x00b"},
        {.name = "delete", .text = "\x7f", .escaped = "\\x7f"},
        {.name = "C1 control", .text = "\u009b1m", .escaped = "\\u{9b}1m"},
        {.name = "right-to-left override",
         .text = "a\xe2\x80\xae"
                 "b",
         .escaped = "a\\u{202e}b"},
        {.name = "invalid bytes", .text = "\xff\xc3(", .escaped = "\\xff\\xc3("},
        {.name = "other scripts", .text = "größe 表", .escaped = "größe 表"},
    });
    for (const EscapeCase& expected : cases) {
        SCOPED_TRACE(expected.name);
        EXPECT_EQ(escaped(expected.text), expected.escaped);
    }
}

TEST(Display, CountsTerminalColumns) {
    EXPECT_EQ(width_of("users"), 5U);
    EXPECT_EQ(width_of("größe"), 5U);
    EXPECT_EQ(width_of("表示"), 4U);
    EXPECT_EQ(width_of("e\u0301"), 1U);
    EXPECT_EQ(width_of("\U0001F600"), 2U);
}

/// The marked part of the line is given in brackets.
struct LineCase {
    std::string name;
    std::string line;
    std::string text;
    std::string mark;
};

std::string mark_of(const DisplayLine& shown) {
    return std::string(shown.mark_begin, ' ') + std::string(shown.mark_width, '^');
}

DisplayLine shown_with_mark(std::string line) {
    const std::size_t open = line.find('[');
    line.erase(open, 1);
    const std::size_t close = line.find(']');
    line.erase(close, 1);
    return display_line(line, {.begin = static_cast<std::uint32_t>(open),
                               .end = static_cast<std::uint32_t>(close)});
}

TEST(Display, MarkStandsBelowWhatItMarks) {
    const auto cases = std::to_array<LineCase>({
        {.name = "plain",
         .line = "DROP TABLE [users];",
         .text = "DROP TABLE users;",
         .mark = "           ^^^^^"},
        {.name = "tabs before and inside",
         .line = "\ta [b\tc]",
         .text = "    a b c",
         .mark = "      ^^^"},
        {.name = "wide before and inside",
         .line = "表 [表示] x",
         .text = "表 表示 x",
         .mark = "   ^^^^"},
        {.name = "combining marks",
         .line = "e\u0301 [e\u0301]",
         .text = "e\u0301 e\u0301",
         .mark = "  ^"},
        {.name = "escaped before", .line = "\x1b[x]", .text = "\\x1bx", .mark = "    ^"},
        {.name = "end of the line", .line = "SELECT[]", .text = "SELECT", .mark = "      ^"},
        {.name = "empty line", .line = "[]", .text = "", .mark = "^"},
    });
    for (const LineCase& expected : cases) {
        SCOPED_TRACE(expected.name);
        const DisplayLine shown = shown_with_mark(expected.line);
        EXPECT_EQ(shown.text, expected.text);
        EXPECT_EQ(mark_of(shown), expected.mark);
    }
}

TEST(Display, LongLinesAreCutAroundTheMark) {
    const std::string left(200, 'a');
    const std::string right(200, 'b');
    const DisplayLine shown = display_line(left + "USERS" + right, {.begin = 200, .end = 205});
    EXPECT_EQ(shown.text, "..." + std::string(33, 'a') + "USERS" + std::string(62, 'b') + "...");
    EXPECT_EQ(mark_of(shown), std::string(36, ' ') + "^^^^^");
}

TEST(Display, MarksLongerThanTheLineShownEndWithIt) {
    const DisplayLine shown = display_line(std::string(1000, 'a'), {.begin = 0, .end = 1000});
    EXPECT_EQ(shown.text, std::string(100, 'a') + "...");
    EXPECT_EQ(shown.mark_begin, 0U);
    EXPECT_EQ(shown.mark_width, 100U);
}

TEST(Display, HugeLinesCostNoMoreThanWhatIsShown) {
    std::string line;
    for (int i = 0; i < 1'000'000; ++i)
        line += "表";
    const DisplayLine shown = display_line(line, {.begin = 1'500'000, .end = 1'500'003});
    EXPECT_EQ(width_of(shown.text), 3U + 32U + 68U + 3U);
    EXPECT_EQ(shown.mark_begin, 35U);
    EXPECT_EQ(shown.mark_width, 2U);
}

} // namespace
} // namespace ordain::report
