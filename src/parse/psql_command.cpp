#include "parse/psql_command.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace ordain::parse {
namespace {

constexpr std::array<std::string_view, 10> running = {
    "c", "connect", "elif", "else", "gexec", "i", "if", "include", "include_relative", "ir"};

} // namespace

std::optional<Statement> statement_of_psql_command(std::string_view command, Span span) {
    command.remove_prefix(std::min<std::size_t>(1, command.size())); // the backslash
    const std::string_view word = command.substr(0, command.find_first_of(" \t\r\n\\"));
    if (std::ranges::count(running, word) == 0) return std::nullopt;
    Statement statement;
    statement.span = span;
    Action action;
    action.span = span;
    action.payload = Unmodelled{.kind = "psql's \\" + std::string(word), .anything = true};
    statement.actions.push_back(std::move(action));
    return statement;
}

void excuse_psql_variable(Statement& statement, std::string_view text) {
    const auto& fault = statement.fault;
    if (!fault || fault->kind != SyntaxFault::Kind::syntax_error) return;
    const std::size_t at = fault->span.begin - statement.span.begin;
    if (at + 1 >= text.size() || text[at] != ':') return;
    const char next = text[at + 1];
    const bool name = next == '\'' || next == '"' || next == '_' || next == '{' ||
                      (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
    if (!name) return;
    statement.fault.reset();
    statement.actions.front().payload =
        Unmodelled{.kind = "a statement with a variable of psql", .anything = false};
}

} // namespace ordain::parse
