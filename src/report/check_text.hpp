#pragma once

#include "report/check_report.hpp"
#include "report/painter.hpp"

#include <string>

namespace ordain::report {

/// The report of `check` for people: a code frame for each finding, then what is unknown or was
/// assumed, then a line that counts.
[[nodiscard]] std::string check_text(const CheckReport& report, Color color);

} // namespace ordain::report
