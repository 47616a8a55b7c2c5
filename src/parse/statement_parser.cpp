#include "parse/statement_parser.hpp"

#include "parse/large_stack_thread.hpp"
#include "parse/lower_statement.hpp"
#include "parse/sql_body.hpp"
#include "parse/syntax_fault.hpp"
#include "parse/syntax_tree.hpp"
#include "text/depth.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace ordain::parse {
namespace {

/// What any thread's stack can bear without asking for its size.
constexpr std::uint32_t shallow_nesting = 100;

constexpr std::string_view too_large_message = "statement is too large to be read";

SyntaxFault refusal(SyntaxFault::Kind kind, std::string_view message, Span span) {
    return SyntaxFault{.kind = kind,
                       .sqlstate = kind == SyntaxFault::Kind::too_deep ? "54001" : "54000",
                       .message = std::string(message),
                       .span = span};
}

/// Why the text is not even given to the grammar.
std::optional<SyntaxFault> refused_unread(std::string_view text, Span span) {
    if (text.size() > max_statement_bytes)
        return refusal(SyntaxFault::Kind::too_large, too_large_message, span);
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        const auto place = span.begin + static_cast<std::uint32_t>(nul);
        return SyntaxFault{.kind = SyntaxFault::Kind::syntax_error,
                           .sqlstate = "22021",
                           .message = "invalid byte sequence for encoding \"UTF8\": 0x00",
                           .span = {.begin = place, .end = place + 1}};
    }
    return std::nullopt;
}

/// Does the work on a thread with a large stack; false when there is none to be had.
bool run_on_large_stack(std::function<void()> work) {
    const LargeStackThread thread(std::move(work));
    return thread.started(); // the thread is joined before the caller goes on
}

/// A statement that was not read taints what it mentions.
void refuse(Statement& statement,
            SyntaxFault fault,
            std::string_view text,
            std::uint32_t base_offset) {
    statement.fault = std::move(fault);
    Lowering lowering(text, base_offset);
    lower_unmodelled(lowering, "");
    statement.actions = std::move(lowering.actions());
    statement.actions.front().span = statement.span;
}

void read_sql_bodies(Statement& statement, std::string_view text, std::uint32_t base_offset) {
    for (Action& action : statement.actions) {
        auto* function = std::get_if<CreateFunction>(&action.payload);
        if (function == nullptr || function->language != "sql" || function->body_span.empty())
            continue;
        read_sql_body(*function, text.substr(function->body_span.begin - base_offset,
                                             function->body_span.size()));
    }
}

} // namespace

Statement
StatementParser::parse(std::string_view text, std::uint32_t base_offset, std::uint32_t number) {
    Statement statement = parse_without_bodies(text, base_offset, number);
    read_sql_bodies(statement, text, base_offset);
    return statement;
}

Statement StatementParser::parse_without_bodies(std::string_view text,
                                                std::uint32_t base_offset,
                                                std::uint32_t number) {
    Statement statement;
    statement.number = number;
    statement.span =
        Span{.begin = base_offset, .end = base_offset + static_cast<std::uint32_t>(text.size())};
    if (std::optional<SyntaxFault> fault = refused_unread(text, statement.span)) {
        refuse(statement, std::move(*fault), text, base_offset);
        return statement;
    }
    const std::uint32_t nesting = text::nesting_estimate(text);
    if (nesting <= shallow_nesting) {
        parse_into(statement, text, base_offset);
        return statement;
    }
    if (nesting <= max_nesting &&
        run_on_large_stack([&] { parse_into(statement, text, base_offset); }))
        return statement;
    refuse(statement,
           refusal(SyntaxFault::Kind::too_deep, "statement is nested too deeply", statement.span),
           text, base_offset);
    return statement;
}

void StatementParser::parse_into(Statement& statement,
                                 std::string_view text,
                                 std::uint32_t base_offset) {
    arena_.reset();
    const SyntaxTree tree = read_syntax_tree(text, arena_);
    if (tree.error && tree.error->message != "out of memory") {
        refuse(statement, syntax_fault(*tree.error, text, base_offset), text, base_offset);
        return;
    }
    if (tree.error || tree.out_of_memory) {
        refuse(statement, refusal(SyntaxFault::Kind::too_large, too_large_message, statement.span),
               text, base_offset);
        return;
    }
    Lowering lowering(text, base_offset);
    for (const PgQuery__Node* node : tree.statements)
        lower_statement(lowering, *node);
    if (lowering.too_large()) {
        refuse(statement, refusal(SyntaxFault::Kind::too_large, too_large_message, statement.span),
               text, base_offset);
        return;
    }
    statement.actions = std::move(lowering.actions());
}

} // namespace ordain::parse
