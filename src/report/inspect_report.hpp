#pragma once

#include "proof/judge.hpp"

#include <cstddef>
#include <ordain/config.hpp>
#include <ordain/plan.hpp>
#include <ordain/source.hpp>
#include <vector>

namespace ordain::report {

/// All that a run of `inspect` knows when it is done.
struct InspectReport {
    const SourceSet& sources;
    const Settings& settings;
    const Plan& plan;
    /// Indexes of plan.migrations to show, ascending.
    const std::vector<std::size_t>& selected;
    const proof::Judged& judged;
};

} // namespace ordain::report
