#pragma once

#include "catalog/resolve.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace ordain::replay {

/// What a connection carries from statement to statement.
struct Session {
    catalog::SearchPath path;
    /// Settings that were SET, by folded name, as text. search_path is in `path`.
    std::map<std::string, std::string, std::less<>> settings;

    /// What SET LOCAL hides until the transaction ends.
    struct Outer {
        catalog::SearchPath path;
        std::map<std::string, std::string, std::less<>> settings;
    };
    std::optional<Outer> outer;

    void remember_outer() {
        if (!outer) outer = Outer{.path = path, .settings = settings};
    }
    void end_transaction() {
        if (!outer) return;
        path = outer->path;
        settings = outer->settings;
        outer.reset();
    }

    /// How long a statement waits for a lock; 0: for as long as it takes.
    [[nodiscard]] std::chrono::milliseconds lock_timeout() const;
    /// check_function_bodies: whether CREATE FUNCTION looks into bodies that are strings.
    [[nodiscard]] bool checks_function_bodies() const;
};

} // namespace ordain::replay
