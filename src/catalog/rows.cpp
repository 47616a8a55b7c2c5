#include "catalog/rows.hpp"

#include "catalog/inheritance.hpp"

#include <algorithm>

namespace ordain::catalog {
namespace {

/// Whether a statement that was not understood may have put rows into a table.
bool may_have_been_written(const Catalog& catalog, const Object& table) {
    const Taint* named = catalog.taint(table.name);
    if (named != nullptr && named->writes) return true;
    const Taint* any = catalog.taint(Catalog::any_word);
    return any != nullptr && any->writes && table.id < any->next_object;
}

bool holds_no_rows(const Catalog& catalog, const Object& table, const RelationDetails& details) {
    const bool none = !details.invented && details.rows == RelationDetails::Rows::none;
    return none && !may_have_been_written(catalog, table);
}

} // namespace

bool is_empty(const Catalog& catalog, ObjectId relation) {
    const Object* object = catalog.find(relation);
    const auto* details = object == nullptr ? nullptr : object->get_if<RelationDetails>();
    if (details == nullptr) return false;
    if (object->kind == ObjectKind::view)
        return !details->invented && details->empty_with_sources && sources_empty(catalog, *object);
    if (!holds_no_rows(catalog, *object, *details)) return false;
    return std::ranges::all_of(descendants(catalog, relation), [&catalog](ObjectId id) {
        const Object& child = catalog.at(id);
        return holds_no_rows(catalog, child, child.as<RelationDetails>());
    });
}

bool sources_empty(const Catalog& catalog, const Object& view) {
    return std::ranges::all_of(view.depends, [&catalog](const Dependency& dependency) {
        const Object* source = catalog.find(dependency.on);
        if (source != nullptr && source->kind == ObjectKind::column)
            source = catalog.find(source->parent);
        const bool relation = source != nullptr && source->get_if<RelationDetails>() != nullptr;
        return !relation || is_empty(catalog, source->id);
    });
}

bool fills_itself(const Catalog& catalog, const ColumnDetails& column) {
    if (column.identity != '\0') return true;
    if (column.has_default) {
        // NULL cast to a length is a default of its own, and still null.
        const auto& pieces = column.default_.pieces;
        return pieces.empty() ||
               (pieces.front().text != "NULL" && !pieces.front().text.starts_with("NULL::"));
    }
    const Object* type = column.type.array ? nullptr : catalog.find(column.type.type);
    while (type != nullptr && type->kind == ObjectKind::domain) {
        const auto& domain = type->as<DomainDetails>();
        if (!domain.default_.empty()) return true;
        type = domain.base.array ? nullptr : catalog.find(domain.base.type);
    }
    return false;
}

} // namespace ordain::catalog
