#include "git/repository.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <git2.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace ordain::git {
namespace {

namespace fs = std::filesystem;

/// libgit2, ready from the first repository to the end of the process.
class Library {
public:
    Library() { git_libgit2_init(); }
    ~Library() { git_libgit2_shutdown(); }
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;
};

void start_library() {
    static const Library library;
}

template <typename T, void (*Free)(T*)>
struct Release {
    void operator()(T* object) const { Free(object); }
};
template <typename T, void (*Free)(T*)>
using Owned = std::unique_ptr<T, Release<T, Free>>;

using Object = Owned<git_object, git_object_free>;
using Reference = Owned<git_reference, git_reference_free>;
using Tree = Owned<git_tree, git_tree_free>;
using Blob = Owned<git_blob, git_blob_free>;
using Config = Owned<git_config, git_config_free>;
using ConfigIterator = Owned<git_config_iterator, git_config_iterator_free>;

/// An object as git_*_lookup and its relatives hand it out; null when there is none.
template <typename Handle, typename Lookup>
Handle looked_up(Lookup lookup) {
    typename Handle::pointer raw = nullptr;
    if (lookup(&raw) != 0) raw = nullptr;
    return Handle(raw);
}

std::string last_message() {
    const git_error* error = git_error_last();
    return error == nullptr || error->message == nullptr ? "unknown error" : error->message;
}

std::string text_of(const git_oid& id) {
    std::array<char, GIT_OID_HEXSZ + 1> text{};
    return git_oid_tostr(text.data(), text.size(), &id);
}

std::string blob_of(std::string_view bytes) {
    git_oid id{};
    git_odb_hash(&id, bytes.data(), bytes.size(), GIT_OBJECT_BLOB);
    return text_of(id);
}

constexpr std::string_view judge_all = "or judge every migration with --all";

/// Where the repository of a path lies; nothing outside of any.
std::optional<fs::path> discover(const fs::path& path) {
    git_buf buffer{};
    const bool found = git_repository_discover(&buffer, path.c_str(), 0, nullptr) == 0;
    std::optional<fs::path> place;
    if (found) place = std::string(buffer.ptr, buffer.size);
    git_buf_dispose(&buffer);
    return place;
}

/// libgit2 1.5 says several things of a repository of another user: "not found" where
/// safe.directory is not set, or what keeps it from reading the settings of the user whose HOME it
/// is.
bool is_of_another_user(int code, const fs::path& repository) {
    struct stat status {};
    const bool foreign = ::stat(repository.c_str(), &status) == 0 && status.st_uid != ::geteuid();
    return code == GIT_EOWNER || foreign;
}

tl::unexpected<Failure> cannot_open(int code, const fs::path& path, const fs::path& repository) {
    if (is_of_another_user(code, repository)) {
        std::error_code error;
        return failure(fmt::format(
            "the repository of {0} belongs to another user, so that git does not read it: run "
            "git config --global --add safe.directory {1}, {2}",
            path.string(), fs::canonical(repository, error).parent_path().string(), judge_all));
    }
    return failure(fmt::format("the git repository of {} cannot be read: {}; repair it, {}",
                               path.string(), last_message(), judge_all));
}

/// Walks a tree; paths are relative to it.
struct Walk {
    std::vector<CommittedFile>& files;

    static int visit(const char* folder, const git_tree_entry* entry, void* payload) {
        const auto mode = git_tree_entry_filemode(entry);
        if (mode != GIT_FILEMODE_BLOB && mode != GIT_FILEMODE_BLOB_EXECUTABLE) return 0;
        static_cast<Walk*>(payload)->files.push_back(
            {.path = std::string(folder) + git_tree_entry_name(entry),
             .blob = text_of(*git_tree_entry_id(entry))});
        return 0;
    }
};

} // namespace

void Repository::Close::operator()(git_repository* repository) const {
    git_repository_free(repository);
}

Result<std::optional<Repository>> Repository::open(const fs::path& path) {
    start_library();
    git_repository* raw = nullptr;
    const int code = git_repository_open_ext(&raw, path.c_str(), 0, nullptr);
    Handle handle(raw);
    if (code != 0) {
        const std::optional<fs::path> repository = discover(path);
        if (!repository) return std::nullopt;
        return cannot_open(code, path, *repository);
    }
    if (git_repository_is_bare(handle.get()) == 1) return std::nullopt;
    return Repository(std::move(handle));
}

std::optional<Commit> Repository::find(const std::string& reference) const {
    const auto object = looked_up<Object>([&](git_object** out) {
        return git_revparse_single(out, handle_.get(), (reference + "^{commit}").c_str());
    });
    if (object == nullptr) return std::nullopt;
    return Commit{.id = text_of(*git_object_id(object.get())), .name = reference, .reason = {}};
}

Result<Commit> Repository::branch_of_remote(const std::string& remote) const {
    const auto head = looked_up<Reference>([&](git_reference** out) {
        return git_reference_lookup(out, handle_.get(),
                                    fmt::format("refs/remotes/{}/HEAD", remote).c_str());
    });
    const char* target = head == nullptr ? nullptr : git_reference_symbolic_target(head.get());
    std::vector<std::string> names;
    constexpr std::string_view prefix = "refs/remotes/";
    if (target != nullptr && std::string_view(target).starts_with(prefix)) {
        names.emplace_back(std::string_view(target).substr(prefix.size()));
    }
    names.push_back(remote + "/main");
    names.push_back(remote + "/master");
    for (const std::string& name : names) {
        if (std::optional<Commit> commit = find("refs/remotes/" + name)) {
            commit->name = name;
            return *std::move(commit);
        }
    }
    if (git_repository_is_shallow(handle_.get()) == 1) {
        return failure(fmt::format(
            "the clone is shallow and lacks the default branch of {0}, so that what is new cannot "
            "be told: run git fetch --unshallow {0} (for actions/checkout: fetch-depth: 0), name a "
            "commit with --since, {1}",
            remote, judge_all));
    }
    return failure(fmt::format(
        "the default branch of {0} is not known here, so that what is new cannot be told: run git "
        "fetch {0} and git remote set-head {0} --auto, name a commit with --since, {1}",
        remote, judge_all));
}

Result<Commit> Repository::local_branch() const {
    for (const char* name : {"main", "master"}) {
        if (std::optional<Commit> commit = find(fmt::format("refs/heads/{}", name))) {
            commit->name = name;
            commit->reason = "the repository has no remote";
            return *std::move(commit);
        }
    }
    return failure(fmt::format(
        "the repository has neither a remote nor a branch main or master, so that what is new "
        "cannot be told: name a commit with --since, {}",
        judge_all));
}

std::vector<std::string> Repository::remotes() const {
    // Not git_remote_list(): libgit2 1.5 leaks memory where it matches names.
    std::vector<std::string> names;
    const auto config = looked_up<Config>(
        [&](git_config** out) { return git_repository_config_snapshot(out, handle_.get()); });
    if (config == nullptr) return names;
    const auto entries = looked_up<ConfigIterator>(
        [&](git_config_iterator** out) { return git_config_iterator_new(out, config.get()); });
    constexpr std::string_view section = "remote.";
    constexpr std::string_view key = ".url";
    git_config_entry* entry = nullptr;
    while (entries != nullptr && git_config_next(&entry, entries.get()) == 0) {
        const std::string_view name = entry->name;
        const bool remote = name.starts_with(section) && name.ends_with(key) &&
                            name.size() > section.size() + key.size();
        if (!remote) continue;
        names.emplace_back(name.substr(section.size(), name.size() - section.size() - key.size()));
    }
    return names;
}

Result<Commit> Repository::default_branch() const {
    const std::vector<std::string> names = remotes();
    if (names.empty()) return local_branch();
    const bool origin = std::ranges::find(names, "origin") != names.end();
    return branch_of_remote(origin ? "origin" : names.front());
}

Result<Commit> Repository::named_commit(const std::string& name) const {
    if (std::optional<Commit> commit = find(name)) return *std::move(commit);
    if (git_repository_is_shallow(handle_.get()) == 1) {
        return failure(fmt::format(
            "--since {}: there is no such commit here, and the clone is shallow: run git fetch "
            "--unshallow (for actions/checkout: fetch-depth: 0), fetch its branch, or name one "
            "that git rev-parse knows",
            name));
    }
    return failure(
        fmt::format("--since {}: there is no such commit here; fetch it, or name one that "
                    "git rev-parse knows",
                    name));
}

Result<Commit> Repository::base(const std::optional<std::string>& since) const {
    if (git_repository_head_unborn(handle_.get()) == 1) {
        return Commit{.id = {}, .name = "HEAD", .reason = "the repository has no commit yet"};
    }
    Result<Commit> branch = since ? named_commit(*since) : default_branch();
    const std::optional<Commit> head = find("HEAD");
    if (!branch || !head || branch->id == head->id) return branch;
    // libgit2 1.5 does not know where a shallow history ends.
    if (git_repository_is_shallow(handle_.get()) == 1) {
        return failure(fmt::format("the clone is shallow and may lack the commit that HEAD and {} "
                                   "share: run git fetch --unshallow (for actions/checkout: "
                                   "fetch-depth: 0), {}",
                                   branch->name, judge_all));
    }
    git_oid ours{};
    git_oid theirs{};
    git_oid common{};
    git_oid_fromstr(&ours, head->id.c_str());
    git_oid_fromstr(&theirs, branch->id.c_str());
    if (git_merge_base(&common, handle_.get(), &ours, &theirs) == 0) {
        branch->id = text_of(common);
        return branch;
    }
    return failure(
        fmt::format("HEAD and {} have no commit in common: name another with --since, {}",
                    branch->name, judge_all));
}

Result<std::string> Repository::inside(const fs::path& path) const {
    std::error_code error;
    const fs::path root = fs::canonical(git_repository_workdir(handle_.get()), error);
    const fs::path real = fs::weakly_canonical(path, error);
    const fs::path relative = real.lexically_relative(root);
    if (error || relative.empty() || *relative.begin() == "..") {
        return failure(
            fmt::format("{} does not lie in the git work tree {}; name the folder by its "
                        "own path, {}",
                        path.string(), root.string(), judge_all));
    }
    return relative.generic_string();
}

Result<std::vector<CommittedFile>> Repository::files(const Commit& commit,
                                                     const fs::path& folder) const {
    std::vector<CommittedFile> files;
    if (commit.id.empty()) return files;
    const Result<std::string> place = inside(folder);
    if (!place) return tl::unexpected(place.error());
    const std::string name =
        *place == "." ? commit.id + "^{tree}" : fmt::format("{}:{}", commit.id, *place);
    const auto object = looked_up<Object>(
        [&](git_object** out) { return git_revparse_single(out, handle_.get(), name.c_str()); });
    // The commit may not have the folder, or a file of its name.
    if (object == nullptr || git_object_type(object.get()) != GIT_OBJECT_TREE) return files;
    const auto tree = looked_up<Tree>([&](git_tree** out) {
        return git_tree_lookup(out, handle_.get(), git_object_id(object.get()));
    });
    Walk walk{.files = files};
    if (tree == nullptr || git_tree_walk(tree.get(), GIT_TREEWALK_PRE, Walk::visit, &walk) != 0) {
        return failure(fmt::format("{} cannot be read at {}: {}; repair the repository, {}",
                                   folder.string(), commit.name, last_message(), judge_all));
    }
    std::ranges::sort(files, {}, &CommittedFile::path);
    return files;
}

Result<std::string> Repository::read(const CommittedFile& file) const {
    git_oid id{};
    git_oid_fromstr(&id, file.blob.c_str());
    const auto blob =
        looked_up<Blob>([&](git_blob** out) { return git_blob_lookup(out, handle_.get(), &id); });
    if (blob == nullptr) {
        return failure(fmt::format("{} cannot be read from the repository: {}; repair it, {}",
                                   file.path.string(), last_message(), judge_all));
    }
    return std::string(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                       static_cast<std::size_t>(git_blob_rawsize(blob.get())));
}

std::optional<std::string> Repository::stored_blob(const fs::path& path) const {
    git_oid id{};
    const Result<std::string> place = inside(path);
    const bool hashed = place && git_repository_hashfile(&id, handle_.get(), place->c_str(),
                                                         GIT_OBJECT_BLOB, nullptr) == 0;
    return hashed ? std::optional(text_of(id)) : std::nullopt;
}

bool Repository::unchanged(const CommittedFile& file,
                           const fs::path& path,
                           std::string_view bytes) const {
    return blob_of(bytes) == file.blob || stored_blob(path) == file.blob;
}

std::vector<std::string> Repository::blobs_of(const fs::path& path, std::string_view bytes) const {
    std::vector<std::string> blobs = {blob_of(bytes)};
    if (std::optional<std::string> stored = stored_blob(path)) blobs.push_back(*std::move(stored));
    return blobs;
}

} // namespace ordain::git
