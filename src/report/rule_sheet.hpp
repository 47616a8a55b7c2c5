#pragma once

#include "report/painter.hpp"

#include <ordain/rule.hpp>
#include <span>
#include <string>

namespace ordain::report {

/// A line for each rule.
[[nodiscard]] std::string rules_text(std::span<const Rule* const> rules, Color color);
/// Schema "ordain.rules/1": every rule with all its texts.
[[nodiscard]] std::string rules_json(std::span<const Rule* const> rules);

/// Everything about one rule: what, why, what to write instead, an example of each, how to accept.
[[nodiscard]] std::string rule_sheet(const Rule& rule, Color color);
/// The same in Markdown, without a heading.
[[nodiscard]] std::string rule_markdown(const Rule& rule);
/// What rule_sheet() says, about the findings under layout_rule, which are of no rule.
[[nodiscard]] std::string layout_sheet(Color color);

} // namespace ordain::report
