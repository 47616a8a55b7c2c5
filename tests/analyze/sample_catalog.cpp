#include "sample_catalog.hpp"

#include "parse/parser.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace ordain::analyze::test {

std::vector<Statement> parse(const std::string& sql) {
    const SourceFile file("test.sql", sql);
    const Span whole{.begin = 0, .end = static_cast<std::uint32_t>(sql.size())};
    std::vector<Statement> statements = parse::parse_script(file, whole).statements;
    for (const Statement& statement : statements) {
        EXPECT_FALSE(statement.fault) << sql << ": " << statement.fault->message;
    }
    return statements;
}

SampleCatalog::SampleCatalog(const std::string& sql) {
    resolver_ = std::make_unique<catalog::Resolver>(catalog_, path_, catalog::World::closed);
    binder_ = std::make_unique<Binder>(*resolver_);
    for (const Statement& statement : parse(sql)) {
        for (const Action& action : statement.actions)
            apply(action);
    }
}

ObjectId SampleCatalog::put(Object object) {
    object.id = catalog_.allocate();
    const ObjectId id = object.id;
    catalog_.put(std::move(object));
    return id;
}

ObjectId SampleCatalog::relation(std::string_view name) const {
    return resolver_->relation({.schema = {}, .name = {.text = std::string(name), .span = {}}}).id;
}

ObjectId SampleCatalog::schema_of(const QualifiedName& name) const {
    return resolver_->schema(name.schema.empty() ? "public" : name.schema.text).id;
}

TypeRef SampleCatalog::type_of(const TypeName& name) const {
    const Binder::BoundType bound = binder_->bind_type(name);
    EXPECT_FALSE(bound.problem) << bound.problem->message;
    return bound.type;
}

void SampleCatalog::add_column(ObjectId table, const ColumnDefinition& column) {
    Object object;
    object.kind = ObjectKind::column;
    object.parent = table;
    object.name = column.name.text;
    ColumnDetails details;
    details.number = static_cast<std::int16_t>(catalog_.columns(table).size() + 1);
    details.type = type_of(column.type);
    for (const ConstraintDefinition& constraint : column.constraints) {
        using Kind = ConstraintDefinition::Kind;
        details.has_default = details.has_default || constraint.kind == Kind::default_;
        details.not_null = details.not_null || constraint.kind == Kind::not_null;
        if (constraint.kind == Kind::generated) details.generated = 's';
        if (constraint.kind == Kind::identity) {
            details.identity = constraint.identity_always ? 'a' : 'd';
        }
    }
    object.details = std::move(details);
    put(std::move(object));
    for (const ConstraintDefinition& constraint : column.constraints) {
        add_constraint(table, constraint, {column.name});
    }
}

void SampleCatalog::add_constraint(ObjectId table,
                                   const ConstraintDefinition& constraint,
                                   const std::vector<Identifier>& columns) {
    using Kind = ConstraintDefinition::Kind;
    if (constraint.kind != Kind::primary_key && constraint.kind != Kind::unique) return;
    ConstraintDetails details;
    details.kind = constraint.kind;
    IndexDetails index;
    index.unique = true;
    index.primary = constraint.kind == Kind::primary_key;
    for (const Identifier& name : columns) {
        const ObjectId column = catalog_.find(NameSpace::column, table, name.text)->id;
        details.columns.push_back(column);
        IndexDetails::Element element;
        element.column = column;
        index.elements.push_back(std::move(element));
    }
    Object object;
    object.parent = table;
    const std::string& name = catalog_.at(table).name;
    object.name = index.primary ? name + "_pkey" : name + "_" + columns[0].text + "_key";
    object.schema = catalog_.at(table).schema;
    object.kind = ObjectKind::index;
    object.details = std::move(index);
    details.index = put(object);
    object.kind = ObjectKind::constraint;
    object.schema = {};
    object.details = std::move(details);
    put(std::move(object));
}

void SampleCatalog::add_table(const CreateTable& create) {
    Object object;
    object.kind = ObjectKind::table;
    object.schema = schema_of(create.table);
    object.name = create.table.name.text;
    object.details = RelationDetails{};
    const ObjectId table = put(std::move(object));
    for (const ColumnDefinition& column : create.columns)
        add_column(table, column);
    for (const ConstraintDefinition& constraint : create.constraints) {
        add_constraint(table, constraint, constraint.columns);
    }
}

void SampleCatalog::add_function(const CreateFunction& create) {
    using Mode = FunctionParameter::Mode;
    Object object;
    object.kind = create.procedure ? ObjectKind::procedure : ObjectKind::function;
    object.schema = schema_of(create.function);
    object.name = create.function.name.text;
    FunctionDetails details;
    for (const FunctionParameter& parameter : create.parameters) {
        const TypeRef type = type_of(parameter.type);
        if (parameter.mode != Mode::out && parameter.mode != Mode::table) {
            details.arguments.push_back(type);
            details.argument_names.push_back(parameter.name.text);
            if (parameter.default_) ++details.defaults;
            details.variadic = details.variadic || parameter.mode == Mode::variadic;
        }
        if (parameter.mode != Mode::in && parameter.mode != Mode::variadic) {
            details.output_names.push_back(parameter.name.text);
            details.output_types.push_back(type);
            details.returns_set = details.returns_set || parameter.mode == Mode::table;
        }
    }
    if (create.returns) {
        details.result = type_of(*create.returns);
        details.returns_set = create.returns->setof;
    } else if (details.output_types.size() == 1) {
        details.result = details.output_types.front();
    } else {
        details.result_name = "record";
    }
    details.language = create.language;
    details.body = create.body;
    details.volatility = create.volatility.empty() ? 'v' : create.volatility.front();
    object.details = std::move(details);
    put(std::move(object));
}

void SampleCatalog::add_view(const CreateView& create) {
    const BoundQuery bound = binder_->bind_query(create.query);
    EXPECT_FALSE(bound.problem) << bound.problem->message;
    Object object;
    object.kind = ObjectKind::view;
    object.schema = schema_of(create.view);
    object.name = create.view.name.text;
    object.details = RelationDetails{};
    const ObjectId view = put(std::move(object));
    std::int16_t number = 1;
    for (const ScopeColumn& column : bound.columns) {
        Object part;
        part.kind = ObjectKind::column;
        part.parent = view;
        part.name = column.name;
        ColumnDetails details;
        details.number = number++;
        details.type = column.type;
        part.details = std::move(details);
        put(std::move(part));
    }
}

void SampleCatalog::add_index(const CreateIndex& create) {
    const ObjectId table = resolver_->relation(create.table).id;
    const std::vector<ScopeRelation> scope = {binder_->scope_of(table)};
    IndexDetails details;
    details.unique = create.unique;
    for (const IndexElement& written : create.elements) {
        IndexDetails::Element element;
        if (written.expression) {
            element.expression = binder_->bind_expression(*written.expression, &scope).text;
        } else {
            element.column = catalog_.find(NameSpace::column, table, written.column.text)->id;
        }
        details.elements.push_back(std::move(element));
    }
    if (create.where)
        details.predicate = binder_->bind_condition(*create.where, &scope, "WHERE").text;
    Object object;
    object.kind = ObjectKind::index;
    object.parent = table;
    object.schema = catalog_.at(table).schema;
    object.name = create.name.text;
    object.details = std::move(details);
    put(std::move(object));
}

void SampleCatalog::apply(const Action& action) {
    Object object;
    if (const auto* table = std::get_if<CreateTable>(&action.payload)) {
        add_table(*table);
    } else if (const auto* made = std::get_if<CreateFunction>(&action.payload)) {
        add_function(*made);
    } else if (const auto* view = std::get_if<CreateView>(&action.payload)) {
        add_view(*view);
    } else if (const auto* index = std::get_if<CreateIndex>(&action.payload)) {
        add_index(*index);
    } else if (const auto* schema = std::get_if<CreateSchema>(&action.payload)) {
        object.kind = ObjectKind::schema;
        object.name = schema->name.text;
        object.details = SchemaDetails{};
        put(std::move(object));
    } else if (const auto* type = std::get_if<CreateEnum>(&action.payload)) {
        object.kind = ObjectKind::enum_;
        object.schema = schema_of(type->type);
        object.name = type->type.name.text;
        EnumDetails details;
        for (const Identifier& label : type->labels)
            details.labels.push_back(label.text);
        object.details = std::move(details);
        put(std::move(object));
    } else if (const auto* domain = std::get_if<CreateDomain>(&action.payload)) {
        object.kind = ObjectKind::domain;
        object.schema = schema_of(domain->domain);
        object.name = domain->domain.name.text;
        DomainDetails details;
        details.base = type_of(domain->base);
        object.details = std::move(details);
        put(std::move(object));
    } else if (const auto* extension = std::get_if<CreateExtension>(&action.payload)) {
        object.kind = ObjectKind::extension;
        object.schema = resolver_->schema("public").id;
        object.name = extension->extension.text;
        object.details = GenericDetails{};
        put(std::move(object));
    } else if (const auto* sequence = std::get_if<CreateSequence>(&action.payload)) {
        object.kind = ObjectKind::sequence;
        object.schema = schema_of(sequence->sequence);
        object.name = sequence->sequence.name.text;
        object.details = SequenceDetails{};
        put(std::move(object));
    } else if (const auto* composite = std::get_if<CreateCompositeType>(&action.payload)) {
        CreateTable columns;
        object.kind = ObjectKind::composite_type;
        object.schema = schema_of(composite->type);
        object.name = composite->type.name.text;
        object.details = RelationDetails{};
        const ObjectId id = put(std::move(object));
        for (const ColumnDefinition& column : composite->attributes)
            add_column(id, column);
    } else {
        ADD_FAILURE() << "the sample has a statement that is not modelled";
    }
}

void SampleCatalog::take(Verdict& verdict, Bound bound) const {
    if (!verdict.problem) verdict.problem = std::move(bound.problem);
    for (std::string& doubt : bound.doubts)
        verdict.doubts.push_back(std::move(doubt));
    verdict.text += catalog::render(resolver_->catalog(), bound.text);
    verdict.volatility = std::max(verdict.volatility, bound.volatility);
    verdict.depends = std::move(bound.depends);
    verdict.uses = std::move(bound.uses);
    if (verdict.may_fail.empty()) verdict.may_fail = std::move(bound.may_fail);
}

SampleCatalog::Verdict SampleCatalog::bind(const Statement& statement) const {
    Verdict verdict;
    const auto scope = [&](const QualifiedName& name) {
        return std::vector<ScopeRelation>{binder_->scope_of(resolver_->relation(name).id)};
    };
    const auto take_query = [&](BoundQuery bound) {
        verdict.columns = std::move(bound.columns);
        take(verdict, std::move(bound));
    };
    for (const Action& action : statement.actions) {
        if (const auto* run = std::get_if<RunQuery>(&action.payload)) {
            take_query(binder_->bind_query(run->query));
        } else if (const auto* view = std::get_if<CreateView>(&action.payload)) {
            take_query(binder_->bind_query(view->query));
        } else if (const auto* set = std::get_if<SetColumnDefault>(&action.payload)) {
            const ObjectId table = resolver_->relation(set->relation).id;
            const Object& column = *catalog_.find(NameSpace::column, table, set->column.text);
            take(verdict, binder_->bind_value(*set->value, nullptr, column.as<ColumnDetails>().type,
                                              column.name));
        } else if (const auto* alter = std::get_if<AlterColumnType>(&action.payload)) {
            const auto tables = scope(alter->relation);
            const TypeRef target = binder_->bind_type(alter->type).type;
            take(verdict, binder_->bind_value(*alter->using_, &tables, target, alter->column.text));
        } else if (const auto* add = std::get_if<AddConstraint>(&action.payload)) {
            const auto tables = scope(add->relation);
            take(verdict, binder_->bind_condition(*add->constraint.expression, &tables, "CHECK"));
        } else if (const auto* column = std::get_if<AddColumn>(&action.payload)) {
            const Binder::BoundType type = binder_->bind_type(column->column.type);
            if (!verdict.problem) verdict.problem = type.problem;
            const auto tables = scope(column->relation);
            for (const ConstraintDefinition& each : column->column.constraints) {
                if (!each.expression) continue;
                const bool generated = each.kind == ConstraintDefinition::Kind::generated;
                take(verdict,
                     binder_->bind_value(*each.expression, generated ? &tables : nullptr, type.type,
                                         column->column.name.text,
                                         generated ? Place::generated_column : Place::any));
            }
        } else if (const auto* policy = std::get_if<CreatePolicy>(&action.payload)) {
            const auto tables = scope(policy->relation);
            take(verdict, binder_->bind_condition(*policy->using_, &tables, "POLICY"));
        } else if (const auto* trigger = std::get_if<CreateTrigger>(&action.payload)) {
            const ObjectId table = resolver_->relation(trigger->relation).id;
            const std::vector<ScopeRelation> rows = {binder_->scope_of(table, "old"),
                                                     binder_->scope_of(table, "new")};
            take(verdict, binder_->bind_condition(*trigger->when, &rows, "WHEN"));
        } else if (const auto* index = std::get_if<CreateIndex>(&action.payload)) {
            const auto tables = scope(index->table);
            for (const IndexElement& element : index->elements) {
                if (!element.expression) continue;
                take(verdict, binder_->bind_expression(*element.expression, &tables,
                                                       Place::index_expression));
            }
            if (index->where)
                take(verdict, binder_->bind_condition(*index->where, &tables, "WHERE"));
        } else if (const auto* drop = std::get_if<DropObject>(&action.payload)) {
            auto bound = binder_->bind_signature(drop->object.function, drop->object.kind);
            if (!verdict.problem) verdict.problem = std::move(bound.problem);
            if (!bound.doubt.empty()) verdict.doubts.push_back(std::move(bound.doubt));
        } else {
            ADD_FAILURE() << "a statement that the test cannot bind";
        }
    }
    return verdict;
}

} // namespace ordain::analyze::test
