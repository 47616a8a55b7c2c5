#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ordain::config {

/// A setting that a new file begins with.
struct InitialSetting {
    std::string_view table;
    std::string_view name;
    std::string value; ///< As the file says it: a string in its quotes.
    std::string why;   ///< Where it was found.
};

/// A settings file that names every key with what it means: the given ones set, all others as
/// comments with an example.
[[nodiscard]] std::string settings_template(std::span<const InitialSetting> settings);

} // namespace ordain::config
