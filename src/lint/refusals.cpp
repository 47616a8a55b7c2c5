#include "lint/refusals.hpp"

#include "text/lexer.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

namespace ordain::lint {
namespace {

/// undefined_table, undefined_object, undefined_function, invalid_schema_name, undefined_column
/// (appendix A of the manual).
constexpr std::array<std::string_view, 5> missing_codes = {"42P01", "42704", "42883", "3F000",
                                                           "42703"};

bool is_missing(const Answer& answer) {
    return std::ranges::count(missing_codes, answer.sqlstate) > 0;
}

/// The wording of PreventInTransactionBlock; the code has other uses.
bool is_about_transaction(const Answer& answer) {
    return answer.sqlstate == "25001" &&
           (answer.message.ends_with(" cannot run inside a transaction block") ||
            answer.message.ends_with(" cannot be executed from a function"));
}

} // namespace

RefusalReading Refusals::read(const MigrationJudgement& judgement) {
    using enum RefusalReading::Cause;
    if (is_syntax(judgement)) return {.cause = syntax};
    if (is_about_transaction(judgement.applies)) return {.cause = in_transaction};
    if (!is_missing(judgement.applies)) return {};
    const NamedInMessage named = named_in(judgement.applies.message);
    if (named.name.empty()) return {};
    if (const std::uint32_t failed = failed_to_make(judgement, named); failed != 0) {
        return {.cause = failed_before, .earlier = failed};
    }
    const auto [first, inserted] =
        first_to_miss_.emplace(judgement.applies.message, judgement.ordinal);
    if (!inserted) return {.cause = same_before, .earlier = first->second};
    const Definition* later = made_later(judgement, named);
    return later == nullptr ? RefusalReading{}
                            : RefusalReading{.cause = created_later, .definition = later};
}

bool Refusals::is_syntax(const MigrationJudgement& judgement) const {
    const std::vector<Statement>& statements = context_.statements[judgement.ordinal - 1].up;
    return std::ranges::any_of(statements, [&](const Statement& statement) {
        return statement.fault && statement.fault->kind == SyntaxFault::Kind::syntax_error &&
               statement.fault->span == judgement.applies.where.span;
    });
}

const Definition* Refusals::made_later(const MigrationJudgement& judgement,
                                       const NamedInMessage& named) {
    using Place = std::pair<std::uint32_t, std::uint32_t>;
    const auto place = [](const Definition* each) {
        return Place(each->migration, each->statement);
    };
    const Place here(judgement.ordinal, judgement.applies.statement);
    const std::vector<const Definition*> removals = definitions().removals_of(named);
    const auto removal = std::ranges::lower_bound(removals, here, {}, place);
    for (const Definition* definition : definitions().of(named)) {
        if (place(definition) <= here) continue;
        // What is taken away in between and made anew is not what is meant here.
        if (removal != removals.end() && place(*removal) < place(definition)) return nullptr;
        const bool same_table = definition->container.empty() || !named.container.empty() ||
                                mentions(judgement, definition->container);
        if (same_table) return definition;
    }
    return nullptr;
}

std::uint32_t Refusals::failed_to_make(const MigrationJudgement& judgement,
                                       const NamedInMessage& named) {
    for (const Definition* definition : definitions().of(named)) {
        if (definition->migration >= judgement.ordinal) break;
        const bool same_table = definition->container.empty() || !named.container.empty() ||
                                mentions(judgement, definition->container);
        if (same_table && fails(definition->migration)) return definition->migration;
    }
    const auto unread = unread_words().find(std::string(named.name));
    const bool before = unread != unread_words().end() && unread->second < judgement.ordinal;
    return before ? unread->second : 0;
}

bool Refusals::mentions(const MigrationJudgement& judgement, const std::string& word) const {
    const std::vector<Statement>& statements = context_.statements[judgement.ordinal - 1].up;
    const std::uint32_t number = judgement.applies.statement;
    if (number == 0 || number > statements.size()) return false;
    const SourceFile& file =
        context_.sources.file(context_.plan.migrations[judgement.ordinal - 1].up.file);
    text::Lexer lexer(file.text(statements[number - 1].span));
    for (text::Token token = lexer.next_code(); token.kind != text::Token::Kind::end;
         token = lexer.next_code()) {
        const bool name = token.kind == text::Token::Kind::word ||
                          token.kind == text::Token::Kind::quoted_identifier;
        if (name && text::identifier_text(token, lexer.text_of(token)) == word) return true;
    }
    return false;
}

bool Refusals::fails(std::uint32_t migration) const {
    return context_.judgements[migration - 1].applies.verdict == Verdict::no;
}

const std::unordered_map<std::string, std::uint32_t>& Refusals::unread_words() {
    if (unread_words_) return *unread_words_;
    unread_words_.emplace();
    for (std::size_t index = 0; index < context_.statements.size(); ++index) {
        const std::uint32_t ordinal = context_.plan.migrations[index].ordinal;
        if (!fails(ordinal)) continue;
        for (const Statement& statement : context_.statements[index].up) {
            if (!statement.fault) continue;
            for (const Action& action : statement.actions) {
                for (const Mention& mention : action.mentions)
                    unread_words_->emplace(mention.word, ordinal);
            }
        }
    }
    return *unread_words_;
}

const Definitions& Refusals::definitions() {
    if (!definitions_) definitions_.emplace(context_);
    return *definitions_;
}

} // namespace ordain::lint
