#include "catalog/builtin.hpp"
#include "replay/actions.hpp"
#include "replay/relations.hpp"
#include "text/letter_case.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

using catalog::Lookup;

bool is_relation(ObjectKind kind) {
    return name_space_of(kind) == NameSpace::relation;
}

std::string missing_message(const ObjectName& name) {
    if (is_relation(name.kind))
        return fmt::format("relation \"{}\" does not exist", to_string(name.name));
    const bool type = name.kind == ObjectKind::domain || name.kind == ObjectKind::type;
    return fmt::format("{} \"{}\" does not exist", type ? "type" : name_of(name.kind),
                       to_string(name.name));
}

std::string_view missing_state(ObjectKind kind) {
    if (is_relation(kind)) return "42P01";
    return kind == ObjectKind::schema ? "3F000" : "42704";
}

/// A part of a relation: the relation is opened with `mode`.
const Object* find_part(Step& step, const ObjectName& name, LockMode mode) {
    const Object* relation = step.relation(name.relation, mode);
    if (relation == nullptr) return nullptr;
    if (name.kind == ObjectKind::column) return step.column(*relation, name.name.name);
    const Lookup lookup =
        step.resolver().part(name_space_of(name.kind), relation->id, name.name.name.text);
    if (lookup.absent()) {
        step.refuse("42704",
                    fmt::format(R"({} "{}" for table "{}" does not exist)", name_of(name.kind),
                                name.name.name.text, relation->name),
                    name.name.span());
        return nullptr;
    }
    if (lookup.state == Lookup::State::maybe && !lookup.assumed) step.doubt(lookup.reason);
    if (lookup.object != nullptr) step.depend(lookup.id, name.name.span());
    return lookup.object;
}

Lookup look_up(Step& step, const ObjectName& name) {
    switch (name_space_of(name.kind)) {
    case NameSpace::schema: return step.resolver().schema(name.name.name.text);
    case NameSpace::type: return step.resolver().type(name.name);
    case NameSpace::statistics: return step.resolver().in_schema(NameSpace::statistics, name.name);
    default: return step.resolver().global(name_space_of(name.kind), name.name.name.text);
    }
}

/// plpgsql is there before any migration, until one drops it.
bool is_preinstalled(Step& step, const ObjectName& name) {
    if (name.kind != ObjectKind::extension) return false;
    const std::string& bare = name.name.name.text;
    const auto* extension = catalog::find_extension(bare);
    return extension != nullptr && extension->preinstalled &&
           step.catalog().tombstone(NameSpace::extension, no_object, bare) == nullptr;
}

/// Null after refusal, and for what the replay keeps no object of.
const Object*
find_object(Step& step, const ObjectName& name, LockMode relation_mode, LockMode part_mode) {
    switch (name.kind) {
    case ObjectKind::column:
    case ObjectKind::constraint:
    case ObjectKind::trigger:
    case ObjectKind::policy:
    case ObjectKind::rule:
        if (name.on_domain) return nullptr;
        return find_part(step, name, part_mode);
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::aggregate: {
        const auto found = step.binder().bind_signature(name.function, name.kind);
        if (found.problem) {
            step.refuse(*found.problem);
            return nullptr;
        }
        if (!found.doubt.empty()) step.doubt(found.doubt);
        if (found.function != nullptr) step.depend(found.function->id, name.function.name.span());
        return found.function;
    }
    case ObjectKind::table:
    case ObjectKind::partitioned_table:
    case ObjectKind::foreign_table:
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::sequence:
    case ObjectKind::composite_type:
    case ObjectKind::index: return step.relation(name.name, relation_mode);
    case ObjectKind::schema:
    case ObjectKind::type:
    case ObjectKind::domain:
    case ObjectKind::enum_:
    case ObjectKind::range:
    case ObjectKind::extension:
    case ObjectKind::publication:
    case ObjectKind::event_trigger:
    case ObjectKind::statistics: {
        const Lookup lookup = look_up(step, name);
        if (lookup.absent() && is_preinstalled(step, name)) return nullptr;
        if (lookup.absent()) {
            step.refuse(missing_state(name.kind), missing_message(name), name.name.span());
            return nullptr;
        }
        if (lookup.state == Lookup::State::maybe && !lookup.assumed) step.doubt(lookup.reason);
        if (lookup.object != nullptr) step.depend(lookup.id, name.name.span());
        return lookup.object;
    }
    default: return nullptr; // Roles, databases, casts, operators: no object is kept.
    }
}

/// COMMENT names an object by its kind (get_object_address).
bool has_written_kind(Step& step, const ObjectName& name, const Object& found) {
    if (!found.unknown.empty()) return true;
    const ObjectKind kind =
        found.kind == ObjectKind::partitioned_table ? ObjectKind::table : found.kind;
    const bool checked = is_relation(name.kind) || name.kind == ObjectKind::domain;
    if (!checked || kind == name.kind) return true;
    return step.refuse("42809",
                       fmt::format("\"{}\" is not {} {}", found.name,
                                   name.kind == ObjectKind::index ? "an" : "a", name_of(name.kind)),
                       name.name.span());
}

/// Privileges by kind of object (ExecuteGrantStmt).
struct Privileges {
    ObjectKind kind;
    std::string_view noun;
    std::string_view words; ///< Blanks around each.
};
constexpr std::string_view column_privileges = " select insert update references ";
constexpr std::string_view table_privileges =
    " select insert update delete truncate references trigger ";
constexpr auto privileges_of_kinds = std::to_array<Privileges>({
    {ObjectKind::table, "relation",
     " select insert update delete truncate references trigger usage "},
    {ObjectKind::sequence, "sequence", " select update usage "},
    {ObjectKind::schema, "schema", " create usage "},
    {ObjectKind::database, "database", " create temporary temp connect "},
    {ObjectKind::function, "function", " execute "},
    {ObjectKind::procedure, "procedure", " execute "},
    {ObjectKind::type, "type", " usage "},
    {ObjectKind::domain, "domain", " usage "},
    {ObjectKind::language, "language", " usage "},
});

bool has_word(std::string_view words, const std::string& word) {
    return words.find(" " + word + " ") != std::string_view::npos;
}

bool privileges_fit(Step& step, const Grant& grant, const Object& object) {
    constexpr std::string_view all = " select insert update delete truncate references trigger "
                                     "usage create temporary temp connect execute ";
    const auto refuse = [&](const std::string& word, std::string_view noun) {
        return step.refuse(
            "0LP01", fmt::format("invalid privilege type {} for {}", text::upper_case(word), noun),
            {});
    };
    const auto* const row =
        std::ranges::find(privileges_of_kinds, grant.object.kind, &Privileges::kind);
    if (row == privileges_of_kinds.end() || !object.unknown.empty()) return true;
    if (row->kind == ObjectKind::sequence && object.kind != ObjectKind::sequence) {
        return step.refuse("42809", fmt::format("\"{}\" is not a sequence", object.name),
                           grant.object.name.span());
    }
    const bool table = row->kind == ObjectKind::table && object.kind != ObjectKind::sequence;
    for (const std::string& word : grant.privileges) {
        if (!has_word(all, word))
            return step.refuse("42601", fmt::format("unrecognized privilege type \"{}\"", word),
                               {});
        if (!grant.columns.empty()) {
            if (!has_word(column_privileges, word)) return refuse(word, "column");
        } else if (!has_word(row->words, word)) {
            return refuse(word, row->noun);
        } else if (table && !has_word(table_privileges, word)) {
            return refuse(word, "table");
        }
    }
    const auto everyone = [](const Identifier& role) { return role.text == "public"; };
    if (grant.grant_option && !grant.revoke && std::ranges::any_of(grant.grantees, everyone))
        return step.refuse("0LP01", "grant options can only be granted to roles", {});
    return true;
}

/// Whether it is the role that runs the migrations.
bool is_current(Step& step, const Identifier& role) {
    return role.text == step.session().path.user || role.text == "current_user" ||
           role.text == "current_role" || role.text == "session_user";
}

std::vector<std::string> split_words(std::string_view words) {
    std::vector<std::string> made;
    while (!words.empty()) {
        const std::size_t blank = std::min(words.find(' '), words.size());
        if (blank > 0) made.emplace_back(words.substr(0, blank));
        words.remove_prefix(std::min(blank + 1, words.size()));
    }
    return made;
}

/// The privileges by name: ALL stands for those of the kind (ACL_ALL_RIGHTS_*).
std::vector<std::string> privileges_of(const Grant& grant, const Object& object) {
    if (!grant.privileges.empty()) return grant.privileges;
    if (!grant.columns.empty()) return split_words(column_privileges);
    if (object.get_if<RelationDetails>() != nullptr) return split_words(table_privileges);
    const ObjectKind kind =
        object.kind == ObjectKind::sequence ? ObjectKind::sequence : grant.object.kind;
    const auto* const row = std::ranges::find(privileges_of_kinds, kind, &Privileges::kind);
    return row == privileges_of_kinds.end() ? std::vector<std::string>{"all"}
                                            : split_words(row->words);
}

void add_line(std::vector<std::string>& lines, const std::string& line) {
    if (std::ranges::count(lines, line) == 0) lines.push_back(line);
}

/// One line a privilege, "role=select" or "role=select(column)"; with '*' it may be passed on.
void change_line(std::vector<std::string>& lines, const Grant& grant, const std::string& line) {
    if (!grant.revoke) {
        add_line(lines, line);
        if (grant.grant_option) add_line(lines, line + "*");
        return;
    }
    std::erase(lines, line + "*");
    if (grant.grant_option) return; // GRANT OPTION FOR leaves the privilege.
    std::erase(lines, line);
    // A table's privilege goes with those of its columns.
    if (grant.columns.empty())
        std::erase_if(lines,
                      [&](const std::string& other) { return other.starts_with(line + "("); });
}

void change_grants(Step& step, const Object& object, const Grant& grant) {
    Object changed = object;
    for (const Identifier& grantee : grant.grantees) {
        for (const std::string& privilege : privileges_of(grant, object)) {
            const std::string line = grantee.text + "=" + privilege;
            if (grant.columns.empty()) change_line(changed.grants, grant, line);
            for (const Identifier& column : grant.columns)
                change_line(changed.grants, grant, line + "(" + column.text + ")");
        }
    }
    std::ranges::sort(changed.grants);
    if (changed.grants != object.grants) step.put(std::move(changed));
}

/// Whether ON ALL ... IN SCHEMA means an object of the schema.
bool is_among(ObjectKind written, const Object& member) {
    if (written == ObjectKind::table)
        return member.get_if<RelationDetails>() != nullptr &&
               member.kind != ObjectKind::composite_type;
    if (written == ObjectKind::sequence) return member.kind == ObjectKind::sequence;
    return name_space_of(member.kind) == name_space_of(written);
}

} // namespace

void apply(Step& step, const SetOwner& set) {
    const Object* object =
        find_object(step, set.object, LockMode::access_exclusive, LockMode::access_exclusive);
    if (step.refused()) return;
    use_role(step, set.role);
    if (object == nullptr || step.refused()) return;
    step.target(object->id);
    Object changed = *object; // As a comment, no change of the definition.
    changed.owner = is_current(step, set.role) ? std::string() : set.role.text;
    if (changed.owner != object->owner) step.put(std::move(changed));
}

void apply(Step& step, const CommentOn& comment) {
    const bool column = comment.object.kind == ObjectKind::column;
    const Object* object =
        find_object(step, comment.object, LockMode::share_update_exclusive,
                    column ? LockMode::share_update_exclusive : LockMode::access_share);
    if (object == nullptr || step.refused() || !has_written_kind(step, comment.object, *object))
        return;
    Object changed = *object; // A comment is no change of the definition.
    changed.comment = comment.text.value_or("");
    step.target(object->id);
    step.put(std::move(changed));
}

void apply(Step& step, const Grant& grant) {
    for (const Identifier& grantee : grant.grantees) {
        if (!step.refused()) use_role(step, grantee);
    }
    if (step.refused()) return;
    if (grant.all_in_schema) {
        const Lookup home = step.resolver().schema(grant.object.name.name.text);
        if (home.absent()) {
            step.refuse("3F000",
                        fmt::format("schema \"{}\" does not exist", grant.object.name.name.text),
                        grant.object.name.span());
            return;
        }
        for (const ObjectId id : step.catalog().members(home.id)) {
            const Object& member = step.catalog().at(id);
            if (is_among(grant.object.kind, member)) change_grants(step, member, grant);
        }
        return;
    }
    const Object* object = find_object(step, grant.object, LockMode::none, LockMode::none);
    if (object == nullptr || step.refused()) return;
    if (!privileges_fit(step, grant, *object)) return;
    for (const Identifier& name : grant.columns) {
        if (step.column(*object, name) == nullptr && step.refused()) return;
    }
    step.target(object->id);
    change_grants(step, *object, grant);
}

void apply(Step& step, const GrantRole& grant) {
    for (const Identifier& role : grant.roles) {
        if (!step.refused()) use_role(step, role);
    }
    for (const Identifier& grantee : grant.grantees) {
        if (!step.refused()) use_role(step, grantee);
    }
}

} // namespace ordain::replay
