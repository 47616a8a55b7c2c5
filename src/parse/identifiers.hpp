#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <ordain/action.hpp>
#include <ordain/expression.hpp>
#include <utility>
#include <variant>
#include <vector>

/// Walks over every name in an Action, or every place of it, however deep it stands.
namespace ordain::parse {

/// Calls a function for each Identifier that names something. A function that takes a QualifiedName
/// gets those whole, and nothing else; one that takes a Span gets where each part stands. What is
/// no name is left out: options' keywords.
template <typename Function>
class NameWalker {
public:
    explicit NameWalker(Function& function) : function_(&function) {}

    void walk(Identifier& identifier) {
        if constexpr (std::invocable<Function&, Identifier&>) {
            if (!identifier.empty()) (*function_)(identifier);
        }
        place(identifier.span);
    }
    void walk(QualifiedName& name) {
        if constexpr (std::invocable<Function&, QualifiedName&>) {
            if (!name.name.empty()) (*function_)(name);
        } else {
            all(name.schema, name.name);
        }
    }
    template <typename Part>
    void walk(std::vector<Part>& parts) {
        for (Part& part : parts)
            walk(part);
    }
    template <typename Part>
    void walk(std::optional<Part>& part) {
        if (part) walk(*part);
    }
    template <typename Part>
    void walk(std::unique_ptr<Part>& part) {
        if (part) walk(*part);
    }

    void walk(TypeName& type) { all(type.outer_schema, type.name, type.modifiers); }
    void walk(Expression& expression) {
        place(expression.span);
        all(expression.names, expression.operands, expression.type, expression.query,
            expression.clauses);
    }
    void walk(CallClauses& clauses) { all(clauses.order_by, clauses.filter, clauses.over); }
    void walk(Window& window) {
        all(window.name, window.base, window.partition_by, window.order_by, window.frame_offsets);
    }
    void walk(SortKey& key) { walk(key.expression); }
    void walk(Target& target) { all(target.expression, target.alias); }
    void walk(FromItem& item) {
        place(item.span);
        all(item.relation, item.query, item.functions, item.alias, item.column_aliases,
            item.column_types, item.using_columns, item.using_alias, item.on, item.sides);
    }
    void walk(CommonTableExpression& expression) {
        all(expression.name, expression.columns, expression.query);
    }
    void walk(Query& query) {
        place(query.span);
        all(query.with, query.targets, query.distinct_on, query.from, query.where, query.group_by);
        all(query.having, query.order_by, query.limit, query.offset, query.windows);
        all(query.values, query.arms);
        all(query.target_relation, query.target_alias, query.into, query.conflict_columns);
        all(query.conflict_expressions, query.conflict_constraint, query.conflict_set);
        all(query.conflict_predicate, query.conflict_where, query.merge_conditions);
        walk(query.returning);
    }

    void walk(IndexElement& element) {
        all(element.column, element.expression, element.collation, element.operator_class);
        walk(element.exclusion_operator);
    }
    void walk(ConstraintDefinition& constraint) {
        place(constraint.span);
        all(constraint.name, constraint.columns, constraint.including, constraint.expression);
        all(constraint.referenced_table, constraint.referenced_columns);
        all(constraint.on_delete_columns, constraint.using_index, constraint.elements);
        walk(constraint.where);
    }
    void walk(ColumnDefinition& column) {
        all(column.name, column.type, column.collation, column.constraints);
    }
    void walk(LikeClause& like) { walk(like.table); }
    void walk(FunctionParameter& parameter) {
        all(parameter.name, parameter.type, parameter.default_);
    }
    void walk(FunctionSignature& signature) { all(signature.name, signature.arguments); }
    void walk(ObjectName& object) {
        place(object.span);
        // A function's name is in both; once is enough.
        if (object.function.name.name.empty()) walk(object.name);
        all(object.relation, object.function, object.types);
    }

    void walk(Unmodelled& /*action*/) {}
    void walk(CreateSchema& a) { all(a.name, a.authorization); }
    void walk(CreateTable& a) {
        all(a.table, a.columns, a.constraints, a.like, a.inherits, a.partition_of);
        all(a.partition_key, a.of_type, a.tablespace, a.server);
    }
    void walk(CreateTableAs& a) { all(a.table, a.columns, a.query); }
    void walk(AddColumn& a) { all(a.relation, a.column); }
    void walk(DropColumn& a) { all(a.relation, a.column); }
    void walk(SetColumnDefault& a) { all(a.relation, a.column, a.value); }
    void walk(SetColumnNotNull& a) { all(a.relation, a.column); }
    void walk(AlterColumnType& a) { all(a.relation, a.column, a.type, a.collation, a.using_); }
    void walk(AddIdentity& a) { all(a.relation, a.column); }
    void walk(AlterIdentity& a) { all(a.relation, a.column); }
    void walk(DropIdentity& a) { all(a.relation, a.column); }
    void walk(DropExpression& a) { all(a.relation, a.column); }
    void walk(AddConstraint& a) { all(a.relation, a.constraint); }
    void walk(DropConstraint& a) { all(a.relation, a.constraint); }
    void walk(ValidateConstraint& a) { all(a.relation, a.constraint); }
    void walk(AlterConstraint& a) { all(a.relation, a.constraint); }
    void walk(SetRowSecurity& a) { walk(a.relation); }
    void walk(SetTriggerState& a) { all(a.relation, a.trigger); }
    void walk(AttachPartition& a) { all(a.relation, a.partition); }
    void walk(DetachPartition& a) { all(a.relation, a.partition); }
    void walk(SetInherit& a) { all(a.relation, a.parent); }
    void walk(SetPersistence& a) { walk(a.relation); }
    void walk(SetProperty& a) { all(a.relation, a.column); }
    void walk(CreateIndex& a) {
        all(a.name, a.table, a.elements, a.including, a.tablespace, a.where);
    }
    void walk(CreateView& a) { all(a.view, a.columns, a.query); }
    void walk(CreateSequence& a) { all(a.sequence, a.owned_by_table, a.owned_by_column); }
    void walk(AlterSequence& a) { all(a.sequence, a.owned_by_table, a.owned_by_column); }
    void walk(CreateFunction& a) {
        place(a.body_span);
        if (a.body_fault) place(a.body_fault->span);
        all(a.function, a.parameters, a.returns, a.atomic_queries, a.atomic_return);
        walk(a.body_queries);
    }
    void walk(AlterFunction& a) { walk(a.function); }
    void walk(CreateEnum& a) { all(a.type, a.labels); }
    void walk(AlterEnumAdd& a) { all(a.type, a.label, a.neighbor); }
    void walk(AlterEnumRename& a) { all(a.type, a.from, a.to); }
    void walk(CreateDomain& a) { all(a.domain, a.base, a.collation, a.constraints); }
    void walk(AlterDomain& a) { all(a.domain, a.constraint_name, a.constraint, a.value); }
    void walk(CreateCompositeType& a) { all(a.type, a.attributes); }
    void walk(CreateRange& a) { all(a.type, a.subtype); }
    void walk(CreateTrigger& a) {
        all(a.trigger, a.relation, a.function, a.columns, a.from_table, a.when);
        walk(a.transition_tables);
    }
    void walk(CreatePolicy& a) { all(a.policy, a.relation, a.roles, a.using_, a.check); }
    void walk(AlterPolicy& a) { all(a.policy, a.relation, a.roles, a.using_, a.check); }
    void walk(CreateRule& a) { all(a.rule, a.relation, a.where, a.actions); }
    void walk(CreateExtension& a) { all(a.extension, a.schema); }
    void walk(CreateRole& a) { walk(a.role); }
    void walk(AlterRole& a) { walk(a.role); }
    void walk(CreateStatistics& a) { all(a.statistics, a.elements, a.table); }
    void walk(CreatePublication& a) { all(a.publication, a.tables); }
    void walk(DropObject& a) { walk(a.object); }
    void walk(RenameObject& a) { all(a.object, a.to); }
    void walk(SetSchema& a) { all(a.object, a.schema); }
    void walk(SetOwner& a) { all(a.object, a.role); }
    void walk(CommentOn& a) { walk(a.object); }
    void walk(Grant& a) { all(a.object, a.columns, a.grantees); }
    void walk(GrantRole& a) { all(a.roles, a.grantees); }
    void walk(RunQuery& a) { walk(a.query); }
    void walk(TruncatedTable& table) { walk(table.name); }
    void walk(Truncate& a) { walk(a.tables); }
    void walk(CopyRows& a) { all(a.relation, a.columns, a.query); }
    void walk(LockTable& a) { walk(a.tables); }
    void walk(RefreshMaterializedView& a) { walk(a.view); }
    void walk(Maintain& a) { walk(a.relations); }
    void walk(SetVariable& a) { all(a.name, a.values); }
    void walk(Transaction& a) { walk(a.savepoint); }
    void walk(Do& a) { place(a.body_span); }
    void walk(Call& a) { walk(a.call); }

private:
    void place(Span& span) {
        if constexpr (std::invocable<Function&, Span&>) (*function_)(span);
    }
    template <typename... Parts>
    void all(Parts&... parts) {
        (walk(parts), ...);
    }

    Function* function_;
};

/// Calls `function(Identifier&)` for every name in the Action.
template <std::invocable<Identifier&> Function>
void for_each_identifier(Action& action, Function function) {
    NameWalker<Function> walker(function);
    std::visit([&walker](auto& payload) { walker.walk(payload); }, action.payload);
}

/// Calls `function(Span&)` for every place that a part of the Action has.
template <std::invocable<Span&> Function>
void for_each_span(Action& action, Function function) {
    NameWalker<Function> walker(function);
    std::visit([&walker](auto& payload) { walker.walk(payload); }, action.payload);
}

/// Calls `function(QualifiedName&)` for every possibly qualified name in the Action.
template <std::invocable<QualifiedName&> Function>
void for_each_qualified_name(Action& action, Function function) {
    NameWalker<Function> walker(function);
    std::visit([&walker](auto& payload) { walker.walk(payload); }, action.payload);
}

} // namespace ordain::parse
