// Holds the tables against a running server of the same major version.

#include "catalog/builtin.hpp"
#include "support/postgres_server.hpp"

#include <algorithm>
#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace ordain::catalog {
namespace {

#include "catalog/data/pg15_version_num.inc"

using Lines = std::multiset<std::string>;

/// The first column of the answer's rows.
Lines lines(test::Session& session, const std::string& sql) {
    const test::Answer answer = session.run(sql);
    EXPECT_EQ(answer.message, "");
    Lines result;
    for (const auto& row : answer.rows)
        result.insert(row.at(0).value_or("NULL"));
    return result;
}

/// Installs one extension, and before it those that it requires, into a schema of its own.
void install(const BuiltinExtension& extension,
             std::set<std::string_view>& done,
             std::string& sql) {
    if (!done.insert(extension.name).second || extension.preinstalled) return;
    for (const std::string_view required : extension.requires_extensions)
        install(*find_extension(required), done, sql);
    const std::string name(extension.name);
    sql += "create schema \"ext_" + name + "\"; create extension \"" + name + "\"";
    if (extension.fixed_schema.empty()) sql += " schema \"ext_" + name + "\"";
    sql += ";";
}

/// Every extension of contrib beside the other, and all of their schemas in the search_path, so
/// that format_type leaves them out.
test::Session session_with_all_extensions() {
    auto connection = test::server().connect(test::server().empty_database());
    EXPECT_TRUE(connection) << connection.error().message;
    std::set<std::string_view> done;
    std::string sql;
    std::string path = "pg_catalog";
    for (const BuiltinExtension& extension : all_extensions()) {
        install(extension, done, sql);
        if (!extension.preinstalled) path += ", \"ext_" + std::string(extension.name) + '"';
    }
    const test::Answer answer = connection->run(sql + "set search_path = " + path);
    EXPECT_EQ(answer.message, "");
    return std::move(*connection);
}

std::string schema_of(const BuiltinExtension& extension) {
    return extension.fixed_schema.empty() ? "ext_" + std::string(extension.name)
                                          : std::string(extension.fixed_schema);
}

Lines only_in_first(const Lines& first, const Lines& second) {
    Lines result;
    std::ranges::set_difference(first, second, std::inserter(result, result.end()));
    return result;
}

int version_num_of_server() {
    const test::Answer answer = test::server().run("show server_version_num");
    return answer.ok() ? std::stoi(answer.rows.at(0).at(0).value_or("0")) : 0;
}

/// Minor releases add functions and settings and take none away, as 15.20 has more than 15.18. The
/// release that the tables were read from is held to the letter, others to that.
void expect_same(const Lines& ours, const Lines& theirs) {
    static const int server = version_num_of_server();
    ASSERT_EQ(server / 10000, pg15_version_num / 10000);
    EXPECT_FALSE(theirs.empty());
    if (server <= pg15_version_num) {
        EXPECT_THAT(only_in_first(theirs, ours), testing::IsEmpty()) << "the server's only";
    }
    if (server >= pg15_version_num) {
        EXPECT_THAT(only_in_first(ours, theirs), testing::IsEmpty()) << "ours only";
    }
}

char letter(Volatility volatility) {
    switch (volatility) {
    case Volatility::immutable: return 'i';
    case Volatility::stable: return 's';
    case Volatility::volatile_: return 'v';
    }
    return '?';
}

std::string shown(Oid type) {
    if (type == 0) return "-";
    return std::string(find_builtin_type_by_oid(type)->display);
}

std::string joined(std::string text, const std::vector<std::string>& parts) {
    for (const std::string& part : parts)
        text += " " + part;
    return text;
}

std::string shown(const BuiltinFunction& function) {
    std::string arguments;
    for (const Oid argument : function.arguments)
        arguments += shown(argument) + ",";
    std::string columns;
    for (const BuiltinColumn& column : function.out_columns)
        columns += std::string(column.name) + ":" + shown(column.type) + ",";
    return joined(std::string(function.name),
                  {arguments, shown(function.result), shown(function.variadic),
                   std::to_string(function.defaults), std::string(1, letter(function.volatility)),
                   function.strict ? "t" : "f", function.returns_set ? "t" : "f", columns});
}

const std::string function_line = R"(
    concat_ws(' ', proname,
      (select coalesce(string_agg(format_type(a, null) || ',', '' order by i), '')
       from unnest(proargtypes) with ordinality u(a, i)),
      format_type(prorettype, null), format_type(provariadic, null), pronargdefaults, provolatile,
      proisstrict, proretset,
      (select coalesce(string_agg(proargnames[i] || ':' || format_type(proallargtypes[i], null)
                                  || ',', '' order by i), '')
       from generate_subscripts(proargmodes, 1) i where proargmodes[i] in ('o', 'b', 't')
         and proallargtypes is not null)))";

std::string shown(const BuiltinOperator& o) {
    return joined(std::string(o.name), {shown(o.left), shown(o.right), shown(o.result),
                                        std::string(1, letter(o.volatility))});
}

const std::string operator_line = R"(
    concat_ws(' ', oprname, format_type(oprleft, null), format_type(oprright, null),
      format_type(oprresult, null), (select provolatile from pg_proc p where p.oid = oprcode)))";

char letter(CastContext context) {
    switch (context) {
    case CastContext::implicit: return 'i';
    case CastContext::assignment: return 'a';
    case CastContext::explicit_: return 'e';
    }
    return '?';
}

char letter(CastMethod method) {
    switch (method) {
    case CastMethod::binary: return 'b';
    case CastMethod::function: return 'f';
    case CastMethod::inout: return 'i';
    }
    return '?';
}

std::string shown(const BuiltinCast& cast) {
    return joined(shown(cast.source), {shown(cast.target), std::string(1, letter(cast.context)),
                                       std::string(1, letter(cast.method))});
}

const std::string cast_line = R"(
    concat_ws(' ', format_type(castsource, null), format_type(casttarget, null), castcontext,
      castmethod))";

std::string shown(const BuiltinOpclass& opclass) {
    return joined(
        std::string(opclass.access_method),
        {std::string(opclass.name), shown(opclass.input_type), opclass.is_default ? "t" : "f"});
}

const std::string opclass_line = R"(
    concat_ws(' ', (select amname from pg_am a where a.oid = opcmethod), opcname,
      format_type(opcintype, null), opcdefault))";

std::string shown(const BuiltinType& type) {
    return joined(std::string(type.name),
                  {std::string(type.display), std::to_string(type.length),
                   std::string(1, type.category), type.preferred ? "t" : "f",
                   type.by_value ? "t" : "f", shown(type.element), shown(type.array)});
}

const std::string type_line = R"(
    concat_ws(' ', typname, format_type(oid, null), typlen, typcategory, typispreferred, typbyval,
      format_type(typelem, null), format_type(typarray, null)))";

std::string shown(const BuiltinRelation& relation) {
    std::string text(relation.name);
    for (const BuiltinColumn& column : relation.columns)
        text += " " + std::string(column.name) + ":" + shown(column.type);
    return text;
}

const std::string relation_line = R"(
    relname || coalesce((select string_agg(' ' || attname || ':' || format_type(atttypid, null), ''
                                           order by attnum)
      from pg_attribute where attrelid = pg_class.oid and attnum > 0 and not attisdropped), ''))";

/// A line for each row of a table and of the extensions' lists, with the schema before it.
template <typename T>
Lines our_lines(std::span<const T> table, std::span<const T> BuiltinExtension::*list) {
    Lines result;
    for (const T& row : table) {
        std::string schema = "pg_catalog";
        if constexpr (requires { row.schema; }) schema = name_of(row.schema);
        result.insert(schema + " " + shown(row));
    }
    for (const BuiltinExtension& extension : all_extensions())
        for (const T& row : extension.*list)
            result.insert(schema_of(extension) + " " + shown(row));
    return result;
}

std::string their_lines(const std::string& catalog,
                        const std::string& schema,
                        const std::string& line,
                        const std::string& where = "true") {
    return "select " + schema + " || ' ' || " + line + " from " + catalog + " where " + where;
}

TEST(BuiltinTruth, TablesAreThoseOfTheServer) {
    test::Session session = session_with_all_extensions();
    const auto theirs = [&session](const std::string& sql) { return lines(session, sql); };
    const std::string outside = "::regnamespace::text <> 'pg_toast'";
    const auto name_of_schema = [](const std::string& column) {
        return "trim('\"' from " + column + "::regnamespace::text)";
    };
    expect_same(our_lines(all_builtin_types(), &BuiltinExtension::types),
                theirs(their_lines("pg_type", name_of_schema("typnamespace"), type_line,
                                   "typnamespace" + outside)));
    expect_same(our_lines(all_builtin_functions(), &BuiltinExtension::functions),
                theirs(their_lines("pg_proc", name_of_schema("pronamespace"), function_line)));
    expect_same(our_lines(all_builtin_operators(), &BuiltinExtension::operators),
                theirs(their_lines("pg_operator", name_of_schema("oprnamespace"), operator_line)));
    expect_same(our_lines(all_builtin_opclasses(), &BuiltinExtension::opclasses),
                theirs(their_lines("pg_opclass", name_of_schema("opcnamespace"), opclass_line)));
    expect_same(our_lines(all_builtin_relations(), &BuiltinExtension::relations),
                theirs(their_lines("pg_class", name_of_schema("relnamespace"), relation_line,
                                   "relkind not in ('i', 't')")));
}

TEST(BuiltinTruth, CastsAreThoseOfTheServer) {
    Lines ours;
    for (const BuiltinCast& cast : all_builtin_casts())
        ours.insert(shown(cast));
    for (const BuiltinExtension& extension : all_extensions())
        for (const BuiltinCast& cast : extension.casts)
            ours.insert(shown(cast));
    test::Session session = session_with_all_extensions();
    expect_same(ours, lines(session, "select " + cast_line + " from pg_cast"));
}

/// Lines "type method opclass" for all types that a column can have, "none" where the server
/// refuses the index with 42704.
const std::string probe_default_opclasses = R"(
    create temp table probed (line text);
    do $$
    declare
      t record; m name; found name;
    begin
      for t in select oid, format_type(oid, null) as name from pg_type
               where typtype in ('b', 'd', 'e', 'r', 'm')
                 and typname not in ('_record', '_cstring', '_pg_class')
                 and (typrelid = 0 and typcategory <> 'Z')
                 and not exists (select from pg_type e
                                 where e.oid = pg_type.typelem and e.typtype = 'c') loop
        for m in select amname from pg_am where amtype = 'i' loop
          begin
            execute format('create temp table probe (c %s)', t.name);
            execute format('create index probe_index on probe using %I (c)', m);
            select opcname into strict found from pg_index i join pg_opclass o
              on o.oid = i.indclass[0] where indexrelid = 'probe_index'::regclass;
            raise sqlstate 'PROBE';
          exception
            when sqlstate 'PROBE' then null;
            when undefined_object then found := 'none';
            -- GIN finds array_ops, then that the elements cannot be compared.
            when undefined_function then found := 'array_ops';
          end;
          insert into probed values (concat_ws(' ', t.name, m, found));
        end loop;
      end loop;
    end $$;
    select line from probed)";

Lines default_opclasses(std::span<const BuiltinExtension* const> installed,
                        std::span<const BuiltinType> types) {
    const auto can_be_column = [](const BuiltinType& type) {
        if (type.kind == TypeKind::pseudo || type.kind == TypeKind::composite) return false;
        if (type.category == 'Z' || type.name == "_record" || type.name == "_cstring") return false;
        const BuiltinType* element = find_builtin_type_by_oid(type.element);
        return element == nullptr || element->kind != TypeKind::composite;
    };
    std::vector<std::string> methods;
    for (const BuiltinAccessMethod& method : all_access_methods())
        if (!method.for_tables) methods.emplace_back(method.name);
    if (!installed.empty()) methods.emplace_back("bloom");
    Lines result;
    for (const BuiltinType& type : types) {
        if (!can_be_column(type)) continue;
        for (const std::string& method : methods) {
            const BuiltinOpclass* opclass = find_default_opclass(method, type.oid, installed);
            result.insert(
                joined(std::string(type.display),
                       {method, opclass != nullptr ? std::string(opclass->name) : "none"}));
        }
    }
    return result;
}

TEST(BuiltinTruth, DefaultOpclassesAreThoseOfTheServer) {
    auto session = test::server().connect(test::server().empty_database());
    ASSERT_TRUE(session) << session.error().message;
    expect_same(default_opclasses({}, all_builtin_types()),
                lines(*session, probe_default_opclasses));
}

TEST(BuiltinTruth, DefaultOpclassesWithExtensionsAreThoseOfTheServer) {
    std::vector<const BuiltinExtension*> installed;
    for (const BuiltinExtension& extension : all_extensions())
        installed.push_back(&extension);
    Lines ours = default_opclasses(installed, all_builtin_types());
    for (const BuiltinExtension& extension : all_extensions())
        ours.merge(default_opclasses(installed, extension.types));
    test::Session session = session_with_all_extensions();
    expect_same(ours, lines(session, probe_default_opclasses));
}

TEST(BuiltinTruth, SettingsAreThoseOfTheServer) {
    test::Session session = session_with_all_extensions();
    Lines theirs = lines(session, "select name || ' ' || vartype || ' ' || context "
                                  "from pg_settings where name not like '%.%'");
    static constexpr std::array types = {"bool", "integer", "real", "string", "enum"};
    static constexpr std::array contexts = {
        "internal", "postmaster", "sighup", "superuser-backend", "backend", "superuser", "user",
    };
    Lines ours;
    Lines hidden;
    for (const BuiltinSetting& setting : all_builtin_settings()) {
        const std::string name(setting.name);
        const bool known = session.run("show " + name).ok();
        const bool shown_by_name =
            known &&
            session.run("select 1 from pg_settings where name = '" + name + "'").rows.empty();
        (shown_by_name ? hidden : ours)
            .insert(joined(name, {types.at(static_cast<std::size_t>(setting.type)),
                                  contexts.at(static_cast<std::size_t>(setting.context))}));
    }
    expect_same(ours, theirs);
    EXPECT_EQ(hidden.size(), 6U);
}

} // namespace
} // namespace ordain::catalog
