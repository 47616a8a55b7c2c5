#include "layout/shown_path.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <system_error>

namespace ordain::layout {
namespace {

namespace fs = std::filesystem;

bool is_control(char32_t code_point) {
    return code_point < 0x20 || code_point == 0x7F;
}

/// The path below `base`, when it is.
bool is_below(const fs::path& path, const fs::path& base) {
    const auto mismatch = std::mismatch(base.begin(), base.end(), path.begin(), path.end());
    return mismatch.first == base.end();
}

} // namespace

fs::path absolute_path(const fs::path& path) {
    std::error_code error;
    fs::path absolute = fs::absolute(path, error);
    if (error) absolute = path;
    absolute = absolute.lexically_normal();
    return absolute.has_filename() ? absolute : absolute.parent_path();
}

std::string shown(const fs::path& path) {
    std::error_code error;
    const fs::path here = fs::current_path(error);
    const fs::path absolute = absolute_path(path);
    if (!error && here.has_relative_path() && is_below(absolute, here)) {
        return printable(absolute.lexically_relative(here).generic_string());
    }
    fs::path given = path.lexically_normal();
    if (!given.has_filename() && given.has_relative_path()) given = given.parent_path();
    return printable(given.generic_string());
}

std::string printable(std::string_view raw) {
    std::string result;
    result.reserve(raw.size());
    for (std::size_t offset = 0; offset < raw.size();) {
        const text::Utf8Character character = text::decode_utf8(raw, offset);
        if (!character.valid || is_control(character.code_point)) {
            result += fmt::format("\\x{:02x}", static_cast<unsigned char>(raw[offset]));
        } else {
            result += raw.substr(offset, character.length);
        }
        offset += character.length;
    }
    return result;
}

} // namespace ordain::layout
