#pragma once

#include <cstddef>
#include <ordain/plan.hpp>
#include <ordain/rule.hpp>
#include <ordain/source.hpp>
#include <string_view>
#include <vector>

/// What rules ask about a script as a file and not as SQL.
namespace ordain::lint {

/// The path of a script below the folder of its plan: `7_orders.sql`, `7_orders/up.sql`.
[[nodiscard]] std::string_view path_below_root(const PlanContext& context, FileId script);

/// Where a finding about a whole up script stands: its first statement, above which it can be
/// allowed. `index`: of plan.migrations.
[[nodiscard]] Location head_of(const PlanContext& context, std::size_t index);

/// The lines of the comments before the first statement of a script, without the marks of comments
/// and the blanks around; empty ones as well.
[[nodiscard]] std::vector<std::string_view> header_lines(const SourceFile& file,
                                                         const Script& script);

} // namespace ordain::lint
