#include "report/assessment_json.hpp"

#include "report/json_writer.hpp"
#include "report/secrets.hpp"

#include <ordain/version.hpp>

namespace ordain::report {
namespace {

class JsonWriter {
public:
    JsonWriter(const CheckReport& report, const CheckedPlan& checked, const Assessment& assessed)
        : report_(report),
          checked_(checked),
          assessed_(assessed) {}

    [[nodiscard]] Json write() const {
        const bool nothing = checked_.scope == Scope::nothing_new;
        return {{"root", checked_.plan.root},
                {"layout", checked_.plan.layout},
                {"base", checked_.plan.base ? Json(checked_.plan.base->name) : Json()},
                {"decision", nothing ? Json() : Json(name_of(assessed_.decision))},
                {"criteria", criteria()},
                {"blockers", remarks(assessed_.blockers)},
                {"destroyed", remarks(assessed_.destroyed)},
                {"waits", waits()},
                {"undo", remarks(assessed_.undo)},
                {"unknown", remarks(assessed_.unknowns)},
                {"assumed", assessed_.assumed},
                {"not_proved", assessed_.not_proved},
                {"migrations", migrations()},
                {"warnings", remarks(assessed_.warnings)},
                {"commands", assessed_.commands},
                {"undo_commands", assessed_.undo_commands},
                {"recommendations", assessed_.recommendations}};
    }

private:
    [[nodiscard]] std::string id_of(std::uint32_t ordinal) const {
        return ordinal == 0 ? std::string() : checked_.plan.migrations.at(ordinal - 1).id;
    }

    [[nodiscard]] Json criteria() const {
        Json list = Json::array();
        for (const Criterion& each : assessed_.criteria) {
            list.push_back(Json{{"name", each.name},
                                {"fulfilment", name_of(each.fulfilment)},
                                {"evidence", text_or_null(each.evidence)}});
        }
        return list;
    }

    [[nodiscard]] Json remarks(const std::vector<Remark>& remarks) const {
        Json list = Json::array();
        for (const Remark& each : remarks) {
            list.push_back(Json{{"migration", text_or_null(id_of(each.migration))},
                                {"text", each.text},
                                {"place", place(each.where)},
                                {"notes", notes(each.notes)}});
        }
        return list;
    }

    [[nodiscard]] Json notes(const std::vector<FindingNote>& notes) const {
        Json list = Json::array();
        for (const FindingNote& each : notes)
            list.push_back(Json{{"text", each.message}, {"place", place(each.where)}});
        return list;
    }

    [[nodiscard]] Json place(const std::optional<Location>& where) const {
        return where ? place_json(report_.sources, *where) : Json();
    }

    [[nodiscard]] Json waits() const {
        Json list = Json::array();
        for (const Wait& each : assessed_.waits) {
            list.push_back(Json{{"migration", id_of(each.migration)},
                                {"relation", each.lock.relation},
                                {"mode", manual_name_of(each.lock.mode)},
                                {"waiting", blocks(each.lock.mode)},
                                {"from_statement", each.lock.statement},
                                {"until_statement", each.until}});
        }
        return list;
    }

    [[nodiscard]] Json migrations() const {
        Json list = Json::array();
        for (const MigrationAssessment& each : assessed_.migrations) {
            const MigrationJudgement& judged =
                checked_.result.judged.judgements.at(each.ordinal - 1);
            list.push_back(Json{{"id", id_of(each.ordinal)},
                                {"purpose", text_or_null(each.purpose)},
                                {"bytes", each.bytes},
                                {"statements", each.statements},
                                {"changes", each.changes_known ? Json(each.changes) : Json()},
                                {"guards", each.patterns},
                                {"applies", answer_json(report_.sources, judged.applies)},
                                {"rerun", name_of(each.second_run.verdict)},
                                {"rollback", name_of(judged.rollback.verdict)},
                                {"risk", name_of(each.risk)},
                                {"reasons", each.reasons}});
        }
        return list;
    }

    const CheckReport& report_;
    const CheckedPlan& checked_;
    const Assessment& assessed_;
};

} // namespace

std::string assessment_json(const AssessmentReport& report) {
    Json plans = Json::array();
    for (std::size_t index = 0; index < report.assessments.size(); ++index) {
        plans.push_back(
            JsonWriter(report.checked, report.checked.plans.at(index), report.assessments[index])
                .write());
    }
    return without_secrets(serialized({{"schema", "ordain.report/1"},
                                       {"ordain", version},
                                       {"postgres", report.checked.settings.postgres},
                                       {"plans", std::move(plans)}}));
}

} // namespace ordain::report
