#include "lint/message.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ordain::lint {
namespace {

NameSpace space_of_word(std::string_view message) {
    constexpr std::array<std::pair<std::string_view, NameSpace>, 13> words = {{
        {"column ", NameSpace::column},
        {"constraint ", NameSpace::constraint},
        {"trigger ", NameSpace::trigger},
        {"policy ", NameSpace::policy},
        {"rule ", NameSpace::rule},
        {"type ", NameSpace::type},
        {"schema ", NameSpace::schema},
        {"function ", NameSpace::function},
        {"procedure ", NameSpace::function},
        {"aggregate ", NameSpace::function},
        {"extension ", NameSpace::extension},
        {"role ", NameSpace::role},
        {"statistics ", NameSpace::statistics},
    }};
    const auto* const found = std::ranges::find_if(
        words, [message](const auto& each) { return message.starts_with(each.first); });
    return found == words.end() ? NameSpace::relation : found->second;
}

/// The next text in double quotes, and what comes after it.
std::string_view take_quoted(std::string_view& message) {
    const std::size_t open = message.find('"');
    if (open == std::string_view::npos) return {};
    const std::size_t close = message.find('"', open + 1);
    if (close == std::string_view::npos) return {};
    const std::string_view name = message.substr(open + 1, close - open - 1);
    message.remove_prefix(close + 1);
    return name;
}

bool is_part(NameSpace space) {
    return space == NameSpace::column || space == NameSpace::constraint ||
           space == NameSpace::trigger || space == NameSpace::policy || space == NameSpace::rule;
}

/// `function app.f(integer) does not exist`, `column t.a does not exist`: without quotes.
std::string_view unquoted(std::string_view message) {
    const std::size_t begin = message.find(' ') + 1;
    return message.substr(begin, message.find_first_of(" (", begin) - begin);
}

} // namespace

NamedInMessage named_in(std::string_view message) {
    NamedInMessage named{
        .space = space_of_word(message), .schema = {}, .name = {}, .container = {}};
    const std::size_t quote = message.find('"');
    const bool bare = quote == std::string_view::npos || quote > message.find('(');
    if (bare && named.space != NameSpace::function && named.space != NameSpace::column)
        return named;
    named.name = bare ? unquoted(message) : take_quoted(message);
    if (!bare && is_part(named.space)) named.container = take_quoted(message);
    const std::size_t dot = named.name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return named;
    // An alias may stand for the table of a column: it says nothing certain.
    if (named.space != NameSpace::column) named.schema = named.name.substr(0, dot);
    named.name.remove_prefix(dot + 1);
    return named;
}

} // namespace ordain::lint
