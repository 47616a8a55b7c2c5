#pragma once

#include "report/inspect_report.hpp"

#include <string>

namespace ordain::report {

/// The report of `inspect` for programs: schema "ordain.inspect/1", docs/inspect-json.md.
[[nodiscard]] std::string inspect_json(const InspectReport& report);

} // namespace ordain::report
