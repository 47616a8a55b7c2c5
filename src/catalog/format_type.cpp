#include "catalog/builtin.hpp"
#include "catalog/resolve.hpp"

#include <fmt/core.h>

namespace ordain::catalog {
namespace {

/// interval_support: bits of the fields mask (timestamp.h INTERVAL_MASK), as intervaltypmodout.
constexpr std::int32_t interval_full_range = 0x7FFF;
constexpr std::int32_t interval_full_precision = 0xFFFF;

std::string_view interval_fields(std::int32_t range) {
    constexpr int month = 1 << 1;
    constexpr int year = 1 << 2;
    constexpr int day = 1 << 3;
    constexpr int hour = 1 << 10;
    constexpr int minute = 1 << 11;
    constexpr int second = 1 << 12;
    switch (range) {
    case year: return " year";
    case month: return " month";
    case day: return " day";
    case hour: return " hour";
    case minute: return " minute";
    case second: return " second";
    case year | month: return " year to month";
    case day | hour: return " day to hour";
    case day | hour | minute: return " day to minute";
    case day | hour | minute | second: return " day to second";
    case hour | minute: return " hour to minute";
    case hour | minute | second: return " hour to second";
    case minute | second: return " minute to second";
    default: return "";
    }
}

std::string interval_with(std::int32_t modifier) {
    const std::int32_t range = (modifier >> 16) & interval_full_range;
    const std::int32_t precision = modifier & 0xFFFF;
    const std::string digits =
        precision == interval_full_precision ? std::string() : fmt::format("({})", precision);
    return fmt::format("interval{}{}", interval_fields(range), digits);
}

/// Where typmodout puts the modifier: after the name, or inside "timestamp(3) with time zone".
std::string with_modifier(const BuiltinType& type, std::int32_t modifier) {
    std::string display(type.display);
    switch (type.oid) {
    case type_oid::varchar:
    case type_oid::bpchar: return fmt::format("{}({})", display, modifier - 4);
    case type_oid::numeric: {
        const std::int32_t packed = modifier - 4;
        // numeric_typmod_scale sign-extends 11 bits (numeric.c, PostgreSQL 15).
        const std::int32_t scale = ((packed & 0x7FF) ^ 1024) - 1024;
        return fmt::format("{}({},{})", display, (packed >> 16) & 0xFFFF, scale);
    }
    case type_oid::bit:
    case type_oid::varbit: return fmt::format("{}({})", display, modifier);
    case type_oid::interval: return interval_with(modifier);
    case type_oid::time:
    case type_oid::timetz:
    case type_oid::timestamp:
    case type_oid::timestamptz: {
        const std::size_t space = display.find(' ');
        return fmt::format("{}({}){}", display.substr(0, space), modifier, display.substr(space));
    }
    default: return display;
    }
}

std::string element_name(const Resolver& resolver, TypeRef type) {
    if (is_builtin(type.type)) {
        const BuiltinType* shipped = find_builtin_type_by_oid(static_cast<Oid>(type.type));
        if (shipped == nullptr) return "???";
        // Without a length these are other types than SQL's CHARACTER and BIT, of length 1.
        if (shipped->oid == type_oid::bpchar && type.modifier < 0) return "bpchar";
        if (shipped->oid == type_oid::bit && type.modifier < 0) return "\"bit\"";
        if (type.modifier >= 0) return with_modifier(*shipped, type.modifier);
        return std::string(shipped->display);
    }
    const Object* object = resolver.catalog().find(type.type);
    return object == nullptr ? "???" : resolver.visible_name(*object);
}

} // namespace

std::string format_type(const Resolver& resolver, TypeRef type) {
    if (!type.known()) return "???";
    return element_name(resolver, type) + (type.array ? "[]" : "");
}

std::string format_type_name(const Resolver& resolver, TypeRef type) {
    const std::string_view array = type.array ? "[]" : "";
    if (type.type == ObjectId{type_oid::bpchar}) return fmt::format("character{}", array);
    if (type.type == ObjectId{type_oid::bit}) return fmt::format("bit{}", array);
    return format_type(resolver, {.type = type.type, .array = type.array});
}

} // namespace ordain::catalog
