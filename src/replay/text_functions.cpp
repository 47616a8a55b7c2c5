#include "replay/text_functions.hpp"

#include "catalog/resolve.hpp"
#include "text/letter_case.hpp"
#include "text/lexer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <fmt/core.h>
#include <string>

namespace ordain::replay {
namespace {

Value not_modelled(std::string_view what) {
    return Value::unknown(fmt::format("{} is not modelled", what));
}

/// quote_literal: with backslashes the text becomes E'...'.
std::string quoted_literal(std::string_view text) {
    std::string quoted = text.find('\\') == std::string_view::npos ? "'" : "E'";
    for (const char letter : text) {
        if (letter == '\'' || letter == '\\') quoted += letter;
        quoted += letter;
    }
    return quoted + '\'';
}

/// One %s, %I or %L of format().
Value formatted(char type, const Value& argument) {
    if (argument.is_null()) {
        if (type == 's') return Value::of_text({});
        if (type == 'L') return Value::of_text("NULL");
        return not_modelled("format() of a null identifier");
    }
    Value text = as_text(argument);
    if (!text.is_known() || type == 's') return text;
    if (type == 'I') return Value::of_text(catalog::quote_identifier(text.text));
    return Value::of_text(quoted_literal(text.text));
}

/// format(), without widths.
Value format_value(const std::vector<Value>& arguments) {
    if (arguments.empty() || !arguments.front().is_known()) return not_modelled("a format");
    const std::string& pattern = arguments.front().text;
    std::string result;
    std::size_t next = 1;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] != '%') {
            result += pattern[at];
            continue;
        }
        if (++at >= pattern.size()) return not_modelled("a format");
        if (pattern[at] == '%') {
            result += '%';
            continue;
        }
        std::size_t place = 0;
        const std::size_t digits = at;
        while (at < pattern.size() && pattern[at] >= '0' && pattern[at] <= '9' && place < 1000)
            place = place * 10 + static_cast<std::size_t>(pattern[at++] - '0');
        if (at > digits) {
            if (at >= pattern.size() || pattern[at] != '$') return not_modelled("a format width");
            next = place;
            ++at;
        }
        const bool known = at < pattern.size() && next < arguments.size() && next > 0 &&
                           std::string_view("sIL").find(pattern[at]) != std::string_view::npos;
        if (!known) return not_modelled("a format");
        Value part = formatted(pattern[at], arguments[next++]);
        if (!part.is_known()) return part;
        result += part.text;
    }
    return Value::of_text(std::move(result));
}

/// concat() and concat_ws(): nulls are left out.
Value joined(const std::vector<Value>& arguments, std::size_t first, std::string_view separator) {
    std::string result;
    bool begun = false;
    for (std::size_t index = first; index < arguments.size(); ++index) {
        if (arguments[index].is_null()) continue;
        Value text = as_text(arguments[index]);
        if (!text.is_known()) return text;
        if (begun) result += separator;
        result += text.text;
        begun = true;
    }
    return Value::of_text(std::move(result));
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(
        text, [](char letter) { return static_cast<unsigned char>(letter) < 0x80U; });
}

Value replaced(const std::string& text, const std::string& from, const std::string& to) {
    if (from.empty()) return Value::of_text(text);
    std::string result;
    std::size_t begin = 0;
    for (std::size_t found = text.find(from); found != std::string::npos;
         found = text.find(from, begin)) {
        result += text.substr(begin, found - begin) + to;
        begin = found + from.size();
    }
    return Value::of_text(result + text.substr(begin));
}

Value split_text(std::string_view text, std::string_view separator) {
    std::vector<Value> parts;
    if (text.empty()) return Value::of_array({});
    if (separator.empty()) return Value::of_array({Value::of_text(std::string(text))});
    for (;;) {
        const std::size_t end = text.find(separator);
        parts.push_back(Value::of_text(std::string(text.substr(0, end))));
        if (end == std::string_view::npos) return Value::of_array(std::move(parts));
        text.remove_prefix(end + separator.size());
    }
}

/// Strict functions of texts: a null argument makes a null.
Value strict_call(std::string_view name, const std::vector<Value>& arguments) {
    if (std::ranges::any_of(arguments, &Value::is_null)) return Value::null();
    std::vector<std::string> texts;
    for (const Value& argument : arguments) {
        Value text = as_text(argument);
        if (!text.is_known()) return text;
        texts.push_back(text.text);
    }
    if (texts.size() == 1) {
        if (name == "quote_ident") return Value::of_text(catalog::quote_identifier(texts[0]));
        if (name == "quote_literal") return Value::of_text(quoted_literal(texts[0]));
        if (name == "lower" && is_ascii(texts[0]))
            return Value::of_text(text::lower_case(texts[0]));
        if (name == "upper" && is_ascii(texts[0]))
            return Value::of_text(text::upper_case(texts[0]));
        if ((name == "length" || name == "char_length") && is_ascii(texts[0]))
            return Value::of_integer(static_cast<std::int64_t>(texts[0].size()));
    }
    if (texts.size() == 2 && name == "string_to_array") return split_text(texts[0], texts[1]);
    if (texts.size() == 3 && name == "replace") return replaced(texts[0], texts[1], texts[2]);
    return not_modelled(fmt::format("{}()", name));
}

} // namespace

Value call_text_function(std::string_view name, const std::vector<Value>& arguments) {
    if (name == "format") return format_value(arguments);
    if (name == "concat") return joined(arguments, 0, {});
    if (name == "concat_ws" && !arguments.empty()) {
        if (!arguments.front().is_known()) return not_modelled("a separator");
        return joined(arguments, 1, arguments.front().text);
    }
    if (name == "quote_nullable" && arguments.size() == 1) return formatted('L', arguments.front());
    static constexpr std::array<std::string_view, 9> strict = {
        "quote_ident", "quote_literal",   "lower",   "upper", "length",
        "char_length", "string_to_array", "replace", "btrim"};
    if (std::ranges::count(strict, name) > 0) return strict_call(name, arguments);
    return not_modelled(fmt::format("{}()", name));
}

std::optional<QualifiedName> parse_qualified_name(std::string_view text) {
    text::Lexer lexer(text);
    QualifiedName name;
    for (bool more = true; more;) {
        const text::Token part = lexer.next();
        const bool is_name = part.kind == text::Token::Kind::word ||
                             (part.kind == text::Token::Kind::quoted_identifier &&
                              part.quoting == text::Token::Quoting::plain && !part.unterminated);
        if (!is_name || !name.schema.empty()) return std::nullopt;
        name.schema = std::move(name.name);
        name.name = {.text = text::identifier_text(part, lexer.text_of(part)), .span = {}};
        const text::Token dot = lexer.next();
        if (dot.kind != text::Token::Kind::end && !dot.is('.')) return std::nullopt;
        more = dot.is('.');
    }
    return name;
}

} // namespace ordain::replay
