#include <gtest/gtest.h>
#include <ordain/action.hpp>
#include <set>
#include <string>

namespace ordain {
namespace {

TEST(ActionNames, EveryObjectKindHasANameOfItsOwn) {
    std::set<std::string_view> names;
    const auto last = static_cast<int>(ObjectKind::default_privileges);
    for (int i = 0; i <= last; ++i) {
        const auto kind = static_cast<ObjectKind>(i);
        EXPECT_EQ(parse_object_kind(name_of(kind)), kind);
        names.insert(name_of(kind));
    }
    EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
}

TEST(ActionNames, ObjectKindsAreInTheManualsWords) {
    EXPECT_EQ(name_of(ObjectKind::materialized_view), "materialized view");
    EXPECT_EQ(name_of(ObjectKind::enum_), "enum");
    EXPECT_EQ(name_of(ObjectKind::operator_class), "operator class");
    EXPECT_EQ(name_of(ObjectKind::default_privileges), "default privileges");
    EXPECT_EQ(parse_object_kind("Table"), std::nullopt);
    EXPECT_EQ(parse_object_kind(""), std::nullopt);
}

TEST(ActionNames, ReferentialActions) {
    EXPECT_EQ(name_of(ReferentialAction::no_action), "no action");
    EXPECT_EQ(name_of(ReferentialAction::restrict_), "restrict");
    EXPECT_EQ(name_of(ReferentialAction::cascade), "cascade");
    EXPECT_EQ(name_of(ReferentialAction::set_null), "set null");
    EXPECT_EQ(name_of(ReferentialAction::set_default), "set default");
}

TEST(ActionNames, QualifiedNames) {
    EXPECT_EQ(to_string(QualifiedName{.schema = {}, .name = {.text = "t", .span = {}}}), "t");
    EXPECT_EQ(to_string(QualifiedName{.schema = {.text = "s", .span = {}},
                                      .name = {.text = "T t", .span = {}}}),
              "s.T t");
}

} // namespace
} // namespace ordain
