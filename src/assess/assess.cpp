#include "assess/assess.hpp"

#include "assess/changes.hpp"
#include "assess/criteria.hpp"
#include "assess/purpose.hpp"
#include "assess/second_run.hpp"
#include "layout/commands.hpp"
#include "lint/commits.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>
#include <ordain/rule.hpp>
#include <set>
#include <utility>

namespace ordain::assess {
namespace {

/// Whether others cannot write, or not even read, while it is held.
bool makes_others_wait(LockMode mode) {
    return mode >= LockMode::share;
}

class Assessor {
public:
    explicit Assessor(const Deployment& deployment) : deployment_(deployment) {}

    Assessment run() {
        sort_findings();
        for (const std::size_t index : deployment_.selected)
            add_migration(index);
        name_assumptions();
        name_what_is_not_proved();
        name_commands();
        made_.criteria = criteria_of(deployment_, made_);
        made_.decision = decision_of(made_.criteria);
        recommend();
        return std::move(made_);
    }

private:
    [[nodiscard]] const Plan& plan() const { return deployment_.plan; }
    [[nodiscard]] const MigrationJudgement& judgement(std::size_t index) const {
        return deployment_.result.judged.judgements.at(index);
    }

    void sort_findings() {
        for (const LayoutNote& note : plan().notes) {
            const bool stops = note.severity == LayoutNote::Severity::error;
            (stops ? made_.blockers : made_.warnings)
                .push_back({.migration = 0,
                            .text = fmt::format("{}: {}", note.path, note.message),
                            .where = std::nullopt});
        }
        for (const Finding& finding : deployment_.result.findings) {
            const Remark remark{.migration = finding.migration,
                                .text = fmt::format("{} [{}]", finding.message, finding.rule),
                                .where = finding.where,
                                .notes = finding.notes};
            (finding.severity == Severity::error ? made_.blockers : made_.warnings)
                .push_back(remark);
            if (destroys_rows(finding)) made_.destroyed.push_back(remark);
        }
    }

    /// What is dropped is read off the catalog; rows that are removed only rules see.
    static bool destroys_rows(const Finding& finding) {
        const Rule* rule = find_rule(finding.rule);
        return rule != nullptr && rule->category == Category::destructive &&
               !rule->id.starts_with("drop-");
    }

    void add_migration(std::size_t index) {
        const Migration& migration = plan().migrations.at(index);
        const MigrationStatements& statements = deployment_.result.judged.statements.at(index);
        const SourceFile& file = deployment_.sources.file(migration.up.file);
        MigrationAssessment made{.ordinal = migration.ordinal,
                                 .purpose = purpose_of(file.text(migration.up.section)),
                                 .bytes = migration.up.section.size(),
                                 .statements = statements.up.size(),
                                 .changes = {},
                                 .changes_known = judgement(index).effects.has_value(),
                                 .patterns = patterns_in(statements.up),
                                 .second_run = second_run_of(judgement(index).rerun),
                                 .risk = Risk::low,
                                 .reasons = {}};
        if (made.changes_known)
            made.changes = changes_in(*judgement(index).effects, judgement(index).destroyed);
        add_destroyed(index);
        add_waits(index);
        add_undo(index);
        add_unknowns(index);
        rate(index, made);
        made_.migrations.push_back(std::move(made));
        note_created(index);
    }

    /// Of what an earlier migration of the deployment made nothing is lost. Without a base each
    /// migration is a deployment of its own.
    void note_created(std::size_t index) {
        if (!plan().base || !judgement(index).effects) return;
        const std::vector<ObjectReference>& created = judgement(index).effects->created;
        created_.insert(created.begin(), created.end());
    }

    void add_destroyed(std::size_t index) {
        const MigrationJudgement& judged = judgement(index);
        if (!judged.effects) return;
        for (const ObjectReference& object : judged.destroyed) {
            if (created_.contains(object)) continue;
            made_.destroyed.push_back({.migration = judged.ordinal,
                                       .text = fmt::format("{}, with its data", describe(object)),
                                       .where = std::nullopt});
        }
    }

    [[nodiscard]] bool is_new(const std::string& relation) const {
        return std::ranges::any_of(created_, [&](const ObjectReference& object) {
            return object.table.empty() && object.schema + "." + object.name == relation;
        });
    }

    void add_waits(std::size_t index) {
        const MigrationJudgement& judged = judgement(index);
        if (!judged.locks) return;
        const Migration& migration = plan().migrations.at(index);
        for (const LockReport& lock : *judged.locks) {
            if (!makes_others_wait(lock.mode) || is_new(lock.relation)) continue;
            made_.waits.push_back(
                {.migration = judged.ordinal,
                 .lock = lock,
                 .until = lint::last_of_transaction(
                     migration.up, deployment_.result.judged.statements.at(index).up,
                     lock.statement)});
        }
    }

    void add_undo(std::size_t index) {
        const MigrationJudgement& judged = judgement(index);
        made_.undo.push_back({.migration = judged.ordinal,
                              .text = rollback_in_words(judged.rollback),
                              .where = judged.rollback.failure.where.span.empty()
                                           ? std::nullopt
                                           : std::optional(judged.rollback.failure.where)});
    }

    void
    add_unknown(const MigrationJudgement& judged, std::string_view what, const Answer& answer) {
        made_.unknowns.push_back(
            {.migration = judged.ordinal,
             .text = fmt::format("{}: {}", what, answer.message),
             .where = answer.where.span.empty() ? std::nullopt : std::optional(answer.where)});
    }

    void add_unknowns(std::size_t index) {
        const MigrationJudgement& judged = judgement(index);
        if (judged.applies.verdict == Verdict::unknown)
            add_unknown(judged, "whether it applies", judged.applies);
        if (judged.applies.verdict != Verdict::yes) return;
        const Answer second_run = second_run_of(judged.rerun);
        if (second_run.verdict == Verdict::unknown)
            add_unknown(judged, "what a second run does", second_run);
        if (judged.rollback.verdict == RollbackVerdict::unknown)
            add_unknown(judged, "what the rollback leaves", judged.rollback.failure);
    }

    void rate(std::size_t index, MigrationAssessment& made) const {
        const MigrationJudgement& judged = judgement(index);
        const auto raise = [&](Risk risk, std::string reason) {
            made.risk = std::max(made.risk, risk);
            made.reasons.push_back(std::move(reason));
        };
        const auto count = [&](const std::vector<Remark>& remarks) {
            return std::ranges::count(remarks, judged.ordinal, &Remark::migration);
        };
        const auto waits = std::ranges::count(made_.waits, judged.ordinal, &Wait::migration);
        const auto say = [&](Risk risk, std::ptrdiff_t number, std::string_view what) {
            if (number > 0) raise(risk, counted(static_cast<std::size_t>(number), what));
        };
        say(Risk::high, count(made_.blockers), "error");
        say(Risk::high, count(made_.destroyed), "loss of data");
        if (const auto remarks = count(made_.warnings); remarks > 0)
            raise(Risk::medium, remarks == 1 ? "1 warning or note"
                                             : fmt::format("{} warnings and notes", remarks));
        say(Risk::medium, waits, "lock that others wait for");
        const RollbackVerdict rollback = judged.rollback.verdict;
        if (rollback == RollbackVerdict::fails || rollback == RollbackVerdict::differs) {
            raise(Risk::medium, "the rollback does not restore");
        }
        if (judged.applies.verdict == Verdict::unknown) {
            raise(Risk::unknown, "it holds what was not understood");
        }
    }

    static std::string shown_by(const std::string& file) {
        return file.empty() ? std::string() : fmt::format(" ({})", file);
    }

    void name_assumptions() {
        const proof::Judged& judged = deployment_.result.judged;
        const Settings& settings = deployment_.settings;
        made_.assumed.push_back(fmt::format("the server is PostgreSQL {}{}", settings.postgres,
                                            shown_by(settings.postgres_shown_by)));
        for (const EarlierScript& script : plan().beforehand.scripts) {
            if (script.kind == EarlierScript::Kind::tool) continue;
            const bool platform = script.kind == EarlierScript::Kind::platform;
            made_.assumed.push_back(
                fmt::format("what {} brings exists before the first migration{}", script.name,
                            platform ? shown_by(settings.platform_shown_by) : std::string()));
        }
        if (plan().base) {
            const auto applied = std::ranges::count(plan().migrations, true, &Migration::applied);
            made_.assumed.push_back(fmt::format(
                "production has run the {} that {} {}, and nothing else",
                counted(static_cast<std::size_t>(applied), "migration"), plan().base->name,
                plan().base->kind == Base::Kind::list ? "names" : "has"));
        } else {
            made_.assumed.emplace_back("no migration that is judged has run anywhere");
        }
        for (const MigrationJudgement& each : judged.judgements) {
            if (!each.assumed_applied) continue;
            made_.assumed.push_back(fmt::format("{} has run, although it does not replay ({})",
                                                plan().migrations.at(each.ordinal - 1).id,
                                                each.applies.message));
        }
        for (const std::string& object : judged.assumed)
            made_.assumed.push_back(fmt::format("{} exists before the first migration", object));
        made_.assumed.emplace_back("the role that runs the migrations may do all that they do");
    }

    void name_what_is_not_proved() {
        made_.not_proved = {
            "how long anything takes: the sizes of tables and the load are not known",
            "what rows hold: whether they fit what is asked of them is not known"};
        if (!deployment_.result.judged.judgements.empty() && made_.unknowns.empty()) return;
        made_.not_proved.emplace_back("whatever stands under unknown");
    }

    void name_commands() {
        const layout::Commands commands =
            layout::commands_of(plan().layout, deployment_.settings.wrapping);
        const std::optional<std::string>& own = deployment_.settings.command;
        made_.commands = own && !deployment_.selected.empty() ? std::vector{*own}
                                                              : lines_of(commands.run, false);
        const bool has_downs = std::ranges::any_of(deployment_.selected, [this](std::size_t index) {
            return plan().migrations.at(index).down.has_value();
        });
        if (has_downs) made_.undo_commands = lines_of(commands.undo, true);
    }

    /// One line for all, or one for each script, the last first on the way back.
    [[nodiscard]] std::vector<std::string> lines_of(std::string_view command, bool back) const {
        if (command.empty() || deployment_.selected.empty()) return {};
        const auto filled = [&](const std::string& file) {
            return fmt::format(fmt::runtime(command), fmt::arg("folder", plan().root),
                               fmt::arg("file", file),
                               fmt::arg("count", deployment_.selected.size()));
        };
        if (command.find("{file}") == std::string_view::npos) return {filled({})};
        std::vector<std::string> lines;
        for (const std::size_t index : deployment_.selected) {
            const Migration& migration = plan().migrations.at(index);
            if (back && !migration.down) continue;
            const Script& script = back ? *migration.down : migration.up;
            lines.push_back(filled(deployment_.sources.file(script.file).path()));
        }
        if (back) std::ranges::reverse(lines);
        return lines;
    }

    void recommend() {
        const auto add = [&](bool when, std::string text) {
            if (when) made_.recommendations.push_back(std::move(text));
        };
        add(!made_.blockers.empty(), "mend the blockers, or accept them with a reason");
        add(!made_.destroyed.empty(), "copy what is destroyed to where it can be read again");
        add(!made_.unknowns.empty(), "run what is unknown on a copy of production first");
        add(!made_.waits.empty(),
            "set lock_timeout, so that a migration that cannot get its lock gives up instead of "
            "holding up everybody behind it");
        const bool back = std::ranges::any_of(made_.criteria, [](const Criterion& each) {
            return each.name == way_back && each.fulfilment != Fulfilment::met;
        });
        add(back, "make sure that a backup can be restored: the way back is not proved");
    }

    const Deployment& deployment_;
    Assessment made_;
    std::set<ObjectReference> created_;
};

} // namespace

Assessment assess(const Deployment& deployment) {
    return Assessor(deployment).run();
}

} // namespace ordain::assess
