#include "replay/rebind.hpp"

#include "catalog/resolve.hpp"
#include "parse/parser.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>
#include <optional>
#include <utility>

namespace ordain::replay {
namespace {

using Kind = ConstraintDefinition::Kind;

/// A bound text as SQL, whatever its names are made of.
std::string sql_of(const Catalog& catalog, const BoundText& text) {
    std::string sql;
    for (const BoundText::Piece& piece : text.pieces) {
        sql += piece.text;
        if (piece.object == no_object) continue;
        const Object* object = catalog.find(piece.object);
        if (object == nullptr) {
            sql += catalog::qualified_name(catalog, piece.object);
            continue;
        }
        const Object* home = catalog.find(object->schema);
        if (home != nullptr) sql += catalog::quote_identifier(home->name) + ".";
        sql += catalog::quote_identifier(object->name);
    }
    return sql;
}

/// Refusals that come of types alone, not of how names are looked up by now.
bool of_types(const analyze::Problem& problem) {
    constexpr std::array<std::string_view, 6> states = {"42883", "42725", "42804",
                                                        "42846", "42P17", "22P02"};
    return std::ranges::count(states, problem.sqlstate) > 0;
}

using Scope = std::vector<analyze::ScopeRelation>;

/// The table as it was before its columns got their new types.
Scope scope_before(const Scope& scope, const std::vector<Retyped>& retyped) {
    Scope before = scope;
    for (analyze::ScopeColumn& column : before.front().columns) {
        const auto same = [&](const Retyped& change) { return change.column == column.column; };
        const auto found = std::ranges::find_if(retyped, same);
        if (found != retyped.end()) column.type = found->from;
    }
    return before;
}

/// One object's expressions on the table as it is now.
class Rebinding {
public:
    Rebinding(Step& step, Object object, const std::vector<Retyped>& retyped)
        : step_(step),
          scope_({step.binder().scope_of(object.parent)}),
          before_(scope_before(scope_, retyped)),
          object_(std::move(object)) {}

    /// The type of what it says now; not known where it could not be read again.
    TypeRef expression(BoundText& text) {
        return rebind(text, [this](const Expression& expression, const Scope& scope) {
            return step_.binder().bind_expression(expression, &scope,
                                                  analyze::Place::index_expression);
        });
    }
    void condition(BoundText& text, std::string_view clause, analyze::Place place) {
        rebind(text, [&](const Expression& expression, const Scope& scope) {
            return step_.binder().bind_condition(expression, &scope, clause, place);
        });
    }
    [[nodiscard]] Object& object() { return object_; }
    void finish() {
        if (changed_ && !step_.refused()) step_.put(std::move(object_));
    }

private:
    template <typename Bind>
    TypeRef rebind(BoundText& text, Bind bind) {
        if (text.empty() || step_.refused()) return {};
        const std::optional<Expression> expression = read_again(step_.catalog(), text);
        const analyze::Bound bound = expression ? bind(*expression, scope_) : analyze::Bound{};
        if (bound.problem && of_types(*bound.problem)) {
            const analyze::Bound as_before = bind(*expression, before_);
            if (!as_before.problem && as_before.doubts.empty()) step_.refuse(*bound.problem);
        }
        if (!expression || bound.problem || !bound.doubts.empty()) {
            object_.unknown = "its expression is read again after a change of a column's type";
            changed_ = true;
            return {};
        }
        if (text != bound.text) {
            text = bound.text;
            object_.changed = step_.here();
            changed_ = true;
        }
        return bound.type;
    }

    Step& step_;
    Scope scope_;
    Scope before_;
    Object object_;
    bool changed_ = false;
};

/// What hangs on the columns, each once, oldest first.
std::vector<ObjectId> dependents_of(const Catalog& catalog, const std::vector<Retyped>& retyped) {
    std::vector<ObjectId> found;
    for (const Retyped& change : retyped) {
        const std::vector<ObjectId> more = catalog.dependents(change.column);
        found.insert(found.end(), more.begin(), more.end());
    }
    std::ranges::sort(found);
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

/// Reads an index's expressions again; then its columns must have operator classes still.
void remake_index(Step& step, const Object& index, const std::vector<Retyped>& retyped) {
    Rebinding rebinding(step, index, retyped);
    auto& details = rebinding.object().as<IndexDetails>();
    rebinding.condition(details.predicate, "WHERE", analyze::Place::index_predicate);
    for (IndexDetails::Element& element : details.elements) {
        const TypeRef type = element.column != no_object
                                 ? column_type(step.catalog(), element.column)
                                 : rebinding.expression(element.expression);
        if (step.refused()) return;
        if (!has_operator_class(step, details.method, element, type)) return;
        settle_element(step.catalog(), element);
    }
    rebinding.finish();
}

void remake_constraint(Step& step, const Object& constraint, const std::vector<Retyped>& retyped) {
    const Kind kind = constraint.as<ConstraintDetails>().kind;
    if (kind == Kind::foreign_key) {
        key_types_match(step, constraint, {});
    } else if (kind == Kind::check) {
        Rebinding rebinding(step, constraint, retyped);
        rebinding.condition(rebinding.object().as<ConstraintDetails>().expression, "CHECK",
                            analyze::Place::any);
        rebinding.finish();
    }
}

} // namespace

std::optional<Expression> read_again(const Catalog& catalog, const BoundText& text) {
    Statement statement = parse::parse_statement("SELECT " + sql_of(catalog, text), 0, 1);
    if (statement.fault || statement.actions.size() != 1) return std::nullopt;
    auto* run = std::get_if<RunQuery>(&statement.actions.front().payload);
    if (run == nullptr || run->query.targets.size() != 1) return std::nullopt;
    return std::move(run->query.targets.front().expression);
}

void remake_dependents(Step& step, const std::vector<Retyped>& retyped) {
    const std::vector<ObjectId> dependents = dependents_of(step.catalog(), retyped);
    for (const ObjectId id : dependents) {
        const Object object = step.catalog().at(id);
        if (object.kind == ObjectKind::index && !step.refused()) {
            remake_index(step, object, retyped);
        }
    }
    for (const ObjectId id : dependents) {
        const Object object = step.catalog().at(id);
        if (object.kind == ObjectKind::constraint && !step.refused()) {
            remake_constraint(step, object, retyped);
        }
    }
}

} // namespace ordain::replay
