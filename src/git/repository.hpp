#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <ordain/result.hpp>
#include <string>
#include <string_view>
#include <vector>

struct git_repository;

/// The only folder that knows libgit2: what a repository had at the commit from which the work
/// tree's changes are counted. Nothing here writes to a repository.
namespace ordain::git {

/// A commit, and how people call it.
struct Commit {
    std::string id; ///< 40 hexadecimal digits; empty in a repository without commits.
    /// "origin/main", what --since said, or "HEAD".
    std::string name;
    /// Why this one was chosen where it is not the default branch of a remote; mostly empty.
    std::string reason;
};

/// A file in a commit.
struct CommittedFile {
    std::filesystem::path path; ///< Relative to the folder that was asked for.
    std::string blob;           ///< Object id of its content.
};

/// A repository with a work tree.
class Repository {
public:
    /// The one whose work tree holds the path; nothing outside of any. Fails where git itself would
    /// refuse to read it, with the command that helps.
    [[nodiscard]] static Result<std::optional<Repository>> open(const std::filesystem::path& path);

    /// The merge base of HEAD with `since`, or with the remote's default branch (gitglossary,
    /// "merge base"): what lies behind it is new. In a repository without a remote that is the
    /// local branch main or master. Fails, with the command that helps, where that cannot be told.
    [[nodiscard]] Result<Commit> base(const std::optional<std::string>& since) const;

    /// All files at and below a folder of the work tree, as the commit has them, sorted by path.
    /// Links and submodules are left out.
    [[nodiscard]] Result<std::vector<CommittedFile>>
    files(const Commit& commit, const std::filesystem::path& folder) const;

    [[nodiscard]] Result<std::string> read(const CommittedFile& file) const;

    /// Whether git would see no change in a file of the work tree with these bytes.
    [[nodiscard]] bool unchanged(const CommittedFile& file,
                                 const std::filesystem::path& path,
                                 std::string_view bytes) const;

    /// The object ids that a file of the work tree may have in a commit: of its bytes, and of what
    /// git would store of it where the repository converts line ends.
    [[nodiscard]] std::vector<std::string> blobs_of(const std::filesystem::path& path,
                                                    std::string_view bytes) const;

private:
    struct Close {
        void operator()(git_repository* repository) const;
    };
    using Handle = std::unique_ptr<git_repository, Close>;

    explicit Repository(Handle handle) : handle_(std::move(handle)) {}

    [[nodiscard]] Result<Commit> named_commit(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> remotes() const;
    [[nodiscard]] Result<Commit> default_branch() const;
    [[nodiscard]] Result<Commit> branch_of_remote(const std::string& remote) const;
    [[nodiscard]] Result<Commit> local_branch() const;
    [[nodiscard]] std::optional<Commit> find(const std::string& reference) const;
    /// The object id of what git would store of a file.
    [[nodiscard]] std::optional<std::string> stored_blob(const std::filesystem::path& path) const;
    /// Relative to the root of the work tree, in the repository's own spelling.
    [[nodiscard]] Result<std::string> inside(const std::filesystem::path& path) const;

    Handle handle_;
};

} // namespace ordain::git
