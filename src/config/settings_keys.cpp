#include "config/settings_keys.hpp"

#include <array>
#include <ordain/config.hpp>
#include <ordain/plan.hpp>

namespace ordain::config {
namespace {

constexpr auto tables = std::to_array<SettingTable>({
    {.name = "plan", .several = false, .description = "The folder of migrations."},
    {.name = "postgres", .several = false, .description = "The server."},
    {.name = "assume",
     .several = true,
     .description = "What exists before the first migration although none makes it."},
    {.name = "report", .several = false, .description = "What `ordain report` says."},
    {.name = "rules",
     .several = false,
     .description = "Severities of rules, or of whole categories; a rule counts more."},
    {.name = "naming", .several = false, .description = "What names and headers look like."},
    {.name = "override",
     .several = true,
     .description =
         "Other severities for the migrations of some files; the last that fits counts."},
    {.name = "allow",
     .several = true,
     .description = "A finding that is accepted, as -- ordain:allow does in a script."},
});

constexpr auto keys = std::to_array<SettingKey>({
    {.table = {},
     .name = "extends",
     .kind = ValueKind::texts,
     .description =
         "Presets (strict, lenient) and other settings files, relative to this one, that "
         "hold where this one says nothing else; the last counts most.",
     .example = R"(["strict"])"},
    {.table = "plan",
     .name = "root",
     .kind = ValueKind::text,
     .description =
         "The folder of migrations, relative to this file; judged when no path is given.",
     .example = R"("db/migrations")"},
    {.table = "plan",
     .name = "layout",
     .kind = ValueKind::choice,
     .description = "The tool that runs the folder; found out when not set.",
     .example = R"("sqlx")"},
    {.table = "plan",
     .name = "history",
     .kind = ValueKind::choice,
     .description = "complete: what no migration creates does not exist; partial: it is assumed.",
     .example = R"("complete")"},
    {.table = "plan",
     .name = "transaction",
     .kind = ValueKind::choice,
     .description = "How a runner of your own sends plain numbered files: explicit (BEGIN and "
                    "COMMIT around each), implicit (as one string), statement (one by one), all "
                    "(one transaction for all that is pending), script (as psql; the default).",
     .example = R"("explicit")"},
    {.table = "plan",
     .name = "starts_from",
     .kind = ValueKind::text,
     .description = "A schema dump (pg_dump --schema-only) that the first migration starts from, "
                    "relative to this file.",
     .example = R"("db/schema.sql")"},
    {.table = "plan",
     .name = "search_path",
     .kind = ValueKind::texts,
     .description = "The schemas in which the runner's connections look for names, the first for "
                    "new objects; the server's default when not set.",
     .example = R"(["app", "public"])"},
    {.table = "plan",
     .name = "command",
     .kind = ValueKind::text,
     .description = "What people type to run what is pending; the layout's tool when not set.",
     .example = R"("make migrate")"},
    {.table = "assume",
     .name = "schema",
     .kind = ValueKind::text,
     .description = "A schema, with whatever the migrations name in it.",
     .example = R"("legacy")"},
    {.table = "assume",
     .name = "table",
     .kind = ValueKind::text,
     .description = "A table, with whatever columns the migrations name: schema.table.",
     .example = R"("billing.invoices")"},
    {.table = "assume",
     .name = "sql",
     .kind = ValueKind::text,
     .description = "Statements that make what exists.",
     .example =
         R"("CREATE FUNCTION now_utc() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'")"},
    {.table = "assume",
     .name = "file",
     .kind = ValueKind::text,
     .description = "A file of such statements, relative to this file.",
     .example = R"("db/bootstrap.sql")"},
    {.table = "postgres",
     .name = "platform",
     .kind = ValueKind::choice,
     .description = "Who hosts the server: adds what exists there beforehand; found out when not "
                    "set, none when \"none\".",
     .example = R"("supabase")"},
    {.table = "postgres",
     .name = "version",
     .kind = ValueKind::number,
     .description = "The server's major version.",
     .example = R"(16)",
     .least = oldest_postgres,
     .most = newest_postgres},
    {.table = "report",
     .name = "criteria",
     .kind = ValueKind::texts,
     .description = "Criteria that only people can answer; they are listed and never ticked.",
     .example = R"(["A backup was restored on staging today"])"},
    {.table = "rules",
     .name = {},
     .kind = ValueKind::severities,
     .description = "A rule or a category.",
     .example = R"(drop-column = "warning")"},
    {.table = "naming",
     .name = "file",
     .kind = ValueKind::pattern,
     .description = "A pattern for the paths of up scripts below the folder of migrations.",
     .example = R"('\d{3}_[a-z0-9_]+\.sql')"},
    {.table = "naming",
     .name = "table",
     .kind = ValueKind::pattern,
     .description = "A pattern for the names of tables.",
     .example = R"('[a-z][a-z0-9_]*')"},
    {.table = "naming",
     .name = "column",
     .kind = ValueKind::pattern,
     .description = "A pattern for the names of columns; {table} stands for their table.",
     .example = R"('[a-z][a-z0-9_]*')"},
    {.table = "naming",
     .name = "index",
     .kind = ValueKind::pattern,
     .description = "A pattern for the names of indexes that carry no constraint; {table} and "
                    "{columns} stand for what they are over.",
     .example = R"('idx_{table}_.+')"},
    {.table = "naming",
     .name = "constraint",
     .kind = ValueKind::pattern,
     .description = "A pattern for the names of constraints; {table} and {columns} stand for what "
                    "they are on.",
     .example = R"('{table}_.+')"},
    {.table = "naming",
     .name = "primary_key",
     .kind = ValueKind::pattern,
     .description = "As constraint, for primary keys alone.",
     .example = R"('{table}_pkey')"},
    {.table = "naming",
     .name = "foreign_key",
     .kind = ValueKind::pattern,
     .description = "As constraint, for foreign keys alone.",
     .example = R"('{table}_{columns}_fkey')"},
    {.table = "naming",
     .name = "unique",
     .kind = ValueKind::pattern,
     .description = "As constraint, for unique constraints alone.",
     .example = R"('{table}_{columns}_key')"},
    {.table = "naming",
     .name = "check",
     .kind = ValueKind::pattern,
     .description = "As constraint, for check constraints alone.",
     .example = R"('{table}_.+_check')"},
    {.table = "naming",
     .name = "header",
     .kind = ValueKind::texts,
     .description = "Fields that the comment at the head of each up script has.",
     .example = R"(["Migration", "Purpose"])"},
    {.table = "naming",
     .name = "schemas",
     .kind = ValueKind::texts,
     .description = "The schemas in which migrations make objects.",
     .example = R"(["public"])"},
    {.table = "naming",
     .name = "forbidden_columns",
     .kind = ValueKind::names,
     .description = "Names that no column gets, with what to call it instead, or an empty string.",
     .example = R"({ password = "", user_id = "customer_id" })"},
    {.table = "override",
     .name = "files",
     .kind = ValueKind::texts,
     .description = "Patterns of paths relative to this file; * matches slashes too.",
     .example = R"(["db/migrations/2019*"])",
     .required = true},
    {.table = "override",
     .name = "rules",
     .kind = ValueKind::severities,
     .description = "Severities as under [rules].",
     .example = R"({ drop-column = "warning" })",
     .required = true},
    {.table = "allow",
     .name = "rule",
     .kind = ValueKind::text,
     .description = "The rule whose findings are accepted.",
     .example = R"("drop-column")",
     .required = true},
    {.table = "allow",
     .name = "migration",
     .kind = ValueKind::text,
     .description = "A pattern of migrations' ids; all when not set.",
     .example = R"("0042*")"},
    {.table = "allow",
     .name = "object",
     .kind = ValueKind::text,
     .description =
         "What the finding is about: schema.table, schema.table.column; any when not set.",
     .example = R"("public.users.nickname")"},
    {.table = "allow",
     .name = "reason",
     .kind = ValueKind::text,
     .description = "Why; without it the allowance is itself a finding.",
     .example = R"("unused since release 41")"},
});

} // namespace

std::span<const SettingKey> setting_keys() {
    return keys;
}

std::span<const SettingTable> setting_tables() {
    return tables;
}

std::vector<std::string_view> severity_words() {
    return {"error", "warning", "note", "off"};
}

std::vector<std::string_view> choices_of(const SettingKey& key, const Vocabulary& vocabulary) {
    if (key.name == "layout") return vocabulary.layouts;
    if (key.name == "history") return {"complete", "partial"};
    if (key.name == "platform") {
        std::vector<std::string_view> choices = vocabulary.platforms;
        choices.emplace_back("none");
        return choices;
    }
    return {name_of(Wrapping::explicit_block), name_of(Wrapping::implicit_block),
            name_of(Wrapping::each_statement), name_of(Wrapping::all_migrations),
            name_of(Wrapping::script)};
}

} // namespace ordain::config
