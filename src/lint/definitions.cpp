#include "lint/definitions.hpp"

#include <algorithm>
#include <ordain/overloaded.hpp>
#include <tuple>
#include <utility>

namespace ordain::lint {
namespace {

/// Collects what one action makes.
class Collector {
public:
    explicit Collector(const Action& action) : action_(action) {}

    std::vector<Definition> collect() {
        std::visit([this](const auto& payload) { add(payload); }, action_.payload);
        return std::move(found_);
    }

private:
    void make(NameSpace space, const QualifiedName& name) {
        make(space, name.schema, name.name, name.span());
    }
    void make(NameSpace space, const Identifier& name) { make(space, {}, name, name.span); }
    /// In a schema that is said elsewhere than before the name.
    void make_in(const Identifier& schema, NameSpace space, const Identifier& name) {
        make(space, schema, name, name.span);
    }
    void make(NameSpace space, const Identifier& schema, const Identifier& name, Span span) {
        if (name.empty()) return;
        found_.push_back({.space = space,
                          .schema = schema.text,
                          .container = {},
                          .name = name.text,
                          .where = {.file = {}, .span = span}});
    }
    void make_part(NameSpace space, const QualifiedName& of, const Identifier& name) {
        if (name.empty()) return;
        found_.push_back({.space = space,
                          .schema = of.schema.text,
                          .container = of.name.text,
                          .name = name.text,
                          .where = {.file = {}, .span = name.span}});
    }
    /// A relation is a type too.
    void make_relation(const QualifiedName& name) {
        make(NameSpace::relation, name);
        make(NameSpace::type, name);
    }

    void make_constraint(const QualifiedName& of, const ConstraintDefinition& constraint) {
        make_part(NameSpace::constraint, of, constraint.name);
        const bool indexed = constraint.kind == ConstraintDefinition::Kind::primary_key ||
                             constraint.kind == ConstraintDefinition::Kind::unique ||
                             constraint.kind == ConstraintDefinition::Kind::exclusion;
        if (indexed) make_in(of.schema, NameSpace::relation, constraint.name);
    }
    void make_column(const QualifiedName& of, const ColumnDefinition& column) {
        make_part(NameSpace::column, of, column.name);
        for (const ConstraintDefinition& constraint : column.constraints)
            make_constraint(of, constraint);
    }

    void add(const CreateSchema& create) { make(NameSpace::schema, create.name); }
    void add(const CreateTable& create) {
        make_relation(create.table);
        for (const ColumnDefinition& column : create.columns)
            make_column(create.table, column);
        for (const ConstraintDefinition& constraint : create.constraints)
            make_constraint(create.table, constraint);
    }
    void add(const CreateTableAs& create) {
        make_relation(create.table);
        for (const Identifier& column : create.columns)
            make_part(NameSpace::column, create.table, column);
    }
    void add(const CreateView& create) { make_relation(create.view); }
    void add(const CreateSequence& create) { make(NameSpace::relation, create.sequence); }
    void add(const CreateIndex& create) {
        make_in(create.table.schema, NameSpace::relation, create.name);
    }
    void add(const AddColumn& add) { make_column(add.relation, add.column); }
    void add(const AddConstraint& add) { make_constraint(add.relation, add.constraint); }
    void add(const CreateFunction& create) { make(NameSpace::function, create.function); }
    void add(const CreateEnum& create) { make(NameSpace::type, create.type); }
    void add(const CreateDomain& create) { make(NameSpace::type, create.domain); }
    void add(const CreateCompositeType& create) { make_relation(create.type); }
    void add(const CreateRange& create) { make(NameSpace::type, create.type); }
    void add(const CreateTrigger& create) {
        make_part(NameSpace::trigger, create.relation, create.trigger);
    }
    void add(const CreatePolicy& create) {
        make_part(NameSpace::policy, create.relation, create.policy);
    }
    void add(const CreateRule& create) { make_part(NameSpace::rule, create.relation, create.rule); }
    void add(const CreateExtension& create) { make(NameSpace::extension, create.extension); }
    void add(const CreateRole& create) { make(NameSpace::role, create.role); }
    void add(const CreateStatistics& create) { make(NameSpace::statistics, create.statistics); }
    void add(const RenameObject& rename) {
        const NameSpace space = name_space_of(rename.object.kind);
        if (!rename.object.relation.name.empty()) {
            make_part(space, rename.object.relation, rename.to);
        } else {
            make_in(rename.object.name.schema, space, rename.to);
        }
    }
    void add(const SetSchema& set) {
        make_in(set.schema, name_space_of(set.object.kind), set.object.name.name);
    }
    template <typename Other>
    void add(const Other& /*makes no name*/) {}

    const Action& action_;
    std::vector<Definition> found_;
};

bool may_be(std::string_view left, std::string_view right) {
    return left.empty() || right.empty() || left == right;
}

} // namespace

std::vector<Definition> definitions_in(const Action& action) {
    return Collector(action).collect();
}

std::vector<Definition> removals_in(const Action& action) {
    const ObjectName* object = nullptr;
    if (const auto* drop = std::get_if<DropObject>(&action.payload)) object = &drop->object;
    if (const auto* rename = std::get_if<RenameObject>(&action.payload)) object = &rename->object;
    if (const auto* drop = std::get_if<DropColumn>(&action.payload)) {
        return {{.space = NameSpace::column,
                 .schema = drop->relation.schema.text,
                 .container = drop->relation.name.text,
                 .name = drop->column.text,
                 .where = {.file = {}, .span = drop->column.span}}};
    }
    if (object == nullptr) return {};
    const bool function = !object->function.name.name.empty();
    const QualifiedName& name = function ? object->function.name : object->name;
    const bool part = !object->relation.name.empty();
    return {{.space = name_space_of(object->kind),
             .schema = part ? object->relation.schema.text : name.schema.text,
             .container = object->relation.name.text,
             .name = name.name.text,
             .where = {.file = {}, .span = name.span()}}};
}

Definitions::Definitions(const PlanContext& context) {
    for (std::size_t index = 0; index < context.statements.size(); ++index) {
        const Migration& migration = context.plan.migrations[index];
        for (const Statement& statement : context.statements[index].up) {
            const auto add = [&](ByName& names, std::vector<Definition> found) {
                for (Definition& definition : found) {
                    definition.migration = migration.ordinal;
                    definition.statement = statement.number;
                    definition.where.file = migration.up.file;
                    std::string name = definition.name;
                    names.emplace(std::move(name), std::move(definition));
                }
            };
            for (const Action& action : statement.actions) {
                add(made_, definitions_in(action));
                add(removed_, removals_in(action));
            }
        }
    }
}

std::vector<const Definition*> Definitions::of(const NamedInMessage& named) const {
    return find(made_, named);
}

std::vector<const Definition*> Definitions::removals_of(const NamedInMessage& named) const {
    return find(removed_, named);
}

std::vector<const Definition*> Definitions::find(const ByName& names, const NamedInMessage& named) {
    std::vector<const Definition*> found;
    const auto [begin, end] = names.equal_range(std::string(named.name));
    for (auto each = begin; each != end; ++each) {
        const Definition& definition = each->second;
        const bool fits = definition.space == named.space &&
                          may_be(definition.schema, named.schema) &&
                          may_be(definition.container, named.container);
        if (fits) found.push_back(&definition);
    }
    std::ranges::sort(found, {}, [](const Definition* each) {
        return std::tuple(each->migration, each->statement, each->where.span);
    });
    return found;
}

} // namespace ordain::lint
