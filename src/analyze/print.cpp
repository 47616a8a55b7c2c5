#include "analyze/analysis.hpp"

#include <algorithm>

/// The canonical text of what was bound: that of ruleutils.c where it matters for equality, with
/// all parentheses.
namespace ordain::analyze {
namespace {

std::string quoted_literal(std::string_view value) {
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'') text += '\'';
        text += c;
    }
    return text + "'";
}

bool plain_number(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

bool equal(const Node& a, const Node& b) {
    return a.kind == b.kind && a.object == b.object && a.entry == b.entry && a.level == b.level &&
           a.text == b.text && a.distinct == b.distinct && same_type(a.type, b.type) &&
           a.null == b.null && a.query == b.query && a.clauses == b.clauses &&
           std::ranges::equal(a.operands, b.operands,
                              [](const Node& x, const Node& y) { return equal(x, y); });
}

void Analysis::print_type(TypeRef type, BoundText& text) const {
    if (type.known() && !is_builtin(type.type)) {
        text.append(type.type);
        if (type.array) text.append("[]");
        return;
    }
    text.append(catalog::format_type(resolver_, type));
}

void Analysis::print_constant(const Node& node, BoundText& text) const {
    if (node.null) {
        text.append("NULL");
    } else if (is_type(node.type, type_oid::boolean) ||
               (is_type(node.type, type_oid::int4) && plain_number(node.text))) {
        text.append(node.text);
        return;
    } else {
        text.append(quoted_literal(node.text));
    }
    if (!node.type.known() || is_unknown_literal(node.type)) return;
    text.append("::");
    print_type(node.type, text);
}

void Analysis::print_cast(const Node& node, BoundText& text, ImplicitCasts casts) const {
    if (node.implicit && casts == ImplicitCasts::hidden) {
        print(node.operands[0], text, casts);
        return;
    }
    text.append("(");
    print(node.operands[0], text, ImplicitCasts::hidden);
    text.append(")::");
    print_type(node.type, text);
}

void Analysis::print_list(const std::vector<Node>& nodes,
                          std::size_t first,
                          std::size_t last,
                          BoundText& text,
                          ImplicitCasts casts) const {
    for (std::size_t i = first; i < last; ++i) {
        if (i != first) text.append(", ");
        print(nodes[i], text, casts);
    }
}

void Analysis::print_call(const Node& node, BoundText& text) const {
    if (node.object != no_object && !is_builtin(node.object)) {
        text.append(node.object);
    } else {
        text.append(node.text);
    }
    text.append(node.distinct ? "(DISTINCT " : "(");
    const std::size_t arguments = node.operands.size() - node.extra;
    print_list(node.operands, 0, arguments, text, ImplicitCasts::shown);
    text.append(")");
    for (std::size_t i = 0; i < node.clauses.size(); ++i) {
        text.append(node.clauses[i]);
        if (i < node.extra) print(node.operands[arguments + i], text, ImplicitCasts::shown);
    }
}

void Analysis::print_case(const Node& node, BoundText& text) const {
    text.append("CASE");
    std::size_t i = 0;
    if (node.has_test) {
        text.append(" ");
        print(node.operands[i++], text, ImplicitCasts::shown);
    }
    const std::size_t end = node.operands.size() - (node.has_else ? 1 : 0);
    for (; i + 1 < end; i += 2) {
        text.append(" WHEN ");
        print(node.operands[i], text, ImplicitCasts::hidden);
        text.append(" THEN ");
        print(node.operands[i + 1], text, ImplicitCasts::shown);
    }
    text.append(" ELSE ");
    if (node.has_else) {
        print(node.operands.back(), text, ImplicitCasts::shown);
    } else {
        text.append("NULL");
        const bool typed = node.type.known() && !is_unknown_literal(node.type);
        if (typed) text.append("::");
        if (typed) print_type({.type = node.type.type, .array = node.type.array}, text);
    }
    text.append(" END");
}

void Analysis::print_prefix(const RangeEntry& entry, BoundText& text) {
    if (entry.bare || (entry.alias.empty() && !entry.aliased)) return;
    if (entry.relation != nullptr && !entry.aliased) {
        text.append(entry.relation->id);
    } else {
        text.append(catalog::quote_identifier(entry.alias));
    }
    text.append(".");
}

void Analysis::print_column(const Node& node, BoundText& text) {
    if (node.entry != nullptr) print_prefix(*node.entry, text);
    if (!node.text.empty()) {
        text.append(catalog::quote_identifier(node.text));
    } else {
        text.append(node.object);
    }
}

void Analysis::print(const Node& node, BoundText& text, ImplicitCasts casts) const {
    using Kind = Node::Kind;
    switch (node.kind) {
    case Kind::opaque:
    case Kind::parameter:
    case Kind::keyword: text.append(node.text); return;
    case Kind::constant: print_constant(node, text); return;
    case Kind::column: print_column(node, text); return;
    case Kind::whole_row:
        if (node.entry != nullptr) print_prefix(*node.entry, text);
        text.append("*");
        return;
    case Kind::call: print_call(node, text); return;
    case Kind::infix:
        text.append("(");
        print(node.operands[0], text, ImplicitCasts::shown);
        text.append(" " + node.text + " ");
        print(node.operands[1], text, ImplicitCasts::shown);
        text.append(")");
        return;
    case Kind::prefix:
        text.append("(" + node.text + " ");
        print(node.operands[0], text, ImplicitCasts::shown);
        text.append(")");
        return;
    case Kind::any_all:
        text.append("(");
        print(node.operands[0], text, ImplicitCasts::shown);
        text.append(" " + node.text + " (");
        print(node.operands[1], text, ImplicitCasts::shown);
        text.append("))");
        return;
    case Kind::cast: print_cast(node, text, casts); return;
    case Kind::boolean:
        text.append("(");
        for (std::size_t i = 0; i < node.operands.size(); ++i) {
            if (i > 0) text.append(node.text);
            print(node.operands[i], text, ImplicitCasts::hidden);
        }
        text.append(")");
        return;
    case Kind::negation:
        text.append("(NOT ");
        print(node.operands[0], text, ImplicitCasts::hidden);
        text.append(")");
        return;
    case Kind::case_: print_case(node, text); return;
    case Kind::keyword_call:
        text.append(node.text + "(");
        print_list(node.operands, 0, node.operands.size(), text, ImplicitCasts::shown);
        text.append(")");
        return;
    case Kind::array:
        text.append("ARRAY[");
        print_list(node.operands, 0, node.operands.size(), text, ImplicitCasts::shown);
        text.append("]");
        if (node.operands.empty() && node.type.known()) {
            text.append("::");
            print_type(node.type, text);
        }
        return;
    case Kind::suffix:
        text.append("(");
        print(node.operands[0], text, ImplicitCasts::shown);
        text.append(" " + node.text + ")");
        return;
    case Kind::subscript:
        text.append("(");
        print(node.operands[0], text, ImplicitCasts::shown);
        text.append(")[");
        print_list(node.operands, 1, node.operands.size(), text, ImplicitCasts::hidden);
        text.append("]");
        return;
    case Kind::field:
        text.append("(");
        print(node.operands[0], text, ImplicitCasts::hidden);
        text.append(").");
        if (node.object != no_object) {
            text.append(node.object);
        } else {
            text.append(catalog::quote_identifier(node.text));
        }
        return;
    case Kind::collate:
        text.append("(");
        print(node.operands[0], text, ImplicitCasts::shown);
        text.append(" COLLATE " + node.text + ")");
        return;
    case Kind::sublink:
        text.append("(");
        for (const Node& operand : node.operands) {
            print(operand, text, ImplicitCasts::shown);
            text.append(" ");
        }
        text.append(node.text + "(");
        text.append(node.query);
        text.append("))");
        return;
    }
}

} // namespace ordain::analyze
