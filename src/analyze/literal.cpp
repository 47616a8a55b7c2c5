#include "analyze/literal.hpp"

#include "text/letter_case.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <vector>

namespace ordain::analyze {

using State = LiteralVerdict::State;
namespace type_oid = catalog::type_oid;

namespace {

constexpr catalog::Oid inet_oid = 869;
constexpr catalog::Oid cidr_oid = 650;

LiteralVerdict valid() {
    return {.state = State::valid, .sqlstate = {}, .message = {}};
}

LiteralVerdict not_sure() {
    return {.state = State::not_sure, .sqlstate = {}, .message = {}};
}

LiteralVerdict invalid(std::string_view sqlstate, std::string message) {
    return {
        .state = State::invalid, .sqlstate = std::string(sqlstate), .message = std::move(message)};
}

LiteralVerdict bad_syntax(std::string_view type, std::string_view text) {
    return invalid("22P02", fmt::format("invalid input syntax for type {}: \"{}\"", type, text));
}

bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_hex(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

/// Takes digits off the front.
std::string_view take_digits(std::string_view& text) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::string_view digits = text.substr(0, end);
    text.remove_prefix(end);
    return digits;
}

bool take(std::string_view& text, char c) {
    if (!text.starts_with(c)) return false;
    text.remove_prefix(1);
    return true;
}

/// A number of at most nine digits, which is enough for every field of a date.
int value_of(std::string_view digits) {
    int value = 0;
    constexpr std::size_t most = 9;
    for (const char digit : digits.substr(0, most))
        value = value * 10 + (digit - '0');
    return value;
}

// ---- booleans and numbers -----------------------------------------------------------------------

LiteralVerdict judge_boolean(std::string_view text) {
    const std::string word = text::lower_case(trimmed(text));
    constexpr std::array<std::string_view, 4> words = {"true", "false", "yes", "no"};
    const auto begins = [&](std::string_view whole) { return whole.starts_with(word); };
    const bool prefix = !word.empty() && std::ranges::any_of(words, begins);
    constexpr std::array<std::string_view, 5> others = {"on", "off", "of", "1", "0"};
    if (prefix || std::ranges::count(others, word) > 0) return valid();
    return bad_syntax("boolean", text);
}

LiteralVerdict
judge_integer(std::string_view text, std::string_view type, std::string_view largest) {
    std::string_view rest = trimmed(text);
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) rest.remove_prefix(1);
    std::string_view digits = take_digits(rest);
    if (digits.empty() || !rest.empty()) return bad_syntax(type, text);
    while (digits.size() > 1 && digits.front() == '0')
        digits.remove_prefix(1);
    std::string limit(largest);
    // The least value is one further from zero; no limit ends in 9.
    if (negative) limit.back() = static_cast<char>(limit.back() + 1);
    const bool fits =
        digits.size() < limit.size() || (digits.size() == limit.size() && digits <= limit);
    if (fits) return valid();
    return invalid("22003", fmt::format("value \"{}\" is out of range for type {}", text, type));
}

bool is_special_number(std::string_view word) {
    constexpr std::array<std::string_view, 3> names = {"nan", "inf", "infinity"};
    return std::ranges::count(names, word) > 0;
}

LiteralVerdict judge_decimal(std::string_view text, std::string_view type) {
    const std::string word = text::lower_case(trimmed(text));
    std::string_view rest = word;
    if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
    if (is_special_number(rest)) return rest.size() == word.size() ? valid() : not_sure();
    if (rest.starts_with("0x")) return not_sure();
    const std::size_t whole = take_digits(rest).size();
    const std::size_t fraction = take(rest, '.') ? take_digits(rest).size() : 0;
    if (whole + fraction == 0) return bad_syntax(type, text);
    constexpr std::size_t plain = 30; // Far from every type's range.
    if (rest.empty()) return whole < plain ? valid() : not_sure();
    if (!take(rest, 'e')) return bad_syntax(type, text);
    if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
    const std::string_view exponent = take_digits(rest);
    if (exponent.empty() || !rest.empty()) return bad_syntax(type, text);
    return exponent.size() == 1 && whole < plain ? valid() : not_sure();
}

// ---- identifiers and documents ------------------------------------------------------------------

LiteralVerdict judge_uuid(std::string_view text) {
    std::string_view rest = text;
    const bool braces = take(rest, '{');
    constexpr int bytes = 16;
    for (int i = 0; i < bytes; ++i) {
        if (rest.size() < 2 || !is_hex(rest[0]) || !is_hex(rest[1]))
            return bad_syntax("uuid", text);
        rest.remove_prefix(2);
        const bool group = i % 2 == 1 && i < bytes - 1;
        if (group) take(rest, '-');
    }
    if (braces && !take(rest, '}')) return bad_syntax("uuid", text);
    return rest.empty() ? valid() : bad_syntax("uuid", text);
}

/// nlohmann's validator and the server's agree but for: escapes of U+0000 and of surrogates,
/// numbers that a double does not hold, and a byte order mark.
LiteralVerdict judge_json(std::string_view text) {
    const bool mark = text.starts_with("\xEF\xBB\xBF");
    if (mark || text.find("\\u") != std::string_view::npos) return not_sure();
    if (nlohmann::json::accept(text)) return valid();
    const bool exponent = text.find_first_of("eE") != std::string_view::npos &&
                          text.find_first_of("0123456789") != std::string_view::npos;
    if (exponent) return not_sure();
    return invalid("22P02", "invalid input syntax for type json");
}

LiteralVerdict judge_bytea(std::string_view text) {
    if (!text.starts_with("\\x")) {
        return text.find('\\') == std::string_view::npos ? valid() : not_sure();
    }
    text.remove_prefix(2);
    const bool plain = text.size() % 2 == 0 && std::ranges::all_of(text, is_hex);
    return plain ? valid() : not_sure();
}

LiteralVerdict judge_address(std::string_view text) {
    constexpr int parts = 4;
    constexpr int largest = 255;
    for (int i = 0; i < parts; ++i) {
        if (i > 0 && !take(text, '.')) return not_sure();
        const std::string_view digits = take_digits(text);
        if (digits.empty() || digits.size() > 3 || value_of(digits) > largest) return not_sure();
    }
    if (text.empty()) return valid();
    if (!take(text, '/')) return not_sure();
    const std::string_view bits = take_digits(text);
    constexpr int most_bits = 32;
    const bool plain = !bits.empty() && bits.size() < 3 && value_of(bits) <= most_bits;
    return plain && text.empty() ? valid() : not_sure();
}

LiteralVerdict judge_bits(std::string_view text) {
    const bool plain = std::ranges::all_of(text, [](char c) { return c == '0' || c == '1'; });
    return plain && !text.empty() ? valid() : not_sure();
}

// ---- dates and times ----------------------------------------------------------------------------

LiteralVerdict out_of_range(std::string_view text) {
    return invalid("22008", fmt::format("date/time field value out of range: \"{}\"", text));
}

int days_in(int year, int month) {
    constexpr std::array<int, 12> days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    const auto place = static_cast<std::size_t>(month - 1);
    return days[place] + (leap && month == 2 ? 1 : 0);
}

/// Takes YYYY-MM-DD, which every DateStyle reads alike.
LiteralVerdict take_date(std::string_view& rest, std::string_view text) {
    const std::string_view year = take_digits(rest);
    if (year.size() != 4 || !take(rest, '-')) return not_sure();
    const std::string_view month = take_digits(rest);
    if (month.empty() || month.size() > 2 || !take(rest, '-')) return not_sure();
    const std::string_view day = take_digits(rest);
    if (day.empty() || day.size() > 2) return not_sure();
    constexpr int months = 12;
    const int m = value_of(month);
    if (value_of(year) == 0) return not_sure();
    if (m < 1 || m > months) return out_of_range(text);
    const int d = value_of(day);
    return d < 1 || d > days_in(value_of(year), m) ? out_of_range(text) : valid();
}

/// Takes HH:MM[:SS[.fraction]].
LiteralVerdict take_time(std::string_view& rest, std::string_view text) {
    const std::string_view hour = take_digits(rest);
    if (hour.empty() || hour.size() > 2 || !take(rest, ':')) return not_sure();
    const std::string_view minute = take_digits(rest);
    if (minute.empty() || minute.size() > 2) return not_sure();
    std::string_view second = "0";
    if (take(rest, ':')) {
        second = take_digits(rest);
        if (second.empty() || second.size() > 2) return not_sure();
        if (take(rest, '.')) take_digits(rest);
    }
    constexpr int hours = 24;
    constexpr int sixty = 60;
    const int h = value_of(hour);
    if (h > hours || value_of(minute) >= sixty || value_of(second) > sixty)
        return out_of_range(text);
    return h == hours || value_of(second) == sixty ? not_sure() : valid();
}

/// Takes Z, UTC or an offset in hours and minutes.
bool take_zone(std::string_view& rest) {
    const std::string word = text::lower_case(rest);
    if (word == "z" || word == "utc" || word == "gmt") {
        rest = {};
        return true;
    }
    if (!rest.starts_with('+') && !rest.starts_with('-')) return false;
    rest.remove_prefix(1);
    constexpr int most_hours = 14;
    const std::string_view hours = take_digits(rest);
    if (hours.size() != 2 || value_of(hours) > most_hours) return false;
    if (!take(rest, ':')) return rest.empty();
    const std::string_view minutes = take_digits(rest);
    return minutes.size() == 2 && value_of(minutes) < 60 && rest.empty();
}

enum class Parts { date, time, both };

LiteralVerdict judge_moment(std::string_view text, std::string_view type, Parts parts) {
    const std::string word = text::lower_case(trimmed(text));
    constexpr std::array<std::string_view, 5> days = {"today", "tomorrow", "yesterday", "epoch",
                                                      "infinity"};
    if (word == "now" || (parts == Parts::time && word == "allballs")) return valid();
    const bool named = std::ranges::count(days, word) > 0 || word == "-infinity";
    if (parts != Parts::time && named) return valid();
    if (word.empty()) {
        return invalid("22007",
                       fmt::format("invalid input syntax for type {}: \"{}\"", type, text));
    }
    std::string_view rest = trimmed(text);
    LiteralVerdict verdict = valid();
    if (parts != Parts::time) verdict = take_date(rest, text);
    if (verdict.state != State::valid || rest.empty()) return verdict;
    if (parts != Parts::time) {
        const bool separated = take(rest, 'T') || take(rest, ' ');
        if (!separated) return not_sure();
        while (take(rest, ' '))
            continue;
    }
    verdict = take_time(rest, text);
    if (verdict.state != State::valid || rest.empty()) return verdict;
    while (take(rest, ' '))
        continue;
    return take_zone(rest) ? valid() : not_sure();
}

bool is_interval_unit(std::string_view word) {
    constexpr std::array<std::string_view, 38> units = {"microsecond", "microseconds",
                                                        "us",          "usec",
                                                        "millisecond", "milliseconds",
                                                        "ms",          "msec",
                                                        "second",      "seconds",
                                                        "sec",         "secs",
                                                        "s",           "minute",
                                                        "minutes",     "min",
                                                        "mins",        "m",
                                                        "hour",        "hours",
                                                        "hr",          "hrs",
                                                        "h",           "day",
                                                        "days",        "d",
                                                        "week",        "weeks",
                                                        "w",           "month",
                                                        "months",      "mon",
                                                        "mons",        "year",
                                                        "years",       "yr",
                                                        "yrs",         "y"};
    return std::ranges::count(units, word) > 0;
}

/// "1 day", "2 hours 30 minutes", "01:30:00"; each unit at most once, which the server wants too.
LiteralVerdict judge_interval(std::string_view text) {
    const std::string word = text::lower_case(trimmed(text));
    std::string_view rest = word;
    if (rest.empty()) {
        return invalid("22007",
                       fmt::format("invalid input syntax for type interval: \"{}\"", text));
    }
    std::vector<std::string_view> seen;
    while (!rest.empty()) {
        if (rest.starts_with('-') || rest.starts_with('+')) rest.remove_prefix(1);
        std::string_view clock = rest;
        if (take_time(clock, text).state == State::valid && clock.empty()) return valid();
        const std::string_view digits = take_digits(rest);
        constexpr std::size_t most = 6;
        if (digits.empty() || digits.size() > most) return not_sure();
        while (take(rest, ' '))
            continue;
        const std::size_t end =
            std::min(rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz"), rest.size());
        const std::string_view unit = rest.substr(0, end);
        if (unit.empty() && rest.empty() && seen.empty()) return valid();
        if (!is_interval_unit(unit) || std::ranges::count(seen, unit) > 0) return not_sure();
        seen.push_back(unit);
        rest.remove_prefix(end);
        while (take(rest, ' '))
            continue;
    }
    return valid();
}

} // namespace

LiteralVerdict judge_literal(std::string_view text, catalog::Oid type) {
    switch (type) {
    case type_oid::text:
    case type_oid::varchar:
    case type_oid::bpchar:
    case type_oid::name:
    case type_oid::internal_char:
    case type_oid::unknown:
    case type_oid::regclass:
    case type_oid::cstring: return valid();
    case type_oid::boolean: return judge_boolean(text);
    case type_oid::int2: return judge_integer(text, "smallint", "32767");
    case type_oid::int4: return judge_integer(text, "integer", "2147483647");
    case type_oid::int8: return judge_integer(text, "bigint", "9223372036854775807");
    case type_oid::float4: return judge_decimal(text, "real");
    case type_oid::float8: return judge_decimal(text, "double precision");
    case type_oid::numeric: return judge_decimal(text, "numeric");
    case type_oid::uuid: return judge_uuid(text);
    case type_oid::json:
    case type_oid::jsonb: return judge_json(text);
    case type_oid::bytea: return judge_bytea(text);
    case type_oid::bit:
    case type_oid::varbit: return judge_bits(text);
    case type_oid::date: return judge_moment(text, "date", Parts::date);
    case type_oid::time: return judge_moment(text, "time", Parts::time);
    case type_oid::timetz: return judge_moment(text, "time with time zone", Parts::time);
    case type_oid::timestamp: return judge_moment(text, "timestamp", Parts::both);
    case type_oid::timestamptz: return judge_moment(text, "timestamp with time zone", Parts::both);
    case type_oid::interval: return judge_interval(text);
    case inet_oid:
    case cidr_oid: return judge_address(text);
    default: break;
    }
    const catalog::BuiltinType* shipped = catalog::find_builtin_type_by_oid(type);
    return shipped != nullptr && shipped->name == "citext" ? valid() : not_sure();
}

LiteralVerdict judge_array_literal(std::string_view text, catalog::Oid element) {
    std::string_view rest = trimmed(text);
    const auto malformed = [&] {
        return invalid("22P02", fmt::format("malformed array literal: \"{}\"", text));
    };
    // "[1:2]={3,4}" gives the bounds first.
    const bool bounds = rest.size() > 1 && rest.front() == '[' &&
                        std::string_view("0123456789+-").find(rest[1]) != std::string_view::npos;
    if (bounds) return not_sure();
    if (!take(rest, '{') || !rest.ends_with('}')) return malformed();
    rest.remove_suffix(1);
    if (trimmed(rest).empty()) return valid();
    constexpr std::string_view special = "{}\"\\";
    LiteralVerdict worst = valid();
    while (true) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        std::string_view item = trimmed(rest.substr(0, end));
        const bool quoted = item.size() > 1 && item.starts_with('"') && item.ends_with('"');
        if (quoted) item = item.substr(1, item.size() - 2);
        // Nested arrays, escapes and commas in quotes are left to the server.
        if (item.find_first_of(special) != std::string_view::npos) return not_sure();
        if (item.empty() && !quoted) return not_sure();
        const bool null = !quoted && text::lower_case(item) == "null";
        LiteralVerdict verdict = null ? valid() : judge_literal(item, element);
        if (verdict.state == State::invalid) return verdict;
        if (verdict.state == State::not_sure) worst = std::move(verdict);
        if (end == rest.size()) return worst;
        rest.remove_prefix(end + 1);
    }
}

} // namespace ordain::analyze
