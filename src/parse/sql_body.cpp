#include "parse/sql_body.hpp"

#include "parse/statement_parser.hpp"
#include "text/lexer.hpp"
#include "text/scanner.hpp"

#include <utility>

namespace ordain::parse {
namespace {

Query unsupported_query() {
    Query query;
    query.kind = Query::Kind::unsupported;
    return query;
}

void add_statement(CreateFunction& function, Statement statement) {
    if (statement.fault) {
        function.body_fault = StatementFault{.sqlstate = statement.fault->sqlstate,
                                             .message = statement.fault->message,
                                             .span = statement.fault->span};
        return;
    }
    for (Action& action : statement.actions) {
        auto* run = std::get_if<RunQuery>(&action.payload);
        function.body_queries.push_back(run == nullptr ? unsupported_query()
                                                       : std::move(run->query));
    }
}

} // namespace

std::optional<std::uint32_t> verbatim_offset(std::string_view literal) {
    text::Lexer lexer(literal);
    const text::Token token = lexer.next();
    const text::DecodedString decoded = text::string_value(token, lexer.text_of(token));
    const std::uint32_t begin = decoded.source_offset(0);
    const std::uint32_t end = decoded.source_offset(decoded.value.size());
    if (end - begin != decoded.value.size()) return std::nullopt;
    return begin;
}

void read_sql_body(CreateFunction& function, std::string_view literal) {
    if (function.body.empty()) return;
    const std::optional<std::uint32_t> shift = verbatim_offset(literal);
    if (!shift) {
        function.body_queries.push_back(unsupported_query());
        return;
    }
    const SourceFile body({}, function.body, Client::driver);
    const Span whole{.begin = 0, .end = static_cast<std::uint32_t>(function.body.size())};
    const text::Scan scan = text::scan(body, whole);
    const std::uint32_t base = function.body_span.begin + *shift;
    StatementParser parser;
    std::uint32_t number = 1;
    for (const text::ScannedStatement& scanned : scan.statements) {
        if (function.body_fault) return;
        Span terminator = scanned.terminator;
        if (!terminator.empty())
            terminator = {.begin = base + terminator.begin, .end = base + terminator.end};
        const text::StatementText text(body, scan, scanned);
        add_statement(function, parser.parse_without_bodies(text.view(), base + scanned.span.begin,
                                                            number++, terminator));
    }
}

} // namespace ordain::parse
