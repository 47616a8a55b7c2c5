#include "rules/advice.hpp"
#include "rules/live_work.hpp"
#include "rules/new_column.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::rules {
namespace {

using Kind = ConstraintDefinition::Kind;

/// A domain with a CHECK or NOT NULL: whatever the default, each row is checked.
bool has_checked_domain(const ActionContext& context, const AddColumn& add) {
    const Object* column = made_column(context, add);
    if (column == nullptr) return false;
    const TypeRef type = column->as<ColumnDetails>().type;
    return std::ranges::any_of(domains_of(context.catalog, type), [&](const Object* domain) {
        return domain->as<DomainDetails>().not_null ||
               !context.catalog.children(domain->id).empty();
    });
}

/// What of the column makes the rows differ: its clause, or a type that brings one.
Span cause(const ActionContext& context, const AddColumn& add) {
    for (const Kind kind : {Kind::identity, Kind::generated, Kind::default_}) {
        const ConstraintDefinition* clause = clause_of(add.column, kind);
        const bool type = kind == Kind::default_ && has_checked_domain(context, add);
        if (clause != nullptr && !type) return clause->span;
    }
    return add.column.type.span;
}

/// A sequence's numbers for a column that was made without them.
std::string numbered_later(const ActionContext& context, const AddColumn& add) {
    const std::string table = as_sql(add.relation);
    const std::string column = as_sql(add.column.name);
    const std::string sequence = as_sql(
        QualifiedName{.schema = add.relation.schema,
                      .name = {.text = add.relation.name.text + "_" + add.column.name.text + "_seq",
                               .span = {}}});
    const bool serial = clause_of(add.column, Kind::identity) == nullptr;
    const std::string type =
        serial ? "bigint"
               : as_written(context, add.column.type.span, to_string(add.column.type.name));
    return fmt::format("ALTER TABLE {0} ADD COLUMN {1} {2};\n"
                       "CREATE SEQUENCE {3} OWNED BY {0}.{1};\n"
                       "ALTER TABLE {0} ALTER COLUMN {1} SET DEFAULT nextval('{3}');\n"
                       "-- then fill the rows that are there in batches",
                       table, column, type, sequence);
}

std::string advice(const ActionContext& context, const AddColumn& add) {
    const std::string table = as_sql(add.relation);
    const std::string column = as_sql(add.column.name);
    const std::string type =
        as_written(context, add.column.type.span, to_string(add.column.type.name));
    if (clause_of(add.column, Kind::generated) != nullptr) {
        return "add a plain column, fill it by a trigger for what is written and in batches for "
               "the rows that are there; or compute the value in a view";
    }
    if (has_checked_domain(context, add)) {
        return "give the column the type that the domain is over, with the domain's conditions as "
               "a CHECK that is added NOT VALID and validated later";
    }
    const ConstraintDefinition* value = clause_of(add.column, Kind::default_);
    if (value != nullptr) {
        const std::string expression = as_written(context, value->expression->span, "...");
        return fmt::format("ALTER TABLE {0} ADD COLUMN {1} {2};\n"
                           "ALTER TABLE {0} ALTER COLUMN {1} SET DEFAULT {3};\n"
                           "-- then fill the rows that are there in batches",
                           table, column, type, expression);
    }
    const bool numbered = clause_of(add.column, Kind::identity) != nullptr ||
                          type.find("serial") != std::string::npos;
    if (numbered) return numbered_later(context, add);
    return fmt::format("ALTER TABLE {0} ADD COLUMN {1} {2} DEFAULT NULL;\n"
                       "ALTER TABLE {0} ALTER COLUMN {1} DROP DEFAULT;\n"
                       "-- the domain's default holds from then on; fill the older rows in batches",
                       table, column, type);
}

void check(const ActionContext& context, Findings& findings) {
    const auto* add = context.action_as<AddColumn>();
    const Work* work = add == nullptr ? nullptr : live_work(context, Work::Kind::rewrite);
    if (work == nullptr) return;
    Finding& finding =
        findings.add(cause(context, *add),
                     fmt::format("{} while all rows and indexes are written anew: {} {}",
                                 who_waits(context, *work), work->why, lock_held(context, *work)));
    finding.severity = severity_of(*work);
    finding.instead = advice(context, *add);
}

} // namespace

constinit const Rule column_default_rewrite{
    .id = "column-default-rewrite",
    .category = Category::locking,
    .severity = Severity::error,
    .summary = "A new column of a live table has another value in each row, so that all are "
               "written anew.",
    .why = R"(A constant default, and a stable one such as `now()`, is computed once and kept in the
catalog: `ADD COLUMN` is done in a moment. A volatile default (`gen_random_uuid()`, `random()`,
`clock_timestamp()`, `nextval()`, also deep inside an expression), `serial`, `GENERATED ... AS IDENTITY`,
`GENERATED ALWAYS AS (...) STORED` and a domain with constraints differ from row to row or must be
checked: all rows are copied and all indexes built while an `ACCESS EXCLUSIVE` lock keeps everybody off
the table (manual, ALTER TABLE, Notes).

Whether a function is volatile is looked up where it is known; where it is not, the finding is a warning.
Not reported on a table of the same deployment.)",
    .fix =
        R"(Add the column without its default, set the default in a statement of its own, which holds
for new rows only, and fill the rows that are there in batches.)",
    .elsewhere =
        R"(squawk adding-field-with-default, eugene E11, atlas PG302, postgres-language-server
addingFieldWithDefault and addSerialColumn, strong_migrations add_column_default,
add_column_generated_stored and add_column_auto_incrementing, pgsafe add-column-volatile-default,
add-column-generated-stored, add-column-serial and add-column-identity, pgfence
add-column-non-constant-default and add-column-serial, pgrubic US031, US006, US004 and US005)",
    .bad = R"(ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid();)",
    .good = R"(ALTER TABLE orders ADD COLUMN token uuid;
ALTER TABLE orders ALTER COLUMN token SET DEFAULT gen_random_uuid();)",
    .check = check,
};

} // namespace ordain::rules
