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
            take(root);
    }

    /// Follows normal dependencies as well. False after a refusal.
    bool complete(DropBehavior behavior) {
        for (std::size_t next = 0; next < taken_.size(); ++next) {
            for (const ObjectId dependent : step_.catalog().dependents(taken_[next])) {
                if (contains(dependent)) continue;
                if (behavior == DropBehavior::restrict_) return refuse(taken_[next]);
                follow(dependent, taken_[next]);
            }
        }
        return true;
    }

    void execute() {
        for (const ObjectId id : defaults_) {
            if (!contains(id)) drop_default(id);
        }
        for (auto id = taken_.rbegin(); id != taken_.rend(); ++id) {
            lock(*id);
            step_.erase(*id);
        }
    }

private:
    [[nodiscard]] bool contains(ObjectId id) const { return set_.contains(id); }

    /// Takes an object with its parts and all that depends on it automatically or internally.
    void take(ObjectId id) {
        if (!set_.insert(id).second) return;
        taken_.push_back(id);
        for (const ObjectId child : step_.catalog().children(id))
            take(child);
        for (const ObjectId dependent : step_.catalog().dependents(id)) {
            const Object& object = step_.catalog().at(dependent);
            const auto goes = [id](const Dependency& dependency) {
                return dependency.on == id && (dependency.type == DependencyType::automatic ||
                                               dependency.type == DependencyType::internal);
            };
            if (std::ranges::any_of(object.depends, goes)) take(dependent);
        }
        if (step_.catalog().at(id).kind != ObjectKind::schema) return;
        for (const ObjectId member : step_.catalog().members(id))
            members_.push_back(member);
    }

    /// Only a column's default depends, or the whole object does.
    void follow(ObjectId dependent, ObjectId on) {
        const Object& object = step_.catalog().at(dependent);
        const auto whole = [on](const Dependency& dependency) {
            return dependency.on == on && dependency.type != DependencyType::of_default;
        };
        if (std::ranges::any_of(object.depends, whole)) {
            take(dependent);
        } else {
            defaults_.push_back(dependent);
        }
    }

    bool refuse(ObjectId because_of) {
        const ObjectId named = contains_root(because_of) ? because_of : roots_.front();
        return step_.refuse(
            "2BP01",
            fmt::format("cannot drop {} because other objects depend on it",
                        description_of(step_.resolver(), step_.catalog().at(named))),
            {});
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
        if (object.kind == ObjectKind::index) {
            step_.lock(object.parent, LockMode::access_exclusive);
        } else if (name_space_of(object.kind) == NameSpace::relation) {
            step_.lock(id, LockMode::access_exclusive);
        } else if (object.kind == ObjectKind::trigger || object.kind == ObjectKind::policy ||
                   object.kind == ObjectKind::constraint || object.kind == ObjectKind::column) {
            step_.lock(object.parent, LockMode::access_exclusive);
        }
        const auto* constraint = object.get_if<ConstraintDetails>();
        if (constraint != nullptr && constraint->referenced != no_object) {
            step_.lock(constraint->referenced, LockMode::access_exclusive);
        }
    }

public:
    /// A schema's members depend on it normally (pg_depend), but are found by their schema.
    bool take_members(DropBehavior behavior) {
        for (std::size_t next = 0; next < members_.size(); ++next) {
            if (contains(members_[next])) continue;
            if (behavior == DropBehavior::restrict_) return refuse(roots_.front());
            take(members_[next]);
        }
        return true;
    }

private:
    Step& step_;
    const std::vector<ObjectId>& roots_;
    std::vector<ObjectId> taken_; ///< In the order found: what depends comes after what it needs.
    std::set<ObjectId> set_;
    std::vector<ObjectId> members_;
    std::vector<ObjectId> defaults_;
};

std::string arguments_of(const catalog::Resolver& resolver, const FunctionDetails& details) {
    std::string text;
    for (const TypeRef& argument : details.arguments) {
        if (!text.empty()) text += ',';
        text += format_type(resolver, argument);
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
    default: return fmt::format("{} {}", noun(object.kind), name);
    }
}

void drop_objects(Step& step, const std::vector<ObjectId>& roots, DropBehavior behavior) {
    for (const ObjectId root : roots) {
        if (required_by_owner(step, step.catalog().at(root))) return;
    }
    Deletion deletion(step, roots);
    if (!deletion.take_members(behavior) || !deletion.complete(behavior)) return;
    deletion.execute();
}

} // namespace ordain::replay
