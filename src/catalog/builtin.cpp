#include "catalog/builtin.hpp"

#include "text/letter_case.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>

namespace ordain::catalog {

namespace {

using namespace std::string_view_literals;

/// The elements of a pool that a row of the tables refers to.
template <typename T, std::size_t Size>
constexpr std::span<const T>
slice(const std::array<T, Size>& pool, std::size_t offset, std::size_t count) {
    return std::span<const T>(pool).subspan(offset, count);
}

// The pools come first, the extensions last, for they refer to what stands before them.
// clang-format off
#include "catalog/data/pg15_pools.inc"
#include "catalog/data/pg15_types.inc"
#include "catalog/data/pg15_functions.inc"
#include "catalog/data/pg15_operators.inc"
#include "catalog/data/pg15_casts.inc"
#include "catalog/data/pg15_relations.inc"
#include "catalog/data/pg15_access_methods.inc"
#include "catalog/data/pg15_settings.inc"
#include "catalog/data/pg15_names.inc"
#include "catalog/data/pg15_extensions.inc"
// clang-format on

/// The row whose key is `key`, or null, in a table sorted by that key without duplicates.
template <typename T, typename Key, typename Projection>
const T* find_row(std::span<const T> table, const Key& key, Projection projection) {
    const auto found = std::ranges::lower_bound(table, key, {}, projection);
    return found != table.end() && projection(*found) == key ? &*found : nullptr;
}

/// All rows whose key is `key`.
template <typename T, typename Key, typename Projection>
std::span<const T> find_rows(std::span<const T> table, const Key& key, Projection projection) {
    const auto first = std::ranges::lower_bound(table, key, {}, projection);
    const auto last = std::ranges::upper_bound(first, table.end(), key, {}, projection);
    return {first, last};
}

/// The row numbered `oid`: through `order`, the positions sorted by number, or, of an extension's
/// object, by counting.
template <typename T>
const T* find_numbered(std::span<const T> table,
                       std::span<const std::uint16_t> order,
                       std::span<const T> of_extensions,
                       Oid oid) {
    if (oid >= first_extension_oid) {
        const std::size_t position = oid - first_extension_oid;
        return position < of_extensions.size() ? &of_extensions[position] : nullptr;
    }
    const auto number = [table](std::uint16_t position) { return table[position].oid; };
    const auto* const position = find_row(order, oid, number);
    return position != nullptr ? &table[*position] : nullptr;
}

template <typename T>
std::tuple<BuiltinSchema, std::string_view> schema_and_name(const T& row) {
    return {row.schema, row.name};
}

bool less_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::lexicographical_compare(a, b, {}, text::lower, text::lower);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, {}, text::lower, text::lower);
}

struct OldName {
    std::string_view name;
    std::string_view replacement;
};

constexpr std::array old_setting_names = {
    OldName{.name = "sort_mem", .replacement = "work_mem"},
    OldName{.name = "vacuum_mem", .replacement = "maintenance_work_mem"},
};

std::string_view current_name(std::string_view setting) {
    for (const OldName& old : old_setting_names)
        if (equal_ignoring_case(old.name, setting)) return old.replacement;
    return setting;
}

bool is_array(const BuiltinType& type) {
    return type.true_array;
}

bool is_composite_array(const BuiltinType& type) {
    const BuiltinType* element = is_array(type) ? find_builtin_type_by_oid(type.element) : nullptr;
    return element != nullptr && element->kind == TypeKind::composite;
}

/// Whether `type` is one of those that the polymorphic or row pseudo-type `target` stands for.
bool stands_for(Oid target, const BuiltinType& type) {
    switch (target) {
    case type_oid::any:
    case type_oid::anyelement:
    case type_oid::anycompatible: return true;
    case type_oid::anyarray:
    case type_oid::anycompatiblearray: return is_array(type);
    case type_oid::anynonarray:
    case type_oid::anycompatiblenonarray: return !is_array(type);
    case type_oid::anyenum: return type.kind == TypeKind::enumeration;
    case type_oid::anyrange:
    case type_oid::anycompatiblerange: return type.kind == TypeKind::range;
    case type_oid::anymultirange:
    case type_oid::anycompatiblemultirange: return type.kind == TypeKind::multirange;
    case type_oid::record: return type.kind == TypeKind::composite;
    case type_oid::record_array: return is_composite_array(type);
    default: return false;
    }
}

/// What a domain is made of in the end; any other type itself.
Oid base_type(Oid oid) {
    const BuiltinType* type = find_builtin_type_by_oid(oid);
    while (type != nullptr && type->kind == TypeKind::domain) {
        oid = type->underlying;
        type = find_builtin_type_by_oid(oid);
    }
    return oid;
}

/// Also among the casts of extensions: where their types are, their casts are.
const BuiltinCast* find_any_cast(Oid source, Oid target) {
    if (source < first_extension_oid && target < first_extension_oid)
        return find_cast(source, target);
    const auto* const found =
        std::ranges::find_if(pg15_extension_casts, [source, target](const BuiltinCast& cast) {
            return cast.source == source && cast.target == target;
        });
    return found != pg15_extension_casts.end() ? &*found : nullptr;
}

bool is_preferred(Oid oid, char category) {
    const BuiltinType* type = find_builtin_type_by_oid(oid);
    return type != nullptr && type->preferred && type->category == category;
}

/// Chooses among the default operator classes of an access method: one for the type itself, else
/// the only one for a preferred type that it is binary coercible to, else the only one for any
/// such type.
class DefaultOpclass {
public:
    explicit DefaultOpclass(Oid type) : type_(type) {
        const BuiltinType* described = find_builtin_type_by_oid(type);
        if (described != nullptr) category_ = described->category;
    }

    void consider(const BuiltinOpclass& opclass) {
        if (!opclass.is_default) return;
        if (opclass.input_type == type_) {
            exact_ = &opclass;
        } else if (is_binary_coercible(type_, opclass.input_type)) {
            Candidates& candidates =
                is_preferred(opclass.input_type, category_) ? preferred_ : compatible_;
            candidates.last = &opclass;
            ++candidates.count;
        }
    }

    [[nodiscard]] const BuiltinOpclass* result() const {
        if (exact_ != nullptr) return exact_;
        const Candidates& candidates = preferred_.count != 0 ? preferred_ : compatible_;
        return candidates.count == 1 ? candidates.last : nullptr;
    }

private:
    struct Candidates {
        const BuiltinOpclass* last = nullptr;
        int count = 0;
    };

    Oid type_;
    char category_ = '\0';
    const BuiltinOpclass* exact_ = nullptr;
    Candidates preferred_;
    Candidates compatible_;
};

} // namespace

std::string_view name_of(BuiltinSchema schema) {
    switch (schema) {
    case BuiltinSchema::pg_catalog: return "pg_catalog";
    case BuiltinSchema::information_schema: return "information_schema";
    case BuiltinSchema::extension: return "";
    }
    return "";
}

const BuiltinType* find_builtin_type(std::string_view name, BuiltinSchema schema) {
    return find_row(all_builtin_types(), std::tuple(schema, name), schema_and_name<BuiltinType>);
}

const BuiltinType* find_builtin_type_by_oid(Oid oid) {
    return find_numbered<BuiltinType>(pg15_types, pg15_types_by_oid, pg15_extension_types, oid);
}

std::span<const BuiltinFunction> builtin_functions(std::string_view name, BuiltinSchema schema) {
    return find_rows(all_builtin_functions(), std::tuple(schema, name),
                     schema_and_name<BuiltinFunction>);
}

std::span<const BuiltinFunction> functions_of(const BuiltinExtension& extension,
                                              std::string_view name) {
    return find_rows(extension.functions, name, &BuiltinFunction::name);
}

std::span<const BuiltinOperator> operators_of(const BuiltinExtension& extension,
                                              std::string_view name) {
    return find_rows(extension.operators, name, &BuiltinOperator::name);
}

const BuiltinFunction* find_builtin_function_by_oid(Oid oid) {
    return find_numbered<BuiltinFunction>(pg15_functions, pg15_functions_by_oid,
                                          pg15_extension_functions, oid);
}

std::span<const BuiltinOperator> builtin_operators(std::string_view name) {
    return find_rows(all_builtin_operators(), name,
                     [](const BuiltinOperator& o) { return o.name; });
}

const BuiltinCast* find_cast(Oid source, Oid target) {
    return find_row(all_builtin_casts(), std::tuple(source, target),
                    [](const BuiltinCast& cast) { return std::tuple(cast.source, cast.target); });
}

const BuiltinRelation* find_builtin_relation(std::string_view schema, std::string_view name) {
    for (const auto candidate : {BuiltinSchema::pg_catalog, BuiltinSchema::information_schema})
        if (name_of(candidate) == schema)
            return find_row(all_builtin_relations(), std::tuple(candidate, name),
                            schema_and_name<BuiltinRelation>);
    return nullptr;
}

const BuiltinRelation* find_builtin_relation_by_oid(Oid oid) {
    return find_numbered<BuiltinRelation>(pg15_relations, pg15_relations_by_oid,
                                          pg15_extension_relations, oid);
}

const BuiltinExtension* find_extension(std::string_view name) {
    return find_row(all_extensions(), name, [](const BuiltinExtension& e) { return e.name; });
}

const BuiltinRole* find_builtin_role(std::string_view name) {
    return find_row(all_builtin_roles(), name, [](const BuiltinRole& r) { return r.name; });
}

const BuiltinCollation* find_builtin_collation(std::string_view name) {
    return find_row(all_builtin_collations(), name,
                    [](const BuiltinCollation& c) { return c.name; });
}

const BuiltinAccessMethod* find_access_method(std::string_view name) {
    return find_row(all_access_methods(), name,
                    [](const BuiltinAccessMethod& a) { return a.name; });
}

const BuiltinOpclass* find_builtin_opclass(std::string_view access_method, std::string_view name) {
    return find_row(all_builtin_opclasses(), std::tuple(access_method, name),
                    [](const BuiltinOpclass& o) { return std::tuple(o.access_method, o.name); });
}

bool has_builtin_object(BuiltinObjectKind kind, std::string_view name) {
    return find_row(all_builtin_objects(), std::tuple(kind, name),
                    [](const BuiltinObject& o) { return std::tuple(o.kind, o.name); }) != nullptr;
}

const BuiltinSetting* find_setting(std::string_view name) {
    const std::string_view wanted = current_name(name);
    const auto table = all_builtin_settings();
    const auto found =
        std::ranges::lower_bound(table, wanted, less_ignoring_case, &BuiltinSetting::name);
    return found != table.end() && equal_ignoring_case(found->name, wanted) ? &*found : nullptr;
}

bool is_binary_coercible(Oid source, Oid target) {
    if (source == target || target == type_oid::any || target == type_oid::anyelement ||
        target == type_oid::anycompatible)
        return true;
    const Oid base = base_type(source);
    if (base == target) return true;
    const BuiltinType* type = find_builtin_type_by_oid(base);
    if (type != nullptr && stands_for(target, *type)) return true;
    const BuiltinCast* cast = find_any_cast(base, target);
    return cast != nullptr && cast->method == CastMethod::binary &&
           cast->context == CastContext::implicit;
}

const BuiltinOpclass* find_default_opclass(std::string_view access_method,
                                           Oid type,
                                           std::span<const BuiltinExtension* const> installed) {
    const auto method = [](const BuiltinOpclass& opclass) { return opclass.access_method; };
    DefaultOpclass search(base_type(type));
    for (const BuiltinOpclass& opclass : find_rows(all_builtin_opclasses(), access_method, method))
        search.consider(opclass);
    for (const BuiltinExtension* extension : installed)
        for (const BuiltinOpclass& opclass : find_rows(extension->opclasses, access_method, method))
            search.consider(opclass);
    return search.result();
}

std::span<const BuiltinType> all_builtin_types() {
    return pg15_types;
}
std::span<const BuiltinFunction> all_builtin_functions() {
    return pg15_functions;
}
std::span<const BuiltinOperator> all_builtin_operators() {
    return pg15_operators;
}
std::span<const BuiltinCast> all_builtin_casts() {
    return pg15_casts;
}
std::span<const BuiltinRelation> all_builtin_relations() {
    return pg15_relations;
}
std::span<const BuiltinOpclass> all_builtin_opclasses() {
    return pg15_opclasses;
}
std::span<const BuiltinAccessMethod> all_access_methods() {
    return pg15_access_methods;
}
std::span<const BuiltinSetting> all_builtin_settings() {
    return pg15_settings;
}
std::span<const BuiltinRole> all_builtin_roles() {
    return pg15_roles;
}
std::span<const BuiltinCollation> all_builtin_collations() {
    return pg15_collations;
}
std::span<const BuiltinObject> all_builtin_objects() {
    return pg15_objects;
}
std::span<const BuiltinExtension> all_extensions() {
    return pg15_extensions;
}

} // namespace ordain::catalog
