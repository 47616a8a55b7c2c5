#pragma once

#include "analyze/binder.hpp"
#include "catalog/resolve.hpp"
#include "replay/session.hpp"

#include <map>
#include <ordain/action.hpp>
#include <ordain/catalog.hpp>
#include <ordain/config.hpp>
#include <ordain/outcome.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ordain::replay {

/// What a change of an object needs gone: who depends on it would refuse the change.
enum class Clearance { drop, type_change, type_change_with_default, truncate };

/// A column that an ALTER TABLE gave another type, and what it had.
struct Retyped {
    ObjectId column{};
    TypeRef from;
};

/// An object that a DROP names.
struct NamedDrop {
    ObjectId object{};
    Span span;
};

/// What all steps of a replay share.
struct Database {
    Catalog& catalog;
    catalog::World world = catalog::World::closed;
    std::uint32_t postgres = grammar_postgres;
    std::set<std::string> assumed; ///< What an open world was taken to hold.
    std::vector<std::string> search_path = catalog::SearchPath().schemas; ///< Of new connections.
    std::vector<NamedDrop> pending_drops; ///< Of the DROP statement under way.
    std::vector<Retyped> retyped = {};    ///< By the ALTER TABLE under way.
    /// Of depend_on_removals: the last migration whose edges to removals were noted.
    std::map<std::pair<ObjectId, Clearance>, std::uint32_t> cleared;
};

/// Where in a transaction a statement stands.
struct TransactionState {
    bool block = false;                ///< Inside a block, explicit or implicit: not alone.
    bool queried = false;              ///< An earlier statement of the transaction took a snapshot.
    std::uint32_t first_statement = 1; ///< Of the transaction.
    /// Variables of the body that the statement is part of, for names that are no columns.
    const std::vector<analyze::ScopeColumn>* variables = nullptr;
    /// Of the actions of the same kind that the statement does one after the other.
    bool first_of_kind = true;
    bool last_of_kind = true;
};

/// One Action on its way through the catalog: looks up, refuses, locks, and notes what happened.
///
/// The functions that do an Action return as soon as refused() is true; what they changed until
/// then is taken back by the statement's mark.
class Step {
public:
    Step(Database& database,
         Session& session,
         const Action& action,
         Origin here,
         TransactionState transaction);

    [[nodiscard]] Catalog& catalog() { return database_.catalog; }
    [[nodiscard]] Database& database() { return database_; }
    [[nodiscard]] Session& session() { return session_; }
    [[nodiscard]] const catalog::Resolver& resolver() const { return resolver_; }
    [[nodiscard]] const analyze::Binder& binder() const { return binder_; }
    [[nodiscard]] const Action& action() const { return action_; }
    [[nodiscard]] Origin here() const { return here_; }
    [[nodiscard]] bool in_transaction_block() const { return transaction_.block; }
    /// Whether the transaction has run a query: its snapshot is taken.
    [[nodiscard]] bool queried() const { return transaction_.queried; }
    [[nodiscard]] bool first_of_kind() const { return transaction_.first_of_kind; }
    [[nodiscard]] bool last_of_kind() const { return transaction_.last_of_kind; }
    [[nodiscard]] const std::vector<analyze::ScopeColumn>* variables() const {
        return transaction_.variables;
    }
    /// Whether the open transaction made the object.
    [[nodiscard]] bool made_in_transaction(const Object& object) const {
        return object.created.migration == here_.migration &&
               object.created.statement >= transaction_.first_statement;
    }
    [[nodiscard]] Outcome& outcome() { return outcome_; }

    // ---- how it ends
    [[nodiscard]] bool refused() const { return outcome_.status == Outcome::Status::refused; }
    /// The first refusal counts; after a doubt none does. Always returns false, so that a check can
    /// end with it.
    bool refuse(std::string_view sqlstate, std::string message, Span span);
    bool refuse(const analyze::Problem& problem);
    /// 25001 in a transaction block, where the command commits by itself
    /// (PreventInTransactionBlock). True outside of one.
    bool runs_outside_block(std::string_view command);
    void skip();
    void doubt(std::string reason);
    void target(ObjectId id) { outcome_.targets.push_back(id); }

    // ---- what it costs
    void lock(ObjectId relation, LockMode mode);
    void work(Work::Kind kind, ObjectId relation, std::string why);
    /// Work that is done or not, by what is not known.
    void possible_work(Work::Kind kind, ObjectId relation, std::string why);

    // ---- what it depends on
    void depend(ObjectId object,
                Span span,
                Dependence::Kind kind = Dependence::Kind::exists,
                bool hard = true);
    /// Everything a binding used; then its problem refuses and its doubts make the outcome unknown.
    bool accept(const analyze::Bound& bound);
    /// As accept(), but leaves the doubts aside: for what is computed and not stored.
    bool accept_uses(const analyze::Bound& bound);

    // ---- looking up for use; null after refusal
    /// A relation that must exist, or with IF EXISTS skips. The lock is taken first, as on a
    /// server.
    const Object* relation(const QualifiedName& name, LockMode mode);
    /// A relation that is a table in the wide sense: else 42809 "x" is not a table.
    const Object* table(const QualifiedName& name, LockMode mode);
    const Object* column(const Object& relation, const Identifier& name);
    /// As column(), for key columns of a constraint or index, where the server words it
    /// differently.
    const Object* key_column(const Object& relation, const Identifier& name);
    /// The schema in which an object of that name is created; no_object after refusal.
    ObjectId creation_schema(const QualifiedName& name);

    // ---- making and changing
    /// A new object with id, name and origins filled in.
    [[nodiscard]] Object make(ObjectKind kind, ObjectId schema, ObjectId parent, std::string name);
    /// Puts it and notes that its name had to be free; `span` is empty when the name is generated,
    /// because then any other would do.
    ObjectId create(Object object, Span span);
    /// Depends on the migration that freed a name which this step is about to give.
    void need_free(NameSpace space, ObjectId container, const std::string& name, Span span);
    /// Whether what was removed would be gone by now all the same, with what it belonged to.
    [[nodiscard]] bool went_with_owner(const Tombstone& grave) const;
    /// This step would have made the object if it were not there (Object::remade).
    void note_other_maker(ObjectId id);
    /// A copy of the present version, changed by this step; put() it.
    [[nodiscard]] Object change(ObjectId id);
    void put(Object object) { catalog().put(std::move(object)); }
    void erase(ObjectId id, Catalog::Removal removal = Catalog::Removal::required) {
        catalog().erase(id, here_, removal);
    }
    /// A relation that must exist but was never seen: its columns stay unknown. `assumed`: a lookup
    /// took it to exist; else a statement that was not read has made it.
    const Object* invent_relation(const QualifiedName& name, ObjectKind kind, bool assumed);

    /// Rows are unknown from now on.
    void set_rows_unknown(ObjectId relation);
    /// Certainly no rows, on the fresh state (catalog::is_empty).
    [[nodiscard]] bool empty(ObjectId relation) const;
    /// Existed before this migration: locks on it are felt.
    [[nodiscard]] bool existed(ObjectId relation) const;

private:
    ObjectId system_schema(const QualifiedName& name, ObjectId home);
    /// Whether IF EXISTS speaks of the relation and not of a part of it.
    [[nodiscard]] bool relation_may_be_missing() const;
    [[nodiscard]] Origin maker_of(std::string_view relation);
    const Object*
    missing_relation(const QualifiedName& name, const catalog::Lookup& lookup, LockMode mode);

    Database& database_;
    Session& session_;
    const Action& action_;
    Origin here_;
    TransactionState transaction_;
    catalog::Resolver resolver_;
    analyze::Binder binder_;
    Outcome outcome_;
};

/// "relation", "table", "view" ... as the server says it in `"x" is not a table`.
[[nodiscard]] std::string_view noun(ObjectKind kind);

} // namespace ordain::replay
