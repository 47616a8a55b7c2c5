#include "catalog/builtin.hpp"
#include "replay/actions.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

Object make_global(Step& step, ObjectKind kind, const std::string& name, std::string definition) {
    Object object = step.make(kind, no_object, no_object, name);
    object.details = GenericDetails{.definition = std::move(definition), .bound = {}};
    return object;
}

ObjectId extension_schema(Step& step,
                          const CreateExtension& create,
                          const catalog::BuiltinExtension* extension) {
    if (extension != nullptr && !extension->fixed_schema.empty() && create.schema.empty()) {
        const catalog::Lookup fixed = step.resolver().schema(extension->fixed_schema);
        if (fixed.id != no_object) return fixed.id;
        Object schema = step.make(ObjectKind::schema, no_object, no_object,
                                  std::string(extension->fixed_schema));
        schema.details = SchemaDetails{};
        return step.create(std::move(schema), {});
    }
    const QualifiedName member{.schema = create.schema, .name = create.extension};
    if (create.schema.text == "pg_catalog") return pg_catalog_schema;
    return step.creation_schema(member);
}

/// Tables and views that come with it are relations like others.
void make_members(Step& step,
                  const catalog::BuiltinExtension& extension,
                  ObjectId schema,
                  ObjectId owner) {
    for (const catalog::BuiltinRelation& relation : extension.relations) {
        const ObjectKind kind = relation.kind == catalog::RelationKind::view ? ObjectKind::view
                                : relation.kind == catalog::RelationKind::table
                                    ? ObjectKind::table
                                    : ObjectKind::sequence;
        if (relation.kind == catalog::RelationKind::composite) continue;
        Object member = step.make(kind, schema, no_object, std::string(relation.name));
        if (kind == ObjectKind::sequence) {
            member.details = SequenceDetails{};
        } else {
            member.details = RelationDetails{};
        }
        member.depends.push_back({.on = owner, .type = DependencyType::automatic});
        const ObjectId id = step.create(std::move(member), {});
        std::int16_t number = 1;
        for (const catalog::BuiltinColumn& source : relation.columns) {
            Object column = step.make(ObjectKind::column, no_object, id, std::string(source.name));
            ColumnDetails details;
            details.number = number++;
            details.type.type = static_cast<ObjectId>(source.type);
            column.details = std::move(details);
            step.create(std::move(column), {});
        }
    }
}

void require(Step& step,
             const CreateExtension& create,
             const catalog::BuiltinExtension& extension) {
    for (const std::string_view required : extension.requires_extensions) {
        if (step.catalog().find(NameSpace::extension, no_object, required) != nullptr) continue;
        if (create.cascade) {
            CreateExtension also;
            also.extension.text = std::string(required);
            also.cascade = true;
            also.schema = create.schema;
            apply(step, also);
            continue;
        }
        step.refuse("42704", fmt::format("required extension \"{}\" is not installed", required),
                    create.extension.span);
        return;
    }
}

} // namespace

void use_role(Step& step, const Identifier& role) {
    const std::string& name = role.text;
    const bool special = name == "public" || name == "current_user" || name == "current_role" ||
                         name == "session_user" || name == step.session().path.user;
    if (special || catalog::find_builtin_role(name) != nullptr) return;
    const Object* known = step.catalog().find(NameSpace::role, no_object, name);
    if (known != nullptr) {
        step.depend(known->id, role.span);
        return;
    }
    const Tombstone* grave = step.catalog().tombstone(NameSpace::role, no_object, name);
    if (grave != nullptr) {
        step.refuse("42704", fmt::format("role \"{}\" does not exist", name), role.span);
        return;
    }
    step.database().assumed.insert(fmt::format("role \"{}\"", name));
}

void apply(Step& step, const CreateExtension& create) {
    const std::string& name = create.extension.text;
    const catalog::Lookup lookup = step.resolver().global(NameSpace::extension, name);
    const catalog::BuiltinExtension* extension = catalog::find_extension(name);
    const bool preinstalled =
        extension != nullptr && extension->preinstalled &&
        step.catalog().tombstone(NameSpace::extension, no_object, name) == nullptr;
    if (lookup.state == catalog::Lookup::State::maybe && step.action().guard == Guard::none) {
        step.doubt(lookup.reason);
    }
    if (lookup.id != no_object || preinstalled) {
        if (step.action().guard == Guard::if_not_exists) {
            step.note_other_maker(lookup.id);
            return step.skip();
        }
        step.refuse("42710", fmt::format("extension \"{}\" already exists", name),
                    create.extension.span);
        return;
    }
    if (extension == nullptr) {
        step.database().assumed.insert(fmt::format("available extension \"{}\"", name));
    } else {
        require(step, create, *extension);
        if (step.refused()) return;
    }
    const ObjectId schema = extension_schema(step, create, extension);
    if (schema == no_object || step.refused()) return;
    Object object = step.make(ObjectKind::extension, schema, no_object, name);
    step.catalog().set_name_origin(object, no_object, step.here());
    object.details = GenericDetails{.definition = create.version, .bound = {}};
    const ObjectId id = step.create(std::move(object), create.extension.span);
    step.target(id);
    if (extension != nullptr) make_members(step, *extension, schema, id);
}

void apply(Step& step, const CreateRole& create) {
    const catalog::Lookup lookup = step.resolver().global(NameSpace::role, create.role.text);
    const bool shipped = catalog::find_builtin_role(create.role.text) != nullptr;
    if (lookup.state == catalog::Lookup::State::maybe) step.doubt(lookup.reason);
    if (lookup.present() || shipped || create.role.text == step.session().path.user) {
        step.refuse("42710", fmt::format("role \"{}\" already exists", create.role.text),
                    create.role.span);
        return;
    }
    std::string definition;
    for (const std::string& line : option_lines(create.options))
        definition += line + ";";
    step.target(
        step.create(make_global(step, ObjectKind::role, create.role.text, std::move(definition)),
                    create.role.span));
}

void apply(Step& step, const AlterRole& alter) {
    use_role(step, alter.role);
    if (step.refused()) return;
    const Object* role = step.catalog().find(NameSpace::role, no_object, alter.role.text);
    if (role == nullptr) return;
    Object changed = step.change(role->id);
    for (const std::string& line : option_lines(alter.options)) {
        changed.as<GenericDetails>().definition += line + ";";
    }
    step.target(role->id);
    step.put(std::move(changed));
}

void apply(Step& step, const CreatePublication& create) {
    const catalog::Lookup lookup =
        step.resolver().global(NameSpace::publication, create.publication.text);
    if (lookup.id != no_object) {
        step.refuse("42710",
                    fmt::format("publication \"{}\" already exists", create.publication.text),
                    create.publication.span);
        return;
    }
    if (lookup.state == catalog::Lookup::State::maybe) step.doubt(lookup.reason);
    Object publication = make_global(step, ObjectKind::publication, create.publication.text,
                                     create.all_tables ? "all tables" : "");
    for (const QualifiedName& name : create.tables) {
        const Object* table = step.table(name, LockMode::share_update_exclusive);
        if (table == nullptr) return;
        publication.as<GenericDetails>().bound.append(" ");
        publication.as<GenericDetails>().bound.append(table->id);
    }
    step.target(step.create(std::move(publication), create.publication.span));
}

} // namespace ordain::replay
