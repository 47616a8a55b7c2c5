#pragma once

#include <cstdint>
#include <ordain/action.hpp>
#include <string_view>
#include <vector>

namespace ordain::parse {

/// Every word of a text, keywords included because verbs tell what may have happened to what is
/// named: words, quoted identifiers, and the words within string constants and bodies, and within
/// the strings in those (EXECUTE '...' in a body). Spans are of the words themselves, wherever they
/// stand.
[[nodiscard]] std::vector<Mention> mentioned_words(std::string_view text,
                                                   std::uint32_t base_offset);

} // namespace ordain::parse
