#include "lint/row_uses.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace ordain::lint {
namespace {

/// The places at which a query names what it hands on.
using Places = std::vector<Span>;

void add(const Query& query, Places& values);

void add(const Expression& expression, Places& values) {
    if (expression.kind == Expression::Kind::column_reference) values.push_back(expression.span);
    for (const Expression& operand : expression.operands)
        add(operand, values);
    if (expression.query != nullptr) add(*expression.query, values);
}

void add(const FromItem& item, Places& values) {
    if (item.query != nullptr) add(*item.query, values);
    for (const FromItem& side : item.sides)
        add(side, values);
}

/// Conditions and orders choose among rows; what they name is not written anywhere.
void add(const Query& query, Places& values) {
    for (const std::vector<Target>* targets : {&query.targets, &query.conflict_set}) {
        for (const Target& target : *targets)
            add(target.expression, values);
    }
    for (const std::vector<Expression>& row : query.values) {
        for (const Expression& value : row)
            add(value, values);
    }
    for (const CommonTableExpression& expression : query.with)
        add(expression.query, values);
    for (const FromItem& item : query.from)
        add(item, values);
    for (const Query& arm : query.arms)
        add(arm, values);
}

/// The query whose values an action writes somewhere; null when it writes none.
const Query* writing_query(const ActionContext& context) {
    if (const auto* made = context.action_as<CreateTableAs>())
        return made->materialized_view || made->with_no_data ? nullptr : &made->query;
    const auto* run = context.action_as<RunQuery>();
    if (run == nullptr) return nullptr;
    switch (run->query.kind) {
    case Query::Kind::insert:
    case Query::Kind::update:
    case Query::Kind::merge: return &run->query;
    case Query::Kind::select:
    case Query::Kind::values:
    case Query::Kind::set_operation: return run->query.into.name.empty() ? nullptr : &run->query;
    case Query::Kind::delete_:
    case Query::Kind::unsupported: break;
    }
    return nullptr;
}

/// What a query hands on of each relation: names of columns, or none where it is whole rows.
std::map<ObjectId, std::vector<std::string>> handed_on(const ActionContext& context,
                                                       const Query& query) {
    Places places;
    lint::add(query, places);
    std::map<ObjectId, std::vector<std::string>> columns;
    std::set<ObjectId> whole;
    for (const NamedObject& named : context.outcome.named) {
        const bool handed = std::ranges::any_of(places, [&](const Span& place) {
            return place.begin <= named.span.begin && named.span.begin < place.end;
        });
        const Object* object = handed ? context.catalog.find(named.object) : nullptr;
        if (object == nullptr) continue;
        if (object->kind == ObjectKind::column) {
            columns[object->parent].push_back(object->name);
        } else if (name_space_of(object->kind) == NameSpace::relation) {
            whole.insert(object->id);
        }
    }
    for (const ObjectId relation : whole)
        columns[relation].clear();
    return columns;
}

bool is_written_itself(const ActionContext& context, ObjectId relation) {
    return std::ranges::any_of(context.outcome.locks, [&](const LockTaken& lock) {
        return lock.relation == relation && lock.mode >= LockMode::row_exclusive;
    });
}

/// The relations that a statement which was not read names, where it may write rows.
std::vector<ObjectId> maybe_copied(const ActionContext& context) {
    if (context.action_as<Unmodelled>() == nullptr) return {};
    std::set<std::string_view> words;
    for (const Mention& mention : context.action.mentions)
        words.insert(mention.word);
    const bool writes = words.contains("insert") || words.contains("update") ||
                        words.contains("merge") || words.contains("create");
    if (!writes) return {};
    std::vector<ObjectId> relations;
    for (const Object* object : context.catalog.objects()) {
        const bool table =
            object->kind == ObjectKind::table || object->kind == ObjectKind::partitioned_table;
        if (table && words.contains(object->name)) relations.push_back(object->id);
    }
    return relations;
}

} // namespace

void RowUses::begin(const Plan& plan, const Migration& migration) {
    if (std::exchange(migration_, migration.ordinal) == migration.ordinal || plan.base) return;
    uses_.clear();
    moments_.clear();
}

void RowUses::note(const ActionContext& context, std::size_t moment) {
    const Outcome& outcome = context.outcome;
    const bool runs =
        outcome.status == Outcome::Status::done || outcome.status == Outcome::Status::unknown;
    if (!runs) return;
    const Location where{.file = context.migration.up.file, .span = context.action.span};
    const bool truncates = context.action_as<Truncate>() != nullptr;
    for (const Work& work : outcome.work) {
        const bool deletes = work.kind == Work::Kind::delete_ && work.certain;
        if (!truncates && !deletes) continue;
        add({.kind = truncates ? RowUse::Kind::truncated : RowUse::Kind::deleted,
             .relation = work.relation,
             .where = where},
            moment);
    }
    for (const ObjectId relation : maybe_copied(context)) {
        add({.kind = RowUse::Kind::copied,
             .relation = relation,
             .elsewhere = true,
             .certain = false,
             .where = where},
            moment);
    }
    const Query* query = writing_query(context);
    if (query == nullptr) return;
    for (auto& [relation, columns] : handed_on(context, *query)) {
        add({.kind = RowUse::Kind::copied,
             .relation = relation,
             .columns = std::move(columns),
             .elsewhere = !is_written_itself(context, relation),
             .where = where},
            moment);
    }
}

void RowUses::take_back(std::size_t moment) {
    while (!moments_.empty() && moments_.back() > moment) {
        moments_.pop_back();
        uses_.pop_back();
    }
}

void RowUses::add(RowUse use, std::size_t moment) {
    uses_.push_back(std::move(use));
    moments_.push_back(moment);
}

bool has_no_pages(const ActionContext& context, ObjectId relation) {
    const RowUse* use = context.emptied(relation);
    return use != nullptr && use->kind == RowUse::Kind::truncated;
}

} // namespace ordain::lint
