#pragma once

#include "catalog/builtin.hpp"
#include "catalog/resolve.hpp"

#include <ordain/catalog.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::analyze {

using catalog::Oid;
namespace type_oid = catalog::type_oid;

[[nodiscard]] constexpr TypeRef builtin_type(Oid oid) {
    return {.type = ObjectId{oid}};
}
inline constexpr TypeRef boolean_type = builtin_type(type_oid::boolean);
inline constexpr TypeRef text_type = builtin_type(type_oid::text);
inline constexpr TypeRef int4_type = builtin_type(type_oid::int4);
inline constexpr TypeRef unknown_literal = builtin_type(type_oid::unknown);
inline constexpr TypeRef record_type = builtin_type(type_oid::record);

/// Of one type but for the modifier.
[[nodiscard]] constexpr bool same_type(TypeRef a, TypeRef b) {
    return a.type == b.type && a.array == b.array;
}
[[nodiscard]] constexpr bool is_type(TypeRef type, Oid oid) {
    return !type.array && type.type == ObjectId{oid};
}
[[nodiscard]] constexpr bool is_unknown_literal(TypeRef type) {
    return is_type(type, type_oid::unknown);
}

/// How a value of one type becomes one of another (parse_coerce.h CoercionPathType).
enum class Path {
    impossible,
    not_known,
    same,     ///< Nothing happens, or only the label changes.
    function, ///< By a function, element by element for arrays.
    inout,    ///< By output and input functions.
};
struct Coercion {
    Path path = Path::impossible;
    char volatility = 'i';
};

/// Answers about types: the server's own, those of extensions and those of the catalog.
class Types {
public:
    explicit Types(const catalog::Resolver& resolver) : resolver_(resolver) {}

    /// The type of a builtin signature.
    [[nodiscard]] static TypeRef from_oid(Oid oid);
    /// The number that stands for a type in builtin signatures; 0 for the user's own types.
    [[nodiscard]] static Oid oid_of(TypeRef type);
    /// The generated description; null for the user's own types and for arrays of those.
    [[nodiscard]] static const catalog::BuiltinType* description(TypeRef type);

    /// Domains down to what they are over (getBaseType), with its modifier.
    [[nodiscard]] TypeRef base(TypeRef type) const;
    /// What an array's elements are; not known for other types.
    [[nodiscard]] static TypeRef element(TypeRef type);
    [[nodiscard]] static TypeRef array_of(TypeRef type);
    /// A table's row type, a composite type.
    [[nodiscard]] bool is_composite(TypeRef type) const;
    [[nodiscard]] const EnumDetails* as_enum(TypeRef type) const;
    [[nodiscard]] bool is_enum(TypeRef type) const { return as_enum(type) != nullptr; }
    [[nodiscard]] bool is_domain(TypeRef type) const;
    [[nodiscard]] bool is_range(TypeRef type) const;
    /// A user's type of which nothing but its name is known, or that is doubtful.
    [[nodiscard]] bool is_opaque(TypeRef type) const;
    /// typcategory; '\0' when not known.
    [[nodiscard]] char category(TypeRef type) const;
    [[nodiscard]] static bool preferred(TypeRef type);
    [[nodiscard]] static bool is_polymorphic(TypeRef type);
    [[nodiscard]] const Object* object(TypeRef type) const;

    /// find_coercion_pathway and what can_coerce_type does around it; not for unknown literals and
    /// polymorphic targets.
    [[nodiscard]] Coercion coercion(TypeRef from, TypeRef to, catalog::CastContext context) const;
    /// As format_type_be prints it in messages: without its modifier.
    [[nodiscard]] std::string name(TypeRef type) const;
    [[nodiscard]] const std::vector<const catalog::BuiltinExtension*>& extensions() const;

private:
    [[nodiscard]] Coercion pathway(TypeRef from, TypeRef to, catalog::CastContext context) const;
    [[nodiscard]] Coercion textual(TypeRef from, TypeRef to, catalog::CastContext context) const;
    [[nodiscard]] const catalog::BuiltinCast* cast_row(TypeRef from, TypeRef to) const;
    [[nodiscard]] bool row_coercible(TypeRef from, TypeRef to) const;

    const catalog::Resolver& resolver_;
    mutable std::vector<const catalog::BuiltinExtension*> extensions_;
    mutable bool extensions_loaded_ = false;
};

} // namespace ordain::analyze
