#include "parse/statement_parser.hpp"

#include "parse/large_stack_thread.hpp"
#include "parse/lower_statement.hpp"
#include "parse/plpgsql_body.hpp"
#include "parse/sql_body.hpp"
#include "parse/syntax_fault.hpp"
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

void read_do_block(StatementParser& parser,
                   Do& block,
                   std::string_view literal,
                   std::uint32_t number) {
    const std::optional<std::uint32_t> shift = verbatim_offset(literal);
    if (!shift) return;
    block.body_offset = block.body_span.begin + *shift;
    PlpgsqlBody body =
        read_plpgsql_block(parser, {.text = literal.substr(*shift, block.body.size()),
                                    .base_offset = block.body_offset,
                                    .number = number});
    block.block = std::move(body.block);
    block.body_fault = std::move(body.fault);
    block.fault_reached = body.fault_reached;
    block.partly_read = body.partly_read;
}

/// Where escapes hide the places of a body's text, its literal is the place of a fault.
void read_function(StatementParser& parser,
                   CreateFunction& function,
                   std::string_view literal,
                   std::uint32_t number) {
    const std::optional<std::uint32_t> shift = verbatim_offset(literal);
    const PlpgsqlText text{.text = function.body,
                           .base_offset = function.body_span.begin + shift.value_or(0),
                           .number = number};
    PlpgsqlBody body = read_plpgsql_function(parser, text, function);
    function.body_fault = std::move(body.fault);
    if (shift) {
        function.block = std::move(body.block);
        function.fault_reached = body.fault_reached;
    } else if (function.body_fault) {
        function.body_fault->span = function.body_span;
    }
}

/// The string bodies that a statement carries.
void read_bodies(StatementParser& parser,
                 Statement& statement,
                 std::string_view text,
                 std::uint32_t base_offset) {
    const auto bytes = [&](Span span) {
        return text.substr(span.begin - base_offset, span.size());
    };
    for (Action& action : statement.actions) {
        if (auto* function = std::get_if<CreateFunction>(&action.payload)) {
            if (function->language == "sql" && !function->body_span.empty())
                read_sql_body(*function, bytes(function->body_span));
            if (function->language == "plpgsql" && !function->body_span.empty())
                read_function(parser, *function, bytes(function->body_span), statement.number);
        } else if (auto* block = std::get_if<Do>(&action.payload)) {
            if (block->language == "plpgsql" && !block->body_span.empty())
                read_do_block(parser, *block, bytes(block->body_span), statement.number);
        }
    }
}

} // namespace

Statement StatementParser::parse(std::string_view text,
                                 std::uint32_t base_offset,
                                 std::uint32_t number,
                                 Span terminator) {
    Statement statement = parse_without_bodies(text, base_offset, number, terminator);
    constexpr int max_body_depth = 3;
    if (body_depth_ >= max_body_depth) return statement;
    ++body_depth_;
    read_bodies(*this, statement, text, base_offset);
    --body_depth_;
    return statement;
}

Statement StatementParser::parse_without_bodies(std::string_view text,
                                                std::uint32_t base_offset,
                                                std::uint32_t number,
                                                Span terminator) {
    Statement statement;
    statement.number = number;
    statement.span =
        Span{.begin = base_offset, .end = base_offset + static_cast<std::uint32_t>(text.size())};
    if (std::optional<SyntaxFault> fault = refused_unread(text, statement.span)) {
        refuse(statement, std::move(*fault), text, base_offset);
        return statement;
    }
    const text::TreeEstimate tree = text::estimate_tree(text);
    if (tree.nesting <= max_nesting && tree.size > text.size() + max_copied_tokens) {
        refuse(statement, refusal(SyntaxFault::Kind::too_large, too_large_message, statement.span),
               text, base_offset);
        return statement;
    }
    if (tree.nesting <= shallow_nesting) {
        parse_into(statement, text, terminator);
        return statement;
    }
    if (tree.nesting <= max_nesting &&
        run_on_large_stack([&] { parse_into(statement, text, terminator); }))
        return statement;
    refuse(statement,
           refusal(SyntaxFault::Kind::too_deep, "statement is nested too deeply", statement.span),
           text, base_offset);
    return statement;
}

/// A text that breaks off ends at its ';' for the server, unless the grammar wants more even behind
/// that, as in BEGIN ATOMIC without END.
SyntaxFault StatementParser::fault_of(const GrammarError& error,
                                      std::string_view text,
                                      Span statement,
                                      Span terminator) {
    if (terminator.empty() || error.message != "syntax error at end of input")
        return syntax_fault(error, text, statement.begin);
    const SyntaxTree terminated = read_syntax_tree(std::string(text) + ';', arena_);
    if (!terminated.error || terminated.error->message != "syntax error at or near \";\"")
        return syntax_fault(error, text, statement.begin);
    SyntaxFault fault = syntax_fault(*terminated.error, text, statement.begin);
    fault.span = terminator;
    return fault;
}

void StatementParser::parse_into(Statement& statement, std::string_view text, Span terminator) {
    const std::uint32_t base_offset = statement.span.begin;
    arena_.reset();
    const SyntaxTree tree = read_syntax_tree(text, arena_);
    if (tree.error && tree.error->message != "out of memory") {
        refuse(statement, fault_of(*tree.error, text, statement.span, terminator), text,
               base_offset);
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
