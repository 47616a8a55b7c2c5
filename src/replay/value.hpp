#pragma once

#include <cstddef>
#include <cstdint>
#include <ordain/catalog.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::replay {

/// Texts longer than this are not kept: a body can double one with every turn of a loop.
inline constexpr std::size_t max_value_bytes = 262'144;
/// Why such a text is unknown; a server may run out of memory over it.
inline constexpr std::string_view long_text = "a long text is not kept";

/// A value that a body or a query over the catalog computes, as far as it is certain.
struct Value {
    enum class State : std::uint8_t { unknown, null, known };
    /// How a value compares and prints; types of the server that do so alike are one.
    enum class Kind : std::uint8_t {
        text,
        boolean, ///< text is "true" or "false".
        integer, ///< text is the digits.
        oid,     ///< text is an ObjectId's digits: equal ones are the same object, no more.
        array,   ///< elements.
    };

    State state = State::unknown;
    Kind kind = Kind::text;
    std::string text = {};
    std::string name = {}; ///< Of an oid: what regclass, regtype ... print; empty when not certain.
    std::vector<Value> elements = {};
    std::string why = {}; ///< Of unknown.

    [[nodiscard]] static Value of_text(std::string text);
    [[nodiscard]] static Value of_integer(std::int64_t number);
    [[nodiscard]] static Value of_boolean(bool value);
    [[nodiscard]] static Value of_object(ObjectId id, std::string name = {});
    [[nodiscard]] static Value of_array(std::vector<Value> elements);
    [[nodiscard]] static Value null();
    [[nodiscard]] static Value unknown(std::string why);

    bool operator==(const Value&) const = default;

    [[nodiscard]] bool is_known() const { return state == State::known; }
    [[nodiscard]] bool is_null() const { return state == State::null; }
    [[nodiscard]] bool is_unknown() const { return state == State::unknown; }
    [[nodiscard]] bool is_true() const {
        return is_known() && kind == Kind::boolean && text == "true";
    }
    [[nodiscard]] bool is_false() const {
        return is_known() && kind == Kind::boolean && text == "false";
    }
};

/// The value as another kind, as a cast of the server does; unknown where that is not certain.
[[nodiscard]] Value as_kind(Value value, Value::Kind kind);
/// What the type's output function prints: for ||, format() and EXECUTE.
[[nodiscard]] Value as_text(Value value);
/// Null when either side is; boolean else.
[[nodiscard]] Value equal(const Value& left, const Value& right);
/// Whether left < right; texts of which none is equal depend on a collation: unknown.
[[nodiscard]] Value less(const Value& left, const Value& right);
/// AND, OR and NOT in three values (manual 9.1), where unknown is none of them.
[[nodiscard]] Value both(const Value& left, const Value& right);
[[nodiscard]] Value either(const Value& left, const Value& right);
[[nodiscard]] Value negated(const Value& value);
/// LIKE with % and _ and the backslash as escape (manual 9.7.1).
[[nodiscard]] bool is_like(std::string_view text, std::string_view pattern);

} // namespace ordain::replay
