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

/// What stands where an allowance should say why.
enum class Reason : std::uint8_t {
    missing,
    placeholder, ///< `<reason>`, as it is offered to be filled in.
    given,
};

/// One rule that a comment allows: `-- ordain:allow drop-column: nobody reads it` for a statement,
/// `-- ordain:allow-file drop-column: ...` for all that the runner sends of the file. A comment
/// that names several rules is as many allowances.
struct Allowance {
    std::string rule; ///< As written.
    Location where;   ///< The rule's name in the comment.
    Reason reason = Reason::missing;
    bool whole_file = false;
    Span covers; ///< The statement; empty when there is none below the comment.
    std::uint32_t migration = 0;
    bool used = false;
};

/// A comment that was meant to be an allowance and is none: `-- ORDAIN:ALLOW drop-column: ...`,
/// `-- ordain: allow ...`, `-- ordain:ignore ...`. It hides nothing.
struct NearMiss {
    std::string written;            ///< `ORDAIN:ALLOW`
    std::vector<std::string> rules; ///< The words behind it, of which some may be rules.
    bool misspelt = false;          ///< Only case and blanks stand between it and `ordain:allow`.
    bool whole_file = false;        ///< `ordain:allow-file` was meant.
    Location where;
    std::uint32_t migration = 0;
};

/// What the comments of scripts say to Ordain.
struct Directives {
    std::vector<Allowance> allowances;
    std::vector<NearMiss> near_misses;
};

/// The directives of a script, in the order written: the lines of comments that begin with
/// `ordain:`. Allowances for a statement stand in the comments
/// directly above it (other comments and blank lines may come between), inside it, or at the end of
/// one of its lines.
[[nodiscard]] Directives
read_directives(const SourceFile& file, const Script& script, std::uint32_t migration);

/// The rules whose findings are about allowances. They have no functions: the engine itself
/// reports them.
inline constexpr std::string_view without_reason = "allowance-without-reason";
inline constexpr std::string_view of_unknown_rule = "allowance-of-unknown-rule";
inline constexpr std::string_view unused = "unused-allowance";

} // namespace ordain::lint
