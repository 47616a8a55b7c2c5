#include "report/display.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <vector>

namespace ordain::report {
namespace {

struct Range {
    char32_t first;
    char32_t last;
};

/// Combining marks and joiners, which take no column of their own.
constexpr std::array zero_width{
    Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD},   Range{0x064B, 0x065F},
    Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200D},   Range{0x20D0, 0x20FF},
    Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F}, Range{0xE0100, 0xE01EF},
};

/// East Asian wide and fullwidth characters, and emoji (Unicode's EastAsianWidth W and F, blocks
/// merged where only unassigned characters stand between).
constexpr std::array double_width{
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x2E80, 0x303E},
    Range{0x3041, 0xA4CF},   Range{0xA960, 0xA97C},   Range{0xAC00, 0xD7A3},
    Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
    Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF},
    Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD},
};

/// Characters that reorder or hide others on the screen, and those that are none (U+FFFE, U+FFFF).
constexpr std::array deceptive{
    Range{0x0080, 0x009F}, Range{0x061C, 0x061C}, Range{0x200E, 0x200F},
    Range{0x2028, 0x202E}, Range{0x2066, 0x2069}, Range{0xFEFF, 0xFEFF},
    Range{0xFFF9, 0xFFFB}, Range{0xFFFE, 0xFFFF}, Range{0xE0000, 0xE007F},
};

template <std::size_t Size>
bool is_in(const std::array<Range, Size>& ranges, char32_t code_point) {
    const auto* const range = std::ranges::lower_bound(ranges, code_point, {}, &Range::last);
    return range != ranges.end() && range->first <= code_point;
}

/// A character as it is shown.
struct Cell {
    std::string text;
    std::size_t columns = 1;
    std::uint32_t begin = 0; ///< Bytes from the line's first.
};

std::string escape_of(const text::Utf8Character& character, unsigned char byte) {
    if (!character.valid || character.code_point < 0x80) return fmt::format("\\x{:02x}", byte);
    return fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(character.code_point));
}

bool needs_escape(const text::Utf8Character& character) {
    return !character.valid || character.code_point < 0x20 || character.code_point == 0x7F ||
           is_in(deceptive, character.code_point);
}

bool is_layout(char32_t code_point) {
    return code_point == '\n' || code_point == '\t';
}

Cell cell_at(std::string_view line, std::uint32_t offset, const text::Utf8Character& character) {
    if (needs_escape(character)) {
        std::string text = escape_of(character, static_cast<unsigned char>(line[offset]));
        const std::size_t columns = text.size();
        return {.text = std::move(text), .columns = columns, .begin = offset};
    }
    return {.text = std::string(line.substr(offset, character.length)),
            .columns = width_of(character.code_point),
            .begin = offset};
}

/// The first byte at or before `offset` that begins a character.
std::uint32_t character_begin(std::string_view line, std::uint32_t offset) {
    const std::uint32_t lowest = offset - std::min(offset, std::uint32_t{3});
    for (std::uint32_t at = offset; at > lowest; --at) {
        if (at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0U) != 0x80U) return at;
    }
    return lowest;
}

/// The characters around the mark: enough to fill the columns on either side, whatever their width.
struct Surroundings {
    std::vector<Cell> cells;
    bool reach_end = true; ///< The last cell is the line's last character.
};

Surroundings surroundings(std::string_view line, Span mark) {
    constexpr std::uint32_t reach = 8 * max_columns;
    const auto size = static_cast<std::uint32_t>(line.size());
    std::uint32_t offset = mark.begin > reach ? character_begin(line, mark.begin - reach) : 0;
    const std::uint32_t end = size - mark.begin > reach ? mark.begin + reach : size;
    Surroundings result{.cells = {}, .reach_end = end == size};
    std::vector<Cell>& cells = result.cells;
    std::size_t column = 0;
    while (offset < end) {
        if (line[offset] == '\t') {
            const std::size_t columns = tab_columns - column % tab_columns;
            cells.push_back(
                {.text = std::string(columns, ' '), .columns = columns, .begin = offset});
            ++offset;
        } else {
            const text::Utf8Character character = text::decode_utf8(line, offset);
            cells.push_back(cell_at(line, offset, character));
            offset += character.length;
        }
        column += cells.back().columns;
    }
    return result;
}

std::size_t columns_of(const std::vector<Cell>& cells) {
    std::size_t columns = 0;
    for (const Cell& cell : cells)
        columns += cell.columns;
    return columns;
}

/// Which cells fit, with a third of the columns left of the mark at most.
struct Window {
    std::size_t first = 0;
    std::size_t last = 0; ///< One past the end.
};

Window window_around(const std::vector<Cell>& cells, std::size_t marked) {
    if (columns_of(cells) <= max_columns) return {.first = 0, .last = cells.size()};
    Window window{.first = marked, .last = marked};
    std::size_t columns = 0;
    while (window.first > 0 && columns + cells[window.first - 1].columns <= max_columns / 3) {
        --window.first;
        columns += cells[window.first].columns;
    }
    while (window.last < cells.size() && columns + cells[window.last].columns <= max_columns) {
        columns += cells[window.last].columns;
        ++window.last;
    }
    return window;
}

constexpr std::string_view cut_mark = "...";

} // namespace

std::uint32_t width_of(char32_t code_point) {
    if (code_point < 0x300) return 1;
    if (is_in(zero_width, code_point)) return 0;
    return is_in(double_width, code_point) ? 2 : 1;
}

std::size_t width_of(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t offset = 0; offset < text.size();) {
        const text::Utf8Character character = text::decode_utf8(text, offset);
        columns += width_of(character.code_point);
        offset += character.length;
    }
    return columns;
}

std::string escaped(std::string_view text) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t offset = 0; offset < text.size();) {
        const text::Utf8Character character = text::decode_utf8(text, offset);
        if (!is_layout(character.code_point) && needs_escape(character)) {
            result += escape_of(character, static_cast<unsigned char>(text[offset]));
        } else {
            result += text.substr(offset, character.length);
        }
        offset += character.length;
    }
    return result;
}

DisplayLine display_line(std::string_view line, Span mark) {
    const auto size = static_cast<std::uint32_t>(line.size());
    mark.begin = std::min(mark.begin, size);
    mark.end = std::clamp(mark.end, mark.begin, size);
    const auto [cells, reach_end] = surroundings(line, mark);
    const auto marked = static_cast<std::size_t>(
        std::ranges::lower_bound(cells, mark.begin, {}, &Cell::begin) - cells.begin());
    const Window window = window_around(cells, marked);

    DisplayLine shown;
    const bool cut_left = window.first < cells.size() && cells[window.first].begin > 0;
    if (cut_left) shown.text = cut_mark;
    std::size_t column = shown.text.size();
    std::size_t mark_end = 0;
    shown.mark_begin = std::string_view::npos;
    for (std::size_t index = window.first; index < window.last; ++index) {
        const Cell& cell = cells[index];
        if (index == marked) shown.mark_begin = column;
        column += cell.columns;
        if (cell.begin < mark.end) mark_end = column;
        shown.text += cell.text;
    }
    if (shown.mark_begin == std::string_view::npos) shown.mark_begin = column;
    shown.mark_width = mark_end > shown.mark_begin ? mark_end - shown.mark_begin : std::size_t{1};
    if (!reach_end || window.last < cells.size()) shown.text += cut_mark;
    return shown;
}

} // namespace ordain::report
