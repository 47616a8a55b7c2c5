#include "replay/step.hpp"

#include "catalog/inheritance.hpp"
#include "catalog/rows.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <iterator>

namespace ordain::replay {

using catalog::Lookup;

Step::Step(Database& database,
           Session& session,
           const Action& action,
           Origin here,
           TransactionState transaction)
    : database_(database),
      session_(session),
      action_(action),
      here_(here),
      transaction_(transaction),
      resolver_(database.catalog, session.path, database.world),
      binder_(resolver_) {
    const bool looks_up = !std::holds_alternative<SetVariable>(action.payload) &&
                          !std::holds_alternative<Transaction>(action.payload);
    if (looks_up && !session.path.doubt.empty()) doubt(session.path.doubt);
}

bool Step::refuse(std::string_view sqlstate, std::string message, Span span) {
    if (refused()) return false;
    // What it is built on is in doubt: so is the refusal.
    if (outcome_.status == Outcome::Status::unknown) return false;
    outcome_.status = Outcome::Status::refused;
    outcome_.refusal = {.sqlstate = std::string(sqlstate),
                        .message = std::move(message),
                        .span = span.empty() ? action_.span : span};
    return false;
}

bool Step::refuse(const analyze::Problem& problem) {
    return refuse(problem.sqlstate, problem.message, problem.span);
}

bool Step::runs_outside_block(std::string_view command) {
    return !in_transaction_block() ||
           refuse("25001", fmt::format("{} cannot run inside a transaction block", command), {});
}

void Step::skip() {
    if (!refused()) outcome_.status = Outcome::Status::skipped;
}

void Step::doubt(std::string reason) {
    if (outcome_.status == Outcome::Status::refused) return;
    if (outcome_.status == Outcome::Status::unknown) return;
    outcome_.status = Outcome::Status::unknown;
    outcome_.reason = std::move(reason);
}

void Step::lock(ObjectId relation, LockMode mode) {
    if (is_builtin(relation) || mode == LockMode::none) return;
    const auto same = [relation](const LockTaken& taken) { return taken.relation == relation; };
    const auto found = std::ranges::find_if(outcome_.locks, same);
    if (found == outcome_.locks.end()) {
        outcome_.locks.push_back({.relation = relation, .mode = mode});
    } else if (mode > found->mode) {
        found->mode = mode;
    }
}

void Step::work(Work::Kind kind, ObjectId relation, std::string why) {
    outcome_.work.push_back({.kind = kind, .relation = relation, .why = std::move(why)});
}

void Step::possible_work(Work::Kind kind, ObjectId relation, std::string why) {
    outcome_.work.push_back(
        {.kind = kind, .relation = relation, .why = std::move(why), .certain = false});
}

void Step::depend(ObjectId object, Span span, Dependence::Kind kind, bool hard) {
    const Object* version = catalog().find(object);
    if (version == nullptr) return;
    const Origin origin = kind == Dependence::Kind::changed ? version->changed : version->named;
    if (origin.migration == 0 || origin.migration == here_.migration) return;
    const bool needed = kind == Dependence::Kind::changed || !version->remade;
    outcome_.dependences.push_back(
        {.kind = kind, .hard = hard && needed, .origin = origin, .object = object, .span = span});
}

bool Step::accept_uses(const analyze::Bound& bound) {
    for (const analyze::Use& use : bound.uses) {
        depend(use.object, use.span, Dependence::Kind::exists, !use.by_star);
        outcome_.named.push_back({.object = use.object, .span = use.span});
    }
    return bound.problem ? refuse(*bound.problem) : true;
}

bool Step::accept(const analyze::Bound& bound) {
    if (!accept_uses(bound)) return false;
    if (!bound.doubts.empty()) doubt(bound.doubts.front());
    return true;
}

bool Step::relation_may_be_missing() const {
    if (action_.relation_if_exists) return true;
    const bool subcommand = std::holds_alternative<DropColumn>(action_.payload) ||
                            std::holds_alternative<DropConstraint>(action_.payload) ||
                            std::holds_alternative<DropIdentity>(action_.payload) ||
                            std::holds_alternative<DropExpression>(action_.payload);
    return action_.guard == Guard::if_exists && !subcommand;
}

const Object*
Step::missing_relation(const QualifiedName& name, const Lookup& lookup, LockMode mode) {
    if (lookup.absent()) {
        if (relation_may_be_missing()) {
            skip();
            return nullptr;
        }
        const Lookup home = name.schema.empty() ? Lookup{} : resolver_.schema(name.schema.text);
        if (!name.schema.empty() && home.absent()) {
            refuse("3F000", fmt::format("schema \"{}\" does not exist", name.schema.text),
                   name.span());
        } else {
            refuse("42P01", fmt::format("relation \"{}\" does not exist", to_string(name)),
                   name.span());
        }
        return nullptr;
    }
    if (lookup.assumed) {
        database_.assumed.insert(fmt::format("relation \"{}\"", to_string(name)));
    } else {
        doubt(lookup.reason);
    }
    const Object* invented = invent_relation(name, action_.written_for, lookup.assumed);
    if (invented != nullptr) lock(invented->id, mode);
    return invented;
}

const Object* Step::relation(const QualifiedName& name, LockMode mode) {
    const Lookup lookup = resolver_.relation(name);
    if (lookup.object == nullptr) {
        if (!lookup.present()) return missing_relation(name, lookup, mode);
        refuse("42501",
               fmt::format("permission denied: \"{}\" is a system catalog", name.name.text),
               name.span());
        return nullptr;
    }
    lock(lookup.id, mode);
    depend(lookup.id, name.span(), Dependence::Kind::exists, !relation_may_be_missing());
    if (lookup.state == Lookup::State::maybe) {
        doubt(lookup.reason);
        put(*lookup.object); // From now on it is taken to be there.
        return catalog().find(lookup.id);
    }
    const std::string_view altered = catalog().alteration_doubt(*lookup.object);
    if (altered.empty()) return lookup.object;
    doubt(std::string(altered));
    put(*lookup.object);
    return catalog().find(lookup.id);
}

const Object* Step::table(const QualifiedName& name, LockMode mode) {
    const Object* found = relation(name, mode);
    if (found == nullptr) return nullptr;
    const bool table = found->kind == ObjectKind::table ||
                       found->kind == ObjectKind::partitioned_table ||
                       found->kind == ObjectKind::foreign_table;
    if (table) return found;
    refuse("42809", fmt::format("\"{}\" is not a table", found->name), name.span());
    return nullptr;
}

const Object* Step::column(const Object& relation, const Identifier& name) {
    const Lookup lookup = resolver_.column(relation.id, name.text);
    if (lookup.absent()) {
        refuse(
            "42703",
            fmt::format(R"(column "{}" of relation "{}" does not exist)", name.text, relation.name),
            name.span);
        return nullptr;
    }
    if (lookup.state == Lookup::State::maybe && !lookup.assumed) doubt(lookup.reason);
    if (lookup.object != nullptr) depend(lookup.id, name.span);
    return lookup.object;
}

const Object* Step::key_column(const Object& relation, const Identifier& name) {
    if (resolver_.column(relation.id, name.text).absent()) {
        refuse("42703", fmt::format("column \"{}\" does not exist", name.text), name.span);
        return nullptr;
    }
    return column(relation, name);
}

/// Nobody makes relations in pg_catalog (heap_create); a superuser makes other things there.
ObjectId Step::system_schema(const QualifiedName& name, ObjectId home) {
    const bool relation = std::holds_alternative<CreateTable>(action_.payload) ||
                          std::holds_alternative<CreateTableAs>(action_.payload) ||
                          std::holds_alternative<CreateView>(action_.payload) ||
                          std::holds_alternative<CreateSequence>(action_.payload);
    if (relation && home == pg_catalog_schema) {
        refuse("42501",
               fmt::format("permission denied to create \"pg_catalog.{}\"", name.name.text),
               name.span());
    } else {
        doubt("what is made in a system schema is not modelled");
    }
    return no_object;
}

ObjectId Step::creation_schema(const QualifiedName& name) {
    if (name.schema.empty()) {
        const Lookup home = resolver_.creation_schema();
        if (home.absent()) refuse("3F000", "no schema has been selected to create in", name.span());
        if (home.state == Lookup::State::maybe) doubt(home.reason);
        if (home.present() && is_builtin(home.id)) return system_schema(name, home.id);
        depend(home.id, name.span());
        return home.id;
    }
    const Lookup home = resolver_.schema(name.schema.text);
    if (home.absent()) {
        refuse("3F000", fmt::format("schema \"{}\" does not exist", name.schema.text),
               name.schema.span);
        return no_object;
    }
    if (home.present() && is_builtin(home.id)) {
        return system_schema(name, home.id);
    }
    if (home.state == Lookup::State::maybe) {
        if (home.assumed) {
            database_.assumed.insert(fmt::format("schema \"{}\"", name.schema.text));
        } else {
            doubt(home.reason);
        }
    }
    if (home.object != nullptr) {
        depend(home.id, name.schema.span);
        if (home.state == Lookup::State::present) return home.id;
        put(*home.object);
        return home.id;
    }
    Object schema = make(ObjectKind::schema, no_object, no_object, name.schema.text);
    schema.created = schema.named = schema.changed = {};
    schema.details = SchemaDetails{};
    const ObjectId id = schema.id;
    put(std::move(schema));
    return id;
}

Object Step::make(ObjectKind kind, ObjectId schema, ObjectId parent, std::string name) {
    Object object;
    object.id = catalog().allocate();
    object.kind = kind;
    object.schema = schema;
    object.parent = parent;
    object.name = std::move(name);
    object.created = here_;
    object.changed = here_;
    catalog().set_name_origin(object, parent != no_object ? parent : schema, here_);
    return object;
}

ObjectId Step::create(Object object, Span span) {
    const NameSpace space = name_space_of(object.kind);
    const bool in_parent = space == NameSpace::column || space == NameSpace::constraint ||
                           space == NameSpace::trigger || space == NameSpace::policy ||
                           space == NameSpace::rule;
    const ObjectId container = in_parent ? object.parent : object.schema;
    if (!span.empty()) need_free(space, container, object.name, span);
    const ObjectId id = object.id;
    catalog().put(std::move(object));
    return id;
}

void Step::need_free(NameSpace space, ObjectId container, const std::string& name, Span span) {
    const Tombstone* grave = catalog().tombstone(space, container, name);
    if (grave == nullptr || grave->removed.migration == here_.migration) return;
    const bool hard = action_.guard == Guard::none && !went_with_owner(*grave);
    outcome_.dependences.push_back({.kind = Dependence::Kind::gone,
                                    .hard = hard,
                                    .origin = grave->removed,
                                    .object = grave->object,
                                    .span = span});
}

bool Step::went_with_owner(const Tombstone& grave) const {
    const Catalog& objects = resolver_.catalog();
    const Object* object = objects.last_version(grave.object);
    if (object == nullptr) return false;
    const auto went_later = [&](ObjectId owner) {
        return owner != no_object && !is_builtin(owner) && objects.find(owner) == nullptr &&
               objects.removed_by(owner).migration != grave.removed.migration;
    };
    if (went_later(object->parent)) return true;
    return std::ranges::any_of(object->depends, [&](const Dependency& tie) {
        const bool owned =
            tie.type == DependencyType::automatic || tie.type == DependencyType::internal;
        return owned && went_later(tie.on);
    });
}

void Step::note_other_maker(ObjectId id) {
    const Object* object = catalog().find(id);
    if (object == nullptr || object->remade) return;
    if (object->named.migration == 0 || object->named.migration == here_.migration) return;
    Object made = *object;
    made.remade = true;
    put(std::move(made));
}

Object Step::change(ObjectId id) {
    Object object = catalog().at(id);
    object.changed = here_;
    return object;
}

/// In a complete history, what was not seen was made by a statement that was not read.
Origin Step::maker_of(std::string_view relation) {
    for (const std::string_view word : {relation, Catalog::any_word}) {
        const Taint* taint = catalog().taint(word);
        if (taint != nullptr && (taint->creates & Taint::bit(NameSpace::relation)) != 0)
            return taint->by;
    }
    return {};
}

const Object* Step::invent_relation(const QualifiedName& name, ObjectKind kind, bool assumed) {
    const ObjectId home = creation_schema(name);
    if (home == no_object) return nullptr;
    const bool relation_kind = name_space_of(kind) == NameSpace::relation &&
                               kind != ObjectKind::index && kind != ObjectKind::sequence;
    Object object = make(relation_kind ? kind : ObjectKind::table, home, no_object, name.name.text);
    object.named = object.changed = {};
    object.created = assumed ? Origin{} : maker_of(name.name.text);
    object.unknown = "its definition was not seen";
    object.open = assumed;
    RelationDetails details;
    details.invented = true;
    details.rows = RelationDetails::Rows::unknown;
    object.details = std::move(details);
    const ObjectId id = object.id;
    put(std::move(object));
    return catalog().find(id);
}

void Step::set_rows_unknown(ObjectId relation) {
    const Object* object = catalog().find(relation);
    const auto* details = object == nullptr ? nullptr : object->get_if<RelationDetails>();
    if (details == nullptr) return;
    std::vector<ObjectId> filled = {relation};
    // The rows of a partitioned table are in its partitions.
    if (object->kind == ObjectKind::partitioned_table)
        std::ranges::copy(catalog::descendants(catalog(), relation), std::back_inserter(filled));
    for (const ObjectId id : filled) {
        if (catalog().at(id).as<RelationDetails>().rows == RelationDetails::Rows::unknown) continue;
        Object table = catalog().at(id);
        table.as<RelationDetails>().rows = RelationDetails::Rows::unknown;
        put(std::move(table));
    }
}

bool Step::empty(ObjectId relation) const {
    return catalog::is_empty(resolver_.catalog(), relation);
}

bool Step::existed(ObjectId relation) const {
    const Object* object = resolver_.catalog().find(relation);
    return object != nullptr && object->created.migration != here_.migration;
}

std::string_view noun(ObjectKind kind) {
    switch (kind) {
    case ObjectKind::partitioned_table: return "table";
    case ObjectKind::enum_:
    case ObjectKind::range:
    case ObjectKind::composite_type: return "type";
    default: return name_of(kind);
    }
}

} // namespace ordain::replay
