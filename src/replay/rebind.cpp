#include "replay/rebind.hpp"

#include "parse/parser.hpp"
#include "replay/relations.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <optional>
#include <utility>

namespace ordain::replay {
namespace {

using Kind = ConstraintDefinition::Kind;

/// The expression that a bound text prints; none when what is printed is not SQL.
std::optional<Expression> read_again(const Catalog& catalog, const BoundText& text) {
    Statement statement = parse::parse_statement("SELECT " + catalog::render(catalog, text), 0, 1);
    if (statement.fault || statement.actions.size() != 1) return std::nullopt;
    auto* run = std::get_if<RunQuery>(&statement.actions.front().payload);
    if (run == nullptr || run->query.targets.size() != 1) return std::nullopt;
    return std::move(run->query.targets.front().expression);
}

/// One object's expressions on the table as it is now.
class Rebinding {
public:
    Rebinding(Step& step, ObjectId relation, Object object)
        : step_(step),
          scope_({step.binder().scope_of(relation)}),
          object_(std::move(object)) {}

    void expression(BoundText& text) {
        rebind(text, [this](const Expression& expression) {
            return step_.binder().bind_expression(expression, &scope_,
                                                  analyze::Place::index_expression);
        });
    }
    void condition(BoundText& text, std::string_view clause, analyze::Place place) {
        rebind(text, [&](const Expression& expression) {
            return step_.binder().bind_condition(expression, &scope_, clause, place);
        });
    }
    [[nodiscard]] Object& object() { return object_; }
    [[nodiscard]] const Catalog& catalog() { return step_.catalog(); }
    void finish() {
        if (changed_) step_.put(std::move(object_));
    }

private:
    template <typename Bind>
    void rebind(BoundText& text, Bind bind) {
        if (text.empty()) return;
        const std::optional<Expression> expression = read_again(step_.catalog(), text);
        const analyze::Bound bound = expression ? bind(*expression) : analyze::Bound{};
        if (!expression || bound.problem || !bound.doubts.empty()) {
            object_.unknown = "its expression is read again after a change of a column's type";
            changed_ = true;
        } else if (text != bound.text) {
            text = bound.text;
            object_.changed = step_.here();
            changed_ = true;
        }
    }

    Step& step_;
    std::vector<analyze::ScopeRelation> scope_;
    Object object_;
    bool changed_ = false;
};

void rebind_index(Rebinding& rebinding) {
    auto& index = rebinding.object().as<IndexDetails>();
    for (IndexDetails::Element& element : index.elements) {
        if (element.column != no_object) continue;
        rebinding.expression(element.expression);
        settle_element(rebinding.catalog(), element);
    }
    rebinding.condition(index.predicate, "WHERE", analyze::Place::index_predicate);
}

} // namespace

void rebind_expressions(Step& step, ObjectId relation, ObjectId column) {
    for (const ObjectId id : step.catalog().dependents(column)) {
        const Object& dependent = step.catalog().at(id);
        if (dependent.parent != relation) continue;
        const auto* constraint = dependent.get_if<ConstraintDetails>();
        const bool check = constraint != nullptr && constraint->kind == Kind::check;
        if (!check && dependent.kind != ObjectKind::index) continue;
        Rebinding rebinding(step, relation, dependent);
        if (check) {
            rebinding.condition(rebinding.object().as<ConstraintDetails>().expression, "CHECK",
                                analyze::Place::any);
        } else {
            rebind_index(rebinding);
        }
        rebinding.finish();
    }
}

} // namespace ordain::replay
