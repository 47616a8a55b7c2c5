#!/usr/bin/env python3
"""Writes what a PostgreSQL server ships as C++ tables: src/catalog/data/pg<major>_*.inc.

    scripts/generate_builtins.py [--bin /usr/lib/postgresql/15/bin] [--out src/catalog/data]

Needs the server and contrib packages of that major version and psql. A throwaway cluster is made
in a temporary folder (Unix socket only), read, and removed. As root it runs as user postgres.
"""

import argparse
import json
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

FIRST_EXTENSION_OID = 4_000_000_000  # first_extension_oid in builtin.hpp

# SHOW and SET know these, pg_settings hides them (GUC_NO_SHOW_ALL): name, boot value, type, context.
HIDDEN_SETTINGS = [
    ("default_with_oids", "off", "bool", "user"),
    ("is_superuser", "off", "bool", "internal"),
    ("role", "none", "string", "user"),
    ("seed", "0", "real", "user"),
    ("session_authorization", "", "string", "user"),
    ("ssl_renegotiation_limit", "0", "integer", "user"),
]

SCHEMAS = {"pg_catalog": "BuiltinSchema::pg_catalog",
           "information_schema": "BuiltinSchema::information_schema",
           None: "BuiltinSchema::extension"}
VOLATILITY = {"i": "Volatility::immutable", "s": "Volatility::stable", "v": "Volatility::volatile_"}
TYPE_KINDS = {"b": "base", "c": "composite", "d": "domain", "e": "enumeration", "p": "pseudo",
              "r": "range", "m": "multirange"}
FUNCTION_KINDS = {"f": "function", "an": "aggregate", "ao": "ordered_set_aggregate",
                  "ah": "hypothetical_set_aggregate", "w": "window", "p": "procedure"}
RELATION_KINDS = {"r": "table", "p": "table", "v": "view", "c": "composite", "S": "sequence",
                  "m": "materialized_view", "f": "foreign"}
CAST_CONTEXTS = {"i": "implicit", "a": "assignment", "e": "explicit_"}
CAST_METHODS = {"b": "binary", "f": "function", "i": "inout"}
SETTING_TYPES = {"bool": "boolean", "integer": "integer", "real": "real", "string": "string",
                 "enum": "enumeration"}

# Each query yields one row per object; `extension` is null for what every database has. Row and
# array types are no members of an extension themselves: they follow their relation and element;
# the relation behind a composite type follows its type.
MEMBERS = """
  members as (
    select classid, objid, extname from pg_depend join pg_extension e on refobjid = e.oid
    where deptype = 'e' and refclassid = 'pg_extension'::regclass)"""

TYPE_QUERY = f"""with {MEMBERS}, typed as (
    select t.*, coalesce(m.extname, r.extname, c.extname, cr.extname, mr.extname) as extension
    from pg_type t
    left join members m on m.classid = 'pg_type'::regclass and m.objid = t.oid
    left join members r on r.classid = 'pg_class'::regclass and r.objid = nullif(t.typrelid, 0)
    left join pg_type b on b.typarray = t.oid
    left join members c on c.classid = 'pg_type'::regclass and c.objid = b.oid
    left join members cr on cr.classid = 'pg_class'::regclass and cr.objid = nullif(b.typrelid, 0)
    left join pg_range g on g.rngmultitypid = t.oid
    left join members mr on mr.classid = 'pg_type'::regclass and mr.objid = g.rngtypid)
  select t.oid::int8, t.typname as name, nspname as schema, extension,
    format_type(t.oid, null) as display, t.typelem::int8 as element, t.typarray::int8 as "array",
    coalesce(nullif(t.typbasetype::int8, 0), rg.rngsubtype::int8, mg.rngtypid::int8, 0) as underlying,
    t.typrelid::int8 as relation, t.typlen as length, t.typtype as kind, t.typcategory as category,
    t.typispreferred as preferred, t.typbyval as by_value,
    t.typelem <> 0 and t.typsubscript = 'array_subscript_handler'::regproc as true_array,
    t.typcollation <> 0 as collatable, t.typmodin <> 0 as takes_modifiers,
    coalesce(i.provolatile, 'i') as input_volatility, coalesce(o.provolatile, 'i') as output_volatility
  from typed t join pg_namespace n on n.oid = t.typnamespace
  left join pg_range rg on rg.rngtypid = t.oid left join pg_range mg on mg.rngmultitypid = t.oid
  left join pg_proc i on i.oid = t.typinput left join pg_proc o on o.oid = t.typoutput
  left join pg_class k on k.oid = t.typrelid
  where nspname <> 'pg_toast' and coalesce(k.relkind, 'r') <> 't'"""

FUNCTION_QUERY = f"""with {MEMBERS}
  select p.oid::int8, proname as name, nspname as schema, extname as extension,
    proargtypes::oid[]::int8[] as arguments, proallargtypes::int8[] as all_types,
    proargmodes as modes, proargnames as names, prorettype::int8 as result,
    provariadic::int8 as variadic, pronargdefaults as defaults,
    coalesce(aggnumdirectargs, 0) as direct, prokind::text || coalesce(aggkind::text, '') as kind,
    provolatile as volatility, proisstrict as strict, proretset as returns_set
  from pg_proc p join pg_namespace n on n.oid = pronamespace
  left join pg_aggregate a on a.aggfnoid = p.oid
  left join members on classid = 'pg_proc'::regclass and objid = p.oid"""

OPERATOR_QUERY = f"""with {MEMBERS}
  select o.oid::int8, oprname as name, nspname as schema, extname as extension,
    oprleft::int8 as "left", oprright::int8 as "right", oprresult::int8 as result,
    p.oid::int8 as function, provolatile as volatility
  from pg_operator o join pg_namespace n on n.oid = oprnamespace join pg_proc p on p.oid = oprcode
  left join members on classid = 'pg_operator'::regclass and objid = o.oid"""

CAST_QUERY = f"""with {MEMBERS}
  select c.oid::int8, extname as extension, castsource::int8 as source, casttarget::int8 as target,
    castfunc::int8 as function, castcontext as context, castmethod as method,
    case castmethod when 'f' then p.provolatile when 'b' then 'i'
      else greatest(o.provolatile, i.provolatile) end as volatility
  from pg_cast c left join pg_proc p on p.oid = castfunc
  join pg_type s on s.oid = castsource join pg_type t on t.oid = casttarget
  left join pg_proc o on o.oid = s.typoutput left join pg_proc i on i.oid = t.typinput
  left join members on classid = 'pg_cast'::regclass and objid = c.oid"""

RELATION_QUERY = f"""with {MEMBERS}
  select c.oid::int8, relname as name, nspname as schema, relkind as kind,
    coalesce(m.extname, t.extname) as extension,
    reltype::int8 as row_type,
    (select coalesce(json_agg(json_build_array(attname, atttypid::int8) order by attnum), '[]')
     from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns
  from pg_class c join pg_namespace n on n.oid = relnamespace
  left join members m on m.classid = 'pg_class'::regclass and m.objid = c.oid
  left join members t on t.classid = 'pg_type'::regclass and t.objid = nullif(c.reltype, 0)
  where relkind not in ('i', 't') and nspname <> 'pg_toast'"""

OPCLASS_QUERY = f"""with {MEMBERS}
  select o.oid::int8, amname as access_method, opcname as name, nspname as schema,
    extname as extension, opcintype::int8 as input_type, opcdefault as is_default
  from pg_opclass o join pg_am a on a.oid = opcmethod join pg_namespace n on n.oid = opcnamespace
  left join members on classid = 'pg_opclass'::regclass and objid = o.oid"""

ACCESS_METHOD_QUERY = """select amname as name, amtype = 't' as for_tables,
    coalesce(pg_indexam_has_property(oid, 'can_order'), false) as can_order,
    coalesce(pg_indexam_has_property(oid, 'can_unique'), false) as can_unique,
    coalesce(pg_indexam_has_property(oid, 'can_multi_col'), false) as can_multicolumn,
    coalesce(pg_indexam_has_property(oid, 'can_exclude'), false) as can_exclude,
    coalesce(pg_indexam_has_property(oid, 'can_include'), false) as can_include
  from pg_am"""

SETTING_QUERY = """select name, coalesce(boot_val, '') as boot_value, coalesce(unit, '') as unit,
    coalesce(min_val, '') as minimum, coalesce(max_val, '') as maximum,
    coalesce(enumvals, '{}') as enum_values, vartype as type, context from pg_settings"""

ROLE_QUERY = r"select rolname as name, oid::int8 from pg_roles where rolname like 'pg\_%'"

# Collations that the operating system's locales bring differ from machine to machine.
COLLATION_QUERY = """select distinct collname as name,
    case when collprovider = 'i' then 'icu' else 'fixed' end as provider
  from pg_collation where collprovider = 'i' or oid < 12000 or collname = 'ucs_basic'"""

OBJECT_QUERY = r"""
  select 'schema' as kind, nspname as name from pg_namespace
  union all select 'language', lanname from pg_language
  union all select 'tablespace', spcname from pg_tablespace
  union all select 'database', datname from pg_database
  union all select 'text_search_configuration', cfgname from pg_ts_config
  union all select 'text_search_dictionary', dictname from pg_ts_dict
  union all select 'text_search_parser', prsname from pg_ts_parser
  union all select 'text_search_template', tmplname from pg_ts_template
  union all select 'conversion', conname from pg_conversion"""

EXTENSION_QUERY = """select e.extname as name, e.extversion as version, v.schema as fixed_schema,
    v.relocatable, v.trusted, e.extnamespace::regnamespace::text as installed_in,
    coalesce(v.requires, '{}') as requires,
    (select array_agg(version) from pg_available_extension_versions a where a.name = e.extname)
      as versions
  from pg_extension e join pg_available_extension_versions v
    on v.name = e.extname and v.version = e.extversion"""

EXTENSION_OBJECT_QUERY = f"""with {MEMBERS}
  select extname as extension, (pg_identify_object(classid, objid, 0)).*,
    (select amname || '.' || opfname from pg_opfamily f join pg_am a on a.oid = opfmethod
     where f.oid = objid and classid = 'pg_opfamily'::regclass) as family
  from members where classid not in ('pg_type'::regclass, 'pg_proc'::regclass,
    'pg_operator'::regclass, 'pg_cast'::regclass, 'pg_opclass'::regclass)
    and not (classid = 'pg_class'::regclass and
             (select relkind from pg_class where oid = objid) <> 'i')"""

EXTENSION_OBJECT_KINDS = {
    "schema": "schema", "language": "language", "index": "index",
    "text search configuration": "text_search_configuration",
    "text search dictionary": "text_search_dictionary",
    "text search parser": "text_search_parser",
    "text search template": "text_search_template",
    "conversion": "conversion", "foreign-data wrapper": "foreign_data_wrapper",
    "access method": "access_method", "operator family": "operator_family"}

OBJECT_KIND_ORDER = ["schema", "language", "tablespace", "database", "text_search_configuration",
                     "text_search_dictionary", "text_search_parser", "text_search_template",
                     "conversion", "foreign_data_wrapper", "access_method", "operator_family",
                     "index", "other"]


class Server:
    """A throwaway cluster."""

    def __init__(self, bin_folder):
        self.bin = Path(bin_folder)
        self.folder = Path(tempfile.mkdtemp(prefix="ordain-builtins-"))
        self.as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.as_postgres:
            os.chown(self.folder, pwd.getpwnam("postgres").pw_uid, -1)

    def run(self, program, *arguments):
        subprocess.run([*self.as_postgres, str(self.bin / program), *arguments], check=True,
                       cwd=self.folder, stdout=subprocess.DEVNULL)

    def __enter__(self):
        data = str(self.folder / "data")
        self.run("initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync",
                 "-A", "trust")
        self.run("pg_ctl", "-D", data, "-l", str(self.folder / "log"), "-w", "start", "-o",
                 f"-c listen_addresses='' -k {self.folder} -c fsync=off")
        return self

    def __exit__(self, *_):
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def execute(self, sql):
        return subprocess.run(
            [*self.as_postgres, "psql", "-h", str(self.folder), "-U", "postgres", "-XAtq", "-v",
             "ON_ERROR_STOP=1", "-d", "postgres"],
            check=True, cwd=self.folder, input=sql, text=True, stdout=subprocess.PIPE).stdout

    def rows(self, query, search_path="pg_catalog"):
        return json.loads(self.execute(
            f"set search_path = {search_path};\n"
            f"select coalesce(json_agg(row_to_json(q)), '[]') from ({query}) q;"))


def literal(text):
    return f'R"({text})"sv' if '"' in text or "\\" in text else f'"{text}"sv'


def boolean(value):
    return "true" if value else "false"


class Pool:
    """Lists laid one after the other in a single array; equal lists share their place."""

    def __init__(self):
        self.items = []
        self.places = {}

    def place(self, items):
        key = tuple(items)
        if key not in self.places:
            self.places[key] = len(self.items)
            self.items.extend(key)
        return self.places[key]


class Lines(list):
    """Lines of several items each; its length is that of the array."""

    def __init__(self, lines, count):
        super().__init__(lines)
        self.count = count

    def __len__(self):
        return self.count


class Writer:
    """One data file after the other, in C++."""

    def __init__(self, folder, major, command):
        self.folder = Path(folder)
        self.major = major
        self.command = command
        self.oids = Pool()
        self.names = Pool()
        self.columns = Pool()

    def file(self, name, tables):
        path = self.folder / f"pg{self.major}_{name}.inc"
        with path.open("w", encoding="utf-8") as out:
            out.write(f"// PostgreSQL {self.major}: {name.replace('_', ' ')}. Generated; do not edit.\n"
                      f"// {self.command}\n")
            for table, element, rows in tables:
                out.write(f"\nconstexpr std::array<{element}, {len(rows)}> pg{self.major}_{table} = {{{{\n")
                out.writelines(f"    {row},\n" for row in rows)
                out.write("}};\n")

    def constant(self, name, value):
        path = self.folder / f"pg{self.major}_{name}.inc"
        path.write_text(f"// PostgreSQL {self.major}: {name.replace('_', ' ')}. Generated; do not edit.\n"
                        f"// {self.command}\n\n"
                        f"constexpr int pg{self.major}_{name} = {value};\n", encoding="utf-8")

    def slice(self, table, offset, count):
        return f"slice(pg{self.major}_{table}, {offset}, {count})" if count else "{}"

    def oid_list(self, oids):
        return self.slice("oids", self.oids.place(oids), len(oids))

    def name_list(self, names):
        return self.slice("names", self.names.place(names), len(names))

    def column_list(self, columns):
        columns = [(name, oid) for name, oid in columns]
        return self.slice("columns", self.columns.place(columns), len(columns))

    def pools(self):
        def lines(items, width=12):
            return Lines([", ".join(items[i:i + width]) for i in range(0, len(items), width)],
                         len(items))
        self.file("pools", [
            ("oids", "Oid", lines([f"{oid}U" for oid in self.oids.items])),
            ("names", "std::string_view", lines([literal(n) for n in self.names.items], 6)),
            ("columns", "BuiltinColumn",
             lines([f"{{{literal(n)}, {oid}U}}" for n, oid in self.columns.items], 4)),
        ])


def row(*fields):
    return "{" + ", ".join(str(field) for field in fields) + "}"


def type_row(t):
    return row(literal(t["name"]), literal(t["display"]), f"{t['oid']}U", f"{t['element']}U",
               f"{t['array']}U", f"{t['underlying']}U", f"{t['relation']}U", t["length"],
               SCHEMAS[t["schema"]], f"TypeKind::{TYPE_KINDS[t['kind']]}", f"'{t['category']}'",
               boolean(t["preferred"]), boolean(t["by_value"]), boolean(t["true_array"]),
               boolean(t["collatable"]), boolean(t["takes_modifiers"]),
               VOLATILITY[t["input_volatility"]], VOLATILITY[t["output_volatility"]])


def argument_names(f):
    modes = f["modes"] or ["i"] * len(f["arguments"])
    names = f["names"] or []
    inputs = [n for n, mode in zip(names, modes) if mode in "ibv"]
    return inputs if any(inputs) else []


def out_columns(f):
    if not f["all_types"]:
        return []
    names = f["names"] or [""] * len(f["modes"])
    outputs = [(n, oid) for n, oid, mode in zip(names, f["all_types"], f["modes"]) if mode in "obt"]
    return [(name or f"column{i}", oid) for i, (name, oid) in enumerate(outputs, 1)]


def function_row(writer, f):
    return row(literal(f["name"]), writer.oid_list(f["arguments"]),
               writer.name_list(argument_names(f)), writer.column_list(out_columns(f)),
               f"{f['oid']}U", f"{f['result']}U", f"{f['variadic']}U", f["defaults"], f["direct"],
               f"FunctionKind::{FUNCTION_KINDS[f['kind']]}", SCHEMAS[f["schema"]],
               VOLATILITY[f["volatility"]], boolean(f["strict"]), boolean(f["returns_set"]))


def operator_row(o):
    return row(literal(o["name"]), f"{o['oid']}U", f"{o['left']}U", f"{o['right']}U",
               f"{o['result']}U", f"{o['function']}U", VOLATILITY[o["volatility"]])


def cast_row(c):
    return row(f"{c['source']}U", f"{c['target']}U", f"{c['function']}U",
               f"CastContext::{CAST_CONTEXTS[c['context']]}",
               f"CastMethod::{CAST_METHODS[c['method']]}", VOLATILITY[c["volatility"]])


def relation_row(writer, r):
    return row(literal(r["name"]), writer.column_list(r["columns"]), f"{r['oid']}U",
               f"{r['row_type']}U", SCHEMAS[r["schema"]], f"RelationKind::{RELATION_KINDS[r['kind']]}")


def opclass_row(o):
    return row(literal(o["access_method"]), literal(o["name"]), f"{o['oid']}U",
               f"{o['input_type']}U", boolean(o["is_default"]))


def object_row(o):
    return row(f"BuiltinObjectKind::{o['kind']}", literal(o["name"]))


def setting_row(writer, s):
    return row(literal(s["name"]), literal(s["boot_value"]), literal(s["unit"]),
               literal(s["minimum"]), literal(s["maximum"]), writer.name_list(s["enum_values"]),
               f"SettingType::{SETTING_TYPES[s['type']]}",
               f"SettingContext::{s['context'].replace('-', '_')}")


SORT_KEYS = {
    "types": lambda t: (t["schema"] or "", t["name"]),
    "functions": lambda f: (f["schema"] or "", f["name"], f["oid"]),
    "operators": lambda o: (o["name"], o["oid"]),
    "casts": lambda c: (c["source"], c["target"]),
    "relations": lambda r: (r["schema"] or "", r["name"]),
    "opclasses": lambda o: (o["access_method"], o["name"]),
    "objects": lambda o: (OBJECT_KIND_ORDER.index(o["kind"]), o["name"]),
}
# pg_catalog before information_schema, as in BuiltinSchema.
SCHEMA_ORDER = {"pg_catalog": 0, "information_schema": 1}


def builtin_key(kind):
    def key(item):
        rest = SORT_KEYS[kind](item)
        return (SCHEMA_ORDER[item["schema"]], *rest) if "schema" in item else rest
    return key


def by_oid(items):
    order = sorted(range(len(items)), key=lambda i: items[i]["oid"])
    return Lines([", ".join(map(str, order[i:i + 16])) for i in range(0, len(order), 16)],
                 len(order))


def read_catalogs(server, search_path):
    queries = {"types": TYPE_QUERY, "functions": FUNCTION_QUERY, "operators": OPERATOR_QUERY,
               "casts": CAST_QUERY, "relations": RELATION_QUERY, "opclasses": OPCLASS_QUERY}
    return {kind: server.rows(query, search_path) for kind, query in queries.items()}


def install_extensions(server):
    """Each into a schema of its own, so that equal names do not meet. Returns the search_path."""
    names = [e["name"] for e in server.rows(
        "select name from pg_available_extensions where installed_version is null order by name")]
    for name in names:
        server.execute(f'create schema "ext_{name}"')
    done = {"plpgsql"}
    available = {e["name"]: e for e in server.rows(
        "select name, schema, coalesce(requires, '{}') as requires from pg_available_extensions "
        "join pg_available_extension_versions using (name) where version = default_version")}
    while len(done) < len(available):
        ready = [n for n in names if n not in done and set(available[n]["requires"]) <= done]
        assert ready, "an extension requires one that is not available"
        for name in ready:
            where = "" if available[name]["schema"] else f' schema "ext_{name}"'
            server.execute(f'create extension "{name}"{where}')
            done.add(name)
    return ", ".join(["pg_catalog", *[f'"ext_{n}"' for n in names]])


def group_extensions(server, catalogs, extensions, search_path):
    """Per extension its own objects, sorted; numbers given anew from FIRST_EXTENSION_OID."""
    groups = {e["name"]: {kind: [] for kind in SORT_KEYS} for e in extensions}
    schema_of = {e["name"]: e["installed_in"].strip('"') for e in extensions}
    for kind, items in catalogs.items():
        for item in items:
            if item["extension"] is None:
                continue
            if "schema" in item:
                assert item["schema"] == schema_of[item["extension"]], item
                item["schema"] = None
            groups[item["extension"]][kind].append(item)
    for item in server.rows(EXTENSION_OBJECT_QUERY, search_path):
        kind = EXTENSION_OBJECT_KINDS.get(item["type"], "other")
        name = item["family"] or item["name"] or item["identity"]
        name = f"{item['type']} {item['identity']}" if kind == "other" else name
        groups[item["extension"]]["objects"].append({"kind": kind, "name": name})
    renumber(groups)
    return groups


def renumber(groups):
    numbers = {}
    for kind in ("types", "functions", "operators", "relations", "opclasses"):
        count = FIRST_EXTENSION_OID
        for group in groups.values():
            for item in sorted(group[kind], key=SORT_KEYS[kind]):
                numbers[kind, item["oid"]] = count
                count += 1

    def new(kind, oid):
        return numbers.get((kind, oid), oid)
    fields = {"types": {"element": "types", "array": "types", "underlying": "types",
                        "relation": "relations"},
              "functions": {"result": "types", "variadic": "types"},
              "operators": {"left": "types", "right": "types", "result": "types",
                            "function": "functions"},
              "casts": {"source": "types", "target": "types", "function": "functions"},
              "relations": {"row_type": "types"}, "opclasses": {"input_type": "types"}}
    for group in groups.values():
        for kind, references in fields.items():
            for item in group[kind]:
                item["oid"] = new(kind, item["oid"])
                for field, referred in references.items():
                    item[field] = new(referred, item[field])
        for f in group["functions"]:
            f["arguments"] = [new("types", oid) for oid in f["arguments"]]
            f["all_types"] = f["all_types"] and [new("types", oid) for oid in f["all_types"]]
        for r in group["relations"]:
            r["columns"] = [(name, new("types", oid)) for name, oid in r["columns"]]
        for kind, key in SORT_KEYS.items():
            group[kind].sort(key=key)


def write_builtins(writer, base, single):
    for kind, items in base.items():
        items.sort(key=builtin_key(kind))
    writer.file("types", [("types", "BuiltinType", [type_row(t) for t in base["types"]]),
                          ("types_by_oid", "std::uint16_t", by_oid(base["types"]))])
    writer.file("functions", [
        ("functions", "BuiltinFunction", [function_row(writer, f) for f in base["functions"]]),
        ("functions_by_oid", "std::uint16_t", by_oid(base["functions"]))])
    writer.file("operators", [("operators", "BuiltinOperator",
                               [operator_row(o) for o in base["operators"]])])
    writer.file("casts", [("casts", "BuiltinCast", [cast_row(c) for c in base["casts"]])])
    writer.file("relations", [
        ("relations", "BuiltinRelation", [relation_row(writer, r) for r in base["relations"]]),
        ("relations_by_oid", "std::uint16_t", by_oid(base["relations"]))])
    writer.file("access_methods", [
        ("access_methods", "BuiltinAccessMethod",
         [row(literal(a["name"]), *[boolean(a[f]) for f in (
             "for_tables", "can_order", "can_unique", "can_multicolumn", "can_exclude",
             "can_include")]) for a in single["access_methods"]]),
        ("opclasses", "BuiltinOpclass", [opclass_row(o) for o in base["opclasses"]])])
    writer.file("settings", [("settings", "BuiltinSetting",
                              [setting_row(writer, s) for s in single["settings"]])])
    writer.file("names", [
        ("roles", "BuiltinRole", [row(literal(r["name"]), f"{r['oid']}U") for r in single["roles"]]),
        ("collations", "BuiltinCollation",
         [row(literal(c["name"]), f"CollationProvider::{c['provider']}") for c in single["collations"]]),
        ("objects", "BuiltinObject", [object_row(o) for o in single["objects"]])])


def write_extensions(writer, extensions, groups):
    rows = {kind: [] for kind in SORT_KEYS}
    makers = {"types": type_row, "functions": lambda f: function_row(writer, f),
              "operators": operator_row, "casts": cast_row, "opclasses": opclass_row,
              "relations": lambda r: relation_row(writer, r), "objects": object_row}
    extension_rows = []
    for e in extensions:
        slices = []
        for kind, make in makers.items():
            items = groups[e["name"]][kind]
            slices.append(writer.slice(f"extension_{kind}", len(rows[kind]), len(items)))
            rows[kind].extend(make(item) for item in items)
        extension_rows.append(row(
            literal(e["name"]), literal(e["version"]), writer.name_list(sorted(e["versions"])),
            writer.name_list(e["requires"]), literal(e["fixed_schema"] or ""),
            boolean(e["relocatable"]), boolean(e["trusted"]), boolean(e["name"] == "plpgsql"),
            *slices))
    elements = {"types": "BuiltinType", "functions": "BuiltinFunction",
                "operators": "BuiltinOperator", "casts": "BuiltinCast",
                "opclasses": "BuiltinOpclass", "relations": "BuiltinRelation",
                "objects": "BuiltinObject"}
    writer.file("extensions", [
        *[(f"extension_{kind}", element, rows[kind]) for kind, element in elements.items()],
        ("extensions", "BuiltinExtension", extension_rows)])


def read_single(server):
    """What has no reference to other tables, sorted by the key of its lookup."""
    def by_name(items):
        return sorted(items, key=lambda item: item["name"])
    fields = ("name", "boot_value", "type", "context")
    hidden = [dict(zip(fields, s), unit="", minimum="", maximum="", enum_values=[])
              for s in HIDDEN_SETTINGS]
    objects = server.rows(OBJECT_QUERY)
    return {"access_methods": by_name(server.rows(ACCESS_METHOD_QUERY)),
            # find_setting ignores case.
            "settings": sorted(server.rows(SETTING_QUERY) + hidden, key=lambda s: s["name"].lower()),
            "roles": by_name(server.rows(ROLE_QUERY)),
            "collations": by_name(server.rows(COLLATION_QUERY)),
            "objects": sorted(objects, key=SORT_KEYS["objects"])}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default="/usr/lib/postgresql/15/bin")
    parser.add_argument("--out", default="src/catalog/data")
    options = parser.parse_args()
    with Server(options.bin) as server:
        version = int(server.execute("show server_version_num"))
        major = version // 10000
        single = read_single(server)
        search_path = install_extensions(server)
        extensions = sorted(server.rows(EXTENSION_QUERY, search_path), key=lambda e: e["name"])
        catalogs = read_catalogs(server, search_path)
        base = {kind: [i for i in items if i["extension"] is None]
                for kind, items in catalogs.items()}
        groups = group_extensions(server, catalogs, extensions, search_path)
    writer = Writer(options.out, major, "scripts/generate_builtins.py --bin "
                    f"/usr/lib/postgresql/{major}/bin --out src/catalog/data")
    write_builtins(writer, base, single)
    write_extensions(writer, extensions, groups)
    writer.pools()
    writer.constant("version_num", version)


if __name__ == "__main__":
    main()
