#pragma once

#include <cstddef>
#include <ordain/rule.hpp>
#include <vector>

namespace ordain::lint {

/// Collects what the statements of a deployment do with rows, so that a rule can tell what is lost
/// from what was carried over before, and a scan from one that finds nothing.
class RowUses {
public:
    /// To be told of the migration before each of its actions: where the plan has no
    /// base, each is a deployment of its own.
    void begin(const Plan& plan, const Migration& migration);
    /// To be told of every action, in their order. `moment`: a number that ascends from one to the
    /// next.
    void note(const ActionContext& context, std::size_t moment);
    /// What was done since that moment is undone.
    void take_back(std::size_t moment);
    [[nodiscard]] const std::vector<RowUse>& all() const { return uses_; }

private:
    void add(RowUse use, std::size_t moment);

    std::vector<RowUse> uses_;
    std::vector<std::size_t> moments_; ///< Of each use.
    std::uint32_t migration_ = 0;      ///< The one under way.
};

/// Whether nothing is left of a relation's rows that a scan would read: TRUNCATE has emptied it in
/// this deployment.
[[nodiscard]] bool has_no_pages(const ActionContext& context, ObjectId relation);

} // namespace ordain::lint
