#pragma once

#include "report/check_report.hpp"

#include <string>

namespace ordain::report {

/// The report of `check` for programs: schema "ordain.check/1", docs/check-json.md.
[[nodiscard]] std::string check_json(const CheckReport& report);

} // namespace ordain::report
