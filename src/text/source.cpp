#include "text/utf8.hpp"

#include <algorithm>
#include <ordain/source.hpp>
#include <utility>

namespace ordain {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Where each line begins; the first at 0.
std::vector<std::uint32_t> find_lines(std::string_view bytes) {
    std::vector<std::uint32_t> begins{0};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] != '\n' && bytes[i] != '\r') continue;
        if (bytes[i] == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') ++i;
        begins.push_back(static_cast<std::uint32_t>(i + 1));
    }
    return begins;
}

/// What the characters that begin before `offset` add up to, one by one.
template <typename Width>
std::uint32_t width_before(std::string_view line, std::size_t offset, Width width) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < line.size();) {
        const text::Utf8Character character = text::decode_utf8(line, i);
        if (i + character.length > offset) break;
        sum += width(character);
        i += character.length;
    }
    return sum;
}

} // namespace

SourceFile::SourceFile(std::string path, std::string bytes, Client client)
    : path_(std::move(path)),
      bytes_(std::move(bytes)),
      line_begins_(find_lines(bytes_)),
      bom_length_(bytes_.starts_with(byte_order_mark) ? 3 : 0),
      client_(client) {}

std::string_view SourceFile::text(Span span) const {
    const std::size_t begin = std::min<std::size_t>(span.begin, bytes_.size());
    const std::size_t end = std::clamp<std::size_t>(span.end, begin, bytes_.size());
    return std::string_view(bytes_).substr(begin, end - begin);
}

std::uint32_t SourceFile::line_count() const {
    return static_cast<std::uint32_t>(line_begins_.size());
}

Span SourceFile::line_span(std::uint32_t line) const {
    const std::size_t index = std::clamp<std::size_t>(line, 1, line_begins_.size()) - 1;
    const std::uint32_t begin = index == 0 ? bom_length_ : line_begins_[index];
    const bool last = index + 1 == line_begins_.size();
    auto end = last ? static_cast<std::uint32_t>(bytes_.size()) : line_begins_[index + 1];
    if (!last && end > begin && bytes_[end - 1] == '\n') --end;
    if (!last && end > begin && bytes_[end - 1] == '\r') --end;
    return {.begin = begin, .end = end};
}

Position SourceFile::position(std::uint32_t offset) const {
    const auto after = std::ranges::upper_bound(line_begins_, offset);
    const auto line = static_cast<std::uint32_t>(after - line_begins_.begin());
    const Span span = line_span(line);
    const std::uint32_t inside = std::max(offset, span.begin) - span.begin;
    const auto one = [](const text::Utf8Character&) { return 1U; };
    return {.line = line, .column = 1 + width_before(text(span), inside, one)};
}

std::uint32_t SourceFile::utf16_column(std::uint32_t offset) const {
    const auto after = std::ranges::upper_bound(line_begins_, offset);
    const Span span = line_span(static_cast<std::uint32_t>(after - line_begins_.begin()));
    const std::uint32_t inside = std::max(offset, span.begin) - span.begin;
    const auto units = [](const text::Utf8Character& character) {
        return character.code_point > 0xFFFF ? 2U : 1U;
    };
    return 1 + width_before(text(span), inside, units);
}

FileId SourceSet::add(std::string path, std::string bytes, Client client) {
    const auto id = static_cast<FileId>(files_.size());
    files_.push_back(std::make_unique<SourceFile>(std::move(path), std::move(bytes), client));
    return id;
}

} // namespace ordain
