#include "lint/history.hpp"

namespace ordain::lint {

const std::vector<History::Former>& History::former_parts(ObjectId relation) {
    read();
    return former_parts_[relation];
}

const std::vector<const Object*>& History::versions(ObjectId id) {
    read();
    return versions_[id];
}

void History::read() {
    if (was_read_) return;
    was_read_ = true;
    for (const Catalog::Change& change : catalog_.journal()) {
        if (change.object_after != nullptr) {
            versions_[change.object].push_back(change.object_after);
        } else if (change.object_before != nullptr && change.object_before->parent != no_object) {
            former_parts_[change.object_before->parent].push_back(
                {.part = change.object_before, .removed = change.tombstone_after->removed});
        }
    }
}

} // namespace ordain::lint
