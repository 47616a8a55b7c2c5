#pragma once

#include <cstdint>
#include <ordain/finding.hpp>
#include <string>
#include <string_view>

namespace ordain::report {

enum class Color : std::uint8_t { off, on };

/// Colours text for a terminal, or leaves it as it is. Text must be escaped() before.
class Painter {
public:
    explicit Painter(Color color) : color_(color) {}

    /// The words "error", "warning", "note" and what is as important as them.
    [[nodiscard]] std::string severity(Severity severity, std::string_view text) const;
    [[nodiscard]] std::string unknown(std::string_view text) const;
    [[nodiscard]] std::string good(std::string_view text) const;
    [[nodiscard]] std::string strong(std::string_view text) const;
    /// Gutters, arrows and other scaffolding.
    [[nodiscard]] std::string frame(std::string_view text) const;

private:
    [[nodiscard]] std::string paint(std::string_view code, std::string_view text) const;

    Color color_;
};

} // namespace ordain::report
