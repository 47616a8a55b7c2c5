#include "rules/live_work.hpp"

#include "lint/row_uses.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {

bool runs(const Outcome& outcome) {
    return outcome.status == Outcome::Status::done || outcome.status == Outcome::Status::unknown;
}

const Work* live_work(const ActionContext& context, Work::Kind kind) {
    if (!runs(context.outcome)) return nullptr;
    const Work* possible = nullptr;
    for (const Work& work : context.outcome.work) {
        const bool live = !context.created_in_this_deployment(work.relation) &&
                          !lint::has_no_pages(context, work.relation);
        if (work.kind != kind || !live) continue;
        if (work.certain) return &work;
        if (possible == nullptr) possible = &work;
    }
    return possible;
}

std::string who_waits(const ActionContext& context, const Work& work) {
    const Object* relation = context.catalog.last_version(work.relation);
    const bool partitioned = relation != nullptr && relation->kind == ObjectKind::partitioned_table;
    const bool all = context.lock_on(work.relation) == LockMode::access_exclusive;
    const std::string_view wait = !work.certain ? "may wait" : all ? "waits" : "wait";
    return fmt::format("{} \"{}\"{} {}", all ? "every query of" : "writes to",
                       context.display_name(work.relation),
                       partitioned ? " and its partitions" : "", wait);
}

std::string lock_held(const ActionContext& context, const Work& work) {
    const LockMode held = context.lock_on(work.relation);
    const bool own = std::ranges::count(context.outcome.locks,
                                        LockTaken{.relation = work.relation, .mode = held}) > 0;
    return fmt::format("({} lock{})", manual_name_of(held),
                       own ? "" : ", held since an earlier statement");
}

Severity severity_of(const Work& work) {
    return work.certain ? Severity::error : Severity::warning;
}

} // namespace ordain::rules
