#include "text/lexer.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::text {
namespace {

using namespace std::string_view_literals;

struct ValueCase {
    std::string_view name;
    std::string_view text;
    std::string_view value;
    /// Where each byte of the value, and then its end, was written.
    std::vector<std::uint32_t> sources;
    char escape = '\\';
};

TEST(StringValue, DecodesAndLeadsBack) {
    const auto cases = std::to_array<ValueCase>({
        {.name = "plain", .text = "'ab'", .value = "ab", .sources = {1, 2, 3}},
        {.name = "empty", .text = "''", .value = "", .sources = {1}},
        {.name = "doubled", .text = "'a''b'", .value = "a'b", .sources = {1, 2, 4, 5}},
        {.name = "continued", .text = "'a'\n'b'", .value = "ab", .sources = {1, 5, 6}},
        {.name = "national", .text = "N'a'", .value = "a", .sources = {2, 3}},
        {.name = "bits", .text = "B'01'", .value = "01", .sources = {2, 3, 4}},
        {.name = "backslash", .text = R"('\n')", .value = R"(\n)", .sources = {1, 2, 3}},
        {.name = "letters",
         .text = R"(E'\b\f\n\r\t\q\'')",
         .value = "\b\f\n\r\tq'",
         .sources = {2, 4, 6, 8, 10, 12, 14, 16}},
        {.name = "numbers",
         .text = R"(E'\x41\x4Z\101\7')",
         .value = "A\x04ZA\a",
         .sources = {2, 6, 9, 10, 14, 16}},
        {.name = "no number", .text = R"(E'\xg\8')", .value = "xg8", .sources = {2, 4, 5, 7}},
        {.name = "unicode", .text = R"(E'\u00e9!')", .value = "\u00e9!", .sources = {2, 2, 8, 9}},
        {.name = "long unicode",
         .text = R"(E'\U0001F600')",
         .value = "\U0001F600",
         .sources = {2, 2, 2, 2, 12}},
        {.name = "surrogates",
         .text = R"(E'\uD83D\uDE00')",
         .value = "\U0001F600",
         .sources = {2, 2, 2, 2, 14}},
        {.name = "refused",
         .text = R"(E'\u00\0')",
         .value = R"(\u00\0)",
         .sources = {2, 3, 4, 5, 6, 7, 8}},
        {.name = "lone surrogate",
         .text = R"(U&'\DE00')",
         .value = R"(\DE00)",
         .sources = {3, 4, 5, 6, 7, 8}},
        {.name = "U&",
         .text = R"(U&'d\0061t\+000061\\''')",
         .value = R"(data\')",
         .sources = {3, 4, 9, 10, 18, 20, 22}},
        {.name = "UESCAPE",
         .text = "U&'!0061!!'",
         .value = "a!",
         .sources = {3, 8, 10},
         .escape = '!'},
        {.name = "dollar", .text = "$a$'\\$a$", .value = "'\\", .sources = {3, 4, 5}},
        {.name = "open", .text = "'ab", .value = "ab", .sources = {1, 2, 3}},
        {.name = "open dollar", .text = "$$ab", .value = "ab", .sources = {2, 3, 4}},
        {.name = "open escape", .text = "E'a\\", .value = "a\\", .sources = {2, 3, 4}},
    });
    for (const ValueCase& test : cases) {
        SCOPED_TRACE(test.name);
        Lexer lexer(test.text, 1000);
        const Token token = lexer.next();
        const DecodedString decoded = string_value(token, lexer.text_of(token), test.escape);
        EXPECT_EQ(decoded.value, test.value);
        ASSERT_EQ(test.sources.size(), test.value.size() + 1);
        for (std::size_t i = 0; i < test.sources.size(); ++i)
            EXPECT_EQ(decoded.source_offset(i), 1000 + test.sources[i]) << "at " << i;
    }
}

struct NameCase {
    std::string_view name;
    std::string_view text;
    std::string value;
    char escape = '\\';
};

TEST(IdentifierText, FoldsUnquotesAndTruncates) {
    const std::string long_name(70, 'x');
    const std::string wide_name = "\"a\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
                                  "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
                                  "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
                                  "\u00e9\u00e9\u00e9\u00e9\u20ac\"";
    const auto cases = std::to_array<NameCase>({
        {.name = "folded", .text = "AbC_1", .value = "abc_1"},
        {.name = "high bytes stay", .text = "\u00c4B", .value = "\u00c4b"},
        {.name = "quoted", .text = R"("A""b")", .value = R"(A"b)"},
        {.name = "unicode", .text = R"(U&"d\0061T")", .value = "daT"},
        {.name = "UESCAPE", .text = R"(U&"d!0061T")", .value = "daT", .escape = '!'},
        {.name = "backslash", .text = R"("a\0061")", .value = R"(a\0061)"},
        {.name = "long", .text = long_name, .value = std::string(63, 'x')},
        {.name = "long wide", .text = wide_name, .value = wide_name.substr(1, 61)},
        {.name = "open", .text = "\"Ab", .value = "Ab"},
    });
    for (const NameCase& test : cases) {
        SCOPED_TRACE(test.name);
        Lexer lexer(test.text);
        const Token token = lexer.next();
        EXPECT_EQ(identifier_text(token, lexer.text_of(token), test.escape), test.value);
    }
}

} // namespace
} // namespace ordain::text
