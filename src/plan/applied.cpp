#include "plan/applied.hpp"

namespace ordain::plan {

std::vector<Rewrite> inserted_before_applied(const Plan& plan) {
    std::vector<Rewrite> inserted;
    std::vector<const Migration*> pending;
    for (const Migration& migration : plan.migrations) {
        if (!migration.applied) {
            pending.push_back(&migration);
            continue;
        }
        for (const Migration* before : pending) {
            inserted.push_back({.kind = Rewrite::Kind::inserted,
                                .file = before->up.file,
                                .migration = before->ordinal,
                                .other = migration.id});
        }
        pending.clear();
    }
    return inserted;
}

void leave_out_notes(Plan& plan, const std::set<std::string>& paths) {
    std::erase_if(plan.notes, [&](const LayoutNote& note) {
        return note.severity != LayoutNote::Severity::error && paths.contains(note.path);
    });
}

} // namespace ordain::plan
