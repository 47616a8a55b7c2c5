#include "rules/index_first.hpp"

#include "rules/advice.hpp"

#include <algorithm>
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

/// Whether the table's schema has a relation of that name when the migration begins: the key takes
/// the place of another.
bool was_taken(const ActionContext& context, const std::string& name) {
    return std::ranges::any_of(context.outcome.locks, [&](const LockTaken& lock) {
        const Object* relation = context.catalog.find(lock.relation);
        if (relation == nullptr) return false;
        const ObjectId schema = relation->schema;
        const Tombstone* former = context.catalog.tombstone(NameSpace::relation, schema, name);
        return context.catalog.find(NameSpace::relation, schema, name) != nullptr ||
               (former != nullptr && former->removed.migration == context.migration.ordinal);
    });
}

} // namespace

std::string index_first(const ActionContext& context,
                        const QualifiedName& table,
                        const ConstraintDefinition& key) {
    std::vector<Identifier> columns = key.columns;
    if (const auto* add = context.action_as<AddColumn>()) columns = {add->column.name};
    const bool primary = key.kind == ConstraintDefinition::Kind::primary_key;
    const std::string plain = constraint_name(context, key);
    const bool replaces = was_taken(context, plain);
    const std::string name = as_sql(Identifier{.text = plain, .span = {}});
    const std::string index =
        replaces ? as_sql(Identifier{.text = plain + "_new", .span = {}}) : name;
    const std::string on = as_sql(table);
    const std::string text =
        fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {0} ON {1} {2};\n-- then{3}:\n"
                    "ALTER TABLE {1} ADD CONSTRAINT {4} {5} USING INDEX {0}{6};",
                    index, on, index_of(key, columns),
                    replaces ? ", with what frees the name, which the index then takes" : "", name,
                    primary ? "PRIMARY KEY" : "UNIQUE", deferral_of(key));
    return text + outside_of_transaction(context);
}

} // namespace ordain::rules
