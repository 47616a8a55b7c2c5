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

/// One plan of a run, with all that was said about it.
struct CheckedPlan {
    Plan plan;
    std::vector<std::size_t> selected; ///< Indexes of plan.migrations reported on; empty: all.
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
    std::size_t judged = 0;           ///< Migrations reported on.
    std::size_t replayed = 0;         ///< All migrations of the plan.
    std::size_t applies_unknown = 0;  ///< Of those judged: whether they apply is not known.
    std::size_t rerun_unknown = 0;    ///< Of those that apply.
    std::size_t rollback_unknown = 0; ///< Likewise.

    [[nodiscard]] std::size_t findings() const { return errors + warnings + notes; }
};

/// Counts findings and layout notes.
[[nodiscard]] Summary summarize(const CheckedPlan& checked);

/// Whether anything found is at or above the threshold.
[[nodiscard]] bool fails(const CheckReport& report);

/// Indexes of the migrations reported on, ascending.
[[nodiscard]] std::vector<std::size_t> judged_migrations(const CheckedPlan& checked);

/// The severity of a layout note in a finding's terms.
[[nodiscard]] Severity severity_of(const LayoutNote& note);

/// The findings in the plan's order: by migration's up script, then its down script, then offset.
[[nodiscard]] std::vector<const Finding*> in_plan_order(const CheckedPlan& checked);

/// The comment that accepts findings of a rule, to be put above the statement. Nothing for rules
/// about such comments: those are corrected instead.
[[nodiscard]] std::optional<std::string> allowance(std::string_view rule);

} // namespace ordain::report
