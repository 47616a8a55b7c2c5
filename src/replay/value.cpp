#include "replay/value.hpp"

#include "text/letter_case.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <utility>

namespace ordain::replay {
namespace {

std::optional<std::int64_t> integer_of(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\n");
    if (begin == std::string_view::npos) return std::nullopt;
    text = text.substr(begin, text.find_last_not_of(" \t\n") - begin + 1);
    if (text.front() == '+') text.remove_prefix(1);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

constexpr std::size_t max_name = 63;

/// boolin: unique prefixes of true, false, yes, no; on, off, 1, 0.
std::optional<bool> boolean_of(std::string_view written) {
    const std::string text = text::lower_case(written);
    if (text.empty()) return std::nullopt;
    const auto begins = [&](std::string_view word) { return word.substr(0, text.size()) == text; };
    if (begins("true") || begins("yes") || text == "on" || text == "1") return true;
    if (begins("false") || begins("no") || text == "of" || text == "off" || text == "0")
        return false;
    return std::nullopt;
}

/// The kind in which two values are compared.
Value::Kind common_kind(const Value& left, const Value& right) {
    return left.kind == Value::Kind::text ? right.kind : left.kind;
}

/// An oid and an integer compare by number, which only the server knows for what it numbers.
bool comparable(const Value& left, const Value& right) {
    return left.is_known() && right.is_known() && left.kind == right.kind;
}

const Value& first_unknown(const Value& left, const Value& right) {
    return left.is_unknown() ? left : right;
}

Value arrays_equal(const Value& left, const Value& right) {
    if (left.elements.size() != right.elements.size()) return Value::of_boolean(false);
    Value result = Value::of_boolean(true);
    for (std::size_t index = 0; index < left.elements.size(); ++index) {
        const Value& a = left.elements[index];
        const Value& b = right.elements[index];
        if (a.is_null() || b.is_null()) {
            result = both(result, Value::of_boolean(a.is_null() && b.is_null()));
        } else {
            result = both(result, equal(a, b));
        }
    }
    return result;
}

} // namespace

Value Value::of_text(std::string text) {
    if (text.size() > max_value_bytes) return unknown(std::string(long_text));
    return {.state = State::known, .kind = Kind::text, .text = std::move(text)};
}
Value Value::of_integer(std::int64_t number) {
    return {.state = State::known, .kind = Kind::integer, .text = std::to_string(number)};
}
Value Value::of_boolean(bool value) {
    return {.state = State::known, .kind = Kind::boolean, .text = value ? "true" : "false"};
}
Value Value::of_object(ObjectId id, std::string name) {
    return {.state = State::known,
            .kind = Kind::oid,
            .text = std::to_string(static_cast<std::uint32_t>(id)),
            .name = std::move(name)};
}
Value Value::of_array(std::vector<Value> elements) {
    return {.state = State::known,
            .kind = Kind::array,
            .text = {},
            .name = {},
            .elements = std::move(elements)};
}
Value Value::null() {
    return {.state = State::null};
}
Value Value::unknown(std::string why) {
    Value value;
    value.why = std::move(why);
    return value;
}

Value as_kind(Value value, Value::Kind kind) {
    if (!value.is_known() || value.kind == kind) return value;
    if (kind == Value::Kind::text) return as_text(std::move(value));
    if (value.kind == Value::Kind::text && kind == Value::Kind::integer) {
        const std::optional<std::int64_t> number = integer_of(value.text);
        if (number) return Value::of_integer(*number);
    }
    if (value.kind == Value::Kind::text && kind == Value::Kind::boolean) {
        const std::optional<bool> truth = boolean_of(value.text);
        if (truth) return Value::of_boolean(*truth);
    }
    return Value::unknown("a cast is not modelled");
}

Value as_text(Value value) {
    if (!value.is_known() || value.kind == Value::Kind::text) return value;
    if (value.kind == Value::Kind::oid) {
        if (value.name.empty()) return Value::unknown("an object's number is not known");
        return Value::of_text(std::move(value.name));
    }
    if (value.kind == Value::Kind::array) return Value::unknown("the text of an array");
    // Printing for ||, concat() and format(): boolout says t and f, the cast says true and false.
    if (value.kind == Value::Kind::boolean) return Value::unknown("the text of a boolean");
    return Value::of_text(std::move(value.text));
}

Value equal(const Value& left, const Value& right) {
    if (left.is_null() || right.is_null()) return Value::null();
    if (left.is_unknown() || right.is_unknown()) return first_unknown(left, right);
    const Value::Kind kind = common_kind(left, right);
    const Value a = as_kind(left, kind);
    const Value b = as_kind(right, kind);
    if (!comparable(a, b)) return Value::unknown("values of different types are compared");
    if (kind == Value::Kind::array) return arrays_equal(a, b);
    // A name cuts what it is compared with; which of the two is a name is not kept.
    const bool cut = kind == Value::Kind::text && std::max(a.text.size(), b.text.size()) > max_name;
    if (cut && a.text != b.text) return Value::unknown("a long name is compared");
    return Value::of_boolean(a.text == b.text);
}

Value less(const Value& left, const Value& right) {
    Value same = equal(left, right);
    if (!same.is_known()) return same;
    if (same.is_true()) return Value::of_boolean(false);
    const Value::Kind kind = common_kind(left, right);
    const Value a = as_kind(left, kind);
    const Value b = as_kind(right, kind);
    if (kind != Value::Kind::integer) return Value::unknown("the order depends on a collation");
    return Value::of_boolean(*integer_of(a.text) < *integer_of(b.text));
}

Value both(const Value& left, const Value& right) {
    if (left.is_false() || right.is_false()) return Value::of_boolean(false);
    if (left.is_unknown() || right.is_unknown()) return first_unknown(left, right);
    if (left.is_null() || right.is_null()) return Value::null();
    return Value::of_boolean(true);
}

Value either(const Value& left, const Value& right) {
    return negated(both(negated(left), negated(right)));
}

Value negated(const Value& value) {
    if (!value.is_known()) return value;
    if (value.kind != Value::Kind::boolean) return Value::unknown("a condition is not boolean");
    return Value::of_boolean(!value.is_true());
}

bool is_like(std::string_view text, std::string_view pattern) {
    // Greedy with one point to go back to: a later % makes an earlier one's choices final.
    std::size_t at = 0;
    std::size_t in_pattern = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    const auto next_character = [&](std::size_t place) {
        ++place;
        while (place < text.size() && (static_cast<unsigned char>(text[place]) & 0xC0U) == 0x80U)
            ++place;
        return place;
    };
    while (at < text.size()) {
        const bool more = in_pattern < pattern.size();
        if (more && pattern[in_pattern] == '%') {
            star = ++in_pattern;
            resume = at;
        } else if (more && pattern[in_pattern] == '_') {
            ++in_pattern;
            at = next_character(at);
        } else {
            const bool escaped =
                more && pattern[in_pattern] == '\\' && in_pattern + 1 < pattern.size();
            const std::size_t literal = in_pattern + (escaped ? 1 : 0);
            if (more && pattern[literal] == text[at]) {
                in_pattern = literal + 1;
                ++at;
            } else if (star != std::string_view::npos) {
                in_pattern = star;
                at = resume = next_character(resume);
            } else {
                return false;
            }
        }
    }
    while (in_pattern < pattern.size() && pattern[in_pattern] == '%')
        ++in_pattern;
    return in_pattern == pattern.size();
}

} // namespace ordain::replay
