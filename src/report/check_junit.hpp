#pragma once

#include "report/check_report.hpp"

#include <string>

namespace ordain::report {

/// The report of `check` as the XML of JUnit, which CI servers show: a test suite for each plan, a
/// test case for each migration judged. It fails by findings at or above the threshold, and is
/// skipped where whether the migration applies is not known. A plan with nothing new has no cases.
[[nodiscard]] std::string check_junit(const CheckReport& report);

} // namespace ordain::report
