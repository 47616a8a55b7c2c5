#include "plan/base.hpp"

#include "layout/history.hpp"
#include "layout/layout.hpp"
#include "layout/shown_path.hpp"
#include "plan/applied.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ordain::plan {
namespace {

namespace fs = std::filesystem;
using git::CommittedFile;

/// A migration that the commit has.
struct AppliedMigration {
    CommittedFile up;
    std::string version;
};
/// By the path under which the plan would know its up script.
using Applied = std::map<std::string, AppliedMigration>;

Result<Applied> applied_migrations(const git::Repository& repository,
                                   std::vector<CommittedFile> files,
                                   const Plan& plan) {
    std::map<fs::path, CommittedFile> by_path;
    layout::Snapshot snapshot{.root = plan.folder, .files = {}, .read = {}};
    for (CommittedFile& file : files) {
        snapshot.files.push_back(file.path);
        by_path.emplace(file.path, std::move(file));
    }
    snapshot.read = [&](const fs::path& path) { return repository.read(by_path.at(path)); };
    const Result<std::vector<layout::NamedMigration>> named =
        layout::migrations_in(snapshot, plan.layout);
    if (!named) return tl::unexpected(named.error());
    Applied applied;
    for (const layout::NamedMigration& each : *named) {
        const auto up = by_path.find(each.up);
        if (up == by_path.end()) continue; // Its folder lacks the script.
        applied.emplace(layout::shown(plan.folder / each.up),
                        AppliedMigration{.up = up->second, .version = each.version});
    }
    return applied;
}

/// The folder, and all that the base has in it.
std::set<std::string> paths_of(const Plan& plan, const std::vector<CommittedFile>& files) {
    std::set<std::string> paths = {plan.root};
    for (const CommittedFile& file : files) {
        for (fs::path path = file.path; !path.empty(); path = path.parent_path())
            paths.insert(layout::shown(plan.folder / path));
    }
    return paths;
}

/// Holds one plan against the scripts that a commit has.
class Comparison {
public:
    Comparison(const git::Repository& repository, Applied applied, Plan& plan, SourceSet& sources)
        : repository_(repository),
          missing_(std::move(applied)),
          by_name_(layout::history_handling(plan.layout).by_name),
          plan_(plan),
          sources_(sources) {}

    Result<std::vector<Rewrite>> run() {
        for (Migration& migration : plan_.migrations)
            find_under_its_name(migration);
        if (!missing_.empty()) find_renamed();
        std::ranges::move(inserted_before_applied(plan_), std::back_inserter(rewrites_));
        const auto ordinal = [](const Rewrite& rewrite) { return rewrite.migration; };
        std::ranges::stable_sort(rewrites_, {}, ordinal);
        if (Result<void> added = add_deleted(); !added) return tl::unexpected(added.error());
        return std::move(rewrites_);
    }

private:
    void find_under_its_name(Migration& migration) {
        const auto found = missing_.find(sources_.file(migration.up.file).path());
        if (found == missing_.end()) return;
        migration.applied = true;
        const SourceFile& file = sources_.file(migration.up.file);
        if (!repository_.unchanged(found->second.up, file.path(), file.bytes())) {
            add(Rewrite::Kind::edited, migration, {});
        }
        missing_.erase(found);
    }

    void find_renamed() {
        std::multimap<std::string, std::string> by_blob;
        for (const auto& [path, former] : missing_)
            by_blob.emplace(former.up.blob, path);
        for (Migration& migration : plan_.migrations) {
            if (migration.applied) continue;
            const SourceFile& file = sources_.file(migration.up.file);
            for (const std::string& blob : repository_.blobs_of(file.path(), file.bytes())) {
                const auto former = by_blob.find(blob);
                if (former == by_blob.end()) continue;
                rename(migration, former->second);
                by_blob.erase(former);
                break;
            }
        }
    }

    /// To a tool that goes by versions another name is nothing, and another version a new
    /// migration.
    void rename(Migration& migration, const std::string& former) {
        const auto old = missing_.find(former);
        const bool same = !by_name_ && migration.version == old->second.version;
        migration.applied = true;
        if (!same) add(Rewrite::Kind::renamed, migration, former);
        missing_.erase(old);
    }

    Result<void> add_deleted() {
        for (const auto& [path, gone] : missing_) {
            Result<std::string> text = repository_.read(gone.up);
            if (!text) return tl::unexpected(text.error());
            rewrites_.push_back({.kind = Rewrite::Kind::deleted,
                                 .file = sources_.add(path, *std::move(text)),
                                 .migration = 0,
                                 .other = {}});
        }
        return {};
    }

    void add(Rewrite::Kind kind, const Migration& migration, std::string other) {
        rewrites_.push_back({.kind = kind,
                             .file = migration.up.file,
                             .migration = migration.ordinal,
                             .other = std::move(other)});
    }

    const git::Repository& repository_;
    Applied missing_; ///< What no migration of the plan has been found to be.
    bool by_name_;
    Plan& plan_;
    SourceSet& sources_;
    std::vector<Rewrite> rewrites_;
};

} // namespace

Result<void> hold_against(const git::Repository& repository,
                          const git::Commit& commit,
                          Plan& plan,
                          SourceSet& sources) {
    Result<std::vector<CommittedFile>> files = repository.files(commit, plan.folder);
    if (!files) return tl::unexpected(files.error());
    leave_out_notes(plan, paths_of(plan, *files));
    Result<Applied> applied = applied_migrations(repository, *std::move(files), plan);
    if (!applied) return tl::unexpected(applied.error());
    Result<std::vector<Rewrite>> rewrites =
        Comparison(repository, *std::move(applied), plan, sources).run();
    if (!rewrites) return tl::unexpected(rewrites.error());
    plan.base = Base{.kind = Base::Kind::commit,
                     .name = commit.name,
                     .commit = commit.id,
                     .reason = commit.reason,
                     .rewrites = *std::move(rewrites)};
    return {};
}

} // namespace ordain::plan
