#include "lint/script_file.hpp"

#include "text/scanner.hpp"

#include <algorithm>

namespace ordain::lint {
namespace {

/// Those that open a comment, those with which block comments and boxes are drawn, and blanks.
constexpr std::string_view marks = "-/*! \t";
constexpr std::string_view block_end = "*/";
constexpr std::string_view blanks = " \t\r\n\f\v";

std::string_view without_blanks_behind(std::string_view text) {
    const std::size_t last = text.find_last_not_of(blanks);
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

std::string_view content_of(std::string_view line) {
    line = without_blanks_behind(line);
    if (line.ends_with(block_end)) line.remove_suffix(block_end.size());
    line = without_blanks_behind(line);
    return line.substr(std::min(line.find_first_not_of(marks), line.size()));
}

} // namespace

std::string_view path_below_root(const PlanContext& context, FileId script) {
    const std::string_view path = context.sources.file(script).path();
    const std::string_view root = context.plan.root;
    const bool below =
        path.size() > root.size() && path.starts_with(root) && path[root.size()] == '/';
    return below ? path.substr(root.size() + 1) : path;
}

Location head_of(const PlanContext& context, std::size_t index) {
    const std::vector<Statement>& statements = context.statements[index].up;
    return {.file = context.plan.migrations[index].up.file,
            .span = statements.empty() ? Span{} : statements.front().span};
}

std::vector<std::string_view> header_lines(const SourceFile& file, const Script& script) {
    // What stands above the section that is sent belongs to the head of the file as well.
    const text::Scan scan = text::scan(file, {.begin = 0, .end = script.section.end});
    const std::uint32_t end =
        scan.statements.empty() ? script.section.end : scan.statements.front().span.begin;
    std::vector<std::string_view> lines;
    for (const text::Comment& comment : scan.comments) {
        if (comment.span.begin >= end) break;
        std::string_view text = file.text(comment.span);
        while (!text.empty()) {
            const std::size_t length = std::min(text.find_first_of("\r\n"), text.size());
            lines.push_back(content_of(text.substr(0, length)));
            const bool two_bytes = text.substr(length).starts_with("\r\n");
            text.remove_prefix(std::min(length + (two_bytes ? 2 : 1), text.size()));
        }
    }
    return lines;
}

} // namespace ordain::lint
