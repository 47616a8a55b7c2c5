// Which statements read, copy or index all rows of a table, and under which lock: each expectation
// is what Ordain says, and a server is watched doing the same.

#include "replay/replayed.hpp"
#include "support/postgres_server.hpp"

#include <algorithm>
#include <array>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <ordain/catalog.hpp>
#include <ordain/outcome.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ordain {
namespace {

constexpr std::string_view schema =
    "CREATE DOMAIN plain AS int; CREATE DOMAIN plain2 AS int; "
    "CREATE DOMAIN checked AS int CHECK (VALUE > 0); CREATE DOMAIN over_checked AS checked; "
    "CREATE DOMAIN short AS varchar(10); CREATE DOMAIN words AS text; "
    "CREATE TYPE mood AS ENUM ('ok'); ";

struct Effect {
    std::set<std::string> rewritten; ///< Tables.
    std::set<std::string> read;      ///< Tables that are rewritten, scanned or indexed.
    bool builds_index = false;       ///< On a table that is not rewritten.
    std::map<std::string, LockMode> locks;

    bool operator==(const Effect&) const = default;
};

std::string text_of(const Effect& effect) {
    std::string text = "rewritten:";
    for (const std::string& name : effect.rewritten)
        text += " " + name;
    text += "; read:";
    for (const std::string& name : effect.read)
        text += " " + name;
    text += effect.builds_index ? "; builds an index; locks:" : "; locks:";
    for (const auto& [name, mode] : effect.locks)
        text += " " + name + " " + std::string(name_of(mode));
    return text;
}

// ---- what Ordain says

Effect said_effect(const std::string& setup, const std::string& statement) {
    const test::Replayed script(std::string(schema) + setup + "; " + statement);
    EXPECT_NE(script.run.answer.verdict, Verdict::no) << script.run.answer.message;
    Effect effect;
    const auto name = [&](ObjectId id) { return script.catalog.at(id).name; };
    for (const Outcome& outcome : script.run.statements.back().outcomes) {
        for (const LockTaken& lock : outcome.locks) {
            LockMode& mode = effect.locks[name(lock.relation)];
            mode = std::max(mode, lock.mode);
        }
        for (const Work& work : outcome.work) {
            EXPECT_TRUE(work.certain) << work.why;
            if (script.catalog.at(work.relation).kind != ObjectKind::table) continue;
            effect.read.insert(name(work.relation));
            if (work.kind == Work::Kind::rewrite) effect.rewritten.insert(name(work.relation));
            const bool index = work.kind == Work::Kind::index_build;
            effect.builds_index = effect.builds_index || index;
        }
    }
    std::erase_if(effect.locks, [](const auto& each) { return each.second < LockMode::share; });
    effect.builds_index = effect.builds_index && effect.rewritten.empty();
    return effect;
}

// ---- what a server does

std::vector<std::string> column_of(test::Session& session, const std::string& query) {
    const test::Answer answer = session.run(query);
    EXPECT_EQ(answer.message, "");
    std::vector<std::string> values;
    for (const auto& row : answer.rows)
        values.push_back(row.front().value_or(""));
    return values;
}

constexpr const char* files = "SELECT concat_ws(' ', relname, relkind, pg_relation_filenode(oid))"
                              " FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                              " AND relkind IN ('r', 'i')";
constexpr const char* reads = "SELECT relname || ' ' || seq_tup_read FROM pg_stat_xact_user_tables"
                              " WHERE schemaname = 'public'";
constexpr const char* locks =
    "SELECT relname || ' ' || mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation"
    " WHERE l.pid = pg_backend_pid() AND relnamespace = 'public'::regnamespace"
    " AND relkind IN ('r', 'p')";

std::vector<std::string> only_in(const std::vector<std::string>& after,
                                 const std::vector<std::string>& before) {
    std::vector<std::string> fresh;
    for (const std::string& each : after) {
        if (std::ranges::count(before, each) == 0) fresh.push_back(each);
    }
    return fresh;
}

Effect seen_effect(test::Session& session, const std::string& setup, const std::string& statement) {
    EXPECT_EQ(session.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public").message, "");
    EXPECT_EQ(session.run(std::string(schema) + setup).message, "");
    const std::vector<std::string> files_before = column_of(session, files);
    EXPECT_TRUE(session.run("BEGIN").ok());
    const std::vector<std::string> reads_before = column_of(session, reads);
    EXPECT_EQ(session.run(statement).message, "");
    Effect effect;
    for (const std::string& line : only_in(column_of(session, reads), reads_before)) {
        if (!line.ends_with(" 0")) effect.read.insert(line.substr(0, line.find(' ')));
    }
    for (const std::string& line : only_in(column_of(session, files), files_before)) {
        const std::size_t blank = line.find(' ');
        if (line[blank + 1] == 'r') {
            effect.rewritten.insert(line.substr(0, blank));
        } else {
            effect.builds_index = true;
        }
    }
    effect.builds_index = effect.builds_index && effect.rewritten.empty();
    constexpr std::array<LockMode, 4> strong = {LockMode::share, LockMode::share_row_exclusive,
                                                LockMode::exclusive, LockMode::access_exclusive};
    for (const std::string& line : column_of(session, locks)) {
        const std::size_t blank = line.find(' ');
        for (const LockMode mode : strong) {
            if (line.substr(blank + 1) != name_of(mode)) continue;
            LockMode& held = effect.locks[line.substr(0, blank)];
            held = std::max(held, mode);
        }
    }
    EXPECT_TRUE(session.run("ROLLBACK").ok());
    return effect;
}

void expect_agreement(test::Session& session,
                      const std::string& setup,
                      const std::string& statement) {
    SCOPED_TRACE(setup + " / " + statement);
    EXPECT_EQ(text_of(said_effect(setup, statement)),
              text_of(seen_effect(session, setup, statement)));
}

class RowWork : public testing::Test {
protected:
    void SetUp() override {
        Result<test::Session> connected = test::server().connect(test::server().empty_database());
        ASSERT_TRUE(connected);
        session_ = std::make_unique<test::Session>(std::move(*connected));
    }
    void agree(const std::string& setup, const std::string& statement) {
        expect_agreement(*session_, setup, statement);
    }

    std::unique_ptr<test::Session> session_;
};

struct Retyping {
    std::string_view from;
    std::string_view to;
};

// clang-format off
constexpr auto retypings = std::to_array<Retyping>({
    {"varchar(10)", "varchar(20)"}, {"varchar(20)", "varchar(10)"}, {"varchar(10)", "varchar"},
    {"varchar", "varchar(10)"}, {"varchar(10)", "text"}, {"text", "varchar"}, {"text", "varchar(10)"},
    {"char(5)", "char(10)"}, {"char(5)", "text"}, {"char(5)", "bpchar"}, {"varchar(5)", "char(5)"},
    {"varchar(5)", "bpchar"}, {"numeric(10,2)", "numeric(12,2)"}, {"numeric(10,2)", "numeric(12,3)"},
    {"numeric(10,2)", "numeric"}, {"numeric", "numeric(10,2)"}, {"numeric(10,2)", "numeric(8,2)"},
    {"numeric(10)", "numeric(12)"}, {"int", "bigint"}, {"bigint", "int"}, {"int", "oid"}, {"oid", "regclass"},
    {"timestamp(3)", "timestamp"}, {"timestamp(3)", "timestamp(5)"}, {"timestamp", "timestamp(6)"},
    {"timestamp", "timestamp(3)"}, {"date", "timestamp"}, {"time(3)", "time"}, {"time", "time(6)"},
    {"interval(3)", "interval"}, {"interval(3)", "interval(5)"}, {"interval", "interval(6)"},
    {"interval", "interval(3)"}, {"interval", "interval day to second"},
    {"interval day to second", "interval"}, {"interval hour", "interval hour to second"},
    {"interval hour to second", "interval hour"}, {"interval second(3)", "interval second(4)"},
    {"bit(4)", "bit(8)"}, {"bit(4)", "varbit"}, {"bit(4)", "varbit(4)"}, {"varbit(4)", "varbit(8)"},
    {"varbit(4)", "varbit"}, {"cidr", "inet"}, {"inet", "cidr"}, {"varchar(10)[]", "varchar(20)[]"},
    {"varchar(10)[]", "varchar[]"}, {"varchar[]", "text[]"}, {"int[]", "bigint[]"}, {"json", "jsonb"},
    {"int", "plain"}, {"int", "checked"}, {"plain", "int"}, {"checked", "int"}, {"plain", "plain2"},
    {"checked", "over_checked"}, {"over_checked", "checked"}, {"varchar(10)", "words"}, {"words", "text"},
    {"words", "varchar(10)"}, {"short", "varchar(20)"}, {"short", "varchar(10)"}, {"short", "varchar"},
    {"varchar(5)", "short"}, {"short", "words"}, {"mood", "text"}, {"text", "name"}, {"real", "double precision"},
    {"text", "text"},
});
// clang-format on

TEST_F(RowWork, OfAnotherType) {
    for (const Retyping& each : retypings) {
        agree("CREATE TABLE t (c " + std::string(each.from) +
                  "); INSERT INTO t VALUES (NULL), (NULL)",
              "ALTER TABLE t ALTER COLUMN c TYPE " + std::string(each.to));
    }
}

TEST_F(RowWork, OfTimestampsByTimeZone) {
    for (const std::string_view zone : {"UTC", "Etc/UTC", "GMT", "Europe/Paris"}) {
        const std::string set = "SET timezone = '" + std::string(zone) + "'; ";
        for (const Retyping& each :
             {Retyping{"timestamp", "timestamptz"}, Retyping{"timestamptz", "timestamp"},
              Retyping{"timestamp(3)", "timestamptz"}, Retyping{"timestamp(3)", "timestamptz(3)"},
              Retyping{"timestamp(3)", "timestamptz(6)"},
              Retyping{"timestamp", "timestamptz(3)"}}) {
            agree(set + "CREATE TABLE t (c " + std::string(each.from) +
                      "); CREATE INDEX ON t (c); INSERT INTO t VALUES (NULL)",
                  "ALTER TABLE t ALTER COLUMN c TYPE " + std::string(each.to));
        }
    }
}

TEST(RowWorkSaid, IsNotCertainWhileTheTimeZoneIsNotKnown) {
    const test::Replayed script("CREATE TABLE t (c timestamp); INSERT INTO t VALUES (now()); "
                                "ALTER TABLE t ALTER COLUMN c TYPE timestamptz");
    const std::vector<Work>& work = script.run.statements.back().outcomes.front().work;
    ASSERT_EQ(work.size(), 1U);
    EXPECT_EQ(work.front().kind, Work::Kind::rewrite);
    EXPECT_FALSE(work.front().certain);
}

TEST_F(RowWork, OfUsing) {
    const std::string table = "CREATE TABLE t (y varchar(5), z varchar(10)); "
                              "INSERT INTO t VALUES ('a', 'b')";
    for (const std::string_view form :
         {"varchar(10) USING y::varchar(10)", "varchar(10) USING y::text",
          "text USING (y::varchar(20))", "text USING t.y", "text USING trim(y)", "text USING z",
          "varchar(5) USING y", "varchar(20) USING y::varchar(2)", "int USING 1"}) {
        agree(table, "ALTER TABLE t ALTER COLUMN y TYPE " + std::string(form));
    }
}

TEST_F(RowWork, OfWhatHangsOnTheColumn) {
    const std::string table = "CREATE TABLE t (a int, v varchar(10)); "
                              "INSERT INTO t VALUES (1, 'x'), (2, 'y'); ";
    const std::string to_text = "ALTER TABLE t ALTER COLUMN v TYPE text";
    for (const std::string_view part :
         {"CREATE INDEX ON t (v)", "CREATE UNIQUE INDEX ON t (v DESC)",
          "CREATE INDEX ON t (a) WHERE v IS NOT NULL", "CREATE INDEX ON t (lower(v))",
          "CREATE INDEX ON t (a) INCLUDE (v)", "CREATE INDEX ON t (v varchar_pattern_ops)",
          "CREATE INDEX ON t (a)", "ALTER TABLE t ADD CHECK (v <> '')",
          "ALTER TABLE t ADD CHECK (v <> '') NOT VALID", "ALTER TABLE t ADD CHECK (a > 0)",
          "ALTER TABLE t ADD UNIQUE (v)"}) {
        agree(table + std::string(part), to_text);
    }
    agree(table + "CREATE INDEX ON t (v)", to_text + " COLLATE \"C\"");
    agree(table + "CREATE INDEX ON t (v COLLATE \"C\")", to_text + " COLLATE \"C\"");
}

TEST_F(RowWork, OfKeysOverTheColumn) {
    const std::string tables =
        "CREATE TABLE p (id int PRIMARY KEY, v varchar(5) UNIQUE); "
        "CREATE TABLE c (p int REFERENCES p, v varchar(5) REFERENCES p (v)); "
        "INSERT INTO p VALUES (1, 'a'); INSERT INTO c VALUES (1, 'a')";
    agree(tables, "ALTER TABLE p ALTER COLUMN id TYPE bigint");
    agree(tables, "ALTER TABLE p ALTER COLUMN v TYPE text");
    agree(tables, "ALTER TABLE c ALTER COLUMN v TYPE varchar(9)");
}

const std::string family =
    "CREATE TABLE p (a int NOT NULL, b int); CREATE TABLE c () INHERITS (p); "
    "INSERT INTO p VALUES (1, 1), (2, 2); INSERT INTO c VALUES (3, 3); "
    "CREATE TABLE parts (a int, b int) PARTITION BY RANGE (a); "
    "CREATE TABLE part1 PARTITION OF parts FOR VALUES FROM (0) TO (100); "
    "INSERT INTO parts VALUES (1, 1); ";

TEST_F(RowWork, ReachesDescendants) {
    for (const std::string_view statement :
         {"ALTER TABLE p ALTER COLUMN b SET NOT NULL",
          "ALTER TABLE parts ALTER COLUMN b SET NOT NULL", "ALTER TABLE p ADD CHECK (b > 0)",
          "ALTER TABLE parts ADD CHECK (b > 0)", "ALTER TABLE p ADD CHECK (b > 0) NO INHERIT",
          "ALTER TABLE p ADD CHECK (b > 0) NOT VALID",
          "ALTER TABLE p ADD COLUMN x int CHECK (x > 0)",
          "ALTER TABLE p ADD COLUMN x float DEFAULT random()",
          "ALTER TABLE parts ADD COLUMN x float DEFAULT random()",
          "ALTER TABLE p ALTER COLUMN b TYPE bigint",
          "ALTER TABLE parts ALTER COLUMN b TYPE bigint", "ALTER TABLE p ADD PRIMARY KEY (a)",
          "ALTER TABLE p ADD PRIMARY KEY (b)", "ALTER TABLE p ADD UNIQUE (b)",
          "ALTER TABLE parts ADD UNIQUE (a)", "ALTER TABLE parts ADD PRIMARY KEY (a)"}) {
        agree(family, std::string(statement));
    }
}

TEST_F(RowWork, OfValidation) {
    for (const std::string_view table : {"p", "parts"}) {
        const std::string alter = "ALTER TABLE " + std::string(table);
        agree(family + alter + " ADD CONSTRAINT k CHECK (b > 0) NOT VALID",
              alter + " VALIDATE CONSTRAINT k");
    }
}

TEST_F(RowWork, LeavesOutPartitionsThatBringTheirKeys) {
    const std::string keyed = family + "ALTER TABLE part1 ADD PRIMARY KEY (a), ADD UNIQUE (a, b)";
    agree(keyed, "ALTER TABLE parts ADD PRIMARY KEY (a)");
    agree(keyed, "ALTER TABLE parts ADD UNIQUE (a, b)");
}

TEST_F(RowWork, IsSparedByAProofOfNotNull) {
    for (const std::string_view check :
         {"(b IS NOT NULL)", "(b IS NOT NULL) NO INHERIT", "(b IS NOT NULL AND a > 0)",
          "(NOT b IS NULL)", "(NOT (b IS NULL OR a IS NULL))", "(b IS NOT NULL OR a IS NULL)",
          "(b > 0)", "(b IS DISTINCT FROM NULL)", "(b IS NOT NULL) NOT VALID",
          "(coalesce(b, 0) > 0)", "(a IS NOT NULL)", "(num_nonnulls(b) = 1)"}) {
        const std::string add = family + "ALTER TABLE p ADD CHECK " + std::string(check);
        agree(add, "ALTER TABLE p ALTER COLUMN b SET NOT NULL");
        agree(add, "ALTER TABLE p ADD PRIMARY KEY (b)");
        agree(add + "; CREATE UNIQUE INDEX u ON p (b)",
              "ALTER TABLE p ADD PRIMARY KEY USING INDEX u");
    }
    agree(family + "ALTER TABLE p ADD CONSTRAINT k CHECK (b IS NOT NULL) NOT VALID; "
                   "ALTER TABLE p VALIDATE CONSTRAINT k",
          "ALTER TABLE p ALTER COLUMN b SET NOT NULL");
    agree(family + "CREATE UNIQUE INDEX u ON p (b)", "ALTER TABLE p ADD UNIQUE USING INDEX u");
}

TEST_F(RowWork, OfDomains) {
    const std::string tables = "CREATE TABLE t (x plain); CREATE DOMAIN above AS plain; "
                               "CREATE TABLE u (y above); INSERT INTO t VALUES (1); "
                               "INSERT INTO u VALUES (1)";
    for (const std::string_view statement :
         {"ALTER DOMAIN plain ADD CHECK (VALUE > 0)",
          "ALTER DOMAIN plain ADD CHECK (VALUE > 0) NOT VALID", "ALTER DOMAIN plain SET NOT NULL",
          "ALTER DOMAIN plain SET DEFAULT 1", "ALTER DOMAIN above ADD CHECK (VALUE > 0)"}) {
        agree(tables, std::string(statement));
    }
    agree(tables + "; ALTER DOMAIN plain ADD CONSTRAINT k CHECK (VALUE > 0) NOT VALID",
          "ALTER DOMAIN plain VALIDATE CONSTRAINT k");
}

} // namespace
} // namespace ordain
