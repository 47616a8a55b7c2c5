#pragma once

#include "text/scanner.hpp"

#include <cstdint>
#include <memory>
#include <ordain/source.hpp>
#include <ordain/statement.hpp>
#include <string_view>
#include <vector>

/// From the text of SQL statements to Actions. This folder alone knows libpg_query and its protobuf
/// trees; what leaves it are Actions whose names carry their places in the file.
namespace ordain::parse {

/// Parses one statement. `text` are its bytes as the server would get them (masked, no terminator)
/// and begin `base_offset` bytes into their file; `number` counts the statements of a script
/// from 1. `terminator` is the place of the ';' behind it, which the server gets too and names when
/// the statement breaks off. Whatever the text is, the result is Actions or a SyntaxFault. Any
/// thread will do: what needs more stack than a small thread has is parsed on a thread of its own.
[[nodiscard]] Statement parse_statement(std::string_view text,
                                        std::uint32_t base_offset,
                                        std::uint32_t number,
                                        Span terminator = {});

/// A script's statements in order, and what the scanner saw between them.
struct ParsedScript {
    std::vector<Statement> statements;
    std::vector<text::ScanFault> faults;
    std::vector<Span> comments;
};

/// Scans and parses a section of a file.
[[nodiscard]] ParsedScript parse_script(const SourceFile& file, Span section);

/// What of which file to parse.
struct ScriptRequest {
    FileId file{};
    Span section;
};

/// Parses many scripts on up to `threads` threads (at least one, the caller's): the first can be
/// worked with while later ones are read. Results do not depend on the number of threads.
class ParallelParser {
public:
    ParallelParser(const SourceSet& sources, std::vector<ScriptRequest> requests, unsigned threads);
    ParallelParser(const ParallelParser&) = delete;
    ParallelParser& operator=(const ParallelParser&) = delete;
    ~ParallelParser();

    /// Hands out the scripts one after the other, in the order of the requests. Where the next is
    /// not there yet, the calling thread parses as well.
    [[nodiscard]] ParsedScript next();

private:
    class Work;
    std::unique_ptr<Work> work_;
};

/// The PostgreSQL version whose grammar reads the statements: "15.1".
[[nodiscard]] std::string_view grammar_version();

} // namespace ordain::parse
