#include "text/keywords.hpp"
#include "text/lexer.hpp"

#include <array>
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::text {
namespace {

using Kind = Token::Kind;

std::string_view name_of(Kind kind) {
    switch (kind) {
    case Kind::word: return "word";
    case Kind::quoted_identifier: return "quoted";
    case Kind::string: return "string";
    case Kind::dollar_string: return "dollar";
    case Kind::number: return "number";
    case Kind::operator_: return "operator";
    case Kind::punctuation: return "punctuation";
    case Kind::colon_cast: return "cast";
    case Kind::dot_dot: return "dots";
    case Kind::colon_equals: return "assign";
    case Kind::parameter: return "parameter";
    case Kind::comment: return "comment";
    case Kind::backslash_command: return "command";
    case Kind::other: return "other";
    case Kind::end: return "end";
    }
    return "";
}

/// "kind:text" of each token; an open one is marked with a '!'.
std::vector<std::string> tokens_of(std::string_view text, Client client = Client::psql) {
    std::vector<std::string> tokens;
    Lexer lexer(text, 0, client);
    for (Token token = lexer.next(); token.kind != Kind::end; token = lexer.next()) {
        tokens.push_back(std::string(name_of(token.kind)) + (token.unterminated ? "!:" : ":") +
                         std::string(lexer.text_of(token)));
    }
    return tokens;
}

struct LexerCase {
    std::string_view name;
    std::string_view text;
    std::vector<std::string> tokens;
};

void expect_tokens(const std::vector<LexerCase>& cases) {
    for (const LexerCase& test : cases) {
        SCOPED_TRACE(test.name);
        EXPECT_THAT(tokens_of(test.text), testing::ElementsAreArray(test.tokens));
    }
}

TEST(Lexer, ReadsStrings) {
    expect_tokens({
        {.name = "plain", .text = "'a''b'", .tokens = {"string:'a''b'"}},
        {.name = "backslash is plain", .text = R"('a\'x)", .tokens = {R"(string:'a\')", "word:x"}},
        {.name = "escape", .text = R"(E'a\'b' x)", .tokens = {R"(string:E'a\'b')", "word:x"}},
        {.name = "escaped backslash", .text = R"(e'\\'x)", .tokens = {R"(string:e'\\')", "word:x"}},
        {.name = "unicode", .text = R"(U&'\0041')", .tokens = {R"(string:U&'\0041')"}},
        {.name = "national", .text = "n'a'", .tokens = {"string:n'a'"}},
        {.name = "bits", .text = "B'01'X'1f'", .tokens = {"string:B'01'", "string:X'1f'"}},
        {.name = "bits do not double", .text = "B'0''1'", .tokens = {"string:B'0'", "string:'1'"}},
        {.name = "continued", .text = "'a' \n 'b'", .tokens = {"string:'a' \n 'b'"}},
        {.name = "continued by cr", .text = "'a'\r'b'", .tokens = {"string:'a'\r'b'"}},
        {.name = "same line", .text = "'a' 'b'", .tokens = {"string:'a'", "string:'b'"}},
        {.name = "continued past comment",
         .text = "'a' -- x\n'b'",
         .tokens = {"string:'a' -- x\n'b'"}},
        {.name = "block comment breaks",
         .text = "'a' /*\n*/ 'b'",
         .tokens = {"string:'a'", "comment:/*\n*/", "string:'b'"}},
        {.name = "continued escape", .text = "E'a'\n'\\''", .tokens = {"string:E'a'\n'\\''"}},
        {.name = "open", .text = "'a''", .tokens = {"string!:'a''"}},
        {.name = "open after continuation", .text = "'a'\n'b", .tokens = {"string!:'a'\n'b"}},
        {.name = "open at backslash", .text = "E'\\", .tokens = {"string!:E'\\"}},
    });
}

TEST(Lexer, ReadsDollarQuotes) {
    expect_tokens({
        {.name = "bare", .text = "$$a'b$$", .tokens = {"dollar:$$a'b$$"}},
        {.name = "tag", .text = "$a$ $b$ $a$", .tokens = {"dollar:$a$ $b$ $a$"}},
        {.name = "half a tag", .text = "$a$x$$a$", .tokens = {"dollar:$a$x$$a$"}},
        {.name = "high bytes", .text = "$\u00e4$x$\u00e4$", .tokens = {"dollar:$\u00e4$x$\u00e4$"}},
        {.name = "case differs", .text = "$a$x$A$", .tokens = {"dollar!:$a$x$A$"}},
        {.name = "in a word", .text = "a$b$c", .tokens = {"word:a$b$c"}},
        {.name = "parameter", .text = "$1$$x$$", .tokens = {"parameter:$1", "dollar:$$x$$"}},
        {.name = "no tag", .text = "$a b", .tokens = {"other:$", "word:a", "word:b"}},
        {.name = "open", .text = "$$a$", .tokens = {"dollar!:$$a$"}},
    });
}

TEST(Lexer, ReadsNamesAndNumbers) {
    expect_tokens({
        {.name = "words", .text = "a_1$ \u00e4B", .tokens = {"word:a_1$", "word:\u00e4B"}},
        {.name = "quoted", .text = R"("a""b"c)", .tokens = {R"(quoted:"a""b")", "word:c"}},
        {.name = "unicode name", .text = "u&\"a\"", .tokens = {"quoted:u&\"a\""}},
        {.name = "names do not continue",
         .text = "\"a\"\n\"b\"",
         .tokens = {"quoted:\"a\"", "quoted:\"b\""}},
        {.name = "open name", .text = "\"a", .tokens = {"quoted!:\"a"}},
        {.name = "u and", .text = "u&a", .tokens = {"word:u", "operator:&", "word:a"}},
        {.name = "numbers",
         .text = "1 1. .5 1.5e-3 1e+",
         .tokens = {"number:1", "number:1.", "number:.5", "number:1.5e-3", "number:1", "word:e",
                    "operator:+"}},
        {.name = "range", .text = "1..10", .tokens = {"number:1", "dots:..", "number:10"}},
        {.name = "path",
         .text = "a.b.*",
         .tokens = {"word:a", "punctuation:.", "word:b", "punctuation:.", "operator:*"}},
    });
}

TEST(Lexer, ReadsOperators) {
    expect_tokens({
        {.name = "comment inside",
         .text = "+/* x */-",
         .tokens = {"operator:+", "comment:/* x */", "operator:-"}},
        {.name = "dashes inside", .text = "=--x", .tokens = {"operator:=", "comment:--x"}},
        {.name = "trailing minus",
         .text = "a<-1",
         .tokens = {"word:a", "operator:<", "operator:-", "number:1"}},
        {.name = "trailing signs",
         .text = "<=+-+",
         .tokens = {"operator:<=", "operator:+", "operator:-", "operator:+"}},
        {.name = "may end in minus", .text = "@-", .tokens = {"operator:@-"}},
        {.name = "json", .text = "a->>'b'", .tokens = {"word:a", "operator:->>", "string:'b'"}},
        {.name = "colons",
         .text = "a::b:=c:d",
         .tokens = {"word:a", "cast:::", "word:b", "assign::=", "word:c",
                    "punctuation::", "word:d"}},
        {.name = "template", .text = "{x}", .tokens = {"other:{", "word:x", "other:}"}},
    });
}

TEST(Lexer, ReadsCommentsAndCommands) {
    expect_tokens({
        {.name = "line", .text = "--a\r\nb", .tokens = {"comment:--a", "word:b"}},
        {.name = "nested", .text = "/*/*a*/b*/c", .tokens = {"comment:/*/*a*/b*/", "word:c"}},
        {.name = "slash star slash", .text = "/*/ */", .tokens = {"comment:/*/ */"}},
        {.name = "stars", .text = "/***/a", .tokens = {"comment:/***/", "word:a"}},
        {.name = "open", .text = "/* /* */", .tokens = {"comment!:/* /* */"}},
        {.name = "open at star", .text = "/* *", .tokens = {"comment!:/* *"}},
        {.name = "command",
         .text = "\\set x 'a;b'\ny",
         .tokens = {"command:\\set x 'a;b'", "word:y"}},
        {.name = "separator", .text = R"(\x \\ a)", .tokens = {R"(command:\x \\)", "word:a"}},
        {.name = "two commands", .text = "\\a \\t", .tokens = {"command:\\a ", "command:\\t"}},
        {.name = "quoted separator",
         .text = R"(\echo '\\' a)",
         .tokens = {R"(command:\echo '\\' a)"}},
        {.name = "whole line", .text = R"(\! a \\ b)", .tokens = {R"(command:\! a \\ b)"}},
        {.name = "semicolon", .text = "a\\;", .tokens = {"word:a", "command:\\", "punctuation:;"}},
    });
}

TEST(Lexer, HasNoCommandsForADriver) {
    EXPECT_THAT(tokens_of(R"(\set a 'b' \\ c)", Client::driver),
                testing::ElementsAre("other:\\", "word:set", "word:a", "string:'b'", "other:\\",
                                     "other:\\", "word:c"));
    EXPECT_THAT(tokens_of("\xEF\xBB\xBFSELECT 1", Client::driver),
                testing::ElementsAre("word:\xEF\xBB\xBFSELECT", "number:1"));
}

TEST(Lexer, OffsetsSpansByItsBase) {
    Lexer lexer("  ab", 100);
    const Token token = lexer.next();
    EXPECT_EQ(token.span, (Span{.begin = 102, .end = 104}));
    EXPECT_EQ(lexer.text_of(token), "ab");
    EXPECT_EQ(lexer.next().span, (Span{.begin = 104, .end = 104}));
}

TEST(Lexer, SkipsComments) {
    Lexer lexer("/* a */ -- b\n c");
    EXPECT_EQ(lexer.text_of(lexer.next_code()), "c");
    EXPECT_EQ(lexer.next_code().kind, Kind::end);
}

/// Each would take hours if a token cost more than its own length.
TEST(Lexer, IsLinear) {
    constexpr std::size_t size = 1'000'000;
    const auto fragments =
        std::to_array<std::string_view>({"+", "+-", "*+", "'", "''", "\"", "$a$", "$", "/*", "/",
                                         "*", "'\n", "'a'\n--x\n", "-", ".", ":", "\\"});
    for (const std::string_view fragment : fragments) {
        SCOPED_TRACE(fragment);
        std::string text;
        while (text.size() < size)
            text += fragment;
        const auto start = std::chrono::steady_clock::now();
        Lexer lexer(text, 0, Client::psql);
        std::uint32_t end = 0;
        for (Token token = lexer.next(); token.kind != Kind::end; token = lexer.next())
            end = token.span.end;
        EXPECT_GE(end + fragment.size(), size);
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
    }
}

TEST(Keywords, HaveTheirCategory) {
    EXPECT_TRUE(is_reserved_keyword("select"));
    EXPECT_TRUE(is_reserved_keyword("user"));
    EXPECT_FALSE(is_reserved_keyword("between"));
    EXPECT_FALSE(is_reserved_keyword("SELECT"));
    EXPECT_EQ(keyword_category("between"), KeywordCategory::column_name);
    EXPECT_EQ(keyword_category("left"), KeywordCategory::type_function);
    EXPECT_EQ(keyword_category("abort"), KeywordCategory::unreserved);
    EXPECT_EQ(keyword_category("zone"), KeywordCategory::unreserved);
    EXPECT_EQ(keyword_category("account"), std::nullopt);
    EXPECT_TRUE(is_keyword("CrEaTe", "create"));
    EXPECT_FALSE(is_keyword("creates", "create"));
}

} // namespace
} // namespace ordain::text
