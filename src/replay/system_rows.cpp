#include "replay/system_rows.hpp"

#include "text/letter_case.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <initializer_list>
#include <ordain/overloaded.hpp>
#include <utility>

namespace ordain::replay {
namespace {

using catalog::BuiltinRelation;
using catalog::Resolver;

struct Cell {
    std::string_view column;
    Value value;
};

/// Collects the rows of one relation.
class Rows {
public:
    Rows(const Resolver& resolver,
         const std::set<std::string>& assumed,
         const BuiltinRelation& relation,
         const ColumnFilter& filter)
        : resolver_(resolver),
          assumed_(assumed),
          relation_(relation),
          filter_(filter) {
        for (const catalog::BuiltinColumn& column : relation.columns)
            set_.columns.emplace_back(column.name);
    }

    [[nodiscard]] const Catalog& catalog() const { return resolver_.catalog(); }
    [[nodiscard]] const Resolver& resolver() const { return resolver_; }
    [[nodiscard]] const std::set<std::string>& assumed() const { return assumed_; }

    void add(std::initializer_list<Cell> cells) { add_maybe({}, cells); }
    void add(const Object& object, std::initializer_list<Cell> cells) {
        add_maybe(std::string(catalog().presence_doubt(object)), cells);
    }
    /// A row that is there only perhaps, for the reason given.
    void add_maybe(std::string maybe, std::initializer_list<Cell> cells) {
        if (is_filtered_out(cells)) return;
        Row row{.values = std::vector<Value>(
                    set_.columns.size(),
                    Value::unknown(fmt::format("a column of {} is not modelled", relation_.name))),
                .maybe = std::move(maybe)};
        for (const Cell& cell : cells) {
            const auto place = std::ranges::find(set_.columns, cell.column);
            if (place != set_.columns.end())
                row.values[static_cast<std::size_t>(place - set_.columns.begin())] = cell.value;
        }
        set_.rows.push_back(std::move(row));
    }

    /// Rows of what a statement that was not understood may have made: their names are words of it.
    void add_tainted(std::uint32_t spaces, std::string_view name_column) {
        for (const std::string_view word : catalog().tainted_words()) {
            const Taint& taint = *catalog().taint(word);
            if ((taint.creates & spaces) == 0) continue;
            add_maybe(taint.reason, {{name_column, Value::of_text(std::string(word))}});
        }
        add_outsiders();
    }

    void add_outsiders() {
        if (resolver_.world() == catalog::World::open)
            set_.maybe_more = "the history starts midway";
        if (const std::string extension = resolver_.unknown_extension(); !extension.empty())
            set_.maybe_more = extension;
        if (const std::string_view schema = open_schema_asked_for(); !schema.empty())
            set_.maybe_more = fmt::format("schema \"{}\" may hold more than was seen", schema);
    }

    /// A schema that was there beforehand and that the query names. What does not name it is taken
    /// not to look for what it may hold beyond what is known.
    [[nodiscard]] std::string_view open_schema_asked_for() const {
        for (const auto& [column, value] : filter_) {
            if (!column.ends_with("schema") && column != "schemaname") continue;
            const Object* schema = catalog().find(NameSpace::schema, no_object, value);
            if (schema != nullptr && schema->open) return schema->name;
        }
        return {};
    }

    void open(std::string why) { set_.maybe_more = std::move(why); }

    /// Whether rows of a relation of that name are filtered out, before its columns are looked at.
    [[nodiscard]] bool skips(std::string_view column, std::string_view value) const {
        const auto wanted = filter_.find(column);
        return wanted != filter_.end() && wanted->second != value;
    }

    [[nodiscard]] RowSet finish() { return std::move(set_); }

private:
    [[nodiscard]] bool is_filtered_out(std::initializer_list<Cell> cells) const {
        return std::ranges::any_of(cells, [this](const Cell& cell) {
            return cell.value.is_known() && cell.value.kind == Value::Kind::text &&
                   skips(cell.column, cell.value.text);
        });
    }

    const Resolver& resolver_;
    const std::set<std::string>& assumed_;
    const BuiltinRelation& relation_;
    const ColumnFilter& filter_;
    RowSet set_;
};

Value text(std::string_view value) {
    return Value::of_text(std::string(value));
}
Value yes_or_no(bool value) {
    return text(value ? "YES" : "NO");
}

std::string doubt_of_column(const Catalog& catalog, const Object& relation, const Object& column) {
    const std::string_view doubt = catalog.presence_doubt(relation);
    return std::string(doubt.empty() ? catalog.presence_doubt(column) : doubt);
}

/// A detail of an object whose definition may have changed is not certain.
Value detail(const Object& object, Value value) {
    return object.unknown.empty() ? std::move(value) : Value::unknown(object.unknown);
}

std::string schema_name(const Catalog& catalog, ObjectId schema) {
    if (schema == pg_catalog_schema) return "pg_catalog";
    if (schema == information_schema) return "information_schema";
    const Object* object = catalog.find(schema);
    return object == nullptr ? std::string() : object->name;
}

Value schema_value(const Catalog& catalog, ObjectId schema) {
    return Value::of_object(schema, catalog::quote_identifier(schema_name(catalog, schema)));
}

Value relation_value(const Rows& rows, ObjectId relation) {
    const Object* object = rows.catalog().find(relation);
    return object == nullptr ? Value::of_object(relation)
                             : Value::of_object(relation, rows.resolver().visible_name(*object));
}

std::string_view relkind(ObjectKind kind) {
    switch (kind) {
    case ObjectKind::table: return "r";
    case ObjectKind::partitioned_table: return "p";
    case ObjectKind::foreign_table: return "f";
    case ObjectKind::view: return "v";
    case ObjectKind::materialized_view: return "m";
    case ObjectKind::sequence: return "S";
    case ObjectKind::composite_type: return "c";
    case ObjectKind::index: return "i";
    default: return {};
    }
}

std::string_view table_type(const Object& object) {
    switch (object.kind) {
    case ObjectKind::view: return "VIEW";
    case ObjectKind::foreign_table: return "FOREIGN";
    default:
        return object.as<RelationDetails>().persistence == Persistence::temporary
                   ? "LOCAL TEMPORARY"
                   : "BASE TABLE";
    }
}

ObjectId schema_of(const Catalog& catalog, const Object& object) {
    if (object.schema != no_object || object.parent == no_object) return object.schema;
    const Object* parent = catalog.find(object.parent);
    return parent == nullptr ? no_object : parent->schema;
}

constexpr std::uint32_t relations = Taint::bit(NameSpace::relation);

bool is_kind(const Object& object, std::initializer_list<ObjectKind> kinds) {
    return std::ranges::count(kinds, object.kind) > 0;
}

/// What information_schema and pg_tables call a table.
constexpr std::initializer_list<ObjectKind> tables = {
    ObjectKind::table, ObjectKind::partitioned_table, ObjectKind::foreign_table};

// ---- schemas

void schemata(Rows& rows) {
    for (const std::string_view builtin : {"pg_catalog", "information_schema", "pg_toast"})
        rows.add({{"schema_name", text(builtin)}});
    for (const Object* object : rows.catalog().objects()) {
        if (object->kind != ObjectKind::schema) continue;
        rows.add(*object, {{"schema_name", text(object->name)}});
    }
    rows.add_tainted(Taint::bit(NameSpace::schema), "schema_name");
}

void pg_namespace(Rows& rows) {
    for (const auto& [id, name] : {std::pair{pg_catalog_schema, "pg_catalog"},
                                   std::pair{information_schema, "information_schema"},
                                   std::pair{pg_toast_schema, "pg_toast"}})
        rows.add({{"oid", Value::of_object(id, name)}, {"nspname", text(name)}});
    for (const Object* object : rows.catalog().objects()) {
        if (object->kind != ObjectKind::schema) continue;
        rows.add(*object, {{"oid", schema_value(rows.catalog(), object->id)},
                           {"nspname", text(object->name)}});
    }
    rows.add_tainted(Taint::bit(NameSpace::schema), "nspname");
}

// ---- relations

std::string_view relkind(catalog::RelationKind kind) {
    switch (kind) {
    case catalog::RelationKind::table: return "r";
    case catalog::RelationKind::view: return "v";
    case catalog::RelationKind::composite: return "c";
    case catalog::RelationKind::sequence: return "S";
    case catalog::RelationKind::materialized_view: return "m";
    case catalog::RelationKind::foreign: return "f";
    }
    return {};
}

ObjectId schema_id(catalog::BuiltinSchema schema) {
    return schema == catalog::BuiltinSchema::information_schema ? information_schema
                                                                : pg_catalog_schema;
}

void pg_class(Rows& rows) {
    for (const BuiltinRelation& builtin : catalog::all_builtin_relations()) {
        rows.add({{"oid", Value::of_object(static_cast<ObjectId>(builtin.oid))},
                  {"relname", text(builtin.name)},
                  {"relnamespace", schema_value(rows.catalog(), schema_id(builtin.schema))},
                  {"relkind", text(relkind(builtin.kind))}});
    }
    for (const Object* object : rows.catalog().objects()) {
        const std::string_view kind = relkind(object->kind);
        if (kind.empty()) continue;
        const ObjectId schema = schema_of(rows.catalog(), *object);
        const auto* details = object->get_if<RelationDetails>();
        const Value none = Value::of_boolean(false);
        rows.add(*object,
                 {{"oid", relation_value(rows, object->id)},
                  {"relname", text(object->name)},
                  {"relnamespace", schema_value(rows.catalog(), schema)},
                  {"relkind", text(kind)},
                  {"relispartition",
                   details == nullptr ? none
                                      : detail(*object, Value::of_boolean(details->is_partition))},
                  {"relrowsecurity",
                   details == nullptr ? none
                                      : detail(*object, Value::of_boolean(details->row_security))},
                  {"relforcerowsecurity",
                   details == nullptr
                       ? none
                       : detail(*object, Value::of_boolean(details->force_row_security))}});
    }
    rows.add_tainted(relations, "relname");
}

void information_tables(Rows& rows) {
    for (const BuiltinRelation& builtin : catalog::all_builtin_relations()) {
        rows.add({{"table_schema", text(catalog::name_of(builtin.schema))},
                  {"table_name", text(builtin.name)},
                  {"table_type",
                   text(builtin.kind == catalog::RelationKind::view ? "VIEW" : "BASE TABLE")}});
    }
    for (const Object* object : rows.catalog().objects()) {
        if (!is_kind(*object, tables) && object->kind != ObjectKind::view) continue;
        rows.add(*object, {{"table_schema", text(schema_name(rows.catalog(), object->schema))},
                           {"table_name", text(object->name)},
                           {"table_type", text(table_type(*object))}});
    }
    rows.add_tainted(relations, "table_name");
}

/// Views that list relations of some kinds by schema and name.
struct NamedRelations {
    std::string_view relation;
    std::string_view schema_column;
    std::string_view name_column;
    std::vector<ObjectKind> kinds;
    catalog::RelationKind builtin;
};

void named_relations(Rows& rows, const NamedRelations& view) {
    for (const BuiltinRelation& builtin : catalog::all_builtin_relations()) {
        if (builtin.kind != view.builtin) continue;
        rows.add({{view.schema_column, text(catalog::name_of(builtin.schema))},
                  {view.name_column, text(builtin.name)}});
    }
    for (const Object* object : rows.catalog().objects()) {
        if (std::ranges::count(view.kinds, object->kind) == 0) continue;
        const auto* details = object->get_if<RelationDetails>();
        rows.add(*object, {{view.schema_column, text(schema_name(rows.catalog(), object->schema))},
                           {view.name_column, text(object->name)},
                           {"rowsecurity",
                            details == nullptr
                                ? Value::unknown("row security of no table")
                                : detail(*object, Value::of_boolean(details->row_security))}});
    }
    rows.add_tainted(relations, view.name_column);
}

// ---- columns

std::string_view generation(char generated) {
    return generated == 's' ? "ALWAYS" : "NEVER";
}

/// data_type of information_schema.columns: what format_type prints without modifiers.
Value data_type(const Rows& rows, TypeRef type) {
    if (!type.known()) return Value::unknown("a type is not known");
    if (type.array) return text("ARRAY");
    if (!is_builtin(type.type)) return text("USER-DEFINED");
    const catalog::BuiltinType* builtin =
        catalog::find_builtin_type_by_oid(static_cast<catalog::Oid>(type.type));
    if (builtin == nullptr || builtin->schema != catalog::BuiltinSchema::pg_catalog)
        return Value::unknown("the type of an extension");
    if (builtin->kind == catalog::TypeKind::domain) return Value::unknown("the type of a domain");
    type.modifier = -1;
    return text(catalog::format_type(rows.resolver(), type));
}

Value type_name(const Rows& rows, TypeRef type) {
    if (!type.known()) return Value::unknown("a type is not known");
    const std::string prefix = type.array ? "_" : "";
    if (const Object* object = rows.catalog().find(type.type)) return text(prefix + object->name);
    const catalog::BuiltinType* builtin =
        catalog::find_builtin_type_by_oid(static_cast<catalog::Oid>(type.type));
    if (builtin == nullptr) return Value::unknown("a type is not known");
    return text(prefix + std::string(builtin->name));
}

/// varchar(n) and char(n) store n + 4.
Value character_length(TypeRef type) {
    const auto oid = static_cast<catalog::Oid>(type.type);
    const bool character = oid == catalog::type_oid::varchar || oid == catalog::type_oid::bpchar;
    if (!character || type.array || type.modifier < 4) return Value::null();
    return Value::of_integer(type.modifier - 4);
}

void information_column(Rows& rows, const Object& relation, const Object& column) {
    const auto& details = column.as<ColumnDetails>();
    const bool default_shown = details.has_default && details.generated == '\0';
    rows.add_maybe(doubt_of_column(rows.catalog(), relation, column),
                   {{"table_schema", text(schema_name(rows.catalog(), relation.schema))},
                    {"table_name", text(relation.name)},
                    {"column_name", text(column.name)},
                    {"ordinal_position", Value::of_integer(details.number)},
                    {"column_default",
                     default_shown ? Value::unknown("the text of a default") : Value::null()},
                    {"is_nullable", detail(column, yes_or_no(!details.not_null))},
                    {"data_type", detail(column, data_type(rows, details.type))},
                    {"udt_name", detail(column, type_name(rows, details.type))},
                    {"character_maximum_length", detail(column, character_length(details.type))},
                    {"is_identity", detail(column, yes_or_no(details.identity != '\0'))},
                    {"is_generated", detail(column, text(generation(details.generated)))}});
}

void builtin_columns(Rows& rows) {
    for (const BuiltinRelation& builtin : catalog::all_builtin_relations()) {
        if (rows.skips("table_name", builtin.name)) continue;
        for (const catalog::BuiltinColumn& column : builtin.columns)
            rows.add({{"table_schema", text(catalog::name_of(builtin.schema))},
                      {"table_name", text(builtin.name)},
                      {"column_name", text(column.name)}});
    }
}

bool has_columns(const Object& object) {
    return is_kind(object, tables) || object.kind == ObjectKind::view;
}

void information_columns(Rows& rows) {
    builtin_columns(rows);
    for (const Object* object : rows.catalog().objects()) {
        if (!has_columns(*object) || rows.skips("table_name", object->name)) continue;
        for (const Object* column : rows.catalog().columns(object->id))
            information_column(rows, *object, *column);
        if (object->as<RelationDetails>().invented || object->open || !object->unknown.empty())
            rows.add_maybe("its columns are not known",
                           {{"table_schema", text(schema_name(rows.catalog(), object->schema))},
                            {"table_name", text(object->name)}});
    }
    rows.add_tainted(Taint::bit(NameSpace::column), "column_name");
    rows.add_tainted(relations, "table_name");
}

void attribute(Rows& rows, const Object& relation, const Object& column) {
    const auto& details = column.as<ColumnDetails>();
    const std::string identity(details.identity == '\0' ? 0 : 1, details.identity);
    const std::string generated(details.generated == '\0' ? 0 : 1, details.generated);
    rows.add_maybe(doubt_of_column(rows.catalog(), relation, column),
                   {{"attrelid", relation_value(rows, relation.id)},
                    {"attname", text(column.name)},
                    {"attnum", Value::of_integer(details.number)},
                    {"attisdropped", Value::of_boolean(false)},
                    {"attnotnull", detail(column, Value::of_boolean(details.not_null))},
                    {"atthasdef", detail(column, Value::of_boolean(details.has_default))},
                    {"attidentity", detail(column, text(identity))},
                    {"attgenerated", detail(column, text(generated))},
                    {"atttypid", details.type.known() && !details.type.array
                                     ? detail(column, Value::of_object(details.type.type))
                                     : Value::unknown("the number of a type")}});
}

/// A dropped column keeps its number and gives its name up (RemoveAttributeById).
void dropped_attributes(Rows& rows, const Object& relation) {
    std::int16_t next = 1;
    const auto add_until = [&](std::int16_t number) {
        for (; next < number; ++next)
            rows.add({{"attrelid", relation_value(rows, relation.id)},
                      {"attname", text(fmt::format("........pg.dropped.{}........", next))},
                      {"attnum", Value::of_integer(next)},
                      {"attnotnull", Value::of_boolean(false)},
                      {"attisdropped", Value::of_boolean(true)}});
        ++next;
    };
    for (const Object* column : rows.catalog().columns(relation.id))
        add_until(column->as<ColumnDetails>().number);
    add_until(relation.as<RelationDetails>().next_column);
}

void plain_attribute(Rows& rows, const Object& relation, std::size_t number, Value name) {
    rows.add(relation, {{"attrelid", relation_value(rows, relation.id)},
                        {"attname", std::move(name)},
                        {"attnum", Value::of_integer(static_cast<std::int64_t>(number))},
                        {"attisdropped", Value::of_boolean(false)}});
}

/// An index keeps the name that a column had when it was made.
void index_attributes(Rows& rows, const Object& object, const IndexDetails& index) {
    std::vector<ObjectId> columns;
    for (const IndexDetails::Element& element : index.elements)
        columns.push_back(element.column);
    columns.insert(columns.end(), index.including.begin(), index.including.end());
    for (std::size_t at = 0; at < columns.size(); ++at) {
        const Object* column = rows.catalog().find(columns[at]);
        const bool renamed = column == nullptr || column->named != column->created;
        plain_attribute(rows, object, at + 1,
                        renamed ? Value::unknown("the name of an index's column")
                                : text(column->name));
    }
}

void sequence_attributes(Rows& rows, const Object& sequence) {
    std::size_t number = 0;
    for (const std::string_view name : {"last_value", "log_cnt", "is_called"})
        plain_attribute(rows, sequence, ++number, text(name));
}

void relation_attributes(Rows& rows, const Object& relation) {
    static constexpr std::array<std::string_view, 6> system = {"tableoid", "cmax", "xmax",
                                                               "cmin",     "xmin", "ctid"};
    for (const Object* column : rows.catalog().columns(relation.id))
        attribute(rows, relation, *column);
    dropped_attributes(rows, relation);
    if (is_kind(relation, {ObjectKind::view, ObjectKind::composite_type})) return;
    for (const std::string_view name : system)
        rows.add(relation, {{"attrelid", relation_value(rows, relation.id)},
                            {"attname", text(name)},
                            {"attnum", Value::of_integer(-1)},
                            {"attisdropped", Value::of_boolean(false)}});
}

void pg_attribute(Rows& rows) {
    for (const Object* object : rows.catalog().objects()) {
        if (const auto* index = object->get_if<IndexDetails>())
            index_attributes(rows, *object, *index);
        if (object->kind == ObjectKind::sequence) sequence_attributes(rows, *object);
        if (!relkind(object->kind).empty() && object->get_if<RelationDetails>() != nullptr)
            relation_attributes(rows, *object);
    }
    for (const BuiltinRelation& builtin : catalog::all_builtin_relations()) {
        for (const catalog::BuiltinColumn& column : builtin.columns)
            rows.add({{"attrelid", Value::of_object(static_cast<ObjectId>(builtin.oid))},
                      {"attname", text(column.name)},
                      {"attisdropped", Value::of_boolean(false)}});
    }
    rows.add_tainted(Taint::bit(NameSpace::column), "attname");
}

// ---- constraints and indexes

std::string_view contype(ConstraintDefinition::Kind kind) {
    switch (kind) {
    case ConstraintDefinition::Kind::check: return "c";
    case ConstraintDefinition::Kind::primary_key: return "p";
    case ConstraintDefinition::Kind::unique: return "u";
    case ConstraintDefinition::Kind::foreign_key: return "f";
    case ConstraintDefinition::Kind::exclusion: return "x";
    default: return {};
    }
}

void pg_constraint(Rows& rows) {
    for (const Object* object : rows.catalog().objects()) {
        const auto* details = object->get_if<ConstraintDetails>();
        if (details == nullptr) continue;
        const Object* parent = rows.catalog().find(object->parent);
        const bool of_domain = parent != nullptr && parent->kind == ObjectKind::domain;
        const Value zero = Value::of_object(no_object, "-");
        rows.add(
            *object,
            {{"oid", Value::of_object(object->id)},
             {"conname", text(object->name)},
             {"connamespace", schema_value(rows.catalog(), schema_of(rows.catalog(), *object))},
             {"contype", text(contype(details->kind))},
             {"conrelid", of_domain ? zero : relation_value(rows, object->parent)},
             {"contypid", of_domain ? Value::of_object(object->parent) : zero},
             {"confrelid",
              details->referenced == no_object ? zero : relation_value(rows, details->referenced)},
             {"convalidated", detail(*object, Value::of_boolean(details->validated))},
             {"condeferrable", detail(*object, Value::of_boolean(details->deferrable))}});
    }
    rows.add_tainted(Taint::bit(NameSpace::constraint), "conname");
}

std::string_view constraint_type(ConstraintDefinition::Kind kind) {
    switch (kind) {
    case ConstraintDefinition::Kind::primary_key: return "PRIMARY KEY";
    case ConstraintDefinition::Kind::unique: return "UNIQUE";
    case ConstraintDefinition::Kind::foreign_key: return "FOREIGN KEY";
    default: return "CHECK";
    }
}

/// A column's NOT NULL is listed as a CHECK whose name is made of numbers that only a server knows.
void not_null_constraints(Rows& rows, const Object& relation) {
    for (const Object* column : rows.catalog().columns(relation.id)) {
        if (!column->as<ColumnDetails>().not_null) continue;
        const std::string schema = schema_name(rows.catalog(), relation.schema);
        rows.add(
            {}, {{"constraint_schema", text(schema)},
                 {"constraint_name",
                  text(fmt::format("{}_{}_{}_not_null", static_cast<std::uint32_t>(relation.schema),
                                   static_cast<std::uint32_t>(relation.id),
                                   column->as<ColumnDetails>().number))},
                 {"table_schema", text(schema)},
                 {"table_name", text(relation.name)},
                 {"constraint_type", text("CHECK")}});
    }
}

void table_constraints(Rows& rows) {
    for (const Object* object : rows.catalog().objects()) {
        if (is_kind(*object, {ObjectKind::table, ObjectKind::partitioned_table}))
            not_null_constraints(rows, *object);
        const auto* details = object->get_if<ConstraintDetails>();
        const Object* table = rows.catalog().find(object->parent);
        if (details == nullptr || table == nullptr || table->kind == ObjectKind::domain) continue;
        if (details->kind == ConstraintDefinition::Kind::exclusion) continue;
        const std::string schema = schema_name(rows.catalog(), table->schema);
        rows.add(*object, {{"constraint_schema", text(schema)},
                           {"constraint_name", text(object->name)},
                           {"table_schema", text(schema)},
                           {"table_name", text(table->name)},
                           {"constraint_type", text(constraint_type(details->kind))}});
    }
    rows.add_tainted(Taint::bit(NameSpace::constraint), "constraint_name");
}

/// key_column_usage lists the columns of keys; constraint_column_usage those that a constraint
/// uses, for a foreign key the referenced ones.
void column_usage(Rows& rows, bool keys_only) {
    using Kind = ConstraintDefinition::Kind;
    for (const Object* object : rows.catalog().objects()) {
        const auto* details = object->get_if<ConstraintDetails>();
        if (details == nullptr || details->kind == Kind::exclusion) continue;
        if (keys_only && details->kind == Kind::check) continue;
        const bool referenced = !keys_only && details->kind == Kind::foreign_key;
        const ObjectId of = referenced ? details->referenced : object->parent;
        const Object* table = rows.catalog().find(of);
        if (table == nullptr || table->kind == ObjectKind::domain) continue;
        const std::string schema = schema_name(rows.catalog(), table->schema);
        for (const ObjectId id : referenced ? details->referenced_columns : details->columns) {
            const Object* column = rows.catalog().find(id);
            if (column == nullptr) continue;
            rows.add(*object, {{"constraint_name", text(object->name)},
                               {"table_schema", text(schema)},
                               {"table_name", text(table->name)},
                               {"column_name", text(column->name)}});
        }
    }
    rows.add_tainted(Taint::bit(NameSpace::constraint), "constraint_name");
}

void pg_index(Rows& rows) {
    for (const Object* object : rows.catalog().objects()) {
        const auto* details = object->get_if<IndexDetails>();
        if (details == nullptr) continue;
        rows.add(*object, {{"indexrelid", relation_value(rows, object->id)},
                           {"indrelid", relation_value(rows, object->parent)},
                           {"indisunique", detail(*object, Value::of_boolean(details->unique))},
                           {"indisprimary", detail(*object, Value::of_boolean(details->primary))},
                           {"indisvalid", detail(*object, Value::of_boolean(details->valid))},
                           {"indisready", Value::of_boolean(true)}});
    }
    // One for those of the system catalogs, which nothing asks for: pg_class_oid_index.
    rows.add({{"indexrelid", Value::of_object(ObjectId{2662}, "pg_class_oid_index")},
              {"indrelid", Value::of_object(ObjectId{1259}, "pg_class")},
              {"indisunique", Value::of_boolean(true)},
              {"indisprimary", Value::of_boolean(true)},
              {"indisvalid", Value::of_boolean(true)}});
}

void pg_indexes(Rows& rows) {
    for (const Object* object : rows.catalog().objects()) {
        if (object->get_if<IndexDetails>() == nullptr) continue;
        const Object* table = rows.catalog().find(object->parent);
        if (table == nullptr) continue;
        rows.add(*object, {{"schemaname", text(schema_name(rows.catalog(), table->schema))},
                           {"tablename", text(table->name)},
                           {"indexname", text(object->name)}});
    }
    rows.add_tainted(relations, "indexname");
}

// ---- types, functions, triggers, policies

std::string_view typtype(ObjectKind kind) {
    switch (kind) {
    case ObjectKind::enum_: return "e";
    case ObjectKind::domain: return "d";
    case ObjectKind::range: return "r";
    case ObjectKind::composite_type:
    case ObjectKind::table:
    case ObjectKind::partitioned_table:
    case ObjectKind::foreign_table:
    case ObjectKind::view:
    case ObjectKind::materialized_view: return "c";
    default: return {};
    }
}

std::string_view typtype(catalog::TypeKind kind) {
    switch (kind) {
    case catalog::TypeKind::base: return "b";
    case catalog::TypeKind::composite: return "c";
    case catalog::TypeKind::domain: return "d";
    case catalog::TypeKind::enumeration: return "e";
    case catalog::TypeKind::pseudo: return "p";
    case catalog::TypeKind::range: return "r";
    case catalog::TypeKind::multirange: return "m";
    }
    return {};
}

void add_builtin_type(Rows& rows, const catalog::BuiltinType& type, const Value& schema) {
    rows.add({{"oid", Value::of_object(static_cast<ObjectId>(type.oid))},
              {"typname", text(type.name)},
              {"typnamespace", schema},
              {"typtype", text(typtype(type.kind))}});
}

/// makeMultirangeTypeName(); MULTIRANGE_TYPE_NAME is not kept.
std::string multirange_name(std::string name) {
    const std::size_t at = name.find("range");
    return at == std::string::npos ? name + "_multirange" : name.insert(at, "multi");
}

void pg_type(Rows& rows) {
    for (const catalog::BuiltinType& type : catalog::all_builtin_types())
        add_builtin_type(rows, type, schema_value(rows.catalog(), schema_id(type.schema)));
    for (const catalog::BuiltinExtension* extension : rows.resolver().visible_extensions({})) {
        for (const catalog::BuiltinType& type : extension->types)
            add_builtin_type(rows, type, Value::unknown("the schema of an extension"));
    }
    for (const Object* object : rows.catalog().objects()) {
        const std::string_view type = typtype(object->kind);
        if (type.empty()) continue;
        const Value schema = schema_value(rows.catalog(), object->schema);
        rows.add(*object,
                 {{"oid", Value::of_object(object->id, rows.resolver().visible_name(*object))},
                  {"typname", text(object->name)},
                  {"typnamespace", schema},
                  {"typtype", text(type)}});
        rows.add(*object, {{"typname", text("_" + object->name)},
                           {"typnamespace", schema},
                           {"typtype", text("b")}});
        if (object->kind != ObjectKind::range) continue;
        rows.add(*object, {{"typname", text(multirange_name(object->name))},
                           {"typnamespace", schema},
                           {"typtype", text("m")}});
    }
    rows.add_tainted(Taint::bit(NameSpace::type), "typname");
}

void pg_enum(Rows& rows) {
    for (const Object* object : rows.catalog().objects()) {
        const auto* details = object->get_if<EnumDetails>();
        if (details == nullptr) continue;
        for (const std::string& label : details->labels)
            rows.add_maybe(
                object->unknown.empty() ? std::string(rows.catalog().presence_doubt(*object))
                                        : object->unknown,
                {{"enumtypid", Value::of_object(object->id, rows.resolver().visible_name(*object))},
                 {"enumlabel", text(label)}});
        if (!object->unknown.empty())
            rows.add_maybe(object->unknown, {{"enumtypid", Value::of_object(object->id)}});
    }
    rows.add_outsiders();
}

void add_builtin_function(Rows& rows,
                          const catalog::BuiltinFunction& function,
                          const Value& schema) {
    rows.add(
        {{"oid", Value::of_object(static_cast<ObjectId>(function.oid))},
         {"proname", text(function.name)},
         {"pronamespace", schema},
         {"pronargs", Value::of_integer(static_cast<std::int64_t>(function.arguments.size()))}});
}

void pg_proc(Rows& rows) {
    for (const catalog::BuiltinFunction& function : catalog::all_builtin_functions())
        add_builtin_function(rows, function,
                             schema_value(rows.catalog(), schema_id(function.schema)));
    for (const catalog::BuiltinExtension* extension : rows.resolver().visible_extensions({})) {
        for (const catalog::BuiltinFunction& function : extension->functions)
            add_builtin_function(rows, function, Value::unknown("the schema of an extension"));
    }
    for (const Object* object : rows.catalog().objects()) {
        const auto* details = object->get_if<FunctionDetails>();
        if (details == nullptr) continue;
        rows.add(*object,
                 {{"oid", Value::of_object(object->id)},
                  {"proname", text(object->name)},
                  {"pronamespace", schema_value(rows.catalog(), object->schema)},
                  {"prokind", text(object->kind == ObjectKind::procedure   ? "p"
                                   : object->kind == ObjectKind::aggregate ? "a"
                                                                           : "f")},
                  {"pronargs",
                   Value::of_integer(static_cast<std::int64_t>(details->arguments.size()))}});
    }
    rows.add_tainted(Taint::bit(NameSpace::function), "proname");
}

void routines(Rows& rows) {
    for (const catalog::BuiltinFunction& function : catalog::all_builtin_functions())
        rows.add({{"routine_schema", text(catalog::name_of(function.schema))},
                  {"routine_name", text(function.name)}});
    for (const Object* object : rows.catalog().objects()) {
        if (!is_kind(*object, {ObjectKind::function, ObjectKind::procedure})) continue;
        rows.add(*object,
                 {{"routine_schema", text(schema_name(rows.catalog(), object->schema))},
                  {"routine_name", text(object->name)},
                  {"routine_type",
                   text(object->kind == ObjectKind::procedure ? "PROCEDURE" : "FUNCTION")}});
    }
    rows.add_tainted(Taint::bit(NameSpace::function), "routine_name");
}

void pg_trigger(Rows& rows) {
    for (const Object* object : rows.catalog().objects()) {
        const auto* details = object->get_if<TriggerDetails>();
        if (details == nullptr) continue;
        rows.add(*object, {{"oid", Value::of_object(object->id)},
                           {"tgname", text(object->name)},
                           {"tgrelid", relation_value(rows, object->parent)},
                           {"tgfoid", Value::of_object(details->function)},
                           {"tgisinternal", Value::of_boolean(false)},
                           {"tgenabled", detail(*object, text(std::string(1, details->enabled)))}});
    }
    for (const Object* object : rows.catalog().objects()) {
        const auto* details = object->get_if<ConstraintDetails>();
        if (details == nullptr || details->kind != ConstraintDefinition::Kind::foreign_key)
            continue;
        // Two on each side; their names end with a number of the server's.
        for (const auto& [table, name] :
             {std::pair(object->parent, "RI_ConstraintTrigger_c_"),
              std::pair(details->referenced, "RI_ConstraintTrigger_a_")}) {
            for (int each = 0; each < 2; ++each)
                rows.add(*object, {{"tgname", text(name)},
                                   {"tgrelid", relation_value(rows, table)},
                                   {"tgisinternal", Value::of_boolean(true)}});
        }
    }
    rows.add_tainted(Taint::bit(NameSpace::trigger), "tgname");
}

void information_triggers(Rows& rows) {
    for (const Object* object : rows.catalog().objects()) {
        const auto* details = object->get_if<TriggerDetails>();
        const Object* table = rows.catalog().find(object->parent);
        if (details == nullptr || table == nullptr) continue;
        const std::string schema = schema_name(rows.catalog(), table->schema);
        for (const std::string& event : details->events) {
            if (event == "truncate") continue; // The standard does not know it.
            rows.add(*object,
                     {{"trigger_schema", text(schema)},
                      {"trigger_name", text(object->name)},
                      {"event_manipulation", text(text::upper_case(event))},
                      {"event_object_schema", text(schema)},
                      {"event_object_table", text(table->name)},
                      {"action_timing", text(text::upper_case(details->timing))},
                      {"action_orientation", text(details->for_each_row ? "ROW" : "STATEMENT")}});
        }
    }
    rows.add_tainted(Taint::bit(NameSpace::trigger), "trigger_name");
}

void policies(Rows& rows) {
    for (const Object* object : rows.catalog().objects()) {
        const auto* details = object->get_if<PolicyDetails>();
        const Object* table = rows.catalog().find(object->parent);
        if (details == nullptr || table == nullptr) continue;
        rows.add(*object,
                 {{"schemaname", text(schema_name(rows.catalog(), table->schema))},
                  {"tablename", text(table->name)},
                  {"policyname", text(object->name)},
                  {"polname", text(object->name)},
                  {"polrelid", relation_value(rows, table->id)},
                  {"permissive", text(details->permissive ? "PERMISSIVE" : "RESTRICTIVE")}});
    }
    rows.add_tainted(Taint::bit(NameSpace::policy), "policyname");
    rows.add_tainted(Taint::bit(NameSpace::policy), "polname");
}

// ---- what belongs to no schema

/// Relations that list one kind of object by name.
struct NamedObjects {
    std::string_view relation;
    std::string_view name_column;
    ObjectKind kind;
};

constexpr std::array<NamedObjects, 5> named_objects = {{
    {"pg_extension", "extname", ObjectKind::extension},
    {"pg_publication", "pubname", ObjectKind::publication},
    {"pg_event_trigger", "evtname", ObjectKind::event_trigger},
    {"domains", "domain_name", ObjectKind::domain},
    {"pg_statistic_ext", "stxname", ObjectKind::statistics},
}};

void objects_by_name(Rows& rows, const NamedObjects& list) {
    for (const Object* object : rows.catalog().objects()) {
        if (object->kind != list.kind) continue;
        rows.add(*object, {{list.name_column, text(object->name)},
                           {"domain_schema", text(schema_name(rows.catalog(), object->schema))}});
    }
    if (list.kind == ObjectKind::extension) rows.add({{"extname", text("plpgsql")}});
    rows.add_tainted(Taint::bit(name_space_of(list.kind)), list.name_column);
}

/// A role that is not made by the plan is not there on a fresh server, unless it had to be there
/// for an earlier statement.
void roles(Rows& rows, std::string_view name_column) {
    rows.add({{name_column, text("postgres")}});
    for (const catalog::BuiltinRole& role : catalog::all_builtin_roles())
        rows.add({{name_column, text(role.name)}});
    for (const Object* object : rows.catalog().objects()) {
        if (object->kind != ObjectKind::role) continue;
        rows.add(*object, {{name_column, text(object->name)}});
    }
    constexpr std::string_view prefix = "role \"";
    for (const std::string& assumed : rows.assumed()) {
        if (!assumed.starts_with(prefix)) continue;
        rows.add({{name_column,
                   text(assumed.substr(prefix.size(), assumed.size() - prefix.size() - 1))}});
    }
    rows.add_tainted(Taint::bit(NameSpace::role), name_column);
}

struct Source {
    std::string_view relation;
    void (*fill)(Rows&);
};

constexpr std::array<Source, 27> sources = {{
    {"schemata", schemata},
    {"pg_namespace", pg_namespace},
    {"pg_class", pg_class},
    {"tables", information_tables},
    {"columns", information_columns},
    {"pg_attribute", pg_attribute},
    {"pg_constraint", pg_constraint},
    {"table_constraints", table_constraints},
    {"key_column_usage", [](Rows& rows) { column_usage(rows, true); }},
    {"constraint_column_usage", [](Rows& rows) { column_usage(rows, false); }},
    {"pg_index", pg_index},
    {"pg_indexes", pg_indexes},
    {"pg_type", pg_type},
    {"pg_enum", pg_enum},
    {"pg_proc", pg_proc},
    {"routines", routines},
    {"pg_trigger", pg_trigger},
    {"triggers", information_triggers},
    {"pg_policy", policies},
    {"pg_policies", policies},
    {"pg_roles", [](Rows& rows) { roles(rows, "rolname"); }},
    {"pg_authid", [](Rows& rows) { roles(rows, "rolname"); }},
    {"pg_user", [](Rows& rows) { roles(rows, "usename"); }},
    {"pg_tables",
     [](Rows& rows) {
         named_relations(rows, {.relation = "pg_tables",
                                .schema_column = "schemaname",
                                .name_column = "tablename",
                                .kinds = {ObjectKind::table, ObjectKind::partitioned_table},
                                .builtin = catalog::RelationKind::table});
     }},
    {"pg_views",
     [](Rows& rows) {
         named_relations(rows, {.relation = "pg_views",
                                .schema_column = "schemaname",
                                .name_column = "viewname",
                                .kinds = {ObjectKind::view},
                                .builtin = catalog::RelationKind::view});
     }},
    {"views",
     [](Rows& rows) {
         named_relations(rows, {.relation = "views",
                                .schema_column = "table_schema",
                                .name_column = "table_name",
                                .kinds = {ObjectKind::view},
                                .builtin = catalog::RelationKind::view});
     }},
    {"pg_matviews",
     [](Rows& rows) {
         named_relations(rows, {.relation = "pg_matviews",
                                .schema_column = "schemaname",
                                .name_column = "matviewname",
                                .kinds = {ObjectKind::materialized_view},
                                .builtin = catalog::RelationKind::materialized_view});
     }},
}};

} // namespace

RowSet system_rows(const Resolver& resolver,
                   const std::set<std::string>& assumed,
                   const BuiltinRelation& relation,
                   const ColumnFilter& filter) {
    Rows rows(resolver, assumed, relation, filter);
    const auto* const source = std::ranges::find(sources, relation.name, &Source::relation);
    const auto* const list =
        std::ranges::find(named_objects, relation.name, &NamedObjects::relation);
    if (source != sources.end()) {
        source->fill(rows);
    } else if (list != named_objects.end()) {
        objects_by_name(rows, *list);
    } else {
        rows.open(fmt::format("{} is not modelled", relation.name));
    }
    return rows.finish();
}

} // namespace ordain::replay
