#include "proof/judge.hpp"

#include "parse/parser.hpp"
#include "proof/data_effect.hpp"
#include "proof/destroyed.hpp"
#include "proof/difference.hpp"
#include "replay/script.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <map>
#include <thread>

namespace ordain::proof {
namespace {

using replay::Database;
using replay::ScriptInput;
using replay::ScriptRun;

unsigned workers(unsigned threads) {
    return threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
}

bool reads_down(const Migration& migration, const std::vector<bool>& selected) {
    return migration.down && selected[migration.ordinal - 1];
}

/// The scripts of a plan in the order in which they are judged; down scripts of the selected
/// migrations only.
std::vector<parse::ScriptRequest> scripts_of(const Plan& plan, const std::vector<bool>& selected) {
    std::vector<parse::ScriptRequest> requests;
    for (const Migration& migration : plan.migrations) {
        requests.push_back({.file = migration.up.file, .section = migration.up.section});
        if (!reads_down(migration, selected)) continue;
        requests.push_back({.file = migration.down->file, .section = migration.down->section});
    }
    return requests;
}

std::vector<bool> marked(std::size_t size, const std::vector<std::size_t>& indexes) {
    std::vector<bool> marks(size, false);
    for (const std::size_t index : indexes)
        marks.at(index) = true;
    return marks;
}

/// Collects the strongest lock on each relation, and where it was first taken.
class LockTable {
public:
    explicit LockTable(std::uint32_t migration) : migration_(migration) {}

    void add(const Database& database,
             const replay::StatementRun& run,
             FileId file,
             const std::map<ObjectId, std::string>& old_names) {
        for (std::size_t index = 0; index < run.outcomes.size(); ++index) {
            for (const LockTaken& taken : run.outcomes[index].locks) {
                add(database, taken, *run.statement, run.statement->actions[index], file,
                    old_names);
            }
        }
    }

    [[nodiscard]] std::vector<LockReport> reports() const {
        std::vector<LockReport> reports;
        for (const auto& [id, report] : strongest_)
            reports.push_back(report);
        std::ranges::sort(reports, {}, &LockReport::relation);
        return reports;
    }

private:
    void add(const Database& database,
             const LockTaken& taken,
             const Statement& statement,
             const Action& action,
             FileId file,
             const std::map<ObjectId, std::string>& old_names) {
        const Object* relation = database.catalog.last_version(taken.relation);
        const bool existed = relation != nullptr && relation->created.migration != migration_ &&
                             relation->kind != ObjectKind::index &&
                             relation->kind != ObjectKind::composite_type;
        if (!existed) return;
        LockReport& report = strongest_[taken.relation];
        if (taken.mode <= report.mode) return;
        const auto renamed = old_names.find(taken.relation);
        report.relation = renamed != old_names.end()
                              ? renamed->second
                              : catalog::qualified_name(database.catalog, taken.relation);
        report.mode = taken.mode;
        report.statement = statement.number;
        report.where = {.file = file, .span = action.span};
    }

    std::uint32_t migration_;
    std::map<ObjectId, LockReport> strongest_;
};

/// Names that relations had before the script, for those that it renamed, moved or dropped; of
/// those that were taken to exist when it named them, the name that it used.
std::map<ObjectId, std::string> names_at(Catalog& catalog, Catalog::Mark mark) {
    std::map<ObjectId, std::string> names;
    const std::vector<Catalog::Touched> touched = catalog.touched_since(mark);
    const Catalog::Delta delta = catalog.undo(mark);
    for (const Catalog::Touched& each : touched) {
        const bool assumed = each.before == nullptr && each.first->created.migration == 0;
        const Object* named = assumed ? each.first : each.before;
        if (named == nullptr || name_space_of(named->kind) != NameSpace::relation) continue;
        const Object* home = catalog.find(named->schema);
        if (home == nullptr) home = catalog.last_version(named->schema);
        names[each.object] = home == nullptr ? named->name : home->name + "." + named->name;
    }
    catalog.redo(delta);
    return names;
}

void add_evidence(std::map<std::uint32_t, Edge>& edges,
                  const Catalog& catalog,
                  const Dependence& dependence,
                  std::uint32_t statement,
                  FileId file) {
    const Object* object = catalog.last_version(dependence.object);
    if (object == nullptr) return;
    Edge& edge = edges[dependence.origin.migration];
    if (edge.because.empty()) edge.hard = false;
    edge.on = dependence.origin.migration;
    edge.hard = edge.hard || dependence.hard;
    edge.because.push_back({.object = reference_to(catalog, *object),
                            .statement = statement,
                            .where = {.file = file, .span = dependence.span},
                            .origin_statement = dependence.origin.statement,
                            .kind = dependence.kind});
}

std::vector<Edge> edges_of(const Catalog& catalog, const ScriptRun& run, FileId file) {
    std::map<std::uint32_t, Edge> edges;
    for (const replay::StatementRun& statement : run.statements) {
        for (const Outcome& outcome : statement.outcomes) {
            for (const Dependence& dependence : outcome.dependences) {
                add_evidence(edges, catalog, dependence, statement.statement->number, file);
            }
        }
    }
    std::vector<Edge> sorted;
    for (auto& [on, edge] : edges) {
        std::ranges::stable_sort(edge.because, {}, &Edge::Evidence::statement);
        sorted.push_back(std::move(edge));
    }
    return sorted;
}

/// Unset when one is not certain.
std::optional<std::vector<std::string>>
rewrites_of(const Catalog& catalog,
            const ScriptRun& run,
            std::uint32_t migration,
            const std::map<ObjectId, std::string>& old_names) {
    std::vector<std::string> names;
    for (const replay::StatementRun& statement : run.statements) {
        for (const Outcome& outcome : statement.outcomes) {
            for (const Work& work : outcome.work) {
                const Object* relation = catalog.find(work.relation);
                if (work.kind != Work::Kind::rewrite || relation == nullptr) continue;
                if (relation->created.migration == migration) continue;
                if (!work.certain) return std::nullopt;
                const auto renamed = old_names.find(work.relation);
                names.push_back(renamed != old_names.end()
                                    ? renamed->second
                                    : catalog::qualified_name(catalog, work.relation));
            }
        }
    }
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

std::string first_difference(const Difference& difference) {
    if (!difference.created.empty()) return "adds " + describe(difference.created.front());
    if (!difference.dropped.empty()) return "removes " + describe(difference.dropped.front());
    if (!difference.changed.empty()) return "changes " + describe(difference.changed.front());
    return difference.annotations.empty() ? std::string()
                                          : "changes the " + difference.annotations.front();
}

class Judge {
public:
    Judge(const SourceSet& sources,
          const Plan& plan,
          const Settings& settings,
          const std::vector<std::size_t>& selected)
        : sources_(sources),
          plan_(plan),
          selected_(marked(plan.migrations.size(), selected)),
          parser_(sources, scripts_of(plan, selected_), workers(settings.threads)),
          catalog_(std::make_unique<Catalog>()),
          database_{.catalog = *catalog_,
                    .world = world_of(plan, settings),
                    .postgres = settings.postgres,
                    .assumed = {},
                    .pending_drops = {},
                    .cleared = {}} {
        result_.world = database_.world;
        build_on(plan.beforehand);
    }

    Judged run(replay::Observer* observer, Progress progress, void* context) {
        for (std::size_t index = 0; index < plan_.migrations.size(); ++index) {
            const Migration& migration = plan_.migrations[index];
            MigrationStatements statements{.up = parser_.next().statements, .down = {}};
            if (reads_down(migration, selected_)) statements.down = parser_.next().statements;
            judge(migration, statements, observer);
            result_.statements.push_back(std::move(statements));
            if (progress != nullptr) progress(context, index + 1, plan_.migrations.size());
        }
        result_.assumed = {database_.assumed.begin(), database_.assumed.end()};
        result_.catalog = std::move(catalog_);
        return std::move(result_);
    }

private:
    /// What these scripts make is of migration 0. They have run: what does not replay is taken as
    /// done.
    void build_on(const Beforehand& beforehand) {
        if (!beforehand.search_path.empty()) database_.search_path = beforehand.search_path;
        for (const EarlierScript& earlier : beforehand.scripts) {
            const std::vector<Statement> statements =
                parse::parse_script(sources_.file(earlier.script.file), earlier.script.section)
                    .statements;
            Migration none;
            none.id = earlier.name;
            const Catalog::Mark before = catalog_->mark();
            const ScriptRun run = run_script(database_,
                                             {.migration = none,
                                              .script = earlier.script,
                                              .statements = statements,
                                              .source = sources_.file(earlier.script.file),
                                              .sent_whole = false,
                                              .applied = true},
                                             nullptr);
            result_.beforehand.push_back(run.answer);
            settle(before, earlier.open);
        }
    }

    /// On the fresh state a platform and a schema dump bring no rows; what is only assumed to exist
    /// may hold some.
    void settle(Catalog::Mark since, bool open) {
        for (const Catalog::Touched& touched : catalog_->touched_since(since)) {
            const Object* object = catalog_->find(touched.object);
            if (object == nullptr) continue;
            Object settled = *object;
            auto* details = std::get_if<RelationDetails>(&settled.details);
            if (details == nullptr && settled.kind != ObjectKind::schema) continue;
            settled.open = settled.open || open;
            if (details != nullptr && open && catalog_->columns(object->id).empty()) {
                details->invented = true;
                details->rows = RelationDetails::Rows::unknown;
            }
            catalog_->put(std::move(settled));
        }
    }

    void judge(const Migration& migration,
               const MigrationStatements& statements,
               replay::Observer* observer) {
        MigrationJudgement judgement;
        judgement.ordinal = migration.ordinal;
        const Catalog::Mark before = catalog_->mark();
        const ScriptInput up{.migration = migration,
                             .script = migration.up,
                             .statements = statements.up,
                             .source = sources_.file(migration.up.file),
                             .sent_whole = plan_.sent_whole,
                             .applied = migration.applied};
        const bool selected = selected_[migration.ordinal - 1];
        const ScriptRun run = run_script(database_, up, selected ? observer : nullptr);
        judgement.applies = run.answer;
        if (observer != nullptr) tell_end(*observer, migration, run.answer.verdict);
        judgement.assumed_applied = migration.applied && run.answer.verdict == Verdict::no;
        if (selected) prove(up, run, statements, before, judgement);
        result_.judgements.push_back(std::move(judgement));
    }

    void prove(const ScriptInput& up,
               const ScriptRun& run,
               const MigrationStatements& statements,
               Catalog::Mark before,
               MigrationJudgement& judgement) {
        const Migration& migration = up.migration;
        judgement.depends_on = edges_of(*catalog_, run, migration.up.file);
        Difference effects = difference_since(*catalog_, before);
        if (effects.doubts.empty() && run.answer.verdict != Verdict::unknown)
            judgement.effects = effects;
        judgement.destroyed = destroyed_since(*catalog_, before);
        describe_costs(migration, run, before, judgement);
        prove_rerun(up, judgement);
        prove_rollback(migration, statements, before, judgement);
    }

    void tell_end(replay::Observer& observer, const Migration& migration, Verdict verdict) {
        if (verdict == Verdict::no) return observer.failed(migration, *catalog_);
        observer.finished(migration, *catalog_);
    }

    void describe_costs(const Migration& migration,
                        const ScriptRun& run,
                        Catalog::Mark before,
                        MigrationJudgement& judgement) {
        if (run.answer.verdict == Verdict::unknown) return;
        const std::map<ObjectId, std::string> old_names = names_at(*catalog_, before);
        LockTable locks(migration.ordinal);
        for (const replay::StatementRun& statement : run.statements) {
            locks.add(database_, statement, migration.up.file, old_names);
        }
        judgement.locks = locks.reports();
        judgement.rewrites = rewrites_of(*catalog_, run, migration.ordinal, old_names);
    }

    void prove_rerun(const ScriptInput& up, MigrationJudgement& judgement) {
        RerunAnswer& rerun = judgement.rerun;
        rerun.data = effect_of_repeating(up.statements);
        if (judgement.applies.verdict == Verdict::no) {
            rerun.answer = {.verdict = Verdict::unknown,
                            .sqlstate = {},
                            .message = "the first run does not succeed",
                            .statement = 0,
                            .where = {}};
            return;
        }
        const Catalog::Mark mark = catalog_->mark();
        const ScriptRun run = run_script(database_, up, nullptr);
        rerun.answer = run.answer;
        if (run.answer.verdict != Verdict::no) {
            rerun.difference = difference_since(*catalog_, mark);
            rerun.destroyed = destroyed_since(*catalog_, mark);
            if (!rerun.destroyed.empty()) rerun.data = DataEffect::destroys;
            judge_difference(rerun);
        }
        catalog_->undo(mark);
        const bool first_uncertain =
            judgement.applies.verdict == Verdict::unknown && rerun.answer.verdict == Verdict::yes;
        if (!first_uncertain) return;
        rerun.answer = judgement.applies;
        rerun.answer.verdict = Verdict::unknown;
    }

    static void judge_difference(RerunAnswer& rerun) {
        if (rerun.answer.verdict == Verdict::unknown) return;
        if (!rerun.difference.doubts.empty()) {
            rerun.answer.verdict = Verdict::unknown;
            rerun.answer.message = rerun.difference.doubts.front();
            return;
        }
        if (rerun.difference.empty()) return;
        rerun.answer.verdict = Verdict::no;
        rerun.answer.message = "a second run " + first_difference(rerun.difference);
    }

    void prove_rollback(const Migration& migration,
                        const MigrationStatements& statements,
                        Catalog::Mark before,
                        MigrationJudgement& judgement) {
        RollbackAnswer& rollback = judgement.rollback;
        if (!migration.down || blank(*migration.down)) return;
        if (judgement.applies.verdict == Verdict::no) {
            rollback.verdict = RollbackVerdict::unknown;
            rollback.failure.message = "the migration does not apply";
            return;
        }
        const ScriptInput down{.migration = migration,
                               .script = *migration.down,
                               .statements = statements.down,
                               .source = sources_.file(migration.down->file),
                               .sent_whole = plan_.sent_whole,
                               .applied = false};
        const Catalog::Mark mark = catalog_->mark();
        const ScriptRun run = run_script(database_, down, nullptr);
        rollback.failure = run.answer;
        switch (run.answer.verdict) {
        case Verdict::no: rollback.verdict = RollbackVerdict::fails; break;
        case Verdict::unknown: rollback.verdict = RollbackVerdict::unknown; break;
        case Verdict::yes: judge_restored(before, judgement); break;
        }
        catalog_->undo(mark);
    }

    /// A script of comments runs and does nothing; one without a byte is none.
    [[nodiscard]] bool blank(const Script& script) const {
        const std::string_view text = sources_.file(script.file).text(script.section);
        return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
    }

    void judge_restored(Catalog::Mark before, MigrationJudgement& judgement) {
        RollbackAnswer& rollback = judgement.rollback;
        rollback.difference = difference_since(*catalog_, before);
        if (judgement.applies.verdict == Verdict::unknown) {
            rollback.verdict = RollbackVerdict::unknown;
            rollback.failure = judgement.applies;
        } else if (!rollback.difference.doubts.empty()) {
            rollback.verdict = RollbackVerdict::unknown;
            rollback.failure.message = rollback.difference.doubts.front();
        } else {
            rollback.verdict =
                rollback.difference.empty() ? RollbackVerdict::restores : RollbackVerdict::differs;
        }
    }

    const SourceSet& sources_;
    const Plan& plan_;
    std::vector<bool> selected_;
    parse::ParallelParser parser_;
    Judged result_;
    std::unique_ptr<Catalog> catalog_;
    Database database_;
};

} // namespace

catalog::World world_of(const Plan& plan, const Settings& settings) {
    if (settings.complete_history) {
        return *settings.complete_history ? catalog::World::closed : catalog::World::open;
    }
    // A dump says all that was there; a single file without a history says nothing of it.
    if (settings.starts_from) return catalog::World::closed;
    return plan.layout == "file" ? catalog::World::open : catalog::World::closed;
}

Judged judge(const SourceSet& sources,
             const Plan& plan,
             const Settings& settings,
             const std::vector<std::size_t>& selected,
             replay::Observer* observer,
             Progress progress,
             void* progress_context) {
    return Judge(sources, plan, settings, selected).run(observer, progress, progress_context);
}

} // namespace ordain::proof
