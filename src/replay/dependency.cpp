#include "replay/dependency.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <set>

namespace ordain::replay {
namespace {

/// What a drop takes along, found before anything is changed.
class Deletion {
public:
    Deletion(Step& step, const std::vector<ObjectId>& roots) : step_(step), roots_(roots) {
        for (const ObjectId root : roots)
            take({.object = root, .why = Dropped::Why::named, .root = root});
        for (Dropped& taken : taken_) { // A root may be part of another.
            if (contains_root(taken.object))
                taken = {.object = taken.object, .why = Dropped::Why::named, .root = taken.object};
        }
    }

    /// Follows normal dependencies as well. False after a refusal.
    bool complete(DropBehavior behavior) {
        std::size_t next = 0;
        while (next < taken_.size()) { // which follow() adds to
            const Dropped taken = taken_[next++];
            for (const ObjectId dependent : step_.catalog().dependents(taken.object)) {
                if (contains(dependent)) continue;
                if (behavior == DropBehavior::restrict_ && is_there(dependent)) {
                    if (in_the_way_.empty()) held_ = taken.object;
                    in_the_way_.push_back(dependent);
                    set_.insert(dependent); // once, whatever else it depends on
                    continue;
                }
                follow(dependent, taken.object, taken.root);
            }
        }
        return in_the_way_.empty() || refuse(held_);
    }

    /// What stood in the way of a part that goes by itself now.
    void note_removals() {
        for (const Dropped& taken : taken_)
            depend_on_removals(step_, taken.object, Clearance::drop, set_);
    }

    void execute() {
        std::erase_if(defaults_, [this](const Dropped& lost) { return contains(lost.object); });
        for (const Dropped& lost : defaults_)
            drop_default(lost.object);
        for (std::size_t left = taken_.size(); left > 0; --left) {
            const ObjectId id = taken_[left - 1].object;
            lock(id);
            const bool named = contains_root(id) && step_.action().guard != Guard::if_exists;
            step_.erase(id, named ? Catalog::Removal::required : Catalog::Removal::incidental);
        }
        std::vector<Dropped>& dropped = step_.outcome().dropped;
        dropped.insert(dropped.end(), taken_.begin(), taken_.end());
        dropped.insert(dropped.end(), defaults_.begin(), defaults_.end());
    }

private:
    [[nodiscard]] bool contains(ObjectId id) const { return set_.contains(id); }

    /// Takes an object with its parts and all that depends on it automatically or internally.
    void take(const Dropped& taken) {
        const ObjectId id = taken.object;
        if (!set_.insert(id).second) return;
        taken_.push_back(taken);
        const auto take_owned = [&](ObjectId owned) {
            take({.object = owned, .why = Dropped::Why::owned, .root = taken.root});
        };
        for (const ObjectId child : step_.catalog().children(id))
            take_owned(child);
        for (const ObjectId dependent : step_.catalog().dependents(id)) {
            const Object& object = step_.catalog().at(dependent);
            const auto goes = [id](const Dependency& dependency) {
                return dependency.on == id && (dependency.type == DependencyType::automatic ||
                                               dependency.type == DependencyType::internal);
            };
            if (std::ranges::any_of(object.depends, goes)) take_owned(dependent);
        }
        if (step_.catalog().at(id).kind != ObjectKind::schema) return;
        for (const ObjectId member : step_.catalog().members(id))
            members_.push_back({.object = member, .why = Dropped::Why::used, .root = taken.root});
    }

    /// False with a doubt when it may be gone by now.
    bool is_there(ObjectId id) {
        const std::string_view doubt = step_.catalog().presence_doubt(step_.catalog().at(id));
        if (!doubt.empty()) step_.doubt(std::string(doubt));
        return doubt.empty();
    }

    /// Only a column's default depends, or the whole object does.
    void follow(ObjectId dependent, ObjectId on, ObjectId root) {
        const Object& object = step_.catalog().at(dependent);
        const auto whole = [on](const Dependency& dependency) {
            return dependency.on == on && dependency.type != DependencyType::of_default;
        };
        if (std::ranges::any_of(object.depends, whole)) {
            take({.object = dependent, .why = Dropped::Why::used, .root = root});
        } else {
            defaults_.push_back(
                {.object = dependent, .why = Dropped::Why::used_by_default, .root = root});
        }
    }

    bool refuse(ObjectId because_of) {
        const ObjectId named = contains_root(because_of) ? because_of : roots_.front();
        step_.refuse("2BP01",
                     fmt::format("cannot drop {} because other objects depend on it",
                                 description_of(step_.resolver(), step_.catalog().at(named))),
                     {});
        step_.outcome().refusal.dependents = in_the_way_;
        return false;
    }

    [[nodiscard]] bool contains_root(ObjectId id) const {
        return std::ranges::count(roots_, id) > 0;
    }

    void drop_default(ObjectId id) {
        Object column = step_.change(id);
        auto& details = column.as<ColumnDetails>();
        details.has_default = false;
        details.default_ = {};
        std::erase_if(column.depends, [](const Dependency& dependency) {
            return dependency.type == DependencyType::of_default;
        });
        step_.lock(column.parent, LockMode::access_exclusive);
        step_.put(std::move(column));
    }

    /// Deletion locks what it deletes; a foreign key's triggers go from both tables.
    void lock(ObjectId id) {
        const Object& object = step_.catalog().at(id);
        const bool part = object.kind == ObjectKind::index || object.kind == ObjectKind::trigger ||
                          object.kind == ObjectKind::policy ||
                          object.kind == ObjectKind::constraint ||
                          object.kind == ObjectKind::column;
        if (part) {
            const auto* drop = std::get_if<DropObject>(&step_.action().payload);
            const bool concurrently = drop != nullptr && drop->concurrently;
            step_.lock(object.parent, concurrently ? LockMode::share_update_exclusive
                                                   : LockMode::access_exclusive);
        } else if (name_space_of(object.kind) == NameSpace::relation) {
            step_.lock(id, LockMode::access_exclusive);
        }
        const auto* constraint = object.get_if<ConstraintDetails>();
        if (constraint != nullptr && constraint->referenced != no_object) {
            step_.lock(constraint->referenced, LockMode::access_exclusive);
        }
    }

public:
    /// A schema's members depend on it normally (pg_depend), but are found by their schema.
    bool take_members(DropBehavior behavior) {
        std::size_t next = 0;
        while (next < members_.size()) { // which take() adds to
            const Dropped member = members_[next++];
            if (contains(member.object)) continue;
            if (behavior == DropBehavior::restrict_) {
                in_the_way_.push_back(member.object);
            } else {
                take(member);
            }
        }
        return in_the_way_.empty() || refuse(roots_.front());
    }

private:
    Step& step_;
    const std::vector<ObjectId>& roots_;
    std::vector<Dropped> taken_; ///< In the order found: what depends comes after what it needs.
    std::set<ObjectId> set_;
    std::vector<Dropped> members_;
    std::vector<Dropped> defaults_;
    ObjectId held_{}; ///< What the first of in_the_way_ depends on.
    std::vector<ObjectId> in_the_way_;
};

/// Whether a former dependent would refuse the change if it were still there.
bool stands_in_the_way(const Catalog& catalog,
                       const FormerDependent& former,
                       ObjectId changed,
                       Clearance clearance) {
    const Object* object = catalog.last_version(former.object);
    if (object == nullptr) return false;
    const auto* constraint = object->get_if<ConstraintDetails>();
    switch (clearance) {
    case Clearance::drop:
        return former.object != changed &&
               (former.type == DependencyType::normal || former.type == DependencyType::of_default);
    case Clearance::type_change: return holds_type(*object, catalog.at(changed).parent);
    case Clearance::type_change_with_default: return former.object == changed;
    case Clearance::truncate: return constraint != nullptr && constraint->referenced == changed;
    }
    return false;
}

std::string arguments_of(const catalog::Resolver& resolver, const FunctionDetails& details) {
    std::string text;
    for (const TypeRef& argument : details.arguments) {
        if (!text.empty()) text += ',';
        text += format_type_name(resolver, argument);
    }
    return text;
}

/// A part that cannot go by itself: the index of a constraint, the sequence of an identity column.
bool required_by_owner(Step& step, const Object& object) {
    for (const Dependency& dependency : object.depends) {
        if (dependency.type != DependencyType::internal) continue;
        const Object* owner = step.catalog().find(dependency.on);
        if (owner == nullptr) continue;
        step.refuse("2BP01",
                    fmt::format("cannot drop {} because {} requires it",
                                description_of(step.resolver(), object),
                                description_of(step.resolver(), *owner)),
                    {});
        return true;
    }
    return false;
}

} // namespace

bool holds_type(const Object& dependent, ObjectId relation) {
    switch (dependent.kind) {
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::rule:
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::policy: return true;
    case ObjectKind::trigger: return dependent.parent == relation;
    case ObjectKind::column: return dependent.as<ColumnDetails>().generated != '\0';
    default: return false;
    }
}

namespace {

/// Whether a former dependent would still be there without the migration that took it away: nothing
/// dropped it, or what replaced it, again, nor what it belonged to.
bool went_for_good(Step& step, const FormerDependent& former) {
    const Catalog& catalog = step.catalog();
    if (catalog.find(former.object) != nullptr) return true;
    const Object& object = *catalog.last_version(former.object);
    const bool part = object.parent != no_object && object.kind != ObjectKind::index;
    const Tombstone* grave = catalog.tombstone(name_space_of(object.kind),
                                               part ? object.parent : object.schema, object.name);
    return grave != nullptr && grave->removed.migration == former.removed.migration &&
           !step.went_with_owner(*grave);
}

} // namespace

void depend_on_removals(Step& step,
                        ObjectId changed,
                        Clearance clearance,
                        const std::set<ObjectId>& going) {
    const Catalog& catalog = step.catalog();
    const std::uint32_t here = step.here().migration;
    std::uint32_t& noted = step.database().cleared[{changed, clearance}];
    if (noted == here) return;
    noted = here;
    std::set<std::uint32_t> migrations = {0, here};
    std::set<ObjectId> seen;
    const std::vector<FormerDependent>& all = catalog.former_dependents(changed);
    for (std::size_t left = all.size(); left > 0; --left) {
        const FormerDependent& former = all[left - 1];
        if (!stands_in_the_way(catalog, former, changed, clearance)) continue;
        if (!seen.insert(former.object).second) continue;
        if (going.contains(catalog.last_version(former.object)->parent)) continue;
        if (!went_for_good(step, former) || !migrations.insert(former.removed.migration).second)
            continue;
        step.outcome().dependences.push_back({.kind = Dependence::Kind::gone,
                                              .hard = true,
                                              .origin = former.removed,
                                              .object = former.object,
                                              .span = step.action().span});
    }
}

std::string description_of(const catalog::Resolver& resolver, const Object& object) {
    const std::string name = resolver.visible_name(object);
    const Object* parent = resolver.catalog().find(object.parent);
    const std::string owner = parent == nullptr ? std::string()
                                                : fmt::format("{} {}", noun(parent->kind),
                                                              resolver.visible_name(*parent));
    const std::string bare = catalog::quote_identifier(object.name);
    switch (object.kind) {
    case ObjectKind::column: return fmt::format("column {} of {}", bare, owner);
    case ObjectKind::constraint:
    case ObjectKind::trigger:
    case ObjectKind::policy:
    case ObjectKind::rule: return fmt::format("{} {} on {}", noun(object.kind), bare, owner);
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::aggregate:
        return fmt::format("{} {}({})", noun(object.kind), name,
                           arguments_of(resolver, object.as<FunctionDetails>()));
    case ObjectKind::enum_:
    case ObjectKind::domain:
    case ObjectKind::range:
    case ObjectKind::type:
    case ObjectKind::composite_type: return fmt::format("type {}", name);
    case ObjectKind::extension: return fmt::format("extension {}", object.name);
    default: return fmt::format("{} {}", noun(object.kind), name);
    }
}

void drop_objects(Step& step, const std::vector<ObjectId>& roots, DropBehavior behavior) {
    for (const ObjectId root : roots) {
        if (required_by_owner(step, step.catalog().at(root))) return;
    }
    Deletion deletion(step, roots);
    if (!deletion.take_members(behavior) || !deletion.complete(behavior)) return;
    if (behavior == DropBehavior::restrict_) deletion.note_removals();
    deletion.execute();
}

} // namespace ordain::replay
