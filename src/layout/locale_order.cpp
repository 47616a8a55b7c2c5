#include "layout/locale_order.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace ordain::layout {
namespace {

/// ASCII in the order of the root collation; control characters are ignored by it.
constexpr std::string_view collation =
    "\t\n\v\f\r "
    "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuU"
    "vVwWxXyYzZ";

struct Weights {
    std::array<std::uint16_t, 256> primary{}; ///< 0 for what is ignored.
    std::array<bool, 256> upper{};
};

constexpr Weights make_weights() {
    Weights weights;
    std::uint16_t weight = 0;
    for (const char character : collation) {
        const auto byte = static_cast<unsigned char>(character);
        const bool upper = character >= 'A' && character <= 'Z';
        if (!upper) ++weight;
        weights.primary.at(byte) = weight;
        weights.upper.at(byte) = upper;
    }
    for (std::size_t byte = 0x80; byte < 0x100; ++byte) {
        weights.primary.at(byte) = static_cast<std::uint16_t>(0x100 + byte);
    }
    return weights;
}

constexpr Weights weights = make_weights();

std::size_t next_weighted(std::string_view text, std::size_t offset) {
    while (offset < text.size() &&
           weights.primary.at(static_cast<unsigned char>(text[offset])) == 0) {
        ++offset;
    }
    return offset;
}

} // namespace

std::weak_ordering compare_in_locale(std::string_view left, std::string_view right) {
    std::weak_ordering by_case = std::weak_ordering::equivalent;
    std::size_t at_left = next_weighted(left, 0);
    std::size_t at_right = next_weighted(right, 0);
    while (at_left < left.size() && at_right < right.size()) {
        const auto left_byte = static_cast<unsigned char>(left[at_left]);
        const auto right_byte = static_cast<unsigned char>(right[at_right]);
        const auto order = weights.primary.at(left_byte) <=> weights.primary.at(right_byte);
        if (order != 0) return order;
        if (by_case == 0) {
            by_case = static_cast<int>(weights.upper.at(left_byte)) <=>
                      static_cast<int>(weights.upper.at(right_byte));
        }
        at_left = next_weighted(left, at_left + 1);
        at_right = next_weighted(right, at_right + 1);
    }
    if (at_left < left.size()) return std::weak_ordering::greater;
    if (at_right < right.size()) return std::weak_ordering::less;
    return by_case;
}

} // namespace ordain::layout
