#pragma once

#include <string_view>

namespace ordain::layout {

/// What a tool does when it finds that what it has run is not what lies there.
enum class OnRewrite {
    unknown,   ///< The tool is not known.
    overlooks, ///< It goes on: databases that ran the old text keep what that made.
    stops,     ///< It refuses to run anything.
};

/// How a tool looks at the migrations that it has run.
struct HistoryHandling {
    OnRewrite edited = OnRewrite::unknown;
    OnRewrite deleted = OnRewrite::unknown;
    OnRewrite inserted = OnRewrite::unknown; ///< A new one that stands before one that has run.
    /// It knows a migration by its whole name and not by its version.
    bool by_name = false;
};
[[nodiscard]] HistoryHandling history_handling(std::string_view layout);

} // namespace ordain::layout
