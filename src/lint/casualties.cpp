#include "lint/casualties.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace ordain::lint {
namespace {

/// Longer lists say how many more there are.
constexpr std::size_t most_notes = 8;
constexpr std::size_t most_names = 3;

std::optional<Location> place_of(const ActionContext& context, const Origin& origin) {
    const std::vector<Migration>& migrations = context.plan.migrations;
    const bool placed = origin.migration != 0 && origin.migration <= migrations.size();
    if (!placed || origin.span.empty()) return std::nullopt;
    return Location{.file = migrations[origin.migration - 1].up.file, .span = origin.span};
}

/// Part of something that goes as well, or kept for it: the columns of a table, the index of a
/// constraint, the sequence of an identity or serial column.
bool goes_without_saying(const Object& object, const std::set<ObjectId>& gone) {
    return gone.contains(object.parent) ||
           std::ranges::any_of(object.depends, [&](const Dependency& dependency) {
               const bool kept = dependency.type == DependencyType::internal ||
                                 object.kind == ObjectKind::sequence;
               return kept && gone.contains(dependency.on);
           });
}

bool is_table(const Object* object) {
    if (object == nullptr) return false;
    return object->kind == ObjectKind::table || object->kind == ObjectKind::partitioned_table;
}

std::string_view kind_of(const Object& object) {
    const auto* constraint = object.get_if<ConstraintDetails>();
    const bool key =
        constraint != nullptr && constraint->kind == ConstraintDefinition::Kind::foreign_key;
    return key ? "foreign key" : name_of(object.kind);
}

} // namespace

std::vector<Loss> losses_of(const ActionContext& context) {
    std::vector<Loss> losses;
    std::set<ObjectId> gone;
    for (const Dropped& dropped : context.outcome.dropped) {
        if (dropped.why != Dropped::Why::used_by_default) gone.insert(dropped.object);
    }
    for (const Dropped& dropped : context.outcome.dropped) {
        const Object* object = context.object(dropped.object);
        if (object == nullptr) continue;
        if (dropped.why == Dropped::Why::named) {
            losses.push_back({.named = &dropped, .object = object, .others = {}});
            continue;
        }
        if (context.created_in_this_deployment(dropped.object)) continue;
        const bool whole = dropped.why != Dropped::Why::used_by_default;
        if (whole && goes_without_saying(*object, gone)) continue;
        const auto with = std::ranges::find(losses, dropped.root,
                                            [](const Loss& loss) { return loss.named->object; });
        if (with != losses.end()) with->others.push_back(&dropped);
    }
    return losses;
}

std::string describe(const ActionContext& context, const Dropped& dropped) {
    const Object& object = *context.object(dropped.object);
    const Object* root = context.object(dropped.root);
    const bool same_table = root != nullptr && root->parent == object.parent;
    const std::string of = object.parent == no_object || same_table
                               ? std::string()
                               : fmt::format(" of \"{}\"", context.display_name(object.parent));
    if (dropped.why == Dropped::Why::used_by_default)
        return fmt::format("the default of \"{}\"{}", object.name, of);
    const std::string name =
        object.parent == no_object ? context.display_name(object.id) : object.name;
    return fmt::format("{} \"{}\"{}", kind_of(object), name, of);
}

bool holds_data(const ActionContext& context, const Dropped& dropped) {
    if (dropped.why == Dropped::Why::used_by_default) return false;
    const Object* object = context.object(dropped.object);
    if (object != nullptr && object->kind == ObjectKind::column)
        object = context.object(object->parent);
    return is_table(object);
}

std::vector<const Object*> tables_of(const ActionContext& context, const Loss& loss) {
    std::vector<const Object*> tables;
    for (const Dropped* other : loss.others) {
        const Object* object = context.object(other->object);
        const bool table = is_table(object) && other->why != Dropped::Why::used_by_default;
        if (table && !object->as<RelationDetails>().is_partition) tables.push_back(object);
    }
    return tables;
}

void add_notes(const ActionContext& context,
               const std::vector<const Dropped*>& others,
               Finding& finding) {
    for (std::size_t index = 0; index < std::min(others.size(), most_notes); ++index) {
        const Dropped& dropped = *others[index];
        const Object& object = *context.object(dropped.object);
        const std::string_view data = !holds_data(context, dropped)       ? ""
                                      : object.kind == ObjectKind::column ? ", and its values"
                                                                          : ", and its rows";
        finding.notes.push_back(
            {.message = fmt::format("{} goes with it{}", describe(context, dropped), data),
             .where = place_of(context, object.created)});
    }
    if (others.size() > most_notes) {
        finding.notes.push_back(
            {.message = fmt::format("and {} more", others.size() - most_notes), .where = {}});
    }
}

std::string_view beyond_repair(const RowUse* copy) {
    if (copy == nullptr) return " for good";
    return copy->certain ? ", but for what was copied before"
                         : ", unless a statement before that was not read copies them";
}

void note_copy(const RowUse* copy, Finding& finding) {
    if (copy == nullptr) return;
    finding.severity = Severity::warning;
    finding.notes.push_back({.message = copy->certain
                                            ? "this copies before: what it leaves out is gone"
                                            : "this is not read, and names it",
                             .where = copy->where});
}

std::string join_names(const std::vector<std::string>& names) {
    std::string text;
    const std::size_t shown = names.size() <= most_names + 1 ? names.size() : most_names;
    for (std::size_t index = 0; index < shown; ++index) {
        const bool last = index + 1 == names.size();
        text += index == 0 ? "" : last ? " and " : ", ";
        text += fmt::format("\"{}\"", names[index]);
    }
    if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
    return text;
}

} // namespace ordain::lint
