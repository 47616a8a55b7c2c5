#pragma once

#include "report/inspect_report.hpp"
#include "report/painter.hpp"

#include <string>

namespace ordain::report {

/// The report of `inspect` for people: a row for each migration with its verdicts and what it
/// needs, and below it the proof of every verdict that is not the good one.
[[nodiscard]] std::string inspect_text(const InspectReport& report, Color color);

} // namespace ordain::report
