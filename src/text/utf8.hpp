#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ordain::text {

/// One character of UTF-8 text, by PostgreSQL's rule of what is legal (wchar.c pg_utf8_islegal).
struct Utf8Character {
    char32_t code_point = 0;
    std::uint32_t length = 1; ///< 1 for an invalid byte, which stands for itself.
    bool valid = false;
};

/// Decodes the character at `offset`, which must be inside the text.
[[nodiscard]] Utf8Character decode_utf8(std::string_view text, std::size_t offset);

/// The offset of the first byte at or after `from` that does not belong to a legal character, or
/// npos. A NUL byte counts as legal here.
[[nodiscard]] std::size_t find_invalid_utf8(std::string_view text, std::size_t from);

/// Appends the UTF-8 form of a code point up to U+10FFFF.
void append_utf8(std::string& text, char32_t code_point);

/// Cuts to at most `limit` bytes without splitting a character (mbutils.c pg_mbcliplen).
[[nodiscard]] std::string_view clip_utf8(std::string_view text, std::size_t limit);

} // namespace ordain::text
