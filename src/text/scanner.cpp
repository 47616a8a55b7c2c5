// The scanner reads tokens and decides only where a statement ends. A statement that is whole ends
// as in psql: at a ';' outside parentheses and outside a BEGIN ATOMIC body. A ';' elsewhere is
// remembered; when a statement's keyword begins a line behind it, the statement was broken and ends
// there. Where such a ';' can be right (CREATE RULE, BEGIN ATOMIC) the place is only a checkpoint
// that is returned to when the statement turns out to be broken.

#include "text/scanner.hpp"

#include "text/keywords.hpp"
#include "text/lexer.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <iterator>
#include <optional>
#include <utility>

namespace ordain::text {
namespace {

using Kind = Token::Kind;

/// Longer words are no keywords and need not be read to their end.
constexpr std::size_t longest_word = 32;

constexpr std::string_view blanks = std::string_view(" \t\n\r\f\0", 6);

/// True when the word, as written, is one of `words`.
template <std::size_t Size>
bool is_any_of(std::string_view word, const std::array<std::string_view, Size>& words) {
    return std::ranges::any_of(words,
                               [word](std::string_view other) { return is_keyword(word, other); });
}

/// The words that statements begin with. END is missing: it closes bodies and CASE.
bool begins_statement(std::string_view word) {
    static constexpr std::array<std::string_view, 47> words = {
        "abort",    "alter",    "analyze",  "begin",     "call",     "checkpoint", "close",
        "cluster",  "comment",  "commit",   "copy",      "create",   "deallocate", "declare",
        "delete",   "discard",  "do",       "drop",      "execute",  "explain",    "fetch",
        "grant",    "import",   "insert",   "listen",    "load",     "lock",       "merge",
        "move",     "notify",   "prepare",  "reindex",   "reassign", "refresh",    "release",
        "reset",    "revoke",   "rollback", "savepoint", "select",   "set",        "start",
        "truncate", "unlisten", "update",   "vacuum",    "with",
    };
    return is_any_of(word, words);
}

/// The statements that CREATE RULE's parentheses and a BEGIN ATOMIC body may hold.
bool begins_inner_statement(std::string_view word) {
    static constexpr std::array<std::string_view, 7> words = {
        "select", "insert", "update", "delete", "with", "merge", "notify",
    };
    return is_any_of(word, words);
}

/// What cannot follow a dollar-quoted string, but does begin the body of a function.
bool begins_body(std::string_view word) {
    static constexpr std::array<std::string_view, 6> words = {
        "begin", "declare", "select", "insert", "update", "delete",
    };
    return is_any_of(word, words);
}

/// True for the psql commands that send what was read so far to the server.
bool sends_query(std::string_view command) {
    static constexpr std::array<std::string_view, 7> commands = {
        "\\g", "\\gx", "\\gset", "\\gexec", "\\gdesc", "\\watch", "\\crosstabview",
    };
    return is_any_of(command.substr(0, command.find_first_of(" \t\f\\(|", 1)), commands);
}

/// True for COPY ... FROM STDIN, whose data psql reads from the script's following lines.
bool copies_from_stdin(std::string_view copy) {
    Lexer lexer(copy);
    std::size_t depth = 0;
    bool after_from = false;
    for (Token token = lexer.next_code(); token.kind != Kind::end; token = lexer.next_code()) {
        const std::string_view text = lexer.text_of(token);
        if (after_from && is_keyword(text, "stdin")) return true;
        if (token.is('(')) ++depth;
        if (token.is(')') && depth > 0) --depth;
        after_from = depth == 0 && token.kind == Kind::word && is_keyword(text, "from");
    }
    return false;
}

bool continues_word(char character) {
    const auto byte = static_cast<unsigned char>(character);
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (byte >= '0' && byte <= '9') || byte >= 0x80;
}

/// The letters and digits at an offset, be they a word or the prefix of a string.
std::string_view word_at(std::string_view text, std::size_t offset) {
    std::size_t end = offset;
    while (end < text.size() && end - offset <= longest_word && continues_word(text[end]))
        ++end;
    return text.substr(std::min(offset, text.size()), end - offset);
}

/// Skips blanks and -- comments.
std::size_t skip_to_code(std::string_view text, std::size_t from) {
    while (true) {
        from = std::min(text.find_first_not_of(blanks, from), text.size());
        if (text.substr(from, 2) != "--") return from;
        from = std::min(text.find_first_of("\n\r", from), text.size());
    }
}

bool at_column_one(std::string_view text, std::size_t offset) {
    return offset == 0 || text[offset - 1] == '\n' || text[offset - 1] == '\r';
}

/// The first ';' in an open quote or comment behind which a line begins, at its first column, with
/// a statement's keyword.
std::optional<std::size_t> find_resumption(std::string_view quoted) {
    std::size_t semicolon = quoted.find(';');
    while (semicolon != std::string_view::npos) {
        const std::size_t code = skip_to_code(quoted, semicolon + 1);
        if (at_column_one(quoted, code) && begins_statement(word_at(quoted, code)))
            return semicolon;
        // A ';' in the comments that were skipped would be followed by the same code.
        semicolon = quoted.find(';', code);
    }
    return {};
}

ScanFault::Kind open_kind(const Token& token) {
    if (token.kind == Kind::comment) return ScanFault::Kind::unterminated_comment;
    if (token.kind == Kind::dollar_string) return ScanFault::Kind::unterminated_dollar_quote;
    if (token.kind == Kind::quoted_identifier)
        return ScanFault::Kind::unterminated_quoted_identifier;
    return ScanFault::Kind::unterminated_string;
}

std::string message_of(ScanFault::Kind kind) {
    switch (kind) {
    case ScanFault::Kind::unterminated_string: return "unterminated quoted string";
    case ScanFault::Kind::unterminated_quoted_identifier: return "unterminated quoted identifier";
    case ScanFault::Kind::unterminated_dollar_quote: return "unterminated dollar-quoted string";
    case ScanFault::Kind::unterminated_comment: return "unterminated /* comment";
    case ScanFault::Kind::unbalanced_parenthesis: return "this parenthesis is never closed";
    case ScanFault::Kind::unterminated_body: return "BEGIN ATOMIC without its END";
    case ScanFault::Kind::nul_byte: return "NUL byte in the SQL text";
    case ScanFault::Kind::byte_order_mark:
        return "the file begins with a byte order mark, which the runner sends to the server";
    case ScanFault::Kind::psql_command:
        return "psql would take this as a command, but the runner sends it to the server";
    case ScanFault::Kind::invalid_utf8: break;
    }
    return R"(invalid byte sequence for encoding "UTF8")";
}

/// How many bytes the server names: as many as the first announces (wchar.c pg_utf_mblen).
std::uint32_t announced_length(unsigned char first) {
    if (first >= 0xC0 && first < 0xE0) return 2;
    if (first >= 0xE0 && first < 0xF0) return 3;
    if (first >= 0xF0 && first < 0xF8) return 4;
    return 1;
}

Span span_of(std::size_t begin, std::size_t end) {
    return {.begin = static_cast<std::uint32_t>(begin), .end = static_cast<std::uint32_t>(end)};
}

class Scanner {
public:
    Scanner(const SourceFile& file, Span section);

    Scan run();

private:
    /// How far the leading words of a statement have been recognised.
    enum class Head { none, create, create_or, create_or_replace, routine, rule, other };
    enum class Next { same_statement, new_statement };

    /// Where a broken statement could have ended.
    struct Checkpoint {
        std::uint32_t statement_end = 0;
        Span semicolon;
        std::uint32_t resume = 0;
    };

    /// The statement being read.
    struct Statement {
        Span span;
        Head head = Head::none;
        std::uint32_t parentheses = 0;
        std::uint32_t bodies = 0;     ///< BEGIN ATOMIC, and CASE inside.
        Span outer_parenthesis;       ///< The one that raised parentheses from 0.
        Span begin_word;              ///< The last BEGIN.
        Span body;                    ///< The BEGIN that raised bodies from 0.
        Checkpoint inner_semicolon;   ///< The ';' just read, when it does not end the statement.
        Checkpoint checkpoint;        ///< The first doubtful place to resume at.
        bool after_semicolon = false; ///< Nothing but comments since inner_semicolon.
        bool backslash = false;       ///< One was told of.
        /// How many there were before it.
        std::size_t first_comment = 0;
        std::size_t first_mask = 0;
        std::size_t first_fault = 0;
    };

    void scan_statement();
    Next take(const Token& token, const Lexer& lexer);
    Next take_punctuation(const Token& token);
    Next take_word(const Token& token, std::string_view word);
    Next take_quoted(const Token& token);
    Next take_open(const Token& token);
    void mask_string_comments(const Token& string);
    Next take_command(const Token& token, std::string_view command);
    Next end_at(std::uint32_t offset);
    void include(const Token& token);
    void add_backslash_fault(const Token& token);
    void advance_head(std::string_view word);
    void count_bodies(const Token& token, std::string_view word);
    bool resynchronise(const Token& token, std::string_view word);
    [[nodiscard]] bool runs_away(const Token& token) const;
    Next cut(const Checkpoint& place);
    void finish(Span terminator);
    void add_balance_fault();
    bool may_rescan(std::size_t bytes);
    void expect_copy_data(std::uint32_t after);
    void mask_copy_data();
    void mask_nul_bytes();
    void find_encoding_faults();
    [[nodiscard]] std::uint32_t next_statement_after(std::size_t offset) const;

    std::string_view text_; ///< The file up to the section's end.
    std::uint32_t begin_;
    std::uint32_t position_;
    std::uint32_t limit_; ///< The section's end, or the line's end before COPY data.
    Client client_;
    std::uint32_t copies_pending_ = 0; ///< COPY FROM STDIN on the line that ends at limit_.
    /// What may still be read a second time to recover; it keeps hostile input linear.
    std::size_t rescan_budget_;
    Statement statement_;
    Scan scan_;
};

Scanner::Scanner(const SourceFile& file, Span section)
    : text_(file.bytes().substr(0, std::min<std::size_t>(section.end, file.bytes().size()))),
      begin_(std::min(section.begin, static_cast<std::uint32_t>(text_.size()))),
      position_(begin_),
      limit_(static_cast<std::uint32_t>(text_.size())),
      client_(file.client()),
      rescan_budget_(4 * text_.size() + std::size_t{64} * 1024) {
    if (begin_ >= file.bom_length() || limit_ < file.bom_length()) return;
    const Span mark{.begin = begin_, .end = file.bom_length()};
    if (client_ == Client::driver) {
        constexpr auto kind = ScanFault::Kind::byte_order_mark;
        scan_.faults.push_back({.kind = kind, .span = mark, .message = message_of(kind)});
        return;
    }
    position_ = mark.end;
    scan_.masks.push_back({.span = mark, .kind = Mask::Kind::byte_order_mark});
}

Scan Scanner::run() {
    while (position_ < limit_ || copies_pending_ > 0) {
        scan_statement();
        if (position_ >= limit_ && copies_pending_ > 0) mask_copy_data();
    }
    mask_nul_bytes();
    find_encoding_faults();
    std::ranges::stable_sort(scan_.faults, {}, [](const ScanFault& fault) { return fault.span; });
    return std::move(scan_);
}

void Scanner::scan_statement() {
    statement_ = {};
    statement_.first_comment = scan_.comments.size();
    statement_.first_mask = scan_.masks.size();
    statement_.first_fault = scan_.faults.size();
    Lexer lexer(text_.substr(position_, limit_ - position_), position_, client_);
    while (take(lexer.next(), lexer) == Next::same_statement) {
    }
}

Scanner::Next Scanner::take(const Token& token, const Lexer& lexer) {
    switch (token.kind) {
    case Kind::word: return take_word(token, lexer.text_of(token));
    case Kind::punctuation: return take_punctuation(token);
    case Kind::string:
    case Kind::quoted_identifier:
    case Kind::dollar_string: return take_quoted(token);
    case Kind::comment:
        if (token.unterminated) return take_open(token);
        scan_.comments.push_back({.span = token.span});
        return Next::same_statement;
    case Kind::backslash_command: return take_command(token, lexer.text_of(token));
    case Kind::end: return end_at(limit_);
    case Kind::other: add_backslash_fault(token); break;
    case Kind::number:
    case Kind::operator_:
    case Kind::colon_cast:
    case Kind::dot_dot:
    case Kind::colon_equals:
    case Kind::parameter: break;
    }
    include(token);
    return Next::same_statement;
}

void Scanner::include(const Token& token) {
    if (statement_.span.empty()) statement_.span.begin = token.span.begin;
    statement_.span.end = token.span.end;
    statement_.after_semicolon = false;
}

Scanner::Next Scanner::take_punctuation(const Token& token) {
    if (token.is(';') && statement_.parentheses == 0 && statement_.bodies == 0) {
        position_ = token.span.end;
        finish(token.span);
        return Next::new_statement;
    }
    const std::uint32_t end_before = statement_.span.end;
    include(token);
    if (token.is('(') && statement_.parentheses++ == 0) statement_.outer_parenthesis = token.span;
    if (token.is(')') && statement_.parentheses > 0) --statement_.parentheses;
    if (token.is(';')) {
        statement_.inner_semicolon = {
            .statement_end = end_before, .semicolon = token.span, .resume = token.span.end};
        statement_.after_semicolon = true;
    }
    return Next::same_statement;
}

Scanner::Next Scanner::take_word(const Token& token, std::string_view word) {
    if (statement_.after_semicolon && resynchronise(token, word)) return Next::new_statement;
    if (statement_.head == Head::routine) {
        count_bodies(token, word);
    } else if (statement_.head < Head::routine) {
        advance_head(word);
    }
    include(token);
    return Next::same_statement;
}

void Scanner::add_backslash_fault(const Token& token) {
    if (!token.is('\\') || std::exchange(statement_.backslash, true)) return;
    constexpr auto kind = ScanFault::Kind::psql_command;
    const std::size_t end = token.span.end + word_at(text_, token.span.end).size();
    scan_.faults.push_back(
        {.kind = kind, .span = span_of(token.span.begin, end), .message = message_of(kind)});
}

void Scanner::advance_head(std::string_view word) {
    const Head head = std::exchange(statement_.head, Head::other);
    if (head == Head::none) {
        if (is_keyword(word, "create")) statement_.head = Head::create;
    } else if (head == Head::create && is_keyword(word, "or")) {
        statement_.head = Head::create_or;
    } else if (head == Head::create_or) {
        if (is_keyword(word, "replace")) statement_.head = Head::create_or_replace;
    } else if (is_keyword(word, "function") || is_keyword(word, "procedure")) {
        statement_.head = Head::routine;
    } else if (is_keyword(word, "rule")) {
        statement_.head = Head::rule;
    }
}

/// As psql counts, but a BEGIN must be followed by ATOMIC: a function may be called "begin".
void Scanner::count_bodies(const Token& token, std::string_view word) {
    if (statement_.parentheses > 0) return;
    if (is_keyword(word, "begin")) {
        statement_.begin_word = token.span;
    } else if (is_keyword(word, "atomic")) {
        if (statement_.span.end != statement_.begin_word.end) return;
        if (statement_.bodies++ == 0) statement_.body = statement_.begin_word;
    } else if (is_keyword(word, "case")) {
        if (statement_.bodies > 0) ++statement_.bodies;
    } else if (is_keyword(word, "end")) {
        if (statement_.bodies > 0) --statement_.bodies;
    }
}

/// Called for the word after a ';' that did not end the statement.
bool Scanner::resynchronise(const Token& token, std::string_view word) {
    Checkpoint place = statement_.inner_semicolon;
    const std::string_view between =
        text_.substr(place.semicolon.end, token.span.begin - place.semicolon.end);
    const bool on_new_line = between.find_first_of("\n\r") != std::string_view::npos;
    if (!on_new_line || !begins_statement(word)) return false;
    place.resume = token.span.begin;
    const bool may_hold_statements = statement_.head == Head::rule || statement_.bodies > 0;
    if (may_hold_statements && begins_inner_statement(word)) {
        if (statement_.checkpoint.semicolon.empty() && at_column_one(text_, token.span.begin))
            statement_.checkpoint = place;
        return false;
    }
    const Checkpoint& earlier = statement_.checkpoint;
    const bool go_back =
        !earlier.semicolon.empty() && may_rescan(token.span.begin - earlier.resume);
    cut(go_back ? earlier : place);
    return true;
}

bool Scanner::may_rescan(std::size_t bytes) {
    if (bytes > rescan_budget_) return false;
    rescan_budget_ -= bytes;
    return true;
}

/// Ends the statement at a ';' that was passed over.
Scanner::Next Scanner::cut(const Checkpoint& place) {
    const auto begins_later = [&place](const auto& item) {
        return item.span.begin >= place.resume;
    };
    // Only what this statement added can begin later: looking at all would be quadratic.
    const auto take_back = [&begins_later](auto& list, std::size_t first) {
        const auto kept = std::remove_if(list.begin() + static_cast<std::ptrdiff_t>(first),
                                         list.end(), begins_later);
        list.erase(kept, list.end());
    };
    take_back(scan_.comments, statement_.first_comment);
    take_back(scan_.masks, statement_.first_mask);
    take_back(scan_.faults, statement_.first_fault);
    statement_.span.end = place.statement_end;
    add_balance_fault();
    statement_.parentheses = 0;
    statement_.bodies = 0;
    position_ = place.resume;
    finish(place.semicolon);
    return Next::new_statement;
}

void Scanner::add_balance_fault() {
    const bool parenthesis = statement_.parentheses > 0;
    if (!parenthesis && statement_.bodies == 0) return;
    const auto kind =
        parenthesis ? ScanFault::Kind::unbalanced_parenthesis : ScanFault::Kind::unterminated_body;
    scan_.faults.push_back({
        .kind = kind,
        .span = parenthesis ? statement_.outer_parenthesis : statement_.body,
        .message = message_of(kind),
    });
}

/// True for a quoted token that ends where another one must have begun: a quote before it stayed
/// open and swapped inside and outside ever since.
bool Scanner::runs_away(const Token& token) const {
    std::size_t after = token.span.end;
    if (token.kind == Kind::dollar_string) {
        after = std::min(text_.find_first_not_of(blanks, after), text_.size());
        return begins_body(word_at(text_, after)) &&
               find_resumption(text_.substr(token.span.begin, token.span.size()));
    }
    const std::string_view word = word_at(text_, after);
    if (word.empty()) return false;
    const Token word_token{.kind = Kind::word};
    return !keyword_category(identifier_text(word_token, word)) &&
           find_resumption(text_.substr(token.span.begin, token.span.size()));
}

Scanner::Next Scanner::take_quoted(const Token& token) {
    if (token.unterminated || runs_away(token)) return take_open(token);
    if (token.continued) mask_string_comments(token);
    include(token);
    return Next::same_statement;
}

void Scanner::mask_string_comments(const Token& string) {
    const std::string_view text = text_.substr(string.span.begin, string.span.size());
    for (const Span& gap : continuation_gaps(string, text)) {
        Lexer lexer(text_.substr(gap.begin, gap.size()), gap.begin);
        for (Token token = lexer.next(); token.kind == Kind::comment; token = lexer.next()) {
            scan_.comments.push_back({.span = token.span});
            scan_.masks.push_back({.span = token.span, .kind = Mask::Kind::string_comment});
        }
    }
}

/// Takes a quote or comment that should have ended earlier.
Scanner::Next Scanner::take_open(const Token& token) {
    const std::uint32_t begin = token.span.begin;
    const std::string_view quoted = text_.substr(begin, token.span.size());
    std::optional<std::size_t> semicolon = find_resumption(quoted);
    if (semicolon && !may_rescan(quoted.size())) semicolon.reset();
    if (!semicolon && !token.unterminated) {
        include(token);
        return Next::same_statement;
    }
    const std::size_t last =
        quoted.substr(0, semicolon.value_or(quoted.size())).find_last_not_of(blanks);
    Token open = token;
    open.span.end = static_cast<std::uint32_t>(begin + last + 1);
    include(open);
    const ScanFault::Kind kind = open_kind(token);
    scan_.faults.push_back({.kind = kind, .span = open.span, .message = message_of(kind)});
    const Span terminator =
        semicolon ? span_of(begin + *semicolon, begin + *semicolon + 1) : Span{};
    position_ = semicolon ? terminator.end : limit_;
    finish(terminator);
    return Next::new_statement;
}

Scanner::Next Scanner::take_command(const Token& token, std::string_view command) {
    scan_.masks.push_back({.span = token.span, .kind = Mask::Kind::psql_command});
    position_ = token.span.end;
    if (statement_.span.empty()) {
        if (!command.starts_with("\\copy") || !copies_from_stdin(command.substr(1)))
            return Next::same_statement;
        expect_copy_data(token.span.end);
        return Next::new_statement;
    }
    return sends_query(command) ? end_at(token.span.end) : Next::same_statement;
}

/// Ends the statement where the text or psql ends it.
Scanner::Next Scanner::end_at(std::uint32_t offset) {
    const Checkpoint& earlier = statement_.checkpoint;
    const bool broken = statement_.parentheses > 0 || statement_.bodies > 0;
    if (broken && !earlier.semicolon.empty() && may_rescan(offset - earlier.resume))
        return cut(earlier);
    add_balance_fault();
    position_ = offset;
    finish({});
    return Next::new_statement;
}

void Scanner::finish(Span terminator) {
    if (!terminator.empty()) scan_.terminators.push_back(terminator);
    if (statement_.span.empty()) return;
    scan_.statements.push_back({.span = statement_.span, .terminator = terminator});
    const std::string_view text = text_.substr(statement_.span.begin, statement_.span.size());
    if (client_ == Client::psql && !terminator.empty() && is_keyword(word_at(text, 0), "copy") &&
        copies_from_stdin(text))
        expect_copy_data(terminator.end);
}

/// psql reads the data from the line after the one that COPY ends on.
void Scanner::expect_copy_data(std::uint32_t after) {
    if (copies_pending_++ > 0) return;
    limit_ = static_cast<std::uint32_t>(std::min(text_.find_first_of("\n\r", after), text_.size()));
}

void Scanner::mask_copy_data() {
    --copies_pending_;
    const std::size_t begin =
        std::min<std::size_t>(limit_ + (text_.substr(limit_, 2) == "\r\n" ? 2 : 1), text_.size());
    std::size_t end = text_.size();
    for (std::size_t line = begin; line < text_.size();) {
        const std::size_t line_end = std::min(text_.find('\n', line), text_.size());
        std::string_view content = text_.substr(line, line_end - line);
        if (content.ends_with('\r')) content.remove_suffix(1);
        if (content == "\\.") {
            end = line + content.size();
            break;
        }
        line = line_end + 1;
    }
    const Span data = span_of(begin, end);
    if (!data.empty()) scan_.masks.push_back({.span = data, .kind = Mask::Kind::copy_data});
    position_ = data.end;
    limit_ = copies_pending_ > 0 ? data.end : static_cast<std::uint32_t>(text_.size());
}

/// Masks runs of NUL bytes where nothing else is masked.
void Scanner::mask_nul_bytes() {
    std::vector<Mask> found;
    auto mask = scan_.masks.begin();
    std::size_t report_from = begin_;
    std::size_t at = text_.find('\0', begin_);
    while (at != std::string_view::npos) {
        const std::size_t end = std::min(text_.find_first_not_of('\0', at), text_.size());
        const Span run = span_of(at, end);
        while (mask != scan_.masks.end() && mask->span.end <= run.begin)
            ++mask;
        if (mask == scan_.masks.end() || mask->span.begin >= run.end)
            found.push_back({.span = run, .kind = Mask::Kind::nul_byte});
        if (at >= report_from) {
            constexpr auto kind = ScanFault::Kind::nul_byte;
            scan_.faults.push_back({.kind = kind, .span = run, .message = message_of(kind)});
            report_from = next_statement_after(at);
        }
        at = text_.find('\0', end);
    }
    if (found.empty()) return;
    std::vector<Mask> merged;
    std::ranges::merge(scan_.masks, found, std::back_inserter(merged), {}, &Mask::span,
                       &Mask::span);
    scan_.masks = std::move(merged);
}

/// One fault a statement: the server looks no further either.
void Scanner::find_encoding_faults() {
    const std::string_view text = text_;
    std::size_t at = find_invalid_utf8(text, begin_);
    while (at != std::string_view::npos) {
        constexpr auto kind = ScanFault::Kind::invalid_utf8;
        const auto first = static_cast<unsigned char>(text[at]);
        const std::string_view bytes = text.substr(at, announced_length(first));
        std::string message = message_of(kind) + ':';
        for (const char byte : bytes)
            message += fmt::format(" {:#04x}", static_cast<unsigned char>(byte));
        scan_.faults.push_back(
            {.kind = kind, .span = span_of(at, at + bytes.size()), .message = std::move(message)});
        at = find_invalid_utf8(text, next_statement_after(at));
    }
}

/// Where the first statement after `offset` begins, or the text's end.
std::uint32_t Scanner::next_statement_after(std::size_t offset) const {
    const auto next = std::ranges::upper_bound(
        scan_.statements, offset, {},
        [](const ScannedStatement& statement) { return statement.span.begin; });
    if (next == scan_.statements.end()) return static_cast<std::uint32_t>(text_.size());
    return next->span.begin;
}

} // namespace

Scan scan(const SourceFile& file, Span section) {
    return Scanner(file, section).run();
}

StatementText::StatementText(const SourceFile& file,
                             const Scan& scan,
                             const ScannedStatement& statement)
    : original_(file.text(statement.span)) {
    const Span span = statement.span;
    auto mask = std::ranges::upper_bound(scan.masks, span.begin, {},
                                         [](const Mask& candidate) { return candidate.span.end; });
    for (; mask != scan.masks.end() && mask->span.begin < span.end; ++mask) {
        if (masked_.empty()) masked_ = original_;
        const std::uint32_t begin = std::max(mask->span.begin, span.begin) - span.begin;
        const std::uint32_t end = std::min(mask->span.end, span.end) - span.begin;
        masked_.replace(begin, end - begin, end - begin, ' ');
    }
}

} // namespace ordain::text
