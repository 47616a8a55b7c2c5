#include "report/check_text.hpp"

#include "report/code_frame.hpp"
#include "report/display.hpp"
#include "report/finding_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <set>
#include <utility>

namespace ordain::report {
namespace {

/// Lists longer than this are cut, and say so.
constexpr std::size_t max_listed = 10;

std::string plural(std::size_t count, std::string_view word) {
    return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

class TextWriter {
public:
    TextWriter(const CheckReport& report, Color color) : report_(report), painter_(color) {}

    std::string write() {
        for (const CheckedPlan& checked : report_.plans)
            write_plan(checked);
        write_legend();
        for (const CheckedPlan& checked : report_.plans)
            write_summary(checked);
        return std::move(out_);
    }

private:
    void write_plan(const CheckedPlan& checked) {
        if (checked.scope == Scope::nothing_new) return write_history(checked);
        write_layout_notes(checked.plan.notes);
        for (const Finding* finding : in_plan_order(checked))
            write_finding(*finding);
        write_unknown(checked);
        write_assumed_applied(checked);
        write_assumed(checked);
    }

    /// Nobody asked about the history: what it holds is counted, and the worst of it shown in a
    /// line each.
    void write_history(const CheckedPlan& checked) {
        const History history = history_of(checked);
        if (!history.counts.empty())
            out_ += painter_.strong("Nothing is new. What the history holds:\n\n");
        for (const History::Count& count : history.counts) {
            out_ += fmt::format(
                "{:>6}  {}  {}\n", count.findings,
                painter_.severity(count.severity, fmt::format("{:7}", name_of(count.severity))),
                count.rule);
        }
        if (!history.worst.empty()) out_ += painter_.strong("\nThe worst of it:\n");
        for (const Finding* finding : history.worst) {
            out_ += fmt::format(
                "  {} {}\n      {}\n",
                painter_.severity(finding->severity,
                                  fmt::format("{}[{}]", name_of(finding->severity), finding->rule)),
                place_of(report_.sources, finding->where), indented(escaped(finding->message), 6));
        }
        if (!history.counts.empty()) {
            out_ += fmt::format("\nTo see all of it, judged as if nothing had run yet: "
                                "ordain check --all {}\n\n",
                                escaped(checked.plan.root));
        }
    }

    /// What is said of several files is said once, where it is said first.
    void write_layout_notes(const std::vector<LayoutNote>& notes) {
        using Words = std::pair<LayoutNote::Severity, std::string_view>;
        std::map<Words, std::vector<std::string_view>> places;
        for (const LayoutNote& note : notes) {
            places[{note.severity, note.message}].push_back(note.path);
        }
        for (const LayoutNote& note : notes) {
            const auto said = places.find({note.severity, note.message});
            if (said == places.end()) continue;
            out_ += heading_text(severity_of(note), layout_rule, note.message, painter_);
            write_layout_places(said->second);
            places.erase(said);
        }
    }

    void write_layout_places(const std::vector<std::string_view>& paths) {
        const std::size_t shown = std::min(paths.size(), max_listed);
        for (std::size_t index = 0; index < shown; ++index) {
            out_ += fmt::format("{} {}\n", painter_.frame("  -->"), escaped(paths[index]));
        }
        if (paths.size() > shown) out_ += fmt::format("      and {} more\n", paths.size() - shown);
        out_ += '\n';
    }

    void write_finding(const Finding& finding) {
        rules_.insert(finding.rule);
        out_ += finding_text(report_.sources, finding, painter_) + '\n';
    }

    /// What could not be told stands out as much as what failed.
    void write_unknown(const CheckedPlan& checked) {
        const Summary summary = summarize(checked);
        if (summary.applies_unknown > 0) {
            out_ += fmt::format(
                "{}{}\n", painter_.unknown("unknown"),
                painter_.strong(fmt::format(
                    ": whether {} applies",
                    summary.applies_unknown == 1
                        ? "this migration"
                        : fmt::format("each of these {} migrations", summary.applies_unknown))));
            for (const std::size_t index : checked.selected)
                write_doubt(checked, index);
            out_ += '\n';
        }
        std::vector<std::string> proofs;
        if (summary.rerun_unknown > 0) {
            proofs.push_back("what a second run does of " +
                             plural(summary.rerun_unknown, "migration"));
        }
        if (summary.rollback_unknown > 0) {
            proofs.push_back("what the rollback leaves of " +
                             plural(summary.rollback_unknown, "migration"));
        }
        if (proofs.empty()) return;
        out_ += fmt::format("{}: {}; `ordain inspect` says why\n\n", painter_.unknown("unknown"),
                            fmt::join(proofs, ", and "));
    }

    void write_doubt(const CheckedPlan& checked, std::size_t index) {
        const Answer& applies = checked.result.judged.judgements.at(index).applies;
        if (applies.verdict != Verdict::unknown) return;
        const Location whole{.file = checked.plan.migrations.at(index).up.file, .span = {}};
        const bool placed = !applies.where.span.empty();
        out_ += fmt::format("{} {}\n      {}\n", painter_.frame("  -->"),
                            place_of(report_.sources, placed ? applies.where : whole),
                            indented(escaped(applies.message), 6));
    }

    void write_assumed_applied(const CheckedPlan& checked) {
        const std::size_t count = summarize(checked).assumed_applied;
        if (count == 0) return;
        out_ +=
            fmt::format("{}: {} of {} {} not replay and {} taken to have run; what {} uncertain\n",
                        painter_.strong("assumed"), plural(count, "migration"),
                        checked.plan.base->name, count == 1 ? "does" : "do",
                        count == 1 ? "is" : "are", count == 1 ? "it names is" : "they name is");
        std::size_t shown = 0;
        for (const MigrationJudgement& judgement : checked.result.judged.judgements) {
            if (!judgement.assumed_applied || shown == max_listed) continue;
            ++shown;
            out_ += fmt::format("{} {}\n      {}\n", painter_.frame("  -->"),
                                place_of(report_.sources, judgement.applies.where),
                                indented(escaped(judgement.applies.message), 6));
        }
        if (count > shown) out_ += fmt::format("      and {} more\n", count - shown);
        out_ += '\n';
    }

    void write_assumed(const CheckedPlan& checked) {
        const std::vector<std::string>& assumed = checked.result.judged.assumed;
        if (assumed.empty()) return;
        const std::size_t shown = std::min(assumed.size(), max_listed);
        std::vector<std::string> names;
        for (std::size_t index = 0; index < shown; ++index)
            names.push_back(escaped(assumed[index]));
        const std::string more = assumed.size() > shown
                                     ? fmt::format(" and {} more", assumed.size() - shown)
                                     : std::string();
        out_ += fmt::format("{} to exist before the first migration: {}{}\n\n",
                            painter_.strong("assumed"), fmt::join(names, ", "), more);
    }

    /// How to accept findings: once, whatever their number.
    void write_legend() {
        std::vector<std::string> comments;
        for (const std::string_view rule : rules_) {
            const std::optional<std::string> comment = allowance(rule);
            if (comment) comments.push_back(*comment);
        }
        if (comments.empty()) return;
        out_ += "To accept a finding, say why in a line above its statement; `ordain explain RULE` "
                "tells "
                "more:\n";
        for (const std::string& comment : comments)
            out_ += fmt::format("    {}\n", comment);
        out_ += '\n';
    }

    void write_summary(const CheckedPlan& checked) {
        const Summary summary = summarize(checked);
        if (report_.plans.size() > 1) out_ += fmt::format("{}: ", escaped(checked.plan.root));
        out_ += fmt::format("{}{} ({}, {}); {}, {}\n",
                            checked.scope == Scope::nothing_new ? nothing_new(checked)
                                                                : counted(checked, summary),
                            since(checked), escaped(checked.plan.layout), server(checked),
                            replayed(summary), assumed(checked, summary));
    }

    /// "PostgreSQL 16 by compose.yml:12, supabase".
    [[nodiscard]] std::string server(const CheckedPlan& checked) const {
        std::string text = fmt::format("PostgreSQL {}", report_.settings.postgres);
        if (!report_.settings.postgres_shown_by.empty())
            text += fmt::format(" by {}", escaped(report_.settings.postgres_shown_by));
        if (!checked.plan.beforehand.platform.empty())
            text += fmt::format(", {}", checked.plan.beforehand.platform);
        return text;
    }

    /// " since origin/main" or " according to applied.txt".
    static std::string since(const CheckedPlan& checked) {
        if (checked.scope == Scope::chosen) return {};
        const Base& base = *checked.plan.base;
        if (base.kind == Base::Kind::list)
            return fmt::format(" according to {}", escaped(base.name));
        const std::string reason = base.reason.empty() ? "" : fmt::format(" ({})", base.reason);
        return fmt::format(" since {}{}", escaped(base.name), reason);
    }

    [[nodiscard]] std::string nothing_new(const CheckedPlan& checked) const {
        return painter_.good("nothing new") +
               fmt::format(" in {}", plural(checked.plan.migrations.size(), "migration"));
    }

    [[nodiscard]] std::string counted(const CheckedPlan& checked, const Summary& summary) const {
        const std::string judged =
            plural(summary.judged, checked.scope == Scope::fresh ? "new migration" : "migration");
        if (summary.findings() == 0) {
            const std::string allowed =
                summary.allowed == 0 ? "" : fmt::format(" ({} allowed)", summary.allowed);
            return fmt::format("{}{} in {}", painter_.good("no findings"), allowed, judged);
        }
        std::vector<std::string> counts;
        const auto add = [&](Severity severity, std::size_t count) {
            if (count == 0) return;
            counts.push_back(painter_.severity(severity, plural(count, name_of(severity))));
        };
        add(Severity::error, summary.errors);
        add(Severity::warning, summary.warnings);
        add(Severity::note, summary.notes);
        if (summary.allowed > 0) counts.push_back(fmt::format("{} allowed", summary.allowed));
        // Findings of the layout belong to no migration.
        if (summary.migrations_with_findings == 0) {
            return fmt::format("{} in {}", fmt::join(counts, ", "), judged);
        }
        return fmt::format("{} in {} of {}", fmt::join(counts, ", "),
                           summary.migrations_with_findings, judged);
    }

    [[nodiscard]] std::string replayed(const Summary& summary) const {
        std::string text = fmt::format("{} replayed", summary.replayed);
        if (summary.assumed_applied > 0) {
            text += fmt::format(", {} assumed applied", summary.assumed_applied);
        }
        if (summary.applies_unknown == 0) return text;
        return text + ", " + painter_.unknown(fmt::format("{} unknown", summary.applies_unknown));
    }

    static std::string assumed(const CheckedPlan& checked, const Summary& summary) {
        const std::size_t count = checked.result.judged.assumed.size();
        if (count == 0 && summary.assumed_applied > 0) return "nothing else assumed";
        return count == 0 ? "nothing assumed" : plural(count, "object") + " assumed";
    }

    const CheckReport& report_;
    Painter painter_;
    std::string out_;
    std::set<std::string_view> rules_;
};

} // namespace

std::string check_text(const CheckReport& report, Color color) {
    return TextWriter(report, color).write();
}

} // namespace ordain::report
