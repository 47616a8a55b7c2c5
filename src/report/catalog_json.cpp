#include "report/catalog_json.hpp"

#include <algorithm>
#include <string_view>
#include <tuple>

namespace ordain::report {
namespace {

/// Writes objects of one catalog, with the names of a session that set no search_path.
class CatalogWriter {
public:
    CatalogWriter(const Catalog& catalog, catalog::World world)
        : catalog_(catalog),
          resolver_(catalog, path_, world) {}

    [[nodiscard]] Json write(const Object& object) const {
        Json json = object_json(reference_to(object));
        add_attributes(json, object);
        if (!object.unknown.empty()) json["unknown"] = object.unknown;
        if (!catalog_.presence_doubt(object).empty()) json["presence"] = "maybe";
        return json;
    }

    [[nodiscard]] ObjectReference reference_to(const Object& object) const {
        ObjectReference reference;
        reference.kind = object.kind;
        reference.name = object.name;
        const Object* parent = catalog_.find(object.parent);
        if (parent != nullptr) reference.table = parent->name;
        const Object* schema = catalog_.find(
            parent != nullptr && object.schema == no_object ? parent->schema : object.schema);
        // An extension's schema is its members'; its own name is the database's.
        const bool global = object.kind == ObjectKind::extension;
        if (schema != nullptr && !global) reference.schema = schema->name;
        if (const auto* function = object.get_if<FunctionDetails>()) {
            for (const TypeRef argument : function->arguments) {
                reference.arguments.push_back(catalog::format_type_name(resolver_, argument));
            }
        }
        return reference;
    }

private:
    void add_attributes(Json& json, const Object& object) const {
        if (const auto* relation = object.get_if<RelationDetails>()) {
            json["row_security"] = relation->row_security;
        } else if (const auto* column = object.get_if<ColumnDetails>()) {
            add_column(json, *column);
        } else if (const auto* constraint = object.get_if<ConstraintDetails>()) {
            add_constraint(json, *constraint);
        } else if (const auto* index = object.get_if<IndexDetails>()) {
            add_index(json, *index);
        } else if (const auto* enumeration = object.get_if<EnumDetails>()) {
            json["labels"] = enumeration->labels;
        }
    }

    void add_column(Json& json, const ColumnDetails& column) const {
        json["type"] =
            column.type.known() ? Json(catalog::format_type(resolver_, column.type)) : Json();
        json["not_null"] = column.not_null;
        json["has_default"] = column.has_default;
        json["generated"] = column.generated == 's' ? Json("stored") : Json();
        json["identity"] = identity(column.identity);
    }

    static Json identity(char code) {
        if (code == 'a') return "always";
        if (code == 'd') return "by default";
        return nullptr;
    }

    void add_constraint(Json& json, const ConstraintDetails& constraint) const {
        json["type"] = type_of(constraint.kind);
        json["columns"] = names(constraint.columns);
        json["validated"] = constraint.validated;
        json["references"] = nullptr;
        const Object* referenced = catalog_.find(constraint.referenced);
        if (referenced == nullptr) return;
        json["references"] = Json{{"schema", name_or_null(referenced->schema)},
                                  {"table", referenced->name},
                                  {"columns", names(constraint.referenced_columns)},
                                  {"on_delete", name_of(constraint.on_delete)},
                                  {"on_update", name_of(constraint.on_update)}};
    }

    static std::string_view type_of(ConstraintDefinition::Kind kind) {
        using enum ConstraintDefinition::Kind;
        switch (kind) {
        case null: return "null";
        case not_null: return "not null";
        case default_: return "default";
        case identity: return "identity";
        case generated: return "generated";
        case check: return "check";
        case primary_key: return "primary key";
        case unique: return "unique";
        case exclusion: return "exclusion";
        case foreign_key: return "foreign key";
        }
        return {};
    }

    void add_index(Json& json, const IndexDetails& index) const {
        Json columns = Json::array();
        for (const IndexDetails::Element& element : index.elements) {
            columns.push_back(name_or_null(element.column));
        }
        json["unique"] = index.unique;
        json["method"] = index.method;
        json["columns"] = std::move(columns);
        json["predicate"] = !index.predicate.empty();
    }

    [[nodiscard]] Json name_or_null(ObjectId id) const {
        const Object* object = catalog_.find(id);
        return object == nullptr ? Json() : Json(object->name);
    }

    [[nodiscard]] Json names(const std::vector<ObjectId>& ids) const {
        Json list = Json::array();
        for (const ObjectId id : ids)
            list.push_back(name_or_null(id));
        return list;
    }

    const Catalog& catalog_;
    catalog::SearchPath path_;
    catalog::Resolver resolver_;
};

/// Made by a migration, and not assumed or made by the server or the migration tool.
bool is_shown(const Object& object) {
    const bool is_public = object.kind == ObjectKind::schema && object.name == "public";
    return object.created.migration != 0 || is_public;
}

} // namespace

Json catalog_json(const Catalog& catalog, catalog::World world) {
    const CatalogWriter writer(catalog, world);
    struct Entry {
        ObjectReference reference;
        const Object* object = nullptr;
    };
    std::vector<Entry> entries;
    for (const Object* object : catalog.objects()) {
        if (!is_shown(*object)) continue;
        entries.push_back({.reference = writer.reference_to(*object), .object = object});
    }
    std::ranges::sort(entries, {}, [](const Entry& entry) {
        const ObjectReference& reference = entry.reference;
        return std::tie(reference.schema, reference.table, reference.kind, reference.name,
                        reference.arguments);
    });
    Json list = Json::array();
    for (const Entry& entry : entries)
        list.push_back(writer.write(*entry.object));
    return list;
}

} // namespace ordain::report
