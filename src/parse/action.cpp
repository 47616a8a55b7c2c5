#include <algorithm>
#include <array>
#include <cstddef>
#include <ordain/action.hpp>
#include <ordain/expression.hpp>

namespace ordain {
namespace {

/// By the enumerators' order; a test walks both.
constexpr std::array<std::string_view, 47> object_kind_names{
    "schema",
    "table",
    "partitioned table",
    "foreign table",
    "view",
    "materialized view",
    "sequence",
    "composite type",
    "column",
    "constraint",
    "index",
    "function",
    "procedure",
    "aggregate",
    "trigger",
    "policy",
    "rule",
    "enum",
    "domain",
    "range",
    "type",
    "extension",
    "role",
    "database",
    "tablespace",
    "language",
    "statistics",
    "publication",
    "subscription",
    "event trigger",
    "operator",
    "operator class",
    "operator family",
    "cast",
    "collation",
    "conversion",
    "foreign data wrapper",
    "server",
    "user mapping",
    "access method",
    "text search parser",
    "text search dictionary",
    "text search template",
    "text search configuration",
    "transform",
    "large object",
    "default privileges",
};

} // namespace

std::string_view name_of(ObjectKind kind) {
    return object_kind_names.at(static_cast<std::size_t>(kind));
}

std::optional<ObjectKind> parse_object_kind(std::string_view text) {
    const auto* const found = std::ranges::find(object_kind_names, text);
    if (found == object_kind_names.end()) return std::nullopt;
    return static_cast<ObjectKind>(found - object_kind_names.begin());
}

std::string_view name_of(ReferentialAction action) {
    switch (action) {
    case ReferentialAction::no_action: return "no action";
    case ReferentialAction::restrict_: return "restrict";
    case ReferentialAction::cascade: return "cascade";
    case ReferentialAction::set_null: return "set null";
    case ReferentialAction::set_default: return "set default";
    }
    return {};
}

std::string to_string(const QualifiedName& name) {
    if (name.schema.empty()) return name.name.text;
    return name.schema.text + "." + name.name.text;
}

} // namespace ordain
