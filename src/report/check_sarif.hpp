#pragma once

#include "report/check_report.hpp"

#include <string>

namespace ordain::report {

/// The report of `check` for code scanning: SARIF 2.1.0, docs/formats.md. One run, whose results
/// are the findings of all plans; a plan with nothing new has none.
[[nodiscard]] std::string check_sarif(const CheckReport& report);

} // namespace ordain::report
