#pragma once

#include "proof/judge.hpp"

#include <cstddef>
#include <ordain/config.hpp>
#include <ordain/finding.hpp>
#include <ordain/plan.hpp>
#include <ordain/rule.hpp>
#include <ordain/source.hpp>
#include <span>
#include <vector>

/// Runs rules over a replay and decides which of their findings are shown.
///
/// A rule's `check` sees each Action while the plan is replayed, its `check_plan` the whole plan
/// with all verdicts afterwards. What they find is stamped with the rule's id and severity, held
/// against the allowances in the scripts, and sorted.
namespace ordain::lint {

/// What `check` knows when it is done.
struct LintResult {
    proof::Judged judged;
    std::vector<Finding> findings; ///< Sorted by file path, offset, rule; allowances applied.
    std::size_t allowed = 0;       ///< Findings that allowances hide, in scripts and settings.
};

/// Replays, proves and lints a plan. `selected`: indexes of plan.migrations to report on; the
/// others are replayed silently. `rules`: all that exist; the settings and the plan say which of
/// them are on.
[[nodiscard]] LintResult lint(const SourceSet& sources,
                              const Plan& plan,
                              const Settings& settings,
                              const std::vector<std::size_t>& selected,
                              std::span<const Rule* const> rules,
                              proof::Progress progress = nullptr,
                              void* progress_context = nullptr);

} // namespace ordain::lint
