#pragma once

#include "support/postgres_server.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ordain::test {

/// Runs a script as sqlx does: whole, in a transaction of its own. A refused one leaves nothing.
Answer run_in_transaction(Session& session, std::string_view sql);

/// Every object of the database with its definition in the server's own words, a line each,
/// sorted; the order of columns is left out.
[[nodiscard]] std::vector<std::string> schema_of(Session& session);

} // namespace ordain::test
