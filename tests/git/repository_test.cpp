// What a repository is asked: which commit is the base, what it has, and what is said where that
// cannot be told.

#include "git/git_folder.hpp"
#include "git/repository.hpp"
#include "layout/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace ordain::git {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// A repository "remote" with two commits, of which "clone" is made in each test.
struct Origin {
    layout::TempFolder folder;
    test::GitFolder remote{folder / "remote"};

    Origin() {
        remote.commit({{"m/1_a.sql", "one\n"}, {"m/sub/2_b.sql", "two\n"}});
        remote.commit({{"m/3_c.sql", "three\n"}});
    }

    void clone(const std::string& options = "") const {
        remote.git("clone -q " + options + " 'file://" + remote.path().string() + "' ../clone");
    }
    [[nodiscard]] Repository open(std::string_view name = "clone") const {
        Result<std::optional<Repository>> repository = Repository::open(folder / name);
        EXPECT_TRUE(repository && *repository)
            << (repository ? "no repository" : repository.error().message);
        return **std::move(repository);
    }
    void in_clone(const std::string& arguments) const { remote.git("-C ../clone " + arguments); }
};

std::string error_of(const Result<Commit>& base) {
    return base ? "base " + base->name : base.error().message;
}

std::vector<std::string> paths(const Result<std::vector<CommittedFile>>& files) {
    std::vector<std::string> names;
    for (const CommittedFile& file : files.value())
        names.push_back(file.path.string());
    return names;
}

TEST(Repository, IsNoneOutsideOfAny) {
    const layout::TempFolder folder;
    std::filesystem::remove(folder / ".git");
    const Result<std::optional<Repository>> repository = Repository::open(folder.path());
    ASSERT_TRUE(repository);
    EXPECT_FALSE(*repository);
}

TEST(Repository, BaseIsTheMergeBaseWithTheRemotesBranch) {
    const Origin origin;
    origin.clone();
    origin.in_clone("checkout -q -b feature");
    const test::GitFolder remote = origin.remote;
    origin.in_clone("commit -q --allow-empty -m mine");
    origin.remote.commit({{"m/4_d.sql", "four\n"}});
    origin.in_clone("fetch -q");
    const Repository repository = origin.open();
    const Result<Commit> base = repository.base(std::nullopt);
    ASSERT_TRUE(base) << error_of(base);
    EXPECT_EQ(base->name, "origin/main");
    EXPECT_EQ(base->reason, "");
    EXPECT_EQ(paths(repository.files(*base, origin.folder / "clone/m")),
              (std::vector<std::string>{"1_a.sql", "3_c.sql", "sub/2_b.sql"}));
    EXPECT_EQ(paths(repository.files(*base, origin.folder / "clone/none")),
              std::vector<std::string>{});
}

TEST(Repository, SinceNamesAnother) {
    const Origin origin;
    origin.clone();
    const Repository repository = origin.open();
    const Result<Commit> base = repository.base("HEAD~1");
    ASSERT_TRUE(base) << error_of(base);
    EXPECT_EQ(base->name, "HEAD~1");
    EXPECT_EQ(paths(repository.files(*base, origin.folder / "clone/m")),
              (std::vector<std::string>{"1_a.sql", "sub/2_b.sql"}));
    EXPECT_THAT(error_of(repository.base("nosuch")), StartsWith("--since nosuch: there is no"));
}

TEST(Repository, ShallowCloneNamesTheCommandThatHelps) {
    const Origin origin;
    origin.clone("--depth 1 --branch main");
    origin.in_clone("update-ref -d refs/remotes/origin/main");
    origin.in_clone("update-ref -d refs/remotes/origin/HEAD");
    EXPECT_THAT(error_of(origin.open().base(std::nullopt)),
                HasSubstr("git fetch --unshallow origin (for actions/checkout: fetch-depth: 0)"));
    EXPECT_THAT(error_of(origin.open().base("origin/release")),
                StartsWith("--since origin/release: there is no such commit here, and the clone is "
                           "shallow: run git fetch --unshallow (for actions/checkout: "
                           "fetch-depth: 0)"));
}

TEST(Repository, ShallowCloneWithoutTheMergeBase) {
    const Origin origin;
    origin.remote.git("checkout -q -b feature HEAD~1");
    origin.remote.commit({{"m/5_e.sql", "five\n"}});
    origin.remote.git("checkout -q main");
    origin.clone("--depth 1 --no-single-branch --branch feature");
    EXPECT_THAT(error_of(origin.open().base(std::nullopt)),
                HasSubstr("the clone is shallow and may lack the commit that HEAD and "
                          "origin/main share: run git fetch --unshallow"));
}

TEST(Repository, RemoteWithoutADefaultBranch) {
    const Origin origin;
    origin.clone();
    origin.in_clone("branch -q -m main work");
    origin.in_clone("update-ref -d refs/remotes/origin/main");
    origin.in_clone("update-ref -d refs/remotes/origin/HEAD");
    EXPECT_THAT(error_of(origin.open().base(std::nullopt)),
                HasSubstr("run git fetch origin and git remote set-head origin --auto"));
}

TEST(Repository, WithoutARemoteMainIsTheBase) {
    const Origin origin;
    origin.remote.git("checkout -q -b feature");
    const Result<Commit> base = origin.open("remote").base(std::nullopt);
    ASSERT_TRUE(base) << error_of(base);
    EXPECT_EQ(base->name, "main");
    EXPECT_EQ(base->reason, "the repository has no remote");
    origin.remote.git("branch -q -D main");
    EXPECT_THAT(error_of(origin.open("remote").base(std::nullopt)),
                HasSubstr("neither a remote nor a branch main or master"));
}

TEST(Repository, HistoriesWithoutACommonCommit) {
    const Origin origin;
    origin.remote.git("checkout -q --orphan other");
    origin.remote.commit({});
    EXPECT_THAT(error_of(origin.open("remote").base(std::nullopt)),
                HasSubstr("HEAD and main have no commit in common"));
}

TEST(Repository, WithoutACommitAllIsNew) {
    const layout::TempFolder folder;
    const test::GitFolder repository(folder / "empty");
    const Result<std::optional<Repository>> opened = Repository::open(repository.path());
    ASSERT_TRUE(opened && *opened);
    const Result<Commit> base = (*opened)->base(std::nullopt);
    ASSERT_TRUE(base) << error_of(base);
    EXPECT_EQ(base->id, "");
    EXPECT_EQ(base->reason, "the repository has no commit yet");
    EXPECT_EQ(paths((*opened)->files(*base, repository.path())), std::vector<std::string>{});
}

TEST(Repository, OfAnotherUserNamesTheCommandThatHelps) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can be somebody else";
    const Origin origin;
    std::filesystem::permissions(origin.folder.path(), std::filesystem::perms(0755));
    // Who that is cannot read our settings.
    ::setenv("HOME", origin.folder.path().c_str(), 1);
    constexpr uid_t somebody = 12345;
    ASSERT_EQ(::seteuid(somebody), 0);
    const Result<std::optional<Repository>> repository = Repository::open(origin.remote.path());
    ASSERT_EQ(::seteuid(0), 0);
    ASSERT_FALSE(repository);
    EXPECT_THAT(repository.error().message, HasSubstr("git config --global --add safe.directory " +
                                                      origin.remote.path().string()));
}

TEST(Repository, LineEndsThatGitConvertsAreNoChange) {
    const Origin origin;
    origin.remote.git("config core.autocrlf true");
    const Repository repository = origin.open("remote");
    const Result<Commit> base = repository.base(std::nullopt);
    ASSERT_TRUE(base) << error_of(base);
    const auto files = repository.files(*base, origin.remote.path() / "m");
    const CommittedFile& first = files.value().front();
    const std::filesystem::path path = origin.remote.path() / "m/1_a.sql";
    EXPECT_TRUE(repository.unchanged(first, path, "one\n"));
    origin.remote.write("m/1_a.sql", "one\r\n");
    EXPECT_TRUE(repository.unchanged(first, path, "one\r\n"));
    origin.remote.write("m/1_a.sql", "other\r\n");
    EXPECT_FALSE(repository.unchanged(first, path, "other\r\n"));
    EXPECT_EQ(repository.read(first).value(), "one\n");
}

} // namespace
} // namespace ordain::git
