#include "report/secrets.hpp"

#include <gtest/gtest.h>

namespace ordain::report {
namespace {

TEST(Secrets, AreMaskedInSql) {
    EXPECT_EQ(without_secrets("CREATE ROLE a PASSWORD 'it''s' LOGIN"),
              "CREATE ROLE a PASSWORD '***' LOGIN");
    EXPECT_EQ(without_secrets("alter user a with encrypted password 'x'"),
              "alter user a with encrypted password '***'");
    EXPECT_EQ(without_secrets("PASSWORD $p$x$p$"), "PASSWORD $p$***$p$");
    EXPECT_EQ(without_secrets("host=h password=x user=u"), "host=h password=*** user=u");
    EXPECT_EQ(without_secrets("OPTIONS (user 'u', password 'x')"),
              "OPTIONS (user 'u', password '***')");
}

TEST(Secrets, AreMaskedInUrls) {
    EXPECT_EQ(without_secrets("postgres://u:p%40w@h:5432/d"), "postgres://u:***@h:5432/d");
    EXPECT_EQ(without_secrets("see https://example.org/a@b"), "see https://example.org/a@b");
}

TEST(Secrets, NothingElseIs) {
    for (const char* text : {"PASSWORD NULL", "the password is kept", "column \"password\" of",
                             "a column password text", "u@h"}) {
        EXPECT_EQ(without_secrets(text), text);
    }
}

} // namespace
} // namespace ordain::report
