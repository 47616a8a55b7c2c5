#pragma once

#include <string_view>

namespace ordain::layout {

/// What to do with a statement that runs in no transaction block, as its tool wants it: "put the
/// statement alone in a migration whose ...".
[[nodiscard]] std::string_view way_out_of_transaction(std::string_view layout);

} // namespace ordain::layout
