#include "rules/new_column.hpp"

#include <algorithm>

namespace ordain::rules {

const ConstraintDefinition* clause_of(const ColumnDefinition& column,
                                      ConstraintDefinition::Kind kind) {
    const auto found = std::ranges::find(column.constraints, kind, &ConstraintDefinition::kind);
    return found == column.constraints.end() ? nullptr : &*found;
}

const Object* made_column(const ActionContext& context, const AddColumn& add) {
    for (const ObjectId id : context.outcome.targets) {
        const Object* object = context.catalog.last_version(id);
        const bool made = object != nullptr && object->kind == ObjectKind::column &&
                          object->name == add.column.name.text;
        if (made) return object;
    }
    return nullptr;
}

std::vector<const Object*> domains_of(const Catalog& catalog, TypeRef type) {
    std::vector<const Object*> domains;
    while (!type.array && !is_builtin(type.type)) {
        const Object* object = catalog.find(type.type);
        const auto* domain = object == nullptr ? nullptr : object->get_if<DomainDetails>();
        if (domain == nullptr) break;
        domains.push_back(object);
        type = domain->base;
    }
    return domains;
}

} // namespace ordain::rules
