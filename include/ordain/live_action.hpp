#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ordain/catalog.hpp>
#include <ordain/outcome.hpp>
#include <ordain/source.hpp>
#include <string>
#include <vector>

namespace ordain {

/// What one Action asks of live relations: those that production has and uses, because its
/// deployment did not make them. Several in their order show what waits for what.
struct LiveAction {
    struct Lock {
        ObjectId relation{};
        std::string name; ///< "users" of schema public, else "app.users".
        LockMode mode{};
    };
    /// On all rows of the relation.
    struct RowWork {
        ObjectId relation{};
        std::string name;
        std::string why;
        bool by_query =
            false; ///< By INSERT, UPDATE or DELETE: no change of the schema asks for it.
    };

    std::uint32_t migration = 0; ///< Ordinal.
    Location where;
    Span statement;
    bool in_transaction_block = false;
    std::chrono::milliseconds lock_timeout{}; ///< 0: it waits for its locks without end.
    std::vector<Lock> locks;                  ///< Those that hold up reads or writes.
    std::vector<RowWork> work;
    /// The earlier ones whose locks its transaction still holds, ascending: their places in the
    /// list of all.
    std::vector<std::size_t> held;
};

} // namespace ordain
