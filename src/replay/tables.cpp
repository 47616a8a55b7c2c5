#include "catalog/builtin.hpp"
#include "replay/actions.hpp"
#include "replay/clones.hpp"
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
    const bool temporary = persistence == Persistence::temporary || name.schema.text == "pg_temp";
    return temporary ? temporary_schema(step) : step.creation_schema(name);
}

ObjectKind kind_of(const CreateTable& create) {
    if (!create.server.empty()) return ObjectKind::foreign_table;
    return create.partition_method.empty() ? ObjectKind::table : ObjectKind::partitioned_table;
}

// ---- LIKE, INHERITS, PARTITION OF: columns that come from elsewhere

/// What of a column's value goes with a copy of it.
struct ColumnCopy {
    bool defaults = true;
    bool generated = true;
    bool inherited = false;
};

/// Copies a column of another relation that has none of that name yet.
void copy_column(Step& step, const Object& source, ObjectId relation, ColumnCopy copy) {
    Object owner = step.change(relation);
    const std::int16_t number = owner.as<RelationDetails>().next_column++;
    step.put(std::move(owner));
    Object column = step.make(ObjectKind::column, no_object, relation, source.name);
    ColumnDetails details = source.as<ColumnDetails>();
    details.number = number;
    details.inherited = copy.inherited;
    details.identity = '\0';
    const bool computed = details.generated != '\0';
    if (computed ? !copy.generated : !copy.defaults) {
        details.has_default = false;
        details.default_ = {};
        details.generated = '\0';
    }
    for (const Dependency& dependency : source.depends) {
        const Object* on = step.catalog().find(dependency.on);
        const bool of_source = on != nullptr && on->parent == source.parent;
        const bool of_default = dependency.type == DependencyType::of_default;
        if (!of_source && (!of_default || details.has_default))
            add_dependency(column, dependency.on, dependency.type);
    }
    column.details = std::move(details);
    step.create(std::move(column), {});
}

/// The expressions of copied generated columns, once all columns are there.
void settle_generated(Step& step, ObjectId source, ObjectId relation) {
    for (const Object* present : step.catalog().columns(relation)) {
        if (present->as<ColumnDetails>().generated == '\0') continue;
        Object column = *present;
        auto& expression = column.as<ColumnDetails>().default_;
        expression = over_columns_of(step.catalog(), expression, source, relation);
        for (const BoundText::Piece& piece : expression.pieces) {
            const Object* on = step.catalog().find(piece.object);
            if (on != nullptr && on->parent == relation)
                add_dependency(column, on->id, DependencyType::normal);
        }
        step.put(std::move(column));
    }
}

/// Null after refusal.
const Object* liked_relation(Step& step, const LikeClause& like) {
    const Object* source = step.relation(like.table, LockMode::access_share);
    if (source == nullptr || source->get_if<RelationDetails>() != nullptr) return source;
    step.refuse("42809", fmt::format("relation \"{}\" is invalid in LIKE clause", source->name),
                like.table.span());
    return nullptr;
}

void copy_like(Step& step, const LikeClause& like, ObjectId relation) {
    const Object* source = liked_relation(step, like);
    if (source == nullptr) return;
    const Object original = *source;
    if (original.as<RelationDetails>().invented) {
        step.doubt(fmt::format("the columns of \"{}\" are not known", original.name));
    }
    for (const Object* column : step.catalog().columns(original.id)) {
        if (step.catalog().find(NameSpace::column, relation, column->name) != nullptr) {
            step.refuse("42701",
                        fmt::format("column \"{}\" specified more than once", column->name),
                        like.table.span());
            return;
        }
        const Object from = *column;
        copy_column(step, from, relation,
                    {.defaults = like.defaults, .generated = like.generated, .inherited = false});
        const char identity = from.as<ColumnDetails>().identity;
        const Object* made = step.catalog().find(NameSpace::column, relation, from.name);
        if (!like.identity || identity == '\0') continue;
        Object copy = *made;
        copy.as<ColumnDetails>().identity = identity;
        make_identity_sequence(step, step.catalog().at(relation), copy, {});
        step.put(std::move(copy));
    }
    settle_generated(step, original.id, relation);
}

/// What LIKE copies once the table is there (expandTableLikeClause).
void copy_like_parts(Step& step, const LikeClause& like, ObjectId relation) {
    const Object* source = liked_relation(step, like);
    if (source == nullptr || source->id == relation) return;
    const ObjectId original = source->id;
    if (like.constraints) clone_checks(step, original, relation, Clone::copy);
    if (like.indexes) clone_indexes(step, original, relation, Clone::copy);
    if (!like.statistics) return;
    for (const Object* column : step.catalog().columns(original)) {
        for (const ObjectId id : step.catalog().dependents(column->id)) {
            if (step.catalog().at(id).kind == ObjectKind::statistics)
                step.doubt("LIKE ... INCLUDING STATISTICS is not modelled");
        }
    }
}

bool may_inherit(Step& step, const Object& parent, ObjectId child_id, Span span) {
    const auto refuse = [&](std::string_view sqlstate, std::string message) {
        return step.refuse(sqlstate, std::move(message), span);
    };
    const auto& child = step.catalog().at(child_id).as<RelationDetails>();
    if (child.is_partition) {
        const bool partitioned =
            parent.kind == ObjectKind::partitioned_table || parent.as<RelationDetails>().invented;
        return partitioned ||
               refuse("42P17", fmt::format("\"{}\" is not partitioned", parent.name));
    }
    if (parent.kind == ObjectKind::partitioned_table) {
        return refuse("42809",
                      fmt::format("cannot inherit from partitioned table \"{}\"", parent.name));
    }
    if (parent.as<RelationDetails>().is_partition)
        return refuse("42809", fmt::format("cannot inherit from partition \"{}\"", parent.name));
    const bool twice = std::ranges::count(child.parents, parent.id) > 0;
    return !twice ||
           refuse("42P07", fmt::format("relation \"{}\" would be inherited from more than once",
                                       parent.name));
}

void inherit_from(Step& step, const QualifiedName& name, ObjectId relation, LockMode mode) {
    const Object* found = step.relation(name, mode);
    if (found == nullptr) return;
    const Object parent = *found;
    const bool table = parent.kind == ObjectKind::table ||
                       parent.kind == ObjectKind::partitioned_table ||
                       parent.kind == ObjectKind::foreign_table;
    if (!table) {
        step.refuse(
            "42809",
            fmt::format("inherited relation \"{}\" is not a table or foreign table", parent.name),
            name.span());
        return;
    }
    if (!may_inherit(step, parent, relation, name.span())) return;
    for (const Object* column : step.catalog().columns(parent.id)) {
        const Object inherited = *column;
        const Object* own = step.catalog().find(NameSpace::column, relation, inherited.name);
        if (own == nullptr) {
            copy_column(step, inherited, relation, {.inherited = true});
        } else if (!merges(step, *own, inherited, "inherited column")) {
            return;
        }
    }
    settle_generated(step, parent.id, relation);
    Object child = step.change(relation);
    auto& details = child.as<RelationDetails>();
    if (details.is_partition && !bound_fits(step, parent, child.name, details.partition_bound))
        return;
    details.parents.push_back(parent.id);
    add_dependency(child, parent.id,
                   details.is_partition ? DependencyType::automatic : DependencyType::normal);
    step.put(std::move(child));
    clone_checks(step, parent.id, relation, Clone::inherited);
}

/// A column that a parent gives and that is written again: NOT NULL and a default of its own.
void refine_column(Step& step, const ColumnDefinition& definition, ObjectId relation) {
    const Object* present = step.catalog().find(NameSpace::column, relation, definition.name.text);
    Object column = *present;
    auto& details = column.as<ColumnDetails>();
    if (!definition.type.name.name.empty()) {
        Object own = column;
        own.as<ColumnDetails>().type = step.binder().bind_type(definition.type).type;
        if (!merges(step, own, column, "column")) return;
    }
    for (const ConstraintDefinition& clause : definition.constraints) {
        if (clause.kind == ConstraintDefinition::Kind::not_null) details.not_null = true;
        if (clause.kind != ConstraintDefinition::Kind::default_) continue;
        const analyze::Bound bound =
            step.binder().bind_value(*clause.expression, nullptr, details.type, column.name);
        if (!step.accept(bound)) return;
        details.has_default = !bound.null;
        details.default_ = bound.null ? BoundText{} : bound.text;
        add_dependencies(column, bound.depends, DependencyType::of_default);
    }
    step.put(std::move(column));
}

bool strategy_fits(Step& step, const CreateTable& create) {
    const std::string& method = create.partition_method;
    if (method.empty()) return true;
    if (method != "range" && method != "list" && method != "hash") {
        return step.refuse("22023",
                           fmt::format("unrecognized partitioning strategy \"{}\"", method), {});
    }
    if (method != "list" || create.partition_key.size() < 2) return true;
    return step.refuse("42P17", "cannot use \"list\" partition strategy with more than one column",
                       {});
}

ObjectId make_relation(Step& step, const CreateTable& create, ObjectId schema) {
    Object table = step.make(kind_of(create), schema, no_object, create.table.name.text);
    RelationDetails details;
    details.persistence = create.persistence;
    details.drops_on_commit = create.on_commit == "drop";
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
    if (!create.of_type.name.empty()) table.unknown = "what it has of its type is not modelled";
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
        const Object* present = step.catalog().find(NameSpace::column, relation, column.name.text);
        const bool inherited = present != nullptr && present->as<ColumnDetails>().inherited;
        if (inherited) {
            refine_column(step, column, relation);
        } else if (present != nullptr) {
            step.refuse("42701",
                        fmt::format("column \"{}\" specified more than once", column.name.text),
                        column.name.span);
        } else if (!column.type.name.name.empty()) {
            add_column(step, relation, column, Relation::fresh);
        } else if (create.of_type.name.empty()) {
            step.refuse("42703", fmt::format("column \"{}\" does not exist", column.name.text),
                        column.name.span);
        }
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
        const bool checked = pass == 1; // The table is made, its indexes are not yet.
        for (const LikeClause& like : create.like) {
            if (checked && !step.refused()) copy_like_parts(step, like, relation);
        }
        if (checked && !create.partition_of.name.empty())
            clone_for_partition(
                step, step.catalog().at(relation).as<RelationDetails>().parents.front(), relation);
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

/// The names of the query's columns make a table's (DefineRelation).
bool column_names_fit(Step& step, const CreateTableAs& create, const analyze::BoundQuery& bound) {
    std::set<std::string_view> seen;
    for (std::size_t index = 0; index < bound.columns.size(); ++index) {
        const bool renamed = index < create.columns.size();
        const Identifier name = renamed ? create.columns[index]
                                        : Identifier{.text = bound.columns[index].name, .span = {}};
        const std::string_view text = renamed ? std::string_view(create.columns[index].text)
                                              : std::string_view(bound.columns[index].name);
        if (!is_no_system_column(step, name)) return false;
        if (seen.insert(text).second) continue;
        return step.refuse("42701", fmt::format("column \"{}\" specified more than once", text),
                           name.span);
    }
    return true;
}

} // namespace

bool merges(Step& step, const Object& own, const Object& inherited, std::string_view what) {
    const TypeRef left = own.as<ColumnDetails>().type;
    const TypeRef right = inherited.as<ColumnDetails>().type;
    if (!left.known() || !right.known() || left == right) return true;
    return step.refuse("42804", fmt::format("{} \"{}\" has a type conflict", what, own.name), {});
}

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
    if (!strategy_fits(step, create)) return;
    if (!storage_parameters_fit(step, create.options, kind_of(create))) return;
    const ObjectId relation = make_relation(step, create, schema);
    step.target(relation);
    if (!create.partition_of.name.empty()) {
        inherit_from(step, create.partition_of, relation, LockMode::share_update_exclusive);
    }
    for (const QualifiedName& parent : create.inherits) {
        if (!step.refused()) {
            inherit_from(step, parent, relation, LockMode::share_update_exclusive);
        }
    }
    if (!step.refused()) add_own_columns(step, create, relation);
    if (!step.refused()) bind_partition_key(step, relation, create);
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
    if (bound.doubts.empty() && !column_names_fit(step, create, bound)) return;
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
