#include "replay/actions.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

/// The column of OWNED BY; no_object when refused or not known.
ObjectId owner_column(Step& step, const QualifiedName& table, const Identifier& column) {
    const Object* relation = step.relation(table, LockMode::access_share);
    if (relation == nullptr) return no_object;
    const Object* found = step.column(*relation, column);
    return found == nullptr ? no_object : found->id;
}

std::vector<std::string> kept_options(const std::vector<Option>& options) {
    std::vector<std::string> lines = option_lines(options);
    std::erase_if(lines, [](const std::string& line) { return line.starts_with("owned_by="); });
    return lines;
}

} // namespace

void apply(Step& step, const CreateSequence& create) {
    const ObjectId schema = step.creation_schema(create.sequence);
    if (schema == no_object || step.refused()) return;
    if (!name_is_free(step, schema, create.sequence)) return;
    ObjectId owner = no_object;
    if (!create.owned_by_column.empty()) {
        owner = owner_column(step, create.owned_by_table, create.owned_by_column);
        if (step.refused()) return;
    }
    step.target(make_sequence(step, schema, create.sequence.name.text, owner,
                              DependencyType::automatic, kept_options(create.options),
                              create.sequence.name.span));
}

void apply(Step& step, const AlterSequence& alter) {
    const Object* sequence = step.relation(alter.sequence, LockMode::share_row_exclusive);
    if (sequence == nullptr) return;
    if (sequence->kind != ObjectKind::sequence) {
        step.refuse("42809", fmt::format("\"{}\" is not a sequence", sequence->name),
                    alter.sequence.span());
        return;
    }
    const ObjectId id = sequence->id;
    step.target(id);
    Object changed = step.change(id);
    auto& details = changed.as<SequenceDetails>();
    std::vector<std::string> added = kept_options(alter.options);
    for (std::string& line : added) {
        const std::string key = line.substr(0, line.find('=') + 1);
        if (key == "restart=") continue;
        std::erase_if(details.options,
                      [&](const std::string& old) { return old.starts_with(key); });
        details.options.push_back(std::move(line));
    }
    std::ranges::sort(details.options);
    const bool disowns = alter.owned_by_none || !alter.owned_by_column.empty();
    if (disowns) {
        std::erase_if(changed.depends, [&](const Dependency& dependency) {
            return dependency.on == details.owned_by;
        });
        details.owned_by = no_object;
    }
    if (!alter.owned_by_column.empty()) {
        details.owned_by = owner_column(step, alter.owned_by_table, alter.owned_by_column);
        if (step.refused()) return;
        add_dependency(changed, details.owned_by, DependencyType::automatic);
    }
    step.put(std::move(changed));
}

} // namespace ordain::replay
