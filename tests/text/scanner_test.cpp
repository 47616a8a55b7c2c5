#include "text/scanner.hpp"

#include <array>
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::text {
namespace {

using namespace std::string_view_literals;
using FaultKind = ScanFault::Kind;
using MaskKind = Mask::Kind;

/// A fault or mask with the text under its span.
template <typename Kind>
struct Marked {
    Kind kind{};
    std::string text;

    bool operator==(const Marked&) const = default;
};

struct ScanCase {
    std::string_view name;
    std::string_view text;
    std::vector<std::string> statements;
    std::vector<Marked<FaultKind>> faults = {};
    std::vector<Marked<MaskKind>> masks = {};
    std::vector<std::string> comments = {};
};

SourceFile file_of(std::string_view text, Client client = Client::psql) {
    return {"f.sql", std::string(text), client};
}

Span whole(const SourceFile& file) {
    return {.begin = 0, .end = static_cast<std::uint32_t>(file.bytes().size())};
}

void expect_scan(const std::vector<ScanCase>& cases, Client client = Client::psql) {
    for (const ScanCase& test : cases) {
        SCOPED_TRACE(test.name);
        const SourceFile file = file_of(test.text, client);
        const Scan result = scan(file, whole(file));
        std::vector<std::string> statements;
        for (const ScannedStatement& statement : result.statements)
            statements.emplace_back(StatementText(file, result, statement).view());
        EXPECT_THAT(statements, testing::ElementsAreArray(test.statements));
        std::vector<Marked<FaultKind>> faults;
        for (const ScanFault& fault : result.faults)
            faults.push_back({.kind = fault.kind, .text = std::string(file.text(fault.span))});
        EXPECT_TRUE(faults == test.faults) << "faults: " << faults.size();
        std::vector<Marked<MaskKind>> masks;
        for (const Mask& mask : result.masks)
            masks.push_back({.kind = mask.kind, .text = std::string(file.text(mask.span))});
        EXPECT_TRUE(masks == test.masks) << "masks: " << masks.size();
        std::vector<std::string> comments;
        for (const Comment& comment : result.comments)
            comments.emplace_back(file.text(comment.span));
        EXPECT_THAT(comments, testing::ElementsAreArray(test.comments));
    }
}

TEST(Scanner, EndsStatementsAtSemicolons) {
    expect_scan({
        {.name = "nothing", .text = "", .statements = {}},
        {.name = "blanks", .text = " \r\n\t", .statements = {}},
        {.name = "empty statements", .text = ";; ;", .statements = {}},
        {.name = "last without", .text = "a; b", .statements = {"a", "b"}},
        {.name = "quoted",
         .text = R"(a ';' E'\';' ";" $$;$$ /*;*/ b;c)",
         .statements = {R"(a ';' E'\';' ";" $$;$$ /*;*/ b)", "c"},
         .comments = {"/*;*/"}},
        {.name = "comments around",
         .text = "-- x;\na -- y\n; -- z",
         .statements = {"a"},
         .comments = {"-- x;", "-- y", "-- z"}},
        {.name = "rule",
         .text = "CREATE RULE r AS ON INSERT TO t DO (\n  SELECT 1;\n  SELECT 2\n); b",
         .statements = {"CREATE RULE r AS ON INSERT TO t DO (\n  SELECT 1;\n  SELECT 2\n)", "b"}},
        {.name = "rule at column one",
         .text = "CREATE RULE r AS ON INSERT TO t DO (\nSELECT 1;\nSELECT 2\n); b",
         .statements = {"CREATE RULE r AS ON INSERT TO t DO (\nSELECT 1;\nSELECT 2\n)", "b"}},
        {.name = "closing alone", .text = "a ); b", .statements = {"a )", "b"}},
    });
}

TEST(Scanner, KeepsAtomicBodiesWhole) {
    const std::string_view body = "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC\n"
                                  "SELECT CASE WHEN a THEN 1 END;\nSELECT 2;\nEND";
    const std::string with_next = std::string(body) + ";\nDROP TABLE t;";
    expect_scan({
        {.name = "case inside",
         .text = with_next,
         .statements = {std::string(body), "DROP TABLE t"}},
        {.name = "procedure",
         .text = "create procedure p() begin atomic a; end; b",
         .statements = {"create procedure p() begin atomic a; end", "b"}},
        {.name = "no routine",
         .text = "begin; atomic; end;",
         .statements = {"begin", "atomic", "end"}},
        {.name = "function called begin",
         .text = "CREATE FUNCTION begin() AS 'x'; b",
         .statements = {"CREATE FUNCTION begin() AS 'x'", "b"}},
        {.name = "no end",
         .text = "CREATE FUNCTION f() BEGIN ATOMIC\n SELECT 1;\nCREATE TABLE t ();",
         .statements = {"CREATE FUNCTION f() BEGIN ATOMIC\n SELECT 1", "CREATE TABLE t ()"},
         .faults = {{FaultKind::unterminated_body, "BEGIN"}}},
        {.name = "no end at all",
         .text = "CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;",
         .statements = {"CREATE FUNCTION f() BEGIN ATOMIC SELECT 1;"},
         .faults = {{FaultKind::unterminated_body, "BEGIN"}}},
    });
}

TEST(Scanner, GoesOnAfterOpenParentheses) {
    expect_scan({
        {.name = "next line",
         .text = "CREATE TABLE a (x int;\nCREATE TABLE b (y int);",
         .statements = {"CREATE TABLE a (x int", "CREATE TABLE b (y int)"},
         .faults = {{FaultKind::unbalanced_parenthesis, "("}}},
        {.name = "indented, past a comment",
         .text = "a (; -- why\n  INSERT b;",
         .statements = {"a (", "INSERT b"},
         .faults = {{FaultKind::unbalanced_parenthesis, "("}},
         .comments = {"-- why"}},
        {.name = "not at a line's start",
         .text = "a (; SELECT b); c",
         .statements = {"a (; SELECT b)", "c"}},
        {.name = "no keyword", .text = "a (;\nb); c", .statements = {"a (;\nb)", "c"}},
        {.name = "to the end",
         .text = "a (b; c ",
         .statements = {"a (b; c"},
         .faults = {{FaultKind::unbalanced_parenthesis, "("}}},
        {.name = "rule",
         .text = "CREATE RULE r DO (SELECT 1;\nINSERT b;\nCREATE c;",
         .statements = {"CREATE RULE r DO (SELECT 1", "INSERT b", "CREATE c"},
         .faults = {{FaultKind::unbalanced_parenthesis, "("}}},
        {.name = "rule at the end",
         .text = "CREATE RULE r DO (SELECT 1;\nINSERT b; -- c",
         .statements = {"CREATE RULE r DO (SELECT 1", "INSERT b"},
         .faults = {{FaultKind::unbalanced_parenthesis, "("}},
         .comments = {"-- c"}},
    });
}

TEST(Scanner, GoesOnAfterOpenQuotes) {
    expect_scan({
        {.name = "string",
         .text = "INSERT 'it;\nINSERT b;",
         .statements = {"INSERT 'it", "INSERT b"},
         .faults = {{FaultKind::unterminated_string, "'it"}}},
        {.name = "string past comments",
         .text = "INSERT 'it ;\n\n-- x;\nINSERT b;",
         .statements = {"INSERT 'it", "INSERT b"},
         .faults = {{FaultKind::unterminated_string, "'it"}},
         .comments = {"-- x;"}},
        {.name = "later strings swap",
         .text = "INSERT 'it;\nINSERT 'b', 'c';\nDROP d;",
         .statements = {"INSERT 'it", "INSERT 'b', 'c'", "DROP d"},
         .faults = {{FaultKind::unterminated_string, "'it"}}},
        {.name = "identifier",
         .text = "DROP \"a;\nDROP \"b\";",
         .statements = {"DROP \"a", "DROP \"b\""},
         .faults = {{FaultKind::unterminated_quoted_identifier, "\"a"}}},
        {.name = "dollar",
         .text = "DO $a$ x;\nDROP b;",
         .statements = {"DO $a$ x", "DROP b"},
         .faults = {{FaultKind::unterminated_dollar_quote, "$a$ x"}}},
        {.name = "bodies swap",
         .text = "DO $$ BEGIN x; END;\nDO $$\nBEGIN y; END $$;\nDROP b;",
         .statements = {"DO $$ BEGIN x; END", "DO $$\nBEGIN y; END $$", "DROP b"},
         .faults = {{FaultKind::unterminated_dollar_quote, "$$ BEGIN x; END"}}},
        {.name = "comment",
         .text = "a; /* x;\nDROP b;",
         .statements = {"a", "/* x", "DROP b"},
         .faults = {{FaultKind::unterminated_comment, "/* x"}}},
        {.name = "to the end",
         .text = "a 'b; c\n",
         .statements = {"a 'b; c"},
         .faults = {{FaultKind::unterminated_string, "'b; c"}}},
        {.name = "two",
         .text = "a 'b;\nDROP c;\nDROP \"d;\nDROP e",
         .statements = {"a 'b", "DROP c", "DROP \"d", "DROP e"},
         .faults = {{FaultKind::unterminated_string, "'b"},
                    {FaultKind::unterminated_quoted_identifier, "\"d"}}},
        {.name = "script in a string",
         .text = "SELECT 'a;\nDROP b;'; c;",
         .statements = {"SELECT 'a;\nDROP b;'", "c"}},
        {.name = "script in a string before AS",
         .text = "SELECT 'a;\nDROP b'as x; c;",
         .statements = {"SELECT 'a;\nDROP b'as x", "c"}},
        {.name = "body with an option behind",
         .text = "CREATE FUNCTION f() AS $$ a;\nDROP b; $$\nSET x = 1; c",
         .statements = {"CREATE FUNCTION f() AS $$ a;\nDROP b; $$\nSET x = 1", "c"}},
    });
}

TEST(Scanner, MasksCopyData) {
    expect_scan({
        {.name = "data",
         .text = "COPY t (a) FROM stdin;\nit's; (\n\\.\nDROP b;",
         .statements = {"COPY t (a) FROM stdin", "DROP b"},
         .masks = {{MaskKind::copy_data, "it's; (\n\\."}}},
        {.name = "crlf",
         .text = "COPY t FROM STDIN WITH (format csv); -- x\r\n1\r\n\\.\r\na",
         .statements = {"COPY t FROM STDIN WITH (format csv)", "a"},
         .masks = {{MaskKind::copy_data, "1\r\n\\."}},
         .comments = {"-- x"}},
        {.name = "no data",
         .text = "COPY t FROM STDIN;\n\\.\na",
         .statements = {"COPY t FROM STDIN", "a"},
         .masks = {{MaskKind::copy_data, "\\."}}},
        {.name = "no end",
         .text = "COPY t FROM STDIN;\n1\n",
         .statements = {"COPY t FROM STDIN"},
         .masks = {{MaskKind::copy_data, "1\n"}}},
        {.name = "nothing follows",
         .text = "COPY t FROM STDIN;",
         .statements = {"COPY t FROM STDIN"}},
        {.name = "two on a line",
         .text = "COPY t FROM STDIN; COPY u FROM STDIN;\n1\n\\.\n2\n\\.\na",
         .statements = {"COPY t FROM STDIN", "COPY u FROM STDIN", "a"},
         .masks = {{MaskKind::copy_data, "1\n\\."}, {MaskKind::copy_data, "2\n\\."}}},
        {.name = "from a file",
         .text = "COPY t FROM 'stdin';\na;",
         .statements = {"COPY t FROM 'stdin'", "a"}},
        {.name = "to",
         .text = "COPY (SELECT 1 FROM stdin) TO 'x';\na;",
         .statements = {"COPY (SELECT 1 FROM stdin) TO 'x'", "a"}},
        {.name = "not a copy",
         .text = "SELECT copy FROM stdin;\na;",
         .statements = {"SELECT copy FROM stdin", "a"}},
        {.name = "psql's copy",
         .text = "\\copy t from stdin\nit's\n\\.\na",
         .statements = {"a"},
         .masks = {{MaskKind::psql_command, "\\copy t from stdin"},
                   {MaskKind::copy_data, "it's\n\\."}}},
    });
}

TEST(Scanner, MasksPsqlCommands) {
    expect_scan({
        {.name = "line",
         .text = "\\set x 'it;\n\\i a.sql\nb;",
         .statements = {"b"},
         .masks = {{MaskKind::psql_command, "\\set x 'it;"},
                   {MaskKind::psql_command, "\\i a.sql"}}},
        {.name = "between",
         .text = "a; \\echo b;\nc",
         .statements = {"a", "c"},
         .masks = {{MaskKind::psql_command, "\\echo b;"}}},
        {.name = "inside",
         .text = "a\n\\x\n+ b;",
         .statements = {"a\n  \n+ b"},
         .masks = {{MaskKind::psql_command, "\\x"}}},
        {.name = "behind",
         .text = "a \\x\n;",
         .statements = {"a"},
         .masks = {{MaskKind::psql_command, "\\x"}}},
        {.name = "gexec",
         .text = "SELECT 1 \\gexec\nb",
         .statements = {"SELECT 1", "b"},
         .masks = {{MaskKind::psql_command, "\\gexec"}}},
        {.name = "g",
         .text = "SELECT 1\\g out.txt\nb",
         .statements = {"SELECT 1", "b"},
         .masks = {{MaskKind::psql_command, "\\g out.txt"}}},
        {.name = "g in parentheses",
         .text = "SELECT (1\\g\nb",
         .statements = {"SELECT (1", "b"},
         .faults = {{FaultKind::unbalanced_parenthesis, "("}},
         .masks = {{MaskKind::psql_command, "\\g"}}},
        {.name = "separator",
         .text = R"(\x \\ a;)",
         .statements = {"a"},
         .masks = {{MaskKind::psql_command, R"(\x \\)"}}},
        {.name = "semicolon",
         .text = "a \\; b;",
         .statements = {"a", "b"},
         .masks = {{MaskKind::psql_command, "\\"}}},
    });
}

TEST(Scanner, FindsBytesThatAreNoText) {
    expect_scan({
        {.name = "bom",
         .text = "\xEF\xBB\xBF"
                 "a;",
         .statements = {"a"},
         .masks = {{MaskKind::byte_order_mark, "\xEF\xBB\xBF"}}},
        {.name = "nul",
         .text = "a\0\0b;\0"sv,
         .statements = {"a  b"},
         .faults = {{FaultKind::nul_byte, std::string(2, '\0')}},
         .masks = {{MaskKind::nul_byte, std::string(2, '\0')},
                   {MaskKind::nul_byte, std::string(1, '\0')}}},
        {.name = "nul in data",
         .text = "COPY t FROM STDIN;\n\0\n\\.\n"sv,
         .statements = {"COPY t FROM STDIN"},
         .faults = {{FaultKind::nul_byte, std::string(1, '\0')}},
         .masks = {{MaskKind::copy_data, std::string("\0\n\\."sv)}}},
        {.name = "utf8",
         .text = "a '\xff\xff'; b; c '\xe2\x82';",
         .statements = {"a '\xff\xff'", "b", "c '\xe2\x82'"},
         .faults = {{FaultKind::invalid_utf8, "\xff"}, {FaultKind::invalid_utf8, "\xe2\x82'"}}},
        {.name = "string comment",
         .text = "SELECT 'a' -- b\n'c';",
         .statements = {"SELECT 'a'     \n'c'"},
         .masks = {{MaskKind::string_comment, "-- b"}},
         .comments = {"-- b"}},
    });
}

struct MessageCase {
    std::string_view text;
    std::string_view message;
};

TEST(Scanner, SpeaksLikeTheServer) {
    const auto cases = std::to_array<MessageCase>({
        {.text = "a 'b", .message = "unterminated quoted string"},
        {.text = "a \"b", .message = "unterminated quoted identifier"},
        {.text = "a $$b", .message = "unterminated dollar-quoted string"},
        {.text = "/* b", .message = "unterminated /* comment"},
        {.text = "(", .message = "this parenthesis is never closed"},
        {.text = "\xff", .message = R"(invalid byte sequence for encoding "UTF8": 0xff)"},
        {.text = "'\xe2\x82'",
         .message = R"(invalid byte sequence for encoding "UTF8": 0xe2 0x82 0x27)"},
        {.text = "'\xf0\x90", .message = R"(invalid byte sequence for encoding "UTF8": 0xf0 0x90)"},
        {.text = "\xfc\x90", .message = R"(invalid byte sequence for encoding "UTF8": 0xfc)"},
    });
    for (const MessageCase& test : cases) {
        SCOPED_TRACE(test.text);
        const SourceFile file = file_of(test.text);
        const Scan result = scan(file, whole(file));
        ASSERT_FALSE(result.faults.empty());
        EXPECT_EQ(result.faults.back().message, test.message);
    }
}

TEST(Scanner, StaysInItsSection) {
    const SourceFile file = file_of("a; 'b; c; d'; e");
    const Scan result = scan(file, {.begin = 3, .end = 9});
    ASSERT_EQ(result.statements.size(), 1U);
    EXPECT_EQ(result.statements[0].span, (Span{.begin = 3, .end = 9}));
    EXPECT_TRUE(result.statements[0].terminator.empty());
    ASSERT_EQ(result.faults.size(), 1U);
    EXPECT_EQ(result.faults[0].span, (Span{.begin = 3, .end = 9}));
}

TEST(Scanner, NotesTerminators) {
    const SourceFile file = file_of("a;; b");
    const Scan result = scan(file, whole(file));
    ASSERT_EQ(result.statements.size(), 2U);
    EXPECT_EQ(result.statements[0].terminator, (Span{.begin = 1, .end = 2}));
    EXPECT_TRUE(result.statements[1].terminator.empty());
    EXPECT_THAT(result.terminators,
                testing::ElementsAre(Span{.begin = 1, .end = 2}, Span{.begin = 2, .end = 3}));
}

TEST(StatementText, IsViewedWhereNothingIsMasked) {
    const SourceFile file = file_of("a \\x\n b; c;");
    const Scan result = scan(file, whole(file));
    ASSERT_EQ(result.statements.size(), 2U);
    const StatementText masked(file, result, result.statements[0]);
    EXPECT_EQ(masked.view(), "a   \n b");
    const StatementText plain(file, result, result.statements[1]);
    EXPECT_EQ(plain.view().data(), file.bytes().data() + 9);
}

/// Each would take hours if a byte could be read more often than a fixed number of times.
TEST(Scanner, IsLinearInHostileText) {
    constexpr std::size_t size = 300'000;
    const auto fragments = std::to_array<std::string_view>({
        "(",
        "'",
        "'a",
        "/*",
        "/* ;\nselect ",
        "$$",
        "\"",
        ";",
        "(;\nselect ",
        "(; select ",
        "\\",
        "\\;",
        "create rule x do (;\nselect ",
        "create rule x do (;\nselect 1; ",
        "copy t from stdin;",
        "copy t from stdin;\n1\n\\.\n",
        "';\nselect ",
        "';\nselect x'begin ",
        "create function f() begin atomic ;\nselect ",
        "\0"sv,
        "\xff",
        "-",
        "+",
        ";--",
    });
    for (const std::string_view fragment : fragments) {
        SCOPED_TRACE(fragment);
        std::string text;
        while (text.size() < size)
            text += fragment;
        const SourceFile file("f.sql", std::move(text));
        const auto start = std::chrono::steady_clock::now();
        const Scan result = scan(file, whole(file));
        EXPECT_GT(result.statements.size() + result.terminators.size() + result.masks.size() +
                      result.comments.size(),
                  0U);
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
    }
}

TEST(Scanner, ReadsLongFilesFast) {
    for (const std::string_view fragment : {"(", "'", "/*", "-- a\n"}) {
        SCOPED_TRACE(fragment);
        std::string text;
        while (text.size() < 10'000'000)
            text += fragment;
        const SourceFile file("f.sql", std::move(text));
        const auto start = std::chrono::steady_clock::now();
        const Scan result = scan(file, whole(file));
        EXPECT_GE(result.statements.size() + result.comments.size(), 1U);
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
    }
}

/// What only psql understands goes to the server, which a statement boundary inside it splits.
TEST(Scanner, MasksNothingOfPsqlsForADriver) {
    expect_scan(
        {
            {.name = "byte order mark",
             .text = "\xEF\xBB\xBFSELECT 1;",
             .statements = {"\xEF\xBB\xBFSELECT 1"},
             .faults = {{FaultKind::byte_order_mark, "\xEF\xBB\xBF"}}},
            {.name = "byte order mark before a comment",
             .text = "\xEF\xBB\xBF-- a\nSELECT 1;",
             .statements = {"\xEF\xBB\xBF-- a\nSELECT 1"},
             .faults = {{FaultKind::byte_order_mark, "\xEF\xBB\xBF"}},
             .comments = {"-- a"}},
            {.name = "command",
             .text = "\\set a 1\nSELECT 1; \\echo it's\n",
             .statements = {"\\set a 1\nSELECT 1", "\\echo it's"},
             .faults = {{FaultKind::psql_command, "\\set"},
                        {FaultKind::psql_command, "\\echo"},
                        {FaultKind::unterminated_string, "'s"}}},
            {.name = "sent by \\g",
             .text = "SELECT 1 \\g\nSELECT 2",
             .statements = {"SELECT 1 \\g\nSELECT 2"},
             .faults = {{FaultKind::psql_command, "\\g"}}},
            {.name = "\\;",
             .text = "SELECT 1\\; SELECT 2;",
             .statements = {"SELECT 1\\", "SELECT 2"},
             .faults = {{FaultKind::psql_command, "\\"}}},
            {.name = "COPY data",
             .text = "COPY t FROM stdin;\n1\t\\N\n2\t\\N\n\\.\nSELECT 1;",
             .statements = {"COPY t FROM stdin", "1\t\\N\n2\t\\N\n\\.\nSELECT 1"},
             .faults = {{FaultKind::psql_command, "\\N"}}},
            {.name = "\\copy",
             .text = "\\copy t from stdin\n1;2\n\\.\n",
             .statements = {"\\copy t from stdin\n1", "2\n\\."},
             .faults = {{FaultKind::psql_command, "\\copy"}, {FaultKind::psql_command, "\\"}}},
            {.name = "a backslash in quotes",
             .text = "SELECT '\\', \"\\\", $$\\$$ /* \\ */;",
             .statements = {"SELECT '\\', \"\\\", $$\\$$"},
             .comments = {"/* \\ */"}},
            {.name = "told once where a broken statement is read again",
             .text = "CREATE RULE r AS ON INSERT TO t DO (SELECT 1;\nSELECT \\x;\nDROP TABLE t;",
             .statements = {"CREATE RULE r AS ON INSERT TO t DO (SELECT 1", "SELECT \\x",
                            "DROP TABLE t"},
             .faults = {{FaultKind::unbalanced_parenthesis, "("},
                        {FaultKind::psql_command, "\\x"}}},
        },
        Client::driver);
}

/// Quotes that stay open, each of its own kind, so that every one is looked for to the end.
TEST(Scanner, IsLinearInOpenDollarQuotes) {
    std::string text;
    for (std::size_t i = 0; text.size() < 1'000'000; ++i)
        text += "select $t" + std::to_string(i) + "$ ;\n";
    const SourceFile file("f.sql", std::move(text));
    const auto start = std::chrono::steady_clock::now();
    const Scan result = scan(file, whole(file));
    EXPECT_GE(result.statements.size(), 4U);
    EXPECT_EQ(result.faults.size(), result.statements.size());
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

} // namespace
} // namespace ordain::text
