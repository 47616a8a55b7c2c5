#include <array>
#include <gtest/gtest.h>
#include <ordain/source.hpp>
#include <string_view>

namespace ordain {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

struct PositionCase {
    std::string_view name;
    std::string_view bytes;
    std::uint32_t offset = 0;
    Position position;
    std::uint32_t utf16_column = 1;
};

TEST(SourceFile, CountsLinesAndColumns) {
    const auto cases = std::to_array<PositionCase>({
        {.name = "empty", .bytes = "", .offset = 0, .position = {1, 1}, .utf16_column = 1},
        {.name = "line feed", .bytes = "a\nbc", .offset = 3, .position = {2, 2}, .utf16_column = 2},
        {.name = "crlf", .bytes = "a\r\nbc", .offset = 4, .position = {2, 2}, .utf16_column = 2},
        {.name = "lone cr", .bytes = "a\rbc", .offset = 3, .position = {2, 2}, .utf16_column = 2},
        {.name = "cr cr lf",
         .bytes = "\r\r\nx",
         .offset = 3,
         .position = {3, 1},
         .utf16_column = 1},
        {.name = "line end", .bytes = "ab\ncd", .offset = 2, .position = {1, 3}, .utf16_column = 3},
        {.name = "lf of crlf",
         .bytes = "ab\r\n",
         .offset = 3,
         .position = {1, 3},
         .utf16_column = 3},
        {.name = "end", .bytes = "a\n", .offset = 2, .position = {2, 1}, .utf16_column = 1},
        {.name = "beyond", .bytes = "a\nb", .offset = 99, .position = {2, 2}, .utf16_column = 2},
        {.name = "two bytes",
         .bytes = "\u00e9x",
         .offset = 2,
         .position = {1, 2},
         .utf16_column = 2},
        {.name = "inside", .bytes = "\u00e9x", .offset = 1, .position = {1, 1}, .utf16_column = 1},
        {.name = "pair",
         .bytes = "\U0001F600x",
         .offset = 4,
         .position = {1, 2},
         .utf16_column = 3},
        {.name = "invalid",
         .bytes = "\xff\xfex",
         .offset = 2,
         .position = {1, 3},
         .utf16_column = 3},
        {.name = "cut short",
         .bytes = "\xe2\x82x",
         .offset = 2,
         .position = {1, 3},
         .utf16_column = 3},
        {.name = "surrogate",
         .bytes = "\xed\xa0\x80x",
         .offset = 3,
         .position = {1, 4},
         .utf16_column = 4},
        {.name = "nul", .bytes = "a\0b"sv, .offset = 2, .position = {1, 3}, .utf16_column = 3},
        {.name = "bom",
         .bytes = "\xEF\xBB\xBFxy",
         .offset = 4,
         .position = {1, 2},
         .utf16_column = 2},
        {.name = "in bom",
         .bytes = "\xEF\xBB\xBFxy",
         .offset = 1,
         .position = {1, 1},
         .utf16_column = 1},
    });
    for (const PositionCase& test : cases) {
        SCOPED_TRACE(test.name);
        const SourceFile file("f.sql", std::string(test.bytes));
        EXPECT_EQ(file.position(test.offset).line, test.position.line);
        EXPECT_EQ(file.position(test.offset).column, test.position.column);
        EXPECT_EQ(file.utf16_column(test.offset), test.utf16_column);
    }
}

TEST(SourceFile, GivesLinesWithoutTheirEnds) {
    const SourceFile file("f.sql", std::string(byte_order_mark) + "one\r\n\rthree\n");
    ASSERT_EQ(file.line_count(), 4U);
    EXPECT_EQ(file.bom_length(), 3U);
    EXPECT_EQ(file.text(file.line_span(1)), "one");
    EXPECT_EQ(file.text(file.line_span(2)), "");
    EXPECT_EQ(file.text(file.line_span(3)), "three");
    EXPECT_EQ(file.text(file.line_span(4)), "");
    EXPECT_EQ(file.line_span(3), (Span{.begin = 9, .end = 14}));
}

TEST(SourceFile, KeepsTextInsideTheFile) {
    const SourceFile file("f.sql", "abc");
    EXPECT_EQ(file.text({.begin = 1, .end = 99}), "bc");
    EXPECT_EQ(file.text({.begin = 7, .end = 9}), "");
    EXPECT_EQ(file.text({.begin = 2, .end = 1}), "");
    EXPECT_EQ(file.bom_length(), 0U);
}

TEST(SourceSet, KeepsReferencesWhileItGrows) {
    SourceSet set;
    const FileId first = set.add("first.sql", "1");
    const SourceFile& file = set.file(first);
    for (int i = 0; i < 100; ++i)
        set.add("other.sql", "2");
    EXPECT_EQ(set.size(), 101U);
    EXPECT_EQ(&set.file(first), &file);
    EXPECT_EQ(file.path(), "first.sql");
    EXPECT_EQ(file.bytes(), "1");
}

} // namespace
} // namespace ordain
