#pragma once

#include "report/check_report.hpp"

#include <string>

namespace ordain::report {

/// The report of `check` as workflow commands of GitHub Actions, a line for each finding, which
/// show it beside the code of a pull request. A plan with nothing new has none.
[[nodiscard]] std::string check_github(const CheckReport& report);

} // namespace ordain::report
