#pragma once

#include "lint/definitions.hpp"

#include <optional>
#include <ordain/judgement.hpp>
#include <ordain/rule.hpp>
#include <string>
#include <unordered_map>

namespace ordain::lint {

/// Why a migration does not apply, so that each refusal is reported by one rule only.
struct RefusalReading {
    enum class Cause {
        syntax,        ///< The grammar refuses a statement of it.
        created_later, ///< What it names is made further down in the plan, or in the script.
        failed_before, ///< What it names would be made by an earlier migration that does not apply.
        same_before,   ///< An earlier migration fails for want of the same object.
        in_transaction, ///< The statement runs outside of transaction blocks only.
        other,
    };
    Cause cause = Cause::other;
    const Definition* definition = nullptr; ///< Of created_later.
    std::uint32_t earlier = 0;              ///< Of failed_before and same_before: an ordinal.
};

/// Reads the refusals of a plan. The names that all of its scripts make are collected when the
/// first refusal asks for them.
class Refusals {
public:
    explicit Refusals(const PlanContext& context) : context_(context) {}

    /// Of a migration whose applies is no; to be asked in the order of the plan.
    [[nodiscard]] RefusalReading read(const MigrationJudgement& judgement);

private:
    [[nodiscard]] bool is_syntax(const MigrationJudgement& judgement) const;
    [[nodiscard]] const Definition* made_later(const MigrationJudgement& judgement,
                                               const NamedInMessage& named);
    [[nodiscard]] std::uint32_t failed_to_make(const MigrationJudgement& judgement,
                                               const NamedInMessage& named);
    /// Whether the refused statement names the definition's table.
    [[nodiscard]] bool mentions(const MigrationJudgement& judgement, const std::string& word) const;
    [[nodiscard]] bool fails(std::uint32_t migration) const;
    const Definitions& definitions();
    /// The first migration that does not apply with a statement that was not read, by its words.
    const std::unordered_map<std::string, std::uint32_t>& unread_words();

    const PlanContext& context_;
    std::optional<Definitions> definitions_;
    std::optional<std::unordered_map<std::string, std::uint32_t>> unread_words_;
    /// The first migration to fail with a message that something does not exist.
    std::unordered_map<std::string, std::uint32_t> first_to_miss_;
};

} // namespace ordain::lint
