#include "assess/changes.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <map>
#include <ordain/action.hpp>
#include <set>
#include <utility>
#include <variant>

namespace ordain::assess {
namespace {

/// Names in a list; more are counted.
constexpr std::size_t most_named = 12;

std::string short_name(const ObjectReference& object) {
    std::string name =
        object.schema.empty() || object.schema == "public" ? "" : object.schema + ".";
    if (!object.table.empty()) name += object.table + ".";
    name += object.name;
    if (object.kind == ObjectKind::function || object.kind == ObjectKind::procedure) {
        name += fmt::format("({})", fmt::join(object.arguments, ", "));
    }
    return name;
}

using Names = std::map<ObjectKind, std::vector<std::string>>;

/// A line for each kind of object.
void add_lines(std::string_view verb, const Names& by_kind, std::vector<std::string>& lines) {
    for (const auto& [kind, names] : by_kind) {
        const std::size_t count = names.size();
        const std::string more =
            count > most_named ? fmt::format(" and {} more", count - most_named) : std::string();
        const auto shown = static_cast<std::ptrdiff_t>(std::min(count, most_named));
        lines.push_back(fmt::format("{} {}: {}{}", verb, counted(count, name_of(kind)),
                                    fmt::join(names.begin(), names.begin() + shown, ", "), more));
    }
}

Names names_of(const std::vector<ObjectReference>& objects) {
    Names names;
    for (const ObjectReference& object : objects)
        names[object.kind].push_back(short_name(object));
    return names;
}

/// What is made or dropped with its table goes without saying.
std::vector<ObjectReference> without_parts(const std::vector<ObjectReference>& objects) {
    std::set<std::pair<std::string_view, std::string_view>> whole;
    for (const ObjectReference& object : objects) {
        if (object.table.empty()) whole.emplace(object.schema, object.name);
    }
    std::vector<ObjectReference> rest;
    std::ranges::copy_if(objects, std::back_inserter(rest), [&](const ObjectReference& object) {
        return object.table.empty() || !whole.contains({object.schema, object.table});
    });
    return rest;
}

/// Those of some objects that others do not have.
std::vector<ObjectReference> without(const std::vector<ObjectReference>& objects,
                                     const std::set<ObjectReference>& others) {
    std::vector<ObjectReference> rest;
    std::ranges::copy_if(objects, std::back_inserter(rest),
                         [&](const ObjectReference& object) { return !others.contains(object); });
    return rest;
}

/// "users.mail to users.email"; what is called otherwise only because its table is has no entry.
Names renamings(const std::vector<Renaming>& renamed) {
    Names names;
    for (const auto& [from, to] : renamed) {
        const bool itself =
            from.name != to.name || (from.table.empty() && from.schema != to.schema);
        if (!itself) continue;
        names[to.kind].push_back(fmt::format("{} to {}", short_name(from), short_name(to)));
    }
    return names;
}

std::string named(std::string_view verb, const std::vector<ObjectReference>& objects) {
    if (objects.empty()) return {};
    const std::string more =
        objects.size() > 1 ? fmt::format(" and {} more", objects.size() - 1) : std::string();
    return fmt::format("{} {}{}", verb, describe(objects.front()), more);
}

} // namespace

std::string counted(std::size_t count, std::string_view what) {
    if (count == 1) return fmt::format("1 {}", what);
    // The plural falls on the noun, not on what stands behind it.
    std::size_t end = what.size();
    for (const std::string_view behind : {" of ", " that "})
        end = std::min(end, what.find(behind));
    const std::string_view noun = what.substr(0, end);
    const std::string_view rest = what.substr(end);
    if (noun == "loss") return fmt::format("{} losses{}", count, rest);
    if (noun.ends_with("index")) return fmt::format("{} indexes", count);
    if (noun.ends_with('y'))
        return fmt::format("{} {}ies{}", count, noun.substr(0, noun.size() - 1), rest);
    return fmt::format("{} {}s{}", count, noun, rest);
}

std::vector<std::string> changes_in(const Difference& effects,
                                    const std::vector<ObjectReference>& destroyed) {
    std::set<ObjectReference> old_names;
    std::set<ObjectReference> new_names;
    for (const auto& [from, to] : effects.renamed) {
        old_names.insert(from);
        new_names.insert(to);
    }
    const std::set<ObjectReference> gone(destroyed.begin(), destroyed.end());
    const std::vector<ObjectReference> kept = without(effects.changed, gone);
    const std::set<ObjectReference> changed(kept.begin(), kept.end());
    std::vector<std::string> lines;
    add_lines("creates", names_of(without_parts(without(effects.created, new_names))), lines);
    add_lines("renames", renamings(effects.renamed), lines);
    add_lines("changes", names_of(kept), lines);
    add_lines("drops and makes anew", names_of(without(effects.changed, changed)), lines);
    add_lines("drops", names_of(without_parts(without(effects.dropped, old_names))), lines);
    for (const std::string& annotation : effects.annotations)
        lines.push_back(fmt::format("changes the {}", annotation));
    return lines;
}

std::vector<std::string> patterns_in(const std::vector<Statement>& statements) {
    constexpr std::array<std::pair<Guard, std::string_view>, 3> guards = {{
        {Guard::if_not_exists, "IF NOT EXISTS"},
        {Guard::if_exists, "IF EXISTS"},
        {Guard::or_replace, "OR REPLACE"},
    }};
    std::map<Guard, std::size_t> counts;
    std::size_t blocks = 0;
    for (const Statement& statement : statements) {
        for (const Action& action : statement.actions) {
            ++counts[action.guard];
            if (std::holds_alternative<Do>(action.payload)) ++blocks;
        }
    }
    std::vector<std::string> patterns;
    for (const auto& [guard, words] : guards) {
        if (counts[guard] > 0) patterns.push_back(fmt::format("{} ({})", words, counts[guard]));
    }
    if (blocks > 0) patterns.push_back(counted(blocks, "DO block"));
    return patterns;
}

std::string rollback_in_words(const RollbackAnswer& rollback) {
    switch (rollback.verdict) {
    case RollbackVerdict::restores: return "restores what was there";
    case RollbackVerdict::missing: return "there is no down script";
    case RollbackVerdict::unknown:
        return fmt::format("not known what it leaves: {}", rollback.failure.message);
    case RollbackVerdict::fails:
        return fmt::format("fails at statement {}: {}", rollback.failure.statement,
                           rollback.failure.message);
    case RollbackVerdict::differs: break;
    }
    std::vector<std::string> parts = {named("leaves behind", rollback.difference.created),
                                      named("loses", rollback.difference.dropped),
                                      named("changes", rollback.difference.changed)};
    if (!rollback.difference.annotations.empty()) {
        parts.push_back("changes the " + rollback.difference.annotations.front());
    }
    std::erase(parts, "");
    return fmt::format("{}", fmt::join(parts, "; "));
}

} // namespace ordain::assess
