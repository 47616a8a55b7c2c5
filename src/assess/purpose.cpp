#include "assess/purpose.hpp"

#include "text/letter_case.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace ordain::assess {
namespace {

std::string_view trimmed(std::string_view text, std::string_view what) {
    const std::size_t begin = text.find_first_not_of(what);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(what) - begin + 1);
}

/// The text of a comment line, without its marks and rules of dashes; nothing for other lines.
std::string_view comment_text(std::string_view line) {
    line = trimmed(line, " \t\r");
    const bool comment = line.starts_with("--") || line.starts_with("/*") || line.starts_with('*');
    if (!comment) return {};
    return trimmed(line, " \t-=/*#+");
}

/// One word says nothing; generators put the statement's name there (`-- AlterTable`).
bool is_sentence(std::string_view text) {
    const bool letters = std::ranges::any_of(text, [](unsigned char character) {
        return std::isalpha(character) != 0 || character > 127;
    });
    return letters && text.find(' ') != std::string_view::npos;
}

/// Comments that are meant for a program.
bool is_directive(std::string_view text) {
    constexpr std::array<std::string_view, 4> words = {"ordain:", "no-transaction",
                                                       "no transaction", "postgres-migrations"};
    const std::string lower = text::lower_case(text);
    return std::ranges::any_of(words,
                               [&](std::string_view word) { return lower.starts_with(word); });
}

} // namespace

std::string purpose_of(std::string_view script) {
    std::string first;
    while (!script.empty()) {
        const std::size_t end = std::min(script.find('\n'), script.size());
        const std::string_view line = trimmed(script.substr(0, end), " \t\r");
        script.remove_prefix(std::min(end + 1, script.size()));
        if (line.empty()) continue;
        if (!line.starts_with("--") && !line.starts_with("/*") && !line.starts_with('*')) break;
        const std::string_view text = comment_text(line);
        const std::string lower = text::lower_case(text);
        for (const std::string_view label : {"purpose:", "description:"}) {
            if (lower.starts_with(label)) {
                return std::string(trimmed(text.substr(label.size()), " \t"));
            }
        }
        if (first.empty() && is_sentence(text) && !is_directive(text)) first = text;
    }
    return first;
}

} // namespace ordain::assess
