#pragma once

#include "report/painter.hpp"

#include <ordain/finding.hpp>
#include <ordain/source.hpp>
#include <string>

namespace ordain::report {

/// Whether a place is a file as a whole: an empty span at 0.
[[nodiscard]] bool is_whole_file(Span span);

/// "path:line:column" of the location's beginning; the path alone for a whole file.
[[nodiscard]] std::string place_of(const SourceSet& sources, Location where);

/// The location's line with the span underlined, below an arrow that names the place:
///
///     --> migrations/0004_drop.sql:3:13
///      |
///    3 | ALTER TABLE accounts DROP COLUMN nickname;
///      |                                  ^^^^^^^^
///
/// A span over several lines shows the first and says where it ends. Ends with a line feed.
[[nodiscard]] std::string
code_frame(const SourceSet& sources, Location where, Severity severity, const Painter& painter);

} // namespace ordain::report
