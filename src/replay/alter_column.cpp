#include "catalog/inheritance.hpp"
#include "replay/actions.hpp"
#include "replay/alter_table.hpp"
#include "replay/not_null.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

using Kind = ConstraintDefinition::Kind;

std::vector<std::string> identity_options(const Catalog& catalog, ObjectId column) {
    for (const ObjectId id : catalog.dependents(column)) {
        const auto* sequence = catalog.at(id).get_if<SequenceDetails>();
        if (sequence != nullptr && sequence->owned_by == column) return sequence->options;
    }
    return {};
}

/// A column's default is that of the children's as well.
void give_default(Step& step, ObjectId relation, const Object& column) {
    const auto& details = column.as<ColumnDetails>();
    for (const ObjectId id : catalog::descendants(step.catalog(), relation)) {
        const Object* inherited = step.catalog().find(NameSpace::column, id, column.name);
        if (inherited == nullptr) continue;
        Object child = step.change(inherited->id);
        child.as<ColumnDetails>().has_default = details.has_default;
        child.as<ColumnDetails>().default_ = details.default_;
        std::erase_if(child.depends, [](const Dependency& dependency) {
            return dependency.type == DependencyType::of_default;
        });
        for (const Dependency& dependency : column.depends) {
            if (dependency.type == DependencyType::of_default)
                add_dependency(child, dependency.on, dependency.type);
        }
        step.put(std::move(child));
    }
}

/// A partition holds null only where its parent does (ATExecDropNotNull).
bool parent_allows_null(Step& step, const Object& relation, const Object& column, Span span) {
    const auto& details = relation.as<RelationDetails>();
    if (!details.is_partition || details.parents.empty()) return true;
    const Object* above =
        step.catalog().find(NameSpace::column, details.parents.front(), column.name);
    if (above == nullptr || !above->as<ColumnDetails>().not_null) return true;
    return step.refuse("42P16",
                       fmt::format("column \"{}\" is marked NOT NULL in parent table", column.name),
                       span);
}

/// What DROP NOT NULL asks of a column.
bool may_hold_null(Step& step, const Object& relation, const Object& column, Span span) {
    if (column.as<ColumnDetails>().identity != '\0') {
        return step.refuse("42601",
                           fmt::format(R"(column "{}" of relation "{}" is an identity column)",
                                       column.name, relation.name),
                           span);
    }
    const auto is_key = [&](const IndexDetails::Element& element) {
        return element.column == column.id;
    };
    for (const ObjectId id : step.catalog().children(relation.id)) {
        const auto* index = step.catalog().at(id).get_if<IndexDetails>();
        if (index == nullptr || !index->primary) continue;
        if (!std::ranges::any_of(index->elements, is_key)) continue;
        return step.refuse("42P16", fmt::format("column \"{}\" is in a primary key", column.name),
                           span);
    }
    return parent_allows_null(step, relation, column, span);
}

/// The column of the relation, or its namesake of a descendant.
void put_not_null(Step& step,
                  const Object& relation,
                  const Object& column,
                  const SetColumnNotNull& set) {
    Object changed = step.change(column.id);
    changed.as<ColumnDetails>().not_null = set.not_null;
    step.put(std::move(changed));
    const bool scanned = set.not_null && note_not_null_scan(step, relation, set.column);
    if (scanned && !step.empty(relation.id)) {
        step.doubt(
            fmt::format(R"(rows of "{}" may hold null in "{}")", relation.name, column.name));
    }
}

} // namespace

void apply(Step& step, const SetColumnDefault& set) {
    const Object* relation = altered(step, set.relation, LockMode::access_exclusive);
    if (relation == nullptr) return;
    const Object* column = altered_column(step, *relation, set.column);
    if (column == nullptr) return;
    const auto& present = column->as<ColumnDetails>();
    if (present.identity != '\0' || present.generated != '\0') {
        step.refuse(
            "42601",
            fmt::format(R"(column "{}" of relation "{}" is {})", set.column.text, relation->name,
                        present.identity != '\0' ? "an identity column" : "a generated column"),
            set.column.span);
        return;
    }
    step.target(column->id);
    Object changed = step.change(column->id);
    auto& details = changed.as<ColumnDetails>();
    details.has_default = false;
    details.default_ = {};
    std::erase_if(changed.depends, [](const Dependency& dependency) {
        return dependency.type == DependencyType::of_default;
    });
    if (set.value) {
        const analyze::Bound bound =
            step.binder().bind_value(*set.value, nullptr, details.type, set.column.text);
        if (!step.accept(bound)) return;
        if (!bound.null) {
            details.has_default = true;
            details.default_ = bound.text;
            add_dependencies(changed, bound.depends, DependencyType::of_default);
        }
    }
    const Object made = changed;
    step.put(std::move(changed));
    give_default(step, relation->id, made);
}

void apply(Step& step, const SetColumnNotNull& set) {
    const Object* found = altered_table(step, set.relation, LockMode::access_exclusive,
                                        "ALTER COLUMN ... SET NOT NULL");
    if (found == nullptr) return;
    const Object relation = *found;
    lock_descendants(step, relation, LockMode::access_exclusive);
    const Object* column = altered_column(step, relation, set.column);
    if (column == nullptr) {
        const bool unseen = set.not_null && !step.refused();
        if (unseen) note_not_null_scan(step, relation, set.column);
        return;
    }
    step.target(column->id);
    step.target(relation.id);
    if (column->as<ColumnDetails>().not_null == set.not_null) return;
    if (!set.not_null && !may_hold_null(step, relation, *column, set.column.span)) return;
    for (const ObjectId id : catalog::descendants(step.catalog(), relation.id)) {
        const Object* inherited = step.catalog().find(NameSpace::column, id, column->name);
        if (inherited == nullptr || inherited->as<ColumnDetails>().not_null == set.not_null)
            continue;
        put_not_null(step, step.catalog().at(id), *inherited, set);
    }
    put_not_null(step, relation, *column, set);
}

void apply(Step& step, const AddIdentity& add) {
    const Object* found = altered_table(step, add.relation, LockMode::access_exclusive,
                                        "ALTER COLUMN ... ADD IDENTITY");
    if (found == nullptr) return;
    const Object relation = *found;
    const Object* column = altered_column(step, relation, add.column);
    if (column == nullptr) return;
    const auto& details = column->as<ColumnDetails>();
    const auto refuse = [&](std::string_view what) {
        step.refuse(
            "55000",
            fmt::format(R"(column "{}" of relation "{}" {})", column->name, relation.name, what),
            add.column.span);
    };
    if (!identity_fits(step, details.type, add.column.span)) return;
    if (!details.not_null) return refuse("must be declared NOT NULL before identity can be added");
    if (details.identity != '\0') return refuse("is already an identity column");
    if (details.has_default) return refuse("already has a default value");
    if (!sequence_options_fit(step, add.options, {}, details.type)) return;
    Object changed = step.change(column->id);
    changed.as<ColumnDetails>().identity = add.always ? 'a' : 'd';
    step.put(std::move(changed));
    make_identity_sequence(step, relation, *column, add.options);
}

void apply(Step& step, const AlterIdentity& alter) {
    const Object* relation = altered(step, alter.relation, LockMode::access_exclusive);
    if (relation == nullptr) return;
    const Object* column = altered_column(step, *relation, alter.column);
    if (column == nullptr) return;
    if (column->as<ColumnDetails>().identity == '\0') {
        step.refuse("55000",
                    fmt::format(R"(column "{}" of relation "{}" is not an identity column)",
                                column->name, relation->name),
                    alter.column.span);
        return;
    }
    Object changed = step.change(column->id);
    if (!sequence_options_fit(step, alter.options, identity_options(step.catalog(), column->id),
                              column->as<ColumnDetails>().type))
        return;
    for (const Option& option : alter.options) {
        if (option.name.text == "generated") {
            changed.as<ColumnDetails>().identity = option.value.starts_with('a') ? 'a' : 'd';
        }
    }
    step.put(std::move(changed));
}

void apply(Step& step, const DropIdentity& drop) {
    const Object* relation = altered(step, drop.relation, LockMode::access_exclusive);
    if (relation == nullptr) return;
    const Object* column = altered_column(step, *relation, drop.column);
    if (column == nullptr) return;
    if (column->as<ColumnDetails>().identity == '\0') {
        if (step.action().guard == Guard::if_exists) return step.skip();
        step.refuse("55000",
                    fmt::format(R"(column "{}" of relation "{}" is not an identity column)",
                                column->name, relation->name),
                    drop.column.span);
        return;
    }
    const ObjectId column_id = column->id;
    Object changed = step.change(column_id);
    changed.as<ColumnDetails>().identity = '\0';
    step.put(std::move(changed));
    for (const ObjectId id : step.catalog().dependents(column_id)) {
        if (step.catalog().at(id).kind == ObjectKind::sequence) step.erase(id);
    }
}

void apply(Step& step, const DropExpression& drop) {
    const Object* relation = altered(step, drop.relation, LockMode::access_exclusive);
    if (relation == nullptr) return;
    const Object* column = altered_column(step, *relation, drop.column);
    if (column == nullptr) return;
    if (column->as<ColumnDetails>().generated == '\0') {
        if (step.action().guard == Guard::if_exists) return step.skip();
        step.refuse("55000",
                    fmt::format(R"(column "{}" of relation "{}" is not a stored generated column)",
                                column->name, relation->name),
                    drop.column.span);
        return;
    }
    Object changed = step.change(column->id);
    auto& details = changed.as<ColumnDetails>();
    details.generated = '\0';
    details.has_default = false;
    details.default_ = {};
    step.put(std::move(changed));
}

} // namespace ordain::replay
