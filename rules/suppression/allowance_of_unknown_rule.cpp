#include "rules/rules.hpp"

namespace ordain::rules {

// Reported by the engine, which alone knows all allowances.
constinit const Rule allowance_of_unknown_rule{
    .id = "allowance-of-unknown-rule",
    .category = Category::suppression,
    .severity = Severity::warning,
    .summary = "A comment looks like an allowance, or allows a rule that does not exist, and hides "
               "nothing.",
    .why =
        R"(A slip in the name of a rule leaves the finding where it was and lets the reader of the
script believe that it was judged. The nearest name is suggested. The same goes for a comment that
begins with `ordain:` but is not spelt so that it counts: `-- ORDAIN:ALLOW`, `-- ordain: allow`,
`-- ordain:ignore`.)",
    .fix = R"(Write `-- ordain:allow` or `-- ordain:allow-file`, the id as the finding shows it
(`ordain rules` lists all of them), a colon and the reason; or remove the comment.)",
    .elsewhere = R"(squawk unused-ignore)",
    .bad = R"(-- ordain:allow drop-colum: nobody reads it since release 41
CREATE TABLE accounts (id bigint PRIMARY KEY);)",
    .good = R"(-- ordain:allow drop-column: nobody reads it since release 41
ALTER TABLE accounts DROP COLUMN nickname;)",
};

} // namespace ordain::rules
