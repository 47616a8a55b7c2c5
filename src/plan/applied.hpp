#pragma once

#include <ordain/plan.hpp>
#include <set>
#include <string>
#include <vector>

/// What follows for a plan once Migration::applied is set.
namespace ordain::plan {

/// Every migration that has not run and stands before one that has.
[[nodiscard]] std::vector<Rewrite> inserted_before_applied(const Plan& plan);

/// Takes away what the plan's notes say of these paths, which was judged when they were new. What
/// stops the runner is told all the same.
void leave_out_notes(Plan& plan, const std::set<std::string>& paths);

} // namespace ordain::plan
