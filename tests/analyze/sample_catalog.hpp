#pragma once

#include "analyze/binder.hpp"
#include "catalog/resolve.hpp"

#include <memory>
#include <ordain/catalog.hpp>
#include <ordain/statement.hpp>
#include <string>
#include <vector>

namespace ordain::analyze::test {

/// A script that parsed; its statements point nowhere but into themselves.
[[nodiscard]] std::vector<Statement> parse(const std::string& sql);

/// A catalog made from DDL by the shortest way: tables, enums, domains, functions, views, indexes,
/// extensions and sequences, without any of the checks and side effects that the replay has.
class SampleCatalog {
public:
    explicit SampleCatalog(const std::string& sql);
    SampleCatalog(const SampleCatalog&) = delete;
    SampleCatalog& operator=(const SampleCatalog&) = delete;
    ~SampleCatalog() = default;

    [[nodiscard]] const catalog::Resolver& resolver() const { return *resolver_; }
    [[nodiscard]] const Binder& binder() const { return *binder_; }
    [[nodiscard]] Catalog& catalog() { return catalog_; }
    [[nodiscard]] ObjectId relation(std::string_view name) const;

    /// What binding every part of a statement finds; the first problem and all doubts.
    struct Verdict {
        std::optional<Problem> problem;
        std::vector<std::string> doubts;
        std::vector<ScopeColumn> columns;
        std::string text;
        char volatility = 'i';
        std::vector<ObjectId> depends;
        std::vector<Use> uses;
        std::string may_fail;
    };
    [[nodiscard]] Verdict bind(const Statement& statement) const;

private:
    void apply(const Action& action);
    ObjectId put(Object object);
    [[nodiscard]] ObjectId schema_of(const QualifiedName& name) const;
    [[nodiscard]] TypeRef type_of(const TypeName& name) const;
    void add_table(const CreateTable& create);
    void add_column(ObjectId table, const ColumnDefinition& column);
    void add_constraint(ObjectId table,
                        const ConstraintDefinition& constraint,
                        const std::vector<Identifier>& columns);
    void add_function(const CreateFunction& create);
    void add_view(const CreateView& create);
    void add_index(const CreateIndex& create);
    void take(Verdict& verdict, Bound bound) const;

    Catalog catalog_;
    catalog::SearchPath path_;
    std::unique_ptr<catalog::Resolver> resolver_;
    std::unique_ptr<Binder> binder_;
};

} // namespace ordain::analyze::test
