#include "lint/columns.hpp"

namespace ordain::lint {

bool is_own_column(const PlanContext& context, const Object& object) {
    const auto* column = object.get_if<ColumnDetails>();
    if (column == nullptr || column->inherited || object.created.migration == 0) return false;
    const Object& table = context.catalog.at(object.parent);
    const bool of_table =
        table.kind == ObjectKind::table || table.kind == ObjectKind::partitioned_table;
    return of_table && table.as<RelationDetails>().persistence != Persistence::temporary &&
           context.is_certain(table) && context.is_certain(object);
}

ObjectId innermost_type(const Catalog& catalog, TypeRef type) {
    while (!is_builtin(type.type)) {
        const Object* object = catalog.find(type.type);
        const auto* domain = object == nullptr ? nullptr : object->get_if<DomainDetails>();
        if (domain == nullptr) break;
        type = domain->base;
    }
    return type.type;
}

} // namespace ordain::lint
