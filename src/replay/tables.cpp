#include "catalog/builtin.hpp"
#include "replay/actions.hpp"
#include "replay/generated_names.hpp"
#include "replay/relations.hpp"
#include "replay/row_checks.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

bool column_names_are_distinct(Step& step, const std::vector<ColumnDefinition>& columns) {
    std::set<std::string_view> seen;
    for (const ColumnDefinition& column : columns) {
        if (seen.insert(column.name.text).second) continue;
        return step.refuse("42701",
                           fmt::format("column \"{}\" specified more than once", column.name.text),
                           column.name.span);
    }
    return true;
}

/// The server resolves column types before it looks whether the table's name is free.
bool types_exist(Step& step, const std::vector<ColumnDefinition>& columns) {
    for (const ColumnDefinition& column : columns) {
        if (column.type.name.name.empty()) continue;
        const analyze::Binder::BoundType type = step.binder().bind_type(column.type);
        if (type.problem) return step.refuse(*type.problem);
    }
    return true;
}

ObjectId temporary_schema(Step& step) {
    const Object* schema = step.catalog().find(NameSpace::schema, no_object, "pg_temp");
    if (schema != nullptr) return schema->id;
    Object made = step.make(ObjectKind::schema, no_object, no_object, "pg_temp");
    made.details = SchemaDetails{};
    const ObjectId id = made.id;
    step.put(std::move(made));
    return id;
}

ObjectId home_of(Step& step, const QualifiedName& name, Persistence persistence) {
    return persistence == Persistence::temporary ? temporary_schema(step)
                                                 : step.creation_schema(name);
}

ObjectKind kind_of(const CreateTable& create) {
    if (!create.server.empty()) return ObjectKind::foreign_table;
    return create.partition_method.empty() ? ObjectKind::table : ObjectKind::partitioned_table;
}

// ---- LIKE, INHERITS, PARTITION OF: columns that come from elsewhere

/// Copies a column of another relation; the expression of its default goes with it on request.
void copy_column(
    Step& step, const Object& source, ObjectId relation, bool with_default, bool inherited) {
    if (step.catalog().find(NameSpace::column, relation, source.name) != nullptr) return;
    Object owner = step.change(relation);
    const std::int16_t number = owner.as<RelationDetails>().next_column++;
    step.put(std::move(owner));
    Object column = step.make(ObjectKind::column, no_object, relation, source.name);
    ColumnDetails details = source.as<ColumnDetails>();
    details.number = number;
    details.inherited = inherited;
    details.identity = '\0';
    if (!with_default) {
        details.has_default = false;
        details.default_ = {};
        details.generated = '\0';
    }
    for (const Dependency& dependency : source.depends) {
        if (dependency.type != DependencyType::of_default || with_default) {
            add_dependency(column, dependency.on, dependency.type);
        }
    }
    column.details = std::move(details);
    step.create(std::move(column), {});
}

void copy_checks(Step& step, const Object& source, ObjectId relation, bool inherited) {
    for (const ObjectId id : step.catalog().children(source.id)) {
        const Object* original = step.catalog().find(id);
        const auto* details = original->get_if<ConstraintDetails>();
        if (details == nullptr || details->kind != ConstraintDefinition::Kind::check) continue;
        if (step.catalog().find(NameSpace::constraint, relation, original->name) != nullptr)
            continue;
        const Object& owner = step.catalog().at(relation);
        Object copy = step.make(ObjectKind::constraint, owner.schema, relation, original->name);
        copy.details = *details;
        copy.as<ConstraintDetails>().inherited = inherited;
        copy.as<ConstraintDetails>().columns.clear();
        for (const ObjectId column : details->columns) {
            const Object* mine =
                step.catalog().find(NameSpace::column, relation, step.catalog().at(column).name);
            if (mine == nullptr) continue;
            copy.as<ConstraintDetails>().columns.push_back(mine->id);
            add_dependency(copy, mine->id, DependencyType::automatic);
        }
        step.create(std::move(copy), {});
    }
}

void copy_like(Step& step, const LikeClause& like, ObjectId relation) {
    const Object* source = step.relation(like.table, LockMode::access_share);
    if (source == nullptr) return;
    const Object original = *source;
    if (original.as<RelationDetails>().invented) {
        step.doubt(fmt::format("the columns of \"{}\" are not known", original.name));
    }
    for (const Object* column : step.catalog().columns(original.id)) {
        copy_column(step, *column, relation, like.defaults || like.generated, false);
    }
    if (like.constraints) copy_checks(step, original, relation, false);
    if (like.indexes || like.identity || like.statistics || like.comments) {
        step.doubt("LIKE ... INCLUDING copies more than is modelled");
    }
}

void inherit_from(Step& step, const QualifiedName& name, ObjectId relation, LockMode mode) {
    const Object* found = step.table(name, mode);
    if (found == nullptr) return;
    const Object parent = *found;
    for (const Object* column : step.catalog().columns(parent.id)) {
        copy_column(step, *column, relation, true, true);
    }
    copy_checks(step, parent, relation, true);
    Object child = step.change(relation);
    child.as<RelationDetails>().parents.push_back(parent.id);
    add_dependency(child, parent.id,
                   child.as<RelationDetails>().is_partition ? DependencyType::automatic
                                                            : DependencyType::normal);
    step.put(std::move(child));
}

/// Indexes and keys that a partition gets from its parent have generated names of their own.
void doubt_partition_indexes(Step& step, const QualifiedName& parent) {
    const catalog::Lookup lookup = step.resolver().relation(parent);
    if (lookup.object == nullptr) return;
    for (const ObjectId id : step.catalog().children(lookup.id)) {
        const ObjectKind kind = step.catalog().at(id).kind;
        if (kind == ObjectKind::column || kind == ObjectKind::policy) continue;
        step.doubt("what a partition inherits beyond columns is not modelled");
        return;
    }
}

ObjectId make_relation(Step& step, const CreateTable& create, ObjectId schema) {
    Object table = step.make(kind_of(create), schema, no_object, create.table.name.text);
    RelationDetails details;
    details.persistence = create.persistence;
    details.is_partition = !create.partition_of.name.empty();
    details.partition_bound = create.partition_bound;
    details.options = option_lines(create.options);
    if (!create.partition_method.empty()) {
        details.partition_key = create.partition_method;
        for (const IndexElement& element : create.partition_key) {
            details.partition_key +=
                " " + (element.expression ? "(expression)" : element.column.text);
        }
    }
    table.details = std::move(details);
    return step.create(std::move(table), create.table.name.span);
}

void add_own_columns(Step& step, const CreateTable& create, ObjectId relation) {
    std::size_t like = 0;
    std::uint32_t position = 0;
    for (const ColumnDefinition& column : create.columns) {
        for (; like < create.like.size() && create.like[like].position <= position; ++like) {
            copy_like(step, create.like[like], relation);
        }
        ++position;
        if (step.refused()) return;
        const bool refines =
            column.type.name.name.empty() ||
            step.catalog().find(NameSpace::column, relation, column.name.text) != nullptr;
        if (!refines) add_column(step, relation, column, Relation::fresh);
    }
    for (; like < create.like.size(); ++like)
        copy_like(step, create.like[like], relation);
}

/// Checks come first, then indexes, then foreign keys (transformCreateStmt).
int constraint_pass(const ConstraintDefinition& constraint) {
    switch (constraint.kind) {
    case ConstraintDefinition::Kind::foreign_key: return 3;
    case ConstraintDefinition::Kind::primary_key: return 1;
    case ConstraintDefinition::Kind::unique:
    case ConstraintDefinition::Kind::exclusion: return 2;
    default: return 0;
    }
}

void add_all_constraints(Step& step, const CreateTable& create, ObjectId relation) {
    for (const ColumnDefinition& column : create.columns) {
        if (!step.refused()) add_generated(step, relation, column);
    }
    for (int pass = 0; pass <= 3; ++pass) {
        for (const ColumnDefinition& column : create.columns) {
            for (const ConstraintDefinition& constraint : column.constraints) {
                if (step.refused()) return;
                if (constraint_pass(constraint) == pass) {
                    add_constraint(step, relation, constraint, Relation::fresh);
                }
            }
        }
        for (const ConstraintDefinition& constraint : create.constraints) {
            if (step.refused()) return;
            if (constraint_pass(constraint) == pass) {
                add_constraint(step, relation, constraint, Relation::fresh);
            }
        }
    }
}

void lock_sources(Step& step, const analyze::BoundQuery& bound) {
    for (const analyze::RelationAccess& access : bound.relations) {
        step.lock(access.relation, LockMode::access_share);
    }
}

} // namespace

void add_query_columns(Step& step,
                       ObjectId relation,
                       const analyze::BoundQuery& bound,
                       const std::vector<Identifier>& names) {
    std::int16_t number = 1;
    for (const analyze::ScopeColumn& source : bound.columns) {
        const auto index = static_cast<std::size_t>(number - 1);
        const std::string& name = index < names.size() ? names[index].text : source.name;
        Object column = step.make(ObjectKind::column, no_object, relation, name);
        ColumnDetails details;
        details.number = number++;
        details.type = source.type;
        column.details = std::move(details);
        add_type_dependency(step, column, source.type);
        step.create(std::move(column), {});
    }
    Object owner = step.change(relation);
    owner.as<RelationDetails>().next_column = number;
    step.put(std::move(owner));
}

bool name_is_free(Step& step, ObjectId schema, const QualifiedName& name) {
    const std::string& bare = name.name.text;
    const catalog::Resolver& resolver = step.resolver();
    const catalog::Lookup lookup = resolver.in_container(NameSpace::relation, schema, bare);
    if (lookup.state == catalog::Lookup::State::maybe) {
        step.doubt(lookup.reason);
        if (lookup.object == nullptr) return true;
    }
    if (!lookup.absent()) {
        if (step.action().guard == Guard::if_not_exists) {
            step.target(lookup.id);
            step.note_other_maker(lookup.id);
            step.skip();
            return false;
        }
        return step.refuse("42P07", fmt::format("relation \"{}\" already exists", bare),
                           name.name.span);
    }
    return true;
}

void apply(Step& step, const CreateSchema& create) {
    const std::string& name = create.name.empty() ? create.authorization.text : create.name.text;
    const Span span = create.name.empty() ? create.authorization.span : create.name.span;
    const catalog::Lookup lookup = step.resolver().schema(name);
    if (name.starts_with("pg_")) {
        step.refuse("42939", fmt::format("unacceptable schema name \"{}\"", name), span);
        return;
    }
    if (lookup.state == catalog::Lookup::State::maybe && !lookup.assumed) step.doubt(lookup.reason);
    if (lookup.id != no_object) {
        if (step.action().guard == Guard::if_not_exists) {
            step.note_other_maker(lookup.id);
            step.skip();
        } else {
            step.refuse("42P06", fmt::format("schema \"{}\" already exists", name), span);
        }
        return;
    }
    Object schema = step.make(ObjectKind::schema, no_object, no_object, name);
    schema.details = SchemaDetails{};
    step.target(step.create(std::move(schema), span));
}

void apply(Step& step, const CreateTable& create) {
    const ObjectId schema = home_of(step, create.table, create.persistence);
    if (schema == no_object || step.refused()) return;
    const bool guarded = step.action().guard == Guard::if_not_exists;
    if (guarded && !name_is_free(step, schema, create.table)) return;
    if (!column_names_are_distinct(step, create.columns)) return;
    if (!types_exist(step, create.columns)) return;
    for (const ColumnDefinition& column : create.columns) {
        if (!is_no_system_column(step, column.name)) return;
    }
    if (!guarded && !name_is_free(step, schema, create.table)) return;
    if (!type_name_is_free(step, schema, create.table.name)) return;
    if (!create.of_type.name.empty()) step.doubt("CREATE TABLE ... OF a type is not modelled");
    const ObjectId relation = make_relation(step, create, schema);
    step.target(relation);
    if (!create.partition_of.name.empty()) {
        doubt_partition_indexes(step, create.partition_of);
        inherit_from(step, create.partition_of, relation, LockMode::share_update_exclusive);
    }
    for (const QualifiedName& parent : create.inherits) {
        if (!step.refused()) {
            inherit_from(step, parent, relation, LockMode::share_update_exclusive);
        }
    }
    if (!step.refused()) add_own_columns(step, create, relation);
    if (!step.refused()) add_all_constraints(step, create, relation);
}

void apply(Step& step, const CreateTableAs& create) {
    const ObjectId schema = home_of(step, create.table, create.persistence);
    if (schema == no_object || step.refused()) return;
    const bool guarded = step.action().guard == Guard::if_not_exists;
    if (guarded && !name_is_free(step, schema, create.table)) return;
    if (create.query.kind == Query::Kind::unsupported) {
        step.doubt("the query of CREATE TABLE AS is not modelled");
    }
    const analyze::BoundQuery bound = step.binder().bind_query(create.query);
    if (!step.accept(bound)) return;
    if (!guarded && !name_is_free(step, schema, create.table)) return;
    if (!type_name_is_free(step, schema, create.table.name)) return;
    if (create.columns.size() > bound.columns.size() && bound.doubts.empty()) {
        step.refuse("42601", "too many column names were specified", create.columns.back().span);
        return;
    }
    lock_sources(step, bound);
    Object relation =
        step.make(create.materialized_view ? ObjectKind::materialized_view : ObjectKind::table,
                  schema, no_object, create.table.name.text);
    RelationDetails details;
    details.persistence = create.persistence;
    details.populated = !create.with_no_data;
    details.invented = !bound.doubts.empty();
    if (create.materialized_view) {
        details.definition = bound.text;
        details.empty_with_sources = bound.returns_no_rows_if_empty;
        add_dependencies(relation, bound.depends, DependencyType::normal);
    }
    if (!create.with_no_data) details.rows = rows_of(step, bound);
    relation.details = std::move(details);
    if (!bound.doubts.empty()) relation.unknown = bound.doubts.front();
    const ObjectId id = step.create(std::move(relation), create.table.name.span);
    step.target(id);
    add_query_columns(step, id, bound, create.columns);
    if (!create.with_no_data && !bound.may_fail.empty()) doubt_evaluation(step, bound);
}

} // namespace ordain::replay
