// Hostile DDL by subject: what a server refuses, and what looks as if it would; see
// expect_agreement().

#include "replay/agreement.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace ordain::test {
namespace {

struct Case {
    std::string_view name;
    std::string_view sql;
};

// clang-format off
constexpr auto cases = std::to_array<Case>({
    // ---- alter type
    {"alter_type_1", "create table t(a text check (length(a) > 2)); alter table t alter a type int using 1"},
    {"alter_type_2", "create table t(a int); create index i on t(a) where a > 5; alter table t alter a type text"},
    {"alter_type_3", "create table t(a int primary key); create table u(a int references t); alter table t alter a type text"},
    {"alter_type_4", "create table t(a int primary key); create table u(a int references t); alter table u alter a type text"},
    {"alter_type_5", "create table t(a text); create index i on t(lower(a)); alter table t alter a type int using 1"},
    {"alter_type_6", "create table t(a int); create index i on t(a); alter table t alter a type json using null"},
    {"alter_type_7", "create table t(a int unique); alter table t alter a type json using null"},
    {"alter_type_8", "create table t(a int primary key); alter table t alter a type point using null"},
    {"alter_type_9", "create table t(a text); create index i on t using gin (to_tsvector('english', a)); alter table t alter a type int using 1"},
    {"alter_type_10", "create table t(a text); create index i on t using gin (to_tsvector('english', a)); alter table t alter a type varchar(20)"},
    {"alter_type_11", "create table t(a int default 5); alter table t alter a type uuid using gen_random_uuid()"},
    {"alter_type_12", "create table t(a int default 5); alter table t alter a type text"},
    {"alter_type_13", "create table t(a text default 'x'); alter table t alter a type int using 1"},
    {"alter_type_14", "create table t(a text default '5'); alter table t alter a type int using a::int"},
    {"alter_type_15", "create table t(a text default '5'); alter table t alter a drop default, alter a type int using a::int, alter a set default 5"},
    {"alter_type_16", "create table t(a int generated always as identity); alter table t alter a type text"},
    {"alter_type_17", "create table t(a int generated always as identity); alter table t alter a type bigint"},
    {"alter_type_18", "create table t(a int generated always as identity); alter table t alter a type numeric"},
    {"alter_type_19", "create table t(a serial); alter table t alter a type text"},
    {"alter_type_20", "create table t(a serial); alter table t alter a type bigint"},
    {"alter_type_21", "create table t(a serial); alter table t alter a type uuid using gen_random_uuid()"},
    {"alter_type_22", "create table t(a int, b int generated always as (a*2) stored); alter table t alter a type bigint"},
    {"alter_type_23", "create table t(a int, b int generated always as (a*2) stored); alter table t alter b type bigint"},
    {"alter_type_24", "create table t(a int, b int generated always as (a*2) stored); alter table t alter b type text"},
    {"alter_type_25", "create table t(a int, b int generated always as (a*2) stored); alter table t alter b type uuid"},
    {"alter_type_26", "create table t(a int, b int generated always as (a*2) stored); alter table t alter b type bigint using 5"},
    {"alter_type_27", "create table t(a int); create view v as select a from t; alter table t alter a type bigint"},
    {"alter_type_28", "create table t(a int); create materialized view v as select a from t; alter table t alter a type bigint"},
    {"alter_type_30", "create table t(a int); create policy p on t using (a > 5); alter table t alter a type bigint"},
    {"alter_type_31", "create table t(a int); create trigger x before update on t for each row when (old.a > 5) execute function suppress_redundant_updates_trigger(); alter table t alter a type bigint"},
    {"alter_type_32", "create table t(a int); create trigger x before update of a on t for each row execute function suppress_redundant_updates_trigger(); alter table t alter a type bigint"},
    {"alter_type_33", "create table t(a int); alter table t alter a type text, alter a type int using 1"},
    {"alter_type_34", "create table t(a int); alter table t alter a type bigint, alter a type bigint"},
    {"alter_type_37", "create table t(a int, b text) partition by range(a); alter table t alter b type varchar(5)"},
    {"alter_type_38", "create table p(a int); create table c() inherits(p); alter table c alter a type bigint"},
    {"alter_type_39", "create table p(a int); create table c() inherits(p); alter table p alter a type bigint"},
    {"alter_type_42", "create type ty as (a int); create table t(x ty); alter type ty alter attribute a type text"},
    {"alter_type_43", "create type ty as (a int); create table t(x ty); alter type ty add attribute b text"},
    {"alter_type_44", "create type ty as (a int); create table t(x ty); alter type ty drop attribute a"},
    {"alter_type_45", "create type ty as (a int); create table t(x ty); alter type ty rename attribute a to b"},
    {"alter_type_48", "create type ty as (a int); create table t(x ty[]); alter type ty alter attribute a type text"},
    {"alter_type_49", "create table ty(a int); create table t(x ty); alter table ty alter a type text"},
    {"alter_type_50", "create table ty(a int); create table t(x ty); alter table ty add b int"},
    {"alter_type_52", "create table ty(a int); create table t(x ty); alter table ty add b int not null"},
    {"alter_type_53", "create table ty(a int); create table t(x ty); alter table ty drop a"},
    {"alter_type_54", "create table ty(a int); create view v as select ty from ty; alter table ty add b int default 5"},
    {"alter_type_55", "create table t(a int); alter table t alter nope type bigint"},
    {"alter_type_56", "create table t(a int); alter table t alter ctid type bigint"},
    {"alter_type_57", "create table t(a int); alter table t alter a type nope"},
    {"alter_type_58", "create table t(a int); alter table t alter a type serial"},
    {"alter_type_59", "create table t(a int); alter table t alter a type bigint using nope"},
    {"alter_type_60", "create table t(a text); alter table t alter a type int"},
    {"alter_type_61", "create table t(a text); alter table t alter a type int using a"},
    {"alter_type_62", "create table t(a text); alter table t alter a type int using (select 1)"},
    {"alter_type_63", "create table t(a text); alter table t alter a type int using count(*)"},
    {"alter_type_64", "create table t(a text); alter table t alter a type int using row_number() over ()"},
    {"alter_type_65", "create table t(a text); alter table t alter a type int using generate_series(1,2)"},
    {"alter_type_66", "create type e as enum('a','b'); create table t(a text default 'a'); alter table t alter a type e using a::e"},
    {"alter_type_67", "create type e as enum('a','b'); create table t(a text); alter table t alter a type e"},
    {"alter_type_68", "create type e as enum('a','b'); create type f as enum('a','b'); create table t(a e default 'a'); alter table t alter a type f using a::text::f"},
    {"alter_type_69", "create type e as enum('a','b'); create type f as enum('a','b'); create table t(a e); alter table t alter a type f using a::f"},
    {"alter_type_70", "create type e as enum('a','b'); create type f as enum('a','b'); create table t(a e default 'a'); alter table t alter a drop default, alter a type f using a::text::f, alter a set default 'b'"},
    {"alter_type_71", "create type e as enum('a','b'); create table t(a e); create index i on t(a) where a = 'a'; alter table t alter a type text"},
    {"alter_type_72", "create type e as enum('a','b'); create type f as enum('a','b'); create table t(a e); create index i on t(a) where a = 'a'; alter table t alter a type f using a::text::f"},
    {"alter_type_73", "create type e as enum('a','b'); create table t(a e, check (a <> 'b')); alter table t alter a type text"},
    {"alter_type_74", "create type e as enum('a','b'); create table t(a text, check (a in ('a','b'))); alter table t alter a type e using a::e"},
    {"alter_type_75", "create table t(a varchar(10), check (a in ('a','b'))); alter table t alter a type text"},
    {"alter_type_76", "create table t(a varchar(10), check (char_length(a) > 3)); alter table t alter a type text"},
    {"alter_type_77", "create table t(a int, b text, exclude using gist (int4range(a, a) with &&)); alter table t alter a type bigint"},
    {"alter_type_78", "create table t(a int, b text, constraint c check (a > 5 and b <> '')); alter table t alter a type boolean using true"},
    {"alter_type_79", "create table t(a timestamp); create index i on t((a::date)); alter table t alter a type timestamptz"},
    {"alter_type_80", "create table t(a timestamp); create index i on t(date_trunc('day', a)); alter table t alter a type timestamptz"},
    {"alter_type_81", "create table t(a timestamp, b date generated always as (a::date) stored); alter table t alter a type timestamptz"},
    {"alter_type_82", "create table t(a json); alter table t alter a type jsonb"},
    {"alter_type_83", "create table t(a json); alter table t alter a type jsonb using a::jsonb"},
    {"alter_type_84", "create table t(a json default '{}'); alter table t alter a type jsonb using a::jsonb"},
    {"alter_type_85", "create table t(a json default '{}'); alter table t alter a type jsonb"},
    {"alter_type_86", "create table t(a text default '{}'); alter table t alter a type jsonb using a::jsonb"},
    {"alter_type_87", "create table t(a int default 0); alter table t alter a type boolean using a <> 0"},
    {"alter_type_88", "create table t(a boolean default false); alter table t alter a type int using a::int"},
    {"alter_type_89", "create table t(a int[] default '{}'); alter table t alter a type text[]"},
    {"alter_type_90", "create table t(a text[] default '{}'); alter table t alter a type int[]"},
    {"alter_type_91", "create table t(a text[] default '{}'); alter table t alter a type int[] using a::int[]"},
    {"alter_type_92", "create table t(a text[]); alter table t alter a type varchar(5)[]"},
    {"alter_type_93", "create table t(a text default '{}'); alter table t alter a type text[] using array[a]"},
    {"alter_type_94", "create table t(a text); alter table t alter a type text[]"},
    {"alter_type_95", "create table t(a text[]); alter table t alter a type text"},
    {"alter_type_96", "create table t(a jsonb); create index i on t using gin(a); alter table t alter a type json"},
    {"alter_type_97", "create table t(a jsonb); create index i on t using gin(a jsonb_path_ops); alter table t alter a type json"},
    {"alter_type_98", "create table t(a text); create index i on t(a text_pattern_ops); alter table t alter a type int using 1"},
    {"alter_type_99", "create table t(a text); create index i on t(a text_pattern_ops); alter table t alter a type varchar(5)"},
    {"alter_type_100", "create table t(a varchar(5)); create index i on t(a varchar_pattern_ops); alter table t alter a type text"},
    {"alter_type_101", "create extension pg_trgm; create table t(a text); create index i on t using gin(a gin_trgm_ops); alter table t alter a type int using 1"},
    {"alter_type_102", "create extension pg_trgm; create table t(a text); create index i on t using gin(a gin_trgm_ops); alter table t alter a type varchar(5)"},
    {"alter_type_103", "create table t(a text collate \"C\"); create index i on t(a); alter table t alter a type int using 1"},
    {"alter_type_104", "create table t(a text); create index i on t(a collate \"C\"); alter table t alter a type int using 1"},
    {"alter_type_106", "create table t(a int, b int); create statistics s on a, b from t; alter table t alter a type bigint"},
    {"alter_type_109", "create table t(a int); create function f() returns int begin atomic select a from t; end; alter table t alter a type bigint"},
    {"alter_type_110", "create table t(a int); alter table t alter a type bigint using a::text"},
    {"alter_type_111", "create table t(a int) ; alter table t alter a type text collate \"C\""},
    {"alter_type_112", "create table t(a int) ; alter table t alter a type bigint collate \"C\""},
    {"alter_type_113", "create table t(a int) ; alter table t alter a type text collate \"nope\""},
    {"alter_type_114", "create table t(a int); create table u (b int); alter table t alter a type bigint using (b)"},
    {"alter_type_115", "create domain d as int check (value > 0); create table t(a int default 5); alter table t alter a type d"},
    {"alter_type_116", "create domain d as int check (value > 0); create table t(a d default 5); alter table t alter a type bigint"},
    {"alter_type_117", "create table t(a int primary key, p int references t); alter table t alter a type bigint; alter table t alter p type bigint"},
    {"alter_type_118", "create table t(a int primary key, p int references t); alter table t alter a type uuid using null"},
    {"alter_type_119", "create table t(a int primary key, p int references t); alter table t alter a type uuid using null, alter p type uuid using null"},
    {"alter_type_120", "create table t(a int primary key); create table u(a int references t); alter table t alter a type numeric"},
    {"alter_type_121", "create table t(a int primary key); create table u(a int references t); alter table u alter a type numeric"},
    {"alter_type_122", "create table t(a int primary key); create table u(a int references t); alter table u alter a type real"},
    {"alter_type_123", "create table t(a int primary key); create table u(a int references t); alter table u alter a type smallint"},
    {"alter_type_124", "create table t(a text primary key); create table u(a text references t); alter table t alter a type uuid using a::uuid"},
    {"alter_type_125", "create table t(a text primary key); create table u(a text references t); alter table t alter a type varchar(5)"},
    {"alter_type_126", "create view v as select 1 as a; alter table v alter a type text"},
    {"alter_type_128", "create table t(a bigint); alter table t alter a type int"},
    {"alter_type_129", "create table t(a numeric); alter table t alter a type int"},
    {"alter_type_130", "create table t(a float); alter table t alter a type numeric(10,2)"},
    {"alter_type_131", "create table t(a date); alter table t alter a type timestamptz"},
    {"alter_type_132", "create table t(a timestamptz); alter table t alter a type date"},
    {"alter_type_133", "create table t(a int); alter table t alter a type timestamp"},
    {"alter_type_134", "create table t(a varchar); alter table t alter a type uuid"},
    {"alter_type_135", "create table t(a uuid); alter table t alter a type varchar"},
    {"alter_type_136", "create table t(a bytea); alter table t alter a type text"},
    {"alter_type_137", "create table t(a text); alter table t alter a type bytea"},
    {"alter_type_138", "create table t(a boolean); alter table t alter a type text"},
    {"alter_type_139", "create table t(a text); alter table t alter a type boolean"},
    {"alter_type_140", "create table t(a int); alter table t alter a type boolean"},
    {"alter_type_141", "create table t(a inet); alter table t alter a type cidr"},
    {"alter_type_142", "create table t(a cidr); alter table t alter a type inet"},
    {"alter_type_143", "create table t(a xml); alter table t alter a type text"},
    {"alter_type_144", "create table t(a int4range); alter table t alter a type int8range"},
    {"alter_type_145", "create table t(a \"char\"); alter table t alter a type int"},
    {"alter_type_146", "create table t(a money); alter table t alter a type numeric"},
    {"alter_type_147", "create table t(a time); alter table t alter a type interval"},
    {"alter_type_148", "create extension citext; create table t(a text); alter table t alter a type citext"},
    {"alter_type_149", "create extension citext; create table t(a citext); alter table t alter a type text"},
    {"alter_type_150", "create extension citext; create table t(a citext unique); create table u (a text references t(a))"},
    {"alter_type_151", "create extension hstore; create table t(a hstore); alter table t alter a type jsonb"},
    {"alter_type_152", "create extension hstore; create table t(a hstore); alter table t alter a type jsonb using hstore_to_jsonb(a)"},
    {"alter_type_153", "create extension hstore; create table t(a hstore default ''); alter table t alter a type jsonb using hstore_to_jsonb(a)"},
});
// clang-format on

class DdlAgreement : public testing::TestWithParam<Case> {};

TEST_P(DdlAgreement, FirstRefusalAndColumnsAreTheServers) {
    expect_agreement(GetParam().sql);
}

INSTANTIATE_TEST_SUITE_P(Scripts,
                         DdlAgreement,
                         testing::ValuesIn(cases),
                         [](const testing::TestParamInfo<Case>& script) {
                             return std::string(script.param.name);
                         });

} // namespace
} // namespace ordain::test
