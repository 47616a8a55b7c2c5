#pragma once

#include <optional>
#include <ordain/plan.hpp>
#include <string_view>

namespace ordain::layout {

/// What people type to run a folder's pending migrations, and to take back what they ran.
/// `{folder}` stands for the folder, `{file}` for each script in turn, `{count}` for how many there
/// are. Empty: the tool has no such command, or it is a runner of the user's own, which wraps plain
/// numbered files as psql does not.
struct Commands {
    std::string_view run;
    std::string_view undo;
};
[[nodiscard]] Commands commands_of(std::string_view layout, std::optional<Wrapping> own_runner);

} // namespace ordain::layout
