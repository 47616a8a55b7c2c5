#pragma once

#include <ordain/rule.hpp>
#include <vector>

/// What rules ask about ADD COLUMN.
namespace ordain::rules {

/// A clause of the column's definition; null when it has none of the kind.
[[nodiscard]] const ConstraintDefinition* clause_of(const ColumnDefinition& column,
                                                    ConstraintDefinition::Kind kind);

/// The column as the action made it; null where it did not.
[[nodiscard]] const Object* made_column(const ActionContext& context, const AddColumn& add);

/// The domain that a type is, and those that it is over, outermost first.
[[nodiscard]] std::vector<const Object*> domains_of(const Catalog& catalog, TypeRef type);

} // namespace ordain::rules
