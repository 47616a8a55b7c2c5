// Each fixtures/rules/<rule>/<property>.sql is linted, and its marks say what must be found:
//
//     DROP INDEX a; -- expect: some-rule @ "a"
//
// A mark stands at the end of the line where the finding begins; `@ "text"` says which piece of
// the line it is about. Without marks the file must be clean. The top of the file may hold the
// directives of rules/snippet.hpp.

#include "rules/snippet.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace ordain::test {
namespace {

namespace fs = std::filesystem;

const fs::path& root() {
    static const fs::path path = fs::path(ORDAIN_FIXTURES_DIR) / "rules";
    return path;
}

std::string content_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::vector<std::string> fixture_names() {
    std::vector<std::string> names;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root())) {
        if (entry.path().extension() != ".sql") continue;
        names.push_back(fs::relative(entry.path(), root()).string());
    }
    std::ranges::sort(names);
    return names;
}

/// A place and a rule; for marks the text may be left open.
struct Mark {
    std::string file;
    std::uint32_t line = 0;
    std::string rule;
    std::string text;

    [[nodiscard]] std::string shown() const {
        return fmt::format("{}:{} {}{}", file, line, rule,
                           text.empty() ? "" : fmt::format(" @ \"{}\"", text));
    }
};

constexpr std::string_view expectation = "-- expect: ";

void read_marks(std::string_view line,
                const std::string& file,
                std::uint32_t number,
                std::vector<Mark>& marks) {
    std::size_t at = line.find(expectation);
    while (at != std::string_view::npos) {
        const std::size_t begin = at + expectation.size();
        at = line.find(expectation, begin);
        std::string_view body = line.substr(begin, at - begin);
        const std::size_t quote = body.find(" @ \"");
        const std::string_view rule = body.substr(0, std::min(body.find(' '), body.size()));
        Mark mark{.file = file, .line = number, .rule = std::string(rule), .text = {}};
        if (quote != std::string_view::npos) {
            body.remove_prefix(quote + 4);
            mark.text = body.substr(0, body.rfind('"'));
        }
        marks.push_back(std::move(mark));
    }
}

std::vector<Mark> expected_in(const Snippet& snippet) {
    std::vector<Mark> marks;
    for (std::size_t id = 0; id < snippet.sources().size(); ++id) {
        const auto file = static_cast<FileId>(id);
        const SourceFile& source = snippet.sources().file(file);
        for (std::uint32_t line = 1; line <= source.line_count(); ++line) {
            read_marks(source.text(source.line_span(line)), snippet.name_of_file(file), line,
                       marks);
        }
    }
    return marks;
}

std::vector<Mark> found_in(const Snippet& snippet) {
    std::vector<Mark> marks;
    for (const Finding& finding : snippet.findings()) {
        const SourceFile& source = snippet.sources().file(finding.where.file);
        const std::string_view text = source.text(finding.where.span);
        marks.push_back({.file = snippet.name_of_file(finding.where.file),
                         .line = source.position(finding.where.span.begin).line,
                         .rule = std::string(finding.rule),
                         .text = std::string(text.substr(0, text.find('\n')))});
    }
    return marks;
}

bool fits(const Mark& expected, const Mark& found) {
    return expected.file == found.file && expected.line == found.line &&
           expected.rule == found.rule && (expected.text.empty() || expected.text == found.text);
}

class RuleFixtures : public testing::TestWithParam<std::string> {};

TEST_P(RuleFixtures, AreFoundWhereMarked) {
    Snippet snippet(content_of(root() / GetParam()));
    ASSERT_EQ(snippet.failure(), "");
    std::vector<Mark> unexpected = found_in(snippet);
    std::string difference;
    for (const Mark& expected : expected_in(snippet)) {
        const auto found = std::ranges::find_if(
            unexpected, [&](const Mark& mark) { return fits(expected, mark); });
        if (found == unexpected.end()) {
            difference += fmt::format("missing    {}\n", expected.shown());
        } else {
            unexpected.erase(found);
        }
    }
    for (const Mark& mark : unexpected)
        difference += fmt::format("unexpected {}\n", mark.shown());
    EXPECT_EQ(difference, "") << snippet.report();
}

std::string case_name(const testing::TestParamInfo<std::string>& info) {
    std::string name = info.param.substr(0, info.param.size() - 4);
    std::ranges::replace_if(
        name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Fixtures, RuleFixtures, testing::ValuesIn(fixture_names()), case_name);

/// What the fixtures of one rule hold.
struct Coverage {
    bool marked = false;
    bool clean = false;
};

TEST(RuleFixtures, EachRuleHasMarkedAndCleanOnes) {
    std::map<std::string, Coverage> coverage;
    for (const std::string& name : fixture_names()) {
        const std::string rule = name.substr(0, name.find('/'));
        ASSERT_NE(find_rule(rule), nullptr) << name << " is of no rule";
        const std::string text = content_of(root() / name);
        if (text.find(fmt::format("{}{}", expectation, rule)) != std::string::npos) {
            coverage[rule].marked = true;
        }
        if (text.find(expectation) == std::string::npos) coverage[rule].clean = true;
    }
    for (const Rule* rule : all_rules()) {
        EXPECT_TRUE(coverage[std::string(rule->id)].marked) << rule->id;
        EXPECT_TRUE(coverage[std::string(rule->id)].clean) << rule->id;
    }
}

} // namespace
} // namespace ordain::test
