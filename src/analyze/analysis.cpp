#include "analyze/analysis.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::analyze {
namespace {

/// More reasons than a reader takes in.
constexpr std::size_t most_doubts = 16;

struct PlaceWords {
    std::string_view plural;
    std::string_view mutable_functions; ///< The message of 42P17; empty where none is required.
};

PlaceWords words_of(Place place) {
    switch (place) {
    case Place::any: return {};
    case Place::column_default: return {.plural = "DEFAULT expressions", .mutable_functions = {}};
    case Place::check_constraint: return {.plural = "check constraints", .mutable_functions = {}};
    case Place::index_expression:
        return {.plural = "index expressions",
                .mutable_functions = "functions in index expression must be marked IMMUTABLE"};
    case Place::index_predicate:
        return {.plural = "index predicates",
                .mutable_functions = "functions in index predicate must be marked IMMUTABLE"};
    case Place::generated_column:
        return {.plural = "column generation expressions",
                .mutable_functions = "generation expression is not immutable"};
    case Place::partition_key:
        return {.plural = "partition key expressions",
                .mutable_functions =
                    "functions in partition key expression must be marked IMMUTABLE"};
    case Place::statistics:
        return {.plural = "statistics expressions",
                .mutable_functions = "functions in statistics expression must be marked IMMUTABLE"};
    case Place::alter_using: return {.plural = "transform expressions", .mutable_functions = {}};
    case Place::policy: return {.plural = "policy expressions", .mutable_functions = {}};
    case Place::trigger_when: return {.plural = "trigger WHEN conditions", .mutable_functions = {}};
    }
    return {};
}

void sort_unique(std::vector<ObjectId>& ids) {
    std::ranges::sort(ids);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

} // namespace

void Analysis::fail(std::string_view sqlstate, std::string message, Span span) {
    if (problem_) return;
    problem_ =
        Problem{.sqlstate = std::string(sqlstate), .message = std::move(message), .span = span};
}

void Analysis::doubt(std::string reason) {
    // What is refused for certain is not in doubt.
    if (problem_ || doubts_.size() >= most_doubts || std::ranges::count(doubts_, reason) > 0)
        return;
    doubts_.push_back(std::move(reason));
}

void Analysis::use(ObjectId object, Span span) {
    if (object == no_object || is_builtin(object)) return;
    uses_.push_back({.object = object, .span = span, .by_star = in_star_});
}

void Analysis::depend(ObjectId object) {
    if (object == no_object || is_builtin(object)) return;
    depends_.push_back(object);
}

/// A member of an extension: what hangs on it hangs on the extension.
void Analysis::depend_on_member(Oid member) {
    if (member < catalog::first_extension_oid) return;
    for (const ObjectId id : catalog_.extensions()) {
        const Object& object = catalog_.at(id);
        const catalog::BuiltinExtension* data = catalog::find_extension(object.name);
        if (data == nullptr) continue;
        const auto has = [member](const auto& list) {
            return std::ranges::any_of(list,
                                       [member](const auto& each) { return each.oid == member; });
        };
        if (has(data->types) || has(data->functions) || has(data->operators)) {
            depends_.push_back(id);
            return;
        }
    }
}

void Analysis::depend_on_type(TypeRef type, Span /*span*/) {
    if (!type.known()) return;
    if (is_builtin(type.type)) {
        depend_on_member(static_cast<Oid>(type.type));
        return;
    }
    depend(type.type);
}

void Analysis::worsen(char volatility) {
    constexpr std::string_view order = "is?v";
    if (order.find(volatility) > order.find(volatility_)) volatility_ = volatility;
    if (volatility == 's' || volatility == 'v') mutable_ = true;
    if (volatility == '?') callee_unknown_ = true;
}

void Analysis::may_fail(std::string_view reason) {
    if (may_fail_.empty()) may_fail_ = reason;
}

std::string_view Analysis::keep(std::string text) {
    return words_.emplace_back(std::move(text));
}

Node Analysis::unknown_node(std::string text, Span span) {
    Node node;
    node.text = std::move(text);
    node.span = span;
    return node;
}

void Analysis::open_scope(const std::vector<ScopeRelation>* relations, Place place) {
    place_ = place;
    const std::string_view plural = words_of(place).plural;
    base_scope_.forbidden = {.aggregates = plural, .windows = plural, .sets = plural};
    if (relations == nullptr) return;
    const bool bare = relations->size() == 1;
    for (const ScopeRelation& relation : *relations) {
        RangeEntry& entry = new_entry();
        entry.alias = relation.alias;
        entry.relation = catalog_.find(relation.relation);
        if (entry.alias.empty() && entry.relation != nullptr) entry.alias = entry.relation->name;
        entry.bare = bare;
        entry.aliased = !bare;
        entry.open = relation.open;
        entry.forbidden = relation.forbidden;
        entry.before_stored = relation.before_stored;
        entry.reason = relation.open ? "its columns are not known" : "";
        for (const ScopeColumn& column : relation.columns) {
            entry.columns.push_back({.name = column.name,
                                     .type = column.type,
                                     .column = column.column,
                                     .entry = &entry});
        }
        base_scope_.range_table.push_back(&entry);
        base_scope_.items.push_back({.entry = &entry});
    }
}

void Analysis::check_volatility() {
    const std::string_view message = words_of(place_).mutable_functions;
    if (message.empty() || volatility_ == 'i') return;
    if (mutable_) {
        fail("42P17", std::string(message), {});
    } else {
        doubt("a function in it may not be immutable");
    }
}

/// A whole-relation dependency is implied by one on a column (eliminate_duplicate_dependencies).
std::vector<ObjectId> Analysis::dependencies() const {
    std::vector<ObjectId> ids = depends_;
    sort_unique(ids);
    std::vector<ObjectId> covered;
    for (const ObjectId id : ids) {
        const Object* object = catalog_.find(id);
        if (object != nullptr && object->kind == ObjectKind::column)
            covered.push_back(object->parent);
    }
    sort_unique(covered);
    std::erase_if(ids, [&](ObjectId id) { return std::ranges::binary_search(covered, id); });
    return ids;
}

void Analysis::fill(Bound& bound) {
    std::ranges::stable_sort(uses_, {}, [](const Use& use) { return use.span.begin; });
    bound.volatility = volatility_ == 'v' ? 'v' : callee_unknown_ ? '?' : volatility_;
    bound.uses = std::move(uses_);
    bound.depends = dependencies();
    sort_unique(calls_);
    bound.calls = std::move(calls_);
    bound.problem = std::move(problem_);
    bound.doubts = std::move(doubts_);
    bound.may_fail = std::move(may_fail_);
    bound.constant = constant_;
}

Bound Analysis::finish(const Node& node) {
    if (place_ != Place::generated_column) check_volatility();
    Bound bound;
    print(node, bound.text, ImplicitCasts::hidden);
    bound.type = is_unknown_literal(node.type) ? text_type : node.type;
    bound.null = node.kind == Node::Kind::constant && node.null;
    fill(bound);
    return bound;
}

BoundQuery Analysis::finish_query(QueryResult result) {
    BoundQuery bound;
    bound.text = std::move(result.text);
    for (const RangeColumn& column : result.columns) {
        bound.columns.push_back(
            {.name = std::string(column.name), .type = column.type, .column = column.column});
    }
    if (bound.columns.size() == 1) bound.type = bound.columns.front().type;
    bound.relations = std::move(relations_);
    bound.assigned = std::move(assigned_);
    bound.returns_no_rows_if_empty = result.needs_rows;
    constant_ = false;
    fill(bound);
    return bound;
}

Node Analysis::condition(const Expression& written, std::string_view clause) {
    return coerce_to_boolean(expression(written), clause);
}

Node Analysis::value(const Expression& written, TypeRef target, std::string_view column) {
    Node node = expression(written);
    // What the value's type is made into is no part of the expression (cookDefault).
    if (place_ == Place::generated_column) check_volatility();
    // A generated column's expression is called so too.
    const std::string_view what = place_ == Place::alter_using ? "USING" : "default expression";
    return assign(std::move(node), target, column, what);
}

QueryResult Analysis::top_query(const Query& written) {
    return query(written, nullptr, true);
}

} // namespace ordain::analyze
