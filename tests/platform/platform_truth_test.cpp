// What platforms bring is SQL that a server takes, and the replay reads all of it.

#include "layout/layout.hpp"
#include "layout/temp_folder.hpp"
#include "plan/beforehand.hpp"
#include "platform/platform.hpp"
#include "proof/judge.hpp"
#include "proof/judged_folder.hpp"
#include "support/postgres_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>

namespace ordain::test {
namespace {

class Platforms : public testing::TestWithParam<platform::Platform> {};

TEST_P(Platforms, BringWhatAServerTakes) {
    // Roles stay in the cluster when the database goes.
    const std::string script = fmt::format("BEGIN; {} ROLLBACK;", std::string(GetParam().script));
    const Answer answer = server().run(script, server().empty_database());
    EXPECT_EQ(answer.sqlstate, "00000") << answer.message;
}

TEST_P(Platforms, AreReplayedWhole) {
    layout::TempFolder folder;
    folder.write("0001_nothing.sql", "SELECT 1;");
    SourceSet sources;
    Settings settings;
    settings.platform = std::string(GetParam().name);
    Result<Plan> plan = layout::read_plan(folder.path(), sources, {.layout = "plain"});
    ASSERT_TRUE(plan) << plan.error().message;
    ASSERT_TRUE(plan::add_beforehand(settings, *plan, sources));
    const proof::Judged judged =
        proof::judge(sources, *plan, settings, all_migrations(*plan), nullptr);
    ASSERT_EQ(judged.beforehand.size(), 1U);
    EXPECT_EQ(show(judged.beforehand.front()), "yes");
}

INSTANTIATE_TEST_SUITE_P(All,
                         Platforms,
                         testing::ValuesIn(platform::platforms().begin(),
                                           platform::platforms().end()),
                         [](const auto& each) {
                             std::string name(each.param.name);
                             std::erase(name, '-');
                             return name;
                         });

} // namespace
} // namespace ordain::test
