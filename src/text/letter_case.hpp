#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace ordain::text {

/// ASCII letters only, as the server folds words (pg_tolower of the C locale); other bytes stay.
[[nodiscard]] constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
[[nodiscard]] constexpr char upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

[[nodiscard]] inline std::string lower_case(std::string_view word) {
    std::string made(word);
    std::ranges::transform(made, made.begin(), lower);
    return made;
}
[[nodiscard]] inline std::string upper_case(std::string_view word) {
    std::string made(word);
    std::ranges::transform(made, made.begin(), upper);
    return made;
}

} // namespace ordain::text
