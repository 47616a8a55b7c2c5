#include "report/check_github.hpp"

#include "report/code_frame.hpp"
#include "report/display.hpp"
#include "report/finding_text.hpp"

#include <fmt/format.h>

namespace ordain::report {
namespace {

/// Percent-encodes these characters of a text.
std::string encoded(std::string_view text, std::string_view characters) {
    std::string result;
    for (const char character : text) {
        if (characters.find(character) == std::string_view::npos) {
            result += character;
        } else {
            result += fmt::format("%{:02X}", static_cast<unsigned char>(character));
        }
    }
    return result;
}

std::string property(std::string_view text) {
    return encoded(text, "%\r\n:,");
}

std::string_view command_of(Severity severity) {
    switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "notice";
    }
    return "notice";
}

/// The runner drops columns where the lines differ.
std::string place_properties(const SourceFile& file, Span span) {
    if (is_whole_file(span)) return {};
    const Position begin = file.position(span.begin);
    const Position end = file.position(span.end);
    std::string lines = fmt::format(",line={},endLine={}", begin.line, end.line);
    if (begin.line != end.line) return lines;
    return fmt::format("{},col={},endColumn={}", lines, begin.column, end.column);
}

std::string command(Severity severity,
                    std::string_view path,
                    std::string_view place,
                    std::string_view rule,
                    std::string_view message) {
    return fmt::format("::{} file={}{},title={}::{}\n", command_of(severity), property(path), place,
                       property(fmt::format("ordain ({})", rule)), encoded(message, "%\r\n"));
}

} // namespace

std::string check_github(const CheckReport& report) {
    std::string text;
    for (const CheckedPlan& checked : report.plans) {
        if (checked.scope == Scope::nothing_new) continue;
        for (const LayoutNote& note : checked.plan.notes)
            text += command(severity_of(note), note.path, {}, layout_rule, escaped(note.message));
        for (const Finding* finding : in_plan_order(checked)) {
            const SourceFile& file = report.sources.file(finding->where.file);
            text +=
                command(finding->severity, file.path(), place_properties(file, finding->where.span),
                        finding->rule, explained_message(report.sources, *finding));
        }
    }
    return text;
}

} // namespace ordain::report
