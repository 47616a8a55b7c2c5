#include "text/utf8.hpp"

#include <cstring>

namespace ordain::text {
namespace {

unsigned char byte_at(std::string_view text, std::size_t offset) {
    return static_cast<unsigned char>(text[offset]);
}

/// What the first byte announces: the sequence's length (0 when illegal) and the range of the
/// second byte, which alone excludes overlong forms, surrogates and what lies above U+10FFFF.
struct Lead {
    std::uint32_t length = 0;
    unsigned char second_low = 0x80;
    unsigned char second_high = 0xBF;
};

Lead lead_of(unsigned char byte) {
    if (byte < 0x80) return {.length = 1};
    if (byte < 0xC2) return {.length = 0};
    if (byte < 0xE0) return {.length = 2};
    if (byte == 0xE0) return {.length = 3, .second_low = 0xA0};
    if (byte == 0xED) return {.length = 3, .second_high = 0x9F};
    if (byte < 0xF0) return {.length = 3};
    if (byte == 0xF0) return {.length = 4, .second_low = 0x90};
    if (byte < 0xF4) return {.length = 4};
    if (byte == 0xF4) return {.length = 4, .second_high = 0x8F};
    return {.length = 0};
}

/// The number of leading ASCII bytes that can be skipped eight at a time.
std::size_t skip_ascii(std::string_view text, std::size_t from) {
    constexpr std::uint64_t high_bits = 0x8080808080808080ULL;
    while (from + sizeof(std::uint64_t) <= text.size()) {
        std::uint64_t block = 0;
        std::memcpy(&block, text.data() + from, sizeof block);
        if ((block & high_bits) != 0) break;
        from += sizeof block;
    }
    return from;
}

} // namespace

Utf8Character decode_utf8(std::string_view text, std::size_t offset) {
    const unsigned char first = byte_at(text, offset);
    const Lead lead = lead_of(first);
    const Utf8Character invalid{.code_point = first, .length = 1, .valid = false};
    if (lead.length == 0 || lead.length > text.size() - offset) return invalid;
    if (lead.length == 1) return {.code_point = first, .length = 1, .valid = true};
    const unsigned char second = byte_at(text, offset + 1);
    if (second < lead.second_low || second > lead.second_high) return invalid;
    char32_t code_point = first & (0x7FU >> lead.length);
    for (std::uint32_t i = 1; i < lead.length; ++i) {
        const unsigned char byte = byte_at(text, offset + i);
        if ((byte & 0xC0U) != 0x80U) return invalid;
        code_point = code_point << 6U | (byte & 0x3FU);
    }
    return {.code_point = code_point, .length = lead.length, .valid = true};
}

std::size_t find_invalid_utf8(std::string_view text, std::size_t from) {
    while (true) {
        from = skip_ascii(text, from);
        if (from >= text.size()) return std::string_view::npos;
        const Utf8Character character = decode_utf8(text, from);
        if (!character.valid) return from;
        from += character.length;
    }
}

void append_utf8(std::string& text, char32_t code_point) {
    const auto add = [&text](char32_t byte) { text.push_back(static_cast<char>(byte)); };
    if (code_point < 0x80) return add(code_point);
    if (code_point < 0x800) {
        add(0xC0U | code_point >> 6U);
        return add(0x80U | (code_point & 0x3FU));
    }
    if (code_point < 0x10000) {
        add(0xE0U | code_point >> 12U);
    } else {
        add(0xF0U | code_point >> 18U);
        add(0x80U | (code_point >> 12U & 0x3FU));
    }
    add(0x80U | (code_point >> 6U & 0x3FU));
    add(0x80U | (code_point & 0x3FU));
}

std::string_view clip_utf8(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text;
    std::size_t end = 0;
    while (true) {
        const std::size_t next = end + decode_utf8(text, end).length;
        if (next > limit) return text.substr(0, end);
        end = next;
    }
}

} // namespace ordain::text
