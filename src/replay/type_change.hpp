#pragma once

#include "replay/step.hpp"

#include <ordain/action.hpp>
#include <ordain/catalog.hpp>

namespace ordain::replay {

/// How the stored values follow a column's new type (ATColumnChangeRequiresRewrite). unknown: the
/// bits may be kept or not.
enum class TypeChange { none, rewrite, unknown };
[[nodiscard]] TypeChange
type_change(Step& step, const Object& column, const AlterColumnType& alter, TypeRef to);

/// Notes the work that a new type makes where the table is not rewritten: indexes that are built
/// anew and constraints that are tried again. The column still has its old type.
void note_rebuilds(Step& step, const Object& column, const AlterColumnType& alter, TypeRef to);

/// Notes that the tables of foreign keys to or from a rewritten column are read to check the keys.
void note_key_checks(Step& step, const Object& relation, const Object& column);

} // namespace ordain::replay
