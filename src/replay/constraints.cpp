#include "analyze/types.hpp"
#include "catalog/builtin.hpp"
#include "catalog/inheritance.hpp"
#include "catalog/rows.hpp"
#include "replay/actions.hpp"
#include "replay/alter_table.hpp"
#include "replay/clones.hpp"
#include "replay/generated_names.hpp"
#include "replay/not_null.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

using Kind = ConstraintDefinition::Kind;

bool constraint_name_is_free(Step& step, const Object& relation, const Identifier& name) {
    if (name.empty()) return true;
    const catalog::Lookup lookup =
        step.resolver().part(NameSpace::constraint, relation.id, name.text);
    if (lookup.absent() || lookup.assumed) return true;
    if (lookup.state == catalog::Lookup::State::maybe) {
        step.doubt(lookup.reason);
        if (lookup.object == nullptr) return true;
    }
    return step.refuse("42710",
                       fmt::format(R"(constraint "{}" for relation "{}" already exists)", name.text,
                                   relation.name),
                       name.span);
}

Object make_constraint(Step& step,
                       const Object& relation,
                       const ConstraintDefinition& definition,
                       std::string name) {
    Object constraint =
        step.make(ObjectKind::constraint, relation.schema, relation.id, std::move(name));
    ConstraintDetails details;
    details.kind = definition.kind;
    details.deferrable = definition.deferrable;
    details.initially_deferred = definition.initially_deferred;
    details.validated = !definition.not_valid;
    details.no_inherit = definition.no_inherit;
    constraint.details = std::move(details);
    return constraint;
}

// ---- CHECK

/// One column in the expression names the constraint after it (AddRelationNewConstraints).
std::string
check_name_addition(const Catalog& catalog, const analyze::Bound& bound, ObjectId relation) {
    std::string name;
    for (const ObjectId id : bound.depends) {
        const Object* object = catalog.find(id);
        if (object == nullptr || object->kind != ObjectKind::column) continue;
        if (object->parent != relation) continue;
        if (!name.empty()) return {};
        name = object->name;
    }
    return name;
}

void add_check(Step& step,
               const Object& relation,
               const ConstraintDefinition& definition,
               Relation state) {
    const std::vector<analyze::ScopeRelation> scope = {step.binder().scope_of(relation.id)};
    const analyze::Bound bound =
        step.binder().bind_condition(*definition.expression, &scope, "CHECK");
    if (!step.accept(bound)) return;
    const Object* twin =
        step.catalog().find(NameSpace::constraint, relation.id, definition.name.text);
    const bool twice = state == Relation::fresh && twin != nullptr && !definition.name.empty() &&
                       twin->as<ConstraintDetails>().kind == Kind::check &&
                       !twin->as<ConstraintDetails>().inherited;
    if (twice) {
        step.refuse("42710",
                    fmt::format("check constraint \"{}\" already exists", definition.name.text),
                    definition.name.span);
        return;
    }
    if (!constraint_name_is_free(step, relation, definition.name)) return;
    std::string name = definition.name.text;
    if (name.empty()) {
        name = choose_constraint_name(step.catalog(), relation.schema, relation.name,
                                      check_name_addition(step.catalog(), bound, relation.id),
                                      "check");
    }
    Object constraint = make_constraint(step, relation, definition, std::move(name));
    constraint.as<ConstraintDetails>().expression = bound.text;
    for (const ObjectId id : bound.depends) {
        const Object* object = step.catalog().find(id);
        const bool own = object != nullptr && object->parent == relation.id;
        if (own && object->kind == ObjectKind::column) {
            constraint.as<ConstraintDetails>().columns.push_back(id);
        }
        add_dependency(constraint, id, own ? DependencyType::automatic : DependencyType::normal);
    }
    const ObjectId made = step.create(std::move(constraint), definition.name.span);
    step.target(made);
    clone_to_inheritors(step, made);
    if (state == Relation::fresh || definition.not_valid) return;
    const std::vector<ObjectId> stores = definition.no_inherit
                                             ? std::vector<ObjectId>{relation.id}
                                             : stores_of(step.catalog(), relation);
    for (const ObjectId id : stores)
        step.work(Work::Kind::scan, id, "the CHECK is tried on every row");
    if (!step.empty(relation.id)) {
        step.doubt(fmt::format("rows of \"{}\" may violate the check", relation.name));
    }
}

// ---- PRIMARY KEY, UNIQUE, EXCLUDE

/// The columns of a primary key that hold null so far, those of descendants as well.
std::vector<ObjectId> nullable_columns(const Catalog& catalog,
                                       const Object& relation,
                                       const std::vector<ObjectId>& columns) {
    std::vector<ObjectId> nullable;
    const std::vector<ObjectId> below = catalog::descendants(catalog, relation.id);
    for (const ObjectId id : columns) {
        const Object* column = catalog.find(id);
        if (column == nullptr) continue;
        std::vector<const Object*> all = {column};
        for (const ObjectId table : below)
            all.push_back(catalog.find(NameSpace::column, table, column->name));
        for (const Object* each : all) {
            if (each != nullptr && !each->as<ColumnDetails>().not_null)
                nullable.push_back(each->id);
        }
    }
    return nullable;
}

void set_columns_not_null(Step& step, const std::vector<ObjectId>& columns, Relation state) {
    for (const ObjectId id : columns) {
        Object changed = step.change(id);
        changed.as<ColumnDetails>().not_null = true;
        const Object& table = step.catalog().at(changed.parent);
        const Identifier name{.text = changed.name, .span = {}};
        step.put(std::move(changed));
        const bool scanned = state != Relation::fresh && note_not_null_scan(step, table, name);
        if (scanned && !step.empty(table.id)) {
            step.doubt(fmt::format(R"(rows of "{}" may hold null in "{}")", table.name, name.text));
        }
    }
}

std::vector<IndexElement> plain_elements(const std::vector<Identifier>& columns) {
    std::vector<IndexElement> elements;
    for (const Identifier& column : columns) {
        IndexElement element;
        element.column = column;
        element.span = column.span;
        elements.push_back(std::move(element));
    }
    return elements;
}

bool key_columns_are_distinct(Step& step, const ConstraintDefinition& definition) {
    for (std::size_t index = 0; index < definition.columns.size(); ++index) {
        const Identifier& name = definition.columns[index];
        const auto before = definition.columns.begin() + static_cast<std::ptrdiff_t>(index);
        if (std::count_if(definition.columns.begin(), before,
                          [&](const Identifier& other) { return other.text == name.text; }) == 0) {
            continue;
        }
        const std::string_view kind =
            definition.kind == Kind::primary_key ? "primary key" : "unique";
        return step.refuse(
            "42701", fmt::format("column \"{}\" appears twice in {} constraint", name.text, kind),
            name.span);
    }
    return true;
}

/// The server looks for the columns while it still parses the statement, and words it so.
bool key_columns_exist(Step& step,
                       const Object& relation,
                       const ConstraintDefinition& definition,
                       Relation state) {
    // ALTER TABLE ... ADD PRIMARY KEY sets the columns NOT NULL first.
    const bool altered = definition.kind == Kind::primary_key && state == Relation::existing;
    for (const Identifier& name : definition.columns) {
        if (!step.resolver().column(relation.id, name.text).absent()) continue;
        return step.refuse(
            "42703",
            altered ? fmt::format(R"(column "{}" of relation "{}" does not exist)", name.text,
                                  relation.name)
                    : fmt::format("column \"{}\" named in key does not exist", name.text),
            name.span);
    }
    return true;
}

/// 1-based; 0 when all sort as a key's index does: ascending, by the default operator class and
/// the column's own collation.
std::size_t unusual_element(Step& step, const IndexDetails& details) {
    for (std::size_t index = 0; index < details.elements.size(); ++index) {
        const IndexDetails::Element& element = details.elements[index];
        const TypeRef type = column_type(step.catalog(), element.column);
        const bool usual_class =
            element.operator_class.empty() || is_default_class(step, details.method, element, type);
        const bool usual =
            usual_class && !element.descending && !element.nulls_first && element.collation.empty();
        if (!usual) return index + 1;
    }
    return 0;
}

/// What transformIndexConstraint asks of the index of ADD CONSTRAINT ... USING INDEX.
bool may_carry_constraint(Step& step, const Object& relation, const Object& index, Span span) {
    const auto& details = index.as<IndexDetails>();
    const auto wrong = [&](std::string_view sqlstate, std::string_view what) {
        return step.refuse(sqlstate, fmt::format("index \"{}\" {}", index.name, what), span);
    };
    const auto internal = [](const Dependency& dependency) {
        return dependency.type == DependencyType::internal;
    };
    if (std::ranges::any_of(index.depends, internal))
        return wrong("55000", "is already associated with a constraint");
    if (index.parent != relation.id)
        return wrong("55000", fmt::format("does not belong to table \"{}\"", relation.name));
    if (!details.valid) return wrong("55000", "is not valid");
    if (!details.unique) {
        return step.refuse("42809", fmt::format("\"{}\" is not a unique index", index.name), span);
    }
    const auto expression = [](const IndexDetails::Element& element) {
        return element.column == no_object && !element.expression.empty();
    };
    if (std::ranges::any_of(details.elements, expression))
        return wrong("42809", "contains expressions");
    if (!details.predicate.empty()) {
        return step.refuse("42809", fmt::format("\"{}\" is a partial index", index.name), span);
    }
    if (const std::size_t number = unusual_element(step, details); number != 0) {
        return wrong("42809", fmt::format("column number {} does not have default sorting behavior",
                                          number));
    }
    return true;
}

ObjectId existing_index(Step& step, const Object& relation, const Identifier& name) {
    const catalog::Lookup lookup =
        step.resolver().in_container(NameSpace::relation, relation.schema, name.text);
    if (lookup.state == catalog::Lookup::State::maybe && !lookup.assumed) step.doubt(lookup.reason);
    const Object* index = lookup.object;
    if (index == nullptr && !lookup.absent()) return no_object;
    if (index == nullptr || index->kind != ObjectKind::index) {
        step.refuse("42704", fmt::format("index \"{}\" does not exist", name.text), name.span);
        return no_object;
    }
    step.depend(index->id, name.span);
    return may_carry_constraint(step, relation, *index, name.span) ? index->id : no_object;
}

std::vector<ObjectId> key_columns(const Catalog& catalog, ObjectId index) {
    std::vector<ObjectId> columns;
    for (const auto& element : catalog.at(index).as<IndexDetails>().elements) {
        columns.push_back(element.column);
    }
    return columns;
}

/// ADD CONSTRAINT ... USING INDEX: the index becomes the constraint's and takes its name.
ObjectId adopt_index(Step& step, const Object& relation, const ConstraintDefinition& definition) {
    const ObjectId id = existing_index(step, relation, definition.using_index);
    if (id == no_object) return no_object;
    Object index = step.change(id);
    if (!definition.name.empty()) index.name = definition.name.text;
    index.as<IndexDetails>().primary = definition.kind == Kind::primary_key;
    step.put(std::move(index));
    return id;
}

ObjectId build_index(Step& step, const Object& relation, const ConstraintDefinition& definition) {
    const bool exclusion = definition.kind == Kind::exclusion;
    const bool primary = definition.kind == Kind::primary_key;
    const std::vector<IndexElement> plain = plain_elements(definition.columns);
    if (!definition.name.empty() &&
        !name_is_free(step, relation.schema, {.schema = {}, .name = definition.name})) {
        return no_object;
    }
    const bool btree = definition.access_method.empty() && !exclusion;
    const std::optional<Expression>* where = definition.where ? &definition.where : nullptr;
    IndexRequest request{.name = definition.name.text,
                         .name_span = definition.name.span,
                         .unique = !exclusion,
                         .primary = primary,
                         .nulls_not_distinct = definition.nulls_not_distinct,
                         .elements = exclusion ? &definition.elements : &plain,
                         .including = &definition.including,
                         .where = where,
                         .options = {}};
    if (!btree)
        request.method = definition.access_method.empty() ? "gist" : definition.access_method;
    request.label = primary ? "pkey" : exclusion ? "excl" : "key";
    request.name_has_columns = !primary;
    request.for_constraint = true;
    request.exclusion = exclusion;
    return make_index(step, relation.id, request);
}

/// Nulls do not collide. A domain's own default fills a column that has none.
bool rows_hold_nulls(const Catalog& catalog, const Object& index, Relation state) {
    if (state != Relation::bare_column && state != Relation::null_column) return false;
    const auto& details = index.as<IndexDetails>();
    if (details.nulls_not_distinct || details.primary) return false;
    const auto stays_null = [&](const IndexDetails::Element& element) {
        const Object* column = catalog.find(element.column);
        return column != nullptr && !catalog::fills_itself(catalog, column->as<ColumnDetails>());
    };
    return std::ranges::all_of(details.elements, stays_null);
}

/// The tables on which an index is built with one that the step made. Partitions may have brought
/// theirs, and a partitioned table stands for partitions that are not in sight.
std::vector<ObjectId> built_with(Step& step, const Object& index) {
    const Object& relation = step.catalog().at(index.parent);
    if (relation.kind != ObjectKind::partitioned_table) return {relation.id};
    std::vector<ObjectId> tables = {relation.id};
    for (const ObjectId id : step.catalog().dependents(index.id)) {
        const Object& part = step.catalog().at(id);
        const bool made = part.kind == ObjectKind::index && part.created == step.here();
        if (!made) continue;
        const std::vector<ObjectId> more = built_with(step, part);
        tables.insert(tables.end(), more.begin(), more.end());
    }
    const bool all_brought =
        tables.size() == 1 && !catalog::inheritors(step.catalog(), relation.id).empty();
    return all_brought ? std::vector<ObjectId>() : tables;
}

/// The constraint that an index carries.
void make_key(Step& step,
              const Object& relation,
              const ConstraintDefinition& definition,
              ObjectId index_id) {
    const std::vector<ObjectId> columns = key_columns(step.catalog(), index_id);
    Object constraint =
        make_constraint(step, relation, definition, step.catalog().at(index_id).name);
    auto& details = constraint.as<ConstraintDetails>();
    details.columns = columns;
    details.index = index_id;
    details.including = step.catalog().at(index_id).as<IndexDetails>().including;
    add_dependencies(constraint, columns, DependencyType::automatic);
    add_dependencies(constraint, details.including, DependencyType::automatic);
    const ObjectId id = step.create(std::move(constraint), definition.name.span);
    Object index = step.catalog().at(index_id);
    add_dependency(index, id, DependencyType::internal);
    step.put(std::move(index));
    step.target(id);
}

void add_key(Step& step,
             const Object& relation,
             const ConstraintDefinition& definition,
             Relation state) {
    const bool primary = definition.kind == Kind::primary_key;
    if (definition.kind == Kind::exclusion && relation.kind == ObjectKind::partitioned_table) {
        step.refuse("0A000", "exclusion constraints are not supported on partitioned tables",
                    definition.span);
        return;
    }
    if (!key_columns_are_distinct(step, definition)) return;
    if (definition.using_index.empty() && !key_columns_exist(step, relation, definition, state))
        return;
    if (primary && has_primary_key(step.catalog(), relation.id)) {
        step.refuse(
            "42P16",
            fmt::format("multiple primary keys for table \"{}\" are not allowed", relation.name),
            definition.span);
        return;
    }
    const bool adopted = !definition.using_index.empty();
    const ObjectId index_id =
        adopted ? adopt_index(step, relation, definition) : build_index(step, relation, definition);
    if (index_id == no_object || step.refused()) return;
    if (!constraint_name_is_free(step, relation, definition.name)) return;
    make_key(step, relation, definition, index_id);
    const std::vector<ObjectId> nullable =
        primary ? nullable_columns(step.catalog(), relation, key_columns(step.catalog(), index_id))
                : std::vector<ObjectId>();
    clone_to_inheritors(step, index_id);
    if (step.refused()) return;
    set_columns_not_null(step, nullable, state);
    if (state == Relation::fresh || adopted) return;
    if (relation.kind == ObjectKind::partitioned_table)
        lock_descendants(step, relation, LockMode::share);
    for (const ObjectId table : built_with(step, step.catalog().at(index_id)))
        step.work(Work::Kind::index_build, table, "its index is built from every row");
    if (rows_hold_nulls(step.catalog(), step.catalog().at(index_id), state)) return;
    if (!step.empty(relation.id)) {
        step.doubt(fmt::format("rows of \"{}\" may hold duplicates", relation.name));
    }
}

// ---- FOREIGN KEY

/// Indexes of constraints that may be checked late; those are no keys for others.
std::vector<ObjectId> deferrable_indexes(const Catalog& catalog, ObjectId relation) {
    std::vector<ObjectId> found;
    for (const ObjectId id : catalog.children(relation)) {
        const auto* constraint = catalog.at(id).get_if<ConstraintDetails>();
        const bool deferrable = constraint != nullptr && constraint->deferrable &&
                                constraint->kind != Kind::foreign_key;
        if (deferrable) found.push_back(constraint->index);
    }
    return found;
}

/// The unique index over exactly these columns, in any order (transformFkeyCheckAttrs).
ObjectId matching_index(const Catalog& catalog,
                        ObjectId relation,
                        std::vector<ObjectId> columns,
                        const std::vector<ObjectId>& deferrable) {
    std::ranges::sort(columns);
    for (const ObjectId id : catalog.children(relation)) {
        const auto* index = catalog.at(id).get_if<IndexDetails>();
        if (index == nullptr || !index->unique || !index->valid) continue;
        if (!index->predicate.empty() || std::ranges::count(deferrable, id) > 0) continue;
        std::vector<ObjectId> keys = key_columns(catalog, id);
        std::ranges::sort(keys);
        if (keys == columns) return id;
    }
    return no_object;
}

std::vector<ObjectId> primary_key_columns(const Catalog& catalog, ObjectId relation) {
    for (const ObjectId id : catalog.children(relation)) {
        const auto* index = catalog.at(id).get_if<IndexDetails>();
        if (index != nullptr && index->primary) return key_columns(catalog, id);
    }
    return {};
}

bool resolve_columns(Step& step,
                     const Object& relation,
                     const std::vector<Identifier>& names,
                     std::vector<ObjectId>& columns) {
    for (const Identifier& name : names) {
        const catalog::Lookup lookup = step.resolver().column(relation.id, name.text);
        if (lookup.absent()) {
            return step.refuse(
                "42703",
                fmt::format("column \"{}\" referenced in foreign key constraint does not exist",
                            name.text),
                name.span);
        }
        const Object* column = step.column(relation, name);
        if (column != nullptr) columns.push_back(column->id);
    }
    return true;
}

bool referenced_columns(Step& step,
                        const Object& referenced,
                        const ConstraintDefinition& definition,
                        std::vector<ObjectId>& columns) {
    if (!definition.referenced_columns.empty()) {
        return resolve_columns(step, referenced, definition.referenced_columns, columns);
    }
    columns = primary_key_columns(step.catalog(), referenced.id);
    if (!columns.empty() || referenced.as<RelationDetails>().invented) return true;
    return step.refuse(
        "42704",
        fmt::format("there is no primary key for referenced table \"{}\"", referenced.name),
        definition.referenced_table.span());
}

/// Whether "=" of the referenced type takes the referencing one (ATAddForeignKeyConstraint).
enum class Comparable { yes, no, unknown };
Comparable comparable(Step& step, TypeRef referenced, TypeRef referencing) {
    const analyze::Types types(step.resolver());
    const TypeRef key = types.base(referenced);
    const TypeRef own = types.base(referencing);
    if (!key.known() || !own.known()) return Comparable::unknown;
    if (analyze::same_type(key, own)) return Comparable::yes;
    const catalog::Oid left = analyze::Types::oid_of(key);
    const catalog::Oid right = analyze::Types::oid_of(own);
    const auto takes = [&](const catalog::BuiltinOperator& equals) {
        return left != 0 && right != 0 && equals.left == left && equals.right == right;
    };
    if (std::ranges::any_of(catalog::builtin_operators("="), takes)) return Comparable::yes;
    for (const catalog::BuiltinExtension* extension : types.extensions()) {
        if (std::ranges::any_of(catalog::operators_of(*extension, "="), takes))
            return Comparable::yes;
    }
    const analyze::Coercion found = types.coercion(own, key, catalog::CastContext::implicit);
    switch (found.path) {
    case analyze::Path::impossible: return Comparable::no;
    case analyze::Path::not_known: return Comparable::unknown;
    case analyze::Path::same:
    case analyze::Path::function:
    case analyze::Path::inout: break;
    }
    // Element by element is no way for the key's "=", which asks for one and the same type.
    return key.array && own.array ? Comparable::no : Comparable::yes;
}

const Object*
referenced_relation(Step& step, const Object& relation, const ConstraintDefinition& definition) {
    const Object* referenced =
        step.relation(definition.referenced_table, LockMode::share_row_exclusive);
    if (referenced == nullptr) return nullptr;
    const bool table =
        referenced->kind == ObjectKind::table || referenced->kind == ObjectKind::partitioned_table;
    if (!table) {
        step.refuse("42809",
                    fmt::format("referenced relation \"{}\" is not a table", referenced->name),
                    definition.referenced_table.span());
        return nullptr;
    }
    const auto& own = relation.as<RelationDetails>();
    const auto& other = referenced->as<RelationDetails>();
    const bool permanent = own.persistence == Persistence::permanent;
    if (permanent && other.persistence != Persistence::permanent) {
        step.refuse("42P16", "constraints on permanent tables may reference only permanent tables",
                    definition.span);
        return nullptr;
    }
    return referenced;
}

bool find_key(Step& step,
              const Object& referenced,
              const ConstraintDefinition& definition,
              ConstraintDetails& details) {
    const std::vector<ObjectId> late = deferrable_indexes(step.catalog(), referenced.id);
    details.index = matching_index(step.catalog(), referenced.id, details.referenced_columns, late);
    if (details.index != no_object) {
        step.depend(details.index, definition.referenced_table.span());
        return true;
    }
    if (referenced.as<RelationDetails>().invented) return true;
    const ObjectId deferrable =
        matching_index(step.catalog(), referenced.id, details.referenced_columns, {});
    if (deferrable != no_object) {
        const bool by_default = definition.referenced_columns.empty();
        return step.refuse("55000",
                           fmt::format("cannot use a deferrable {} for referenced table \"{}\"",
                                       by_default ? "primary key" : "unique constraint",
                                       referenced.name),
                           definition.referenced_table.span());
    }
    return step.refuse("42830",
                       fmt::format("there is no unique constraint matching given keys for "
                                   "referenced table \"{}\"",
                                   referenced.name),
                       definition.referenced_table.span());
}

bool bind_foreign_key(Step& step,
                      const Object& relation,
                      const Object& referenced,
                      const ConstraintDefinition& definition,
                      ConstraintDetails& details) {
    if (!resolve_columns(step, relation, definition.columns, details.columns)) return false;
    if (!referenced_columns(step, referenced, definition, details.referenced_columns)) return false;
    const bool seen =
        details.columns.size() == definition.columns.size() && !details.referenced_columns.empty();
    if (!seen) {
        details.referenced_columns.clear();
        return true;
    }
    if (details.columns.size() != details.referenced_columns.size()) {
        return step.refuse("42830",
                           "number of referencing and referenced columns for foreign key disagree",
                           definition.span);
    }
    return find_key(step, referenced, definition, details);
}

void check_existing_rows(Step& step,
                         const Object& relation,
                         const ConstraintDefinition& definition,
                         Relation state) {
    if (state == Relation::fresh || state == Relation::bare_column || definition.not_valid) return;
    step.work(Work::Kind::scan, relation.id, "the foreign key is checked for every row");
    if (state == Relation::existing && !step.empty(relation.id)) {
        step.doubt(fmt::format("rows of \"{}\" may reference missing rows", relation.name));
    }
}

void add_foreign_key(Step& step,
                     const Object& relation,
                     const ConstraintDefinition& definition,
                     Relation state) {
    const Object* referenced = referenced_relation(step, relation, definition);
    if (referenced == nullptr) return;
    std::string name = definition.name.text;
    if (name.empty()) {
        name = choose_constraint_name(step.catalog(), relation.schema, relation.name,
                                      key_name_addition(definition.columns), "fkey");
    }
    Object constraint = make_constraint(step, relation, definition, name);
    auto& details = constraint.as<ConstraintDetails>();
    details.referenced = referenced->id;
    details.on_delete = definition.on_delete;
    details.on_update = definition.on_update;
    details.match_full = definition.match_full;
    if (!bind_foreign_key(step, relation, *referenced, definition, details)) return;
    const bool known = details.columns.size() == details.referenced_columns.size();
    if (known && !key_types_match(step, constraint, definition.span)) return;
    if (!constraint_name_is_free(step, relation, definition.name)) return;
    add_dependencies(constraint, details.columns, DependencyType::automatic);
    add_dependency(constraint, referenced->id, DependencyType::normal);
    add_dependencies(constraint, details.referenced_columns, DependencyType::normal);
    if (details.index != no_object)
        add_dependency(constraint, details.index, DependencyType::normal);
    const ObjectId made = step.create(std::move(constraint), definition.name.span);
    step.target(made);
    clone_to_inheritors(step, made);
    step.target(referenced->id);
    check_existing_rows(step, relation, definition, state);
}

} // namespace

bool has_primary_key(const Catalog& catalog, ObjectId relation) {
    const auto primary = [&](ObjectId id) {
        const auto* details = catalog.at(id).get_if<ConstraintDetails>();
        return details != nullptr && details->kind == Kind::primary_key;
    };
    return std::ranges::any_of(catalog.children(relation), primary);
}

bool key_types_match(Step& step, const Object& constraint, Span span) {
    const auto& details = constraint.as<ConstraintDetails>();
    const std::size_t pairs = std::min(details.columns.size(), details.referenced_columns.size());
    for (std::size_t index = 0; index < pairs; ++index) {
        const TypeRef own = column_type(step.catalog(), details.columns[index]);
        const TypeRef other = column_type(step.catalog(), details.referenced_columns[index]);
        const Comparable verdict = comparable(step, other, own);
        if (verdict == Comparable::no) {
            return step.refuse(
                "42804",
                fmt::format("foreign key constraint \"{}\" cannot be implemented", constraint.name),
                span);
        }
        if (verdict == Comparable::unknown) step.doubt("the key's column types are not all known");
    }
    return true;
}

void add_constraint(Step& step,
                    ObjectId relation_id,
                    const ConstraintDefinition& definition,
                    Relation state) {
    const Object relation = step.catalog().at(relation_id);
    switch (definition.kind) {
    case Kind::check: return add_check(step, relation, definition, state);
    case Kind::primary_key:
    case Kind::unique:
    case Kind::exclusion: return add_key(step, relation, definition, state);
    case Kind::foreign_key: return add_foreign_key(step, relation, definition, state);
    case Kind::null:
    case Kind::not_null:
    case Kind::default_:
    case Kind::identity:
    case Kind::generated: return;
    }
}

} // namespace ordain::replay
