#include "parse/mentioned_words.hpp"

#include "text/lexer.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace ordain::parse {
namespace {

using Kind = text::Token::Kind;

/// A string in a string in a body: what EXECUTE format('...') in a DO block needs.
constexpr int deepest = 3;

/// How offsets of a text lead back to the file: text that stands there, or a string's value.
class Places {
public:
    explicit Places(std::uint32_t base) : base_(base) {}
    Places(const Places& outer, const text::DecodedString& decoded)
        : outer_(&outer),
          decoded_(&decoded) {}

    [[nodiscard]] std::uint32_t offset(std::uint32_t position) const {
        if (outer_ == nullptr) return base_ + position;
        return outer_->offset(decoded_->source_offset(position));
    }

private:
    std::uint32_t base_ = 0;
    const Places* outer_ = nullptr;
    const text::DecodedString* decoded_ = nullptr;
};

void add_word(std::string word, Span span, const Places& places, std::vector<Mention>& mentions) {
    if (word.empty()) return;
    mentions.push_back(
        {.word = std::move(word),
         .span = {.begin = places.offset(span.begin), .end = places.offset(span.end - 1) + 1}});
}

void collect(std::string_view text,
             const Places& places,
             int depth,
             std::vector<Mention>& mentions) {
    text::Lexer lexer(text);
    for (text::Token token = lexer.next_code(); token.kind != Kind::end;
         token = lexer.next_code()) {
        const std::string_view written = lexer.text_of(token);
        if (token.kind == Kind::quoted_identifier || token.kind == Kind::word) {
            add_word(text::identifier_text(token, written), token.span, places, mentions);
        } else if ((token.kind == Kind::string || token.kind == Kind::dollar_string) &&
                   depth < deepest) {
            const text::DecodedString decoded = text::string_value(token, written);
            collect(decoded.value, Places(places, decoded), depth + 1, mentions);
        }
    }
}

} // namespace

std::vector<Mention> mentioned_words(std::string_view text, std::uint32_t base_offset) {
    std::vector<Mention> mentions;
    collect(text, Places(base_offset), 0, mentions);
    return mentions;
}

} // namespace ordain::parse
