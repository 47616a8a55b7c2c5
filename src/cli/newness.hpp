#pragma once

#include "cli/arguments.hpp"
#include "layout/layout.hpp"
#include "report/check_report.hpp"

#include <ordain/result.hpp>
#include <ordain/source.hpp>

namespace ordain::cli {

/// Leaves of a folder what the file of --applied does not name, else what its git repository's base
/// does not have. Scripts that were named are judged all the same; they too learn what has run.
/// Fails where what is new cannot be told. Of a folder with nothing new all is selected.
[[nodiscard]] Result<report::Scope>
leave_new(const Arguments& arguments, layout::Selection& selection, SourceSet& sources);

} // namespace ordain::cli
