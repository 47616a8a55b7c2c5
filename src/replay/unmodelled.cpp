#include "replay/actions.hpp"
#include "replay/taint.hpp"

#include <fmt/core.h>

namespace ordain::replay {
namespace {

void doubt_whole(Step& step, const std::string& what) {
    const std::string reason =
        fmt::format("{} is not modelled (statement {})", what, step.here().statement);
    taint_mentions(step, step.action().mentions, reason);
    step.doubt(reason);
}

} // namespace

void apply(Step& step, const Unmodelled& unmodelled) {
    const bool alone = unmodelled.kind == "CREATE DATABASE" ||
                       unmodelled.kind == "CREATE TABLESPACE" || unmodelled.kind == "ALTER SYSTEM";
    if (alone && !step.runs_outside_block(unmodelled.kind)) return;
    doubt_whole(step, unmodelled.kind);
    if (unmodelled.anything) taint_anything(step, step.action().mentions, step.outcome().reason);
}

void apply(Step& step, const Do& block) {
    doubt_whole(step, fmt::format("a DO block in language {}", block.language));
}

void apply(Step& step, const Call& /*call*/) {
    doubt_whole(step, "CALL");
}

} // namespace ordain::replay
