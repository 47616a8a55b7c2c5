#pragma once

#include "report/check_report.hpp"

#include <ordain/assessment.hpp>
#include <vector>

namespace ordain::report {

/// All that a run of `report` knows when it is done.
struct AssessmentReport {
    const CheckReport& checked;
    std::vector<Assessment> assessments; ///< One for each of checked.plans.
};

} // namespace ordain::report
