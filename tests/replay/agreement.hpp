#pragma once

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace ordain::test {

struct Script {
    std::string_view name;
    std::string_view sql;
};

/// Runs a script on Ordain and on a server, statement by statement, and expects the same: the first
/// refusal word for word, and where none is raised every column and its type. Its test is in
/// agreement.cpp; a file with scripts instantiates it.
class Agreement : public testing::TestWithParam<Script> {};

inline std::string name_of_script(const testing::TestParamInfo<Script>& script) {
    return std::string(script.param.name);
}

} // namespace ordain::test
