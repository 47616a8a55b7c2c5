#include "catalog/inheritance.hpp"

#include <algorithm>
#include <unordered_set>

namespace ordain::catalog {

std::vector<ObjectId> inheritors(const Catalog& catalog, ObjectId table) {
    std::vector<ObjectId> found;
    for (const ObjectId id : catalog.dependents(table)) {
        const auto* details = catalog.at(id).get_if<RelationDetails>();
        if (details != nullptr && std::ranges::count(details->parents, table) > 0)
            found.push_back(id);
    }
    return found;
}

std::vector<ObjectId> descendants(const Catalog& catalog, ObjectId table) {
    std::vector<ObjectId> found = inheritors(catalog, table);
    std::unordered_set<ObjectId> seen(found.begin(), found.end());
    for (std::size_t next = 0; next < found.size(); ++next) { // which the loop adds to
        for (const ObjectId id : inheritors(catalog, found[next])) {
            if (seen.insert(id).second) found.push_back(id);
        }
    }
    return found;
}

} // namespace ordain::catalog
