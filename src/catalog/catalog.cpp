#include <algorithm>
#include <functional>
#include <iterator>
#include <ordain/catalog.hpp>
#include <utility>

namespace ordain {
namespace {

void insert_sorted(std::vector<ObjectId>& ids, ObjectId id) {
    ids.insert(std::ranges::lower_bound(ids, id), id);
}

void remove_sorted(std::vector<ObjectId>& ids, ObjectId id) {
    const auto found = std::ranges::lower_bound(ids, id);
    if (found != ids.end() && *found == id) ids.erase(found);
}

template <typename Map>
std::vector<ObjectId> ids_of(const Map& map, typename Map::key_type key) {
    const auto found = map.find(key);
    return found == map.end() ? std::vector<ObjectId>{} : found->second;
}

std::vector<ObjectId> targets_of(const Object& object) {
    std::vector<ObjectId> ids;
    for (const Dependency& dependency : object.depends) {
        if (!is_builtin(dependency.on)) ids.push_back(dependency.on);
    }
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

/// What an object depends on; its schema, and as if it were one of its own, its default.
std::vector<Dependency> ties_of(const Object& object) {
    std::vector<Dependency> ties;
    std::ranges::copy_if(object.depends, std::back_inserter(ties),
                         [](const Dependency& tie) { return !is_builtin(tie.on); });
    if (object.parent == no_object && object.schema != no_object && !is_builtin(object.schema)) {
        ties.push_back({.on = object.schema});
    }
    const auto* column = object.get_if<ColumnDetails>();
    if (column != nullptr && column->has_default && column->generated == '\0') {
        ties.push_back({.on = object.id, .type = DependencyType::of_default});
    }
    std::ranges::sort(ties);
    ties.erase(std::unique(ties.begin(), ties.end()), ties.end());
    return ties;
}

/// What a change takes away, and who: nothing of an object that its own migration made.
struct Parting {
    std::vector<Dependency> ties;
    Origin removed;
};
Parting parting(const Catalog::Change& change) {
    const Object* before = change.object_before;
    const Object* after = change.object_after;
    if (before == nullptr) return {};
    const Origin by = after != nullptr ? after->changed : change.tombstone_after->removed;
    if (before->created.migration == by.migration) return {};
    const std::vector<Dependency> had = ties_of(*before);
    const std::vector<Dependency> kept =
        after == nullptr ? std::vector<Dependency>{} : ties_of(*after);
    Parting parting{.ties = {}, .removed = by};
    std::ranges::set_difference(had, kept, std::back_inserter(parting.ties));
    return parting;
}

/// Most versions of an object keep its name and dependencies, and then no index changes.
bool same_place(const Object& left, const Object& right) {
    return left.kind == right.kind && left.schema == right.schema && left.parent == right.parent &&
           left.name == right.name && left.depends == right.depends;
}

std::size_t slot_of(ObjectId id) {
    return static_cast<std::size_t>(id) - first_user_object;
}

} // namespace

void BoundText::append(std::string_view text) {
    if (pieces.empty() || pieces.back().object != no_object) pieces.push_back({});
    pieces.back().text += text;
}

void BoundText::append(ObjectId object) {
    if (pieces.empty() || pieces.back().object != no_object) pieces.push_back({});
    pieces.back().object = object;
}

void BoundText::append(const BoundText& other) {
    for (const Piece& piece : other.pieces) {
        if (!piece.text.empty()) append(piece.text);
        if (piece.object != no_object) append(piece.object);
    }
}

NameSpace name_space_of(ObjectKind kind) {
    switch (kind) {
    case ObjectKind::schema: return NameSpace::schema;
    case ObjectKind::table:
    case ObjectKind::partitioned_table:
    case ObjectKind::foreign_table:
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::sequence:
    case ObjectKind::composite_type:
    case ObjectKind::index: return NameSpace::relation;
    case ObjectKind::enum_:
    case ObjectKind::domain:
    case ObjectKind::range:
    case ObjectKind::type: return NameSpace::type;
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::aggregate: return NameSpace::function;
    case ObjectKind::column: return NameSpace::column;
    case ObjectKind::constraint: return NameSpace::constraint;
    case ObjectKind::trigger: return NameSpace::trigger;
    case ObjectKind::policy: return NameSpace::policy;
    case ObjectKind::rule: return NameSpace::rule;
    case ObjectKind::extension: return NameSpace::extension;
    case ObjectKind::role: return NameSpace::role;
    case ObjectKind::publication: return NameSpace::publication;
    case ObjectKind::event_trigger: return NameSpace::event_trigger;
    case ObjectKind::statistics: return NameSpace::statistics;
    case ObjectKind::database:
    case ObjectKind::tablespace:
    case ObjectKind::language:
    case ObjectKind::subscription:
    case ObjectKind::operator_:
    case ObjectKind::operator_class:
    case ObjectKind::operator_family:
    case ObjectKind::cast:
    case ObjectKind::collation:
    case ObjectKind::conversion:
    case ObjectKind::foreign_data_wrapper:
    case ObjectKind::server:
    case ObjectKind::user_mapping:
    case ObjectKind::access_method:
    case ObjectKind::text_search_parser:
    case ObjectKind::text_search_dictionary:
    case ObjectKind::text_search_template:
    case ObjectKind::text_search_configuration:
    case ObjectKind::transform:
    case ObjectKind::large_object:
    case ObjectKind::default_privileges: return NameSpace::other;
    }
    return NameSpace::other;
}

std::size_t Catalog::KeyHash::operator()(const Key& key) const {
    const std::size_t place =
        (static_cast<std::size_t>(key.container) << 4U) ^ static_cast<std::size_t>(key.space);
    return std::hash<std::string_view>{}(key.name) ^ (place * 0x9E3779B97F4A7C15ULL);
}

Catalog::Catalog() {
    Object schema;
    schema.id = allocate();
    schema.kind = ObjectKind::schema;
    schema.name = "public";
    schema.details = SchemaDetails{};
    put(std::move(schema));
    journal_.clear();
}

Catalog::Key Catalog::key_of(const Object& object) {
    const NameSpace space = name_space_of(object.kind);
    const bool part = space == NameSpace::column || space == NameSpace::constraint ||
                      space == NameSpace::trigger || space == NameSpace::policy ||
                      space == NameSpace::rule;
    // An extension has a schema for its members; its own name is the database's.
    const bool global = space == NameSpace::extension;
    const ObjectId container = global ? no_object : part ? object.parent : object.schema;
    return Key{.space = space, .container = container, .name = object.name};
}

Catalog::Key Catalog::schema_key(const Object& object) {
    return Key{.space = NameSpace::constraint, .container = object.schema, .name = object.name};
}

const Object* Catalog::find(ObjectId id) const {
    if (is_builtin(id) || slot_of(id) >= slots_.size()) return nullptr;
    return slots_[slot_of(id)];
}

const Object* Catalog::last_version(ObjectId id) const {
    if (is_builtin(id) || slot_of(id) >= last_versions_.size()) return nullptr;
    return last_versions_[slot_of(id)];
}

std::vector<ObjectId>
Catalog::named(NameSpace space, ObjectId container, std::string_view name) const {
    return ids_of(names_, Key{.space = space, .container = container, .name = name});
}

const Object* Catalog::find(NameSpace space, ObjectId container, std::string_view name) const {
    const auto found = names_.find(Key{.space = space, .container = container, .name = name});
    return found == names_.end() || found->second.empty() ? nullptr : find(found->second.front());
}

std::vector<ObjectId> Catalog::children(ObjectId parent) const {
    return ids_of(children_, parent);
}

std::vector<ObjectId> Catalog::members(ObjectId schema) const {
    return ids_of(members_, schema);
}

std::vector<const Object*> Catalog::columns(ObjectId relation) const {
    std::vector<const Object*> found;
    const auto children = children_.find(relation);
    if (children == children_.end()) return found;
    for (const ObjectId id : children->second) {
        const Object* child = find(id);
        if (child->kind == ObjectKind::column) found.push_back(child);
    }
    std::ranges::sort(found, {},
                      [](const Object* column) { return column->as<ColumnDetails>().number; });
    return found;
}

std::vector<ObjectId> Catalog::dependents(ObjectId id) const {
    return ids_of(dependents_, id);
}

const std::vector<FormerDependent>& Catalog::former_dependents(ObjectId id) const {
    static const std::vector<FormerDependent> none;
    const auto found = former_dependents_.find(id);
    return found == former_dependents_.end() ? none : found->second;
}

std::vector<const Object*> Catalog::objects() const {
    std::vector<const Object*> found;
    for (const Object* object : slots_) {
        if (object != nullptr) found.push_back(object);
    }
    return found;
}

Origin Catalog::removed_by(ObjectId id) const {
    const Object* object = last_version(id);
    if (object == nullptr || find(id) != nullptr) return {};
    const Key key = key_of(*object);
    const Tombstone* grave = tombstone(key.space, key.container, key.name);
    return grave == nullptr ? Origin{} : grave->removed;
}

const Tombstone*
Catalog::tombstone(NameSpace space, ObjectId container, std::string_view name) const {
    const auto found =
        tombstone_of_.find(Key{.space = space, .container = container, .name = name});
    return found == tombstone_of_.end() ? nullptr : found->second;
}

const Taint* Catalog::taint(std::string_view word) const {
    const auto found = taint_of_.find(word);
    return found == taint_of_.end() ? nullptr : found->second;
}

template <typename Does>
std::string_view Catalog::later_taint(const Object& object, const Does& does) const {
    for (const std::string_view word : {std::string_view(object.name), any_word}) {
        const Taint* found = taint(word);
        if (found != nullptr && found->stamp > object.stamp && does(*found)) return found->reason;
    }
    return {};
}

std::string_view Catalog::presence_doubt(const Object& object) const {
    return later_taint(object, [&object](const Taint& taint) {
        return (taint.drops & Taint::bit(name_space_of(object.kind))) != 0;
    });
}

std::string_view Catalog::alteration_doubt(const Object& object) const {
    return later_taint(object, [](const Taint& taint) { return taint.alters; });
}

std::vector<std::string_view> Catalog::tainted_words() const {
    std::vector<std::string_view> words;
    for (const auto& [word, taint] : taint_of_) {
        if (taint != nullptr) words.push_back(word);
    }
    std::ranges::sort(words);
    return words;
}

ObjectId Catalog::allocate() {
    slots_.push_back(nullptr);
    last_versions_.push_back(nullptr);
    return static_cast<ObjectId>(first_user_object + slots_.size() - 1);
}

void Catalog::link(const Object& object) {
    insert_sorted(names_[key_of(object)], object.id);
    if (object.kind == ObjectKind::constraint) insert_sorted(names_[schema_key(object)], object.id);
    if (object.parent != no_object) {
        insert_sorted(children_[object.parent], object.id);
    } else if (object.schema != no_object) {
        insert_sorted(members_[object.schema], object.id);
    }
    if (object.kind == ObjectKind::extension) insert_sorted(extensions_, object.id);
    for (const ObjectId target : targets_of(object))
        insert_sorted(dependents_[target], object.id);
}

void Catalog::unname(const Key& key, ObjectId id) {
    const auto named = names_.find(key);
    remove_sorted(named->second, id);
    if (named->second.empty()) names_.erase(named);
}

void Catalog::unlink(const Object& object) {
    unname(key_of(object), object.id);
    if (object.kind == ObjectKind::constraint) unname(schema_key(object), object.id);
    if (object.parent != no_object) {
        remove_sorted(children_[object.parent], object.id);
    } else if (object.schema != no_object) {
        remove_sorted(members_[object.schema], object.id);
    }
    if (object.kind == ObjectKind::extension) remove_sorted(extensions_, object.id);
    for (const ObjectId target : targets_of(object))
        remove_sorted(dependents_[target], object.id);
}

void Catalog::set_slot(ObjectId id, const Object* version) {
    const Object*& slot = slots_[slot_of(id)];
    if (slot != nullptr && version != nullptr && same_place(*slot, *version)) {
        slot = version;
        return;
    }
    if (slot != nullptr) unlink(*slot);
    slot = version;
    if (slot != nullptr) link(*slot);
}

void Catalog::bury(const Object& object, Origin by, Change& change) {
    const Key key = key_of(object);
    tombstones_.push_back(Tombstone{
        .object = object.id, .removed = by, .named = object.named, .remade = object.remade});
    change.space = key.space;
    change.container = key.container;
    change.name = key.name;
    change.tombstone_before = tombstone(key.space, key.container, key.name);
    change.tombstone_after = &tombstones_.back();
    set_tombstone(key, change.tombstone_after);
}

void Catalog::remember_former(const Change& change) {
    const Parting parted = parting(change);
    for (const Dependency& tie : parted.ties) {
        former_dependents_[tie.on].push_back(
            {.object = change.object, .type = tie.type, .removed = parted.removed});
    }
}

void Catalog::forget_former(const Change& change) {
    for (const Dependency& tie : parting(change).ties)
        former_dependents_[tie.on].pop_back();
}

void Catalog::put(Object object) {
    const ObjectId id = object.id;
    object.stamp = ++stamp_;
    versions_.push_back(std::move(object));
    const Object* version = &versions_.back();
    const Object* before = find(id);
    Change change{.object = id, .object_before = before, .object_after = version};
    if (before != nullptr && !(key_of(*before) == key_of(*version))) {
        bury(*before, version->changed, change);
    }
    journal_.push_back(change);
    remember_former(change);
    set_slot(id, version);
    last_versions_[slot_of(id)] = version;
}

void Catalog::set_tombstone(const Key& key, const Tombstone* value) {
    if (value == nullptr) {
        tombstone_of_.erase(key);
    } else {
        tombstone_of_[key] = value;
    }
}

void Catalog::erase(ObjectId id, Origin by, Removal removal) {
    const Object* before = find(id);
    if (before == nullptr) return;
    Change change{.object = id, .object_before = before};
    bury(*before, by, change);
    tombstones_.back().required = removal == Removal::required;
    journal_.push_back(change);
    remember_former(change);
    set_slot(id, nullptr);
}

void Catalog::set_taint(std::string_view word, Taint taint) {
    const Taint* known = this->taint(word);
    if (known != nullptr) {
        if (known->creates != 0) taint.by = known->by;
        taint.creates |= known->creates;
        taint.drops |= known->drops;
        taint.writes = taint.writes || known->writes;
        taint.alters = taint.alters || known->alters;
    }
    taint.stamp = ++stamp_;
    taint.next_object = static_cast<ObjectId>(first_user_object + slots_.size());
    words_.emplace_back(word);
    taints_.push_back(std::move(taint));
    Change change;
    change.name = words_.back();
    change.taint_before = known;
    change.taint_after = &taints_.back();
    journal_.push_back(change);
    taint_of_[change.name] = change.taint_after;
}

/// Of a part of the same name, when what it was part of was dropped and made again.
const Tombstone* Catalog::grave_in_former_home(NameSpace space,
                                               ObjectId container,
                                               std::string_view name,
                                               Origin by) const {
    const Object* home = find(container);
    if (home == nullptr || home->created.migration != by.migration) return nullptr;
    const Key key = key_of(*home);
    const Tombstone* former = tombstone(key.space, key.container, key.name);
    return former == nullptr ? nullptr : tombstone(space, former->object, name);
}

void Catalog::set_name_origin(Object& object, ObjectId container, Origin by) const {
    object.named = by;
    object.remade = false;
    const NameSpace space = name_space_of(object.kind);
    const Tombstone* grave = tombstone(space, container, object.name);
    if (grave == nullptr) grave = grave_in_former_home(space, container, object.name, by);
    if (grave == nullptr || grave->removed.migration != by.migration) return;
    object.named = grave->named;
    object.remade = grave->remade || (!grave->required && grave->named.migration != by.migration);
}

Catalog::Mark Catalog::mark() const {
    return Mark{journal_.size()};
}

Catalog::Delta Catalog::undo(Mark mark) {
    const auto first = journal_.begin() + static_cast<std::ptrdiff_t>(mark);
    Delta delta{.changes = {first, journal_.end()}};
    journal_.erase(first, journal_.end());
    for (std::size_t left = delta.changes.size(); left > 0; --left) {
        const Change& change = delta.changes[left - 1];
        if (change.object != no_object) {
            forget_former(change);
            set_slot(change.object, change.object_before);
        }
        if (change.tombstone_after != nullptr) {
            const Key key{
                .space = change.space, .container = change.container, .name = change.name};
            set_tombstone(key, change.tombstone_before);
        }
        if (change.taint_after == nullptr) continue;
        if (change.taint_before == nullptr) {
            taint_of_.erase(change.name);
        } else {
            taint_of_[change.name] = change.taint_before;
        }
    }
    return delta;
}

void Catalog::redo(const Delta& delta) {
    for (const Change& change : delta.changes) {
        if (change.object != no_object) {
            remember_former(change);
            set_slot(change.object, change.object_after);
        }
        if (change.tombstone_after != nullptr) {
            const Key key{
                .space = change.space, .container = change.container, .name = change.name};
            set_tombstone(key, change.tombstone_after);
        }
        if (change.taint_after != nullptr) taint_of_[change.name] = change.taint_after;
        journal_.push_back(change);
    }
}

std::vector<Catalog::Touched> Catalog::touched_since(Mark mark) const {
    std::vector<Touched> touched;
    for (auto index = static_cast<std::size_t>(mark); index < journal_.size(); ++index) {
        const Change& change = journal_[index];
        if (change.object == no_object) continue;
        touched.push_back({.object = change.object,
                           .before = change.object_before,
                           .first = change.object_after});
    }
    // Of several changes the first tells what was there at the mark.
    std::ranges::stable_sort(touched, {}, &Touched::object);
    const auto same = [](const Touched& a, const Touched& b) { return a.object == b.object; };
    touched.erase(std::unique(touched.begin(), touched.end(), same), touched.end());
    return touched;
}

} // namespace ordain
