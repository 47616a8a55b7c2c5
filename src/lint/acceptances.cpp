#include "lint/acceptances.hpp"

#include "config/severities.hpp"

#include <algorithm>

namespace ordain::lint {
namespace {

/// `wanted` without a schema means the schema public; a table stands for what is in it.
bool is_about(const Finding& finding, const std::string& wanted) {
    return std::ranges::any_of(finding.objects, [&](const std::string& object) {
        const auto holds = [&](const std::string& name) {
            return object == name || object.starts_with(name + ".");
        };
        return holds(wanted) || holds("public." + wanted);
    });
}

} // namespace

std::size_t Acceptances::apply(std::vector<Finding>& findings) {
    return std::erase_if(findings, [this](const Finding& finding) {
        bool accepted = false;
        for (std::size_t index = 0; index < used_.size(); ++index) {
            if (!accepts(settings_.acceptances[index], finding)) continue;
            used_[index] = true;
            accepted = true;
        }
        return accepted;
    });
}

bool Acceptances::accepts(const Acceptance& acceptance, const Finding& finding) const {
    if (acceptance.rule != finding.rule) return false;
    if (!acceptance.object.empty() && !is_about(finding, acceptance.object)) return false;
    if (acceptance.migration == "*") return true;
    // Findings about the history have a script and no migration that is judged.
    const auto script = std::ranges::find_if(plan_.migrations, [&](const Migration& migration) {
        return migration.ordinal == finding.migration ||
               (finding.migration == 0 && migration.up.file == finding.where.file);
    });
    return script != plan_.migrations.end() && config::matches(acceptance.migration, script->id);
}

bool Acceptances::was_judged(const Acceptance& acceptance) const {
    bool any = false;
    for (const Migration& migration : plan_.migrations) {
        if (!config::matches(acceptance.migration, migration.id)) continue;
        if (!selected_[migration.ordinal - 1]) return false;
        any = true;
    }
    return any;
}

std::vector<Acceptances::Use> Acceptances::uses() const {
    std::vector<Use> uses;
    for (std::size_t index = 0; index < used_.size(); ++index) {
        const Acceptance& acceptance = settings_.acceptances[index];
        uses.push_back({.acceptance = &acceptance,
                        .where = acceptance.where,
                        .migration = 0,
                        .unused = !used_[index] && was_judged(acceptance)});
    }
    return uses;
}

std::string dotted_name(const Catalog& catalog, ObjectId id) {
    const Object* object = catalog.find(id);
    if (object == nullptr) return {};
    if (object->parent != no_object)
        return dotted_name(catalog, object->parent) + "." + object->name;
    const Object* schema = catalog.find(object->schema);
    return schema == nullptr ? object->name : schema->name + "." + object->name;
}

} // namespace ordain::lint
