#include "parse/sql_body.hpp"

#include "parse/statement_parser.hpp"
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

/// The body's statements begin at the same distance from the literal's begin throughout.
bool stands_as_written(std::string_view literal, const std::string& body) {
    return !body.empty() && literal.find(body) != std::string_view::npos;
}

} // namespace

void read_sql_body(CreateFunction& function, std::string_view literal) {
    if (!stands_as_written(literal, function.body)) {
        if (!function.body.empty()) function.body_queries.push_back(unsupported_query());
        return;
    }
    const auto shift = static_cast<std::uint32_t>(literal.find(function.body));
    const SourceFile body({}, function.body);
    const Span whole{.begin = 0, .end = static_cast<std::uint32_t>(function.body.size())};
    const text::Scan scan = text::scan(body, whole);
    StatementParser parser;
    std::uint32_t number = 1;
    for (const text::ScannedStatement& scanned : scan.statements) {
        if (function.body_fault) return;
        add_statement(function, parser.parse_without_bodies(body.text(scanned.span),
                                                            function.body_span.begin + shift +
                                                                scanned.span.begin,
                                                            number++));
    }
}

} // namespace ordain::parse
