#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ordain/action.hpp>
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

/// A PL/pgSQL body: `text` as it stands in the file, `base_offset` bytes into it; `number` is that
/// of the statement it belongs to, and its SQL gets it too.
struct PlpgsqlText {
    std::string_view text;
    std::uint32_t base_offset = 0;
    std::uint32_t number = 0;
};

/// Reads the body of a DO block.
[[nodiscard]] PlpgsqlBody read_plpgsql_block(StatementParser& parser, const PlpgsqlText& body);
/// Reads the body of a function or procedure.
[[nodiscard]] PlpgsqlBody read_plpgsql_function(StatementParser& parser,
                                                const PlpgsqlText& body,
                                                const CreateFunction& function);

} // namespace ordain::parse
