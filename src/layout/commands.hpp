#pragma once

#include <string_view>

namespace ordain::layout {

/// What people type to run a folder's pending migrations, and to take back what they ran.
/// `{folder}` stands for the folder, `{file}` for each script in turn, `{count}` for how many there
/// are. Empty: the tool has no such command.
struct Commands {
    std::string_view run;
    std::string_view undo;
};
[[nodiscard]] Commands commands_of(std::string_view layout);

} // namespace ordain::layout
