#pragma once

#include "replay/observer.hpp"

#include <map>
#include <ordain/live_action.hpp>
#include <ordain/rule.hpp>
#include <vector>

namespace ordain::lint {

/// Collects what a replay's actions ask of live relations.
class LiveActions {
public:
    /// To be told of every action of a migration that is reported on, in their order.
    void note(const replay::Observed& observed, const ActionContext& context);
    [[nodiscard]] const std::vector<LiveAction>& all() const { return all_; }

private:
    std::vector<LiveAction> all_;
    std::uint32_t migration_ = 0;                    ///< The one under way.
    std::map<std::uint32_t, std::size_t> by_number_; ///< Its actions' places in all_.
};

/// "every query of "users" waits", "writes to "users" wait": while the lock is held.
[[nodiscard]] std::string who_waits(const LiveAction::Lock& lock);

} // namespace ordain::lint
