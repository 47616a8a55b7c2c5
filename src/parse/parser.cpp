#include "parse/parser.hpp"

#include "parse/large_stack_thread.hpp"
#include "parse/psql_command.hpp"
#include "parse/statement_parser.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <pg_query.h>

namespace ordain::parse {
namespace {

ParsedScript parse_with(StatementParser& parser, const SourceFile& file, Span section) {
    text::Scan scan = text::scan(file, section);
    ParsedScript script;
    script.statements.reserve(scan.statements.size());
    std::uint32_t number = 0;
    const bool psql = file.client() == Client::psql;
    auto mask = scan.masks.begin();
    const auto add_commands = [&](std::uint32_t until) {
        for (; mask != scan.masks.end() && mask->span.begin < until; ++mask) {
            if (mask->kind != text::Mask::Kind::psql_command) continue;
            auto command = statement_of_psql_command(file.text(mask->span), mask->span);
            if (!command) continue;
            command->number = ++number;
            script.statements.push_back(*std::move(command));
        }
    };
    for (const text::ScannedStatement& scanned : scan.statements) {
        add_commands(scanned.span.begin);
        const text::StatementText text(file, scan, scanned);
        script.statements.push_back(
            parser.parse(text.view(), scanned.span.begin, ++number, scanned.terminator));
        if (psql) excuse_psql_variable(script.statements.back(), text.view());
    }
    add_commands(section.end);
    script.faults = std::move(scan.faults);
    script.comments.reserve(scan.comments.size());
    for (const text::Comment& comment : scan.comments)
        script.comments.push_back(comment.span);
    return script;
}

} // namespace

Statement parse_statement(std::string_view text,
                          std::uint32_t base_offset,
                          std::uint32_t number,
                          Span terminator) {
    return StatementParser().parse(text, base_offset, number, terminator);
}

ParsedScript parse_script(const SourceFile& file, Span section) {
    StatementParser parser;
    return parse_with(parser, file, section);
}

std::vector<ParsedScript>
parse_scripts(const SourceSet& sources, std::span<const ScriptRequest> requests, unsigned threads) {
    std::vector<ParsedScript> scripts(requests.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        StatementParser parser;
        for (std::size_t i = next++; i < requests.size(); i = next++)
            scripts[i] = parse_with(parser, sources.file(requests[i].file), requests[i].section);
    };
    {
        std::vector<std::unique_ptr<LargeStackThread>> others;
        const std::size_t wanted = std::min<std::size_t>(threads, requests.size());
        while (others.size() + 1 < wanted)
            others.push_back(std::make_unique<LargeStackThread>(work));
        work();
    }
    return scripts;
}

std::string_view grammar_version() {
    return PG_VERSION;
}

} // namespace ordain::parse
