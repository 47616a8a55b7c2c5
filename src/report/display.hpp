#pragma once

#include <cstddef>
#include <cstdint>
#include <ordain/source.hpp>
#include <string>
#include <string_view>

namespace ordain::report {

/// Text of a file made harmless for a terminal: control characters, characters that turn the
/// direction of writing, noncharacters and bytes that are no UTF-8 become \x1b or \u{202e}. Keeps
/// line feeds and tabs.
[[nodiscard]] std::string escaped(std::string_view text);

/// Columns that a character takes on a terminal: 0, 1 or 2.
[[nodiscard]] std::uint32_t width_of(char32_t code_point);

/// Columns that escaped text takes on a terminal.
[[nodiscard]] std::size_t width_of(std::string_view text);

/// One line of a file as shown: tabs expanded, what is harmful escaped, at most `max_columns` of it
/// and "..." where it was cut; and the marked part of it, in columns.
struct DisplayLine {
    std::string text;
    std::size_t mark_begin = 0;
    std::size_t mark_width = 1; ///< At least 1.
};
inline constexpr std::size_t max_columns = 100;
inline constexpr std::size_t tab_columns = 4;

/// `mark` is in bytes from the line's first.
[[nodiscard]] DisplayLine display_line(std::string_view line, Span mark);

} // namespace ordain::report
