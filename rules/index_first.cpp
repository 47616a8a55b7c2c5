#include "rules/index_first.hpp"

#include "rules/advice.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

/// What of a constraint's definition belongs to its index.
std::string index_of(const ConstraintDefinition& key, const std::vector<Identifier>& columns) {
    std::string text = fmt::format("({})", as_sql(columns));
    if (!key.including.empty()) text += fmt::format(" INCLUDE ({})", as_sql(key.including));
    if (key.nulls_not_distinct) text += " NULLS NOT DISTINCT";
    return text;
}

std::string_view deferral_of(const ConstraintDefinition& key) {
    if (key.initially_deferred) return " DEFERRABLE INITIALLY DEFERRED";
    return key.deferrable ? " DEFERRABLE" : "";
}

} // namespace

std::string index_first(const ActionContext& context,
                        const QualifiedName& table,
                        const ConstraintDefinition& key) {
    std::vector<Identifier> columns = key.columns;
    if (const auto* add = context.action_as<AddColumn>()) columns = {add->column.name};
    const bool primary = key.kind == ConstraintDefinition::Kind::primary_key;
    const std::string name = as_sql(Identifier{.text = constraint_name(context, key), .span = {}});
    const std::string on = as_sql(table);
    const std::string text = fmt::format(
        "CREATE UNIQUE INDEX CONCURRENTLY {0} ON {1} {2};\n-- then:\n"
        "ALTER TABLE {1} ADD CONSTRAINT {0} {3} USING INDEX {0}{4};",
        name, on, index_of(key, columns), primary ? "PRIMARY KEY" : "UNIQUE", deferral_of(key));
    return text + outside_of_transaction(context);
}

} // namespace ordain::rules
