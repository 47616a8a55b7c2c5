#include "analyze/analysis.hpp"

#include <algorithm>
#include <fmt/format.h>

/// FROM, as parse_clause.c transforms it: what it names and how that can be seen.
namespace ordain::analyze {

using catalog::Lookup;

namespace {

std::string_view name_of(FromItem::Join join) {
    switch (join) {
    case FromItem::Join::cross: return " CROSS JOIN ";
    case FromItem::Join::inner: return " JOIN ";
    case FromItem::Join::left: return " LEFT JOIN ";
    case FromItem::Join::right: return " RIGHT JOIN ";
    case FromItem::Join::full: return " FULL JOIN ";
    }
    return " JOIN ";
}

void set_lateral(std::vector<NamespaceItem>& items, bool only, bool usable) {
    for (NamespaceItem& item : items) {
        item.lateral_only = only;
        item.lateral_ok = usable;
    }
}

bool readable(ObjectKind kind) {
    return kind != ObjectKind::index && kind != ObjectKind::composite_type;
}

} // namespace

Analysis::Items Analysis::visible(const RangeEntry& entry) {
    scope_->range_table.push_back(&entry);
    return {NamespaceItem{.entry = &entry}};
}

RangeEntry* Analysis::common_table_entry(const QualifiedName& name) {
    if (!name.schema.empty()) return nullptr;
    for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent) {
        const auto found = std::ranges::find(scope->tables, name.name.text, &CommonTable::name);
        if (found == scope->tables.end()) continue;
        RangeEntry& entry = new_entry();
        entry.alias = found->name;
        entry.columns = found->columns;
        entry.open = found->open;
        entry.reason = found->reason;
        return &entry;
    }
    return nullptr;
}

RangeEntry* Analysis::relation_entry(const QualifiedName& name) {
    RangeEntry& entry = new_entry();
    entry.alias = name.name.text;
    const Lookup found = resolver_.relation(name);
    if (found.absent()) {
        fail("42P01", fmt::format("relation \"{}\" does not exist", to_string(name)), name.span());
        entry.open = true;
        entry.reason = "its relation does not exist";
        return &entry;
    }
    if (!found.present()) doubt(fmt::format("table \"{}\": {}", to_string(name), found.reason));
    if (found.object == nullptr) {
        entry.builtin = found.present()
                            ? catalog::find_builtin_relation_by_oid(static_cast<Oid>(found.id))
                            : nullptr;
        entry.open = entry.builtin == nullptr;
        entry.reason = entry.open ? found.reason : std::string();
        if (!entry.open) entry.kind = RangeEntry::Kind::relation;
        return &entry;
    }
    use(found.id, name.span());
    const auto* details = found.object->get_if<RelationDetails>();
    const bool sequence = found.object->kind == ObjectKind::sequence;
    if ((details == nullptr && !sequence) || !readable(found.object->kind)) {
        if (found.present()) {
            const bool index = found.object->kind == ObjectKind::index;
            fail("42809",
                 fmt::format("\"{}\" is {}", name.name.text,
                             index ? "an index" : "a composite type"),
                 name.span());
        }
        entry.open = true;
        entry.reason = "it is no table";
        return &entry;
    }
    depend(found.id);
    if (sequence) {
        constexpr Oid bigint = type_oid::int8;
        entry.columns = {{.name = "last_value", .type = builtin_type(bigint)},
                         {.name = "log_cnt", .type = builtin_type(bigint)},
                         {.name = "is_called", .type = boolean_type}};
        return &entry;
    }
    entry.kind = RangeEntry::Kind::relation;
    entry.relation = found.object;
    const bool uncertain = !found.present() || !found.object->unknown.empty();
    entry.open = details->invented || uncertain || found.object->open;
    entry.reason = details->invented                ? "its columns are not known"
                   : !found.present()               ? found.reason
                   : !found.object->unknown.empty() ? found.object->unknown
                                                    : "not all of its columns are known";
    return &entry;
}

void Analysis::alias_columns(RangeEntry& entry, const FromItem& item) {
    if (!item.alias.empty()) {
        entry.alias = item.alias.text;
        entry.aliased = true;
    }
    if (item.column_aliases.empty()) return;
    std::vector<RangeColumn> columns = list_columns(entry);
    if (item.column_aliases.size() > columns.size() && first_open(entry) == nullptr) {
        fail("42P10",
             fmt::format("{} \"{}\" has {} columns available but {} columns specified",
                         entry.kind == RangeEntry::Kind::join ? "join expression" : "table",
                         entry.alias, columns.size(), item.column_aliases.size()),
             item.column_aliases.back().span);
    }
    const bool open = first_open(entry) != nullptr;
    columns.resize(std::max(columns.size(), item.column_aliases.size()));
    for (std::size_t i = 0; i < item.column_aliases.size(); ++i) {
        columns[i].name = item.column_aliases[i].text;
    }
    entry.columns = std::move(columns);
    entry.listed = true;
    entry.open = open;
}

Analysis::Items Analysis::from_relation(const FromItem& item, BoundText& text) {
    RangeEntry* entry = common_table_entry(item.relation);
    if (entry == nullptr) {
        entry = relation_entry(item.relation);
        const ObjectId id = entry->relation == nullptr ? no_object : entry->relation->id;
        if (id != no_object) {
            relations_.push_back(
                {.relation = id, .access = Access::read, .span = item.relation.span()});
        }
        if (item.only) text.append("ONLY ");
        if (id != no_object) {
            text.append(id);
        } else {
            text.append(to_string(item.relation));
        }
    } else {
        text.append(catalog::quote_identifier(entry->alias));
    }
    alias_columns(*entry, item);
    if (entry->aliased) text.append(" " + catalog::quote_identifier(entry->alias));
    return visible(*entry);
}

Analysis::Items Analysis::from_subquery(const FromItem& item, BoundText& text) {
    RangeEntry& entry = new_entry();
    const bool lateral = std::exchange(scope_->lateral_active, item.lateral);
    QueryResult inner = query(*item.query, scope_, true);
    scope_->lateral_active = lateral;
    entry.columns = std::move(inner.columns);
    entry.open = inner.open;
    entry.reason = std::move(inner.reason);
    alias_columns(entry, item);
    text.append(item.lateral ? "LATERAL (" : "(");
    text.append(inner.text);
    text.append(") " + catalog::quote_identifier(entry.alias));
    return visible(entry);
}

void Analysis::definition_columns(RangeEntry& entry, const FromItem& item) {
    for (std::size_t i = 0; i < item.column_types.size(); ++i) {
        Binder::BoundType type = type_name(item.column_types[i]);
        if (type.problem) fail(type.problem->sqlstate, type.problem->message, type.problem->span);
        depend_on_type(type.type, item.column_types[i].span);
        const std::string_view name =
            i < item.column_aliases.size() ? std::string_view(item.column_aliases[i].text) : "";
        entry.columns.push_back({.name = name, .type = type.type});
    }
}

void Analysis::function_columns(RangeEntry& entry, const Node& call, const FromItem& item) {
    const std::string_view name =
        !item.alias.empty() ? std::string_view(item.alias.text) : entry.alias;
    const Object* function = catalog_.find(call.object);
    if (call.kind == Node::Kind::call && call.object != no_object && !is_builtin(call.object)) {
        const auto* details = function == nullptr ? nullptr : function->get_if<FunctionDetails>();
        if (details != nullptr && !details->output_names.empty()) {
            for (std::size_t i = 0; i < details->output_names.size(); ++i) {
                entry.columns.push_back(
                    {.name = details->output_names.size() == 1 && details->output_names[i].empty()
                                 ? name
                                 : std::string_view(details->output_names[i]),
                     .type =
                         i < details->output_types.size() ? details->output_types[i] : TypeRef{}});
            }
            entry.scalar = details->output_names.size() == 1;
            return;
        }
    }
    if (types_.is_composite(call.type)) {
        if (const Object* relation = types_.object(call.type)) {
            for (const Object* column : catalog_.columns(relation->id)) {
                entry.columns.push_back({.name = column->name,
                                         .type = column->as<ColumnDetails>().type,
                                         .column = column->id});
            }
            entry.open = relation->as<RelationDetails>().invented || relation->open ||
                         !relation->unknown.empty();
            entry.reason = "its columns are not known";
            return;
        }
    }
    if (!call.type.known() || is_type(call.type, type_oid::record) ||
        types_.is_composite(call.type)) {
        entry.open = true;
        entry.reason = fmt::format("the columns that \"{}\" returns are not known", name);
        return;
    }
    entry.columns.push_back({.name = name, .type = call.type});
    entry.scalar = true;
}

Analysis::Items Analysis::from_function(const FromItem& item, BoundText& text) {
    RangeEntry& entry = new_entry();
    const bool lateral = std::exchange(scope_->lateral_active, true);
    const Forbidden forbidden = std::exchange(
        scope_->forbidden,
        {.aggregates = "functions in FROM", .windows = "functions in FROM", .sets = {}});
    const bool rows_from = item.functions.size() > 1;
    text.append(rows_from ? "ROWS FROM (" : "");
    for (std::size_t i = 0; i < item.functions.size(); ++i) {
        if (i > 0) text.append(", ");
        Node call = known_expression(item.functions[i]);
        print(call, text, ImplicitCasts::hidden);
        const std::vector<Identifier>& names = item.functions[i].names;
        if (i == 0)
            entry.alias = names.empty() ? std::string_view(keep(call.text)) : names.back().text;
        const catalog::BuiltinFunction* shipped =
            is_builtin(call.object) && call.object != no_object
                ? catalog::find_builtin_function_by_oid(static_cast<Oid>(call.object))
                : nullptr;
        if (!item.column_types.empty() && !rows_from) {
            definition_columns(entry, item);
        } else if (shipped != nullptr && !shipped->out_columns.empty()) {
            const bool single = shipped->out_columns.size() == 1;
            for (const catalog::BuiltinColumn& column : shipped->out_columns) {
                TypeRef type = Types::from_oid(column.type);
                if (Types::is_polymorphic(type)) type = single ? call.type : TypeRef{};
                entry.columns.push_back({.name = column.name, .type = type});
            }
            entry.scalar = single;
        } else {
            function_columns(entry, call, item);
        }
    }
    if (rows_from) text.append(")");
    if (item.with_ordinality) {
        text.append(" WITH ORDINALITY");
        entry.columns.push_back({.name = "ordinality", .type = builtin_type(type_oid::int8)});
    }
    if (rows_from || item.with_ordinality) entry.scalar = false;
    scope_->forbidden = forbidden;
    scope_->lateral_active = lateral;
    alias_columns(entry, item);
    if (entry.aliased) text.append(" " + catalog::quote_identifier(entry.alias));
    return visible(entry);
}

void Analysis::check_conflicts(const Items& left, const Items& right, Span span) {
    for (const NamespaceItem& b : right) {
        if (!b.relation_visible || b.entry->alias.empty()) continue;
        for (const NamespaceItem& a : left) {
            if (!a.relation_visible || a.entry->alias != b.entry->alias) continue;
            const bool both_plain = a.entry->relation != nullptr && b.entry->relation != nullptr &&
                                    !a.entry->aliased && !b.entry->aliased;
            if (both_plain && a.entry->relation->id != b.entry->relation->id) continue;
            const bool uncertain = a.entry->open || b.entry->open;
            if (uncertain && !a.entry->aliased && !b.entry->aliased) continue;
            fail("42712", fmt::format("table name \"{}\" specified more than once", a.entry->alias),
                 span);
            return;
        }
    }
}

void Analysis::merge_column(RangeEntry& entry, const Identifier& name) {
    using State = ColumnMatch::State;
    std::array<ColumnMatch, 2> matches;
    constexpr std::array<std::string_view, 2> words = {"left", "right"};
    for (std::size_t i = 0; i < 2; ++i) {
        matches[i] = find_column(*entry.sides[i], name.text, SystemColumns::left_out);
        if (matches[i].state == State::none) {
            fail("42703",
                 fmt::format("column \"{}\" specified in USING clause does not exist in {} table",
                             name.text, words[i]),
                 name.span);
            return;
        }
        if (matches[i].state == State::ambiguous) {
            fail("42702",
                 fmt::format("common column name \"{}\" appears more than once in {} table",
                             name.text, words[i]),
                 name.span);
            return;
        }
        if (matches[i].state == State::not_known) {
            doubt(fmt::format("column \"{}\": {}", name.text, matches[i].reason));
        }
    }
    RangeColumn merged = matches[0].column;
    const RangeColumn& right = matches[1].column;
    Node a = column_node(matches[0].column.entry == nullptr
                             ? RangeColumn{.name = name.text, .entry = entry.sides[0]}
                             : matches[0].column,
                         0, name.span);
    Node b = column_node(
        right.entry == nullptr ? RangeColumn{.name = name.text, .entry = entry.sides[1]} : right, 0,
        name.span);
    const TypeRef left_type = a.type;
    const TypeRef right_type = b.type;
    comparison("=", a, b, name.span);
    if (!same_type(left_type, right_type)) merged.type = common_type({&a, &b}, "JOIN/USING");
    merged.name = name.text;
    merged.merged = right.column;
    merged.entry = &entry;
    entry.merged.push_back(merged);
}

void Analysis::join_columns(RangeEntry& entry, const FromItem& item) {
    if (!item.natural) {
        for (const Identifier& name : item.using_columns)
            merge_column(entry, name);
        return;
    }
    for (const RangeEntry* side : entry.sides) {
        if (const RangeEntry* open = first_open(*side)) {
            doubt(fmt::format("NATURAL JOIN of \"{}\": {}", open->alias, open->reason));
        }
    }
    const std::vector<RangeColumn> left = list_columns(*entry.sides[0]);
    const std::vector<RangeColumn> right = list_columns(*entry.sides[1]);
    for (const RangeColumn& column : left) {
        if (std::ranges::count(right, column.name, &RangeColumn::name) == 0) continue;
        merge_column(entry, {.text = std::string(column.name), .span = item.span});
        if (!entry.merged.empty()) entry.merged.back().name = column.name;
    }
}

void Analysis::join_condition(RangeEntry& entry,
                              const FromItem& item,
                              Items sides,
                              BoundText& text) {
    join_columns(entry, item);
    if (!entry.merged.empty()) {
        text.append(" USING (");
        for (std::size_t i = 0; i < entry.merged.size(); ++i) {
            text.append(i > 0 ? ", " : "");
            text.append(catalog::quote_identifier(entry.merged[i].name));
        }
        text.append(")");
    }
    if (!item.on) return;
    set_lateral(sides, false, true);
    std::swap(scope_->items, sides);
    const Forbidden forbidden = std::exchange(
        scope_->forbidden,
        {.aggregates = "JOIN conditions", .windows = "JOIN conditions", .sets = "JOIN conditions"});
    Node on = condition(*item.on, "JOIN/ON");
    if (item.join == FromItem::Join::inner) prove(on);
    scope_->forbidden = forbidden;
    std::swap(scope_->items, sides);
    text.append(" ON ");
    print(on, text, ImplicitCasts::hidden);
}

Analysis::Items Analysis::from_join(const FromItem& item, BoundText& text) {
    RangeEntry& entry = new_entry();
    entry.kind = RangeEntry::Kind::join;
    text.append("(");
    Items left = from_item(item.sides[0], text);
    text.append(name_of(item.join));
    Items seen = left;
    const bool left_usable =
        item.join != FromItem::Join::right && item.join != FromItem::Join::full;
    set_lateral(seen, true, left_usable);
    const std::size_t before = scope_->items.size();
    scope_->items.insert(scope_->items.end(), seen.begin(), seen.end());
    Items right = from_item(item.sides[1], text);
    scope_->items.resize(before);
    check_conflicts(left, right, item.sides[1].span);
    // The join's columns are found through its sides' own entries: those that show columns.
    const auto shown = [](const Items& items) {
        const auto found = std::ranges::find(items, true, &NamespaceItem::columns_visible);
        return found == items.end() ? nullptr : found->entry;
    };
    entry.sides = {shown(left), shown(right)};
    const bool left_nullable =
        item.join == FromItem::Join::right || item.join == FromItem::Join::full;
    const bool right_nullable =
        item.join == FromItem::Join::left || item.join == FromItem::Join::full;
    for (const NamespaceItem& each : left) {
        if (left_nullable) nullable_.insert(each.entry);
    }
    for (const NamespaceItem& each : right) {
        if (right_nullable) nullable_.insert(each.entry);
    }
    Items both = std::move(left);
    both.insert(both.end(), right.begin(), right.end());
    join_condition(entry, item, both, text);
    text.append(")");
    alias_columns(entry, item);
    if (entry.aliased) {
        text.append(" " + catalog::quote_identifier(entry.alias));
        entry.columns = list_columns(entry);
        entry.open = first_open(entry) != nullptr;
        entry.listed = true;
        return visible(entry);
    }
    scope_->range_table.push_back(&entry);
    for (NamespaceItem& other : both)
        other.columns_visible = false;
    both.push_back({.entry = &entry, .relation_visible = false});
    return both;
}

Analysis::Items Analysis::from_item(const FromItem& item, BoundText& text) {
    switch (item.kind) {
    case FromItem::Kind::relation: return from_relation(item, text);
    case FromItem::Kind::values:
    case FromItem::Kind::subquery: return from_subquery(item, text);
    case FromItem::Kind::function: return from_function(item, text);
    case FromItem::Kind::join: return from_join(item, text);
    case FromItem::Kind::unsupported: break;
    }
    doubt("FROM holds what is not modelled");
    RangeEntry& entry = new_entry();
    entry.open = true;
    entry.reason = "an entry of FROM that is not modelled";
    alias_columns(entry, item);
    return visible(entry);
}

void Analysis::from_clause(const std::vector<FromItem>& items, BoundText& text) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        text.append(i == 0 ? " FROM " : ", ");
        Items added = from_item(items[i], text);
        check_conflicts(scope_->items, added, items[i].span);
        set_lateral(added, true, true);
        scope_->items.insert(scope_->items.end(), added.begin(), added.end());
    }
    set_lateral(scope_->items, false, true);
}

} // namespace ordain::analyze
