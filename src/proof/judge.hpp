#pragma once

#include "catalog/resolve.hpp"
#include "replay/observer.hpp"

#include <cstddef>
#include <memory>
#include <ordain/config.hpp>
#include <ordain/judgement.hpp>
#include <ordain/plan.hpp>
#include <ordain/source.hpp>
#include <string>
#include <vector>

namespace ordain::proof {

/// Everything that a plan's replay and proofs found out.
struct Judged {
    catalog::World world = catalog::World::closed;
    std::vector<Answer> beforehand;   ///< Of plan.beforehand.scripts: whether they replay.
    std::vector<std::string> assumed; ///< What was taken to exist, sorted, each once.
    std::vector<MigrationStatements> statements; ///< In the order of plan.migrations.
    std::vector<MigrationJudgement> judgements;  ///< Likewise.
    std::unique_ptr<Catalog> catalog;            ///< After the last migration.
};

/// Whether the plan is a complete history, or what it does not create is assumed to exist.
[[nodiscard]] catalog::World world_of(const Plan& plan, const Settings& settings);

/// Told after each migration, so that a terminal can show progress.
using Progress = void (*)(void* context, std::size_t done, std::size_t total);

/// Parses all scripts (in parallel), replays them in the plan's order and proves what is asked of
/// those `selected` (indexes of plan.migrations) on the way: of the others the judgement says only
/// whether they apply. `observer` (may be null) sees every Action of the selected ones' forward
/// replay once, and the end of every migration.
[[nodiscard]] Judged judge(const SourceSet& sources,
                           const Plan& plan,
                           const Settings& settings,
                           const std::vector<std::size_t>& selected,
                           replay::Observer* observer,
                           Progress progress = nullptr,
                           void* progress_context = nullptr);

} // namespace ordain::proof
