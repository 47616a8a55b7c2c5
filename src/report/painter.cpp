#include "report/painter.hpp"

#include <fmt/format.h>

namespace ordain::report {
namespace {

// Codes of ECMA-48's "select graphic rendition".
constexpr std::string_view bold = "1";
constexpr std::string_view bold_red = "1;31";
constexpr std::string_view bold_green = "1;32";
constexpr std::string_view bold_yellow = "1;33";
constexpr std::string_view bold_magenta = "1;35";
constexpr std::string_view bold_cyan = "1;36";
constexpr std::string_view blue = "34";

std::string_view code_of(Severity severity) {
    switch (severity) {
    case Severity::error: return bold_red;
    case Severity::warning: return bold_yellow;
    case Severity::note: return bold_cyan;
    }
    return bold;
}

} // namespace

std::string Painter::severity(Severity severity, std::string_view text) const {
    return paint(code_of(severity), text);
}

std::string Painter::unknown(std::string_view text) const {
    return paint(bold_magenta, text);
}
std::string Painter::good(std::string_view text) const {
    return paint(bold_green, text);
}
std::string Painter::strong(std::string_view text) const {
    return paint(bold, text);
}
std::string Painter::frame(std::string_view text) const {
    return paint(blue, text);
}

std::string Painter::paint(std::string_view code, std::string_view text) const {
    if (color_ == Color::off || text.empty()) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

} // namespace ordain::report
