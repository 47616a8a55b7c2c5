#include "analyze/binder.hpp"

#include "analyze/analysis.hpp"

namespace ordain::analyze {
namespace {

Place place_of(std::string_view clause) {
    if (clause == "CHECK") return Place::check_constraint;
    if (clause == "WHERE") return Place::index_predicate;
    if (clause == "WHEN") return Place::trigger_when;
    if (clause == "POLICY" || clause == "USING" || clause == "WITH CHECK") return Place::policy;
    return Place::any;
}

} // namespace

Bound Binder::bind_expression(const Expression& expression,
                              const std::vector<ScopeRelation>* scope,
                              Place place) const {
    Analysis analysis(resolver_);
    analysis.open_scope(scope, place);
    return analysis.finish(analysis.known_expression(expression));
}

Bound Binder::bind_condition(const Expression& expression,
                             const std::vector<ScopeRelation>* scope,
                             std::string_view clause,
                             Place place) const {
    Analysis analysis(resolver_);
    const Place chosen = place == Place::any ? place_of(clause) : place;
    analysis.open_scope(scope, chosen);
    const std::string_view word = chosen == Place::policy ? "POLICY" : clause;
    return analysis.finish(analysis.condition(expression, word));
}

Bound Binder::bind_value(const Expression& expression,
                         const std::vector<ScopeRelation>* scope,
                         TypeRef target,
                         std::string_view column,
                         Place place) const {
    Analysis analysis(resolver_);
    const Place usual = scope == nullptr ? Place::column_default : Place::alter_using;
    analysis.open_scope(scope, place == Place::any ? usual : place);
    Bound bound = analysis.finish(analysis.value(expression, target, column));
    return bound;
}

BoundQuery Binder::bind_query(const Query& query,
                              const std::vector<ScopeColumn>* parameters) const {
    Analysis analysis(resolver_);
    analysis.set_parameters(parameters);
    return analysis.finish_query(analysis.top_query(query));
}

Binder::BoundType Binder::bind_type(const TypeName& name) const {
    return Analysis(resolver_).type_name(name);
}

ScopeRelation Binder::scope_of(ObjectId relation, std::string alias) const {
    ScopeRelation made{.alias = std::move(alias), .relation = relation, .columns = {}};
    if (is_builtin(relation)) {
        const auto* shipped = catalog::find_builtin_relation_by_oid(static_cast<Oid>(relation));
        made.open = shipped == nullptr;
        if (shipped == nullptr) return made;
        for (const catalog::BuiltinColumn& column : shipped->columns) {
            made.columns.push_back(
                {.name = std::string(column.name), .type = Types::from_oid(column.type)});
        }
        return made;
    }
    const Catalog& catalog = resolver_.catalog();
    const Object* object = catalog.find(relation);
    const auto* details = object == nullptr ? nullptr : object->get_if<RelationDetails>();
    if (made.alias.empty() && object != nullptr) made.alias = object->name;
    made.open = details == nullptr || details->invented || object->open ||
                !object->unknown.empty() || !catalog.presence_doubt(*object).empty();
    for (const Object* column : catalog.columns(relation)) {
        const bool certain = column->unknown.empty();
        made.columns.push_back({.name = column->name,
                                .type = certain ? column->as<ColumnDetails>().type : TypeRef{},
                                .column = column->id});
    }
    return made;
}

Binder::BoundFunction Binder::bind_signature(const FunctionSignature& signature,
                                             ObjectKind kind) const {
    return Analysis(resolver_).signature(signature, kind);
}

} // namespace ordain::analyze
