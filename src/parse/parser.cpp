#include "parse/parser.hpp"

#include "parse/large_stack_thread.hpp"
#include "parse/psql_command.hpp"
#include "parse/statement_parser.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <pg_query.h>
#include <utility>

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

class ParallelParser::Work {
public:
    Work(const SourceSet& sources, std::vector<ScriptRequest> requests, unsigned threads)
        : sources_(sources),
          requests_(std::move(requests)),
          scripts_(requests_.size()),
          parsed_(requests_.size()) {
        const std::size_t wanted = std::min<std::size_t>(threads, requests_.size());
        while (others_.size() + 1 < wanted) {
            others_.push_back(std::make_unique<LargeStackThread>([this] {
                StatementParser parser;
                while (parse_one(parser)) {
                }
            }));
        }
    }
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;
    /// Nobody asks for the rest.
    ~Work() { unclaimed_ = requests_.size(); }

    ParsedScript next() {
        const std::size_t index = handed_out_++;
        while (!parsed_[index] && parse_one(parser_)) {
        }
        parsed_[index].wait(false);
        return std::move(scripts_[index]);
    }

private:
    /// False when all have been begun.
    bool parse_one(StatementParser& parser) {
        const std::size_t index = unclaimed_++;
        if (index >= requests_.size()) return false;
        const ScriptRequest& request = requests_[index];
        scripts_[index] = parse_with(parser, sources_.file(request.file), request.section);
        parsed_[index] = true;
        parsed_[index].notify_all();
        return true;
    }

    const SourceSet& sources_;
    const std::vector<ScriptRequest> requests_;
    std::vector<ParsedScript> scripts_;
    std::vector<std::atomic<bool>> parsed_;
    std::atomic<std::size_t> unclaimed_ = 0;
    std::size_t handed_out_ = 0;
    StatementParser parser_;                                ///< Of the thread that asks.
    std::vector<std::unique_ptr<LargeStackThread>> others_; ///< Joined before the rest goes.
};

ParallelParser::ParallelParser(const SourceSet& sources,
                               std::vector<ScriptRequest> requests,
                               unsigned threads)
    : work_(std::make_unique<Work>(sources, std::move(requests), threads)) {}

ParallelParser::~ParallelParser() = default;

ParsedScript ParallelParser::next() {
    return work_->next();
}

std::string_view grammar_version() {
    return PG_VERSION;
}

} // namespace ordain::parse
