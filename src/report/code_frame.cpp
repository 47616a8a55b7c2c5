#include "report/code_frame.hpp"

#include "report/display.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ordain::report {
namespace {

/// Never beyond the file, and never inside its byte order mark.
Span clamped(const SourceFile& file, Span span) {
    const auto size = static_cast<std::uint32_t>(file.bytes().size());
    const std::uint32_t begin = std::clamp(span.begin, std::min(file.bom_length(), size), size);
    return {.begin = begin, .end = std::clamp(span.end, begin, size)};
}

/// The line of the last character.
std::uint32_t last_line(const SourceFile& file, Span span) {
    return file.position(span.empty() ? span.begin : span.end - 1).line;
}

} // namespace

bool is_whole_file(Span span) {
    return span.empty() && span.begin == 0;
}

std::string place_of(const SourceSet& sources, Location where) {
    const SourceFile& file = sources.file(where.file);
    if (is_whole_file(where.span)) return escaped(file.path());
    const Position position = file.position(clamped(file, where.span).begin);
    return fmt::format("{}:{}:{}", escaped(file.path()), position.line, position.column);
}

std::string
code_frame(const SourceSet& sources, Location where, Severity severity, const Painter& painter) {
    const SourceFile& file = sources.file(where.file);
    if (is_whole_file(where.span)) {
        return fmt::format("{} {}\n", painter.frame("  -->"), place_of(sources, where));
    }
    const Span span = clamped(file, where.span);
    const std::uint32_t number = file.position(span.begin).line;
    const std::uint32_t last = last_line(file, span);
    const Span line = file.line_span(number);
    const std::uint32_t begin = std::clamp(span.begin, line.begin, line.end);
    const DisplayLine shown =
        display_line(file.text(line), {.begin = begin - line.begin,
                                       .end = std::min(span.end, line.end) - line.begin});

    const std::string label = fmt::format("{}", number);
    const std::string margin(label.size(), ' ');
    const std::string bar = painter.frame(fmt::format(" {} |", margin));
    std::string mark(shown.mark_width, '^');
    if (last > number) mark += fmt::format("... to line {}", last);
    return fmt::format("{}{} {}\n{}\n{}{}{}\n{} {}{}\n", margin, painter.frame(" -->"),
                       place_of(sources, where), bar, painter.frame(fmt::format(" {} |", label)),
                       shown.text.empty() ? "" : " ", shown.text, bar,
                       std::string(shown.mark_begin, ' '), painter.severity(severity, mark));
}

} // namespace ordain::report
