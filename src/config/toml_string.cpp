#include "config/toml_string.hpp"

#include <fmt/format.h>

namespace ordain::config {

std::string toml_string(std::string_view text) {
    std::string result = "\"";
    for (const char character : text) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte < 0x20 || byte == 0x7F) {
            result += fmt::format("\\u{:04X}", byte);
            continue;
        }
        if (character == '"' || character == '\\') result += '\\';
        result += character;
    }
    return result + "\"";
}

} // namespace ordain::config
