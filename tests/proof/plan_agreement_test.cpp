// A whole plan, as a team has it: what is said of each of its migrations, and what a server does.

#include "layout/layout.hpp"
#include "proof/judged_folder.hpp"
#include "proof/server_schema.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::test {
namespace {

/// The folder of fixtures/plans/ce21 as its runner sends it: each file in a transaction.
struct Ce21 {
    SourceSet sources;
    Plan plan;
    proof::Judged judged;

    Ce21() {
        Result<Plan> read = layout::read_plan(
            ORDAIN_FIXTURES_DIR "/plans/ce21/infrastructure/supabase/migrations", sources,
            {.layout = std::string("plain"), .wrapping = Wrapping::explicit_block});
        if (!read) {
            ADD_FAILURE() << read.error().message;
            return;
        }
        plan = std::move(*read);
        judged = proof::judge(sources, plan, {}, all_migrations(plan), nullptr);
    }

    [[nodiscard]] std::string text(const Migration& migration) const {
        return std::string(sources.file(migration.up.file).bytes());
    }
};

/// A second run, taken back afterwards: what it answered, and whether the schema was another then.
struct SecondRun {
    Answer answer;
    bool changes = false;
};

SecondRun second_run(Session& session, const std::string& sql) {
    const std::vector<std::string> before = schema_of(session);
    EXPECT_TRUE(session.run("BEGIN").ok());
    SecondRun run{.answer = session.run(sql), .changes = false};
    if (run.answer.ok()) run.changes = schema_of(session) != before;
    EXPECT_TRUE(session.run("ROLLBACK").ok());
    return run;
}

void expect_agreement(const ordain::Answer& said, const SecondRun& run) {
    switch (said.verdict) {
    case Verdict::yes:
        EXPECT_EQ(run.answer.message, "");
        EXPECT_FALSE(run.changes);
        break;
    case Verdict::no:
        EXPECT_EQ(run.answer.sqlstate, said.sqlstate);
        EXPECT_EQ(run.answer.message, said.message);
        break;
    case Verdict::unknown: break;
    }
}

TEST(Ce21OnAServer, EachMigrationDoesWhatIsSaid) {
    const Ce21 ce21;
    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    for (const Migration& migration : ce21.plan.migrations) {
        SCOPED_TRACE(migration.id);
        const MigrationJudgement& judgement = ce21.judged.judgements.at(migration.ordinal - 1);
        EXPECT_NE(judgement.applies.verdict, Verdict::no);
        ASSERT_EQ(run_in_transaction(*session, ce21.text(migration)).message, "");
        expect_agreement(judgement.rerun.answer, second_run(*session, ce21.text(migration)));
    }
}

std::string in_words(const MigrationJudgement& judgement) {
    return fmt::format("{} / {} / {}", show(judgement.applies), show(judgement.rerun.answer),
                       name_of(judgement.rerun.data));
}

TEST(Ce21, EachMigrationIsJudged) {
    const Ce21 ce21;
    std::vector<std::string> said;
    for (const MigrationJudgement& judgement : ce21.judged.judgements)
        said.push_back(in_words(judgement));
    const std::string unknown = "unknown: ALTER DEFAULT PRIVILEGES is not modelled (statement 6)";
    const std::vector<std::string> expected{
        "yes / no 42P07 in 3: relation \"tenants\" already exists / none",
        "yes / no 42P07 in 2: relation \"users_tenant_email_unique\" already exists / none",
        "yes / no 42P07 in 10: relation \"tenants_slug_unique\" already exists / none",
        "yes / yes / destroys",
        "yes / yes / none",
        unknown + " / " + unknown + " / unknown",
    };
    EXPECT_EQ(said, expected);
}

/// The columns that 004 makes anew hold rows of production, and those of the first run once it has
/// run: a server loses both.
TEST(Ce21OnAServer, WhatIsDestroyedIsGone) {
    const Ce21 ce21;
    const MigrationJudgement& sync = ce21.judged.judgements.at(3);
    const std::string columns = "column \"document_type\" of table \"public.documents\", "
                                "column \"upload_status\" of table \"public.documents\"";
    EXPECT_EQ(show(sync.destroyed), columns);
    EXPECT_EQ(show(sync.rerun.destroyed), columns);

    Result<Session> session = server().connect(server().empty_database());
    ASSERT_TRUE(session);
    for (std::size_t index = 0; index < 3; ++index)
        ASSERT_TRUE(run_in_transaction(*session, ce21.text(ce21.plan.migrations[index])).ok());
    ASSERT_TRUE(session
                    ->run("INSERT INTO tenants (name) VALUES ('t'); "
                          "INSERT INTO projects (tenant_id, name) SELECT id, 'p' FROM tenants; "
                          "INSERT INTO documents (project_id, document_type, filename, "
                          "storage_path, upload_status) "
                          "SELECT id, 'contract', 'c.pdf', 's3://c', 'parsed' FROM projects")
                    .ok());
    const auto values = [&] {
        const Answer answer = session->run("SELECT document_type || ' ' || upload_status FROM "
                                           "documents");
        return answer.rows.at(0).at(0).value_or("null");
    };
    EXPECT_EQ(values(), "contract parsed");
    ASSERT_TRUE(run_in_transaction(*session, ce21.text(ce21.plan.migrations[3])).ok());
    EXPECT_EQ(values(), "other uploaded");
    ASSERT_TRUE(session->run("UPDATE documents SET document_type = 'budget'").ok());
    ASSERT_TRUE(run_in_transaction(*session, ce21.text(ce21.plan.migrations[3])).ok());
    EXPECT_EQ(values(), "other uploaded");
}

} // namespace
} // namespace ordain::test
