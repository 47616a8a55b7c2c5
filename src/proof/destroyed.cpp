#include "proof/destroyed.hpp"

#include "proof/difference.hpp"

#include <algorithm>

namespace ordain::proof {
namespace {

bool is_table(ObjectKind kind) {
    return kind == ObjectKind::table || kind == ObjectKind::partitioned_table;
}

bool is_column_of_table_that_stays(const Catalog& catalog, const Object& object) {
    if (object.kind != ObjectKind::column) return false;
    const Object* table = catalog.find(object.parent);
    return table != nullptr && is_table(table->kind);
}

} // namespace

std::vector<ObjectReference> destroyed_since(const Catalog& catalog, Catalog::Mark mark) {
    std::vector<ObjectReference> destroyed;
    for (const auto& [id, before, first] : catalog.touched_since(mark)) {
        if (catalog.find(id) != nullptr) continue;
        const bool assumed = before == nullptr && first != nullptr && first->created.migration == 0;
        const Object* object = assumed ? first : before;
        if (object == nullptr) continue;
        if (is_table(object->kind) || is_column_of_table_that_stays(catalog, *object)) {
            destroyed.push_back(reference_to(catalog, *object));
        }
    }
    std::ranges::sort(destroyed);
    return destroyed;
}

} // namespace ordain::proof
