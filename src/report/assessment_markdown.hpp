#pragma once

#include "report/assessment_report.hpp"

#include <string>

namespace ordain::report {

/// The risk assessment as Markdown: the decision and what speaks for it first, then each migration.
/// Passwords are masked. Without dates: the same input gives the same bytes.
[[nodiscard]] std::string assessment_markdown(const AssessmentReport& report);

} // namespace ordain::report
