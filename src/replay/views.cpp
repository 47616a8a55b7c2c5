#include "catalog/rows.hpp"
#include "replay/actions.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

/// CREATE OR REPLACE VIEW may only add columns at the end (checkViewTupleDesc).
bool columns_continue(Step& step,
                      const Object& view,
                      const analyze::BoundQuery& bound,
                      const std::vector<Identifier>& names) {
    const std::vector<const Object*> old_columns = step.catalog().columns(view.id);
    if (bound.columns.size() < old_columns.size()) {
        return step.refuse("42P16", "cannot drop columns from view", {});
    }
    for (std::size_t index = 0; index < old_columns.size(); ++index) {
        const Object& old_column = *old_columns[index];
        const std::string& name =
            index < names.size() ? names[index].text : bound.columns[index].name;
        if (old_column.name != name) {
            return step.refuse("42P16",
                               fmt::format(R"(cannot change name of view column "{}" to "{}")",
                                           old_column.name, name),
                               {});
        }
        const TypeRef from = old_column.as<ColumnDetails>().type;
        const TypeRef to = bound.columns[index].type;
        if (!from.known() || !to.known()) {
            step.doubt(fmt::format("the type of view column \"{}\" is not known", name));
        } else if (from != to) {
            return step.refuse(
                "42P16",
                fmt::format("cannot change data type of view column \"{}\" from {} to {}", name,
                            format_type(step.resolver(), from), format_type(step.resolver(), to)),
                {});
        }
    }
    return true;
}

void put_columns(Step& step,
                 ObjectId view,
                 const analyze::BoundQuery& bound,
                 const std::vector<Identifier>& names,
                 std::size_t first) {
    for (std::size_t index = first; index < bound.columns.size(); ++index) {
        const std::string& name =
            index < names.size() ? names[index].text : bound.columns[index].name;
        Object column = step.make(ObjectKind::column, no_object, view, name);
        ColumnDetails details;
        details.number = static_cast<std::int16_t>(index + 1);
        details.type = bound.columns[index].type;
        column.details = std::move(details);
        add_type_dependency(step, column, bound.columns[index].type);
        step.create(std::move(column), {});
    }
}

bool names_are_distinct(Step& step,
                        const analyze::BoundQuery& bound,
                        const std::vector<Identifier>& names) {
    std::set<std::string> seen;
    for (std::size_t index = 0; index < bound.columns.size(); ++index) {
        const std::string& name =
            index < names.size() ? names[index].text : bound.columns[index].name;
        if (seen.insert(name).second) continue;
        return step.refuse("42701", fmt::format("column \"{}\" specified more than once", name),
                           {});
    }
    return true;
}

RelationDetails details_of(const CreateView& create, const analyze::BoundQuery& bound) {
    RelationDetails details;
    details.persistence = create.persistence;
    details.definition = bound.text;
    details.options = option_lines(create.options);
    details.invented = !bound.doubts.empty();
    details.empty_with_sources = bound.returns_no_rows_if_empty;
    if (!create.check_option.empty())
        details.options.push_back("check_option=" + create.check_option);
    return details;
}

/// A unique index over columns and all rows, which REFRESH CONCURRENTLY needs
/// (is_usable_unique_index).
bool has_key(const Catalog& catalog, ObjectId view) {
    const auto usable = [&](ObjectId id) {
        const auto* index = catalog.at(id).get_if<IndexDetails>();
        if (index == nullptr || !index->unique || !index->valid) return false;
        const auto plain = [](const IndexDetails::Element& element) {
            return element.column != no_object;
        };
        return index->predicate.empty() && std::ranges::all_of(index->elements, plain);
    };
    return std::ranges::any_of(catalog.children(view), usable);
}

void replace(Step& step,
             const Object& old_view,
             const CreateView& create,
             const analyze::BoundQuery& bound) {
    if (old_view.kind != ObjectKind::view) {
        step.refuse("42809", fmt::format("\"{}\" is not a view", old_view.name),
                    create.view.name.span);
        return;
    }
    step.lock(old_view.id, LockMode::access_exclusive);
    step.depend(old_view.id, create.view.span(), Dependence::Kind::exists, false);
    const bool comparable = old_view.unknown.empty() && bound.doubts.empty();
    if (comparable && !columns_continue(step, old_view, bound, create.columns)) return;
    const std::size_t kept = step.catalog().columns(old_view.id).size();
    step.note_other_maker(old_view.id);
    Object view = step.change(old_view.id);
    view.details = details_of(create, bound);
    view.depends.clear();
    view.unknown = bound.doubts.empty() ? std::string() : bound.doubts.front();
    add_dependencies(view, bound.depends, DependencyType::normal);
    step.put(std::move(view));
    step.target(old_view.id);
    if (comparable) put_columns(step, old_view.id, bound, create.columns, kept);
}

} // namespace

void apply(Step& step, const CreateView& create) {
    const ObjectId schema = step.creation_schema(create.view);
    if (schema == no_object || step.refused()) return;
    const analyze::BoundQuery bound = step.binder().bind_query(create.query);
    for (const analyze::RelationAccess& access : bound.relations) {
        step.lock(access.relation, LockMode::access_share);
    }
    if (create.recursive) {
        step.doubt("a recursive view's own name is not bound");
    } else if (!step.accept(bound)) {
        return;
    }
    if (create.columns.size() > bound.columns.size() && bound.doubts.empty() && !create.recursive) {
        step.refuse("42601", "CREATE VIEW specifies more column names than columns",
                    create.columns.back().span);
        return;
    }
    if (!names_are_distinct(step, bound, create.columns)) return;
    const Object* old_view =
        step.catalog().find(NameSpace::relation, schema, create.view.name.text);
    if (old_view != nullptr && step.action().guard == Guard::or_replace) {
        replace(step, *old_view, create, bound);
        return;
    }
    if (!name_is_free(step, schema, create.view)) return;
    if (!type_name_is_free(step, schema, create.view.name)) return;
    Object view = step.make(ObjectKind::view, schema, no_object, create.view.name.text);
    view.details = details_of(create, bound);
    if (!bound.doubts.empty()) view.unknown = bound.doubts.front();
    add_dependencies(view, bound.depends, DependencyType::normal);
    const ObjectId id = step.create(std::move(view), create.view.name.span);
    step.target(id);
    put_columns(step, id, bound, create.columns, 0);
}

void apply(Step& step, const RefreshMaterializedView& refresh) {
    const LockMode mode = refresh.concurrently ? LockMode::exclusive : LockMode::access_exclusive;
    const Object* view = step.relation(refresh.view, mode);
    if (view == nullptr) return;
    step.target(view->id);
    const auto* details = view->get_if<RelationDetails>();
    if (details != nullptr && details->invented) return;
    if (view->kind == ObjectKind::view || view->kind == ObjectKind::sequence ||
        view->kind == ObjectKind::index) {
        step.refuse("42809", fmt::format("\"{}\" is not a table or materialized view", view->name),
                    refresh.view.span());
        return;
    }
    if (view->kind != ObjectKind::materialized_view) {
        step.refuse("0A000", fmt::format("\"{}\" is not a materialized view", view->name),
                    refresh.view.span());
        return;
    }
    const bool populated = details->populated;
    if (refresh.concurrently && !populated) {
        step.refuse("0A000",
                    "CONCURRENTLY cannot be used when the materialized view is not populated", {});
        return;
    }
    if (refresh.concurrently && !has_key(step.catalog(), view->id)) {
        step.refuse("55000",
                    fmt::format("cannot refresh materialized view \"{}\" concurrently",
                                catalog::qualified_name(step.catalog(), view->id)),
                    {});
        return;
    }
    for (const Dependency& dependency : view->depends) {
        const Object* source = step.catalog().find(dependency.on);
        if (source != nullptr && source->get_if<RelationDetails>() != nullptr) {
            step.lock(source->id, LockMode::access_share);
        }
    }
    if (!refresh.concurrently) {
        step.work(Work::Kind::rewrite, view->id, "the materialized view is filled anew");
    }
    Object changed = *view;
    changed.as<RelationDetails>().populated = !refresh.with_no_data;
    const bool none = details->empty_with_sources && catalog::sources_empty(step.catalog(), *view);
    changed.as<RelationDetails>().rows =
        none ? RelationDetails::Rows::none : RelationDetails::Rows::unknown;
    step.put(std::move(changed));
}

} // namespace ordain::replay
