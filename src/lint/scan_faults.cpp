#include "lint/scan_faults.hpp"

#include <algorithm>

namespace ordain::lint {

std::span<const text::ScanFault> faults_in(const std::vector<text::ScanFault>& faults,
                                           Span statement) {
    const auto place = [](const text::ScanFault& fault) { return fault.span.begin; };
    const auto begin = std::ranges::lower_bound(faults, statement.begin, {}, place);
    const auto end = std::ranges::lower_bound(faults, statement.end, {}, place);
    return {begin, end};
}

} // namespace ordain::lint
