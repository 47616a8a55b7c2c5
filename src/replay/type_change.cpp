#include "replay/type_change.hpp"

#include "analyze/types.hpp"
#include "catalog/builtin.hpp"
#include "replay/relations.hpp"
#include "text/letter_case.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

using analyze::is_type;
using Kind = ConstraintDefinition::Kind;
namespace type_oid = catalog::type_oid;

// ---- modifiers: length coercions that only widen are no-ops (varchar_support, numeric_support,
// varbit_support, interval_support, TemporalSimplify)

bool numeric_widens(std::int32_t from, std::int32_t to) {
    constexpr std::int32_t header = 4;
    constexpr std::int32_t scale_mask = 0x7FF;
    const bool same_scale = ((from - header) & scale_mask) == ((to - header) & scale_mask);
    return same_scale && (to - header) >> 16 >= (from - header) >> 16;
}

/// Seconds are 0, then minutes to years; of a modifier that names no fields, seconds.
int least_interval_field(std::int32_t modifier) {
    constexpr std::array<std::int32_t, 6> fields = {1 << 12, 1 << 11, 1 << 10,
                                                    1 << 3,  1 << 1,  1 << 2};
    const std::int32_t range = modifier < 0 ? 0x7FFF : (modifier >> 16) & 0x7FFF;
    const auto* const least =
        std::ranges::find_if(fields, [range](std::int32_t field) { return (range & field) != 0; });
    return static_cast<int>(least - fields.begin());
}

bool interval_widens(std::int32_t from, std::int32_t to) {
    constexpr std::int32_t most = 6;
    constexpr std::int32_t full = 0xFFFF;
    const int from_field = least_interval_field(from);
    const std::int32_t from_precision = from < 0 ? full : from & full;
    const std::int32_t precision = to & full;
    return from_field >= least_interval_field(to) &&
           (from_field > 0 || precision >= most || precision >= from_precision);
}

/// Whether all values of a type with one modifier are values with the other.
bool only_widens(ObjectId type, std::int32_t from, std::int32_t to) {
    if (to == -1 || to == from) return true;
    constexpr std::int32_t most_digits = 6;
    switch (static_cast<catalog::Oid>(type)) {
    case type_oid::time:
    case type_oid::timetz:
    case type_oid::timestamp:
    case type_oid::timestamptz: return to == most_digits || (from != -1 && to >= from);
    case type_oid::interval: return interval_widens(from, to);
    case type_oid::varchar:
    case type_oid::varbit: return from != -1 && to >= from;
    case type_oid::numeric: return from != -1 && numeric_widens(from, to);
    default: return false;
    }
}

// ---- types

enum class Zone { utc, other, unknown };
/// Names of zones that never left UTC (TimestampTimestampTzRequiresRewrite).
Zone zone_of(const Session& session) {
    const auto zone = session.settings.find("timezone");
    if (zone == session.settings.end()) return Zone::unknown;
    std::string name = text::lower_case(zone->second);
    if (name.starts_with("etc/")) name.erase(0, std::string_view("etc/").size());
    constexpr std::array<std::string_view, 9> names = {
        "utc", "uct", "gmt", "gmt0", "gmt+0", "gmt-0", "zulu", "universal", "0"};
    return std::ranges::count(names, name) > 0 ? Zone::utc : Zone::other;
}

bool timestamps(TypeRef left, TypeRef right) {
    return (is_type(left, type_oid::timestamp) && is_type(right, type_oid::timestamptz)) ||
           (is_type(left, type_oid::timestamptz) && is_type(right, type_oid::timestamp));
}

/// NOT NULL or a CHECK of the domain or of one that it is over (DomainHasConstraints).
bool has_constraints(const Catalog& catalog, TypeRef type) {
    const Object* object = type.array ? nullptr : catalog.find(type.type);
    const auto* domain = object == nullptr ? nullptr : object->get_if<DomainDetails>();
    if (domain == nullptr) return false;
    return domain->not_null || !catalog.children(object->id).empty() ||
           has_constraints(catalog, domain->base);
}

/// A cast of one type to another that are no domains.
TypeChange relabel(Step& step, TypeRef from, TypeRef to) {
    if (analyze::same_type(from, to)) {
        const bool widens = to.array ? to.modifier == -1 || to.modifier == from.modifier
                                     : only_widens(to.type, from.modifier, to.modifier);
        return widens ? TypeChange::none : TypeChange::rewrite;
    }
    if (from.array || to.array) return TypeChange::rewrite;
    // The value has lost its modifier when it is cast to the new one.
    const bool keeps = only_widens(to.type, -1, to.modifier);
    if (timestamps(from, to) && keeps && step.database().postgres >= 12) {
        switch (zone_of(step.session())) {
        case Zone::utc: return TypeChange::none;
        case Zone::other: return TypeChange::rewrite;
        case Zone::unknown: return TypeChange::unknown;
        }
    }
    const bool shipped = is_builtin(from.type) && is_builtin(to.type);
    const bool same_bits =
        shipped && catalog::is_binary_coercible(static_cast<catalog::Oid>(from.type),
                                                static_cast<catalog::Oid>(to.type));
    return same_bits && keeps ? TypeChange::none : TypeChange::rewrite;
}

/// One cast. Sets what the result's modifier is known to be.
TypeChange cast(Step& step, TypeRef from, TypeRef to) {
    if (!from.known() || !to.known()) return TypeChange::unknown;
    if (from == to) return TypeChange::none;
    const analyze::Types types(step.resolver());
    if (types.is_opaque(from) || types.is_opaque(to)) return TypeChange::unknown;
    if (has_constraints(step.catalog(), to)) return TypeChange::rewrite;
    const TypeRef target = types.is_domain(to) ? types.base(to) : to;
    TypeRef source = from;
    if (types.is_domain(from)) {
        source = types.base(from);
        source.modifier = -1;
    }
    return relabel(step, source, target);
}

TypeChange worse(TypeChange left, TypeChange right) {
    if (left == TypeChange::rewrite || right == TypeChange::rewrite) return TypeChange::rewrite;
    return left == TypeChange::none ? right : left;
}

/// A value that is nothing but the column, cast or not: what the casts do to it.
struct Chain {
    TypeChange change = TypeChange::none;
    TypeRef type;
};
Chain follow(Step& step, const Object& column, const Expression& value) {
    if (value.kind == Expression::Kind::column_reference && !value.star) {
        const bool own = value.names.back().text == column.name;
        return {.change = own ? TypeChange::none : TypeChange::rewrite,
                .type = column.as<ColumnDetails>().type};
    }
    if (value.kind != Expression::Kind::cast) return {.change = TypeChange::rewrite, .type = {}};
    const Chain inner = follow(step, column, value.operands.front());
    if (inner.change == TypeChange::rewrite) return inner;
    const TypeRef type = step.binder().bind_type(*value.type).type;
    return {.change = worse(inner.change, cast(step, inner.type, type)), .type = type};
}

// ---- what hangs on the column

/// Whether an index over the column serves values of the new type as it is (CheckIndexCompatible).
bool index_is_kept(Step& step,
                   const IndexDetails& index,
                   const Object& column,
                   const std::string& collation,
                   TypeRef to) {
    // The server does not look into expressions and predicates.
    if (!index.valid || !index.predicate.empty()) return false;
    const auto& before = column.as<ColumnDetails>();
    return std::ranges::all_of(index.elements, [&](const IndexDetails::Element& element) {
        if (element.column == no_object) return false;
        if (element.column != column.id) return true;
        const bool collated = element.collation.empty() && before.collation != collation;
        const bool classed = element.operator_class.empty() &&
                             !have_one_default_class(step, index.method, before.type, to);
        return !collated && !classed;
    });
}

} // namespace

TypeChange type_change(Step& step, const Object& column, const AlterColumnType& alter, TypeRef to) {
    const TypeRef from = column.as<ColumnDetails>().type;
    if (!alter.using_) return cast(step, from, to);
    const Chain chain = follow(step, column, *alter.using_);
    if (chain.change == TypeChange::rewrite) return TypeChange::rewrite;
    return worse(chain.change, cast(step, chain.type, to));
}

void note_rebuilds(Step& step, const Object& column, const AlterColumnType& alter, TypeRef to) {
    const std::string collation = to_string(alter.collation);
    for (const ObjectId id : step.catalog().dependents(column.id)) {
        const Object& dependent = step.catalog().at(id);
        if (dependent.parent != column.parent) continue;
        const auto* index = dependent.get_if<IndexDetails>();
        if (index != nullptr && !index_is_kept(step, *index, column, collation, to)) {
            step.work(Work::Kind::index_build, column.parent,
                      fmt::format("index \"{}\" is built anew", dependent.name));
        }
        const auto* check = dependent.get_if<ConstraintDetails>();
        const bool tried = check != nullptr && check->kind == Kind::check && check->validated;
        if (tried) {
            step.work(Work::Kind::scan, column.parent,
                      fmt::format("CHECK \"{}\" is tried on every row again", dependent.name));
        }
    }
}

void note_key_checks(Step& step, const Object& relation, const Object& column) {
    for (const ObjectId id : step.catalog().dependents(column.id)) {
        const Object& dependent = step.catalog().at(id);
        const auto* key = dependent.get_if<ConstraintDetails>();
        const bool foreign = key != nullptr && key->kind == Kind::foreign_key && key->validated;
        if (!foreign || dependent.parent == relation.id) continue;
        step.work(Work::Kind::scan, dependent.parent,
                  fmt::format("foreign key \"{}\" is checked for every row again", dependent.name));
    }
}

} // namespace ordain::replay
