#include "catalog/builtin.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <tuple>
#include <vector>

namespace ordain::catalog {
namespace {

template <typename T, typename Projection>
void expect_sorted_and_unique(std::span<const T> table, Projection projection) {
    const auto misplaced =
        std::ranges::adjacent_find(table, std::ranges::greater_equal{}, projection);
    EXPECT_EQ(misplaced - table.begin(), table.end() - table.begin());
}

template <typename T>
std::tuple<BuiltinSchema, std::string_view> schema_and_name(const T& row) {
    return {row.schema, row.name};
}

std::string signature(const BuiltinFunction& function) {
    std::string text(function.name);
    text += '(';
    for (const Oid argument : function.arguments) {
        if (text.back() != '(') text += ',';
        text += find_builtin_type_by_oid(argument)->display;
    }
    return text + ')';
}

const BuiltinFunction* only(std::span<const BuiltinFunction> functions) {
    return functions.size() == 1 ? functions.data() : nullptr;
}

TEST(BuiltinTables, AreSortedByTheirKeyWithoutDuplicates) {
    expect_sorted_and_unique(all_builtin_types(), schema_and_name<BuiltinType>);
    expect_sorted_and_unique(all_builtin_functions(), [](const BuiltinFunction& f) {
        return std::tuple(f.schema, f.name, f.oid);
    });
    expect_sorted_and_unique(all_builtin_operators(),
                             [](const BuiltinOperator& o) { return std::tuple(o.name, o.oid); });
    expect_sorted_and_unique(all_builtin_casts(),
                             [](const BuiltinCast& c) { return std::tuple(c.source, c.target); });
    expect_sorted_and_unique(all_builtin_relations(), schema_and_name<BuiltinRelation>);
    expect_sorted_and_unique(all_builtin_opclasses(), [](const BuiltinOpclass& o) {
        return std::tuple(o.access_method, o.name);
    });
    expect_sorted_and_unique(all_builtin_objects(),
                             [](const BuiltinObject& o) { return std::tuple(o.kind, o.name); });
    const auto name = [](const auto& row) { return row.name; };
    expect_sorted_and_unique(all_access_methods(), name);
    expect_sorted_and_unique(all_builtin_roles(), name);
    expect_sorted_and_unique(all_builtin_collations(), name);
    expect_sorted_and_unique(all_extensions(), name);
}

TEST(BuiltinTables, ListsOfExtensionsAreSorted) {
    for (const BuiltinExtension& extension : all_extensions()) {
        SCOPED_TRACE(extension.name);
        expect_sorted_and_unique(extension.types, schema_and_name<BuiltinType>);
        expect_sorted_and_unique(extension.functions, [](const BuiltinFunction& f) {
            return std::tuple(f.name, f.oid);
        });
        expect_sorted_and_unique(extension.operators, [](const BuiltinOperator& o) {
            return std::tuple(o.name, o.oid);
        });
        expect_sorted_and_unique(
            extension.casts, [](const BuiltinCast& c) { return std::tuple(c.source, c.target); });
        expect_sorted_and_unique(extension.opclasses, [](const BuiltinOpclass& o) {
            return std::tuple(o.access_method, o.name);
        });
        expect_sorted_and_unique(extension.relations, schema_and_name<BuiltinRelation>);
        expect_sorted_and_unique(extension.objects,
                                 [](const BuiltinObject& o) { return std::tuple(o.kind, o.name); });
    }
}

TEST(BuiltinTables, EveryRowIsFoundByNameAndByNumber) {
    for (const BuiltinType& type : all_builtin_types()) {
        EXPECT_EQ(find_builtin_type(type.name, type.schema), &type);
        EXPECT_EQ(find_builtin_type_by_oid(type.oid), &type);
    }
    for (const BuiltinFunction& function : all_builtin_functions()) {
        EXPECT_EQ(find_builtin_function_by_oid(function.oid), &function);
        const auto overloads = builtin_functions(function.name, function.schema);
        EXPECT_GE(&function, overloads.data());
        EXPECT_LT(&function, overloads.data() + overloads.size());
    }
    for (const BuiltinRelation& relation : all_builtin_relations()) {
        EXPECT_EQ(find_builtin_relation(name_of(relation.schema), relation.name), &relation);
        EXPECT_EQ(find_builtin_relation_by_oid(relation.oid), &relation);
    }
    for (const BuiltinCast& cast : all_builtin_casts())
        EXPECT_EQ(find_cast(cast.source, cast.target), &cast);
    for (const BuiltinSetting& setting : all_builtin_settings())
        EXPECT_EQ(find_setting(setting.name), &setting);
    for (const BuiltinExtension& extension : all_extensions())
        EXPECT_EQ(find_extension(extension.name), &extension);
}

/// All types that a row refers to exist in these tables.
void expect_known_types(std::span<const Oid> oids, std::string_view of) {
    for (const Oid oid : oids)
        EXPECT_TRUE(oid == 0 || find_builtin_type_by_oid(oid) != nullptr) << of << ": " << oid;
}

void expect_known_types(const BuiltinFunction& function) {
    expect_known_types(function.arguments, function.name);
    expect_known_types(std::vector{function.result, function.variadic}, function.name);
    for (const BuiltinColumn& column : function.out_columns)
        expect_known_types(std::vector{column.type}, function.name);
    EXPECT_LE(function.defaults, function.arguments.size()) << function.name;
    EXPECT_TRUE(function.argument_names.empty() ||
                function.argument_names.size() == function.arguments.size())
        << function.name;
}

TEST(BuiltinTables, FunctionsReferToTypesThatAreThere) {
    for (const BuiltinFunction& function : all_builtin_functions())
        expect_known_types(function);
    for (const BuiltinExtension& extension : all_extensions())
        for (const BuiltinFunction& function : extension.functions)
            expect_known_types(function);
}

TEST(BuiltinTables, ExtensionsReferToWhatIsThere) {
    for (const BuiltinExtension& extension : all_extensions()) {
        SCOPED_TRACE(extension.name);
        for (const std::string_view required : extension.requires_extensions)
            EXPECT_NE(find_extension(required), nullptr);
        EXPECT_TRUE(std::ranges::count(extension.versions, extension.version) == 1);
        for (const BuiltinType& type : extension.types) {
            EXPECT_EQ(find_builtin_type_by_oid(type.oid), &type);
            expect_known_types(std::vector{type.element, type.array, type.underlying}, type.name);
        }
        for (const BuiltinFunction& function : extension.functions)
            EXPECT_EQ(find_builtin_function_by_oid(function.oid), &function);
        for (const BuiltinOperator& o : extension.operators) {
            expect_known_types(std::vector{o.left, o.right, o.result}, o.name);
            EXPECT_NE(find_builtin_function_by_oid(o.function), nullptr) << o.name;
        }
        for (const BuiltinCast& cast : extension.casts)
            expect_known_types(std::vector{cast.source, cast.target}, "cast");
        for (const BuiltinOpclass& opclass : extension.opclasses)
            expect_known_types(std::vector{opclass.input_type}, opclass.name);
        for (const BuiltinRelation& relation : extension.relations)
            EXPECT_EQ(find_builtin_relation_by_oid(relation.oid), &relation);
    }
}

TEST(BuiltinTypes, NamedConstantsAreTheTypesTheySay) {
    struct Case {
        Oid oid;
        std::string_view name;
    };
    const std::vector<Case> cases = {
        {.oid = type_oid::boolean, .name = "bool"},
        {.oid = type_oid::bytea, .name = "bytea"},
        {.oid = type_oid::internal_char, .name = "char"},
        {.oid = type_oid::name, .name = "name"},
        {.oid = type_oid::int8, .name = "int8"},
        {.oid = type_oid::int2, .name = "int2"},
        {.oid = type_oid::int4, .name = "int4"},
        {.oid = type_oid::regproc, .name = "regproc"},
        {.oid = type_oid::text, .name = "text"},
        {.oid = type_oid::oid, .name = "oid"},
        {.oid = type_oid::json, .name = "json"},
        {.oid = type_oid::xml, .name = "xml"},
        {.oid = type_oid::float4, .name = "float4"},
        {.oid = type_oid::float8, .name = "float8"},
        {.oid = type_oid::unknown, .name = "unknown"},
        {.oid = type_oid::money, .name = "money"},
        {.oid = type_oid::bpchar, .name = "bpchar"},
        {.oid = type_oid::varchar, .name = "varchar"},
        {.oid = type_oid::date, .name = "date"},
        {.oid = type_oid::time, .name = "time"},
        {.oid = type_oid::timestamp, .name = "timestamp"},
        {.oid = type_oid::timestamptz, .name = "timestamptz"},
        {.oid = type_oid::interval, .name = "interval"},
        {.oid = type_oid::timetz, .name = "timetz"},
        {.oid = type_oid::bit, .name = "bit"},
        {.oid = type_oid::varbit, .name = "varbit"},
        {.oid = type_oid::numeric, .name = "numeric"},
        {.oid = type_oid::refcursor, .name = "refcursor"},
        {.oid = type_oid::regclass, .name = "regclass"},
        {.oid = type_oid::regtype, .name = "regtype"},
        {.oid = type_oid::record, .name = "record"},
        {.oid = type_oid::cstring, .name = "cstring"},
        {.oid = type_oid::any, .name = "any"},
        {.oid = type_oid::anyarray, .name = "anyarray"},
        {.oid = type_oid::void_type, .name = "void"},
        {.oid = type_oid::trigger, .name = "trigger"},
        {.oid = type_oid::language_handler, .name = "language_handler"},
        {.oid = type_oid::internal, .name = "internal"},
        {.oid = type_oid::anyelement, .name = "anyelement"},
        {.oid = type_oid::record_array, .name = "_record"},
        {.oid = type_oid::anynonarray, .name = "anynonarray"},
        {.oid = type_oid::uuid, .name = "uuid"},
        {.oid = type_oid::anyenum, .name = "anyenum"},
        {.oid = type_oid::tsvector, .name = "tsvector"},
        {.oid = type_oid::tsquery, .name = "tsquery"},
        {.oid = type_oid::jsonb, .name = "jsonb"},
        {.oid = type_oid::anyrange, .name = "anyrange"},
        {.oid = type_oid::event_trigger, .name = "event_trigger"},
        {.oid = type_oid::anymultirange, .name = "anymultirange"},
        {.oid = type_oid::anycompatiblemultirange, .name = "anycompatiblemultirange"},
        {.oid = type_oid::anycompatible, .name = "anycompatible"},
        {.oid = type_oid::anycompatiblearray, .name = "anycompatiblearray"},
        {.oid = type_oid::anycompatiblenonarray, .name = "anycompatiblenonarray"},
        {.oid = type_oid::anycompatiblerange, .name = "anycompatiblerange"},
    };
    for (const Case& item : cases) {
        SCOPED_TRACE(item.name);
        const BuiltinType* type = find_builtin_type(item.name);
        ASSERT_NE(type, nullptr);
        EXPECT_EQ(type->oid, item.oid);
    }
}

TEST(BuiltinTypes, DescribeThemselves) {
    const BuiltinType* varchar = find_builtin_type("varchar");
    ASSERT_NE(varchar, nullptr);
    EXPECT_EQ(varchar->display, "character varying");
    EXPECT_EQ(varchar->length, -1);
    EXPECT_EQ(varchar->category, 'S');
    EXPECT_TRUE(varchar->collatable);
    EXPECT_TRUE(varchar->takes_modifiers);
    EXPECT_FALSE(varchar->preferred);
    EXPECT_FALSE(varchar->true_array);
    EXPECT_EQ(find_builtin_type_by_oid(varchar->array)->display, "character varying[]");
    EXPECT_TRUE(find_builtin_type_by_oid(varchar->array)->true_array);

    const BuiltinType* text = find_builtin_type("text");
    ASSERT_NE(text, nullptr);
    EXPECT_TRUE(text->preferred);
    EXPECT_FALSE(text->takes_modifiers);
    EXPECT_FALSE(find_builtin_type("name")->true_array);
    EXPECT_EQ(find_builtin_type("int4range")->underlying, type_oid::int4);
    EXPECT_EQ(find_builtin_type("timestamptz")->input_volatility, Volatility::stable);
    EXPECT_EQ(find_builtin_type("int4")->input_volatility, Volatility::immutable);
}

TEST(BuiltinTypes, AreKeptApartBySchema) {
    const BuiltinType* identifier =
        find_builtin_type("sql_identifier", BuiltinSchema::information_schema);
    ASSERT_NE(identifier, nullptr);
    EXPECT_EQ(identifier->kind, TypeKind::domain);
    EXPECT_EQ(identifier->underlying, type_oid::name);
    EXPECT_EQ(find_builtin_type("sql_identifier"), nullptr);
    EXPECT_EQ(find_builtin_type("serial"), nullptr);
    EXPECT_EQ(find_builtin_type_by_oid(0), nullptr);
    EXPECT_EQ(find_builtin_type_by_oid(4'294'967'295U), nullptr);
}

TEST(BuiltinFunctions, HaveTheVolatilityOfTheServer) {
    struct Case {
        std::string_view name;
        Volatility volatility;
    };
    const std::vector<Case> cases = {
        {.name = "now", .volatility = Volatility::stable},
        {.name = "clock_timestamp", .volatility = Volatility::volatile_},
        {.name = "gen_random_uuid", .volatility = Volatility::volatile_},
        {.name = "random", .volatility = Volatility::volatile_},
        {.name = "nextval", .volatility = Volatility::volatile_},
        {.name = "upper_inf", .volatility = Volatility::immutable},
        {.name = "current_setting", .volatility = Volatility::stable},
        {.name = "md5", .volatility = Volatility::immutable},
        {.name = "concat", .volatility = Volatility::stable},
    };
    for (const Case& item : cases) {
        SCOPED_TRACE(item.name);
        const auto functions = builtin_functions(item.name);
        EXPECT_FALSE(functions.empty());
        for (const BuiltinFunction& function : functions)
            EXPECT_EQ(function.volatility, item.volatility);
    }
    EXPECT_TRUE(builtin_functions("uuid_generate_v4").empty());
}

TEST(BuiltinFunctions, ListTheirArguments) {
    const BuiltinFunction* make_interval = only(builtin_functions("make_interval"));
    ASSERT_NE(make_interval, nullptr);
    EXPECT_EQ(signature(*make_interval),
              "make_interval(integer,integer,integer,integer,integer,integer,double precision)");
    EXPECT_EQ(make_interval->defaults, 7);
    ASSERT_EQ(make_interval->argument_names.size(), 7U);
    EXPECT_EQ(make_interval->argument_names[3], "days");

    const BuiltinFunction* concat = only(builtin_functions("concat"));
    ASSERT_NE(concat, nullptr);
    EXPECT_EQ(concat->variadic, type_oid::any);
    EXPECT_FALSE(concat->strict);
}

TEST(BuiltinFunctions, ListTheirOutputColumns) {
    const BuiltinFunction* json_each = only(builtin_functions("json_each"));
    ASSERT_NE(json_each, nullptr);
    EXPECT_TRUE(json_each->returns_set);
    EXPECT_EQ(json_each->result, type_oid::record);
    ASSERT_EQ(json_each->arguments.size(), 1U);
    ASSERT_EQ(json_each->out_columns.size(), 2U);
    EXPECT_EQ(json_each->out_columns[0].name, "key");
    EXPECT_EQ(json_each->out_columns[0].type, type_oid::text);
    EXPECT_EQ(json_each->out_columns[1].name, "value");
    EXPECT_EQ(json_each->out_columns[1].type, type_oid::json);
}

TEST(BuiltinFunctions, TellAggregatesApart) {
    EXPECT_EQ(builtin_functions("count").front().kind, FunctionKind::aggregate);
    EXPECT_EQ(builtin_functions("row_number").front().kind, FunctionKind::window);
    EXPECT_EQ(builtin_functions("mode").front().kind, FunctionKind::ordered_set_aggregate);
    EXPECT_EQ(builtin_functions("percentile_cont").front().direct_arguments, 1);
    const auto rank = builtin_functions("rank");
    EXPECT_EQ(
        std::ranges::count(rank, FunctionKind::hypothetical_set_aggregate, &BuiltinFunction::kind),
        1);
    EXPECT_EQ(std::ranges::count(rank, FunctionKind::window, &BuiltinFunction::kind), 1);
}

TEST(BuiltinOperators, AreFoundByName) {
    const auto concatenations = builtin_operators("||");
    const auto of_text = std::ranges::find_if(concatenations, [](const BuiltinOperator& o) {
        return o.left == type_oid::text && o.right == type_oid::text;
    });
    ASSERT_NE(of_text, concatenations.end());
    EXPECT_EQ(of_text->result, type_oid::text);
    EXPECT_EQ(of_text->volatility, Volatility::immutable);
    const auto with_any =
        std::ranges::find(concatenations, type_oid::anynonarray, &BuiltinOperator::right);
    ASSERT_NE(with_any, concatenations.end());
    EXPECT_EQ(with_any->volatility, Volatility::stable);
    EXPECT_EQ(builtin_operators("!!").front().left, 0U);
    EXPECT_TRUE(builtin_operators("<~>").empty());
}

TEST(BuiltinCasts, SayWhereAndHowTheyApply) {
    struct Case {
        Oid source;
        Oid target;
        CastContext context;
        CastMethod method;
        Volatility volatility;
    };
    using enum CastContext;
    const std::vector<Case> cases = {
        {type_oid::int4, type_oid::int8, implicit, CastMethod::function, Volatility::immutable},
        {type_oid::int8, type_oid::int4, assignment, CastMethod::function, Volatility::immutable},
        {type_oid::varchar, type_oid::text, implicit, CastMethod::binary, Volatility::immutable},
        {type_oid::json, type_oid::jsonb, assignment, CastMethod::inout, Volatility::immutable},
        {type_oid::boolean, type_oid::int4, explicit_, CastMethod::function, Volatility::immutable},
        {type_oid::timestamp, type_oid::timestamptz, implicit, CastMethod::function,
         Volatility::stable},
    };
    for (const Case& item : cases) {
        const BuiltinCast* cast = find_cast(item.source, item.target);
        ASSERT_NE(cast, nullptr);
        SCOPED_TRACE(find_builtin_type_by_oid(item.source)->name);
        EXPECT_EQ(cast->context, item.context);
        EXPECT_EQ(cast->method, item.method);
        EXPECT_EQ(cast->volatility, item.volatility);
    }
    EXPECT_EQ(find_cast(type_oid::text, type_oid::int4), nullptr);
}

TEST(BuiltinCasts, BinaryCoercibleNeedsNoConversion) {
    EXPECT_TRUE(is_binary_coercible(type_oid::varchar, type_oid::text));
    EXPECT_FALSE(is_binary_coercible(type_oid::int4, type_oid::int8));
    EXPECT_FALSE(is_binary_coercible(type_oid::json, type_oid::jsonb));
    EXPECT_TRUE(is_binary_coercible(find_builtin_type("_int4")->oid, type_oid::anyarray));
    EXPECT_FALSE(is_binary_coercible(type_oid::int4, type_oid::anyarray));
    EXPECT_TRUE(is_binary_coercible(find_extension("citext")->types[1].oid, type_oid::text));
    EXPECT_TRUE(is_binary_coercible(
        find_builtin_type("sql_identifier", BuiltinSchema::information_schema)->oid,
        type_oid::name));
}

TEST(BuiltinRelations, ListTheirColumns) {
    const BuiltinRelation* pg_am = find_builtin_relation("pg_catalog", "pg_am");
    ASSERT_NE(pg_am, nullptr);
    EXPECT_EQ(pg_am->kind, RelationKind::table);
    ASSERT_EQ(pg_am->columns.size(), 4U);
    EXPECT_EQ(pg_am->columns[0].name, "oid");
    EXPECT_EQ(pg_am->columns[1].name, "amname");
    EXPECT_EQ(pg_am->columns[1].type, type_oid::name);
    EXPECT_EQ(pg_am->columns[2].type, type_oid::regproc);
    EXPECT_EQ(pg_am->columns[3].type, type_oid::internal_char);

    const BuiltinRelation* pg_class = find_builtin_relation("pg_catalog", "pg_class");
    ASSERT_NE(pg_class, nullptr);
    EXPECT_EQ(pg_class->oid, 1259U);
    EXPECT_EQ(pg_class->columns.size(), 33U);

    const BuiltinRelation* tables = find_builtin_relation("information_schema", "tables");
    ASSERT_NE(tables, nullptr);
    EXPECT_EQ(tables->kind, RelationKind::view);
    EXPECT_EQ(tables->columns[2].name, "table_name");
    EXPECT_EQ(find_builtin_relation("pg_catalog", "tables"), nullptr);
    EXPECT_EQ(find_builtin_relation("", "pg_class"), nullptr);
}

TEST(BuiltinOpclasses, DefaultsAreThoseOfTheServer) {
    struct Case {
        std::string_view access_method;
        std::string_view type;
        std::string_view opclass; ///< Empty for none.
    };
    const std::vector<Case> cases = {
        {.access_method = "btree", .type = "text", .opclass = "text_ops"},
        {.access_method = "btree", .type = "varchar", .opclass = "text_ops"},
        {.access_method = "btree", .type = "json", .opclass = ""},
        {.access_method = "gin", .type = "json", .opclass = ""},
        {.access_method = "gin", .type = "jsonb", .opclass = "jsonb_ops"},
        {.access_method = "gin", .type = "_text", .opclass = "array_ops"},
        {.access_method = "gin", .type = "text", .opclass = ""},
        {.access_method = "btree", .type = "anyenum", .opclass = "enum_ops"},
        {.access_method = "btree", .type = "regclass", .opclass = "oid_ops"},
        {.access_method = "btree", .type = "point", .opclass = ""},
        {.access_method = "gist", .type = "point", .opclass = "point_ops"},
        {.access_method = "gist", .type = "int4", .opclass = ""},
        {.access_method = "btree", .type = "pg_class", .opclass = "record_ops"},
        {.access_method = "heap", .type = "int4", .opclass = ""},
        {.access_method = "bloom", .type = "int4", .opclass = ""},
    };
    for (const Case& item : cases) {
        SCOPED_TRACE(std::string(item.access_method) + " " + std::string(item.type));
        const BuiltinOpclass* opclass =
            find_default_opclass(item.access_method, find_builtin_type(item.type)->oid);
        EXPECT_EQ(opclass != nullptr ? opclass->name : "", item.opclass);
    }
    const std::vector installed = {find_extension("btree_gist"), find_extension("bloom")};
    EXPECT_EQ(find_default_opclass("gist", type_oid::int4, installed)->name, "gist_int4_ops");
    EXPECT_EQ(find_default_opclass("bloom", type_oid::int4, installed)->name, "int4_ops");
    EXPECT_NE(find_builtin_opclass("gin", "jsonb_path_ops"), nullptr);
    EXPECT_EQ(find_builtin_opclass("gin", "gin_trgm_ops"), nullptr);
}

TEST(BuiltinAccessMethods, SayWhatTheyCan) {
    ASSERT_EQ(all_access_methods().size(), 7U);
    EXPECT_TRUE(find_access_method("btree")->can_unique);
    EXPECT_FALSE(find_access_method("hash")->can_unique);
    EXPECT_FALSE(find_access_method("hash")->can_multicolumn);
    EXPECT_TRUE(find_access_method("gist")->can_include);
    EXPECT_TRUE(find_access_method("heap")->for_tables);
    EXPECT_EQ(find_access_method("rtree"), nullptr);
}

TEST(BuiltinSettings, AreFoundAsTheServerFindsThem) {
    const BuiltinSetting* lock_timeout = find_setting("LOCK_timeout");
    ASSERT_NE(lock_timeout, nullptr);
    EXPECT_EQ(lock_timeout->type, SettingType::integer);
    EXPECT_EQ(lock_timeout->unit, "ms");
    EXPECT_EQ(lock_timeout->boot_value, "0");
    EXPECT_EQ(lock_timeout->context, SettingContext::user);

    EXPECT_EQ(find_setting("timezone")->name, "TimeZone");
    EXPECT_EQ(find_setting("sort_mem")->name, "work_mem");
    EXPECT_EQ(find_setting("Vacuum_Mem")->name, "maintenance_work_mem");
    EXPECT_EQ(find_setting("role")->type, SettingType::string);
    EXPECT_EQ(find_setting("server_version")->context, SettingContext::internal);
    EXPECT_EQ(find_setting("shared_buffers")->context, SettingContext::postmaster);
    const BuiltinSetting* bytea_output = find_setting("bytea_output");
    ASSERT_NE(bytea_output, nullptr);
    EXPECT_EQ(std::vector(bytea_output->enum_values.begin(), bytea_output->enum_values.end()),
              (std::vector<std::string_view>{"escape", "hex"}));
    EXPECT_EQ(find_setting("lock_timeouts"), nullptr);
    EXPECT_EQ(find_setting("app.tenant"), nullptr);
    EXPECT_EQ(find_setting(""), nullptr);
}

TEST(BuiltinNames, AreThoseOfAnEmptyDatabase) {
    EXPECT_NE(find_builtin_role("pg_read_all_data"), nullptr);
    EXPECT_EQ(find_builtin_role("postgres"), nullptr); // Whoever ran initdb.
    EXPECT_EQ(find_builtin_collation("C")->provider, CollationProvider::fixed);
    EXPECT_EQ(find_builtin_collation("und-x-icu")->provider, CollationProvider::icu);
    EXPECT_EQ(find_builtin_collation("en_US.utf8"), nullptr);
    for (const std::string_view language : {"internal", "c", "sql", "plpgsql"})
        EXPECT_TRUE(has_builtin_object(BuiltinObjectKind::language, language)) << language;
    EXPECT_FALSE(has_builtin_object(BuiltinObjectKind::language, "plpython3u"));
    EXPECT_TRUE(has_builtin_object(BuiltinObjectKind::schema, "public"));
    EXPECT_TRUE(has_builtin_object(BuiltinObjectKind::text_search_configuration, "english"));
    EXPECT_FALSE(has_builtin_object(BuiltinObjectKind::text_search_configuration, "klingon"));
}

TEST(BuiltinExtensions, SayHowTheyAreInstalled) {
    EXPECT_TRUE(find_extension("plpgsql")->preinstalled);
    EXPECT_EQ(find_extension("plpgsql")->fixed_schema, "pg_catalog");
    const BuiltinExtension* earthdistance = find_extension("earthdistance");
    ASSERT_NE(earthdistance, nullptr);
    ASSERT_EQ(earthdistance->requires_extensions.size(), 1U);
    EXPECT_EQ(earthdistance->requires_extensions.front(), "cube");
    EXPECT_TRUE(find_extension("pgcrypto")->trusted);
    EXPECT_TRUE(find_extension("pgcrypto")->relocatable);
    EXPECT_EQ(find_extension("pgcrypto")->fixed_schema, "");
    EXPECT_FALSE(find_extension("xml2")->relocatable);
    EXPECT_EQ(find_extension("postgis"), nullptr);
}

TEST(BuiltinExtensions, ListTheirFunctions) {
    const auto function = [](std::string_view extension, std::string_view name) {
        const auto functions = find_extension(extension)->functions;
        const auto found = std::ranges::find(functions, name, &BuiltinFunction::name);
        return found != functions.end() ? &*found : nullptr;
    };
    ASSERT_NE(function("pgcrypto", "gen_random_uuid"), nullptr);
    EXPECT_EQ(function("pgcrypto", "gen_random_uuid")->volatility, Volatility::volatile_);
    EXPECT_EQ(function("pgcrypto", "gen_random_uuid")->schema, BuiltinSchema::extension);
    EXPECT_EQ(signature(*function("pgcrypto", "crypt")), "crypt(text,text)");
    EXPECT_EQ(function("uuid-ossp", "uuid_generate_v4")->result, type_oid::uuid);
    EXPECT_EQ(function("unaccent", "unaccent")->volatility, Volatility::stable);
    EXPECT_EQ(signature(*function("hstore", "akeys")), "akeys(hstore)");
    EXPECT_EQ(signature(*function("earthdistance", "earth_distance")),
              "earth_distance(earth,earth)");
}

TEST(BuiltinExtensions, ListTheirTypesOpclassesAndViews) {
    const BuiltinExtension* citext = find_extension("citext");
    ASSERT_EQ(citext->types.size(), 2U);
    EXPECT_EQ(citext->types[0].name, "_citext");
    EXPECT_EQ(citext->types[0].element, citext->types[1].oid);
    EXPECT_EQ(citext->types[1].array, citext->types[0].oid);
    EXPECT_EQ(citext->types[1].category, 'S');
    EXPECT_TRUE(citext->types[1].collatable);

    const auto opclasses = find_extension("btree_gist")->opclasses;
    const auto int4 = std::ranges::find(opclasses, type_oid::int4, &BuiltinOpclass::input_type);
    ASSERT_NE(int4, opclasses.end());
    EXPECT_EQ(int4->name, "gist_int4_ops");
    EXPECT_TRUE(int4->is_default);

    const auto views = find_extension("pg_stat_statements")->relations;
    ASSERT_EQ(views.size(), 2U);
    EXPECT_EQ(views[0].name, "pg_stat_statements");
    EXPECT_EQ(views[0].kind, RelationKind::view);
    EXPECT_EQ(views[0].columns.front().name, "userid");

    const auto composites = find_extension("tablefunc")->relations;
    ASSERT_EQ(composites.size(), 3U);
    EXPECT_EQ(composites[0].name, "tablefunc_crosstab_2");
    EXPECT_EQ(composites[0].kind, RelationKind::composite);
}

} // namespace
} // namespace ordain::catalog
