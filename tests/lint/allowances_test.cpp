#include "lint/allowances.hpp"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::lint {
namespace {

struct AllowanceCase {
    std::string text;
    std::vector<std::string> read; ///< "rule [file] [reason] -> covered text"
};

Directives directives_in(const std::string& text) {
    const SourceFile file("x.sql", text);
    Script script;
    script.section = {.begin = 0, .end = static_cast<std::uint32_t>(text.size())};
    return read_directives(file, script, 1);
}

std::string_view name_of(Reason reason) {
    switch (reason) {
    case Reason::missing: return "";
    case Reason::placeholder: return " placeholder";
    case Reason::given: return " reason";
    }
    return "";
}

std::string part_of(const std::string& text, Span span) {
    return text.substr(span.begin, span.end - span.begin);
}

std::vector<std::string> read(const std::string& text) {
    std::vector<std::string> lines;
    for (const Allowance& allowance : directives_in(text).allowances) {
        EXPECT_EQ(allowance.migration, 1U);
        lines.push_back(fmt::format("{}{}{} -> {}", allowance.rule,
                                    allowance.whole_file ? " file" : "", name_of(allowance.reason),
                                    part_of(text, allowance.covers)));
    }
    return lines;
}

TEST(Allowances, AreReadWithWhatTheyCover) {
    const auto cases = std::to_array<AllowanceCase>({
        {.text = "-- ordain:allow a: b\nSELECT 1;", .read = {"a reason -> SELECT 1"}},
        {.text = "--ordain:allow a:b\n\n-- c\n\nSELECT 1;", .read = {"a reason -> SELECT 1"}},
        {.text = "-- ordain:allow a\nSELECT 1;", .read = {"a -> SELECT 1"}},
        {.text = "-- ordain:allow a:   \nSELECT 1;", .read = {"a -> SELECT 1"}},
        {.text = "-- ordain:allow a: <reason>\nSELECT 1;", .read = {"a placeholder -> SELECT 1"}},
        {.text = "/* ordain:allow a: <Reason> */ SELECT 1;", .read = {"a placeholder -> SELECT 1"}},
        {.text = "-- ordain:allow a: <reason> b\nSELECT 1;", .read = {"a reason -> SELECT 1"}},
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

struct NearMissCase {
    std::string text;
    std::vector<std::string> read; ///< "written [misspelt] [file] word|word"
};

TEST(NearMisses, AreLinesThatBeginWithTheProgramsNameAndAColon) {
    const auto cases = std::to_array<NearMissCase>({
        {.text = "-- ordain: allow a: b", .read = {"ordain: allow misspelt a"}},
        {.text = "-- ordain :allow a, b: c", .read = {"ordain :allow misspelt a|b"}},
        {.text = "-- ORDAIN:ALLOW a: b", .read = {"ORDAIN:ALLOW misspelt a"}},
        {.text = "-- Ordain:allow-file a: b", .read = {"Ordain:allow-file misspelt file a"}},
        {.text = "-- ordain:Allow", .read = {"ordain:Allow misspelt "}},
        {.text = "-- ordain:ignore a: b", .read = {"ordain:ignore a"}},
        {.text = "-- ordain:allowed to", .read = {"ordain:allowed to"}},
        {.text = "-- ordain:allow_file a", .read = {"ordain:allow_file a"}},
        {.text = "-- ordain:", .read = {"ordain: "}},
        {.text = "/*\n * ORDAIN : x\n */", .read = {"ORDAIN : x "}},
        {.text = "-- ordain:allow a: b", .read = {}},
        {.text = "-- ordain:allow-file a: b", .read = {}},
        {.text = "-- ordain is a tool: it reads this", .read = {}},
        {.text = "-- we use ordain: it reads this", .read = {}},
        {.text = "-- ordained: yes", .read = {}},
        {.text = "SELECT '-- ordain:ignore a';", .read = {}},
    });
    for (const NearMissCase& expected : cases) {
        SCOPED_TRACE(expected.text);
        std::vector<std::string> lines;
        for (const NearMiss& miss : directives_in(expected.text).near_misses) {
            EXPECT_EQ(part_of(expected.text, miss.where.span), miss.written);
            lines.push_back(fmt::format("{}{}{} {}", miss.written, miss.misspelt ? " misspelt" : "",
                                        miss.whole_file ? " file" : "",
                                        fmt::join(miss.rules, "|")));
        }
        EXPECT_EQ(lines, expected.read);
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
