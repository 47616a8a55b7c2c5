#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// What a PostgreSQL server ships before any migration runs: its types, functions, operators,
/// casts, system relations, settings and so on, and what each contrib extension would add. The
/// tables are read from a server by scripts/generate_builtins.py (data/pg15_*.inc), live in
/// read-only memory and are only searched; nothing is built or allocated at run time. All names are
/// as stored (folded, unquoted); all returned pointers and spans stay valid for the whole run.
namespace ordain::catalog {

/// An object's number in its system catalog. Below 12000 it is the same on every server of the
/// major version; from 12000 on it was given by initdb and identifies the object within these
/// tables only. Objects of extensions have no fixed number on a server: here they count from
/// first_extension_oid, so that types of both sorts can stand in one signature. 0 means none.
using Oid = std::uint32_t;

inline constexpr Oid first_extension_oid = 4'000'000'000;

/// The major version that the tables were read from.
inline constexpr int builtin_major_version = 15;

/// Types that rules of the server name directly (pg_type.dat).
namespace type_oid {
inline constexpr Oid boolean = 16;
inline constexpr Oid bytea = 17;
inline constexpr Oid internal_char = 18; ///< "char", the one-byte type.
inline constexpr Oid name = 19;
inline constexpr Oid int8 = 20;
inline constexpr Oid int2 = 21;
inline constexpr Oid int4 = 23;
inline constexpr Oid regproc = 24;
inline constexpr Oid text = 25;
inline constexpr Oid oid = 26;
inline constexpr Oid json = 114;
inline constexpr Oid xml = 142;
inline constexpr Oid float4 = 700;
inline constexpr Oid cidr = 650;
inline constexpr Oid float8 = 701;
inline constexpr Oid unknown = 705;
inline constexpr Oid money = 790;
inline constexpr Oid inet = 869;
inline constexpr Oid bpchar = 1042;
inline constexpr Oid varchar = 1043;
inline constexpr Oid date = 1082;
inline constexpr Oid time = 1083;
inline constexpr Oid timestamp = 1114;
inline constexpr Oid timestamptz = 1184;
inline constexpr Oid interval = 1186;
inline constexpr Oid timetz = 1266;
inline constexpr Oid bit = 1560;
inline constexpr Oid varbit = 1562;
inline constexpr Oid numeric = 1700;
inline constexpr Oid refcursor = 1790;
inline constexpr Oid regclass = 2205;
inline constexpr Oid regtype = 2206;
inline constexpr Oid record = 2249;
inline constexpr Oid cstring = 2275;
inline constexpr Oid any = 2276;
inline constexpr Oid anyarray = 2277;
inline constexpr Oid void_type = 2278;
inline constexpr Oid trigger = 2279;
inline constexpr Oid language_handler = 2280;
inline constexpr Oid internal = 2281;
inline constexpr Oid anyelement = 2283;
inline constexpr Oid record_array = 2287;
inline constexpr Oid anynonarray = 2776;
inline constexpr Oid uuid = 2950;
inline constexpr Oid anyenum = 3500;
inline constexpr Oid tsvector = 3614;
inline constexpr Oid tsquery = 3615;
inline constexpr Oid jsonb = 3802;
inline constexpr Oid anyrange = 3831;
inline constexpr Oid event_trigger = 3838;
inline constexpr Oid anymultirange = 4537;
inline constexpr Oid anycompatiblemultirange = 4538;
inline constexpr Oid anycompatible = 5077;
inline constexpr Oid anycompatiblearray = 5078;
inline constexpr Oid anycompatiblenonarray = 5079;
inline constexpr Oid anycompatiblerange = 5080;
} // namespace type_oid

/// Where a builtin lives. `extension`: in the schema that CREATE EXTENSION puts its objects in.
enum class BuiltinSchema : std::uint8_t { pg_catalog, information_schema, extension };

/// "pg_catalog", "information_schema"; empty for `extension`.
[[nodiscard]] std::string_view name_of(BuiltinSchema schema);

/// pg_proc.provolatile.
enum class Volatility : std::uint8_t { immutable, stable, volatile_ };

/// pg_type.typtype.
enum class TypeKind : std::uint8_t {
    base,
    composite,
    domain,
    enumeration,
    pseudo,
    range,
    multirange
};

/// A row of pg_type.
struct BuiltinType {
    std::string_view name;
    std::string_view
        display; ///< As format_type prints it: "integer", "character varying", "text[]".
    Oid oid = 0;
    Oid element = 0; ///< What a subscript yields: typelem; also set for name, point and the like.
    Oid array = 0;   ///< The type of arrays of this type.
    Oid underlying = 0; ///< Domain: its base type. Range: its subtype. Multirange: its range type.
    Oid relation = 0;   ///< Composite: the relation whose rows these are.
    std::int16_t length = 0; ///< Bytes; -1 for varlena, -2 for cstring.
    BuiltinSchema schema = BuiltinSchema::pg_catalog;
    TypeKind kind = TypeKind::base;
    char category = '\0';   ///< pg_type.typcategory, which decides between candidates.
    bool preferred = false; ///< Of its category.
    bool by_value = false;
    bool true_array = false; ///< An array type proper: name, int2vector and point are not.
    bool collatable = false;
    bool takes_modifiers = false; ///< Has typmodin: varchar(10) is a type, text(10) is 42601.
    Volatility input_volatility =
        Volatility::immutable; ///< Of a cast from text that has no pg_cast row.
    Volatility output_volatility = Volatility::immutable; ///< Of such a cast to text.
};

/// A column of a relation, or an output column of a function.
struct BuiltinColumn {
    std::string_view name;
    Oid type = 0;
};

/// pg_proc.prokind, with aggregates told apart by pg_aggregate.aggkind.
enum class FunctionKind : std::uint8_t {
    function,
    aggregate,
    ordered_set_aggregate,
    hypothetical_set_aggregate,
    window,
    procedure,
};

/// A row of pg_proc.
struct BuiltinFunction {
    std::string_view name;
    std::span<const Oid> arguments; ///< Types of the input arguments (proargtypes).
    /// One for each of `arguments`, "" for an unnamed one; empty when the function names none.
    std::span<const std::string_view> argument_names;
    /// Columns of OUT, INOUT and TABLE arguments; empty when the function has none.
    std::span<const BuiltinColumn> out_columns;
    Oid oid = 0;
    Oid result = 0;
    /// Element type when the last argument is VARIADIC: `any` for VARIADIC "any".
    Oid variadic = 0;
    std::uint8_t defaults = 0;         ///< How many of the last arguments may be left out.
    std::uint8_t direct_arguments = 0; ///< Of an ordered-set aggregate: those before WITHIN GROUP.
    FunctionKind kind = FunctionKind::function;
    BuiltinSchema schema = BuiltinSchema::pg_catalog;
    Volatility volatility = Volatility::volatile_;
    bool strict = false;
    bool returns_set = false;
};

/// A row of pg_operator; always in pg_catalog or of an extension.
struct BuiltinOperator {
    std::string_view name;
    Oid oid = 0;
    Oid left = 0; ///< 0 for a prefix operator.
    Oid right = 0;
    Oid result = 0;
    Oid function = 0;                              ///< The function that implements it.
    Volatility volatility = Volatility::immutable; ///< Of that function.
};

/// pg_cast.castcontext: the least explicit place in which the cast applies.
enum class CastContext : std::uint8_t { implicit, assignment, explicit_ };

/// pg_cast.castmethod.
enum class CastMethod : std::uint8_t { binary, function, inout };

/// A row of pg_cast. Casts that need no row (to and from text by input and output functions, arrays
/// element by element, domains to their base) are not here.
struct BuiltinCast {
    Oid source = 0;
    Oid target = 0;
    Oid function = 0; ///< 0 unless method is function.
    CastContext context = CastContext::explicit_;
    CastMethod method = CastMethod::function;
    Volatility volatility =
        Volatility::immutable; ///< For inout: of the output and input functions.
};

/// pg_class.relkind. Indexes and TOAST tables are left out.
enum class RelationKind : std::uint8_t {
    table,
    view,
    composite,
    sequence,
    materialized_view,
    foreign
};

/// A row of pg_class with its columns, system columns (ctid, xmin ...) left out.
struct BuiltinRelation {
    std::string_view name;
    std::span<const BuiltinColumn> columns;
    Oid oid = 0;
    Oid row_type = 0;
    BuiltinSchema schema = BuiltinSchema::pg_catalog;
    RelationKind kind = RelationKind::table;
};

/// A row of pg_opclass.
struct BuiltinOpclass {
    std::string_view access_method;
    std::string_view name;
    Oid oid = 0;
    Oid input_type = 0;
    bool is_default = false; ///< For its input type and access method.
};

/// A row of pg_am, with what pg_indexam_has_property says of it.
struct BuiltinAccessMethod {
    std::string_view name;
    bool for_tables = false; ///< A table access method (heap); then the others are false.
    bool can_order = false;
    bool can_unique = false;
    bool can_multicolumn = false;
    bool can_exclude = false;
    bool can_include = false;
};

/// pg_settings.vartype.
enum class SettingType : std::uint8_t { boolean, integer, real, string, enumeration };

/// pg_settings.context: who may change it and when, from never to always.
enum class SettingContext : std::uint8_t {
    internal,
    postmaster,
    sighup,
    superuser_backend,
    backend,
    superuser,
    user,
};

/// A configuration parameter.
struct BuiltinSetting {
    std::string_view name;       ///< As the server spells it: "TimeZone".
    std::string_view boot_value; ///< Without a configuration file; "" also stands for none.
    std::string_view unit;       ///< Of integer and real values: "ms", "8kB"; empty for none.
    std::string_view minimum;    ///< Of integer and real values, in `unit`.
    std::string_view maximum;
    std::span<const std::string_view>
        enum_values; ///< Documented spellings; servers accept a few more.
    SettingType type = SettingType::string;
    SettingContext context = SettingContext::user;
};

/// A predefined role.
struct BuiltinRole {
    std::string_view name;
    Oid oid = 0;
};

/// pg_collation.collprovider. Only `fixed` ones are the same on every server; ICU's are those
/// of the ICU library, and libc's (en_US.utf8) depend on the operating system and are not listed,
/// so that an absent name proves nothing unless it is clear which servers are meant.
enum class CollationProvider : std::uint8_t { fixed, icu };

struct BuiltinCollation {
    std::string_view name;
    CollationProvider provider = CollationProvider::fixed;
};

/// Kinds of objects of which nothing but the name matters.
enum class BuiltinObjectKind : std::uint8_t {
    schema,
    language,
    tablespace,
    database,
    text_search_configuration,
    text_search_dictionary,
    text_search_parser,
    text_search_template,
    conversion,
    foreign_data_wrapper,
    access_method,   ///< In extensions only; see BuiltinAccessMethod for the server's own.
    operator_family, ///< In extensions only; name is "access_method.family".
    index,           ///< In extensions only.
    other,           ///< In extensions only; name is pg_identify_object's "type identity".
};

struct BuiltinObject {
    BuiltinObjectKind kind = BuiltinObjectKind::other;
    std::string_view name;
};

/// What CREATE EXTENSION makes, in its default version. The lists are sorted as the whole tables
/// are.
struct BuiltinExtension {
    std::string_view name;
    std::string_view version; ///< The default one.
    std::span<const std::string_view>
        versions; ///< All that CREATE EXTENSION ... VERSION accepts, sorted.
    std::span<const std::string_view> requires_extensions;
    /// The only schema that it installs into (control file's `schema`), empty when it may be
    /// chosen.
    std::string_view fixed_schema;
    bool relocatable = false;           ///< ALTER EXTENSION ... SET SCHEMA works.
    bool trusted = false;               ///< A user with CREATE on the database may install it.
    bool preinstalled = false;          ///< There on every new database: plpgsql.
    std::span<const BuiltinType> types; ///< Array types and row types included.
    std::span<const BuiltinFunction> functions;
    std::span<const BuiltinOperator> operators;
    std::span<const BuiltinCast> casts;
    std::span<const BuiltinOpclass> opclasses; ///< Sorted by access method, then name.
    std::span<const BuiltinRelation> relations;
    std::span<const BuiltinObject> objects; ///< Sorted by kind, then name.
};

/// Null when there is none of that name. For types of information_schema name that schema.
[[nodiscard]] const BuiltinType*
find_builtin_type(std::string_view name, BuiltinSchema schema = BuiltinSchema::pg_catalog);
/// Also finds types of extensions, by their number here.
[[nodiscard]] const BuiltinType* find_builtin_type_by_oid(Oid oid);

/// All overloads of a name; empty when there are none. Functions of extensions are in their lists.
[[nodiscard]] std::span<const BuiltinFunction>
builtin_functions(std::string_view name, BuiltinSchema schema = BuiltinSchema::pg_catalog);
/// Also finds functions of extensions, by their number here.
[[nodiscard]] const BuiltinFunction* find_builtin_function_by_oid(Oid oid);

/// All operators of a name, prefix and infix.
[[nodiscard]] std::span<const BuiltinOperator> builtin_operators(std::string_view name);

/// The pg_cast row of the server's own for that pair, or null. Extensions' casts are in their
/// lists.
[[nodiscard]] const BuiltinCast* find_cast(Oid source, Oid target);

/// Null when there is none. `schema` as written: relations of other schemas are not found.
[[nodiscard]] const BuiltinRelation* find_builtin_relation(std::string_view schema,
                                                           std::string_view name);
[[nodiscard]] const BuiltinRelation* find_builtin_relation_by_oid(Oid oid);

[[nodiscard]] const BuiltinExtension* find_extension(std::string_view name);
/// All overloads of a name in an extension.
[[nodiscard]] std::span<const BuiltinFunction> functions_of(const BuiltinExtension& extension,
                                                            std::string_view name);
[[nodiscard]] std::span<const BuiltinOperator> operators_of(const BuiltinExtension& extension,
                                                            std::string_view name);
[[nodiscard]] const BuiltinRole* find_builtin_role(std::string_view name);
[[nodiscard]] const BuiltinCollation* find_builtin_collation(std::string_view name);
[[nodiscard]] const BuiltinAccessMethod* find_access_method(std::string_view name);
[[nodiscard]] const BuiltinOpclass* find_builtin_opclass(std::string_view access_method,
                                                         std::string_view name);
[[nodiscard]] bool has_builtin_object(BuiltinObjectKind kind, std::string_view name);

/// Ignores ASCII case and knows the server's old names (guc.c guc_name_compare, map_old_guc_names).
/// A name with a dot that is not found is a custom parameter, which SET accepts.
[[nodiscard]] const BuiltinSetting* find_setting(std::string_view name);

/// Whether a value of `source` can stand for one of `target` as it is (parse_coerce.c
/// IsBinaryCoercible), among the server's types and those of extensions. For a user's enum ask with
/// anyenum, for an array of a user's type anyarray, for a row type record, for a domain its base.
[[nodiscard]] bool is_binary_coercible(Oid source, Oid target);

/// The operator class that an index on a column of that type uses when none is named, or null:
/// 42704 (indexcmds.c GetDefaultOpClass). User-defined types as for is_binary_coercible.
/// `installed` are the extensions whose operator classes count too.
[[nodiscard]] const BuiltinOpclass*
find_default_opclass(std::string_view access_method,
                     Oid type,
                     std::span<const BuiltinExtension* const> installed = {});

/// Whole tables, each sorted by the key of its lookup.
[[nodiscard]] std::span<const BuiltinType> all_builtin_types();
[[nodiscard]] std::span<const BuiltinFunction> all_builtin_functions();
[[nodiscard]] std::span<const BuiltinOperator> all_builtin_operators();
[[nodiscard]] std::span<const BuiltinCast> all_builtin_casts();
[[nodiscard]] std::span<const BuiltinRelation> all_builtin_relations();
[[nodiscard]] std::span<const BuiltinOpclass> all_builtin_opclasses();
[[nodiscard]] std::span<const BuiltinAccessMethod> all_access_methods();
[[nodiscard]] std::span<const BuiltinSetting> all_builtin_settings();
[[nodiscard]] std::span<const BuiltinRole> all_builtin_roles();
[[nodiscard]] std::span<const BuiltinCollation> all_builtin_collations();
[[nodiscard]] std::span<const BuiltinObject> all_builtin_objects();
[[nodiscard]] std::span<const BuiltinExtension> all_extensions();

} // namespace ordain::catalog
