#include "rules/advice.hpp"

#include "catalog/resolve.hpp"
#include "layout/way_out.hpp"

#include <fmt/format.h>

namespace ordain::rules {
namespace {

/// Longer texts are not shown.
constexpr std::size_t longest_shown = 300;

} // namespace

std::string as_sql(const Identifier& name) {
    return catalog::quote_identifier(name.text);
}

std::string as_sql(const QualifiedName& name) {
    if (name.schema.empty()) return as_sql(name.name);
    return as_sql(name.schema) + "." + as_sql(name.name);
}

std::string as_sql(const std::vector<Identifier>& names) {
    std::string list;
    for (const Identifier& name : names)
        list += (list.empty() ? "" : ", ") + as_sql(name);
    return list;
}

std::string as_written(const ActionContext& context, Span span, std::string_view otherwise) {
    const std::string_view text = context.sources.file(context.migration.up.file).text(span);
    return std::string(text.empty() || text.size() > longest_shown ? otherwise : text);
}

std::string constraint_name(const ActionContext& context, const ConstraintDefinition& definition) {
    if (!definition.name.empty()) return definition.name.text;
    for (const ObjectId id : context.outcome.targets) {
        const Object* object = context.catalog.last_version(id);
        const auto* details = object == nullptr ? nullptr : object->get_if<ConstraintDetails>();
        if (details != nullptr && details->kind == definition.kind) return object->name;
    }
    return "<name>";
}

std::string outside_of_transaction(const ActionContext& context) {
    if (!context.in_transaction_block) return {};
    return fmt::format("\nCONCURRENTLY does not run in a transaction: {}",
                       layout::way_out_of_transaction(context.plan.layout));
}

} // namespace ordain::rules
