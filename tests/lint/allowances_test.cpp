#include "lint/allowances.hpp"

#include <array>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::lint {
namespace {

struct AllowanceCase {
    std::string text;
    std::vector<std::string> read; ///< "rule [file] [reason] -> covered text"
};

std::vector<std::string> read(const std::string& text) {
    const SourceFile file("x.sql", text);
    Script script;
    script.section = {.begin = 0, .end = static_cast<std::uint32_t>(text.size())};
    std::vector<std::string> lines;
    for (const Allowance& allowance : read_allowances(file, script, 1)) {
        EXPECT_EQ(allowance.migration, 1U);
        lines.push_back(
            fmt::format("{}{}{} -> {}", allowance.rule, allowance.whole_file ? " file" : "",
                        allowance.reasoned ? " reason" : "", file.text(allowance.covers)));
    }
    return lines;
}

TEST(Allowances, AreReadWithWhatTheyCover) {
    const auto cases = std::to_array<AllowanceCase>({
        {.text = "-- ordain:allow a: b\nSELECT 1;", .read = {"a reason -> SELECT 1"}},
        {.text = "--ordain:allow a:b\n\n-- c\n\nSELECT 1;", .read = {"a reason -> SELECT 1"}},
        {.text = "-- ordain:allow a\nSELECT 1;", .read = {"a -> SELECT 1"}},
        {.text = "-- ordain:allow a:   \nSELECT 1;", .read = {"a -> SELECT 1"}},
        {.text = "-- ordain:allow a no colon\nSELECT 1;", .read = {"a -> SELECT 1"}},
        {.text = "-- ordain:allow a , b-c,d: e\nSELECT 1;",
         .read = {"a reason -> SELECT 1", "b-c reason -> SELECT 1", "d reason -> SELECT 1"}},
        {.text = "-- ordain:allow-file a: b\nSELECT 1;", .read = {"a file reason -> "}},
        {.text = "SELECT 1; -- ordain:allow a: b\nSELECT 2;", .read = {"a reason -> SELECT 1"}},
        {.text = "SELECT 1 -- ordain:allow a: b\n, 2; SELECT 3;",
         .read = {"a reason -> SELECT 1 -- ordain:allow a: b\n, 2"}},
        {.text = "SELECT 1; /* ordain:allow a: b */ SELECT 2;", .read = {"a reason -> SELECT 2"}},
        {.text = "/*\n * ordain:allow a: b\n */\nSELECT 1;", .read = {"a reason -> SELECT 1"}},
        {.text = "/* ordain:allow a: */ SELECT 1;", .read = {"a -> SELECT 1"}},
        {.text = "SELECT 1;\n-- ordain:allow a: b\n", .read = {"a reason -> "}},
        {.text = "-- ordain:allow\nSELECT 1;", .read = {" -> SELECT 1"}},
        {.text = "-- ordain:allow a: b\r\nSELECT 1;\r\n", .read = {"a reason -> SELECT 1"}},
        {.text = "-- ordain:allowed a: b\nSELECT 1;", .read = {}},
        {.text = "-- see ordain:allow a: b\nSELECT 1;", .read = {}},
        {.text = "SELECT '-- ordain:allow a: b';", .read = {}},
        {.text = "-- ordain:allow", .read = {" -> "}},
        {.text = "", .read = {}},
    });
    for (const AllowanceCase& expected : cases) {
        SCOPED_TRACE(expected.text);
        EXPECT_EQ(read(expected.text), expected.read);
    }
}

TEST(Allowances, ManyOfThemTakeLinearTime) {
    std::string text;
    for (int i = 0; i < 50'000; ++i)
        text += "-- ordain:allow a: b\nSELECT 1;\n";
    EXPECT_EQ(read(text).size(), 50'000U);
}

} // namespace
} // namespace ordain::lint
