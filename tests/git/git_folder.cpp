#include "git/git_folder.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <utility>

namespace ordain::test {

namespace fs = std::filesystem;

GitFolder::GitFolder(fs::path path) : path_(std::move(path)) {
    fs::remove(path_ / ".git"); // An empty file that only says "nothing above counts".
    fs::create_directories(path_);
    git("init -q -b main .");
}

void GitFolder::git(const std::string& arguments) const {
    const std::string command =
        fmt::format("cd '{}' && git -c user.name=t -c user.email=t@example.com -c "
                    "commit.gpgsign=false -c core.hooksPath=/dev/null {}",
                    path_.string(), arguments);
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
}

void GitFolder::write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
}

void GitFolder::commit(const std::map<std::string, std::string>& files) const {
    for (const auto& [name, text] : files)
        write(name, text);
    git("add -A");
    git("commit -q --allow-empty -m change");
}

} // namespace ordain::test
