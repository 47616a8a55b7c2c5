#pragma once

#include <string_view>

namespace ordain::layout {

/// What a tool makes of two migrations of one version, where it does not stop at them.
struct DuplicateHandling {
    /// Whether it takes two versions for one. Null: it stops, or does not look at versions.
    bool (*same)(std::string_view left, std::string_view right) = nullptr;
    bool runs_one = false; ///< It runs only one of the two; else both.
};
[[nodiscard]] DuplicateHandling duplicate_handling(std::string_view layout);

} // namespace ordain::layout
