#include "catalog/resolve.hpp"

#include "text/keywords.hpp"

#include <algorithm>
#include <array>

namespace ordain::catalog {
namespace {

constexpr std::array<std::string_view, 6> system_columns = {"tableoid", "xmin", "cmin",
                                                            "xmax",     "cmax", "ctid"};

ObjectId id_of(Oid oid) {
    return static_cast<ObjectId>(oid);
}

Lookup found(const Object& object) {
    return {.state = Lookup::State::present, .id = object.id, .object = &object, .reason = {}};
}

Lookup builtin(Oid oid) {
    return {.state = Lookup::State::present, .id = id_of(oid), .object = nullptr, .reason = {}};
}

Lookup doubtful(std::string reason) {
    return {
        .state = Lookup::State::maybe, .id = {}, .object = nullptr, .reason = std::move(reason)};
}

Lookup assumed(std::string reason) {
    Lookup lookup = doubtful(std::move(reason));
    lookup.assumed = true;
    return lookup;
}

bool row_type(const Object& object) {
    return object.get_if<RelationDetails>() != nullptr;
}

const BuiltinType* extension_type(const BuiltinExtension& extension, std::string_view name) {
    const auto type = std::ranges::lower_bound(extension.types, name, {}, &BuiltinType::name);
    return type != extension.types.end() && type->name == name ? &*type : nullptr;
}

} // namespace

Lookup Resolver::named(NameSpace space, ObjectId container, std::string_view name) const {
    const Object* object = catalog_.find(space, container, name);
    if (object != nullptr) {
        Lookup lookup = found(*object);
        lookup.reason = catalog_.presence_doubt(*object);
        if (!lookup.reason.empty()) lookup.state = Lookup::State::maybe;
        return lookup;
    }
    std::string made = creation_doubt(space, name);
    return made.empty() ? Lookup{} : doubtful(std::move(made));
}

std::string Resolver::creation_doubt(NameSpace space, std::string_view name) const {
    for (const std::string_view word : {name, Catalog::any_word}) {
        const Taint* taint = catalog_.taint(word);
        if (taint != nullptr && (taint->creates & Taint::bit(space)) != 0) return taint->reason;
    }
    return {};
}

Lookup Resolver::schema(std::string_view name) const {
    if (name == "pg_catalog") return builtin(static_cast<Oid>(pg_catalog_schema));
    if (name == "information_schema") return builtin(static_cast<Oid>(information_schema));
    if (name == "pg_toast") return builtin(static_cast<Oid>(pg_toast_schema));
    Lookup lookup = named(NameSpace::schema, no_object, name);
    if (lookup.absent() && world_ == World::open) {
        return assumed("schema \"" + std::string(name) + "\" is assumed to exist");
    }
    return lookup;
}

std::vector<ObjectId> Resolver::lookup_schemas() const {
    std::vector<ObjectId> schemas;
    const bool explicit_catalog = std::ranges::count(path_.schemas, "pg_catalog") > 0;
    if (const Object* temporary = catalog_.find(NameSpace::schema, no_object, "pg_temp")) {
        schemas.push_back(temporary->id);
    }
    if (!explicit_catalog) schemas.push_back(pg_catalog_schema);
    for (const std::string& name : path_.schemas) {
        const Lookup lookup = schema(name == "$user" ? std::string_view(path_.user) : name);
        if (lookup.id != no_object) schemas.push_back(lookup.id);
    }
    return schemas;
}

Lookup Resolver::creation_schema() const {
    for (const std::string& name : path_.schemas) {
        Lookup lookup = schema(name == "$user" ? std::string_view(path_.user) : name);
        if (!lookup.absent() && lookup.id != no_object) return lookup;
    }
    return {};
}

Lookup Resolver::in_schema(NameSpace space, const QualifiedName& name) const {
    if (!name.schema.empty()) {
        Lookup container = schema(name.schema.text);
        if (container.id == no_object) return container;
        Lookup lookup = named(space, container.id, name.name.text);
        const bool doubt = container.state == Lookup::State::maybe && !lookup.absent();
        return doubt ? doubtful(container.reason) : lookup;
    }
    Lookup best;
    for (const ObjectId container : lookup_schemas()) {
        Lookup lookup = named(space, container, name.name.text);
        if (lookup.id != no_object) return lookup;
        if (!lookup.absent()) best = std::move(lookup);
    }
    return best;
}

bool Resolver::takes_to_exist(const QualifiedName& name) const {
    if (world_ == World::open) return true;
    const auto is_open = [this](ObjectId schema) {
        const Object* object = catalog_.find(schema);
        return object != nullptr && object->open;
    };
    if (!name.schema.empty()) return is_open(schema(name.schema.text).id);
    return std::ranges::any_of(lookup_schemas(), is_open);
}

Lookup Resolver::relation(const QualifiedName& name) const {
    const std::string_view schema_name = name.schema.text;
    const bool unqualified = schema_name.empty();
    if (unqualified || schema_name == "pg_catalog" || schema_name == "information_schema") {
        const BuiltinRelation* shipped =
            find_builtin_relation(unqualified ? "pg_catalog" : schema_name, name.name.text);
        if (shipped != nullptr) return builtin(shipped->oid);
    }
    Lookup lookup = in_schema(NameSpace::relation, name);
    if (!lookup.absent() || !takes_to_exist(name)) return lookup;
    return assumed("relation \"" + to_string(name) + "\" is assumed to exist");
}

Lookup Resolver::type(const QualifiedName& name) const {
    const std::string_view schema_name = name.schema.text;
    const std::string& bare = name.name.text;
    if (schema_name.empty() || schema_name == "pg_catalog") {
        if (const BuiltinType* shipped = find_builtin_type(bare)) return builtin(shipped->oid);
    }
    if (schema_name == "information_schema") {
        const BuiltinType* shipped = find_builtin_type(bare, BuiltinSchema::information_schema);
        return shipped == nullptr ? Lookup{} : builtin(shipped->oid);
    }
    Lookup lookup = in_schema(NameSpace::type, name);
    if (!lookup.absent()) return lookup;
    Lookup relation = in_schema(NameSpace::relation, name);
    if (relation.object == nullptr ? !relation.absent() : row_type(*relation.object))
        return relation;
    if (Lookup member = extension_member_type(name); !member.absent()) return member;
    if (!takes_to_exist(name)) return {};
    return assumed("type \"" + to_string(name) + "\" is assumed to exist");
}

std::vector<const BuiltinExtension*>
Resolver::visible_extensions(std::string_view schema_name) const {
    std::vector<const BuiltinExtension*> visible;
    if (catalog_.extensions().empty()) return visible;
    const std::vector<ObjectId> path = lookup_schemas();
    for (const ObjectId id : catalog_.extensions()) {
        const Object& object = catalog_.at(id);
        const BuiltinExtension* extension = find_extension(object.name);
        if (extension == nullptr) continue;
        const Object* home = catalog_.find(object.schema);
        const bool shown = schema_name.empty() ? std::ranges::count(path, object.schema) > 0
                                               : home != nullptr && home->name == schema_name;
        if (shown) visible.push_back(extension);
    }
    return visible;
}

std::string Resolver::unknown_extension() const {
    for (const ObjectId id : catalog_.extensions()) {
        const Object& object = catalog_.at(id);
        if (find_extension(object.name) == nullptr) {
            return "extension \"" + object.name + "\", whose members are not known, may bring it";
        }
    }
    return {};
}

Lookup Resolver::extension_member_type(const QualifiedName& name) const {
    for (const BuiltinExtension* extension : visible_extensions(name.schema.text)) {
        if (const BuiltinType* member = extension_type(*extension, name.name.text)) {
            return builtin(member->oid);
        }
    }
    std::string reason = unknown_extension();
    return reason.empty() ? Lookup{} : doubtful(std::move(reason));
}

std::vector<const Object*> Resolver::functions(const QualifiedName& name) const {
    std::vector<ObjectId> schemas;
    if (name.schema.empty()) {
        schemas = lookup_schemas();
    } else if (const Lookup home = schema(name.schema.text); home.id != no_object) {
        schemas = {home.id};
    }
    std::vector<const Object*> functions;
    for (const ObjectId home : schemas) {
        for (const ObjectId id : catalog_.named(NameSpace::function, home, name.name.text)) {
            functions.push_back(&catalog_.at(id));
        }
    }
    return functions;
}

std::string Resolver::function_doubt(const QualifiedName& name) const {
    if (std::string made = creation_doubt(NameSpace::function, name.name.text); !made.empty())
        return made;
    if (!name.schema.empty()) {
        const Lookup home = schema(name.schema.text);
        if (home.state == Lookup::State::maybe) return home.reason;
    }
    if (std::string reason = unknown_extension(); !reason.empty()) return reason;
    if (takes_to_exist(name)) return "function \"" + to_string(name) + "\" is assumed to exist";
    return {};
}

Lookup Resolver::column(ObjectId relation, std::string_view name) const {
    if (is_builtin(relation)) {
        const BuiltinRelation* shipped = find_builtin_relation_by_oid(static_cast<Oid>(relation));
        if (shipped == nullptr) return doubtful("its columns are not known");
        const bool has = std::ranges::count(shipped->columns, name, &BuiltinColumn::name) > 0;
        return has ? builtin(0) : Lookup{};
    }
    Lookup lookup = named(NameSpace::column, relation, name);
    if (!lookup.absent()) return lookup;
    const Object* owner = catalog_.find(relation);
    const auto* details = owner == nullptr ? nullptr : owner->get_if<RelationDetails>();
    const bool has_system_columns = details != nullptr && owner->kind != ObjectKind::view;
    if (has_system_columns && std::ranges::count(system_columns, name) > 0) return builtin(0);
    return owner == nullptr ? lookup : unseen_part(*owner, "the columns of");
}

Lookup Resolver::part(NameSpace space, ObjectId relation, std::string_view name) const {
    Lookup lookup = named(space, relation, name);
    const Object* owner = catalog_.find(relation);
    if (!lookup.absent() || owner == nullptr) return lookup;
    return unseen_part(*owner, "what belongs to");
}

Lookup Resolver::unseen_part(const Object& owner, std::string_view what) const {
    const auto* details = owner.get_if<RelationDetails>();
    if (details == nullptr || !(details->invented || owner.open)) return {};
    std::string reason = std::string(what) + " \"" + owner.name + "\" " +
                         (details->invented ? "are not known" : "are not all known");
    const bool vouched = owner.open || world_ == World::open;
    return vouched ? assumed(std::move(reason)) : doubtful(std::move(reason));
}

Lookup Resolver::global(NameSpace space, std::string_view name) const {
    return named(space, no_object, name);
}

std::string quote_identifier(std::string_view name) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    const bool safe = !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
                      std::ranges::all_of(name, plain);
    const auto category = text::keyword_category(name);
    if (safe && (!category || *category == text::KeywordCategory::unreserved)) {
        return std::string(name);
    }
    std::string quoted = "\"";
    for (const char c : name) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + "\"";
}

std::string Resolver::visible_name(const Object& object) const {
    if (object.schema == no_object || is_builtin(object.schema))
        return quote_identifier(object.name);
    const NameSpace space = name_space_of(object.kind);
    for (const ObjectId home : lookup_schemas()) {
        if (home == object.schema) return quote_identifier(object.name);
        if (!catalog_.named(space, home, object.name).empty()) break;
    }
    const Object* home = catalog_.find(object.schema);
    const std::string prefix = home == nullptr ? std::string() : quote_identifier(home->name) + ".";
    return prefix + quote_identifier(object.name);
}

std::string qualified_name(const Catalog& catalog, ObjectId id) {
    if (is_builtin(id)) {
        const BuiltinRelation* shipped = find_builtin_relation_by_oid(static_cast<Oid>(id));
        if (shipped != nullptr) {
            return std::string(name_of(shipped->schema)) + "." + std::string(shipped->name);
        }
        const BuiltinType* type = find_builtin_type_by_oid(static_cast<Oid>(id));
        return type == nullptr ? std::string("?") : std::string(type->display);
    }
    const Object* object = catalog.find(id);
    if (object == nullptr) return "?";
    const Object* home = catalog.find(object->schema);
    const bool member = home != nullptr && object->kind != ObjectKind::extension;
    return member ? home->name + "." + object->name : object->name;
}

std::string render(const Catalog& catalog, const BoundText& text) {
    std::string rendered;
    for (const BoundText::Piece& piece : text.pieces) {
        rendered += piece.text;
        if (piece.object == no_object) continue;
        const Object* object = catalog.find(piece.object);
        const bool column = object != nullptr && object->kind == ObjectKind::column;
        rendered += column ? object->name : qualified_name(catalog, piece.object);
    }
    return rendered;
}

} // namespace ordain::catalog
