#include "layout/temp_folder.hpp"
#include "project/project.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace ordain::project {
namespace {

using layout::FileTree;
using layout::TempFolder;
using testing::ElementsAre;
using testing::IsEmpty;

/// "version where image", a line each.
std::vector<std::string> servers_of(const TempFolder& folder, std::string_view below = "") {
    std::vector<std::string> lines;
    for (const Server& server : servers(FileTree(), folder / below))
        lines.push_back(
            folder.relative(fmt::format("{} {} {}", server.version, server.where, server.image)));
    return lines;
}

TEST(Servers, OfAComposeFile) {
    const TempFolder folder;
    folder.write("compose.yaml", "services:\n"
                                 "  # image: postgres:11\n"
                                 "  cache:\n    image: redis:7\n"
                                 "  db:\n    image: \"postgres:16-alpine\"\n");
    EXPECT_THAT(servers_of(folder), ElementsAre("16 compose.yaml:6 postgres:16-alpine"));
}

struct Image {
    const char* reference;
    unsigned version; ///< 0: none.
};

class Images : public testing::TestWithParam<Image> {};

TEST_P(Images, SayTheVersion) {
    const TempFolder folder;
    folder.write("docker-compose.yml", fmt::format("    image: {}\n", GetParam().reference));
    const std::vector<Server> found = servers(FileTree(), folder.path());
    ASSERT_EQ(found.size(), GetParam().version == 0 ? 0U : 1U);
    if (!found.empty()) {
        EXPECT_EQ(found.front().version, GetParam().version);
    }
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Images,
    testing::Values(Image{"postgres:15", 15},
                    Image{"docker.io/library/postgres:15.18-trixie", 15},
                    Image{"registry.example:5000/postgres:14.2", 14},
                    Image{"postgis/postgis:15-3.4", 15},
                    Image{"pgvector/pgvector:pg17", 17},
                    Image{"pgvector/pgvector:0.8.0-pg16", 16},
                    Image{"timescale/timescaledb:2.11.0-pg15", 15},
                    Image{"timescale/timescaledb:2.11.0", 0},
                    Image{"supabase/postgres:15.1.0.147", 15},
                    Image{"pgautoupgrade/pgautoupgrade:18-alpine", 18},
                    Image{"bitnami/postgresql:13", 13},
                    Image{"cimg/postgres:14.0", 14},
                    Image{"postgres:${PG_VERSION:-16}", 16},
                    Image{"postgres:${PG_VERSION}", 0},
                    Image{"postgres:latest", 0},
                    Image{"postgres", 0},
                    Image{"postgres:9.6", 0},
                    Image{"postgres:99", 0},
                    Image{"not-postgres:16", 0},
                    Image{"postgresql://postgres:postgres@postgres:5432/postgres", 0}));

TEST(Servers, TheNearestFolderComesFirstAndThereTheOldest) {
    const TempFolder folder;
    folder.write("docker-compose.yml", "image: postgres:12\n");
    folder.write("server/docker-compose.yml", "image: postgres:17\nimage: postgres:14\n");
    folder.write(".github/workflows/test.yml", "  image: postgres:13\n");
    folder.make_folder("server/migrations");
    EXPECT_THAT(servers_of(folder, "server/migrations"),
                ElementsAre("14 server/docker-compose.yml:2 postgres:14",
                            "17 server/docker-compose.yml:1 postgres:17",
                            "12 docker-compose.yml:1 postgres:12",
                            "13 .github/workflows/test.yml:1 postgres:13"));
}

TEST(Servers, OfSupabasesOwnFile) {
    const TempFolder folder;
    folder.write("supabase/config.toml", "[db]\nport = 54322\nmajor_version = 17\n");
    folder.make_folder("supabase/migrations");
    EXPECT_THAT(servers_of(folder, "supabase/migrations"),
                ElementsAre("17 supabase/config.toml:3 major_version 17"));
}

TEST(Servers, NothingAboveTheRepositoryIsRead) {
    const TempFolder folder;
    folder.write("docker-compose.yml", "image: postgres:12\n");
    folder.make_folder("inner/.git");
    EXPECT_THAT(servers_of(folder, "inner"), IsEmpty());
}

std::string platform_of(const TempFolder& folder, std::string_view below) {
    const std::optional<Sign> sign = platform(FileTree(), folder / below);
    return sign ? folder.relative(fmt::format("{} {}", sign->platform, sign->where)) : "none";
}

TEST(Platform, IsShownByItsFiles) {
    const TempFolder folder;
    folder.make_folder("a/migrations");
    EXPECT_EQ(platform_of(folder, "a/migrations"), "none");
    folder.write("a/.env.example", "DATABASE_URL=postgres://u:p@ep-x.eu.neon.tech/db\n");
    EXPECT_EQ(platform_of(folder, "a/migrations"), "neon a/.env.example");
    folder.write("b/supabase/config.toml", "project_id = \"b\"\n");
    folder.make_folder("b/supabase/migrations");
    EXPECT_EQ(platform_of(folder, "b/supabase/migrations"), "supabase b/supabase/migrations");
    EXPECT_EQ(platform_of(folder, "b"), "supabase b/supabase/config.toml");
    folder.write("c/package.json", R"({"dependencies": {"@neondatabase/serverless": "1"}})");
    EXPECT_EQ(platform_of(folder, "c"), "neon c/package.json");
}

TEST(Documents, ThatNameTwoMigrationsAreTold) {
    const TempFolder folder;
    folder.write("docs/ORDER.md", "1. `001_a.sql`\n2. `002_b.sql`\n3. `003_c.sql`\n");
    folder.write("README.md", "An example is 001_a.sql.\n");
    folder.write("migrations/README.md", "001_a.sql, then 002_b.sql\n");
    const std::vector<Document> found =
        documents(FileTree(), folder / "migrations", {"001_a.sql", "002_b.sql", "003_c.sql"});
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(folder.relative(found[0].path), "docs/ORDER.md");
    EXPECT_EQ(found[0].named, 3U);
    EXPECT_EQ(folder.relative(found[1].path), "migrations/README.md");
    EXPECT_EQ(found[1].named, 2U);
}

} // namespace
} // namespace ordain::project
