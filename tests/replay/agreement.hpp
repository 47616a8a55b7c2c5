#pragma once

#include <string_view>

namespace ordain::test {

/// Runs a script on Ordain and on a server, statement by statement, and expects the same: the first
/// refusal word for word, and where none is raised every column and its type.
void expect_agreement(std::string_view sql);

} // namespace ordain::test
