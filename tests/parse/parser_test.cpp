#include "action_dump.hpp"
#include "parse/parser.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::parse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Span whole(const SourceFile& file) {
    return {.begin = 0, .end = static_cast<std::uint32_t>(file.bytes().size())};
}

std::vector<std::string> dumps(const ParsedScript& script) {
    std::vector<std::string> found;
    for (const Statement& statement : script.statements) {
        std::string line = std::to_string(statement.number) + ' ' + dump(statement.actions);
        if (statement.fault) line += " fault: " + statement.fault->message;
        found.push_back(std::move(line));
    }
    return found;
}

TEST(ParseScript, GivesStatementsInOrderWithTheirPlacesInTheFile) {
    const SourceFile file("f.sql", "\xEF\xBB\xBF-- one\nBEGIN;\r\n  DROP TABLE \"T\" ;;\nCOMMIT");
    const ParsedScript script = parse_script(file, whole(file));
    EXPECT_THAT(dumps(script), ElementsAre("1 begin", "2 drop table T 1/1", "3 commit"));
    std::vector<std::string> texts;
    for (const Statement& statement : script.statements)
        texts.emplace_back(file.text(statement.span));
    EXPECT_THAT(texts, ElementsAre("BEGIN", "DROP TABLE \"T\"", "COMMIT"));
    const auto& drop = std::get<DropObject>(script.statements[1].actions[0].payload);
    EXPECT_EQ(file.text(drop.object.name.name.span), "\"T\"");
    EXPECT_EQ(file.text(drop.object.span), "\"T\"");
    ASSERT_EQ(script.comments.size(), 1U);
    EXPECT_EQ(file.text(script.comments[0]), "-- one");
    EXPECT_THAT(script.faults, IsEmpty());
}

TEST(ParseScript, ReadsNothingButTheSection) {
    const SourceFile file("f.sql", "BEGIN; DROP TABLE a; COMMIT;");
    const ParsedScript script = parse_script(file, {.begin = 6, .end = 20});
    EXPECT_THAT(dumps(script), ElementsAre("1 drop table a 1/1"));
}

TEST(ParseScript, ABrokenStatementHidesNoOther) {
    const SourceFile file("f.sql", "BEGIN; CREAT TABLE x (); SELECT 'a\n;\nDROP TABLE t;");
    const ParsedScript script = parse_script(file, whole(file));
    EXPECT_THAT(dumps(script),
                ElementsAre("1 begin", "2 unmodelled fault: syntax error at or near \"CREAT\"",
                            "3 unmodelled fault: unterminated quoted string at or near \"'a\"",
                            "4 drop table t 1/1"));
    ASSERT_EQ(script.faults.size(), 1U);
    EXPECT_EQ(script.faults[0].kind, text::ScanFault::Kind::unterminated_string);
}

/// A script of one statement, and the server's message with the text that it marks.
struct BreakCase {
    std::string_view sql;
    std::string_view message;
    std::string_view marked;
    Client client = Client::psql;
};

const std::vector<BreakCase> break_cases{
    {.sql = "SELECT 1 +", .message = "syntax error at end of input", .marked = "+"},
    {.sql = "SELECT 1 + -- c\n", .message = "syntax error at end of input", .marked = "+"},
    {.sql = "SELECT 1 +;", .message = "syntax error at or near \";\"", .marked = ";"},
    {.sql = "SELECT 1 + -- c\n ;", .message = "syntax error at or near \";\"", .marked = ";"},
    {.sql = "SELECT (1;", .message = "syntax error at or near \";\"", .marked = ";"},
    {.sql = "SELECT 1 + \\g\n", .message = "syntax error at end of input", .marked = "+"},
    {.sql = "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1;",
     .message = "syntax error at end of input",
     .marked = ";"},
    {.sql = "CREATE TABLE t (a int,);", .message = "syntax error at or near \")\"", .marked = ")"},
    {.sql = "\xEF\xBB\xBFSELECT 1;",
     .message = "syntax error at or near \"\xEF\xBB\xBFSELECT\"",
     .marked = "\xEF\xBB\xBFSELECT",
     .client = Client::driver},
    {.sql = "\xEF\xBB\xBF-- c\nSELECT 1;",
     .message = "syntax error at or near \"\xEF\xBB\xBF\"",
     .marked = "\xEF\xBB\xBF",
     .client = Client::driver},
    {.sql = "\\set a 1\n",
     .message = R"(syntax error at or near "\")",
     .marked = "\\",
     .client = Client::driver},
    {.sql = "SELECT 1 \\g\n",
     .message = R"(syntax error at or near "\")",
     .marked = "\\",
     .client = Client::driver},
};

TEST(ParseScript, NamesThePlaceWhereTheServerStops) {
    for (const BreakCase& expected : break_cases) {
        SCOPED_TRACE(expected.sql);
        const SourceFile file("f.sql", std::string(expected.sql), expected.client);
        const ParsedScript script = parse_script(file, whole(file));
        ASSERT_EQ(script.statements.size(), 1U);
        ASSERT_TRUE(script.statements[0].fault);
        EXPECT_EQ(script.statements[0].fault->sqlstate, "42601");
        EXPECT_EQ(script.statements[0].fault->message, expected.message);
        EXPECT_EQ(file.text(script.statements[0].fault->span), expected.marked);
    }
}

TEST(ParseScript, GivesADriversCopyDataToTheServer) {
    const SourceFile file("f.sql", "COPY t FROM STDIN;\n1\ta\n\\.\n", Client::driver);
    EXPECT_THAT(
        dumps(parse_script(file, whole(file))),
        ElementsAre("1 copy_from t stdin", "2 unmodelled fault: syntax error at or near \"1\""));
}

TEST(ParseScript, WhatIsMaskedIsNotForTheServer) {
    const SourceFile file("f.sql",
                          "\\set x 1\nCOPY t FROM STDIN;\n1\tit's\n\\.\nDROP TABLE \\\\ t;");
    const ParsedScript script = parse_script(file, whole(file));
    ASSERT_FALSE(script.statements.empty());
    EXPECT_EQ(dump(script.statements[0].actions), "copy_from t stdin");
}

TEST(ParseScript, AnEmptyFileHasNoStatements) {
    for (const char* text : {"", "\n", ";;", "-- x", "/* x */ ;"}) {
        SCOPED_TRACE(text);
        const SourceFile file("f.sql", text);
        EXPECT_THAT(parse_script(file, whole(file)).statements, IsEmpty());
    }
}

TEST(ParallelParser, GivesTheSameInTheSameOrderOnAnyNumberOfThreads) {
    SourceSet sources;
    std::vector<ScriptRequest> requests;
    for (int i = 0; i < 100; ++i) {
        std::string text = "CREATE TABLE t" + std::to_string(i) + " (a int);";
        // Files of different length finish out of order.
        for (int j = 0; j < i % 7 * 10; ++j)
            text += "INSERT INTO t VALUES (1);";
        const auto size = static_cast<std::uint32_t>(text.size());
        requests.push_back(
            {.file = sources.add("f", std::move(text)), .section = {.begin = 0, .end = size}});
    }
    std::vector<std::vector<std::string>> expected;
    expected.reserve(requests.size());
    for (const ScriptRequest& request : requests)
        expected.push_back(dumps(parse_script(sources.file(request.file), request.section)));
    for (const unsigned threads : {0U, 1U, 2U, 8U}) {
        SCOPED_TRACE(threads);
        std::vector<std::vector<std::string>> found;
        ParallelParser parser(sources, requests, threads);
        while (found.size() < requests.size())
            found.push_back(dumps(parser.next()));
        EXPECT_EQ(found, expected);
    }
}

TEST(ParallelParser, MayBeLeftBeforeItsEnd) {
    SourceSet sources;
    const std::string text = "SELECT 1;";
    const std::vector<ScriptRequest> requests(
        1000, {.file = sources.add("f", text), .section = {.begin = 0, .end = 9}});
    ParallelParser parser(sources, requests, 4);
    EXPECT_EQ(parser.next().statements.size(), 1U);
}

TEST(GrammarVersion, IsTheLibrarys) {
    EXPECT_EQ(grammar_version(), "15.1");
}

/// A statement and the words that it mentions, with where they begin.
struct MentionCase {
    std::string sql;
    std::string words;
};

const std::vector<MentionCase> mention_cases{
    {.sql = R"(EXPLAIN SELECT * FROM Users, "B c")",
     .words = "explain@0 select@8 from@17 users@22 B c@29"},
    {.sql = "DO $$ BEGIN EXECUTE 'DROP TABLE ''A'' || x'; END $$",
     .words = "do@0 begin@6 execute@12 drop@21 table@26 a@34 x@41 end@45"},
    {.sql = R"(DO E'a\nb \\ c')", .words = "do@0 a@5 b@8 c@13"},
    {.sql = "CALL p(1, 's.t')", .words = "call@0 p@5 s@11 t@13"},
    {.sql = R"(SHOW /* x */ U&"d\0061t" -- y)", .words = "show@0 dat@13"},
    {.sql = "SELECT f('x')", .words = ""},
};

TEST(Mentions, AreTheWordsOfWhatIsNotRead) {
    for (const MentionCase& expected : mention_cases) {
        SCOPED_TRACE(expected.sql);
        const Statement statement = parse_statement(expected.sql, 0, 1);
        ASSERT_EQ(statement.actions.size(), 1U);
        std::string words;
        for (const Mention& mention : statement.actions[0].mentions) {
            if (!words.empty()) words += ' ';
            words += mention.word + '@' + std::to_string(mention.span.begin);
        }
        EXPECT_EQ(words, expected.words);
    }
}

/// A statement and the text at the places of its parts.
struct SpanCase {
    std::string sql;
    std::vector<std::string> spans;
};

std::vector<std::string> texts(const std::string& sql, const std::vector<Span>& spans) {
    std::vector<std::string> found;
    found.reserve(spans.size());
    for (const Span span : spans)
        found.push_back(sql.substr(span.begin, span.size()));
    return found;
}

const std::vector<SpanCase> action_spans{
    {.sql = "ALTER TABLE t ADD a int DEFAULT f(1, 2), DROP COLUMN b",
     .spans = {"ADD a int DEFAULT f(1, 2)", "DROP COLUMN b"}},
    {.sql = "DROP FUNCTION f(int, text), s . g", .spans = {"f(int, text)", "s . g"}},
    {.sql = "DROP TRIGGER t ON s.u CASCADE", .spans = {"t ON s.u"}},
    {.sql = "DROP CAST (a AS b)", .spans = {"(a AS b)"}},
    {.sql = "GRANT SELECT ON t, s.u TO x", .spans = {"t", "s.u"}},
    {.sql = "/* a */ CREATE INDEX ON t (a) -- b\n", .spans = {"CREATE INDEX ON t (a)"}},
    {.sql = "CREATE SCHEMA s CREATE TABLE t (a int) CREATE SEQUENCE q",
     .spans = {"CREATE SCHEMA s CREATE TABLE t (a int) CREATE SEQUENCE q", "CREATE SEQUENCE q",
               "CREATE TABLE t (a int)"}},
    {.sql = "SET TRANSACTION READ ONLY, ISOLATION LEVEL SERIALIZABLE",
     .spans = {"READ ONLY", "ISOLATION LEVEL SERIALIZABLE"}},
};

TEST(Spans, OfActions) {
    for (const SpanCase& expected : action_spans) {
        SCOPED_TRACE(expected.sql);
        const Statement statement = parse_statement(expected.sql, 0, 1);
        std::vector<Span> spans;
        for (const Action& action : statement.actions)
            spans.push_back(action.span);
        EXPECT_EQ(texts(expected.sql, spans), expected.spans);
    }
}

/// Of each column, then of its constraints, then of the table's constraints.
const std::vector<SpanCase> definition_spans{
    {.sql = "CREATE TABLE t (a numeric(1, 2) NOT NULL DEFAULT f(1, 2) CONSTRAINT c CHECK (a IN (1, "
            "2)), "
            "b int REFERENCES u (x) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED UNIQUE, "
            "CONSTRAINT k PRIMARY KEY (a, b) WITH (fillfactor = 70), "
            "FOREIGN KEY (a) REFERENCES u NOT DEFERRABLE)",
     .spans = {"a numeric(1, 2) NOT NULL DEFAULT f(1, 2) CONSTRAINT c CHECK (a IN (1, 2))",
               "NOT NULL", "DEFAULT f(1, 2)", "CONSTRAINT c CHECK (a IN (1, 2))",
               "b int REFERENCES u (x) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED UNIQUE",
               "REFERENCES u (x) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED", "UNIQUE",
               "CONSTRAINT k PRIMARY KEY (a, b) WITH (fillfactor = 70)",
               "FOREIGN KEY (a) REFERENCES u NOT DEFERRABLE"}},
    {.sql = "CREATE TABLE t (\"A\" int)", .spans = {"\"A\" int"}},
};

TEST(Spans, OfColumnsAndConstraints) {
    for (const SpanCase& expected : definition_spans) {
        SCOPED_TRACE(expected.sql);
        const Statement statement = parse_statement(expected.sql, 0, 1);
        ASSERT_EQ(statement.actions.size(), 1U);
        const auto& table = std::get<CreateTable>(statement.actions[0].payload);
        std::vector<Span> spans;
        for (const ColumnDefinition& column : table.columns) {
            spans.push_back(column.span);
            for (const ConstraintDefinition& constraint : column.constraints)
                spans.push_back(constraint.span);
        }
        for (const ConstraintDefinition& constraint : table.constraints)
            spans.push_back(constraint.span);
        EXPECT_EQ(texts(expected.sql, spans), expected.spans);
    }
}

/// Of each element of an index.
const std::vector<SpanCase> element_spans{
    {.sql = "CREATE INDEX ON t (a, lower(b) DESC, (c + 1) text_ops (x = 1) NULLS FIRST)",
     .spans = {"a", "lower(b) DESC", "(c + 1) text_ops (x = 1) NULLS FIRST"}},
};

TEST(Spans, OfIndexElements) {
    for (const SpanCase& expected : element_spans) {
        SCOPED_TRACE(expected.sql);
        const Statement statement = parse_statement(expected.sql, 0, 1);
        ASSERT_EQ(statement.actions.size(), 1U);
        std::vector<Span> spans;
        for (const IndexElement& element :
             std::get<CreateIndex>(statement.actions[0].payload).elements)
            spans.push_back(element.span);
        EXPECT_EQ(texts(expected.sql, spans), expected.spans);
    }
}

/// Of each option, first its name.
const std::vector<SpanCase> option_spans{
    {.sql = "CREATE SEQUENCE q INCREMENT BY -1 NO MAXVALUE OWNED BY s.t.c START 5",
     .spans = {"INCREMENT", "INCREMENT BY -1", "NO", "NO MAXVALUE", "OWNED", "OWNED BY s.t.c",
               "START", "START 5"}},
};

TEST(Spans, OfOptions) {
    for (const SpanCase& expected : option_spans) {
        SCOPED_TRACE(expected.sql);
        const Statement statement = parse_statement(expected.sql, 0, 1);
        ASSERT_EQ(statement.actions.size(), 1U);
        std::vector<Span> spans;
        for (const Option& option :
             std::get<CreateSequence>(statement.actions[0].payload).options) {
            spans.push_back(option.name.span);
            spans.push_back(option.span);
        }
        EXPECT_EQ(texts(expected.sql, spans), expected.spans);
    }
}

TEST(Spans, OfBodies) {
    const std::string sql = "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $b$ x $b$";
    const Statement statement = parse_statement(sql, 3, 1);
    ASSERT_EQ(statement.actions.size(), 1U);
    const Span body = std::get<CreateFunction>(statement.actions[0].payload).body_span;
    EXPECT_EQ(sql.substr(body.begin - 3, body.size()), "$b$ x $b$");
    const std::string block = "DO 'x' LANGUAGE plpgsql";
    const Statement done = parse_statement(block, 0, 1);
    ASSERT_EQ(done.actions.size(), 1U);
    const Span code = std::get<Do>(done.actions[0].payload).body_span;
    EXPECT_EQ(block.substr(code.begin, code.size()), "'x'");
}

} // namespace
} // namespace ordain::parse
