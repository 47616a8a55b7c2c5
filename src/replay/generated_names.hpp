#pragma once

#include <ordain/action.hpp>
#include <ordain/catalog.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::replay {

/// "name1_name2_label", the longer of the names cut until it fits 63 bytes (makeObjectName of
/// indexcmds.c). name2 and label may be empty.
[[nodiscard]] std::string
make_object_name(std::string_view name1, std::string_view name2, std::string_view label);

/// A name that no relation of the schema bears, nor, for a constraint's index, any constraint of
/// it: numbers are appended to the label (ChooseRelationName).
enum class NameUse { relation, constraint_index };
[[nodiscard]] std::string choose_relation_name(const Catalog& catalog,
                                               ObjectId schema,
                                               std::string_view name1,
                                               std::string_view name2,
                                               std::string_view label,
                                               NameUse use);

/// Likewise for a constraint (ChooseConstraintName): unique among the schema's constraints.
[[nodiscard]] std::string choose_constraint_name(const Catalog& catalog,
                                                 ObjectId schema,
                                                 std::string_view name1,
                                                 std::string_view name2,
                                                 std::string_view label);

/// Column names as an index is named after them: expressions by FigureIndexColname, repeated ones
/// numbered, joined by "_" and cut (ChooseIndexColumnNames, ChooseIndexNameAddition).
[[nodiscard]] std::string index_name_addition(const std::vector<IndexElement>& elements,
                                              const std::vector<Identifier>& including);
[[nodiscard]] std::string key_name_addition(const std::vector<Identifier>& columns);

} // namespace ordain::replay
