#include "report/inspect_text.hpp"

#include "report/code_frame.hpp"
#include "report/display.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace ordain::report {
namespace {

constexpr std::size_t columns = 7;
using Row = std::array<std::string, columns>;
constexpr std::array<std::string_view, columns> headings{
    "#", "migration", "transaction", "applies", "rerun", "rollback", "needs"};

/// Objects named in a proof; more are counted.
constexpr std::size_t max_listed = 5;

std::string needs_of(const MigrationJudgement& judgement) {
    if (judgement.depends_on.empty()) return "-";
    std::vector<std::string> needs;
    for (const Edge& edge : judgement.depends_on) {
        needs.push_back(edge.hard ? fmt::format("{}", edge.on) : fmt::format("({})", edge.on));
    }
    return fmt::format("{}", fmt::join(needs, ", "));
}

std::string listed(std::string_view what, const std::vector<ObjectReference>& objects) {
    if (objects.empty()) return {};
    const std::size_t shown = std::min(objects.size(), max_listed);
    std::vector<std::string> names;
    for (std::size_t index = 0; index < shown; ++index)
        names.push_back(escaped(describe(objects[index])));
    const std::string more = objects.size() > shown
                                 ? fmt::format(" and {} more", objects.size() - shown)
                                 : std::string();
    return fmt::format("{} {}{}", what, fmt::join(names, ", "), more);
}

/// What a rollback leaves behind, loses and changes.
std::string described(const Difference& difference) {
    std::vector<std::string> parts{listed("leaves", difference.created),
                                   listed("loses", difference.dropped),
                                   listed("changes", difference.changed)};
    std::erase(parts, "");
    return fmt::format("{}", fmt::join(parts, "; "));
}

class InspectWriter {
public:
    InspectWriter(const InspectReport& report, Color color) : report_(report), painter_(color) {}

    std::string write() {
        const std::vector<std::size_t> shown = shown_migrations();
        std::vector<Row> rows;
        rows.reserve(shown.size());
        for (const std::size_t index : shown)
            rows.push_back(row_of(index));
        measure(rows);
        write_heading();
        for (std::size_t index = 0; index < rows.size(); ++index) {
            write_row(rows[index]);
            write_proofs(report_.judged.judgements.at(shown[index]));
        }
        out_ +=
            "\nneeds: numbers of the migrations that must have run before; in parentheses where\n"
            "nothing fails without them, but the result depends on them\n";
        write_assumed();
        return std::move(out_);
    }

private:
    [[nodiscard]] std::vector<std::size_t> shown_migrations() const {
        if (!report_.selected.empty()) return report_.selected;
        std::vector<std::size_t> all(report_.plan.migrations.size());
        std::iota(all.begin(), all.end(), std::size_t{0});
        return all;
    }

    [[nodiscard]] Row row_of(std::size_t index) const {
        const Migration& migration = report_.plan.migrations.at(index);
        const MigrationJudgement& judgement = report_.judged.judgements.at(index);
        const bool applied = judgement.applies.verdict != Verdict::no;
        return {fmt::format("{}", migration.ordinal),
                escaped(migration.id),
                std::string(name_of(migration.up.wrapping)),
                std::string(name_of(judgement.applies.verdict)),
                std::string(applied ? name_of(judgement.rerun.answer.verdict) : "-"),
                std::string(applied ? name_of(judgement.rollback.verdict) : "-"),
                needs_of(judgement)};
    }

    void measure(const std::vector<Row>& rows) {
        for (std::size_t column = 0; column < columns; ++column) {
            widths_.at(column) = headings.at(column).size();
            for (const Row& row : rows) {
                widths_.at(column) = std::max(widths_.at(column), width_of(row.at(column)));
            }
        }
    }

    void write_heading() {
        const bool closed = report_.judged.world == catalog::World::closed;
        out_ += fmt::format("{} migrations of {} ({} history, PostgreSQL {})\n\n",
                            escaped(report_.plan.layout), escaped(report_.plan.root),
                            closed ? "complete" : "partial", report_.settings.postgres);
        Row row;
        std::ranges::copy(headings, row.begin());
        write_row(row);
    }

    void write_row(const Row& row) {
        std::string line;
        for (std::size_t column = 0; column < columns; ++column) {
            const std::string& cell = row.at(column);
            const bool is_number = column == 0;
            line +=
                is_number ? fmt::format("{:>{}}", cell, widths_.at(column)) : "  " + painted(cell);
            if (is_number || column + 1 == columns) continue;
            line.append(widths_.at(column) - std::min(widths_.at(column), width_of(cell)), ' ');
        }
        out_ += line + "\n";
    }

    [[nodiscard]] std::string painted(const std::string& cell) const {
        if (cell == "unknown") return painter_.unknown(cell);
        if (cell == "no" || cell == "fails" || cell == "differs") {
            return painter_.severity(Severity::error, cell);
        }
        return cell;
    }

    /// What proves each verdict that is not the good one.
    void write_proofs(const MigrationJudgement& judgement) {
        if (judgement.applies.verdict != Verdict::yes) {
            write_answer("applies", judgement.applies);
            return;
        }
        if (judgement.rerun.answer.verdict != Verdict::yes) {
            write_answer("rerun", judgement.rerun.answer);
        }
        switch (judgement.rollback.verdict) {
        case RollbackVerdict::restores:
        case RollbackVerdict::missing: return;
        case RollbackVerdict::differs:
            return write_line("rollback", described(judgement.rollback.difference));
        case RollbackVerdict::fails:
        case RollbackVerdict::unknown: return write_answer("rollback", judgement.rollback.failure);
        }
    }

    /// The server's words and where, or the reason.
    void write_answer(std::string_view question, const Answer& answer) {
        std::string proof = answer.sqlstate;
        if (!proof.empty()) proof += ' ';
        proof += escaped(answer.message);
        if (!answer.where.span.empty()) {
            proof += fmt::format(" ({})", place_of(report_.sources, answer.where));
        }
        write_line(question, proof);
    }

    void write_line(std::string_view question, std::string_view proof) {
        out_ += fmt::format("{}  {}: {}\n", std::string(widths_[0], ' '), painter_.frame(question),
                            proof);
    }

    void write_assumed() {
        for (const std::string& assumed : report_.judged.assumed) {
            out_ += fmt::format("assumed to exist: {}\n", escaped(assumed));
        }
    }

    const InspectReport& report_;
    Painter painter_;
    std::array<std::size_t, columns> widths_{};
    std::string out_;
};

} // namespace

std::string inspect_text(const InspectReport& report, Color color) {
    return InspectWriter(report, color).write();
}

} // namespace ordain::report
