#pragma once

#include <cstdint>
#include <optional>
#include <ordain/catalog.hpp>
#include <ordain/outcome.hpp>
#include <ordain/plan.hpp>
#include <ordain/source.hpp>
#include <ordain/statement.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain {

/// An answer that is never a guess.
enum class Verdict : std::uint8_t { yes, no, unknown };
[[nodiscard]] std::string_view name_of(Verdict verdict);

/// A verdict with its proof: for `no` the first refusal, for `unknown` the reason.
struct Answer {
    Verdict verdict = Verdict::yes;
    std::string sqlstate;        ///< Of no, when a server raises an error.
    std::string message;         ///< The server's words, the difference, or the reason.
    std::uint32_t statement = 0; ///< Of the script, from 1; 0 when no single one is to blame.
    Location where;
};

/// What a second run does to rows; destroys: it drops what held them and makes it anew.
enum class DataEffect : std::uint8_t { none, same, repeats, destroys, unknown };
[[nodiscard]] std::string_view name_of(DataEffect effect);

/// What is left of the catalog's difference after a down script.
enum class RollbackVerdict : std::uint8_t { restores, differs, fails, missing, unknown };
[[nodiscard]] std::string_view name_of(RollbackVerdict verdict);

/// An object as reports name it, independent of a catalog's later states.
struct ObjectReference {
    ObjectKind kind{};
    std::string schema; ///< Empty for what has none.
    std::string table;  ///< Of columns, constraints, triggers, policies, rules, indexes.
    std::string name;
    std::vector<std::string> arguments; ///< Of functions, as format_type prints them.
    auto operator<=>(const ObjectReference&) const = default;
};
/// `table "public.users"`, `column "email" of table "public.users"`: for messages.
[[nodiscard]] std::string describe(const ObjectReference& object);

/// An object that has another name, schema or table.
struct Renaming {
    ObjectReference from;
    ObjectReference to;
};

/// What two states of the catalog do not share.
struct Difference {
    std::vector<ObjectReference> created;
    std::vector<ObjectReference> dropped;
    std::vector<ObjectReference> changed;
    /// Those of them that are the same object: `created` has them as `to`, `dropped` as `from`.
    std::vector<Renaming> renamed;
    /// Tables whose columns are the same in another order: told apart, not a difference.
    std::vector<std::string> order_changed;
    /// Of each changed object, in the same order: its definition before and after, as SQL of its
    /// kind: "integer NOT NULL -> bigint NOT NULL".
    std::vector<std::string> how;
    /// Comments and privileges that differ: "comment on table public.users".
    std::vector<std::string> annotations;
    std::vector<std::string> doubts; ///< Objects whose equality is not certain, and why.

    [[nodiscard]] bool empty() const {
        return created.empty() && dropped.empty() && changed.empty() && annotations.empty();
    }
};

struct RollbackAnswer {
    RollbackVerdict verdict = RollbackVerdict::missing;
    Answer failure;        ///< Of fails and unknown.
    Difference difference; ///< Of differs: created = left behind, dropped = lost.
};

struct RerunAnswer {
    Answer answer;
    Difference difference; ///< Where no error is raised and the catalog differs.
    DataEffect data = DataEffect::none;
    std::vector<ObjectReference> destroyed; ///< Of destroys: tables and columns.
};

/// An edge of the dependency graph: this migration needs `on`.
struct Edge {
    std::uint32_t on = 0; ///< Ordinal of a migration.
    bool hard = true;
    struct Evidence {
        ObjectReference object;
        std::uint32_t statement = 0; ///< Of the dependent script.
        Location where;
        std::uint32_t origin_statement = 0; ///< Of the script depended on.
        Dependence::Kind kind{};
    };
    std::vector<Evidence> because;
};

struct LockReport {
    std::string relation; ///< "public.users".
    LockMode mode{};
    std::uint32_t statement = 0;
    Location where;
};

/// All answers about one migration.
struct MigrationJudgement {
    std::uint32_t ordinal = 0;
    Answer applies;
    /// It has run in production although it does not replay: what it says was taken as done, and
    /// what it names is uncertain afterwards. `applies` says why.
    bool assumed_applied = false;
    RerunAnswer rerun;
    RollbackAnswer rollback;
    std::optional<Difference> effects; ///< Unset when not known.
    /// Tables and columns that it drops with what they hold, also where it makes others of the same
    /// name, which `effects` has as changed; set together with it.
    std::vector<ObjectReference> destroyed;
    std::vector<Edge> depends_on; ///< Ordinals ascending.
    /// Strongest on each relation that existed before the file; unset when not known.
    std::optional<std::vector<LockReport>> locks;
    std::optional<std::vector<std::string>> rewrites;
    /// Where a refusal names an object that a later migration makes: that migration's ordinal.
    std::uint32_t created_later_by = 0;
    ObjectReference created_later;
};

/// The parsed scripts of one migration.
struct MigrationStatements {
    std::vector<Statement> up;
    std::vector<Statement> down;
};

} // namespace ordain
