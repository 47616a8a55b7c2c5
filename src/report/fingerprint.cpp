#include "report/fingerprint.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <vector>

namespace ordain::report {
namespace {

/// The words of a text, one blank between them: line ends and indentation may change.
std::string words_of(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n\f\v";
    std::string words;
    for (std::size_t begin = text.find_first_not_of(blank); begin != std::string_view::npos;) {
        const std::size_t end = std::min(text.find_first_of(blank, begin), text.size());
        if (!words.empty()) words += ' ';
        words += text.substr(begin, end - begin);
        begin = text.find_first_not_of(blank, end);
    }
    return words;
}

/// FNV-1a, which is the same on every machine.
std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xCBF29CE484222325U;
    for (const char character : text) {
        hash ^= static_cast<unsigned char>(character);
        hash *= 0x100000001B3U;
    }
    return hash;
}

bool holds(const Statement& statement, std::uint32_t offset) {
    return statement.span.begin <= offset && offset < statement.span.end;
}

} // namespace

std::string_view Fingerprints::subject_of(const Finding& finding) const {
    const Location where = finding.where;
    const SourceFile& file = sources_.file(where.file);
    const std::vector<MigrationStatements>& statements = checked_.result.judged.statements;
    if (finding.migration >= 1 && finding.migration <= statements.size()) {
        const Migration& migration = checked_.plan.migrations[finding.migration - 1];
        const MigrationStatements& parsed = statements[finding.migration - 1];
        const bool down =
            migration.down && migration.down->file == where.file && migration.up.file != where.file;
        const std::vector<Statement>& script = down ? parsed.down : parsed.up;
        const auto statement = std::ranges::find_if(
            script, [&](const Statement& each) { return holds(each, where.span.begin); });
        if (statement != script.end()) return file.text(statement->span);
    }
    return file.text(where.span);
}

std::string Fingerprints::next(const Finding& finding) {
    const std::string words = words_of(subject_of(finding));
    const std::uint32_t occurrence = ++seen_[{finding.where.file, finding.rule, words}];
    return fmt::format("{:016x}:{}", hash_of(fmt::format("{}\n{}", finding.rule, words)),
                       occurrence);
}

} // namespace ordain::report
