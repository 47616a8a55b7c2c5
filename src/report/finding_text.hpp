#pragma once

#include "report/painter.hpp"

#include <ordain/finding.hpp>
#include <ordain/plan.hpp>
#include <ordain/source.hpp>
#include <string>
#include <string_view>

/// A finding as people read it.
namespace ordain::report {

/// Text of several lines, its later lines indented to stand below the first.
[[nodiscard]] std::string indented(std::string_view text, std::size_t columns);

/// "error[drop-column]: the message", a line.
[[nodiscard]] std::string heading_text(Severity severity,
                                       std::string_view rule,
                                       std::string_view message,
                                       const Painter& painter);

/// With the code: the heading, a code frame, what explains it, and what to write instead.
[[nodiscard]] std::string
finding_text(const SourceSet& sources, const Finding& finding, const Painter& painter);

/// For where the code is shown beside it: the message, what explains it with its places, and what
/// to write instead. Without a final line feed.
[[nodiscard]] std::string explained_message(const SourceSet& sources, const Finding& finding);

} // namespace ordain::report
