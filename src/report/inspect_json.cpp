#include "report/inspect_json.hpp"

#include "report/catalog_json.hpp"
#include "report/json_writer.hpp"

namespace ordain::report {
namespace {

std::uint32_t line_of(const SourceSet& sources, Location where) {
    if (where.span.empty()) return 0;
    return sources.file(where.file).position(where.span.begin).line;
}

Json rerun_json(const SourceSet& sources, const RerunAnswer& rerun) {
    Json json = answer_json(sources, rerun.answer);
    json["data"] = name_of(rerun.data);
    json["destroyed"] = objects_json(rerun.destroyed);
    json["created"] = objects_json(rerun.difference.created);
    json["dropped"] = objects_json(rerun.difference.dropped);
    json["changed"] = objects_json(rerun.difference.changed);
    return json;
}

Json rollback_json(const SourceSet& sources, const RollbackAnswer& rollback) {
    Json json = answer_json(sources, rollback.failure);
    json["verdict"] = name_of(rollback.verdict);
    json["left"] = objects_json(rollback.difference.created);
    json["lost"] = objects_json(rollback.difference.dropped);
    json["changed"] = objects_json(rollback.difference.changed);
    json["how"] = rollback.difference.how;
    json["order_changed"] = rollback.difference.order_changed;
    return json;
}

Json evidence_json(const SourceSet& sources, const Edge::Evidence& evidence) {
    return {{"object", object_json(evidence.object)},
            {"statement", number_or_null(evidence.statement)},
            {"line", number_or_null(line_of(sources, evidence.where))},
            {"kind", name_of(evidence.kind)},
            {"origin_statement", number_or_null(evidence.origin_statement)}};
}

Json edge_json(const InspectReport& report, const Edge& edge) {
    Json because = Json::array();
    for (const Edge::Evidence& evidence : edge.because) {
        because.push_back(evidence_json(report.sources, evidence));
    }
    return {{"id", report.plan.migrations.at(edge.on - 1).id},
            {"strength", edge.hard ? "hard" : "soft"},
            {"because", std::move(because)}};
}

Json locks_json(const InspectReport& report, const MigrationJudgement& judgement) {
    if (!judgement.locks) return nullptr;
    Json locks = Json::array();
    for (const LockReport& lock : *judgement.locks) {
        locks.push_back(Json{{"relation", lock.relation},
                             {"mode", name_of(lock.mode)},
                             {"statement", number_or_null(lock.statement)},
                             {"line", number_or_null(line_of(report.sources, lock.where))}});
    }
    return locks;
}

Json migration_json(const InspectReport& report, std::size_t index) {
    const Migration& migration = report.plan.migrations.at(index);
    const MigrationJudgement& judgement = report.judged.judgements.at(index);
    const std::optional<Difference>& effects = judgement.effects;
    Json depends_on = Json::array();
    for (const Edge& edge : judgement.depends_on)
        depends_on.push_back(edge_json(report, edge));
    return {{"id", migration.id},
            {"file", report.sources.file(migration.up.file).path()},
            {"ordinal", migration.ordinal},
            {"transaction", name_of(migration.up.wrapping)},
            {"applies", answer_json(report.sources, judgement.applies)},
            {"rerun", rerun_json(report.sources, judgement.rerun)},
            {"rollback", rollback_json(report.sources, judgement.rollback)},
            {"creates", effects ? objects_json(effects->created) : Json()},
            {"drops", effects ? objects_json(effects->dropped) : Json()},
            {"changes", effects ? objects_json(effects->changed) : Json()},
            {"destroyed", effects ? objects_json(judgement.destroyed) : Json()},
            {"depends_on", std::move(depends_on)},
            {"locks", locks_json(report, judgement)},
            {"rewrites", judgement.rewrites ? Json(*judgement.rewrites) : Json()}};
}

} // namespace

std::string inspect_json(const InspectReport& report) {
    const bool closed = report.judged.world == catalog::World::closed;
    Json migrations = Json::array();
    for (const std::size_t index : report.selected)
        migrations.push_back(migration_json(report, index));
    return serialized({{"schema", "ordain.inspect/1"},
                       {"layout", report.plan.layout},
                       {"world", closed ? "closed" : "open"},
                       {"assumed", report.judged.assumed},
                       {"migrations", std::move(migrations)},
                       {"catalog", catalog_json(*report.judged.catalog, report.judged.world)}});
}

} // namespace ordain::report
