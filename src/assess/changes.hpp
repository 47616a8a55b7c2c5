#pragma once

#include <cstddef>
#include <ordain/judgement.hpp>
#include <ordain/statement.hpp>
#include <string>
#include <string_view>
#include <vector>

/// What verdicts say, in words.
namespace ordain::assess {

/// "creates 2 tables: a, b", "drops 1 column: users.nickname"; what goes without saying with a
/// table that is made or dropped is left out. Of what is destroyed some may be there again.
[[nodiscard]] std::vector<std::string> changes_in(const Difference& effects,
                                                  const std::vector<ObjectReference>& destroyed);

/// What a script guards itself with, and how often: "IF NOT EXISTS 3 times", "1 DO block".
[[nodiscard]] std::vector<std::string> patterns_in(const std::vector<Statement>& statements);

/// "restores what was there", "leaves enum "public.mood" behind" ...
[[nodiscard]] std::string rollback_in_words(const RollbackAnswer& rollback);

/// "1 error", "2 errors"; of several words the last but what follows "of" or "that" is counted.
[[nodiscard]] std::string counted(std::size_t count, std::string_view what);

} // namespace ordain::assess
