#include "analyze/analysis.hpp"

#include <algorithm>
#include <fmt/format.h>

/// GROUP BY and aggregates: parseCheckAggregates.
namespace ordain::analyze {

namespace {

/// A column that USING merged; what stands for it depends on the kind of join.
bool is_join(const Node& node) {
    return node.entry != nullptr && node.entry->kind == RangeEntry::Kind::join;
}

} // namespace

/// Whether the primary key of the column's table is grouped by (check_functional_grouping).
bool Analysis::functionally_dependent(const Node& column, const std::vector<Node>& groups) const {
    const RangeEntry* entry = column.entry;
    if (entry == nullptr || entry->relation == nullptr) return false;
    for (const ObjectId id : catalog_.children(entry->relation->id)) {
        const Object& child = catalog_.at(id);
        const auto* constraint = child.get_if<ConstraintDetails>();
        if (constraint == nullptr || constraint->deferrable ||
            constraint->kind != ConstraintDefinition::Kind::primary_key) {
            continue;
        }
        return std::ranges::all_of(constraint->columns, [&](ObjectId key) {
            return std::ranges::any_of(groups, [&](const Node& group) {
                return group.kind == Node::Kind::column && group.object == key &&
                       (group.entry == entry || is_join(group));
            });
        });
    }
    return false;
}

void Analysis::ungrouped(const Node& node, const std::vector<Node>& groups) {
    if (problem_ || node.kind == Node::Kind::sublink) return;
    if (node.kind == Node::Kind::call && node.aggregate && node.level == 0) return;
    const auto same = [&](const Node& group) { return equal(group, node); };
    if (std::ranges::any_of(groups, same)) return;
    const bool row = node.kind == Node::Kind::whole_row;
    const bool column = node.kind == Node::Kind::column && node.level == 0;
    if ((column || row) && node.level == 0 && node.entry != nullptr) {
        const RangeEntry& entry = *node.entry;
        if (entry.kind == RangeEntry::Kind::join || entry.open) return;
        if (functionally_dependent(node, groups)) {
            for (const ObjectId id : catalog_.children(entry.relation->id)) {
                const auto* constraint = catalog_.at(id).get_if<ConstraintDetails>();
                const bool key = constraint != nullptr &&
                                 constraint->kind == ConstraintDefinition::Kind::primary_key;
                if (key) depend(id);
            }
            return;
        }
        if (row) return;
        const Object* object = catalog_.find(node.object);
        const auto merged = [&](const Node& group) {
            const Object* other = is_join(group) ? catalog_.find(group.object) : nullptr;
            return other != nullptr && object != nullptr && other->name == object->name;
        };
        if (std::ranges::any_of(groups, merged)) return;
        const std::string name = !node.text.empty()  ? node.text
                                 : object != nullptr ? object->name
                                                     : std::string();
        const bool maybe_key = entry.relation != nullptr && !entry.relation->unknown.empty();
        if (maybe_key) {
            doubt(fmt::format("column \"{}\" is not grouped by", name));
            return;
        }
        fail("42803",
             fmt::format("column \"{}.{}\" must appear in the GROUP BY clause or be used in an "
                         "aggregate function",
                         entry.alias, name),
             node.span);
        return;
    }
    for (const Node& operand : node.operands)
        ungrouped(operand, groups);
}

void Analysis::check_grouping(const std::vector<Node>& groups,
                              const std::vector<const Node*>& nodes) {
    for (const Node* node : nodes)
        ungrouped(*node, groups);
}

} // namespace ordain::analyze
