#pragma once

#include "parse/arena.hpp"

#include <optional>
#include <pg_query/pg_query.pb-c.h>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::parse {

/// What libpg_query says of a text that its grammar refuses.
struct GrammarError {
    std::string message;
    int cursor = 0; ///< In characters from 1; 0 when it does not know.
    bool in_scanner = false;
};

/// libpg_query's tree for one text: the statements in it, or why there is none. The nodes live in
/// the arena until it is reset.
struct SyntaxTree {
    std::vector<const PgQuery__Node*> statements;
    std::optional<GrammarError> error;
    bool out_of_memory = false;
};

/// `text` holds no NUL byte and is no deeper than the calling thread's stack can bear.
[[nodiscard]] SyntaxTree read_syntax_tree(std::string_view text, Arena& arena);

} // namespace ordain::parse
