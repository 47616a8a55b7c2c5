#include "catalog/inheritance.hpp"
#include "replay/actions.hpp"
#include "replay/dependency.hpp"
#include "replay/evaluate.hpp"
#include "replay/relations.hpp"
#include "replay/row_checks.hpp"
#include "replay/taint.hpp"
#include "text/identifier_list.hpp"
#include "text/letter_case.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace ordain::replay {
namespace {

using analyze::Access;

LockMode mode_of(Access access) {
    switch (access) {
    case Access::read: return LockMode::access_share;
    case Access::read_for_update: return LockMode::row_share;
    case Access::insert:
    case Access::update:
    case Access::delete_: return LockMode::row_exclusive;
    }
    return LockMode::access_share;
}

void lock_all(Step& step, const analyze::BoundQuery& bound) {
    for (const analyze::RelationAccess& access : bound.relations) {
        step.lock(access.relation, mode_of(access.access));
    }
}

/// What reads rows that an earlier migration wrote depends on it softly.
void note_data_dependencies(Step& step, const analyze::BoundQuery& bound) {
    for (const analyze::RelationAccess& access : bound.relations) {
        if (access.access == Access::read && !step.empty(access.relation)) {
            step.depend(access.relation, access.span, Dependence::Kind::data, false);
        }
    }
}

/// A called function may do anything that its body mentions.
void run_called_functions(Step& step, const analyze::BoundQuery& bound) {
    for (const ObjectId id : bound.calls) {
        const Object* function = step.catalog().find(id);
        if (function == nullptr) continue;
        const auto* details = function->get_if<FunctionDetails>();
        const bool pure = details != nullptr && details->volatility != 'v';
        if (pure || rows_of(step, bound) == RelationDetails::Rows::none) continue;
        const std::string reason =
            fmt::format("it calls function \"{}\", whose body is not interpreted", function->name);
        taint_body(step, *function, reason);
        step.doubt(reason);
    }
}

void select_into(Step& step, const Query& query, const analyze::BoundQuery& bound) {
    const ObjectId schema = step.creation_schema(query.into);
    if (schema == no_object || step.refused()) return;
    if (!name_is_free(step, schema, query.into)) return;
    if (!type_name_is_free(step, schema, query.into.name)) return;
    Object table = step.make(ObjectKind::table, schema, no_object, query.into.name.text);
    RelationDetails details;
    details.rows = rows_of(step, bound);
    table.details = std::move(details);
    const ObjectId id = step.create(std::move(table), query.into.name.span);
    step.target(id);
    add_query_columns(step, id, bound, {});
}

bool is_constant_set_config(const Target& target) {
    const Expression& call = target.expression;
    return call.kind == Expression::Kind::function_call && call.operands.size() == 3 &&
           call.names.back().text == "set_config" &&
           std::ranges::all_of(call.operands, [](const Expression& operand) {
               return operand.kind == Expression::Kind::string_constant ||
                      operand.kind == Expression::Kind::boolean_constant;
           });
}

/// set_config() with constants does what SET and SET LOCAL do. True when the query does nothing
/// else and cannot fail: search_path and custom settings take any value.
bool set_by_function(Step& step, const Query& query) {
    bool certain = query.from.empty() && !query.where && !query.targets.empty();
    for (const Target& target : query.targets) {
        if (!is_constant_set_config(target)) {
            certain = false;
            continue;
        }
        const std::vector<Expression>& operands = target.expression.operands;
        const std::string name = text::lower_case(operands[0].value);
        const bool path = name == "search_path";
        certain = certain && (path || name.find('.') != std::string::npos);
        const bool local = operands[2].value == "true";
        if (local && !step.in_transaction_block()) continue;
        if (local) step.session().remember_outer();
        if (path) {
            step.session().path.set(text::split_identifiers(operands[1].value));
        } else {
            step.session().settings[name] = operands[1].value;
        }
    }
    return certain;
}

/// ExecOpenScanRelation: what WITH NO DATA left cannot be read.
bool sources_populated(Step& step, const analyze::BoundQuery& bound) {
    for (const analyze::RelationAccess& access : bound.relations) {
        const Object* source = step.catalog().find(access.relation);
        const auto* details = source == nullptr ? nullptr : source->get_if<RelationDetails>();
        if (details == nullptr || details->populated) continue;
        return step.refuse(
            "55000", fmt::format("materialized view \"{}\" has not been populated", source->name),
            {});
    }
    return true;
}

/// Whether all of a condition can be judged by the columns that it names.
bool is_plain(const Expression& condition) {
    return condition.kind != Expression::Kind::unsupported && condition.query == nullptr &&
           std::ranges::all_of(condition.operands, is_plain);
}

bool mentions(const BoundText& text, ObjectId object) {
    return std::ranges::count(text.pieces, object, &BoundText::Piece::object) > 0;
}

/// Whether an index of the relation could be looked into for a condition on the column.
bool may_be_served(const Catalog& catalog, ObjectId relation, ObjectId column) {
    return std::ranges::any_of(catalog.children(relation), [&](ObjectId child) {
        const auto* index = catalog.at(child).get_if<IndexDetails>();
        if (index == nullptr) return false;
        return mentions(index->predicate, column) ||
               std::ranges::any_of(index->elements, [&](const IndexDetails::Element& element) {
                   return element.column == column || mentions(element.expression, column);
               });
    });
}

/// Adds the columns of a relation that a condition names.
void add_columns(const Catalog& catalog,
                 const Expression& condition,
                 ObjectId relation,
                 std::vector<ObjectId>& columns) {
    if (condition.kind == Expression::Kind::column_reference && !condition.names.empty()) {
        const Object* column =
            catalog.find(NameSpace::column, relation, condition.names.back().text);
        if (column != nullptr) columns.push_back(column->id);
    }
    for (const Expression& operand : condition.operands)
        add_columns(catalog, operand, relation, columns);
}

/// Whether UPDATE or DELETE certainly reads its table from end to end: there is no condition, or
/// none that an index could serve. Subqueries and partitions are left aside.
bool reads_every_row(Step& step, const Query& query, ObjectId id) {
    if (!query.where) return true;
    const Object* table = step.catalog().find(id);
    const bool certain = table != nullptr && table->kind == ObjectKind::table &&
                         !table->as<RelationDetails>().invented && query.from.empty() &&
                         is_plain(*query.where);
    if (!certain) return false;
    std::vector<ObjectId> columns;
    add_columns(step.catalog(), *query.where, id, columns);
    return !columns.empty() && std::ranges::none_of(columns, [&](ObjectId column) {
        return may_be_served(step.catalog(), id, column);
    });
}

void note_full_scan(Step& step, const Query& query, const analyze::BoundQuery& bound) {
    const bool update = query.kind == Query::Kind::update;
    if (!update && query.kind != Query::Kind::delete_) return;
    const auto target =
        std::ranges::find(bound.relations, update ? Access::update : Access::delete_,
                          &analyze::RelationAccess::access);
    if (target == bound.relations.end()) return;
    const ObjectId id = target->relation;
    if (!reads_every_row(step, query, id)) return;
    step.work(Work::Kind::scan, id,
              query.where ? "no index serves the condition"
              : update    ? "every row is updated"
                          : "every row is deleted");
}

/// Whether WHERE leaves out no row, whatever the rows are.
bool holds_for_every_row(Step& step, const std::optional<Expression>& where) {
    if (!where) return true;
    const Variables none;
    Evaluator evaluator(step.resolver(), step.session(), step.database().assumed, none);
    return evaluator.constant(*where).is_true();
}

/// UPDATE and DELETE of every row, in WITH as well.
void note_work(Step& step, const Query& query) {
    for (const CommonTableExpression& expression : query.with)
        note_work(step, expression.query);
    const bool deletes = query.kind == Query::Kind::delete_;
    const bool changes = deletes || query.kind == Query::Kind::update;
    if (!changes || !holds_for_every_row(step, query.where)) return;
    const catalog::Lookup target = step.resolver().relation(query.target_relation);
    const bool system_catalog = target.present() && target.object == nullptr;
    if (system_catalog) return;
    step.work(deletes ? Work::Kind::delete_ : Work::Kind::update, target.id,
              query.where ? "WHERE is true of every row" : "there is no WHERE");
    step.outcome().work.back().span = query.target_relation.span();
}

} // namespace

RelationDetails::Rows rows_of(Step& step, const analyze::BoundQuery& bound) {
    if (!bound.returns_no_rows_if_empty || bound.relations.empty()) {
        return RelationDetails::Rows::unknown;
    }
    const auto empty = [&](const analyze::RelationAccess& access) {
        const bool reads =
            access.access == Access::read || access.access == Access::read_for_update;
        return !reads || step.empty(access.relation);
    };
    return std::ranges::all_of(bound.relations, empty) ? RelationDetails::Rows::none
                                                       : RelationDetails::Rows::unknown;
}

void doubt_evaluation(Step& step, const analyze::BoundQuery& bound) {
    if (bound.may_fail.empty()) return;
    if (rows_of(step, bound) == RelationDetails::Rows::unknown) step.doubt(bound.may_fail);
}

void apply(Step& step, const RunQuery& run) {
    const analyze::BoundQuery bound = step.binder().bind_query(run.query, step.variables());
    lock_all(step, bound);
    if (!step.accept(bound) || !sources_populated(step, bound)) return;
    note_data_dependencies(step, bound);
    note_work(step, run.query);
    run_called_functions(step, bound);
    note_full_scan(step, run.query, bound);
    switch (run.query.kind) {
    case Query::Kind::insert: return check_insert(step, run.query, bound);
    case Query::Kind::update: return check_update(step, run.query, bound);
    case Query::Kind::delete_: return check_delete(step, run.query, bound);
    case Query::Kind::merge:
    case Query::Kind::unsupported:
        for (const analyze::RelationAccess& access : bound.relations) {
            step.set_rows_unknown(access.relation);
        }
        step.doubt("this kind of query is not modelled");
        return;
    case Query::Kind::select:
    case Query::Kind::values:
    case Query::Kind::set_operation: break;
    }
    if (!set_by_function(step, run.query)) doubt_evaluation(step, bound);
    for (const analyze::RelationAccess& access : bound.relations) {
        const bool writes =
            access.access != Access::read && access.access != Access::read_for_update;
        if (!writes) continue;
        step.set_rows_unknown(access.relation);
        step.doubt("a data-modifying WITH is not modelled");
    }
    if (!run.query.into.name.empty()) select_into(step, run.query, bound);
}

namespace {

/// Named, with those that inherit from them; empty after a refusal.
std::vector<ObjectId> truncated_tables(Step& step, const Truncate& truncate) {
    std::vector<ObjectId> tables;
    const auto add = [&](ObjectId id) {
        if (std::ranges::count(tables, id) == 0) tables.push_back(id);
    };
    for (const TruncatedTable& each : truncate.tables) {
        const Object* table = step.table(each.name, LockMode::access_exclusive);
        if (table == nullptr) return {};
        if (each.only && table->kind == ObjectKind::partitioned_table) {
            step.refuse("42809", "cannot truncate only a partitioned table", each.name.span());
            return {};
        }
        const ObjectId id = table->id;
        step.target(id);
        add(id);
        if (each.only) continue;
        for (const ObjectId descendant : catalog::descendants(step.catalog(), id)) {
            step.lock(descendant, LockMode::access_exclusive);
            add(descendant);
        }
    }
    return tables;
}

/// Adds those that reference one of the tables. False where they stand in the way.
bool take_referencing(Step& step, const Truncate& truncate, std::vector<ObjectId>& tables) {
    for (std::size_t index = 0; index < tables.size(); ++index) {
        if (truncate.behavior == DropBehavior::restrict_) {
            depend_on_removals(step, tables[index], Clearance::truncate);
        }
        for (const ObjectId id : step.catalog().dependents(tables[index])) {
            const Object& dependent = step.catalog().at(id);
            const auto* constraint = dependent.get_if<ConstraintDetails>();
            if (constraint == nullptr || constraint->referenced != tables[index]) continue;
            if (std::ranges::count(tables, dependent.parent) > 0) continue;
            if (truncate.behavior == DropBehavior::restrict_) {
                return step.refuse("0A000",
                                   "cannot truncate a table referenced in a foreign key constraint",
                                   truncate.tables.front().name.span());
            }
            tables.push_back(dependent.parent);
            step.lock(dependent.parent, LockMode::access_exclusive);
        }
    }
    return true;
}

} // namespace

void apply(Step& step, const Truncate& truncate) {
    std::vector<ObjectId> tables = truncated_tables(step, truncate);
    if (!take_referencing(step, truncate, tables)) return;
    for (const ObjectId id : tables) {
        step.work(Work::Kind::rewrite, id, "TRUNCATE gives the table new storage");
        doubt_triggers(step, id, "truncate", false);
        Object emptied = step.catalog().at(id);
        if (emptied.as<RelationDetails>().invented) continue;
        emptied.as<RelationDetails>().rows = RelationDetails::Rows::none;
        step.put(std::move(emptied));
    }
}

void apply(Step& step, const CopyRows& copy) {
    if (copy.query) {
        const analyze::BoundQuery bound = step.binder().bind_query(*copy.query);
        lock_all(step, bound);
        step.accept(bound);
        return;
    }
    const Object* relation =
        step.relation(copy.relation, copy.from ? LockMode::row_exclusive : LockMode::access_share);
    if (relation == nullptr) return;
    for (const Identifier& name : copy.columns) {
        if (step.column(*relation, name) == nullptr && step.refused()) return;
    }
    step.target(relation->id);
    if (!copy.from) return;
    step.set_rows_unknown(relation->id);
    step.doubt("rows of COPY are not checked");
}

void apply(Step& step, const LockTable& lock) {
    if (!step.in_transaction_block()) {
        step.refuse("25P01", "LOCK TABLE can only be used in transaction blocks", {});
        return;
    }
    for (const QualifiedName& name : lock.tables) {
        const Object* table = step.relation(name, lock_mode(lock.mode));
        if (table == nullptr) return;
        step.target(table->id);
    }
}

namespace {

LockMode maintenance_mode(const Maintain& maintain) {
    const bool rewrites = maintain.full || maintain.command == "CLUSTER";
    if (rewrites) return LockMode::access_exclusive;
    if (maintain.command == "REINDEX") {
        return maintain.concurrently ? LockMode::share_update_exclusive : LockMode::share;
    }
    return LockMode::share_update_exclusive;
}

bool allowed_in_block(Step& step, const Maintain& maintain) {
    const bool all = maintain.relations.empty();
    const bool alone = maintain.command == "VACUUM" ||
                       (maintain.command == "REINDEX" &&
                        (maintain.concurrently || maintain.object_kind == "schema" ||
                         maintain.object_kind == "database" || maintain.object_kind == "system")) ||
                       (maintain.command == "CLUSTER" && all);
    if (!alone) return true;
    if (maintain.concurrently) return step.runs_outside_block("REINDEX CONCURRENTLY");
    if (maintain.command != "REINDEX") return step.runs_outside_block(maintain.command);
    return step.runs_outside_block(
        fmt::format("REINDEX {}", text::upper_case(maintain.object_kind)));
}

/// Of a partitioned table or index, each partition is done in a transaction of its own.
bool parts_allowed_in_block(Step& step, const Maintain& maintain, const Object& relation) {
    const Object* owner =
        relation.kind == ObjectKind::index ? step.catalog().find(relation.parent) : &relation;
    const bool partitioned = owner != nullptr && owner->kind == ObjectKind::partitioned_table;
    if (!partitioned) return true;
    if (maintain.command == "CLUSTER") return step.runs_outside_block("CLUSTER");
    if (maintain.command != "REINDEX") return true;
    return step.runs_outside_block(relation.kind == ObjectKind::index ? "REINDEX INDEX"
                                                                      : "REINDEX TABLE");
}

} // namespace

void apply(Step& step, const Maintain& maintain) {
    if (!allowed_in_block(step, maintain)) return;
    const bool named = maintain.object_kind != "schema" && maintain.object_kind != "database" &&
                       maintain.object_kind != "system";
    if (!named) return;
    for (const QualifiedName& name : maintain.relations) {
        const Object* relation = step.relation(name, maintenance_mode(maintain));
        if (relation == nullptr || !parts_allowed_in_block(step, maintain, *relation)) return;
        step.target(relation->id);
        if (maintain.full || maintain.command == "CLUSTER") {
            step.work(Work::Kind::rewrite, relation->id, "the table is copied");
        }
    }
}

} // namespace ordain::replay
