#include "catalog/builtin.hpp"
#include "replay/actions.hpp"
#include "replay/generated_names.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

/// The number under which builtin.hpp's lookups know a type: users' types by their class.
catalog::Oid lookup_oid(const Catalog& catalog, TypeRef type) {
    if (type.array) return catalog::type_oid::anyarray;
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

bool extension_has_default(Step& step, std::string_view method, catalog::Oid type) {
    for (const ObjectId id : step.catalog().extensions()) {
        const auto* extension = catalog::find_extension(step.catalog().at(id).name);
        if (extension == nullptr) return true;
        const auto fits = [&](const catalog::BuiltinOpclass& opclass) {
            return opclass.access_method == method && opclass.is_default &&
                   opclass.input_type == type;
        };
        if (std::ranges::any_of(extension->opclasses, fits)) return true;
    }
    return false;
}

bool has_default_class(Step& step, const IndexRequest& request, TypeRef type, Span span) {
    if (!type.known() || catalog::find_access_method(request.method) == nullptr) return true;
    const catalog::Oid oid = lookup_oid(step.catalog(), type);
    if (oid == 0 || catalog::find_default_opclass(request.method, oid) != nullptr) return true;
    if (extension_has_default(step, request.method, oid)) return true;
    return step.refuse("42704",
                       fmt::format("data type {} has no default operator class for access method "
                                   "\"{}\"",
                                   format_type_name(step.resolver(), type), request.method),
                       span);
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
    if (!element.operator_class.name.empty()) return true;
    return has_default_class(step, request, bound.type, element.span);
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
            const Object* column = step.key_column(relation, element.column);
            if (step.refused()) return false;
            if (column != nullptr) {
                made.column = column->id;
                add_dependency(index, column->id, DependencyType::automatic);
                const bool named_class = !element.operator_class.name.empty();
                const TypeRef type = column->as<ColumnDetails>().type;
                if (!named_class && !has_default_class(step, request, type, element.span)) {
                    return false;
                }
            }
        }
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
    const std::string addition =
        request.name_has_columns ? index_name_addition(*request.elements, {}) : std::string();
    return choose_relation_name(
        step.catalog(), relation.schema, relation.name, addition, request.label,
        request.for_constraint ? NameUse::constraint_index : NameUse::relation);
}

/// Null when the step was refused or skipped.
const Object* indexed_relation(Step& step, const CreateIndex& create) {
    const LockMode mode = create.concurrently ? LockMode::share_update_exclusive : LockMode::share;
    const Object* relation = step.relation(create.table, mode);
    if (relation == nullptr) return nullptr;
    const bool indexable = relation->kind == ObjectKind::table ||
                           relation->kind == ObjectKind::partitioned_table ||
                           relation->kind == ObjectKind::materialized_view;
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
    if (catalog::find_access_method(request.method) == nullptr &&
        step.resolver().unknown_extension().empty()) {
        step.refuse("42704", fmt::format("access method \"{}\" does not exist", request.method),
                    {});
        return no_object;
    }
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
    if (!add_elements(step, relation, request, index)) return no_object;
    if (request.including != nullptr) {
        for (const Identifier& name : *request.including) {
            const Object* column = step.key_column(relation, name);
            if (step.refused()) return no_object;
            if (column == nullptr) continue;
            index.as<IndexDetails>().including.push_back(column->id);
            add_dependency(index, column->id, DependencyType::automatic);
        }
    }
    if (!add_predicate(step, relation, request, index)) return no_object;
    return step.create(std::move(index), request.name_span);
}

void apply(Step& step, const CreateIndex& create) {
    if (create.concurrently && step.in_transaction_block()) {
        step.refuse("25001", "CREATE INDEX CONCURRENTLY cannot run inside a transaction block", {});
        return;
    }
    const Object* relation = indexed_relation(step, create);
    if (relation == nullptr) return;
    if (!create.name.empty()) {
        const QualifiedName name{.schema = {}, .name = create.name};
        if (!name_is_free(step, relation->schema, name)) return;
    }
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
                                    .options = option_lines(create.options)});
    if (id == no_object || step.refused()) return;
    step.target(id);
    step.target(relation->id);
    step.work(Work::Kind::index_build, relation->id, "the index is built from every row");
    if (create.unique && !step.empty(relation->id)) {
        step.doubt(fmt::format("rows of \"{}\" may hold duplicates", relation->name));
    }
}

} // namespace ordain::replay
