#include <array>
#include <gtest/gtest.h>
#include <ordain/finding.hpp>
#include <ordain/judgement.hpp>
#include <ordain/outcome.hpp>

namespace ordain {
namespace {

TEST(Names, SeveritiesAreReadAsTheyArePrinted) {
    for (const Severity severity : {Severity::note, Severity::warning, Severity::error}) {
        EXPECT_EQ(parse_severity(name_of(severity)), severity);
    }
    EXPECT_EQ(parse_severity("fatal"), std::nullopt);
    EXPECT_EQ(parse_severity(""), std::nullopt);
}

struct LockCase {
    LockMode mode;
    std::string_view name;
    std::string_view manual_name;
    std::string_view blocks;
};

TEST(Names, LockModesAreThoseOfTheManual) {
    constexpr std::array cases{
        LockCase{LockMode::row_exclusive, "RowExclusiveLock", "ROW EXCLUSIVE",
                 "schema changes that block writes"},
        LockCase{LockMode::share_update_exclusive, "ShareUpdateExclusiveLock",
                 "SHARE UPDATE EXCLUSIVE", "other schema changes and VACUUM"},
        LockCase{LockMode::share, "ShareLock", "SHARE", "writes"},
        LockCase{LockMode::share_row_exclusive, "ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE",
                 "writes"},
        LockCase{LockMode::access_exclusive, "AccessExclusiveLock", "ACCESS EXCLUSIVE",
                 "every query"},
    };
    for (const LockCase& expected : cases) {
        SCOPED_TRACE(expected.name);
        EXPECT_EQ(name_of(expected.mode), expected.name);
        EXPECT_EQ(manual_name_of(expected.mode), expected.manual_name);
        EXPECT_EQ(blocks(expected.mode), expected.blocks);
    }
}

TEST(Names, VerdictsAreTheWordsOfInspect) {
    EXPECT_EQ(name_of(Verdict::unknown), "unknown");
    EXPECT_EQ(name_of(RollbackVerdict::restores), "restores");
    EXPECT_EQ(name_of(DataEffect::repeats), "repeats");
    EXPECT_EQ(name_of(DataEffect::destroys), "destroys");
    EXPECT_EQ(name_of(Dependence::Kind::late), "late");
}

} // namespace
} // namespace ordain
