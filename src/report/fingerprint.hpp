#pragma once

#include "report/check_report.hpp"

#include <cstdint>
#include <map>
#include <ordain/finding.hpp>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <tuple>

namespace ordain::report {

/// By what a finding is the same in another run, however the lines above it have changed: its rule,
/// the words of its statement, and how many of the file's findings with both come before it.
class Fingerprints {
public:
    Fingerprints(const SourceSet& sources, const CheckedPlan& checked)
        : sources_(sources),
          checked_(checked) {}

    /// "0f1e2d3c4b5a6978:1"; to be asked once for each finding, in the order of the report. The
    /// file's name is no part of it.
    [[nodiscard]] std::string next(const Finding& finding);

private:
    /// The text of the statement that a finding is about, else what the finding marks.
    [[nodiscard]] std::string_view subject_of(const Finding& finding) const;

    const SourceSet& sources_;
    const CheckedPlan& checked_;
    std::map<std::tuple<FileId, std::string_view, std::string>, std::uint32_t> seen_;
};

} // namespace ordain::report
