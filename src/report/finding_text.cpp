#include "report/finding_text.hpp"

#include "report/code_frame.hpp"
#include "report/display.hpp"

#include <fmt/format.h>

namespace ordain::report {
namespace {

constexpr std::string_view note_label = "note: ";
constexpr std::string_view help_label = "help: ";

std::string labelled(std::string_view label, std::string_view text) {
    return indented(escaped(text), label.size());
}

std::string note_text(const SourceSet& sources, const FindingNote& note, const Painter& painter) {
    std::string text = fmt::format("{}{}\n", painter.severity(Severity::note, note_label),
                                   labelled(note_label, note.message));
    if (note.where) text += code_frame(sources, *note.where, Severity::note, painter);
    return text;
}

} // namespace

std::string indented(std::string_view text, std::size_t columns) {
    std::string result;
    for (const char character : text) {
        result += character;
        if (character == '\n') result.append(columns, ' ');
    }
    return result;
}

std::string heading_text(Severity severity,
                         std::string_view rule,
                         std::string_view message,
                         const Painter& painter) {
    const std::string label = fmt::format("{}[{}]", name_of(severity), rule);
    return fmt::format("{}{}\n", painter.severity(severity, label),
                       painter.strong(": " + indented(escaped(message), 4)));
}

std::string finding_text(const SourceSet& sources, const Finding& finding, const Painter& painter) {
    std::string text = heading_text(finding.severity, finding.rule, finding.message, painter);
    text += code_frame(sources, finding.where, finding.severity, painter);
    for (const FindingNote& note : finding.notes)
        text += note_text(sources, note, painter);
    if (!finding.instead.empty()) {
        text +=
            fmt::format("{}{}\n", painter.good(help_label), labelled(help_label, finding.instead));
    }
    return text;
}

std::string explained_message(const SourceSet& sources, const Finding& finding) {
    std::string text = escaped(finding.message);
    for (const FindingNote& note : finding.notes) {
        text += fmt::format("\n{}{}", note_label, labelled(note_label, note.message));
        if (note.where) text += fmt::format(" ({})", place_of(sources, *note.where));
    }
    if (!finding.instead.empty()) {
        text += fmt::format("\n{}{}", help_label, labelled(help_label, finding.instead));
    }
    return text;
}

} // namespace ordain::report
