#include "rules/rules.hpp"

namespace ordain::rules {

// Reported by the engine, which alone knows all allowances.
constinit const Rule unused_allowance{
    .id = "unused-allowance",
    .category = Category::suppression,
    .severity = Severity::warning,
    .summary = "A comment allows what is not found.",
    .why = R"(The statement changed, the comment moved away from it, or the finding never was. What
stays hides the next finding of that rule without anybody having judged it. An allowance counts for
the statement below it, for the one that it stands in or behind; with `allow-file` for the whole
file. Not reported while the rule is off.)",
    .fix = R"(Remove the comment, or put it directly above its statement.)",
    .elsewhere =
        R"(postgres-language-server (a suppression without effect), pgrubic (an unused noqa))",
    .bad = R"(-- ordain:allow drop-column: nobody reads it since release 41
CREATE TABLE accounts (id bigint PRIMARY KEY);)",
    .good = R"(-- ordain:allow drop-column: nobody reads it since release 41
ALTER TABLE accounts DROP COLUMN nickname;)",
};

} // namespace ordain::rules
