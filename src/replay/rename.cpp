#include "catalog/inheritance.hpp"
#include "replay/actions.hpp"
#include "replay/relations.hpp"

#include <fmt/core.h>

namespace ordain::replay {
namespace {

using catalog::Lookup;

/// Gives an object its new name; others depend on this step for it from now on.
void give_name(Step& step, ObjectId id, const Identifier& to) {
    Object changed = step.change(id);
    const NameSpace space = name_space_of(changed.kind);
    const ObjectId container = changed.schema != no_object && changed.parent == no_object
                                   ? changed.schema
                               : changed.kind == ObjectKind::index ? changed.schema
                                                                   : changed.parent;
    step.need_free(space, container, to.text, to.span);
    changed.name = to.text;
    step.catalog().set_name_origin(changed, container, step.here());
    step.target(id);
    step.put(std::move(changed));
}

void rename_schema(Step& step, const RenameObject& rename) {
    const Lookup lookup = step.resolver().schema(rename.object.name.name.text);
    if (lookup.absent()) {
        step.refuse("3F000",
                    fmt::format("schema \"{}\" does not exist", rename.object.name.name.text),
                    rename.object.name.span());
        return;
    }
    if (lookup.state == Lookup::State::maybe && !lookup.assumed) step.doubt(lookup.reason);
    if (!step.resolver().schema(rename.to.text).absent()) {
        step.refuse("42P06", fmt::format("schema \"{}\" already exists", rename.to.text),
                    rename.to.span);
        return;
    }
    if (lookup.object == nullptr) return;
    step.depend(lookup.id, rename.object.name.span());
    give_name(step, lookup.id, rename.to);
}

void rename_relation(Step& step, const RenameObject& rename) {
    const bool index = rename.object.kind == ObjectKind::index;
    const Object* found = step.relation(rename.object.name, index ? LockMode::share_update_exclusive
                                                                  : LockMode::access_exclusive);
    if (found == nullptr) return;
    const Span span = rename.object.name.span();
    if (!is_of_kind(step, *found, rename.object.kind, KindUse::rename, span)) return;
    const Object relation = *found;
    const QualifiedName to{.schema = {}, .name = rename.to};
    if (!step.catalog().named(NameSpace::relation, relation.schema, rename.to.text).empty()) {
        step.refuse("42P07", fmt::format("relation \"{}\" already exists", rename.to.text),
                    rename.to.span);
        return;
    }
    if (!name_is_free(step, relation.schema, to)) return;
    const bool row_type = relation.get_if<RelationDetails>() != nullptr;
    if (row_type && !type_name_is_free(step, relation.schema, rename.to)) return;
    give_name(step, relation.id, rename.to);
    if (relation.kind != ObjectKind::index) return;
    for (const Dependency& dependency : relation.depends) {
        if (dependency.type == DependencyType::internal) give_name(step, dependency.on, rename.to);
    }
}

void rename_column(Step& step, const RenameObject& rename) {
    const Object* found = step.relation(rename.object.relation, LockMode::access_exclusive);
    if (found == nullptr) return;
    const Object relation = *found;
    const Identifier& from = rename.object.name.name;
    const Lookup lookup = step.resolver().column(relation.id, from.text);
    if (lookup.absent()) {
        step.refuse("42703", fmt::format("column \"{}\" does not exist", from.text), from.span);
        return;
    }
    if (lookup.state == Lookup::State::maybe && !lookup.assumed) step.doubt(lookup.reason);
    if (lookup.present() && lookup.object == nullptr) {
        step.refuse("0A000", fmt::format("cannot rename system column \"{}\"", from.text),
                    from.span);
        return;
    }
    if (lookup.object != nullptr && lookup.object->as<ColumnDetails>().inherited) {
        step.refuse("42P16", fmt::format("cannot rename inherited column \"{}\"", from.text),
                    from.span);
        return;
    }
    if (relation.kind != ObjectKind::composite_type && relation.kind != ObjectKind::view &&
        !is_no_system_column(step, rename.to)) {
        return;
    }
    const Lookup taken = step.resolver().column(relation.id, rename.to.text);
    if (taken.present()) {
        step.refuse("42701",
                    fmt::format(R"(column "{}" of relation "{}" already exists)", rename.to.text,
                                relation.name),
                    rename.to.span);
        return;
    }
    if (taken.state == Lookup::State::maybe && !taken.assumed) step.doubt(taken.reason);
    step.target(relation.id);
    if (lookup.object == nullptr) return;
    step.depend(lookup.id, from.span);
    for (const ObjectId id : catalog::descendants(step.catalog(), relation.id)) {
        const Object* taken_below = step.catalog().find(NameSpace::column, id, rename.to.text);
        if (taken_below == nullptr) continue;
        step.refuse("42701",
                    fmt::format(R"(column "{}" of relation "{}" already exists)", rename.to.text,
                                step.catalog().at(id).name),
                    rename.to.span);
        return;
    }
    for (const ObjectId id : catalog::descendants(step.catalog(), relation.id)) {
        const Object* inherited = step.catalog().find(NameSpace::column, id, from.text);
        if (inherited != nullptr)
            give_name(step, inherited->id, {.text = rename.to.text, .span = {}});
    }
    give_name(step, lookup.id, rename.to);
}

/// Constraint, trigger, policy or rule of a table.
void rename_part(Step& step, const RenameObject& rename) {
    const Object* found = step.relation(rename.object.relation, LockMode::access_exclusive);
    if (found == nullptr) return;
    const Object relation = *found;
    const NameSpace space = name_space_of(rename.object.kind);
    const Identifier& from = rename.object.name.name;
    const Lookup lookup = step.resolver().part(space, relation.id, from.text);
    const std::string_view kind = name_of(rename.object.kind);
    if (lookup.absent()) {
        const bool constraint = rename.object.kind == ObjectKind::constraint;
        step.refuse("42704",
                    constraint ? fmt::format(R"(constraint "{}" for table "{}" does not exist)",
                                             from.text, relation.name)
                               : fmt::format(R"({} "{}" for table "{}" does not exist)", kind,
                                             from.text, relation.name),
                    from.span);
        return;
    }
    if (lookup.state == Lookup::State::maybe && !lookup.assumed) step.doubt(lookup.reason);
    if (!step.resolver().part(space, relation.id, rename.to.text).absent() &&
        lookup.object != nullptr) {
        step.refuse("42710",
                    fmt::format(R"({} "{}" for relation "{}" already exists)", kind, rename.to.text,
                                relation.name),
                    rename.to.span);
        return;
    }
    if (lookup.object == nullptr) return;
    step.depend(lookup.id, from.span);
    const Object part = *lookup.object;
    give_name(step, part.id, rename.to);
    const auto* constraint = part.get_if<ConstraintDetails>();
    const bool owns_index = constraint != nullptr && constraint->index != no_object &&
                            constraint->kind != ConstraintDefinition::Kind::foreign_key;
    if (!owns_index) return;
    const QualifiedName to{.schema = {}, .name = rename.to};
    if (!name_is_free(step, relation.schema, to)) return;
    give_name(step, constraint->index, rename.to);
}

void rename_type(Step& step, const RenameObject& rename) {
    const Lookup lookup = step.resolver().type(rename.object.name);
    if (lookup.absent()) {
        step.refuse("42704",
                    fmt::format("type \"{}\" does not exist", to_string(rename.object.name)),
                    rename.object.name.span());
        return;
    }
    if (lookup.state == Lookup::State::maybe && !lookup.assumed) step.doubt(lookup.reason);
    if (lookup.object == nullptr) return;
    const Object type = *lookup.object;
    if (rename.object.kind == ObjectKind::domain && type.kind != ObjectKind::domain) {
        step.refuse("42809", fmt::format("{} is not a domain", type.name),
                    rename.object.name.span());
        return;
    }
    step.depend(type.id, rename.object.name.span());
    const bool row_type =
        type.get_if<RelationDetails>() != nullptr && type.kind != ObjectKind::composite_type;
    if (row_type) {
        step.refuse("42809", fmt::format("{} is a table's row type", type.name),
                    rename.object.name.span());
        return;
    }
    if (!type_name_is_free(step, type.schema, rename.to)) return;
    give_name(step, type.id, rename.to);
}

void rename_function(Step& step, const RenameObject& rename) {
    const analyze::Binder::BoundFunction found =
        step.binder().bind_signature(rename.object.function, rename.object.kind);
    if (found.problem) {
        step.refuse(*found.problem);
        return;
    }
    if (!found.doubt.empty()) step.doubt(found.doubt);
    if (found.function == nullptr) return;
    const Object function = *found.function;
    step.depend(function.id, rename.object.function.name.span());
    for (const ObjectId id :
         step.catalog().named(NameSpace::function, function.schema, rename.to.text)) {
        const auto* other = step.catalog().at(id).get_if<FunctionDetails>();
        if (other == nullptr || other->arguments != function.as<FunctionDetails>().arguments)
            continue;
        step.refuse("42723",
                    fmt::format("function {}({}) already exists in schema \"{}\"", rename.to.text,
                                argument_text(step, function),
                                step.catalog().at(function.schema).name),
                    rename.to.span);
        return;
    }
    give_name(step, function.id, rename.to);
}

void rename_global(Step& step, const RenameObject& rename) {
    const NameSpace space = name_space_of(rename.object.kind);
    const Lookup lookup = step.resolver().global(space, rename.object.name.name.text);
    if (lookup.object == nullptr) {
        step.doubt(
            fmt::format("the {} to rename was not made by this plan", name_of(rename.object.kind)));
        return;
    }
    step.depend(lookup.id, rename.object.name.span());
    give_name(step, lookup.id, rename.to);
}

} // namespace

bool is_of_kind(Step& step, const Object& relation, ObjectKind written, KindUse use, Span span) {
    if (!relation.unknown.empty() && relation.kind != ObjectKind::view) return true;
    const auto refuse = [&](std::string_view what) {
        return step.refuse("42809", fmt::format("\"{}\" is {}", relation.name, what), span);
    };
    switch (written) {
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::sequence:
    case ObjectKind::foreign_table:
    case ObjectKind::composite_type:
        return relation.kind == written || refuse(fmt::format("not a {}", name_of(written)));
    case ObjectKind::type: // ALTER TYPE ... ADD ATTRIBUTE and the like.
        return relation.kind == ObjectKind::composite_type || refuse("not a composite type");
    case ObjectKind::index:
        return use == KindUse::rename || relation.kind == written || refuse("not an index");
    default: return relation.kind != ObjectKind::composite_type || refuse("a composite type");
    }
}

std::string argument_text(const Step& step, const Object& function) {
    std::string text;
    for (const TypeRef& argument : function.as<FunctionDetails>().arguments) {
        if (!text.empty()) text += ", ";
        text += format_type_name(step.resolver(), argument);
    }
    return text;
}

void apply(Step& step, const RenameObject& rename) {
    switch (rename.object.kind) {
    case ObjectKind::schema: return rename_schema(step, rename);
    case ObjectKind::table:
    case ObjectKind::partitioned_table:
    case ObjectKind::foreign_table:
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::sequence:
    case ObjectKind::index: return rename_relation(step, rename);
    case ObjectKind::column: return rename_column(step, rename);
    case ObjectKind::constraint:
        if (rename.object.on_domain) break;
        return rename_part(step, rename);
    case ObjectKind::trigger:
    case ObjectKind::policy:
    case ObjectKind::rule: return rename_part(step, rename);
    case ObjectKind::type:
    case ObjectKind::domain:
    case ObjectKind::composite_type: return rename_type(step, rename);
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::aggregate: return rename_function(step, rename);
    case ObjectKind::role:
    case ObjectKind::publication: return rename_global(step, rename);
    default: break;
    }
    step.doubt(fmt::format("renaming a {} is not modelled", name_of(rename.object.kind)));
}

namespace {

/// Moves an object and, for a table, its indexes, owned sequences and constraints.
void move_to(Step& step, ObjectId id, ObjectId schema) {
    Object changed = step.change(id);
    changed.schema = schema;
    step.catalog().set_name_origin(changed, schema, step.here());
    step.put(std::move(changed));
    for (const ObjectId child : step.catalog().children(id)) {
        const ObjectKind kind = step.catalog().at(child).kind;
        if (kind != ObjectKind::index && kind != ObjectKind::constraint) {
            if (kind != ObjectKind::column) continue;
            for (const ObjectId dependent : step.catalog().dependents(child)) {
                const auto* sequence = step.catalog().at(dependent).get_if<SequenceDetails>();
                if (sequence != nullptr && sequence->owned_by == child)
                    move_to(step, dependent, schema);
            }
            continue;
        }
        Object part = step.change(child);
        part.schema = schema;
        step.put(std::move(part));
    }
}

} // namespace

void apply(Step& step, const SetSchema& set) {
    const Lookup home = step.resolver().schema(set.schema.text);
    ObjectId id = no_object;
    if (set.object.kind == ObjectKind::function || set.object.kind == ObjectKind::procedure) {
        const auto found = step.binder().bind_signature(set.object.function, set.object.kind);
        if (found.problem) {
            step.refuse(*found.problem);
            return;
        }
        if (found.function != nullptr) id = found.function->id;
    } else if (name_space_of(set.object.kind) == NameSpace::relation) {
        const Object* relation = step.relation(set.object.name, LockMode::access_exclusive);
        if (relation == nullptr) return;
        const Span span = set.object.name.span();
        if (!is_of_kind(step, *relation, set.object.kind, KindUse::alter, span)) return;
        id = relation->id;
    } else if (name_space_of(set.object.kind) == NameSpace::type) {
        const Lookup lookup = step.resolver().type(set.object.name);
        if (lookup.absent()) {
            step.refuse("42704",
                        fmt::format("type \"{}\" does not exist", to_string(set.object.name)),
                        set.object.name.span());
            return;
        }
        id = lookup.object == nullptr ? no_object : lookup.id;
    } else {
        step.doubt(fmt::format("SET SCHEMA of a {} is not modelled", name_of(set.object.kind)));
        return;
    }
    if (home.absent()) {
        step.refuse("3F000", fmt::format("schema \"{}\" does not exist", set.schema.text),
                    set.schema.span);
        return;
    }
    if (home.state == Lookup::State::maybe && !home.assumed) step.doubt(home.reason);
    if (id == no_object || home.id == no_object) return;
    const Object object = step.catalog().at(id);
    if (object.schema == home.id) return;
    const NameSpace space = name_space_of(object.kind);
    if (space != NameSpace::function &&
        !step.catalog().named(space, home.id, object.name).empty()) {
        const bool relation = space == NameSpace::relation;
        step.refuse(relation ? "42P07" : "42710",
                    fmt::format(R"({} "{}" already exists in schema "{}")",
                                relation ? "relation" : "type", object.name, set.schema.text),
                    set.schema.span);
        return;
    }
    step.depend(home.id, set.schema.span);
    step.target(id);
    move_to(step, id, home.id);
}

} // namespace ordain::replay
