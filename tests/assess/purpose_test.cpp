#include "assess/purpose.hpp"

#include <gtest/gtest.h>

namespace ordain::assess {
namespace {

TEST(Purpose, IsWhatTheHeaderSays) {
    EXPECT_EQ(purpose_of("-- ====\n-- Migration 003\n-- Purpose: Add budgets\n-- ====\nSELECT 1;"),
              "Add budgets");
    EXPECT_EQ(purpose_of("/*\n * DESCRIPTION:  Sync the schema\n */"), "Sync the schema");
    EXPECT_EQ(purpose_of("-- Purpose:  Policies for tests, where\n--           no claims are set\n"
                         "-- Safety:   Idempotent\n"),
              "Policies for tests, where no claims are set");
    EXPECT_EQ(purpose_of("-- Purpose:\n--   Add budgets\n--\n--   Depends: 002\n"), "Add budgets");
    EXPECT_EQ(purpose_of("\n-- Forget nicknames\r\nALTER TABLE t DROP COLUMN a;"),
              "Forget nicknames");
    EXPECT_EQ(purpose_of("-- Alle Überträge\nSELECT 1;"), "Alle Überträge");
}

TEST(Purpose, IsEmptyWhereNothingIsSaid) {
    EXPECT_EQ(purpose_of(""), "");
    EXPECT_EQ(purpose_of("SELECT 1; -- Purpose: no header"), "");
    EXPECT_EQ(purpose_of("-- AlterTable\nALTER TABLE t ADD a int;"), "");
    EXPECT_EQ(purpose_of("-- ------\n-- 12\nSELECT 1;"), "");
    EXPECT_EQ(purpose_of("-- no-transaction\n-- ordain:allow drop-column: x\nSELECT 1;"), "");
}

} // namespace
} // namespace ordain::assess
