#include "catalog/builtin.hpp"
#include "rules/advice.hpp"
#include "rules/live_work.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

/// The work that costs most: a rewrite has the indexes and the checks in it.
const Work* heaviest(const ActionContext& context) {
    const Work* possible = nullptr;
    for (const Work::Kind kind : {Work::Kind::rewrite, Work::Kind::index_build, Work::Kind::scan}) {
        const Work* work = live_work(context, kind);
        if (work != nullptr && work->certain) return work;
        if (possible == nullptr) possible = work;
    }
    return possible;
}

std::string message_about(const ActionContext& context, const Work& work) {
    const std::string who = who_waits(context, work);
    const std::string lock = lock_held(context, work);
    if (work.kind == Work::Kind::rewrite) {
        return fmt::format("{} while all rows and indexes are written anew: {} {}", who, work.why,
                           lock);
    }
    return fmt::format("{} while {} for the column's new type {}", who, work.why, lock);
}

bool is_timestamp(const TypeName& type) {
    return type.name.name.text == "timestamp" || type.name.name.text == "timestamptz";
}

std::string by_a_new_column(const ActionContext& context, const AlterColumnType& alter) {
    const std::string table = as_sql(alter.relation);
    const std::string old = as_sql(alter.column);
    const std::string fresh = as_sql(Identifier{.text = alter.column.text + "_new", .span = {}});
    const std::string type = as_written(context, alter.type.span, to_string(alter.type.name));
    return fmt::format("ALTER TABLE {0} ADD COLUMN {1} {2};\n"
                       "-- have a trigger copy {3} to {1} for what is written, fill the older rows "
                       "in batches;\n-- once deployed code reads {1}:\n"
                       "ALTER TABLE {0} DROP COLUMN {3};",
                       table, fresh, type, old);
}

/// Where only the length of the new type stands in the way, a CHECK limits it as well; empty where
/// the values themselves change.
std::string
by_a_length_check(const ActionContext& context, const AlterColumnType& alter, const Work& work) {
    const Object* column =
        context.catalog.find(NameSpace::column, work.relation, alter.column.text);
    const auto* details = column == nullptr ? nullptr : column->get_if<ColumnDetails>();
    const bool limited =
        alter.type.name.name.text == "varchar" && !alter.using_ && alter.type.modifiers.size() == 1;
    if (!limited || details == nullptr) return {};
    const TypeRef& old = details->type;
    const bool same_bits = !old.array && is_builtin(old.type) &&
                           catalog::is_binary_coercible(static_cast<catalog::Oid>(old.type),
                                                        catalog::type_oid::varchar);
    if (!same_bits) return {};
    const std::string check = as_sql(Identifier{
        .text = alter.relation.name.text + "_" + alter.column.text + "_length", .span = {}});
    return fmt::format("-- instead of a type with a length:\n"
                       "ALTER TABLE {0} ADD CONSTRAINT {1} CHECK (char_length({2}) <= {3}) NOT "
                       "VALID;\n{4}"
                       "ALTER TABLE {0} VALIDATE CONSTRAINT {1};",
                       as_sql(alter.relation), check, as_sql(alter.column),
                       alter.type.modifiers.front().value, later_transaction);
}

std::string
advice(const ActionContext& context, const AlterColumnType& alter, const Work& heaviest) {
    switch (heaviest.kind) {
    case Work::Kind::index_build:
        return "drop the index with DROP INDEX CONCURRENTLY before the change, and build it with "
               "CREATE INDEX CONCURRENTLY after it";
    case Work::Kind::scan:
        return "drop the CHECK in the same transaction before the change, add it again NOT VALID, "
               "and VALIDATE it in a later transaction";
    case Work::Kind::rewrite:
    case Work::Kind::update:
    case Work::Kind::delete_: break;
    }
    if (std::string limited = by_a_length_check(context, alter, heaviest); !limited.empty())
        return limited;
    const bool zoned = !heaviest.certain && is_timestamp(alter.type) && !alter.using_;
    if (zoned) {
        return "where the values are meant in UTC, say so before the statement (PostgreSQL 12 and "
               "later):\nSET LOCAL timezone = 'UTC';";
    }
    return by_a_new_column(context, alter);
}

/// Work beside the one that the message is about.
void add_notes(const ActionContext& context, const Work& said, Finding& finding) {
    for (const Work& work : context.outcome.work) {
        const bool other = &work != &said && !context.created_in_this_deployment(work.relation);
        const bool part =
            said.kind == Work::Kind::rewrite && work.relation == said.relation && said.certain;
        if (!other || part) continue;
        finding.notes.push_back(
            {.message = fmt::format("\"{}\": {} {}", context.display_name(work.relation),
                                    work.kind == Work::Kind::rewrite ? "all rows are written anew"
                                                                     : work.why,
                                    lock_held(context, work)),
             .where = {}});
    }
}

void check(const ActionContext& context, Findings& findings) {
    const auto* alter = context.action_as<AlterColumnType>();
    if (alter == nullptr) return;
    const Work* work = heaviest(context);
    if (work == nullptr) return;
    Finding& finding = findings.add(alter->column.span, message_about(context, *work));
    finding.severity = severity_of(*work);
    finding.instead = advice(context, *alter, *work);
    add_notes(context, *work, finding);
}

} // namespace

constinit const Rule column_type_rewrite{
    .id = "column-type-rewrite",
    .category = Category::locking,
    .severity = Severity::error,
    .summary = "A column of a live table gets a type for which its rows or indexes are made anew.",
    .why = R"(`ALTER COLUMN ... TYPE` holds an `ACCESS EXCLUSIVE` lock: nobody reads or writes the
table until the transaction ends. Where the stored values change, all rows are copied and all indexes
built in that time, and the tables of foreign keys to or from the column are read as well. Where the
values stay as they are (`varchar(10)` to `varchar(20)` or `text`, more digits of a `numeric`, a domain
without constraints), indexes are still built anew if they have a `WHERE`, an expression over the
column, or another operator class or collation afterwards, and each valid `CHECK` over the column is
tried on all rows again (manual, ALTER TABLE, Notes).

`timestamp` to `timestamptz` and back keeps the values where the session's `TimeZone` is UTC
(PostgreSQL 12 and later). Where no statement sets it, and where the column's present type is not known,
the finding is a warning. Not reported on a table of the same deployment.)",
    .fix =
        R"(Add a column of the new type, keep it filled by a trigger, fill the older rows in batches,
and let deployed code change over before the old column goes. Where only an index or a `CHECK` is in the
way, take it off first and bring it back with `CONCURRENTLY` or `NOT VALID`.)",
    .elsewhere =
        R"(squawk changing-column-type, eugene E5, atlas PG301, postgres-language-server
changingColumnType, strong_migrations change_column, pgsafe alter-column-type, pgfence
alter-column-type, pgrubic US002, django-migration-linter ALTER_COLUMN)",
    .bad = R"(-- layout: sqlx
-- file: 1_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, total integer);
-- file: 2_more.sql
ALTER TABLE orders ALTER COLUMN total TYPE bigint;)",
    .good = R"(-- layout: sqlx
-- file: 1_orders.sql
CREATE TABLE orders (id bigint PRIMARY KEY, code varchar(10));
-- file: 2_more.sql
ALTER TABLE orders ALTER COLUMN code TYPE text;)",
    .check = check,
};

} // namespace ordain::rules
