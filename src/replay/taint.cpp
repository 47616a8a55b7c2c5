#include "replay/taint.hpp"

#include "text/lexer.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace ordain::replay {
namespace {

using Words = std::set<std::string, std::less<>>;

constexpr int literal_depth = 3; // 'EXECUTE ''...''' inside a body inside a DO.

void collect(std::string_view sql, int depth, std::vector<std::string>& words) {
    text::Lexer lexer(sql);
    for (text::Token token = lexer.next_code(); token.kind != text::Token::Kind::end;
         token = lexer.next_code()) {
        const std::string_view bytes = lexer.text_of(token);
        switch (token.kind) {
        case text::Token::Kind::word:
        case text::Token::Kind::quoted_identifier:
            words.push_back(text::identifier_text(token, bytes));
            break;
        case text::Token::Kind::string:
        case text::Token::Kind::dollar_string:
            if (depth > 0) collect(text::string_value(token, bytes).value, depth - 1, words);
            break;
        default: break;
        }
    }
}

struct KindWord {
    std::string_view word;
    std::uint32_t spaces;
};

constexpr std::uint32_t bit(NameSpace space) {
    return Taint::bit(space);
}

/// Which name spaces a statement can affect that holds the word.
constexpr std::array<KindWord, 31> kind_words = {{
    {"schema", bit(NameSpace::schema)},
    {"table", bit(NameSpace::relation) | bit(NameSpace::type) | bit(NameSpace::column) |
                  bit(NameSpace::constraint)},
    {"view", bit(NameSpace::relation) | bit(NameSpace::type) | bit(NameSpace::column)},
    {"materialized", bit(NameSpace::relation) | bit(NameSpace::column)},
    {"index", bit(NameSpace::relation)},
    {"sequence", bit(NameSpace::relation)},
    {"partition", bit(NameSpace::relation) | bit(NameSpace::column)},
    {"column", bit(NameSpace::column)},
    {"add", bit(NameSpace::column) | bit(NameSpace::constraint)},
    {"constraint", bit(NameSpace::constraint) | bit(NameSpace::relation)},
    {"primary", bit(NameSpace::constraint) | bit(NameSpace::relation)},
    {"unique", bit(NameSpace::constraint) | bit(NameSpace::relation)},
    {"references", bit(NameSpace::constraint)},
    {"check", bit(NameSpace::constraint)},
    {"type", bit(NameSpace::type)},
    {"domain", bit(NameSpace::type)},
    {"function", bit(NameSpace::function)},
    {"procedure", bit(NameSpace::function)},
    {"aggregate", bit(NameSpace::function)},
    {"routine", bit(NameSpace::function)},
    {"trigger", bit(NameSpace::trigger) | bit(NameSpace::event_trigger)},
    {"policy", bit(NameSpace::policy)},
    {"rule", bit(NameSpace::rule)},
    {"extension", bit(NameSpace::extension) | bit(NameSpace::type) | bit(NameSpace::function)},
    {"role", bit(NameSpace::role)},
    {"user", bit(NameSpace::role)},
    {"group", bit(NameSpace::role)},
    {"publication", bit(NameSpace::publication)},
    {"statistics", bit(NameSpace::statistics)},
    {"import", bit(NameSpace::relation) | bit(NameSpace::type) | bit(NameSpace::column)},
    {"owned", ~std::uint32_t{0}}, // DROP OWNED BY
}};

bool holds_any(const Words& words, std::initializer_list<std::string_view> wanted) {
    return std::ranges::any_of(wanted, [&](std::string_view word) { return words.contains(word); });
}

Taint effects_of(const Words& words, const std::string& reason) {
    std::uint32_t spaces = 0;
    for (const KindWord& kind : kind_words) {
        if (words.contains(kind.word)) spaces |= kind.spaces;
    }
    Taint taint;
    taint.reason = reason;
    const bool moves = words.contains("set") && words.contains("schema");
    if (moves || holds_any(words, {"create", "add", "rename", "attach", "import"})) {
        taint.creates = spaces;
    }
    if (moves || holds_any(words, {"drop", "rename", "detach"})) taint.drops = spaces;
    taint.alters = holds_any(words, {"create", "alter", "grant", "reassign"});
    taint.writes = holds_any(words, {"insert", "update", "delete", "merge", "truncate", "copy"});
    return taint;
}

/// Functions whose names stand in the text may be called: their words count as well.
void add_called(Step& step, Words& words) {
    std::vector<std::string> queue(words.begin(), words.end());
    for (std::size_t next = 0; next < queue.size(); ++next) {
        const QualifiedName name{.schema = {}, .name = {.text = queue[next], .span = {}}};
        for (const Object* function : step.resolver().functions(name)) {
            for (std::string& word : words_of(function->as<FunctionDetails>().body)) {
                if (words.insert(word).second) queue.push_back(std::move(word));
            }
        }
    }
}

void mark_unknown(Step& step, ObjectId id, const std::string& reason) {
    Object object = step.catalog().at(id);
    if (!object.unknown.empty()) return;
    object.unknown = reason;
    step.put(std::move(object));
}

/// Definitions that an ALTER in the text may have changed are not certain any more.
void doubt_definitions(Step& step, const Words& words, const std::string& reason) {
    if (!words.contains("alter")) return;
    for (const std::string& word : words) {
        const QualifiedName name{.schema = {}, .name = {.text = word, .span = {}}};
        const catalog::Lookup lookup = step.resolver().relation(name);
        if (lookup.object == nullptr) continue;
        for (const Object* column : step.catalog().columns(lookup.id)) {
            if (words.contains(column->name)) mark_unknown(step, column->id, reason);
        }
    }
}

void taint_words(Step& step, Words words, const std::string& reason, Undone undone) {
    add_called(step, words);
    doubt_definitions(step, words, reason);
    if (words.contains("search_path")) step.session().path.doubt = reason;
    Taint taint = effects_of(words, reason);
    if (undone == Undone::maybe) taint.creates = taint.drops = taint.creates | taint.drops;
    if (taint.creates == 0 && taint.drops == 0 && !taint.writes && !taint.alters) return;
    taint.by = step.here();
    for (const std::string& word : words)
        step.catalog().set_taint(word, taint);
}

/// A command put together at run time may name anything; which verbs it has is in its pieces, if
/// there are any.
void taint_everything(Step& step, Words words, const std::string& reason) {
    add_called(step, words);
    Taint taint = effects_of(words, reason);
    constexpr std::uint32_t all = ~std::uint32_t{0};
    const bool verbs = taint.creates != 0 || taint.drops != 0 || taint.writes || taint.alters;
    if (!verbs) {
        taint = {.reason = reason,
                 .creates = all,
                 .drops = all,
                 .writes = true,
                 .alters = true,
                 .stamp = 0};
    }
    taint.by = step.here();
    step.catalog().set_taint(Catalog::any_word, taint);
}

/// Whether a body holds an EXECUTE of anything but a constant.
bool holds_dynamic_sql(std::string_view sql) {
    text::Lexer lexer(sql);
    text::Token token = lexer.next_code();
    while (token.kind != text::Token::Kind::end) {
        const bool execute = token.kind == text::Token::Kind::word &&
                             text::is_keyword(lexer.text_of(token), "execute");
        token = lexer.next_code();
        if (!execute) continue;
        const bool literal = token.kind == text::Token::Kind::string ||
                             token.kind == text::Token::Kind::dollar_string;
        const std::string_view next = lexer.text_of(token);
        // GRANT EXECUTE ON, and what a trigger executes.
        if (text::is_keyword(next, "on") || text::is_keyword(next, "function") ||
            text::is_keyword(next, "procedure"))
            continue;
        if (!literal) return true;
        token = lexer.next_code();
        const std::string_view after = lexer.text_of(token);
        if (!token.is(';') && !text::is_keyword(after, "using") && !text::is_keyword(after, "into"))
            return true;
    }
    return false;
}

} // namespace

std::vector<std::string> words_of(std::string_view sql) {
    std::vector<std::string> words;
    collect(sql, literal_depth, words);
    return words;
}

void taint_mentions(Step& step, const std::vector<Mention>& mentions, const std::string& reason) {
    Words words;
    for (const Mention& mention : mentions)
        words.insert(mention.word);
    taint_words(step, std::move(words), reason, Undone::no);
}

void taint_anything(Step& step, const std::vector<Mention>& mentions, const std::string& reason) {
    Words words;
    for (const Mention& mention : mentions)
        words.insert(mention.word);
    if (words.empty()) step.session().path.doubt = reason;
    taint_everything(step, std::move(words), reason);
}

void taint_text(Step& step, std::string_view sql, const std::string& reason, Undone undone) {
    Words words;
    for (std::string& word : words_of(sql))
        words.insert(std::move(word));
    if (holds_dynamic_sql(sql)) taint_everything(step, words, reason);
    taint_words(step, std::move(words), reason, undone);
}

void taint_body(Step& step, const Object& function, const std::string& reason) {
    const auto* details = function.get_if<FunctionDetails>();
    if (details != nullptr) taint_text(step, details->body, reason, Undone::no);
}

} // namespace ordain::replay
