#pragma once

#include <ordain/catalog.hpp>
#include <unordered_map>
#include <vector>

namespace ordain::lint {

/// How the objects of a replay became what they are, by what was not taken back. Read from the
/// catalog's journal at the first question: most plans have none.
class History {
public:
    explicit History(const Catalog& catalog) : catalog_(catalog) {}

    /// What made `holds` true of an object that it holds of now: what made the object, or the
    /// change since which it has always held.
    template <typename Predicate>
    [[nodiscard]] Origin since(ObjectId id, const Predicate& holds) {
        Origin origin;
        bool held = false;
        for (const Object* version : versions(id)) {
            const bool now = holds(*version);
            if (now && !held) origin = version->changed;
            held = now;
        }
        return origin;
    }

    /// A part that a relation had, and what took it away.
    struct Former {
        const Object* part = nullptr;
        Origin removed;
    };
    /// Those parts of a relation that are gone, in the order in which they went.
    [[nodiscard]] const std::vector<Former>& former_parts(ObjectId relation);

private:
    [[nodiscard]] const std::vector<const Object*>& versions(ObjectId id);
    void read();

    const Catalog& catalog_;
    bool was_read_ = false;
    std::unordered_map<ObjectId, std::vector<const Object*>> versions_;
    std::unordered_map<ObjectId, std::vector<Former>> former_parts_;
};

} // namespace ordain::lint
