#pragma once

#include <ordain/expression.hpp>
#include <ordain/rule.hpp>
#include <string>
#include <string_view>
#include <vector>

/// Pieces of which rules make Finding::instead, in the reader's own names.
namespace ordain::rules {

/// Names as SQL, quoted where they must be.
[[nodiscard]] std::string as_sql(const Identifier& name);
[[nodiscard]] std::string as_sql(const QualifiedName& name);
[[nodiscard]] std::string as_sql(const std::vector<Identifier>& names);

/// What a script says at a span; `otherwise` where that is long or not there.
[[nodiscard]] std::string
as_written(const ActionContext& context, Span span, std::string_view otherwise);

/// The name of the constraint that the action makes, given or generated.
[[nodiscard]] std::string constraint_name(const ActionContext& context,
                                          const ConstraintDefinition& definition);

/// What stands between two statements that must not share a transaction.
inline constexpr std::string_view later_transaction = "-- then, in a later transaction:\n";

/// The line that says how the tool runs a statement with CONCURRENTLY, which no transaction block
/// takes (25001); empty where the action runs in none.
[[nodiscard]] std::string outside_of_transaction(const ActionContext& context);

} // namespace ordain::rules
