#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ordain::layout {

/// A comment or directive in a script that only one tool gives a meaning to.
struct ContentMark {
    std::string tool;
    std::string text; ///< The directive, as a person knows it.
};

/// The marks in the head of a script, each tool once, in the order in which they stand there.
[[nodiscard]] std::vector<ContentMark> content_marks(std::string_view head);

} // namespace ordain::layout
