#pragma once

#include <cstdint>
#include <optional>
#include <ordain/action.hpp>
#include <ordain/source.hpp>
#include <string>
#include <vector>

namespace ordain {

/// Why a statement has no Actions.
struct SyntaxFault {
    enum class Kind {
        syntax_error, ///< The server's grammar refuses it (42601 and its relatives).
        too_deep,     ///< Nested deeper than Ordain reads; a server might (54001) or might not.
        too_large,    ///< Larger than Ordain reads.
    };
    Kind kind = Kind::syntax_error;
    std::string sqlstate; ///< "42601" unless the scanner or grammar says otherwise.
    std::string message;  ///< In the server's words, without "ERROR:".
    Span span;            ///< The token at which it was noticed.
};

/// One statement of a script.
struct Statement {
    std::uint32_t number = 1; ///< From 1 over the script.
    Span span;                ///< First to last token, terminator excluded.
    std::vector<Action> actions;
    std::optional<SyntaxFault> fault; ///< Then actions is one Unmodelled with its mentions.
};

} // namespace ordain
