#include "analyze/scope.hpp"

#include "analyze/analysis.hpp"

#include <algorithm>
#include <fmt/format.h>

/// Column references, as parse_relation.c and transformColumnRef resolve them.
namespace ordain::analyze {

using catalog::Lookup;

namespace {

struct SystemColumn {
    std::string_view name;
    Oid type;
};
constexpr std::array<SystemColumn, 6> system_columns{{{"tableoid", type_oid::oid},
                                                      {"xmin", 28},
                                                      {"cmin", 29},
                                                      {"xmax", 28},
                                                      {"cmax", 29},
                                                      {"ctid", 27}}};

TypeRef system_type(std::string_view name) {
    const auto* found = std::ranges::find(system_columns, name, &SystemColumn::name);
    return found == system_columns.end() ? TypeRef{} : builtin_type(found->type);
}

TypeRef type_of(const Object& column) {
    return column.unknown.empty() ? column.as<ColumnDetails>().type : TypeRef{};
}

bool is_not_null(const Object& column) {
    return column.unknown.empty() && column.as<ColumnDetails>().not_null;
}

} // namespace

RangeEntry& Analysis::new_entry() {
    return entries_.emplace_back();
}

Analysis::ColumnMatch Analysis::find_in_relation(const RangeEntry& entry,
                                                 std::string_view name,
                                                 SystemColumns system) const {
    using State = ColumnMatch::State;
    const bool is_system = system_type(name).known();
    if (is_system && system == SystemColumns::left_out) return {};
    if (entry.builtin != nullptr) {
        for (const catalog::BuiltinColumn& column : entry.builtin->columns) {
            if (column.name == name) {
                return {.state = State::one,
                        .column = {.name = column.name,
                                   .type = Types::from_oid(column.type),
                                   .entry = &entry}};
            }
        }
        if (!is_system) return {};
        return {.state = State::one,
                .column = {.name = name, .type = system_type(name), .entry = &entry}};
    }
    Lookup found = resolver_.column(entry.relation->id, name);
    if (found.absent()) return {};
    if (found.object == nullptr) {
        if (!found.present()) return {.state = State::not_known, .reason = std::move(found.reason)};
        return {.state = State::one,
                .column = {.name = name, .type = system_type(name), .entry = &entry}};
    }
    return {.state = found.present() ? State::one : State::not_known,
            .column = {.name = found.object->name,
                       .type = type_of(*found.object),
                       .column = found.id,
                       .entry = &entry,
                       .not_null = is_not_null(*found.object)},
            .reason = std::move(found.reason)};
}

Analysis::ColumnMatch Analysis::find_in_join(const RangeEntry& entry, std::string_view name) const {
    using State = ColumnMatch::State;
    const auto merged = std::ranges::find(entry.merged, name, &RangeColumn::name);
    if (merged != entry.merged.end()) return {.state = State::one, .column = *merged};
    ColumnMatch left = find_column(*entry.sides[0], name, SystemColumns::left_out);
    ColumnMatch right = find_column(*entry.sides[1], name, SystemColumns::left_out);
    if (left.state == State::none) return right;
    if (right.state == State::none) return left;
    if (left.state == State::not_known) return right;
    if (right.state == State::not_known) return left;
    return {.state = State::ambiguous};
}

Analysis::ColumnMatch
Analysis::find_column(const RangeEntry& entry, std::string_view name, SystemColumns system) const {
    using State = ColumnMatch::State;
    if (entry.kind == RangeEntry::Kind::relation && !entry.listed) {
        return find_in_relation(entry, name, system);
    }
    if (entry.kind == RangeEntry::Kind::join && !entry.listed) return find_in_join(entry, name);
    ColumnMatch match;
    for (const RangeColumn& column : entry.columns) {
        if (column.name != name) continue;
        if (match.state == State::one) return {.state = State::ambiguous};
        match.state = State::one;
        match.column = column;
        match.column.entry = &entry;
    }
    if (match.state == State::one) return match;
    const bool has_system = entry.relation != nullptr && system == SystemColumns::included;
    if (has_system && system_type(name).known()) {
        match.state = State::one;
        match.column = {.name = name, .type = system_type(name), .entry = &entry};
        return match;
    }
    if (entry.open) return {.state = State::not_known, .reason = entry.reason};
    return match;
}

std::vector<RangeColumn> Analysis::list_columns(const RangeEntry& entry) const {
    std::vector<RangeColumn> columns;
    if (entry.kind == RangeEntry::Kind::listed || entry.listed) {
        columns = entry.columns;
        for (RangeColumn& column : columns)
            column.entry = &entry;
        return columns;
    }
    if (entry.kind == RangeEntry::Kind::join) {
        columns = entry.merged;
        for (const RangeEntry* side : entry.sides) {
            for (const RangeColumn& column : list_columns(*side)) {
                const bool merged =
                    std::ranges::count(entry.merged, column.name, &RangeColumn::name) > 0;
                if (!merged) columns.push_back(column);
            }
        }
        return columns;
    }
    if (entry.builtin != nullptr) {
        for (const catalog::BuiltinColumn& column : entry.builtin->columns) {
            columns.push_back(
                {.name = column.name, .type = Types::from_oid(column.type), .entry = &entry});
        }
        return columns;
    }
    for (const Object* column : catalog_.columns(entry.relation->id)) {
        columns.push_back({.name = column->name,
                           .type = type_of(*column),
                           .column = column->id,
                           .entry = &entry,
                           .not_null = is_not_null(*column)});
    }
    return columns;
}

const RangeEntry* Analysis::first_open(const RangeEntry& entry) {
    if (entry.open) return &entry;
    if (entry.kind != RangeEntry::Kind::join) return nullptr;
    for (const RangeEntry* side : entry.sides) {
        if (const RangeEntry* found = first_open(*side)) return found;
    }
    return nullptr;
}

const RangeEntry* Analysis::open_in_sight() const {
    for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent) {
        for (const RangeEntry* entry : scope->range_table) {
            if (const RangeEntry* found = first_open(*entry)) return found;
        }
    }
    return nullptr;
}

Analysis::EntryMatch Analysis::find_entry(std::string_view alias, std::string_view schema) const {
    EntryMatch match;
    for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent, ++match.level) {
        for (const NamespaceItem& item : scope->items) {
            const RangeEntry& entry = *item.entry;
            if (!item.relation_visible || entry.alias != alias) continue;
            if (item.lateral_only && !scope->lateral_active) continue;
            if (!schema.empty()) {
                if (entry.aliased || entry.relation == nullptr) continue;
                const Object* home = catalog_.find(entry.relation->schema);
                if (home == nullptr || home->name != schema) continue;
            }
            if (match.entry != nullptr) match.ambiguous = true;
            match.entry = &entry;
        }
        if (match.entry != nullptr) return match;
    }
    return {};
}

Analysis::ColumnMatch Analysis::find_unqualified(std::string_view name) const {
    using State = ColumnMatch::State;
    std::uint32_t level = 0;
    for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent, ++level) {
        ColumnMatch best;
        for (const NamespaceItem& item : scope->items) {
            if (!item.columns_visible) continue;
            if (item.lateral_only && !scope->lateral_active) continue;
            ColumnMatch match = find_column(*item.entry, name, SystemColumns::included);
            if (match.state == State::none) continue;
            if (match.state == State::ambiguous) return match;
            if (best.state == State::one && match.state == State::one) {
                return {.state = State::ambiguous};
            }
            if (best.state != State::one) best = std::move(match);
        }
        best.level = level;
        if (best.state != State::none) return best;
    }
    return {};
}

void Analysis::use_column(const RangeColumn& column, Span span) {
    for (const ObjectId id : {column.column, column.merged}) {
        if (id == no_object) continue;
        use(id, span);
        depend(id);
    }
}

bool Analysis::is_generated(ObjectId column) const {
    const Object* object = catalog_.find(column);
    const auto* details = object == nullptr ? nullptr : object->get_if<ColumnDetails>();
    return details != nullptr && details->generated != '\0';
}

/// OLD and NEW in the WHEN of a trigger (CreateTriggerFiringOn).
void Analysis::check_trigger_row(const RangeEntry& entry, bool system, bool generated, Span span) {
    if (!entry.forbidden.empty()) fail("42P17", entry.forbidden, span);
    if (!entry.before_stored) return;
    if (system) {
        fail("0A000", "BEFORE trigger's WHEN condition cannot reference NEW system columns", span);
    }
    if (generated) {
        fail("42P17", "BEFORE trigger's WHEN condition cannot reference NEW generated columns",
             span);
    }
}

/// What constraints and generated columns may not refer to (scanNSItemForColumn,
/// check_nested_generated).
void Analysis::check_place_of(const RangeColumn& column, Span span) {
    const bool generated = is_generated(column.column);
    const bool system = column.column == no_object && column.entry != nullptr &&
                        column.entry->relation != nullptr && system_type(column.name).known() &&
                        column.name != "tableoid";
    const bool index = place_ == Place::index_expression || place_ == Place::index_predicate;
    if (index && (system || (column.name == "tableoid" && column.column == no_object)))
        fail("0A000", "index creation on system columns is not supported", span);
    if (column.entry != nullptr) check_trigger_row(*column.entry, system, generated, span);
    if (system && place_ == Place::check_constraint) {
        fail("42P10",
             fmt::format("system column \"{}\" reference in check constraint is invalid",
                         column.name),
             span);
    }
    if (place_ != Place::generated_column) return;
    if (system) {
        fail("42P10",
             fmt::format("cannot use system column \"{}\" in column generation expression",
                         column.name),
             span);
    }
    if (!generated) return;
    fail("42P17",
         fmt::format("cannot use generated column \"{}\" in column generation expression",
                     column.name),
         span);
}

Node Analysis::column_node(const RangeColumn& column, std::uint32_t level, Span span) {
    Node node;
    node.kind = Node::Kind::column;
    node.span = span;
    node.type = column.type;
    node.object = column.column;
    node.level = level;
    node.entry = column.entry;
    node.not_null = column.not_null && !nullable_.contains(column.entry);
    if (column.column == no_object || column.entry->listed) node.text = column.name;
    constant_ = false;
    use_column(column, span);
    check_place_of(column, span);
    if (!column.type.known() && column.column != no_object) {
        const Object* object = catalog_.find(column.column);
        const bool pending = object != nullptr && !object->unknown.empty();
        if (pending) doubt(fmt::format("column \"{}\": {}", object->name, object->unknown));
    }
    return node;
}

Node Analysis::whole_row(const RangeEntry& entry, std::uint32_t level, Span span) {
    Node node;
    node.kind = Node::Kind::whole_row;
    node.span = span;
    node.level = level;
    node.entry = &entry;
    node.type = record_type;
    node.text = entry.alias;
    constant_ = false;
    const bool generated = std::ranges::any_of(
        entry.columns, [this](const RangeColumn& column) { return is_generated(column.column); });
    check_trigger_row(entry, false, generated, span);
    if (place_ == Place::generated_column) {
        fail("42P17", "cannot use whole-row variable in column generation expression", span);
    }
    if (entry.relation != nullptr) {
        node.type = {.type = entry.relation->id};
        use(entry.relation->id, span);
        depend(entry.relation->id);
    }
    if (entry.builtin != nullptr) node.type = builtin_type(entry.builtin->row_type);
    if (entry.scalar && entry.columns.size() == 1) node.type = entry.columns.front().type;
    return node;
}

std::optional<Node> Analysis::parameter_reference(const Expression& written) {
    if (parameters_ == nullptr) return std::nullopt;
    const std::string& name = written.names.back().text;
    const auto found = std::ranges::find(*parameters_, name, &ScopeColumn::name);
    if (found == parameters_->end()) return std::nullopt;
    Node node;
    node.kind = Node::Kind::parameter;
    node.span = written.span;
    node.type = found->type;
    node.text = "$" + std::to_string(found - parameters_->begin() + 1);
    constant_ = false;
    return node;
}

Node Analysis::column_reference(const Expression& written) {
    if (place_ == Place::column_default) {
        fail("0A000", "cannot use column reference in DEFAULT expression", written.span);
        return unknown_node("?", written.span);
    }
    if (written.names.empty()) {
        doubt("a star stands where a value is expected");
        return unknown_node("*", written.span);
    }
    if (written.star) {
        const std::string_view schema =
            written.names.size() > 1 ? std::string_view(written.names[0].text) : "";
        const EntryMatch entry = find_entry(written.names.back().text, schema);
        if (entry.entry == nullptr) return missing_entry(written);
        return whole_row(*entry.entry, entry.level, written.span);
    }
    return written.names.size() == 1 ? unqualified_column(written) : qualified_column(written);
}

Node Analysis::unqualified_column(const Expression& written) {
    using State = ColumnMatch::State;
    const std::string& name = written.names.front().text;
    ColumnMatch match = find_unqualified(name);
    if (match.state == State::ambiguous) {
        fail("42702", fmt::format("column reference \"{}\" is ambiguous", name), written.span);
        return unknown_node(name, written.span);
    }
    if (match.state == State::one) return column_node(match.column, match.level, written.span);
    if (match.state == State::none) {
        const EntryMatch entry = find_entry(name, {});
        if (entry.entry != nullptr) return whole_row(*entry.entry, entry.level, written.span);
        if (auto parameter = parameter_reference(written)) return std::move(*parameter);
        fail("42703", fmt::format("column \"{}\" does not exist", name), written.span);
        return unknown_node(name, written.span);
    }
    doubt(fmt::format("column \"{}\": {}", name, match.reason));
    if (match.column.entry == nullptr) {
        constant_ = false;
        return unknown_node(name, written.span);
    }
    match.column.type = {};
    return column_node(match.column, match.level, written.span);
}

Node Analysis::qualified_column(const Expression& written) {
    using State = ColumnMatch::State;
    const std::size_t count = written.names.size();
    const std::string& name = written.names[count - 1].text;
    const std::string& relation = written.names[count - 2].text;
    const std::string_view schema =
        count > 2 ? std::string_view(written.names[count - 3].text) : std::string_view();
    const EntryMatch entry = find_entry(relation, schema);
    if (entry.ambiguous) {
        fail("42P09", fmt::format("table reference \"{}\" is ambiguous", relation), written.span);
        return unknown_node(name, written.span);
    }
    if (entry.entry == nullptr) {
        // name.parameter in a SQL function; the function's name is not checked here.
        if (auto parameter = parameter_reference(written)) return std::move(*parameter);
        return missing_entry(written);
    }
    ColumnMatch match = find_column(*entry.entry, name, SystemColumns::included);
    if (match.state == State::one) return column_node(match.column, entry.level, written.span);
    if (match.state == State::ambiguous) {
        fail("42702", fmt::format("column reference \"{}\" is ambiguous", name), written.span);
        return unknown_node(name, written.span);
    }
    if (match.state == State::not_known) {
        doubt(fmt::format("column {}.{}: {}", relation, name, match.reason));
        if (match.column.entry == nullptr) {
            constant_ = false;
            return unknown_node(name, written.span);
        }
        match.column.type = {};
        return column_node(match.column, entry.level, written.span);
    }
    // relation.function: the row is its argument.
    const QualifiedName function{.schema = {}, .name = written.names[count - 1]};
    if (!resolver_.functions(function).empty() || !catalog::builtin_functions(name).empty()) {
        doubt(fmt::format("{}.{} may be a call of a function on the row", relation, name));
        return unknown_node(name, written.span);
    }
    fail("42703", fmt::format("column {}.{} does not exist", relation, name), written.span);
    return unknown_node(name, written.span);
}

bool Analysis::in_range_table(std::string_view name) const {
    for (const Scope* scope = scope_; scope != nullptr; scope = scope->parent) {
        for (const RangeEntry* entry : scope->range_table) {
            if (entry->alias == name) return true;
            if (entry->relation != nullptr && entry->relation->name == name) return true;
        }
    }
    return false;
}

Node Analysis::missing_entry(const Expression& written) {
    const std::size_t place = written.star ? written.names.size() - 1 : written.names.size() - 2;
    const std::string& relation = written.names[place].text;
    constant_ = false;
    if (in_range_table(relation)) {
        fail("42P01",
             fmt::format("invalid reference to FROM-clause entry for table \"{}\"", relation),
             written.span);
    } else {
        fail("42P01", fmt::format("missing FROM-clause entry for table \"{}\"", relation),
             written.span);
    }
    return unknown_node(written.names.back().text, written.span);
}

void Analysis::expand_entry(const RangeEntry& entry,
                            std::uint32_t level,
                            Span span,
                            std::vector<BoundTarget>& targets) {
    in_star_ = true;
    for (const RangeColumn& column : list_columns(entry)) {
        targets.push_back({.node = column_node(column, level, span), .name = column.name});
    }
    in_star_ = false;
    if (const RangeEntry* open = first_open(entry)) {
        doubt(fmt::format("columns of \"{}\": {}", open->alias, open->reason));
    }
}

void Analysis::expand_star(const Expression& written, std::vector<BoundTarget>& targets) {
    if (!written.names.empty()) {
        const std::string_view schema =
            written.names.size() > 1 ? std::string_view(written.names[0].text) : "";
        const EntryMatch entry = find_entry(written.names.back().text, schema);
        if (entry.entry == nullptr) {
            missing_entry(written);
            return;
        }
        expand_entry(*entry.entry, entry.level, written.span, targets);
        return;
    }
    bool any = false;
    for (const NamespaceItem& item : scope_->items) {
        if (!item.columns_visible) continue;
        any = true;
        expand_entry(*item.entry, 0, written.span, targets);
    }
    if (!any) fail("42601", "SELECT * with no tables specified is not valid", written.span);
}

} // namespace ordain::analyze
