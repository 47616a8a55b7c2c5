#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace ordain::test {

/// A folder as a git repository with the branch main. The program git writes it, so that what is
/// read is what people have.
class GitFolder {
public:
    /// Makes the folder a repository of its own.
    explicit GitFolder(std::filesystem::path path);

    /// Runs git with these arguments, which the shell reads; a failure fails the test.
    void git(const std::string& arguments) const;
    void write(const std::string& name, const std::string& text) const;
    /// Writes files and commits all that differs.
    void commit(const std::map<std::string, std::string>& files) const;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

} // namespace ordain::test
