#include "cli/newness.hpp"

#include "git/repository.hpp"
#include "plan/applied_list.hpp"
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

/// Leaves of a whole folder what its base does not have.
Scope leave_pending(layout::Selection& selection) {
    const Plan& plan = selection.plan;
    std::vector<std::size_t> fresh;
    for (const std::size_t index : selection.selected) {
        if (!plan.migrations[index].applied) fresh.push_back(index);
    }
    if (fresh.empty() && plan.base->rewrites.empty()) return Scope::nothing_new;
    selection.selected = std::move(fresh);
    return Scope::fresh;
}

} // namespace

Result<Scope>
leave_new(const Arguments& arguments, layout::Selection& selection, SourceSet& sources) {
    Plan& plan = selection.plan;
    if (arguments.applied) {
        const Result<void> held = plan::hold_against_list(*arguments.applied, plan, sources);
        if (!held) return tl::unexpected(held.error());
        return selection.whole ? leave_pending(selection) : Scope::chosen;
    }
    if (arguments.all || plan.migrations.empty() || plan.layout == "file") return Scope::chosen;
    const Result<void> held = hold_against_base(arguments, plan, sources);
    // To what is said of scripts that were named, the base only adds.
    const bool needed = selection.whole || arguments.since;
    if (!held && needed) return tl::unexpected(held.error());
    return selection.whole && plan.base ? leave_pending(selection) : Scope::chosen;
}

} // namespace ordain::cli
