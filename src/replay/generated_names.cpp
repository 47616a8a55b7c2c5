#include "replay/generated_names.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

constexpr std::size_t name_limit = 63; // NAMEDATALEN - 1

/// Cuts at a character boundary (pg_mbcliplen).
std::string_view clip(std::string_view name, std::size_t length) {
    if (name.size() <= length) return name;
    while (length > 0 && (static_cast<unsigned char>(name[length]) & 0xC0U) == 0x80U)
        --length;
    return name.substr(0, length);
}

std::string_view figure_name(const Expression& expression) {
    switch (expression.kind) {
    case Expression::Kind::column_reference:
    case Expression::Kind::function_call:
        return expression.names.empty() ? std::string_view() : expression.names.back().text;
    case Expression::Kind::field_selection: return expression.names.front().text;
    case Expression::Kind::cast: {
        const std::string_view inner = figure_name(expression.operands.front());
        return inner.empty() && expression.type ? expression.type->name.name.text : inner;
    }
    case Expression::Kind::collate:
    case Expression::Kind::subscript: return figure_name(expression.operands.front());
    case Expression::Kind::case_expression:
        if (expression.case_has_else) {
            const std::string_view otherwise = figure_name(expression.operands.back());
            if (!otherwise.empty()) return otherwise;
        }
        return "case";
    case Expression::Kind::coalesce: return "coalesce";
    case Expression::Kind::greatest: return "greatest";
    case Expression::Kind::least: return "least";
    case Expression::Kind::nullif: return "nullif";
    case Expression::Kind::array_constructor: return "array";
    case Expression::Kind::row_constructor: return "row";
    case Expression::Kind::sql_value_function: return expression.value;
    default: return {};
    }
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        if (!text.empty()) text += '_';
        text += name;
        if (text.size() >= name_limit + 1) break;
    }
    return text;
}

std::string numbered(const std::vector<std::string>& taken, std::string name) {
    const std::string original = name;
    for (int number = 1; std::ranges::count(taken, name) > 0; ++number) {
        const std::string suffix = std::to_string(number);
        name = std::string(clip(original, name_limit - suffix.size())) + suffix;
    }
    return name;
}

} // namespace

std::string
make_object_name(std::string_view name1, std::string_view name2, std::string_view label) {
    std::size_t overhead = 0;
    if (!name2.empty()) overhead += 1;
    if (!label.empty()) overhead += label.size() + 1;
    const std::size_t available = name_limit - overhead;
    std::size_t length1 = name1.size();
    std::size_t length2 = name2.size();
    while (length1 + length2 > available) {
        if (length1 > length2) {
            --length1;
        } else {
            --length2;
        }
    }
    std::string name(clip(name1, length1));
    if (!name2.empty()) name.append("_").append(clip(name2, length2));
    if (!label.empty()) name.append("_").append(label);
    return name;
}

std::string choose_relation_name(const Catalog& catalog,
                                 ObjectId schema,
                                 std::string_view name1,
                                 std::string_view name2,
                                 std::string_view label,
                                 NameUse use) {
    std::string numbered_label(label);
    for (int number = 1;; ++number) {
        std::string name = make_object_name(name1, name2, numbered_label);
        const bool taken = catalog.find(NameSpace::relation, schema, name) != nullptr ||
                           (use == NameUse::constraint_index &&
                            catalog.find(NameSpace::constraint, schema, name) != nullptr);
        if (!taken) return name;
        numbered_label = fmt::format("{}{}", label, number);
    }
}

std::string choose_constraint_name(const Catalog& catalog,
                                   ObjectId schema,
                                   std::string_view name1,
                                   std::string_view name2,
                                   std::string_view label) {
    std::string numbered_label(label);
    for (int number = 1;; ++number) {
        std::string name = make_object_name(name1, name2, numbered_label);
        if (catalog.find(NameSpace::constraint, schema, name) == nullptr) return name;
        numbered_label = fmt::format("{}{}", label, number);
    }
}

std::string index_name_addition(const std::vector<IndexElement>& elements,
                                const std::vector<Identifier>& including) {
    std::vector<std::string> names;
    for (const IndexElement& element : elements) {
        std::string name = element.column.text;
        if (element.expression) name = figure_name(*element.expression);
        if (name.empty()) name = "expr";
        names.push_back(numbered(names, std::move(name)));
    }
    for (const Identifier& column : including)
        names.push_back(numbered(names, column.text));
    return joined(names);
}

std::string key_name_addition(const std::vector<Identifier>& columns) {
    std::vector<std::string> names;
    names.reserve(columns.size());
    for (const Identifier& column : columns)
        names.push_back(column.text);
    return joined(names);
}

} // namespace ordain::replay
