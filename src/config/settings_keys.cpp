#include "config/settings_keys.hpp"

#include <array>
#include <ordain/config.hpp>
#include <ordain/plan.hpp>

namespace ordain::config {
namespace {

constexpr auto tables = std::to_array<SettingTable>({
    {.name = "plan", .several = false, .description = "The folder of migrations."},
    {.name = "postgres", .several = false, .description = "The server."},
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
    {.table = "plan",
     .name = "root",
     .kind = ValueKind::text,
     .description =
         "The folder of migrations, relative to this file; judged when no path is given."},
    {.table = "plan",
     .name = "layout",
     .kind = ValueKind::choice,
     .description = "The tool that runs the folder; found out when not set."},
    {.table = "plan",
     .name = "history",
     .kind = ValueKind::choice,
     .description = "complete: what no migration creates does not exist; partial: it is assumed."},
    {.table = "plan",
     .name = "transaction",
     .kind = ValueKind::choice,
     .description = "How a runner of your own sends plain numbered files: explicit (BEGIN and "
                    "COMMIT around each), implicit (as one string), statement (one by one), all "
                    "(one transaction for all that is pending), script (as psql; the default)."},
    {.table = "postgres",
     .name = "version",
     .kind = ValueKind::number,
     .description = "The server's major version.",
     .least = oldest_postgres,
     .most = newest_postgres},
    {.table = "report",
     .name = "criteria",
     .kind = ValueKind::texts,
     .description = "Criteria that only people can answer; they are listed and never ticked."},
    {.table = "rules",
     .name = {},
     .kind = ValueKind::severities,
     .description = "A rule or a category."},
    {.table = "naming",
     .name = "file",
     .kind = ValueKind::pattern,
     .description = "A pattern for the paths of up scripts below the folder of migrations."},
    {.table = "naming",
     .name = "table",
     .kind = ValueKind::pattern,
     .description = "A pattern for the names of tables."},
    {.table = "naming",
     .name = "column",
     .kind = ValueKind::pattern,
     .description = "A pattern for the names of columns; {table} stands for their table."},
    {.table = "naming",
     .name = "index",
     .kind = ValueKind::pattern,
     .description = "A pattern for the names of indexes that carry no constraint; {table} and "
                    "{columns} stand for what they are over."},
    {.table = "naming",
     .name = "constraint",
     .kind = ValueKind::pattern,
     .description = "A pattern for the names of constraints; {table} and {columns} stand for what "
                    "they are on."},
    {.table = "naming",
     .name = "primary_key",
     .kind = ValueKind::pattern,
     .description = "As constraint, for primary keys alone."},
    {.table = "naming",
     .name = "foreign_key",
     .kind = ValueKind::pattern,
     .description = "As constraint, for foreign keys alone."},
    {.table = "naming",
     .name = "unique",
     .kind = ValueKind::pattern,
     .description = "As constraint, for unique constraints alone."},
    {.table = "naming",
     .name = "check",
     .kind = ValueKind::pattern,
     .description = "As constraint, for check constraints alone."},
    {.table = "naming",
     .name = "header",
     .kind = ValueKind::texts,
     .description = "Fields that the comment at the head of each up script has."},
    {.table = "naming",
     .name = "schemas",
     .kind = ValueKind::texts,
     .description = "The schemas in which migrations make objects."},
    {.table = "naming",
     .name = "forbidden_columns",
     .kind = ValueKind::names,
     .description = "Names that no column gets, with what to call it instead, or an empty string."},
    {.table = "override",
     .name = "files",
     .kind = ValueKind::texts,
     .description = "Patterns of paths relative to this file; * matches slashes too.",
     .required = true},
    {.table = "override",
     .name = "rules",
     .kind = ValueKind::severities,
     .description = "Severities as under [rules].",
     .required = true},
    {.table = "allow",
     .name = "rule",
     .kind = ValueKind::text,
     .description = "The rule whose findings are accepted.",
     .required = true},
    {.table = "allow",
     .name = "migration",
     .kind = ValueKind::text,
     .description = "A pattern of migrations' ids; all when not set."},
    {.table = "allow",
     .name = "object",
     .kind = ValueKind::text,
     .description =
         "What the finding is about: schema.table, schema.table.column; any when not set."},
    {.table = "allow",
     .name = "reason",
     .kind = ValueKind::text,
     .description = "Why; without it the allowance is itself a finding."},
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
    return {name_of(Wrapping::explicit_block), name_of(Wrapping::implicit_block),
            name_of(Wrapping::each_statement), name_of(Wrapping::all_migrations),
            name_of(Wrapping::script)};
}

} // namespace ordain::config
