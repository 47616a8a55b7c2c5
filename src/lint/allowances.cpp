#include "lint/allowances.hpp"

#include "text/scanner.hpp"

#include <algorithm>
#include <utility>

namespace ordain::lint {
namespace {

constexpr std::string_view directive = "ordain:allow";
constexpr std::string_view file_suffix = "-file";
constexpr std::string_view blanks = " \t\r\n\f\v";

bool is_blank(char character) {
    return blanks.find(character) != std::string_view::npos;
}

/// Letters of a rule's id, and those of near misses such as drop_column.
bool is_word(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '-' || character == '_';
}

/// Reads a comment from left to right.
class Reader {
public:
    Reader(std::string_view text, std::uint32_t begin) : text_(text), begin_(begin) {}

    [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[position_]; }
    [[nodiscard]] std::string_view rest() const { return text_.substr(position_); }

    bool accept(std::string_view expected) {
        if (!rest().starts_with(expected)) return false;
        position_ += expected.size();
        return true;
    }
    void skip_blanks() {
        while (!at_end() && is_blank(peek()))
            ++position_;
    }
    void skip(std::string_view characters) {
        while (!at_end() && characters.find(peek()) != std::string_view::npos)
            ++position_;
    }
    Span word() {
        const std::size_t from = position_;
        while (!at_end() && is_word(peek()))
            ++position_;
        return {.begin = begin_ + static_cast<std::uint32_t>(from),
                .end = begin_ + static_cast<std::uint32_t>(position_)};
    }

private:
    std::string_view text_;
    std::uint32_t begin_;
    std::size_t position_ = 0;
};

/// What one line of a comment allows.
struct Directive {
    std::vector<Span> rules;
    bool reasoned = false;
    bool whole_file = false;
};

Directive read_directive(Reader line) {
    Directive read;
    // The comment's own marks, and the stars with which block comments are drawn.
    line.skip("-/* \t\r");
    if (!line.accept(directive)) return {};
    read.whole_file = line.accept(file_suffix);
    if (is_word(line.peek())) return {};
    do {
        line.skip_blanks();
        read.rules.push_back(line.word());
        line.skip_blanks();
    } while (line.accept(","));
    if (!line.accept(":")) return read;
    line.skip("-*/ \t\r");
    read.reasoned = !line.at_end();
    return read;
}

/// The statement that a comment stands in, behind or above.
Span covered_statement(const SourceFile& file, const text::Scan& scan, Span comment) {
    const auto& statements = scan.statements;
    const auto next = std::ranges::upper_bound(statements, comment.begin, {},
                                               [](const auto& each) { return each.span.begin; });
    const auto line_of = [&](std::uint32_t offset) { return file.position(offset).line; };
    const bool follows = next != statements.end();
    const bool beside_next = follows && line_of(comment.end - 1) == line_of(next->span.begin);
    if (next != statements.begin()) {
        const text::ScannedStatement& previous = *std::prev(next);
        if (comment.begin < previous.span.end) return previous.span;
        const std::uint32_t end = std::max(previous.span.end, previous.terminator.end);
        if (!beside_next && line_of(end - 1) == line_of(comment.begin)) return previous.span;
    }
    return follows ? next->span : Span{};
}

} // namespace

std::vector<Allowance>
read_allowances(const SourceFile& file, const Script& script, std::uint32_t migration) {
    std::vector<Allowance> allowances;
    if (file.text(script.section).find(directive) == std::string_view::npos) return allowances;
    const text::Scan scan = text::scan(file, script.section);
    for (const text::Comment& comment : scan.comments) {
        std::string_view text = file.text(comment.span);
        std::uint32_t begin = comment.span.begin;
        while (!text.empty()) {
            const std::size_t length = std::min(text.find_first_of("\r\n"), text.size() - 1) + 1;
            const Directive read = read_directive(Reader(text.substr(0, length), begin));
            for (const Span rule : read.rules) {
                allowances.push_back({
                    .rule = std::string(file.text(rule)),
                    .where = {.file = script.file, .span = rule.empty() ? comment.span : rule},
                    .reasoned = read.reasoned,
                    .whole_file = read.whole_file,
                    .covers =
                        read.whole_file ? Span{} : covered_statement(file, scan, comment.span),
                    .migration = migration,
                });
            }
            text.remove_prefix(length);
            begin += static_cast<std::uint32_t>(length);
        }
    }
    return allowances;
}

} // namespace ordain::lint
