#include "text/depth.hpp"

#include "text/lexer.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace ordain::text {
namespace {

using Kind = Token::Kind;

/// What a word does to the shape of the tree. Only reserved words may separate: any other could be
/// a column's name in the middle of a chain of operators.
enum class Role {
    none,
    operator_,
    between,
    and_,
    part,
    clause,
    join,
    set_operation,
    case_,
    end,
    distinct,
    from,
    within,
    group,
    set
};

struct RoleWord {
    std::string_view word;
    Role role = Role::none;
};

constexpr std::array role_words{
    RoleWord{"and", Role::and_},
    RoleWord{"at", Role::operator_},
    RoleWord{"between", Role::between},
    RoleWord{"case", Role::case_},
    RoleWord{"collate", Role::operator_},
    RoleWord{"distinct", Role::distinct},
    RoleWord{"else", Role::clause},
    RoleWord{"end", Role::end},
    RoleWord{"except", Role::set_operation},
    RoleWord{"fetch", Role::clause},
    RoleWord{"from", Role::from},
    RoleWord{"group", Role::group},
    RoleWord{"having", Role::clause},
    RoleWord{"ilike", Role::operator_},
    RoleWord{"in", Role::operator_},
    RoleWord{"intersect", Role::set_operation},
    RoleWord{"is", Role::operator_},
    RoleWord{"isnull", Role::operator_},
    RoleWord{"join", Role::join},
    RoleWord{"like", Role::operator_},
    RoleWord{"limit", Role::clause},
    RoleWord{"not", Role::operator_},
    RoleWord{"notnull", Role::operator_},
    RoleWord{"offset", Role::clause},
    RoleWord{"on", Role::part},
    RoleWord{"operator", Role::operator_},
    RoleWord{"or", Role::part},
    RoleWord{"order", Role::clause},
    RoleWord{"overlaps", Role::operator_},
    RoleWord{"returning", Role::clause},
    RoleWord{"select", Role::clause},
    RoleWord{"set", Role::set},
    RoleWord{"similar", Role::operator_},
    RoleWord{"then", Role::clause},
    RoleWord{"union", Role::set_operation},
    RoleWord{"using", Role::part},
    RoleWord{"when", Role::clause},
    RoleWord{"where", Role::clause},
    RoleWord{"window", Role::clause},
    RoleWord{"within", Role::within},
};
static_assert(std::ranges::is_sorted(role_words, {}, &RoleWord::word));

constexpr std::size_t longest_role_word = 9;

Role role_of(std::string_view word) {
    if (word.size() > longest_role_word) return Role::none;
    std::array<char, longest_role_word> folded{};
    std::ranges::transform(word, folded.begin(), [](char character) {
        return static_cast<char>(static_cast<unsigned char>(character) | 0x20U);
    });
    const std::string_view key(folded.data(), word.size());
    const auto* found = std::ranges::lower_bound(role_words, key, {}, &RoleWord::word);
    return found != role_words.end() && found->word == key ? found->role : Role::none;
}

/// The tokens of one bracket or of the statement, in entries between commas. An entry that begins
/// with (a, b) = counts as often as the bracket has entries.
class Size {
public:
    void add(std::uint64_t tokens) { entry_ = std::min(entry_ + tokens, max_size_estimate); }
    void begin_bracket() { bracket_begins_entry_ = entry_ == 0; }
    void end_bracket(const Size& bracket) {
        add(bracket.total() + 1);
        columns_ = bracket_begins_entry_ ? bracket.entries_ : 0;
    }
    void end_entry() {
        total_ = total();
        entry_ = 0;
        columns_ = 0;
        copies_ = 1;
        ++entries_;
    }
    /// What follows the bracket just closed is an = sign.
    void assign() { copies_ = std::max(copies_, columns_); }
    void forget_bracket() { columns_ = 0; }
    [[nodiscard]] std::uint64_t total() const {
        return std::min(total_ + entry_ * copies_, max_size_estimate);
    }

private:
    std::uint64_t total_ = 0; ///< Of the entries before this one.
    std::uint64_t entry_ = 0;
    std::uint64_t copies_ = 1;
    std::uint64_t columns_ = 0; ///< Of the bracket just closed, if it began the entry.
    std::uint64_t entries_ = 1;
    bool bracket_begins_entry_ = false;
};

/// One bracket, or CASE ... END, or the statement itself, and what it holds on four levels: parts
/// (between AND, OR, ON) in items (between commas and clauses) in queries (between ';'). A part is
/// as deep as its operators above its deepest bracket; JOINs come on top of an item's parts, set
/// operations on top of a query's items.
class Frame {
public:
    explicit Frame(bool is_case) : is_case_(is_case) {}

    void add_operator() { ++operators_; }
    void add_between() {
        ++operators_;
        ++open_betweens_;
    }
    void add_child(std::uint32_t depth) { child_ = std::max(child_, depth); }
    /// The AND of BETWEEN is part of an operator; any other stands in a flat list.
    void add_and() {
        if (open_betweens_ == 0) return end_part();
        --open_betweens_;
        ++operators_;
    }
    void add_join() {
        end_part();
        ++joins_;
    }
    void add_set_operation() {
        end_item();
        ++set_operations_;
    }
    void end_part() {
        parts_ = std::max(parts_, operators_ + child_);
        operators_ = child_ = open_betweens_ = 0;
    }
    void end_item() {
        end_part();
        items_ = std::max(items_, parts_ + joins_);
        parts_ = joins_ = 0;
    }
    void end_query() {
        end_item();
        queries_ = std::max(queries_, items_ + set_operations_);
        items_ = set_operations_ = 0;
    }
    [[nodiscard]] Size& size() { return size_; }
    [[nodiscard]] bool is_case() const { return is_case_; }
    [[nodiscard]] std::uint32_t depth() const { return queries_ + 1; }

private:
    std::uint32_t operators_ = 0;
    std::uint32_t child_ = 0;
    std::uint32_t open_betweens_ = 0;
    std::uint32_t parts_ = 0;
    std::uint32_t joins_ = 0;
    std::uint32_t items_ = 0;
    std::uint32_t set_operations_ = 0;
    std::uint32_t queries_ = 0;
    Size size_;
    bool is_case_ = false;
};

class Estimator {
public:
    void take(const Token& token, std::string_view text);
    [[nodiscard]] TreeEstimate finish();
    [[nodiscard]] bool saturated() const { return frames_.size() >= max_nesting_estimate; }

private:
    void count(const Token& token);
    void take_word(Role role);
    void take_punctuation(const Token& token);
    void close_frame();
    void close_bracket();

    std::vector<Frame> frames_{Frame(false)};
    Role previous_ = Role::none;
    bool after_dot_ = false;
};

void Estimator::take(const Token& token, std::string_view text) {
    count(token);
    Role role = Role::none;
    // A reserved word may name an attribute after a dot.
    if (token.kind == Kind::word && !after_dot_) role = role_of(text);
    if (role != Role::none) take_word(role);
    if (token.kind == Kind::operator_ || token.kind == Kind::colon_cast)
        frames_.back().add_operator();
    if (token.kind == Kind::punctuation) take_punctuation(token);
    previous_ = role;
    after_dot_ = token.is('.');
}

/// A bracket's own tokens are counted when it closes.
void Estimator::count(const Token& token) {
    Size& size = frames_.back().size();
    if (token.is('(') || token.is('[')) return size.begin_bracket();
    if (token.is(')') || token.is(']')) return;
    if (token.is('=')) size.assign();
    size.forget_bracket();
    if (!token.is(',')) size.add(1);
}

void Estimator::take_word(Role role) {
    Frame& frame = frames_.back();
    switch (role) {
    case Role::operator_: return frame.add_operator();
    case Role::between: return frame.add_between();
    case Role::and_: return frame.add_and();
    case Role::part: return frame.end_part();
    case Role::clause: return frame.end_item();
    case Role::join: return frame.add_join();
    case Role::set_operation: return frame.add_set_operation();
    case Role::case_: frames_.emplace_back(true); return;
    case Role::end:
        if (frame.is_case()) close_frame();
        return;
    case Role::from: // IS DISTINCT FROM is an operator.
        if (previous_ != Role::distinct) frame.end_item();
        return;
    case Role::group: // WITHIN GROUP belongs to a call.
        if (previous_ != Role::within) frame.end_item();
        return;
    case Role::set: frame.size().end_entry(); return;
    case Role::none:
    case Role::distinct:
    case Role::within: return;
    }
}

void Estimator::take_punctuation(const Token& token) {
    if (token.is('(') || token.is('[')) frames_.emplace_back(false);
    if (token.is(')') || token.is(']')) close_bracket();
    if (token.is(',')) {
        frames_.back().end_item();
        frames_.back().size().end_entry();
    }
    if (token.is(';')) frames_.back().end_query();
}

void Estimator::close_frame() {
    Frame& closed = frames_.back();
    closed.end_query();
    const std::uint32_t depth = closed.depth();
    const Size size = closed.size();
    frames_.pop_back();
    frames_.back().add_child(depth);
    frames_.back().size().end_bracket(size);
}

void Estimator::close_bracket() {
    while (frames_.back().is_case())
        close_frame();
    if (frames_.size() > 1) close_frame();
}

TreeEstimate Estimator::finish() {
    while (frames_.size() > 1)
        close_frame();
    frames_.front().end_query();
    return {.nesting = std::min(frames_.front().depth(), max_nesting_estimate),
            .size = frames_.front().size().total()};
}

} // namespace

TreeEstimate estimate_tree(std::string_view statement_text) {
    Lexer lexer(statement_text);
    Estimator estimator;
    for (Token token = lexer.next_code(); token.kind != Kind::end; token = lexer.next_code()) {
        estimator.take(token, lexer.text_of(token));
        if (estimator.saturated())
            return {.nesting = max_nesting_estimate, .size = max_size_estimate};
    }
    return estimator.finish();
}

} // namespace ordain::text
