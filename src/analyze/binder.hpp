#pragma once

#include "catalog/resolve.hpp"

#include <cstdint>
#include <optional>
#include <ordain/catalog.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::analyze {

/// A refusal that a server is certain to raise.
struct Problem {
    std::string sqlstate;
    std::string message; ///< In the server's words, without "ERROR:".
    Span span;
};

/// A reference to an object of the catalog (never to a builtin one) and where it stands.
struct Use {
    ObjectId object{};
    Span span;
    bool by_star = false; ///< A column that "*" stands for: without it there would be one less.
};

/// What an expression or query is once its names are bound.
struct Bound {
    BoundText text;        ///< Canonical: equal texts mean equal definitions.
    TypeRef type;          ///< Not known where that is not certain.
    char volatility = 'i'; ///< The worst of what it calls: i, s, v; '?' when a callee is not known.
    std::vector<Use> uses; ///< Relations, columns, functions, types; in reading order.
    std::vector<ObjectId> depends;   ///< What pg_depend records (normal), each once, ascending.
    std::vector<ObjectId> calls;     ///< User functions that evaluation would run.
    std::optional<Problem> problem;  ///< The first refusal, when there is one.
    std::vector<std::string> doubts; ///< Why a server might still refuse it or type it otherwise.
    /// Evaluating it can fail for reasons other than its names: a cast of unverified text, a
    /// division, a function that raises. Empty when it certainly cannot.
    std::string may_fail;
    bool constant = false; ///< No column, parameter or subquery in it.
    bool null = false;     ///< NULL and nothing else: not even a cast to a length or domain.
};

/// A column that is in scope, or that a query returns.
struct ScopeColumn {
    std::string name;
    TypeRef type;
    ObjectId column{}; ///< The catalog's column behind it, where there is exactly one.
};

/// A relation of FROM. `open` ones may have columns that are not listed.
struct ScopeRelation {
    std::string alias;
    ObjectId relation{}; ///< no_object for subqueries, functions and CTEs.
    std::vector<ScopeColumn> columns;
    bool open = false;
    /// Why nothing of it may be referred to, with SQLSTATE 42P17; empty where it may: OLD of an
    /// INSERT.
    std::string forbidden = {};
    bool before_stored = false; ///< NEW of a BEFORE trigger: no generated and no system columns.
};

/// How a query touches a relation; decides its lock (manual 13.3.1).
enum class Access : std::uint8_t { read, read_for_update, insert, update, delete_ };
struct RelationAccess {
    ObjectId relation{};
    Access access{};
    Span span;
};

/// Whether a value can be null.
enum class Nullness : std::uint8_t { never, maybe, always };

/// A column that INSERT or UPDATE gives a value; of several rows the worst counts.
struct AssignedColumn {
    ObjectId column{};
    Nullness null = Nullness::maybe;
};

struct BoundQuery : Bound {
    std::vector<ScopeColumn> columns;      ///< What it returns.
    std::vector<RelationAccess> relations; ///< Views by themselves; what they read is not expanded.
    std::vector<AssignedColumn> assigned;  ///< DEFAULT left out; ON CONFLICT's SET included.
    bool returns_no_rows_if_empty = true;  ///< False for aggregates without GROUP BY, VALUES ...
};

/// Where an expression stands; decides what it may hold (ParseExprKind).
enum class Place : std::uint8_t {
    any,
    column_default,   ///< No columns, subqueries, aggregates (0A000, 42803).
    check_constraint, ///< Of a table or a domain.
    index_expression, ///< Must be immutable (42P17).
    index_predicate,
    generated_column,
    partition_key,
    statistics,
    alter_using, ///< ALTER COLUMN ... TYPE ... USING.
    policy,
    trigger_when,
};

/// Binds names as parse_analyze does, on the catalog of this moment. Never changes the catalog.
class Binder {
public:
    explicit Binder(const catalog::Resolver& resolver) : resolver_(resolver) {}

    /// With `scope` null there are no columns (DEFAULT). Several relations: trigger OLD and NEW.
    [[nodiscard]] Bound bind_expression(const Expression& expression,
                                        const std::vector<ScopeRelation>* scope,
                                        Place place = Place::any) const;
    /// The expression of a CHECK, policy USING, index predicate ...: must be boolean (42804).
    /// `clause` as the server words it: "CHECK", "POLICY", "WHEN", "WHERE"; with Place::any the
    /// place follows from it (WHERE: an index predicate).
    [[nodiscard]] Bound bind_condition(const Expression& expression,
                                       const std::vector<ScopeRelation>* scope,
                                       std::string_view clause,
                                       Place place = Place::any) const;
    /// A value to be stored in a column or domain of `target` (DEFAULT, USING): assignment casts.
    /// With Place::any the place is a DEFAULT when there is no scope and USING when there is one.
    [[nodiscard]] Bound bind_value(const Expression& expression,
                                   const std::vector<ScopeRelation>* scope,
                                   TypeRef target,
                                   std::string_view column,
                                   Place place = Place::any) const;
    /// SELECT, VALUES, set operations; INSERT, UPDATE, DELETE, MERGE with their target checks.
    /// `parameters`: names and types of a SQL function's arguments ($1 and by name).
    [[nodiscard]] BoundQuery bind_query(const Query& query,
                                        const std::vector<ScopeColumn>* parameters = nullptr) const;

    /// A type name: problem 42704 when a server would not find it. Serial pseudo-types resolve to
    /// their integer type.
    struct BoundType {
        TypeRef type;
        bool serial = false;
        std::vector<Use> uses;
        std::optional<Problem> problem;
        std::string doubt;
    };
    [[nodiscard]] BoundType bind_type(const TypeName& name) const;

    /// The scope that a table constraint, policy, index or trigger condition sees.
    [[nodiscard]] ScopeRelation scope_of(ObjectId relation, std::string alias = {}) const;

    /// Function by signature (DROP, COMMENT, trigger): problem 42883 / 42725 as the server words
    /// it.
    struct BoundFunction {
        const Object* function = nullptr; ///< Null when it is builtin or not known.
        bool builtin = false;
        std::vector<TypeRef> arguments;
        std::optional<Problem> problem;
        std::string doubt;
    };
    [[nodiscard]] BoundFunction bind_signature(const FunctionSignature& signature,
                                               ObjectKind kind) const;

private:
    const catalog::Resolver& resolver_;
};

} // namespace ordain::analyze
