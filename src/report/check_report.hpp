#pragma once

#include "lint/lint.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ordain/config.hpp>
#include <ordain/finding.hpp>
#include <ordain/plan.hpp>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <vector>

/// What `check` and `inspect` found, written for people and for programs. Writers return the whole
/// text: nothing here prints, so that output is complete or absent.
namespace ordain::report {

/// What of a plan is reported on.
enum class Scope : std::uint8_t {
    chosen,      ///< What the user named: scripts, or all of it.
    fresh,       ///< What the plan's base does not have.
    nothing_new, ///< The base has all of it: the history is summed up, and nothing of it fails.
};

/// One plan of a run, with all that was said about it.
struct CheckedPlan {
    Plan plan;
    std::vector<std::size_t> selected; ///< Indexes of plan.migrations reported on, ascending.
    Scope scope = Scope::chosen;
    lint::LintResult result;
};

/// All that a run of `check` knows when it is done.
struct CheckReport {
    const SourceSet& sources;
    const Settings& settings;
    Severity fail_on = Severity::error;
    std::vector<CheckedPlan> plans;
};

/// The rule id under which layout notes are printed: what a migration tool would trip over in the
/// folder itself. It is no rule and cannot be allowed or turned off.
inline constexpr std::string_view layout_rule = "layout";

/// What a plan's findings come to.
struct Summary {
    std::size_t errors = 0;
    std::size_t warnings = 0;
    std::size_t notes = 0;
    std::size_t allowed = 0; ///< Findings that allowances hide; counted nowhere else.
    std::size_t migrations_with_findings = 0;
    std::size_t judged = 0;          ///< Migrations reported on.
    std::size_t replayed = 0;        ///< All migrations of the plan; with a base those that it has.
    std::size_t assumed_applied = 0; ///< Of the base, that do not replay.
    std::size_t applies_unknown = 0; ///< Of those judged: whether they apply is not known.
    std::size_t rerun_unknown = 0;   ///< Of those that apply.
    std::size_t rollback_unknown = 0; ///< Likewise.

    [[nodiscard]] std::size_t findings() const { return errors + warnings + notes; }
};

/// Counts findings and layout notes; of a plan with nothing new only what was replayed.
[[nodiscard]] Summary summarize(const CheckedPlan& checked);

/// Whether anything found is at or above the threshold.
[[nodiscard]] bool fails(const CheckReport& report);

/// What a plan's history holds, summed up.
struct History {
    struct Count {
        std::string_view rule;
        Severity severity{};
        std::size_t findings = 0;
    };
    std::vector<Count> counts;         ///< Most severe first, then most frequent.
    std::vector<const Finding*> worst; ///< At most five: most severe first, then by rule.
};
[[nodiscard]] History history_of(const CheckedPlan& checked);

/// The severity of a layout note in a finding's terms.
[[nodiscard]] Severity severity_of(const LayoutNote& note);

/// The findings in the plan's order: by migration's up script, then its down script, then offset.
[[nodiscard]] std::vector<const Finding*> in_plan_order(const CheckedPlan& checked);

/// The comment that accepts findings of a rule, to be put above the statement. Nothing for rules
/// about such comments: those are corrected instead.
[[nodiscard]] std::optional<std::string> allowance(std::string_view rule);

} // namespace ordain::report
