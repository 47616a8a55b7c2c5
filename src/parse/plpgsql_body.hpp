#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ordain/plpgsql.hpp>
#include <string_view>

namespace ordain::parse {

class StatementParser;

/// What a PL/pgSQL body says.
struct PlpgsqlBody {
    std::shared_ptr<const plpgsql::Block> block; ///< Null for what could not be read.
    std::optional<StatementFault> fault;         ///< The first refusal of a server's compiler.
    std::uint32_t fault_reached = 0;             ///< See Do.
    bool partly_read = false;                    ///< See Do.
};

/// Reads a PL/pgSQL body. `body` is its text as it stands in the file, `base_offset` bytes into it;
/// `number` is that of the statement it belongs to, and its SQL gets it too.
[[nodiscard]] PlpgsqlBody read_plpgsql_body(StatementParser& parser,
                                            std::string_view body,
                                            std::uint32_t base_offset,
                                            std::uint32_t number);

} // namespace ordain::parse
