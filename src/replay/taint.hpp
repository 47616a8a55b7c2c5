#pragma once

#include "replay/step.hpp"

#include <ordain/action.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::replay {

/// Whether what a text does may be taken back again, by the handler of an error.
enum class Undone : std::uint8_t { no, maybe };

/// What an unread statement may have done, from the words it holds: only verbs that stand in it can
/// have happened, only kinds that it names can be affected, and only names that it mentions.
/// Functions that it may call lend their words.
void taint_mentions(Step& step, const std::vector<Mention>& mentions, const std::string& reason);

/// Likewise where the names are not there to be read: what the verbs do may happen to anything, and
/// without a verb everything may.
void taint_anything(Step& step, const std::vector<Mention>& mentions, const std::string& reason);

/// Likewise for a part of a body that was not run.
void taint_text(Step& step, std::string_view sql, const std::string& reason, Undone undone);

/// Likewise for the body of a function that runs.
void taint_body(Step& step, const Object& function, const std::string& reason);

/// Every word of a text that could be a name, those inside its string literals included.
[[nodiscard]] std::vector<std::string> words_of(std::string_view sql);

} // namespace ordain::replay
