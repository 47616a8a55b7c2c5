#pragma once

#include <span>
#include <string_view>

namespace ordain {

/// Settings that come with the program, which a settings file may extend.
struct Preset {
    std::string_view name;
    std::string_view text; ///< As of a settings file.
};

[[nodiscard]] std::span<const Preset> presets();

} // namespace ordain
