#pragma once

#include <ordain/judgement.hpp>

namespace ordain::assess {

/// What a second run does to the schema and to rows in one answer: yes where it changes neither.
[[nodiscard]] Answer second_run_of(const RerunAnswer& rerun);

} // namespace ordain::assess
