#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ordain/finding.hpp>
#include <ordain/judgement.hpp>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain {

/// What a team is told to do with a deployment.
enum class Decision : std::uint8_t {
    go,
    no_go,     ///< A criterion is not met.
    undecided, ///< None is known not to be met, and one that counts is not known.
};
/// "GO", "NO-GO", "UNDECIDED".
[[nodiscard]] std::string_view name_of(Decision decision);

/// How much one migration can hurt. unknown: it holds what was not understood.
enum class Risk : std::uint8_t { low, medium, high, unknown };
[[nodiscard]] std::string_view name_of(Risk risk);

/// Whether a criterion holds. manual: only people can know; never answered here.
enum class Fulfilment : std::uint8_t { met, not_met, unknown, manual };
/// "met", "not met", "unknown", "a person's to answer".
[[nodiscard]] std::string_view name_of(Fulfilment fulfilment);

/// Something that speaks for or against the deployment.
struct Criterion {
    std::string name; ///< A sentence that is to hold.
    Fulfilment fulfilment = Fulfilment::unknown;
    std::string evidence; ///< What it was judged by.
};

/// A sentence about a place in a migration.
struct Remark {
    std::uint32_t migration = 0; ///< Ordinal; 0 when it belongs to none.
    std::string text;
    std::optional<Location> where;
    std::vector<FindingNote> notes = {}; ///< What explains it.
};

/// A lock on a relation that production has, which makes others wait.
struct Wait {
    std::uint32_t migration = 0;
    LockReport lock;
    std::uint32_t until = 0; ///< The statement at whose end it is released.
};

/// One migration of the deployment.
struct MigrationAssessment {
    std::uint32_t ordinal = 0;
    std::string purpose;               ///< What the comment at its top says; may be empty.
    std::size_t bytes = 0;             ///< Of the up script.
    std::size_t statements = 0;        ///< Likewise.
    std::vector<std::string> changes;  ///< "creates 2 tables: a, b"; empty when it changes nothing.
    bool changes_known = true;         ///< False: `changes` would be a guess and is empty.
    std::vector<std::string> patterns; ///< "IF NOT EXISTS 3 times".
    Answer second_run;                 ///< Yes: it changes neither the schema nor rows.
    Risk risk = Risk::low;
    std::vector<std::string> reasons; ///< Why the risk is not low.
};

/// All that a report says, as data.
struct Assessment {
    Decision decision = Decision::undecided;
    std::vector<Criterion> criteria;
    std::vector<Remark> blockers;  ///< Errors.
    std::vector<Remark> warnings;  ///< Warnings and notes.
    std::vector<Remark> destroyed; ///< What production has and will not have.
    std::vector<Wait> waits;       ///< By migration, then relation.
    std::vector<Remark> undo;      ///< What the rollback of each restores.
    std::vector<Remark> unknowns;
    std::vector<std::string> assumed;
    std::vector<std::string> not_proved;
    std::vector<MigrationAssessment> migrations; ///< Those judged, in the plan's order.
    std::vector<std::string> commands;           ///< That run the deployment; a line each.
    std::vector<std::string> undo_commands;      ///< That take it back; empty: the layout has none.
    std::vector<std::string> recommendations;
};

} // namespace ordain
