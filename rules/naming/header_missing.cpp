#include "lint/script_file.hpp"
#include "rules/rules.hpp"
#include "text/letter_case.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <string>
#include <vector>

namespace ordain::rules {
namespace {

using Lines = std::vector<std::string_view>;

bool is_looked_at(const Plan& /*plan*/, const Settings& settings) {
    return !settings.naming.header.empty();
}

std::string_view without_blanks_before(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// What stands behind `Field:`; nothing where the line is not of the field.
std::optional<std::string_view> value_in(std::string_view line, std::string_view field) {
    if (text::lower_case(line.substr(0, field.size())) != text::lower_case(field))
        return std::nullopt;
    line = without_blanks_before(line.substr(field.size()));
    if (!line.starts_with(':')) return std::nullopt;
    return without_blanks_before(line.substr(1));
}

/// `<created>`, as the lines to paste have it, is not a value yet.
bool is_filled_in(std::string_view value) {
    return !value.empty() && !(value.starts_with('<') && value.ends_with('>'));
}

enum class State { missing, empty, given };

/// The value of a field may begin in the line below it.
State state_of(const std::string& field, const Lines& lines, const std::vector<std::string>& all) {
    State state = State::missing;
    for (auto line = lines.begin(); line != lines.end(); ++line) {
        const std::optional<std::string_view> value = value_in(*line, field);
        if (!value) continue;
        if (is_filled_in(*value)) return State::given;
        state = State::empty;
        const auto below = line + 1;
        if (!value->empty() || below == lines.end() || !is_filled_in(*below)) continue;
        const bool other = std::ranges::any_of(
            all, [&](const std::string& each) { return value_in(*below, each).has_value(); });
        if (!other) return State::given;
    }
    return state;
}

std::string quoted_list(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t index = 0; index < names.size(); ++index) {
        const std::string_view separator = index == 0                  ? ""
                                           : index + 1 == names.size() ? " and "
                                                                       : ", ";
        text += fmt::format("{}\"{}\"", separator, names[index]);
    }
    return text;
}

/// The fields that a header does not have, and those that it leaves empty.
struct Gaps {
    std::vector<std::string> missing;
    std::vector<std::string> empty;

    [[nodiscard]] std::string message() const {
        if (empty.empty())
            return fmt::format("the header of the script lacks {}", quoted_list(missing));
        const std::string about_empty =
            fmt::format("{} {} empty", quoted_list(empty), empty.size() == 1 ? "is" : "are");
        if (missing.empty()) return fmt::format("in the header of the script {}", about_empty);
        return fmt::format("the header of the script lacks {}, and {}", quoted_list(missing),
                           about_empty);
    }
};

Gaps gaps_in(const Lines& lines, const std::vector<std::string>& fields) {
    Gaps gaps;
    for (const std::string& field : fields) {
        switch (state_of(field, lines, fields)) {
        case State::missing: gaps.missing.push_back(field); break;
        case State::empty: gaps.empty.push_back(field); break;
        case State::given: break;
        }
    }
    return gaps;
}

std::string lines_to_paste(const Gaps& gaps) {
    std::vector<std::string> lines;
    for (const auto* fields : {&gaps.missing, &gaps.empty}) {
        for (const std::string& field : *fields)
            lines.push_back(fmt::format("-- {}: <{}>", field, text::lower_case(field)));
    }
    return fmt::format("{}", fmt::join(lines, "\n"));
}

void check_plan(const PlanContext& context, Findings& findings) {
    const std::vector<std::string>& fields = context.settings.naming.header;
    for (const std::size_t index : all_migrations(context.plan)) {
        if (!context.selected[index]) continue;
        const Migration& migration = context.plan.migrations[index];
        const Gaps gaps = gaps_in(
            lint::header_lines(context.sources.file(migration.up.file), migration.up), fields);
        if (gaps.missing.empty() && gaps.empty.empty()) continue;
        findings.add(lint::head_of(context, index), migration.ordinal, gaps.message()).instead =
            lines_to_paste(gaps);
    }
}

} // namespace

constinit const Rule header_missing{
    .id = "header-missing",
    .category = Category::naming,
    .severity = Severity::warning,
    .summary = "A script lacks fields of the header that a team has agreed on.",
    .why =
        R"(What a migration is for, who wrote it and when stands in nothing but its head once it has
run: the catalog does not say it, and whoever has to decide at night whether it may be taken back looks
there first.

Where `header` stands under `[naming]` in ordain.toml, it lists the fields, and each up script has to have
all of them in the comments before its first statement: a line that begins with the field and a colon, in
any letter case, of a `--` or a `/* */` comment, with something behind the colon or in the next line.)",
    .fix =
        R"(Write the lines that the message gives at the head of the file, with what they ask for.)",
    .elsewhere = {},
    .bad = R"(-- ordain.toml: [naming]
-- ordain.toml: header = ["Migration", "Purpose"]
-- file: 001_orders.sql
-- Migration: 001_orders
CREATE TABLE orders (id bigint PRIMARY KEY);)",
    .good = R"(-- ordain.toml: [naming]
-- ordain.toml: header = ["Migration", "Purpose"]
-- file: 001_orders.sql
-- Migration: 001_orders
-- Purpose: what customers ordered
CREATE TABLE orders (id bigint PRIMARY KEY);)",
    .on_by_default = false,
    .enabled_for = is_looked_at,
    .enabled_where = "where `[naming]` has `header`",
    .check_plan = check_plan,
};

} // namespace ordain::rules
