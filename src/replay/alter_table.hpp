#pragma once

#include "replay/step.hpp"

#include <ordain/action.hpp>
#include <string_view>
#include <vector>

namespace ordain::replay {

/// The relation of an ALTER TABLE: it finds any kind and then says which it cannot alter. Null
/// after refusal.
const Object* altered(Step& step, const QualifiedName& name, LockMode mode);

/// Likewise for forms that only tables of one sort or another take.
const Object*
altered_table(Step& step, const QualifiedName& name, LockMode mode, std::string_view form);

/// Rows of its own or, of a partitioned table, in partitions, which more than the plan may make.
[[nodiscard]] bool stores_rows(const Object& relation);
/// The relation and its descendants, as far as they store rows.
[[nodiscard]] std::vector<ObjectId> stores_of(const Catalog& catalog, const Object& relation);

void lock_descendants(Step& step, const Object& relation, LockMode mode);

/// False after refusing: a table whose rows are stored in a column of another cannot change them
/// (find_composite_type_dependencies). Domains and composite types may stand between.
bool row_type_is_free(Step& step, const Object& relation);

/// False after refusing: the partition key holds its columns.
bool in_no_partition_key(
    Step& step, const Object& relation, const Object& column, std::string_view verb, Span span);

} // namespace ordain::replay
