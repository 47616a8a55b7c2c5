#include "rules/rules.hpp"

namespace ordain::rules {

// Reported by the engine, which alone knows all allowances.
constinit const Rule allowance_without_reason{
    .id = "allowance-without-reason",
    .category = Category::suppression,
    .severity = Severity::warning,
    .summary = "A comment allows a finding and does not say why.",
    .why = R"(An allowance is a decision that others rely on: the reviewer of the migration, and
whoever copies it next year. Without the reason nobody can tell whether it still holds. The finding
is hidden all the same, so that one cause is reported once. `<reason>`, as the line is offered to be
filled in, is no reason.)",
    .fix = R"(Put the reason after a colon: `-- ordain:allow drop-column: nobody reads it since
release 41`.)",
    .elsewhere = R"(pgsafe (a directive without a reason))",
    .bad = R"(-- ordain:allow drop-column
ALTER TABLE accounts DROP COLUMN nickname;)",
    .good = R"(-- ordain:allow drop-column: nobody reads it since release 41
ALTER TABLE accounts DROP COLUMN nickname;)",
};

} // namespace ordain::rules
