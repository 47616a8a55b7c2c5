#include "parse/parser.hpp"

#include <gtest/gtest.h>
#include <ordain/plpgsql.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::parse {
namespace {

namespace pl = plpgsql;

Do parse_block(const std::string& sql) {
    const SourceFile file({}, sql, Client::driver);
    ParsedScript script =
        parse_script(file, {.begin = 0, .end = static_cast<std::uint32_t>(sql.size())});
    EXPECT_EQ(script.statements.size(), 1U) << sql;
    EXPECT_FALSE(script.statements.front().fault) << sql;
    return std::get<Do>(std::move(script.statements.front().actions.front().payload));
}

CreateFunction parse_function(const std::string& sql) {
    const SourceFile file({}, sql, Client::driver);
    ParsedScript script =
        parse_script(file, {.begin = 0, .end = static_cast<std::uint32_t>(sql.size())});
    EXPECT_EQ(script.statements.size(), 1U) << sql;
    EXPECT_FALSE(script.statements.front().fault) << sql;
    return std::get<CreateFunction>(std::move(script.statements.front().actions.front().payload));
}

/// « and » are around the place that the server points at.
struct FaultCase {
    std::string marked;
    std::string message;
};

const std::vector<FaultCase> fault_cases{
    {.marked = "DO $$ BEGIN «x» := 1; END $$", .message = "\"x\" is not a known variable"},
    {.marked = "DO $$ BEGIN «a . b /* c */ . d» := 1; END $$",
     .message = "\"a.b.d\" is not a known variable"},
    {.marked = "DO $$ DECLARE x int; «x» int; BEGIN END $$",
     .message = "duplicate declaration at or near \"x\""},
    {.marked = "DO $$ DECLARE «x . y» int; BEGIN END $$",
     .message = "syntax error at or near \"x . y\""},
    {.marked = "DO $$ DECLARE x int «y»; BEGIN END $$", .message = "syntax error at or near \"y\""},
    {.marked = "DO $$ DECLARE x int; BEGIN x := 1 «UNION» SELECT 2; END $$",
     .message = "syntax error at or near \"UNION\""},
    {.marked = "DO $$ DECLARE x int; BEGIN IF x = «)» 1 THEN NULL; END IF; END $$",
     .message = "mismatched parentheses at or near \")\""},
    {.marked = "DO $$ BEGIN <<a>> LOOP EXIT a; END LOOP «b»; END $$",
     .message = R"(end label "b" differs from block's label "a")"},
    {.marked = "DO $$ BEGIN RAISE SQLSTATE «'1'»; END $$",
     .message = R"(invalid SQLSTATE code at or near "'1'")"},
    {.marked = "DO $$ BEGIN NULL; «»$$", .message = "syntax error at end of input"},
};

TEST(PlpgsqlBody, FaultsSayWhatTheServerSaysWhereItSaysIt) {
    for (const FaultCase& expected : fault_cases) {
        SCOPED_TRACE(expected.marked);
        constexpr std::string_view open = "«";
        std::string sql = expected.marked;
        const std::size_t begin = sql.find(open);
        sql.erase(begin, open.size());
        const std::size_t end = sql.find("»");
        sql.erase(end, open.size());
        const Do block = parse_block(sql);
        ASSERT_TRUE(block.body_fault);
        EXPECT_EQ(block.body_fault->message, expected.message);
        EXPECT_EQ(block.body_fault->span.begin, begin);
        EXPECT_EQ(block.body_fault->span.size(), end - begin);
        EXPECT_TRUE(block.partly_read || expected.message.find("UNION") != std::string::npos);
    }
}

const std::vector<FaultCase> function_fault_cases{
    {.marked = "CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN «b» := 1; END $$",
     .message = "\"b\" is not a known variable"},
    {.marked = "CREATE FUNCTION f() RETURNS void AS $$ BEGIN RETURN «1»; END $$ LANGUAGE plpgsql",
     .message = "RETURN cannot have a parameter in function returning void"},
    {.marked = "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1 EN«»'",
     .message = "syntax error at end of input"},
    {.marked = "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS «'BEGIN RETURN ''1'' END'»",
     .message = "syntax error at end of input"},
};

TEST(PlpgsqlBody, FaultsOfFunctionsHavePlacesInTheFile) {
    for (const FaultCase& expected : function_fault_cases) {
        SCOPED_TRACE(expected.marked);
        constexpr std::string_view open = "«";
        std::string sql = expected.marked;
        const std::size_t begin = sql.find(open);
        sql.erase(begin, open.size());
        const std::size_t end = sql.find("»");
        sql.erase(end, open.size());
        const CreateFunction function = parse_function(sql);
        ASSERT_TRUE(function.body_fault);
        EXPECT_EQ(function.body_fault->message, expected.message);
        EXPECT_EQ(function.body_fault->span.begin, begin);
        EXPECT_EQ(function.body_fault->span.size(), end - begin);
    }
}

TEST(PlpgsqlBody, FunctionsAreReadBehindHiddenTargets) {
    const CreateFunction function =
        parse_function("CREATE FUNCTION f(a int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE a int; "
                       "BEGIN f.a := 1; $1 := 2; RETURN a; END $$");
    EXPECT_FALSE(function.body_fault);
    ASSERT_NE(function.block, nullptr);
    EXPECT_EQ(function.block->body.size(), 3U);
}

TEST(PlpgsqlBody, RefusedSqlDoesNotEndTheReading) {
    const std::string sql = "DO $$ BEGIN SELEC 1; y := 1; END $$";
    const Do block = parse_block(sql);
    ASSERT_TRUE(block.body_fault);
    EXPECT_EQ(block.body_fault->message, "syntax error at or near \"SELEC\"");
    EXPECT_EQ(block.fault_reached, sql.find(';'));
    EXPECT_TRUE(block.partly_read);
    const Do whole = parse_block("DO $$ BEGIN SELEC 1; NULL; END $$");
    EXPECT_FALSE(whole.partly_read);
    EXPECT_EQ(whole.block->body.size(), 2U);
}

TEST(PlpgsqlBody, TargetsAreTheVariablesThemselves) {
    const Do block = parse_block("DO $$ <<b>> DECLARE x int; y ALIAS FOR x; r record; BEGIN "
                                 "b.x := 1; y := 2; b.r.f := 3; x[1] := 4; END $$");
    ASSERT_FALSE(block.body_fault);
    std::vector<std::string> targets;
    for (const pl::Statement& statement : block.block->body) {
        const auto& target = std::get<pl::Assignment>(statement.form).target;
        std::string text;
        for (const Identifier& name : target.names)
            text += text.empty() ? name.text : "." + name.text;
        targets.push_back(target.element ? text + "[]" : text);
    }
    EXPECT_EQ(targets, (std::vector<std::string>{"x", "x", "r.f", "x[]"}));
}

TEST(PlpgsqlBody, TargetsThatAnotherVariableHidesAreLeftUnread) {
    const Do block =
        parse_block("DO $$ <<b>> DECLARE x int; BEGIN DECLARE x int; BEGIN b.x := 1; END; END $$");
    EXPECT_FALSE(block.body_fault);
    EXPECT_EQ(block.block, nullptr);
}

TEST(PlpgsqlBody, DeepBlocksAreLeftUnread) {
    constexpr int depth = 10'000;
    std::string sql = "DO $$ BEGIN ";
    for (int level = 0; level < depth; ++level)
        sql += "BEGIN ";
    sql += "$$";
    const Do block = parse_block(sql);
    EXPECT_FALSE(block.body_fault);
    EXPECT_EQ(block.block, nullptr);
}

} // namespace
} // namespace ordain::parse
