// What must hold for any text whatever, tried on random scripts from fixed seeds.

#include "text/scanner.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::text {
namespace {

using namespace std::string_view_literals;

constexpr auto fragments = std::to_array<std::string_view>({
    "'",
    "''",
    "\"",
    "$$",
    "$a$",
    "$",
    "E'",
    "\\'",
    "U&'",
    "U&\"",
    "B'",
    "--",
    "/*",
    "*/",
    "\\",
    "\\\\",
    "\\;",
    "\\g",
    "\\gexec\n",
    "\\x ",
    "\\copy t from stdin\n",
    "(",
    ")",
    "[",
    ";",
    ";\n",
    ";\r\n",
    ";\n\n",
    "\n",
    "\r",
    "\t",
    " ",
    "\0"sv,
    "\xff",
    "\xe2\x82",
    "\u00e9",
    "\xEF\xBB\xBF",
    "\\.\n",
    "\n\\.\n",
    "COPY t FROM STDIN;",
    "COPY t FROM stdin;\n1'\n\\.\n",
    "CREATE RULE r AS ON INSERT TO t DO (",
    "CREATE FUNCTION f() BEGIN ATOMIC ",
    "CREATE OR REPLACE PROCEDURE ",
    "CASE",
    " END",
    "END;\n",
    "BEGIN ",
    "ATOMIC ",
    "SELECT ",
    "INSERT ",
    "DROP ",
    "CREATE ",
    "\nSELECT 1;",
    "\nCREATE TABLE t (",
    "a",
    "b'",
    "1",
    "'x'",
    "-- ;\n",
    "/* ; */",
    "begin\n",
    "DO $$\nBEGIN\n x;\nEND $$;\n",
    "+",
    "::",
    ".",
    "{{ x }}",
});

constexpr std::string_view script =
    "-- schema\nCREATE TABLE account (id int, name text DEFAULT 'it''s');\n"
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $body$\nBEGIN\n  RETURN NEW; -- "
    "it's\nEND\n$body$;\n"
    "COPY account (id, name) FROM stdin;\n1\tit's (\n\\.\n"
    "CREATE RULE r AS ON INSERT TO account DO ALSO (\nSELECT 1;\nSELECT 2\n);\n"
    "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; END;\n"
    "\\set x 1\nSELECT E'\\'', U&\"d\\0061\", 'a'\n'b' /* /* ; */ */;\nSELECT 1 \\gexec\nDROP "
    "TABLE account";

std::string composed(std::mt19937& random) {
    std::string text;
    const std::size_t count = random() % 24;
    for (std::size_t i = 0; i < count; ++i)
        text += fragments[random() % std::size(fragments)];
    return text;
}

std::string mutated(std::mt19937& random) {
    std::string text(script);
    const std::size_t count = 1 + random() % 4;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = random() % text.size();
        const std::size_t length = random() % 3;
        text.replace(at, std::min(length, text.size() - at),
                     fragments[random() % std::size(fragments)]);
    }
    return text;
}

bool is_blank(char character) {
    return " \t\n\r\f\0"sv.find(character) != std::string_view::npos;
}

/// How many of the lists a byte belongs to; comments and masks inside a statement are part of it.
std::vector<int> owners_of(const SourceFile& file, const Scan& result) {
    std::vector<int> owners(file.bytes().size(), 0);
    std::vector<bool> in_statement(file.bytes().size(), false);
    const auto add = [&owners](Span span) {
        for (std::uint32_t i = span.begin; i < span.end; ++i)
            ++owners.at(i);
    };
    for (const ScannedStatement& statement : result.statements) {
        add(statement.span);
        for (std::uint32_t i = statement.span.begin; i < statement.span.end; ++i)
            in_statement[i] = true;
    }
    for (const Span& terminator : result.terminators)
        add(terminator);
    for (const Comment& comment : result.comments) {
        if (!in_statement[comment.span.begin]) add(comment.span);
    }
    for (const Mask& mask : result.masks) {
        if (!in_statement[mask.span.begin]) add(mask.span);
    }
    return owners;
}

template <typename Items>
void expect_ordered(const Items& items, Span section) {
    std::uint32_t end = section.begin;
    for (const auto& item : items) {
        EXPECT_FALSE(item.span.empty());
        EXPECT_GE(item.span.begin, end);
        EXPECT_LE(item.span.end, section.end);
        end = item.span.end;
    }
}

void expect_every_byte_owned(const SourceFile& file, const Scan& result, Span section) {
    const std::vector<int> owners = owners_of(file, result);
    for (std::uint32_t i = 0; i < owners.size(); ++i) {
        const bool inside = i >= section.begin && i < section.end;
        const char byte = file.bytes()[i];
        if (!inside) {
            EXPECT_EQ(owners[i], 0) << "at " << i;
        } else if (byte != '\0') {
            EXPECT_LE(owners[i], 1) << "at " << i;
            EXPECT_GE(owners[i], is_blank(byte) ? 0 : 1) << "at " << i;
        }
    }
}

/// Blanks in place of a psql command can bring a string and what follows it together, as in psql.
bool may_join_strings(const Scan& result, std::string_view text, Span span) {
    const bool commands = std::ranges::any_of(result.masks, [span](const Mask& mask) {
        return mask.kind == Mask::Kind::psql_command && mask.span.begin >= span.begin &&
               mask.span.end <= span.end;
    });
    return commands && text.find_first_of("'$") != std::string_view::npos;
}

void expect_statements_stand_alone(const SourceFile& file, const Scan& result) {
    for (const ScannedStatement& statement : result.statements) {
        const StatementText text(file, result, statement);
        ASSERT_EQ(text.view().size(), statement.span.size());
        EXPECT_FALSE(is_blank(text.view().front()));
        EXPECT_FALSE(is_blank(text.view().back()));
        if (may_join_strings(result, text.view(), statement.span)) continue;
        // A space before it, so that no byte order mark begins the file.
        const SourceFile alone("s.sql", ' ' + std::string(text.view()));
        const Span section{.begin = 1, .end = statement.span.size() + 1};
        const Scan again = scan(alone, section);
        ASSERT_EQ(again.statements.size(), 1U) << text.view();
        EXPECT_EQ(again.statements[0].span, section) << text.view();
        EXPECT_TRUE(again.masks.empty()) << text.view();
    }
}

void expect_faults_have_places(const Scan& result, Span section) {
    for (const ScanFault& fault : result.faults) {
        EXPECT_GE(fault.span.begin, section.begin);
        EXPECT_LE(fault.span.end, section.end);
        EXPECT_FALSE(fault.span.empty());
        EXPECT_FALSE(fault.message.empty());
    }
}

void expect_sound(const std::string& text, Span section) {
    const SourceFile file("f.sql", text);
    const Scan result = scan(file, section);
    expect_ordered(result.statements, section);
    expect_ordered(result.comments, section);
    expect_ordered(result.masks, section);
    expect_every_byte_owned(file, result, section);
    expect_statements_stand_alone(file, result);
    expect_faults_have_places(result, section);
}

void expect_all_sound(std::string (*make)(std::mt19937&), std::size_t count) {
    for (std::uint32_t seed = 0; seed < count; ++seed) {
        std::mt19937 random(seed);
        const std::string text = make(random);
        const auto size = static_cast<std::uint32_t>(text.size());
        expect_sound(text, {.begin = 0, .end = size});
        const std::uint32_t begin = size == 0 ? 0 : static_cast<std::uint32_t>(random() % size);
        expect_sound(text, {.begin = begin, .end = begin + (size - begin) / 2});
        if (testing::Test::HasFailure()) FAIL() << "seed " << seed << ":\n" << text;
    }
}

TEST(ScannerFuzz, HoldsForComposedText) {
    expect_all_sound(composed, 30'000);
}

TEST(ScannerFuzz, HoldsForMutatedScripts) {
    expect_all_sound(mutated, 4'000);
}

} // namespace
} // namespace ordain::text
