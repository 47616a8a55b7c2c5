#include "analyze/types.hpp"

#include <algorithm>

namespace ordain::analyze {

using catalog::BuiltinCast;
using catalog::BuiltinExtension;
using catalog::BuiltinType;
using catalog::CastContext;
using catalog::CastMethod;
using catalog::TypeKind;
using catalog::Volatility;

namespace {

char letter(Volatility volatility) {
    switch (volatility) {
    case Volatility::immutable: return 'i';
    case Volatility::stable: return 's';
    case Volatility::volatile_: return 'v';
    }
    return 'v';
}

char worse(char a, char b) {
    constexpr std::string_view order = "isv";
    return order.find(a) < order.find(b) ? b : a;
}

constexpr std::array polymorphic_types = {
    type_oid::anyelement,
    type_oid::anyarray,
    type_oid::anynonarray,
    type_oid::anyenum,
    type_oid::anyrange,
    type_oid::anymultirange,
    type_oid::anycompatible,
    type_oid::anycompatiblearray,
    type_oid::anycompatiblenonarray,
    type_oid::anycompatiblerange,
    type_oid::anycompatiblemultirange,
};

} // namespace

TypeRef Types::from_oid(Oid oid) {
    const BuiltinType* type = catalog::find_builtin_type_by_oid(oid);
    if (type != nullptr && type->true_array)
        return {.type = ObjectId{type->element}, .array = true};
    return builtin_type(oid);
}

Oid Types::oid_of(TypeRef type) {
    const BuiltinType* found = description(type);
    return found == nullptr ? 0 : found->oid;
}

const BuiltinType* Types::description(TypeRef type) {
    if (!type.known() || !is_builtin(type.type)) return nullptr;
    const BuiltinType* found = catalog::find_builtin_type_by_oid(static_cast<Oid>(type.type));
    if (found == nullptr || !type.array) return found;
    return found->array == 0 ? nullptr : catalog::find_builtin_type_by_oid(found->array);
}

const Object* Types::object(TypeRef type) const {
    return is_builtin(type.type) ? nullptr : resolver_.catalog().find(type.type);
}

TypeRef Types::base(TypeRef type) const {
    constexpr int deepest_domain = 64;
    for (int depth = 0; depth < deepest_domain && !type.array; ++depth) {
        const BuiltinType* shipped = description(type);
        if (shipped != nullptr) {
            if (shipped->kind != TypeKind::domain) return type;
            type = from_oid(shipped->underlying);
            continue;
        }
        const Object* found = object(type);
        const auto* domain = found == nullptr ? nullptr : found->get_if<DomainDetails>();
        if (domain == nullptr) return type;
        type = domain->base;
    }
    return type;
}

TypeRef Types::element(TypeRef type) {
    if (!type.array) return {};
    return {.type = type.type, .array = false, .modifier = type.modifier};
}

TypeRef Types::array_of(TypeRef type) {
    if (!type.known()) return {};
    return {.type = type.type, .array = true, .modifier = type.modifier};
}

bool Types::is_composite(TypeRef type) const {
    if (type.array) return false;
    if (const BuiltinType* shipped = description(type)) {
        return shipped->kind == TypeKind::composite;
    }
    const Object* found = object(type);
    return found != nullptr && found->get_if<RelationDetails>() != nullptr;
}

const EnumDetails* Types::as_enum(TypeRef type) const {
    const Object* found = type.array ? nullptr : object(type);
    return found == nullptr ? nullptr : found->get_if<EnumDetails>();
}

bool Types::is_domain(TypeRef type) const {
    if (type.array) return false;
    if (const BuiltinType* shipped = description(type)) return shipped->kind == TypeKind::domain;
    const Object* found = object(type);
    return found != nullptr && found->get_if<DomainDetails>() != nullptr;
}

bool Types::is_range(TypeRef type) const {
    if (type.array) return false;
    if (const BuiltinType* shipped = description(type)) return shipped->kind == TypeKind::range;
    const Object* found = object(type);
    return found != nullptr && found->kind == ObjectKind::range;
}

bool Types::is_opaque(TypeRef type) const {
    if (!type.known()) return true;
    if (is_builtin(type.type))
        return description(builtin_type(static_cast<Oid>(type.type))) == nullptr;
    const Object* found = object(type);
    return found == nullptr || found->kind == ObjectKind::type || !found->unknown.empty();
}

char Types::category(TypeRef type) const {
    if (!type.known()) return '\0';
    if (type.array) return 'A';
    const TypeRef inner = base(type);
    if (const BuiltinType* shipped = description(inner)) return shipped->category;
    if (!inner.known()) return '\0';
    if (inner.array) return 'A';
    if (is_enum(inner)) return 'E';
    if (is_composite(inner)) return 'C';
    if (is_range(inner)) return 'R';
    return '\0';
}

bool Types::preferred(TypeRef type) {
    const BuiltinType* shipped = description(type);
    return shipped != nullptr && shipped->preferred;
}

bool Types::is_polymorphic(TypeRef type) {
    return !type.array && std::ranges::count(polymorphic_types, static_cast<Oid>(type.type)) > 0;
}

const std::vector<const BuiltinExtension*>& Types::extensions() const {
    if (!extensions_loaded_) extensions_ = resolver_.visible_extensions({});
    extensions_loaded_ = true;
    return extensions_;
}

std::string Types::name(TypeRef type) const {
    return catalog::format_type_name(resolver_, type);
}

const BuiltinCast* Types::cast_row(TypeRef from, TypeRef to) const {
    const Oid source = oid_of(from);
    const Oid target = oid_of(to);
    if (source == 0 || target == 0) return nullptr;
    if (source < catalog::first_extension_oid && target < catalog::first_extension_oid) {
        if (const BuiltinCast* cast = catalog::find_cast(source, target)) return cast;
    }
    for (const BuiltinExtension* extension : extensions()) {
        for (const BuiltinCast& cast : extension->casts) {
            if (cast.source == source && cast.target == target) return &cast;
        }
    }
    return nullptr;
}

bool Types::row_coercible(TypeRef from, TypeRef to) const {
    if (is_type(from, type_oid::record) && is_composite(to)) return true;
    if (is_composite(from) && is_type(to, type_oid::record)) return true;
    const Object* child = object(from);
    const auto* relation = child == nullptr ? nullptr : child->get_if<RelationDetails>();
    constexpr std::size_t deepest_inheritance = 64;
    std::vector<ObjectId> todo = relation == nullptr ? std::vector<ObjectId>{} : relation->parents;
    for (std::size_t i = 0; i < todo.size() && i < deepest_inheritance; ++i) {
        if (todo[i] == to.type && !to.array) return true;
        const Object* parent = resolver_.catalog().find(todo[i]);
        const auto* details = parent == nullptr ? nullptr : parent->get_if<RelationDetails>();
        if (details == nullptr) continue;
        todo.insert(todo.end(), details->parents.begin(), details->parents.end());
    }
    return false;
}

Coercion Types::coercion(TypeRef from, TypeRef to, CastContext context) const {
    if (!from.known() || !to.known()) return {.path = Path::not_known};
    if (same_type(from, to) || is_type(to, type_oid::any)) return {.path = Path::same};
    const Coercion found = pathway(from, to, context);
    if (found.path != Path::impossible) return found;
    if (row_coercible(from, to)) return {.path = Path::same};
    if (is_opaque(from) || is_opaque(to)) return {.path = Path::not_known};
    return found;
}

Coercion Types::pathway(TypeRef from, TypeRef to, CastContext context) const {
    const TypeRef source = base(from);
    const TypeRef target = base(to);
    if (!source.known() || !target.known()) return {.path = Path::not_known};
    if (same_type(source, target)) return {.path = Path::same};
    if (const BuiltinCast* cast = cast_row(source, target)) {
        if (cast->context > context) return {};
        switch (cast->method) {
        case CastMethod::binary: return {.path = Path::same};
        case CastMethod::function:
            return {.path = Path::function, .volatility = letter(cast->volatility)};
        case CastMethod::inout:
            return {.path = Path::inout, .volatility = letter(cast->volatility)};
        }
    }
    if (source.array && target.array) {
        const Coercion inner = pathway(element(source), element(target), context);
        if (inner.path == Path::same || inner.path == Path::function) {
            return {.path = Path::function, .volatility = inner.volatility};
        }
        if (inner.path == Path::inout)
            return {.path = Path::function, .volatility = inner.volatility};
        if (inner.path == Path::not_known) return inner;
    }
    return textual(source, target, context);
}

/// Casts to and from strings by input and output functions, which need no row in pg_cast.
Coercion Types::textual(TypeRef from, TypeRef to, CastContext context) const {
    const bool to_text = context >= CastContext::assignment && category(to) == 'S';
    const bool from_text = context >= CastContext::explicit_ && category(from) == 'S';
    if (!to_text && !from_text) return {};
    // enum_in, record_in and array_in are stable; enum_out too.
    const BuiltinType* source = description(from);
    const BuiltinType* target = description(to);
    const char out = source == nullptr ? 's' : letter(source->output_volatility);
    const char in = target == nullptr ? 's' : letter(target->input_volatility);
    return {.path = Path::inout, .volatility = worse(out, in)};
}

} // namespace ordain::analyze
