#pragma once

#include "text/scanner.hpp"

#include <ordain/source.hpp>
#include <span>
#include <vector>

namespace ordain::lint {

/// The faults of a scan that lie in a statement, in the order of the script.
[[nodiscard]] std::span<const text::ScanFault> faults_in(const std::vector<text::ScanFault>& faults,
                                                         Span statement);

} // namespace ordain::lint
