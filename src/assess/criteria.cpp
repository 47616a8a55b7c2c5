#include "assess/criteria.hpp"

#include "assess/changes.hpp"
#include "assess/second_run.hpp"
#include "lint/commits.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain {

std::string_view name_of(Decision decision) {
    switch (decision) {
    case Decision::go: return "GO";
    case Decision::no_go: return "NO-GO";
    case Decision::undecided: return "UNDECIDED";
    }
    return {};
}

std::string_view name_of(Risk risk) {
    switch (risk) {
    case Risk::low: return "low";
    case Risk::medium: return "medium";
    case Risk::high: return "high";
    case Risk::unknown: return "unknown";
    }
    return {};
}

std::string_view name_of(Fulfilment fulfilment) {
    switch (fulfilment) {
    case Fulfilment::met: return "met";
    case Fulfilment::not_met: return "not met";
    case Fulfilment::unknown: return "unknown";
    case Fulfilment::manual: return "a person's to answer";
    }
    return {};
}

} // namespace ordain

namespace ordain::assess {
namespace {

/// How many migrations a criterion holds for.
struct Tally {
    std::size_t met = 0;
    std::size_t not_met = 0;
    std::size_t unknown = 0;

    void add(Fulfilment fulfilment) {
        switch (fulfilment) {
        case Fulfilment::met: ++met; return;
        case Fulfilment::not_met: ++not_met; return;
        case Fulfilment::unknown: ++unknown; return;
        case Fulfilment::manual: return;
        }
    }

    [[nodiscard]] Fulfilment all() const {
        if (not_met > 0) return Fulfilment::not_met;
        return unknown > 0 ? Fulfilment::unknown : Fulfilment::met;
    }

    [[nodiscard]] std::string evidence() const {
        std::string text =
            fmt::format("{} of {}", met, counted(met + not_met + unknown, "migration"));
        if (not_met > 0) text += fmt::format(", {} not", not_met);
        if (unknown > 0) text += fmt::format(", {} unknown", unknown);
        return text;
    }
};

Fulfilment fulfilment_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::yes: return Fulfilment::met;
    case Verdict::no: return Fulfilment::not_met;
    case Verdict::unknown: return Fulfilment::unknown;
    }
    return Fulfilment::unknown;
}

Fulfilment fulfilment_of(RollbackVerdict verdict) {
    switch (verdict) {
    case RollbackVerdict::restores: return Fulfilment::met;
    case RollbackVerdict::differs:
    case RollbackVerdict::fails:
    case RollbackVerdict::missing: return Fulfilment::not_met;
    case RollbackVerdict::unknown: return Fulfilment::unknown;
    }
    return Fulfilment::unknown;
}

class Judge {
public:
    Judge(const Deployment& deployment, const Assessment& assessment)
        : deployment_(deployment),
          assessment_(assessment) {}

    [[nodiscard]] std::vector<Criterion> run() const {
        std::vector<Criterion> criteria = {applies(), errors(), data(), back(), retry()};
        for (const std::string& name : deployment_.settings.manual_criteria) {
            criteria.push_back({.name = name, .fulfilment = Fulfilment::manual, .evidence = {}});
        }
        return criteria;
    }

private:
    template <typename Judged>
    [[nodiscard]] Tally tally(Judged judged) const {
        Tally tally;
        for (const std::size_t index : deployment_.selected)
            tally.add(judged(index, deployment_.result.judged.judgements.at(index)));
        return tally;
    }

    [[nodiscard]] Criterion applies() const {
        const Tally all = tally([](std::size_t, const MigrationJudgement& each) {
            return fulfilment_of(each.applies.verdict);
        });
        return {.name = "Every migration applies in its order",
                .fulfilment = all.all(),
                .evidence = all.evidence()};
    }

    [[nodiscard]] Criterion errors() const {
        const std::size_t count = assessment_.blockers.size();
        return {.name = "Nothing is found that is an error",
                .fulfilment = count == 0 ? Fulfilment::met : Fulfilment::not_met,
                .evidence = counted(count, "error") + allowed()};
    }

    [[nodiscard]] std::string allowed() const {
        const std::size_t count = deployment_.result.allowed;
        return count == 0 ? "" : fmt::format(", {} allowed", counted(count, "finding"));
    }

    /// That data may go, people decide; an error that they did not accept speaks for itself.
    [[nodiscard]] Criterion data() const {
        Criterion criterion{.name = "Production's data stays",
                            .fulfilment = Fulfilment::met,
                            .evidence = "nothing is dropped or removed that holds data"};
        const bool known =
            std::ranges::all_of(assessment_.migrations,
                                [](const MigrationAssessment& each) { return each.changes_known; });
        if (!assessment_.destroyed.empty()) {
            const bool accepted = assessment_.blockers.empty();
            criterion.fulfilment = accepted ? Fulfilment::manual : Fulfilment::not_met;
            criterion.evidence = counted(assessment_.destroyed.size(), "loss of data") + allowed();
        } else if (!known) {
            criterion.fulfilment = Fulfilment::unknown;
            criterion.evidence = "what some migrations do is not known";
        }
        return criterion;
    }

    [[nodiscard]] Criterion back() const {
        const auto& migrations = deployment_.plan.migrations;
        const bool any = std::ranges::any_of(
            migrations, [](const Migration& each) { return each.down.has_value(); });
        if (!any) {
            return {.name = std::string(way_back),
                    .fulfilment = Fulfilment::manual,
                    .evidence = "the folder has no down scripts"};
        }
        const Tally all = tally([](std::size_t, const MigrationJudgement& each) {
            return fulfilment_of(each.rollback.verdict);
        });
        return {.name = std::string(way_back), .fulfilment = all.all(), .evidence = all.evidence()};
    }

    [[nodiscard]] Criterion retry() const {
        const Tally all = tally([this](std::size_t index, const MigrationJudgement& each) {
            return can_be_repeated(index, second_run_of(each.rerun).verdict);
        });
        return {.name = "A migration that fails half-way can be run again",
                .fulfilment = all.all(),
                .evidence = all.evidence()};
    }

    /// Where a failure takes everything back, there is nothing that a second run could meet.
    [[nodiscard]] Fulfilment can_be_repeated(std::size_t index, Verdict rerun) const {
        const std::vector<Statement>& statements =
            deployment_.result.judged.statements.at(index).up;
        const Script& script = deployment_.plan.migrations.at(index).up;
        const bool builds = std::ranges::any_of(statements, lint::builds_concurrently);
        const bool stays =
            !statements.empty() &&
            lint::last_committed_before(script, statements, statements.back().number) != 0;
        if (!builds && !stays) return Fulfilment::met;
        // IF NOT EXISTS would take an invalid index for a good one.
        const bool guarded = std::ranges::any_of(statements, [](const Statement& statement) {
            return lint::builds_concurrently(statement) &&
                   statement.actions.front().guard == Guard::if_not_exists;
        });
        if (guarded && rerun == Verdict::yes) return Fulfilment::unknown;
        return fulfilment_of(rerun);
    }

    const Deployment& deployment_;
    const Assessment& assessment_;
};

} // namespace

std::vector<Criterion> criteria_of(const Deployment& deployment, const Assessment& assessment) {
    return Judge(deployment, assessment).run();
}

Decision decision_of(const std::vector<Criterion>& criteria) {
    const auto any = [&](Fulfilment fulfilment) {
        return std::ranges::count(criteria, fulfilment, &Criterion::fulfilment) > 0;
    };
    if (any(Fulfilment::not_met)) return Decision::no_go;
    return any(Fulfilment::unknown) ? Decision::undecided : Decision::go;
}

} // namespace ordain::assess
