#include "report/assessment_markdown.hpp"

#include "report/code_frame.hpp"
#include "report/display.hpp"
#include "report/secrets.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <string_view>

namespace ordain::report {
namespace {

/// Text in a paragraph, a list or a table: what Markdown would take for its own is escaped.
std::string prose(std::string_view text) {
    std::string result;
    for (const char character : escaped(text)) {
        if (character == '\n') {
            result += ' ';
            continue;
        }
        if (std::string_view("\\`*_[]<>|").find(character) != std::string_view::npos)
            result += '\\';
        result += character;
    }
    return result;
}

/// Text in the type of code.
std::string code(std::string_view text) {
    std::string inner = escaped(text);
    std::ranges::replace(inner, '`', '\'');
    std::ranges::replace(inner, '\n', ' ');
    return fmt::format("`{}`", inner);
}

std::string size_in_words(std::size_t bytes) {
    constexpr double kilobyte = 1000;
    if (bytes < 1000) return fmt::format("{} bytes", bytes);
    return fmt::format("{:.1f} kB", static_cast<double>(bytes) / kilobyte);
}

class MarkdownWriter {
public:
    MarkdownWriter(const CheckReport& report,
                   const CheckedPlan& checked,
                   const Assessment& assessed)
        : report_(report),
          checked_(checked),
          assessed_(assessed) {}

    std::string write() {
        out_ += fmt::format("# Migrations of {}\n\n", prose(checked_.plan.root));
        if (checked_.scope == Scope::nothing_new) {
            out_ += fmt::format(
                "Nothing is new: {} has all {} migrations. There is nothing to decide.\n",
                prose(checked_.plan.base->name), checked_.plan.migrations.size());
            return std::move(out_);
        }
        write_decision();
        write_overview();
        for (const MigrationAssessment& each : assessed_.migrations)
            write_migration(each);
        write_execution();
        write_order();
        write_risks();
        write_list("## Recommendations", assessed_.recommendations, "Nothing beyond the usual.");
        return std::move(out_);
    }

private:
    [[nodiscard]] const Migration& migration(std::uint32_t ordinal) const {
        return checked_.plan.migrations.at(ordinal - 1);
    }

    [[nodiscard]] const MigrationJudgement& judgement(std::uint32_t ordinal) const {
        return checked_.result.judged.judgements.at(ordinal - 1);
    }

    // ---- the first screen

    void write_decision() {
        out_ += fmt::format("**Decision: {}**\n\n", name_of(assessed_.decision));
        out_ += "| criterion | | judged by |\n|---|---|---|\n";
        for (const Criterion& each : assessed_.criteria) {
            out_ += fmt::format("| {} | {} | {} |\n", prose(each.name),
                                each.fulfilment == Fulfilment::met
                                    ? std::string(name_of(each.fulfilment))
                                    : fmt::format("**{}**", name_of(each.fulfilment)),
                                prose(each.evidence));
        }
        out_ += '\n';
        write_remarks("### Blockers", assessed_.blockers, "None.");
        write_destroyed();
        write_waits();
        write_remarks("### What the rollback restores", assessed_.undo, "There is none.");
        write_remarks("### Unknown", assessed_.unknowns, "Nothing.");
        write_list("### Assumed", assessed_.assumed, "Nothing.");
        write_list("### Not proved", assessed_.not_proved, "Nothing.");
    }

    void write_destroyed() {
        std::vector<std::string> lines = lines_of(assessed_.destroyed);
        for (const MigrationAssessment& each : assessed_.migrations) {
            if (each.changes_known) continue;
            lines.push_back(
                fmt::format("{}: what it drops is **unknown**", code(migration(each.ordinal).id)));
        }
        write_lines("### Destroyed", lines, "Nothing that production has.");
    }

    void write_remarks(std::string_view heading,
                       const std::vector<Remark>& remarks,
                       std::string_view otherwise) {
        write_lines(heading, lines_of(remarks), otherwise);
    }

    [[nodiscard]] std::vector<std::string> lines_of(const std::vector<Remark>& remarks) const {
        std::vector<std::string> lines;
        lines.reserve(remarks.size());
        for (const Remark& remark : remarks) {
            const std::string of = remark.migration == 0
                                       ? ""
                                       : fmt::format("{}: ", code(migration(remark.migration).id));
            std::string line =
                fmt::format("{}{}{}", of, prose(remark.text), in_parentheses(remark.where));
            for (const FindingNote& note : remark.notes)
                line += fmt::format("\n  - {}{}", prose(note.message), in_parentheses(note.where));
            lines.push_back(std::move(line));
        }
        return lines;
    }

    [[nodiscard]] std::string in_parentheses(const std::optional<Location>& where) const {
        return where ? fmt::format(" ({})", code(place_of(report_.sources, *where))) : "";
    }

    void write_waits() {
        std::vector<std::string> lines;
        for (const Wait& wait : assessed_.waits) {
            lines.push_back(fmt::format("{}: {} is locked from statement {} to the end of "
                                        "statement {} ({}); what waits: {}",
                                        code(migration(wait.migration).id),
                                        code(wait.lock.relation), wait.lock.statement, wait.until,
                                        manual_name_of(wait.lock.mode), blocks(wait.lock.mode)));
        }
        for (const MigrationAssessment& each : assessed_.migrations) {
            if (judgement(each.ordinal).locks) continue;
            lines.push_back(
                fmt::format("{}: what it locks is **unknown**", code(migration(each.ordinal).id)));
        }
        write_lines("### Who waits for which lock", lines, "Nobody.");
    }

    void write_list(std::string_view heading,
                    const std::vector<std::string>& texts,
                    std::string_view otherwise) {
        std::vector<std::string> lines;
        lines.reserve(texts.size());
        for (const std::string& text : texts)
            lines.push_back(prose(text));
        write_lines(heading, lines, otherwise);
    }

    void write_lines(std::string_view heading,
                     const std::vector<std::string>& lines,
                     std::string_view otherwise) {
        out_ += fmt::format("{}\n\n", heading);
        for (const std::string& line : lines)
            out_ += fmt::format("- {}\n", line);
        if (lines.empty()) out_ += fmt::format("{}\n", otherwise);
        out_ += '\n';
    }

    // ---- the sections

    void write_overview() {
        std::size_t bytes = 0;
        for (const MigrationAssessment& each : assessed_.migrations)
            bytes += each.bytes;
        const std::size_t all = checked_.plan.migrations.size();
        const std::size_t judged = assessed_.migrations.size();
        out_ += "## Overview\n\n";
        out_ += fmt::format("- {} of {} migrations are judged, {} of SQL\n", judged, all,
                            size_in_words(bytes));
        if (checked_.plan.base) {
            const Base& base = *checked_.plan.base;
            const auto applied =
                std::ranges::count(checked_.plan.migrations, true, &Migration::applied);
            out_ += base.kind == Base::Kind::list
                        ? fmt::format("- {} applied according to {}\n", applied, code(base.name))
                        : fmt::format("- {} have run: {} has them\n", applied, code(base.name));
        }
        out_ += fmt::format("- read as {}", prose(checked_.plan.layout));
        if (!checked_.plan.evidence.empty())
            out_ += fmt::format(": {}",
                                prose(fmt::format("{}", fmt::join(checked_.plan.evidence, "; "))));
        out_ += "\n\n";
    }

    void write_migration(const MigrationAssessment& each) {
        const Migration& of = migration(each.ordinal);
        const MigrationJudgement& judged = judgement(each.ordinal);
        out_ += fmt::format("## {}\n\n", prose(of.id));
        if (!each.purpose.empty()) out_ += fmt::format("{}\n\n", prose(each.purpose));
        out_ += fmt::format(
            "- file: {}, {}, {} statement{}\n", code(report_.sources.file(of.up.file).path()),
            size_in_words(each.bytes), each.statements, each.statements == 1 ? "" : "s");
        out_ += fmt::format("- applies: {}{}\n", name_of(judged.applies.verdict),
                            reason_of(judged.applies));
        write_changes(each);
        if (!each.patterns.empty())
            out_ += fmt::format("- guards: {}\n", fmt::join(each.patterns, ", "));
        if (judged.applies.verdict != Verdict::no) {
            out_ += fmt::format("- second run: {}{}\n", in_words(each.second_run.verdict),
                                reason_of(each.second_run));
        }
        for (const Remark& undo : assessed_.undo) {
            if (undo.migration == each.ordinal)
                out_ += fmt::format("- rollback: {}\n", prose(undo.text));
        }
        const std::string reasons =
            each.reasons.empty() ? "" : fmt::format(": {}", fmt::join(each.reasons, ", "));
        out_ += fmt::format("- risk: **{}**{}\n\n", name_of(each.risk), prose(reasons));
    }

    void write_changes(const MigrationAssessment& each) {
        if (!each.changes_known) {
            out_ += "- what it changes is not known\n";
            return;
        }
        if (each.changes.empty()) out_ += "- changes nothing in the schema\n";
        for (const std::string& change : each.changes)
            out_ += fmt::format("- {}\n", prose(change));
    }

    static std::string_view in_words(Verdict verdict) {
        switch (verdict) {
        case Verdict::yes: return "harmless";
        case Verdict::no: return "not harmless";
        case Verdict::unknown: return "unknown";
        }
        return {};
    }

    static std::string reason_of(const Answer& answer) {
        if (answer.verdict == Verdict::yes || answer.message.empty()) return {};
        const std::string state =
            answer.sqlstate.empty() ? "" : fmt::format("{} ", answer.sqlstate);
        // Where something is not known stands under Unknown.
        const bool placed = answer.verdict == Verdict::no && answer.statement != 0;
        const std::string at = placed ? fmt::format(" at statement {}", answer.statement) : "";
        return prose(fmt::format(" ({}{}{})", state, answer.message, at));
    }

    void write_execution() {
        out_ += "## Execution\n\n";
        if (assessed_.commands.empty()) {
            out_ += "The project's own code runs the folder; there is no command to show.\n\n";
        } else {
            write_code(assessed_.commands);
        }
        if (assessed_.undo_commands.empty()) return;
        out_ += "To take it back:\n\n";
        write_code(assessed_.undo_commands);
    }

    void write_code(const std::vector<std::string>& lines) {
        out_ += "```sh\n";
        for (const std::string& line : lines)
            out_ += fmt::format("{}\n", escaped(line));
        out_ += "```\n\n";
    }

    /// What each needs; what has run already is one node.
    void write_order() {
        out_ += "## Order and dependencies\n\n```mermaid\ngraph LR\n";
        bool needs_base = false;
        std::string edges;
        for (const MigrationAssessment& each : assessed_.migrations) {
            const MigrationJudgement& judged = judgement(each.ordinal);
            out_ += fmt::format("    m{}[\"{}\"]\n", each.ordinal,
                                node_text(migration(each.ordinal).id));
            bool on_base = false;
            for (const Edge& edge : judged.depends_on) {
                if (!edge.hard || edge.on == each.ordinal) continue;
                if (is_judged(edge.on)) {
                    edges += fmt::format("    m{} --> m{}\n", edge.on, each.ordinal);
                } else {
                    on_base = true;
                }
            }
            if (on_base) edges += fmt::format("    base --> m{}\n", each.ordinal);
            needs_base = needs_base || on_base;
        }
        if (needs_base) out_ += "    base([\"what has run before\"])\n";
        out_ += edges + "```\n\n";
    }

    static std::string node_text(std::string_view id) {
        std::string text = escaped(id);
        std::ranges::replace(text, '"', '\'');
        return text;
    }

    [[nodiscard]] bool is_judged(std::uint32_t ordinal) const {
        return std::ranges::count(assessed_.migrations, ordinal, &MigrationAssessment::ordinal) > 0;
    }

    void write_risks() {
        out_ += "## Risk\n\n| migration | risk | applies | second run | rollback | why |\n"
                "|---|---|---|---|---|---|\n";
        for (const MigrationAssessment& each : assessed_.migrations) {
            const MigrationJudgement& judged = judgement(each.ordinal);
            const bool runs = judged.applies.verdict != Verdict::no;
            out_ +=
                fmt::format("| {} | {} | {} | {} | {} | {} |\n", prose(migration(each.ordinal).id),
                            name_of(each.risk), name_of(judged.applies.verdict),
                            runs ? in_words(each.second_run.verdict) : "-",
                            runs ? name_of(judged.rollback.verdict) : "-",
                            prose(fmt::format("{}", fmt::join(each.reasons, ", "))));
        }
        out_ += '\n';
        write_remarks("## Warnings and notes", assessed_.warnings, "None.");
    }

    const CheckReport& report_;
    const CheckedPlan& checked_;
    const Assessment& assessed_;
    std::string out_;
};

} // namespace

std::string assessment_markdown(const AssessmentReport& report) {
    std::string text;
    for (std::size_t index = 0; index < report.assessments.size(); ++index) {
        if (index > 0) text += '\n';
        text += MarkdownWriter(report.checked, report.checked.plans.at(index),
                               report.assessments[index])
                    .write();
    }
    return without_secrets(std::move(text));
}

} // namespace ordain::report
