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

bool is_comment(std::string_view line) {
    return line.starts_with("--") || line.starts_with("/*") || line.starts_with('*');
}

/// What a comment's text stands between: blanks, marks of comments and rules of dashes.
constexpr std::string_view marks = " \t-=/*#+";

/// Takes the next line off a script, without the blanks around it.
std::string_view take_line(std::string_view& script) {
    const std::size_t end = std::min(script.find('\n'), script.size());
    const std::string_view line = trimmed(script.substr(0, end), " \t\r");
    script.remove_prefix(std::min(end + 1, script.size()));
    return line;
}

/// What a label says, with the lines that go on further right than it stands.
std::string labelled_text(std::string_view line, std::string_view label, std::string_view script) {
    const std::size_t begin = line.find_first_not_of(marks);
    std::string text(trimmed(trimmed(line, marks).substr(label.size()), " \t"));
    while (!script.empty()) {
        const std::string_view next = take_line(script);
        const std::size_t next_begin = next.find_first_not_of(marks);
        if (!is_comment(next) || next_begin == std::string_view::npos || next_begin <= begin + 1)
            break;
        text += text.empty() ? "" : " ";
        text += trimmed(next, marks);
    }
    return text;
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
        const std::string_view line = take_line(script);
        if (line.empty()) continue;
        if (!is_comment(line)) break;
        const std::string_view text = trimmed(line, marks);
        const std::string lower = text::lower_case(text);
        for (const std::string_view label : {"purpose:", "description:"}) {
            if (lower.starts_with(label)) return labelled_text(line, label, script);
        }
        if (first.empty() && is_sentence(text) && !is_directive(text)) first = text;
    }
    return first;
}

} // namespace ordain::assess
