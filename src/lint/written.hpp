#pragma once

#include <optional>
#include <ordain/catalog.hpp>
#include <ordain/rule.hpp>
#include <ordain/source.hpp>
#include <string>
#include <string_view>

namespace ordain::lint {

/// The Action that an origin speaks of; null where that does not stand in a script as it is but in
/// a body that the replay ran.
[[nodiscard]] const Action* action_of(const PlanContext& context, const Origin& origin);

/// How a column was written; null where that is not to be found.
[[nodiscard]] const ColumnDefinition* definition_of_column(const PlanContext& context,
                                                           const Object& column);

/// A column as it was written with another type in the place of its own; `name type` where that is
/// not to be found.
[[nodiscard]] std::string
column_with_type(const PlanContext& context, const Object& column, std::string_view type);

/// Likewise with another name; the name alone where that is not to be found.
[[nodiscard]] std::string
column_with_name(const PlanContext& context, const Object& column, std::string_view name);

/// A relation as a statement would name it: with its schema unless that is public.
[[nodiscard]] std::string name_in_sql(const Catalog& catalog, const Object& relation);

/// The quoted name of a relation, and what it was called at an earlier moment where a finding
/// stands: `"crates" (here "packages")`.
[[nodiscard]] std::string
name_at(const PlanContext& context, ObjectId relation, const Origin& moment);

/// Where the name of an object was chosen: the statement that gave it writes it there. Nothing
/// where the server generated it or took it over from another table.
[[nodiscard]] std::optional<Location> chosen_name_place(const PlanContext& context,
                                                        const Object& object);

/// Where the action of an origin names what it works on: as narrow as it is known.
[[nodiscard]] Location name_place(const PlanContext& context, const Origin& origin);
/// Where a column is written, or else name_place.
[[nodiscard]] Location column_place(const PlanContext& context, const Object& column);
/// Where a foreign key is written, or else name_place.
[[nodiscard]] Location foreign_key_place(const PlanContext& context, const Object& key);

} // namespace ordain::lint
