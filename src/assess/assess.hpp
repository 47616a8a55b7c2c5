#pragma once

#include "lint/lint.hpp"

#include <cstddef>
#include <ordain/assessment.hpp>
#include <ordain/config.hpp>
#include <ordain/plan.hpp>
#include <ordain/source.hpp>
#include <vector>

/// What verdicts and findings come to: the risk of each migration, the criteria of a deployment and
/// the decision. Nothing is judged here that the replay and the rules have not found; every
/// sentence comes from one of them.
namespace ordain::assess {

/// A plan with all that was found of the migrations that are to be deployed.
struct Deployment {
    const SourceSet& sources;
    const Settings& settings;
    const Plan& plan;
    const std::vector<std::size_t>& selected; ///< Indexes of plan.migrations, ascending.
    const lint::LintResult& result;
};

[[nodiscard]] Assessment assess(const Deployment& deployment);

} // namespace ordain::assess
