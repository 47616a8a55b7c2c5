#pragma once

#include "report/assessment_report.hpp"

#include <string>

namespace ordain::report {

/// The risk assessment as JSON (schema "ordain.report/1", docs/report.md). Passwords are masked.
[[nodiscard]] std::string assessment_json(const AssessmentReport& report);

} // namespace ordain::report
