#pragma once

#include <ordain/rule.hpp>
#include <string>

namespace ordain::rules {

/// The two steps in which a key gets its index without a lock that anybody feels: CREATE UNIQUE
/// INDEX CONCURRENTLY, then ADD CONSTRAINT ... USING INDEX. `table` is as the statement names it.
/// Where the key takes the place of another of its name, the index gets one of its own first.
[[nodiscard]] std::string index_first(const ActionContext& context,
                                      const QualifiedName& table,
                                      const ConstraintDefinition& key);

} // namespace ordain::rules
