// Holds the lexer against PostgreSQL's own (libpg_query) on random text.

#include "text/lexer.hpp"

#include <array>
#include <gtest/gtest.h>
#include <optional>
#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::text {
namespace {

constexpr auto fragments = std::to_array<std::string_view>({
    "'",   "''",  "\"", "$$", "$a$", "$",   "$1",     "E'",     "e'\\'", "U&'",   "U&\"",
    "B'",  "x'",  "--", "/*", "*/",  "/",   "*",      "+",      "-",     "@",     "%",
    "<",   ">",   "=",  "!",  "|",   "::",  ":=",     "..",     ".",     ":",     "1",
    "2.5", "3e4", ".5", "e",  "a",   "B_c", "\u00e9", " ",      "\n",    "\r\n",  "\t",
    "(",   ")",   "[",  "]",  ",",   ";",   "'\n'",   "select", "'x'",   "$$y$$", "\"z\"",
    "a$b", "#",   "?",  "&",  "~",   "^",   "`",
});

std::string random_text(std::mt19937& random) {
    std::string text;
    const std::size_t count = 1 + random() % 12;
    for (std::size_t i = 0; i < count; ++i)
        text += fragments[random() % std::size(fragments)];
    return text;
}

/// Nothing when the text holds what libpg_query does not read as the server: comments between the
/// parts of a string.
std::optional<std::vector<Span>> our_tokens(std::string_view text) {
    std::vector<Span> spans;
    Lexer lexer(text);
    for (Token token = lexer.next(); token.kind != Token::Kind::end; token = lexer.next()) {
        const bool commented = lexer.text_of(token).find("--") != std::string_view::npos;
        if (token.continued && commented) return {};
        spans.push_back(token.span);
    }
    return spans;
}

std::vector<Span> their_tokens(const PgQueryProtobuf& buffer) {
    std::vector<Span> spans;
    PgQuery__ScanResult* result = pg_query__scan_result__unpack(
        nullptr, buffer.len, reinterpret_cast<const std::uint8_t*>(buffer.data));
    if (result == nullptr) return spans;
    for (std::size_t i = 0; i < result->n_tokens; ++i) {
        const PgQuery__ScanToken& token = *result->tokens[i];
        spans.push_back({.begin = static_cast<std::uint32_t>(token.start),
                         .end = static_cast<std::uint32_t>(token.end)});
    }
    pg_query__scan_result__free_unpacked(result, nullptr);
    return spans;
}

/// Where tokens begin and end. libpg_query gives wrong ends for U&'...' and U&"...".
std::string shown(std::string_view text, const std::vector<Span>& spans) {
    std::string list;
    for (const Span& span : spans) {
        const bool unicode =
            text.substr(span.begin, 3) == "U&'" || text.substr(span.begin, 3) == "U&\"";
        list += std::to_string(span.begin) + '-';
        list += (unicode ? "?" : std::to_string(span.end)) + ' ';
    }
    return list;
}

TEST(LexerTruth, CutsTokensWherePostgresDoes) {
    std::mt19937 random(20240501);
    std::size_t compared = 0;
    for (int i = 0; i < 200'000; ++i) {
        const std::string text = random_text(random);
        const PgQueryScanResult result = pg_query_scan(text.c_str());
        const std::optional<std::vector<Span>> ours = our_tokens(text);
        if (result.error == nullptr && ours) {
            ++compared;
            ASSERT_EQ(shown(text, *ours), shown(text, their_tokens(result.pbuf))) << text;
        }
        pg_query_free_scan_result(result);
    }
    EXPECT_GT(compared, 40'000U);
}

} // namespace
} // namespace ordain::text
