#pragma once

#include "parse/token_table.hpp"

namespace ordain::parse {

/// The token after the fields of an interval type (`DAY TO SECOND(3)`, or just `(3)`) that begin at
/// `at`; `at` itself when there are none.
[[nodiscard]] TokenTable::Index after_interval_fields(const TokenTable& tokens,
                                                      TokenTable::Index at);

} // namespace ordain::parse
