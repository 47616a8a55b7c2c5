#include "rules/rules.hpp"

namespace ordain::rules {

// Reported by the engine, which alone knows all allowances.
constinit const Rule allowance_of_unknown_rule{
    .id = "allowance-of-unknown-rule",
    .category = Category::suppression,
    .severity = Severity::warning,
    .summary = "A comment allows a rule that does not exist, and so hides nothing.",
    .why =
        R"(A slip in the name of a rule leaves the finding where it was and lets the reader of the
script believe that it was judged. The nearest name is suggested.)",
    .fix = R"(Write the id as the finding shows it; `ordain rules` lists all of them.)",
    .bad = R"(-- ordain:allow drop-colum: nobody reads it since release 41
CREATE TABLE accounts (id bigint PRIMARY KEY);)",
    .good = R"(-- ordain:allow drop-column: nobody reads it since release 41
ALTER TABLE accounts DROP COLUMN nickname;)",
};

} // namespace ordain::rules
