#pragma once

#include <cstdint>
#include <ordain/catalog.hpp>
#include <ordain/source.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain {

/// Table-level lock modes, weakest first (manual 13.3.1).
enum class LockMode : std::uint8_t {
    none,
    access_share,
    row_share,
    row_exclusive,
    share_update_exclusive,
    share,
    share_row_exclusive,
    exclusive,
    access_exclusive
};
/// "AccessExclusiveLock", as pg_locks shows it.
[[nodiscard]] std::string_view name_of(LockMode mode);
/// "ACCESS EXCLUSIVE", as the manual and LOCK TABLE write it.
[[nodiscard]] std::string_view manual_name_of(LockMode mode);
/// Who waits while the mode is held: "every query", "writes", "other schema changes" ...
[[nodiscard]] std::string_view blocks(LockMode mode);

/// The error with which a server would refuse.
struct Refusal {
    std::string sqlstate;
    std::string message;                   ///< In the server's words, without "ERROR:".
    Span span;                             ///< The name or token it is about.
    std::vector<ObjectId> dependents = {}; ///< Of 2BP01: what stands in the way.
};

/// A use of an object that an earlier statement made what it is.
struct Dependence {
    /// exists: it must be there; changed: it must be as changed; gone: it must not be there;
    /// late: named in a function body, needed when that runs; data: its rows are read.
    enum class Kind : std::uint8_t { exists, changed, gone, late, data };
    Kind kind{};
    bool hard = true; ///< Without it the statement fails.
    Origin origin;    ///< The statement depended on.
    ObjectId object{};
    Span span; ///< Where it is named.
};
[[nodiscard]] std::string_view name_of(Dependence::Kind kind);

/// Where an expression or a query names an object; `*` names each column that it stands for.
struct NamedObject {
    ObjectId object{};
    Span span;
};

struct LockTaken {
    ObjectId relation{};
    LockMode mode{};
    bool operator==(const LockTaken&) const = default;
};

/// A lock that its transaction holds from an earlier Action on.
struct HeldLock {
    LockTaken lock;
    std::uint32_t action = 0; ///< Its number among the actions of the migration.
};

/// Work that a statement does on all rows of a relation while it holds its locks.
struct Work {
    enum class Kind : std::uint8_t {
        rewrite,
        scan,
        index_build,
        update, ///< By UPDATE: every row, or what a view shows.
        delete_ ///< By DELETE, likewise.
    };
    Kind kind{};
    ObjectId relation{}; ///< no_object: it was not seen, and is taken to be there.
    std::string why;     ///< "the default is volatile", "NOT NULL is tried on every row".
    bool certain = true; ///< False: whether it is done hangs on what is not known, as `why` says.
    Span span = {};      ///< Where UPDATE or DELETE names the relation.
};

/// An object that an Action took away.
struct Dropped {
    enum class Why : std::uint8_t {
        named, ///< By the statement.
        owned, ///< Part of another, or made for it: goes without CASCADE (pg_depend's automatic and
               ///< internal).
        used,  ///< It used another, and goes by CASCADE.
        used_by_default, ///< A column whose default used another: the default alone is gone.
    };
    ObjectId object{};
    Why why{};
    ObjectId root{}; ///< The named object with which it goes.
    Span span = {};  ///< Where it is named.
};

/// What one Action did.
struct Outcome {
    enum class Status : std::uint8_t {
        done,
        skipped, ///< Its guard made it a no-op: a NOTICE on a server.
        refused,
        unknown, ///< Neither certain; its effects were made as if it were done.
    };
    Status status = Status::done;
    Refusal refusal;
    std::string reason; ///< Of unknown.
    /// The objects that it made, changed or dropped, the main one first. They are looked up in the
    /// catalog before the action for what it drops and after it for what it makes.
    std::vector<ObjectId> targets;
    std::vector<LockTaken> locks; ///< Each relation once, the strongest mode.
    std::vector<Work> work;
    /// All that went, what depends after what it needs. Objects of one DROP go as one set: they
    /// all stand with its last Action.
    std::vector<Dropped> dropped;
    std::vector<Dependence> dependences;
    std::vector<NamedObject> named; ///< Relations, columns, functions and types, as bound.
};

} // namespace ordain
