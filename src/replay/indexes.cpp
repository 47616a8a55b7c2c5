#include "analyze/types.hpp"
#include "catalog/builtin.hpp"
#include "replay/actions.hpp"
#include "replay/clones.hpp"
#include "replay/generated_names.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

/// The number under which builtin.hpp's lookups know a type: users' types by their class.
catalog::Oid lookup_oid(const Catalog& catalog, TypeRef type) {
    if (type.array) {
        const catalog::Oid precise = analyze::Types::oid_of(type);
        return precise != 0 ? precise : catalog::type_oid::anyarray;
    }
    if (is_builtin(type.type)) return static_cast<catalog::Oid>(type.type);
    const Object* object = catalog.find(type.type);
    if (object == nullptr) return 0;
    if (object->kind == ObjectKind::enum_) return catalog::type_oid::anyenum;
    if (object->kind == ObjectKind::range) return catalog::type_oid::anyrange;
    if (const auto* domain = object->get_if<DomainDetails>()) {
        return lookup_oid(catalog, domain->base);
    }
    return object->get_if<RelationDetails>() != nullptr ? catalog::type_oid::record : 0;
}

std::vector<const catalog::BuiltinExtension*> installed_extensions(const Catalog& catalog) {
    std::vector<const catalog::BuiltinExtension*> found;
    for (const ObjectId id : catalog.extensions()) {
        const auto* extension = catalog::find_extension(catalog.at(id).name);
        if (extension != nullptr) found.push_back(extension);
    }
    return found;
}

/// A class that was made by what the replay does not model, or that an extension may bring.
bool class_may_exist(Step& step, const std::string& name) {
    return !step.resolver().unknown_extension().empty() ||
           step.resolver().world() == catalog::World::open ||
           step.catalog().taint(name) != nullptr ||
           step.catalog().taint(Catalog::any_word) != nullptr;
}

const catalog::BuiltinOpclass*
find_class(Step& step, std::string_view method, const QualifiedName& name) {
    const bool own = name.schema.empty() || name.schema.text == "pg_catalog";
    const catalog::BuiltinOpclass* found =
        own ? catalog::find_builtin_opclass(method, name.name.text) : nullptr;
    if (found != nullptr) return found;
    for (const catalog::BuiltinExtension* extension :
         step.resolver().visible_extensions(name.schema.text)) {
        for (const catalog::BuiltinOpclass& opclass : extension->opclasses) {
            if (opclass.access_method == method && opclass.name == name.name.text) return &opclass;
        }
    }
    return nullptr;
}

/// ResolveOpClass with a name.
bool class_takes(
    Step& step, std::string_view method, const std::string& class_name, TypeRef type, Span span) {
    const QualifiedName name = split_name(class_name);
    const catalog::BuiltinOpclass* opclass = find_class(step, method, name);
    if (opclass == nullptr) {
        if (class_may_exist(step, name.name.text)) return true;
        return step.refuse(
            "42704",
            fmt::format(R"(operator class "{}" does not exist for access method "{}")", class_name,
                        method),
            span);
    }
    const catalog::Oid oid = type.known() ? lookup_oid(step.catalog(), type) : 0;
    if (oid == 0 || catalog::is_binary_coercible(oid, opclass->input_type)) return true;
    return step.refuse("42804",
                       fmt::format("operator class \"{}\" does not accept data type {}", class_name,
                                   format_type_name(step.resolver(), type)),
                       span);
}

/// The locales of a server's operating system are not the plan's: "en_US.utf8", "C.UTF-8", "de_DE".
bool may_be_locale(std::string_view name) {
    return name.find_first_of("_-.@") != std::string_view::npos || name == "POSIX" || name == "C" ||
           name == "default";
}

/// Whether values of the type have a collation (typcollation); of types that are not known too.
bool is_collatable(Step& step, TypeRef type) {
    const analyze::Types types(step.resolver());
    TypeRef base = types.base(type);
    if (base.array && !is_builtin(base.type)) base = types.base(analyze::Types::element(base));
    if (types.is_opaque(base)) return true;
    const catalog::BuiltinType* shipped = analyze::Types::description(base);
    return shipped != nullptr && shipped->collatable;
}

const Object* index_column(Step& step, const Object& relation, const Identifier& name) {
    const Object* column = step.key_column(relation, name);
    if (column == nullptr && step.resolver().column(relation.id, name.text).present()) {
        step.refuse("0A000", "index creation on system columns is not supported", name.span);
    }
    return column;
}

bool add_expression(Step& step,
                    const Object& relation,
                    const IndexElement& element,
                    IndexDetails::Element& made,
                    Object& index,
                    const IndexRequest& request) {
    const std::vector<analyze::ScopeRelation> scope = {step.binder().scope_of(relation.id)};
    const analyze::Bound bound = step.binder().bind_expression(*element.expression, &scope,
                                                               analyze::Place::index_expression);
    if (!step.accept(bound)) return false;
    made.expression = bound.text;
    for (const ObjectId on : bound.depends) {
        const Object* object = step.catalog().find(on);
        const bool own = object != nullptr && object->parent == relation.id;
        add_dependency(index, on, own ? DependencyType::automatic : DependencyType::normal);
    }
    return has_operator_class(step, request.method, made, bound.type, element.span);
}

/// An index hangs on the extension that brings its operator class.
void depend_on_class(Step& step, std::string_view method, const std::string& name, Object& index) {
    if (name.empty()) return;
    const catalog::BuiltinOpclass* opclass = find_class(step, method, split_name(name));
    if (opclass == nullptr || opclass->oid < catalog::first_extension_oid) return;
    for (const ObjectId id : step.catalog().extensions()) {
        const auto* extension = catalog::find_extension(step.catalog().at(id).name);
        if (extension == nullptr) continue;
        const bool brings = std::ranges::count(extension->opclasses, opclass->oid,
                                               &catalog::BuiltinOpclass::oid) > 0;
        if (brings) add_dependency(index, id, DependencyType::normal);
    }
}

bool add_elements(Step& step, const Object& relation, const IndexRequest& request, Object& index) {
    auto& details = index.as<IndexDetails>();
    for (const IndexElement& element : *request.elements) {
        IndexDetails::Element made;
        made.collation = to_string(element.collation);
        made.operator_class = to_string(element.operator_class);
        made.descending = element.descending;
        made.nulls_first = element.nulls_first.value_or(element.descending);
        if (element.expression) {
            if (!add_expression(step, relation, element, made, index, request)) return false;
        } else {
            const Object* column = index_column(step, relation, element.column);
            if (step.refused()) return false;
            if (column != nullptr) {
                made.column = column->id;
                add_dependency(index, column->id, DependencyType::automatic);
                const TypeRef type = column->as<ColumnDetails>().type;
                if (!has_operator_class(step, request.method, made, type, element.span))
                    return false;
            }
        }
        depend_on_class(step, request.method, made.operator_class, index);
        settle_element(step.catalog(), made);
        details.elements.push_back(std::move(made));
    }
    return true;
}

bool add_predicate(Step& step, const Object& relation, const IndexRequest& request, Object& index) {
    if (request.where == nullptr || !*request.where) return true;
    const std::vector<analyze::ScopeRelation> scope = {step.binder().scope_of(relation.id)};
    const analyze::Bound bound = step.binder().bind_condition(**request.where, &scope, "WHERE",
                                                              analyze::Place::index_predicate);
    if (!step.accept(bound)) return false;
    index.as<IndexDetails>().predicate = bound.text;
    for (const ObjectId on : bound.depends) {
        const Object* object = step.catalog().find(on);
        const bool own = object != nullptr && object->parent == relation.id;
        add_dependency(index, on, own ? DependencyType::automatic : DependencyType::normal);
    }
    return true;
}

std::string index_name(Step& step, const Object& relation, const IndexRequest& request) {
    if (!request.name.empty()) return request.name;
    const std::string addition = !request.name_has_columns ? std::string()
                                 : request.including == nullptr
                                     ? index_name_addition(*request.elements, {})
                                     : index_name_addition(*request.elements, *request.including);
    return choose_relation_name(
        step.catalog(), relation.schema, relation.name, addition, request.label,
        request.for_constraint ? NameUse::constraint_index : NameUse::relation);
}

/// What the access method can do, in the order in which DefineIndex asks.
bool method_fits(Step& step, const IndexRequest& request) {
    const catalog::BuiltinAccessMethod* method = catalog::find_access_method(request.method);
    if (method == nullptr) {
        const bool extensions = !installed_extensions(step.catalog()).empty();
        if (extensions || class_may_exist(step, request.method)) return true;
        return step.refuse("42704",
                           fmt::format("access method \"{}\" does not exist", request.method), {});
    }
    const auto lacks = [&](std::string_view what) {
        return step.refuse(
            "0A000", fmt::format("access method \"{}\" does not support {}", request.method, what),
            {});
    };
    const bool includes = request.including != nullptr && !request.including->empty();
    if (method->for_tables) {
        return step.refuse(
            "42809", fmt::format("access method \"{}\" is not of type INDEX", request.method), {});
    }
    if (request.unique && !method->can_unique) return lacks("unique indexes");
    if (includes && !method->can_include) return lacks("included columns");
    if (request.elements->size() > 1 && !method->can_multicolumn)
        return lacks("multicolumn indexes");
    if (request.exclusion && !method->can_exclude) return lacks("exclusion constraints");
    for (const IndexElement& element : *request.elements) {
        if (method->can_order) break;
        if (element.descending) return lacks("ASC/DESC options");
        if (element.nulls_first) return lacks("NULLS FIRST/LAST options");
    }
    return true;
}

/// Null when the step was refused or skipped.
const Object* indexed_relation(Step& step, const CreateIndex& create) {
    const LockMode mode = create.concurrently ? LockMode::share_update_exclusive : LockMode::share;
    const Object* relation = step.relation(create.table, mode);
    if (relation == nullptr) return nullptr;
    const bool indexable = relation->kind == ObjectKind::table ||
                           relation->kind == ObjectKind::partitioned_table ||
                           relation->kind == ObjectKind::materialized_view;
    if (relation->kind == ObjectKind::index) {
        step.refuse("42809", fmt::format("\"{}\" is an index", relation->name),
                    create.table.name.span);
        return nullptr;
    }
    if (!indexable) {
        step.refuse("42809", fmt::format("cannot create index on relation \"{}\"", relation->name),
                    create.table.name.span);
        return nullptr;
    }
    if (create.concurrently && relation->kind == ObjectKind::partitioned_table) {
        step.refuse("0A000",
                    fmt::format("cannot create index on partitioned table \"{}\" concurrently",
                                relation->name),
                    create.table.name.span);
        return nullptr;
    }
    return relation;
}

} // namespace

QualifiedName split_name(const std::string& text) {
    const std::size_t dot = text.find('.');
    QualifiedName name;
    if (dot != std::string::npos) name.schema.text = text.substr(0, dot);
    name.name.text = dot == std::string::npos ? text : text.substr(dot + 1);
    return name;
}

bool takes_collation(Step& step, const QualifiedName& collation, TypeRef type) {
    if (collation.name.empty()) return true;
    const std::string& name = collation.name.text;
    const bool known = catalog::find_builtin_collation(name) != nullptr || may_be_locale(name) ||
                       class_may_exist(step, name);
    if (!known) {
        return step.refuse("42704",
                           fmt::format(R"(collation "{}" for encoding "UTF8" does not exist)",
                                       to_string(collation)),
                           collation.span());
    }
    if (is_collatable(step, type)) return true;
    return step.refuse("42804",
                       fmt::format("collations are not supported by type {}",
                                   format_type_name(step.resolver(), type)),
                       collation.span());
}

bool has_operator_class(Step& step,
                        std::string_view method,
                        const IndexDetails::Element& element,
                        TypeRef type,
                        Span span) {
    if (!takes_collation(step, split_name(element.collation), type)) return false;
    if (catalog::find_access_method(method) == nullptr) return true;
    if (!element.operator_class.empty())
        return class_takes(step, method, element.operator_class, type, span);
    const catalog::Oid oid = type.known() ? lookup_oid(step.catalog(), type) : 0;
    const auto installed = installed_extensions(step.catalog());
    if (oid == 0 || catalog::find_default_opclass(method, oid, installed) != nullptr) return true;
    if (!step.resolver().unknown_extension().empty()) return true;
    return step.refuse("42704",
                       fmt::format("data type {} has no default operator class for access method "
                                   "\"{}\"",
                                   format_type_name(step.resolver(), type), method),
                       span);
}

bool is_default_class(Step& step,
                      std::string_view method,
                      const IndexDetails::Element& element,
                      TypeRef type) {
    const catalog::Oid oid = type.known() ? lookup_oid(step.catalog(), type) : 0;
    if (oid == 0) return true;
    const auto installed = installed_extensions(step.catalog());
    const catalog::BuiltinOpclass* usual = catalog::find_default_opclass(method, oid, installed);
    return usual == nullptr || usual->name == split_name(element.operator_class).name.text;
}

bool have_one_default_class(Step& step, std::string_view method, TypeRef left, TypeRef right) {
    const catalog::Oid one = left.known() ? lookup_oid(step.catalog(), left) : 0;
    const catalog::Oid other = right.known() ? lookup_oid(step.catalog(), right) : 0;
    const auto installed = installed_extensions(step.catalog());
    return one == 0 || other == 0 ||
           catalog::find_default_opclass(method, one, installed) ==
               catalog::find_default_opclass(method, other, installed);
}

void settle_element(const Catalog& catalog, IndexDetails::Element& element) {
    constexpr std::string_view collate = " COLLATE ";
    const auto& pieces = element.expression.pieces;
    const bool bare = pieces.size() == 1 && pieces[0].text.empty();
    const bool collated = pieces.size() == 2 && pieces[0].text == "(" &&
                          pieces[1].object == no_object && pieces[1].text.starts_with(collate) &&
                          pieces[1].text.ends_with(')');
    const Object* column = bare || collated ? catalog.find(pieces[0].object) : nullptr;
    if (column != nullptr && column->kind == ObjectKind::column) {
        if (collated) {
            element.collation = pieces[1].text.substr(collate.size());
            element.collation.pop_back();
            std::erase(element.collation, '"');
        }
        element.column = column->id;
        element.expression = {};
    }
    column = catalog.find(element.column);
    if (column != nullptr && column->as<ColumnDetails>().collation == element.collation) {
        element.collation.clear();
    }
}

ObjectId make_index(Step& step, ObjectId relation_id, const IndexRequest& request) {
    const Object relation = step.catalog().at(relation_id);
    if (!method_fits(step, request)) return no_object;
    if (!storage_parameters_fit(step, request.parameters, ObjectKind::index, request.method))
        return no_object;
    Object index = step.make(ObjectKind::index, relation.schema, relation_id,
                             index_name(step, relation, request));
    step.catalog().set_name_origin(index, relation.schema, step.here());
    IndexDetails details;
    details.unique = request.unique;
    details.primary = request.primary;
    details.nulls_not_distinct = request.nulls_not_distinct;
    details.method = request.method;
    details.options = request.options;
    index.details = std::move(details);
    if (!add_predicate(step, relation, request, index)) return no_object;
    if (!add_elements(step, relation, request, index)) return no_object;
    if (request.including != nullptr) {
        for (const Identifier& name : *request.including) {
            const Object* column = index_column(step, relation, name);
            if (step.refused()) return no_object;
            if (column == nullptr) continue;
            index.as<IndexDetails>().including.push_back(column->id);
            add_dependency(index, column->id, DependencyType::automatic);
        }
    }
    if (relation.kind == ObjectKind::partitioned_table &&
        !covers_partition_key(step, relation, index))
        return no_object;
    const bool named = !request.name.empty() && !request.for_constraint;
    if (named &&
        !name_is_free(step, relation.schema,
                      {.schema = {}, .name = {.text = request.name, .span = request.name_span}}))
        return no_object;
    return step.create(std::move(index), request.name_span);
}

void apply(Step& step, const CreateIndex& create) {
    if (create.concurrently && !step.runs_outside_block("CREATE INDEX CONCURRENTLY")) return;
    const Object* relation = indexed_relation(step, create);
    if (relation == nullptr) return;
    const std::optional<Expression>* where = create.where ? &create.where : nullptr;
    const ObjectId id = make_index(step, relation->id,
                                   {.name = create.name.text,
                                    .name_span = create.name.span,
                                    .unique = create.unique,
                                    .nulls_not_distinct = create.nulls_not_distinct,
                                    .method = create.method,
                                    .elements = &create.elements,
                                    .including = &create.including,
                                    .where = where,
                                    .options = option_lines(create.options),
                                    .parameters = create.options});
    if (id == no_object || step.refused()) return;
    if (!create.only) clone_to_inheritors(step, id);
    step.target(id);
    step.target(relation->id);
    step.work(Work::Kind::index_build, relation->id, "the index is built from every row");
    if (create.unique && !step.empty(relation->id)) {
        step.doubt(fmt::format("rows of \"{}\" may hold duplicates", relation->name));
    }
}

} // namespace ordain::replay
