#include "cli/newness.hpp"

#include "git/repository.hpp"
#include "plan/base.hpp"

#include <fmt/format.h>
#include <optional>
#include <utility>
#include <vector>

namespace ordain::cli {

using report::Scope;

namespace {

Result<void> hold_against_base(const Arguments& arguments, Plan& plan, SourceSet& sources) {
    const Result<std::optional<git::Repository>> repository = git::Repository::open(plan.folder);
    if (!repository) return tl::unexpected(repository.error());
    if (!*repository) {
        if (!arguments.since) return {};
        return failure(fmt::format("--since {}: {} does not lie in a git work tree",
                                   *arguments.since, plan.root));
    }
    const Result<git::Commit> base = (*repository)->base(arguments.since);
    if (!base) return tl::unexpected(base.error());
    return plan::hold_against(**repository, *base, plan, sources);
}

} // namespace

Result<Scope>
leave_new(const Arguments& arguments, layout::Selection& selection, SourceSet& sources) {
    Plan& plan = selection.plan;
    if (arguments.all || plan.migrations.empty() || plan.layout == "file") return Scope::chosen;
    const Result<void> held = hold_against_base(arguments, plan, sources);
    // To what is said of scripts that were named, the base only adds.
    const bool needed = selection.whole || arguments.since;
    if (!held && needed) return tl::unexpected(held.error());
    if (!selection.whole || !plan.base) return Scope::chosen;
    std::vector<std::size_t> fresh;
    for (const std::size_t index : selection.selected) {
        if (!plan.migrations[index].applied) fresh.push_back(index);
    }
    if (fresh.empty() && plan.base->rewrites.empty()) return Scope::nothing_new;
    selection.selected = std::move(fresh);
    return Scope::fresh;
}

} // namespace ordain::cli
