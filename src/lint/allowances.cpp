#include "lint/allowances.hpp"

#include "text/letter_case.hpp"
#include "text/scanner.hpp"

#include <algorithm>
#include <utility>

namespace ordain::lint {
namespace {

constexpr std::string_view program = "ordain";
constexpr std::string_view allow = "allow";
constexpr std::string_view allow_file = "allow-file";
constexpr std::string_view placeholder = "<reason>";
/// The comment's own marks, and the stars with which block comments are drawn.
constexpr std::string_view marks = "-/* \t\r";
constexpr std::string_view blanks = " \t\r\n\f\v";

bool is_blank(char character) {
    return blanks.find(character) != std::string_view::npos;
}

/// Letters of a rule's id, and those of near misses such as drop_column.
bool is_word(char character) {
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9') || character == '-' || character == '_';
}

bool equal_but_for_case(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, text::lower, text::lower);
}

/// Reads a comment from left to right.
class Reader {
public:
    Reader(std::string_view text, std::uint32_t begin) : text_(text), begin_(begin) {}

    [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
    [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[position_]; }
    [[nodiscard]] std::string_view rest() const { return text_.substr(position_); }

    bool accept(char expected) {
        if (at_end() || peek() != expected) return false;
        ++position_;
        return true;
    }
    bool accept_in_any_case(std::string_view expected) {
        if (!equal_but_for_case(rest().substr(0, expected.size()), expected)) return false;
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
    std::string_view word() {
        const std::size_t from = position_;
        while (!at_end() && is_word(peek()))
            ++position_;
        return text_.substr(from, position_ - from);
    }
    [[nodiscard]] std::size_t position() const { return position_; }
    /// What was read since a position.
    [[nodiscard]] std::string_view since(std::size_t begin) const {
        return text_.substr(begin, position_ - begin);
    }
    /// Where in the file a part of the text stands.
    [[nodiscard]] Span place_of(std::string_view part) const {
        const auto from = static_cast<std::uint32_t>(part.data() - text_.data());
        return {.begin = begin_ + from,
                .end = begin_ + from + static_cast<std::uint32_t>(part.size())};
    }

private:
    std::string_view text_;
    std::uint32_t begin_;
    std::size_t position_ = 0;
};

/// What one line of a comment says to Ordain.
struct Directive {
    std::string_view written; ///< Up to the word behind the colon; empty when it says nothing.
    bool exact = false;       ///< As it must be written to count.
    bool misspelt = false;    ///< It would count but for its case and blanks.
    bool whole_file = false;
    std::vector<std::string_view> rules;
    Reason reason = Reason::missing;
};

Reason reason_in(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(marks);
    if (begin == std::string_view::npos) return Reason::missing;
    text = text.substr(begin, text.find_last_not_of(marks) - begin + 1);
    return equal_but_for_case(text, placeholder) ? Reason::placeholder : Reason::given;
}

Directive read_directive(Reader line) {
    Directive read;
    line.skip(marks);
    const std::size_t begin = line.position();
    if (!line.accept_in_any_case(program)) return {};
    line.skip_blanks();
    if (!line.accept(':')) return {};
    const std::string_view up_to_colon = line.since(begin);
    line.skip_blanks();
    const std::string_view word = line.word();
    read.written = word.empty() ? up_to_colon : line.since(begin);
    read.whole_file = equal_but_for_case(word, allow_file);
    read.misspelt = read.whole_file || equal_but_for_case(word, allow);
    read.exact = read.misspelt && (read.written == "ordain:allow" || //
                                   read.written == "ordain:allow-file");
    do {
        line.skip_blanks();
        read.rules.push_back(line.word());
        line.skip_blanks();
    } while (line.accept(','));
    if (line.accept(':')) read.reason = reason_in(line.rest());
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

/// Collects the directives of a script.
class Collector {
public:
    Collector(const SourceFile& file, const Script& script, std::uint32_t migration)
        : file_(file),
          script_(script),
          migration_(migration),
          scan_(text::scan(file, script.section)) {}

    Directives collect() {
        for (const text::Comment& comment : scan_.comments) {
            std::string_view text = file_.text(comment.span);
            std::uint32_t begin = comment.span.begin;
            while (!text.empty()) {
                const std::size_t length =
                    std::min(text.find_first_of("\r\n"), text.size() - 1) + 1;
                add(Reader(text.substr(0, length), begin), comment.span);
                text.remove_prefix(length);
                begin += static_cast<std::uint32_t>(length);
            }
        }
        return std::move(found_);
    }

private:
    void add(const Reader& line, Span comment) {
        const Directive read = read_directive(line);
        if (read.exact) return add_allowances(line, comment, read);
        if (read.written.empty()) return;
        found_.near_misses.push_back(
            {.written = std::string(read.written),
             .rules = {read.rules.begin(), read.rules.end()},
             .misspelt = read.misspelt,
             .whole_file = read.whole_file,
             .where = {.file = script_.file, .span = line.place_of(read.written)},
             .migration = migration_});
    }

    void add_allowances(const Reader& line, Span comment, const Directive& read) {
        for (const std::string_view rule : read.rules) {
            found_.allowances.push_back({
                .rule = std::string(rule),
                .where = {.file = script_.file,
                          .span = rule.empty() ? comment : line.place_of(rule)},
                .reason = read.reason,
                .whole_file = read.whole_file,
                .covers = read.whole_file ? Span{} : covered_statement(file_, scan_, comment),
                .migration = migration_,
            });
        }
    }

    const SourceFile& file_;
    const Script& script_;
    std::uint32_t migration_;
    text::Scan scan_;
    Directives found_;
};

bool names_the_program(std::string_view text) {
    const auto same = [](char left, char right) { return text::lower(left) == right; };
    return std::search(text.begin(), text.end(), program.begin(), program.end(), same) !=
           text.end();
}

} // namespace

Directives read_directives(const SourceFile& file, const Script& script, std::uint32_t migration) {
    if (!names_the_program(file.text(script.section))) return {};
    return Collector(file, script, migration).collect();
}

} // namespace ordain::lint
