#include "text/identifier_list.hpp"

#include "text/lexer.hpp"

#include <algorithm>

namespace ordain::text {
namespace {

bool is_plain(std::string_view name) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    const auto part = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    return letter(name.front()) && std::ranges::all_of(name, part);
}

std::string quoted(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) {
        if (c == '"') text += c;
        text += c;
    }
    return text + '"';
}

} // namespace

std::vector<std::string> split_identifiers(std::string_view list) {
    std::vector<std::string> names;
    Lexer lexer(list);
    for (Token token = lexer.next_code(); token.kind != Token::Kind::end;
         token = lexer.next_code()) {
        const bool name =
            token.kind == Token::Kind::word || token.kind == Token::Kind::quoted_identifier;
        if (name) names.push_back(identifier_text(token, lexer.text_of(token)));
    }
    return names;
}

std::string join_identifiers(std::span<const std::string> names) {
    std::string list;
    for (const std::string& name : names) {
        if (name.empty()) continue;
        if (!list.empty()) list += ',';
        list += is_plain(name) ? name : quoted(name);
    }
    return list;
}

} // namespace ordain::text
