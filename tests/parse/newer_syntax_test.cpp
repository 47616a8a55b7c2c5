#include "parse/newer_syntax.hpp"
#include "parse/parser.hpp"

#include <array>
#include <cstdint>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ordain::parse {
namespace {

constexpr std::array<std::uint32_t, 4> versions = {15, 16, 17, 18};
constexpr std::array<std::uint32_t, 3> newer_versions = {16, 17, 18};

/// What servers say of a statement: "-" or an SQLSTATE, by version.
struct Truth {
    std::map<std::uint32_t, std::string> said;
    std::string kind;
    std::string statement;

    [[nodiscard]] bool read_by(std::uint32_t version) const { return said.at(version) == "-"; }
    [[nodiscard]] bool read_by_none() const { return !read_by(16) && !read_by(17) && !read_by(18); }
};

std::vector<Truth> truths() {
    std::ifstream file(ORDAIN_FIXTURES_DIR "/parse/syntax_by_version.tsv");
    std::vector<Truth> truths;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        Truth truth;
        std::size_t begin = 0;
        const auto field = [&] {
            const std::size_t end = line.find('\t', begin);
            std::string text = line.substr(begin, end - begin);
            begin = end + 1;
            return text;
        };
        for (const std::uint32_t version : versions)
            truth.said[version] = field();
        truth.kind = field();
        truth.statement = line.substr(begin);
        truths.push_back(std::move(truth));
    }
    return truths;
}

/// Whether what the grammar refused, in the statement or in its body, is certain for this version;
/// nothing where it refuses nothing.
std::optional<bool> certain(const std::string& text, std::uint32_t version) {
    const Statement statement = parse_statement(text, 0, 1);
    if (statement.fault) return is_certain(*statement.fault, text, version);
    for (const Action& action : statement.actions) {
        const auto* function = std::get_if<CreateFunction>(&action.payload);
        if (function != nullptr && function->body_fault)
            return is_certain(*function->body_fault, function->body, version);
    }
    return std::nullopt;
}

TEST(NewerSyntaxTest, WhatAServerReadsIsNoCertainFaultForIt) {
    for (const Truth& truth : truths()) {
        SCOPED_TRACE(truth.statement);
        for (const std::uint32_t version : newer_versions) {
            if (!truth.read_by(version)) continue;
            EXPECT_FALSE(certain(truth.statement, version).value_or(false)) << version;
        }
    }
}

TEST(NewerSyntaxTest, TheGrammarRefusesWhatIsNew) {
    for (const Truth& truth : truths()) {
        if (truth.kind != "newer" && truth.kind != "body") continue;
        SCOPED_TRACE(truth.statement);
        EXPECT_EQ(certain(truth.statement, 15), std::optional(true));
        EXPECT_EQ(certain(truth.statement, 18), std::optional(false));
    }
}

/// Of `all` faulty statements that no version reads, how many are certain for each.
struct Share {
    std::size_t all = 0;
    std::map<std::uint32_t, std::size_t> certain;
};

std::map<std::string, Share> shares() {
    std::map<std::string, Share> shares;
    for (const Truth& truth : truths()) {
        if (!truth.read_by_none() || !certain(truth.statement, 18)) continue;
        Share& share = shares[truth.kind];
        ++share.all;
        for (const std::uint32_t version : newer_versions)
            share.certain[version] +=
                static_cast<std::size_t>(certain(truth.statement, version) == true);
    }
    return shares;
}

TEST(NewerSyntaxTest, MostMistakesInOrdinaryStatementsAreCertain) {
    const Share share = shares()["ordinary mutated"];
    EXPECT_EQ(share.all, 1247U);
    EXPECT_EQ(share.certain.at(16), 1246U);
    EXPECT_EQ(share.certain.at(17), 1246U);
    EXPECT_EQ(share.certain.at(18), 1242U);
}

} // namespace
} // namespace ordain::parse
