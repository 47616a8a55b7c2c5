#pragma once

#include <string>
#include <vector>

namespace ordain::parse {

/// A statement and what it is lowered to.
struct StatementCase {
    std::string marked;  ///< The statement with « and » around every name that the Actions place.
    std::string actions; ///< Their dump, a line each.
};

/// Parses each, compares, and holds every name against the text at its place.
void expect_statements(const std::vector<StatementCase>& cases);

} // namespace ordain::parse
