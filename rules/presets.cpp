#include "rules/preset_texts.hpp"

#include <array>
#include <ordain/preset.hpp>

namespace ordain {

std::span<const Preset> presets() {
    static constexpr std::array all = {
        Preset{.name = "lenient", .text = rules::preset_texts::lenient},
        Preset{.name = "strict", .text = rules::preset_texts::strict},
    };
    return all;
}

} // namespace ordain
