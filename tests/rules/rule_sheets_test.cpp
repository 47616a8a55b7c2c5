// Holds every rule's sheet against what the rule does, its files and its page in docs/rules.
// ORDAIN_UPDATE_GOLDENS=1 writes the pages instead.

#include "rules/snippet.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

namespace ordain::test {
namespace {

namespace fs = std::filesystem;

std::string symbol_of(const Rule& rule) {
    std::string symbol(rule.id);
    std::ranges::replace(symbol, '-', '_');
    return symbol;
}

std::string content_of(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// ---- pages

std::string fenced(std::string_view language, std::string_view text) {
    const std::string_view end = text.ends_with('\n') ? "" : "\n";
    return fmt::format("```{}\n{}{}```\n", language, text, end);
}

std::string default_of(const Rule& rule) {
    if (rule.on_by_default) return std::string(name_of(rule.severity));
    return rule.enabled_for == nullptr
               ? "off"
               : fmt::format("{}, {}", name_of(rule.severity), rule.enabled_where);
}

std::string page_of(const Rule& rule) {
    Snippet bad(rule.bad);
    return fmt::format(
        "<!-- Written from the rule's sheet in rules/{}/{}.cpp: change that. -->\n\n"
        "# {}\n\n{}\n\nCategory: {}. By default: {}.\n\n"
        "## Why\n\n{}\n\n## Instead\n\n{}\n\n"
        "## Example\n\nReported:\n\n{}\n`ordain check` prints:\n\n{}\n"
        "Not reported:\n\n{}\n"
        "## To accept it\n\n{}{}",
        name_of(rule.category), symbol_of(rule), rule.id, rule.summary, name_of(rule.category),
        default_of(rule), rule.why, rule.fix, fenced("sql", rule.bad), fenced("text", bad.report()),
        fenced("sql", rule.good),
        rule.category == Category::suppression
            ? fmt::format("It cannot be allowed. Correct or remove the comment that it is about, "
                          "or turn the rule off with `--rule {}=off`.\n",
                          rule.id)
            : fmt::format("Say why in a line above the statement:\n\n{}",
                          fenced("sql", fmt::format("-- ordain:allow {}: <reason>", rule.id))),
        rule.elsewhere.empty() ? std::string()
                               : fmt::format("\n## Other linters call it\n\n{}\n", rule.elsewhere));
}

std::string index_page() {
    std::string text = "<!-- Written from the rules' sheets: change those. -->\n\n# Rules\n\n"
                       "| rule | by default | what it finds |\n|---|---|---|\n";
    for (const Rule* rule : all_rules()) {
        text += fmt::format("| [{}]({}.md) | {} | {} |\n", rule->id, rule->id, default_of(*rule),
                            rule->summary);
    }
    return text;
}

void compare_page(const std::string& name, const std::string& text) {
    const fs::path path = fs::path(ORDAIN_DOCS_DIR) / "rules" / name;
    if (std::getenv("ORDAIN_UPDATE_GOLDENS") != nullptr) {
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
    }
    EXPECT_EQ(text, content_of(path))
        << "to write the pages anew: ORDAIN_UPDATE_GOLDENS=1 rule_sheets_test";
}

// ---- the registry

TEST(Registry, IsSortedAndFindsEachRule) {
    const auto rules = all_rules();
    ASSERT_FALSE(rules.empty());
    const auto id = [](const Rule* rule) { return rule->id; };
    EXPECT_EQ(std::ranges::adjacent_find(rules, std::ranges::greater_equal(), id), rules.end());
    for (const Rule* rule : rules)
        EXPECT_EQ(find_rule(rule->id), rule);
    EXPECT_EQ(find_rule("drop-colum"), nullptr);
    EXPECT_EQ(find_rule(""), nullptr);
    EXPECT_EQ(find_rule("zzz"), nullptr);
}

TEST(Registry, ListsEachSymbolUnderItsId) {
    std::vector<std::string> listed;
#define ORDAIN_RULE(name) listed.emplace_back(#name);
#include "rules/rules.def"
#undef ORDAIN_RULE
    std::vector<std::string> expected;
    for (const Rule* rule : all_rules())
        expected.push_back(symbol_of(*rule));
    EXPECT_EQ(listed, expected);
}

TEST(Registry, EachFileIsARule) {
    std::set<std::string> files;
    for (const fs::directory_entry& entry :
         fs::recursive_directory_iterator(fs::path(ORDAIN_RULES_DIR))) {
        const bool rule = entry.path().extension() == ".cpp" &&
                          entry.path().parent_path() != fs::path(ORDAIN_RULES_DIR);
        if (rule) files.insert(fs::relative(entry.path(), ORDAIN_RULES_DIR).string());
    }
    std::set<std::string> expected;
    for (const Rule* rule : all_rules())
        expected.insert(fmt::format("{}/{}.cpp", name_of(rule->category), symbol_of(*rule)));
    EXPECT_EQ(files, expected);
}

TEST(Pages, ThereIsOneForEachRule) {
    compare_page("index.md", index_page());
    std::set<std::string> pages;
    for (const fs::directory_entry& entry :
         fs::directory_iterator(fs::path(ORDAIN_DOCS_DIR) / "rules")) {
        pages.insert(entry.path().filename().string());
    }
    std::set<std::string> expected = {"index.md"};
    for (const Rule* rule : all_rules())
        expected.insert(fmt::format("{}.md", rule->id));
    EXPECT_EQ(pages, expected);
}

// ---- each sheet

class Sheets : public testing::TestWithParam<const Rule*> {};

TEST_P(Sheets, BadIsFoundOnceAndByThisRuleOnly) {
    Snippet bad(GetParam()->bad);
    ASSERT_EQ(bad.failure(), "");
    ASSERT_EQ(bad.findings().size(), 1U) << bad.report();
    EXPECT_EQ(bad.findings().front().rule, GetParam()->id);
}

TEST_P(Sheets, GoodIsClean) {
    Snippet good(GetParam()->good);
    ASSERT_EQ(good.failure(), "");
    EXPECT_EQ(good.findings().size(), 0U) << good.report();
}

TEST_P(Sheets, TextsAreSentences) {
    const Rule& rule = *GetParam();
    EXPECT_TRUE(rule.summary.ends_with('.'));
    EXPECT_EQ(rule.summary.find(". "), std::string_view::npos) << "one sentence";
    EXPECT_TRUE(rule.why.ends_with('.'));
    EXPECT_FALSE(rule.fix.empty());
    EXPECT_FALSE(rule.bad.empty());
    EXPECT_FALSE(rule.good.empty());
    EXPECT_EQ(rule.enabled_where.starts_with("where "), rule.enabled_for != nullptr);
}

TEST_P(Sheets, NameNamesTheHazard) {
    constexpr std::array<std::string_view, 5> demands = {"avoid-", "prefer-", "use-", "ban-",
                                                         "require-"};
    const std::string_view id = GetParam()->id;
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), id.npos);
    for (const std::string_view demand : demands)
        EXPECT_FALSE(id.starts_with(demand)) << demand;
}

TEST_P(Sheets, PageIsWhatTheRuleDoes) {
    compare_page(fmt::format("{}.md", GetParam()->id), page_of(*GetParam()));
}

std::string case_name(const testing::TestParamInfo<const Rule*>& info) {
    return symbol_of(*info.param);
}

INSTANTIATE_TEST_SUITE_P(Rules,
                         Sheets,
                         testing::ValuesIn(all_rules().begin(), all_rules().end()),
                         case_name);

} // namespace
} // namespace ordain::test
