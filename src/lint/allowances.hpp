#pragma once

#include <cstdint>
#include <ordain/finding.hpp>
#include <ordain/judgement.hpp>
#include <ordain/plan.hpp>
#include <ordain/rule.hpp>
#include <ordain/source.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::lint {

/// One rule that a comment allows: `-- ordain:allow drop-column: nobody reads it` for a statement,
/// `-- ordain:allow-file drop-column: ...` for all that the runner sends of the file. A comment
/// that names several rules is as many allowances.
struct Allowance {
    std::string rule; ///< As written.
    Location where;   ///< The rule's name in the comment.
    bool reasoned = false;
    bool whole_file = false;
    Span covers; ///< The statement; empty when there is none below the comment.
    std::uint32_t migration = 0;
    bool used = false;
};

/// The allowances of a script, in the order written. Those for a statement stand in the comments
/// directly above it (other comments and blank lines may come between), inside it, or at the end of
/// one of its lines.
[[nodiscard]] std::vector<Allowance>
read_allowances(const SourceFile& file, const Script& script, std::uint32_t migration);

/// The rules whose findings are about allowances. They have no functions: the engine itself
/// reports them.
inline constexpr std::string_view without_reason = "allowance-without-reason";
inline constexpr std::string_view of_unknown_rule = "allowance-of-unknown-rule";
inline constexpr std::string_view unused = "unused-allowance";

} // namespace ordain::lint
