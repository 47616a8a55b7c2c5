#pragma once

#include "replay/value.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::replay {

/// A row that a query returns.
struct Row {
    std::vector<Value> values;
    std::string maybe; ///< Why it may not be there; empty when it certainly is.
};

/// What a query returns, as far as it is certain. A row of unknown values that is only maybe there
/// stands for any number of rows that nothing is known of.
struct RowSet {
    std::vector<std::string> columns;
    std::vector<Row> rows;
    std::string maybe_more; ///< Why there may be others than these; empty when there are not.
};

} // namespace ordain::replay
