#include "text/identifier_list.hpp"

#include <gtest/gtest.h>

namespace ordain::text {
namespace {

using Names = std::vector<std::string>;

TEST(IdentifierList, SplitsAsSearchPathDoes) {
    EXPECT_EQ(split_identifiers("app,pg_temp"), (Names{"app", "pg_temp"}));
    EXPECT_EQ(split_identifiers(" App , \"App\" "), (Names{"app", "App"}));
    EXPECT_EQ(split_identifiers(R"("app, pg_temp","a""b")"), (Names{"app, pg_temp", "a\"b"}));
    EXPECT_EQ(split_identifiers(""), Names{});
}

TEST(IdentifierList, JoinsWhatItSplits) {
    const Names names = {"app", "$user", "App", "app, pg_temp", "a\"b", "9lives"};
    EXPECT_EQ(join_identifiers(names), R"(app,"$user","App","app, pg_temp","a""b","9lives")");
    EXPECT_EQ(split_identifiers(join_identifiers(names)), names);
    EXPECT_EQ(join_identifiers(Names{""}), "");
}

} // namespace
} // namespace ordain::text
