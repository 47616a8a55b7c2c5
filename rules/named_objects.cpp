#include "rules/named_objects.hpp"

namespace ordain::rules {
namespace {

bool is_part_of_named_table(const Catalog& catalog, const Object& object) {
    const Object* table = catalog.find(object.parent);
    return table != nullptr && is_named_table(*table);
}

bool carries_constraint(const Catalog& catalog, const Object& index) {
    const Object* constraint = catalog.find(NameSpace::constraint, index.parent, index.name);
    const auto* details = constraint == nullptr ? nullptr : constraint->get_if<ConstraintDetails>();
    return details != nullptr && details->index == index.id;
}

} // namespace

bool is_named_table(const Object& object) {
    const bool table = object.kind == ObjectKind::table ||
                       object.kind == ObjectKind::partitioned_table ||
                       object.kind == ObjectKind::foreign_table;
    return table && object.as<RelationDetails>().persistence != Persistence::temporary;
}

bool is_named_column(const Catalog& catalog, const Object& object) {
    const auto* column = object.get_if<ColumnDetails>();
    return column != nullptr && !column->inherited && is_part_of_named_table(catalog, object);
}

bool is_named_index(const Catalog& catalog, const Object& object) {
    if (object.kind != ObjectKind::index || carries_constraint(catalog, object)) return false;
    const Object& relation = catalog.at(object.parent);
    return relation.kind == ObjectKind::materialized_view || is_named_table(relation);
}

bool is_named_constraint(const Catalog& catalog, const Object& object) {
    const auto* constraint = object.get_if<ConstraintDetails>();
    return constraint != nullptr && !constraint->inherited &&
           is_part_of_named_table(catalog, object);
}

} // namespace ordain::rules
