#include "parse/locator.hpp"

#include <algorithm>
#include <string>

namespace ordain::parse {
namespace {

using Index = TokenTable::Index;

/// How far a name is searched for that is not next, so that a wrong search stays cheap.
constexpr Index look_ahead = 64;

} // namespace

std::uint32_t Locator::begin() const {
    return at_end() ? previous_end() : tokens_->span(next_).begin;
}

std::uint32_t Locator::previous_end() const {
    return next_ == 0 ? tokens_->span(0).begin : tokens_->span(next_ - 1).end;
}

bool Locator::accept(std::string_view keyword) {
    if (!at(keyword)) return false;
    ++next_;
    return true;
}

bool Locator::accept(char symbol) {
    if (!at(symbol)) return false;
    ++next_;
    return true;
}

void Locator::accept_all(std::initializer_list<std::string_view> keywords) {
    for (const std::string_view keyword : keywords)
        accept(keyword);
}

void Locator::accept_guard(bool written) {
    if (written) accept_all({"if", "not", "exists"});
}

void Locator::skip() {
    if (!at_end()) next_ = tokens_->after_group(next_);
}

void Locator::skip_operand() {
    for (Index i = next_; i < tokens_->size() && !closes(i) && !tokens_->is(i, ','); ++i) {
        if (!tokens_->is(i, '(')) continue;
        next_ = tokens_->after_group(i);
        return;
    }
    skip();
}

bool Locator::skip_past(std::string_view keyword) {
    for (Index i = next_; i < tokens_->size() && !closes(i); i = tokens_->after_group(i)) {
        if (!tokens_->is_word(i, keyword)) continue;
        next_ = i + 1;
        return true;
    }
    return false;
}

bool Locator::enter() {
    for (Index i = next_; i < tokens_->size() && !closes(i); ++i) {
        if (!tokens_->is(i, '(') && !tokens_->is(i, '[')) continue;
        next_ = i + 1;
        return true;
    }
    return false;
}

void Locator::leave() {
    while (!at_end() && !closes(next_))
        skip();
    skip();
}

bool Locator::next_item() {
    while (!at_end() && !closes(next_) && !at(','))
        skip();
    return accept(',');
}

std::uint32_t Locator::item_end() const {
    Index i = next_;
    while (i < tokens_->size() && !closes(i) && !tokens_->is(i, ','))
        i = tokens_->after_group(i);
    return i == 0 ? tokens_->span(0).begin : tokens_->span(i - 1).end;
}

Identifier Locator::name(std::string_view text) {
    Identifier found{.text = std::string(text), .span = {}};
    if (text.empty()) return found;
    const Index end = std::min(tokens_->size(), next_ + look_ahead);
    for (Index i = next_; i < end; ++i) {
        if (!tokens_->names(i, text)) continue;
        next_ = i + 1;
        found.span = tokens_->span(i);
        break;
    }
    return found;
}

Identifier Locator::literal(std::string_view text) {
    return Identifier{.text = std::string(text), .span = string_constant()};
}

std::vector<Identifier> Locator::dotted(const std::vector<std::string_view>& parts) {
    std::vector<Identifier> found;
    found.reserve(parts.size());
    for (const std::string_view part : parts)
        found.push_back(name(part));
    return found;
}

Span Locator::string_constant() {
    const Index end = std::min(tokens_->size(), next_ + look_ahead);
    for (Index i = next_; i < end; ++i) {
        if (!tokens_->is_string(i)) continue;
        next_ = i + 1;
        return tokens_->span(i);
    }
    return {};
}

} // namespace ordain::parse
