#pragma once

#include "replay/observer.hpp"
#include "replay/session.hpp"
#include "replay/step.hpp"

#include <ordain/judgement.hpp>
#include <ordain/plan.hpp>
#include <ordain/statement.hpp>
#include <vector>

namespace ordain::replay {

/// One statement that ran, with an outcome for each of its actions, in the order written.
struct StatementRun {
    const Statement* statement = nullptr;
    std::vector<Outcome> outcomes;
};

/// What came of a script. After a refusal the open transaction is rolled back; what had committed
/// by then stays.
struct ScriptRun {
    Answer answer;
    std::vector<StatementRun> statements;
    ObjectReference missing; ///< What a refusal did not find; name empty when it was no lookup.
};

/// A script with what its runner says of it.
struct ScriptInput {
    const Migration& migration;
    const Script& script;
    const std::vector<Statement>& statements;
    const SourceFile& source;
    bool sent_whole = true; ///< A syntax error anywhere means that nothing ran.
    /// It is known to have run: what a server would refuse on this catalog is taken as done all the
    /// same, and what it mentions is uncertain afterwards. The answer is the first refusal.
    bool applied = false;
};

/// Runs a script on a new connection, wrapped as its runner wraps it (manual 55.2.2.1 for the
/// implicit block of a multi-statement query).
[[nodiscard]] ScriptRun
run_script(Database& database, const ScriptInput& input, Observer* observer);

} // namespace ordain::replay
