#pragma once

#include "replay/step.hpp"

#include <optional>
#include <ordain/action.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::replay {

/// What rows may already be there when a definition is added to a relation.
enum class Relation {
    fresh,
    existing,
    null_column, ///< As existing; the definition's column is new and DEFAULT NULL.
    bare_column, ///< As existing; the definition's column is new and has no DEFAULT clause, so that
                 ///< a foreign key is not tried on the rows (transformFKConstraints).
};

/// Refuses when a relation of that name exists (42P07) or a type (42710). With IF NOT EXISTS the
/// first makes the step skip. True when the name is free.
bool name_is_free(Step& step, ObjectId schema, const QualifiedName& name);

/// 42710 when a type or row type of that name exists.
bool type_name_is_free(Step& step, ObjectId schema, const Identifier& name);

/// A role that a statement names: refused only when the plan dropped it; else made or assumed.
void use_role(Step& step, const Identifier& role);

/// "integer, text": the argument types of a function.
[[nodiscard]] std::string argument_text(const Step& step, const Object& function);

/// A CHECK of a domain, over VALUE.
void add_domain_check(Step& step, ObjectId domain, const ConstraintDefinition& definition);

/// 42809 when a relation is not of the kind that an ALTER is written for. ALTER TABLE takes all but
/// composite types, ALTER INDEX ... RENAME takes all (RangeVarCallbackForAlterRelation).
enum class KindUse { alter, rename };
bool is_of_kind(Step& step, const Object& relation, ObjectKind written, KindUse use, Span span);

/// "schema.name" or "name", as a definition keeps it.
[[nodiscard]] QualifiedName split_name(const std::string& text);

[[nodiscard]] bool has_primary_key(const Catalog& catalog, ObjectId relation);

/// A user's column: system columns are found, but are no objects. Null after refusal.
const Object* altered_column(Step& step,
                             const Object& relation,
                             const Identifier& name,
                             std::string_view verb = "alter");

/// 42804 when a column that is there already cannot be merged with that of a parent.
bool merges(Step& step, const Object& own, const Object& inherited, std::string_view what);

/// The partition key of a table whose columns are there (ComputePartitionAttrs).
void bind_partition_key(Step& step, ObjectId relation, const CreateTable& create);

/// 0A000 when a unique index of a partitioned table lacks a column of the key (DefineIndex).
bool covers_partition_key(Step& step, const Object& relation, const Object& index);

/// Whether the bound of a partition is one for its parent and overlaps no other
/// (transformPartitionBound, check_new_partition_bound).
bool bound_fits(Step& step,
                const Object& parent,
                const std::string& partition,
                const std::string& text);

/// A Boolean as the server reads it: "on", "of", "1", "yes", "T" ... (parse_bool).
[[nodiscard]] std::optional<bool> parse_boolean(std::string_view value);

/// 22023 for a storage parameter that the relation has not, or whose value is none for it
/// (reloptions.c). `method` is an index's.
bool storage_parameters_fit(Step& step,
                            const std::vector<Option>& options,
                            ObjectKind kind,
                            std::string_view method = {});

/// Whether SET takes the value: 22023 or 55P02, 42704 for a name that is not known (guc.c).
bool setting_fits(Step& step, const Identifier& name, const std::vector<Identifier>& values);

/// Adds a column with its type, default, identity and sequence, but none of its other constraints.
/// no_object after refusal.
ObjectId
add_column(Step& step, ObjectId relation, const ColumnDefinition& definition, Relation state);

/// Binds GENERATED ALWAYS AS, once all columns of the table are there.
void add_generated(Step& step, ObjectId relation, const ColumnDefinition& definition);

/// Adds the keys, checks and references among ColumnDefinition::constraints.
void add_column_constraints(Step& step,
                            ObjectId relation,
                            const ColumnDefinition& definition,
                            Relation state);

/// Adds a table constraint with its index; checks it against rows where there may be some.
void add_constraint(Step& step,
                    ObjectId relation,
                    const ConstraintDefinition& definition,
                    Relation state);

/// Makes an index; `constraint` is the kind it serves, if any. no_object after refusal.
struct IndexRequest {
    std::string name; ///< Empty: generated.
    Span name_span;
    bool unique = false;
    bool primary = false;
    bool nulls_not_distinct = false;
    std::string method = "btree";
    const std::vector<IndexElement>* elements = nullptr;
    const std::vector<Identifier>* including = nullptr;
    const std::optional<Expression>* where = nullptr;
    std::vector<std::string> options;
    std::vector<Option> parameters = {}; ///< The options as written, to be looked at.
    std::string_view label = "idx";      ///< Of a generated name.
    bool name_has_columns = true;        ///< A primary key's generated name has none.
    bool for_constraint = false;
    bool exclusion = false;
};
ObjectId make_index(Step& step, ObjectId relation, const IndexRequest& request);

/// 42704 when an index of that access method cannot hold the type, for want of an operator class;
/// 42804 when the named one, or the named collation, is not for it.
bool has_operator_class(Step& step,
                        std::string_view method,
                        const IndexDetails::Element& element,
                        TypeRef type,
                        Span span = {});

/// Whether the operator class that the element names is the one that it would have without.
[[nodiscard]] bool is_default_class(Step& step,
                                    std::string_view method,
                                    const IndexDetails::Element& element,
                                    TypeRef type);

/// Whether an index of that access method keeps both types by the same operator class when it
/// names none. True for types that are not known.
[[nodiscard]] bool
have_one_default_class(Step& step, std::string_view method, TypeRef left, TypeRef right);

/// 42704 when there is no such collation, 42804 when the type takes none.
bool takes_collation(Step& step, const QualifiedName& collation, TypeRef type);

/// 42804 when the columns of a foreign key cannot be compared.
bool key_types_match(Step& step, const Object& constraint, Span span);

/// An expression that is nothing but a column, with or without COLLATE, is that column, and its own
/// collation goes without saying (ComputeIndexAttrs, pg_get_indexdef).
void settle_element(const Catalog& catalog, IndexDetails::Element& element);

/// Makes a sequence; owned_by is a column or no_object.
ObjectId make_sequence(Step& step,
                       ObjectId schema,
                       std::string name,
                       ObjectId owned_by,
                       DependencyType ownership,
                       std::vector<std::string> options,
                       Span name_span = {});

/// 42701 for names that every table's rows have already.
bool is_no_system_column(Step& step, const Identifier& name);

/// The types of a sequence.
[[nodiscard]] bool counts(TypeRef type);
/// 22023 for an identity column that is no whole number.
bool identity_fits(Step& step, TypeRef type, Span span);

/// What init_params of sequence.c asks of a sequence's options, the earlier ones included; `type`
/// is its own where no option says it.
bool sequence_options_fit(Step& step,
                          const std::vector<Option>& options,
                          const std::vector<std::string>& earlier,
                          TypeRef type);

/// The sequence behind an identity column.
void make_identity_sequence(Step& step,
                            const Object& relation,
                            const Object& column,
                            const std::vector<Option>& options);

/// Adds a dependency once.
void add_dependency(Object& object, ObjectId on, DependencyType type);
/// On a type; on the extension that brings it where one does.
void add_type_dependency(Step& step, Object& object, TypeRef type);
void add_dependencies(Object& object, const std::vector<ObjectId>& on, DependencyType type);

/// What is known of the rows that a query returns.
[[nodiscard]] RelationDetails::Rows rows_of(Step& step, const analyze::BoundQuery& bound);

/// Doubts a query whose evaluation may fail, unless it certainly sees no rows.
void doubt_evaluation(Step& step, const analyze::BoundQuery& bound);

/// "key=value" lines, sorted.
[[nodiscard]] std::vector<std::string> option_lines(const std::vector<Option>& options);

/// The type of a column, or not known.
[[nodiscard]] TypeRef column_type(const Catalog& catalog, ObjectId column);

/// Whether the rows of an existing relation must be rewritten because a new column's value differs
/// from row to row (manual, ALTER TABLE, Notes).
[[nodiscard]] bool is_volatile(const analyze::Bound& bound);

} // namespace ordain::replay
