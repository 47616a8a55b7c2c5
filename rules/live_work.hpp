#pragma once

#include <ordain/outcome.hpp>
#include <ordain/rule.hpp>
#include <string>

namespace ordain::rules {

/// What was refused or skipped does no work.
[[nodiscard]] bool runs(const Outcome& outcome);

/// The first work of a kind on a relation that is older than the deployment and has not been
/// truncated by it, the certain before the possible; null when there is none.
[[nodiscard]] const Work* live_work(const ActionContext& context, Work::Kind kind);

/// "every query of "a" waits", "writes to "a" wait", by the lock that is held on the relation while
/// the work is done; "may wait" where it is not certain. A partitioned table waits with its
/// partitions.
[[nodiscard]] std::string who_waits(const ActionContext& context, const Work& work);

/// "(ACCESS EXCLUSIVE lock)", "(ACCESS EXCLUSIVE lock, held since an earlier statement)".
[[nodiscard]] std::string lock_held(const ActionContext& context, const Work& work);

/// error where the work is certain, else warning.
[[nodiscard]] Severity severity_of(const Work& work);

} // namespace ordain::rules
