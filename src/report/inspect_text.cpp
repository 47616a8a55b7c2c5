#include "report/inspect_text.hpp"

#include "report/code_frame.hpp"
#include "report/display.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

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

std::string listed(std::string_view what, std::vector<std::string> names) {
    if (names.empty()) return {};
    const std::size_t rest = names.size() - std::min(names.size(), max_listed);
    names.resize(names.size() - rest);
    const std::string more = rest == 0 ? std::string() : fmt::format(" and {} more", rest);
    return fmt::format("{} {}{}", what, fmt::join(names, ", "), more);
}

/// Parts go without saying beside what they belong to.
std::vector<std::string> names_of(const std::vector<ObjectReference>& objects) {
    std::set<std::pair<std::string_view, std::string_view>> whole;
    for (const ObjectReference& object : objects) {
        if (object.table.empty()) whole.emplace(object.schema, object.name);
    }
    std::vector<std::string> names;
    for (const ObjectReference& object : objects) {
        const bool part = !object.table.empty() && whole.contains({object.schema, object.table});
        if (!part) names.push_back(escaped(describe(object)));
    }
    return names;
}

/// What a migration does, or what its rollback leaves behind, loses and changes.
struct Words {
    std::string_view created;
    std::string_view dropped;
};

std::string described(const Difference& difference, Words words) {
    std::vector<std::string> annotations;
    std::ranges::transform(difference.annotations, std::back_inserter(annotations), escaped);
    std::vector<std::string> parts{listed(words.created, names_of(difference.created)),
                                   listed(words.dropped, names_of(difference.dropped)),
                                   listed("changes", names_of(difference.changed)),
                                   listed("changes the", std::move(annotations))};
    std::erase(parts, "");
    return fmt::format("{}", fmt::join(parts, "; "));
}

class InspectWriter {
public:
    InspectWriter(const InspectReport& report, Color color) : report_(report), painter_(color) {}

    std::string write() {
        const std::vector<std::size_t>& shown = report_.selected;
        std::vector<Row> rows;
        rows.reserve(shown.size());
        for (const std::size_t index : shown)
            rows.push_back(row_of(index));
        measure(rows);
        write_heading();
        for (std::size_t index = 0; index < rows.size(); ++index) {
            write_row(rows[index]);
            const MigrationJudgement& judgement = report_.judged.judgements.at(shown[index]);
            write_effects(judgement);
            write_proofs(judgement);
        }
        out_ +=
            "\nneeds: numbers of the migrations that must have run before; in parentheses where\n"
            "nothing fails without them, but the result depends on them\n";
        write_assumed();
        return std::move(out_);
    }

private:
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

    /// What it does, and to whom others must wait.
    void write_effects(const MigrationJudgement& judgement) {
        if (judgement.effects && !judgement.effects->empty())
            write_line("does",
                       described(*judgement.effects, {.created = "creates", .dropped = "drops"}));
        std::vector<std::string> locks;
        if (judgement.locks) {
            for (const LockReport& lock : *judgement.locks)
                locks.push_back(fmt::format("{} ({})", escaped(lock.relation), name_of(lock.mode)));
        }
        std::vector<std::string> rewrites;
        if (judgement.rewrites)
            std::ranges::transform(*judgement.rewrites, std::back_inserter(rewrites), escaped);
        std::vector<std::string> parts{listed("locks", std::move(locks)),
                                       listed("rewrites", std::move(rewrites))};
        std::erase(parts, "");
        if (!parts.empty()) write_line("meets", fmt::format("{}", fmt::join(parts, "; ")));
    }

    /// What proves each verdict that is not the good one.
    void write_proofs(const MigrationJudgement& judgement) {
        if (judgement.applies.verdict != Verdict::yes) {
            write_answer("applies", judgement.applies);
            return;
        }
        write_rerun(judgement.rerun);
        switch (judgement.rollback.verdict) {
        case RollbackVerdict::restores:
        case RollbackVerdict::missing: return;
        case RollbackVerdict::differs:
            return write_line("rollback", described(judgement.rollback.difference,
                                                    {.created = "leaves", .dropped = "loses"}));
        case RollbackVerdict::fails:
        case RollbackVerdict::unknown: return write_answer("rollback", judgement.rollback.failure);
        }
    }

    /// The verdict is about the schema alone; of rows what is certain is told beside it.
    void write_rerun(const RerunAnswer& rerun) {
        if (rerun.answer.verdict != Verdict::yes) return write_answer("rerun", rerun.answer);
        if (rerun.data == DataEffect::repeats) write_line("rerun", "changes rows once more");
        if (rerun.data != DataEffect::destroys) return;
        std::vector<std::string> names;
        for (const ObjectReference& object : rerun.destroyed)
            names.push_back(escaped(describe(object)));
        write_line("rerun",
                   fmt::format("destroys what they hold by then: {}", fmt::join(names, ", ")));
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
