#pragma once

#include "replay/step.hpp"

namespace ordain::replay {

/// Why a part of one table is made on another as well.
enum class Clone {
    copy,      ///< LIKE ... INCLUDING: it stands by itself.
    inherited, ///< Of a parent: it goes with the parent's and not alone.
};

/// A bound text over the columns of another table that have the same names.
[[nodiscard]] BoundText
over_columns_of(const Catalog& catalog, const BoundText& text, ObjectId from, ObjectId to);

/// Makes what an index is on another table of the same column names, with a name of its own, and
/// the constraint that it carries (generateClonedIndexStmt).
void clone_index(Step& step, const Object& index, ObjectId table, Clone clone);

/// All indexes of a table, oldest first.
void clone_indexes(Step& step, ObjectId source, ObjectId table, Clone clone);

/// The CHECKs of a table, but for those that NO INHERIT keeps to it when `clone` is inherited.
void clone_checks(Step& step, ObjectId source, ObjectId table, Clone clone);
void clone_check(Step& step, const Object& check, ObjectId table, Clone clone);

/// After an index, foreign key, row trigger or CHECK was made on a table: its partitions, and for a
/// CHECK all that inherit, get theirs.
void clone_to_inheritors(Step& step, ObjectId part);

/// What a partition gets of its parent besides columns and checks.
void clone_for_partition(Step& step, ObjectId parent, ObjectId partition);

} // namespace ordain::replay
